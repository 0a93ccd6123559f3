"""When was each story told, and by whom?  A block for each story, a lane for each outlet, a dot for each day.

The dot's area is in proportion to the words of that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crosscut.errors import QueryError
from crosscut.figures import courses, rates, times
from crosscut.figures.about import About, Row
from crosscut.figures.style import PADDING, PLAIN, RULE, SMALL, SOFT, TEXT, WIDTH, Sketch
from crosscut.figures.vega import asis, layered, mark, moment, number, pixel, text
from crosscut.figures.words import fitting, isolated, label, listed, width

#: Pixels of a lane, of the heading above it, and between blocks; so many stories are drawn.
LANE, HEADING, BETWEEN, GAP, MOST = 13, 17, 9, 8, 12
#: Pixels that names of outlets have at most.
NAMES = 150
#: Area of the largest dot and of the smallest, in square pixels.
LARGEST, SMALLEST = 400.0, 10.0
_NEVER = (date.min, date.min)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Everything that is drawn, with its place from the top."""

    dots: list[dict[str, Any]]
    lanes: list[dict[str, Any]]
    headings: list[dict[str, Any]]
    height: float


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Rows of ``story``, ``name``, ``outlet``, ``day`` and ``words``; raises ``QueryError`` for stories by anything else."""
    if not {"outlet", "day"} <= set(columns):
        raise QueryError("stories are drawn by outlet and day: --by outlet,day")
    dated = [row for row in rows if times.stretch(str(row["day"]))]
    if not dated:
        raise QueryError("there is nothing to draw: no piece of these stories has a day")
    blocks: dict[str, list[Row]] = {}
    for row in dated:
        blocks.setdefault(str(row["story"]), []).append(row)
    kept = dict(list(blocks.items())[:MOST])
    first, last = times.span([times.stretch(str(row["day"])) or _NEVER for mine in kept.values() for row in mine])
    placed = _placed(kept, about)
    left = max((width(lane["label"], SMALL) for lane in placed.lanes), default=0.0) + GAP
    room = WIDTH - 2 * PADDING - left
    marks, form = times.marks(first, last, room)
    x = moment("at", title=None,
               scale={"type": "utc", "domain": [times.moment(day) for day in (first, last)], "nice": False},
               axis={"values": [times.moment(day) for day in marks], "format": form, "grid": True, "ticks": True})
    y = number("y", axis=None, scale={"domain": [0, placed.height], "range": [0, placed.height], "nice": False,
                                      "zero": False})
    events, keys = courses.events_within((first, last), about)
    body = layered([
        *courses.events_at(events, x),
        mark("rule", placed.lanes, {"y": y, "x": pixel(0), "x2": pixel(room)}, color=RULE),
        mark("circle", placed.dots, {"x": x, "y": y, "size": asis("area"), "fill": asis("colour")}, opacity=0.85),
        mark("text", placed.lanes, {"y": y, "x": pixel(-GAP), "text": text("label")}, align="right", fontSize=SMALL,
             color=SOFT, baseline="middle"),
        mark("text", placed.headings, {"y": y, "x": pixel(-left), "text": text("label")}, align="left", fontSize=TEXT,
             fontWeight="bold", baseline="middle"),
    ], room, placed.height)
    said = [f"{label(mine[0]['name'])}: {sum(row['words'] for row in mine):,} words of "
            f"{len({row['outlet'] for row in mine})} outlets" for mine in kept.values()]
    undated = len({str(row["story"]) for row in rows} - set(blocks))
    return Sketch(
        body, "A dot for each day on which an outlet told of the story; its area is in proportion to the words.",
        f"Time line of stories. {listed(said, MOST)}.",
        f"n = {sum(row['pieces'] for row in dated):,} pieces, {sum(row['words'] for row in dated):,} words",
        [*([f"Events: {'; '.join(keys)}."] if keys else []),
         *([f"Drawn: the first {MOST} of {len(blocks)} stories."] if len(blocks) > MOST else []),
         *([f"Not drawn: {undated} stories without a day."] if undated else [])])


def _placed(blocks: dict[str, list[Row]], about: About) -> _Placed:
    """The blocks one below the other."""
    found = _Placed([], [], [], 0.0)
    every = [row for mine in blocks.values() for row in mine]
    colour = rates.colours_of(["outlet"], every, about)
    most = max(row["words"] for row in every) or 1
    top = 0.0
    for mine in blocks.values():
        heading = isolated(fitting(label(mine[0]["name"], 90), TEXT, WIDTH * 0.9))
        found.headings.append({"y": top + HEADING / 2, "label": heading})
        top += HEADING
        for outlet in sorted({str(row["outlet"]) for row in mine}):
            middle = top + LANE / 2
            name = isolated(fitting(label(about.names.get(outlet, outlet)), SMALL, NAMES))
            found.lanes.append({"y": middle, "label": name})
            found.dots.extend(_dot(row, middle, most, colour.get(outlet, PLAIN))
                              for row in mine if str(row["outlet"]) == outlet)
            top += LANE
        top += BETWEEN
    return _Placed(found.dots, found.lanes, found.headings, top)


def _dot(row: Row, middle: float, most: int, colour: str) -> dict[str, Any]:
    """A day of an outlet, in the middle of the day."""
    begin, _ = times.stretch(str(row["day"])) or _NEVER
    noon = times.moment(begin) + int(timedelta(hours=12).total_seconds() * 1000)
    return {"at": noon, "y": middle, "area": round(max(LARGEST * row["words"] / most, SMALLEST), 1), "colour": colour}
