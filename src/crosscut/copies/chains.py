"""Shingles met on one diagonal: where a passage may lie, before any word is compared.

A seed is a pair of places, here and there, of one shingle.  In a copied passage the distance between the two changes only
by the words that one side has more than the other, so its seeds lie near one diagonal and near one another (Li 2016,
section 2.2, for genomes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.copies.found import Bools, Floats, Ints
from crosscut.copies.shingles import WORDS, Codes

#: Seeds belong together while the next diagonal is so near, and the next seed on it.
DIAGONALS = 8
APART = 60
#: A chain is looked at where the words of its seeds tell so many bits together: a name and a few rare words, or many words.
BITS = 45.0


#: So many words to either side of a chain's middle seed are compared on its own and the next diagonals, all chains at once,
#: before any is aligned; what is the same must tell so many bits and be so many words.  A stock phrase of five words fails,
#: a passage of fifteen with two words changed does not.  Seeds that tell twice as much are believed: the middle one may be
#: a stray.
AROUND = 20
PROMISE, PROMISING = 75.0, 9


@dataclass(frozen=True, slots=True)
class Chains:
    """Seeds sorted by chain and place; ``bounds`` of the chains among them, those worth a look by ``order``, best first."""

    here: Ints
    there: Ints
    bounds: Ints
    order: Ints


def chains(here: Ints, there: Ints, video: Ints, words: Codes, bits: Floats, start: int) -> Chains:
    """Chains of seeds: places in the video that begins at ``start``, where else, in which video that is.

    ``words``: the text so far; ``bits``: what each word of the video tells.
    """
    diagonal = there - here
    order = np.lexsort((here, diagonal, video))
    here, there, diagonal, video = here[order], there[order], diagonal[order], video[order]
    line: Ints = np.cumsum(_first(video) | (np.diff(diagonal, prepend=diagonal[0] if len(diagonal) else 0) > DIAGONALS))
    order = np.lexsort((there, here, line))
    here, there, line = here[order], there[order], line[order]
    new = _first(line) | (np.diff(here, prepend=here[0] if len(here) else 0) > APART)
    known = np.where(new, here, np.maximum(np.roll(here, 1) + WORDS, here))  # words of the seed before are counted with it
    total = np.concatenate([[0.0], np.cumsum(bits)])
    told = total[here + WORDS - start] - total[np.minimum(known, here + WORDS) - start]
    bounds = np.append(np.flatnonzero(new), len(here))
    tells = np.add.reduceat(told, bounds[:-1]) if len(here) else np.zeros(0)
    order = np.argsort(-tells, kind="stable")
    order = order[tells[order] >= BITS]
    middle = (bounds[order] + bounds[order + 1]) // 2
    promises = np.maximum(_promises(here[middle], there[middle], words, bits, start), tells[order] / 2)
    return Chains(here, there, bounds, order[promises >= PROMISE])


def _promises(here: Ints, there: Ints, words: Codes, bits: Floats, start: int) -> Floats:
    """Bits of the words around each seed that are the same on its diagonal or the next to either side; 0: too few words."""
    around = here[:, None] + np.arange(-AROUND, AROUND + WORDS)
    inside = (around >= start) & (around < start + len(bits))
    around = np.where(inside, around, start)
    said, shift = words[around], (there - here)[:, None]
    same = np.zeros(around.shape, np.bool_)
    for aside in (-1, 0, 1):
        same |= said == words[np.maximum(around + (shift + aside), 0)]
    same &= inside
    return np.asarray((bits[around - start] * same).sum(1) * (same.sum(1) >= PROMISING), np.float64)


def _first(values: npt.NDArray[np.signedinteger]) -> Bools:
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new
