"""A rate with its interval, and the videos that move it.

Which interval a rate has depends on what there is to say it from, and the note of its row says which:

fewer than ten units      none
hits in fewer than five   exact limits of clumped counts (``measure.exact``)
else                      resampled units, Student's t on the logarithm (``measure.bootstrap``)

A unit is what is drawn: a video, or a day, programme or story whose videos depend on one another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure import exact
from crosscut.measure.bootstrap import FEWEST, LEVEL, REPLICATES, Group, Sample, effective, limits, log_rate, spreads

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Resampling:
    """What is drawn and how: ``codes`` has a unit for each video (-1: one of its own), None for videos."""

    seed: int
    replicates: int = REPLICATES
    level: float = LEVEL
    unit: str = VIDEO
    codes: Ints | None = None

    @property
    def units(self) -> str:
        """The unit in the plural."""
        return f"{self.unit[:-1]}ies" if self.unit.endswith("ry") else f"{self.unit}s"

    def among(self, videos: Ints) -> Resampling:
        """The same for some of the videos."""
        return self if self.codes is None else replace(self, codes=self.codes[videos])

    def sample(self, videos: int) -> Sample:
        """What is drawn of so many videos, which ``codes`` is of."""
        return Sample.of(np.ones(videos, bool), self.codes, seed=self.seed, replicates=self.replicates)


@dataclass(frozen=True, slots=True)
class Asked:
    """The units with hits among all videos that a query was asked of: what is known of how hits come together."""

    hits: Floats
    words: Floats

    @classmethod
    def of(cls, hits: Ints, words: Ints, videos: npt.NDArray[np.bool_], how: Resampling) -> Asked:
        """One value a video of the corpus, and which videos were asked."""
        sample = Sample.of(videos, how.codes, seed=how.seed)
        by_unit = sample.summed(hits)
        some = by_unit > 0
        return cls(by_unit[some], sample.summed(words)[some])


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of a rate a word, or None; ``note`` says why there are none, or what kind they are where it matters."""

    low: float | None = None
    high: float | None = None
    note: str = ""


def interval(hits: Ints, words: Ints, asked: Asked, how: Resampling) -> Interval:
    """The interval of Σ hits / Σ words over the videos of one group, of which ``how`` is."""
    sample, size = how.sample(len(hits)), int(words.sum())
    if sample.units < FEWEST or not size:
        return Interval(note=f"fewer than {FEWEST} {how.units}" if size else "no words")
    units = sample.summed(hits)
    some = int(np.count_nonzero(units))
    if some < exact.FEW:
        clump = exact.clump(units, float(sample.summed(words).max()), asked.hits, asked.words)
        low, high = exact.count_limits(float(units.sum()), clump, how.level)
        with_hits = f"{some or 'no'} {how.unit if some == 1 else how.units} with hits"
        return Interval(low / size, high / size, f"exact, {with_hits} (in clumps of {clump:.1f})")
    return resampled(hits, words, how) if how.replicates > 1 else Interval(note="no resamples")


def resampled(hits: Ints, words: Ints, how: Resampling) -> Interval:
    """The interval by resampling; ``note`` says how much wider than by video it is, where units are coarser."""
    rate, half = float(hits.sum() / words.sum()), _half(hits, words, how)
    note = ""
    if how.codes is not None:
        by_video = _half(hits, words, replace(how, codes=None))
        note = f"{half / by_video:.1f} times as wide as by video" if by_video else ""
    return Interval(float(rate * np.exp(-half)), float(rate * np.exp(half)), note)


def _half(hits: Ints, words: Ints, how: Resampling) -> float:
    """Half the width of the resampled interval, on the scale of logarithms."""
    group = Group(how.sample(len(hits)), (Counts.dense(hits[None]),), (words,))
    return float(limits(0.0, spreads([group], log_rate), how.level)[1][0])


def share(hits: Ints, how: Resampling) -> tuple[float, float | None, float | None]:
    """The share of videos with hits, and its limits; None with fewer than ten units."""
    sample = how.sample(len(hits))
    of = float(np.count_nonzero(hits) / len(hits))
    if sample.units < FEWEST:
        return of, None, None
    return of, *exact.share_limits(sample.summed(hits > 0), sample.summed(np.ones(len(hits))), how.level)


def outliers(hits: Ints, words: Ints, level: float = LEVEL) -> dict[int, float]:
    """Videos that move the rate out of the interval that the others give, by place: the rate a word without each.

    One large video widens the interval that it is in, and so would hide itself: it is judged by that of the others, with
    the standard error of a ratio (Taylor series; Woodruff 1971) in the place of the resampled one.  Only where a rate
    has a resampled interval.
    """
    if len(hits) < FEWEST or np.count_nonzero(hits) < exact.FEW:
        return {}
    all_hits, all_words = hits.sum() - hits, words.sum() - words
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = all_hits / all_words
        moved = np.abs(np.log(rates) - np.log(hits.sum() / words.sum()))
    found = {}
    for place in np.flatnonzero(np.isfinite(moved) & (moved > _least(hits, words, level))).tolist():
        rest = np.arange(len(hits)) != place
        if moved[place] > _quick_half(hits[rest], words[rest], level):
            found[place] = float(rates[place])
    return found


def _least(hits: Ints, words: Ints, level: float) -> Floats:
    """What each video must move the logarithm by at the least: the interval of the others, were they many."""
    from scipy.special import ndtri

    h, w = hits.astype(np.float64), words.astype(np.float64)
    one, other = h.sum() - h, w.sum() - w
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (((h**2).sum() - h**2) / one**2 - 2 * ((h * w).sum() - h * w) / (one * other)
                   + ((w**2).sum() - w**2) / other**2)
    least: Floats = float(ndtri((1 + level) / 2)) * np.sqrt(np.maximum(squares, 0))
    return least


def _quick_half(hits: Ints, words: Ints, level: float) -> float:
    """The same without resampling."""
    from scipy.special import stdtrit

    influence = hits / hits.sum() - words / words.sum()
    second, fourth, n = (influence**2).sum(), (influence**4).sum(), len(hits)
    return float(stdtrit(effective(second, fourth, n - 1), (1 + level) / 2) * np.sqrt(second * n / (n - 1)))
