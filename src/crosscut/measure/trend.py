"""How often over time?  A rate for each group and period, or for all periods so far.

Every period between the first and the last has its row, also where a group has no video in it.  A rate that rests on too few
words or videos is not given: such a period is a gap in the series, not a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.bootstrap import FEWEST, LEVEL, REPLICATES, Group, Sample, limits, log_rate, spreads
from crosscut.measure.frequency import NO_ANSWER, PER_MILLION

Ints = npt.NDArray[np.int64]

#: A period with fewer words or videos of a group has no rate: one hit more would move it by 500 per million.
LEAST_WORDS, LEAST_VIDEOS = 2_000, 3
#: More periods than this are no series that anyone reads.
MOST = 4_000
#: Why a period has no rate, where it has nothing at all.
EMPTY = "no videos"

#: What each column is.
COLUMNS: Mapping[str, str] = {
    "hits": "How many hits there are in the period.",
    "words": "Words of the videos of the period; only those that can answer.",
    "videos": "Videos of the period.",
    "videos_with_hits": "Videos with at least one hit.",
    "share": "Share of the videos that have a hit: videos_with_hits / videos.",
    "per_million": "Hits per million words: 1,000,000 × hits / words.  Empty where the period has too few words or videos "
                   "(parameters least_words, least_videos): a gap, not a zero.",
    "low": "Lower limit of the rate per million: resampled over the videos of the period (crosscut.measure.bootstrap).",
    "high": "Upper limit of the rate per million.",
    "event": "Events of the study file that fall into the period.",
    "note": "Why there is no rate, or no interval.",
}
#: Added to the explanation of the counts where they are taken over all periods so far.
CUMULATIVE = "  All periods up to this one are taken together."


@dataclass(frozen=True, slots=True)
class Point:
    """One group in one period.  None: no number; ``note`` says why."""

    hits: int
    words: int
    videos: int
    videos_with_hits: int
    share: float | None
    per_million: float | None
    low: float | None
    high: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Guard:
    """What a period must have for a rate."""

    words: int = LEAST_WORDS
    videos: int = LEAST_VIDEOS

    def why_not(self, words: int, videos: int) -> str:
        """Why so many words of so many videos are too few, or nothing."""
        if not videos:
            return EMPTY
        if words < max(self.words, 1):
            return f"fewer than {max(self.words, 1):,} words"
        return f"fewer than {self.videos:,} videos" if videos < self.videos else ""


def series(
    hits: Ints, words: Ints, groups: tuple[Ints, int], periods: tuple[Ints, int], *, cumulative: bool = False,
    guard: Guard | None = None, seed: int, replicates: int = REPLICATES, level: float = LEVEL,
) -> Iterator[list[Point]]:
    """The points of each group, period by period, of one query.

    ``hits``, ``words``: one value a video; ``groups``, ``periods``: a code a video (-1: in none), and how many there are.
    """
    (code, many), (period, lengths) = groups, periods
    for group in range(many):
        mine = np.flatnonzero((code == group) & (period >= 0))
        mine = mine[np.argsort(period[mine], kind="stable")]
        edges = np.searchsorted(period[mine], np.arange(lengths + 1))
        yield [_point(hits[videos], words[videos], guard or Guard(), len(mine) > 0, seed, replicates, level)
               for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
               for videos in (mine[0 if cumulative else begin : end],)]


def _point(hits: Ints, words: Ints, guard: Guard, answers: bool, seed: int, replicates: int, level: float) -> Point:
    total, size, videos, found = int(hits.sum()), int(words.sum()), len(hits), int(np.count_nonzero(hits))
    why = guard.why_not(size, videos) if answers else NO_ANSWER
    rate = None if why else PER_MILLION * total / size
    low = high = None
    if rate and videos >= FEWEST:
        sample = Sample.of(np.ones(videos, bool), seed=seed, replicates=replicates)
        spread = spreads([Group(sample, (Counts.dense(hits[None]),), (words,))], log_rate)
        ends = limits([np.log(rate)], spread, level)
        low, high = (float(np.exp(end[0])) for end in ends)
    else:
        why = why or ("no interval: no hits" if not total else f"no interval: fewer than {FEWEST} videos")
    return Point(total, size, videos, found, found / videos if videos else None, rate, low, high, why)
