"""How often, over time: a small panel for each outlet, on one scale; a line with its band, broken where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from crosscut.errors import QueryError
from crosscut.figures import rates, times
from crosscut.figures.about import About, Row
from crosscut.figures.style import PADDING, PAPER, PLAIN, SOFT, TEXT, WIDTH, Sketch
from crosscut.figures.vega import Spec, asis, layered, mark, moment, note, number, pixel, text, tiled
from crosscut.figures.words import fitting, label, listed

#: Pixels: of a panel beside others, of one alone, between panels, below them, for the head of a query; the scale's figures.
HEIGHT, ALONE, BETWEEN, BELOW, HEAD, SCALE = 104, 220, 18, 58, 18, 48
#: So many panels stand side by side; more panels than this are not drawn.
ACROSS, MOST = 3, 24
#: Points are drawn smaller where there are more than this.
CROWD = 24
#: A rate that rests on fewer words is drawn hollow, and does not stretch the scale.
FEW_WORDS = 2_000
#: Words whose largest rates differ by more than this factor have scales of their own.
APART = 5.0


@dataclass(frozen=True, slots=True)
class Point:
    """A rate in a period, and what the period is called."""

    period: tuple[date, date]
    called: str
    value: float
    low: float | None
    high: float | None
    hollow: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The points of one query and group, in order; what has the same ``query`` stands side by side."""

    query: str
    name: str
    colour: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Axes:
    """What the panels share: days, the top of the scale of each query, events inside (day, number)."""

    first: date
    last: date
    tops: Mapping[str, float]
    events: Sequence[tuple[date, int]] = ()


def when(columns: Sequence[str]) -> str:
    """The column that says when, or nothing."""
    return next((name for name in columns if name in times.FIELDS), "")


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Rates by period, with bands of intervals, in a panel for each query and group."""
    period = when(columns)
    by = [name for name in rates.grouping(columns) if name != period]
    courses = _courses(rows, period, by, about)
    axes, keys = _axes(courses, about)
    drawn = courses[:MOST]
    shown = (f"Hits per million words by {period}, {times.written(axes.first.isoformat())} to "
             f"{_last(axes.last)}. Bands: {about.level:.0%} intervals over videos.")
    if any(not times.neighbours(a.period, b.period) for course in drawn for a, b in pairwise(course.points)):
        shown += " A gap: no rate."
    if any(point.hollow for course in drawn for point in course.points):
        shown += f" Hollow: fewer than {FEW_WORDS:,} words."
    if any(point.value > axes.tops[course.query] for course in drawn for point in course.points):
        shown += " An arrow head: beyond the scale."
    if len(set(axes.tops.values())) > 1:
        shown += " Scales differ from row to row."
    remarks = [f"Events: {'; '.join(keys)}."] if keys else []
    if len(courses) > MOST:
        remarks.append(f"Drawn: the first {MOST} of {len(courses)} courses.")
    return Sketch(_panels(drawn, axes), shown, _spoken(drawn, period), rates.counted(rows), remarks)


def _last(after: date) -> str:
    return times.written(date.fromordinal(after.toordinal() - 1).isoformat())


def _courses(rows: Sequence[Row], period: str, by: Sequence[str], about: About) -> list[Course]:
    colour = rates.colours_of(by, rows, about)
    found: dict[tuple[str, str, str], list[Point]] = {}
    for row in rows:
        stretch = times.stretch(str(row[period]))
        place = (str(row["query"]), rates.name(row, by, about), colour.get(str(row.get("outlet")), PLAIN))
        points = found.setdefault(place, [])
        if stretch and row["per_million"] is not None:
            points.append(Point(stretch, times.written(str(row[period])), row["per_million"], row["low"], row["high"],
                                row["words"] < FEW_WORDS))
    return [Course(label(query), name if by else "", colour, sorted(points, key=lambda point: point.period))
            for (query, name, colour), points in found.items()]


def _axes(courses: Sequence[Course], about: About) -> tuple[Axes, list[str]]:
    periods = [point.period for course in courses for point in course.points]
    if not periods:
        raise QueryError("there is nothing to draw: no period has a rate")
    first, last = times.span(periods)
    tops = {course.query: 1.06 * _top([other for other in courses if other.query == course.query]) for course in courses}
    if max(tops.values()) <= APART * min(tops.values()):
        tops = dict.fromkeys(tops, max(tops.values()))
    inside = [(stretch[0], text) for day, text in sorted(about.events)
              if (stretch := times.stretch(day)) and first <= stretch[0] < last]
    keys = [f"{n} {label(text)}, {times.written(day.isoformat())}" for n, (day, text) in enumerate(inside, 1)]
    return Axes(first, last, tops, [(day, n) for n, (day, _) in enumerate(inside, 1)]), keys


def _top(courses: Sequence[Course]) -> float:
    """The largest rate or limit; where most rest on enough words, of those: a hit in a hundred must not flatten them."""
    points = [point for course in courses for point in course.points]
    solid = [point for point in points if not point.hollow]
    chosen = solid if 2 * len(solid) > len(points) else points
    return max((point.high or point.value for point in chosen), default=0.0) or 1.0


def _panels(courses: Sequence[Course], axes: Axes) -> Spec:
    """The courses of a query side by side, and a query below the other; of one course each, all side by side."""
    names = dict.fromkeys(course.query for course in courses)
    queries = [[course for course in courses if course.query == name] for name in names]
    if len(queries) == len(courses):
        queries = [list(courses)]
    most = max(len(query) for query in queries)
    across = most if most <= ACROSS + 1 else ACROSS
    size = round((WIDTH - 2 * PADDING - SCALE - (across - 1) * BETWEEN) / across), HEIGHT if across > 1 else ALONE
    several = len(queries) > 1
    drawn = [tiled([_panel(course, axes, size, place % across == 0, several and ("" if place else course.query))
                    for place, course in enumerate(query)], across, BELOW, BETWEEN) for query in queries]
    return {"vconcat": drawn, "spacing": BETWEEN} if several else drawn[0]


def _panel(course: Course, axes: Axes, size: tuple[int, int], labelled: bool, head: str | Literal[False]) -> Spec:
    """One course; ``head``: the query that it is the first of, or nothing; False where all are of one."""
    width, height = size
    days, form = times.marks(axes.first, axes.last, width)
    x = moment("at", title=None, scale={
        "type": "utc", "domain": [times.moment(axes.first), times.moment(axes.last)], "nice": False},
        axis={"values": [times.moment(day) for day in days], "format": form, "grid": False, "ticks": True,
              "tickSize": 4, "domain": True})
    y = {"title": None, "scale": {"domain": [0, axes.tops[course.query]], "nice": False},
         "axis": {"labels": labelled, "tickCount": 4}}
    name = fitting(course.name or course.query, TEXT, width)
    heads = [note(name, 0, -14, fontWeight="bold" if head is False else "normal"),
             note(head or "", -SCALE, -14 - HEAD, fontWeight="bold")]
    return layered([*_events(axes, x), *_lines(course, axes, x, y), *heads], width, height)


def _lines(course: Course, axes: Axes, x: Spec, y: Spec) -> list[Spec]:
    top, rows, colour = axes.tops[course.query], _rows(course), course.colour
    banded = [row for row in rows if row["low"] is not None and row["high"] is not None]
    alone = [row for row in banded if sum(other["band"] == row["band"] for other in banded) == 1]
    limits = {"x": x, "y": number("low", **y), "y2": {"field": "high"}}
    at = {"x": x, "y": number("value", **y)}
    beyond = [row for row in rows if row["value"] > top]
    return [
        mark("area", banded, {**limits, "detail": text("band")}, color=colour, opacity=0.22, clip=True),
        mark("rule", alone, limits, color=colour, opacity=0.35, strokeWidth=5, clip=True),
        mark("line", rows, {**at, "detail": text("run")}, color=colour, strokeWidth=1.6, clip=True),
        mark("point", [row for row in rows if row["value"] <= top], {**at, "fill": asis("fill")}, stroke=colour,
             size=36 if len(rows) <= CROWD else 12, opacity=1, strokeWidth=1.4),
        mark("point", beyond, {"x": x, "y": pixel(2)}, shape="triangle-up", color=colour, filled=True, size=40, opacity=1),
    ]


def _rows(course: Course) -> list[dict[str, Any]]:
    """Points as plain data; ``run`` and ``band`` count the stretches without a gap, of rates and of intervals."""
    rows: list[dict[str, Any]] = []
    run = band = 0
    for place, point in enumerate(course.points):
        joined = place > 0 and times.neighbours(course.points[place - 1].period, point.period)
        run += not joined
        band += not (joined and point.low is not None and course.points[place - 1].low is not None)
        begin, end = (times.moment(day) for day in point.period)
        rows.append({"at": (begin + end) // 2, "value": point.value, "low": point.low, "high": point.high, "run": run,
                     "band": band, "fill": PAPER if point.hollow else course.colour})
    return rows


def _events(axes: Axes, x: Spec) -> list[Spec]:
    """A line with a number at each event."""
    rows = [{"at": times.moment(day), "text": str(n)} for day, n in axes.events]
    return [mark("rule", rows, {"x": x}, color=SOFT, strokeDash=[2, 2], opacity=0.7),
            mark("text", rows, {"x": x, "y": pixel(-2), "text": text("text")}, color=SOFT, fontSize=10, baseline="bottom")]


def _spoken(courses: Sequence[Course], period: str) -> str:
    said = [f"{', '.join(filter(None, (course.query, course.name)))}: {_course(course.points)}" for course in courses]
    return f"Lines with bands, hits per million words by {period}. {listed(said, 12, 'courses')}."


def _course(points: Sequence[Point]) -> str:
    """Where a course begins, ends, and is highest and lowest."""
    if not points:
        return "no rates"
    high, low = max(points, key=lambda p: p.value), min(points, key=lambda p: p.value)
    named = [f"{what} {rates.rate(p.value, 0 if p.value >= 100 else 1)} in {p.called}"
             for what, p in (("first", points[0]), ("highest", high), ("lowest", low), ("last", points[-1]))]
    return ", ".join(named)
