"""WebVTT: what YouTube's caption tracks are saved as, automatic ones rolling, uploaded ones plain.

Which kind a track is shows only in its form: the header says "captions" for every one.  A cue that cannot be read
never costs the others; text in a cue whose times are broken is kept at the time of the cue before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise

import numpy as np

from crosscut.clean import rolling, words
from crosscut.clean.text import MARK, transcript
from crosscut.clean.times import STAMP, Int64, to_ms
from crosscut.model import Record, Track, Transcript
from crosscut.read.decode import head, text_of
from crosscut.read.file import File
from crosscut.read.names import dated_title, is_youtube_id, split, video_id

NAME = "WebVTT"
ROLE = "captions"

# The second branch takes in, with no times, each line that the first does not.
_TIMING = re.compile(rf"^[ \t]*({STAMP})[ \t]*-->[ \t]*({STAMP})(?:[ \t].*)?$|^.+$", re.MULTILINE)
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]{0,30}): *(.{1,200})$")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_NOWHERE = "00:00:00.000"

#: A live feed: more than nine letters of ten are capitals, and one cue of five starts while the last one still stands.
_CAPITALS, _OVERLAPS = 0.9, 0.2


@dataclass(frozen=True, slots=True)
class _Cues:
    """The cues of a file: lines ``firsts[i]`` to ``lasts[i]`` of it, shown from ``starts[i]`` to ``ends[i]`` ms."""

    starts: Int64
    ends: Int64
    firsts: Int64
    lasts: Int64
    odd: list[str]


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
    starts, ends, broken = _times([lines[at] for at in arrows])
    firsts = np.array(arrows, dtype=np.int64) + 1
    followings = np.append(firsts - 1, len(lines))[1:]
    lasts = _lasts(lines, firsts, followings)
    gaps = np.flatnonzero(followings - lasts > 1)
    outside = sum(_outside(lines, int(lasts[at]), int(followings[at])) for at in gaps)
    odd = [f"{broken} cues have unreadable times"] if broken else []
    odd += [f"{outside} lines outside any cue left out"] if outside else []
    return _Cues(to_ms(starts), to_ms(ends), firsts, lasts, odd)


def _times(lines: Sequence[str]) -> tuple[list[str], list[str], int]:
    """Read starts and ends; a cue whose times are unreadable stands at the end of the one before."""
    found = _TIMING.findall("\n".join(lines)) if lines else []
    starts, ends = [start for start, _ in found], [end for _, end in found]
    broken = [at for at, start in enumerate(starts) if not start]
    for at in broken:
        starts[at] = ends[at] = ends[at - 1] if at else _NOWHERE
    return starts, ends, len(broken)


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


def _track(text: str, lines: Sequence[str], cues: _Cues) -> tuple[Transcript, str, list[str]]:
    """Give the words, their kind, and why."""
    timed = "><c>" in text
    sizes = cues.lasts - cues.firsts
    marked, times = words.marked(_shown(lines, cues))
    tallies = np.array([line.count(MARK) for line in marked], dtype=np.int64)
    bare = [line.replace(MARK, "").strip() for line in marked]
    screens = rolling.Screens(np.array(bare, dtype=np.object_), sizes)
    heard = np.array(["<c>" in lines[last - 1] for last in cues.lasts.tolist()], dtype=np.bool_)
    counts = rolling.repeats(screens, cues.starts, cues.ends, heard & timed)
    repeated, shown = np.count_nonzero(counts), screens.filled()
    if not timed and 2 * repeated < max(shown, 2):
        return _plain(bare, lines, cues)
    new = rolling.fresh(screens, counts)
    starts, ends = (np.repeat(column, sizes)[new] for column in (cues.starts, cues.ends))
    joined, note = words.words(list(compress(marked, new.tolist())), times[np.repeat(new, tallies)], starts, ends)
    kind, why = _rolling_kind(text, timed)
    frame = f"{repeated} of {shown} screens repeat a line"
    joined = joined if timed else replace(joined, word_timed=False)
    return joined, kind, [why, frame, note] if note else [why, frame]


def _shown(lines: Sequence[str], cues: _Cues) -> list[str]:
    """Give the lines of all cues, one cue after the other."""
    sizes = cues.lasts - cues.firsts
    numbers = np.repeat(cues.lasts - np.cumsum(sizes), sizes)
    return [lines[at] for at in (numbers + np.arange(len(numbers))).tolist()]


def _plain(bare: Sequence[str], lines: Sequence[str], cues: _Cues) -> tuple[Transcript, str, list[str]]:
    """Give the words of cues that do not roll: each says something new."""
    stops = np.cumsum(cues.lasts - cues.firsts).tolist()
    spoken = [" ".join(bare[begin:stop]) for begin, stop in pairwise([0, *stops])]
    # Markup goes once more: 2 uploads of 167 hold it escaped, ``&lt;i&gt;``.
    joined, note = transcript(spoken, cues.starts, cues.ends)
    top = sum("line:0%" in lines[first - 1] for first in cues.firsts.tolist())
    kind, why = _cue_kind(joined.text, top, cues.starts, cues.ends)
    return joined, kind, [why, note] if note else [why]


def _rolling_kind(text: str, timed: bool) -> tuple[str, str]:
    if not timed:
        # Seen on machine translations into Arabic, but an original could look the same.
        return "unknown", "roll-up without word times: a machine's, original or translated"
    if words.translated(text):
        return "translated", "the blank stands after the word in word tags, as in machine translations"
    return "automatic", "word times in a roll-up frame"


def _cue_kind(text: str, top: int, starts: Int64, ends: Int64) -> tuple[str, str]:
    """Tell a live feed from captions that people made: capitals, at the top of the picture, cues over one another."""
    capitals = sum(map(str.isupper, text))
    small = sum(map(str.islower, text))
    overlaps = int(np.count_nonzero(starts[1:] < ends[:-1]))
    if capitals > _CAPITALS * (capitals + small) and 2 * top > len(starts) and overlaps > _OVERLAPS * len(starts):
        return "live", f"capitals at line:0%, {overlaps} of {len(starts)} cues overlap: a live feed"
    return "uploaded", "cues without word times or repeated lines"
