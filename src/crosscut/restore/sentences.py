"""Where does a sentence certainly begin, and where must an endless one be cut?

Captions without sentence marks reach us as one stretch of hundreds of words, and a parser that is given that stretch
invents four sentences for it.  Here such text is bounded by what captions have: speaker marks, sound marks, pauses,
and at last by length.  Text that came punctuated keeps its own marks; the parser decides there.

A better segmenter goes into this place: same arguments, same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.tokens import SOUND, SPEAKER, TERMINAL, Tokens, marks

#: Changes whenever the same tokens could be bounded otherwise: part of the recipe.
VERSION = "1"

#: One sentence mark in so many tokens at least makes a text punctuated: spoken news has one in 12 to 20.
PUNCTUATED_EVERY = 60
#: A silence before a word that bounds unpunctuated speech; within sentences pauses are mostly under half a second.
PAUSE_MS = 1_000
#: No stretch without a mark reaches the parser longer than this; nine in ten spoken sentences are shorter.
LONGEST = 40
#: A cut for length is made at the longest pause in the second half of the stretch.
SHORTEST = LONGEST // 2


@dataclass(frozen=True, slots=True)
class Starts:
    """``given``: marks say that a sentence begins here.  ``cut``: we cut here (pause or length).  One value a token."""

    given: npt.NDArray[np.bool_]
    cut: npt.NDArray[np.bool_]
    punctuated: bool


def is_punctuated(tokens: Tokens) -> bool:
    """Whether the text came with sentence marks."""
    ends = {after for after in set(tokens.afters) if marks(after) & TERMINAL}  # few kinds of stretches, many of each
    return sum(map(ends.__contains__, tokens.afters)) * PUNCTUATED_EVERY >= len(tokens) > 0


def sentence_starts(tokens: Tokens, start: npt.NDArray[np.int32], word_timed: bool) -> Starts:
    """Bound the tokens of one document; ``start`` in ms, -1 where there are no times."""
    kinds = {after: marks(after) for after in set(tokens.afters)}
    before = np.fromiter(map(kinds.__getitem__, tokens.afters[:-1]), np.uint8, max(len(tokens) - 1, 0))
    punctuated = is_punctuated(tokens)
    given = np.zeros(len(tokens), bool)
    cut = np.zeros(len(tokens), bool)
    given[:1] = True
    given[1:] = (before & (SPEAKER | SOUND)) > 0
    open_before = (before & TERMINAL) == 0
    gaps = np.zeros(len(tokens), np.int64)
    if word_timed and len(tokens) > 1:
        gaps[1:] = np.diff(start)
        if not punctuated:
            cut[1:] = gaps[1:] >= PAUSE_MS
    stops = np.ones(len(tokens), bool)  # a stretch ends where anything at all marks a boundary
    stops[1:] = given[1:] | cut[1:] | ~open_before
    if len(tokens):
        _cut_long_stretches(np.flatnonzero(stops), len(tokens), gaps, cut)
    return Starts(given, cut & ~given, punctuated)


def _cut_long_stretches(
    stops: npt.NDArray[np.intp], end: int, gaps: npt.NDArray[np.int64], cut: npt.NDArray[np.bool_]
) -> None:
    for begin, stop in zip(stops.tolist(), [*stops[1:].tolist(), end], strict=True):
        while stop - begin > LONGEST:
            window = gaps[begin + SHORTEST : begin + LONGEST + 1]
            begin += SHORTEST + (int(window.argmax()) if window.any() else len(window) - 1)
            cut[begin] = True
