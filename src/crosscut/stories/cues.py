"""What else than words tells that another item begins?  Marks, formulas, pauses, capitals, chapters, place by place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crosscut.stories import formulas
from crosscut.tokens import SOUND, SPEAKER, TERMINAL, marks, norm

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: The cues, in the order of the columns.  ``STORY``: ``>>>``, with which captioners in the United States begin a story.
#: ``INTO`` and ``OUT``: capitals give way to small letters (live captions do where an advert brings its own) and come back.
STORY, SPEAKERS, SOUNDS, TURN, TEASE, RETURN, GREET, END, THANKED, SOLD, INTO, OUT, PAUSE, CHAPTER = CUES = (
    "story mark", "speaker mark", "sound", "turn", "tease", "return", "greet", "end", "thanked", "sold",
    "into small letters", "into capitals", "pause", "chapter")

#: A formula begins an item that stands among so many first tokens of it, and closes one among the last before.
NEAR_BEGIN, NEAR_END = 6, 12
#: Adverts speak for so long before another item.
NEAR_SELL = 30
#: Capitals are told on so many tokens on each side, and by what share of the words of two letters and more among them.
CASE_OVER, CASE_SHARE = 10, 0.8
#: A silence, in ms.
SILENCE_MS = 2_000
#: Where nothing says where a sentence begins, one may begin here, every so many tokens.
EVERY = 15

_STORY = re.compile(r">>\s*>")
_AHEAD = {formulas.TURN: TURN, formulas.TEASE: TEASE, formulas.RETURN: RETURN, formulas.GREET: GREET, formulas.END: END}
_BEHIND = {formulas.THANK: (THANKED, NEAR_END), formulas.SELL: (SOLD, NEAR_SELL)}


@lru_cache(maxsize=1 << 12)
def kind_of(between: str) -> int:
    """Marks of a stretch between tokens as ``crosscut.tokens.marks``, and 16 where it has ``>>>``."""
    return marks(between) | (16 if _STORY.search(between) else 0)


def marked(afters: Sequence[str] | None, many: int) -> Ints:
    """Marks before each token."""
    found = np.zeros(many, np.int64)
    if afters is not None and many > 1:
        found[1:] = np.fromiter(map(kind_of, afters[: many - 1]), np.int64, many - 1)
    return found


def begins(before: Ints, starts: Ints | None) -> Bools:
    """Where a sentence may begin that nobody marked: after marks and silences, and ``EVERY`` tokens from there."""
    found = (before & (TERMINAL | SPEAKER | SOUND)) > 0
    found[:1] = True
    found |= silences(starts, len(before))
    last = np.maximum.accumulate(np.where(found, np.arange(len(found)), 0))
    found |= (np.arange(len(found)) - last) % EVERY == 0
    return found


def silences(starts: Ints | None, many: int) -> Bools:
    """Tokens before which nothing is heard for ``SILENCE_MS`` (since the token before began)."""
    found = np.zeros(many, bool)
    if starts is not None and many > 1:
        found[1:] = (np.diff(starts) >= SILENCE_MS) & (starts[:-1] >= 0)
    return found


def table(
    words: Sequence[str], before: Ints, starts: Ints | None, chapters: Sequence[int], units: Ints, language: str
) -> Bools:
    """Cues by unit: one row a unit that begins at token ``units[i]``, one column a cue."""
    many = len(words)
    found = {name: np.zeros(many, bool) for name in CUES}
    found[STORY] = (before & 16) > 0
    found[SPEAKERS] = ((before & SPEAKER) > 0) & ~found[STORY]
    found[SOUNDS] = (before & SOUND) > 0
    found[PAUSE] = silences(starts, many)
    found[CHAPTER][[place for place in chapters if 0 <= place < many]] = True
    found[INTO], found[OUT] = capitals(words)
    where = {name: np.zeros(many + 1, bool) for name in formulas.KINDS}
    for place, end, kind in formulas.said(list(map(norm, words)), language):
        where[kind][end if kind in _BEHIND else place] = True
    for kind, name in _AHEAD.items():
        found[name] = _within(where[kind], 0, NEAR_BEGIN)[:many]
    for kind, (name, near) in _BEHIND.items():
        found[name] = _within(where[kind], -near + 1, 1)[:many]
    return np.stack([found[name] for name in CUES], axis=1)[units]


def capitals(words: Sequence[str]) -> tuple[Bools, Bools]:
    """Tokens at which capitals give way to small letters, and those at which they come back."""
    lettered = np.fromiter((word.lower() != word.upper() and len(word) > 1 for word in words), bool, len(words))
    small = np.fromiter((word.upper() != word for word in words), bool, len(words)) & lettered
    upper = lettered & ~small
    ahead = [_count(kind, 0, CASE_OVER) for kind in (small, upper, lettered)]
    behind = [_count(kind, -CASE_OVER, 0) for kind in (small, upper, lettered)]
    mostly = [[side[kind] >= CASE_SHARE * np.maximum(side[2], 1) for kind in (0, 1)] for side in (behind, ahead)]
    return mostly[0][1] & mostly[1][0], mostly[0][0] & mostly[1][1]


def _count(found: Bools, low: int, high: int) -> Ints:
    """How many of the tokens ``i + low`` to ``i + high`` (exclusive) are among ``found``, for each i."""
    sums = np.concatenate([[0], np.cumsum(found)])
    places = np.arange(len(found))
    counts: Ints = sums[np.clip(places + high, 0, len(found))] - sums[np.clip(places + low, 0, len(found))]
    return counts


def _within(found: Bools, low: int, high: int) -> Bools:
    return _count(found, low, high) > 0
