"""Does a researcher's mapping do what it says, and say what is wrong with it?"""

from __future__ import annotations

import datetime
import json
import re
import tomllib

import pytest

from crosscut.errors import StudyError
from crosscut.read import Mapping, mapping

GOOD: dict[str, object] = {
    "form": "json", "kind": "automatic", "language": "en", "fields": {"id": "videoId", "segments": "captions"},
    "segment": {"start": "from", "duration": "lasting", "text": "line"},
}
NOTES: dict[str, object] = {"form": "markdown", "pattern": {"segment": "^- (?P<text>.*)$"}}


def test_a_good_mapping() -> None:
    parsed = Mapping.parse("archive", GOOD)
    assert (parsed.form, parsed.role, parsed.kind, parsed.unit) == ("json", "captions", "automatic", "s")
    assert parsed.constants == {"language": "en"}
    assert parsed.requires == ("videoId", "captions")
    assert json.loads(json.dumps(parsed.table)) == GOOD
    assert Mapping.parse("stored", json.loads(json.dumps(parsed.table))).requires == parsed.requires


def test_the_examples_in_the_manual_are_good() -> None:
    blocks = re.findall(r"::\n\n(.*?)\n\n", mapping.__doc__ or "", re.DOTALL)
    beside = blocks[1].split("\n")
    apart = "\n".join([line[:48] for line in beside] + [line[48:] for line in beside])
    for block in (blocks[0], apart, blocks[2]):
        lines = "\n".join(line.strip() for line in block.split("\n"))
        for name, table in tomllib.loads(lines)["mappings"].items():
            assert Mapping.parse(name, table).name == name


def test_dates_in_toml_are_kept_as_text() -> None:
    parsed = Mapping.parse("x", GOOD | {"published": datetime.date(2024, 7, 4)})
    assert parsed.constants["published"] == parsed.table["published"] == "2024-07-04"


@pytest.mark.parametrize(("table", "complaint"), [
    (GOOD | {"feilds": {}}, "mapping x: unknown key 'feilds'; did you mean 'fields'?"),
    (GOOD | {"duration_ms": "5"}, "unknown key 'duration_ms'; did you mean 'duration'?"),
    (GOOD | {"fields": {"titel": "t"}}, "unknown key 'titel' in fields; did you mean 'title'?"),
    (GOOD | {"zzz": 1}, "unknown key 'zzz'; known are form, role"),
    ({}, "form is missing; it must be one of json, jsonl, csv, tsv, markdown"),
    (GOOD | {"form": "xml"}, "form 'xml' is none; it must be one of"),
    (GOOD | {"form": 5}, "form must be text, not 5"),
    (GOOD | {"kind": "spoken"}, "kind 'spoken' is none"),
    (GOOD | {"unit": "h"}, "unit 'h' is none"),
    (GOOD | {"fields": "id"}, "fields must be a table of texts"),
    (GOOD | {"requires": "id"}, "requires must be a list of texts"),
    (GOOD | {"fields": {"id": "videoId"}}, "segment needs fields.segments"),
    (GOOD | {"segment": {"start": "from"}}, "segment needs text"),
    (GOOD | {"segment": {}, "fields": {"id": "videoId"}}, "needs fields.text or fields.segments"),
    (GOOD | {"form": "csv"}, "fields.segments means nothing in form 'csv'"),
    (GOOD | {"delimiter": ";"}, "delimiter means nothing in form 'json'"),
    ({"form": "csv", "fields": {"text": "t"}, "delimiter": ";;"}, "delimiter must be one character"),
    ({"form": "csv", "role": "listing"}, "needs fields"),
    ({"form": "jsonl", "fields": {"text": "t"}, "pattern": {"title": "^(?P<title>.*)$"}}, "are for form 'markdown'"),
    ({"form": "markdown"}, "needs fields or a pattern"),
    (NOTES | {"records": "a"}, "records means nothing in form 'markdown'"),
    (NOTES | {"pattern": {"segment": "^- (.*)$"}}, "pattern.segment needs a group (?P<text>…)"),
    (NOTES | {"pattern": {"top": "^(?P<titel>.*)$"}}, "'titel' as a group of pattern.top; did you mean 'title'?"),
    (NOTES | {"pattern": {"title": r"(a)\1"}}, "pattern.title cannot be read by RE2"),
    (NOTES | {"pattern": {"title": "((a{1000}){1000}){1000}"}}, "pattern.title cannot be read by RE2"),
    ([], "mapping x: must be a table"),
])
def test_complaints(table: dict[str, object], complaint: str) -> None:
    with pytest.raises(StudyError) as problem:
        Mapping.parse("x", table)
    assert complaint in str(problem.value)
