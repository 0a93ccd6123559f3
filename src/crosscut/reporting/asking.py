"""The answers to the queries, as plain data: rates by outlet and period, and lines to check them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from crosscut.measure import bootstrap
from crosscut.measure.finding import Finding
from crosscut.measure.periods import Period, choose, first_day, periods
from crosscut.query.concordance import Line
from crosscut.reporting.queries import Group, label
from crosscut.workbench.corpus import Corpus

#: A rate that rests on fewer words is drawn hollow: one hit more or less would move it far.
FEW_WORDS = 2_000
LINES, CONTEXT = 15, 9


@dataclass(frozen=True, slots=True)
class Rate:
    """How often, in one group of videos."""

    hits: int | None
    words: int
    videos: int
    videos_with_hits: int
    per_million: float | None
    low: float | None
    high: float | None
    note: str

    @property
    def hollow(self) -> bool:
        """Whether it rests on few words."""
        return self.words < FEW_WORDS


@dataclass(frozen=True, slots=True)
class Answer:
    """One query: its rates by outlet, by outlet and period, and a sample of its lines."""

    query: str
    name: str
    cql: str
    hits: int | None
    videos: int
    words: int
    per_million: float
    by_outlet: Mapping[str, Rate]
    over_time: Mapping[tuple[str, str], Rate]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Answers that are shown together; ``silent`` are languages in which none of the queries occurs at all."""

    group: Group
    answers: tuple[Answer, ...]
    outlets: tuple[str, ...]              # compared: those with words in a language that has hits
    silent: tuple[str, ...]
    silent_outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """All sections, and what they have in common."""

    sections: tuple[Section, ...]
    where: str
    seed: int
    replicates: int
    level: float
    period: str
    periods: tuple[Period, ...]
    unplaced: int                         # videos whose date is too vague for the periods
    videos: int
    exclusions: Mapping[str, int]


def ask(corpus: Corpus, groups: Sequence[Group], where: str = "") -> Asked:
    """Ask all queries of all groups."""
    field, found, unplaced = _periods(corpus, where)
    sections = tuple(_section(corpus, group, where, field if found else "") for group in groups)
    mask = corpus.mask(where)
    return Asked(
        sections, where, corpus.study.seed, bootstrap.REPLICATES, bootstrap.LEVEL, field, found, unplaced,
        int(mask.videos.sum()), corpus.exclusions(mask))


def _periods(corpus: Corpus, where: str) -> tuple[str, tuple[Period, ...], int]:
    """The periods of the time lines, and how many videos have no place in them."""
    mask, published = corpus.mask(where), corpus.files.catalog.values("published")
    texts = [published[i] for i in np.flatnonzero(mask.videos).tolist()]
    days = [day for text in texts if (day := first_day(text))]
    if not days:
        return "month", (), len(texts)
    codes, _ = corpus.files.catalog.codes("outlet")
    outlets = len(np.unique(codes[mask.videos]))
    field = choose(min(days), max(days), float(mask.words.sum()) / outlets, FEW_WORDS)
    least = {"year": 4, "month": 7}.get(field, 10)
    return field, _cover(field, days), sum(len(text) < least for text in texts)


def _cover(field: str, days: Sequence[date]) -> tuple[Period, ...]:
    found = periods(field, min(days), max(days))
    return found if len(found) > 1 else ()


def _section(corpus: Corpus, group: Group, where: str, period: str) -> Section:
    queries = group.queries
    by_outlet = _rates(corpus.freq(*queries, by=["outlet"], where=where), 1)
    timed = _rates(corpus.freq(*queries, by=["outlet", period], where=where), 2) if period else {}
    answers = tuple(_answer(corpus, query, where, by_outlet, timed) for query in queries)
    silent, quiet = _silent(corpus, queries, where)
    outlets = {key[0] for answer in by_outlet.values() for key in answer}
    return Section(group, answers, tuple(sorted(outlets - quiet)), silent, tuple(sorted(outlets & quiet)))


def _rates(finding: Finding, keys: int) -> dict[str, dict[tuple[str, ...], Rate]]:
    """Rates by query, then by the values of the first ``keys`` columns after it."""
    names = Rate.__slots__
    found: dict[str, dict[tuple[str, ...], Rate]] = {}
    for row in finding.to_dicts():
        place = tuple(row[name] for name in finding.columns[1 : 1 + keys])
        found.setdefault(row["query"], {})[place] = Rate(**{name: row[name] for name in names})
    return found


def _answer(
    corpus: Corpus, query: str, where: str, by_outlet: Mapping[str, Mapping[tuple[str, ...], Rate]],
    timed: Mapping[str, Mapping[tuple[str, ...], Rate]],
) -> Answer:
    found = corpus.kwic(query, where=where, limit=LINES, context=CONTEXT)
    return Answer(
        query, label(query), found.cql, found.hits, found.videos, found.words, found.per_million,
        {key[0]: rate for key, rate in by_outlet.get(query, {}).items()},
        {(key[0], key[1]): rate for key, rate in timed.get(query, {}).items()}, tuple(found.lines), found.notes)


def _silent(corpus: Corpus, queries: Sequence[str], where: str) -> tuple[tuple[str, ...], set[str]]:
    """Languages in which no query has a hit while another has some, and the outlets that speak only these.

    A word of one language is not missing from another: its zero there says nothing, and is not drawn as an answer.
    """
    rows: list[dict[str, Any]] = corpus.freq(*queries, by=["outlet", "language"], where=where, replicates=1).to_dicts()
    heard = {row["language"] for row in rows if row["hits"]}
    silent = {row["language"] for row in rows} - heard if heard else set()
    speaking = {row["outlet"] for row in rows if row["language"] not in silent}
    return tuple(sorted(silent)), {row["outlet"] for row in rows} - speaking
