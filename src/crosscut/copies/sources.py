"""Which copies are of one first occurrence, and which words of a video are whose first occurrence.

Each copy names its source, the passage of an earlier video (or earlier in its own) that it matches.  Sources that touch
one another are looked at together:

1. A short passage that several videos copied in nearly the same extents (each shares with the first half of what the two
   span together) is a group by itself: the opening of a show, though somebody has cut out the opening with the first item.
2. Of the other sources those are one group that share a passage's length of words (``LEAST``), one after the other, so
   that A's minutes 1 to 3 and 2 to 5 of a speech are one.  Where they share less, that is the edge of an alignment.
3. Words are dealt out: groups as in 1 first, those with the most copies before others, then the rest by place.  Each has
   the words of its sources that are not yet another's and that the video has not itself copied.  A group that is left
   without goes to the one that has most of its words.

So no word is the first occurrence of two groups; and as the copies in a video are disjoint and none of its own, no word is
in two groups at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.copies.choose import LEAST
from crosscut.copies.found import Bools, Ints

#: A group by itself: so many copying videos, and so many words at most (one minute).
OFTEN, SHORT = 4, 150
#: A rest of a first occurrence of fewer words is left out beside a longer one: edges of an alignment.
REST = 3


@dataclass(frozen=True, slots=True)
class Sources:
    """Group of each copy; of each group the places its sources span; spans heard first: their group and places."""

    group: Ints
    union: Ints
    span_group: Ints
    span: Ints


def sources(rows: Ints, own: npt.NDArray[np.uint8]) -> Sources:
    """Copies as rows (``state.ROW``), which words were heard first → groups, in the order in which they were heard first."""
    order = np.lexsort((rows[:, 0], rows[:, 4], rows[:, 3]))
    low, high, video = rows[order, 3], rows[order, 4], rows[order, 0]
    reach = np.maximum.accumulate(np.concatenate([[-1], high]))[:-1]
    bounds = np.append((low >= reach).nonzero()[0], len(rows))  # no source reaches into the next video
    group = np.zeros(len(rows), np.int64)
    unions: list[tuple[int, int]] = []
    spans: list[tuple[int, int, int]] = []
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        start, end = int(low[first]), int(high[first:last].max())
        parts = _parts(low[first:last] - start, high[first:last] - start, video[first:last])
        owner = _dealt(parts, own[start:end] > 0)
        for number, part in enumerate(parts):
            group[order[first:last][part.members]] = len(unions) + number
            spans += [(len(unions) + number, start + a, start + b) for a, b in _runs(owner == number)]
        unions += [(start + part.low, start + part.high) for part in parts]
    return _ordered(group, unions, spans)


@dataclass(slots=True)
class _Part:
    low: int
    high: int
    members: list[int]

    def take(self, other: _Part) -> None:
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.members += other.members


def _parts(low: Ints, high: Ints, video: Ints) -> list[_Part]:
    """Parts of sources that touch, in the order in which words are dealt out to them."""
    if len(low) == 1:
        return [_Part(int(low[0]), int(high[0]), [0])]
    often: list[_Part] = []
    rest: list[_Part] = []
    for part in _passages(low, high):
        lone = part.high - part.low <= SHORT and len(set(video[part.members].tolist())) >= OFTEN
        (often if lone else rest).append(part)
    often.sort(key=lambda part: -len(part.members))
    joined: list[_Part] = []
    for part in sorted(rest, key=lambda part: part.low):
        if joined and (joined[-1].high - part.low >= LEAST or part.high - joined[-1].high < LEAST):
            joined[-1].take(part)
        else:
            joined.append(part)
    return often + joined


def _passages(low: Ints, high: Ints) -> list[_Part]:
    """Sources in nearly the same extents."""
    passages: list[tuple[int, int, _Part]] = []
    around: list[tuple[int, int, _Part]] = []
    for row, (start, end) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        around = [one for one in around if one[1] > start]
        one = _Part(start, end, [row])
        for first, last, part in around:
            if 2 * (min(end, last) - start) >= max(end, last) - first:
                part.take(one)
                break
        else:
            around.append((start, end, one))
            passages.append(around[-1])
    return [part for *_, part in passages]


def _dealt(parts: list[_Part], own: Bools) -> Ints:
    """Which part each word is the first occurrence of, -1 none; parts left without are put into others."""
    owner = np.where(own, -1, -2)
    done: list[_Part] = []
    for part in list(parts):
        here = owner[part.low : part.high]
        free = here == -1
        theirs = np.bincount(here[here >= 0])
        if free.sum() >= REST or not len(theirs):
            here[free] = len(done)
            done.append(part)
        else:
            done[int(theirs.argmax())].take(part)
    parts[:] = done
    return owner


def _runs(mine: Bools) -> list[list[int]]:
    bounds = np.diff(mine, prepend=False, append=False).nonzero()[0].reshape(-1, 2)
    sizes = bounds[:, 1] - bounds[:, 0]
    kept: list[list[int]] = bounds[sizes >= min(REST, int(sizes.max(initial=0)))].tolist()
    return kept


def _ordered(group: Ints, unions: list[tuple[int, int]], spans: list[tuple[int, int, int]]) -> Sources:
    """Groups numbered by the first word that is theirs."""
    first = np.array(spans, np.int64).reshape(-1, 3)
    begins = np.full(len(unions), np.iinfo(np.int64).max)
    np.minimum.at(begins, first[:, 0], first[:, 1])
    order = np.argsort(begins, kind="stable")
    number = np.argsort(order, kind="stable")
    return Sources(number[group], np.array(unions, np.int64).reshape(-1, 2)[order], number[first[:, 0]], first[:, 1:])
