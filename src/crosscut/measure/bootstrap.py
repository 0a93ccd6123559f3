"""Intervals by resampling videos, never words.

Words of one video are not independent: one hearing holds a word a hundred times.  So videos are drawn with replacement
and the ratio is computed anew (cluster bootstrap, percentile interval: Efron & Tibshirani 1993, chapters 13 and 14).
Percentile rather than BCa for now: rates of zero-heavy counts make BCa's acceleration unstable in small groups; the
coverage of both is compared when the measures are built.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

REPLICATES = 1_000
LEVEL = 0.95
#: Fewer videos than this carry no interval: a percentile of so few distinct resamples says little.
FEWEST_VIDEOS = 10
#: Resampled weights are drawn in blocks of at most so many numbers (8 bytes each).
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, or the reason why there is none."""

    low: float | None = None
    high: float | None = None
    why_not: str = ""


def generator(seed: int, label: str) -> np.random.Generator:
    """Random numbers that depend on the seed and on what they are for, not on what was computed before."""
    digest = hashlib.sha256(f"{seed}\0{label}".encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def ratio_interval(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, *, per: float, seed: int, label: str,
    replicates: int = REPLICATES, level: float = LEVEL,
) -> Interval:
    """Interval of ``per * sum(counts) / sum(sizes)`` over videos; ``counts`` and ``sizes`` have one value a video."""
    hits, words = np.asarray(counts, np.float64), np.asarray(sizes, np.float64)
    if len(hits) < FEWEST_VIDEOS:
        return Interval(why_not=f"fewer than {FEWEST_VIDEOS} videos")
    if not hits.any():
        return Interval(why_not="no hits")
    if not words.any():
        return Interval(why_not="no words")
    ratios = resampled_ratios(hits, words, generator(seed, label), replicates) * per
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def resampled_ratios(
    hits: Floats, words: Floats, random: np.random.Generator, replicates: int
) -> Floats:
    """The ratio in each resample of the videos (replicates whose sample has no words are left out)."""
    videos = len(hits)
    even = np.full(videos, 1 / videos)
    ratios = []
    block = max(1, _BLOCK // videos)
    for begin in range(0, replicates, block):
        weights = random.multinomial(videos, even, size=min(block, replicates - begin)).astype(np.float64)
        totals = weights @ words
        ratios.append((weights @ hits)[totals > 0] / totals[totals > 0])
    return np.concatenate(ratios)
