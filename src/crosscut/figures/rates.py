"""How often, by groups: a dot with its interval for each group, a panel for each query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crosscut.figures import forest
from crosscut.figures.about import About, Row
from crosscut.figures.colours import chosen
from crosscut.figures.estimates import group_name
from crosscut.figures.style import PLAIN, Sketch
from crosscut.figures.words import isolated, label, listed

#: Panels whose largest rates differ by more than this factor have scales of their own.
APART = 5.0
#: More rows than this are not drawn; the table has them all.
MOST = 60


def grouping(columns: Sequence[str]) -> list[str]:
    """The columns by which the videos are grouped: those between the query and the hits."""
    return list(columns[1 : columns.index("hits")]) if "hits" in columns else []


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Hits per million words of each group and query, with intervals."""
    by, kept = grouping(columns), rows[:MOST]
    colour = colours_of(by, rows, about)
    queries = list(dict.fromkeys(str(row["query"]) for row in kept))
    tops = {query: max((_top(row) for row in kept if row["query"] == query), default=1.0) for query in queries}
    most = max(tops.values()) or 1.0
    shared = most <= APART * min((top for top in tops.values() if top), default=1.0)
    found = [forest.Panel(
        label(query) if len(queries) > 1 else "",
        [_line(row, by, colour, about) for row in kept if str(row["query"]) == query],
        forest.Scale("hits per million words", 0.0, 1.04 * (most if shared else tops[query] or most)))
        for query in queries]
    hollow = "; hollow: no interval, or no hits" if any(line.hollow for panel in found for line in panel.lines) else ""
    shown = f"Hits per million words. Bars: {about.intervals}{hollow}."
    if any(row.get("without_outliers") is not None for row in kept):
        shown += " Diamond: without outliers, videos that move the rate beyond its interval."
    if len(queries) > 1:
        shown += " All panels have one scale." if shared else " Scales differ from panel to panel."
    remarks = [f"Drawn: the first {MOST} of {len(rows):,} rows."] if len(rows) > MOST else []
    return Sketch(forest.panels(found, ("per million", "hits · videos with hits")), shown,
                  _spoken(found, about), counted(rows), remarks)


def colours_of(by: Sequence[str], rows: Sequence[Row], about: About) -> Mapping[str, str]:
    """The colour of each outlet, where the table is by outlet."""
    keys = list(dict.fromkeys(str(row["outlet"]) for row in rows)) if "outlet" in by else []
    return chosen(keys, about.colours)


def name(row: Row, by: Sequence[str], about: About) -> str:
    """What a group is called."""
    return isolated(group_name(row, by, about)) if by else "all videos"


def _top(row: Row) -> float:
    return row["high"] or row["per_million"] or 0.0


def _line(row: Row, by: Sequence[str], colour: Mapping[str, str], about: About) -> forest.Line:
    counts = f"{row['hits']:,} · {row['videos_with_hits']:,} of {row['videos']:,}" if row["videos"] else ""
    return forest.Line(
        name(row, by, about), row["per_million"], row["low"], row["high"], _text(row), counts,
        colour.get(str(row.get("outlet")), PLAIN), hollow=row["low"] is None or not row["hits"],
        other=row.get("without_outliers"))


def _text(row: Row) -> str:
    """A rate with its interval, no more digits than it deserves; or why there is none."""
    value, low, high = row["per_million"], row["low"], row["high"]
    if value is None:
        return label(row.get("note") or "no words", 24)
    digits = 0 if (value or high or 0) >= 100 else 1
    bounds = "" if low is None or high is None else f" ({rate(low, digits)}–{rate(high, digits)})"
    return rate(value, digits) + bounds


def rate(value: float, digits: int) -> str:
    """A rate as it is printed."""
    return f"{value:,.{digits}f}" if value else "0"


def counted(rows: Sequence[Row]) -> str:
    """How many hits in how many videos; each video is in one group, and in the table once a query."""
    videos: dict[str, int] = {}
    for row in rows:
        videos[str(row["query"])] = videos.get(str(row["query"]), 0) + (row["videos"] or 0)
    hits = sum(row["hits"] or 0 for row in rows)  # None: no answer in that language
    return f"n = {max(videos.values(), default=0):,} videos, {hits:,} hits"


def _spoken(found: Sequence[forest.Panel], about: About) -> str:
    parts = []
    for panel in found:
        said = [f"{line.label} {line.text}" for line in panel.lines]
        parts.append((f"{panel.title}: " if panel.title else "") + listed(said, 20, "groups"))
    return f"Dots with {about.level:.0%} intervals, hits per million words. " + ". ".join(parts) + "."
