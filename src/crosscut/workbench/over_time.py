"""What the measures over time share: queries counted by video, the periods of a corpus, events, conditions of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure.frequency import Groups, group_coded
from crosscut.measure.periods import FIELDS, Period, about, first_day, periods
from crosscut.query.mask import Mask
from crosscut.query.pattern import DEFAULT_STRATEGY, Query
from crosscut.query.search import answering, count
from crosscut.workbench.opened import Opened, silence

Ints = npt.NDArray[np.int64]

#: Each two of more groups than this are 1,225 pairs and more, at a fifth of a second each for a query.
MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """Queries counted by video under a mask; each with the groups of the videos that can answer it."""

    mask: Mask
    groups: Groups
    patterns: dict[str, Query]
    hits: dict[str, Ints]
    answering: dict[str, Groups]

    @classmethod
    def of(cls, corpus: Opened, queries: Sequence[str], by: Sequence[str], mask: Mask, strategy: str) -> Counted:
        """Count queries by groups of videos."""
        patterns = {query: corpus.parsed(query) for query in queries}
        groups = group_coded(corpus.coded(by), mask.videos)
        return cls(
            mask, groups, patterns,
            {query: count(corpus.files, pattern, mask, strategy=strategy, structures=corpus.structures)
             for query, pattern in patterns.items()},
            {query: groups.among(answering(corpus.files, pattern, mask)) for query, pattern in patterns.items()})

    @property
    def cql(self) -> list[str]:
        """The queries as CQL."""
        return [str(pattern) for pattern in self.patterns.values()]

    def each(self) -> Iterator[tuple[str, Ints, Groups]]:
        """Query, hits by video, and groups of the videos that can answer."""
        for query, hits in self.hits.items():
            yield query, hits, self.answering[query]

    def notes(self, corpus: Opened, by: Sequence[str]) -> tuple[str, ...]:
        """What to know when reading what was counted."""
        silent = corpus.silent(self.mask, sum(self.hits.values(), np.zeros(len(self.mask.videos), np.int64)),
                               self.patterns.values())
        return (*corpus.notes(self.patterns.values(), self.mask), *silence(silent),
                *(corpus.differences(self.mask) if "outlet" in by else ()))


@dataclass(frozen=True, slots=True)
class Calendar:
    """All periods from the first to the last that some videos lie in; ``codes``: the period of each video, -1: in none."""

    field: str
    periods: tuple[Period, ...]
    codes: Ints
    unplaced: int      # videos whose date does not say in which period they lie

    @classmethod
    def of(cls, corpus: Opened, field: str, mask: Mask, most: int) -> Calendar:
        """The periods of the videos under a mask; more than ``most`` are refused."""
        if field not in FIELDS:
            raise QueryError(f"unknown period {field!r}: one of {', '.join(FIELDS)}")
        base = "day" if field == "week" else field
        codes, texts = corpus.coded((base,))[base]
        used = np.bincount(codes[mask.videos], minlength=len(texts)) > 0
        days = [first_day(text) if text and some else None for text, some in zip(texts, used.tolist(), strict=True)]
        known = [day for day in days if day]
        if not known:
            return cls(field, (), np.full(len(codes), -1, np.int64), int(mask.videos.sum()))
        if about(field, min(known), max(known)) > most:
            raise QueryError(f"{min(known)} to {max(known)} has more than {most:,} {field}s: take a coarser --period, or "
                             f"narrow --where 'date>=…'")
        found = periods(field, min(known), max(known))
        starts = np.array([period.start.toordinal() for period in found])
        place = np.array([-1 if day is None else int(np.searchsorted(starts, day.toordinal(), side="right")) - 1
                          for day in days], np.int64)
        of_video = np.where(mask.videos, place[codes], -1)
        return cls(field, found, of_video, int(np.count_nonzero(mask.videos & (of_video < 0))))

    def notes(self) -> list[str]:
        """How many videos have no place in the periods."""
        return [f"{self.unplaced:,} videos have no {self.field}: their dates do not say so much"] if self.unplaced else []

    def events(self, events: Sequence[tuple[str, str]], first: int, last: int) -> str:
        """The labels of the events of the study in the periods from ``first`` to ``last``."""
        inside = [label or day for day, label in events
                  if day and self.periods[first].start <= date.fromisoformat(day) < self.periods[last].end]
        return "; ".join(inside)


def without_events(rows: Sequence[tuple[Any, ...]], place: int) -> tuple[str, ...]:
    """The column of events, which a narrow terminal does without where no event falls into any row."""
    return () if any(row[place] for row in rows) else ("event",)


def given(strategy: str) -> str:
    """A strategy as evidence names it: not where it is the usual one."""
    return "" if strategy == DEFAULT_STRATEGY else strategy


def one_field(by: Sequence[str], what: str) -> str:
    """The field that groups are compared by."""
    if len(by) != 1:
        raise QueryError(f"{what} compares groups by one field, e.g. --by outlet; not by {', '.join(by) or 'none'}")
    return by[0]


def refuse_pairs(groups: int, field: str) -> None:
    """Raise QueryError where groups are too many to compare each two of them."""
    if groups > MOST_GROUPS:
        raise QueryError(f"{groups:,} groups by {field} are {groups * (groups - 1) // 2:,} pairs: each two are compared of "
                         f"no more than {MOST_GROUPS} groups.  Narrow --where, or take another --by")


def asked(queries: Sequence[str]) -> str:
    """The queries as a question says them."""
    return ", ".join(f"‘{query}’" for query in queries)


def limited(where: str) -> str:
    """The limits of a question."""
    return f", in videos with {where}" if where else ""
