"""Where do structures lie in a shard?  Videos by what is known of them, spans of a layer by its name and attributes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.query import fields
from crosscut.query.engine.matches import Matches
from crosscut.query.marks import Marks, is_as, marks_of
from crosscut.query.pattern import Not, Region, Test
from crosscut.store.corpus import CorpusFiles

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Placed:
    """The spans of a layer, and for each the shard of its video, and where the video begins in it."""

    marks: Marks
    shard: Ints
    begin: Ints


class Structures:
    """The structures of a corpus; ``stale`` counts the spans whose videos have other words by now."""

    def __init__(self, corpus: CorpusFiles, layers: Path | None = None, off: frozenset[str] = frozenset()) -> None:
        self.corpus, self._layers, self._off = corpus, layers, off
        self._placed: dict[str, _Placed] = {}
        self.stale: dict[str, int] = {}

    def of_shard(self, number: int) -> Callable[[Region], Matches]:
        """Gives the stretches of a structure in one shard, ascending."""
        return cache(lambda region: self._videos(number, region) if region.structure == "video"
                     else self._spans(number, region))

    def _videos(self, number: int, region: Region) -> Matches:
        shard, ordinals = self.corpus.shards[number], self.corpus.ordinals[number]
        good = (ordinals >= 0) & (np.diff(shard.bounds) > 0)
        for test in region.tests:
            good[good] &= self.videos(test)[ordinals[good]]
        return Matches(shard.bounds[:-1][good], shard.bounds[1:][good])

    def videos(self, test: Test | Not) -> npt.NDArray[np.bool_]:
        """Which videos are as a test of a field says."""
        field = test.part.layer if isinstance(test, Not) and isinstance(test.part, Test) else getattr(test, "layer", "")
        right = cache(lambda value: is_as(test, value))
        return np.array([right(value) for value in fields.values(self.corpus.catalog, field)], bool)

    def _spans(self, number: int, region: Region) -> Matches:
        placed = self._of_layer(region.structure)
        marks = placed.marks
        good = (placed.shard == number) & (marks.end > marks.start) & marks.where(*region.tests)
        return Matches(placed.begin[good] + marks.start[good], placed.begin[good] + marks.end[good]).distinct()

    def _of_layer(self, name: str) -> _Placed:
        if name not in self._placed:
            marks = marks_of(self.corpus, self._layers or Path(), name, self._off)
            self.stale[name] = marks.stale
            shard = self.corpus.catalog.number("shard")[marks.video]
            document = self.corpus.catalog.number("document")[marks.video]
            begin = np.zeros(len(shard), np.int64)
            for number, one in enumerate(self.corpus.shards):
                begin[shard == number] = one.bounds[document[shard == number]]
            self._placed[name] = _Placed(marks, shard, begin)
        return self._placed[name]
