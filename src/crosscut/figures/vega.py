"""Vega-Lite in plain dictionaries: marks, channels, and how they are put together.

Written as data rather than through Altair's classes, which check and copy every piece: a figure of four panels took 6 s that
way and takes 0.7 s this way (decision 0016).  A finished figure is an Altair chart for whoever wants to change it.
Texts from outside are values of data or of titles, never formats, fields or expressions; no piece has an expression at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]


def mark(kind: str, rows: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any], **look: Any) -> Spec:
    """One kind of mark, one for each row; a channel that is ``None`` is left out."""
    return {"data": {"values": list(rows)}, "mark": {"type": kind, **look},
            "encoding": {name: channel for name, channel in encoding.items() if channel is not None}}


def number(name: str, **more: Any) -> Spec:
    """A channel of numbers."""
    return {"field": name, "type": "quantitative", **more}


def moment(name: str, **more: Any) -> Spec:
    """A channel of moments, in milliseconds UTC."""
    return {"field": name, "type": "temporal", **more}


def asis(name: str) -> Spec:
    """A channel whose values are colours, shapes or sizes themselves."""
    return {"field": name, "type": "nominal", "scale": None, "legend": None}


def text(name: str) -> Spec:
    """A channel of texts."""
    return {"field": name, "type": "nominal"}


def pixel(place: float) -> Spec:
    """A place in pixels, from the left or the top."""
    return {"value": place}


def layered(layers: Sequence[Spec | None], width: float, height: float) -> Spec:
    """Marks over each other, the first below; without those of no row."""
    some = [layer for layer in layers if layer and layer["data"]["values"]]
    return {"layer": some, "width": round(width), "height": round(height)}


def stacked(charts: Sequence[Spec], spacing: float) -> Spec:
    """Charts one below the other, their scales in line."""
    return {"vconcat": list(charts), "bounds": "flush", "spacing": spacing}


def tiled(charts: Sequence[Spec], across: int, row: float, column: float) -> Spec:
    """Charts in rows of so many."""
    return {"concat": list(charts), "columns": across, "bounds": "flush", "spacing": {"row": row, "column": column}}


def note(words: str, x: float, y: float, **look: Any) -> Spec | None:
    """A text at a place in pixels; none for no text."""
    if not words:
        return None
    return mark("text", [{"text": words}], {"text": text("text"), "x": pixel(x), "y": pixel(y)},
                **{"align": "left", "baseline": "bottom", **look})
