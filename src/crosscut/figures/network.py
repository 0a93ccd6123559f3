"""A network of words that go together, drawn from places that were worked out elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from crosscut.errors import QueryError
from crosscut.figures.about import Row
from crosscut.figures.places import Dot, placed
from crosscut.figures.style import INK, PADDING, PAPER, PLAIN, SMALL, SOFT, WIDTH, Sketch
from crosscut.figures.vega import Spec, asis, layered, mark, number, text
from crosscut.figures.words import label, listed

#: Pixels; areas of the smallest and the largest node, widths of the weakest and the strongest edge.
HEIGHT, MARGIN = 520, 40
SMALLEST, LARGEST = 30.0, 700.0
THIN, THICK = 0.4, 4.5
#: More names than this are not written.
NAMED = 120


def draw(nodes: Sequence[Row], edges: Sequence[Row]) -> Sketch:
    """Nodes (``name``, ``x``, ``y``, ``size``, and ``colour`` or none) and edges (``source``, ``target``, ``weight``).

    Places in any unit: what is drawn fills the picture, both directions by the same measure.  An edge to a node that is not
    there is refused (``QueryError``).
    """
    if not nodes:
        raise QueryError("there is nothing to draw: the network has no words")
    dots = _dots(nodes)
    by_name = {str(node["name"]): dot for node, dot in zip(nodes, dots, strict=True)}
    unknown = [edge for edge in edges if str(edge["source"]) not in by_name or str(edge["target"]) not in by_name]
    if unknown:
        raise QueryError(f"an edge of the network leads to no word: {unknown[0]['source']} – {unknown[0]['target']}")
    lines = _lines(edges, by_name)
    strongest = sorted(edges, key=lambda edge: -edge["weight"])
    said = listed([f"{label(edge['source'])} and {label(edge['target'])}" for edge in strongest], 20, "pairs")
    return Sketch(
        _picture(nodes, dots, lines),
        "The thicker a line, the closer two words go together; the larger a word, the more often it is said.",
        f"Network of {len(nodes):,} words and {len(edges):,} pairs, the closest first: {said}.",
        f"{len(nodes):,} words, {len(edges):,} pairs")


def _dots(nodes: Sequence[Row]) -> list[Dot]:
    """Nodes in pixels."""
    room = WIDTH - 2 * PADDING
    xs, ys = [float(node["x"]) for node in nodes], [float(node["y"]) for node in nodes]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((room - 2 * MARGIN) / (wide or 1.0), (HEIGHT - 2 * MARGIN) / (high or 1.0))
    across, down = (room - scale * wide) / 2, (HEIGHT - scale * high) / 2
    most = max(float(node["size"]) for node in nodes) or 1.0
    return [Dot(across + scale * (x - min(xs)), down + scale * (max(ys) - y),
                math.sqrt((SMALLEST + (LARGEST - SMALLEST) * float(node["size"]) / most) / math.pi), label(node["name"], 24))
            for node, x, y in zip(nodes, xs, ys, strict=True)]


def _lines(edges: Sequence[Row], dots: dict[str, Dot]) -> list[dict[str, Any]]:
    weights = [float(edge["weight"]) for edge in edges]
    least, span = min(weights, default=0.0), (max(weights, default=1.0) - min(weights, default=0.0)) or 1.0
    found = []
    for edge, weight in zip(edges, weights, strict=True):
        one, other = dots[str(edge["source"])], dots[str(edge["target"])]
        found.append({"x": one.x, "y": one.y, "x2": other.x, "y2": other.y,
                      "width": THIN + (THICK - THIN) * ((weight - least) / span) ** 2})  # weak ones leave the strong alone
    return sorted(found, key=lambda line: line["width"])


def _picture(nodes: Sequence[Row], dots: Sequence[Dot], lines: Sequence[dict[str, Any]]) -> Spec:
    room = WIDTH - 2 * PADDING
    x = number("x", axis=None, scale={"domain": [0, room], "nice": False})
    y = number("y", axis=None, scale={"domain": [HEIGHT, 0], "nice": False})
    order = sorted(range(len(dots)), key=lambda n: -dots[n].radius)
    named = placed([dots[n] for n in order], SMALL, (room, HEIGHT), NAMED)
    names = [{"x": place.x, "y": place.y, "text": dots[order[place.dot]].label, "align": place.align} for place in named]
    points = [{"x": dot.x, "y": dot.y, "area": math.pi * dot.radius**2, "colour": node.get("colour") or PLAIN}
              for node, dot in zip(nodes, dots, strict=True)]
    return layered([
        mark("rule", lines, {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}, "strokeWidth": asis("width")},
             color=SOFT, opacity=0.4),
        mark("point", points, {"x": x, "y": y, "size": asis("area"), "fill": asis("colour")}, stroke=PAPER, strokeWidth=1.2,
             opacity=1),
        *(mark("text", [name for name in names if name["align"] == align], {"x": x, "y": y, "text": text("text")},
               align=align, fontSize=SMALL, **look)
          for look in ({"color": PAPER, "stroke": PAPER, "strokeWidth": 3, "opacity": 0.8}, {"color": INK})  # rim, letters
          for align in ("left", "right", "center")),
    ], room, HEIGHT)
