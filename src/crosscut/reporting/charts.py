"""SVG from plain numbers.

Across, everything is given in per cent and down in pixels: so a chart is as wide as its column, on a phone as on paper,
and its letters stay the size of letters.  What only paths can draw (bands, lines) lies in an inner picture that is
stretched.  Colour comes in as ``--c`` and is tuned by the page's style for light and dark; nothing depends on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

#: Geometry in pixels.
DOT_HEAD, DOT_ROW, DOT_FOOT = 4, 42, 24
PANEL_TOP, PANEL_HEIGHT, PANEL_FOOT = 28, 96, 20
#: Points are drawn smaller where there are more than this.
CROWD = 24
#: Event numbers closer than this many per cent stand on two lines.
EVENT_ROOM = 6.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a dot chart; ``text`` stands at its end, ``hollow`` says that it rests on few words."""

    label: str
    colour: str
    value: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a time line; ``x`` from 0 to 1."""

    x: float
    value: float
    low: float | None = None
    high: float | None = None
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """What all panels of a group share: ticks of the rate, event marks (place, number), and names at both ends."""

    ticks: tuple[float, ...]
    events: tuple[tuple[float, int], ...] = ()
    first: str = ""
    last: str = ""
    labelled: bool = True


def ticks(top: float, about: int = 5) -> tuple[float, ...]:
    """Round numbers from 0 to at least ``top``: steps of 1, 2 or 5 times a power of ten."""
    if top <= 0 or not math.isfinite(top):
        return (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10(top / about))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * about >= top * (1 - 1e-9))
    return tuple(step * i for i in range(math.ceil(top / step - 1e-9) + 1))


def tick_text(value: float) -> str:
    """A tick as it is printed."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.10g}"


def dots(rows: Sequence[Dot], marks: Sequence[float], ident: str, title: str, description: str) -> Markup:
    """A dot with its interval for each row, label and figures above it, on a common scale from 0."""
    bottom = DOT_HEAD + DOT_ROW * len(rows)
    grid = Markup("").join(
        Markup('<line class="grid" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/><text class="tick" x="{0}%" y="{3}"'
               ' text-anchor="{4}">{5}</text>').format(
            place(mark, marks[-1]), DOT_HEAD, bottom, bottom + 15, anchor(i, len(marks)), tick_text(mark))
        for i, mark in enumerate(marks))
    drawn = Markup("").join(_dot(row, DOT_HEAD + DOT_ROW * i, marks[-1]) for i, row in enumerate(rows))
    return _svg("dots", bottom + DOT_FOOT, ident, title, description, grid + drawn)


def _dot(row: Dot, top: int, most: float) -> Markup:
    y = top + 30
    words = Markup('<text class="label" x="0" y="{0}">{1}</text><text class="figure" x="100%" y="{0}"'
                   ' text-anchor="end">{2}</text><line class="rule" x1="0" x2="100%" y1="{3}" y2="{3}"/>').format(
        top + 16, row.label, row.text, y)
    if row.value is None:
        return words
    bar = Markup("") if row.low is None or row.high is None else Markup(
        '<line class="interval" x1="{}%" x2="{}%" y1="{y}" y2="{y}"/>').format(
        place(row.low, most), place(row.high, most), y=y)
    return Markup('<g style="--c:{}">{}{}{}</g>').format(row.colour, words, bar, _circle(
        place(row.value, most), y, 5.5, row.hollow))


def place(value: float, most: float) -> str:
    """A value as per cent of the width."""
    return _number(100 * value / most)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def anchor(index: int, count: int) -> str:
    """Outer labels stay within the chart."""
    return "start" if index == 0 else "end" if index == count - 1 else "middle"


def _circle(x: str, y: float, radius: float, hollow: bool) -> Markup:
    return Markup('<circle class="{}" cx="{}%" cy="{}" r="{}"/>').format(
        "hollow" if hollow else "full", x, _number(y), _number(radius))


def _svg(kind: str, height: int, ident: str, title: str, description: str, inside: Markup) -> Markup:
    return Markup('<svg class="{0}" width="100%" height="{1}" role="img" aria-labelledby="{2}t {2}d">'
                  '<title id="{2}t">{3}</title><desc id="{2}d">{4}</desc>{5}</svg>').format(
        kind, height, ident, title, description, inside)


def timeline(
    points: Sequence[Point | None], axis: Axis, colour: str, ident: str, title: str, description: str
) -> Markup:
    """A rate over time in one small panel: band of intervals, line, points; a gap where ``None`` stands."""
    stretched = Markup("").join((*_bands(points, axis), *_lines(points, axis)))
    radius = 3.5 if len(points) <= CROWD else 2.25
    marks = Markup("").join(_mark(point, axis, radius) for point in points if point)
    inside = Markup('{}<g style="--c:{}"><svg x="0" y="0" width="100%" height="{h}" viewBox="0 0 100 {h}"'
                    ' preserveAspectRatio="none" aria-hidden="true">{}</svg>{}</g>').format(
        _frame(axis), colour, stretched, marks, h=PANEL_TOP + PANEL_HEIGHT)
    return _svg("time", PANEL_TOP + PANEL_HEIGHT + PANEL_FOOT, ident, title, description, inside)


def height(value: float, axis: Axis) -> float:
    """Where a value stands, in pixels from the top; what is off the scale stands at its edge."""
    return PANEL_TOP + PANEL_HEIGHT * (1 - min(value / axis.ticks[-1], 1.0))


def _frame(axis: Axis) -> Markup:
    bottom = PANEL_TOP + PANEL_HEIGHT
    parts = [
        Markup('<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(_number(height(tick, axis)))
        + (Markup('<text class="tick" x="-6" y="{}" text-anchor="end">{}</text>').format(
            _number(height(tick, axis) + 3.5), tick_text(tick)) if axis.labelled else Markup(""))
        for tick in axis.ticks]
    raised = _raised([x for x, _ in axis.events])
    parts += [
        Markup('<line class="event" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/><text class="event" x="{0}%" y="{3}"'
               ' text-anchor="middle">{4}</text>').format(
            _number(100 * x), 13 if up else 24, bottom, 9 if up else 20, number)
        for (x, number), up in zip(axis.events, raised, strict=True)]
    parts += [
        Markup('<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>').format(x, bottom + 14, side, text)
        for x, side, text in (("0", "start", axis.first), ("100%", "end", axis.last)) if text]
    return Markup("").join(parts)


def _raised(places: Sequence[float]) -> list[bool]:
    """Which event numbers stand on the upper line: each that would touch its left neighbour on the lower."""
    found: list[bool] = []
    for i, x in enumerate(places):
        found.append(bool(i) and not found[-1] and 100 * (x - places[i - 1]) < EVENT_ROOM)
    return found


def _runs(points: Sequence[Point | None], with_interval: bool) -> list[list[Point]]:
    """Stretches of neighbouring points, cut where there is none (or none with an interval)."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point and not (with_interval and (point.low is None or point.high is None)):
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _bands(points: Sequence[Point | None], axis: Axis) -> list[Markup]:
    bands = []
    for run in _runs(points, with_interval=True):
        upper = [(p.x, p.high or 0.0) for p in run]
        lower = [(p.x, p.low or 0.0) for p in reversed(run)]
        kind = "band" if len(run) > 1 else "whisker"
        bands.append(Markup('<path class="{}" d="{}"/>').format(kind, _path([*upper, *lower], axis)))
    return bands


def _lines(points: Sequence[Point | None], axis: Axis) -> list[Markup]:
    return [Markup('<path class="course" d="{}"/>').format(_path([(p.x, p.value) for p in run], axis))
            for run in _runs(points, with_interval=False) if len(run) > 1]


def _path(places: Sequence[tuple[float, float]], axis: Axis) -> str:
    return "M" + "L".join(f"{_number(100 * x)} {_number(height(value, axis))}" for x, value in places)


def _mark(point: Point, axis: Axis, radius: float) -> Markup:
    """A point; one off the scale is an arrow head at the edge."""
    x, y = _number(100 * point.x), height(point.value, axis)
    if point.value > axis.ticks[-1]:
        return Markup('<text class="beyond" x="{}%" y="{}" text-anchor="middle">▲</text>').format(x, _number(y + 5))
    return _circle(x, y, radius, point.hollow)
