"""Which of the lines on a roll-up screen are new?

**Screens** (WebVTT and the like).  A roll-up caption shows each line twice or more: spoken at the bottom, then pushed
up by the next one.  YouTube writes a long screen ``[line before, new line]``, then one of 10 ms
``[new line, blank]``, and a screen of two blanks after a silence.  The rule, found on 17,145 such pairs:

1. Whenever something new is said the screen moves up by at least a line.  So lines at the top that are what the
   screen before ended with are repeats, but never all of them: ``[Gaza., Gaza.]`` after ``[…, Gaza.]`` says *Gaza.*
   once more.
2. A screen that is nothing but what the one before ended with (``[Gaza., blank]``) says nothing new, unless its last
   line has word times, which only new speech has, or there was no screen at all in between.
3. After a blank screen, and when the top line is blank while the one below is not, nothing is a repeat.

**Segments** (screens turned to JSON: two lines run together, the line ends lost).  Each line still stands twice.  In
the usual form a segment begins with what the one before added; in the merged form a segment holds several screens,
``a b b c c d``, and the next begins with ``d``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.clean.times import Int64

#: Most lines that one screen can share with the next; broadcast roll-up shows four at most.
_DEEPEST = 8
#: Most words of one displayed line: 42 characters seldom hold more than a dozen.
_WIDEST = 16
#: A screen or segment not longer than this only tidies up: YouTube's last 10 ms, other tools round to 20.
_TIDY_MS = 20


@dataclass(frozen=True, slots=True)
class Screens:
    """The lines of all screens, top line first, without markup, blank ones ""; and how many each screen has."""

    lines: npt.NDArray[np.object_]
    sizes: Int64

    def shown(self) -> tuple[npt.NDArray[np.bool_], Int64, Int64]:
        """Tell which lines are not blank, and from which of those to which each screen has."""
        filled = self.lines.astype(np.bool_)
        tally, stops = np.append(0, np.cumsum(filled)), np.cumsum(self.sizes)
        return filled, tally[stops - self.sizes], tally[stops]

    def filled(self) -> int:
        """Count the screens with anything on them."""
        _, firsts, stops = self.shown()
        return int(np.count_nonzero(stops - firsts))


def repeats(screens: Screens, starts: Int64, ends: Int64, heard: npt.NDArray[np.bool_]) -> Int64:
    """Count for each screen the lines that repeat the one before; blank lines are not counted.

    ``heard`` says whether the last line of a screen has word times.
    """
    filled, firsts, stops = screens.shown()
    lines, sizes = screens.lines[filled], stops - firsts
    before = np.append(0, sizes)[:-1]
    topped = np.append(filled, False)[np.cumsum(screens.sizes) - screens.sizes]
    able = topped & (sizes > 0) & (before > 0)
    counts = np.zeros(len(sizes), dtype=np.int64)
    for depth in range(1, min(int(sizes.max(initial=0)), _DEEPEST + 1)):
        some = np.flatnonzero(able & (sizes > depth) & (before >= depth))
        counts[some[_same(lines, firsts[some], depth)]] = depth
    new = heard | (starts > np.append(-1, ends)[:-1])
    whole = able & ~new & (counts == 0) & (before >= sizes)
    for depth in set(sizes[whole].tolist()):
        some = np.flatnonzero(whole & (sizes == depth))
        counts[some[_same(lines, firsts[some], depth)]] = depth
    return counts


def _same(lines: npt.NDArray[np.object_], firsts: Int64, depth: int) -> npt.NDArray[np.bool_]:
    """Tell where the lines from ``firsts`` on are the same as those just before."""
    here = firsts[:, None] + np.arange(depth)
    return np.asarray((lines[here] == lines[here - depth]).all(axis=1))


def fresh(screens: Screens, counts: Int64) -> npt.NDArray[np.bool_]:
    """Tell which lines are neither blank nor repeats."""
    filled, firsts, stops = screens.shown()
    filled[filled] = np.arange(np.count_nonzero(filled)) >= np.repeat(firsts + counts, stops - firsts)
    return filled


def unroll(texts: Sequence[str], lasting: Sequence[int]) -> list[str] | None:
    """Give what each segment adds ("" for nothing), or None when the segments do not roll.

    ``lasting`` are their lengths in ms: only that tells a repeated display from a line said again after a silence.
    """
    if len(texts) < 2:
        return None
    added, repeated = _stepwise(texts, lasting)
    if 2 * repeated >= len(texts) - 1:
        return added
    added, doubled = _merged(texts)
    # Plain speech doubles stretches of two words or more in 1 word of 100; merged screens nearly everywhere.
    return added if 2 * doubled >= sum(len(text.split()) for text in added) > 0 else None


def _stepwise(texts: Sequence[str], lasting: Sequence[int]) -> tuple[list[str], int]:
    """Undo the usual form; count the segments that began with the line before."""
    added, repeated, line = [], 0, ""
    for text, length in zip(texts, lasting, strict=True):
        rest = text[len(line):]
        if line and text.startswith(line) and rest[:1] in (" ", "\n"):
            new, repeated = rest.strip(), repeated + 1
        elif text == line and length <= _TIDY_MS:
            new = ""
        else:
            new = text
        added.append(new)
        line = new.rpartition("\n")[2].strip() or line
    return added, repeated


def _merged(texts: Sequence[str]) -> tuple[list[str], int]:
    """Undo the merged form; count the words found doubled, in stretches of two words or more."""
    words = [text.split() for text in texts]
    added, doubled, carried = [], 0, 0
    for at, here in enumerate(words):
        tail = _shared(here, words[at + 1]) if at + 1 < len(words) else 0
        middle, found = _halve(here[carried:len(here) - tail] if carried + tail <= len(here) else [])
        added.append(" ".join(middle + (here[len(here) - tail:] if tail else [])))
        doubled, carried = doubled + found + (tail if tail > 1 else 0), tail
    return added, doubled


def _shared(before: list[str], after: list[str]) -> int:
    """Count the words that end ``before`` and begin ``after``: the longest such line."""
    for size in range(min(len(before), len(after), _WIDEST), 0, -1):
        if before[-size:] == after[:size]:
            return size
    return 0


def _halve(words: list[str]) -> tuple[list[str], int]:
    """Write each line that stands twice in a row once, the longest first; words that do not stay as they are."""
    single: list[str] = []
    at = doubled = 0
    while at < len(words):
        size = min(_WIDEST, (len(words) - at) // 2)
        while size and words[at:at + size] != words[at + size:at + 2 * size]:
            size -= 1
        single += words[at:at + max(size, 1)]
        doubled += size if size > 1 else 0
        at += 2 * size or 1
    return single, doubled
