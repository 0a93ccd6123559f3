"""How evenly is something spread over the parts of a corpus?  Parts are videos, or anything coarser.

With ``v`` the share of a thing's occurrences that each part has, ``s`` the share of the words, ``p`` occurrences by word:

*Range*: in how many parts it is at all (Keniston 1920).
*DP*, deviation of proportions (Gries 2008): ½ Σ |v - s|; 0 where it is spread as the words are.  *DPnorm* (Lijffijt & Gries
2012): DP / (1 - min s), so that 1 can be reached.
*Juilland's D* (Juilland & Chang-Rodríguez 1964) for parts of unequal size (Gries 2020): 1 - sd(p) / mean(p) / √(n - 1), with
the population's standard deviation over n parts; 1 where it is spread evenly.
*KL divergence* of observed from expected shares (Gries 2020): Σ v log₂(v / s) bits.  *KLnorm* (Gries 2024): KL / (1 + KL).

All of them take chance for clumps: twenty occurrences cannot be spread over a thousand videos, and DP is then near 1 however
they fell (Nelson 2023).  ``by_chance`` is the DP to be expected where every word were as likely to be it as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.bootstrap import FEWEST, RunningVariance, Sample, Spreads, effective

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: The measures that have intervals.
MEASURES = ("dp", "dp_norm", "d", "kl")
#: Numbers that are worked on at once, 8 bytes each: weights of parts in some resamples; entries of a table, which stay in
#: a processor's cache; things × parts, or × resamples.
_BLOCK, _ENTRIES, _TABLE = 4_000_000, 200_000, 4_000_000

COLUMNS = {
    "range": "In how many parts it is at all (videos, unless parts are coarser).",
    "share": "The same as a share of all parts.",
    "dp": "Deviation of proportions: ½ Σ |v - s| over the parts, with v a part's share of the occurrences and s its share "
          "of the words. 0: spread as the words are; near 1: in few parts. Gries 2008, IJCL 13(4).",
    "dp_norm": "DP / (1 - smallest s), so that 1 can be reached. Lijffijt & Gries 2012, IJCL 17(1).",
    "low": "Lower limit of DPnorm: estimate - t(df) × standard deviation over resamples of the parts.",
    "high": "Upper limit of DPnorm.",
    "by_chance": "The DP to be expected where every word were as likely to be it as any other (mean deviation of a "
                 "binomial). A DP no higher than this shows no clumps. See Nelson 2023, JQL.",
    "d": "Juilland's D over parts of unequal size: 1 - sd(p) / mean(p) / √(n - 1), with p the occurrences by word in each "
         "of n parts. 1: even. It comes near 1 for anything where parts are many (Biber et al. 2016). Gries 2020.",
    "d_low": "Lower limit of D. Where a few parts have most of the occurrences, the limits of D hold less than they promise "
             "(70 to 95 of 100 in simulations); those of DPnorm and KL held 93 and more.",
    "d_high": "Upper limit of D.",
    "kl": "Kullback-Leibler divergence of the occurrences' shares from the words' shares: Σ v log₂(v / s), in bits. 0: "
          "even. Gries 2020.",
    "kl_low": "Lower limit of KL.", "kl_high": "Upper limit of KL.",
    "kl_norm": "KL / (1 + KL), between 0 and 1. Gries 2024.",
}


@dataclass(frozen=True, slots=True)
class Dispersion:
    """One number a thing; nan where a measure says nothing (no occurrence, a single part).  ``parts``: how many."""

    parts: int
    range: Ints
    dp: Floats
    dp_norm: Floats
    d: Floats
    kl: Floats

    @property
    def share(self) -> Floats:
        """The share of the parts that have it."""
        found: Floats = self.range / max(self.parts, 1)
        return found

    @property
    def kl_norm(self) -> Floats:
        """KL / (1 + KL)."""
        return self.kl / (1 + self.kl)


def in_parts(counts: Counts, sizes: Ints, codes: Ints, many: int) -> tuple[Counts, Ints]:
    """Counts and sizes of videos as those of ``many`` parts: ``codes`` has the part of each video, or -1."""
    among = codes >= 0
    return counts.by(codes, many), np.bincount(codes[among], sizes[among], many).astype(np.int64)


def dispersion(counts: Counts, sizes: Ints) -> Dispersion:
    """The dispersion of each thing over parts of these ``sizes`` in words; a part without words is none."""
    found = [_dispersion(lot, sizes) for _, lot in counts.lots(_ENTRIES)] or [_dispersion(counts, sizes)]
    columns = {name: np.concatenate([getattr(part, name) for part in found]) for name in ("range", *MEASURES)}
    return Dispersion(int(np.count_nonzero(sizes)), **columns)


def _dispersion(counts: Counts, sizes: Ints) -> Dispersion:
    counts = counts.among(sizes > 0)
    parts, words = int(np.count_nonzero(sizes)), max(int(sizes.sum()), 1)
    ranges, totals = counts.ranges(), np.where(counts.totals() > 0, counts.totals(), np.nan)
    thing = counts.thing
    v, s = counts.n / totals[thing], sizes[counts.video] / words
    dp = (1 + counts.summed(np.abs(v - s) - s)) / 2  # a part without it adds its s
    with np.errstate(divide="ignore", invalid="ignore"):
        dp = np.where(ranges > 0, np.maximum(dp, 0), np.nan)
        smallest = sizes[sizes > 0].min(initial=words) / words
        p = counts.n / sizes[counts.video]
        mean = counts.summed(p) / parts
        squares = counts.summed((p - mean[thing]) ** 2) + (parts - ranges) * mean**2
        d = 1 - np.sqrt(squares / parts) / mean / np.sqrt(parts - 1)
        kl = np.where(ranges > 0, np.maximum(counts.summed(v * np.log2(v / s)), 0), np.nan)
        return Dispersion(parts, ranges, dp, dp / (1 - smallest) if parts > 1 else np.full(len(dp), np.nan), d, kl)


def by_chance(totals: Ints, sizes: Ints) -> Floats:
    """The DP to be expected of so many occurrences that fall on words at random.

    ½ Σ E|X / f - s| with X binomial (f, s): E|X - fs| = 2 m C(f, m) sᵐ (1 - s)^(f - m + 1) with m = ⌊fs⌋ + 1 (De Moivre).
    """
    from scipy.special import gammaln, xlog1py, xlogy

    kinds, many = np.unique(sizes[sizes > 0], return_counts=True)
    s = kinds / max(int(sizes.sum()), 1)
    found = np.full(len(totals), np.nan)
    for thing, f in enumerate(totals.tolist()):
        if f:
            m = np.floor(f * s) + 1
            log = gammaln(f + 1) - gammaln(m + 1) - gammaln(np.maximum(f - m, 0) + 1) + xlogy(m, s) + xlog1py(f - m + 1, -s)
            found[thing] = np.sum(many * np.where(m <= f, m * np.exp(log), 0)) / f
    return found


def dispersion_spreads(
    counts: Counts, sizes: Ints, sample: Sample, measures: Sequence[str] = MEASURES,
) -> dict[str, Spreads]:
    """How much each of some measures varies where the parts are drawn anew; nan for what is in fewer than ten units.

    ``sample``: what is drawn, units of parts.  A part that is drawn twice is two parts.
    """
    enough = np.flatnonzero(counts.by(sample.codes, sample.units).ranges() >= FEWEST)
    sd, df = {name: np.full(len(counts), np.nan) for name in measures}, np.full(len(counts), np.nan)
    rows = max(1, min(sample.replicates, _BLOCK // max(len(sizes), 1)))
    many = max(_TABLE // max(len(sizes), rows), 1)
    for begin in range(0, len(enough) if sample.units >= FEWEST else 0, many):
        things = enough[begin : begin + many]
        table = _Table.of(counts.take(things), sizes)
        df[things] = table.freedom(sample)
        found = {name: RunningVariance(len(things)) for name in measures}
        for weights in _weights(sample, sizes, rows):
            for name, values in zip(measures, table.drawn(weights, measures), strict=True):
                found[name].add(values)
        for name in measures:
            sd[name][things] = found[name].sd()
    return {name: Spreads(sd[name], df) for name in measures}


def _weights(sample: Sample, sizes: Ints, rows: int) -> Iterator[Floats]:
    """How often each part is in each resample: parts × ``rows`` resamples; parts without words are never drawn."""
    inside = (sample.codes >= 0) & (sizes > 0)
    same = bool(inside.all()) and np.array_equal(sample.codes, np.arange(sample.units))
    for block in sample.blocks("dispersion", rows):
        yield block if same else np.where(inside[:, None], block[np.maximum(sample.codes, 0)], 0)


@dataclass(frozen=True, slots=True)
class _Table:
    """Some things × parts: how often each is there (``n``), and by word (``p``); and the words of the parts."""

    n: Floats
    p: Floats
    sizes: Floats
    order: Ints       # parts, the smallest first

    @classmethod
    def of(cls, counts: Counts, sizes: Ints) -> _Table:
        n = np.where(sizes > 0, counts.to_dense(), 0).astype(np.float64)
        return cls(n, n / np.maximum(sizes, 1), sizes.astype(np.float64), np.argsort(sizes, kind="stable"))

    def freedom(self, sample: Sample) -> Floats:
        """Effective degrees of freedom: (Σ U²)² / Σ U⁴ over the units, as those of a rate (``measure.bootstrap``)."""
        words = np.where(sample.codes >= 0, self.sizes, 0)
        u = np.stack([sample.summed(row) / sample.summed(row).sum() for row in self.n]) - sample.summed(words) / words.sum()
        return effective((u**2).sum(axis=1), (u**4).sum(axis=1), sample.units - 1)

    def drawn(self, weights: Floats, measures: Sequence[str]) -> list[Floats]:
        """The measures in some resamples (things × resamples); nan or infinite where a thing is not in one."""
        parts, words = np.stack([np.ones(len(self.sizes)), self.sizes]) @ weights
        with np.errstate(divide="ignore", invalid="ignore"):
            total = self.n @ weights
            found = {}
            if {"dp", "dp_norm"} & set(measures):
                found["dp"] = self._dp(weights, total, words)
                found["dp_norm"] = found["dp"] / (1 - self._smallest(weights) / words)
            if "d" in measures:
                mean, square = self.p @ weights / parts, self.p**2 @ weights / parts
                found["d"] = 1 - np.sqrt(np.maximum(square - mean**2, 0)) / mean / np.sqrt(parts - 1)
            if "kl" in measures:
                logs = np.where(self.n > 0, self.n * np.log2(np.where(self.n > 0, self.p, 1)), 0)
                found["kl"] = logs @ weights / total + np.log2(words / total)
        return [found[name] for name in measures]

    def _dp(self, weights: Floats, total: Floats, words: Floats) -> Floats:
        """DP: |v - s| - s is v - 2s in a part that has more than its share, -v in one that has less, 0 in one without.

        Most parts are the one or the other in all resamples: only the few between are looked at one by one.
        """
        rate = total / words
        more, less = self.p > rate.max(axis=1)[:, None], self.p < rate.min(axis=1)[:, None]
        found = (1 + np.where(more, self.n, np.where(less, -self.n, 0)) @ weights / total
                 - 2 * np.where(more, self.sizes, 0) @ weights / words) / 2
        for thing, between in enumerate(~(more | less) & (self.n > 0)):
            some = np.flatnonzero(between)
            v, s = self.n[thing, some, None] / total[thing], self.sizes[some, None] / words
            found[thing] += (weights[some] * (np.abs(v - s) - s)).sum(axis=0) / 2
        return found

    def _smallest(self, weights: Floats) -> Floats:
        """The words of the smallest part of each resample: it is soon found."""
        smallest = np.full(weights.shape[1], np.nan)
        for part in self.order.tolist():
            smallest[np.isnan(smallest) & (weights[part] > 0)] = self.sizes[part]
            if not np.isnan(smallest).any():
                break
        return smallest
