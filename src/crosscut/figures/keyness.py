"""What is said more often on one side: each word by how many times as often, and in how many videos.

Two sides are a cloud: to the right what the target says more often, to the left what the reference does, higher what
more videos say.  More groups, each against the rest, are a list each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crosscut.errors import QueryError
from crosscut.figures import contrast, forest
from crosscut.figures.about import About, Row
from crosscut.figures.colours import chosen
from crosscut.figures.places import Dot, placed
from crosscut.figures.style import INK, PADDING, PAPER, PLAIN, RULE, SMALL, SOFT, WIDTH, Sketch
from crosscut.figures.vega import Spec, asis, layered, mark, note, number, pixel, text
from crosscut.figures.words import isolated, label, listed

#: Pixels of the cloud, and left of it; words that are drawn, and named at most.
HEIGHT, LEFT, MOST, NAMED = 400, 46, 600, 70
#: Areas of dots, in square pixels: the rarest and the most frequent word.
SMALLEST, LARGEST = 14.0, 260.0
#: Of the target and of the reference.
SIDES = (PLAIN, "#D55E00")
#: Rows of a group where there are several.
LISTED = 12


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Log ratios with bounds; ``about.labels`` above 1: the first column says which group is compared with the rest."""
    known = [row for row in rows if row.get("log_ratio") is not None]
    if not known:
        raise QueryError("there is nothing to draw: no word has a log ratio")
    sketch = _lists(columns, known, about) if about.labels > 1 else _cloud(columns, known, about)
    without = len(rows) - len(known)
    said = [f"Words that are not drawn, having no ratio (one side never says them): {without:,}."] if without else []
    return replace(sketch, remarks=[*said, *sketch.remarks])


def _cloud(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    kept = rows[:MOST]
    points = _points(columns[0], kept)
    target, reference = (label(side, 40) for side in about.sides)
    shown = (f"To the right what {isolated(target)} says more often, to the left {isolated(reference)}. Lines go to the "
             f"nearer end of their {about.intervals}; hollow: no interval, or one that holds “as often”. "
             "The larger, the more often on both sides.")
    remarks = [f"Drawn: the first {MOST} of {len(rows):,} rows."] if len(rows) > MOST else []
    picture, named = _picture(points, (target, reference))
    if nameless := len(points) - named:
        remarks.append(f"Names that would cover others are left out: {nameless:,} of {len(points):,} words.")
    said = "; ".join(f"more often in {side}: {_some(points, sign)}" for side, sign in ((target, 1), (reference, -1)))
    return Sketch(picture, shown, f"Words by ratio of rates and number of videos, {said}.",
                  _counted(rows, about), remarks)


def _counted(rows: Sequence[Row], about: About) -> str:
    compared = about.asked.get("compared")
    return f"n = {len(rows):,} words" + (f" of {compared:,} that were compared" if compared else "")


def _some(points: Sequence[dict[str, Any]], sign: int) -> str:
    words = [f"{point['word']} {contrast.times(2 ** abs(point['ratio']))} times" for point in points
             if point["ratio"] * sign > 0]
    return listed(words, 12, "words") or "none"


def _points(name: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Words as plain data: log ratio, its nearer bound, videos of the side that says it more often, area, ink."""
    often = [row["target"] + row["reference"] for row in rows]
    found = []
    for row, count in zip(rows, often, strict=True):
        ratio, low, high = row["log_ratio"], row.get("low"), row.get("high")
        bound = None if low is None or high is None else low if ratio > 0 else high
        sure = bound is not None and bound * ratio > 0
        colour = SIDES[ratio < 0] if sure else SOFT
        videos = row["target_videos" if ratio >= 0 else "reference_videos"]
        found.append({"word": label(row[name], 24), "ratio": ratio, "bound": bound, "videos": max(videos, 1), "sure": sure,
                      "colour": colour, "fill": colour if sure else PAPER,
                      "area": SMALLEST + (LARGEST - SMALLEST) * count / max(often)})
    return found


def _picture(points: Sequence[dict[str, Any]], sides: tuple[str, str]) -> tuple[Spec, int]:
    """The cloud, and how many of its words are named."""
    width = WIDTH - 2 * PADDING - LEFT
    reach = 1.08 * max(1.0, *(abs(point["ratio"]) for point in points))
    counts = [point["videos"] for point in points]
    low, high = math.log(min(counts) * 0.8), math.log(max(max(counts) * 1.3, min(counts) * 2))
    steps = width / (2 * reach)
    dots = [Dot(steps * (point["ratio"] + reach), HEIGHT * (high - math.log(point["videos"])) / (high - low),
                math.sqrt(point["area"] / math.pi), point["word"],
                steps * (point["bound"] + reach) if point["sure"] else None)
            for point in points]
    names = [{"ratio": place.x / steps - reach, "videos": math.exp(high - place.y / HEIGHT * (high - low)),
              "text": dots[place.dot].label, "align": place.align}
             for place in placed(dots, SMALL, (width, HEIGHT), NAMED)]
    x = number("ratio", title=None, axis=None, scale={"domain": [-reach, reach], "nice": False})
    y = number("videos", title="videos that have it, on the side that says it more often",
               scale={"domain": [math.exp(low), math.exp(high)], "type": "log", "nice": False},
               axis={"values": _round(math.exp(low), math.exp(high)), "format": ",d"})
    return layered([
        *_ratios(reach, x),
        mark("rule", [point for point in points if point["sure"]],
             {"x": x, "x2": {"field": "bound"}, "y": y, "stroke": asis("colour")}, opacity=0.4),
        mark("point", points, {"x": x, "y": y, "size": asis("area"), "stroke": asis("colour"), "fill": asis("fill")},
             opacity=0.8, strokeWidth=1.2),
        *(mark("text", [name for name in names if name["align"] == align], {"x": x, "y": y, "text": text("text")},
               align=align, fontSize=SMALL)
          for align in ("left", "right", "center")),
        note(f"← {sides[1]}", 0, -6, fontWeight="bold"),
        note(f"{sides[0]} →", width, -6, fontWeight="bold", align="right"),
        note("times as often as the other side", width / 2, HEIGHT + 38, color=SOFT, fontSize=SMALL, align="center"),
    ], width, HEIGHT), len(names)


def _ratios(reach: float, x: Spec) -> list[Spec]:
    """The scale along the bottom: as many times as often, to either side."""
    rows = [{"ratio": math.log2(value), "text": f"{max(value, 1 / value):,.0f}×" if value != 1 else "as often"}
            for value in forest.doublings(2**-reach, 2**reach)]
    return [mark("rule", [row for row in rows if row["ratio"]], {"x": x}, color=RULE),
            mark("rule", [row for row in rows if not row["ratio"]], {"x": x}, color=INK),
            mark("text", rows, {"x": x, "y": pixel(HEIGHT + 14), "text": text("text")}, color=SOFT, fontSize=SMALL)]


def _round(low: float, high: float) -> list[int]:
    """1, 2, 5, 10, 20, … within a scale."""
    return [step * 10**power for power in range(8) for step in (1, 2, 5) if low <= step * 10**power <= high]


def _lists(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """The first words of each group, most telling first, with their intervals."""
    group, name = columns[0], columns[1]
    groups = list(dict.fromkeys(str(row[group]) for row in rows))
    colour = chosen(groups, about.colours) if group == "outlet" else {}
    kept = {key: [row for row in rows if str(row[group]) == key and row["log_ratio"] > 0][:LISTED] for key in groups}
    every = [row for some in kept.values() for row in some]
    along = contrast.scale([row.get(part) for row in every for part in ("log_ratio", "low", "high")])
    found = [forest.Panel(isolated(label(about.names.get(key, "") or key)),
                          [contrast.line(isolated(label(row[name], 32)), row, f"{row['target']:,} · {row['reference']:,}",
                                         colour.get(key, PLAIN)) for row in some], along)
             for key, some in kept.items() if some]
    shown = (f"What each says more often than all others, the first {LISTED}. Bars: {about.intervals}; line: as often; "
             "hollow: no interval.")
    spoken = ". ".join(f"{panel.title}: " + listed([f"{line.label} {line.text}" for line in panel.lines], LISTED)
                       for panel in found)
    return Sketch(forest.panels(found, ("times as often", "it · the others")), shown, f"Words by ratio of rates. {spoken}.")
