"""Intervals against the exact distribution of all resamples, and against a plain loop."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure import bootstrap
from crosscut.measure.bootstrap import FEWEST_VIDEOS, Interval, generator, ratio_interval, resampled_ratios

COUNTS = np.array([0.0, 3.0, 1.0, 8.0])
SIZES = np.array([100.0, 250.0, 400.0, 300.0])


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, int(np.ceil(share * len(ordered))) - 1)]


def ratio(drawn: list[int]) -> float:
    return float(sum(COUNTS[i] for i in drawn) / sum(SIZES[i] for i in drawn))


def test_many_replicates_are_all_resamples_of_four_videos() -> None:
    exact = [ratio(list(drawn)) for drawn in product(range(4), repeat=4)]
    assert len(exact) == 256
    drawn = resampled_ratios(COUNTS, SIZES, generator(1, "exact"), 60_000)
    assert {round(value, 12) for value in drawn.tolist()} == {round(value, 12) for value in exact}
    for share in (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975):
        # where the exact distribution has a step close by, either side of it will do
        low, high = quantile(exact, share - 0.01), quantile(exact, share + 0.01)
        assert low - 1e-12 <= np.quantile(drawn, share) <= high + 1e-12
    assert drawn.mean() == pytest.approx(np.mean(exact), rel=0.01)
    assert drawn.std() == pytest.approx(np.std(exact), rel=0.02)


def test_an_interval_is_that_of_a_plain_loop() -> None:
    plain = random.Random(3)
    counts = [plain.choice([0, 0, 1, 2, 9]) for _ in range(30)]
    sizes = [plain.randint(200, 900) for _ in range(30)]
    ratios = []
    for _ in range(20_000):
        drawn = [plain.randrange(30) for _ in range(30)]
        ratios.append(1e6 * sum(counts[i] for i in drawn) / sum(sizes[i] for i in drawn))
    interval = ratio_interval(counts, sizes, per=1e6, seed=1, label="x", replicates=20_000)
    width = quantile(ratios, 0.975) - quantile(ratios, 0.025)
    assert interval.low == pytest.approx(quantile(ratios, 0.025), abs=0.03 * width)
    assert interval.high == pytest.approx(quantile(ratios, 0.975), abs=0.03 * width)
    narrow = ratio_interval(counts, sizes, per=1e6, seed=1, label="x", replicates=20_000, level=0.5)
    assert narrow.low == pytest.approx(quantile(ratios, 0.25), abs=0.03 * width)
    assert narrow.high == pytest.approx(quantile(ratios, 0.75), abs=0.03 * width)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 900)), min_size=FEWEST_VIDEOS, max_size=25), st.integers(0, 9))
def test_an_interval_holds_the_resampled_ratios_in_their_order(videos: list[tuple[int, int]], seed: int) -> None:
    counts, sizes = [c for c, _ in videos], [s for _, s in videos]
    interval = ratio_interval(counts, sizes, per=1.0, seed=seed, label="x", replicates=99)
    if not any(counts):
        assert interval == Interval(why_not="no hits")
        return
    assert interval.low is not None
    assert interval.high is not None
    each = [c / s for c, s in videos]
    assert min(each) - 1e-12 <= interval.low <= interval.high <= max(each) + 1e-12


def test_equal_videos_have_no_uncertainty() -> None:
    assert ratio_interval([2] * 12, [500] * 12, per=1e6, seed=1, label="x") == Interval(4_000.0, 4_000.0)


def test_why_there_is_no_interval() -> None:
    nine, ten = [1] * (FEWEST_VIDEOS - 1), [1] * FEWEST_VIDEOS
    assert ratio_interval(nine, nine, per=1.0, seed=1, label="x") == Interval(why_not="fewer than 10 videos")
    assert ratio_interval([], [], per=1.0, seed=1, label="x") == Interval(why_not="fewer than 10 videos")
    assert ratio_interval([0] * 10, ten, per=1.0, seed=1, label="x") == Interval(why_not="no hits")
    assert ratio_interval(ten, [0] * 10, per=1.0, seed=1, label="x") == Interval(why_not="no words")
    assert ratio_interval(ten, ten, per=1.0, seed=1, label="x").why_not == ""


def test_resamples_without_words_are_left_out() -> None:
    drawn = resampled_ratios(np.array([0.0, 3.0]), np.array([0.0, 6.0]), generator(1, "x"), 400)
    assert set(drawn.tolist()) == {0.5}
    assert 230 < len(drawn) < 370  # three quarters of all resamples have the second video


def test_the_same_label_gives_the_same_interval_whatever_else_is_computed() -> None:
    counts, sizes = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], [271, 828, 182, 845, 904, 523, 536, 287, 471, 352, 662, 497]

    def interval(label: str, seed: int = 1) -> Interval:
        return ratio_interval(counts, sizes, per=1.0, seed=seed, label=label)

    first = interval("war")
    interval("peace")
    np.random.default_rng(1).random(10)
    assert interval("war") == first
    assert len({first, interval("peace"), interval("war", seed=2), interval("war\0")}) == 4


def test_a_seed_and_a_label_never_run_into_each_other() -> None:
    draws = {generator(seed, label).random() for seed, label in ((1, "1"), (11, ""), (1, "\0001"), (-1, "1"), (1, "\ud800"))}
    assert len(draws) == 5


@pytest.mark.parametrize("block", [1, 70, 40_000_000])
def test_memory_blocks_change_no_draw(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    usual = resampled_ratios(COUNTS, SIZES, generator(1, "x"), 500)
    monkeypatch.setattr(bootstrap, "_BLOCK", block)
    assert resampled_ratios(COUNTS, SIZES, generator(1, "x"), 500).tolist() == usual.tolist()
