"""Would groups of videos differ so much if it did not matter which group a video is in?  Permutation tests over videos.

*What is compared.*  The logarithms of the groups' rates, each divided by its own variance: T = Σ q (l - m)² with
l = log((H + a) / X), q = 1 / v, v = (Σ (h - R x)² + a φ) / (H + a)² and m = Σ q l / Σ q.  A video (or a coarser unit, such
as a day) has h hits where x are expected at one rate for all; H, X are a group's sums, R = H / X.  φ = Σ (h - x)² / Σ h over
all videos is how many hits come together, and a = φ / 2 what a group without hits is taken to have.  For two groups T is the
square of a log ratio over its standard error (Welch 1951, "On the comparison of several mean values").

Why so: videos of outlets are of unlike length, and their hits come in clumps, so that rates of equal groups vary unequally.
A permutation test is exact where it does not matter which group a video is in; dividing by the groups' own variances makes
it nearly right where only the rates are equal (Chung & Romano 2013, "Exact and asymptotically robust permutation tests").
In simulations of clumpy videos (20 to 300 a group, lengths or clumps up to eight or ten times apart) it said "differ" at
0.05 of 0.5 to 12 % of equal groups; the sum of squares of rates, weighted by words, of 0.5 to 32 %.

*How it is judged.*  The videos are dealt out to the groups anew, each group keeping its number of videos; p = (1 + b) /
(1 + B) where b of B deals give a T as large (Phipson & Smyth 2010).  Where there are no more than B deals, all are looked
at, and p is exact.  Videos are words and hits together: a video that is long or full of hits stays so.

*Within periods.*  With strata (months, say) the expected rate is each stratum's own, and videos are dealt out within their
stratum only: that an outlet was busier in a loud month is no difference then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.measure.bootstrap import own_units
from crosscut.measure.dealing import ALIKE, PERMUTATIONS, Dealing, Labels

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: So many products are added up at a time: what a processor's cache holds, and one core does sooner than two.
_CACHED = 1_000_000


@dataclass(frozen=True, slots=True)
class Tested:
    """p for each query: of all groups at once, and of each group against the others (groups × queries).

    nan: there is nothing to test (no hits, no words of the group, or no stratum with words of two groups).
    """

    overall: Floats
    rest: Floats
    deals: float      # in how many ways the units can be dealt out: p cannot be below one in these; inf: very many
    exact: bool       # all of them were looked at
    idle: int         # units in strata that only one group has: they tell nothing


def permutation_test(
    hits: Ints, words: Ints, groups: Ints, many: int, *, strata: Ints | None = None, units: Ints | None = None, seed: int,
    label: str = "contrast", permutations: int = PERMUTATIONS,
) -> Tested:
    """Test whether the rates of ``many`` groups differ.

    ``hits``: queries × videos; the rest has one value a video: ``groups`` codes (-1: in none), ``strata`` and ``units``
    codes (-1 in units: a unit of its own; videos of one unit, group and stratum are dealt out together).
    """
    table = _Table.of(hits, words, groups, many, strata, units)
    dealing = table.dealing
    observed, = table.statistics(dealing.labels[None])
    as_large = np.zeros_like(observed)
    for labels in dealing.deals(seed, label, permutations):
        as_large += (table.statistics(labels) >= observed * (1 - ALIKE)).sum(axis=0)
    p = dealing.p(as_large, permutations)
    p[:, ~table.told] = np.nan
    p[:-1][np.bincount(dealing.labels, minlength=many) == 0] = np.nan
    return Tested(p[-1], p[:-1], dealing.ways, dealing.exact(permutations), table.idle)


@dataclass(frozen=True, slots=True)
class _Table:
    """Units by stratum and group.  ``columns``: x, h, h², h x, x² of each query (units × 5 × queries)."""

    dealing: Dealing
    columns: Floats
    many: int
    idle: int

    @classmethod
    def of(cls, hits: Ints, words: Ints, groups: Ints, many: int, strata: Ints | None, units: Ints | None) -> _Table:
        some = np.flatnonzero((groups >= 0) & (words > 0))
        stratum = np.zeros(len(some), np.int64) if strata is None else np.unique(strata[some], return_inverse=True)[1]
        counts = np.vstack([words[some], hits[:, some]]).astype(np.float64)
        stratum, group, counts = _together(stratum, groups[some], counts, None if units is None else units[some])
        shared = _shared(stratum, group)
        stratum, group, counts = stratum[shared], group[shared], counts[:, shared]
        bounds = np.flatnonzero(np.diff(stratum, prepend=-1, append=-1)).astype(np.int64)
        sums = np.add.reduceat(counts, bounds[:-1], axis=1) if len(stratum) else counts
        h, x = counts[1:], np.repeat(sums[1:] / sums[0], np.diff(bounds), axis=1) * counts[0]
        columns = np.ascontiguousarray(np.stack([x, h, h * h, h * x, x * x]).transpose(2, 0, 1))
        return cls(Dealing(group.astype(np.int16), bounds), columns, many, int((~shared).sum()))

    @property
    def told(self) -> npt.NDArray[np.bool_]:
        """The queries of which there is something to test."""
        found: npt.NDArray[np.bool_] = self.columns[:, 1].sum(axis=0) > 0
        return found

    def statistics(self, labels: Labels) -> Floats:
        """T of each group against the others, and of all at once behind them (deals × groups + 1 × queries)."""
        flat = self.columns.reshape(len(self.columns), 5 * self.columns.shape[2])
        total = flat.sum(axis=0)
        sums = np.empty((len(labels), self.many, len(total)))
        rows = max(1, _CACHED // max(flat.size, 1))
        for begin in range(0, len(labels), rows):
            for group in range(self.many - 1):
                inside = (labels[begin : begin + rows] == group).astype(np.float64)
                np.matmul(inside, flat, out=sums[begin : begin + rows, group])
        sums[:, -1] = total - sums[:, :-1].sum(axis=1)
        sums, total = sums.reshape(*sums.shape[:2], *self.columns.shape[1:]), total.reshape(self.columns.shape[1:])
        _, h, hh, hx, xx = total
        clump = (hh - 2 * hx + xx) / np.maximum(h, 1)
        each = [_apart(np.stack([sums[:, group], total - sums[:, group]], axis=1), clump) for group in range(self.many)]
        return np.stack([*each, _apart(sums, clump)], axis=1)


def _apart(sums: Floats, clump: Floats) -> Floats:
    """T of some groups (deals × groups × 5 × queries), by deals and queries."""
    x, h, hh, hx, xx = np.moveaxis(sums, 2, 0)
    some = x > 0
    expected, instead = np.where(some, x, 1), clump / 2
    rate = h / expected
    spread = np.maximum(hh - 2 * rate * hx + rate**2 * xx, 0) + instead * clump
    few = np.maximum(h + instead, 1e-300)
    logs, weights = np.log(few / expected), np.where(some, few**2 / np.maximum(spread, 1e-300), 0)
    middle = (weights * logs).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-300)
    apart: Floats = (weights * (logs - middle[:, None]) ** 2).sum(axis=1)
    return apart


def _together(stratum: Ints, group: Ints, counts: Floats, units: Ints | None) -> tuple[Ints, Ints, Floats]:
    """Units in the order of stratum and group, with what their videos have together."""
    unit = own_units(units, len(stratum))
    order = np.lexsort((unit, group, stratum))
    keys = np.stack([stratum, group, unit])[:, order]
    new = np.ones(len(order), bool)
    new[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    first = np.flatnonzero(new)
    summed = np.add.reduceat(counts[:, order], first, axis=1) if len(first) else counts
    return keys[0, first], keys[1, first], summed


def _shared(stratum: Ints, group: Ints) -> npt.NDArray[np.bool_]:
    """Which units lie in a stratum that has more than one group; units are in the order of stratum and group."""
    new = (np.diff(stratum, prepend=-1) != 0) | (np.diff(group, prepend=-1) != 0)
    groups = np.bincount(stratum, new, int(stratum.max(initial=-1)) + 1)
    shared: npt.NDArray[np.bool_] = groups[stratum] > 1
    return shared
