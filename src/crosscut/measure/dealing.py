"""Units dealt out to the groups anew: what permutation tests compare with what was observed.

Units are dealt out within their stratum only, each group keeping its number of them: in all ways where these are few, else
at random.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, pairwise, product
from math import exp, lgamma
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.measure.bootstrap import generator

Ints = npt.NDArray[np.int64]
Labels = npt.NDArray[np.integer[Any]]

PERMUTATIONS = 10_000
#: So many labels are dealt out at a time.
_BLOCK = 2_000_000
#: Statistics that differ by less than this part are the same, but for rounding.
ALIKE = 1e-9


@dataclass(frozen=True)
class Dealing:
    """``labels``: the group of each unit; units of stratum s are ``bounds[s] : bounds[s + 1]``."""

    labels: Labels
    bounds: Ints

    @cached_property
    def ways(self) -> float:
        """In how many ways the units can be dealt out; inf: very many."""
        logs = 0.0
        for begin, end in pairwise(self.bounds.tolist()):
            many = np.unique(self.labels[begin:end], return_counts=True)[1]
            logs += lgamma(end - begin + 1) - sum(lgamma(n + 1) for n in many.tolist())
        return float(round(exp(logs))) if logs < 40 else float("inf")

    def exact(self, permutations: int) -> bool:
        """Whether all ways are looked at where so many are asked for."""
        return self.ways <= permutations

    def many(self, permutations: int) -> int:
        """How often units are dealt out where so many are asked for."""
        return int(min(self.ways, permutations))

    def deals(self, seed: int, label: str, permutations: int) -> Iterator[Labels]:
        """Deals × units, in blocks."""
        if not len(self.labels):
            return
        rows = max(1, _BLOCK // len(self.labels))
        if self.exact(permutations):
            every = self._every()
            while some := list(islice(every, rows)):
                yield np.array(some, self.labels.dtype)
            return
        random = generator(seed, f"{label}\0{len(self.labels)}")
        for begin in range(0, permutations, rows):
            dealt = np.repeat(self.labels[None], min(rows, permutations - begin), axis=0)
            for first, end in pairwise(self.bounds.tolist()):
                random.permuted(dealt[:, first:end], axis=1, out=dealt[:, first:end])
            yield dealt

    def p(self, as_large: npt.ArrayLike, permutations: int) -> npt.NDArray[np.float64]:
        """p where so many deals had a statistic as large as observed: (1 + b) / (1 + B), or the share of all ways.

        Phipson & Smyth 2010: what was observed is one of the ways, so that p is never 0.
        """
        large = np.asarray(as_large, np.float64)
        return large / max(self.ways, 1) if self.exact(permutations) else (1 + large) / (1 + permutations)

    def _every(self) -> Iterator[tuple[int, ...]]:
        pieces = [self.labels[begin:end].tolist() for begin, end in pairwise(self.bounds.tolist())]
        for parts in product(*(list(_orders(piece)) for piece in pieces)):
            yield tuple(label for part in parts for label in part)


def _orders(labels: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All distinct orders of some labels."""
    if not labels:
        yield ()
        return
    one = min(labels)
    others = [label for label in labels if label != one]
    for places in combinations(range(len(labels)), len(labels) - len(others)):
        taken = set(places)
        for order in _orders(others):
            rest = iter(order)
            yield tuple(one if place in taken else next(rest) for place in range(len(labels)))
