"""How often is each of some things in each video?  What every measure is a function of.

Things are words, lemmas, n-grams, collocates, queries, alternatives of a name: the rows.  Videos are the columns, by
ordinal.  Most words are in few videos, so only what is there is kept (compressed sparse rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: So many things are multiplied one by one: SciPy takes a quarter of a second to import.
_FEW = 16


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
        order = np.argsort(keys, kind="stable")
        keys, numbers = keys[order], np.asarray(n, np.int64)[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        sums = np.add.reduceat(numbers, first) if len(first) else numbers
        some = sums > 0
        places = keys[first][some]
        bounds = np.searchsorted(places, np.arange(things + 1, dtype=np.int64) * videos)
        return cls(bounds.astype(np.int64), places % max(videos, 1), sums[some], videos)

    @classmethod
    def dense(cls, rows: npt.ArrayLike) -> Counts:
        """From an array of things × videos."""
        table = np.asarray(rows, np.int64)
        thing, video = np.nonzero(table)
        return cls(np.searchsorted(thing, np.arange(len(table) + 1)).astype(np.int64), video, table[thing, video],
                   table.shape[1])

    def to_dense(self) -> Ints:
        """An array of things × videos."""
        table = np.zeros((len(self), self.videos), np.int64)
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

    def by(self, codes: Ints, many: int) -> Counts:
        """With groups of videos for columns: ``codes`` has the group of each video, or -1."""
        code = codes[self.video]
        some = code >= 0
        return Counts.of(self.thing[some], code[some], self.n[some], (len(self), many))

    def times(self, weights: Floats) -> Floats:
        """The table times columns of one weight a video: things × columns."""
        if len(self) > _FEW:
            found: Floats = self.sparse() @ weights
            return found
        rows = [self.n[a:b].astype(np.float64) @ weights[self.video[a:b]]
                for a, b in zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True)]
        return np.array(rows).reshape(len(self), weights.shape[1])

    def sparse(self) -> csr_array:
        """As a matrix of SciPy."""
        from scipy.sparse import csr_array  # a concordance should not wait for it

        return csr_array((self.n.astype(np.float64), self.video, self.bounds), shape=(len(self), self.videos))
