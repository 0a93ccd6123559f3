"""Numbers over time: a small panel for each course, on one scale; a line with its band, broken where nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from crosscut.errors import QueryError
from crosscut.figures import times
from crosscut.figures.about import About, Row
from crosscut.figures.style import BOLD, PADDING, PAPER, SOFT, TEXT, WIDTH, Sketch
from crosscut.figures.vega import Spec, asis, layered, mark, moment, note, number, pixel, text, tiled
from crosscut.figures.words import fitting, label, listed

#: Pixels: of a panel beside others, of one alone, between panels, below them, for the head of a query; the scale's figures.
HEIGHT, ALONE, BETWEEN, BELOW, HEAD, SCALE = 104, 220, 18, 58, 18, 48
#: So many panels stand side by side; more panels than this are not drawn.
ACROSS, MOST = 3, 24
#: Points are drawn smaller where there are more than this.
CROWD = 24
#: Rows of panels whose largest numbers differ by more than this factor have scales of their own.
APART = 5.0
#: Bands do not make a scale longer than so many times what its numbers need.
WIDE = 2.5


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is drawn: a column and, in words, what it is; the column it rests on, what that counts, and how many at least.

    ``form``: how it is written; ``top``: where its scale ends, None: at the largest number.
    """

    column: str
    named: str
    base: str
    counts: str
    least: int
    form: str = ""
    top: float | None = None

    def written(self, value: float) -> str:
        """A number as it is said."""
        return f"{value:{self.form}}" if self.form else f"{value:,.{0 if value >= 100 or not value else 1}f}"


@dataclass(frozen=True, slots=True)
class Point:
    """A number in a period, and what the period is called; ``few``: rests on little, and does not stretch the scale."""

    period: tuple[date, date]
    called: str
    value: float
    low: float | None
    high: float | None
    few: bool

    @property
    def bare(self) -> bool:
        """Has no interval."""
        return self.low is None or self.high is None

    @property
    def hollow(self) -> bool:
        """Says too little to be drawn as others are; so are the lines to and from it."""
        return self.few or self.bare


@dataclass(frozen=True, slots=True)
class Course:
    """The points of one line, in order; what has the same ``row`` stands side by side."""

    row: str
    name: str
    colour: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Axes:
    """What the panels share: days, the top of the scale of each row, events inside (day, number), the form of numbers."""

    first: date
    last: date
    tops: Mapping[str, float]
    events: Sequence[tuple[date, int]] = ()
    form: str = ""


def gathered(
    rows: Sequence[Row], period: str, what: Quantity, place: Callable[[Row], tuple[str, str, str]]
) -> list[Course]:
    """The courses of a table; ``place``: row, name and colour of the course that a row of it belongs to."""
    found: dict[tuple[str, str, str], list[Point]] = {}
    for row in rows:
        points = found.setdefault(place(row), [])
        stretch, value = times.stretch(str(row[period])), row[what.column]
        if stretch and value is not None:
            points.append(Point(stretch, times.written(str(row[period])), value, row["low"], row["high"],
                                row[what.base] < what.least))
    return [Course(*key, sorted(points, key=lambda point: point.period)) for key, points in found.items()]


def sketch(
    courses: Sequence[Course], what: Quantity, period: str, rows: Sequence[Row], about: About, counted: str
) -> Sketch:
    """The picture of some courses over all periods of a table."""
    stretches = [stretch for row in rows if (stretch := times.stretch(str(row[period])))]
    if not any(course.points for course in courses):
        raise QueryError("there is nothing to draw: no period has a rate")
    axes, keys = _axes(courses, what, times.span(stretches), about)
    drawn = courses[:MOST]
    remarks = [f"Events: {'; '.join(keys)}."] if keys else []
    if len(courses) > MOST:
        remarks.append(f"Drawn: the first {MOST} of {len(courses)} courses.")
    named = f"{what.named[:1].upper()}{what.named[1:]} by {period}"
    shown = f"{named}, {_said(axes.first, axes.last)}. {_legend(drawn, axes, what, about)}"
    said = [f"{', '.join(filter(None, (course.row, course.name)))}: {_course(course.points, what)}" for course in courses]
    spoken = f"Lines with bands. {named}. {listed(said, 12, 'courses')}."
    return Sketch(_panels(drawn, axes), shown, spoken, counted, remarks)


def _said(first: date, after: date) -> str:
    last = date.fromordinal(after.toordinal() - 1)
    return f"{times.written(first.isoformat())} to {times.written(last.isoformat())}"


def _legend(courses: Sequence[Course], axes: Axes, what: Quantity, about: About) -> str:
    """What the marks mean, of those that are there."""
    points = [point for course in courses for point in course.points]
    gap = any(not times.neighbours(a.period, b.period) for course in courses for a, b in pairwise(course.points))
    beyond = any(point.value > axes.tops[course.row] for course in courses for point in course.points)
    said = [(any(point.low is not None for point in points), f"Bands: {about.intervals}."),
            (gap, "A gap: too little to say."),
            (any(point.hollow for point in points), f"Hollow: {_hollow(points, what)}."),
            (beyond, "An arrow head: beyond the scale."),
            (any((point.high or 0.0) > axes.tops[course.row] for course in courses for point in course.points),
             "Bands are cut at the edge."),
            (len(set(axes.tops.values())) > 1, "Scales differ from row to row.")]
    return " ".join(text for there, text in said if there)


def _hollow(points: Sequence[Point], what: Quantity) -> str:
    few = f"fewer than {what.least:,} {what.counts}"
    return " or ".join(text for there, text in ((any(point.bare for point in points), "no interval"),
                                                (any(point.few for point in points), few)) if there)


def _axes(courses: Sequence[Course], what: Quantity, days: tuple[date, date], about: About) -> tuple[Axes, list[str]]:
    tops = {course.row: 1.06 * _top([other for other in courses if other.row == course.row]) for course in courses}
    if what.top is not None:
        tops = dict.fromkeys(tops, what.top)
    elif max(tops.values()) <= APART * min(tops.values()):
        tops = dict.fromkeys(tops, max(tops.values()))
    events, keys = events_within(days, about)
    return Axes(*days, tops, events, what.form), keys


def events_within(days: tuple[date, date], about: About) -> tuple[list[tuple[date, int]], list[str]]:
    """The events of a study from a day to before another: day and number of each, and what the numbers mean."""
    inside = [(stretch[0], text) for day, text in sorted(about.events)
              if (stretch := times.stretch(day)) and days[0] <= stretch[0] < days[1]]
    keys = [f"{n} {label(text)}, {times.written(day.isoformat())}" for n, (day, text) in enumerate(inside, 1)]
    return [(day, n) for n, (day, _) in enumerate(inside, 1)], keys


def _top(courses: Sequence[Course]) -> float:
    """The largest number or limit, but no more than ``WIDE`` times the largest number: a wide band must not flatten them.

    Where most numbers rest on enough, of those: nor must a hit in a hundred words.
    """
    points = [point for course in courses for point in course.points]
    solid = [point for point in points if not point.few]
    chosen = solid if 2 * len(solid) > len(points) else points
    most = max((point.value for point in chosen), default=0.0)
    return min(max((point.high or point.value for point in chosen), default=0.0), WIDE * most or 1.0) or 1.0


def _panels(courses: Sequence[Course], axes: Axes) -> Spec:
    """The courses of a row side by side, and a row below the other; of one course each, all side by side."""
    names = dict.fromkeys(course.row for course in courses)
    grouped = [[course for course in courses if course.row == name] for name in names]
    if len(grouped) == len(courses):
        grouped = [list(courses)]
    most = max(len(row) for row in grouped)
    across = most if most <= ACROSS + 1 else ACROSS
    size = round((WIDTH - 2 * PADDING - SCALE - (across - 1) * BETWEEN) / across), HEIGHT if across > 1 else ALONE
    several = len(grouped) > 1
    drawn = [tiled([_panel(course, axes, size, place % across == 0, several and ("" if place else course.row))
                    for place, course in enumerate(row)], across, BELOW, BETWEEN) for row in grouped]
    return {"vconcat": drawn, "spacing": BETWEEN} if several else drawn[0]


def _panel(course: Course, axes: Axes, size: tuple[int, int], labelled: bool, head: str | Literal[False]) -> Spec:
    """One course; ``head``: the query that it is the first of, or nothing; False where all are of one."""
    width, height = size
    days, form = times.marks(axes.first, axes.last, width)
    x = moment("at", title=None, scale={
        "type": "utc", "domain": [times.moment(axes.first), times.moment(axes.last)], "nice": False},
        axis={"values": [times.moment(day) for day in days], "format": form, "grid": False, "ticks": True,
              "tickSize": 4, "domain": True})
    y = {"title": None, "scale": {"domain": [0, axes.tops[course.row]], "nice": False},
         "axis": {"labels": labelled, "tickCount": 4, **({"format": axes.form} if axes.form else {})}}
    name = fitting(course.name or course.row, TEXT * BOLD, width)
    heads = [note(name, 0, -14, fontWeight="bold" if head is False else "normal"),
             note(head or "", -SCALE, -14 - HEAD, fontWeight="bold")]
    return layered([*events_at(axes.events, x), *_lines(course, axes, x, y), *heads], width, height)


def _lines(course: Course, axes: Axes, x: Spec, y: Spec) -> list[Spec]:
    top, rows, colour = axes.tops[course.row], _rows(course), course.colour
    banded = [row for row in rows if row["low"] is not None and row["high"] is not None]
    alone = [row for row in banded if sum(other["band"] == row["band"] for other in banded) == 1]
    limits = {"x": x, "y": number("low", **y), "y2": {"field": "high"}}
    at = {"x": x, "y": number("value", **y)}
    beyond = [row for row in rows if row["value"] > top]
    return [
        mark("area", banded, {**limits, "detail": text("band")}, color=colour, opacity=0.22, clip=True),
        mark("rule", alone, limits, color=colour, opacity=0.35, strokeWidth=5, clip=True),
        mark("line", rows, {**at, "detail": text("run")}, color=colour, strokeWidth=1.6, clip=True),
        mark("line", _dashed(course, rows), {**at, "detail": text("pair")}, color=colour, strokeWidth=1.2, strokeDash=[3, 3],
             clip=True),
        mark("point", [row for row in rows if row["value"] <= top], {**at, "fill": asis("fill")}, stroke=colour,
             size=36 if len(rows) <= CROWD else 12, opacity=1, strokeWidth=1.4),
        mark("point", beyond, {"x": x, "y": pixel(2)}, shape="triangle-up", color=colour, filled=True, size=40, opacity=1),
    ]


def _rows(course: Course) -> list[dict[str, Any]]:
    """Points as plain data; ``run`` and ``band`` count the stretches without a gap, of solid rates and of intervals."""
    rows: list[dict[str, Any]] = []
    run = band = 0
    for place, point in enumerate(course.points):
        joined = place > 0 and times.neighbours(course.points[place - 1].period, point.period)
        run += not joined or point.hollow or course.points[place - 1].hollow
        band += not joined or point.bare or course.points[place - 1].bare
        begin, end = (times.moment(day) for day in point.period)
        rows.append({"at": (begin + end) // 2, "value": point.value, "low": point.low, "high": point.high, "run": run,
                     "band": band, "fill": PAPER if point.hollow else course.colour})
    return rows


def _dashed(course: Course, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Both ends of each stretch to or from a hollow point."""
    pairs = [(place, one, other) for place, (one, other) in enumerate(pairwise(course.points))
             if times.neighbours(one.period, other.period) and (one.hollow or other.hollow)]
    return [{"at": row["at"], "value": row["value"], "pair": place}
            for place, *_ in pairs for row in rows[place : place + 2]]


def events_at(events: Sequence[tuple[date, int]], x: Spec) -> list[Spec]:
    """A line with a number at each event."""
    rows = [{"at": times.moment(day), "text": str(n)} for day, n in events]
    return [mark("rule", rows, {"x": x}, color=SOFT, strokeDash=[2, 2], opacity=0.7),
            mark("text", rows, {"x": x, "y": pixel(-2), "text": text("text")}, color=SOFT, fontSize=10, baseline="bottom")]


def _course(points: Sequence[Point], what: Quantity) -> str:
    """Where a course begins, ends, and is highest and lowest."""
    if not points:
        return "nothing known"
    high, low = max(points, key=lambda p: p.value), min(points, key=lambda p: p.value)
    named = [f"{word} {what.written(p.value)} in {p.called}"
             for word, p in (("first", points[0]), ("highest", high), ("lowest", low), ("last", points[-1]))]
    return ", ".join(named)
