"""SubRip: numbered cues, as players, recognisers and archives of television write them.

There is no standard, so much is let through: a comma or a dot in times, hours of one digit, missing numbers and empty
lines, HTML tags, ``{\\an8}`` and other marks of the SSA format.  WebVTT that lost its first line reads as SubRip too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from crosscut.clean.times import LOOSE_STAMP, ranges
from crosscut.model import Record
from crosscut.read import names
from crosscut.read.blocks import cues_of, lines_of, top
from crosscut.read.cues import Cues, heard, record
from crosscut.read.decode import head, text_of
from crosscut.read.file import File

NAME = "SubRip"
ROLE = "captions"

_TIMING = re.compile(rf"[ \t]*({LOOSE_STAMP})[ \t]*-->[ \t]*({LOOSE_STAMP})(?:[ \t]|$)")
# "00:00:0x,000 --> 00:00:07,000": meant as times.  Anything else with an arrow was said: "Ellery --> Northwater".
_MEANT = re.compile(r"[ \t]*-?[0-9]{1,4}:[^>]{0,20}-->")
# Marks of SSA: where and how to write, a line end, a hard blank.
_MARKS = re.compile(r"\{\\[^{}\n]*\}|\\[Nh]")


def recognise(file: File) -> bool:
    """Tell by a line of times near the top."""
    first = top(head(file))
    return any(map(_TIMING.match, first)) and not first[0].startswith("WEBVTT")


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    text = text_of(file).replace("\ufeff", "")
    language = names.split(file.name)[1]
    yield record(file.data, names.name_facts(file.name, language), [(heard(cues(text)), language)])


def cues(text: str) -> Cues:
    """Give the cues of a whole file."""
    if "\\" in text:
        text = _MARKS.sub(" ", text)
    lines = lines_of(text)
    arrows = [at for at, line in enumerate(lines) if "-->" in line]
    starts, ends, read = ranges([lines[at] for at in arrows], _TIMING)
    timings = read.copy()
    for at in np.flatnonzero(~read).tolist():
        timings[at] = bool(_MEANT.match(lines[arrows[at]]))
    above = np.array(arrows, dtype=np.int64)[timings]
    return cues_of(lines, above, (starts[timings], ends[timings], read[timings]), numbered=True)
