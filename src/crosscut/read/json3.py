"""YouTube's JSON3: caption events with word times, exact to the millisecond."""

from __future__ import annotations

from collections.abc import Iterator

from crosscut.clean.text import sound
from crosscut.errors import UnreadableFile
from crosscut.model import Record
from crosscut.read import names
from crosscut.read.cues import record
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, json_of
from crosscut.read.file import File
from crosscut.read.windows import Events, heard

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
    language = names.split(file.name)[1]
    facts: names.Facts = {"platform": "youtube", **names.name_facts(file.name, language)}
    yield record(file.data, facts, [(heard(_events(listed), ("automatic", "translated")), language)])


def _events(listed: list[object]) -> Events:
    events = Events()
    for event in listed:
        if not isinstance(event, dict) or not isinstance(event.get("segs"), list):
            continue
        start = _ms(event, "tStartMs")
        events.event(start, start + _ms(event, "dDurationMs"))
        events.added += "aAppend" in event and "wWinId" in event
        for piece in event["segs"]:
            if isinstance(piece, dict) and isinstance(piece.get("utf8"), str):
                events.piece(sound(piece["utf8"]), start + _ms(piece, "tOffsetMs"))
    return events


def _ms(values: Object, name: str) -> int:
    return milliseconds(values.get(name, 0), "ms") or 0
