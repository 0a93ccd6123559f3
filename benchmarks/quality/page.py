"""What do the figures look like?  The tables, printed and on ``docs/quality.md``."""

from __future__ import annotations

from pathlib import Path

from benchmarks import material
from benchmarks.quality.captions import Measured
from benchmarks.quality.measure import COMPARED, LAYERS, MARKS, VIEWS, Result

PAGE = material.ROOT / "docs" / "quality.md"
ABOUT = Path(__file__).with_name("about.md")


def rows(results: list[Result]) -> list[list[str]]:
    """One row a source and view: what is right, in percent."""
    return [[result.name, view, *(_percent(result, f"{view}/{layer}") for layer in LAYERS)]
            for result in results for view in VIEWS]


def difference_rows(results: list[Result]) -> list[list[str]]:
    """One row a source: tokens whose label changes when the marks are taken away, in percent."""
    return [[result.name, *(_percent(result, f"{MARKS}/{layer}", changed=True) for layer in COMPARED)]
            for result in results]


def source_rows(results: list[Result]) -> list[list[str]]:
    """One row a source: what it is and who annotated it."""
    return [[result.name, result.about, result.language, result.model, f"{result.documents:,}", f"{result.words:,}"]
            for result in results]


def table(head: tuple[str, ...], body: list[list[str]]) -> str:
    """A Markdown table whose columns stand under each other."""
    cells = [list(head), *body]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])])


def tables(results: list[Result]) -> dict[str, str]:
    """The three tables by name."""
    return {
        "sources": table(("gold", "what", "language", "annotated by", "documents", "words"), source_rows(results)),
        "figures": table(("gold", "view", *LAYERS), rows(results)),
        "differences": table(("gold", *COMPARED), difference_rows(results)),
    }


def captions_tables(measured: list[Measured]) -> dict[str, str]:
    """The tables of what is measured on real captions, by name."""
    return {name: table(tuple(cells[0]), cells[1:]) for one in measured for name, cells in one.tables.items()}


def page(results: list[Result], measured: list[Measured]) -> str:
    """The page: what is measured and how, with the tables in their places."""
    text = ABOUT.read_text(encoding="utf-8")
    for name, made in (tables(results) | captions_tables(measured)).items():
        text = text.replace(f"<{name}>", made)
    return text


def _percent(result: Result, key: str, changed: bool = False) -> str:
    figure = result.figures.get(key)
    if figure is None:
        return "–"
    return f"{100 - figure.percent:.1f}" if changed else f"{figure.percent:.1f}"
