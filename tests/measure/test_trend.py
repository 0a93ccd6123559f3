"""Points of a series against what the same videos give alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure.frequency import NO_ANSWER, frequencies, group
from crosscut.measure.rates import Resampling
from crosscut.measure.trend import COLUMNS, EMPTY, Guard, Point, series

NONE, HOW = Guard(0, 0), Resampling(1, 200)


def of(hits: list[int], words: list[int], groups: list[int], periods: list[int], *, cumulative: bool = False, guard: Guard = NONE) -> list[list[Point]]:
    return list(series(np.array(hits), np.array(words), (np.array(groups), max(groups) + 1), (np.array(periods), max(periods) + 1), HOW,
                       cumulative=cumulative, guard=guard))


def test_every_period_has_its_row() -> None:
    one, other = of([1, 2, 0, 4, 7], [500, 500, 1_000, 800, 9], [0, 0, 0, 1, -1], [0, 0, 2, 2, 1])
    assert [(point.hits, point.words, point.videos, point.videos_with_hits, point.per_million) for point in one] == [
        (3, 1_000, 2, 2, 3_000), (0, 0, 0, 0, None), (0, 1_000, 1, 0, 0)]
    assert [point.note for point in one] == ["fewer than 10 videos", EMPTY, "fewer than 10 videos"]
    assert [point.share_of_videos for point in one] == [1, None, 0]
    assert [point.videos for point in other] == [0, 0, 1]


def test_all_periods_so_far() -> None:
    ((*points,),) = of([1, 2, 0, 4], [500, 500, 1_000, 800], [0] * 4, [0, 0, 2, 3], cumulative=True)
    assert [(point.hits, point.words, point.videos) for point in points] == [(3, 1_000, 2), (3, 1_000, 2), (3, 2_000, 3), (7, 2_800, 4)]
    assert points[-1].per_million == pytest.approx(2_500)


def test_too_little_is_a_gap_and_no_zero() -> None:
    ((*points,),) = of([0, 1, 2, 0, 0, 0], [1_999, 3_000, 3_000, 700, 700, 700], [0] * 6, [0, 1, 1, 2, 2, 2], guard=Guard(2_000, 3))
    assert [point.note for point in points] == ["fewer than 2,000 words", "fewer than 3 videos", "fewer than 10 videos"]
    assert [point.per_million for point in points] == [None, None, 0]
    assert [point.hits for point in points] == [0, 3, 0]


def test_who_cannot_answer() -> None:
    one, other = list(series(np.array([1]), np.array([9_000]), (np.array([1]), 2), (np.array([0]), 1), HOW))
    assert one[0].note == NO_ANSWER
    assert other[0].note == "fewer than 3 videos"


@given(st.integers(0, 50), st.booleans(), st.booleans())
def test_a_point_is_what_freq_says_of_its_videos(seed: int, cumulative: bool, by_day: bool) -> None:
    random = np.random.default_rng(seed)
    hits, words = random.poisson(0.7, 80), random.integers(100, 900, 80)
    groups, periods = random.integers(-1, 2, 80), random.integers(-1, 3, 80)
    how = Resampling(1, 200, unit="day", codes=random.integers(-1, 20, 80)) if by_day else HOW
    found = list(series(hits, words, (groups, 2), (periods, 3), how, cumulative=cumulative, guard=NONE))
    for period in range(3):
        inside = (periods == period) if not cumulative else (periods <= period) & (periods >= 0)
        same = group({"g": [str(code) for code in groups]}, inside & (groups >= 0))
        some = {row[1]: row for row in frequencies({"q": hits}, words, words, same, how).rows}
        for code in range(2):
            point, row = found[code][period], some.get(str(code))
            assert row is not None
            assert (point.hits, point.words, point.videos, point.videos_with_hits) == row[2:6]
            assert point.per_million == pytest.approx(row[9])
            if not cumulative and hits[inside & (groups == code)].any() and point.low and "exact" not in point.note:
                assert (point.low, point.high, point.note) == pytest.approx(row[10:12] + row[-1:])


def test_every_column_is_explained() -> None:
    assert [name for name in COLUMNS if name != "event"] == list(Point.__dataclass_fields__)
