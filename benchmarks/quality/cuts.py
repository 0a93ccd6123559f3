"""How far are two ways to cut a text apart?  Pk, WindowDiff, and boundaries found near those of the gold.

A cut is the places, in words, at which segments begin; the first is 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.quality.measure import Figure

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def window(gold: Sequence[int], words: int) -> int:
    """k: half the mean length of the gold segments, at least 2 (Beeferman, Berger & Lafferty 1999)."""
    return max(2, round(words / len(gold) / 2))


def between(starts: Sequence[int], words: int, k: int) -> Ints:
    """How many segments begin after word i and not after word i + k, for each pair of words so far apart."""
    begun = np.zeros(words, np.int64)
    begun[list(starts)] = 1
    sums = np.cumsum(begun)
    found: Ints = sums[k:] - sums[:-k]
    return found


def agreeing(gold: Sequence[int], ours: Sequence[int], words: int, k: int) -> tuple[Figure, Figure]:
    """Windows in which both cuts agree: 1 - Pk and 1 - WindowDiff, as shares of all windows.

    Pk (Beeferman, Berger & Lafferty 1999): whether both ends of the window are in one segment.  WindowDiff (Pevzner &
    Hearst 2002): how many segments begin in it.
    """
    one, other = between(gold, words, k), between(ours, words, k)
    many = len(one)
    return (Figure(int(((one > 0) == (other > 0)).sum()), many, many), Figure(int((one == other).sum()), many, many))


def found(gold: Sequence[int], ours: Sequence[int], near: int, times: Ints | None = None, near_ms: int = 0) -> Figure:
    """Boundaries (but the first) that both have, within ``near`` words or ``near_ms``; the nearest first, each once."""
    def apart(one: int, other: int) -> bool:
        close = times is not None and times[one] >= 0 <= times[other] and abs(int(times[one] - times[other])) <= near_ms
        return close or abs(one - other) <= near

    pairs = sorted((abs(g - o), g, o) for g in gold[1:] for o in ours[1:] if apart(g, o))
    used: set[tuple[str, int]] = set()
    right = 0
    for _, one, other in pairs:
        if ("gold", one) not in used and ("ours", other) not in used:
            used |= {("gold", one), ("ours", other)}
            right += 1
    return Figure(right, len(ours) - 1, len(gold) - 1)
