"""Shares, differences, the test over videos and drift: worked out by hand, by plain loops, and against what they promise."""

from __future__ import annotations

from itertools import permutations as orders

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.measure import naming
from crosscut.measure.bootstrap import Sample
from crosscut.measure.exact import choice_limits

tables = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)), min_size=2, max_size=40)


def found(rows: np.ndarray, groups: list[int] | np.ndarray, many: int = 1, replicates: int = 1000) -> naming.Shares:
    return naming.shares(Counts.dense(rows), np.array(groups), many, seed=1, replicates=replicates)


def test_shares_worked_out_by_hand() -> None:
    """Two groups of ten videos: 15 of 20 hits and 3 of 12 are of the first name."""
    one, other = [2, 1, 1, 2, 1, 2, 2, 1, 1, 2], [0, 1, 0, 0, 1, 1, 1, 0, 1, 0]
    rows = np.array([[*one, 1, 1, 1, *[0] * 7], [*other, *[0] * 3, 3, *[1] * 6]])
    shares = found(rows, [0] * 10 + [1] * 10, 2)
    assert shares.hits.tolist() == [[15, 5], [3, 9]]
    assert shares.share == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]))
    assert shares.units.tolist() == [[10, 5], [3, 7]]
    assert shares.with_any.tolist() == [10, 10]
    assert shares.exact.tolist() == [[False, False], [True, True]]
    assert ((shares.low < shares.share) & (shares.share < shares.high)).all()
    assert shares.why_not(0) == ""


def test_limits_are_those_of_a_plain_loop_over_resamples() -> None:
    """On the logit: t(df) times the standard deviation over the resamples of the videos."""
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(3)
    rows = random.poisson([[2.0], [1.0], [1.0]], (3, 24))
    shares = found(rows, [0] * 24)
    draws = np.concatenate([block.T for block in Sample.of(np.ones(24, bool), seed=1).blocks("0", 1000)])
    totals = draws @ rows.T
    for thing in range(3):
        logit = np.log(totals[:, thing] / (totals.sum(axis=1) - totals[:, thing]))
        sd = np.std(logit[np.isfinite(logit)], ddof=1)
        u = rows[thing] / rows[thing].sum() - rows.sum(axis=0) / rows.sum()
        t = stats.t.ppf(0.975, min(max((u**2).sum() ** 2 / (u**4).sum(), 1), 23))
        share = rows[thing].sum() / rows.sum()
        middle = np.log(share / (1 - share))
        assert shares.low[0, thing] == pytest.approx(1 / (1 + np.exp(t * sd - middle)))
        assert shares.high[0, thing] == pytest.approx(1 / (1 + np.exp(-t * sd - middle)))


def test_all_or_nothing_has_exact_limits() -> None:
    """Twelve videos of one hit each, none of the second name: no fewer than twelve choices, so 0 to 26.5 %."""
    shares = found(np.array([[1] * 12, [0] * 12]), [0] * 12)
    assert shares.share.tolist() == [[1.0, 0.0]]
    assert (shares.low[0, 1], shares.high[0, 1]) == (0.0, pytest.approx(1 - 0.025 ** (1 / 12)))
    assert (shares.low[0, 0], shares.high[0, 0]) == (pytest.approx(0.025 ** (1 / 12)), 1.0)


def test_a_name_of_few_videos_worked_out_by_hand() -> None:
    """Four hits of 84 in three videos (2, 1, 1): clumps of 6 / 4 · (1 + 2 / 3) = 2.5, so 1.6 of 33.6 choices."""
    rows = np.array([[2, 1, 1, *[0] * 17], [4] * 20])
    shares = found(rows, [0] * 20)
    assert shares.exact.tolist() == [[True, True]]
    expected = choice_limits(4 / 84, 84 / 2.5, 0.95)
    assert (shares.low[0, 0], shares.high[0, 0]) == pytest.approx(expected)
    assert (1 - shares.high[0, 1], 1 - shares.low[0, 1]) == pytest.approx(expected)
    elsewhere = np.concatenate([rows, [[6] * 10, [0] * 10]], axis=1)  # others say it six at a time, if not cut to 6 a video
    wider = found(elsewhere, [0] * 20 + [1] * 10, 2)
    assert (wider.low[0, 0], wider.high[0, 0]) == pytest.approx(choice_limits(
        4 / 84, max(84 * 64 / (366 * (1 + 2 / 13)), 84**2 / (36 + 25 * 2 + 16 * 17)), 0.95))


def test_one_video_that_says_it_all_the_time_is_one_choice() -> None:
    lopsided = found(np.array([[1] * 11 + [90], [0] * 12]), [0] * 12)
    assert lopsided.high[0, 1] == pytest.approx(choice_limits(0, 101 / 3, 0.95)[1])
    apart = found(np.array([[1] * 11 + [0], [0] * 11 + [90]]), [0] * 12)
    assert apart.low[0, 1] == pytest.approx(choice_limits(90 / 101, 101**2 / (11 + 90**2), 0.95)[0])


def test_few_videos_have_no_interval_and_say_why() -> None:
    shares = found(np.array([[1] * 9 + [0] * 31, [2] * 9 + [0] * 31]), [0] * 20 + [1] * 20, 2)
    assert np.isnan(shares.low).all()
    assert shares.share[0].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert np.isnan(shares.share[1]).all()
    assert shares.why_not(0) == "fewer than 10 videos with a hit"
    assert shares.why_not(1) == "no hits"
    assert found(np.zeros((2, 0), int), [], 0).hits.shape == (0, 2)


def test_units_coarser_than_the_video_are_counted_whole() -> None:
    rows, days = np.array([[1, 0] * 15, [1, 2] * 15]), np.repeat(np.arange(15), 2)
    by_day = naming.shares(Counts.dense(rows), np.zeros(30, int), 1, units=days, seed=1)
    summed = found(rows.reshape(2, 15, 2).sum(axis=2), [0] * 15)
    assert by_day.with_any.tolist() == [15]
    assert (by_day.low.tolist(), by_day.high.tolist()) == (summed.low.tolist(), summed.high.tolist())


@settings(deadline=None)
@given(tables, st.randoms())
def test_shares_do_not_depend_on_the_order_of_videos_and_names(videos: list[tuple[int, ...]], random: object) -> None:
    table = np.array(videos)
    groups, rows = table[:, 0], table[:, 1:].T
    one = found(rows, groups, 3, replicates=100)
    order = np.random.default_rng(len(videos)).permutation(len(videos))
    moved = found(rows[:, order], groups[order], 3, replicates=100)
    turned = found(rows[::-1], groups, 3, replicates=100)
    assert np.nansum(np.abs(one.share - moved.share)) == pytest.approx(0)
    assert one.hits.sum() == rows.sum()
    assert turned.low[:, ::-1] == pytest.approx(one.low, nan_ok=True)
    assert turned.high[:, ::-1] == pytest.approx(one.high, nan_ok=True)
    some = one.with_any > 0
    assert one.share[some].sum(axis=1) == pytest.approx(np.ones(some.sum()))
    has = ~np.isnan(one.low)
    assert ((one.low <= one.share + 1e-12) & (one.share <= one.high + 1e-12))[has].all()


# --- differences -----------------------------------------------------------------------------------------------------


def test_differences_are_newcombes() -> None:
    """Of two shares, 0.75 (0.6, 0.85) and 0.25 (0.15, 0.4): 0.5, less √(0.15² + 0.15²), more √(0.1² + 0.1²)."""
    shape = [[0.75], [0.25]]
    shares = naming.Shares(np.array([[15], [5]]), np.array([[9], [5]]), np.array([10, 10]), np.array(shape),
                           np.array([[0.6], [0.15]]), np.array([[0.85], [0.4]]), np.zeros((2, 1), bool))
    apart = naming.differences(shares)
    assert (apart.one.tolist(), apart.other.tolist()) == ([0], [1])
    assert apart.difference[0, 0] == pytest.approx(0.5)
    assert apart.low[0, 0] == pytest.approx(0.5 - np.sqrt(0.15**2 + 0.15**2))
    assert apart.high[0, 0] == pytest.approx(0.5 + np.sqrt(0.1**2 + 0.1**2))


def test_swapping_the_groups_turns_the_difference_around() -> None:
    random = np.random.default_rng(1)
    rows, groups = random.poisson(1, (3, 60)), np.repeat([0, 1], 30)
    one, other = (naming.differences(found(rows, codes, 2)) for codes in (groups, 1 - groups))
    assert other.difference == pytest.approx(-one.difference)
    assert other.low == pytest.approx(-one.high)
    assert other.high == pytest.approx(-one.low)


# --- the test --------------------------------------------------------------------------------------------------------


def statistic(rows: np.ndarray, groups: np.ndarray, strata: np.ndarray) -> float:
    """As the module says it, one group and alternative at a time."""
    total, parts = rows.sum(axis=0), 0.0
    for group in set(groups.tolist()):
        for name in range(len(rows)):
            above = variance = 0.0
            for stratum in set(strata.tolist()):
                there = strata == stratum
                share = rows[name, there].sum() / total[there].sum()
                e = rows[name] - share * total
                inside = there & (groups == group)
                p = total[inside].sum() / total[there].sum()
                above += e[inside].sum()
                variance += (1 - p) ** 2 * (e[inside] ** 2).sum() + p**2 * (e[there & ~inside] ** 2).sum()
            weight = (1 - total[groups == group].sum() / total.sum()) * (1 - rows[name].sum() / total.sum())
            parts += weight * above**2 / variance if variance > 0 else 0.0
    return parts


def exact_p(rows: np.ndarray, groups: np.ndarray, strata: np.ndarray) -> float:
    """All ways to deal out the videos with hits."""
    some = rows.sum(axis=0) > 0
    rows, groups, strata = rows[:, some], groups[some], strata[some]
    observed = statistic(rows, groups, strata)
    dealt = [np.array(order) for order in set(orders(groups.tolist()))]
    same = [order for order in dealt if all(
        sorted(order[strata == stratum]) == sorted(groups[strata == stratum]) for stratum in set(strata.tolist()))]
    return float(np.mean([statistic(rows, order, strata) >= observed * (1 - 1e-9) for order in same]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("strata", [[0] * 8, [0, 0, 0, 0, 1, 1, 1, 1]])
def test_p_is_that_of_all_ways_to_deal_out_the_videos(seed: int, strata: list[int]) -> None:
    random = np.random.default_rng(seed)
    rows, groups, codes = random.poisson(1.2, (3, 8)), np.array([0, 1, 0, 1, 0, 1, 2, 0]), np.array(strata)
    every = naming.permutation_test(Counts.dense(rows), groups, 3, strata=codes, seed=1, permutations=4000)
    assert every.permutations < 4000
    assert every.p == pytest.approx(exact_p(rows, groups, codes))
    drawn = naming.permutation_test(Counts.dense(rows), groups, 3, strata=codes, seed=1, permutations=every.permutations - 1)
    assert drawn.p == pytest.approx(every.p, abs=4 / every.permutations**0.5)


def test_of_one_hit_a_video_the_statistic_is_pearsons() -> None:
    """But for the factor n / (n - 1) or so; Cramér's V is scipy's."""
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(7)
    names, groups = random.integers(0, 3, 300), random.integers(0, 4, 300)
    rows = (names == np.arange(3)[:, None]).astype(int)
    table = np.array([[((names == a) & (groups == g)).sum() for a in range(3)] for g in range(4)])
    chi2 = stats.chi2_contingency(table, correction=False)
    assert statistic(rows, groups, np.zeros(300)) == pytest.approx(chi2.statistic, rel=0.02)
    assert naming.cramers_v(table.astype(float)) == pytest.approx(stats.contingency.association(table))
    tested = naming.permutation_test(Counts.dense(rows), groups, 4, seed=1, permutations=2000)
    assert tested.p == pytest.approx(chi2.pvalue, abs=0.04)
    assert tested.v_by_chance == pytest.approx(np.sqrt(6 / 300 / 2), rel=0.1)


def test_p_is_uniform_where_nothing_differs_however_clumpy_and_unlike_the_groups() -> None:
    """Both groups have the same shares; the first repeats itself within videos, the second has many short ones."""
    random = np.random.default_rng(11)
    found: list[float] = []
    for _ in range(300):
        sizes = np.concatenate([random.geometric(0.12, 15), random.geometric(0.7, 45)])
        shares = random.beta(1, 2, 60)
        first = random.binomial(sizes, shares)
        tested = naming.permutation_test(Counts.dense([first, sizes - first]), np.repeat([0, 1], [15, 45]), 2, seed=len(found),
                                         permutations=199)
        found.append(tested.p)
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.035)
    assert np.mean(np.array(found) <= 0.5) == pytest.approx(0.5, abs=0.09)


def test_a_difference_is_found_and_strata_take_away_one_of_times() -> None:
    """In the second month everybody says the second name, and one outlet is there mostly in the second month."""
    month = np.repeat([0, 1], 40)
    groups = np.array(([0] * 30 + [1] * 10) + ([0] * 10 + [1] * 30))
    rows = np.stack([2 * (month == 0), 2 * (month == 1)])
    rows[:, ::7] = 1
    plain, within = (naming.permutation_test(Counts.dense(rows), groups, 2, strata=strata, seed=1, permutations=999)
                     for strata in (None, month))
    assert plain.p < 0.01
    assert within.p > 0.2
    assert plain.v > 2 * plain.v_by_chance


def test_nothing_to_test_is_no_p() -> None:
    rows = np.array([[1, 2, 3], [0, 0, 0]])
    assert np.isnan(naming.permutation_test(Counts.dense(rows), np.array([0, 1, 1]), 2, seed=1).p)
    assert np.isnan(naming.permutation_test(Counts.dense(rows[::-1]), np.array([0, 0, -1]), 1, seed=1).p)
    assert np.isnan(naming.permutation_test(Counts.dense(rows[:, :0]), np.zeros(0, int), 2, seed=1).p)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 9), min_size=12, max_size=30), st.tuples(*[st.integers(1, 9)] * 3))
def test_videos_that_all_have_the_same_shares_do_not_differ(times: list[int], names: tuple[int, ...]) -> None:
    """Nor do they drift: rounding is no difference."""
    counts, groups = Counts.dense(np.outer(names, times)), np.arange(len(times)) % 2
    assert naming.permutation_test(counts, groups, 2, seed=1, permutations=99).p == 1
    days = np.arange(float(len(times)))
    drift = naming.drift(counts, np.zeros(len(times), int), 1, days, seed=1, permutations=99)
    assert (drift.change.tolist(), drift.p.tolist()) == ([[0, 0, 0]], [[1, 1, 1]])


@settings(deadline=None, max_examples=25)
@given(tables, st.integers(0, 2))
def test_the_test_is_the_same_for_names_and_groups_in_any_order(videos: list[tuple[int, ...]], turn: int) -> None:
    table = np.array(videos)
    groups, rows = table[:, 0], table[:, 1:].T
    one = naming.permutation_test(Counts.dense(rows), groups, 3, seed=1, permutations=99)
    names = naming.permutation_test(Counts.dense(np.roll(rows, turn, axis=0)), groups, 3, seed=1, permutations=99)
    coded = naming.permutation_test(Counts.dense(rows), (groups + turn) % 3, 3, seed=1, permutations=99)
    assert names.p == pytest.approx(one.p, nan_ok=True)
    assert names.v == pytest.approx(one.v, nan_ok=True)
    assert coded.v == pytest.approx(one.v, nan_ok=True)
    assert np.isnan(one.p) or 0.01 <= one.p <= 1


# --- drift -----------------------------------------------------------------------------------------------------------


def test_drift_worked_out_by_hand() -> None:
    """A share that goes from 0 to 1 in 90 days, the same number of hits each day, changes by a third in 30 days."""
    days = np.arange(0, 100, 10.0)
    rows = np.array([np.arange(10), 9 - np.arange(10)])
    drift = naming.drift(Counts.dense(rows), np.zeros(10, int), 1, days, seed=1, permutations=999)
    assert drift.change[0] == pytest.approx([1 / 3, -1 / 3])
    assert drift.p[0] == pytest.approx([0.001, 0.001])
    assert (drift.videos.tolist(), drift.days.tolist()) == ([10], [90])


def test_drift_is_a_weighted_regression() -> None:
    random = np.random.default_rng(5)
    rows, days = random.poisson(2, (3, 50)), random.integers(0, 90, 50).astype(float)
    rows = rows[:, rows.sum(axis=0) > 0]
    days = days[: rows.shape[1]]
    drift = naming.drift(Counts.dense(rows), np.zeros(rows.shape[1], int), 1, days, seed=1)
    total = rows.sum(axis=0)
    slopes = [np.polyfit(days, row / total, 1, w=np.sqrt(total))[0] * 30 for row in rows]
    assert drift.change[0] == pytest.approx(slopes)
    later = naming.drift(Counts.dense(rows), np.zeros(rows.shape[1], int), 1, days + 400, seed=1)
    assert later.change == pytest.approx(drift.change)
    assert later.p == pytest.approx(drift.p)


def test_drift_says_nothing_without_dates_or_videos() -> None:
    rows, groups = np.ones((2, 30), int), np.repeat([0, 1, 2], [9, 11, 10])
    days = np.arange(30.0)
    days[9:11] = np.nan
    drift = naming.drift(Counts.dense(rows), groups, 3, days, seed=1, permutations=99)
    assert drift.videos.tolist() == [9, 9, 10]
    assert np.isnan(drift.change[:2]).all()
    assert np.isnan(drift.p[:2]).all()
    assert (drift.change[2].tolist(), drift.p[2].tolist()) == ([0, 0], [1, 1])


def test_p_of_drift_is_uniform_where_there_is_none() -> None:
    random = np.random.default_rng(13)
    found = [naming.drift(Counts.dense(random.poisson(random.gamma(0.5, 3, (1, 40)) * [[1.0], [2.0]])), np.zeros(40, int), 1,
                          random.integers(0, 60, 40).astype(float), seed=n, permutations=199).p[0, 0] for n in range(300)]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.035)


# --- what the limits promise -----------------------------------------------------------------------------------------


def test_limits_hold_the_share_as_often_as_they_say_and_those_over_hits_do_not() -> None:
    """Clumpy videos: each has its own share (beta, mean 0.2) and 4 hits in the mean."""
    random, videos = np.random.default_rng(1), 60
    held = over_hits = 0
    for seed in range(200):
        sizes = random.geometric(0.25, videos)
        hits = random.binomial(sizes, random.beta(0.2, 0.8, videos))
        shares = naming.shares(Counts.dense([hits, sizes - hits]), np.zeros(videos, int), 1, seed=seed, replicates=200)
        held += int(shares.low[0, 0] <= 0.2 <= shares.high[0, 0])
        got = hits.sum() / sizes.sum()
        over_hits += int(abs(got - 0.2) <= 1.96 * np.sqrt(got * (1 - got) / sizes.sum()))
    assert held >= 0.92 * 200
    assert over_hits <= 0.8 * 200
