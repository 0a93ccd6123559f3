"""Rows of labelled dots with bars, on one scale: the picture of every estimate with an interval.

Labels stand at the left and the figures themselves at the right, so that nothing hangs on colour or on reading a scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from crosscut.figures import times
from crosscut.figures.style import INK, PADDING, PAPER, RULE, SMALL, SOFT, TEXT, WIDTH
from crosscut.figures.vega import Spec, asis, layered, mark, moment, note, number, pixel, stacked, text, tiled
from crosscut.figures.words import fitting, width

#: A row, the room between labels, scale and figures, and the room for labels, in pixels.
ROW, GAP, LABELS = 24, 14, 260
#: A mark of the scale needs so many pixels; panels side by side are so far apart, their scales at least so wide.
_MARK, APART, _NARROWEST = 55, 26, 70
#: Above a panel: the heads of the columns, or its title; below one: its scale.
HEADED, SCALED = 22, 42


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate: ``text`` and ``counts`` stand at its right; ``hollow`` where there is no interval.

    ``other`` is what the estimate is seen against, as a small diamond: the rate without outliers, what chance would give.
    ``beyond`` is -1 or 1 where it lies past the left or the right end of any scale, as a ratio with 0 on a side does.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""
    counts: str = ""
    colour: str = INK
    shape: str = "circle"
    hollow: bool = False
    other: float | None = None
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """What is along the bottom: numbers in equal steps or ``doubling``, or ``days`` (then ``low`` and ``high`` are moments).

    At ``zero`` a line says that there is no difference.
    """

    title: str
    low: float
    high: float
    zero: float | None = None
    format: str = ""
    doubling: bool = False
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows below one title."""

    title: str
    lines: Sequence[Line]
    scale: Scale


@dataclass(frozen=True, slots=True)
class _Rooms:
    """Pixels: labels, the scale, and where the second column of figures begins."""

    left: float
    scale: float
    counts: float


def panels(found: Sequence[Panel], heads: tuple[str, str]) -> Spec:
    """Panels one below the other, their scales of one width; ``heads``: what the two columns of figures are called."""
    every = [line for panel in found for line in panel.lines]
    left = min(max((width(line.label, TEXT) for line in every), default=0.0), LABELS) + GAP
    texts = max(width(words, SMALL) for words in (*(line.text for line in every), heads[0])) + GAP
    counts = max(width(words, SMALL) for words in (*(line.counts for line in every), heads[1]))
    room = round(max(WIDTH - 2 * PADDING - left - GAP - texts - counts, 160))
    rooms = _Rooms(left, room, room + GAP + texts)
    same = all(panel.scale == found[-1].scale for panel in found)
    drawn = [_panel(panel, rooms, heads if i == 0 else ("", ""), not same or i == len(found) - 1)
             for i, panel in enumerate(found)]
    return stacked(drawn, HEADED + (6 if same else SCALED))


def tiles(found: Sequence[Panel], head: str, across: int = 2) -> Spec:
    """Small panels side by side, each with rows of its own, on one scale; ``head``: what the column of figures is called.

    Beyond ``text`` they have no figures: two columns of them would leave the scale no room.
    """
    every = [line for panel in found for line in panel.lines]
    left = min(max((width(line.label, TEXT) for line in every), default=0.0), LABELS / across) + GAP
    texts = max(width(words, SMALL) for words in (*(line.text for line in every), head)) + GAP
    room = round(max((WIDTH - 2 * PADDING - (across - 1) * APART) / across - left - texts, _NARROWEST))
    drawn = [_panel(panel, _Rooms(left, room, room + texts), (head if i < across else "", ""), i >= len(found) - across)
             for i, panel in enumerate(found)]
    return tiled(drawn, across, HEADED + 6, left + texts + APART)


def _panel(panel: Panel, rooms: _Rooms, heads: tuple[str, str], axis: bool) -> Spec:
    rows = [{**asdict(line), "label": fitting(line.label, TEXT, rooms.left - GAP + 1), "y": ROW * (i + 0.5),
             "fill": PAPER if line.hollow else line.colour} for i, line in enumerate(panel.lines)]
    height, ticks = ROW * len(rows), max(min(round(rooms.scale / _MARK), 6), 2)
    y = number("y", axis=None, scale={"domain": [0, height], "range": [0, height], "nice": False, "zero": False})
    small = {"align": "left", "fontSize": SMALL}
    return layered([
        mark("rule", rows, {"y": y, "x": pixel(0), "x2": pixel(rooms.scale)}, color=RULE, strokeDash=[1, 3]),
        _no_difference(panel.scale, (axis, ticks)),
        *_estimates(rows, y, panel.scale, (axis, ticks)),
        *_beyond(rows, y, rooms.scale),
        _ratios(panel.scale, height, ticks) if axis and panel.scale.doubling else None,
        mark("text", rows, {"y": y, "x": pixel(-GAP), "text": text("label")}, align="right"),
        mark("text", rows, {"y": y, "x": pixel(rooms.scale + GAP), "text": text("text")}, color=INK, **small),
        mark("text", rows, {"y": y, "x": pixel(rooms.counts), "text": text("counts")}, color=SOFT, **small),
        note(panel.title, -rooms.left, -6, fontWeight="bold"),
        note(heads[0], rooms.scale + GAP, -6, color=SOFT, fontSize=SMALL),
        note(heads[1], rooms.counts, -6, color=SOFT, fontSize=SMALL),
    ], rooms.scale, height)


def _estimates(rows: Sequence[dict[str, Any]], y: Spec, scale: Scale, axis: tuple[bool, int]) -> list[Spec]:
    """Bars below dots; what has no interval has no bar, what has no estimate has no dot."""
    bars = [row for row in rows if row["low"] is not None and row["high"] is not None]
    dots = [row for row in rows if row["value"] is not None]
    others = [row for row in rows if row["other"] is not None]
    return [
        mark("rule", bars, {"x": along("low", scale, *axis), "x2": {"field": "high"}, "y": y, "stroke": asis("colour")},
             strokeWidth=5, opacity=0.45, clip=True),
        mark("point", dots, {"x": along("value", scale, *axis), "y": y, "stroke": asis("colour"), "fill": asis("fill"),
                             "shape": asis("shape")}, size=64, opacity=1, strokeWidth=1.8),
        mark("point", others, {"x": along("other", scale, *axis), "y": y}, shape="diamond", size=44, opacity=1, stroke=INK,
             fill=PAPER, strokeWidth=1.2),
    ]


def _beyond(rows: Sequence[dict[str, Any]], y: Spec, room: float) -> list[Spec]:
    """Open arrow heads at the edges, for what lies past them."""
    return [mark("point", [row for row in rows if row["beyond"] == side],
                 {"x": pixel(place), "y": y, "stroke": asis("colour")}, shape=f"triangle-{name}", fill=PAPER, size=64,
                 opacity=1, strokeWidth=1.8)
            for side, place, name in ((-1, 5, "left"), (1, room - 5, "right"))]


def _ratios(scale: Scale, height: float, ticks: int) -> Spec:
    """The labels of a scale of doublings: 1/256, where the scale itself would have 0.00390625."""
    rows = [{"at": value, "text": ratio(value)} for value in doublings(scale.low, scale.high, ticks + 3)]
    return mark("text", rows, {"x": along("at", scale, True, ticks), "y": pixel(height + 14), "text": text("text")},
                color=SOFT, fontSize=SMALL)


def ratio(value: float) -> str:
    """A power of 2 as a whole number or a fraction of 1."""
    return f"{value:,.0f}" if value >= 1 else f"1/{1 / value:,.0f}"


def along(column: str, scale: Scale, axis: bool = True, ticks: int = 6, flush: bool = False) -> Spec:
    """A column of numbers on the scale along the bottom, which is drawn if ``axis``."""
    if scale.days:
        marks, form = times.marks(*scale.days, _MARK * ticks)
        return moment(column, title=scale.title if axis else None,
                      scale={"type": "utc", "domain": [scale.low, scale.high], "nice": False},
                      axis={"values": [times.moment(day) for day in marks], "format": form, "labels": axis, "offset": 2})
    kind: Spec = {"type": "log", "base": 2} if scale.doubling else {"type": "linear", "zero": False}
    known: Spec = {"tickCount": ticks, "labels": axis, "labelFlush": flush, "offset": 2}
    if scale.doubling:
        known |= {"values": doublings(scale.low, scale.high, ticks + 3), "labels": False, "titlePadding": 22}
        del known["tickCount"]  # which would leave some of them out
    if scale.format:
        known["format"] = scale.format
    return number(column, title=scale.title if axis else None, axis=known,
                  scale={"domain": [scale.low, scale.high], "nice": False, **kind})


def doublings(low: float, high: float, most: int = 9) -> list[float]:
    """Powers of 2 from ``low`` to ``high``: all of them, or every second, third, …"""
    first, last = math.ceil(math.log2(low)), math.floor(math.log2(high))
    step = -(-(last - first + 1) // most)
    return [2.0**n for n in range(first, last + 1) if n % step == 0]


def _no_difference(scale: Scale, axis: tuple[bool, int]) -> Spec | None:
    return None if scale.zero is None else mark("rule", [{"at": scale.zero}], {"x": along("at", scale, *axis)}, color=INK)
