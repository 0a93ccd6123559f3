"""TTML and its kin: DFXP, EBU-TT, EBU-TT-D, IMSC, YouTube's ``ttml``; any prefix, any namespace or none.

Times are those of the nearest element that has some, counted from when the element around it begins.  A span that has
an end of its own is shown by itself; one that only begins later is a piece of its paragraph.

Members of the EBU count from 10:00:00 (or 20:00:00), where programmes begin on tape.  That is taken off where the file
says so (``documentStartOfProgramme``), or is made by the EBU's rules and begins within ten minutes after it.  Times
that late for any other reason stay; in both cases the evidence says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crosscut.model import Record
from crosscut.read import names, xml
from crosscut.read.clock import Clock
from crosscut.read.cues import record
from crosscut.read.file import File
from crosscut.read.windows import Events, heard

NAME = "TTML"
ROLE = "captions"

_TIMED = {"body", "div", "p", "span"}
_PROGRAMME = "documentStartOfProgramme"
_HOUR, _MINUTE = 3_600_000, 60_000
#: Times that begin later than this count from somewhere else than the video does.
_LATE = 10 * _HOUR
_NEVER = -1
_MOST_LANGUAGES = 20


def recognise(file: File) -> bool:
    """Tell by the first element."""
    found = xml.first(file, 1)
    return bool(found) and found[0][0] == "tt"


def read(file: File) -> Iterator[Record]:
    """Give the tracks of the file: one, or one for each language if its divisions have several."""
    reader = _Reader()
    xml.parse(file, reader.opened, reader.closed, reader.said)
    events, late = _from_zero(reader.finished(), reader)
    named = names.split(file.name)[1]
    tracks = []
    for language, chosen in _by_language(reader.languages).items():
        words, kind, why = heard(_in_order(events, chosen), ("asr", "asr"))
        tracks.append(((words, kind, [*why, *late]), language or named))
    facts = names.name_facts(file.name, tracks[0][1] if len(tracks) == 1 else "" if tracks else named)
    yield record(file.data, facts, tracks, tuple(reader.metadata))


@dataclass(slots=True)
class _Frame:
    """An open element: when it is shown, what it hands down, and what it interrupted."""

    begin: int
    end: int                   # _NEVER: not said
    after: int                 # when the next child begins that says nothing else
    sequence: bool = False     # children come one after the other, not at once
    preserve: bool = False     # line ends and blanks in the text are meant
    language: str = ""
    piece: bool = False        # its text is a piece of its own
    stretch: tuple[int, int] | None = None


@dataclass(slots=True)
class _Reader:
    """Takes the events down as they come."""

    events: Events = field(default_factory=Events)
    languages: list[str] = field(default_factory=list)            # of each event
    metadata: list[tuple[str, str]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    root: dict[str, str] = field(default_factory=dict)
    open: list[_Frame] = field(default_factory=lambda: [_Frame(0, _NEVER, 0)])
    paragraphs: int = 0                     # that are open
    muted: int = 0                          # elements that are open inside a paragraph and hold no speech
    head: bool = False
    leaf: str = ""                          # the element of the head that may hold a text
    text: list[str] = field(default_factory=list)
    stretch: tuple[int, int] = (0, 0)       # the event that is said next, from when to when
    begun: bool = False                     # it stands among the events
    time: int = 0                           # when the next piece is said
    unread: int = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.muted:
            self.muted += 1
        elif name in _TIMED:
            self._timed(name, attributes)
        elif self.paragraphs:
            if name == "br":
                self.text.append("\n")
            else:
                self.muted = 1
        elif name == "tt":
            self.root, self.clock = attributes, Clock.of(attributes)
            self._push(0, _NEVER, attributes)
        else:
            self.head = self.head or name == "head"
            self.leaf = name if self.head else ""
            self.text.clear()

    def said(self, text: str) -> None:
        if self.paragraphs and not self.muted:
            self.text.append(text if self.open[-1].preserve else text.replace("\n", " "))
        elif self.leaf:
            self.text.append(text)

    def closed(self, name: str) -> None:
        if self.muted:
            self.muted -= 1
        elif name in _TIMED:
            self._close(name)
        elif self.leaf:
            if name == self.leaf and (text := " ".join("".join(self.text).split())):
                self.metadata.append((name, text))
            self.leaf = ""
            self.text.clear()
        self.head = self.head and name != "head"

    def finished(self) -> Events:
        """Give the events; one without an end lasts until the next begins."""
        starts, ends = self.events.starts, self.events.ends
        for at, end in enumerate(ends):
            if end == _NEVER:
                ends[at] = max([*starts[at + 1:at + 2], starts[at]])
        self.events.odd += [f"{self.unread} times could not be read"] if self.unread else []
        return self.events

    def _timed(self, name: str, attributes: dict[str, str]) -> None:
        begin, end = self._times(attributes)
        self._push(begin, end, attributes, name in ("body", "div"))
        self.paragraphs += name == "p"
        own = self.paragraphs > 0 and (name == "p" or "end" in attributes or "dur" in attributes)
        if own or (self.paragraphs and "begin" in attributes):
            self._piece()
            self.open[-1].piece, self.time = True, begin
        if own:
            self.open[-1].stretch = self.stretch
            self.stretch, self.begun = (begin, end), False

    def _push(self, begin: int, end: int, attributes: dict[str, str], speaks: bool = True) -> None:
        around = self.open[-1]
        space, language = attributes.get("xml:space"), attributes.get("xml:lang") if speaks else None
        self.open.append(_Frame(
            begin, end, begin, attributes.get("timeContainer") == "seq",
            around.preserve if space is None else space == "preserve",
            around.language if language is None else "" if language == "und" else language))

    def _close(self, name: str) -> None:
        frame = self.open[-1]
        if frame.piece:
            self._piece()
        if frame.stretch is not None:
            # What follows a span is said after it, although it stands on the screen from the paragraph's begin on.
            self.stretch, self.begun = (max(frame.stretch[0], frame.begin), frame.stretch[1]), False
            self.time = self.stretch[0]
            self.text.clear()  # a line end that nothing follows
        self.open.pop()
        self.paragraphs -= name == "p"
        self.open[-1].after = max(frame.end, frame.after)

    def _times(self, attributes: dict[str, str]) -> tuple[int, int]:
        """Give when an element is shown, from when to when."""
        around = self.open[-1]
        base = around.after if around.sequence else around.begin
        start, until = base, around.end
        if "begin" in attributes:
            begin = self._read(attributes["begin"])
            # As everywhere: what has no readable time stands at the end of the one before.
            start = base + begin if begin >= 0 else max([base, *self.events.ends[-1:]])
        for name, since in (("end", base), ("dur", start)):
            if name in attributes and (time := self._read(attributes[name])) >= 0:
                until = since + time if until < 0 else min(until, since + time)
        return (min(start, around.end) if around.end >= 0 else start), until

    def _read(self, text: str) -> int:
        time = self.clock.ms(text)
        self.unread += time is None
        return _NEVER if time is None else time

    def _piece(self) -> None:
        """Write down what was said since the last piece; a blank waits for the word that follows it."""
        if not self.text:
            return
        text = "".join(self.text)
        if not text or text.isspace():
            return
        if not self.begun:
            self.events.event(*self.stretch)
            self.languages.append(self.open[-1].language)
            self.begun = True
        self.events.piece(text, self.time)
        self.text.clear()


def _by_language(languages: list[str]) -> dict[str, list[int]]:
    """Give the numbers of the events in each language; all are one where there are more than people translate into."""
    found: dict[str, list[int]] = {}
    for at, language in enumerate(languages):
        found.setdefault(language, []).append(at)
    return found if len(found) <= _MOST_LANGUAGES else {"": list(range(len(languages)))}


def _in_order(events: Events, chosen: list[int]) -> Events:
    """Give the chosen events in order of time: divisions for two speakers may stand one after the other."""
    ordered = sorted(chosen, key=events.starts.__getitem__)
    moved = sum(one != other for one, other in zip(chosen, ordered, strict=True))
    if not moved and len(chosen) == len(events.starts):
        return events
    taken = events.take(ordered)
    taken.odd = events.odd + ([f"{moved} of {len(chosen)} cues stood out of order: sorted"] if moved else [])
    return taken


def _from_zero(events: Events, reader: _Reader) -> tuple[Events, list[str]]:
    """Take off what times of the EBU begin with; say what was done, and what was left."""
    first = min(events.starts, default=0)
    said = next((text for name, text in reader.metadata if name == _PROGRAMME), "")
    declared = reader.clock.ms(said) or 0
    if 0 < declared < first + _MINUTE:
        return events.earlier(declared), [f"times count from {said}, where the file says that the programme starts"]
    by_rule = any(value.startswith("urn:ebu:") for value in reader.root.values())
    for usual in ("20:00:00", "10:00:00") if by_rule else ():
        start = reader.clock.ms(usual) or 0
        if 0 <= first - start < 10 * _MINUTE:
            return events.earlier(start), [f"times count from {usual}, as the EBU has it: taken off"]
    if first >= _LATE:
        return events, [f"times begin at {first // _HOUR}:{first % _HOUR // _MINUTE:02}, and were left so"]
    return events, []
