"""Periods and the marks of a time line, against days worked out by hand; labels that do not cover one another."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.figures.places import Dot, placed
from crosscut.figures.times import marks, moment, neighbours, stretch, written
from crosscut.figures.words import width


@pytest.mark.parametrize(("text", "begin", "end"), [
    ("2024", date(2024, 1, 1), date(2025, 1, 1)), ("2024-12", date(2024, 12, 1), date(2025, 1, 1)),
    ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)), ("2024-W01", date(2024, 1, 1), date(2024, 1, 8)),
    ("2020-W53", date(2020, 12, 28), date(2021, 1, 4)), ("2024-07-04T10:00:00Z", date(2024, 7, 4), date(2024, 7, 5)),
])
def test_a_period_is_a_stretch_of_days(text: str, begin: date, end: date) -> None:
    assert stretch(text) == (begin, end)


@pytest.mark.parametrize("text", ["", "soon", "2024-13", "2023-02-29", "2021-W53", "24-01"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert stretch(text) is None
    assert written(text) == text


def test_periods_follow_one_another() -> None:
    first, second, third = (stretch(text) or (date.min, date.min) for text in ("2024-W52", "2025-W01", "2025-W03"))
    assert neighbours(first, second)
    assert not neighbours(second, third)
    assert (written("2024-07-04"), written("2024-07"), written("2024")) == ("4 Jul 2024", "Jul 2024", "2024")
    assert moment(date(1970, 1, 2)) == 86_400_000


@pytest.mark.parametrize(("first", "last", "room", "expected", "form"), [
    (date(2024, 1, 1), date(2024, 1, 8), 600, [date(2024, 1, n) for n in range(1, 8)], "%-d %b"),
    (date(2023, 7, 1), date(2024, 8, 1), 148, [date(2023, 7, 1), date(2024, 1, 1)], "%b %Y"),
    (date(2000, 3, 1), date(2024, 1, 1), 148, [date(2010, 1, 1)], "%Y"),     # 2020 is too near to the end
    (date(2024, 1, 1), date(2024, 7, 1), 600, [date(2024, month, 1) for month in range(1, 7)], "%b %Y"),
])
def test_marks_are_round_and_leave_their_labels_room(
    first: date, last: date, room: float, expected: list[date], form: str
) -> None:
    assert marks(first, last, room) == (expected, form)


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 400), st.floats(1, 10), st.text("abcdef", min_size=1, max_size=9)),
                max_size=40))
def test_no_label_covers_another_or_leaves_the_frame(points: list[tuple[float, float, float, str]]) -> None:
    dots = [Dot(*point) for point in points]
    boxes = []
    for place in placed(dots, 11, (600, 400), 100):
        length = width(dots[place.dot].label, 11)
        begin = place.x - {"left": 0.0, "center": length / 2, "right": length}[place.align]
        boxes.append((begin, place.y - 5.5, begin + length, place.y + 5.5))
        assert boxes[-1][0] >= 0
        assert boxes[-1][2] <= 600
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
