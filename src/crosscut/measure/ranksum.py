"""Do the videos of one group have a thing more often than the others?  Ranks of videos, not sums of words.

The Wilcoxon rank-sum test (Wilcoxon 1945; Mann & Whitney 1947) on the relative frequencies of each thing in each video: a
video that is full of a word is one rank, not a hundred tokens (Kilgarriff 2001, for corpora).  Videos that lack the thing
tie at 0; only the others are put in order, so that hundreds of thousands of things need no full table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.significance import p_of_normal

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Entries that are put in order at once (some ten arrays of 8 bytes each).
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class RankSums:
    """``sums``: things × groups, the sum of the ranks that the videos of a group have among those of all groups.

    ``videos``: how many each group has (videos without a token have no relative frequency, and no rank).  ``ties``: one a
    thing, Σ (t³ - t) over its ties of t videos.
    """

    sums: Floats
    videos: Ints
    ties: Floats


def rank_sums(counts: Counts, sizes: Ints, codes: Ints, groups: int) -> RankSums:
    """Rank sums by group for each thing; ``codes`` has the group of each video (-1: in none), ``sizes`` its tokens."""
    known = np.where(sizes > 0, codes, -1)
    videos = np.bincount(known[known >= 0], minlength=groups)
    sums, ties = np.zeros((len(counts), groups)), np.zeros(len(counts))
    for things, part in counts.lots(_AT_ONCE):
        sums[things], ties[things] = _ranked(part.among(known >= 0), sizes, known, videos)
    return RankSums(sums, videos, ties)


def against_the_rest(ranks: RankSums, group: int) -> tuple[Floats, Floats]:
    """The videos of a group against those of all other groups: superiority, and p.

    Superiority (Vargha & Delaney 2000): U / (m n), the chance that a video of the group has a thing relatively more often
    than one of the rest, a tie counting half; 0.5: alike.  p: two-sided, by the normal approximation of U with the
    corrections for ties and for continuity.  nan where a side has no video.
    """
    all_, one = int(ranks.videos.sum()), int(ranks.videos[group])
    pairs = one * (all_ - one)
    if not pairs:
        nothing = np.full(len(ranks.ties), np.nan)
        return nothing, nothing
    u = ranks.sums[:, group] - one * (one + 1) / 2
    variance = pairs / 12 * (all_ + 1 - ranks.ties / (all_ * max(all_ - 1, 1)))
    away = np.maximum(np.abs(u - pairs / 2) - 0.5, 0)
    z = np.where(variance > 0, away / np.sqrt(np.where(variance > 0, variance, 1)), 0)
    return u / pairs, p_of_normal(z)


def _ranked(counts: Counts, sizes: Ints, known: Ints, videos: Ints) -> tuple[Floats, Floats]:
    """Rank sums by group, and ties."""
    things, groups = len(counts), len(videos)
    thing, group = counts.thing, known[counts.video]
    there = np.bincount(thing * groups + group, minlength=things * groups).reshape(things, groups)
    zeros = int(videos.sum()) - there.sum(axis=1)
    tie, group = _in_order(thing, counts.n / sizes[counts.video], int(sizes.max(initial=1)), group)
    first = np.flatnonzero(np.diff(tie, prepend=-1))     # of each tie; things lie one after the other
    size = np.diff(first, append=len(tie))
    of = thing[first]
    rank = zeros[of] + first - counts.bounds[of] + (size + 1) / 2
    sums = np.bincount(thing * groups + group, np.repeat(rank, size), things * groups).reshape(things, groups)
    ties = np.bincount(of, size.astype(np.float64) ** 3 - size, things) + zeros.astype(np.float64) ** 3 - zeros
    return sums + (videos - there) * (zeros[:, None] + 1) / 2, ties


def _in_order(thing: Ints, rate: Floats, largest: int, group: Ints) -> tuple[Ints, Ints]:
    """Entries by thing and rate: a number that is the same for ties, and the group of each.

    All three lie side by side in one integer, which sorts in a third of the time of three.
    """
    low = int(group.max(initial=0)).bit_length()
    room = 62 - low - int(thing.max(initial=0)).bit_length()
    code, bits = _codes(rate, largest, room)
    keys = np.sort(thing << (bits + low) | code << low | group)
    return keys >> low, keys & ((1 << low) - 1)


def _codes(rate: Floats, largest: int, room: int) -> tuple[Ints, int]:
    """Whole numbers in the order of the rates, equal where those are, and how many bits they have.

    Rates of videos of s and t tokens that differ do so by 1 / (s t) or more: enough bits keep them apart.
    """
    bits = 2 * largest.bit_length() + 1
    whole = int(rate.max(initial=0)).bit_length()
    if bits + whole <= min(room, 50):  # of the 53 of a float
        return (rate * (1 << bits)).astype(np.int64), bits + whole
    code = np.unique(rate, return_inverse=True)[1]
    return code, len(code).bit_length()
