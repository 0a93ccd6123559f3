"""What else may it be called?  Alternatives for a choice set, suggested from the corpus and never applied unasked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure.finding import Evidence, Finding
from crosscut.measure.similarity import Similar, similar
from crosscut.query.counting import frequencies
from crosscut.query.fields import narrowed
from crosscut.query.mask import Mask, around, by_language
from crosscut.query.pattern import And, Query, Test, Token
from crosscut.query.search import count, search
from crosscut.query.slots import Slots, slots
from crosscut.tokens import norm
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.ngrams import exactly
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]

#: So many slots are shown of each word.
EXAMPLES = 3
#: Words less alike are seldom another name of the same: they are shown, and left out of the set to paste.  In six weeks of
#: news, immigrant has four above it (alien, migrant, immigration, migration) and sixteen below; captive has hostage and 19.
ALIKE = 0.05
#: Words with fewer slots in common are alike by accident.
FEWEST_SLOTS = 3


@measured
def suggest_naming(
    corpus: Opened, word: str, *, language: str = "", where: str = "", span: str = "", at_least: int = 5, limit: int = 20,
    alike: float = ALIKE,
) -> Answer:
    """Words that stand where a word stands, in the same language: what else the same may be called.

    A form of a word, as a plural, stands for its lemma.  ``alike``: what is less similar is left out of the set to paste
    (``toml_of``).  ``limit``: so many; 0: all.
    """
    language = language or _language(corpus, word, where)
    narrow = narrowed(where, ("language",), (language,))
    mask = corpus.mask(narrow, span)
    layer = "lemma" if "lemma" in corpus.files.manifest.layers.get(language, []) else "norm"
    seed = _lemma(corpus, word, mask) if layer == "lemma" else word
    found = slots(corpus.files, mask, seed, layer, at_least)
    near = similar(found.counts, found.seed)
    places = [place for place in np.argsort(-near.cosine, kind="stable").tolist()
              if place == found.seed or near.shared[place] >= FEWEST_SLOTS][: limit + 1 if limit else None]
    outlets, _ = corpus.files.catalog.codes("outlet")
    queries = [_query(exactly(layer, found.words[place]), found.pos) for place in places]
    return Answer(
        question=f"Which words stand where {seed!r} stands ({language})?",
        columns=(layer, "similarity", "shared", "across", "tokens", "outlets", "examples"),
        rows=[_row(found, near, place, outlets.astype(np.int64)) for place in places], mask=mask, effect="similarity",
        counted=("shared", "tokens"), lesser=("outlets", "tokens"), explained={**COLUMNS, layer: COLUMNS["lemma"]},
        evidence=[Evidence(str(query), narrow, span) for query in queries],
        notes=(*([f"{word!r} is a form of {seed!r}, which was looked for"] if seed.casefold() != word.casefold() else ()),
               *_less_alike([float(near.cosine[place]) for place in places if place != found.seed], alike),
               *corpus.notes(queries[:1], mask),
               "suggested by the words around them, which antonyms and parts have in common too: read the lines, keep what "
               "names the same"),
        formats={"similarity": ".3f"}, parameters={"language": language, "pos": found.pos})


def toml_of(finding: Finding, name: str = "") -> str:
    """The suggestions as a choice set to paste into the study file: what does not name the same is deleted.

    Only those that are as alike as the parameter ``alike`` says.
    """
    words = [str(row[0]) for row in finding.rows if row[1] >= finding.parameters["alike"]]
    words, language = words or [str(row[0]) for row in finding.rows[:1]], finding.parameters["language"]
    head = f"[naming.{_key(name or words[0])}.{language}.alternatives]"
    queries = [str(_query(Test(finding.columns[0], word), finding.parameters["pos"])) for word in words]
    lines = [f"{_key(word)} = '{query}'" if "'" not in query else f"{_key(word)} = {_key(word)}"
             for word, query in zip(words, queries, strict=True)]
    return "\n".join((head, *lines)) + "\n"


def _key(text: str) -> str:
    return text if text.isascii() and text.isalnum() else json.dumps(text, ensure_ascii=False)


def _language(corpus: Opened, word: str, where: str) -> str:
    """The language that has the word most often."""
    found = {}
    for language in by_language(corpus.files, corpus.mask(where)):
        mask = corpus.mask(narrowed(where, ("language",), (language,)))
        layers = ("lemma", "norm") if "lemma" in corpus.files.manifest.layers.get(language, []) else ("norm",)
        found[language] = max(int(count(corpus.files, Query(Token(Test(layer, word))), mask).sum()) for layer in layers)
    if not any(found.values()):
        raise QueryError(f"{word!r} is not said here: name a word that is, as the dictionary has it")
    return max(found, key=found.__getitem__)


def _lemma(corpus: Opened, word: str, mask: Mask) -> str:
    """The word itself, or what it is a form of where it is that more often than a lemma: ``hostage`` of ``hostages``."""
    said = search(corpus.files, Query(Token(Test("norm", norm(word)))), mask)
    lemmas = frequencies(corpus.files, around(corpus.files, mask, said, 0, 0), "lemma")
    if not len(said) or int(count(corpus.files, Query(Token(Test("lemma", word))), mask).sum()) * 2 > len(said):
        return word
    return lemmas.values[int(np.argmax(lemmas.counts))]


def _less_alike(cosines: Sequence[float], alike: float) -> list[str]:
    """How many suggestions are left out of the set to paste."""
    many = sum(cosine < alike for cosine in cosines)
    return [f"{many:,} of them have a similarity below {alike:g} and are not in the set to paste (--alike)"] if many else []


def _query(test: Test, pos: str) -> Query:
    return Query(Token(And((test, Test("pos", pos))) if pos else test))


def _row(found: Slots, alike: Similar, place: int, outlets: Ints) -> tuple[Any, ...]:
    row = slice(int(found.counts.bounds[place]), int(found.counts.bounds[place + 1]))
    slot = found.counts.video[row]
    together = alike.weights[row] * alike.seed[slot]
    best = slot[np.argsort(-together, kind="stable")[: min(EXAMPLES, int((together > 0).sum()))]]
    said_by, fills = _by_outlet(found, place, outlets), _by_outlet(found, found.seed, outlets)
    across = sum(len(said_by[one] | fills[one]) > 1 for one in slot[together > 0].tolist())
    return (found.words[place], float(alike.cosine[place]), int(alike.shared[place]), across, int(found.tokens[place]),
            len(set().union(*said_by.values())), "; ".join(found.written(one) for one in best.tolist()))


def _by_outlet(found: Slots, place: int, outlets: Ints) -> dict[int, set[int]]:
    """The outlets that fill each slot with a word."""
    rows = np.flatnonzero(found.word == place)
    by_slot: dict[int, set[int]] = {}
    for slot, outlet in np.unique(np.stack([found.slot[rows], outlets[found.video[rows]]]), axis=1).T.tolist():
        by_slot.setdefault(slot, set()).add(outlet)
    return by_slot


#: What the columns are.
COLUMNS = {
    "lemma": "A word of the same part of speech; the first is the word that was asked for.",
    "similarity": "Cosine of the two words' slots, weighted by positive pointwise mutual information with smoothed slots "
                  "(Levy, Goldberg & Dagan 2015); 0: no slot in common. A slot is the two words around, before or behind.",
    "shared": "Slots that both words fill more often than chance.",
    "across": "Of these, slots that more than one outlet fills with either word.",
    "tokens": "How often the word is there.",
    "outlets": "How many outlets fill a slot with it.",
    "examples": "The slots that weigh most.",
}
