"""Where a query matched, as columns; and what can be made of them without looking at the words again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, repr=False)
class Hits:
    """Ordinal of the video, first token and end (exclusive), counted within the video; ``labels``: tokens by label.

    In order of video and start, unless somebody sorted them otherwise; no two have the same video and start.  A label that
    a match did not bind is -1.
    """

    video: Ints
    start: Ints
    end: Ints
    labels: Mapping[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.video)

    def __repr__(self) -> str:
        return f"<Hits: {len(self):,} in {self.videos():,} videos; .video, .start, .end>"

    def take(self, chosen: Ints | Bools) -> Hits:
        """Some of the hits, in the order given."""
        return Hits(self.video[chosen], self.start[chosen], self.end[chosen],
                    {name: column[chosen] for name, column in self.labels.items()})

    def per_video(self, videos: int) -> Ints:
        """How many hits each of the corpus's videos has."""
        return np.bincount(self.video, minlength=videos).astype(np.int64)

    def videos(self) -> int:
        """How many videos have hits."""
        return int(np.count_nonzero(np.bincount(self.video))) if len(self) else 0

    def shuffled(self, seed: int) -> Hits:
        """In random order: the same for the same seed and number of hits, and the first n are a random sample of n."""
        return self.take(permuted(np.arange(len(self)), len(self), seed))

    def sample(self, size: int, seed: int) -> Hits:
        """So many at random, in the order of the corpus."""
        return self.take(np.sort(permuted(np.arange(min(size, len(self))), len(self), seed)))

    def of_videos(self, videos: Bools) -> Hits:
        """Those in some videos."""
        return self.take(videos[self.video])

    def intersection(self, other: Hits) -> Hits:
        """Those that are hits of another query too: same video, start and end."""
        return self.take(self._among(other))

    def difference(self, other: Hits) -> Hits:
        """Those that are not hits of another query."""
        return self.take(~self._among(other))

    def union(self, other: Hits) -> Hits:
        """Hits of either query, each once, without labels."""
        columns = [np.concatenate(pair) for pair in zip((self.video, self.start, self.end),
                                                        (other.video, other.start, other.end), strict=True)]
        order = np.lexsort(columns[::-1])
        new = np.ones(len(order), bool)
        new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
        video, start, end = (column[order][new] for column in columns)
        return Hits(video, start, end)

    def _among(self, other: Hits) -> Bools:
        columns = [np.concatenate(pair) for pair in zip((self.video, self.start, self.end),
                                                        (other.video, other.start, other.end), strict=True)]
        mine = np.arange(len(columns[0])) < len(self)
        order = np.lexsort((mine, *columns[::-1]))  # of equal rows those of the other come first
        same = np.all([column[order][1:] == column[order][:-1] for column in columns], axis=0)
        found = np.zeros(len(order), bool)
        found[order[1:]] = same & mine[order[1:]]
        return found[: len(self)]


#: Up to so many hits a whole permutation is drawn, in 50 microseconds.
WHOLE = 1 << 12
#: Rounds of the Feistel network below, an even number: four make a permutation that looks random (Luby and Rackoff 1988).
_ROUNDS = 6
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def permuted(ranks: Ints, size: int, seed: int) -> Ints:
    """Where the hits of some ranks stand in a random order of ``size`` hits; of many hits, each by itself.

    A Feistel network on the next larger power of two, walked until it lands inside (Black and Rogaway 2002), with the
    mixing function of SplitMix64 (Steele, Lea and Flood 2014).
    """
    if size <= WHOLE or size < 2:
        return np.random.Generator(np.random.PCG64(seed % (1 << 64))).permutation(size)[ranks]
    rounds: npt.NDArray[np.uint64] = np.arange(_ROUNDS, dtype=np.uint64)
    keys = _mixed(_mixed(np.full(_ROUNDS, seed % (1 << 64), np.uint64)) + rounds)
    value = _feistel(ranks.astype(np.uint64), (size - 1).bit_length(), keys)
    outside = np.flatnonzero(value >= size)
    while len(outside):
        value[outside] = _feistel(value[outside], (size - 1).bit_length(), keys)
        outside = outside[value[outside] >= size]
    return value.astype(np.int64)


def _feistel(value: npt.NDArray[np.uint64], bits: int, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A permutation of the numbers of so many bits: the two parts change places each round, and may differ in length."""
    low = bits // 2
    lengths = (np.uint64(low), np.uint64(bits - low))
    left, right = value >> lengths[0], value & np.uint64((1 << low) - 1)
    for round_, key in enumerate(keys):
        mask = np.uint64((1 << int(lengths[(round_ + 1) % 2])) - 1)  # of the part that is on the left now
        left, right = right, left ^ (_mixed(right ^ key) & mask)
    return (left << lengths[0]) | right


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    value = value + _MIX[0]
    value = (value ^ (value >> np.uint64(30))) * _MIX[1]
    value = (value ^ (value >> np.uint64(27))) * _MIX[2]
    return value ^ (value >> np.uint64(31))
