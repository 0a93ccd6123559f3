"""Which pieces are about the same event?  Pieces in, in order of publication; a story number for each out.

A piece is a clip, or a segment of a long show.  What it is about is told by its words, the names in it, its title and its
description; when it was published says with which others it may be.  Pieces that have their story already (from an
earlier run, or by a person's word) keep it, so that stories stay what they are when new videos arrive.

One pass, day by day (single-pass clustering, Allan et al. 1998): a piece goes to the story whose recent pieces it is most
like, by the cosine with their sum, if it is like enough; else it begins one.  Of a day's pieces those come first that are
most like the rest of the day: the order within a day, which is often not known, decides nothing.  A first run tells how
large stories are, so that the weights of terms in the second do not hang on that (``vectors``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.stories.onepass import NONE, Limits, Stream, by_piece, centred, stories
from crosscut.stories.vectors import Frequencies, Vectors, vectors

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

WORD, NAME = "word", "name"
#: A term that fewer of a story's pieces have does not define it.
_DEFINES = 0.2


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is known of each piece; all arrays have one entry a piece, in order of publication.

    ``words``, ``titles`` and ``descriptions`` count the same terms (lemmas, by code) in three places, ``names`` counts
    names by codes of its own; pieces are the columns.  Terms of different languages are never compared, be their codes the
    same or not: stories stay within a language unless there are ``vectors``.
    """

    day: Ints                            # days since any fixed day, ascending; NONE: taken to be that of the piece before
    language: Ints                       # codes
    words: Counts
    names: Counts
    titles: Counts
    descriptions: Counts
    story: Ints                          # the story that a piece has and keeps, any number from 0; NONE: to be found
    apart: Sequence[tuple[int, int]] = ()  # pieces and stories in which they may not be put
    vectors: Singles | None = None       # pieces × dimensions of a sentence encoder; a row of zeros: none

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Settings:
    """How pieces are put together; the defaults were chosen on the development part of ``make quality``."""

    threshold: float = 0.22              # least cosine with a story, 0 to 1
    days: int = 3                        # a story without a piece for more days is over
    fading: float = 0.0                  # what each day without a piece takes off a cosine: 0.2 split some told once a day
    title: float = 6.0                   # how many times a word of the title counts
    description: float = 0.5
    across: float = 0.55                 # least cosine across languages, of sentence vectors less the mean of their language


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a name that tells a story from others."""

    kind: str                            # WORD or NAME
    code: int
    weight: float                        # the cosine of the term alone with the story


@dataclass(frozen=True, slots=True)
class Stories:
    """The story of each piece.

    Stories given keep their numbers; new ones are numbered on from the highest of these, in order of their first piece.
    """

    story: Ints                          # of each piece
    similarity: Floats                   # cosine of each piece with the rest of its story; 1 where it is alone

    def pieces(self, story: int) -> Ints:
        """The pieces of a story, in order."""
        return np.flatnonzero(self.story == story)


def cluster(pieces: Pieces, settings: Settings | None = None) -> Stories:
    """Put each piece into a story: one that has begun, or one of its own.

    Where a piece is the only one of its story in its language, its similarity is that of the sentence vectors.  Raises
    ValueError when the arrays are not of one length or the days go back.
    """
    settings = settings or Settings()
    day, apart = _days(pieces), by_piece(pieces.apart)
    senses = None if pieces.vectors is None else centred(pieces.vectors, pieces.language)
    limits = Limits(settings.threshold, settings.days, settings.fading, settings.across)
    found = _frequencies(pieces, settings)

    def run(made: Vectors) -> Ints:
        return stories(Stream(made, day, pieces.language, pieces.story, senses, apart), limits)

    story = run(vectors(found, pieces.language, _sizes(run(vectors(found, pieces.language)))))
    return Stories(story, _similarity(vectors(found, pieces.language, _sizes(story)), story, pieces.language, senses))


def defining(pieces: Pieces, found: Stories, limit: int = 8, settings: Settings | None = None) -> dict[int, list[Term]]:
    """The terms with the largest weight in each story, the largest first: what to call it.

    Words and names stand in one order.  A term that fewer than a fifth of the pieces have, or only one of several, does not
    define a story.
    """
    made = vectors(_frequencies(pieces, settings or Settings()), pieces.language, _sizes(found.story))
    numbers, group = np.unique(found.story, return_inverse=True)
    sums, size = made.summed(group, len(numbers)), np.bincount(group)
    least = np.maximum(_DEFINES * size, np.minimum(size, 2))
    have = made.present(group, len(numbers)).rows()
    rows = zip(numbers.tolist(), least, np.sqrt(sums.squares()), sums.rows(), have, strict=True)
    terms = {}
    for number, needed, length, (codes, weights), (_, there) in rows:
        some = np.flatnonzero(there >= needed)
        best = some[np.lexsort((codes[some], -weights[some]))][:limit]
        terms[number] = [_term(code, weight / length, len(pieces.words))
                         for code, weight in zip(codes[best].tolist(), weights[best].tolist(), strict=True)]
    return terms


def _term(code: int, weight: float, words: int) -> Term:
    return Term(WORD, code, weight) if code < words else Term(NAME, code - words, weight)


def _days(pieces: Pieces) -> Ints:
    """The day of each piece; where it is not known, that of the piece before it, or of the first that is known."""
    many = len(pieces)
    columns = (pieces.words, pieces.names, pieces.titles, pieces.descriptions)
    if {len(pieces.language), len(pieces.story), *(counts.videos for counts in columns)} != {many}:
        raise ValueError(f"{many} pieces have days; languages, stories and counts are not of as many")
    known = np.flatnonzero(pieces.day != NONE)
    days = pieces.day[known]
    if (np.diff(days) < 0).any():
        raise ValueError("pieces must be in order of publication: a day goes back")
    if not len(known):
        return np.zeros(many, np.int64)
    return days[np.maximum(np.searchsorted(known, np.arange(many), side="right") - 1, 0)]


def _frequencies(pieces: Pieces, settings: Settings) -> Frequencies:
    return Frequencies.of(pieces.words, pieces.names, pieces.titles, pieces.descriptions, title=settings.title,
                          description=settings.description)


def _sizes(story: Ints) -> Ints:
    """Of each piece, how many its story has."""
    _, group, size = np.unique(story, return_inverse=True, return_counts=True)
    return size[group].astype(np.int64)


def _similarity(made: Vectors, story: Ints, language: Ints, senses: Singles | None) -> Floats:
    """The cosine of each piece with the sum of the others of its story and language."""
    _, group = np.unique(np.stack([story, language]), axis=1, return_inverse=True)
    sums = made.summed(group, int(group.max(initial=-1)) + 1)
    own, whole, length = made.squares(), made.with_sums(sums, group), sums.squares()[group]
    found = _leave_one_out(own, whole, length)
    alone = np.bincount(group)[group] == 1
    if senses is None:
        return np.where(alone, 1.0, found)
    _, group = np.unique(story, return_inverse=True)
    total = np.zeros((int(group.max(initial=-1)) + 1, senses.shape[1]))
    np.add.at(total, group, senses)
    across = _leave_one_out((senses**2).sum(1), (senses * total[group]).sum(1), (total**2).sum(1)[group])
    return np.where(np.bincount(group)[group] == 1, 1.0, np.where(alone, across, found))


def _leave_one_out(own: Floats, whole: Floats, length: Floats) -> Floats:
    """The cosine of vectors with sums less themselves, from the dot products x·x, x·S and S·S."""
    rest = np.sqrt(np.maximum(length - 2 * whole + own, 0) * own)
    return np.clip((whole - own) / np.where(rest > 1e-9, rest, 1), 0, 1)
