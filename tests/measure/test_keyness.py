"""Keyness against plain loops over videos, SciPy, and tables worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure import comparing, ranksum
from crosscut.measure.association import Table, conservative_log_ratio, g_squared, log_likelihood, log_ratio
from crosscut.measure.bootstrap import FEWEST, Group, Sample, limits, spreads
from crosscut.measure.bootstrap import log_ratio as drawn_log_ratio
from crosscut.measure.comparing import keyness, one_against_rest
from crosscut.measure.keyness import COLUMNS, SORTS, WHY_NOT, Choices, Keyness
from crosscut.measure.ranksum import against_the_rest, rank_sums
from crosscut.measure.rates import Resampling

stats = pytest.importorskip("scipy.stats")
QUICK = Choices(Resampling(1, 40), min_videos=1, correction="none")


@st.composite
def material(draw: st.DrawFn, most: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts (things × videos), sizes (some 0), and the group of each video: three, or none."""
    videos, things, random = draw(st.integers(4, most)), draw(st.integers(1, 6)), np.random.default_rng(draw(st.integers(0, 99)))
    table = random.poisson(draw(st.sampled_from([0.2, 0.7, 3.0])), (things, videos))
    sizes = table.sum(axis=0) + random.integers(0, draw(st.sampled_from([2, 40])), videos)
    return table, sizes, random.integers(-1, 3, videos)


def row(found: Keyness, place: int) -> dict[str, float]:
    return {name: float(column[place]) for name, column in found.columns.items()}


def said(found: Keyness) -> list[str]:
    return [WHY_NOT[number].format(units="videos") for number in found.why_not.tolist()]


# -- ranks --------------------------------------------------------------------------------------------------------------


@given(material(), st.sampled_from([1, 5, 1_000]), st.booleans())
@settings(deadline=None, max_examples=60)
def test_ranks_are_those_of_scipy(made: tuple[np.ndarray, np.ndarray, np.ndarray], lot: int, long: bool) -> None:
    table, sizes, codes = made
    codes_of = ranksum._codes
    largest = patch.object(ranksum, "_codes", lambda rate, most, room: codes_of(rate, 1 << 60 if long else most, room))
    with patch.object(ranksum, "_AT_ONCE", lot), largest:
        ranks = rank_sums(Counts.dense(table), sizes, codes, 3)
    for group in range(3):
        superiority, p = against_the_rest(ranks, group)
        one, rest = (chosen & (sizes > 0) for chosen in (codes == group, (codes >= 0) & (codes != group)))
        if not one.any() or not rest.any():
            assert np.isnan(superiority).all()
            assert np.isnan(p).all()
            continue
        for thing, counts in enumerate(table):
            rates = counts[one] / sizes[one], counts[rest] / sizes[rest]
            pairs = [(x > y) + (x == y) / 2 for x in rates[0] for y in rates[1]]
            assert superiority[thing] == pytest.approx(np.mean(pairs))
            if len({*rates[0], *rates[1]}) > 1:  # SciPy divides by nothing where all are alike
                assert p[thing] == pytest.approx(stats.mannwhitneyu(*rates, method="asymptotic").pvalue, rel=1e-9)
            else:
                assert p[thing] == 1


def test_rates_that_hardly_differ_do_not_tie() -> None:
    # 1 of 99,999 tokens, 1 of 100,000, and 2 of 200,000, which ties with it.
    ranks = rank_sums(Counts.dense([[1, 1, 2, 0]]), np.array([99_999, 100_000, 200_000, 7]), np.arange(4), 4)
    assert ranks.sums.tolist() == [[4.0, 2.5, 2.5, 1.0]]
    assert ranks.ties.tolist() == [6.0]


# -- scores -------------------------------------------------------------------------------------------------------------


def test_a_row_by_hand() -> None:
    # Target: 6 of 100 tokens, in 2 of 3 videos.  Reference: 2 of 200 tokens, in 1 of 4 videos.
    table = np.array([[4, 2, 0, 2, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]])
    sizes = np.array([50, 25, 25, 50, 50, 50, 50])
    target = np.arange(7) < 3
    found = keyness(Counts.dense(table), sizes, target, ~target, replace(QUICK, min_videos=2))
    assert (found.things.tolist(), found.left_out, found.sizes, found.videos) == ([0], 1, (100, 200), (3, 4))
    one = row(found, 0)
    assert set(one) == set(COLUMNS)
    words, videos = Table(np.array([6]), np.array([2]), (100, 200)), Table(np.array([2]), np.array([1]), (3, 4))
    assert (one["target"], one["reference"], one["target_videos"], one["reference_videos"]) == (6, 2, 2, 1)
    assert (one["target_per_million"], one["reference_per_million"]) == (60_000, 10_000)
    assert one["log_ratio"] == pytest.approx(math.log2(6))
    assert one["log_likelihood"] == pytest.approx(log_likelihood(words)[0])
    assert one["lrc"] == pytest.approx(conservative_log_ratio(words)[0])
    assert one["dispersion"] == pytest.approx(g_squared(videos)[0])
    assert one["percent_difference"] == pytest.approx(500)
    assert one["simple_maths"] == pytest.approx(60_001 / 10_001)
    assert one["log_odds_ratio"] == pytest.approx(math.log2(6 * 198 / (94 * 2)))
    # Rates .08, .08, 0 against .04, 0, 0, 0: more in 4 + 4 of 12 pairs, alike in 3.
    assert one["superiority"] == pytest.approx((8 + 1.5) / 12)
    assert said(found) == [f"fewer than {FEWEST} videos on a side"]
    assert math.isnan(one["low"])


@given(material())
@settings(deadline=None, max_examples=40)
def test_sides_that_change_over_and_videos_in_another_order(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    table, sizes, codes = made
    target, reference = codes == 0, codes == 1
    if not sizes[target].sum() or not sizes[reference].sum():
        with pytest.raises(QueryError, match="a group has no words"):
            keyness(Counts.dense(table), sizes, target, reference, QUICK)
        return
    found = keyness(Counts.dense(table), sizes, target, reference, QUICK)
    other = keyness(Counts.dense(table), sizes, reference, target, QUICK)
    assert found.things.tolist() == other.things.tolist()
    for name in ("lrc", "log_ratio", "dispersion", "log_odds_ratio"):
        nothing = found.columns["dispersion"] == 0 if name == "dispersion" else np.zeros(len(found.things), bool)
        assert found.columns[name][~nothing] == pytest.approx(-other.columns[name][~nothing], abs=1e-9), name
    assert found.side.tolist() == (-other.side).tolist()
    assert found.columns["superiority"] == pytest.approx(1 - other.columns["superiority"])
    for name in ("log_likelihood", "p_log_likelihood", "p_wilcoxon"):
        assert found.columns[name] == pytest.approx(other.columns[name], rel=1e-9, abs=1e-12), name
    order = np.random.default_rng(3).permutation(len(sizes))
    shuffled = keyness(Counts.dense(table[:, order]), sizes[order], target[order], reference[order], QUICK)
    for name, column in found.columns.items():
        if name not in {"low", "high"}:  # resamples are drawn by place
            assert column == pytest.approx(shuffled.columns[name], nan_ok=True, rel=1e-9), name


@given(material())
@settings(deadline=None, max_examples=40)
def test_one_against_rest_is_each_against_the_others(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    table, sizes, codes = made
    if min(np.bincount(codes[codes >= 0], sizes[codes >= 0], 3)) == 0:
        return
    for group, found in enumerate(one_against_rest(Counts.dense(table), sizes, codes, 3, QUICK)):
        alone = keyness(Counts.dense(table), sizes, codes == group, (codes >= 0) & (codes != group), QUICK)
        assert found.things.tolist() == alone.things.tolist()
        for name in set(COLUMNS) - {"low", "high", "lrc"}:
            assert found.columns[name] == pytest.approx(alone.columns[name], nan_ok=True, rel=1e-9), name
        words = Table(found.columns["target"], found.columns["reference"], found.sizes)
        assert found.columns["lrc"] == pytest.approx(conservative_log_ratio(words, tests=3 * len(found.things)))


def test_p_values_of_all_groups_are_one_family() -> None:
    random = np.random.default_rng(2)
    table, codes = Counts.dense(random.poisson(2, (5, 30))), np.arange(30) % 3
    plain, holm = (one_against_rest(table, np.full(30, 50), codes, 3, replace(QUICK, correction=name)) for name in ("none", "bonferroni"))
    for one, other in zip(plain, holm, strict=True):
        assert other.columns["p_wilcoxon"] == pytest.approx(np.minimum(15 * one.columns["p_wilcoxon"], 1))
        assert other.columns["p_log_likelihood"] == pytest.approx(np.minimum(15 * one.columns["p_log_likelihood"], 1))


def test_a_video_on_both_sides_is_refused() -> None:
    both = np.array([True, True, False])
    with pytest.raises(QueryError, match="2 videos are in the target and in the reference"):
        keyness(Counts.dense([[1, 1, 1]]), np.full(3, 5), both, both, QUICK)
    with pytest.raises(QueryError, match="one group only"):
        one_against_rest(Counts.dense([[1, 1, 1]]), np.full(3, 5), np.zeros(3, np.int64), 1, QUICK)


# -- intervals ----------------------------------------------------------------------------------------------------------


def clumpy(things: int = 8, videos: int = 60, seed: int = 5) -> tuple[Counts, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    table = random.poisson(random.gamma(0.8, 2, (things, videos)))
    return Counts.dense(table), table.sum(axis=0) + random.integers(100, 900, videos), np.arange(videos) % 3


def test_intervals_are_those_of_the_bootstrap() -> None:
    counts, sizes, codes = clumpy()
    choices = Choices(Resampling(4, 300, 0.9))
    for lot in (1, 40, 100_000):
        with patch.object(comparing, "_AT_ONCE", lot):
            found = keyness(counts, sizes, codes == 0, codes == 1, choices)
        groups = [Group(Sample.of(codes == code, seed=4, replicates=300), (counts,), (sizes,)) for code in (0, 1)]
        low, high = limits(found.columns["log_ratio"], spreads(groups, drawn_log_ratio), 0.9)
        assert found.columns["low"] == pytest.approx(low)
        assert found.columns["high"] == pytest.approx(high)
        assert not found.why_not.any()


def test_the_rest_is_resampled_outlet_by_outlet() -> None:
    counts, sizes, codes = clumpy(videos=300)
    rest, = one_against_rest(counts, sizes, codes, 3, Choices(Resampling(4)))[:1]
    both = keyness(counts, sizes, codes == 0, codes != 0, Choices(Resampling(4)))
    assert rest.columns["low"] == pytest.approx(both.columns["low"], abs=0.1)  # of widths of about 1
    assert rest.columns["high"] == pytest.approx(both.columns["high"], abs=0.1)
    few = np.where(np.arange(300) < 4, 2, codes % 2)  # a third group of four videos
    found = one_against_rest(counts, sizes, few, 3, Choices(Resampling(4, 100)))
    assert not np.isnan(found[0].columns["low"]).any()
    assert set(said(found[2])) == {"fewer than 10 videos on a side"}


def test_why_there_is_no_interval() -> None:
    table = np.zeros((4, 40), np.int64)
    table[0, :20], table[1, 20:], table[2, [0, 1, 20, 21]], table[3] = 1, 1, 1, 1
    target = np.arange(40) < 20
    found = keyness(Counts.dense(table), np.full(40, 9), target, ~target, QUICK)
    assert said(found) == ["not in the reference", "not in the target", "in fewer than 10 videos", ""]
    assert np.isnan(found.columns["low"]).tolist() == [True, True, True, False]
    none = keyness(Counts.dense(table), np.full(40, 9), target, ~target, replace(QUICK, how=Resampling(1, 0)))
    assert set(said(none)) == {"no resamples"}


def test_intervals_of_some_rows_are_those_of_all() -> None:
    counts, sizes, codes = clumpy()
    whole = one_against_rest(counts, sizes, codes, 3, Choices(Resampling(4, 100)))
    some = one_against_rest(counts, sizes, codes, 3, Choices(Resampling(4, 100), shown=lambda one: one.order()[:1]))
    for one, all_ in zip(some, whole, strict=True):
        first = one.order()[0]
        assert (one.columns["low"][first], one.columns["high"][first]) == (all_.columns["low"][first], all_.columns["high"][first])
    assert sum(reason == "not asked for" for reason in said(some[0])) >= 5


def test_units_are_resampled_and_ranked_whole() -> None:
    counts, sizes, codes = clumpy(videos=120)
    days = np.arange(120) // 4  # each day has videos of each group
    choices = Choices(Resampling(2, 200, unit="day", codes=days))
    found = keyness(counts, sizes, codes == 0, codes == 1, choices)
    table, pairs = counts.to_dense(), [(code, day) for code in (0, 1) for day in range(30)]
    summed = np.array([[thing[(codes == code) & (days == day)].sum() for code, day in pairs] for thing in table])
    words = np.array([sizes[(codes == code) & (days == day)].sum() for code, day in pairs])
    again = Choices(Resampling(2, 200, unit="day", codes=np.tile(np.arange(30), 2)))  # both parts of a day are drawn at once
    by_day = keyness(Counts.dense(summed), words, np.arange(60) < 30, np.arange(60) >= 30, again)
    for name in ("low", "high", "superiority", "p_wilcoxon", "log_ratio"):
        assert found.columns[name] == pytest.approx(by_day.columns[name]), name
    assert found.columns["target_videos"].tolist() == (table[:, codes == 0] > 0).sum(axis=1).tolist()
    own = keyness(counts, sizes, codes == 0, codes == 1, Choices(Resampling(2, 200, unit="day", codes=np.full(120, -1))))
    plain = keyness(counts, sizes, codes == 0, codes == 1, Choices(Resampling(2, 200)))
    assert own.columns["p_wilcoxon"] == pytest.approx(plain.columns["p_wilcoxon"])


@pytest.mark.parametrize("reference_videos", [2, 3, 8, 40])
def test_intervals_hold_what_they_promise_where_one_side_hardly_has_it(reference_videos: int) -> None:
    # 400 words in clumps of about four, in about 40 of 200 videos of the target, and in 2 to 40 of the reference's 200.
    random, videos, things = np.random.default_rng(6), 200, 400
    sizes = random.lognormal(7.2, 0.6, 2 * videos).astype(np.int64) + 50
    table, rates = [], []
    for many, words in ((40, sizes[:videos]), (reference_videos, sizes[videos:])):
        chance = np.minimum(many * words / words.sum(), 1)
        table.append((random.random((things, videos)) < chance) * (1 + random.negative_binomial(1, 1 / 4, (things, videos))))
        rates.append(4 * chance.sum() / words.sum())
    target = np.arange(2 * videos) < videos
    found = keyness(Counts.dense(np.hstack(table)), sizes, target, ~target, Choices(Resampling(3, 300)))
    some = found.why_not == 0
    true = math.log2(rates[0] / rates[1])
    held = (found.columns["low"] <= true) & (true <= found.columns["high"])
    assert some.sum() > 300
    assert held[some].mean() >= 0.93


# -- order --------------------------------------------------------------------------------------------------------------


def test_those_that_differ_most_come_first() -> None:
    random = np.random.default_rng(8)
    table = random.poisson(np.linspace(0.05, 4, 30)[:, None], (30, 40))
    table[:10, 20:] = 0
    target = np.arange(40) < 20
    found = keyness(Counts.dense(table), np.full(40, 200), target, ~target, QUICK)
    for name, score in SORTS.items():
        values = score(found.columns[name][found.order(name)].astype(float))
        known = values[~np.isnan(values)]
        assert (known[1:] <= known[:-1]).all(), name
    order = found.order()
    equal = found.columns["lrc"][order] == 0
    assert (np.diff(found.columns["log_likelihood"][order][equal]) <= 0).all()
    assert set(found.order(side="target")) == set(np.flatnonzero(found.side > 0))
    assert set(found.order(side="reference")) == set(np.flatnonzero(found.side < 0))
    with pytest.raises(QueryError, match="no order 'p' of 'both': there is lrc, log_ratio"):
        found.order("p")


def test_lockwords_are_shown_to_be_alike() -> None:
    random = np.random.default_rng(3)
    table = np.stack([random.poisson(rate, 400) for rate in (9, 30, 0.02, 9)])
    target = np.arange(400) < 200
    table[3, target] *= 2  # twice as often
    found = keyness(Counts.dense(table), np.full(400, 500), target, ~target, Choices(Resampling(1, 200)))
    assert found.things[found.lockwords()].tolist() == [1, 0]  # the rare word may be alike; nobody knows
    assert found.things[found.lockwords(1.5)].tolist() == [1, 3, 0]
    assert log_ratio(Table(found.columns["target"], found.columns["reference"], found.sizes))[3] == pytest.approx(1, abs=0.1)
