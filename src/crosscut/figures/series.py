"""How often, over time: a course for each query and group."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import courses, rates
from crosscut.figures.about import About, Row
from crosscut.figures.style import PLAIN, Sketch
from crosscut.figures.times import FIELDS
from crosscut.figures.words import label

#: A rate that rests on fewer words is drawn hollow, and does not stretch the scale.
FEW_WORDS = 2_000
_RATE = courses.Quantity("per_million", "hits per million words", "words", "words", FEW_WORDS)


def when(columns: Sequence[str]) -> str:
    """The column that says when, or nothing."""
    return next((name for name in columns if name in FIELDS), "")


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Rates by period, with bands of intervals, in a panel for each query and group."""
    period = when(columns)
    by = [name for name in rates.grouping(columns) if name != period]
    colour = rates.colours_of(by, rows, about)
    found = courses.gathered(rows, period, _RATE, lambda row: (
        label(row["query"]), rates.name(row, by, about) if by else "", colour.get(str(row.get("outlet")), PLAIN)))
    counted = "" if about.asked.get("cumulative") else rates.counted(rows)
    return courses.sketch(found, _RATE, period, rows, about, counted)
