"""The intervals that are compared: ours as the program has them, and others, many samples at once.

Each takes hits and words (samples × videos) and gives lower and upper limits of the rate a word.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.bootstrap import LEVEL, REPLICATES, Group, Sample, limits, log_ratio, spreads
from crosscut.measure.rates import Asked, Resampling, interval

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Limits = tuple[Floats, Floats]

#: The standard normal deviate of 97.5 %.
Z = 1.959964
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
HOW = Resampling(1)


def ours(hits: Ints, words: Ints, others: tuple[Ints, Ints] | None = None) -> Limits:
    """As ``crosscut freq`` has them; ``others``: videos of other groups of the same query, as many samples of them."""
    found = [interval(h, w, _asked(h, w, others, place), HOW) for place, (h, w) in enumerate(zip(hits, words, strict=True))]
    return (np.array([one.low for one in found], np.float64), np.array([one.high for one in found], np.float64))


def _asked(hits: Ints, words: Ints, others: tuple[Ints, Ints] | None, place: int) -> Asked:
    if others:
        hits, words = np.concatenate([hits, others[0][place]]), np.concatenate([words, others[1][place]])
    some = hits > 0
    return Asked(hits[some].astype(np.float64), words[some].astype(np.float64))


@cache
def _weights(videos: int, group: int = 0) -> Floats:
    """How often each video is in each resample: videos × resamples."""
    random = np.random.default_rng((videos, group))
    drawn = random.integers(0, videos, (REPLICATES, videos)) + np.arange(0, REPLICATES * videos, videos)[:, None]
    return np.bincount(drawn.reshape(-1), minlength=REPLICATES * videos).reshape(REPLICATES, videos).T.astype(np.float64)


def _resampled(hits: Ints, words: Ints, group: int = 0) -> Floats:
    """The rate in each resample: samples × resamples."""
    weights = _weights(hits.shape[1], group)
    rates: Floats = (hits @ weights) / (words @ weights)
    return rates


def percentile(hits: Ints, words: Ints) -> Limits:
    """The middle 95 % of the resampled rates (Efron & Tibshirani 1993, chapter 13)."""
    low, high = np.quantile(_resampled(hits, words), TAILS, axis=1)
    return low, high


def bca(hits: Ints, words: Ints) -> Limits:
    """Bias-corrected and accelerated (Efron 1987; Efron & Tibshirani 1993, chapter 14)."""
    from scipy.special import ndtr, ndtri

    rates, rate = _resampled(hits, words), (hits.sum(axis=1) / words.sum(axis=1))[:, None]
    below = (rates < rate).mean(axis=1) + (rates == rate).mean(axis=1) / 2  # ties: half, as counts have many
    bias = ndtri(np.clip(below, 1 / REPLICATES, 1 - 1 / REPLICATES))
    without = (hits.sum(axis=1)[:, None] - hits) / (words.sum(axis=1)[:, None] - words)
    apart = without.mean(axis=1)[:, None] - without
    acceleration = (apart**3).sum(axis=1) / (6 * np.maximum((apart**2).sum(axis=1), 1e-60) ** 1.5)
    ordered, ends = np.sort(rates, axis=1), []
    for tail in (-Z, Z):
        share = ndtr(bias + (bias + tail) / (1 - acceleration * (bias + tail)))
        place = np.clip((share * REPLICATES).astype(np.int64), 0, REPLICATES - 1)
        ends.append(np.take_along_axis(ordered, place[:, None], axis=1)[:, 0])
    return ends[0], ends[1]


def tokens(hits: Ints, words: Ints) -> Limits:
    """Wilson's interval, as if each word were drawn by itself."""
    n, rate = words.sum(axis=1), hits.sum(axis=1) / words.sum(axis=1)
    middle = (rate + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * np.sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n))
    return middle - half, middle + half


def wald(hits: Ints, words: Ints) -> Limits:
    """The rate and 1.96 standard errors of a Poisson count of words."""
    n, total = words.sum(axis=1), hits.sum(axis=1)
    return (total - Z * np.sqrt(total)) / n, (total + Z * np.sqrt(total)) / n


RATES: dict[str, Callable[[Ints, Ints], Limits]] = {
    "ours": ours, "percentile": percentile, "BCa": bca, "words, Wilson": tokens, "words, Wald": wald}

Pair = tuple[Ints, Ints]


def ours_ratio(one: Pair, other: Pair) -> Limits:
    """Of the log2 ratio of two rates, as every comparison of two groups has it."""
    low, high = [], []
    for h1, w1, h2, w2 in zip(*one, *other, strict=True):
        groups = [_group(h1, w1), _group(h2, w2)]
        rate = float(np.log2((h1.sum() / w1.sum()) / (h2.sum() / w2.sum())))
        ends = limits(rate, spreads(groups, log_ratio))
        low.append(float(ends[0][0]))
        high.append(float(ends[1][0]))
    return np.array(low), np.array(high)


def _group(hits: Ints, words: Ints) -> Group:
    return Group(Sample.of(np.ones(len(hits), bool), seed=1), (Counts.dense(hits[None]),), (words,))


def percentile_ratio(one: Pair, other: Pair) -> Limits:
    """The middle 95 % of the resampled log ratios."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.log2(_resampled(*one) / _resampled(*other, 1))
    ratios[~np.isfinite(ratios)] = np.nan
    low, high = np.nanquantile(ratios, TAILS, axis=1)
    return low, high


def tokens_ratio(one: Pair, other: Pair) -> Limits:
    """1.96 standard errors of the log ratio of two counts of words (Katz et al. 1978)."""
    h1, w1, h2, w2 = (part.sum(axis=1) for part in (*one, *other))
    rate, half = np.log2((h1 / w1) / (h2 / w2)), Z * np.sqrt(1 / h1 + 1 / h2) / np.log(2)
    return rate - half, rate + half


RATIOS: dict[str, Callable[[Pair, Pair], Limits]] = {
    "ours": ours_ratio, "percentile": percentile_ratio, "words": tokens_ratio}
