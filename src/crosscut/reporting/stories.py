"""What the outlets say of the same: the largest stories, a comparison within them, and each of the largest by itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from crosscut.errors import CrosscutError, QueryError
from crosscut.measure.finding import Finding
from crosscut.read.picture import kind_of
from crosscut.reporting.gather import Facts
from crosscut.store.layer import layer_files
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.within import LAYER, Within

#: So many stories are listed, and so many have a part of their own.
LISTED, TOLD = 10, 5
#: Words and names of each outlet, headlines and passages of each story; more are for ``crosscut compare --story``.
WORDS, TITLES, PASSAGES = 6, 12, 20
#: Pictures stand in the page: none larger than this, and no more than this in all, in bytes.
PICTURE, PICTURES = 200_000, 4_000_000
#: What may be the key of an outlet.
_KEY = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True)
class Listed:
    """A story and the words that each outlet gave it."""

    label: str
    name: str
    words: dict[str, int]
    videos: int
    first: str
    last: str

    @property
    def total(self) -> int:
        """All words of it."""
        return sum(self.words.values())


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared within stories: the finding, its picture (if there is anything to draw), and what its marks mean."""

    what: str
    finding: Finding
    picture: Markup | None
    shown: str
    rows: Sequence[dict[str, Any]]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Story:
    """One story: rows of its tables, as ``crosscut compare --story`` prints them."""

    about: Listed
    coverage: Sequence[dict[str, Any]]
    notes: Sequence[str]
    titles: Sequence[dict[str, Any]]
    words: dict[str, list[dict[str, Any]]]
    only: dict[str, list[dict[str, Any]]]
    shared: Sequence[dict[str, Any]]
    passages: Sequence[dict[str, Any]]
    more_titles: int = 0
    more_passages: int = 0
    pictures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stories:
    """All that the page says of stories."""

    largest: Sequence[Listed]
    many: int
    matched: int
    outlets: Sequence[str]
    compared: Compared | None
    told: Sequence[Story]


def stories(corpus: Corpus, facts: Facts, terms: Sequence[str], where: str = "") -> Stories | None:
    """What is to be said of stories; None where no layer has any.  ``terms``: queries, of which the first is compared.

    Where the study has a choice set that both sides of a pair use, that is compared instead.
    """
    if LAYER not in layer_files(corpus.study.layers, corpus.study.layers_off):
        return None
    try:
        within = Within.of(corpus, ("outlet",), where, "")
    except QueryError:  # none of its spans applies to the videos asked for
        return None
    every = sorted(_listed(corpus, within), key=lambda one: (-len(one.words), -one.total, one.label))
    names = {outlet.key: outlet.name for outlet in facts.outlets}
    room = [PICTURES]
    told = [_story(corpus, one, where, names, room) for one in every[:TOLD] if len(one.words) > 1]
    return Stories(every[:LISTED], len(every), sum(len(one.words) > 1 for one in every), sorted(
        {outlet for one in every[:LISTED] for outlet in one.words}), _compared(corpus, terms, where, names), told)


def _listed(corpus: Corpus, within: Within) -> list[Listed]:
    """Every story with its words by outlet."""
    pieces, groups, found = within.pieces, within.groups.codes, []
    published = corpus.files.catalog.text("published")
    for story in np.unique(pieces.story).tolist():
        mine = np.flatnonzero(pieces.story == story)
        outlets = groups[pieces.video[mine]]
        words = np.bincount(outlets, pieces.words[mine], len(within.names)).astype(np.int64).tolist()
        videos = sorted(set(pieces.video[mine].tolist()))
        days = sorted(filter(None, (published[video][:10] for video in videos)))
        found.append(Listed(pieces.labels[story], pieces.names[story],
                            {within.names[code]: words[code] for code in sorted(set(outlets.tolist()))}, len(videos),
                            days[0] if days else "", days[-1] if days else ""))
    return found


def _compared(corpus: Corpus, terms: Sequence[str], where: str, names: dict[str, str]) -> Compared | None:
    """The first choice set of the study that can be compared within stories, else the first term."""
    for name in corpus.study.naming:
        try:
            finding = corpus.compare_naming(name, where=where)
        except CrosscutError:  # a set of one outlet's language, say
            continue
        if any(row["difference"] is not None for row in finding.to_dicts()):
            return _drawn(finding, f"naming.{name}", names)
    for term in terms[:1]:
        try:
            return _drawn(corpus.compare(term, where=where), term, names)
        except CrosscutError:
            return None
    return None


def _drawn(finding: Finding, what: str, names: dict[str, str]) -> Compared:
    notes = [_named(note, names) for note in finding.notes]
    try:
        figure = finding.plot()
    except QueryError:  # nothing with hits on both sides
        return Compared(what, finding, None, "", finding.to_dicts(), notes)
    return Compared(what, finding, Markup(figure.inline()), figure.shown, finding.to_dicts(), notes)


def _story(corpus: Corpus, about: Listed, where: str, names: dict[str, str], room: list[int]) -> Story:
    story = about.label
    asked: dict[str, Any] = {"where": where}
    coverage = corpus.story(story, **asked)
    titles = corpus.story_titles(story, **asked).to_dicts()
    layer = "lemma" if all("lemma" in layers for layers in corpus.files.manifest.layers.values()) else "norm"
    words = corpus.story_words(story, layer=layer, limit=WORDS, **asked)
    shared = corpus.story_shared(story, layer=layer, limit=WORDS, **asked)
    passages = corpus.story_passages(story, limit=0, **asked).to_dicts()
    return Story(
        about, coverage.to_dicts(), [_named(note, names) for note in coverage.notes], titles[:TITLES],
        _by_outlet(words, layer), _by_outlet(corpus.story_only(story, limit=WORDS, **asked), "text"),
        [row | {"word": row[layer]} for row in shared.to_dicts()], passages[:PASSAGES], max(len(titles) - TITLES, 0),
        max(len(passages) - PASSAGES, 0), _pictures(corpus.study.raw, titles[:TITLES], room))


def _named(text: str, names: dict[str, str]) -> str:
    """A remark with the names of outlets for their keys, whatever stands around these."""
    return _KEY.sub(lambda found: names.get(found[0]) or found[0], text)


def _by_outlet(finding: Finding, word: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in finding.to_dicts():
        found.setdefault(row["outlet"], []).append(row | {"word": row[word]})
    return found


def _pictures(raw: Path, titles: Sequence[dict[str, Any]], room: list[int]) -> dict[str, str]:
    """The thumbnails as ``data:`` addresses, so that the page needs no other file; ``room``: bytes that are left."""
    found = {}
    for row in titles:
        try:
            data = (raw / row["thumbnail"]).read_bytes() if row["thumbnail"] else b""
        except OSError:
            continue
        kind = kind_of(data)
        if kind and len(data) <= min(PICTURE, room[0]):
            room[0] -= len(data)
            found[row["video"]] = f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
    return found
