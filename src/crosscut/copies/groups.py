"""Groups with their evidence, and their occurrences, as columns: see ``found``; who belongs to whom: see ``sources``."""

from __future__ import annotations

import numpy as np

from crosscut.copies.found import Floats, Groups, Ints, Occurrences
from crosscut.copies.heard import Heard
from crosscut.copies.kinds import EDGE, Table, group_kinds, kinds
from crosscut.copies.sources import sources


def grouped(rows: Ints, heard: Heard, outlets: Ints, days: Ints) -> tuple[Occurrences, Groups]:
    """Rows as in ``state.ROW``, sorted by video and place → occurrences and groups."""
    starts = np.array(heard.starts)
    found = sources(rows, heard.own)
    copies = Table(rows, found.group, np.searchsorted(starts, rows[:, 3], "right") - 1, starts, outlets, days)
    groups = _groups(copies, found.union)
    kind = kinds(copies, groups)
    groups.kind[:] = group_kinds(copies, groups, kind)
    occurrences = _occurrences(
        heard, np.concatenate([rows[:, 1:3], found.span]), np.concatenate([found.group, found.span_group]), len(rows),
        np.concatenate([rows[:, 3:5], found.span]), np.concatenate([copies.alike, np.ones(len(found.span))]),
        np.concatenate([kind, groups.kind[found.span_group]]))
    return occurrences, _tokens(groups, heard)


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
