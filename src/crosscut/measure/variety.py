"""How many different things fill a slot, and how evenly?

*Type–token ratio*: different fillers / hits.  It falls with the number of hits, whatever is said: compare it between groups
of about as many.  ``distinct_in`` is fairer: how many different fillers there are to be expected in so many of the hits,
drawn at random (rarefaction: Hurlbert 1971, Ecology 52(4)).
*Entropy* (Shannon 1948): -Σ p log₂ p bits over the fillers' shares p; 0 where one filler has all.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def entropy(counts: Ints) -> float:
    """Entropy of some counts in bits; nan without any."""
    some = counts[counts > 0]
    if not len(some):
        return float("nan")
    shares = some / some.sum()
    return max(float(-(shares * np.log2(shares)).sum()), 0.0)


def distinct_in(counts: Ints, hits: int) -> float:
    """How many different things there are in so many of all, drawn without putting back: Σ 1 - C(N - n, h) / C(N, h)."""
    from scipy.special import gammaln

    n, total = counts[counts > 0].astype(np.float64), float(counts.sum())
    if not 0 <= hits <= total:
        return float("nan")
    rest = total - n
    can = rest >= hits  # else each draw has it
    log = (gammaln(rest + 1) - gammaln(np.maximum(rest - hits, 0) + 1)) - (gammaln(total + 1) - gammaln(total - hits + 1))
    return float(np.sum(1 - np.where(can, np.exp(np.minimum(log, 0)), 0)))
