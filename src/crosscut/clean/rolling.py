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

#: Most lines that one screen can share with the next; broadcast roll-up shows four at most.
_DEEPEST = 8
#: Most words of one displayed line: 42 characters seldom hold more than a dozen.
_WIDEST = 16
#: A screen or segment not longer than this only tidies up: YouTube's last 10 ms, other tools round to 20.
_TIDY_MS = 20


def _repeated(before: Sequence[str], shown: Sequence[str], new: bool) -> int:
    """Count the lines at the top of ``shown`` that were already on the screen; not all of them when some are new."""
    for depth in range(min(len(before), len(shown) - 1, _DEEPEST), 0, -1):
        if before[-depth:] == shown[:depth]:
            return depth
    return len(shown) if not new and before[-len(shown):] == shown else 0


def repeats(starts: Sequence[int], ends: Sequence[int], screens: Sequence[Sequence[str]],
            heard: Sequence[bool]) -> list[int]:
    """Count for each screen the lines that repeat the one before; blank lines are "" and are not counted.

    ``screens`` are lines without markup, top line first; ``heard`` says whether the last line has word times.
    """
    counts = []
    before: list[str] = []
    until = -1
    for start, end, lines, timed in zip(starts, ends, screens, heard, strict=True):
        shown = [line for line in lines if line]
        if not shown or not lines[0]:
            before = []
        counts.append(_repeated(before, shown, timed or start > until) if before else 0)
        before, until = shown, end
    return counts


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
