"""YouTube's own XML, in three versions that yt-dlp saves as srv1, srv2 and srv3.

    srv1   <transcript><text start="0.16" dur="4.3">             seconds, no word times, text escaped twice
    srv2   <timedtext><text t="160" d="4320" w="1" append="1">   ms; a word of automatic captions is a text that is added
    srv3   <timedtext format="3"><body><p t="160" d="4320" w="1" a="1"><s t="559">   ms; words are <s>, from the <p> on

Srv3 says what JSON3 says, and the same code reads both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crosscut.model import Record
from crosscut.read import names, xml
from crosscut.read.cues import record
from crosscut.read.dates import milliseconds
from crosscut.read.file import File
from crosscut.read.windows import Events, heard

NAME = "YouTube SRV"
ROLE = "captions"

_EVENTS = {"text", "p"}
_BREAK = "br"


def recognise(file: File) -> bool:
    """Tell by the first element; ``transcript`` is a common name, so its first text must have a time."""
    found = xml.first(file, 2)
    root = found[0][0] if found else ""
    return root == "timedtext" or (root == "transcript" and len(found) > 1 and "start" in found[1][1])


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    reader = _Reader()
    xml.parse(file, reader.opened, reader.closed, reader.said)
    language = names.split(file.name)[1]
    facts: names.Facts = {"platform": "youtube", **names.name_facts(file.name, language)}
    yield record(file.data, facts, [(heard(reader.events, ("automatic", "translated")), language)])


@dataclass(slots=True)
class _Reader:
    """Takes the events down as they come."""

    events: Events = field(default_factory=Events)
    inside: bool = False   # an event is open
    start: int = 0         # of the event, in ms
    time: int = 0          # of what is said next
    text: list[str] = field(default_factory=list)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if name in _EVENTS:
            self._event(attributes)
        elif self.inside and name == "s":
            if self.text:
                self._piece()
            self.time = self.start + _ms(attributes, "t")
        elif self.inside and name == _BREAK:
            self.text.append("\n")

    def said(self, text: str) -> None:
        if self.inside:
            self.text.append(text)

    def closed(self, name: str) -> None:
        if self.text and (name == "s" or name in _EVENTS):
            self._piece()
        if name in _EVENTS:
            self.inside = False

    def _event(self, attributes: dict[str, str]) -> None:
        start, length = (_seconds(attributes, "start"), _seconds(attributes, "dur")) if "start" in attributes else (
            _ms(attributes, "t"), _ms(attributes, "d"))
        self.inside, self.start, self.time = True, start, start
        added = "w" in attributes and ("a" in attributes or "append" in attributes)
        self.events.added += added
        # In srv2 a word that is added is a text of its own; it belongs to the line that stands.
        if not (added and "append" in attributes and self.events.starts):
            self.events.event(start, start + length)

    def _piece(self) -> None:
        self.events.piece("".join(self.text), self.time)
        self.text.clear()


def _ms(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else milliseconds(text, "ms") or 0


def _seconds(attributes: dict[str, str], name: str) -> int:
    return milliseconds(attributes.get(name), "s") or 0
