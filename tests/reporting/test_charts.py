"""Geometry against positions worked out by hand, and what a chart says to those who cannot see it."""

from __future__ import annotations

import re

import pytest

from crosscut.reporting import charts
from crosscut.reporting.charts import Axis, Dot, Point


@pytest.mark.parametrize(("top", "expected"), [
    (7, (0, 2, 4, 6, 8)), (8, (0, 2, 4, 6, 8)), (6213, (0, 2000, 4000, 6000, 8000)), (0, (0, 1)),
    (1, (0, 0.2, 0.4, 0.6, 0.8, 1)), (0.03, (0, 0.01, 0.02, 0.03)), (float("nan"), (0, 1)),
])
def test_ticks_are_round_and_reach_the_top(top: float, expected: tuple[float, ...]) -> None:
    assert charts.ticks(top) == pytest.approx(expected)


def test_a_dot_stands_where_its_value_lies() -> None:
    svg = charts.dots([Dot("A", "#112233", 50.0, 25.0, 75.0, "50 (25–75)"), Dot("B", "#445566", None)],
                      (0.0, 50.0, 100.0), "x", "T", "D")
    assert 'height="112"' in svg                                              # 4 + 2 · 42 + 24
    assert '<line class="interval" x1="25%" x2="75%" y1="34" y2="34"/>' in svg    # 4 + 30
    assert '<circle class="full" cx="50%" cy="34" r="5.5"/>' in svg
    assert svg.count("<circle") == 1                                          # B has no words, so no dot
    assert re.findall(r'class="grid" x1="([\d.]+)%"', svg) == ["0", "50", "100"]
    assert '<title id="xt">T</title><desc id="xd">D</desc>' in svg
    assert 'role="img" aria-labelledby="xt xd"' in svg


def test_few_words_make_a_hollow_dot() -> None:
    assert 'class="hollow"' in charts.dots([Dot("A", "#112233", 1.0, hollow=True)], (0.0, 1.0), "x", "T", "D")


def test_a_time_line_has_points_lines_and_a_gap_where_nothing_is_known() -> None:
    points = [Point(0.1, 0.0), Point(0.3, 50.0), None, Point(0.7, 100.0), Point(0.9, 75.0)]
    svg = charts.timeline(points, Axis((0.0, 50.0, 100.0)), "#112233", "x", "T", "D")
    assert re.findall(r'class="course" d="([^"]+)"', svg) == ["M10 124L30 76", "M70 28L90 52"]   # 28 + 96 · (1 − v/100)
    assert re.findall(r'cx="([\d.]+)%" cy="([\d.]+)"', svg) == [("10", "124"), ("30", "76"), ("70", "28"), ("90", "52")]


def test_bands_join_neighbours_that_have_an_interval() -> None:
    with_interval = [Point(0.2, 50.0, 25.0, 75.0), Point(0.4, 50.0, 25.0, 75.0)]
    svg = charts.timeline([*with_interval, Point(0.6, 50.0), Point(0.8, 50.0, 0.0, 100.0)], Axis((0.0, 100.0)),
                          "#112233", "x", "T", "D")
    assert re.findall(r'class="band" d="([^"]+)"', svg) == ["M20 52L40 52L40 100L20 100"]
    assert re.findall(r'class="whisker" d="([^"]+)"', svg) == ["M80 28L80 124"]


def test_what_is_off_the_scale_is_an_arrow_at_the_edge() -> None:
    svg = charts.timeline([Point(0.5, 300.0)], Axis((0.0, 100.0)), "#112233", "x", "T", "D")
    assert '<text class="beyond" x="50%" y="33" text-anchor="middle">▲</text>' in svg
    assert "<circle" not in svg


def test_event_numbers_that_would_touch_stand_on_two_lines() -> None:
    svg = charts.timeline([], Axis((0.0, 1.0), ((0.10, 1), (0.12, 2), (0.5, 3))), "#112233", "x", "T", "D")
    assert re.findall(r'<text class="event" x="([\d.]+)%" y="(\d+)" text-anchor="middle">(\d)', svg) == [
        ("10", "20", "1"), ("12", "9", "2"), ("50", "20", "3")]


def test_labels_are_escaped() -> None:
    hostile = '</title><script>alert("x")</script>'
    axis = Axis((0.0, 1.0), first=hostile)
    both = charts.dots([Dot(hostile, "#112233", 1.0, text=hostile)], (0.0, 1.0), "x", hostile, hostile)
    both += charts.timeline([Point(0.5, 1.0)], axis, "#112233", "y", hostile, hostile)
    assert "<script" not in both
    assert both.count("&lt;script&gt;alert(&#34;x&#34;)") == 7
