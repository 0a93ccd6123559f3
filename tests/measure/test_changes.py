"""Cuts against every way to cut and against ruptures; false alarms, planted changes and their intervals by simulation."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
import ruptures
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure import changes as module
from crosscut.measure.changes import Change, Changes, Course, _Cutter, _Table, changes

Ints = npt.NDArray[np.int64]


def stretch(hits: list[int], words: list[int], begin: int, end: int, rate: float) -> float:
    some = sum(hits[begin:end])
    return 2 * some * math.log(some / (rate * sum(words[begin:end]))) if some else 0.0


def slow_gains(hits: list[int], words: list[int], shortest: int, most: int) -> list[float]:
    """The gain of the best cuts, by trying all."""
    rate, gains = sum(hits) / sum(words), []
    for many in range(most + 1):
        ways = [(0, *cuts, len(hits)) for cuts in combinations(range(1, len(hits)), many)]
        gains.append(max((sum(stretch(hits, words, *ends, rate) for ends in pairwise(way)) for way in ways
                          if all(b - a >= shortest for a, b in pairwise(way))), default=-math.inf))
    return gains


def course(hits: list[int], words: list[int]) -> Course:
    """One video a period."""
    return Course(np.array(hits), np.array(words), np.arange(len(hits)))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 900)), min_size=4, max_size=9), st.sampled_from([1, 2, 3]))
def test_cuts_are_the_best_of_all(periods: list[tuple[int, int]], shortest: int) -> None:
    hits, words = [h for h, _ in periods], [w for _, w in periods]
    if not any(hits) or len(hits) < 2 * shortest:
        return
    table = _Table.of(course(hits, words))
    cut = _Cutter(table, (shortest, 3))(table.totals()[None])
    expected = slow_gains(hits, words, shortest, cut.gains.shape[1] - 1)
    assert cut.gains[0].tolist() == pytest.approx(expected, abs=1e-9)
    for many, gain in enumerate(expected):
        if gain > -math.inf:
            places = [0, *cut.places(np.array([many]))[0, :many].tolist(), len(hits)]
            found = sum(stretch(hits, words, a, b, sum(hits) / sum(words)) for a, b in pairwise(places))
            assert found == pytest.approx(gain, abs=1e-9)
            assert min(np.diff(places)) >= shortest


class Deviance(ruptures.base.BaseCost):  # type: ignore[misc]
    """The same cost for ruptures: Poisson deviance of hits in words, up to a constant."""

    model, min_size = "", 2

    def fit(self, signal: npt.NDArray[np.float64]) -> Deviance:
        self.signal = signal
        return self

    def error(self, start: int, end: int) -> float:
        hits, words = self.signal[start:end].sum(axis=0)
        return float(-2 * hits * math.log(hits / words)) if hits else 0.0


@pytest.mark.parametrize("seed", range(4))
def test_cuts_are_those_of_ruptures(seed: int) -> None:
    random = np.random.default_rng(seed)
    words = random.integers(2_000, 30_000, 40)
    hits = random.poisson(words * np.repeat([1e-3, 3e-3, 5e-4, 2e-3], 10))
    table = _Table.of(course(hits.tolist(), words.tolist()))
    cut = _Cutter(table, (2, 5))(table.totals()[None])
    dynp = ruptures.Dynp(custom_cost=Deviance(), min_size=2, jump=1).fit(np.stack([hits, words], axis=1).astype(float))
    for many in range(1, 6):
        assert cut.places(np.array([many]))[0, :many].tolist() == dynp.predict(n_bkps=many)[:-1]


def clumpy(random: np.random.Generator, rates: npt.ArrayLike, videos: int, about: float = 0.3) -> Course:
    """Some videos a period, of which few are about the matter: their hits come together."""
    rates = np.asarray(rates)
    periods = np.repeat(np.arange(len(rates)), random.poisson(videos, len(rates)))
    words = np.maximum(50, random.lognormal(np.log(800), 0.6, len(periods))).astype(int)
    some = (random.random(len(periods)) < about) * random.gamma(1, 1, len(periods)) / about
    return Course(random.poisson(words * rates[periods] * some), words, periods)


@pytest.mark.parametrize(("periods", "videos", "about"), [(30, 10, 0.3), (60, 5, 0.1), (20, 40, 0.5)])
def test_a_constant_rate_has_changes_no_more_often_than_promised(periods: int, videos: int, about: float) -> None:
    random = np.random.default_rng(1)
    found = [bool(changes([clumpy(random, np.full(periods, 5e-4), videos, about)], seed=n, replicates=199)[0].found) for n in range(200)]
    assert np.mean(found) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 200)


def test_many_series_share_the_chance_of_a_false_alarm() -> None:
    random = np.random.default_rng(2)
    found = [any(one.found for one in changes([clumpy(random, np.full(20, 5e-4), 10) for _ in range(8)], seed=n, replicates=199))
             for n in range(40)]
    assert np.mean(found) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 40)


@pytest.mark.parametrize(("rates", "places", "ratios"), [
    (np.repeat([4e-4, 1.2e-3], 15), [15], [math.log2(3)]),
    (np.repeat([4e-4, 1.6e-3, 4e-4], [10, 4, 16]), [10, 14], [2, -2]),
    (np.repeat([4e-4, 1.2e-3, 4e-4], 10), [10, 20], [math.log2(3), -math.log2(3)]),
])
def test_planted_changes_are_found(rates: npt.NDArray[np.float64], places: list[int], ratios: list[float]) -> None:
    random = np.random.default_rng(3)
    found = [changes([clumpy(random, rates, 40)], seed=n, replicates=199)[0].found for n in range(40)]
    right = [one for one in found if len(one) == len(places)]
    assert len(right) >= 36
    for number, (place, ratio) in enumerate(zip(places, ratios, strict=True)):
        mine: list[Change] = [one[number] for one in right]
        assert np.mean([abs(change.period - place) <= 1 for change in mine]) >= 0.65
        assert np.mean([change.earliest <= place <= change.latest for change in mine]) >= 0.85
        assert np.mean([(change.low or 0) <= ratio <= (change.high or 0) for change in mine]) >= 0.85
        assert np.mean([change.support for change in mine]) > 0.6


def test_numbers_of_a_change() -> None:
    hits = np.tile([1, 0, 2], 40)
    hits[60:] *= 5
    words, periods = np.full(120, 500), np.repeat(np.arange(12), 10) + 3
    ((change,),) = [one.found for one in changes([Course(hits, words, periods)], seed=1)]
    assert change.period == 9
    assert change.before == pytest.approx(2_000)
    assert change.after == pytest.approx(10_000)
    assert change.log_ratio == pytest.approx(math.log2(5))
    assert change.low is not None
    assert change.high is not None
    assert change.low < math.log2(5) < change.high
    assert change.support > 0.9


def test_gaps_count_for_nothing() -> None:
    random = np.random.default_rng(5)
    full = clumpy(random, np.repeat([4e-4, 2e-3], 8), 30)
    apart = Course(full.hits, full.words, full.periods + 5 * (full.periods >= 8))  # five periods without a video between
    (one,), (other,) = changes([full], seed=1), changes([apart], seed=1)
    assert (one.p, one.penalty) == (other.p, other.penalty)
    assert [change.period + 5 for change in one.found] == [change.period for change in other.found]


def test_hits_of_one_video_are_no_change() -> None:
    """A hearing that says it 200 times would be a change if its words were independent."""
    random = np.random.default_rng(6)
    hits, words, periods = random.poisson(0.5, 400), np.full(400, 800), np.repeat(np.arange(20), 20)
    hits[217] = 200
    (found,) = changes([Course(hits, words, periods)], seed=1)
    assert found.found == ()
    assert found.why_not == "no change found"


def test_units_are_dealt_out_and_drawn_together() -> None:
    random = np.random.default_rng(7)
    days = np.repeat(np.arange(60), 10)
    loud = random.gamma(0.3, 1 / 0.3, 60)[days]
    hits, words, weeks = random.poisson(2 * loud), np.full(600, 800), days // 5
    plain, by_day = (changes([Course(hits, words, weeks, units)], seed=1)[0] for units in (None, days))
    assert by_day.penalty is not None
    assert plain.penalty is not None
    assert by_day.penalty > 1.5 * plain.penalty
    assert by_day.p is not None
    assert plain.p is not None
    assert by_day.p >= plain.p


def test_why_there_are_none() -> None:
    nothing = np.zeros(0, np.int64)
    few = Changes((), None, None, "fewer than 4 periods with words")
    assert changes([Course(nothing, nothing, nothing), course([1, 2, 3], [9, 9, 9])], seed=1) == [few, few]
    assert changes([course([0] * 9, [9] * 9)], seed=1)[0].why_not == "no hits"


def test_the_seed_decides_and_blocks_do_not() -> None:
    one = clumpy(np.random.default_rng(8), np.repeat([4e-4, 2e-3], 8), 20)
    first = changes([one], seed=1, replicates=199)
    assert changes([one], seed=1, replicates=199) == first
    assert changes([one], seed=2, replicates=199) != first
    with patch.object(module, "_BLOCK", 4_000):
        assert changes([one], seed=1, replicates=199) == first


def test_the_order_of_videos_does_not_matter_but_to_chance() -> None:
    one = clumpy(np.random.default_rng(9), np.repeat([4e-4, 2e-3], 8), 40)
    order = np.random.default_rng(1).permutation(len(one.hits))
    (first,), (again,) = changes([one], seed=1), changes([Course(one.hits[order], one.words[order], one.periods[order])], seed=1)
    assert [change.period for change in first.found] == [change.period for change in again.found]
    assert [change.before for change in first.found] == pytest.approx([change.before for change in again.found])
