"""Intervals by resampling videos, never words.

Words of one video are not independent: one hearing holds a word a hundred times.  So the videos of each group are drawn
with replacement, as many as there are, and a statistic is computed anew each time (cluster bootstrap: Efron & Tibshirani
1993).  The interval is ``estimate ± t(df) · sd`` with the standard deviation over the resamples, on a scale on which the
statistic is about normal (the logarithm of a rate; a log ratio as it is), and with Student's t at the *effective* number of
videos: df = (Σ U²)² / Σ U⁴ for the influence U of each video on the log rate (after Satterthwaite 1946; Bell & McCaffrey
2002 for clusters).  Where a word hangs on a few videos, df is small and the interval wide; it is taken to be at least 3,
since below that t makes limits absurd (12.7 at one); that costs 1 to 3 intervals of 100 in samples of 10 or 20 videos,
none in larger ones.  On clumpy counts the usual percentile and BCa intervals promise 95 % and hold too little:
docs/uncertainty.md has that simulation.

A unit coarser than the video (a day, a programme, a story) is resampled whole.  Where several groups have videos of one
unit, as outlets have of a story, it is drawn for all of them at once: what makes their rates rise and fall together does not
make the difference between them uncertain.  The influence of such a unit on a difference is that on the one side less that
on the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts, product

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: What the parameters of a finding call this interval.
METHOD = "bootstrap, t at effective df"
REPLICATES = 1_000
LEVEL = 0.95
#: Fewer units than this carry no interval: so few say little about what others would be like.
FEWEST = 10
#: The least degrees of freedom.
LEAST_DF = 3.0
#: Fewer units than this are drawn for many resamples at once: the same numbers, with less to say for each.
_SMALL = 4_096
#: Resampled weights are used in blocks of at most so many numbers (8 bytes each): what fits a processor's cache.
_BLOCK = 1_000_000
#: Resamples of small groups are kept for the next question: at most so many numbers a group, and in all (a byte each).
_LARGEST_KEPT, _KEPT = 20_000_000, 64_000_000


def generator(seed: int, label: str) -> np.random.Generator:
    """Random numbers that depend on the seed and on what they are for, not on what was computed before."""
    digest = hashlib.sha256(f"{seed}\0{label}".encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def own_units(units: Ints | None, videos: int) -> Ints:
    """The unit of each of so many videos, as a code: one of its own where it has none (-1), and all without ``units``."""
    own = np.arange(videos)
    return own if units is None else np.where(units >= 0, units, units.max(initial=-1) + 1 + own)


@dataclass(frozen=True, slots=True)
class Sample:
    """What is drawn of one group: ``codes`` has the unit of each video of the corpus, -1 where it is not in the group.

    ``together``: the ``units`` are those of several groups, each drawn for all of them at once.
    """

    codes: Ints
    units: int
    seed: int
    replicates: int = REPLICATES
    together: bool = False

    @classmethod
    def of_groups(
        cls, groups: Sequence[Bools], units: Ints | None = None, *, seed: int, replicates: int = REPLICATES,
    ) -> list[Sample]:
        """Groups of videos, each drawn by itself; where videos of several are of one unit, all together."""
        apart = [cls.of(videos, units, seed=seed, replicates=replicates) for videos in groups]
        if units is None:
            return apart
        some = np.logical_or.reduce(list(groups))
        known, places = np.unique(own_units(units, len(units))[some], return_inverse=True)
        if len(known) == sum(sample.units for sample in apart):
            return apart
        codes = np.full(len(units), -1, np.int64)
        codes[some] = places
        return [cls(np.where(videos, codes, -1), len(known), seed, replicates, together=True) for videos in groups]

    @classmethod
    def of(cls, videos: Bools, units: Ints | None = None, *, seed: int, replicates: int = REPLICATES) -> Sample:
        """A group of videos; ``units``: a code a video for units coarser than the video (-1: a unit of its own)."""
        chosen = np.flatnonzero(videos)
        codes = np.full(len(videos), -1, np.int64)
        if units is None:
            codes[chosen] = np.arange(len(chosen))
            return cls(codes, len(chosen), seed, replicates)
        known, places = np.unique(own_units(units[chosen], len(chosen)), return_inverse=True)
        codes[chosen] = places
        return cls(codes, len(known), seed, replicates)

    @property
    def members(self) -> int:
        """How many of the units have a video of the group."""
        return distinct([self])

    def summed(self, sizes: npt.NDArray[np.generic]) -> Floats:
        """One number a unit from one number a video."""
        some = self.codes >= 0
        return np.bincount(self.codes[some], sizes[some], self.units).astype(np.float64)

    def blocks(self, label: str, rows: int) -> Iterator[Floats]:
        """How often each unit is in each resample: units × ``rows`` resamples at a time; the same for the same label."""
        key = (self.seed, label, self.units, self.replicates)
        kept = _kept.get(key)
        if kept is None and 0 < self.units * self.replicates <= _LARGEST_KEPT:
            kept = np.concatenate([block.astype(np.uint8) for block in self._drawn(label, rows)])
            _make_room(kept.size)
            _kept[key] = kept
        drawn = self._drawn(label, rows) if kept is None else (
            kept[begin : begin + rows] for begin in range(0, self.replicates, rows))
        for block in drawn:
            yield np.ascontiguousarray(block.T, np.float64)

    def _drawn(self, label: str, rows: int) -> Iterator[Ints]:
        random = generator(self.seed, f"{label}\0{self.units}")
        for begin in range(0, self.replicates, rows):
            many = min(rows, self.replicates - begin)
            if self.units > _SMALL:  # one resample after the other stays in the processor's cache: half the time
                yield np.stack([np.bincount(random.integers(0, self.units, self.units), minlength=self.units)
                                for _ in range(many)])
                continue
            drawn = random.integers(0, max(self.units, 1), size=(many, self.units))
            drawn += np.arange(0, many * self.units, max(self.units, 1))[:, None]
            yield np.bincount(drawn.reshape(-1), minlength=many * self.units).reshape(many, self.units)


def distinct(samples: Sequence[Sample]) -> int:
    """How many units have a video in some groups."""
    if not any(sample.together for sample in samples):
        return sum(sample.units for sample in samples)
    there = np.zeros(max(sample.units for sample in samples), bool)
    for sample in samples:
        there[sample.codes[sample.codes >= 0]] = True
    return int(there.sum())


#: Resamples that were drawn lately, in small numbers: the next question about the same groups has the same.
_kept: dict[tuple[int, str, int, int], npt.NDArray[np.uint8]] = {}


def _make_room(size: int) -> None:
    """Let go of the oldest resamples until there is room for ``size`` more numbers."""
    held = sum(weights.size for weights in _kept.values())
    while _kept and held + size > _KEPT:
        held -= _kept.pop(next(iter(_kept))).size


@dataclass(frozen=True, slots=True)
class Group:
    """One group of videos: tables of the same things, and sizes (words, tokens, hits …), one a video of the corpus.

    The first table and the first sizes are what the effective number of videos is worked out from.
    """

    sample: Sample
    counts: tuple[Counts, ...]
    sizes: tuple[npt.NDArray[np.generic], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group in some resamples: totals of each table (things × resamples) and of each size (resamples)."""

    counts: list[Floats]
    sizes: list[Floats]


Statistic = Callable[[list[Drawn]], Floats]


@dataclass(frozen=True, slots=True)
class Spreads:
    """One a thing: standard deviation over the resamples, and effective degrees of freedom; nan: no interval."""

    sd: Floats
    df: Floats


def spreads(groups: Sequence[Group], statistic: Statistic) -> Spreads:
    """How much a statistic varies over the resamples of the groups, drawn independently unless they share units.

    ``statistic`` gives things × resamples; where it is not finite the resample is left out for that thing.  No interval
    where any group has fewer than ten units.
    """
    found, = spreads_between(groups, [(statistic, [[number] for number in range(len(groups))])])
    return found


def spreads_between(groups: Sequence[Group], asked: Sequence[tuple[Statistic, Sequence[Sequence[int]]]]) -> list[Spreads]:
    """``spreads`` of several statistics of the same resamples, each with the groups that are one side of it together.

    No interval where a side has fewer than ten units.
    """
    things = len(groups[0].counts[0])
    units = [group.sample.units for group in groups]
    enough = [min(distinct([groups[n].sample for n in side]) for side in sides) >= FEWEST for _, sides in asked]
    nothing = np.full(things, np.nan)
    if not things or not any(enough):
        return [Spreads(nothing, nothing)] * len(asked)
    tables = [[table.by(group.sample.codes, group.sample.units) for table in group.counts] for group in groups]
    sizes = [np.stack([group.sample.summed(size) for size in group.sizes]) for group in groups]
    rows = max(1, min(groups[0].sample.replicates, _BLOCK // max(*units, things // 4)))  # totals want room, too
    found, factors = [RunningVariance(things) for _ in asked], [[table.factor() for table in mine] for mine in tables]
    for weights in _weights([group.sample for group in groups], rows):
        drawn = [Drawn([table.times(block) for table in mine], list(product(size, block)))
                 for mine, size, block in zip(factors, sizes, weights, strict=True)]
        with np.errstate(divide="ignore", invalid="ignore"):
            for spread, (statistic, _), known in zip(found, asked, enough, strict=True):
                if known:
                    spread.add(statistic(drawn))
    first = [(mine[0], size[0]) for mine, size in zip(tables, sizes, strict=True)]
    df = _effective_together if groups[0].sample.together else _effective
    return [Spreads(spread.sd(), df([[first[n] for n in side] for side in sides])) if known
            else Spreads(nothing, nothing) for spread, (_, sides), known in zip(found, asked, enough, strict=True)]


def _weights(samples: Sequence[Sample], rows: int) -> Iterator[tuple[Floats, ...]]:
    """How often each unit of each group is in some resamples at a time."""
    if samples[0].together:
        return ((block,) * len(samples) for block in samples[0].blocks("together", rows))
    return zip(*(sample.blocks(str(n), rows) for n, sample in enumerate(samples)), strict=True)


class RunningVariance:
    """Mean and variance of a row of numbers that come in blocks (Chan, Golub & LeVeque 1979)."""

    def __init__(self, things: int) -> None:
        self.n, self.mean, self.squares = (np.zeros(things) for _ in range(3))

    def add(self, values: Floats) -> None:
        """Some more columns."""
        some = np.isfinite(values)
        n = some.sum(axis=1)
        mean = np.where(some, values, 0).sum(axis=1) / np.maximum(n, 1)
        squares = (np.where(some, values - mean[:, None], 0) ** 2).sum(axis=1)
        total = np.maximum(self.n + n, 1)
        apart = np.where(n > 0, mean - self.mean, 0)
        self.squares += squares + apart**2 * self.n * n / total
        self.mean += apart * n / total
        self.n += n

    def sd(self) -> Floats:
        """Standard deviation; nan where fewer than two numbers were finite."""
        return np.where(self.n > 1, np.sqrt(self.squares / np.maximum(self.n - 1, 1)), np.nan)


def _effective(sides: Sequence[Sequence[tuple[Counts, Floats]]]) -> Floats:
    """(Σ U²)² / Σ U⁴ over the units of all sides, with U = h / H - w / W for hits and words of a unit and of its side.

    At least 3, at most units less sides.
    """
    second, fourth = (np.zeros(len(sides[0][0][0])) for _ in range(2))
    for side in sides:
        hits = np.maximum(sum(table.totals() for table, _ in side), 1)
        words = max(sum(size.sum() for _, size in side), 1)
        for table, size in side:
            b = size / words
            without = (b * b)[table.video]  # U² of a video that lacks the thing
            there = (table.n / hits[table.thing] - b[table.video]) ** 2
            second += table.summed(there - without) + (b**2).sum()
            fourth += table.summed(there * there - without * without) + (b**4).sum()
    most = sum(len(size) for side in sides for _, size in side) - len(sides)
    return effective(second, fourth, most)


def _effective_together(sides: Sequence[Sequence[tuple[Counts, Floats]]]) -> Floats:
    """The same where all groups have the same units: U is that on the first side less that on the second."""
    things, units = len(sides[0][0][0]), len(sides[0][0][1])
    parts: list[tuple[Ints, Floats]] = []
    without, there = np.zeros(units), np.zeros(units, bool)
    for sign, side in zip((1.0, -1.0), sides, strict=False):
        hits = np.maximum(sum(table.totals() for table, _ in side), 1)
        sizes = sum((size for _, size in side), np.zeros(units))
        without += sign * sizes / max(sizes.sum(), 1)
        there |= sizes > 0
        parts += [(table.thing * units + table.video, sign * table.n / hits[table.thing]) for table, _ in side]
    keys, places = np.unique(np.concatenate([keys for keys, _ in parts]), return_inverse=True)
    thing, base = keys // units, without[keys % units]
    u = np.bincount(places, np.concatenate([values for _, values in parts]), len(keys)) - base
    second, fourth = (np.bincount(thing, u**power - base**power, things) + (without**power).sum() for power in (2, 4))
    return effective(second, fourth, int(there.sum()) - len(sides))


def effective(second: Floats, fourth: Floats, most: float) -> Floats:
    """Degrees of freedom of sums of influences, (Σ U²)² / Σ U⁴: at least 3, at most so many."""
    return np.clip(second**2 / np.maximum(fourth, 1e-300), LEAST_DF, max(most, LEAST_DF))


def limits(estimate: npt.ArrayLike, spread: Spreads, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Lower and upper limit of each estimate, on the scale of the statistic; nan where there is no interval."""
    from scipy.special import stdtrit

    half = stdtrit(spread.df, (1 + level) / 2) * spread.sd
    values = np.asarray(estimate, np.float64)
    return values - half, values + half


def log_rate(drawn: list[Drawn]) -> Floats:
    """The statistic of one rate: log(hits / size)."""
    rates: Floats = np.log(drawn[0].counts[0] / drawn[0].sizes[0])
    return rates


def log_ratio(drawn: list[Drawn]) -> Floats:
    """The statistic of two rates: log2 of the first group's over the second's."""
    one, other = drawn
    ratios: Floats = np.log2((one.counts[0] / one.sizes[0]) / (other.counts[0] / other.sizes[0]))
    return ratios
