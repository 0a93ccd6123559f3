"""How evenly is it spread?  A number with its interval for each row; or, video by video, a strip for each outlet.

A strip has a faint tick for every video and a dark one for each that has hits, the taller the higher its rate: by date, or
in the order of the videos, where each takes as much room as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crosscut.errors import QueryError
from crosscut.figures import estimates, rates, times
from crosscut.figures.about import About, Row
from crosscut.figures.forest import LABELS
from crosscut.figures.style import PADDING, PLAIN, RULE, TEXT, WIDTH, Sketch
from crosscut.figures.vega import Spec, asis, layered, mark, moment, number, pixel, stacked, text
from crosscut.figures.words import fitting, isolated, listed, width

#: Pixels of a strip, of the room around it, between labels and strips; and so many strips are drawn.
STRIP, ROW, GAP, MOST = 22, 30, 14, 30

_KIND = estimates.Kind(
    "dp_norm", "DPnorm: 0 is spread as the words are, 1 is in few videos", "DPnorm",
    "How unevenly it is spread.", form=".2f", bounds=(0.0, 1.0), other="by_chance",
    counts=("videos with it", lambda row: f"{row['range']:,}" if row.get("range") is not None else ""))


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Dispersion over videos with intervals; a table of videos (column ``video``) as strips."""
    if "video" in columns:
        return strips(columns, rows, about)
    sketch = estimates.draw(_KIND, columns, rows, about, columns[0])
    chance = " Diamond: what chance alone would give." if any(row.get("by_chance") is not None for row in rows) else ""
    return Sketch(sketch.body, sketch.shown + chance, sketch.spoken, sketch.counted, sketch.remarks)


def strips(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """Rows of videos (``published``, ``hits``, ``words``) as a strip for each query and group, by order and by date."""
    if not any(row["hits"] for row in rows):
        raise QueryError("there is nothing to draw: no video has a hit")
    named = [name for name in columns[: columns.index("video")] if len({row[name] for row in rows}) > 1]
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(estimates.group_name(row, named, about) or "all videos", []).append(row)
    colour = rates.colours_of(named, rows, about)
    kept = list(by_name.items())[:MOST]
    drawn = [tick for place, (_, mine) in enumerate(kept)
             for tick in _ticks(mine, place, colour.get(str(mine[0].get("outlet")), PLAIN))]
    labels = [isolated(fitting(name, TEXT, LABELS)) for name, _ in kept]
    dated = [tick for tick in drawn if tick["at"] is not None]
    pictures = [_picture(drawn, labels, "order", None)]
    if dated:
        pictures.append(_picture(dated, labels, "at", times.span([tick["period"] for tick in dated])))
    said = [f"{name}: {sum(bool(row['hits']) for row in mine):,} of {len(mine):,} videos" for name, mine in by_name.items()]
    videos = {str(row["video"]): 0 for row in rows}
    return Sketch(
        stacked(pictures, 46),
        "A tick for each video: faint without hits, dark with hits, the taller the more hits per word.",
        f"Strips of videos. With hits: {listed(said, 20)}.",
        f"n = {len(videos):,} videos, {sum(row['hits'] for row in rows):,} hits",
        [f"Drawn: the first {MOST} of {len(by_name)} strips."] if len(by_name) > MOST else [])


def _ticks(rows: Sequence[Row], place: int, colour: str) -> list[dict[str, Any]]:
    """The videos of an outlet by date, as plain data; ``tall``: half the height of a tick, up to half the strip."""
    ordered = sorted(rows, key=lambda row: str(row.get("published") or "~"))
    most = max((row["hits"] / row["words"] for row in ordered if row["words"]), default=0.0) or 1.0
    found = []
    for n, row in enumerate(ordered):
        period = times.stretch(str(row.get("published") or ""))
        rate = row["hits"] / row["words"] / most if row["words"] else 0.0
        tall = STRIP / 2 * (0.3 + 0.7 * rate) if row["hits"] else STRIP / 2 * 0.3
        middle = ROW * (place + 0.5)
        found.append({"order": (n + 0.5) / len(ordered), "at": times.moment(period[0]) if period else None,
                      "period": period, "row": place, "hits": row["hits"], "colour": colour, "top": middle - tall,
                      "bottom": middle + tall})
    return found


def _picture(
    ticks: Sequence[Mapping[str, Any]], labels: Sequence[str], column: str, days: tuple[date, date] | None
) -> Spec:
    left = max(width(name, TEXT) for name in labels) + GAP
    room, height = WIDTH - 2 * PADDING - left, ROW * len(labels)
    x = number("order", title="by order: each video takes the same room, the earliest first",
               axis={"labels": False, "grid": False}, scale={"domain": [0, 1], "nice": False})
    if days:
        marks, form = times.marks(*days, room)
        x = moment("at", title="by date",
                   scale={"type": "utc", "domain": [times.moment(day) for day in days], "nice": False},
                   axis={"values": [times.moment(day) for day in marks], "format": form, "grid": False, "ticks": True})
    y = number("top", axis=None, scale={"domain": [0, height], "range": [0, height], "nice": False, "zero": False})
    first, last = (times.moment(day) for day in days) if days else (0, 1)
    rows = _thinned(ticks, column, 2 * room / (last - first))
    names = [{"top": ROW * (place + 0.5), "label": name} for place, name in enumerate(labels)]
    return layered([
        mark("rule", [row for row in rows if not row["colour"]], {"x": x, "y": y, "y2": {"field": "bottom"}}, color=RULE),
        mark("rule", [row for row in rows if row["colour"]],
             {"x": x, "y": y, "y2": {"field": "bottom"}, "stroke": asis("colour")}, strokeWidth=1.2),
        mark("text", names, {"y": y, "x": pixel(-GAP), "text": text("label")}, align="right"),
    ], room, height)


def _thinned(ticks: Sequence[Mapping[str, Any]], column: str, halves: float) -> list[dict[str, Any]]:
    """Of the ticks within half a pixel of a strip the tallest: ten thousand videos are no more ink than a thousand."""
    kept: dict[tuple[int, int], Mapping[str, Any]] = {}
    for tick in ticks:
        place = tick["row"], round(tick[column] * halves)
        if place not in kept or (tick["hits"] > 0, -tick["top"]) > (kept[place]["hits"] > 0, -kept[place]["top"]):
            kept[place] = tick
    return [{column: tick[column], "top": round(tick["top"], 2), "bottom": round(tick["bottom"], 2),
             "colour": tick["colour"] if tick["hits"] else ""} for tick in kept.values()]
