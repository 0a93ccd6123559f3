"""Which words go with the hits, and which with one corpus rather than another?  Scores of counts.

*logDice* (Rychlý 2008, "A lexicographer-friendly association score"): 14 + log2(2 f(n,c) / (f(n) + f(c))) for a node n and a
collocate c; at most 14 where a collocate stands near each hit once, one less where it does so half as often, whatever the
size of the corpus.

*Log-likelihood* (Dunning 1993) in the two-cell form that corpus linguists use (Rayson & Garside 2000, "Comparing corpora
using frequency profiling"): 2 (a ln(a / E1) + b ln(b / E2)) with E1 = c (a + b) / (c + d) and E2 = d (a + b) / (c + d), for
a of c tokens in one corpus and b of d in another; a term with no token is 0.  It says how sure, not how large, and it
takes tokens for independent, which words of one video are not: use it to rank, not to test.

*Log ratio* (Hardie 2014): log2((a / c) / (b / d)), where a count of 0 is taken for 0.5.  It says how large: 1 is twice as
often, and -1 half as often.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: What a count of nothing is taken for in a ratio.
INSTEAD_OF_ZERO = 0.5


def log_dice(together: Ints, node: int, alone: Ints) -> Floats:
    """logDice of each value; -inf where it is never near.  ``node``: hits; ``alone``: tokens with the value."""
    score = np.full(len(together), -np.inf)
    some = np.flatnonzero(together)
    score[some] = 14 + np.log2(2 * together[some] / (node + alone[some]))
    return score


def log_likelihood(target: Ints, reference: Ints, sizes: tuple[int, int]) -> Floats:
    """G² of each value's counts in two corpora of these sizes in tokens; 0 where a corpus is empty."""
    score = np.zeros(len(target))
    if not all(sizes):
        return score
    both = (target + reference) / sum(sizes)
    for counts, size in zip((target, reference), sizes, strict=True):
        some = np.flatnonzero(counts)
        part = counts[some]
        score[some] += 2 * part * np.log(part / (size * both[some]))
    return np.maximum(score, 0)  # rounding where both are alike


def more_often(target: Ints, reference: Ints, sizes: tuple[int, int]) -> Bools:
    """Which values the target has more often, for its size, than the reference."""
    more: Bools = target * float(sizes[1]) > reference * float(sizes[0])
    return more


def log_ratio(target: Ints, reference: Ints, sizes: tuple[int, int]) -> Floats:
    """Log ratio of each value's counts in two corpora of these sizes in tokens; nan where a corpus is empty."""
    if not all(sizes):
        return np.full(len(target), np.nan)
    one, other = (np.where(counts, counts, INSTEAD_OF_ZERO) / size
                  for counts, size in zip((target, reference), sizes, strict=True))
    ratio: Floats = np.log2(one / other)
    return ratio
