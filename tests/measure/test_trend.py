"""Points of a series against what the same videos give alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.measure.bootstrap import Group, Sample, limits, log_rate, spreads
from crosscut.measure.frequency import NO_ANSWER
from crosscut.measure.trend import COLUMNS, EMPTY, Guard, Point, series

NONE = Guard(0, 0)


def of(hits: list[int], words: list[int], groups: list[int], periods: list[int], *, cumulative: bool = False, guard: Guard = NONE) -> list[list[Point]]:
    return list(series(np.array(hits), np.array(words), (np.array(groups), max(groups) + 1), (np.array(periods), max(periods) + 1),
                       cumulative=cumulative, guard=guard, seed=1))


def test_every_period_has_its_row() -> None:
    one, other = of([1, 2, 0, 4, 7], [500, 500, 1_000, 800, 9], [0, 0, 0, 1, -1], [0, 0, 2, 2, 1])
    assert [(point.hits, point.words, point.videos, point.videos_with_hits, point.per_million) for point in one] == [
        (3, 1_000, 2, 2, 3_000), (0, 0, 0, 0, None), (0, 1_000, 1, 0, 0)]
    assert [point.note for point in one] == ["no interval: fewer than 10 videos", EMPTY, "no interval: no hits"]
    assert [point.share for point in one] == [1, None, 0]
    assert [point.videos for point in other] == [0, 0, 1]


def test_all_periods_so_far() -> None:
    ((*points,),) = of([1, 2, 0, 4], [500, 500, 1_000, 800], [0] * 4, [0, 0, 2, 3], cumulative=True)
    assert [(point.hits, point.words, point.videos) for point in points] == [(3, 1_000, 2), (3, 1_000, 2), (3, 2_000, 3), (7, 2_800, 4)]
    assert points[-1].per_million == pytest.approx(2_500)


def test_too_little_is_a_gap_and_no_zero() -> None:
    ((*points,),) = of([0, 1, 2, 0, 0, 0], [1_999, 3_000, 3_000, 700, 700, 700], [0] * 6, [0, 1, 1, 2, 2, 2], guard=Guard(2_000, 3))
    assert [point.note for point in points] == ["fewer than 2,000 words", "fewer than 3 videos", "no interval: no hits"]
    assert [point.per_million for point in points] == [None, None, 0]
    assert [point.hits for point in points] == [0, 3, 0]


def test_who_cannot_answer() -> None:
    one, other = list(series(np.array([1]), np.array([9_000]), (np.array([1]), 2), (np.array([0]), 1), seed=1))
    assert one[0].note == NO_ANSWER
    assert other[0].note == "fewer than 3 videos"


@given(st.integers(0, 50), st.booleans())
def test_a_point_is_the_rate_of_its_videos(seed: int, cumulative: bool) -> None:
    random = np.random.default_rng(seed)
    hits, words = random.poisson(1, 80), random.integers(100, 900, 80)
    groups, periods = random.integers(-1, 2, 80), random.integers(-1, 3, 80)
    found = list(series(hits, words, (groups, 2), (periods, 3), cumulative=cumulative, guard=NONE, seed=1, replicates=200))
    for group in range(2):
        for period in range(3):
            point = found[group][period]
            mine = (groups == group) & ((periods == period) if not cumulative else (periods <= period) & (periods >= 0))
            assert (point.hits, point.words, point.videos) == (hits[mine].sum(), words[mine].sum(), mine.sum())
            if mine.sum() >= 10 and hits[mine].any():
                order = np.argsort(periods[mine], kind="stable")
                h, w = hits[mine][order], words[mine][order]
                spread = spreads([Group(Sample.of(np.ones(len(h), bool), seed=1, replicates=200), (Counts.dense(h[None]),), (w,))], log_rate)
                low, high = limits([math.log(1e6 * h.sum() / w.sum())], spread)
                assert (point.low, point.high) == pytest.approx((math.exp(low[0]), math.exp(high[0])))
                assert point.note == ""


def test_every_column_is_explained() -> None:
    assert [name for name in COLUMNS if name != "event"] == list(Point.__dataclass_fields__)
