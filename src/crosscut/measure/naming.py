"""What does each group call it?  Shares of the alternatives for one referent, over videos.

*Share.*  Of all hits of the set in a group's videos, how many are of one alternative: s = h / H.  The videos are resampled,
on the scale of the logit, log(h / (H - h)): see ``measure.bootstrap``.  Where fewer than five videos have the alternative,
or fewer than five have any other, no resample knows how much that could vary: the limits are Clopper & Pearson's (1934) for
s n of n choices, n = H / c, since hits of the rarer side come c at a time (``measure.exact``: Korn & Graubard 1998); n is no
less than Kish's (1965) effective number of videos, H² / Σ H_v², which is as if each video had chosen once.  Fewer than ten
videos with any hit have no interval.

*Difference of two groups.*  s1 - s2, with limits from those of the two shares (Newcombe 1998, method 10; Zou & Donner 2008:
MOVER): the groups are independent, and shares of 0 and 1 keep an interval.

*Test.*  Would groups differ so much if it did not matter which group a video is in?  e = h - s H is what a video has of an
alternative above what all together would let expect; E is the sum of e over a group.  The statistic is the sum over groups
and alternatives of (1 - p)(1 - s) E² / V with V = (1 - p)² Σ e² inside the group + p² Σ e² outside it, p being the group's
part of all hits.  Where each video has one hit that is Pearson's χ² (but for a factor near 1); where videos repeat
themselves, V grows with what they repeat.  Without it, groups whose videos are of unlike length or unlike clumpiness are
said to differ in up to a quarter of the cases at 5 %, with it in 3 to 9 % (simulated; Chung & Romano 2013).  The videos
with hits are dealt out to the groups anew, each group keeping its number of them; p = (1 + b) / (1 + B) where b of B deals
have a statistic as large (Phipson & Smyth 2010), or the share of all ways where there are no more than B.  With strata
(months, say), s is each stratum's own and videos are dealt out within their stratum only.

*Cramér's V* (1946) of the table of hits says how large the difference is, from 0 to 1; its mean over the deals says how
large it is by chance alone.

*Drift.*  Does a group change its words?  The change of a share in 30 days is the slope of h on time in a regression of
h = (a + b t) H, weighted by H.  Its test deals out the times of the group's videos anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.bootstrap import FEWEST, LEVEL, REPLICATES, Drawn, Group, Sample, limits, own_units, spreads
from crosscut.measure.dealing import ALIKE, PERMUTATIONS, Dealing, Labels
from crosscut.measure.exact import FEW, choice_limits, clump

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: A slope is told for so many days.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Shares:
    """Arrays of groups × alternatives; nan: no hits (``share``), or no interval (``low``, ``high``)."""

    hits: Ints
    units: Ints          # videos (or coarser units) that have the alternative
    with_any: Ints       # videos that have any, one a group
    share: Floats
    low: Floats
    high: Floats
    exact: Bools         # limits that are Clopper & Pearson's

    def why_not(self, group: int) -> str:
        """Why a group has no interval, or nothing."""
        if not self.with_any[group]:
            return "no hits"
        return f"fewer than {FEWEST} videos with a hit" if self.with_any[group] < FEWEST else ""


def shares(
    counts: Counts, groups: Ints, many: int, *, units: Ints | None = None, seed: int, replicates: int = REPLICATES,
    level: float = LEVEL,
) -> Shares:
    """Each group's share of each alternative.

    ``counts``: alternatives × videos; ``groups``, ``units``: a code a video (-1: in no group, a unit of its own).
    """
    table = counts.to_dense()
    everything = table.sum(axis=0)
    tables = counts, Counts.dense(everything - table)
    samples = [Sample.of(groups == group, units, seed=seed, replicates=replicates) for group in range(many)]
    hits = [np.stack([sample.summed(row) for row in table]) for sample in samples]
    every = np.concatenate([table[:, :0], *hits], axis=1)
    shape = many, len(counts)
    found = Shares(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(many, np.int64),
                   np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, bool))
    for group, (sample, mine) in enumerate(zip(samples, hits, strict=True)):
        sizes = mine.sum(axis=0)
        found.hits[group], found.units[group], found.with_any[group] = (
            mine.sum(axis=1), np.count_nonzero(mine, axis=1), np.count_nonzero(sizes))
        if not sizes.any():
            continue
        found.share[group] = found.hits[group] / sizes.sum()
        if found.with_any[group] >= FEWEST:
            found.low[group], found.high[group] = _limits(Group(sample, tables, (everything,)), found.share[group], level)
            others = np.count_nonzero(sizes - mine, axis=1)
            for name in np.flatnonzero((found.units[group] < FEW) | (others < FEW)).tolist():
                found.exact[group, name] = True
                found.low[group, name], found.high[group, name] = _few_limits(
                    mine[name], sizes, every[name], every.sum(axis=0), level)
    return found


def _limits(group: Group, share: Floats, level: float) -> tuple[Floats, Floats]:
    """Limits of the share of each alternative in one group, by resampling its videos."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = limits(np.log(share / (1 - share)), spreads([group], _logit), level)
        return 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))


def _few_limits(hits: Floats, sizes: Floats, every: Floats, every_size: Floats, level: float) -> tuple[float, float]:
    """Limits of a share of which one side is in few units: hits a unit of the group, and of all units that were asked."""
    if np.count_nonzero(sizes - hits) < np.count_nonzero(hits):
        low, high = _few_limits(sizes - hits, sizes, every_size - every, every_size, level)
        return 1 - high, 1 - low
    total = float(sizes.sum())
    alone = max(total / clump(hits, float(sizes.max()), every, every_size), total**2 / float((sizes**2).sum()))
    return choice_limits(float(hits.sum()) / total, alone, level)


def _logit(drawn: list[Drawn]) -> Floats:
    """log(h / (H - h)) of each alternative in each resample; not finite where it is all or nothing."""
    mine, others = drawn[0].counts
    odds: Floats = np.log(mine / others)
    return odds


@dataclass(frozen=True, slots=True)
class Differences:
    """``one[i]`` and ``other[i]`` are groups; the rest is pairs × alternatives: share of one less share of the other."""

    one: Ints
    other: Ints
    difference: Floats
    low: Floats
    high: Floats


def differences(found: Shares) -> Differences:
    """Each pair of groups, with limits from the limits of both shares."""
    pairs = np.array(list(combinations(range(len(found.share)), 2)), np.int64).reshape(-1, 2)
    one, other = pairs.T
    a, b = found.share[one], found.share[other]
    apart = a - b
    low = apart - np.hypot(a - found.low[one], found.high[other] - b)
    high = apart + np.hypot(found.high[one] - a, b - found.low[other])
    return Differences(one, other, apart, np.maximum(low, -1), np.minimum(high, 1))


@dataclass(frozen=True, slots=True)
class Tested:
    """nan: nothing to test (one group or one alternative with hits)."""

    p: float
    v: float             # Cramér's V of the table of hits
    v_by_chance: float   # its mean over the deals
    videos: int          # (or coarser units) that were dealt out
    permutations: int


def permutation_test(
    counts: Counts, groups: Ints, many: int, *, strata: Ints | None = None, units: Ints | None = None, seed: int,
    permutations: int = PERMUTATIONS,
) -> Tested:
    """Whether groups differ in what they call it; ``strata``: a code a video, within which videos are dealt out."""
    hits, group, stratum = _units(counts, groups, strata, units)
    told = (hits.sum(axis=0) > 0).sum() > 1 and len(np.unique(group)) > 1
    if not told:
        return Tested(np.nan, np.nan, np.nan, len(hits), 0)
    bounds = np.flatnonzero(np.diff(stratum, prepend=-1, append=stratum.max(initial=0) + 1))
    columns = _columns(hits, bounds)
    (observed,), (v,) = _statistics(columns, group[None], bounds, many)
    dealing = Dealing(group, bounds)
    as_large, summed, done = 0, 0.0, dealing.many(permutations)
    for dealt in dealing.deals(seed, "naming", permutations):
        statistic, by_chance = _statistics(columns, dealt, bounds, many)
        as_large += int((statistic >= observed * (1 - ALIKE)).sum())
        summed += float(by_chance.sum())
    return Tested(float(dealing.p(as_large, permutations)), float(v), summed / max(done, 1), len(hits), done)


def _units(counts: Counts, groups: Ints, strata: Ints | None, units: Ints | None) -> tuple[Ints, Ints, Ints]:
    """Units with hits × alternatives, in the order of their stratum; the group and the stratum of each."""
    table = counts.to_dense()
    some = np.flatnonzero((groups >= 0) & (table.sum(axis=0) > 0))
    stratum = np.zeros(len(some), np.int64) if strata is None else strata[some]
    unit = own_units(None if units is None else units[some], len(some))
    keys, place = np.unique(np.stack([stratum, groups[some], unit]), axis=1, return_inverse=True)
    hits = np.zeros((keys.shape[1], len(table)), np.int64)
    np.add.at(hits, place.reshape(-1), table[:, some].T)
    return hits, keys[1], keys[0]


def _columns(hits: Ints, bounds: Ints) -> Floats:
    """Of each unit: hits of any, of each alternative, then e of each, then e² of each."""
    total = hits.sum(axis=1, keepdims=True).astype(np.float64)
    sums = np.add.reduceat(hits, bounds[:-1], axis=0).astype(np.float64)
    rates = np.repeat(sums / sums.sum(axis=1, keepdims=True), np.diff(bounds), axis=0)
    above = _above(hits, rates * total)
    return np.concatenate([total, hits, above, above**2], axis=1)


def _above(hits: Floats | Ints, expected: Floats) -> Floats:
    """Hits less those expected; 0 where they are equal but for rounding, which would be tested for a difference."""
    above: Floats = hits - expected
    return np.where(np.abs(above) <= ALIKE * expected, 0, above)


def _statistics(columns: Floats, labels: Labels, bounds: Ints, many: int) -> tuple[Floats, Floats]:
    """The statistic and Cramér's V of each deal (deals × units: the group that each unit is in)."""
    names = (columns.shape[1] - 1) // 3
    sums = np.zeros((len(labels), many, columns.shape[1]))
    variance = np.zeros((len(labels), many, names))
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        mine = columns[begin:end]
        inside = np.stack([(labels[:, begin:end] == group).astype(np.float64) @ mine for group in range(many)], axis=1)
        every = mine.sum(axis=0)
        part, squares = inside[:, :, :1] / every[0], inside[:, :, 1 + 2 * names :]
        variance += (1 - part) ** 2 * squares + part**2 * (every[1 + 2 * names :] - squares)
        sums += inside
    total, table, above = sums[:, :, 0], sums[:, :, 1 : 1 + names], sums[:, :, 1 + names : 1 + 2 * names]
    each = np.where(variance > 0, above**2 / np.where(variance > 0, variance, 1), 0)
    overall = total.sum(axis=1, keepdims=True)
    weights = (1 - total / overall)[:, :, None] * (1 - table.sum(axis=1) / overall)[:, None, :]
    return (each * weights).sum(axis=(1, 2)), cramers_v(table)


def cramers_v(tables: Floats) -> Floats:
    """Cramér's V of each of some tables (… × rows × columns); rows and columns without hits do not count."""
    rows, columns = tables.sum(axis=-1, keepdims=True), tables.sum(axis=-2, keepdims=True)
    n = rows.sum(axis=-2, keepdims=True)
    expected = rows * columns / np.maximum(n, 1)
    chi2 = np.where(expected > 0, (tables - expected) ** 2 / np.where(expected > 0, expected, 1), 0).sum(axis=(-2, -1))
    least = np.minimum((rows > 0).sum(axis=(-2, -1)), (columns > 0).sum(axis=(-2, -1))) - 1
    v: Floats = np.where(least > 0, np.sqrt(chi2 / np.maximum(n[..., 0, 0] * least, 1)), np.nan)
    return v


@dataclass(frozen=True, slots=True)
class Drift:
    """Arrays of groups × alternatives: change of the share in 30 days, and p; nan: fewer than ten videos with a hit."""

    change: Floats
    p: Floats
    videos: Ints         # dated, with a hit, one a group
    days: Ints           # from the first of them to the last


def drift(
    counts: Counts, groups: Ints, many: int, days: Floats, *, seed: int, permutations: int = PERMUTATIONS,
) -> Drift:
    """Whether each group changes its words over time; ``days``: when each video was published (nan: not known)."""
    table = counts.to_dense()
    change, p = (np.full((many, len(table)), np.nan) for _ in range(2))
    videos, lengths = (np.zeros(many, np.int64) for _ in range(2))
    for group in range(many):
        mine = (groups == group) & ~np.isnan(days) & (table.sum(axis=0) > 0)
        videos[group] = mine.sum()
        lengths[group] = np.ptp(days[mine]) if mine.any() else 0
        if videos[group] >= FEWEST and len(np.unique(days[mine])) > 1:
            change[group], p[group] = _slopes(table[:, mine].astype(np.float64), days[mine],
                                              seed, permutations)
    return Drift(change, p, videos, lengths)


def _slopes(hits: Floats, days: Floats, seed: int, permutations: int) -> tuple[Floats, Floats]:
    """Change in 30 days and p of each alternative (alternatives × videos)."""
    total = hits.sum(axis=0)
    above = _above(hits, hits.sum(axis=1, keepdims=True) / total.sum() * total)
    time = days - (days * total).sum() / total.sum()
    score = above @ time
    dealing = Dealing(np.arange(len(days)), np.array([0, len(days)]))
    as_large = np.zeros(len(hits))
    for order in dealing.deals(seed, "drift", permutations):
        as_large += (np.abs(above @ time[order].T) >= np.abs(score)[:, None] * (1 - ALIKE)).sum(axis=1)
    return DAYS * score / (total * time**2).sum(), dealing.p(as_large, permutations)
