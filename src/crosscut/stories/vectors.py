"""What is a piece about, as a direction?  Terms weighted by how often they are in it and how few stories have them.

A term's weight in a piece is ``log(1 + f · t / l) · log((N + 1) / (n + ½))`` (TF-IDF, Salton & Buckley 1988, with the length
as a pivot, Singhal et al. 1996).  ``f``: how often it is in the piece, in title and description counted as ``Settings`` say
(one frequency of several fields, as in BM25F, Robertson et al. 2004); ``l`` and ``t``: the length of the piece and the
typical one; ``n`` of ``N``: pieces that have it and all pieces, each counted as one part of the square root of how many its
story has.  So what one large story says again and again stays rare, in a corpus of three days as of a year.  Typical length
and ``n`` are of one language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

#: Terms in more than this share of the pieces are multiplied as full columns (from 0.02 to 0.2 it takes the same time).
_FULL = 0.05
#: So many pieces at once are multiplied with the sums of their stories, which are then there as often as they have pieces.
_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often each term is in each piece: pieces × terms, words first, names after them."""

    words: csr_array
    names: csr_array

    @classmethod
    def of(cls, words: Counts, names: Counts, titles: Counts, descriptions: Counts, *, title: float,
           description: float) -> Frequencies:
        """Words of the text once, of the title and the description so many times."""
        found = _by_piece(words)
        for counts, times in ((titles, title), (descriptions, description)):
            if times and len(counts.n):
                found = found + np.float32(times) * _by_piece(counts)
        return cls(found, _by_piece(names))


@dataclass(frozen=True, slots=True)
class Vectors:
    """Directions of length 1 (0 where a piece has no terms): pieces × terms, frequent terms apart from rare ones."""

    frequent: csr_array
    rare: csr_array
    order: Ints      # of each column, the frequent ones first, which term it is: words by code, then names by code

    def take(self, pieces: Ints) -> Vectors:
        """Some of the pieces."""
        return Vectors(self.frequent[pieces], self.rare[pieces], self.order)

    def summed(self, groups: Ints, many: int) -> Vectors:
        """The sum of the directions in each of so many groups."""
        from scipy.sparse import csr_array  # it takes a quarter of a second to import

        ones = np.ones(len(groups), np.float32)
        into = csr_array((ones, (groups, np.arange(len(groups)))), shape=(many, len(groups)))
        return Vectors(into @ self.frequent, into @ self.rare, self.order)

    def present(self, groups: Ints, many: int) -> Vectors:
        """How many pieces of each group have each term."""
        ones = [matrix.copy() for matrix in (self.frequent, self.rare)]
        for matrix in ones:
            matrix.data = np.ones_like(matrix.data)
        return Vectors(ones[0], ones[1], self.order).summed(groups, many)

    def times(self, other: Vectors) -> Singles:
        """The dot products of all rows with all rows of ``other``."""
        full = self.frequent.toarray() @ other.frequent.toarray().T
        full += (self.rare @ other.rare.T).toarray()
        return np.asarray(full, np.float32)

    def with_sum(self) -> Floats:
        """The dot product of each row with the sum of all."""
        return np.asarray(sum(matrix @ matrix.sum(axis=0) for matrix in (self.frequent, self.rare)), np.float64)

    def with_sums(self, sums: Vectors, group: Ints) -> Floats:
        """The dot product of each row with the sum of its group."""
        found = np.zeros(len(group))
        for mine, others in ((self.frequent, sums.frequent), (self.rare, sums.rare)):
            others.sort_indices()  # products of rows that are in order take a sixth of the time
            for at in range(0, len(group), _AT_ONCE):
                part = slice(at, at + _AT_ONCE)
                found[part] += _row_sums(mine[part] * others[group[part]])
        return found

    def terms(self) -> Ints:
        """How many terms each row has."""
        return np.diff(self.frequent.indptr).astype(np.int64) + np.diff(self.rare.indptr)

    def squares(self) -> Floats:
        """How long each row is, squared."""
        return _squares(self.frequent) + _squares(self.rare)

    def rows(self) -> Iterator[tuple[Ints, Singles]]:
        """The terms of each row, in the order of the columns, and their weights."""
        for matrix in (self.frequent, self.rare):
            matrix.sort_indices()
        full = self.frequent.shape[1]
        for row in range(self.rare.shape[0]):
            (first, some), (rest, others) = (_row(matrix, row) for matrix in (self.frequent, self.rare))
            yield self.order[np.concatenate([first, rest + full])], np.concatenate([some, others])


def vectors(found: Frequencies, language: Ints, size: Ints | None = None) -> Vectors:
    """Weigh the terms; ``size``: of each piece, how many its story has, where that is known."""
    from scipy.sparse import csr_array, hstack

    share = np.ones(len(language)) if size is None else 1 / np.sqrt(size)
    both = csr_array(hstack([_weighed(part, language, share) for part in (found.words, found.names)], format="csr"))
    lengths = np.sqrt(_squares(both))
    both.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(both.indptr)).astype(np.float32)
    pieces = np.bincount(both.indices, minlength=both.shape[1])
    order = np.argsort(-pieces, kind="stable")
    full = int((pieces > _FULL * len(language)).sum())
    place = np.empty(len(order), both.indices.dtype)
    place[order] = np.arange(len(order), dtype=place.dtype)
    both.indices = place[both.indices]
    frequent = both.indices < full
    return Vectors(_columns(both, frequent, 0, full), _columns(both, ~frequent, full, len(order)), order)


def _by_piece(counts: Counts) -> csr_array:
    from scipy.sparse import csr_array

    of_terms = csr_array((counts.n.astype(np.float32), counts.video.astype(np.int32), counts.bounds),
                         shape=(len(counts), counts.videos))
    return csr_array(of_terms.T.tocsr())


def _weighed(found: csr_array, language: Ints, share: Floats) -> csr_array:
    """TF-IDF, language by language."""
    lengths, entries = _row_sums(found), np.diff(found.indptr)
    weights = np.zeros(len(found.data), np.float32)
    for code in np.unique(language):
        rows = language == code
        some = lengths[rows & (lengths > 0)]
        if not len(some):
            continue
        at = np.repeat(rows, entries)
        terms, whole = found.indices[at], float(share[rows].sum())
        pieces = np.bincount(terms, np.repeat(share, entries)[at], found.shape[1])
        frequency = found.data[at] * np.repeat(np.median(some) / np.maximum(lengths, 1e-9), entries)[at]
        weights[at] = np.log1p(frequency) * np.log((whole + 1) / (pieces[terms] + 0.5))
    weighed = found.copy()
    weighed.data = weights
    return weighed


def _row(matrix: csr_array, row: int) -> tuple[Ints, Singles]:
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[part].astype(np.int64), matrix.data[part]


def _row_sums(matrix: csr_array) -> Floats:
    return np.asarray(matrix.sum(axis=1), np.float64).ravel()


def _squares(matrix: csr_array) -> Floats:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.asarray(np.bincount(rows, matrix.data.astype(np.float64) ** 2, matrix.shape[0]), np.float64)


def _columns(matrix: csr_array, chosen: npt.NDArray[np.bool_], first: int, stop: int) -> csr_array:
    """The entries chosen, which are those of the columns from ``first`` to ``stop``."""
    from scipy.sparse import csr_array

    kept = np.concatenate([[0], np.cumsum(chosen)])
    part = csr_array((matrix.data[chosen], matrix.indices[chosen] - first, kept[matrix.indptr]),
                     shape=(matrix.shape[0], stop - first))
    part.sort_indices()
    return part
