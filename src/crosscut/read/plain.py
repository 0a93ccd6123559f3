"""Plain text: a transcript of which only its name says anything.

Tried last, and only on files that are named ``.txt`` or ``.text``: prose has no marks of its own.  A folder of captions
holds other text files too, which are no speech; those that show it by their names or their lines are turned away with a
reason.  Where lines begin with clock readings, as in what people copy from under a video, these are times, not words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from crosscut.clean.text import transcript, untimed
from crosscut.errors import UnreadableFile
from crosscut.model import Record, Track, Transcript
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, text_of
from crosscut.read.file import File
from crosscut.read.names import base, name_facts, split

NAME = "plain text"
ROLE = "captions"

_NAMED = re.compile(r"\.te?xt$", re.IGNORECASE)
# Markup, JSON and WebVTT at the start, or the times of cues: other formats, if only they could be read.
_OTHER = re.compile(r'(?:<[!?/A-Za-z]|[\[{]\s*["{\[]|WEBVTT)')
_CUE = re.compile(r"^[0-9]{1,2}:[0-9]{2}:[0-9]{2}[.,][0-9]{2,3}(?: -->|,[0-9]{1,2}:)", re.MULTILINE)
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_ABOUT = re.compile(
    r"(?:[a-z0-9]{1,20}[_-])?(?:authors?|changelog|changes|citation|code[ _-]of[ _-]conduct|contributing|contributors"
    r"|copying|copyright|credits|disclaimer|humans|install|licen[cs]e|(?:release[ _-])?notes?|notice|read[ _-]?me"
    r"|requirements|robots|todo)"
    r"(?:[._-][a-z0-9.]{1,12}){0,2}", re.IGNORECASE)
# An address, a path, an id, or a platform and an id, as download archives have them.
_ENTRY = re.compile(r"(?:[a-z]{2,20} )?\S*[0-9/\\_]\S*|.*\.(?:txt|vtt|srt|json|mp4|mkv|mp3|wav|jpg|png)", re.IGNORECASE)
_CLOCK = r"(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?"
_READING = re.compile(rf"[\[(]?({_CLOCK})(?:[ \t]?[-–][ \t]?{_CLOCK})?[\])]?(?:[ \t]*[-–:](?=\s)|(?=\s|$))[ \t]*")
_HOUR = re.compile(r"[0-2]?[0-9]([.:-])[0-5][0-9]\1[0-5][0-9]\b[ ._-]*")
#: Names that say nothing of the video; its folder may.
_NAMELESS = re.compile(r"(?:captions?|content|output|script|speech|subtitles?|text|transcript(?:ion)?)[0-9]{0,3}",
                       re.IGNORECASE)
#: So many of a hundred lines make a file a list, a table, or a text with times.
_LISTED, _CLOCKED = 60, 25
_FEWEST = 3
#: An entry of a list is no longer.
_LONG = 500
_EVIDENCE = "plain text: nothing says whose words these are"


def recognise(file: File) -> bool:
    """Tell by the name, and that the text is of no other form, whether that has a reader or not."""
    if not _NAMED.search(file.name) or not file.data:
        return False
    first = head(file).lstrip("\ufeff \t\r\n")
    return _CONTROL.search(first) is None and _OTHER.match(first) is None and _CUE.search(first) is None


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file; files about files are ``UnreadableFile`` with a reason."""
    stem, language = split(file.name)
    if _ABOUT.fullmatch(stem):
        raise UnreadableFile("readme, licence or notes, not a transcript")
    text = text_of(file).lstrip("\ufeff")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    readings = _readings(lines)
    if reason := "" if readings else _reason(lines):
        raise UnreadableFile(reason)
    heard, evidence = _timed(lines, readings) if readings else (untimed(text), _EVIDENCE)
    facts = _facts(file.name, language)
    if not heard.text:
        yield Record(file.data, facts, reason="no text")
        return
    yield Record(file.data, facts, (Track(heard, "unknown", language, evidence=evidence),))


def _reason(lines: Sequence[str]) -> str:
    """Say why lines are no speech, or ""."""
    if 100 * sum(len(line) < _LONG and _ENTRY.fullmatch(line) is not None for line in lines) > _LISTED * len(lines):
        return "list of files, links or ids, not a transcript"
    tabs = Counter(line.count("\t") for line in lines if "\t" in line)
    if len(lines) >= _FEWEST and tabs and 100 * max(tabs.values()) > _LISTED * len(lines):
        return "table: write a mapping"
    return ""


def _readings(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """Give which lines begin with a clock reading, where their text begins, and its ms; [] where these are no times."""
    found = [(at, reading.end(), milliseconds(reading[1], "s") or 0) for at, line in enumerate(lines)
             if (reading := _READING.match(line))]
    times = [time for _, _, time in found]
    enough = len(found) >= _FEWEST and 100 * len(found) >= _CLOCKED * len(lines)
    return found if enough and times == sorted(times) else []


def _timed(lines: Sequence[str], readings: Sequence[tuple[int, int, int]]) -> tuple[Transcript, str]:
    """Give the text between the readings at their times, and what stands above the first at its time too."""
    stops = [*(at for at, _, _ in readings[1:]), len(lines)]
    pieces = [" ".join(lines[:readings[0][0]])]
    pieces += [" ".join([lines[at][begin:], *lines[at + 1:stop]])
               for (at, begin, _), stop in zip(readings, stops, strict=True)]
    starts = [readings[0][2], *(time for _, _, time in readings)]
    heard, note = transcript(pieces, starts, [*starts[1:], starts[-1]])
    return heard, "; ".join(filter(None, (_EVIDENCE, f"{len(readings)} lines begin with a time", note)))


def _facts(name: str, language: str) -> dict[str, str | int]:
    facts = name_facts(name, language) | ({"language": language} if language else {})
    title = str(facts.pop("title", ""))
    if "published" in facts and "id" not in facts:
        title = _HOUR.sub("", title, count=1) if _HOUR.match(title) else title
    elif "id" not in facts:
        stem, folder = split(name)[0], base(name.replace("\\", "/").rpartition("/")[0])
        title = folder if _NAMELESS.fullmatch(stem) and folder else stem
    return facts | ({"title": title.strip()} if title.strip() else {})
