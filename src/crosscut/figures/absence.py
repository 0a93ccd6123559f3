"""Which outlet has which story: a tile for each that has it, a ring where it was not found, a dot where too little is there.

Shapes say all of it, so that it is read in grey; the stories that most pieces tell stand first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.figures.about import About, Row
from crosscut.figures.style import BOLD, INK, PADDING, PAPER, RULE, SOFT, TEXT, WIDTH, Sketch
from crosscut.figures.vega import Spec, asis, layered, mark, note, number, pixel, text
from crosscut.figures.words import fitting, label, width

#: More things than this are no picture.
MOST = 40
#: Height of a row, widest and narrowest column, widest name of a row, and what is between them, in pixels.
_ROW, _WIDEST, _NARROWEST, _NAMES, _GAP = 20, 110, 34, 300, 10
#: What stands for what: shape, filling, line, size.
_Look = tuple[str, str, str, float]
_FOUND = ("square", SOFT, SOFT, 150.0)
_SELDOM = ("cross", INK, INK, 150.0)
_CHANCE = ("circle", PAPER, INK, 90.0)
_LITTLE = ("circle", SOFT, SOFT, 10.0)
_NOT_ASKED = ("stroke", SOFT, SOFT, 60.0)
_VERDICTS = {"found": _FOUND, "hardly by chance": _SELDOM, "seldom by chance": _SELDOM, "could be chance": _CHANCE}
_KEY = ((_FOUND, "found"), (_CHANCE, "not found, could be chance"), (_SELDOM, "seldom so little by chance"),
        (_LITTLE, "too little to tell"), (_NOT_ASKED, "not found, not in the table"))


@dataclass(frozen=True, slots=True)
class _Thing:
    """A story or a name: what it is called, how much there is of it, and how it stands with each outlet."""

    name: str
    size: int
    cells: dict[str, _Look]


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Things × outlets; of rows of ``absence`` or ``unsaid``."""
    found = sorted(_things(columns[0], rows), key=lambda thing: (-thing.size, thing.name))
    shown = found[:MOST]
    outlets = sorted({outlet for thing in found for outlet in thing.cells})
    for thing in shown:
        thing.cells.update({outlet: _NOT_ASKED for outlet in outlets if outlet not in thing.cells})
    what = "story" if columns[0] == "story" else "name or query"
    left = [f"The {len(shown)} of {len(found)} with most of it are drawn."] if len(found) > len(shown) else []
    crosses = [f"{about.names.get(outlet, outlet)} {thing.name}" for thing in shown for outlet, cell in thing.cells.items()
               if cell == _SELDOM]
    spoken = (f"A grid of {len(shown)} rows and {len(outlets)} outlets. " +
              (f"Not found, and seldom so by chance: {'; '.join(crosses[:10])}." if crosses else
               "Nothing that was not found is beyond chance."))
    words = f"A row for each {what}, a column for each outlet: what was found in what was collected."
    return Sketch(_grid(shown, outlets, about), words, spoken, f"n = {len(shown):,} rows", left)


def _things(first: str, rows: Sequence[Row]) -> list[_Thing]:
    found: dict[str, _Thing] = {}
    for row in rows:
        has = dict(one.rpartition(" ")[::2] for one in str(row["found_in"]).split(", ") if one)
        key = str(row[first])
        if key not in found:
            size = sum(int(many.replace(",", "")) for many in has.values())
            found[key] = _Thing(label(row.get("name") or key), size, dict.fromkeys(has, _FOUND))
        outlet, verdict = str(row["outlet"]), _VERDICTS.get(str(row["verdict"]), _LITTLE)
        found[key].cells[outlet] = _FOUND if outlet in has and verdict != _SELDOM else verdict
    return list(found.values())


def _grid(things: Sequence[_Thing], outlets: Sequence[str], about: About) -> Spec:
    left = min(max((width(thing.name, TEXT) for thing in things), default=0), _NAMES) + _GAP
    step = max(min((WIDTH - 2 * PADDING - left) / max(len(outlets), 1), _WIDEST), _NARROWEST)
    wide, high = step * len(outlets), _ROW * len(things)
    x = number("x", axis=None, scale={"domain": [0, wide], "range": [0, wide], "nice": False, "zero": False})
    y = number("y", axis=None, scale={"domain": [0, high], "range": [0, high], "nice": False, "zero": False})
    lines = [{"y": _ROW * (at + 0.5), "name": fitting(thing.name, TEXT, _NAMES)} for at, thing in enumerate(things)]
    cells = [{"x": step * (outlets.index(outlet) + 0.5), "y": _ROW * (at + 0.5), **_look(cell)}
             for at, thing in enumerate(things) for outlet, cell in thing.cells.items()]
    heads = [{"x": step * (at + 0.5), "name": fitting(label(about.names.get(outlet) or outlet), TEXT * BOLD, step - 6)}
             for at, outlet in enumerate(outlets)]
    drawn = {"x": x, "y": y, "shape": asis("shape"), "fill": asis("fill"), "stroke": asis("stroke"), "size": asis("size")}
    return layered([
        mark("rule", lines, {"y": y, "x": pixel(0), "x2": pixel(wide)}, color=RULE, strokeDash=[1, 3]),
        mark("point", cells, drawn, opacity=1, strokeWidth=1.5),
        mark("text", lines, {"y": y, "x": pixel(-_GAP), "text": text("name")}, align="right"),
        mark("text", heads, {"x": x, "y": pixel(-12), "text": text("name")}, fontWeight="bold"),
        *_legend(high, -left, {cell for thing in things for cell in thing.cells.values()}),
    ], max(wide, WIDTH - 2 * PADDING - left), high)


def _legend(top: float, left: float, used: set[_Look]) -> list[Spec | None]:
    """What the shapes mean, on a line below."""
    parts: list[Spec | None] = []
    at = left + 8
    for look, words in _KEY:
        if look == _NOT_ASKED and look not in used:
            continue
        parts.append(mark("point", [_look(look)], {
            "x": pixel(at), "y": pixel(top + 22), "shape": asis("shape"), "fill": asis("fill"), "stroke": asis("stroke"),
            "size": asis("size")}, opacity=1, strokeWidth=1.5))
        parts.append(note(words, at + 12, top + 22, baseline="middle"))
        at += width(words, TEXT) + 40
    return parts


def _look(cell: _Look) -> dict[str, object]:
    return dict(zip(("shape", "fill", "stroke", "size"), cell, strict=True))
