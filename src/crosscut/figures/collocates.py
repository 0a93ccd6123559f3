"""Which words stand near it: each by how closely it goes with the word, side by side by outlet."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import estimates
from crosscut.figures.about import About, Row
from crosscut.figures.style import Sketch


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """logDice of each collocate, with intervals; where groups are compared, a column for each."""
    return estimates.draw(_KIND, columns, rows, about)


def _counts(row: Row) -> str:
    return f"{row['together']:,} · {row['alone']:,}" if "together" in row and "alone" in row else ""


_KIND = estimates.Kind("log_dice", "logDice: 14 is always together, one less is half as close", "logDice",
                       "How closely words go with the node, where 14 is always together.", bounds=(None, None), form=",.2f",
                       counts=("near · elsewhere", _counts))
