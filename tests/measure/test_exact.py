"""Exact limits against SciPy's distributions, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crosscut.measure.exact import choice_limits, clump, count_limits, share_limits, together

NONE = np.array([])


@given(st.integers(0, 400), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_limits_of_single_hits_are_garwoods(hits: int, level: float) -> None:
    low, high = count_limits(hits, 1.0, level)
    tail = (1 - level) / 2
    assert low == pytest.approx(stats.chi2.ppf(tail, 2 * hits) / 2 if hits else 0, rel=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(1 - tail, 2 * hits + 2) / 2, rel=1e-9)
    # what makes them exact: at the limits, so many hits or more, or so few or fewer, have the probability of a tail
    assert stats.poisson.cdf(hits, high) == pytest.approx(tail, rel=1e-6)
    if hits:
        assert stats.poisson.sf(hits - 1, low) == pytest.approx(tail, rel=1e-6)


def test_no_hits_published() -> None:
    assert count_limits(0, 1.0, 0.95) == pytest.approx((0, 3.6889), abs=1e-4)  # -ln 0.025
    assert count_limits(0, 1.0, 0.90)[1] == pytest.approx(2.9957, abs=1e-4)    # the rule of three
    assert count_limits(4, 1.0, 0.95) == pytest.approx((1.0899, 10.2416), abs=1e-4)  # Garwood's table


@given(st.integers(1, 20), st.integers(1, 9))
def test_clumps_are_counted_instead_of_hits(clumps: int, size: int) -> None:
    assert count_limits(clumps * size, size, 0.95) == pytest.approx([size * one for one in count_limits(clumps, 1, 0.95)])


def test_how_hits_come_together() -> None:
    assert together(np.array([1.0, 0.0, 1.0])) == 1
    assert together(np.array([2.0, 6.0])) == 5       # two hits see 2, six see 6
    assert together(np.zeros(3)) == 0


def test_the_size_of_a_clump_by_hand() -> None:
    assert clump(np.zeros(10), 500, NONE, NONE) == 3                                   # nobody has it: threes
    assert clump(np.array([4.0, 0.0]), 500, np.array([4.0]), np.array([500.0])) == 12  # 4, known from one video
    others, sizes = np.array([2.0] * 10), np.full(10, 400.0)
    assert clump(np.zeros(10), 500, others, sizes) == pytest.approx(2 * 1.2)           # 2, known from ten
    assert clump(np.array([9.0]), 500, others, sizes) == pytest.approx(9 * 1.2)        # its own are larger
    stream = np.array([2.0] * 9 + [600.0]), np.array([400.0] * 9 + [100_000.0])
    cut = np.array([2.0] * 9 + [3.0])                                                  # of 500 words it would have 3
    assert clump(np.zeros(10), 500, *stream) == pytest.approx(1.2 * (cut**2).sum() / cut.sum())


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.9, 0.95]))
def test_shares_are_wilsons(some: int, more: int, level: float) -> None:
    videos = np.ones(some + more)
    with_hits = np.concatenate([np.ones(some), np.zeros(more)])
    expected = stats.binomtest(some, some + more).proportion_ci(level, "wilson")
    assert share_limits(with_hits, videos, level) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_shares_of_dependent_videos_are_as_of_fewer() -> None:
    days = np.full(12, 4.0)
    whole = share_limits(np.array([4.0, 0.0] * 6), days, 0.95)     # all videos of a day, or none: twelve days
    assert whole == pytest.approx(stats.binomtest(6, 12).proportion_ci(0.95, "wilson"), abs=0.02)
    even = share_limits(np.array([2.0] * 12), days, 0.95)          # the same on each day: no fewer, and no more, than 48
    assert even == pytest.approx(stats.binomtest(24, 48).proportion_ci(0.95, "wilson")) or even > whole
    assert share_limits(np.zeros(12), days, 0.95) == pytest.approx(stats.binomtest(0, 12).proportion_ci(0.95, "wilson"))


@pytest.mark.parametrize(("got", "n"), [(0, 10), (3, 12), (10, 10), (1, 1), (7, 50)])
def test_limits_of_whole_choices_are_scipys(got: int, n: int) -> None:
    interval = stats.binomtest(got, n).proportion_ci(0.9, method="exact")
    assert choice_limits(got / n, n, 0.9) == pytest.approx((interval.low, interval.high))
