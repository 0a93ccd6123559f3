"""What goes out: byte for byte where that is promised, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import polars
import pytest

from crosscut import exporting
from crosscut.errors import QueryError
from crosscut.read import tagged
from crosscut.tables import sql
from tests.studies import built, record

TEXTS = ["peace talks & \"deals\" don't stop", "[Music] >> well, they said: yes. they said  no"]


def test_records_go_out_as_they_came(tmp_path: Path) -> None:
    records = [record(f"aaaaaaaaaa{n}", text, title="2.4 million & more: <a>") for n, text in enumerate(TEXTS)]
    corpus = built(tmp_path, records)
    assert list(exporting.records(corpus)) == records


def test_words_in_the_records_form_are_the_words_that_came(tmp_path: Path) -> None:
    """Not from the kept bytes: the header from the facts, the text from the tokens."""
    corpus = built(tmp_path, [record("aaaaaaaaaa1", TEXTS[0])])
    row = corpus.video("aaaaaaaaaa1")
    tags = (("video_id", "aaaaaaaaaa1"), ("video_title", "About aaaaaaaaaa1"), ("publish_date", "20230904"))
    assert exporting._tags(row) == tags
    written = tagged.write(tags, corpus.text("aaaaaaaaaa1"))
    assert tagged.parts(written)[:2] == (tags, TEXTS[0])


def test_records_are_kept_apart(tmp_path: Path) -> None:
    records = [record(f"aaaaaaaaaa{n}", "one").rstrip("\n") for n in range(3)]
    assert "".join(exporting.records(built(tmp_path, records))) == "\n".join(records)


def test_vertical_has_one_token_a_line_and_escapes(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "don't (b) AT&T. yes", title='say "hi" <now>')])
    lines = "".join(exporting.vertical(corpus)).splitlines()
    assert lines[0] == ('<video id="youtube:aaaaaaaaaa1" outlet="en_AAA" date="2023-09-04" '
                        "title='say \"hi\" &lt;now&gt;' kind=\"record\" language=\"en\">")
    assert [line.split("\t")[0] for line in lines if "\t" in line] == ["do", "n't", "b", "AT&amp;T", "yes"]
    assert lines.count("<g/>") == 1


def test_conllu_is_well_formed_and_heads_stay_inside(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "The crews' release, they said, wasn't delayed. It rained again.")],
                   "[annotate]\njobs = 1\n")
    sentences = "".join(exporting.conllu(corpus)).strip().split("\n\n")
    assert len(sentences) == 2
    for sentence in sentences:
        rows = [line.split("\t") for line in sentence.splitlines() if not line.startswith("#")]
        assert all(len(row) == 10 for row in rows)
        assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
        assert all(0 <= int(row[6]) <= len(rows) and row[6] != row[0] for row in rows)
        assert [row[7] for row in rows if row[6] == "0"] == ["root"]


def test_tables_are_neutralised_csv_and_parquet(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace", title="=HYPERLINK(1)")])
    run = [sys.executable, "-m", "crosscut", "export", "--form", "table", "--corpus", str(tmp_path)]
    text = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    rows = list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    path = tmp_path / "videos.parquet"
    subprocess.run([*run, "--format", "parquet", "--output", str(path)], check=True)
    frame = polars.read_parquet(path)
    assert frame["title"].to_list() == ["=HYPERLINK(1)"]
    head = json.loads(polars.read_parquet_metadata(path)["crosscut"])
    assert head["result"] == corpus.files.manifest.result


def test_tokens_table_gives_the_text_back(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", TEXTS[0])])
    (table,) = exporting.token_tables(corpus)
    assert "".join(form + after for form, after in zip(table["form"], table["after"], strict=True)) == TEXTS[0]


def test_sql_counts_like_the_engine(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record(f"aaaaaaaaaa{n}", text) for n, text in enumerate(TEXTS)])
    columns, rows = sql(corpus, "SELECT norm, count(*) AS n FROM tokens GROUP BY norm ORDER BY n DESC, norm LIMIT 1")
    assert (columns, rows) == (("norm", "n"), [("said", 2)])
    assert len(corpus.hits("said")) == 2
    assert sql(corpus, "SELECT count(*) FROM files")[1] == [(2,)]


@pytest.mark.parametrize("query", ["SELECT * FROM nothing", "SELECT * FROM read_csv('/etc/passwd')", "not sql",
                                   "COPY (SELECT 1) TO '/tmp/x.csv'", "INSTALL httpfs", "SET enable_external_access = true"])
def test_sql_is_closed_to_the_outside(tmp_path: Path, query: str) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace")])
    with pytest.raises(QueryError):
        sql(corpus, query)
