"""Stretches of tokens within videos, as columns: what a mask lets in of videos that are only partly in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import ranges
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]

#: Video and place side by side in one integer.
_PLACE = 32
#: Tokens that are gathered at once (some 8 bytes each for each of a few columns).
_AT_ONCE = 4_000_000
#: Stretches of fewer tokens are gathered by the number of each token, longer ones slice by slice (measured: 0.4 µs a slice,
#: 4 ns a token).
_SHORT = 128


@dataclass(frozen=True, slots=True)
class Spans:
    """Of ``video[i]`` the tokens from ``start[i]`` to ``end[i]`` (exclusive), counted within the video.

    Sorted by video and place; none is empty, no two overlap or touch: made by ``Spans.of``.
    """

    video: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.video)

    @classmethod
    def of(cls, video: Ints, start: Ints, end: Ints) -> Spans:
        """The tokens of any stretches in any order; what overlaps or touches becomes one."""
        some = end > start
        keys, ends = video[some] << _PLACE | start[some], video[some] << _PLACE | end[some]
        order = np.argsort(keys, kind="stable")
        keys, reached = keys[order], np.maximum.accumulate(ends[order])
        first = np.ones(len(keys), bool)
        first[1:] = keys[1:] > reached[:-1]
        last = np.ones(len(keys), bool)
        last[:-1] = first[1:]
        place = (1 << _PLACE) - 1
        return cls(keys[first] >> _PLACE, keys[first] & place, reached[last] & place)

    @classmethod
    def of_tokens(cls, inside: Mapping[int, Bools]) -> Spans:
        """From one bool a token for each of some videos."""
        parts = [(video, np.flatnonzero(tokens)) for video, tokens in inside.items()]
        video = np.repeat(np.array([v for v, _ in parts], np.int64), np.array([len(p) for _, p in parts], np.int64))
        places = np.concatenate([np.zeros(0, np.int64), *(p for _, p in parts)])
        return cls.of(video, places, places + 1)

    @property
    def tokens(self) -> int:
        """How many tokens lie in the stretches."""
        return int((self.end - self.start).sum())

    def take(self, chosen: Bools) -> Spans:
        """Some of the stretches."""
        return Spans(self.video[chosen], self.start[chosen], self.end[chosen])

    def beside(self, others: Spans) -> Spans:
        """These stretches and those of other videos."""
        pairs = (self.video, others.video), (self.start, others.start), (self.end, others.end)
        columns = [np.concatenate(pair) for pair in pairs]
        order = np.argsort(columns[0] << _PLACE | columns[1], kind="stable")
        return Spans(*(column[order] for column in columns))

    def around(self, video: Ints, start: Ints, end: Ints) -> Ints:
        """Which stretch each ``start`` to ``end`` lies wholly in; -1 where it lies in none."""
        if not len(self):
            return np.full(len(video), -1, np.int64)
        at = np.searchsorted(self.video << _PLACE | self.start, video << _PLACE | start, side="right") - 1
        held = (self.video[at] == video) & (self.end[at] >= end) & (at >= 0)  # at -1 the last one is looked at
        return np.where(held, at, -1)

    def outside(self, videos: Ints, lengths: Ints) -> Spans:
        """The other tokens of ``videos`` (ordinals, ascending, all of the stretches' among them) that have ``lengths``."""
        none = np.zeros(len(videos), np.int64)
        begin = np.concatenate([videos << _PLACE | none, self.video << _PLACE | self.end])
        end = np.concatenate([self.video << _PLACE | self.start, videos << _PLACE | lengths])
        begin.sort()  # gaps and stretches take turns: the n-th gap begins where the n-th beginning is
        end.sort()
        some, place = end > begin, (1 << _PLACE) - 1
        return Spans(begin[some] >> _PLACE, begin[some] & place, end[some] & place)

    def within(self, others: Spans) -> tuple[Ints, Spans]:
        """The parts of the stretches that lie in others: the number of the stretch of each part, and the parts."""
        first = np.searchsorted(others.video << _PLACE | others.end, self.video << _PLACE | self.start, side="right")
        last = np.searchsorted(others.video << _PLACE | others.start, self.video << _PLACE | self.end, side="left")
        last = np.maximum(first, last)
        mine, at = np.repeat(np.arange(len(self)), last - first), ranges(first, last)
        start, end = np.maximum(self.start[mine], others.start[at]), np.minimum(self.end[mine], others.end[at])
        return mine, Spans(self.video[mine], start, end)

    def in_shards(self, corpus: CorpusFiles) -> Iterator[tuple[Shard, Ints, Ints, Ints]]:
        """For each shard: the shard, the numbers of the stretches in it, and where they begin and end in its columns."""
        shard_of, document_of = corpus.catalog.number("shard")[self.video], corpus.catalog.number("document")[self.video]
        for number, shard in enumerate(corpus.shards):
            mine = np.flatnonzero(shard_of == number)
            base = shard.bounds[document_of[mine]]
            yield shard, mine, base + self.start[mine], base + self.end[mine]


def whole(videos: Ints, lengths: Ints) -> Spans:
    """All tokens of some videos."""
    some = lengths > 0
    return Spans(videos[some], np.zeros(int(some.sum()), np.int64), lengths[some])


def runs(begin: Ints, end: Ints) -> Iterator[slice]:
    """Cut a list of stretches into parts of a few million tokens each."""
    part = np.cumsum(end - begin) // _AT_ONCE
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(begin)]
    return (slice(a, b) for a, b in pairwise(edges) if a < b)


def gathered(column: Array, begin: Ints, end: Ints) -> Array:
    """The values of a column in some stretches, one stretch after the other."""
    if len(begin) and (end - begin).sum() >= _SHORT * len(begin):
        return np.concatenate([column[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)])
    return column[ranges(begin, end)]


def first_at_least(column: Array, begin: Ints, end: Ints, value: Ints) -> Ints:
    """For each stretch of an ascending column, the first place that has ``value`` or more; ``end`` where none has."""
    low, high = begin.copy(), end.copy()
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) >> 1
        less = column[middle] < value[open_]
        low[open_[less]] = middle[less] + 1
        high[open_[~less]] = middle[~less]
    return low
