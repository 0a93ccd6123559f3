"""When did a rate change: each change where it lies, with how early and how late it may have been."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import forest, rates, times
from crosscut.figures.about import About, Row
from crosscut.figures.estimates import MOST, group_name
from crosscut.figures.style import PLAIN, Sketch
from crosscut.figures.words import isolated, label, listed


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """A row for each change (``period``, ``earliest``, ``latest``, ``before``, ``after``), and for each series without."""
    by = [name for name in columns[: about.labels] if name not in ("query", "change")]
    known = [stretch for row in rows for name in ("period", "earliest", "latest")
             if (stretch := times.stretch(str(row.get(name) or "")))]
    colour = rates.colours_of(by, rows, about)
    several = len({row["query"] for row in rows}) > 1
    labels = ["query", *by] if several or not by else by
    lines = [_line(row, labels, colour.get(str(row.get("outlet")), PLAIN), about) for row in rows[:MOST]]
    remarks = [f"Drawn: the first {MOST} of {len(rows):,} rows."] if len(rows) > MOST else []
    spoken = listed([f"{line.label}: {line.text}" for line in lines], 20, "changes")
    if not known:
        return _none(lines, spoken, [*_below(about), *remarks])
    first, last = times.span(known)
    begin, end = times.moment(first), times.moment(last)
    room = (end - begin) / 25
    scale = forest.Scale("first period after the change", begin - room, end + room, days=(first, last))
    shown = (f"Dots: where a rate changed; bars: where the change lies in {about.level:.0%} of the resamples of the videos. "
             "Support: in how many resamples there is one.")
    body = forest.panels([forest.Panel("", lines, scale)], ("per million, before → after", "support"))
    return Sketch(body, shown, f"Changes on a time line. {spoken}.", "", remarks)


def _below(about: About) -> list[str]:
    """How small p had to be, where that is known."""
    alpha, series = about.asked.get("alpha"), about.asked.get("series")
    return [f"A series has a change where p is below {alpha / series:.3g}."] if alpha and series else []


def _none(lines: Sequence[forest.Line], spoken: str, remarks: Sequence[str]) -> Sketch:
    """Where no series has a change: that is a finding as well."""
    body = forest.panels([forest.Panel("", lines, forest.Scale("", 0.0, 1.0))], ("result", ""))
    shown = "No change found. That does not show that the rates stayed the same: there may be too little to see a change."
    return Sketch(body, shown, f"No change found. {spoken}.", "", remarks)


def _line(row: Row, labels: Sequence[str], colour: str, about: About) -> forest.Line:
    name = isolated(group_name(row, labels, about))
    places = [times.stretch(str(row.get(part) or "")) for part in ("period", "earliest", "latest")]
    if not places[0]:
        p = "" if row.get("p") is None else f", p = {row['p']:.2g}"
        return forest.Line(name, None, text=f"{label(row.get('note') or 'no change found', 40)}{p}", colour=colour)
    at, low, high = (None if place is None else times.moment(place[0]) for place in places)
    before, after = (rates.rate(row[part], 0 if row[part] >= 100 else 1) for part in ("before", "after"))
    return forest.Line(name, at, low, high, f"{before} → {after}, {times.written(str(row['period']))}",
                       f"{row['support']:.0%}" if row.get("support") is not None else "", colour, hollow=low is None)
