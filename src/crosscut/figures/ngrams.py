"""Which strings of words are frequent, or what fills the slot of a frame: rates or shares, and in how many videos."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import estimates
from crosscut.figures.about import About, Row
from crosscut.figures.style import Sketch


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Rates per million, or shares of a frame's hits, with intervals; a column for each group."""
    if "share" in columns and "per_million" not in columns:
        rest = [row for row in rows if row["share"] != 1.0] or rows  # all fillers together are no filler
        return estimates.draw(_SHARE, columns, rest, about, columns[0])
    return estimates.draw(_RATE, columns, rows, about, columns[0])


def _counts(row: Row) -> str:
    return " · ".join(f"{row[name]:,}" for name in ("count", "range") if row.get(name) is not None)


_RATE = estimates.Kind("per_million", "per million", "per million", "How often, per million strings of as many words.",
                       counts=("times · videos", _counts))
_SHARE = estimates.Kind("share", "share of the frame's hits", "share", "Share of each filler among all hits of the frame.",
                        form=".1%", axis=".0%", counts=("times · videos", _counts))
