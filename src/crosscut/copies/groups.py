"""Copies of one first occurrence: the groups.

Each copy names its source, the passage of an earlier video (or earlier in its own) that it matches.  Two copies are of
one group where their sources share a passage's length of words (``choose.LEAST``) or one lies in the other but for less; a
group's first occurrence is the union of its sources.  So if A has minutes 1 to 3 of a speech and B minutes 2 to 5, B's
minutes 2 to 3 are a copy of A's; and C, who has minutes 1 to 5, has two copies, one of A's 1 to 3 and one of B's 3 to 5:
two groups, each with its own first occurrence.  Of the first occurrence only those words count that its video has not
itself copied from elsewhere; they and the copies of a video are disjoint, so no word is in two groups.
"""

from __future__ import annotations

import numpy as np

from crosscut.copies.choose import LEAST
from crosscut.copies.found import Floats, Groups, Ints, Occurrences
from crosscut.copies.heard import Heard
from crosscut.copies.kinds import EDGE, Table, group_kinds, kinds

#: A rest of a first occurrence of fewer words is left out beside a longer one: edges of an alignment.
REST = 3


def grouped(rows: Ints, heard: Heard, outlets: Ints, days: Ints) -> tuple[Occurrences, Groups]:
    """Rows as in ``state.ROW``, sorted by video and place → occurrences and groups."""
    starts = np.array(heard.starts)
    source = np.searchsorted(starts, rows[:, 3], "right") - 1
    group, unions = _unions(rows, source, heard)
    copies = Table(rows, group, source, starts, outlets, days)
    groups = _groups(copies, unions)
    kind = kinds(copies, groups)
    groups.kind[:] = group_kinds(copies, groups, kind)
    first, span = _firsts(unions, heard)
    occurrences = _occurrences(
        heard, np.concatenate([rows[:, 1:3], span]), np.concatenate([group, first]), len(rows),
        np.concatenate([rows[:, 3:5], span]), np.concatenate([copies.alike, np.ones(len(first))]),
        np.concatenate([kind, groups.kind[first]]))
    return occurrences, _tokens(groups, heard)


def _unions(rows: Ints, source: Ints, heard: Heard) -> tuple[Ints, Ints]:
    """Group of each row, and of each group the places that its copies use: from, to."""
    group = np.zeros(len(rows), np.int64)
    unions: list[list[int]] = []
    video = -1
    order = np.lexsort((rows[:, 4], rows[:, 3]))
    for row, there, low, high in zip(order.tolist(), source[order].tolist(), *rows[order, 3:5].T.tolist(), strict=True):
        end = unions[-1][1] if there == video else low
        if there != video or (end - low < LEAST <= high - end and heard.own[max(low, end) : high].any()):
            unions.append([max(low, end), high])
            video = there
        unions[-1][1] = max(unions[-1][1], high)
        group[row] = len(unions) - 1
    return group, np.array(unions, np.int64).reshape(-1, 2)


def _firsts(unions: Ints, heard: Heard) -> tuple[Ints, Ints]:
    """Spans heard first of each union: its group, places from and to."""
    group: list[int] = []
    spans: list[list[int]] = []
    for number, (low, high) in enumerate(unions.tolist()):
        bounds = np.flatnonzero(np.diff(heard.own[low:high] > 0, prepend=False, append=False)).reshape(-1, 2) + low
        sizes = bounds[:, 1] - bounds[:, 0]
        kept = bounds[sizes >= min(REST, int(sizes.max()))].tolist()
        spans += kept
        group += [number] * len(kept)
    return np.array(group, np.int64), np.array(spans, np.int64).reshape(-1, 2)


def _groups(copies: Table, unions: Ints) -> Groups:
    """The groups with their evidence, still without kinds, in places instead of tokens."""
    many, starts = len(unions), copies.starts
    low, high = unions.T
    video = np.searchsorted(starts, low, "right") - 1
    size = np.diff(starts)
    firsts = np.stack([np.arange(many), video], 1)
    here = np.unique(np.concatenate([firsts, np.stack([copies.group, copies.video], 1)]), axis=0)
    edge = copies.at_edge.astype(np.float64)
    first_edge = (low - starts[video] <= EDGE) | (starts[video + 1] - high <= EDGE)
    times = np.bincount(copies.group, minlength=many)
    return Groups(
        video, low, high, high - low, times + 1, np.zeros(many, np.int64),
        np.bincount(here[:, 0], minlength=many), _distinct(here, copies.outlets, many), _distinct(here, copies.days, many),
        _largest_share(copies, size, many), (high - low) / size[video],
        (np.bincount(copies.group, edge, many) + first_edge) / (times + 1),
        np.bincount(copies.group, copies.alike, many) / np.maximum(times, 1))


def _distinct(here: Ints, values: Ints, many: int) -> Ints:
    """How many different values, -1 left out, the videos of each group have."""
    pairs = np.stack([here[:, 0], values[here[:, 1]]], 1)
    return np.bincount(np.unique(pairs[pairs[:, 1] >= 0], axis=0)[:, 0], minlength=many)


def _largest_share(copies: Table, size: Ints, many: int) -> Floats:
    """Of each group: the largest share of a copying video that its copies cover."""
    pairs, inverse = np.unique(np.stack([copies.group, copies.video], 1), axis=0, return_inverse=True)
    words = np.bincount(inverse, copies.words, len(pairs))
    largest = np.zeros(many)
    np.maximum.at(largest, pairs[:, 0], words / size[pairs[:, 1]])
    return largest


def _tokens(groups: Groups, heard: Heard) -> Groups:
    groups.start[:], groups.end[:] = heard.tokens[groups.start], heard.tokens[groups.end - 1] + 1
    return groups


def _occurrences(heard: Heard, span: Ints, group: Ints, copies: int, of: Ints, alike: Floats, kind: Ints) -> Occurrences:
    """Places → videos and tokens, sorted."""
    order = np.argsort(span[:, 0], kind="stable")
    video, of_video = (np.searchsorted(heard.starts, places[order, 0], "right") - 1 for places in (span, of))
    start, end, of_start, of_end = (
        column.astype(np.int64) for places in (span[order], of[order])
        for column in (heard.tokens[places[:, 0]], heard.tokens[places[:, 1] - 1] + 1))
    first = order >= copies
    return Occurrences(video, start, end, group[order], first, alike[order], kind[order], of_video, of_start, of_end)
