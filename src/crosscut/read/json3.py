"""YouTube's JSON3: caption events with word times, exact to the millisecond."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from crosscut.clean.text import sound, transcript
from crosscut.errors import UnreadableFile
from crosscut.model import Record, Track, Transcript
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, json_of
from crosscut.read.file import File
from crosscut.read.names import split, video_id

NAME = "YouTube JSON3"
ROLE = "captions"

Object = dict[str, object]


def recognise(file: File) -> bool:
    """Tell by the names of its first keys."""
    first = head(file).lstrip("\ufeff \t\r\n")
    return first.startswith("{") and '"events"' in first and ('"wireMagic"' in first or '"tStartMs"' in first)


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    whole = json_of(file)
    listed = whole.get("events") if isinstance(whole, dict) else None
    if not isinstance(listed, list):
        raise UnreadableFile("no captions", "there is no list of events")
    events = [event for event in listed if isinstance(event, dict) and isinstance(event.get("segs"), list)]
    language = split(file.name)[1]
    identity = video_id(file.name)
    said = {"platform": "youtube", "id": identity, "language": language}
    facts: dict[str, str | int] = {fact: value for fact, value in said.items() if value}
    kind, why = _kind(events)
    heard, note = _words(events, kind != "uploaded")
    if not heard.text:
        yield Record(file.data, facts, reason="no text")
        return
    evidence = f"{why}; {note}" if note else why
    yield Record(file.data, facts, (Track(heard, kind, language, evidence=evidence),))


def _segments(event: Object) -> list[Object]:
    """Give the pieces of an event that hold text."""
    listed = event.get("segs")
    pieces = listed if isinstance(listed, list) else []
    return [piece for piece in pieces if isinstance(piece, dict) and isinstance(piece.get("utf8"), str)]


def _kind(events: list[Object]) -> tuple[str, str]:
    pieces = [piece for event in events for piece in _segments(event)]
    marked = sum("acAsrConf" in piece or "tOffsetMs" in piece for piece in pieces)
    if not marked and not any("aAppend" in event and "wWinId" in event for event in events):
        return "uploaded", "no word times, no windows that roll up"
    texts = [str(piece["utf8"]) for piece in pieces]
    before = sum(text[:1] == " " for text in texts)
    after = sum(text[-1:] == " " for text in texts)
    if after > before:
        return "translated", "the blank stands after the word, as in machine translations"
    return "automatic", f"{marked} of {len(pieces)} pieces have word times"


def _words(events: list[Object], timed: bool) -> tuple[Transcript, str]:
    """Join the pieces: each word has a time of its own, or each event when they are cues."""
    pieces, starts, ends = [], [], []
    for event in events:
        start = milliseconds(event.get("tStartMs"), "ms") or 0
        end = start + (milliseconds(event.get("dDurationMs"), "ms") or 0)
        texts = _segments(event)
        if not timed:
            texts = [{"utf8": "".join(str(piece["utf8"]) for piece in texts)}]
        pieces += [str(piece["utf8"]) for piece in texts[:-1]] + [f"{piece['utf8']}\n" for piece in texts[-1:]]
        starts += [start + (milliseconds(piece.get("tOffsetMs", 0), "ms") or 0) for piece in texts]
        ends += [end] * len(texts)
    spoken = [at for at, piece in enumerate(pieces) if not piece.isspace()]
    began, until = np.array(starts, np.int64)[spoken], np.array(ends, np.int64)[spoken]
    if timed:  # windows overlap while they roll: a word is over when the next one starts
        until[:-1] = np.minimum(until[:-1], np.maximum(began[1:], began[:-1]))
    return transcript([sound(pieces[at]) for at in spoken], began, until, glue="", word_timed=timed)
