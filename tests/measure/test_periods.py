"""Time is cut so that a panel can be read."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from crosscut.measure import periods
from crosscut.reporting.gather import written


@pytest.mark.parametrize(("text", "expected"), [
    ("2023-09-12T18:00:00Z", date(2023, 9, 12)), ("2023-09-12", date(2023, 9, 12)), ("2023-09", date(2023, 9, 1)),
    ("2023", date(2023, 1, 1)), ("", None), ("soon", None), ("2023-13-01", None),
])
def test_the_first_day_that_a_date_may_mean(text: str, expected: date | None) -> None:
    assert periods.first_day(text) == expected


def test_months_have_no_gap_and_whole_bounds() -> None:
    found = periods.periods("month", date(2023, 11, 30), date(2024, 2, 1))
    assert [period.key for period in found] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert (found[0].start, found[0].end) == (date(2023, 11, 1), date(2023, 12, 1))
    assert found[-1].name == "Feb 2024"


def test_weeks_are_those_of_the_calendar() -> None:
    found = periods.periods("week", date(2024, 12, 31), date(2025, 1, 6))
    assert [(p.key, p.start, p.name) for p in found] == [
        ("2025-W01", date(2024, 12, 30), "30 Dec 2024"), ("2025-W02", date(2025, 1, 6), "6 Jan 2025")]


@pytest.mark.parametrize("field", periods.FIELDS)
def test_periods_follow_one_another(field: str) -> None:
    found = periods.periods(field, date(2019, 12, 29), date(2025, 3, 1))
    assert all(one.end == next_.start for one, next_ in pairwise(found))
    assert found[0].start <= date(2019, 12, 29)
    assert found[-1].start <= date(2025, 3, 1) < found[-1].end


@pytest.mark.parametrize(("last", "words", "expected"), [
    (date(2023, 9, 30), 1e6, "day"), (date(2023, 11, 30), 1e6, "week"), (date(2023, 11, 30), 5_000, "month"),
    (date(2026, 9, 1), 1e6, "month"), (date(2040, 1, 1), 1e9, "year"), (date(2023, 9, 1), 10, "day"),
])
def test_periods_are_as_fine_as_the_words_allow(last: date, words: float, expected: str) -> None:
    assert periods.choose(date(2023, 9, 1), last, words, 2_000) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("2023-09-12", "12 Sep 2023"), ("2023-09", "Sep 2023"), ("2023", "2023"), ("", ""), ("<b>", "<b>"),
])
def test_dates_are_written_as_far_as_they_are_known(text: str, expected: str) -> None:
    assert written(text) == expected
