"""SBV, YouTube's form for captions that people type: ``0:00:00.599,0:00:04.160`` above each cue."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from crosscut.clean.times import LOOSE_STAMP, to_ms
from crosscut.model import Record
from crosscut.read import names
from crosscut.read.blocks import cues_of, lines_of, top
from crosscut.read.cues import Cues, heard, record
from crosscut.read.decode import head, text_of
from crosscut.read.file import File

NAME = "SBV"
ROLE = "captions"

_TIMING = re.compile(rf"({LOOSE_STAMP}),({LOOSE_STAMP})[ \t]*$")
# With decimals, as YouTube writes them: two columns of times are a table.
_CLOCK = r"[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]\.[0-9]{1,3}"
_SURE = re.compile(rf"{_CLOCK},{_CLOCK}[ \t]*$")
# Meant as times, readable or not: "0:00:13.f89,0:00:15.489".
_MEANT = re.compile(r"[0-9]{1,4}:[0-9A-Za-z:.]{1,20},[0-9]{1,4}:[0-9A-Za-z:.]{1,20}[ \t]*$")


def recognise(file: File) -> bool:
    """Tell by a line of two times near the top."""
    return any(map(_SURE.match, top(head(file))))


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    language = names.split(file.name)[1]
    yield record(file.data, names.name_facts(file.name, language), [(heard(cues(text_of(file))), language)])


def cues(text: str) -> Cues:
    """Give the cues of a whole file."""
    lines = lines_of(text.replace("[br]", " "))
    at = [line for line, words in enumerate(lines) if words[:1].isdigit() and _MEANT.match(words)]
    found = [_TIMING.match(lines[line]) for line in at]
    read = np.array([one is not None for one in found], dtype=np.bool_)
    starts, ends = (to_ms([one[group] if one else "00:00:00.000" for one in found]) for group in (1, 2))
    return cues_of(lines, np.array(at, dtype=np.int64), (starts, ends, read), numbered=False)
