"""The same rows for several groups: a column of dots with bars for each, side by side on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from crosscut.figures.forest import GAP, LABELS, ROW, Line, Scale, along
from crosscut.figures.style import BOLD, INK, PADDING, PAPER, RULE, TEXT, WIDTH
from crosscut.figures.vega import Spec, asis, layered, mark, note, number, pixel, text, tiled
from crosscut.figures.words import fitting, width

#: Pixels between columns, below a row of them, for the title of a block; so many columns stand side by side.
BETWEEN, BELOW, HEAD, ACROSS = 22, 76, 18, 4
_NARROW = 90


@dataclass(frozen=True, slots=True)
class Column:
    """What one group has: a line for some of the rows, by their label."""

    title: str
    lines: Mapping[str, Line]


def columns(labels: Sequence[str], found: Sequence[Column], scale: Scale, across: int) -> Spec:
    """Columns of dots, as wide as if ``across`` of them stood side by side, or four; the rows are named at the left."""
    left = min(max((width(words, TEXT) for words in labels), default=0.0), LABELS) + GAP
    across = min(across, ACROSS)
    room = max(round((WIDTH - 2 * PADDING - left - (across - 1) * BETWEEN) / across), _NARROW)
    drawn = [_column(labels, column, scale, room, place % across == 0) for place, column in enumerate(found)]
    return tiled(drawn, across, BELOW, BETWEEN)


def blocks(found: Mapping[str, Sequence[Column]], scale: Scale) -> Spec:
    """Rows of columns one below the other, each with a title and rows of its own.

    The names of the columns stand above the first, the scale below the last."""
    labels = {name: list(dict.fromkeys(words for column in some for words in column.lines)) for name, some in found.items()}
    left = min(max(width(words, TEXT) for some in labels.values() for words in some), LABELS) + GAP
    across = max(min(max(len(some) for some in found.values()), ACROSS), 1)
    room = max(round((WIDTH - 2 * PADDING - left - (across - 1) * BETWEEN) / across), _NARROW)
    drawn: list[Spec] = []
    for n, (name, some) in enumerate(found.items()):
        heads = not n or len(some) > across
        tiles = [_column(labels[name], column if heads else replace(column, title=""), scale, room, place % across == 0,
                         n == len(found) - 1) for place, column in enumerate(some)]
        tiles[0]["layer"].append(note(name, -left, -8 - HEAD if heads else -8, fontWeight="bold"))
        drawn.append(tiled(tiles, across, BELOW if n == len(found) - 1 else BETWEEN + HEAD, BETWEEN))
    return {"vconcat": drawn, "spacing": BETWEEN}


def _column(
    labels: Sequence[str], column: Column, scale: Scale, room: float, named: bool, axis: bool = True
) -> Spec:
    height = ROW * len(labels)
    y = number("y", axis=None, scale={"domain": [0, height], "range": [0, height], "nice": False, "zero": False})
    places: list[dict[str, Any]] = [{"label": words, "name": fitting(words, TEXT, LABELS), "y": ROW * (i + 0.5)}
                                    for i, words in enumerate(labels)]
    rows = [{**asdict(column.lines[row["label"]]), **row} for row in places if row["label"] in column.lines]
    bars = [row for row in rows if row["low"] is not None and row["high"] is not None]
    dots = [{**row, "fill": PAPER if row["hollow"] else row["colour"]} for row in rows if row["value"] is not None]
    zero = [] if scale.zero is None else [{"at": scale.zero}]
    others = [row for row in rows if row["other"] is not None]
    low, value, other, at = (along(name, scale, axis, ticks=3, flush=True) for name in ("low", "value", "other", "at"))
    return layered([
        mark("rule", places, {"y": y, "x": pixel(0), "x2": pixel(room)}, color=RULE, strokeDash=[1, 3]),
        mark("rule", zero, {"x": at}, color=INK),
        mark("rule", bars, {"x": low, "x2": {"field": "high"}, "y": y, "stroke": asis("colour")}, strokeWidth=5,
             opacity=0.45, clip=True),
        mark("point", dots, {"x": value, "y": y, "stroke": asis("colour"), "fill": asis("fill"), "shape": asis("shape")},
             size=50, opacity=1, strokeWidth=1.6),
        mark("text", places if named else [], {"y": y, "x": pixel(-GAP), "text": text("name")}, align="right"),
        mark("point", others, {"x": other, "y": y}, shape="diamond", size=36, opacity=1, stroke=INK, fill=PAPER,
             strokeWidth=1.2),
        note(fitting(column.title, TEXT * BOLD, room + BETWEEN - 6), 0, -8, fontWeight="bold"),
    ], room, height)
