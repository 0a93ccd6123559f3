"""How often does each of very many keys come?  Counting what is too much to keep, in pieces.

Keys are 64 bits, spread evenly over their upper bits (multiplied by a large odd number).  ``Tally`` counts by sorting lots;
``Sieve`` says beforehand which keys cannot come often; ``Pairs`` counts pairs of small numbers in a table; ``Finder`` says
which of some keys are where.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

#: Keys that are sorted at once, and sorted ones that wait to be added up, 16 bytes each: more are fewer rounds.
_SORTED, _WAITING = 4_000_000, 16_000_000
#: A sieve has so many slots for each key that is expected, and at most 256 MB of them.
_SLOTS, _MOST_BITS = 2, 26
#: Pairs of numbers below this are counted in a table (64 MB).
_TABLE_BITS = 12


class Tally:
    """Counts of keys, which come lot by lot."""

    def __init__(self) -> None:
        self._new: list[Keys] = []
        self._lots: list[tuple[Keys, Ints]] = []
        self._added = (np.zeros(0, np.uint64), np.zeros(0, np.int64))

    def add(self, keys: Keys) -> None:
        """Some keys, each once for each time that it came."""
        self._new.append(keys)
        if sum(map(len, self._new)) >= _SORTED:
            self._sort()
            if sum(len(counted) for counted, _ in self._lots) >= max(_WAITING, len(self._added[0])):
                self._merge()

    def total(self, at_least: int) -> tuple[Keys, Ints]:
        """All keys that came so often, ascending, and how often."""
        self._sort()
        self._merge()
        keys, counts = self._added
        some = counts >= at_least
        return keys[some], counts[some]

    def _sort(self) -> None:
        keys = np.concatenate([np.zeros(0, np.uint64), *self._new])
        self._new = []
        keys.sort()
        first = _first(keys)
        self._lots.append((keys[first], np.diff(first, append=len(keys))))

    def _merge(self) -> None:
        keys, counts = (np.concatenate(column) for column in zip(self._added, *self._lots, strict=True))
        self._lots = []
        order = np.argsort(keys, kind="stable")  # merges what is sorted: 20 ns a key, 120 by quicksort
        keys, counts = keys[order], counts[order]
        first = _first(keys)
        self._added = keys[first], np.add.reduceat(counts, first) if len(first) else counts


def _first(keys: Keys) -> Ints:
    """Where each key of a sorted list comes first."""
    new = np.ones(len(keys), bool)
    new[1:] = keys[1:] != keys[:-1]
    return np.flatnonzero(new)


class Sieve:
    """Slots that many keys share: a key came at most as often as its slot says."""

    def __init__(self, keys: int) -> None:
        bits = min(max((_SLOTS * keys - 1).bit_length(), 1), _MOST_BITS)
        self._shift, self._slots = np.uint64(64 - bits), np.zeros(1 << bits, np.uint32)

    def add(self, keys: Keys) -> None:
        """Some keys that came."""
        np.add.at(self._slots, (keys >> self._shift).astype(np.int64), np.uint32(1))

    def passing(self, at_least: int) -> int:
        """How many of the keys that came pass."""
        return int(self._slots[self._slots >= at_least].sum(dtype=np.int64))

    def passed(self, keys: Keys, at_least: int) -> Keys:
        """The keys that may have come so often; all that did are among them."""
        return keys[self._slots[(keys >> self._shift).astype(np.int64)] >= at_least]


class Pairs:
    """Counts of pairs of small numbers that stand side by side."""

    def __init__(self) -> None:
        self._table = np.zeros(1 << 2 * _TABLE_BITS, np.uint32)

    @staticmethod
    def small(row: npt.NDArray[np.uint32]) -> Bools:
        """For each number of a row and the next one: whether both are small."""
        found: Bools = (row[:-1] | row[1:]) < 1 << _TABLE_BITS
        return found

    def add(self, row: npt.NDArray[np.uint32], among: Bools) -> Bools:
        """Count the pairs ``among`` those of a row that are small; which these were."""
        counted = among & self.small(row)
        np.add.at(self._table, ((row[:-1] << np.uint32(_TABLE_BITS)) | row[1:])[counted].astype(np.int64), np.uint32(1))
        return counted

    def total(self, at_least: int) -> tuple[Keys, Keys, Ints]:
        """First, second and how often, of the pairs that came so often."""
        places = np.flatnonzero(self._table >= max(at_least, 1)).astype(np.uint64)
        return (places >> np.uint64(_TABLE_BITS), places & np.uint64((1 << _TABLE_BITS) - 1),
                self._table[places].astype(np.int64))


class Finder:
    """Which of some keys (ascending, each once) are where."""

    def __init__(self, keys: Keys) -> None:
        bits = max((4 * len(keys)).bit_length(), 10)
        self._keys, self._shift = keys, np.uint64(64 - bits)
        starts = np.bincount((keys >> self._shift).astype(np.int64), minlength=1 << bits)
        self._bounds = np.concatenate([[0], np.cumsum(starts)]).astype(np.uint32)
        self._some = starts > 0

    def find(self, keys: Keys, among: Bools) -> tuple[Ints, Ints]:
        """Of the places ``among``: which known key is at each that has one, and the place, ascending."""
        at = np.flatnonzero(among & self._some[(keys >> self._shift).astype(np.int64)])
        asked = keys[at]
        slot = (asked >> self._shift).astype(np.int64)
        place, end = self._bounds[slot].astype(np.int64), self._bounds[slot + 1]
        open_ = np.flatnonzero(self._keys[place] != asked)
        while len(open_):  # a slot holds few keys
            place[open_] += 1
            place[open_[place[open_] >= end[open_]]] = -1
            open_ = open_[place[open_] >= 0]
            open_ = open_[self._keys[place[open_]] != asked[open_]]
        found = place >= 0
        return place[found], at[found]
