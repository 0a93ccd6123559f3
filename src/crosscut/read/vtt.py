"""WebVTT: what YouTube's caption tracks are saved as, automatic ones rolling, uploaded ones plain.

Which kind a track is shows only in its form: the header says "captions" for every one.  A cue that cannot be read
never costs the others; text in a cue whose times are broken is kept at the time of the cue before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from crosscut.clean import rolling
from crosscut.clean.text import decode, strip_tags, transcript
from crosscut.clean.times import STAMP, Int64, to_ms
from crosscut.clean.words import translated, words
from crosscut.model import Record, Track, Transcript
from crosscut.read.decode import head, text_of
from crosscut.read.file import File
from crosscut.read.names import dated_title, is_youtube_id, split, video_id

NAME = "WebVTT"
ROLE = "captions"

_TIMING = re.compile(rf"[ \t]*({STAMP})[ \t]*-->[ \t]*({STAMP})(?:[ \t]+(.*))?$")
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]{0,30}): *(.{1,200})$")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_NOWHERE = "00:00:00.000"

#: A live feed: more than nine letters of ten are capitals, and one cue of five starts while the last one still stands.
_CAPITALS, _OVERLAPS = 0.9, 0.2


@dataclass(slots=True)
class _Cues:
    """The cues of a file: lines ``firsts[i]`` to ``lasts[i]`` of it, shown from ``starts[i]`` to ``ends[i]``."""

    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


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
    language = header.get("Language", "") or split(file.name)[1]
    facts = _facts(file.name, header, language)
    cues = _cues(lines, arrows)
    heard, kind, evidence = _track(text, lines, cues)
    if not heard.text:
        yield Record(file.data, facts, reason="no text")
        return
    yield Record(file.data, facts, (Track(heard, kind, language, evidence="; ".join([*evidence, *cues.odd])),))


def _facts(name: str, header: dict[str, str], language: str) -> dict[str, str | int]:
    facts: dict[str, str | int] = {}
    claimed = header.get("Video", "")
    identity = video_id(name) or (claimed if is_youtube_id(claimed) else "")
    if identity:
        facts |= {"platform": "youtube", "id": identity}
    day, title = dated_title(name, language)
    said = {"published": day, "title": title, "language": language}
    return facts | {fact: value for fact, value in said.items() if value}


def _cues(lines: Sequence[str], arrows: Sequence[int]) -> _Cues:
    cues, broken, outside = _Cues(), 0, 0
    for at, following in pairwise([*arrows, len(lines)]):
        found = _TIMING.match(lines[at])
        if found:
            start, end, settings = found.groups("")
        else:
            start = end = cues.ends[-1] if cues.ends else _NOWHERE
            settings, broken = "", broken + 1
        last = _payload(lines, at + 1, following)
        cues.starts.append(start)
        cues.ends.append(end)
        cues.settings.append(settings)
        cues.firsts.append(at + 1)
        cues.lasts.append(last)
        if following - last > 1:
            outside += _outside(lines, last, following)
    cues.odd += [f"{broken} cues have unreadable times"] if broken else []
    cues.odd += [f"{outside} lines outside any cue left out"] if outside else []
    return cues


def _payload(lines: Sequence[str], first: int, following: int) -> int:
    """Find where a cue's lines end: at an empty line, but one empty line on top is a cleared line of the screen."""
    last = first
    while last < following and (lines[last] or last == first):
        last += 1
    if last > first + 1 and not lines[first]:
        # "times, empty line, 7, times" is an empty cue and the name of the next one.
        named = last == following < len(lines)
        return first if lines[first + 1].startswith(_BLOCKS) else last - named
    return last


def _outside(lines: Sequence[str], last: int, following: int) -> int:
    """Count lines of text that belong to no cue; names of cues, comments and styles are no text."""
    count, block = 0, False
    for at in range(last, following):
        line = lines[at]
        block = bool(line) and (block or (not lines[at - 1] and line.startswith(_BLOCKS)))
        named = at + 1 == following < len(lines)
        count += bool(line.strip()) and not block and not named
    return count


def _track(text: str, lines: Sequence[str], cues: _Cues) -> tuple[Transcript, str, list[str]]:
    """Give the words, their kind, and why."""
    timed = "><c>" in text
    bare = [line.strip() for line in decode(strip_tags(text.replace("<c>", "").replace("</c>", ""))).split("\n")]
    spans = list(zip(cues.firsts, cues.lasts, strict=True))
    screens = [bare[first:last] for first, last in spans]
    heard = [timed and last > first and "<c>" in lines[last - 1] for first, last in spans]
    starts, ends = to_ms(cues.starts), to_ms(cues.ends)
    counts = rolling.repeats(starts.tolist(), ends.tolist(), screens, heard)
    repeated, shown = sum(map(bool, counts)), sum(map(any, screens))
    if not timed and 2 * repeated < max(shown, 2):
        joined, note = transcript([" ".join(screen) for screen in screens], starts, ends)
        kind, why = _cue_kind(joined.text, cues.settings, starts, ends)
        return joined, kind, [why, note] if note else [why]
    new = [(cue, line) for cue, screen in enumerate(screens) for line in _fresh(screen, cues.firsts[cue], counts[cue])]
    said = [cue for cue, _ in new]
    joined, note = words([lines[line] for _, line in new], [cues.starts[cue] for cue in said], ends[said])
    kind, why = _rolling_kind(text, timed)
    frame = f"{repeated} of {shown} screens repeat a line"
    joined = joined if timed else replace(joined, word_timed=False)
    return joined, kind, [why, frame, note] if note else [why, frame]


def _fresh(screen: Sequence[str], first: int, repeated: int) -> list[int]:
    """Give the numbers of the lines that are not blank and no repeats."""
    return [first + at for at, line in enumerate(screen) if line][repeated:]


def _rolling_kind(text: str, timed: bool) -> tuple[str, str]:
    if not timed:
        # Seen on machine translations into Arabic, but an original could look the same.
        return "unknown", "roll-up without word times: a machine's, original or translated"
    if translated(text):
        return "translated", "the blank stands after the word in word tags, as in machine translations"
    return "automatic", "word times in a roll-up frame"


def _cue_kind(text: str, settings: Sequence[str], starts: Int64, ends: Int64) -> tuple[str, str]:
    """Tell a live feed from captions that people made: capitals, at the top of the picture, cues over one another."""
    capitals = sum(map(str.isupper, text))
    small = sum(map(str.islower, text))
    top = sum("line:0%" in setting for setting in settings)
    overlaps = int(np.count_nonzero(starts[1:] < ends[:-1]))
    if capitals > _CAPITALS * (capitals + small) and 2 * top > len(settings) and overlaps > _OVERLAPS * len(settings):
        return "live", f"capitals at line:0%, {overlaps} of {len(settings)} cues overlap: a live feed"
    return "uploaded", "cues without word times or repeated lines"
