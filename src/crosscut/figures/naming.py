"""What does each outlet call it: its share of each alternative, by itself, apart from another's, or over time.

Dots with bars, not stacked bars: a stack hides the intervals, and all but its lowest part hang in the air.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosscut.figures import courses, estimates, rates
from crosscut.figures.about import About, Row
from crosscut.figures.series import when
from crosscut.figures.style import PLAIN, Sketch
from crosscut.figures.words import label

ALTERNATIVE = "alternative"
#: A share of fewer hits is drawn hollow.
FEW_HITS = 10


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Shares of the alternatives, with intervals: a column for each group, or a row of courses where time is given."""
    period = when(columns)
    if period:
        return _over_time(columns, rows, period, about)
    sketch = estimates.draw(_SHARE, columns, rows, about, ALTERNATIVE)
    return Sketch(sketch.body, sketch.shown, sketch.spoken, _counted(rows), sketch.remarks)


def differences(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """How far the shares of two groups are apart; a column for each pair."""
    sides = ("group", "other")
    pairs = [{**row, "pair": " less ".join(label(about.names.get(str(row[name]), "") or row[name]) for name in sides)}
             for row in rows]
    by = ["pair", *(name for name in columns[: about.labels] if name not in sides)]
    return estimates.draw(_APART, by, pairs, replace(about, labels=len(by)), ALTERNATIVE)


def _over_time(columns: Sequence[str], rows: Sequence[Row], period: str, about: About) -> Sketch:
    """A row of panels for each group, a panel for each alternative."""
    by = [name for name in columns[: about.labels] if name not in (period, ALTERNATIVE)
          and len({row[name] for row in rows}) > 1]
    colour = rates.colours_of(by, rows, about)
    found = courses.gathered(rows, period, _COURSE, lambda row: (
        estimates.group_name(row, by, about), label(row[ALTERNATIVE]), colour.get(str(row.get("outlet")), PLAIN)))
    return courses.sketch(found, _COURSE, period, rows, about, _counted(rows))


def _counted(rows: Sequence[Row]) -> str:
    hits = sum(row.get("hits") or 0 for row in rows)
    return f"n = {hits:,} hits"


def _hits(row: Row) -> str:
    return f"{row['hits']:,} of {row['of']:,}" if row.get("of") is not None else f"{row.get('hits') or 0:,}"


_SHARE = estimates.Kind("share", "share of all hits of the set", "share", "Share of each alternative among all of them.",
                        form=".0%", axis=".0%", bounds=(0.0, 1.0), counts=("hits", _hits))
_APART = estimates.Kind("difference", "difference of the shares", "difference",
                        "How far the shares of two groups are apart, in percentage points.", form="+.0%", axis="+.0%",
                        bounds=(None, None), zero=0.0)
_COURSE = courses.Quantity("share", "share of each alternative among all hits of the set", "of", "hits", FEW_HITS, ".0%",
                           1.0)
