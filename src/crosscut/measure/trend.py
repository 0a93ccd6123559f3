"""How often over time?  A rate for each group and period, or for all periods so far.

Every period between the first and the last has its row, also where a group has no video in it.  A rate that rests on too few
words or videos is not given: such a period is a gap in the series, not a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.measure.association import PER_MILLION
from crosscut.measure.frequency import COLUMNS as OF_RATES
from crosscut.measure.frequency import NO_ANSWER
from crosscut.measure.rates import Asked, Resampling, interval, share

Ints = npt.NDArray[np.int64]

#: A period with fewer words or videos of a group has no rate: one hit more would move it by 500 per million.
LEAST_WORDS, LEAST_VIDEOS = 2_000, 3
#: More periods than this are no series that anyone reads.
MOST = 4_000
#: Why a period has no rate, where it has nothing at all.
EMPTY = "no videos"

#: What each column is.
COLUMNS: Mapping[str, str] = {
    **{name: OF_RATES[name] for name in ("hits", "words", "videos", "videos_with_hits", "share_of_videos", "share_low",
                                         "share_high")},
    "per_million": f"{OF_RATES['per_million']} Empty where the period has too few words or videos (parameters least_words, "
                   "least_videos): a gap, not a zero.",
    "low": OF_RATES["low"],
    "high": OF_RATES["high"],
    "event": "Events of the study file that fall into the period.",
    "note": f"Why there is no rate. {OF_RATES['note']}",
}
#: What the period is where all so far are taken together.
CUMULATIVE = "The last of the periods that are taken together; the first is that of the first row."


@dataclass(frozen=True, slots=True)
class Point:
    """One group in one period.  None: no number; ``note`` says why."""

    hits: int
    words: int
    videos: int
    videos_with_hits: int
    share_of_videos: float | None
    share_low: float | None
    share_high: float | None
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
    hits: Ints, words: Ints, groups: tuple[Ints, int], periods: tuple[Ints, int], how: Resampling, *,
    cumulative: bool = False, guard: Guard | None = None,
) -> Iterator[list[Point]]:
    """The points of each group, period by period, of one query.

    ``hits``, ``words``: one value a video; ``groups``, ``periods``: a code a video (-1: in none), and how many there are.
    """
    (code, many), (period, lengths) = groups, periods
    asked = Asked.of(hits, words, code >= 0, how)
    for group in range(many):
        mine = np.flatnonzero((code == group) & (period >= 0))
        mine = mine[np.argsort(period[mine], kind="stable")]
        edges = np.searchsorted(period[mine], np.arange(lengths + 1))
        answers = bool((code == group).any())
        yield [_point(hits[videos], words[videos], asked, how.among(videos), guard or Guard(), answers)
               for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
               for videos in (mine[0 if cumulative else begin : end],)]


def _point(hits: Ints, words: Ints, asked: Asked, how: Resampling, guard: Guard, answers: bool) -> Point:
    total, size, videos, found = int(hits.sum()), int(words.sum()), len(hits), int(np.count_nonzero(hits))
    of, least, most = share(hits, how) if videos else (None, None, None)
    if why := guard.why_not(size, videos) if answers else NO_ANSWER:
        return Point(total, size, videos, found, of, least, most, None, None, None, why)
    limits = interval(hits, words, asked, how)
    low, high = (None if end is None else PER_MILLION * end for end in (limits.low, limits.high))
    return Point(total, size, videos, found, of, least, most, PER_MILLION * total / size, low, high, limits.note)
