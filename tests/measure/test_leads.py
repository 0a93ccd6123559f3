"""Lags against numpy's own correlation, false alarms and planted lags by simulation; first hits by hand."""

from __future__ import annotations

import math
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure import leads
from crosscut.measure.leads import (
    CHANGE,
    COLUMNS,
    FIRST,
    LEVELS,
    UNKNOWN,
    First,
    Lag,
    binned,
    firsts,
    lags,
    moments,
    rates,
    unzoned,
)

Floats = npt.NDArray[np.float64]


@pytest.mark.parametrize(("text", "expected"), [
    ("1970-01-02T01:00:00+01:00", 86_400), ("1970-01-01T00:00:00+00:00", 0), ("1969-12-31T23:59:59+00:00", -1),
    ("2024-07-04T18:30:00+02:00", 1_720_110_600), ("2024-07-04T18:30:00", UNKNOWN), ("2024-07-04", UNKNOWN), ("2024-07", UNKNOWN),
    ("", UNKNOWN), ("sooner or later", UNKNOWN),
])
def test_moments(text: str, expected: int) -> None:
    assert moments([text]).tolist() == [expected]


def test_groups_without_zones_are_counted() -> None:
    times = moments(["2024-07-04T18:30:00+02:00", "2024-07-04", "2024-07-04T18:30:00", "2024-07-04T18:30:00Z", ""])
    assert unzoned(times, np.array([0, 0, 0, 1, -1]), ["en_AAA", "en_BBB"]) == ["en_AAA: 2 of 3"]


def test_periods_are_cut_in_utc() -> None:
    texts = ["2024-07-01T01:30:00+02:00", "2024-07-01T02:30:00+02:00", "2024-07-07T23:59:59Z", "2024-07-08T00:00:00Z", "2024-07-08"]
    assert binned(moments(texts), "day")[0].tolist() == [0, 1, 7, 8, -1]
    weeks, many = binned(moments(texts), "week")  # Monday, 1 July 2024
    assert (weeks.tolist(), many) == ([0, 1, 1, 2, -1], 3)
    assert binned(moments(texts), "hour")[1] == 7 * 24 + 2
    none, nothing = binned(moments(["2024"]), "day")
    assert (none.tolist(), nothing) == ([-1], 0)


def test_rates_have_gaps_and_zeros() -> None:
    found = rates(np.array([1, 2, 0, 9]), np.array([1_500, 1_500, 2_000, 1_999]), np.array([0, 0, 1, 2]), 4)
    np.testing.assert_allclose(found, [1_000, 0, np.nan, np.nan])


def series(random: np.random.Generator, course: Floats) -> Floats:
    """Rates of an outlet whose interest follows a course: few clumpy videos a period, and gaps."""
    videos = random.poisson(8, len(course))
    words = videos * 800
    expected = 0.4 * np.exp(0.7 * course) / 0.3
    hits = np.array([random.poisson(mean * (random.random(n) < 0.3)).sum() for mean, n in zip(expected, videos, strict=True)])
    return np.where(words >= 2_000, 1e6 * hits / np.maximum(words, 1), np.nan)


def course(random: np.random.Generator, periods: int, holds: float) -> Floats:
    """Interest that lasts: an autoregression."""
    found = [0.0]
    for _ in range(periods + 49):
        found.append(holds * found[-1] + random.normal())
    return np.array(found[50:])


@given(st.integers(0, 200), st.sampled_from([CHANGE, LEVELS]))
def test_correlations_are_those_of_numpy(seed: int, correlate: str) -> None:
    random = np.random.default_rng(seed)
    one, other = (series(random, course(random, 40, 0.5)) for _ in range(2))
    a, b = (np.diff(x) if correlate == CHANGE else x for x in (one, other))
    for lag in lags(one, other, most=3, correlate=correlate, seed=1, replicates=100):
        pairs = [(a[t], b[t + lag.lag]) for t in range(len(a)) if 0 <= t + lag.lag < len(b)]
        x, y = np.array([pair for pair in pairs if np.isfinite(pair).all()]).T
        assert lag.periods == len(x)
        assert lag.correlation == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_swapping_the_two_turns_the_lags_round() -> None:
    random = np.random.default_rng(3)
    one, other = (series(random, course(random, 60, 0.5)) for _ in range(2))
    there, back = lags(one, other, seed=1), lags(other, one, seed=1)[::-1]
    assert [lag.lag for lag in there] == [-lag.lag for lag in back]
    assert [lag.correlation for lag in there] == pytest.approx([lag.correlation for lag in back])
    assert [lag.periods for lag in there] == [lag.periods for lag in back]


@pytest.mark.parametrize("holds", [0.3, 0.7])
def test_series_that_share_nothing_are_called_followers_no_more_often_than_promised(holds: float) -> None:
    random = np.random.default_rng(4)
    found = [lags(series(random, course(random, 60, holds)), series(random, course(random, 60, holds)), seed=n, replicates=200)
             for n in range(150)]
    assert np.mean([(rows[0].p or 1) <= 0.05 for rows in found]) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 150)
    held = [(row.low or 0) <= 0 <= (row.high or 0) for rows in found for row in rows if row.low is not None]
    assert 0.92 <= np.mean(held) <= 0.98


def test_a_planted_lag_is_found() -> None:
    random = np.random.default_rng(5)
    found = []
    for n in range(40):
        both = course(random, 202, 0.3)
        found.append(lags(series(random, both[2:]), series(random, both[:-2]), seed=n, replicates=200))
    best = [max(rows, key=lambda row: row.correlation or -1) for rows in found]
    assert np.mean([row.lag == 2 for row in best]) >= 0.85
    assert np.mean([(row.p or 1) <= 0.05 for row in best]) >= 0.75
    assert np.mean([row.best or 0 for row in best]) > 0.5


def test_a_shared_rise_is_no_lead() -> None:
    """Two rates that both rise agree at every lag; their changes agree at none."""
    random = np.random.default_rng(6)
    rise = np.linspace(0, 900, 60)
    one, other = (rise + random.normal(0, 60, 60) for _ in range(2))
    assert min(lag.correlation or 0 for lag in lags(one, other, correlate=LEVELS, seed=1)) > 0.9
    assert max(lag.correlation or 0 for lag in lags(one, other, seed=1)) < 0.5
    assert (lags(one, other, seed=1)[0].p or 0) > 0.05


def test_what_cannot_be_told() -> None:
    empty = np.full(30, np.nan)
    some = np.random.default_rng(1).random(30)
    assert lags(empty, some, most=1, seed=1) == [Lag(lag, None, None, None, 0, None, None, "fewer than 10 periods with both") for lag in (-1, 0, 1)]
    assert lags(empty, some, most=1, correlate=LEVELS, seed=1)[0].correlation is None
    assert lags(some[:9], some[:9], most=1, correlate=LEVELS, seed=1)[1].correlation is None
    assert lags(np.zeros(30), some, most=1, seed=1)[0].correlation is None
    short = lags(some[:14], some[:14], most=7, seed=1)
    assert [lag.correlation is None for lag in short] == [abs(lag.lag) > 3 for lag in short]


def test_the_seed_decides_and_blocks_do_not() -> None:
    random = np.random.default_rng(7)
    one, other = (series(random, course(random, 60, 0.3)) for _ in range(2))
    first = lags(one, other, seed=1)
    assert lags(one, other, seed=1) == first
    assert lags(one, other, seed=2) != first
    with patch.object(leads, "_BLOCK", 3_000):
        again = lags(one, other, seed=1)
    for name in ("p", "best", "low", "high"):
        assert [getattr(lag, name) for lag in again] == pytest.approx([getattr(lag, name) for lag in first])


def test_resamples_that_tell_nothing_are_for_no_lag() -> None:
    """Eleven periods with both of forty: many resamples have too few."""
    some = np.random.default_rng(2).random(40)
    other = np.where(np.arange(40) < 11, some[::-1], np.nan)
    found = lags(some, other, most=3, correlate=LEVELS, seed=1)
    assert sum(lag.best or 0 for lag in found) == pytest.approx(1)
    assert [lag.lag for lag in found if lag.best is None] == [lag.lag for lag in found if lag.correlation is None] == [2, 3]


def test_first_hits() -> None:
    hits, groups = np.array([0, 1, 5, 0, 2, 0, 0]), np.array([0, 0, 0, 1, 1, 2, -1])
    times = np.array([0, 7_200, 3_600, 5_400, 9_000, 0, 0])
    assert firsts(hits, times, groups, 3) == [
        First(0, 2, 3_600, 0.0, 0, 3, 2), First(1, 4, 9_000, 1.5, 1, 2, 1), First(2, -1, 0, None, None, 1, 0)]


def test_every_column_is_explained() -> None:
    assert list(COLUMNS) == list(Lag.__dataclass_fields__)
    assert set(FIRST) >= {"hours_behind", "before", "videos", "videos_with_hits"}
