"""Stretches of tokens as columns, and what can be asked of many of them at once.

Places count the tokens of a shard, so stretches of different videos never touch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.store.pack import ranges

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A query may have so many numbers of partial matches in a shard at once (8 bytes each, and what is made of them).
MOST = 150_000_000
UNBOUND = -1


@dataclass(frozen=True, slots=True)
class Matches:
    """Stretches from ``start`` to ``end`` (exclusive); ``bound`` has the place of each label (-1: not bound)."""

    start: Ints
    end: Ints
    bound: Mapping[str, Ints] = field(default_factory=dict)

    @classmethod
    def none(cls) -> Matches:
        """No stretch at all."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.start)

    def take(self, chosen: Ints | Bools) -> Matches:
        """Some of them, in the order given."""
        return Matches(self.start[chosen], self.end[chosen], {name: column[chosen] for name, column in self.bound.items()})

    def distinct(self) -> Matches:
        """Each once, by start, end and labels in ascending order."""
        return self.take(distinct(self.start, self.end, *(self.bound[name] for name in sorted(self.bound))))


def joined(parts: Sequence[Matches]) -> Matches:
    """All stretches of several, each once."""
    if len(parts) == 1:
        return parts[0]
    names = sorted({name for part in parts for name in part.bound})
    bound = {name: np.concatenate([part.bound.get(name, np.full(len(part), UNBOUND)) for part in parts]) for name in names}
    start, end = (np.concatenate([getattr(part, side) for part in parts]) for side in ("start", "end"))
    return Matches(start, end, bound).distinct()


def distinct(*columns: Ints) -> Ints:
    """The rows that are there, each once, in ascending order: indices of them."""
    if len(columns[0]) < 2:
        return np.arange(len(columns[0]))
    ascending = _ascending(columns)
    order = None if ascending else np.lexsort(columns[::-1])
    new = np.zeros(len(columns[0]), bool)
    new[0] = True
    for column in columns:
        ordered = column if order is None else column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return np.flatnonzero(new) if order is None else order[new]


def _ascending(columns: Sequence[Ints]) -> bool:
    """Whether rows are in order already, as they mostly are."""
    tied = np.ones(len(columns[0]) - 1, bool)
    for column in columns:
        if bool((tied & (column[1:] < column[:-1])).any()):
            return False
        tied &= column[1:] == column[:-1]
    return True


def documents_of(bounds: Ints, at: Ints) -> Ints:
    """Which document each place lies in; many places in ascending order are counted by document instead of looked up."""
    if len(at) * 8 > len(bounds) and not bool((at[1:] < at[:-1]).any()):
        return np.repeat(np.arange(len(bounds) - 1), np.diff(np.searchsorted(at, bounds)))
    return np.searchsorted(bounds, at, side="right") - 1


def numbered_rows(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """All whole numbers from ``low`` up to ``high`` (exclusive), row by row: the row of each, and the number."""
    sizes = np.maximum(high - low, 0)
    check_size(int(sizes.sum()))
    return np.repeat(np.arange(len(sizes)), sizes), ranges(low, low + sizes)


def check_size(matches: int, columns: int = 2) -> int:
    """Refuse matches of so many columns that would not fit into memory."""
    if matches * columns > MOST:
        raise QueryError(f"this query has {matches:,} partial matches, more than the {MOST // columns:,} that are kept at "
                         f"once: make gaps shorter, ask for rarer words, or for fewer videos (--where)")
    return matches


def lies_in(spans: Matches, outer: Matches) -> Bools:
    """Which stretches lie inside one of ``outer``."""
    if not len(outer):
        return np.zeros(len(spans), bool)
    order = np.argsort(outer.start, kind="stable")
    furthest = np.maximum.accumulate(outer.end[order])
    before = np.searchsorted(outer.start[order], spans.start, side="right") - 1
    return (before >= 0) & (furthest[np.maximum(before, 0)] >= spans.end)


def widened(spans: Matches, bounds: Ints, left: int, right: int) -> Matches:
    """The stretches with so many more tokens on both sides, as far as their videos go."""
    document = documents_of(bounds, spans.start)
    return Matches(np.maximum(spans.start - left, bounds[document]), np.minimum(spans.end + right, bounds[document + 1]))


def holds_one(spans: Matches, held: Matches) -> Bools:
    """Which stretches hold one of ``held``."""
    if not len(held):
        return np.zeros(len(spans), bool)
    order = np.argsort(held.start, kind="stable")
    nearest = np.minimum.accumulate(held.end[order][::-1])[::-1]
    first = np.searchsorted(held.start[order], spans.start, side="left")
    return (first < len(held)) & (nearest[np.minimum(first, len(held) - 1)] <= spans.end)


def kept(spans: Matches, strategy: str) -> Matches:
    """The matches that become hits; of one that is bound in several ways the first."""
    if not len(spans) or _apart(spans):
        return spans
    spans = spans.distinct()
    start, end = spans.start, spans.end
    new = np.ones(len(spans), bool)
    if strategy == "longest":  # the last of each start, and of those with that end the first
        new[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
        spans = spans.take(new)
        last = np.ones(len(spans), bool)
        last[:-1] = spans.start[1:] != spans.start[:-1]
        spans = spans.take(last)
        outer = np.maximum.accumulate(spans.end)
        free = np.ones(len(spans), bool)
        free[1:] = spans.end[1:] > outer[:-1]
        return spans.take(free)
    new[1:] = start[1:] != start[:-1]
    spans = spans.take(new)
    if strategy == "standard":
        return spans.take(np.sort(_first_of_each_end(spans)))
    if strategy == "shortest":
        inner = np.minimum.accumulate(spans.end[::-1])[::-1]
        free = np.ones(len(spans), bool)
        free[:-1] = spans.end[:-1] < inner[1:]
        return spans.take(free)
    return spans


def _apart(spans: Matches) -> bool:
    """Whether each match begins and ends behind the one before, so that all strategies keep all of them."""
    return bool((spans.start[1:] > spans.start[:-1]).all() and (spans.end[1:] > spans.end[:-1]).all())


def _first_of_each_end(spans: Matches) -> Ints:
    order = np.lexsort((spans.start, spans.end))
    new = np.ones(len(spans), bool)
    new[1:] = spans.end[order][1:] != spans.end[order][:-1]
    return order[new]


def merge_bound(*sides: Mapping[str, Ints]) -> dict[str, Ints]:
    """The labels of parts that follow one another: bound twice, the last one counts."""
    merged: dict[str, Ints] = {}
    for side in sides:
        for name, column in side.items():
            merged[name] = np.where(column == UNBOUND, merged[name], column) if name in merged else column
    return merged
