"""``docs/uncertainty.md`` and its figure, from what was simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import material
from benchmarks.coverage.intervals import RATIOS
from benchmarks.coverage.simulate import BANDS, KNOWN, PAIRS, SIZES
from benchmarks.quality.page import table

PAGE = material.ROOT / "docs" / "uncertainty.md"
FIGURE = material.ROOT / "docs" / "uncertainty.svg"
ABOUT = Path(__file__).with_name("about.md")

#: Methods in the order of the tables and of the figure.
METHODS = ("ours", "BCa", "percentile", "words, Wilson", "words, Wald")
DRAWN = ("ours", "BCa", "percentile", "words, Wilson")
STREAMS = ", no streams"

Row = dict[str, Any]
Found = dict[str, Any]


def tables(found: Found) -> dict[str, str]:
    """The tables of the page by name."""
    return {"methods": _methods(found["rates"]), "populations": _populations(found["rates"]), "few": _few(found["few"]),
            "ratios": _ratios(found["ratios"]), "streams": _streams(found["rates"])}


def page(found: Found) -> str:
    """The page: what was simulated and what follows, with the tables in their places."""
    text = ABOUT.read_text(encoding="utf-8").replace("<samples>", f"{found['samples']:,}")
    text = text.replace("<made>", str(len(_names(found["rates"], real=False))))
    text = text.replace("<real>", str(len(_names(_usual(found["rates"]), real=True))))
    for name, cells in tables(found).items():
        text = text.replace(f"<{name}>", cells)
    return text


def write(found: Found) -> None:
    """Write the page and the figure."""
    PAGE.write_text(page(found), encoding="utf-8")
    FIGURE.write_text(figure(found["rates"]), encoding="utf-8")


def _names(rows: Sequence[Row], *, real: bool) -> list[str]:
    return list(dict.fromkeys(row["population"] for row in rows if row["real"] == real))


def _usual(rows: Iterable[Row]) -> list[Row]:
    """Without the real populations that hold streams beside clips and are also there without them."""
    some = list(rows)
    twice = {row["population"].replace(STREAMS, "") for row in some if STREAMS in row["population"]}
    return [row for row in some if row["population"] not in twice]


def _mean_and_least(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.0f} ({min(values):.0f})" if values else "–"


def _by_size(rows: Iterable[Row], cell: Callable[[list[Row]], str]) -> list[str]:
    some = list(rows)
    return [cell([row for row in some if row["videos"] == size]) for size in SIZES]


def _methods(rows: list[Row]) -> str:
    """Mean coverage, and the lowest of a population, of each method."""
    usual = _usual(rows)
    return table(("videos", *map(str, SIZES)), [
        [method, *_by_size((row for row in usual if row["method"] == method),
                           lambda some: _mean_and_least([row["covered"] for row in some]))] for method in METHODS])


def _populations(rows: list[Row]) -> str:
    """Our coverage in each population, and how wide the interval is beside the rate."""
    return table(("population", "per million", *(f"{size} videos" for size in SIZES)), [
        [name, f"{some[0]['per_million']:,.0f}",
         *_by_size(some, lambda rows: f"{rows[0]['covered']:.0f} (×{rows[0]['width']:.1f})")]
        for name in dict.fromkeys(row["population"] for row in _usual(rows))
        if (some := [row for row in rows if (row["population"], row["method"]) == (name, "ours")])])


def _few(rows: list[Row]) -> str:
    """By how many videos of the sample had hits."""
    methods = ("ours", KNOWN, *METHODS[1:])
    samples = {row["videos_with_hits"]: row["samples"] for row in rows}
    return table(("videos with hits", *(f"{band} ({samples[band]:,} samples)" for band in BANDS)), [
        [method, *(f"{row['covered']:.0f} (up to ×{row['high']:.1f})" for band in BANDS for row in rows
                   if (row["videos_with_hits"], row["method"]) == (band, method))] for method in methods])


def _ratios(rows: list[Row]) -> str:
    """The log ratio of two groups: mean and lowest coverage."""
    usual = _usual(rows)
    return table(("videos of the two groups", *(f"{one} and {other}" for one, other in PAIRS)), [
        [method, *(_mean_and_least([row["covered"] for row in usual
                                    if row["method"] == method and tuple(row["videos"]) == pair]) for pair in PAIRS)]
        for method in RATIOS])


def _streams(rows: list[Row]) -> str:
    """Our coverage where an outlet's clips stand beside streams, and without those."""
    twice = [name for name in dict.fromkeys(row["population"] for row in rows) if STREAMS in name]
    return table(("population", *(f"{size} videos" for size in SIZES)), [
        [name, *_by_size((row for row in rows if (row["population"], row["method"]) == (name, "ours")),
                         lambda rows: f"{rows[0]['covered']:.0f}")]
        for pair in twice for name in (pair.replace(STREAMS, ""), pair)])


def figure(rows: list[Row]) -> str:
    """Coverage by the number of videos, a panel a method: a dot a population, a line for their mean, as SVG."""
    import altair as alt

    shown = [{**row, "panel": row["method"]} for row in _usual(rows) if row["method"] in DRAWN]
    x = alt.X("videos:Q", scale=alt.Scale(type="log", domain=[8, 650]), title="videos in the sample",
              axis=alt.Axis(values=list(SIZES), grid=False))
    y = alt.Y("covered:Q", scale=alt.Scale(domain=[0, 100]), title="intervals that hold the truth, %")
    base = alt.Chart()
    dots = base.mark_point(size=22, filled=True, color="#767676", opacity=0.6, aria=False).encode(x, y)
    line = base.mark_line(color="black", strokeWidth=2).encode(x, alt.Y("mean(covered):Q", title=""))
    promised = base.mark_rule(strokeDash=[4, 3], color="#b04a00").encode(y=alt.datum(95))
    chart = alt.layer(promised, dots, line, data={"values": shown}).properties(width=150, height=200).facet(
        alt.Facet("panel:N", sort=list(DRAWN), title=None, header=alt.Header(labelFontSize=13)), columns=4,
    ).properties(title=alt.TitleParams(
        "How often 95 % intervals hold the true rate", anchor="start",
        subtitle="A dot is a population of clumpy counts, the line their mean; dashed: what is promised"))
    return _svg(chart)


def _svg(chart: Any) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))
