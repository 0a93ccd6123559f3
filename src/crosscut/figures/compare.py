"""Do outlets differ where they tell the same story: a forest of stories, and the whole of both beside what is matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosscut.errors import QueryError
from crosscut.figures import contrast, estimates, forest, rates
from crosscut.figures.about import About, Row
from crosscut.figures.style import PLAIN, SOFT, Sketch
from crosscut.figures.words import label, listed

#: Rows of a table of stories that are none: see ``workbench.compare``.
TOGETHER, WHOLE = "all matched stories", "whole"
_SCALE = "times as often (equal steps multiply)"


def draw(_columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Each pair: the ratio within matched stories with its interval, and as a diamond that of all words."""
    known = [row for row in rows if row.get("matched") is not None]
    if not known:
        raise QueryError("there is nothing to draw: no pair has hits on both sides in stories that both tell")
    kept = known[: rates.MOST]
    queries = list(dict.fromkeys(str(row["query"]) for row in kept))
    along = contrast.scale([row.get(name) for row in kept for name in ("matched", "low", "high", "whole")], _SCALE)
    found = [forest.Panel(label(query) if len(queries) > 1 else "",
                          [_pair(row, about) for row in kept if str(row["query"]) == query], along) for query in queries]
    shown = (f"Rate of the first over that of the second, story by story and combined. Bars: {about.level:.0%} intervals "
             f"over stories; diamonds: the same of all their words; line: no difference.")
    if any(line.hollow for panel in found for line in panel.lines):
        shown += " Hollow: no interval."
    silent = len(rows) - len(known)
    remarks = [f"{silent:,} comparisons without hits on both sides are not drawn."] if silent else []
    return Sketch(forest.panels(found, ("times as often", "stories")), shown, _spoken(found, about), "", remarks)


def _pair(row: Row, about: About) -> forest.Line:
    name, whole = " over ".join(contrast.names(row, about)), row.get("whole")
    line = contrast.line(name, {**row, "log_ratio": row["matched"]}, f"{row['stories']:,}")
    return replace(line, other=None if whole is None else 2.0**whole)


def stories(_columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Story by story, and below them all matched stories together and the whole of both sides."""
    known = [row for row in rows if row.get("log_ratio") is not None]
    if not known:
        raise QueryError("there is nothing to draw: no story has hits on both sides")
    pairs = list(dict.fromkeys((row["query"], row["first"], row["second"]) for row in known))[:6]
    along = contrast.scale([row.get(name) for row in known for name in ("log_ratio", "low", "high")], _SCALE)
    found = []
    for pair in pairs:
        mine = [row for row in known if (row["query"], row["first"], row["second"]) == pair]
        ends = [row for row in mine if row["story"] in (TOGETHER, WHOLE)]
        each = [row for row in mine if row["story"] not in (TOGETHER, WHOLE)][: estimates.MOST]
        title = f"{label(pair[0])}: {' over '.join(contrast.names(mine[0], about))}"
        found.append(forest.Panel(title, [_story(row) for row in (*each, *ends)], along))
    many = sum(row["story"] not in (TOGETHER, WHOLE) for row in rows)
    drawn = sum(line.shape == "circle" for panel in found for line in panel.lines)
    remarks = [f"Drawn: {drawn:,} of {many:,} stories; the others have no hits on both sides."] if drawn < many else []
    shown = (f"Rate of the first over that of the second in each story, those that weigh most first. Squares: all of them "
             f"together, with a {about.level:.0%} interval over stories, and all words of both; line: no difference.")
    body = forest.panels(found, ("times as often", "hits, first · second"))
    return Sketch(body, shown, _spoken(found, about), "", remarks)


def _story(row: Row) -> forest.Line:
    end = row["story"] in (TOGETHER, WHOLE)
    name = label(row["name"] or row["story"], 40)
    line = contrast.line(name, row, f"{row['hits']:,} · {row['other_hits']:,}", PLAIN if end else SOFT)
    return replace(line, shape="square" if end else "circle", hollow=line.hollow and end)


def _spoken(found: Sequence[forest.Panel], about: About) -> str:
    parts = [(f"{panel.title}: " if panel.title else "")
             + listed([f"{line.label} {line.text} times as often" for line in panel.lines], 20, "rows") for panel in found]
    return f"Ratios of rates within stories with {about.level:.0%} intervals. " + ". ".join(parts) + "."


def keyness(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Log ratios within matched stories, and as diamonds those of all words."""
    return estimates.draw(_WORDS, *_paired(columns, rows, about))


def naming(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """How far shares are apart within matched stories, and as diamonds how far those of all hits are."""
    return estimates.draw(_NAMES, *_paired(columns, rows, about), "alternative")


def _paired(columns: Sequence[str], rows: Sequence[Row], about: About) -> tuple[list[str], list[Row], About]:
    """Both sides of a pair in one column."""
    both: list[Row] = [{**row, "pair": " · ".join(contrast.names(row, about))} for row in rows]
    by = ["pair", *(name for name in columns[: about.labels] if name not in ("first", "second"))]
    return by, both, replace(about, labels=len(by))


_WORDS = estimates.Kind(
    "matched", "log ratio within matched stories", "log ratio", "Log2 of the rate of the first over that of the second, "
    "within stories that both tell; diamonds: of all their words.", form="+.2f", axis="+", bounds=(None, None), zero=0.0,
    other="whole", over="over stories", counts=("hits", lambda row: f"{row['hits']:,} · {row['other_hits']:,}"))
_NAMES = estimates.Kind(
    "difference", "difference of the shares within matched stories", "difference", "How far the shares of two outlets are "
    "apart within stories that both tell, in percentage points; diamonds: in all that they say.", form="+.0%", axis="+.0%",
    bounds=(None, None), zero=0.0, other="whole_difference", over="over stories")
