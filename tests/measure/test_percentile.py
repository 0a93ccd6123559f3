"""Intervals against the exact distribution of all resamples, and against a plain loop."""

from __future__ import annotations

import random
from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure import percentile as bootstrap
from crosscut.measure.percentile import FEWEST_VIDEOS, Interval, generator, ratio_interval, ratio_intervals, resampled_ratios

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


SIZES_OF_GROUPS = st.lists(st.sampled_from([3, 10, 11, 14]), max_size=7)


@given(SIZES_OF_GROUPS, st.integers(1, 3), st.integers(0, 5), st.sampled_from([70, 4_000_000]))
def test_many_groups_have_the_intervals_that_each_has_alone(sizes: list[int], rows: int, seed: int, kept: int) -> None:
    plain = random.Random(seed)
    groups = [(np.array([[plain.choice([0, 0, 1, 5]) for _ in range(size)] for _ in range(rows)], np.float64),
               np.array([plain.choice([0, 300, 800]) for _ in range(size)], np.float64)) for size in sizes]
    with patch.object(bootstrap, "_LARGEST_KEPT", kept), patch.object(bootstrap, "_KEPT", 2 * 99 * 14):
        together = ratio_intervals(groups, per=1e6, seed=seed, label="x", replicates=99)
        again = ratio_intervals(groups[::-1], per=1e6, seed=seed, label="x", replicates=99)[::-1]
    alone = [[ratio_interval(hits, words, per=1e6, seed=seed, label="x", replicates=99) for hits in rows_] for rows_, words in groups]
    assert together == again == alone


def test_an_interval_is_that_of_the_ratios_drawn() -> None:
    hits, words = np.arange(12.0), np.arange(12.0) * 7 + 100
    ratios = resampled_ratios(hits, words, generator(5, "x\0" + "12"), 1_000)
    interval = ratio_interval(hits, words, per=1.0, seed=5, label="x")
    assert (interval.low, interval.high) == pytest.approx(np.quantile(ratios, [0.025, 0.975]), rel=1e-12)


def test_resamples_that_are_kept_take_no_more_room_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_kept", {})
    monkeypatch.setattr(bootstrap, "_KEPT", 3 * 100 * 20)
    for videos in (10, 15, 20, 25, 12, 20):
        ratio_interval([1] * videos, [9] * videos, per=1.0, seed=1, label="x", replicates=100)
        assert sum(weights.size for weights in bootstrap._kept.values()) <= 3 * 100 * 20
        assert (1, "x", videos, 100) in bootstrap._kept
