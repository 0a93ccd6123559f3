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

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.bootstrap import FEWEST, Group, Sample, Spreads, log_rate, spreads

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: The measures that have intervals.
MEASURES = ("dp", "dp_norm", "d", "kl")
#: Numbers that are worked on at once, 8 bytes each: weights of parts in some resamples, and entries of a table.
_BLOCK, _ENTRIES = 2_000_000, 200_000

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
    edges = _edges(counts.bounds)
    found = [_dispersion(counts.take(np.arange(a, b)), sizes) for a, b in pairwise(edges)]
    columns = {name: np.concatenate([getattr(part, name) for part in found]) for name in ("range", *MEASURES)}
    return Dispersion(int(np.count_nonzero(sizes)), **columns)


def _edges(bounds: Ints) -> list[int]:
    """Where to cut a list of things so that each piece has few entries: they stay in a processor's cache."""
    piece = bounds[1:] // _ENTRIES
    return [0, *(np.flatnonzero(np.diff(piece)) + 1).tolist(), len(bounds) - 1]


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


def dispersion_spreads(counts: Counts, sizes: Ints, sample: Sample) -> dict[str, Spreads]:
    """How much each of ``MEASURES`` varies where the parts are drawn anew; nan for what is in fewer than ten parts.

    ``sample``: what is drawn, units of parts.  A part that is drawn twice is two parts.  For some tens of things: a resample
    looks at every part that has the thing.
    """
    found: list[list[tuple[Floats, ...]]] = []
    if sample.units >= FEWEST:
        for weights in _weights(sample, sizes):
            drawn = _Drawn.of(weights, sizes)
            found.append([drawn.measures(*_entries(counts, thing)) for thing in range(len(counts))])
    enough = counts.by(sample.codes, sample.units).ranges() >= FEWEST
    df = np.where(enough, spreads([Group(sample, (counts,), (sizes,))], log_rate).df, np.nan)
    return {name: Spreads(np.array([_spread([block[thing][place] for block in found]) if some else np.nan
                                    for thing, some in enumerate(enough.tolist())]), df)
            for place, name in enumerate(MEASURES)}


def _spread(blocks: list[Floats]) -> float:
    """Standard deviation over all resamples in which something is said."""
    values = np.concatenate(blocks)
    values = values[np.isfinite(values)]
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan


def _entries(counts: Counts, thing: int) -> tuple[Ints, Ints]:
    span = slice(int(counts.bounds[thing]), int(counts.bounds[thing + 1]))
    return counts.video[span], counts.n[span]


def _weights(sample: Sample, sizes: Ints) -> Iterator[Floats]:
    """How often each part is in each resample: parts × resamples, in blocks; parts without words are never drawn."""
    rows = max(1, min(sample.replicates, _BLOCK // max(len(sizes), 1)))
    inside = (sample.codes >= 0) & (sizes > 0)
    same = bool(inside.all()) and np.array_equal(sample.codes, np.arange(sample.units))
    for block in sample.blocks("dispersion", rows):
        yield block if same else np.where(inside[:, None], block[np.maximum(sample.codes, 0)], 0)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Some resamples of the parts: of each, how many parts, how many words, and the smallest part."""

    weights: Floats
    sizes: Ints
    parts: Floats
    words: Floats
    smallest: Floats

    @classmethod
    def of(cls, weights: Floats, sizes: Ints) -> _Drawn:
        parts, words = np.stack([np.ones(len(sizes)), sizes]) @ weights
        smallest, order = np.full(weights.shape[1], np.nan), np.argsort(sizes, kind="stable")
        for part in order.tolist():  # the smallest that was drawn is found soon
            smallest[np.isnan(smallest) & (weights[part] > 0)] = sizes[part]
            if not np.isnan(smallest).any():
                break
        return cls(weights, sizes, parts, words, smallest)

    def measures(self, part: Ints, n: Ints) -> tuple[Floats, ...]:
        """DP, DPnorm, D and KL of a thing that is ``n`` times in each ``part``; nan in a resample without it."""
        weights, size = self.weights[part], self.sizes[part]
        p = n / size
        with np.errstate(divide="ignore", invalid="ignore"):
            total, mean, square, information = np.stack([n, p, p * p, n * np.log2(p)]) @ weights
            mean, square = mean / self.parts, square / self.parts
            d = 1 - np.sqrt(np.maximum(square - mean**2, 0)) / mean / np.sqrt(self.parts - 1)
            dp = self._dp(weights, size, n, p, total)
            return dp, dp / (1 - self.smallest / self.words), d, information / total + np.log2(self.words / total)

    def _dp(self, weights: Floats, size: Ints, n: Ints, p: Floats, total: Floats) -> Floats:
        """DP: |v - s| - s is v - 2s in a part that has more than its share and -v in one that has less.

        Most parts are the one or the other in all resamples: only the few between are looked at one by one.
        """
        rate = total / self.words
        more, less = p > np.nanmax(rate), p < np.nanmin(rate)
        twice = -2.0 * np.where(more, size, 0) @ weights / self.words
        between = ~(more | less)
        each = np.abs(n[between, None] / total - size[between, None] / self.words) - size[between, None] / self.words
        found: Floats = (1 + np.where(less, -n, np.where(more, n, 0)) @ weights / total + twice
                         + (weights[between] * each).sum(axis=0)) / 2
        return found
