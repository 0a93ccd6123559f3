"""Which words stand near it: each by how closely it goes with the word, side by side by outlet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosscut.figures import estimates
from crosscut.figures.about import About, Row
from crosscut.figures.style import Sketch


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """logDice of each collocate, with intervals; a column for each group, or a list for each relation of a word sketch."""
    kind = replace(_KIND, low="log_dice_low", high="log_dice_high") if "log_dice_low" in columns else _KIND
    thing = next((name for name in columns[: about.labels] if name in _THINGS), "")
    if "relation" in columns:
        return estimates.lists(kind, "relation", thing or columns[about.labels - 1], columns, rows, about)
    return estimates.draw(kind, columns, rows, about, thing)


def _counts(row: Row) -> str:
    return f"{row['together']:,} · {row['alone']:,}" if "together" in row and "alone" in row else ""


#: Columns of collocates, by the layer that they are values of.
_THINGS = frozenset({"collocate", "lemma", "norm", "word", "pos", "tag", "entity"})
_KIND = estimates.Kind("log_dice", "logDice: 14 is always together, one less is half as often", "logDice",
                       "How closely words go with the node, where 14 is always together.", bounds=(None, None), form=".2f",
                       counts=("near · in all", _counts))
