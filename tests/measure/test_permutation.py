"""Permutation tests against a plain enumeration, against SciPy, and by how often they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test as scipy_test

from crosscut.measure import dealing
from crosscut.measure.permutation import permutation_test

Ints = npt.NDArray[np.int64]


def slow_statistic(hits: Sequence[float], expected: Sequence[float], groups: Sequence[int]) -> float:
    """T as the module's head has it, one video after the other."""
    clump = sum((h - x) ** 2 for h, x in zip(hits, expected, strict=True)) / sum(hits)
    logs, weights = [], []
    for group in sorted(set(groups)):
        mine = [(h, x) for h, x, g in zip(hits, expected, groups, strict=True) if g == group]
        some, due = sum(h for h, _ in mine), sum(x for _, x in mine)
        variance = (sum((h - some / due * x) ** 2 for h, x in mine) + clump / 2 * clump) / (some + clump / 2) ** 2
        logs.append(np.log((some + clump / 2) / due))
        weights.append(1 / variance)
    middle = sum(q * x for q, x in zip(weights, logs, strict=True)) / sum(weights)
    return float(sum(q * (x - middle) ** 2 for q, x in zip(weights, logs, strict=True)))


def slow_p(hits: Sequence[int], words: Sequence[int], groups: Sequence[int], strata: Sequence[int]) -> float:
    """p over every order of the videos within their strata."""
    expected = [w * sum(h for h, t in zip(hits, strata, strict=True) if t == s) / sum(v for v, t in zip(words, strata, strict=True) if t == s)
                for w, s in zip(words, strata, strict=True)]
    observed = slow_statistic(hits, expected, groups)
    large = ways = 0
    for order in permutations(range(len(hits))):
        if all(strata[i] == s for i, s in zip(order, strata, strict=True)):
            ways += 1
            large += slow_statistic(hits, expected, [groups[i] for i in order]) >= observed * (1 - 1e-9)
    return large / ways


@pytest.mark.parametrize(("hits", "words", "groups", "strata"), [
    ([0, 3, 1, 8, 2, 0], [100, 250, 400, 300, 90, 120], [0, 0, 0, 1, 1, 1], [0] * 6),
    ([0, 3, 1, 8, 2, 0, 5], [100, 250, 400, 300, 90, 120, 80], [0, 0, 1, 1, 1, 2, 2], [0] * 7),
    ([0, 3, 1, 8, 2, 0, 5], [100, 250, 400, 300, 90, 120, 80], [0, 0, 1, 1, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1]),
    ([0, 0, 0, 4, 2, 1], [100, 250, 400, 300, 90, 120], [0, 0, 0, 1, 1, 1], [0] * 6),
])
def test_few_videos_are_dealt_out_in_all_ways(hits: list[int], words: list[int], groups: list[int], strata: list[int]) -> None:
    found = permutation_test(np.array([hits]), np.array(words), np.array(groups), max(groups) + 1, strata=np.array(strata), seed=1)
    assert found.exact
    assert found.overall[0] == pytest.approx(slow_p(hits, words, groups, strata))
    for group in range(max(groups) + 1):
        assert found.rest[group][0] == pytest.approx(slow_p(hits, words, [int(g == group) for g in groups], strata))


def test_p_is_that_of_scipy() -> None:
    random = np.random.default_rng(4)
    words = random.integers(100, 2_000, 40)
    hits = random.poisson(words * 0.004)
    hits[:20] = random.poisson(words[:20] * 0.0065)
    expected = words * hits.sum() / words.sum()

    def statistic(one: list[int], other: list[int]) -> float:
        order = [*one, *other]
        return slow_statistic(hits[order].tolist(), expected[order].tolist(), [0] * len(one) + [1] * len(other))

    theirs = scipy_test((np.arange(20), np.arange(20, 40)), statistic, n_resamples=4_999, alternative="greater",
                        rng=np.random.default_rng(1))
    ours = permutation_test(hits[None], words, np.repeat([0, 1], 20), 2, seed=1)
    assert not ours.exact
    assert 0.005 < ours.overall[0] < 0.6
    assert ours.overall[0] == pytest.approx(theirs.pvalue, abs=4 * np.sqrt(0.25 / 5_000))


def test_fewer_permutations_come_near_the_exact_p() -> None:
    random = np.random.default_rng(2)
    hits, words, groups = random.poisson(2, (3, 12)), random.integers(50, 500, 12), np.repeat([0, 1], 6)
    exact = permutation_test(hits, words, groups, 2, seed=1)
    assert (exact.deals, exact.exact) == (924, True)
    drawn = permutation_test(hits, words, groups, 2, seed=1, permutations=900)
    assert not drawn.exact
    np.testing.assert_allclose(drawn.overall, exact.overall, atol=0.06)


@given(st.integers(0, 99), st.sampled_from([0, 1]))
def test_neither_order_nor_names_of_groups_nor_strangers_matter(seed: int, strata: int) -> None:
    random = np.random.default_rng(seed)
    hits, words, groups = random.poisson(1, (2, 9)), random.integers(0, 300, 9), random.integers(-1, 2, 9)
    within = random.integers(0, 2, 9) if strata else None
    plain = permutation_test(hits, words, groups, 2, strata=within, seed=1)
    order = random.permutation(9)
    again = permutation_test(hits[:, order], words[order], groups[order], 2, strata=None if within is None else within[order], seed=1)
    swapped = permutation_test(hits, words, np.where(groups < 0, -1, 1 - groups), 2, strata=within, seed=1)
    some = groups >= 0
    without = permutation_test(hits[:, some], words[some], groups[some], 2, strata=None if within is None else within[some], seed=1)
    for other in (again, swapped, without):
        np.testing.assert_allclose(other.overall, plain.overall)
    np.testing.assert_allclose(plain.rest[0], plain.overall)


def test_units_are_dealt_out_together() -> None:
    """A day of three videos counts as one."""
    hits, words = np.array([[3, 4, 5, 0, 0, 0, 0, 1, 0, 0, 0, 0]]), np.full(12, 100)
    groups, days = np.repeat([0, 1], 6), np.repeat([0, 1, 0, 1], 3)
    alone = permutation_test(hits, words, groups, 2, seed=1)
    assert alone.deals == 924
    together = permutation_test(hits, words, groups, 2, units=days, seed=1)
    assert together.deals == 6
    assert together.overall[0] == pytest.approx(slow_p([12, 0, 1, 0], [300] * 4, [0, 0, 1, 1], [0] * 4))
    assert permutation_test(hits, words, groups, 2, units=np.full(12, -1), seed=1).overall == alone.overall


def test_what_cannot_be_tested() -> None:
    words, groups = np.full(4, 100), np.array([0, 0, 1, 1])
    assert np.isnan(permutation_test(np.zeros((1, 4), np.int64), words, groups, 2, seed=1).overall).all()
    alone = permutation_test(np.ones((1, 4), np.int64), words, np.zeros(4, np.int64), 2, seed=1)
    assert np.isnan(alone.overall).all()
    assert alone.idle == 4
    apart = permutation_test(np.ones((1, 4), np.int64), words, groups, 2, strata=groups, seed=1)
    assert np.isnan(apart.overall).all()
    assert apart.idle == 4
    third = permutation_test(np.array([[1, 2, 0, 4]]), words, groups, 3, seed=1)
    assert np.isnan(third.rest[2]).all()
    assert third.rest[0][0] == third.rest[1][0] == third.overall[0]


def test_the_mix_of_periods_is_no_difference_within_them() -> None:
    """Both say it ten times as often in the loud month, and one has most of its videos there."""
    random = np.random.default_rng(3)
    months = np.repeat([0, 1, 0, 1], [80, 20, 20, 80])
    groups, words = np.repeat([0, 1], 100), random.integers(300, 900, 200)
    hits = random.poisson(words * np.where(months == 0, 0.01, 0.001))[None]
    assert permutation_test(hits, words, groups, 2, seed=1, permutations=999).overall[0] < 0.01
    assert permutation_test(hits, words, groups, 2, strata=months, seed=1, permutations=999).overall[0] > 0.05


def clumpy(random: np.random.Generator, lengths: npt.ArrayLike, rate: npt.ArrayLike = 5e-4) -> tuple[Ints, Ints]:
    """Hits and words of videos, of which a third are about the matter."""
    words = np.maximum(50, random.lognormal(np.log(lengths), 0.6)).astype(int)
    about = random.random(len(words)) < 0.3
    return random.poisson(words * np.asarray(rate) / 0.3 * about * random.gamma(1, 1, len(words)))[None], words


@pytest.mark.parametrize("sizes", [{0: (40, 600), 1: (40, 600)}, {0: (30, 4_000), 1: (150, 500)}, {0: (30, 500), 1: (60, 500), 2: (90, 3_000)}])
def test_equal_groups_are_called_different_no_more_often_than_promised(sizes: dict[int, tuple[int, int]]) -> None:
    random = np.random.default_rng(5)
    groups = np.repeat(list(sizes), [n for n, _ in sizes.values()])
    lengths = np.repeat([length for _, length in sizes.values()], [n for n, _ in sizes.values()])
    found = np.array([permutation_test(*clumpy(random, lengths), groups, len(sizes), seed=n, permutations=199).overall[0] for n in range(500)])
    assert 0.02 <= (found <= 0.05).mean() <= 0.095  # 500 tests: 0.05 ± 0.02, and groups of unlike length
    assert 0.35 <= (found <= 0.5).mean() <= 0.65


def test_a_planted_difference_is_found() -> None:
    random = np.random.default_rng(6)
    groups = np.repeat([0, 1, 2], 80)
    rates = np.repeat([4e-4, 4e-4, 1.6e-3], 80)
    found = [permutation_test(*clumpy(random, [1_000] * 240, rates), groups, 3, seed=n, permutations=199) for n in range(60)]
    assert np.mean([test.overall[0] <= 0.05 for test in found]) >= 0.8
    assert np.mean([test.rest[2][0] <= 0.05 for test in found]) >= 0.8
    nothing = np.append(clumpy(random, [1_000] * 80, 2e-3)[0][0], np.zeros(80, np.int64))[None]
    assert permutation_test(nothing, np.full(160, 1_000), np.repeat([0, 1], 80), 2, seed=1).overall[0] < 0.05


def test_the_seed_decides_and_blocks_do_not() -> None:
    random = np.random.default_rng(8)
    hits, words = clumpy(random, [500] * 60)
    groups = np.arange(60) % 2
    first = permutation_test(hits, words, groups, 2, seed=1, permutations=500)
    assert permutation_test(hits, words, groups, 2, seed=1, permutations=500).overall == first.overall
    assert permutation_test(hits, words, groups, 2, seed=2, permutations=500).overall != first.overall
    with patch.object(dealing, "_BLOCK", 700):
        assert permutation_test(hits, words, groups, 2, seed=1, permutations=500).overall == first.overall
