"""What do timed cues say, and what kind of captions are they?  The same answer for every format that has cues.

A track's kind shows only in its form.  Asked in this order:

1. Screens repeat lines of the screen before: a roll-up.  With word times it is YouTube's own, or its translation;
   without them, and if it is not live by the next rule, it was converted, and whether from an original or a translation
   is not to be seen.
2. Capitals, and ``>>`` for a new speaker or a place at the top of the picture: typed live for a broadcast.
3. One word a cue: speech recognition.
4. Each cue still stands while the next one comes: an automatic roll-up whose lines were written once.
5. Anything else was made or edited by people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from crosscut.clean import rolling, words
from crosscut.clean.text import MARK, transcript
from crosscut.clean.times import Bools, Int64
from crosscut.model import Record, Track, Transcript

#: What is found out of a track: its words, its kind, and why it is of this kind.
Heard = tuple[Transcript, str, list[str]]

#: Of 53 shows captioned live 83 to 99 letters of 100 are capitals (advertisements between are not); of 196 tracks that
#: people made, 8 at most.
_CAPITALS = 0.5
#: ``>>`` stands 6 to 28 times in 100 cues of those shows.
_SPEAKERS = 0.01
#: A live feed that lost characters: one cue of five starts while the last one still stands.
_DEBRIS = 0.2
#: An automatic roll-up whose lines were written once: nearly every cue; of those 196 tracks, 7 cues of 100 at most.
_STANDING = 0.5
#: Fewer cues than this say nothing about a habit.
_ENOUGH = 10
#: One word a cue, even if one cue of twenty has two.
_SINGLE = 1.05
# Scripts that put no blanks between words (Thai, Lao, Burmese, Khmer, Kana, Han): a cue of one "word" is a sentence.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Cues:
    """What is on the screen, cue after cue: ``sizes[i]`` lines, markup and all, from ``starts[i]`` to ``ends[i]`` ms.

    ``top`` counts the cues at the top of the picture; ``odd`` says in words what was odd about the file.
    """

    starts: Int64
    ends: Int64
    lines: Sequence[str]
    sizes: Int64
    top: int = 0
    odd: Sequence[str] = ()


def held(starts: Int64, ends: Int64, read: Bools) -> tuple[Int64, Int64, list[str]]:
    """Let each cue whose times could not be read stand at the end of the one before; say how many there were."""
    broken = len(read) - int(np.count_nonzero(read))
    if not broken:
        return starts, ends, []
    before = np.maximum.accumulate(np.where(read, np.arange(len(read)), -1))
    stands = np.where(before < 0, 0, ends[before])
    return (np.where(read, starts, stands), np.where(read, ends, stands), [f"{broken} cues have unreadable times"])


def shown(lines: Sequence[str], firsts: Int64, lasts: Int64) -> tuple[list[str], Int64]:
    """Give the lines of all cues, one cue after the other, and how many each has: from ``firsts`` up to ``lasts``."""
    sizes = lasts - firsts
    numbers = np.repeat(lasts - np.cumsum(sizes), sizes)
    return [lines[at] for at in (numbers + np.arange(len(numbers))).tolist()], sizes


def record(data: bytes, facts: Mapping[str, str | int], found: Sequence[tuple[Heard, str]],
           extra: tuple[tuple[str, str], ...] = ()) -> Record:
    """Give a record of one file with its tracks, each with its language; those without text are none."""
    tracks = tuple(Track(heard, kind, language, evidence="; ".join(evidence))
                   for (heard, kind, evidence), language in found if heard.text)
    return Record(data, facts, tracks, extra=extra, reason="" if tracks else "no text")


def heard(cues: Cues) -> Heard:
    """Give the words, their kind, and why."""
    text = "\n".join(cues.lines)
    timed = "><c>" in text
    marked, times = words.marked(cues.lines)
    bare = [line.replace(MARK, "").strip() for line in marked] if len(times) else list(map(str.strip, marked))
    screens = rolling.Screens(np.array(bare, dtype=np.object_), cues.sizes)
    counts = rolling.repeats(screens, cues.starts, cues.ends, _last_has_times(cues, timed))
    repeated, shown = np.count_nonzero(counts), screens.filled()
    if not timed and 2 * repeated < max(shown, 2):
        return _plain(screens, cues)
    new = rolling.fresh(screens, counts)
    tallies = np.array([line.count(MARK) for line in marked], dtype=np.int64)
    starts, ends = (np.repeat(column, cues.sizes)[new] for column in (cues.starts, cues.ends))
    joined, note = words.words(list(compress(marked, new.tolist())), times[np.repeat(new, tallies)], starts, ends)
    kind, why = _timed_kind(text) if timed else _untimed_kind(joined.text, cues)
    joined = joined if timed else replace(joined, word_timed=False)
    return joined, kind, _said(why, f"{repeated} of {shown} screens repeat a line", note, *cues.odd)


def _said(*evidence: str) -> list[str]:
    return [one for one in evidence if one]


def _last_has_times(cues: Cues, timed: bool) -> Bools:
    """Tell of which cues the last line has word times; plain captions are not looked through."""
    marks = np.zeros(len(cues.sizes), dtype=np.bool_)
    if timed:
        some = np.flatnonzero(cues.sizes > 0)
        marks[some] = ["<c>" in cues.lines[stop - 1] for stop in np.cumsum(cues.sizes)[some].tolist()]
    return marks


def _untimed_kind(said: str, cues: Cues) -> tuple[str, str]:
    if why := _live(said, cues, 0):
        return "live", why
    # Seen on machine translations into Arabic and on automatic captions converted to SubRip.
    return "unknown", "roll-up without word times: a machine's, original or translated"


def _timed_kind(text: str) -> tuple[str, str]:
    if words.translated(text):
        return "translated", "the blank stands after the word in word tags, as in machine translations"
    return "automatic", "word times in a roll-up frame"


def _plain(screens: rolling.Screens, cues: Cues) -> Heard:
    """Give the words of cues that do not roll: each says something new."""
    filled, firsts, stops = screens.shown()
    spoken: list[str] = screens.lines[filled].tolist()
    said = np.flatnonzero(stops > firsts)
    if len(spoken) > len(said):  # else each has one line
        bounds = zip(firsts[said].tolist(), stops[said].tolist(), strict=True)
        spoken = [" ".join(spoken[first:stop]) for first, stop in bounds]
    # Markup goes once more: 2 uploads of 167 hold it escaped, ``&lt;i&gt;``.
    joined, note = transcript(spoken, cues.starts[said], cues.ends[said])
    overlaps = int(np.count_nonzero(cues.starts[1:] < cues.ends[:-1]))
    if why := _live(joined.text, cues, overlaps):
        return joined, "live", _said(why, note, *cues.odd)
    if len(joined.offsets) >= _ENOUGH and is_single(joined) and not _SPACELESS.search(joined.text):
        count = joined.text.count(" ") + 1
        why = f"{count} words in {len(joined.offsets)} cues: speech recognition"
        return replace(joined, word_timed=count == len(joined.offsets)), "asr", _said(why, note, *cues.odd)
    if len(cues.starts) >= _ENOUGH and overlaps > _STANDING * len(cues.starts):
        why = f"{overlaps} of {len(cues.starts)} cues stand while the next one comes: a machine's, original or translated"
        return until_the_next(joined), "unknown", _said(why, note, *cues.odd)
    return joined, "uploaded", _said("cues without word times or repeated lines", note, *cues.odd)


def _live(text: str, cues: Cues, overlaps: int) -> str:
    """Say by what one tells captions typed live for a broadcast, and whether they lost characters, or ""."""
    capitals, small = _cases(text)
    if capitals <= _CAPITALS * (capitals + small):
        return ""
    if 2 * cues.top > len(cues.starts):
        lost = overlaps > _DEBRIS * len(cues.starts)
        return ("debris: " if lost else "") + f"capitals at line:0%, {overlaps} of {len(cues.starts)} cues overlap"
    return "capitals, and >> for a new speaker" if text.count(">>") > _SPEAKERS * len(cues.starts) else ""


def _cases(text: str) -> tuple[int, int]:
    """Count capitals and small letters: each distinct character is looked at once."""
    counts = np.bincount(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
    met = {chr(code): int(counts[code]) for code in np.flatnonzero(counts).tolist()}
    return (sum(count for letter, count in met.items() if letter.isupper()),
            sum(count for letter, count in met.items() if letter.islower()))


def is_single(joined: Transcript) -> bool:
    """Tell whether nearly each anchor is that of one word."""
    return 0 < joined.text.count(" ") + 1 <= _SINGLE * len(joined.offsets)


def until_the_next(joined: Transcript) -> Transcript:
    """Let each cue end where the next one starts."""
    ends = joined.ends.copy()
    ends[:-1] = np.minimum(ends[:-1], joined.starts[1:])
    return replace(joined, ends=ends)
