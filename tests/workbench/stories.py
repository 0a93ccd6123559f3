"""A small study with a layer of stories, written by hand: what is said in which story is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from crosscut.building import build
from crosscut.store.layer import Layer, LayerSpan, write_layer
from crosscut.workbench.corpus import Corpus, open_corpus
from tests.studies import PLAIN, built, record

SETS = PLAIN + """
[naming.held]
referent = "the crews"
[naming.held.en]
not_near = ["word"]
within = 2
[naming.held.en.alternatives]
captive = "captive*"
hostage = "hostage*"
"""


def write_stories(corpus: Corpus, told: Mapping[str, Sequence[tuple[int, int, str]]], version: int = 1) -> Corpus:
    """A layer of stories: by id of the video, first token, end and label; and the corpus opened again with it."""
    catalog = corpus.files.catalog
    spans = []
    for video, pieces in told.items():
        ordinal = corpus.files.ordinal(video)
        key, content, tokens = catalog.video[ordinal], catalog.text("content")[ordinal], int(catalog.number("tokens")[ordinal])
        spans += [LayerSpan(key, content, start, min(end, tokens), label, 1.0, (("name", label.replace("-", " ")),))
                  for start, end, label in pieces]
    write_layer(corpus.study.layers, Layer("stories", version, "test", "by hand", "2023-01-01", tuple(spans),
                                           corpus.files.manifest.result))
    build(corpus.study)
    return open_corpus(corpus.study.folder)


def many_stories(folder: Path, many: int = 14) -> Corpus:
    """Two outlets and a third, ``many`` stories: A says truce twice as often as B in each, and tells a loud story alone."""
    records, told = [], {}
    for n in range(many):
        for outlet, id, truces, word, other in (("en_A", f"A{n:010}", 4 + n % 3, "captives", "hostages"),
                                                ("en_B", f"B{n:010}", 2, "hostages", "captives")):
            text = " ".join(["the truce holds"] * (truces + n % 2) + ["they are"] * (20 - truces) + [f"the {word} and the {word} and"] * (2 + n % 2)
                            + [f"the {other} wait"] + [f"topic{n} " * 5, f"the word captive in {outlet[-1]}{outlet[-1]}land"])
            records.append(record(id, text, outlet=outlet, date=f"2023{9 + n % 3:02}{1 + n:02}", title=f"Story {n} of {outlet}"))
            told[id] = [(0, 10_000, f"story-{n}")]
    for n in range(12):
        records.append(record(f"L{n:010}", " ".join(["a truce a truce here"] * 20), outlet="en_A", date=f"202312{1 + n:02}"))
        told[f"L{n:010}"] = [(0, 60, f"loud-{n}")]
        records.append(record(f"Q{n:010}", " ".join(["nothing at all is said"] * 20), outlet="en_B", date=f"202312{1 + n:02}"))
    records += [record(f"C{n:010}", " ".join([f"a truce and topic{n} is far from us"] * 9), outlet="en_C", date="20231201")
                for n in range(3)]
    told |= {f"C{n:010}": [(0, 10_000, f"story-{n}")] for n in range(3)}
    return write_stories(built(folder, records, SETS), told)
