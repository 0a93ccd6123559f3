"""What stories are looked for in: streams of items in order of publication, their terms, and to which story each belongs.

Terms are lemmas by dictionary, and no names: annotating 1.7 million words would take ten minutes.  With the lemmas and names
of a pipeline BCubed F1 of the development part of ``tv-news`` is at most a point and a half higher.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks import material
from crosscut import read
from crosscut.annotate import Annotator, Request
from crosscut.annotate.lemmas import Lemmas
from crosscut.counts import Counts
from crosscut.model import Record
from crosscut.restore.sentences import sentence_starts
from crosscut.stories.clusters import Pieces
from crosscut.stories.onepass import NONE
from crosscut.tokens import tokenise

TABLE = Path(__file__).with_name("stories.tsv")
FRENCH = material.SHARED / "tv-news" / "fr-2022-02_03"
BASIL = material.SHARED / "annotated" / "basil" / "articles"
NEUS = material.SHARED / "annotated" / "neus-roundups"
ROUNDUPS = NEUS / "headline_11_2021-10-19_crawled_all.jsonl"
#: The corpora whose items were grouped by hand: where they lie, and their language.
MARKED = {"tv-news": (material.NEWS, "en"), "fr-2022": (FRENCH, "fr")}
CLIP = "clip"

_URL = re.compile(r"https?://\S+")
_ARTICLE = re.compile(r"\s*TITLE=> ?(?P<title>.*?)\.? ARTICLE=> ?(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Item:
    """One video or article; ``gold``: its story, "" where nobody said."""

    id: str
    day: int
    title: str
    description: str
    text: str
    gold: str = ""
    kind: str = CLIP


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of the table: the story decided on and the kind, and what the two passes said of both."""

    part: str
    corpus: str
    item: str
    story: str
    kind: str
    passes: tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Stream:
    """Items in order of publication, with their terms."""

    name: str
    language: str
    items: Sequence[Item]
    pieces: Pieces

    @property
    def words(self) -> int:
        """How many words the texts have."""
        return int(self.pieces.words.n.sum())


def have() -> bool:
    """Whether all material is there."""
    return all(path.exists() for path in (material.NEWS, FRENCH, BASIL, ROUNDUPS, NEUS / "val.source"))


@cache
def marks() -> tuple[Mark, ...]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(Mark(row["part"], row["corpus"], row["item"], row["story"], row["kind"],
                          ((row["A"], row["A_kind"]), (row["B"], row["B_kind"])))
                     for row in csv.DictReader(lines, delimiter="\t"))


def streams(part: str) -> Iterator[Stream]:
    """What is measured: the marked days in their corpus, the same alone, and three collections of articles."""
    for corpus, (folder, language) in MARKED.items():
        gold = {mark.item: mark for mark in marks() if (mark.corpus, mark.part) == (corpus, part)}
        items = [_marked(item, gold) for item in _videos(folder)]
        yield stream(corpus, language, items)
        yield stream(f"{corpus} alone", language, [item for item in items if item.id in gold])
    for name, articles in (("basil", _basil()), ("neus", _neus()), ("allsides", _roundups())):
        yield stream(name, "en", [item for item in articles if part_of(item.gold) == part])


def part_of(story: str) -> str:
    """To which part a story of the collections belongs: by a digest of its name."""
    return "test" if int(hashlib.sha256(story.encode()).hexdigest(), 16) % 2 else "dev"


def digest() -> str:
    """Of the table and of all files that items come from."""
    state = hashlib.sha256(TABLE.read_bytes())
    files = (*(path for folder, _ in MARKED.values() for path in folder.rglob("*")), *BASIL.rglob("*.json"), *NEUS.iterdir())
    for path in sorted(path for path in files if path.is_file()):
        state.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def stream(name: str, language: str, items: Iterable[Item]) -> Stream:
    """Items put in order, and their terms counted."""
    ordered = sorted(items, key=lambda item: item.day)
    terms = _Terms(language)
    texts, titles, descriptions = (terms.counted(column) for column in (
        [item.text for item in ordered], [item.title for item in ordered],
        [_URL.sub(" ", item.description) for item in ordered]))
    many = len(ordered)
    words, title, description = (
        Counts.of(*entries, (len(terms.codes), many)) for entries in (texts, titles, descriptions))
    nobody = Counts.dense(np.zeros((0, many), np.int64))
    pieces = Pieces(np.array([item.day for item in ordered], np.int64), np.zeros(many, np.int64), words, nobody, title,
                    description, np.full(many, NONE))
    return Stream(name, language, ordered, pieces)


class _Terms:
    """Codes of lemmas in small letters."""

    def __init__(self, language: str) -> None:
        self.codes: dict[str, int] = {}
        self.language = language
        self.lemmas = Lemmas(Annotator(language, "simplemma", "", "", ()))

    def counted(self, texts: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        """Terms, texts and how often each is in which."""
        found: tuple[list[int], list[int], list[int]] = ([], [], [])
        for place, text in enumerate(texts):
            for code, many in Counter(self._terms(text)).items():
                for column, value in zip(found, (code, place, many), strict=True):
                    column.append(value)
        return found

    def _terms(self, text: str) -> Iterator[int]:
        tokens = tokenise(text, self.language)
        starts = sentence_starts(tokens, np.full(len(tokens), -1, np.int32), False)
        (made,) = self.lemmas([Request(tokens, starts)])
        return (self.codes.setdefault(lemma.lower(), len(self.codes)) for lemma in made.lemma.tolist())


def _marked(item: Item, gold: dict[str, Mark]) -> Item:
    mark = gold.get(item.id)
    return item if mark is None else Item(item.id, item.day, item.title, item.description, item.text, mark.story, mark.kind)


@cache
def _videos(folder: Path) -> tuple[Item, ...]:
    """One item a record: a file, or a line of one that is named by outlet and day."""
    items: list[Item] = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".jsonl")):
        file = read.File(str(path), path.read_bytes(), material.mappings())
        module = read.recognise(file)
        assert module is not None, path
        items += [_video(path, record) for record in module.read(file)]
    return tuple(items)


def _video(path: Path, record: Record) -> Item:
    line = record.locator.removeprefix("line ")
    name = f"{path.parent.name}/{path.stem}#{int(line) - 1}" if line else path.stem
    fact = {key: str(record.facts.get(key, "")) for key in ("title", "description", "published")}
    text = record.tracks[0].transcript.text if record.tracks else ""
    return Item(name, _day(fact["published"]), fact["title"], fact["description"], text)


def _basil() -> Iterator[Item]:
    """Articles of three papers on one event each."""
    for path in sorted(BASIL.rglob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        text = "\n".join(" ".join(sentences) for sentences in article["body-paragraphs"])
        yield Item(path.stem, _day(article["date"]), article["title"], "", text, article["triplet-uuid"])


def _neus() -> Iterator[Item]:
    """Beginnings of the articles of a roundup, without dates."""
    for number, line in enumerate((NEUS / "val.source").read_text(encoding="utf-8").splitlines()):
        for place, article in enumerate(line.split("[SEP]")):
            found = _ARTICLE.match(article)
            assert found is not None, (number, place)
            yield Item(f"{number}-{place}", NONE, found["title"], "", found["text"], str(number))


def _roundups() -> Iterator[Item]:
    """Beginnings of the articles of a roundup, of the day of the roundup."""
    for line in ROUNDUPS.read_text(encoding="utf-8").splitlines():
        roundup = json.loads(line)
        for side, article in sorted(roundup["news"].items()):
            yield Item(f"{roundup['id']}-{side}", _day(roundup["date"]), article["newsTitle"], "",
                       " ".join(article["newBody"] or ()), str(roundup["id"]))


def _day(text: str) -> int:
    return date.fromisoformat(text[:10]).toordinal()
