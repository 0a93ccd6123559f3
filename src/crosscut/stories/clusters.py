"""Which pieces are about the same event?  Pieces in, in order of publication; a story number for each out.

A piece is a clip, or a segment of a long show.  What it is about is told by its words, the names in it, its title and its
description; when it was published says with which others it may be.  Pieces that have their story already (from an
earlier run, or by a person's word) keep it, so that stories stay what they are when new videos arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: What stands where a piece has no day, or no story yet.
NONE = -1
WORD, NAME = "word", "name"


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is known of each piece; all arrays have one entry a piece, in order of publication.

    ``words``, ``titles`` and ``descriptions`` count the same terms (lemmas, by code) in three places, ``names`` counts
    names by codes of its own; pieces are the columns.  A code means the same in every language or it does not: stories stay
    within a language unless there are ``vectors``.
    """

    day: Ints                            # days since any fixed day; NONE: not known, so it is not held against anything
    outlet: Ints                         # codes
    language: Ints                       # codes
    words: Counts
    names: Counts
    titles: Counts
    descriptions: Counts
    story: Ints                          # the story that a piece has and keeps, any number from 0; NONE: to be found
    apart: Sequence[tuple[int, int]] = ()  # pieces and stories in which they may not be put
    vectors: npt.NDArray[np.float32] | None = None  # pieces × dimensions of a sentence encoder; a row of zeros: none

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Settings:
    """How pieces are put together; the defaults were chosen on the development part of ``make quality``."""

    threshold: float = 0.2               # least similarity to a story, 0 to 1
    days: int = 3                        # a story that has no piece for so many days is over


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a name that tells a story from others."""

    kind: str                            # WORD or NAME
    code: int
    weight: float                        # its part of the story's direction: the squares of all add up to 1


@dataclass(frozen=True, slots=True)
class Stories:
    """The story of each piece.

    Stories given stay as they are numbered; new ones are numbered on from the highest of these, in order of their first piece.
    """

    story: Ints                          # of each piece
    similarity: Floats                   # of each piece to the rest of its story, 0 to 1; 1 where it is alone

    def pieces(self, story: int) -> Ints:
        """The pieces of a story, in order."""
        return np.flatnonzero(self.story == story)


def cluster(pieces: Pieces, settings: Settings | None = None) -> Stories:
    """Put each piece into a story: one that has begun, or one of its own.

    Raises ValueError when the arrays are not of one length.
    """
    raise NotImplementedError


def defining(pieces: Pieces, found: Stories, limit: int = 8) -> dict[int, list[Term]]:
    """The terms with the largest weight in each story, the largest first: what to call it.

    Names and words stand in one order.  Terms of one piece of many (fewer than a fifth) do not define a story.
    """
    raise NotImplementedError
