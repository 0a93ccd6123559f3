"""A table leaves with its question, parameters and digests, and no cell of it runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure.finding import Evidence, Finding, Source, csv_lines, safe_cell

FINDING = Finding(
    measure="freq", question="How often is ‘war’ said?", columns=("query", "hits", "per_million", "low"),
    rows=(("war", 2, 12.5, None), ("=1+1", 0, 0.0, None)), parameters={"seed": 7, "where": 'title~"a,b"\n'},
    source=Source("r1", "r2", tool="crosscut 9"), exclusions={"no captions": 3}, notes=("a note",), seconds=1.5, asked="2026-01-02",
    formats={"per_million": ",.1f"}, explained={"per_million": "hits per million words"},
    evidence=(Evidence("war", "outlet=en_A", "first 60s"), None))


def test_json_has_header_and_rows() -> None:
    found = json.loads(FINDING.to_json())
    assert list(found) == ["measure", "question", "parameters", "recipe", "result", "built", "as_of", "view", "tool", "asked", "speaks_for", "generalises",
                           "exclusions", "notes", "seconds", "labels", "explained", "rows"]
    command = "crosscut kwic war --where outlet=en_A --span 'first 60s'"
    assert found["rows"] == [{"query": "war", "hits": 2, "per_million": 12.5, "low": None, "lines": command},
                             {"query": "=1+1", "hits": 0, "per_million": 0.0, "low": None, "lines": ""}]
    assert found["parameters"] == {"seed": 7, "where": 'title~"a,b"\n'}
    assert (found["recipe"], found["tool"], found["seconds"]) == ("r1", "crosscut 9", 1.5)


def test_csv_has_its_header_in_comment_lines() -> None:
    lines = FINDING.to_csv().splitlines()
    head = {name: json.loads(value) for name, value in (line[2:].split(": ", 1) for line in lines if line.startswith("# "))}
    assert head == {name: list(value) if isinstance(value, tuple) else value for name, value in FINDING.header().items()}
    table = pl.read_csv(io.StringIO(FINDING.to_csv()), comment_prefix="#")
    assert [row[:4] for row in table.rows()] == [("war", 2, 12.5, None), ("'=1+1", 0, 0.0, None)]
    assert table.columns[4] == "lines"


def test_a_data_frame_has_the_columns_also_without_rows() -> None:
    assert FINDING.table.to_dicts() == FINDING.to_dicts()
    empty = Finding("freq", "", ("a", "b"), (), {}, Source("", ""), {})
    assert empty.table.columns == ["a", "b"]
    assert empty.table.height == 0


def test_a_finding_explains_itself() -> None:
    told = FINDING.explain()
    for part in (FINDING.question, "seed: 7", "per_million: hits per million words", "3 no captions", "a note", "r1"):
        assert part in told


@pytest.mark.parametrize(("value", "cell"), [
    ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM", "'@SUM"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
    ("war", "war"), ("", ""), ("a=1", "a=1"), (-1, -1), (-0.5, -0.5), (None, None)])
def test_formulas_are_neutralised_and_numbers_stay(value: object, cell: object) -> None:
    assert safe_cell(value) == cell


@given(st.lists(st.lists(st.one_of(st.text(), st.text("=+-@\t\r\n\",'a")), min_size=2, max_size=2), max_size=5))
def test_a_csv_is_read_back_and_no_cell_begins_a_formula(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO("".join(csv_lines(("a", "b"), rows, {})), newline="")))
    assert found == [["a", "b"], *([str(safe_cell(cell)) for cell in row] for row in rows)]
    assert all(cell[:1] not in {"=", "+", "-", "@", "\t", "\r"} for row in found[1:] for cell in row)
