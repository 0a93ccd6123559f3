"""Texts from outside are texts: no markup, no expression, nothing that ends the program."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.figures import About, draw, draw_network
from crosscut.figures.words import fitting, label, lines, plain, width
from tests.figures.tables import ABOUT, FREQ, FREQ_ROWS, TABLES
from tests.figures.test_figures import ELEMENTS, SVG

BAD = '</text><script>alert(1)</script>"};datum.x]]> {"signal":"alert(1)"} ${x}\x00\x01\x0b\x1b[2J\u202e\ud800\ufffe '
PLAIN_BAD = '</text><script>alert(1)</script>"};datum.x]]> {"signal":"alert(1)"} ${x} [2J'
ARABIC, CHINESE, HEBREW = "قال الوزير في الجلسة", "新闻联播 中央", "עברית ABC 12"
#: Keys of Vega and Vega-Lite whose values are, or may hold, expressions.
EXPRESSIONS = {"expr", "signal", "transform", "calculate", "filter", "labelExpr", "test", "condition", "params", "href", "url",
               "format_", "tooltip"}


def keys(spec: Any) -> set[str]:
    """All keys of a specification, but those of data."""
    if isinstance(spec, list):
        return set().union(*map(keys, spec))
    if not isinstance(spec, dict):
        return set()
    return set(spec).union(*(keys(value) for name, value in spec.items() if name != "data"))


def planted(row: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    """A row whose texts are hostile, but for dates."""
    return tuple(f"{BAD}{place}{value}" if isinstance(value, str) and not value.startswith("2024-") else value for value in row)


@pytest.mark.parametrize(("measure", "columns", "table", "labels", "_"), TABLES)
def test_planted_texts_are_texts(
    measure: str, columns: tuple[str, ...], table: list[tuple[Any, ...]], labels: int, _: tuple[str, ...]
) -> None:
    about = About(BAD, BAD, BAD, BAD, names={"en_NWB": BAD}, colours={BAD: 'red"/><script>'}, events=[("2024-02-02", BAD)],
                  labels=labels, sides=(BAD, BAD), notes=[BAD])
    figure = draw(measure, columns, [planted(row, place) for place, row in enumerate(table)], about)
    svg = figure.svg()
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ELEMENTS
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert "<script" not in svg
    assert root[0].text == PLAIN_BAD.strip()
    assert not keys(figure.spec) & EXPRESSIONS
    assert "red" not in {value for element in root.iter() for value in element.attrib.values()}
    json.loads(figure.json())


def test_hostile_networks() -> None:
    figure = draw_network([{"name": BAD, "x": 0, "y": 0, "size": 1}, {"name": ARABIC, "x": 0, "y": 0, "size": 0}],
                          [{"source": BAD, "target": ARABIC, "weight": 1.0}], ABOUT)
    assert "<script" not in figure.svg()


def test_every_script_keeps_its_words_and_very_long_ones_fit() -> None:
    table = [(query, *FREQ_ROWS[0][1:]) for query in (ARABIC, CHINESE, HEBREW, "X" * 3000)]
    figure = draw("freq", FREQ, table, replace(ABOUT, question=f"{ARABIC} or {CHINESE} or {'W' * 900}?"))
    svg = figure.svg()
    for words in (ARABIC, CHINESE, HEBREW):
        assert words in svg
    assert "X" * 3000 not in svg
    assert float(ET.fromstring(svg).get("width", "0")) < 800
    assert figure.png().startswith(b"\x89PNG")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_can_be_drawn(question: str, query: str) -> None:
    svg = draw("freq", FREQ, [(query, *FREQ_ROWS[0][1:])], replace(ABOUT, question=question)).svg()
    root = ET.fromstring(svg)
    assert (root[0].text or "") == plain(question)


@given(st.text(max_size=200), st.floats(30, 500))
def test_lines_fit_and_lose_no_letter(text: str, room: float) -> None:
    found = lines(text, 12, room)
    assert all(width(line, 12) <= room or len(line) == 1 for line in found)
    assert "".join(found).replace(" ", "") == plain(text).replace(" ", "")


@given(st.text(max_size=200))
def test_plain_text_is_one_line_without_controls(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert not [letter for letter in plain(text) if ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000]
    assert len(label(text, 10)) <= 10
    assert width(fitting(plain(text), 12, 50), 12) <= 50
