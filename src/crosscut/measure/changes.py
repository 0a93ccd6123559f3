"""Where did a rate change, and how sure is that?  Change points of a series, weighted by its words.

*Where.*  A series is cut into stretches of one rate each.  With H hits in W words in a stretch and the rate r over all,
cutting gains 2 Σ H log(H / (r W)) of deviance (Poisson); the best k cuts for each k are found exactly (dynamic programme:
Auger & Lawrence 1989; Jackson et al. 2005).  A period counts by its words, and a gap by nothing.

*How many.*  Each cut must gain more than a penalty, and the penalty is what chance gains: the videos are dealt out to the
periods anew, each period keeping its number, and the penalty is the gain per cut that all but ``alpha`` of these series do
not exceed.  So a series whose rate is constant gets a change with probability alpha at most, however its hits come in
clumps; a penalty such as BIC's would take hits for independent, and words of one video are not.  Where many series are
looked at, they share alpha.

*How sure.*  The videos of each period are drawn with replacement and the series is cut anew.  ``support`` is the share of
the resamples that have a change within a period of this one, by the same penalty; ``earliest`` and ``latest`` hold the
place of this change in the level's share of the resamples, cut as often as the series itself.  The ratio of the rates
before and after takes the place as given, and the cut was made where they differ most: it is rather too far from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.association import PER_MILLION
from crosscut.measure.bootstrap import LEVEL, REPLICATES, Group, Sample, generator, limits, log_ratio, own_units, spreads

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ALPHA = 0.05
#: A stretch has at least so many periods, and a series at most so many changes.
SHORTEST, MOST_CHANGES = 2, 8
#: Time and memory grow with the square of the number of periods.
MOST_PERIODS = 400
#: So many numbers are worked on at a time (8 bytes each).
_BLOCK = 500_000

#: What each column is.
COLUMNS: Mapping[str, str] = {
    "period": "The first period after the change.",
    "earliest": "The earliest place of the change, in 95 % of the resamples (or what the parameter level says).",
    "latest": "The latest place of it.",
    "support": "Share of the resamples of the videos within their periods that have a change within one period of this one.",
    "p": "How often a series whose videos are dealt out to the periods at random can be cut as well: (1 + b) / (1 + B).  It "
         "is of the whole series: whether there is any change; the series share the parameter alpha, so that each has its "
         "alpha / number of series to stay below.",
    "before": "Hits per million words from the change before, or the beginning, up to this change.",
    "after": "Hits per million words from this change up to the next, or the end.",
    "log_ratio": "log2 of the rate after over the rate before: 1 is twice as often.",
    "low": "Lower limit of the log ratio, the place taken as given: resampled over videos (crosscut.measure.bootstrap).",
    "high": "Upper limit of the log ratio.",
    "event": "Events of the study file between the earliest and the latest place.",
    "note": "Why there is no change, or no interval.",
}


@dataclass(frozen=True, slots=True)
class Course:
    """One series: one value a video.  ``periods``: code of its period (-1: in none); ``units``: as in ``bootstrap``."""

    hits: Ints
    words: Ints
    periods: Ints
    units: Ints | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change; places are codes of periods.  Rates are per million words; log ratios are to base 2."""

    period: int
    earliest: int
    latest: int
    support: float
    before: float
    after: float
    log_ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a series, in order; ``p``: of any change at all; ``penalty``: deviance that a change must gain."""

    found: tuple[Change, ...]
    p: float | None
    penalty: float | None
    why_not: str = ""


def changes(
    courses: Sequence[Course], *, seed: int, alpha: float = ALPHA, shortest: int = SHORTEST, most: int = MOST_CHANGES,
    replicates: int = REPLICATES, level: float = LEVEL,
) -> list[Changes]:
    """The changes of each series; ``alpha``: probability that any of them has one though none changed."""
    each = alpha / max(len(courses), 1)
    deals = max(replicates, int(np.ceil(2 / each)))  # so that the penalty is not the largest of all
    return [_of_course(course, seed, each, (shortest, most), (deals, replicates), level) for course in courses]


def _of_course(
    course: Course, seed: int, alpha: float, limit: tuple[int, int], draws: tuple[int, int], level: float
) -> Changes:
    table = _Table.of(course)
    if why := table.why_not(limit[0]):
        return Changes((), None, None, why)
    cut = _Cutter(table, limit)
    gains = cut(table.totals()[None]).gains[0]
    chance = np.sort(np.concatenate([_each(cut(drawn).gains) for drawn in table.dealt(seed, draws[0])]))
    penalty = float(chance[min(int(np.ceil((1 - alpha) * (len(chance) + 1))), len(chance)) - 1])
    p = (1 + int(np.count_nonzero(chance >= _each(gains[None])[0] * (1 - 1e-9)))) / (1 + len(chance))
    many = int(np.argmax(gains - penalty * np.arange(len(gains))))
    if not many:
        return Changes((), p, penalty, "no change found")
    places = cut(table.totals()[None]).places(np.array([many]))[0, :many]
    resampled = [cut(drawn) for drawn in table.resampled(seed, draws[1])]
    own = np.concatenate([one.places(np.full(len(one.gains), many)) for one in resampled])
    free = np.concatenate([one.places(one.best(penalty)) for one in resampled])
    return Changes(tuple(_changes_at(course, table, places, own, free, seed, draws[1], level)), p, penalty)


def _each(gains: Floats) -> Floats:
    """The largest gain a cut, over the numbers of cuts (series × cuts)."""
    largest: Floats = (gains[:, 1:] / np.arange(1, gains.shape[1])).max(axis=1)
    return largest


def _changes_at(
    course: Course, table: _Table, places: Ints, own: Ints, free: Ints, seed: int, replicates: int, level: float
) -> Iterator[Change]:
    edges = [0, *places.tolist(), len(table.codes)]
    for number, place in enumerate(places.tolist()):
        ends = np.quantile(own[:, number], [(1 - level) / 2, (1 + level) / 2], method="closest_observation")
        early, late = min(int(ends[0]), place), max(int(ends[1]), place)
        support = float((np.abs(free - place) <= 1).any(axis=1).mean())
        sides = [(course.periods >= table.codes[begin]) & (course.periods <= table.codes[end - 1])
                 for begin, end in ((edges[number], place), (place, edges[number + 2]))]
        before, after = (course.hits[side].sum() / course.words[side].sum() for side in sides)
        ratio = float(np.log2(after / before)) if before and after else None
        low, high = _interval(course, sides, ratio, seed, replicates, level)
        at, first, last = (int(table.codes[one]) for one in (place, early, late))
        yield Change(at, first, last, support, float(PER_MILLION * before), float(PER_MILLION * after), ratio, low, high)


def _interval(
    course: Course, sides: list[npt.NDArray[np.bool_]], ratio: float | None, seed: int, replicates: int, level: float
) -> tuple[float | None, float | None]:
    """The limits of the log ratio of the second side over the first."""
    if ratio is None:
        return None, None
    samples = Sample.of_groups(sides[::-1], course.units, seed=seed, replicates=replicates)
    groups = [Group(sample, (Counts.dense(np.where(side, course.hits, 0)[None]),), (np.where(side, course.words, 0),))
              for sample, side in zip(samples, reversed(sides), strict=True)]
    low, high = (float(end[0]) for end in limits([ratio], spreads(groups, log_ratio), level))
    return (low, high) if np.isfinite(low) else (None, None)


@dataclass(frozen=True, slots=True)
class _Table:
    """Units of a series, period by period: ``counts`` has hits and words (2 × units); periods without words are left out."""

    codes: Ints      # code of each period that is left
    starts: Ints     # first unit of each period
    counts: Floats

    @classmethod
    def of(cls, course: Course) -> _Table:
        some = np.flatnonzero((course.periods >= 0) & (course.words > 0))
        unit = own_units(None if course.units is None else course.units[some], len(some))
        period = course.periods[some]
        order = np.lexsort((unit, period))
        period, unit = period[order], unit[order]
        first = np.flatnonzero((np.diff(period, prepend=-1) != 0) | (np.diff(unit, prepend=-1) != 0))
        counts = np.stack([course.hits[some], course.words[some]]).astype(np.float64)[:, order]
        codes, starts = np.unique(period[first], return_index=True)
        return cls(codes, starts.astype(np.int64), np.add.reduceat(counts, first, axis=1) if len(first) else counts)

    def why_not(self, shortest: int) -> str:
        """Why there can be no changes, or nothing."""
        if len(self.codes) < 2 * shortest:
            return f"fewer than {2 * shortest} periods with words"
        return "" if self.counts[0].any() else "no hits"

    def totals(self) -> Floats:
        """Hits and words of each period (2 × periods)."""
        return np.add.reduceat(self.counts, self.starts, axis=1)

    def dealt(self, seed: int, many: int) -> Iterator[Floats]:
        """Series whose units are dealt out to the periods at random (series × 2 × periods), in blocks."""
        order = np.arange(self.counts.shape[1], dtype=np.int32)
        return self._drawn(seed, "dealt", many, lambda random, rows: random.permuted(
            np.broadcast_to(order, (rows, len(order))), axis=1))

    def resampled(self, seed: int, many: int) -> Iterator[Floats]:
        """Series whose units are drawn with replacement within each period (series × 2 × periods), in blocks."""
        lengths = np.diff(self.starts, append=self.counts.shape[1])
        start, length = np.repeat(self.starts, lengths), np.repeat(lengths, lengths)
        return self._drawn(seed, "resampled", many, lambda random, rows: start + random.integers(
            0, length, size=(rows, len(length))))

    def _drawn(
        self, seed: int, label: str, many: int, draw: Callable[[np.random.Generator, int], npt.NDArray[np.integer]]
    ) -> Iterator[Floats]:
        random = generator(seed, f"changes\0{label}\0{self.counts.shape[1]}")
        rows = max(1, _BLOCK // max(self.counts.shape[1], len(self.codes) * 8))
        for begin in range(0, many, rows):
            drawn = self.counts[:, draw(random, min(rows, many - begin))]
            yield np.add.reduceat(drawn, self.starts, axis=2).transpose(1, 0, 2)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Series cut in the best way: ``gains`` by the number of cuts (series × cuts + 1), and where the last cut was."""

    gains: Floats
    last: npt.NDArray[np.int16]   # cuts + 1 × series × periods + 1

    def best(self, penalty: float) -> Ints:
        """How many cuts gain most, each at its penalty."""
        best: Ints = np.argmax(self.gains - penalty * np.arange(self.gains.shape[1]), axis=1)
        return best

    def places(self, many: Ints) -> Ints:
        """Where so many cuts are, in order (series × most cuts; -9 behind them): each the first period after it."""
        rows = np.arange(len(many))
        end = np.full(len(many), self.last.shape[2] - 1)
        found = np.full((len(many), self.last.shape[0] - 1), -9, np.int64)
        for cut in range(self.last.shape[0] - 1, 0, -1):
            now = many >= cut
            end = np.where(now, self.last[np.where(now, cut, 0), rows, end], end)
            found[now, cut - 1] = end[now]
        return found


class _Cutter:
    """Cuts series of one length in the best way, for each number of cuts."""

    def __init__(self, table: _Table, limit: tuple[int, int]) -> None:
        self.shortest = max(limit[0], 1)
        self.most = max(1, min(limit[1], len(table.codes) // self.shortest - 1))

    def __call__(self, series: Floats) -> _Cut:
        """Series (series × hits and words × periods)."""
        rows, periods = series.shape[0], series.shape[2]
        sums = np.concatenate([np.zeros((rows, 2, 1)), np.cumsum(series, axis=2)], axis=2)
        hits, expected = sums[:, 0], sums[:, 1] * (sums[:, 0, -1:] / sums[:, 1, -1:])
        best = np.full((self.most + 1, rows, periods + 1), -np.inf)
        last = np.zeros((self.most + 1, rows, periods + 1), np.int16)
        best[0, :, 0] = 0
        for end in range(self.shortest, periods + 1):
            upto = end - self.shortest + 1
            gain = _gains(hits[:, end, None] - hits[:, :upto], expected[:, end, None] - expected[:, :upto])
            best[0, :, end] = gain[:, 0]
            for cut in range(1, self.most + 1):
                if upto > cut * self.shortest:
                    first = cut * self.shortest
                    together = best[cut - 1, :, first:upto] + gain[:, first:]
                    place = together.argmax(axis=1)
                    last[cut, :, end] = place + first
                    best[cut, :, end] = together[np.arange(rows), place]
        return _Cut(best[:, :, -1].T, last)


def _gains(hits: Floats, expected: Floats) -> Floats:
    """Deviance that a rate of its own gains in each stretch; 0 without hits."""
    some = (hits > 0) & (expected > 0)
    gains: Floats = 2 * hits * np.log(np.where(some, hits, 1) / np.where(some, expected, 1))
    return gains
