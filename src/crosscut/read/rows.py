"""Which stretch of a file is which record?  JSON, JSON lines and tables, cut so that each slice can be read alone.

A slice are the file's own bytes; of a table, the header line and the row.  (Of UTF-16 and UTF-32 files the slices are
UTF-8, since half a file without its mark could not be read again.)
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crosscut.errors import UnreadableFile
from crosscut.read.decode import text_of, utf8_of
from crosscut.read.file import File
from crosscut.read.mapping import Mapping

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(strict=False)  # line ends inside texts are forgiven
_BROKEN = "broken JSON"


@dataclass(frozen=True, slots=True)
class Row:
    """One record as found; ``reason`` says why it cannot be read."""

    value: dict[str, object]
    raw: bytes
    locator: str = ""
    reason: str = ""


def rows(mapping: Mapping, file: File) -> Iterator[Row]:
    """Give the records of a file in the mapping's form."""
    if mapping.form == "json":
        return _json(mapping.records, file)
    data = utf8_of(file)
    return _json_lines(data) if mapping.form == "jsonl" else _table(mapping, data)


def _parsed(text: str, raw: bytes, locator: str) -> Row:
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return Row({}, raw, locator, _BROKEN)
    return Row(value, raw, locator) if isinstance(value, dict) else Row({}, raw, locator, "not an object")


def _json_lines(data: bytes) -> Iterator[Row]:
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        text = line.decode("utf-8-sig").strip()
        if text:
            yield _parsed(text, line, f"line {number}")


def _json(path: str, file: File) -> Iterator[Row]:
    text = text_of(file, several=True).lstrip("\ufeff")
    try:
        start = _seek(text, path.split(".") if path else [])
    except (ValueError, IndexError, RecursionError):
        start = None
    if start is not None and text[start:start + 1] == "[":
        yield from _items(text, start + 1)
        return
    row = _parsed(text, file.data, "")
    if row.reason:
        raise UnreadableFile(row.reason)
    yield row


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _seek(text: str, path: list[str]) -> int | None:
    """Find where the value at this path begins, reading no more than what stands before it."""
    at = _skip(text, 0)
    for key in path:
        found = None
        while found is None:
            at = _skip(text, at + 1)  # behind "{" or ","
            if text[at:at + 1] != '"':
                return None
            name, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)  # behind ":"
            if name == key:
                found = at
            else:
                at = _skip(text, _DECODER.raw_decode(text, at)[1])
                if text[at:at + 1] != ",":
                    return None
        at = found
    return at


def _items(text: str, at: int) -> Iterator[Row]:
    """Give each element of an array; one that cannot be read is the last: nobody knows where the next would begin."""
    number, at = 0, _skip(text, at)
    while text[at:at + 1] not in ("]", ""):
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield Row({}, text[at:].encode(), f"[{number}]", _BROKEN)
            return
        known = isinstance(value, dict)
        yield Row(value if known else {}, text[at:end].encode(), f"[{number}]", "" if known else "not an object")
        at = _skip(text, end)
        if text[at:at + 1] == ",":
            at = _skip(text, at + 1)
        number += 1


def _table(mapping: Mapping, data: bytes) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)  # Python stops at 131,072 characters; a long hearing has more
    lines = data.splitlines(keepends=True)
    decoded = (line.decode() for line in lines)
    if mapping.form == "tsv":
        reader = csv.reader(decoded, delimiter=mapping.delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(decoded, delimiter=mapping.delimiter)
    cells = _cells(reader, mapping.form)
    header = [name.lstrip("\ufeff").strip() for name in next(cells, [])]
    above, before = b"".join(lines[:reader.line_num]), reader.line_num
    for number, row in enumerate(cells, 1):
        raw, before = above + b"".join(lines[before:reader.line_num]), reader.line_num
        if any(row):
            long = "more cells than the header names" if len(row) > len(header) else ""
            yield Row(dict(zip(header, row, strict=False)), raw, f"row {number}", long)


def _cells(reader: Iterator[list[str]], form: str) -> Iterator[list[str]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise UnreadableFile("broken table", str(problem)) from None
        yield [_unquoted(cell) for cell in row] if form == "tsv" else row


def _unquoted(cell: str) -> str:
    """Take a cell out of its quotation marks if all of it stands in them; others are the text's own."""
    inner = cell[1:-1]
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if quoted else cell
