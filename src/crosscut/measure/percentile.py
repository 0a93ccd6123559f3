"""Intervals by resampling videos, never words.

Words of one video are not independent: one hearing holds a word a hundred times.  So videos are drawn with replacement
and the ratio is computed anew (cluster bootstrap, percentile interval: Efron & Tibshirani 1993, chapters 13 and 14).
Percentile rather than BCa for now: rates of zero-heavy counts make BCa's acceleration unstable in small groups; the
coverage of both is compared when the measures are built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
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
#: Resamples of small groups are kept for the next query: at most so many numbers a group, and in all (a byte each).
_LARGEST_KEPT, _KEPT = 4_000_000, 64_000_000


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
    return ratio_intervals([(hits[None], words)], per=per, seed=seed, label=label, replicates=replicates, level=level)[0][0]


def ratio_intervals(
    groups: Sequence[tuple[Floats, Floats]], *, per: float, seed: int, label: str,
    replicates: int = REPLICATES, level: float = LEVEL,
) -> list[list[Interval]]:
    """The intervals of many groups of videos at once, a list of one interval a row of counts for each group.

    A group is counts (rows × videos) and sizes (videos).  Groups of the same number of videos share their resamples: an
    interval depends on its group, the seed and the label alone, and what it costs is one drawing for each such number.
    """
    found = [[Interval(why_not=why_not(row, words)) for row in hits] for hits, words in groups]
    by_videos: dict[int, list[int]] = {}
    for number, (_, words) in enumerate(groups):
        if any(not interval.why_not for interval in found[number]):
            by_videos.setdefault(len(words), []).append(number)
    for videos, numbers in by_videos.items():
        columns = np.concatenate([np.vstack([words, hits]) for hits, words in (groups[n] for n in numbers)])
        totals = np.concatenate([columns @ weights.T for weights in _weights(videos, seed, label, replicates)], axis=1)
        at = 0
        for number in numbers:
            rows = len(found[number])
            ends = _ends(totals[at + 1 : at + 1 + rows] * per, totals[at], level)
            found[number] = [Interval(*end) if not interval.why_not else interval
                             for interval, end in zip(found[number], ends, strict=True)]
            at += 1 + rows
    return found


def why_not(hits: Floats, words: Floats) -> str:
    """Why a group of videos has no interval, or nothing."""
    if len(hits) < FEWEST_VIDEOS:
        return f"fewer than {FEWEST_VIDEOS} videos"
    return "no hits" if not hits.any() else "no words" if not words.any() else ""


def _ends(hits: Floats, words: Floats, level: float) -> list[tuple[float, float]]:
    """The ends of the percentile interval of each row of hits over words; resamples without words are left out."""
    some = words > 0
    ends = np.quantile(hits[:, some] / words[some], [(1 - level) / 2, (1 + level) / 2], axis=1)
    return [(low, high) for low, high in ends.T.tolist()]


def resampled_ratios(
    hits: Floats, words: Floats, random: np.random.Generator, replicates: int
) -> Floats:
    """The ratio in each resample of the videos (replicates whose sample has no words are left out)."""
    ratios = []
    for weights in _drawn(random, len(hits), replicates):
        totals = weights @ words
        ratios.append((weights @ hits)[totals > 0] / totals[totals > 0])
    return np.concatenate(ratios)


def _drawn(random: np.random.Generator, videos: int, replicates: int) -> Iterator[Floats]:
    """How often each video is in each resample (resamples × videos), in blocks: as many drawn as there are, put back."""
    block = max(1, _BLOCK // videos)
    for begin in range(0, replicates, block):
        rows = min(block, replicates - begin)
        drawn = random.integers(0, videos, size=(rows, videos))
        drawn += np.arange(0, rows * videos, videos)[:, None]
        yield np.bincount(drawn.reshape(-1), minlength=rows * videos).reshape(rows, videos).astype(np.float64)


#: Resamples that were drawn lately, in small numbers: the next query over the same groups has the same.
_kept: dict[tuple[int, str, int, int], npt.NDArray[np.uint8]] = {}


def _weights(videos: int, seed: int, label: str, replicates: int) -> Iterator[Floats]:
    """The resamples of so many videos; each block is to be used before the next one is asked for."""
    key = (seed, label, videos, replicates)
    if (kept := _kept.get(key)) is not None:
        yield kept.astype(np.float64)
        return
    for weights in _drawn(generator(seed, f"{label}\0{videos}"), videos, replicates):
        if len(weights) == replicates and weights.size <= _LARGEST_KEPT and weights.max() < 256:
            _make_room(weights.size)
            _kept[key] = weights.astype(np.uint8)
        yield weights


def _make_room(size: int) -> None:
    """Let go of the oldest resamples until there is room for ``size`` more numbers."""
    held = sum(weights.size for weights in _kept.values())
    while held + size > _KEPT:
        held -= _kept.pop(next(iter(_kept))).size
