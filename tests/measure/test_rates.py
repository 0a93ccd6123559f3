"""Which interval a rate has, against what each is made of; outliers against the plain definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crosscut.measure import exact
from crosscut.measure.bootstrap import LEAST_DF
from crosscut.measure.rates import Asked, Interval, Resampling, interval, outliers, resampled, share

HOW = Resampling(1, replicates=400)


def rate(hits: list[int], words: list[int] | None = None, how: Resampling = HOW, others: list[int] | None = None) -> Interval:
    counts, sizes = np.array(hits, np.int64), np.array(words or [500] * len(hits), np.int64)
    pool = np.concatenate([counts, np.array(others or [], np.int64)])
    asked = Asked.of(pool, np.full(len(pool), 500), np.ones(len(pool), bool), replace(how, codes=None))
    return interval(counts, sizes, asked, how)


def ends(found: Interval) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def test_why_there_is_no_interval() -> None:
    assert rate([1] * 9) == Interval(note="fewer than 10 videos")
    assert rate([0] * 9) == Interval(note="fewer than 10 videos")
    assert rate([0] * 12, [0] * 12).note == "no words"
    codes = np.repeat(np.arange(5), 8)
    assert rate([1] * 40, how=replace(HOW, unit="day", codes=codes)).note == "fewer than 10 days"
    assert rate([1] * 40, how=replace(HOW, unit="story", codes=codes)).note == "fewer than 10 stories"
    assert rate([1] * 40, how=replace(HOW, replicates=0)) == Interval(note="no resamples")


def test_no_hits_have_an_upper_limit() -> None:
    none = rate([0] * 12)
    assert none.low == 0
    assert none.high == pytest.approx(3 * 3.6889 / 6_000, rel=1e-4)  # in threes, where nothing is known
    assert none.note == "exact, no videos with hits (in clumps of 3.0)"
    known = rate([0] * 12, others=[5] * 20)
    assert known.high == pytest.approx(5 * 1.1 * 3.6889 / 6_000, rel=1e-4)
    assert ends(rate([0] * 120))[1] == pytest.approx(ends(none)[1] / 10)


def test_few_videos_with_hits_have_exact_limits() -> None:
    four, five = rate([1, 2, 1, 1] + [0] * 20), rate([1, 2, 1, 1, 1] + [0] * 20)
    assert four.note == "exact, 4 videos with hits (in clumps of 2.1)"
    size = exact.together(np.array([1.0, 2, 1, 1])) * 1.5
    assert (four.low, four.high) == pytest.approx([n / 12_000 for n in exact.count_limits(5, size, 0.95)])
    assert five == resampled(np.array([1, 2, 1, 1, 1] + [0] * 20), np.full(25, 500), HOW)
    assert rate([3] + [0] * 20).note == "exact, 1 video with hits (in clumps of 9.0)"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 900)), min_size=10, max_size=40), st.sampled_from([0.8, 0.95]))
def test_the_rate_lies_within_its_interval(videos: list[tuple[int, int]], level: float) -> None:
    hits, words = [h for h, _ in videos], [w for _, w in videos]
    low, high = ends(rate(hits, words, replace(HOW, level=level)))
    assert 0 <= low <= sum(hits) / sum(words) * (1 + 1e-12)
    assert sum(hits) / sum(words) <= high * (1 + 1e-12)
    assert high > 0
    wider = ends(rate(hits, words, replace(HOW, level=0.99)))
    assert wider[0] <= low
    assert wider[1] >= high


def test_equal_videos_have_no_uncertainty() -> None:
    same = rate([2] * 12)
    assert (same.low, same.high) == pytest.approx((2 / 500, 2 / 500))


def test_days_that_are_alike_widen_an_interval_and_say_so() -> None:
    hits, days = [8] * 8 + [0, 1] * 16 + [3] * 8, np.repeat(np.arange(12), 4)
    by_day = rate(hits, how=replace(HOW, unit="day", codes=days))
    ratio = np.diff(np.log(ends(by_day)))[0] / np.diff(np.log(ends(rate(hits))))[0]
    assert ratio > 1.3
    assert by_day.note == f"{ratio:.1f} times as wide as by video"
    assert rate(hits, how=replace(HOW, codes=np.arange(48), unit="day")).note == "1.0 times as wide as by video"


def test_shares() -> None:
    hits = np.array([0, 3, 1] * 4)
    of, low, high = share(hits, HOW)
    assert (of, low, high) == pytest.approx((2 / 3, *stats.binomtest(8, 12).proportion_ci(0.95, "wilson")))
    assert share(hits[:9], HOW) == (2 / 3, None, None)
    by_day = share(np.repeat(hits, 4), replace(HOW, unit="day", codes=np.repeat(np.arange(12), 4)))
    assert by_day == pytest.approx((2 / 3, low, high), abs=0.03)


def plain(hits: list[int], words: list[int], level: float) -> dict[int, float]:
    """The definition, one video after the other."""
    found = {}
    for place in range(len(hits)):
        rest_h, rest_w = hits[:place] + hits[place + 1 :], words[:place] + words[place + 1 :]
        total, size = sum(rest_h), sum(rest_w)
        influence = [h / total - w / size for h, w in zip(rest_h, rest_w, strict=True)]
        second, fourth = sum(u**2 for u in influence), sum(u**4 for u in influence)
        df = min(max(second**2 / fourth, LEAST_DF), len(rest_h) - 1) if fourth else LEAST_DF
        half = stats.t.ppf((1 + level) / 2, df) * np.sqrt(second * len(rest_h) / (len(rest_h) - 1))
        if abs(np.log(total / size) - np.log(sum(hits) / sum(words))) > half:
            found[place] = total / size
    return found


VIDEOS = st.lists(st.tuples(st.sampled_from([0, 1, 2, 2, 3, 80]), st.sampled_from([400, 500, 700, 9_000])), min_size=10, max_size=30)


@given(VIDEOS, st.sampled_from([0.5, 0.95]))
def test_outliers_are_those_of_the_plain_definition(videos: list[tuple[int, int]], level: float) -> None:
    hits, words = [h for h, _ in videos], [w for _, w in videos]
    found = outliers(np.array(hits), np.array(words), level)
    if sum(1 for h in hits if h) < exact.FEW:
        assert found == {}
    else:
        assert found == pytest.approx(plain(hits, words, level))


def test_one_stream_among_clips_is_an_outlier() -> None:
    hits, words = np.array([3, 2, 4, 3] * 5 + [300]), np.array([500] * 20 + [6_000])
    assert outliers(hits, words) == {20: 60 / 10_000}
    assert outliers(hits[:20], words[:20]) == {}


def test_videos_without_words_or_hits_break_nothing() -> None:
    assert outliers(np.zeros(12, int), np.zeros(12, int)) == {}
    assert outliers(np.array([1, 1, 1, 1, 1] + [0] * 10), np.array([100] * 5 + [0] * 10)) == {}
