"""How often is each of some things in each video?  What every measure is a function of.

Things are words, lemmas, n-grams, collocates, queries, alternatives of a name: the rows.  Videos are the columns, by
ordinal.  Most words are in few videos, so only what is there is kept (compressed sparse rows).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: So few things are multiplied as they are: SciPy takes a quarter of a second to import.
_FEW = 16
#: Things in more than this share of the videos are multiplied as full rows: 15,000 million products a second, of sparse ones
#: 2,500 million.
_DENSE = 0.05
#: Things as frequent as this are multiplied in double precision; of the others, 16 times as many are still below 2 ** 24.
_EXACT = 1 << 20


@dataclass(frozen=True, slots=True)
class Counts:
    """Entries of thing ``i`` are ``bounds[i]:bounds[i + 1]`` of ``video`` (ascending) and ``n`` (above 0)."""

    bounds: Ints
    video: Ints
    n: Ints
    videos: int      # how many columns there are, with and without entries

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @classmethod
    def of(cls, thing: npt.ArrayLike, video: npt.ArrayLike, n: npt.ArrayLike, shape: tuple[int, int]) -> Counts:
        """From entries in any order, of which those of the same thing and video are added up; ``shape``: things, videos."""
        things, videos = shape
        keys = np.asarray(thing, np.int64) * videos + np.asarray(video, np.int64)
        keys, numbers = _sorted(keys, np.asarray(n, np.int64), things * videos)
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        sums = np.add.reduceat(numbers, first) if len(first) else numbers
        some = sums > 0
        places, sums = (keys[first], sums) if some.all() else (keys[first][some], sums[some])
        bounds = np.searchsorted(places, np.arange(things + 1, dtype=np.int64) * videos)
        return cls(bounds.astype(np.int64), places % max(videos, 1), sums, videos)

    @classmethod
    def dense(cls, rows: npt.ArrayLike) -> Counts:
        """From an array of things × videos."""
        table = np.asarray(rows, np.int64)
        thing, video = np.nonzero(table)
        return cls(np.searchsorted(thing, np.arange(len(table) + 1)).astype(np.int64), video, table[thing, video],
                   table.shape[1])

    @classmethod
    def stacked(cls, tables: Sequence[Counts]) -> Counts:
        """The things of several tables of the same videos, one table after the other."""
        lengths = np.concatenate([np.zeros(1, np.int64), *(np.diff(table.bounds) for table in tables)])
        video, n = (np.concatenate([np.zeros(0, np.int64), *(getattr(table, name) for table in tables)])
                    for name in ("video", "n"))
        return cls(np.cumsum(lengths), video, n, max((table.videos for table in tables), default=0))

    def to_dense(self) -> Ints:
        """An array of things × videos."""
        return self._dense_as(np.int64)

    def _dense_as(self, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        table = np.zeros((len(self), self.videos), dtype)
        table[self.thing, self.video] = self.n
        return table

    @property
    def thing(self) -> Ints:
        """The thing of each entry."""
        return np.repeat(np.arange(len(self)), np.diff(self.bounds))

    def totals(self) -> Ints:
        """How often each thing is there."""
        return self.summed(self.n).astype(np.int64)

    def ranges(self) -> Ints:
        """In how many videos each thing is."""
        return np.diff(self.bounds)

    def per_video(self) -> Ints:
        """How often all things together are in each video."""
        return np.bincount(self.video, self.n, self.videos).astype(np.int64)  # sums are whole in 53 bits

    def summed(self, values: npt.NDArray[np.generic]) -> Floats:
        """The sum, for each thing, of one value an entry."""
        total = np.zeros(len(self), np.float64)
        some = np.flatnonzero(np.diff(self.bounds))  # reduceat knows no empty stretch
        if len(some):
            total[some] = np.add.reduceat(values, self.bounds[some], dtype=np.float64)
        return total

    def take(self, things: Ints) -> Counts:
        """Some of the things, in the order given."""
        lengths = np.diff(self.bounds)[things]
        bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        places = np.repeat(self.bounds[things] - bounds[:-1], lengths) + np.arange(int(bounds[-1]))
        return Counts(bounds, self.video[places], self.n[places], self.videos)

    def among(self, videos: npt.NDArray[np.bool_]) -> Counts:
        """What is in some of the videos; the columns stay."""
        keep = videos[self.video]
        kept = np.concatenate([[0], np.cumsum(keep)])
        return Counts(kept[self.bounds], self.video[keep], self.n[keep], self.videos)

    def lots(self, entries: int) -> Iterator[tuple[slice, Counts]]:
        """Stretches of the things that have about so many entries each, and their counts: nothing is copied."""
        edges = [0, *(np.flatnonzero(np.diff(self.bounds[1:] // entries)) + 1).tolist(), len(self)]
        for begin, end in pairwise(edges):
            part = slice(int(self.bounds[begin]), int(self.bounds[end]))
            if begin < end:
                yield slice(begin, end), Counts(self.bounds[begin : end + 1] - self.bounds[begin], self.video[part],
                                                self.n[part], self.videos)

    def by(self, codes: Ints, many: int) -> Counts:
        """With groups of videos for columns: ``codes`` has the group of each video, or -1."""
        code = codes[self.video]
        some = code >= 0
        if bool((np.diff(codes[codes >= 0]) > 0).all()):  # each video is a group of its own: nothing is to be put in order
            kept = np.concatenate([[0], np.cumsum(some)])
            return Counts(kept[self.bounds], code[some], self.n[some], many)
        return Counts.of(self.thing[some], code[some], self.n[some], (len(self), many))

    def factor(self) -> Factor:
        """The table made ready to be multiplied again and again."""
        things = np.arange(len(self))
        large = self.totals() >= _EXACT
        full = (self.ranges() > _DENSE * self.videos) & ~large if len(self) > _FEW else ~large
        rows = [(things[some], self.take(things[some])._dense_as(dtype))
                for some, dtype in ((large, np.float64), (full, np.float32))]
        seldom = things[~large & ~full]
        return Factor(rows, seldom, self.take(seldom).sparse().astype(np.float32) if len(seldom) else None)

    def sparse(self) -> csr_array:
        """As a matrix of SciPy."""
        from scipy.sparse import csr_array  # a concordance should not wait for it

        return csr_array((self.n.astype(np.float64), self.video, self.bounds), shape=(len(self), self.videos))


@dataclass(frozen=True, slots=True)
class Factor:
    """A table of counts: things in many videos as full rows, the others as sparse ones, each with which things they are.

    In single precision, in which sums of whole numbers are exact, but for the few things that are too frequent for that.
    """

    rows: Sequence[tuple[Ints, npt.NDArray[Any]]]
    seldom: Ints
    sparse: csr_array | None

    def times(self, weights: Floats) -> Floats:
        """The table times columns of one weight a video: things × columns."""
        single = weights.astype(np.float32)
        found = np.empty((sum(len(things) for things, _ in self.rows) + len(self.seldom), weights.shape[1]))
        for things, rows in self.rows:
            found[things] = product(rows, single if rows.dtype == single.dtype else weights)
        if self.sparse is not None:
            found[self.seldom] = self.sparse @ single
        return found


#: Products of so many numbers OpenBLAS leaves to one thread, and pieces of such a depth stay in the processor's cache.
_ONE_THREAD, _DEEP = 1 << 18, 256


def product(rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``rows @ columns``, of few rows or few columns in pieces that need one thread.

    Threads that wait for one another at each of many small products take longer than one alone: 67 times 50 × 63,000 by 15
    in 0.3 s and 1.1 s of two busy processors, and in 0.17 and 0.56 s of CPU.
    """
    many, wide = len(rows), columns.shape[1]
    found: npt.NDArray[Any] = np.zeros((many, wide), np.result_type(rows, columns))
    if many > 64 and wide > 32:
        return np.matmul(rows, columns, out=found)
    step = max(1, _ONE_THREAD // (_DEEP * max(wide, 1)))
    for top in range(0, many, step):
        part = rows[top : top + step]
        deep = max(1, _ONE_THREAD // (len(part) * max(wide, 1)))
        for at in range(0, rows.shape[1], deep):
            found[top : top + step] += part[:, at : at + deep] @ columns[at : at + deep]
    return found


def _sorted(keys: Ints, numbers: Ints, most: int) -> tuple[Ints, Ints]:
    """Keys below ``most`` in ascending order, with their numbers.

    Side by side in one integer, where they fit, they are sorted in half the time of an ``argsort`` (4 million: 0.25 s).
    """
    bits = int(numbers.max(initial=0)).bit_length()
    if most << bits < 1 << 63 and numbers.min(initial=0) >= 0:
        both = np.sort(keys << bits | numbers, kind="stable")
        return both >> bits, both & ((1 << bits) - 1)
    order = np.argsort(keys, kind="stable")
    return keys[order], numbers[order]
