"""What do captions say that are written piece by piece?  (YouTube's JSON3 and SRV, timed spans of TTML.)

An event is a stretch of text that appears at a time; its pieces may appear later, each at its own.  In automatic
captions a piece is a word with the blank before it, in machine translations with the blank after it.  Captions of a
broadcast that were sent two letters at a time are pieces too, but no words: ``TH``, ``E M``, ``AY``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from crosscut.clean.text import transcript
from crosscut.clean.times import Bools, Int64
from crosscut.model import Transcript
from crosscut.read import cues
from crosscut.read.cues import Cues, Heard

#: Pieces are words if they hold fewer than this many each: ``>> Good`` is one, and ``[ __ ]``.
_WORDS = 1.5


@dataclass(slots=True)
class Events:
    """Events in order, and the pieces of all of them; all times in ms from the start of the video."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)     # pieces of each event
    texts: list[str] = field(default_factory=list)     # of each piece
    times: list[int] = field(default_factory=list)
    added: int = 0                                     # events that go on in a window which rolls up
    odd: list[str] = field(default_factory=list)

    def event(self, start: int, end: int) -> None:
        """Begin an event; the pieces that follow are its own."""
        self.starts.append(start)
        self.ends.append(end)
        self.sizes.append(0)

    def piece(self, text: str, time: int) -> None:
        """Add a piece to the last event."""
        self.texts.append(text)
        self.times.append(time)
        self.sizes[-1] += 1

    def take(self, events: Sequence[int]) -> Events:
        """Give some of the events, in this order."""
        stops = np.cumsum(self.sizes).tolist()
        pieces = [at for event in events for at in range(stops[event] - self.sizes[event], stops[event])]
        starts, ends, sizes = ([column[at] for at in events] for column in (self.starts, self.ends, self.sizes))
        texts, times = [self.texts[at] for at in pieces], [self.times[at] for at in pieces]
        return Events(starts, ends, sizes, texts, times, self.added, self.odd)

    def earlier(self, ms: int) -> Events:
        """Give all events so much earlier."""
        starts, ends, times = ([time - ms for time in column] for column in (self.starts, self.ends, self.times))
        return Events(starts, ends, self.sizes, self.texts, times, self.added, self.odd)


def heard(events: Events, kinds: tuple[str, str]) -> Heard:
    """Give the words, their kind, and why.

    ``kinds`` are those of captions whose pieces are words: with the blank before the word, and after it.
    """
    sizes, texts = np.array(events.sizes, np.int64), events.texts
    times = np.array(events.times, np.int64)
    spoken = np.array([not text.isspace() and text != "" for text in texts], dtype=np.bool_)
    timed = (times > np.repeat(np.array(events.starts, np.int64), sizes)) & spoken
    later = [texts[at] for at in np.flatnonzero(timed).tolist()]
    before, after = sum(text[0].isspace() for text in later), sum(text[-1].isspace() for text in later)
    if 2 * max(before, after) < max(len(later), 1):
        return _cues(events, sizes, texts, len(later))
    joined, note = _words(events, sizes, texts, times, spoken)
    if joined.text.count(" ") >= _WORDS * len(joined.offsets):
        return _cues(events, sizes, texts, len(later))
    where = "after" if after > before else "before"
    why = f"{len(later)} of {len(texts)} pieces have word times, the blank {where} the word"
    return joined, kinds[after > before], [why, *([note] if note else []), *events.odd]


def _words(events: Events, sizes: Int64, texts: list[str], times: Int64, spoken: Bools) -> tuple[Transcript, str]:
    """Join pieces that are words; an event's end and a piece without words part them."""
    pieces, kept = list(texts), np.flatnonzero(spoken)
    parted = np.union1d((np.cumsum(sizes) - 1)[sizes > 0], np.flatnonzero(~spoken))
    for at in np.unique(np.append(-1, kept)[np.searchsorted(kept, parted, side="right")]).tolist():
        pieces[at] += "\n"
    began, until = times[kept], np.repeat(np.array(events.ends, np.int64), sizes)[kept]
    # Windows overlap while they roll: a word is over when the next one starts.
    until[:-1] = np.minimum(until[:-1], np.maximum(began[1:], began[:-1]))
    return transcript([pieces[at] for at in kept.tolist()], began, until, glue="", word_timed=True)


def _cues(events: Events, sizes: Int64, texts: list[str], timed: int) -> Heard:
    """Read events whose pieces are no words as cues."""
    stops = np.cumsum(sizes)
    whole = ["".join(texts[begin:stop]) for begin, stop in zip((stops - sizes).tolist(), stops.tolist(), strict=True)]
    said = [at for at, text in enumerate(whole) if text and not text.isspace()]
    screens = [whole[at].split("\n") for at in said]
    starts, ends = (np.array(column, np.int64)[said] for column in (events.starts, events.ends))
    lines = [line for screen in screens for line in screen]
    joined, kind, why = cues.heard(Cues(starts, ends, lines, _sizes(screens), odd=events.odd))
    if kind == "uploaded" and events.added and not timed:
        why[0] = "windows that roll up, without word times: a machine's, original or translated"
        return cues.until_the_next(joined), "unknown", why
    return joined, kind, why


def _sizes(screens: Iterable[list[str]]) -> Int64:
    return np.array([len(screen) for screen in screens], np.int64)
