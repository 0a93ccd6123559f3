"""Which strings of words are frequent: rates, with how many videos have them."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import estimates
from crosscut.figures.about import About, Row
from crosscut.figures.style import Sketch


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Rates per million words, with intervals; a column for each group."""
    return estimates.draw(_KIND, columns, rows, about)


def _counts(row: Row) -> str:
    hits = row.get("hits", row.get("tokens"))
    videos = row.get("range", row.get("videos"))
    return " · ".join(f"{number:,}" for number in (hits, videos) if number is not None)


_KIND = estimates.Kind("per_million", "per million words", "per million", "How often, per million words.",
                       counts=("hits · videos", _counts))
