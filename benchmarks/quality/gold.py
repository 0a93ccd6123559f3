"""What did people annotate?  Treebanks in CoNLL-U, as documents whose words have places in a plain text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks import material

ROOT = "../shared/data/annotated"
HERE = Path(__file__).parent
GENRES = ("conversation", "court", "interview", "news", "podcast", "speech", "vlog")
#: Treebanks without document boundaries are cut into blocks of so many sentences.
BLOCK = 20
#: One document in so many (of each genre) is for testing; nothing may be tuned on it.
TEST_SHARE = 4
#: Where a head is not a place in the text: the root of its sentence; a mark, which has no place with us.
IS_ROOT, NO_PLACE = -1, -2

_MENTION = re.compile(r"\(([^-()]+)-([^-()]+)[^()]*(\))?|([^()]+)\)")
_NAMED = ("person", "place", "organization")

Row = list[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that people annotated; ``start`` and ``end`` enclose its letters and digits in the document's text."""

    start: int
    end: int
    together: bool   # shares its letters with another word: French "du" is "de" and "le"
    lemma: str
    pos: str
    tag: str
    relation: str
    head: int        # where its head starts in the text, IS_ROOT or NO_PLACE
    differs: bool    # ClearNLP attaches it otherwise than UD, whatever its relation: see ``_differing``
    first: bool      # the first of its sentence
    name: bool       # a proper noun within a mention of a person, place or organisation


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its gold words."""

    name: str
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A set of gold files in one language; ``blocks``: its files do not say where documents begin."""

    name: str
    language: str
    about: str
    paths: tuple[Path, ...]
    blocks: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 over the names and contents of its files."""
        state = hashlib.sha256()
        for path in self.paths:
            state.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return state.hexdigest()

    def documents(self, split: str) -> list[Document]:
        """The documents of ``"test"``, ``"dev"`` or ``"all"``; a set of one document is whole in each."""
        by_genre = [[_document(name, rows) for name, rows in _grouped(paths, self.blocks)]
                    for _, paths in groupby(self.paths, lambda path: path.parent.name)]
        return [document for genre in by_genre for document in part(genre, split)]


def part(documents: list[Document], split: str) -> list[Document]:
    """The documents of one genre that belong to a split: the quarter whose names hash lowest is for testing."""
    if split == "all" or len(documents) == 1:
        return documents
    ordered = sorted(documents, key=lambda document: hashlib.sha256(document.name.encode()).digest())
    cut = -(-len(ordered) // TEST_SHARE)
    return ordered[:cut] if split == "test" else ordered[cut:]


def own() -> Source:
    """The small gold file of our own."""
    return Source("own", "en", "our own: fictional broadcast speech", (HERE / "own.conllu",))


def shared() -> list[Source]:
    """The treebanks beside the repository; none where they are not there."""
    folder = material.SHARED / "annotated"
    once = {(path.parent.name, path.name): path  # a few files lie in more than one of its folders
            for genre in GENRES for path in sorted(folder.glob(f"gum/*/{genre}/*.conllu"))}
    gum = tuple(path for _, path in sorted(once.items()))
    found = [
        Source("gum", "en", "GUM: spoken genres and news", gum),
        Source("ewt", "en", "UD English EWT dev: the written web", (folder / "ud/ud-en-ewt/en_ewt-ud-dev.conllu",)),
        Source("fr-rhapsodie", "fr", "UD French Rhapsodie dev: speech",
               (folder / "ud/ud-fr-rhapsodie/fr_rhapsodie-ud-dev.conllu",)),
        Source("fr-gsd", "fr", "UD French GSD dev: the web", (folder / "ud/ud-fr-gsd/fr_gsd-ud-dev.conllu",), True),
        Source("de-gsd", "de", "UD German GSD dev: the web", (folder / "ud/ud-de-gsd/de_gsd-ud-dev.conllu",), True),
        Source("es-gsd", "es", "UD Spanish GSD dev: the web", (folder / "ud/ud-es-gsd/es_gsd-ud-dev.conllu",), True),
    ]
    return [source for source in found if source.paths and all(path.is_file() for path in source.paths)]


def _grouped(paths: Iterator[Path], blocks: bool) -> Iterator[tuple[str, list[list[Row]]]]:
    for path in paths:
        for name, sentences in groupby(_sentences(path, blocks), lambda pair: pair[0]):
            yield name, [rows for _, rows in sentences]


def _sentences(path: Path, blocks: bool) -> Iterator[tuple[str, list[Row]]]:
    """The sentences of a file, each with the name of its document."""
    name = ""
    for number, chunk in enumerate(path.read_text(encoding="utf-8").strip().split("\n\n")):
        lines = chunk.split("\n")
        comments = dict(line[2:].split(" = ", 1) for line in lines if line.startswith("# ") and " = " in line)
        name = comments.get("newdoc id", name)
        stem = comments.get("sent_id", "").rpartition("-")[0]
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        yield f"{path.name}/{number // BLOCK}" if blocks else name or stem, rows


def _document(name: str, sentences: list[list[Row]]) -> Document:
    """Lay the sentences out as one text and give each word its place."""
    text, words, mentions = "", [], list[tuple[str, str]]()
    for rows in sentences:
        first, places = True, dict[str, tuple[int, int, bool]]()
        for form, space, inside in _surface(rows):
            for row, place in zip(inside, _places(form, len(text), inside), strict=True):
                places[row[0]] = place
            text += form + space
        text = text.rstrip() + " "
        differing = _differing(rows)
        for row in (row for row in rows if row[0].isdigit()):
            kind = _innermost(row[9], mentions)
            start, end, together = places[row[0]]
            if start < end:
                named = kind in _NAMED and row[4].startswith("NNP")
                words.append(Word(start, end, together, row[2], row[3], row[4], row[7], _head(row[6], places),
                                  row[0] in differing, first, named))
                first = False
    return Document(name, text, tuple(words))


def _differing(rows: list[Row]) -> set[str]:
    """Words around the predicate of a copula, and objects that ClearNLP makes subjects (*let me see*)."""
    predicates = {row[6] for row in rows if row[7].partition(":")[0] == "cop"}
    controlling = {row[6] for row in rows if row[7] == "xcomp"}
    objects = {row[0] for row in rows if row[7] == "obj" and row[6] in controlling}
    return predicates | objects | {row[0] for row in rows if row[6] in predicates}


def _surface(rows: list[Row]) -> Iterator[tuple[str, str, list[Row]]]:
    """What is written, in order: a form, the blank after it, and the rows of the words it stands for."""
    words = [row for row in rows if row[0].isdigit()]
    ranges = {row[0].partition("-")[0]: row for row in rows if "-" in row[0]}
    at = 0
    while at < len(words):
        row = ranges.get(words[at][0], words[at])
        end = int(row[0].rpartition("-")[2])
        yield row[1], "" if "SpaceAfter=No" in row[9] else " ", words[at:end]
        at = end


def _places(form: str, at: int, inside: list[Row]) -> list[tuple[int, int, bool]]:
    """Where the letters and digits of each word lie; words that were fused share one place."""
    if len(inside) == 1 or "".join(row[1] for row in inside).lower() != form.lower():
        start, end = letters(form)
        return [(at + start, at + end, len(inside) > 1)] * len(inside)
    places = []
    for row in inside:
        start, end = letters(row[1])
        places.append((at + start, at + end, False))
        at += len(row[1])
    return places


def letters(form: str) -> tuple[int, int]:
    """From where to where a form has letters or digits; empty where it has none."""
    inside = [place for place, char in enumerate(form) if char.isalnum()]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _head(head: str, places: dict[str, tuple[int, int, bool]]) -> int:
    if head == "0":
        return IS_ROOT
    start, end, _ = places.get(head, (0, 0, False))
    return start if start < end else NO_PLACE


def _innermost(misc: str, mentions: list[tuple[str, str]]) -> str:
    """The kind of the innermost mention around a word (GUM's brackets); ``mentions`` are those open, and is updated."""
    value = next((field[7:] for field in misc.split("|") if field.startswith("Entity=")), "")
    ended = []
    for opened, kind, alone, closed in _MENTION.findall(value):
        if opened:
            mentions.append((opened, kind))
        if alone or closed:
            ended.append(opened or closed)
    innermost = mentions[-1][1] if mentions else ""
    for id in ended:
        last = max((place for place, mention in enumerate(mentions) if mention[0] == id), default=-1)
        if last >= 0:
            del mentions[last]
    return innermost
