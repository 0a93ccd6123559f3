"""Sorted lists of strings, merged without a look at any string by itself.

Seven bytes of a string and how many bytes follow fit into one integer that sorts as the bytes do.  Of lists that are
sorted these integers come in ascending runs, which a stable sort merges in 15 ns an integer: 20 lexicons of 60,000 words
in 0.07 s, where a dictionary of Python strings takes 0.6 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.store.pack import Strings

Array = npt.NDArray[Any]

#: Bytes of a string that are looked at in one round.
_STEP = 7
#: So many strings are merged at once (some 100 bytes of memory each): longer lists in stretches of the alphabet.
AT_ONCE = 1_000_000


def merge_sorted(parts: Sequence[Strings], at_once: int = AT_ONCE) -> tuple[Strings, list[npt.NDArray[np.uint32]]]:
    """The distinct strings of sorted lists without doubles, sorted by bytes; and where the strings of each list are now."""
    pieces, places, done = [], [[np.zeros(0, np.uint32)] for _ in parts], 0
    for stretch in _stretches(parts, at_once):
        merged, ranks = _merge([part.part(begin, end) for part, (begin, end) in zip(parts, stretch, strict=True)])
        for place, rank in zip(places, ranks, strict=True):
            place.append((rank + done).astype(np.uint32))
        pieces.append((merged, 0, len(merged)))
        done += len(merged)
    return Strings.join(pieces), [np.concatenate(place) for place in places]


def _stretches(parts: Sequence[Strings], at_once: int) -> list[list[tuple[int, int]]]:
    """Stretches of the alphabet, as from where to where they go in each list: cut where the longest list is."""
    longest = max(parts, key=len)
    how_many = -(-sum(map(len, parts)) // at_once) or 1
    marks = [longest.raw(len(longest) * number // how_many) for number in range(1, how_many)]
    cuts = [[0, *(part.place_of_bytes(mark) for mark in marks), len(part)] for part in parts]
    return [[(cut[number], cut[number + 1]) for cut in cuts] for number in range(len(marks) + 1)]


def _merge(parts: Sequence[Strings]) -> tuple[Strings, list[Array]]:
    together = Strings.join([(part, 0, len(part)) for part in parts])
    ranks = _ranks(together.offsets[:-1], np.diff(together.offsets), together.blob)
    first = np.empty(int(ranks.max()) + 1 if len(ranks) else 0, np.int64)
    first[ranks] = np.arange(len(ranks))  # any string of the rank will do
    return together.chosen(first), np.split(ranks, np.cumsum([len(part) for part in parts])[:-1])


def _ranks(begins: Array, lengths: Array, blob: Array) -> npt.NDArray[np.int64]:
    """The place of each string among the distinct ones; fastest if they come in ascending runs."""
    padded = np.concatenate([blob, np.zeros(8, np.uint8)])
    windows: Array = np.ndarray((len(padded) - 7,), ">u8", padded.data, strides=(1,))  # eight bytes from each byte on
    ranks = _dense(_keys(windows, begins, lengths))
    active, done = np.flatnonzero(lengths > _STEP), _STEP
    while len(active):
        keys = _dense(_keys(windows, begins[active] + done, lengths[active] - done))
        pairs = ranks[active] << 32 | keys
        ranks = _refined(ranks, active, pairs)
        done += _STEP
        active = active[lengths[active] > done]
    return ranks


def _keys(windows: Array, begins: Array, lengths: Array) -> npt.NDArray[np.uint64]:
    """Seven bytes from each place on, then how many there are (8: more than seven follow); what is beyond the end is 0."""
    beyond = (8 * (8 - np.minimum(lengths, _STEP))).clip(8, 63).astype(np.uint64)
    text = (windows[begins].astype(np.uint64) >> beyond) << beyond
    text[lengths == 0] = 0
    return text | np.minimum(lengths, _STEP + 1).astype(np.uint64)


def _dense(keys: Array) -> npt.NDArray[np.int64]:
    """The place of each key among the distinct keys."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = np.cumsum(np.concatenate([np.zeros(1, bool)[: len(keys)], ordered[1:] != ordered[:-1]]))
    return ranks


def _refined(ranks: Array, active: Array, pairs: Array) -> npt.NDArray[np.int64]:
    """Ranks in which strings that were equal so far are told apart by ``pairs`` of (rank so far, key).

    Of the strings of one rank either all go on or none does: their keys say how many bytes there are.
    """
    finer = _dense(pairs)
    groups = np.empty(int(finer.max()) + 1, np.int64)
    groups[finer] = ranks[active]
    width = np.ones(int(ranks.max()) + 1, np.int64)
    present, first, how_many = np.unique(groups, return_index=True, return_counts=True)
    width[present] = how_many
    begin = np.cumsum(width) - width
    refined = begin[ranks]
    before = np.zeros(len(width), np.int64)
    before[present] = first
    refined[active] += finer - before[ranks[active]]
    return refined
