"""Any estimate of some things, of one group or of several: what the figures of lists are made of.

One group is a list with its figures beside it; several groups are columns side by side, each thing on one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from crosscut.errors import QueryError
from crosscut.figures import forest, grid
from crosscut.figures.about import About, Row
from crosscut.figures.colours import chosen
from crosscut.figures.forest import LABELS, Line, Panel, Scale
from crosscut.figures.style import PLAIN, TEXT, Sketch
from crosscut.figures.words import fitting, isolated, label, listed

#: Columns that hold outlets.
_OUTLETS = frozenset({"outlet", "first", "second", "group", "other"})
#: Labels that the question says, where they are the same in all rows.
_PLAIN_LABELS = frozenset({"query", "language"})
#: So many things are drawn, and groups side by side.
MOST, GROUPS = 40, 12
#: Of each list, where each relation has things of its own; half as many lists where each takes a row of columns.
LISTED, LISTS = 5, 12


@dataclass(frozen=True, slots=True)
class Kind:
    """What is drawn of a table: ``value`` with ``low`` and ``high``; ``title`` with its unit, ``head`` in a word.

    ``form``: how it is written, if not with as many digits as it deserves.

    ``counts``: the column of figures at the right, its head and its text; ``bounds``: of the scale, where it has some;
    ``other``: a column that the estimate is seen against; ``zero``: where there is no difference; ``over``: what was
    resampled, if not videos or other units.  ``shown`` begins the subtitle.
    """

    value: str
    title: str
    head: str
    shown: str
    low: str = "low"
    high: str = "high"
    form: str = ""
    axis: str = ""
    bounds: tuple[float | None, float | None] = (0.0, None)
    counts: tuple[str, Callable[[Row], str]] = ("", lambda _: "")
    other: str = ""
    zero: float | None = None
    over: str = ""


def draw(kind: Kind, columns: Sequence[str], rows: Sequence[Row], about: About, thing: str = "") -> Sketch:
    """Dots with bars: ``thing`` is the column of what the rows are of; the other columns of labels make the groups."""
    known = [row for row in rows if row.get(kind.value) is not None]
    if not known:
        raise QueryError(f"there is nothing to draw: no row has {kind.value}")
    thing, by = _which(thing or columns[about.labels - 1], columns[: about.labels], known)
    groups = list(dict.fromkeys(group_name(row, by, about) for row in known))
    constant = [name for name in columns[: about.labels] if name not in {thing, *by, *_PLAIN_LABELS}]
    title = group_name(known[0], constant, about)
    drawn = _alone(kind, thing, known, title, about) if len(groups) == 1 else _beside(kind, thing, by, known, about)
    over = f"{about.level:.0%} intervals {kind.over}" if kind.over else about.intervals
    shown = f"{kind.shown} Bars: {over}."
    if any(row.get(kind.low) is None for row in known):
        shown = f"{shown[:-1]}; hollow: no interval."
    return Sketch(drawn.body, shown, drawn.spoken, drawn.counted, drawn.remarks)


def _which(thing: str, labels: Sequence[str], rows: Sequence[Row]) -> tuple[str, list[str]]:
    """The column of the things and those of the groups: what is the same in all rows is none of them.

    Of one thing in several groups, the groups are the rows.
    """
    many = {name: len({row[name] for row in rows}) for name in labels}
    by = [name for name in labels if name != thing and many[name] > 1]
    if many.get(thing, 2) == 1 and by:
        return by[-1], by[:-1]
    return thing, by


def group_name(row: Row, by: Sequence[str], about: About) -> str:
    """What a group is called: an outlet by its name."""
    return " · ".join(_value(row, name, about) for name in by)


def _value(row: Row, name: str, about: About) -> str:
    return label(about.names.get(str(row[name]), "") or row[name] or "none") if name in _OUTLETS else label(
        "none" if row[name] in (None, "") else row[name])


def _alone(kind: Kind, thing: str, rows: Sequence[Row], title: str, about: About) -> Sketch:
    colour = _colours([thing], rows, about)
    lines = [line(kind, row, isolated(_value(row, thing, about)), colour.get(str(row.get("outlet")), PLAIN))
             for row in rows[:MOST]]
    spoken = f"Dots, {kind.title}: {listed([f'{one.label} {one.text}' for one in lines], 20)}."
    panel = Panel(isolated(title), lines, scale(kind, rows[:MOST]))
    return Sketch(forest.panels([panel], (kind.head, kind.counts[0])), "", spoken, "", _left_out(len(rows), MOST, "rows"))


def _beside(kind: Kind, thing: str, by: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Columns side by side; those of each language by themselves, with rows of their own."""
    languages = list(dict.fromkeys(row["language"] for row in rows)) if "language" in by else [None]
    parts = [[row for row in rows if language in (None, row.get("language"))] for language in languages]
    across = max(len({group_name(row, by, about) for row in part}) for part in parts)
    drawn = [_columns(kind, thing, by, part, across, about) for part in parts]
    if len(drawn) == 1:
        return drawn[0]
    return Sketch({"vconcat": [one.body for one in drawn], "spacing": 24}, "", " ".join(one.spoken for one in drawn), "",
                  [remark for one in drawn for remark in one.remarks])


def _columns(kind: Kind, thing: str, by: Sequence[str], rows: Sequence[Row], across: int, about: About) -> Sketch:
    things = list(dict.fromkeys(str(row[thing]) for row in rows))
    groups = list(dict.fromkeys(group_name(row, by, about) for row in rows))
    named = {str(row[thing]): isolated(fitting(_value(row, thing, about), TEXT, LABELS)) for row in rows}
    kept = {name: named[name] for name in things[:MOST]}
    colour = _colours(by, rows, about)
    cells: dict[str, dict[str, Line]] = {group: {} for group in groups[:GROUPS]}
    for row in rows:
        group = group_name(row, by, about)
        if str(row[thing]) in kept and group in cells:
            name = kept[str(row[thing])]
            cells[group][name] = line(kind, row, name, colour.get(str(row.get("outlet")), PLAIN))
    among = [row for row in rows if str(row[thing]) in kept]
    found = [grid.Column(isolated(group), lines) for group, lines in cells.items()]
    spoken = [f"{group}: " + listed([f"{one.label} {one.text}" for one in lines.values()], 12)
              for group, lines in cells.items()]
    body = grid.columns(list(kept.values()), found, replace(scale(kind, among), title=kind.head), across)
    remarks = [*_left_out(len(things), MOST, "things"), *_left_out(len(groups), GROUPS, "groups")]
    return Sketch(body, "", f"Dots in columns, {kind.title}. {'. '.join(spoken)}.", "", remarks)


def lists(kind: Kind, group: str, thing: str, columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """A list for each value of ``group``, each with things of its own, the first of each; small panels side by side.

    Where videos are grouped as well, one below the other, and the groups of videos are columns.
    """
    known = [row for row in rows if row.get(kind.value) is not None]
    if not known:
        raise QueryError(f"there is nothing to draw: no row has {kind.value}")
    groups = list(dict.fromkeys(str(row[group]) for row in known))
    by = [name for name in columns[columns.index(thing) + 1 : about.labels] if len({row[name] for row in known}) > 1]
    most = LISTS // 2 if by else LISTS
    kept = {name: _first([row for row in known if str(row[group]) == name], thing) for name in groups[:most]}
    drawn = _blocks(kind, thing, by, kept, about) if by else _tiles(kind, thing, kept, about)
    remarks = [f"Drawn: the first {LISTED} of each {group}.", *_left_out(len(groups), most, f"{group}s"), *drawn.remarks]
    shown = f"{kind.shown} Bars: {about.intervals}; hollow: no interval."
    return Sketch(drawn.body, shown, drawn.spoken, "", remarks)


def _first(rows: Sequence[Row], thing: str) -> list[Row]:
    """The rows of the first things."""
    things = list(dict.fromkeys(row[thing] for row in rows))[:LISTED]
    return [row for row in rows if row[thing] in things]


def _tiles(kind: Kind, thing: str, lists: Mapping[str, Sequence[Row]], about: About) -> Sketch:
    common = scale(kind, [row for some in lists.values() for row in some])
    bare = replace(kind, counts=("", lambda _: ""))
    panels = [Panel(isolated(label(name)), [line(bare, row, isolated(_value(row, thing, about)), PLAIN) for row in some],
                    replace(common, title=kind.head)) for name, some in lists.items()]
    spoken = ". ".join(f"{panel.title}: " + listed([f"{one.label} {one.text}" for one in panel.lines], LISTED)
                       for panel in panels)
    return Sketch(forest.tiles(panels, kind.head), "", f"Dots, {kind.title}. {spoken}.")


def _blocks(kind: Kind, thing: str, by: Sequence[str], lists: Mapping[str, Sequence[Row]], about: About) -> Sketch:
    """A block of columns for each list, on one scale, their columns in line."""
    every = [row for some in lists.values() for row in some]
    groups = list(dict.fromkeys(group_name(row, by, about) for row in every))[:GROUPS]
    colour, common = _colours(by, every, about), replace(scale(kind, every), title=kind.head)
    blocks, spoken = {}, []
    for name, some in lists.items():
        cells: dict[str, dict[str, Line]] = {group: {} for group in groups}
        for row in some:
            if (group := group_name(row, by, about)) in cells:
                word = isolated(fitting(_value(row, thing, about), TEXT, LABELS))
                cells[group][word] = line(kind, row, word, colour.get(str(row.get("outlet")), PLAIN))
        blocks[isolated(label(name))] = [grid.Column(isolated(group), lines) for group, lines in cells.items()]
        spoken += [f"{name}, {group}: {listed([f'{one.label} {one.text}' for one in lines.values()], LISTED)}"
                   for group, lines in cells.items() if lines]
    return Sketch(grid.blocks(blocks, common), "", f"Dots in columns, {kind.title}. {'. '.join(spoken)}.")


def _colours(by: Sequence[str], rows: Sequence[Row], about: About) -> Mapping[str, str]:
    keys = list(dict.fromkeys(str(row["outlet"]) for row in rows)) if "outlet" in by else []
    return chosen(keys, about.colours)


def _left_out(many: int, most: int, what: str) -> list[str]:
    return [f"Drawn: the first {most} of {many:,} {what}."] if many > most else []


def line(kind: Kind, row: Row, name: str, colour: str) -> Line:
    """A row as a line of a list."""
    value, low, high = (row.get(column) for column in (kind.value, kind.low, kind.high))
    form, dash = kind.form or (",.0f" if value and value >= 100 else ",.1f"), " to " if kind.form.startswith("+") else "–"
    bounds = "" if low is None or high is None else f" ({low:{form}}{dash}{high:{form}})"
    text = "" if value is None else f"{value:{form}}{bounds}".replace("-", "−")
    return Line(name, value, low, high, text, kind.counts[1](row), colour, hollow=low is None or high is None,
                other=row.get(kind.other) if kind.other else None)


def scale(kind: Kind, rows: Sequence[Row]) -> Scale:
    """From the lowest to the highest value or limit, or to the bounds of the kind."""
    names = (kind.value, kind.low, kind.high, *([kind.other] if kind.other else []))
    values = [value for row in rows for name in names if (value := row.get(name)) is not None]
    low, high = min(values), max(values)
    room = 0.04 * ((high - low) or abs(high) or 1.0)
    first, last = kind.bounds
    return Scale(kind.title, low - room if first is None else min(first, low),
                 high + room if last is None else max(last, high), format=kind.axis, zero=kind.zero)
