"""Is a segment a story, an advert, a teaser?  By what is said in it and how it is written; else a story."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.stories import formulas
from crosscut.tokens import norm

STORY, AD, TEASER, OTHER = KINDS = ("story", "ad", "teaser", "other")

#: Share of words in small letters from which on a segment is an advert in a text that is in capitals.
SMALL = 0.5
#: Formulas of selling that make an advert, and words that a break has at most where only these tell.
SELLING, LONGEST_BREAK = 2, 400
#: A teaser says so, and has so many words at most; a longer one, of so many at most, says so among its first words.
SHORT_TEASER, LONGEST_TEASER, TEASING = 120, 250, 50
#: A greeting or a farewell stands among so many first words; a greeting alone has so many words at most.
GREETING, LONGEST_GREETING = 15, 60


def in_capitals(words: Sequence[str]) -> bool:
    """Whether a text is written in capitals, but for stretches in it (as live captions are)."""
    upper, small = _cases(words)
    return upper > small


def kind_of(words: Sequence[str], language: str, capitals: bool) -> str:
    """The kind of a segment; ``capitals``: whether the whole text is in capitals."""
    upper, small = _cases(words)
    if capitals and small >= SMALL * max(upper + small, 1):
        return AD
    said = formulas.said(list(map(norm, words)), language)
    if sum(kind == formulas.SELL for _, _, kind in said) >= SELLING and len(words) <= LONGEST_BREAK:
        return AD
    within = len(words) if len(words) <= SHORT_TEASER else TEASING if len(words) <= LONGEST_TEASER else 0
    if any(kind == formulas.TEASE and start < within for start, _, kind in said):
        return TEASER
    if any(kind == formulas.END and start < GREETING for start, _, kind in said):
        return OTHER
    greeted = any(kind == formulas.GREET and start < GREETING for start, _, kind in said)
    return OTHER if greeted and len(words) <= LONGEST_GREETING else STORY


def _cases(words: Sequence[str]) -> tuple[int, int]:
    """Words in capitals and words that have small letters, of those of two letters and more."""
    small = np.fromiter((word.upper() != word for word in words if len(word) > 1 and word.lower() != word.upper()), bool)
    return int((~small).sum()), int(small.sum())
