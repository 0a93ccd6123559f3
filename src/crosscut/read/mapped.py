"""Files in a user's own format that bring words.  See ``crosscut.read.mapping``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from crosscut.errors import UnreadableFile
from crosscut.model import Record
from crosscut.read import columns, markdown
from crosscut.read.decode import mentions
from crosscut.read.file import File
from crosscut.read.mapping import Mapping
from crosscut.read.rows import rows

NAME = "mapped file"
ROLE = "captions"


def recognise(file: File) -> bool:
    """Tell whether the first mapping that fits brings words."""
    mapping = mapping_of(file)
    return mapping is not None and mapping.role == "captions"


@lru_cache(maxsize=1)  # recognising a file and reading it ask the same question in a row
def mapping_of(file: File) -> Mapping | None:
    """Give the first mapping that fits."""
    return next((mapping for mapping in file.mappings if _fits(mapping, file)), None)


def read(file: File) -> Iterator[Record]:
    """Give the records as the mapping describes them.

    A single mapping was chosen for this file before, and reads: a record that is read again alone need not have all by
    which the file was told.
    """
    mapping = file.mappings[0] if len(file.mappings) == 1 else mapping_of(file)
    if mapping is None:
        raise UnreadableFile("no mapping fits")
    if mapping.form == "markdown":
        yield markdown.read(mapping, file)
        return
    for row in rows(mapping, file):
        yield columns.record(mapping, row, file.name)


def _fits(mapping: Mapping, file: File) -> bool:
    if mapping.form == "markdown":
        return markdown.matches(mapping, file)
    if not _mentions(mapping, file):
        return False
    try:
        first = next(rows(mapping, file), None)
    except UnreadableFile:
        return False
    return first is not None and not first.reason and columns.has(first.value, mapping.requires)


def _mentions(mapping: Mapping, file: File) -> bool:
    """Tell whether the names of the required columns stand anywhere: cheap, and enough to reject most files."""
    parts = (part for path in mapping.requires for part in path.split("."))
    # Numbers and stars stand for places, not names, and JSON may write letters other than ASCII as numbers.
    return all(mentions(file, part) for part in parts if part.isascii() and part != "*" and not part.isdecimal())
