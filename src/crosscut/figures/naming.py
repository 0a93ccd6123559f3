"""What does each outlet call it: its share of each alternative.

Dots with bars, not stacked bars: a stack hides the intervals, and all but its lowest part hang in the air.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import estimates
from crosscut.figures.about import About, Row
from crosscut.figures.style import Sketch


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Shares of the alternatives, with intervals; a column for each outlet."""
    return estimates.draw(_KIND, columns, rows, about, "alternative" if "alternative" in columns else "")


def _counts(row: Row) -> str:
    return f"{row['hits']:,}" if row.get("hits") is not None else ""


_KIND = estimates.Kind("share", "share of all hits of the set", "share", "Share of each alternative among all of them.",
                       form=".0%", axis=".0%", bounds=(0.0, 1.0), counts=("hits", _counts))
