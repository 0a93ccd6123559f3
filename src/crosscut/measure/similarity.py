"""Which words can take one another's place?  The cosine of what stands around them.

Each word is a row of weights of slots: positive pointwise mutual information, the log2 of P(word, slot) / (P(word) P(slot))
or 0 if that is below, with P(slot) in proportion to n^0.75, so that rare slots do not weigh too much (Levy, Goldberg & Dagan
2015).  The similarity of two words is the cosine of their rows, from 0 (no slot in common) to 1 (Turney & Pantel 2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Levy, Goldberg & Dagan's exponent.
SMOOTHING = 0.75


@dataclass(frozen=True, slots=True)
class Similar:
    """Of each word: cosine with the seed, and how many slots both have with a weight above 0."""

    cosine: Floats
    shared: Ints
    weights: Floats      # of each entry of the counts
    seed: Floats         # the seed's weight of each slot


def similar(counts: Counts, seed: int) -> Similar:
    """How alike each word is to the word of row ``seed``; ``counts``: words × slots."""
    weights = ppmi(counts)
    mine = np.zeros(counts.videos)
    row = slice(int(counts.bounds[seed]), int(counts.bounds[seed + 1]))
    mine[counts.video[row]] = weights[row]
    theirs = mine[counts.video]
    lengths = np.sqrt(counts.summed(weights**2))
    product = lengths * lengths[seed]
    together = counts.summed(weights * theirs)
    cosine = np.divide(together, product, out=np.zeros(len(counts)), where=product > 0)
    return Similar(cosine, counts.summed((weights > 0) & (theirs > 0)).astype(np.int64), weights, mine)


def ppmi(counts: Counts) -> Floats:
    """The weight of each entry."""
    words, slots = counts.totals(), np.bincount(counts.video, counts.n, counts.videos)
    smoothed = slots**SMOOTHING
    expected = words[counts.thing] * smoothed[counts.video] / max(float(smoothed.sum()), 1e-300)
    weights: Floats = np.maximum(np.log2(counts.n / expected), 0) if len(counts.n) else np.zeros(0)
    return weights
