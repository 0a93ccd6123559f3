"""A picture, and the files it can be: SVG, PNG, PDF, Vega-Lite JSON, all made here, without a network."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert

from crosscut.figures import check_ending
from crosscut.figures.about import About
from crosscut.figures.png import described
from crosscut.figures.style import INK, PAPER, RULE, SOFT, Sketch, bare, framed
from crosscut.figures.svg import dressed, in_page, in_points
from crosscut.figures.words import plain
from crosscut.store.pack import appearing

if TYPE_CHECKING:
    import altair

#: Pixels of a PNG for each of the picture: 192 an inch.
SHARPNESS = 2.0


class Figure:
    """``spec`` is the picture as Vega-Lite; ``shown`` says what its marks mean, ``description`` what it shows, in words."""

    def __init__(self, sketch: Sketch, about: About) -> None:
        self.spec, self.shown, self._sketch = framed(sketch, about), sketch.shown, sketch
        self.title, self.description = plain(about.question), plain(sketch.spoken)

    @property
    def chart(self) -> altair.VConcatChart:
        """The picture as a chart of Altair, to be changed as one likes."""
        import altair

        return altair.VConcatChart.from_dict(self.spec)

    @cached_property
    def _drawn(self) -> str:
        return vl_convert.vegalite_to_svg(self.spec, allowed_base_urls=[])  # nothing is fetched

    def svg(self) -> str:
        """As SVG: text stays text, nothing in it runs or is fetched."""
        return dressed(self._drawn, self.title, self.description)

    def inline(self) -> str:
        """The picture alone as SVG for a page, in the page's inks (``--paper``, ``--ink``, ``--soft``, ``--rule``)."""
        drawn = vl_convert.vegalite_to_svg(bare(self._sketch), allowed_base_urls=[])
        inks = {PAPER: "var(--paper, #fff)", INK: "var(--ink, #222)", SOFT: "var(--soft, #595959)",
                RULE: "var(--rule, #dedede)"}
        return in_page(dressed(drawn, self.title, self.description), inks)

    def png(self) -> bytes:
        """As PNG, 192 pixels an inch."""
        return described(vl_convert.svg_to_png(self.svg(), scale=SHARPNESS), self.title, self.description)

    def pdf(self) -> bytes:
        """As PDF, with its letters, 7.5 inches wide."""
        return vl_convert.svg_to_pdf(in_points(self.svg()))

    def json(self) -> str:
        """As Vega-Lite, data and all."""
        return json.dumps(self.spec, ensure_ascii=False, indent=1) + "\n"

    def save(self, path: Path | str) -> Path:
        """Write it as what the name ends in, whole or not at all; raises ``QueryError`` for any other ending."""
        path = Path(path)
        content = self._content(check_ending(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        with appearing(path) as file:
            file.write(content)
        return path

    def _content(self, kind: str) -> bytes:
        if kind == ".png":
            return self.png()
        if kind == ".pdf":
            return self.pdf()
        return (self.svg() if kind == ".svg" else self.json()).encode("utf-8")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """For notebooks."""
        return {"image/svg+xml": self.svg(), "text/plain": f"{self.title}\n{self.description}"}
