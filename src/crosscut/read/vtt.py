"""WebVTT: what YouTube's caption tracks are saved as, automatic ones rolling, uploaded ones plain.

Which kind a track is shows only in its form: the header says "captions" for every one.  A cue that cannot be read
never costs the others; text in a cue whose times are broken is kept at the time of the cue before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from crosscut.clean.times import STAMP, Int64, ranges
from crosscut.model import Record
from crosscut.read import names
from crosscut.read.cues import Cues, heard, held, record, shown
from crosscut.read.decode import head, text_of
from crosscut.read.file import File

NAME = "WebVTT"
ROLE = "captions"

_TIMING = re.compile(rf"[ \t]*({STAMP})[ \t]*-->[ \t]*({STAMP})(?:[ \t]|$)")
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]{0,30}): *(.{1,200})$")
_BLOCKS = ("NOTE", "STYLE", "REGION")


def recognise(file: File) -> bool:
    """Tell by the word that the format demands at the very start."""
    first = head(file).lstrip("\ufeff")
    return first.startswith("WEBVTT") and first[6:7] in ("", " ", "\t", "\r", "\n")


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    text = text_of(file).lstrip("\ufeff")
    lines = text.split("\n")
    arrows = [at for at, line in enumerate(lines) if "-->" in line]
    above = map(_HEADER.match, lines[1:arrows[0] if arrows else None])
    header = {found[1]: found[2].strip() for found in above if found}
    language = header.get("Language", "") or names.split(file.name)[1]
    facts = names.name_facts(file.name, language)
    if names.is_youtube_id(header.get("Video", "")):
        facts = {"platform": "youtube", "id": header["Video"], **facts}
    yield record(file.data, facts, [(heard(_cues(lines, arrows)), language)])


def _cues(lines: Sequence[str], arrows: Sequence[int]) -> Cues:
    timings = [lines[at] for at in arrows]
    starts, ends, broken = held(*ranges(timings, _TIMING))
    firsts = np.array(arrows, dtype=np.int64) + 1
    followings = np.append(firsts - 1, len(lines))[1:]
    lasts = _lasts(lines, firsts, followings)
    gaps = np.flatnonzero(followings - lasts > 1)
    outside = sum(_outside(lines, int(lasts[at]), int(followings[at])) for at in gaps)
    odd = [*broken, *([f"{outside} lines outside any cue left out"] if outside else [])]
    top = sum("line:0%" in timing for timing in timings)
    return Cues(starts, ends, *shown(lines, firsts, lasts), top, odd)


def _lasts(lines: Sequence[str], firsts: Int64, followings: Int64) -> Int64:
    """Find where cues' lines end: at an empty line, but one empty line on top is a cleared line of the screen."""
    filled = np.append(np.array(lines, dtype=np.object_).astype(np.bool_), False)
    empty = np.flatnonzero(~filled)
    lasts = np.minimum(empty[np.searchsorted(empty[:-1], firsts + 1)], followings)
    for cue in np.flatnonzero((lasts > firsts + 1) & ~filled[firsts]):
        # "times, empty line, 7, times" is an empty cue and the name of the next one.
        named = lasts[cue] == followings[cue] < len(lines)
        lasts[cue] = firsts[cue] if lines[firsts[cue] + 1].startswith(_BLOCKS) else lasts[cue] - named
    return lasts


def _outside(lines: Sequence[str], last: int, following: int) -> int:
    """Count lines of text that belong to no cue; names of cues, comments and styles are no text."""
    count, block = 0, False
    for at in range(last, following):
        line = lines[at]
        block = bool(line) and (block or (not lines[at - 1] and line.startswith(_BLOCKS)))
        named = at + 1 == following < len(lines)
        count += bool(line.strip()) and not block and not named
    return count
