"""One look for all figures: sizes in pixels (96 to an inch), inks, letters, and what stands above and below a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.figures.about import About
from crosscut.figures.times import written
from crosscut.figures.vega import Spec
from crosscut.figures.words import lines, plain, width

#: 7.5 inches: a page of A4 or Letter between its margins.
WIDTH = 720
PADDING = 14
#: The first comes with the converter and is as wide as Arial and Helvetica: letters measured here fit there.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, SOFT, RULE, PAPER = "#222222", "#595959", "#dedede", "#ffffff"
#: What is drawn where colour says nothing: the blue of Okabe & Ito.
PLAIN = "#0072B2"
TITLE, TEXT, SMALL = 16, 12, 11
#: Bold letters are wider by this factor.
BOLD = 1.07
#: So many notes stand below a picture, in two lines at most.
NOTES = 3
_ROOM = WIDTH - 2 * PADDING
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
CONFIG: Spec = {
    "font": FONT, "aria": False, "view": {"stroke": None}, "text": {"fontSize": TEXT, "color": INK},
    "axis": {"labelColor": SOFT, "titleColor": SOFT, "labelFontSize": SMALL, "titleFontSize": SMALL,
             "titleFontWeight": "normal", "gridColor": RULE, "domain": False, "ticks": False, "tickColor": SOFT,
             "domainColor": SOFT, "labelPadding": 5, "titlePadding": 7, "labelFlush": False},
}


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture without its frame: ``shown`` says what is drawn, ``spoken`` the same for who cannot see it."""

    body: Spec
    shown: str
    spoken: str
    counted: str = ""                 # videos and hits, for the line of the source
    remarks: Sequence[str] = ()       # below the picture: keys of events, what was left out


def framed(sketch: Sketch, about: About) -> Spec:
    """The picture between its question and its source, as Vega-Lite."""
    above = {
        "text": lines(about.question, TITLE * BOLD, _ROOM, 4), "fontSize": TITLE, "fontWeight": "bold", "color": INK,
        "lineHeight": 20,
        "subtitle": lines(sketch.shown, TEXT, _ROOM, 6), "subtitleFontSize": TEXT, "subtitleColor": SOFT,
        "subtitleLineHeight": 16, "subtitlePadding": 6, "anchor": "start", "frame": "bounds", "offset": 14}
    below = {"text": footer(sketch, about), "orient": "bottom", "anchor": "start", "frame": "bounds", "fontSize": SMALL,
             "fontWeight": "normal", "color": SOFT, "lineHeight": 15, "offset": 12}
    inner = {"vconcat": [sketch.body], "title": above}
    return {"$schema": SCHEMA, "description": f"{plain(about.question)} {plain(sketch.spoken)}", "background": PAPER,
            "padding": PADDING, "vconcat": [inner], "title": below, "config": CONFIG}


def bare(sketch: Sketch) -> Spec:
    """The picture alone, for a page that says the rest itself."""
    return {"$schema": SCHEMA, "background": PAPER, "padding": 2, "vconcat": [sketch.body], "config": CONFIG}


def _named(note: str, about: About) -> str:
    """A note with the names of outlets for their keys."""
    words = plain(note).split(" ")
    return " ".join(about.names.get(key := word.rstrip(",;:"), key) + word[len(key) :] for word in words)


def footer(sketch: Sketch, about: About) -> list[str]:
    """The lines below a picture: remarks, source with counts, method, date."""
    source = f"Source: {plain(about.source).rstrip('.')}." if about.source else ""
    counted = f"{sketch.counted}." if sketch.counted else ""
    together = f"{source} {counted}".strip()
    sources = [together] if width(together, SMALL) <= _ROOM else [source, counted]
    method = plain(about.method).rstrip(".")
    notes = [line for note in about.notes[:NOTES] for line in lines(f"Note: {_named(note, about)}", SMALL, _ROOM, 2)]
    if len(about.notes) > NOTES:
        more = len(about.notes) - NOTES
        notes.append(f"The table has {more} more note{'s' if more > 1 else ''}.")
    parts = [*sketch.remarks, *notes, *sources, f"Method: {method}." if method else "",
             f"Made with Crosscut{', ' + written(plain(about.date)) if about.date else ''}."]
    return [line for part in parts if part for line in lines(part, SMALL, _ROOM)]
