"""A ranking: the rows that score highest, under labelled columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64] | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """``rows`` under ``columns``, the highest first; ``totals``: what the rows are out of."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    totals: Mapping[str, int]

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as plain dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def largest(scores: Scores, among: npt.NDArray[np.bool_], limit: int) -> npt.NDArray[np.int64]:
    """Where the ``limit`` largest scores stand (0: all), the largest first; equal ones in their order."""
    places = np.flatnonzero(among)
    chosen = scores[places]
    if 0 < limit < len(places):
        high = chosen >= np.partition(chosen, len(places) - limit)[len(places) - limit]
        places, chosen = places[high], chosen[high]
    order = places[np.argsort(-chosen, kind="stable")]
    return order[:limit] if limit else order
