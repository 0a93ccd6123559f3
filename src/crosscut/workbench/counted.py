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


def given(strategy: str) -> str:
    """A strategy as evidence names it: not where it is the usual one."""
    return "" if strategy == DEFAULT_STRATEGY else strategy


def asked(queries: Sequence[str]) -> str:
    """The queries as a question says them."""
    return ", ".join(f"‘{query}’" for query in queries)
