"""Queries counted by video: what freq, dispersion, contrast and the measures over time share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.measure.frequency import Groups, group_coded
from crosscut.query.mask import Mask
from crosscut.query.pattern import DEFAULT_STRATEGY, Query
from crosscut.query.search import answering, count
from crosscut.workbench.opened import Opened, silence

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """Queries counted by video under a mask; each with the groups of the videos that can answer it."""

    mask: Mask
    groups: Groups
    patterns: dict[str, Query]
    hits: dict[str, Ints]
    answering: dict[str, Groups]
    silent: dict[str, tuple[str, ...]]     # languages without a hit where another has one: their words are left out

    @classmethod
    def of(cls, corpus: Opened, queries: Sequence[str], by: Sequence[str], mask: Mask, strategy: str) -> Counted:
        """Count queries by groups of videos."""
        patterns = {query: corpus.parsed(query) for query in queries}
        groups = group_coded(corpus.coded(by), mask.videos)
        hits = {query: count(corpus.files, pattern, mask, strategy=strategy, structures=corpus.structures)
                for query, pattern in patterns.items()}
        silent = {query: tuple(corpus.silent(mask, hits[query], [pattern])) for query, pattern in patterns.items()}
        return cls(
            mask, groups, patterns, hits,
            {query: groups.among(answering(corpus.files, pattern, mask) & ~corpus.speaks(silent[query]))
             for query, pattern in patterns.items()}, silent)

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
        return (*corpus.notes(self.patterns.values(), self.mask), *self._silences(),
                *(corpus.differences(self.mask) if "outlet" in by else ()))

    def _silences(self) -> list[str]:
        """What is said of languages without a hit, once where it is the same of all queries."""
        if len(set(self.silent.values())) == 1:
            return list(silence(next(iter(self.silent.values()))))
        return [f"‘{query}’: {note}" for query, languages in self.silent.items() for note in silence(languages)]


def given(strategy: str) -> str:
    """A strategy as evidence names it: not where it is the usual one."""
    return "" if strategy == DEFAULT_STRATEGY else strategy


def asked(queries: Sequence[str]) -> str:
    """The queries as a question says them."""
    return ", ".join(f"‘{query}’" for query in queries)
