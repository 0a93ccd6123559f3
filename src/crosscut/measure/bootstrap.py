"""Intervals by resampling videos, never words.

Words of one video are not independent: one hearing holds a word a hundred times.  So the videos of each group are drawn
with replacement, as many as there are, and a statistic is computed anew each time (cluster bootstrap: Efron & Tibshirani
1993).  The interval is ``estimate ± t(df) · sd`` with the standard deviation over the resamples, on a scale on which the
statistic is about normal (the logarithm of a rate; a log ratio as it is), and with Student's t at the *effective* number of
videos: df = (Σ U²)² / Σ U⁴ for the influence U of each video on the log rate (after Satterthwaite 1946; Bell & McCaffrey
2002 for clusters).  Where a word hangs on a few videos, df is small and the interval wide; it is taken to be at least 3,
since below that t only makes limits absurd (12.7 at one), and the simulation misses none.  On clumpy counts the usual
percentile and BCa intervals promise 95 % and hold too little: docs/uncertainty.md has that simulation.

A unit coarser than the video (a day, a programme, a story) is resampled whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts

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
#: Resampled weights are used in blocks of at most so many numbers (8 bytes each): what fits a processor's cache.
_BLOCK = 1_000_000
#: Resamples of small groups are kept for the next question: at most so many numbers a group, and in all (a byte each).
_LARGEST_KEPT, _KEPT = 20_000_000, 64_000_000


def generator(seed: int, label: str) -> np.random.Generator:
    """Random numbers that depend on the seed and on what they are for, not on what was computed before."""
    digest = hashlib.sha256(f"{seed}\0{label}".encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


@dataclass(frozen=True, slots=True)
class Sample:
    """What is drawn of one group: ``codes`` has the unit of each video of the corpus, -1 where it is not in the group."""

    codes: Ints
    units: int
    seed: int
    replicates: int = REPLICATES

    @classmethod
    def of(cls, videos: Bools, units: Ints | None = None, *, seed: int, replicates: int = REPLICATES) -> Sample:
        """A group of videos; ``units``: a code a video for units coarser than the video (-1: a unit of its own)."""
        chosen = np.flatnonzero(videos)
        codes = np.full(len(videos), -1, np.int64)
        if units is None:
            codes[chosen] = np.arange(len(chosen))
            return cls(codes, len(chosen), seed, replicates)
        own = np.where(units[chosen] >= 0, units[chosen], units.max(initial=0) + 1 + np.arange(len(chosen)))
        known, places = np.unique(own, return_inverse=True)
        codes[chosen] = places
        return cls(codes, len(known), seed, replicates)

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
            drawn = random.integers(0, max(self.units, 1), size=(many, self.units))
            drawn += np.arange(0, many * self.units, max(self.units, 1))[:, None]
            yield np.bincount(drawn.reshape(-1), minlength=many * self.units).reshape(many, self.units)


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
    """How much a statistic varies over the resamples of the groups, which are drawn independently of one another.

    ``statistic`` gives things × resamples; where it is not finite the resample is left out for that thing.  No interval
    where any group has fewer than ten units.
    """
    units = [group.sample.units for group in groups]
    things = len(groups[0].counts[0])
    if not things or min(units) < FEWEST:
        return Spreads(np.full(things, np.nan), np.full(things, np.nan))
    tables = [[table.by(group.sample.codes, group.sample.units) for table in group.counts] for group in groups]
    sizes = [np.stack([group.sample.summed(size) for size in group.sizes]) for group in groups]
    rows = max(1, min(groups[0].sample.replicates, _BLOCK // max(units)))
    spread = _Spread(things)
    for weights in zip(*(group.sample.blocks(str(n), rows) for n, group in enumerate(groups)), strict=True):
        drawn = [Drawn([table.times(block) for table in mine], list(size @ block))
                 for mine, size, block in zip(tables, sizes, weights, strict=True)]
        with np.errstate(divide="ignore", invalid="ignore"):
            spread.add(statistic(drawn))
    return Spreads(spread.sd(), _effective([mine[0] for mine in tables], [size[0] for size in sizes]))


class _Spread:
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


def _effective(tables: Sequence[Counts], sizes: Sequence[Floats]) -> Floats:
    """(Σ U²)² / Σ U⁴ over the units of all groups, with U = h / H - w / W: at least 3, at most units less groups."""
    second, fourth = np.zeros(len(tables[0])), np.zeros(len(tables[0]))
    for table, size in zip(tables, sizes, strict=True):
        b = size / max(size.sum(), 1)
        at, hits = b[table.video], table.totals()
        a = table.n / np.maximum(hits, 1)[table.thing]
        second += table.summed(a * a - 2 * a * at) + (b**2).sum()
        fourth += table.summed(a**4 - 4 * a**3 * at + 6 * (a * at) ** 2 - 4 * a * at**3) + (b**4).sum()
    most = sum(len(size) for size in sizes) - len(sizes)
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
