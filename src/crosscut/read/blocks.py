"""Which lines belong to which cue, where a line of times stands above each and an empty line below?  (SubRip, SBV.)

The empty line parts cues no better than people keep to it: what stands between two lines of times belongs to the
first, but for the number of the second.  So no word is lost where an empty line, a number or a line of times is
missing, and what was missing is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from crosscut.clean.times import Bools, Int64
from crosscut.read.cues import Cues, held, shown

_BLANK = re.compile(r"^[ \t]+$", re.MULTILINE)
#: A number of more digits is none: no file has a million cues.
_LONGEST_NUMBER = 6


def top(text: str, count: int = 10) -> list[str]:
    """Give the first lines with anything on them, at most ``count``: there a format shows what it is."""
    lines = text[:8_192].lstrip("\ufeff").replace("\r", "\n").split("\n")
    return [line for line in lines if line.strip()][:count]


def lines_of(text: str) -> list[str]:
    """Cut a text into lines; those of nothing but blanks are empty."""
    return (_BLANK.sub("", text) if "\n " in text or "\n\t" in text else text).split("\n")


def cues_of(lines: list[str], at: Int64, times: tuple[Int64, Int64, Bools], numbered: bool) -> Cues:
    """Give the cues whose times stand in the lines ``at``; cues are ``numbered`` in the line above or never are."""
    filled = np.array(lines, dtype=np.object_).astype(np.bool_)
    firsts, lasts = at + 1, np.append(at, len(lines))[1:]
    first = int(at[0]) if len(at) else len(lines)
    numbers = _numbers(lines, filled, at) if numbered else np.full(len(at), -1)
    lasts[:-1] = np.where(numbers[1:] < 0, lasts[:-1], numbers[1:])
    above = int(np.count_nonzero(filled[:first])) - int(np.any(numbers[:1] >= 0))
    starts, ends, odd = held(*times)
    odd += _loose(lines, filled, firsts, lasts, numbers)
    odd += [f"{above} lines above the first times left out"] if above else []
    missing = int(np.count_nonzero(numbers < 0)) if numbered else 0
    odd += [f"{missing} of {len(at)} cues have no number"] if missing else []
    return Cues(starts, ends, *shown(lines, firsts, lasts), odd=odd)


def _numbers(lines: Sequence[str], filled: Bools, at: Int64) -> Int64:
    """Find the line with the number of each cue: the last with text above its times; -1 where there is none.

    A number stands alone between an empty line and the times, or it is the next after the one before; else it was said.
    """
    texts = np.flatnonzero(filled)
    above = np.append(-1, texts)[np.searchsorted(texts, at)]
    after = np.append(-1, at)[:-1]
    digits = np.fromiter(map(str.isdecimal, [lines[line] for line in above.tolist()]), np.bool_, len(at))
    for cue in np.flatnonzero(~digits).tolist():
        digits[cue] = number(lines[above[cue]]) >= 0
    digits &= above > after
    alone = (above == at - 1) & ~np.append(filled, False)[above - 1]
    found = np.where(digits & alone, above, -1)
    for cue in np.flatnonzero(digits & ~alone).tolist():
        before = number(lines[found[cue - 1]]) if cue and found[cue - 1] >= 0 else -1
        found[cue] = above[cue] if not cue or number(lines[above[cue]]) == before + 1 > 0 else -1
    return found


def number(line: str) -> int:
    """Read a line that is nothing but a number, or -1."""
    bare = line.strip()
    return int(bare) if bare.isdecimal() and len(bare) <= _LONGEST_NUMBER else -1


def _loose(lines: list[str], filled: Bools, firsts: Int64, lasts: Int64, numbers: Int64) -> list[str]:
    """Look at cues that go on after an empty line: blank out numbers of cues that lost their times; count both."""
    lost = kept = 0
    empty, texts = np.append(np.flatnonzero(~filled), len(lines)), np.append(-1, np.flatnonzero(filled))
    broken = empty[np.searchsorted(empty[:-1], firsts)] < texts[np.searchsorted(texts[1:], lasts)]
    for cue in np.flatnonzero(broken).tolist():
        following = number(lines[numbers[cue]]) + 1 if numbers[cue] >= 0 else 0
        begun = False
        for line in range(int(firsts[cue]), int(lasts[cue])):
            if not filled[line]:
                continue
            after_empty = not filled[line - 1]
            if after_empty and following and number(lines[line]) == following:
                lines[line], lost, following = "", lost + 1, following + 1
            else:
                kept += begun and after_empty
            begun = True
    odd = [f"{lost} cues have no times: said with the one before"] if lost else []
    return odd + ([f"{kept} stretches after an empty line: said with the cue above"] if kept else [])
