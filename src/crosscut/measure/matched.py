"""Do two outlets differ where both tell the same story?  And how much of their whole difference is topic?

Words are counted by *part*: a piece of a story, or what is left of a video without its pieces.  A story is *matched* where
both sides have so many words of it at least.  Of two sides with a_i and b_i hits in T1_i and T2_i words of story i:

*whole*    the rates of all parts: log2((Σ a / Σ T1) / (Σ b / Σ T2)), as ``contrast`` has it;
*pooled*   the same of the matched stories, all together: sides that tell them at unlike length still differ in topic;
*matched*  story by story, combined after Mantel & Haenszel (1959; for rates Rothman & Greenland 1998):
           log2(Σ a_i T2_i / T_i  /  Σ b_i T1_i / T_i), T_i = T1_i + T2_i.  It needs no story to have hits on both sides;
*topic*    whole less matched: what comes of telling other stories, or of telling them at other length.

Intervals are by resampling stories (``bootstrap``): what both sides have of a story is drawn together, beside it the
stories and videos that only one side has, each side's by themselves.  So they speak of other stories that could have
come up, and ``topic``, whose two terms are of the same resamples, has one, too.  Fewer than ten matched stories: none.

*Random effects* beside it: the log ratios of the stories as draws around a mean, with variances 1 / a + 1 / b and between
stories τ² after Paule & Mandel (1982); the interval with t at stories less one, which with this τ² is Hartung & Knapp's
(2001), not made shorter where τ² is 0 (Röver et al. 2015); the interval of prediction, where the next story's ratio would
lie, after Higgins et al. (2009).  Half a hit is added on both sides of a story where one has none; stories where both have
none say nothing here.  Such ratios are drawn towards 0, which is why this is not the default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts, product
from crosscut.measure.bootstrap import (
    FEWEST,
    LEVEL,
    REPLICATES,
    RunningVariance,
    Sample,
    Spreads,
    effective,
    limits,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: A story of which a side has fewer words is not matched: a passing mention says little about how it is told.
MIN_WORDS = 50
#: Resampled weights in a block: at most so many numbers (8 bytes each).
_BLOCK = 1_000_000
#: Steps to find τ², which converge from below; relative change at which they end.
_STEPS, _NEAR = 200, 1e-12


@dataclass(frozen=True, slots=True)
class Parts:
    """``counts``: things × parts.  One value a part: its words, the group (outlet) that says it, its story, its video.

    -1: of no group that is asked for; of no story.
    """

    counts: Counts
    words: Ints
    groups: Ints
    stories: Ints
    videos: Ints


@dataclass(frozen=True, slots=True)
class Sides:
    """The side of each part (0, 1; -1: neither), and the number of its story among those matched (-1: not one of them).

    ``stories``: codes of the matched stories; ``words``: 2 × matched stories.
    """

    side: Ints
    matched: Ints
    stories: Ints
    words: Floats

    @property
    def weights(self) -> Floats:
        """What a hit of each part weighs in the sums of Mantel and Haenszel: the other side's share of the story's words."""
        share = self.words[::-1] / self.words.sum(axis=0)
        inside = self.matched >= 0
        found = np.zeros(len(self.side))
        found[inside] = share[self.side[inside], self.matched[inside]]
        return found

    def of(self, side: int, matched: bool = False) -> Bools:
        """Which parts are one side's, all or those of matched stories."""
        mine: Bools = (self.side == side) & (self.matched >= 0) if matched else self.side == side
        return mine


def sides(parts: Parts, first: int, second: int = -1, least: int = MIN_WORDS) -> Sides:
    """Two groups, or one and all others (-1), and the stories of which both have ``least`` words."""
    other = (parts.groups >= 0) & (parts.groups != first) if second < 0 else parts.groups == second
    side = np.where(parts.groups == first, 0, np.where(other, 1, -1))
    told = (side >= 0) & (parts.stories >= 0)
    many = int(parts.stories.max(initial=-1)) + 1
    words = np.stack([np.bincount(parts.stories[told & (side == one)], parts.words[told & (side == one)], many)
                      for one in (0, 1)])
    stories = np.flatnonzero((words >= max(least, 1)).all(axis=0))
    number = np.full(many + 1, -1)  # the last is looked up for -1
    number[stories] = np.arange(len(stories))
    return Sides(side, np.where(told, number[parts.stories], -1), stories,
                 words[:, stories].astype(np.float64))


def by_story(counts: Counts, two: Sides) -> tuple[Floats, Floats]:
    """Hits of each thing in each matched story, first and second side: things × stories."""
    one, other = (counts.among(two.of(side, True)).by(two.matched, len(two.stories)).to_dense().astype(np.float64)
                  for side in (0, 1))
    return one, other


# -- points, of any number of things ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Points:
    """One value a thing: hits of both sides, whole and in matched stories, and log2 ratios; ± inf or nan without hits.

    ``halved``: where a side has no hits, half a hit is taken for them: then all ratios are finite.
    """

    whole_hits: tuple[Ints, Ints]
    hits: tuple[Ints, Ints]
    whole: Floats
    pooled: Floats
    matched: Floats


def points(parts: Parts, two: Sides, *, halved: bool = False) -> Points:
    """The ratios of all things at once."""
    counts, weights = parts.counts, two.weights
    least = 0.5 if halved else 0.0
    ratios, sums = [], []
    hits = {matched: tuple(counts.among(two.of(side, matched)).totals() for side in (0, 1)) for matched in (False, True)}
    for matched in (False, True):
        words = [float(parts.words[two.of(side, matched)].sum()) for side in (0, 1)]
        ratios.append(_log_ratio(hits[matched], words, least))
    product_ = (two.words[0] * two.words[1] / two.words.sum(axis=0)).sum()
    for side in (0, 1):
        mine = counts.among(two.of(side, True))
        found = mine.summed(mine.n * weights[mine.video])
        half = least * product_ / max(two.words[side].sum(), 1)  # half a hit in the stories as they come
        sums.append(np.where(found > 0, found, half))
    with np.errstate(divide="ignore", invalid="ignore"):
        matched_ratio = np.log2(sums[0] / sums[1])
    (a, b), (c, d) = hits[False], hits[True]
    return Points((a, b), (c, d), ratios[0], ratios[1], matched_ratio)


def _log_ratio(hits: tuple[Ints, ...], words: list[float], least: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = [np.maximum(mine, least) / size for mine, size in zip(hits, words, strict=True)]
        ratio: Floats = np.log2(rates[0] / rates[1])
    return ratio


@dataclass(frozen=True, slots=True)
class Scores:
    """``score``: how consistently a thing is said more (or less) by the first side, over stories; in so many ``stories``."""

    score: Floats
    stories: Ints


def scores(counts: Counts, two: Sides) -> Scores:
    """Σ d / √Σ d² over matched stories, d = a_i T2_i / T_i - b_i T1_i / T_i; what one story alone says has 1 at most.

    The score of Mantel & Haenszel's test of no difference, with the variance that the stories themselves show.
    """
    inside = two.matched >= 0
    part = counts.among(inside)
    signed = part.n * np.where(two.side == 0, two.weights, -two.weights)[part.video]
    keys = part.thing * max(len(two.stories), 1) + two.matched[part.video]
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=-1))
    each = np.add.reduceat(signed[order], first) if len(first) else signed[:0]
    thing = keys[order][first] // max(len(two.stories), 1)
    total, squares = (np.bincount(thing, values, len(counts)) for values in (each, each**2))
    score = np.where(squares > 0, total / np.sqrt(np.where(squares > 0, squares, 1)), 0.0)
    return Scores(score, np.bincount(thing, minlength=len(counts)).astype(np.int64))


# -- intervals, of a few things -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper limits, one a thing, of three ratios; nan: none."""

    whole: tuple[Floats, Floats]
    matched: tuple[Floats, Floats]
    topic: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class _Units:
    """What is drawn: matched stories, and what is only the first's or only the second's; hits and words by unit."""

    samples: tuple[Sample, Sample, Sample]
    stories: tuple[Floats, Floats]               # things × matched stories, of both sides
    words: Floats                                # 2 × matched stories
    rest: tuple[Floats, Floats]                  # things × units of a side's own
    rest_words: tuple[Floats, Floats]


def intervals(
    parts: Parts, two: Sides, found: Points, *, seed: int, replicates: int = REPLICATES, level: float = LEVEL,
) -> Limits:
    """Limits of the ratios of some things: keep them few, each takes a row of numbers as long as there are stories."""
    units = _units(parts, two, seed, replicates)
    none = np.full(len(parts.counts), np.nan)
    spread = [RunningVariance(len(parts.counts)) for _ in range(3)]
    rows = max(1, min(replicates, _BLOCK // max(*(sample.units for sample in units.samples), len(parts.counts), 1)))
    called = ("stories", "first", "second")
    blocks = (_blocks(sample, name, rows) for sample, name in zip(units.samples, called, strict=True))
    for drawn in zip(*blocks, strict=True) if replicates > 1 else ():
        for one, values in zip(spread, _ratios(units, drawn), strict=True):
            one.add(values)
    freedom = _freedom(units)
    many = [units.samples[0].units + units.samples[1 + side].units for side in (0, 1)]
    enough = [min(many) >= FEWEST, units.samples[0].units >= FEWEST]
    with np.errstate(invalid="ignore"):
        estimates = (found.whole, found.matched, found.whole - found.matched)
    known = (enough[0], enough[1], all(enough))
    whole, matched, topic = (
        limits(value, Spreads(one.sd(), df), level) if so and replicates > 1 else (none, none)
        for value, one, df, so in zip(estimates, spread, freedom, known, strict=True))
    return Limits(whole, matched, topic)


def _units(parts: Parts, two: Sides, seed: int, replicates: int) -> _Units:
    samples = [Sample(np.where(two.side >= 0, two.matched, -1), len(two.stories), seed, replicates)]
    rest, words = [], []
    for side in (0, 1):
        alone = two.of(side) & (two.matched < 0) & (parts.words > 0)
        sample = Sample.of(alone, parts.stories, seed=seed, replicates=replicates)
        samples.append(sample)
        rest.append(parts.counts.by(sample.codes, sample.units).to_dense().astype(np.float64))
        words.append(sample.summed(parts.words))
    return _Units((samples[0], samples[1], samples[2]), by_story(parts.counts, two), two.words, (rest[0], rest[1]),
                  (words[0], words[1]))


def _blocks(sample: Sample, name: str, rows: int) -> Iterator[Floats]:
    """Resamples in blocks; of nothing, nothing is drawn."""
    if sample.units:
        yield from sample.blocks(name, rows)
        return
    for begin in range(0, sample.replicates, rows):
        yield np.zeros((0, min(rows, sample.replicates - begin)))


def _ratios(units: _Units, drawn: tuple[Floats, ...]) -> list[Floats]:
    """whole, matched and topic in some resamples: things × resamples."""
    stories, *own = drawn
    shares = units.words / units.words.sum(axis=0)
    rates, sums = [], []
    for side in (0, 1):
        mine = units.stories[side]
        hits = product(mine, stories) + product(units.rest[side], own[side])
        words = units.words[side] @ stories + units.rest_words[side] @ own[side]
        sums.append(product(mine * shares[1 - side], stories))
        with np.errstate(divide="ignore", invalid="ignore"):
            rates.append(hits / words)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole, matched = np.log2(rates[0] / rates[1]), np.log2(sums[0] / sums[1])
        return [whole, matched, whole - matched]


def _freedom(units: _Units) -> list[Floats]:
    """Effective degrees of freedom of whole, matched and topic, from the influence of each unit on the logarithm."""
    shares = units.words / units.words.sum(axis=0)
    whole, matched, own = [], [], []
    for side, sign in ((0, 1.0), (1, -1.0)):
        hits, rest = units.stories[side], units.rest[side]
        weighted = hits * shares[1 - side]
        total = np.maximum(hits.sum(axis=1) + rest.sum(axis=1), 1)[:, None]
        words = max(units.words[side].sum() + units.rest_words[side].sum(), 1)
        whole.append(sign * (hits / total - units.words[side] / words))
        own.append(sign * (rest / total - units.rest_words[side] / words))
        matched.append(sign * weighted / np.maximum(weighted.sum(axis=1), 1e-300)[:, None])
    of_whole, of_matched = whole[0] + whole[1], matched[0] + matched[1]
    beside = np.concatenate(own, axis=1)
    most = sum(sample.units for sample in units.samples) - 2
    return [_effective(np.concatenate([of_whole, beside], axis=1), most),
            _effective(of_matched, len(units.words[0]) - 1),
            _effective(np.concatenate([of_whole - of_matched, beside], axis=1), most)]


def _effective(influence: Floats, most: int) -> Floats:
    return effective((influence**2).sum(axis=1), (influence**4).sum(axis=1), most)


# -- random effects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effects:
    """Mean of some effects, with limits, and how far they are apart; nan: none.

    ``tau``: standard deviation of the true effects; ``i_squared``: the share of all variance that is not chance within
    (Higgins & Thompson 2002); ``predicted``: where the effect of one more would lie; ``many``: effects.
    """

    mean: float
    low: float
    high: float
    tau: float
    i_squared: float
    predicted: tuple[float, float]
    many: int


def random_effects(effect: Floats, variance: Floats, level: float = LEVEL, fewest: int = FEWEST) -> Effects:
    """The mean of effects that have variances of their own; no limits of fewer than ``fewest``."""
    many = len(effect)
    if not many:
        return Effects(np.nan, np.nan, np.nan, np.nan, np.nan, (np.nan, np.nan), 0)
    tau2, q = _between(effect, variance), _q(effect, variance, 0.0)
    weights = 1 / (variance + tau2)
    mean, se = float((weights * effect).sum() / weights.sum()), float(1 / np.sqrt(weights.sum()))
    low = high = below = above = np.nan
    if many >= max(fewest, 3):
        from scipy.special import stdtrit

        half = float(stdtrit(many - 1, (1 + level) / 2)) * se
        reach = float(stdtrit(many - 2, (1 + level) / 2)) * float(np.sqrt(tau2 + se**2))
        low, high, below, above = mean - half, mean + half, mean - reach, mean + reach
    share = max(0.0, 1 - (many - 1) / q) if q > 0 else 0.0
    return Effects(mean, low, high, float(np.sqrt(tau2)), share if many > 1 else np.nan, (below, above), many)


def _q(effect: Floats, variance: Floats, tau2: float) -> float:
    """Cochran's Q with weights 1 / (v + τ²)."""
    weights = 1 / (variance + tau2)
    return float((weights * (effect - (weights * effect).sum() / weights.sum()) ** 2).sum())


def _between(effect: Floats, variance: Floats) -> float:
    """τ² at which Q is what chance lets expect, stories less one (Paule & Mandel 1982); 0 where it never is as large.

    Newton's steps from 0 go up to it and never beyond (DerSimonian & Kacker 2007).
    """
    tau2, expected = 0.0, len(effect) - 1
    for _ in range(_STEPS):
        weights = 1 / (variance + tau2)
        away = (effect - (weights * effect).sum() / weights.sum()) ** 2
        above = float((weights * away).sum()) - expected
        if above <= _NEAR * max(expected, 1):
            break
        tau2 += above / float((weights**2 * away).sum())
    return tau2


def story_ratios(one: Floats, other: Floats, words: Floats) -> tuple[Floats, Floats]:
    """log2 ratio of each story with any hit, and its variance: half a hit more on both sides where one has none."""
    some = (one + other) > 0
    half = np.where((one == 0) | (other == 0), 0.5, 0.0)[some]
    a, b = one[some] + half, other[some] + half
    return np.log2(a / words[0][some]) - np.log2(b / words[1][some]), (1 / a + 1 / b) / np.log(2) ** 2


#: What each column of a comparison is.
COLUMNS: Mapping[str, str] = {
    "stories": "Matched stories: those of which both sides have at least so many words (parameter min_words).",
    "whole": "log2 of the first rate over the second, of all words of both: 1 is twice as often (Hardie 2014).  None "
             "without hits on both sides.",
    "whole_low": "Lower limit of it, by resampling stories and what lies in none.",
    "whole_high": "Upper limit of it.",
    "matched": "log2 of the rate ratio story by story, combined after Mantel & Haenszel (1959): Σ a T2 / (T1 + T2) over "
               "Σ b T1 / (T1 + T2), a and b hits in T1 and T2 words of a story.",
    "low": "Lower limit of matched: stories resampled, what both say of one together (crosscut.measure.matched).",
    "high": "Upper limit of matched.",
    "topic": "whole less matched: what comes of telling other stories, or the same at other length.",
    "topic_low": "Lower limit of topic, of the same resamples.",
    "topic_high": "Upper limit of topic.",
    "pooled": "log2 of the ratio of the two rates in the matched stories, all their words together.",
    "random": "Mean of the log2 ratios of the stories by random effects: weights 1 / (1 / a + 1 / b + τ²), half a hit more "
              "on both sides of a story where one has none.",
    "random_low": "Lower limit of it, t at stories less one (Hartung & Knapp 2001).",
    "random_high": "Upper limit of it.",
    "tau": "Standard deviation of the stories' true log2 ratios (Paule & Mandel 1982).",
    "i_squared": "Share of the variance of the stories' ratios that is no chance of single hits (Higgins & Thompson 2002).",
    "predicted_low": "Where the log2 ratio of one more story would lie: lower limit (Higgins, Thompson & Spiegelhalter "
                     "2009).",
    "predicted_high": "Upper limit of that.",
    "hits": "Hits of the first in matched stories.",
    "words": "Its words in matched stories.",
    "pieces": "How many pieces these are.",
    "videos": "Of how many videos.",
    "other_hits": "Hits of the second in matched stories.",
    "other_words": "Its words in matched stories.",
    "other_pieces": "How many pieces these are.",
    "other_videos": "Of how many videos.",
    "whole_hits": "Hits of the first in all.",
    "whole_words": "Its words in all.",
    "other_whole_hits": "Hits of the second in all.",
    "other_whole_words": "Its words in all.",
    "only_words": "Words of the first in stories that are not matched, as the second has none or too little of them.",
    "other_only_words": "The same of the second.",
    "note": "Why a number is missing.",
}
