"""LRC: ``[mm:ss.xx] text``, one line a time, made for songs and written by some speech recognisers.

A line may have several times, and is then said at each.  In the enhanced form words have times of their own,
``<mm:ss.xx>``.  ``[offset:+500]`` means half a second earlier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from crosscut.clean import words
from crosscut.clean.times import to_ms
from crosscut.model import Record
from crosscut.read import names
from crosscut.read.blocks import top
from crosscut.read.cues import Cues, Heard, heard, is_single, record
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, text_of
from crosscut.read.file import File

NAME = "LRC"
ROLE = "captions"

_STAMP = r"(?:[0-9]{1,2}:[0-5][0-9]|[0-9]{1,3}):[0-5]?[0-9](?:\.[0-9]{1,3})?"
_TIMED = re.compile(rf"[ \t]*((?:\[{_STAMP}\][ \t]*)+)(.*)")
_WORD = re.compile(rf"<({_STAMP})>")
# Hundredths after a colon, as the oldest players write them.
_COLON = re.compile(r"(?<=[\[<])([0-9]{1,3}:[0-5]?[0-9]):([0-9]{2,3})(?=[\]>])")
_TAG = re.compile(r"[ \t]*\[([A-Za-z#][A-Za-z_]{0,15}):([^\]\n]*)\][ \t]*$")
_TAGS = {"al", "ar", "au", "by", "la", "length", "lr", "offset", "re", "ti", "tool", "ve", "#"}
#: With decimals: a plain "[12:30] text" stands in transcripts of any form.
_SURE = re.compile(r"[ \t]*\[(?:[0-9]{1,2}:)?[0-9]{1,3}:[0-5]?[0-9][.:][0-9]{2,3}\]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
#: A chorus has few times and is short; else a file of 1 MB could say a thousand.
_MOST, _LONGEST = 20, 200


def recognise(file: File) -> bool:
    """Tell by a time with decimals, with nothing but tags above it."""
    for line in top(head(file), 2 * len(_TAGS)):
        if _SURE.match(line):
            return True
        if not _TAG.match(line):
            return False
    return False


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    lines = _Lines.of(_COLON.sub(r"\1.\2", text_of(file).replace("\ufeff", "")))
    named = lines.tags.get("la", "").strip()
    language = lines.tags.pop("la").strip() if _LANGUAGE.fullmatch(named) else names.split(file.name)[1]
    length = milliseconds(lines.tags.pop("length", "").strip(), "s") or 0
    said: names.Facts = {"title": lines.tags.pop("ti", "").strip(), "duration_ms": length}
    facts = names.name_facts(file.name, language) | {fact: value for fact, value in said.items() if value}
    cues = lines.cues(length)
    yield record(file.data, facts, [(_heard(cues), language)], tuple(lines.tags.items()))


@dataclass(slots=True)
class _Lines:
    """What the lines of a file say: its tags, and each stretch of text with its time."""

    tags: dict[str, str] = field(default_factory=dict)
    stamps: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    loose: int = 0     # lines without a time
    above: int = 0     # those of them that no time stands above
    often: int = 0     # lines with more times than are believed

    @classmethod
    def of(cls, text: str) -> _Lines:
        """Take a text apart."""
        lines = cls()
        for line in text.split("\n"):
            if found := _TIMED.match(line):
                lines._timed(re.findall(_STAMP, found[1]), found[2])
            elif (tag := _TAG.match(line)) and (tag[1].lower() in _TAGS or not lines.stamps):
                lines.tags[tag[1].lower()] = tag[2]
            elif line.strip():
                lines._untimed(line)
        return lines

    def _timed(self, stamps: list[str], text: str) -> None:
        if len(stamps) > 1 and (len(stamps) > _MOST or len(text) > _LONGEST):
            self.often += 1
            stamps = stamps[:1]
        self.stamps += stamps
        # Times of words are those of the first time that the line is said.
        self.texts += [[text], *([_WORD.sub("", text)] for _ in stamps[1:])]

    def _untimed(self, line: str) -> None:
        if self.texts:
            self.loose += 1
            self.texts[-1].append(line)
        else:
            self.above += 1

    def cues(self, length: int) -> Cues:
        """Give the lines in order of time; each lasts until the next, the last one as long as the file says, in ms."""
        offset = milliseconds(self.tags.get("offset", "").strip().lstrip("+"), "ms") or 0
        times = to_ms(self.stamps) - offset
        order = np.argsort(times, kind="stable")
        starts = times[order]
        ends = np.append(starts, max(length - offset, *starts[-1:].tolist(), 0))[1:]
        odd = [f"{self.loose} lines without a time: said with the one above"] if self.loose else []
        odd += [f"{self.above} lines above the first time left out"] if self.above else []
        odd += [f"{self.often} lines with more than {_MOST} times, or long ones, said once"] if self.often else []
        texts = [self.texts[at] for at in order.tolist()]
        sizes = np.array([len(lines) for lines in texts], dtype=np.int64)
        return Cues(starts, ends, [line for lines in texts for line in lines], sizes, odd=odd)


def _heard(cues: Cues) -> Heard:
    """Give the words: each has its own time, or each line."""
    marked, times = words.marked(cues.lines, _WORD)
    if not len(times):
        return heard(cues)
    starts, ends = (np.repeat(column, cues.sizes) for column in (cues.starts, cues.ends))
    joined, note = words.words(marked, times, starts, ends)
    if is_single(joined):
        return joined, "asr", ["each word has a time of its own: speech recognition", *([note] if note else []), *cues.odd]
    return heard(Cues(cues.starts, cues.ends, [_WORD.sub("", line) for line in cues.lines], cues.sizes, odd=cues.odd))
