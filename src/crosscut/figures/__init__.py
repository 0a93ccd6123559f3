"""Findings as pictures: ``draw`` takes a table and what stands around it, and gives a ``Figure``.

Plain data in, a picture out: nothing here knows a corpus.  The libraries that draw are imported when the first picture is
drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.errors import QueryError
from crosscut.figures.about import About as About
from crosscut.figures.times import FIELDS

if TYPE_CHECKING:
    from crosscut.figures.figure import Figure

ENDINGS = (".svg", ".png", ".pdf", ".json")
#: Measure -> the module that draws it, and the function where it is not ``draw``.
KINDS = {
    "freq": ("rates", "draw"), "trend": ("series", "draw"), "changes": ("changes", "draw"), "leads": ("leads", "draw"),
    "contrast": ("contrast", "draw"), "keyness": ("keyness", "draw"), "collocates": ("collocates", "draw"),
    "ngrams": ("ngrams", "draw"), "dispersion": ("dispersion", "draw"), "dispersion_strips": ("dispersion", "draw"),
    "naming": ("naming", "draw"), "naming_differences": ("naming", "differences"), "stories_by": ("timeline", "draw"),
    "compare": ("compare", "draw"), "compare_stories": ("compare", "stories"), "compare_keyness": ("compare", "keyness"),
    "compare_naming": ("compare", "naming"), "absence": ("absence", "draw"), "unsaid": ("absence", "draw"),
}


def draw(measure: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], about: About) -> Figure:
    """The picture of a finding; rates by day, week, month or year are a series.

    Raises ``QueryError`` for a measure that has no picture, and for a table with nothing to draw.
    """
    if measure not in KINDS:
        raise QueryError(f"there is no figure for {measure}: figures are drawn for {', '.join(sorted(KINDS))}")
    if not rows:
        raise QueryError("there is nothing to draw: the table has no rows")
    from crosscut.figures.figure import Figure

    table = [dict(zip(columns, row, strict=True)) for row in rows]
    module, name = ("series", "draw") if measure == "freq" and FIELDS & set(columns) else KINDS[measure]
    return Figure(getattr(import_module(f"crosscut.figures.{module}"), name)(tuple(columns), table, about), about)


def check_ending(path: Path) -> str:
    """What kind of file a name asks for; raises ``QueryError`` where no figure can be that."""
    if path.suffix.lower() not in ENDINGS:
        raise QueryError(f"no figure can be written to {path.name}: its name must end in {', '.join(ENDINGS)}")
    return path.suffix.lower()


def draw_network(nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]], about: About) -> Figure:
    """The picture of a network: see ``figures.network.draw``."""
    from crosscut.figures.figure import Figure
    from crosscut.figures.network import draw as sketch

    return Figure(sketch(nodes, edges), about)
