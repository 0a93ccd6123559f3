"""Pieces put into stories in one pass over the days: the table of a day's pieces by the stories that are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.stories.vectors import Vectors

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

#: What stands where a piece has no story yet.
NONE = -1
#: So many pieces of one day are compared with the open stories at once.
_BLOCK = 512
#: Sums in single precision are the same to so many digits, in whatever order they are made.
_DIGITS = 4
#: Of so few pieces the mean of their sentence vectors is mostly what they are about, not what their language is like.
_FEW = 10


@dataclass(frozen=True, slots=True)
class Stream:
    """Pieces in order of publication: what they are about, when, in which language; the story given, or NONE.

    ``senses``: sentence vectors as ``centred`` makes them, or None; ``apart``: stories by piece in which it may not be.
    """

    made: Vectors
    day: Ints
    language: Ints
    given: Ints
    senses: Singles | None
    apart: dict[int, set[int]]


@dataclass(frozen=True, slots=True)
class Limits:
    """The least cosine of terms, the days that pieces may lie apart, what each of these days takes away from a cosine, as a
    share of it, and the least cosine of senses across languages."""

    threshold: float
    days: int
    fading: float
    across: float


def stories(stream: Stream, limits: Limits) -> Ints:
    """The story of each piece: those given, and new ones numbered on from them in order of their first piece."""
    story = stream.given.copy()
    first = int(story.max(initial=NONE)) + 1
    fresh = first
    for block in _blocks(stream):
        begin = np.searchsorted(stream.day, stream.day[block[0]] - limits.days)
        end = np.searchsorted(stream.day, stream.day[block[0]] + limits.days, side="right")
        known = begin + np.flatnonzero(story[begin:end] != NONE)
        is_open = _Open(stream, limits, block, known, story[known])
        for place, piece in enumerate(block.tolist()):
            story[piece] = is_open.put(place, fresh)
            fresh += int(story[piece] == fresh)
    return _renumbered(story, first)


def centred(senses: Singles, language: Ints) -> Singles:
    """Sentence vectors of length 1, each less the mean of its language, which would tell languages apart, not stories."""
    made = np.asarray(senses, np.float32).copy()
    there = made.any(axis=1)
    for code in np.unique(language):
        mine = (language == code) & there
        made[mine] -= made[mine].sum(axis=0) / (mine.sum() + _FEW)
    return _unit(made)


def by_piece(pairs: Sequence[tuple[int, int]]) -> dict[int, set[int]]:
    """The second of each pair by the first."""
    found = defaultdict[int, set[int]](set)
    for piece, story in pairs:
        found[piece].add(story)
    return dict(found)


class _Table:
    """Cosines of the pieces of a block with sums to which some of them are added: dot products and squared lengths."""

    def __init__(self, products: Singles, squares: Floats, together: Singles) -> None:
        self.products = np.concatenate([products, np.zeros_like(together)], axis=1)  # room for as many new sums as pieces
        self.squares = np.concatenate([squares, np.zeros(len(together))])
        self.together = together

    def cosines(self, place: int, many: int) -> Floats:
        """Of one piece with the first so many sums."""
        return np.asarray(self.products[place, :many] / np.sqrt(np.maximum(self.squares[:many], 1e-12)), np.float64)

    def add(self, place: int, part: int) -> None:
        """Add a piece to a sum."""
        self.squares[part] += self.together[place, place] + 2 * self.products[place, part]
        self.products[:, part] += self.together[:, place]


class _Open:
    """The stories that are open for a block of pieces of one day.  A *part* is a story's pieces in one language."""

    def __init__(self, stream: Stream, limits: Limits, block: Ints, known: Ints, story: Ints) -> None:
        pairs, group = np.unique(np.stack([story, stream.language[known]]), axis=1, return_inverse=True)
        self.many: int = pairs.shape[1]
        self.limits = limits
        parts: Ints = np.concatenate([pairs, np.full((2, len(block)), NONE)], axis=1)
        self.story, self.language = parts
        self.mine = stream.language[block]
        self.fresh = np.ones(self.many + len(block))            # what a cosine with the part counts, by how old the part is
        self.fresh[: self.many] = 0
        np.maximum.at(self.fresh, group, 1 - limits.fading * np.abs(stream.day[known] - stream.day[block[0]]))
        self.apart = [stream.apart.get(piece, set()) for piece in block.tolist()]
        here, sums = stream.made.take(block), stream.made.take(known).summed(group, self.many)
        self.tables = [_Table(here.times(sums), sums.squares(), here.times(here))]
        if stream.senses is not None:
            sense, total = stream.senses[block], np.zeros((self.many, stream.senses.shape[1]), np.float32)
            np.add.at(total, group, stream.senses[known])
            self.tables.append(_Table(sense @ total.T, np.einsum("ij,ij->i", total, total), sense @ sense.T))

    def put(self, place: int, fresh: int) -> int:
        """Put a piece of the block into the story that it is most like, or into a new one; the story's number."""
        score = self._scores(place)
        best = int(np.argmax(score)) if len(score) else NONE
        if best == NONE or score[best] < self.limits.threshold:
            best = self._new_part(fresh, place)
        elif self.language[best] != self.mine[place]:
            best = self._new_part(int(self.story[best]), place)
        self.fresh[best] = 1
        for table in self.tables:
            table.add(place, best)
        return int(self.story[best])

    def _scores(self, place: int) -> Floats:
        """The cosine with each part of the same language; of others, that of the senses, as much above its own limit.

        Less for parts whose last piece is of another day.
        """
        story, own = self.story[: self.many], self.language[: self.many] == self.mine[place]
        score = np.where(own, self.tables[0].cosines(place, self.many), -1.0)
        if len(self.tables) > 1 and not own.all():
            other = ~np.isin(story, story[own])
            score[other] = self.tables[1].cosines(place, self.many)[other] * (self.limits.threshold / self.limits.across)
        score *= self.fresh[: self.many]
        for number in self.apart[place]:
            score[story == number] = -1
        return score

    def _new_part(self, story: int, place: int) -> int:
        """A part of a story in the language of the piece, with nothing in it yet."""
        self.story[self.many], self.language[self.many] = story, self.mine[place]
        self.many += 1
        return self.many - 1


def _blocks(stream: Stream) -> Iterator[Ints]:
    """Pieces that have no story, day by day, those of a day first that are most like the rest of it in their language.

    Of those as much like it (as two of one day always are) the one with more terms comes first.
    """
    _, starts = np.unique(stream.day, return_index=True)
    for begin, end in pairwise([*starts.tolist(), len(stream.day)]):
        today = np.arange(begin, end)
        if (stream.given[today] != NONE).all():
            continue
        central = np.zeros(len(today))
        for code in np.unique(stream.language[today]):
            mine = stream.language[today] == code
            central[mine] = stream.made.take(today[mine]).with_sum()
        terms = stream.made.take(today).terms()
        today = today[np.lexsort((today, -terms, -np.round(central, _DIGITS)))]
        today = today[stream.given[today] == NONE]
        yield from (today[at : at + _BLOCK] for at in range(0, len(today), _BLOCK))


def _renumbered(story: Ints, first: int) -> Ints:
    """New stories, which are those from ``first``, numbered in order of their first piece."""
    new = np.flatnonzero(story >= first)
    _, at, group = np.unique(story[new], return_index=True, return_inverse=True)
    story[new] = first + np.argsort(np.argsort(at))[group]
    return story


def _unit(rows: Singles) -> Singles:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)
