"""Is any label worse than it was?  Floors that only rise, pinned to the digest of the gold they were measured on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.quality.measure import EXACT, MARKS, Figure, Result

FLOORS = Path(__file__).parents[1] / "quality_floors.json"
#: A floor lies this many points and one item of the gold below what was measured, rounded down to a tenth: another
#: processor may sum floats in another order and tip a token.
SLACK = 0.2
#: Not a single one may be wrong: a broadcast that lost nothing is never debris.
NEVER_WRONG = ("kinds/debris-at/0.0",)


class WouldLower(ValueError):
    """An update would lower floors, drop them, or take other gold."""


@dataclass(slots=True)
class Pinned:
    """Digests of the gold by source, and floors in percent by source, view and layer."""

    gold: dict[str, str] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path = FLOORS) -> Pinned:
        """The floors as pinned; none where there is no file."""
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return cls(found.get("gold", {}), found.get("floors", {}))

    def write(self, path: Path = FLOORS) -> None:
        """Write the floors, sorted, so that a change is a short difference."""
        path.write_text(json.dumps({"gold": self.gold, "floors": self.floors}, indent=1, sort_keys=True) + "\n")


def floor_of(figure: Figure) -> float:
    """The floor that a measured figure gives."""
    return max(0.0, math.floor(10 * (figure.percent - SLACK - 100 / figure.gold)) / 10)


def measured(results: Iterable[Result]) -> dict[str, Figure]:
    """All figures, by source, view and layer."""
    return {f"{result.name}/{key}": figure for result in results for key, figure in result.figures.items()}


def broken(results: list[Result], pinned: Pinned) -> list[str]:
    """What is below its floor, not pinned, not measured any more, or measured on other gold."""
    figures = measured(results)
    wrong = [f"{result.name}: the gold is not that on which the floors were pinned"
             for result in results if pinned.gold.get(result.name) != result.digest]
    wrong += [f"{key}: has no floor yet; --update pins one" for key in figures if key not in pinned.floors]
    wrong += [f"{key}: has a floor but is not measured any more" for key in _lost(figures, results, pinned)]
    wrong += [f"{key}: {figure.percent:.2f} is below its floor {pinned.floors[key]}"
              for key, figure in figures.items() if figure.percent < pinned.floors.get(key, 0.0)]
    wrong += [f"{key}: {figures[key].gold - figures[key].right} of {figures[key].gold} wrong; must be none"
              for key in NEVER_WRONG if key in figures and figures[key].right != figures[key].gold]
    exact = [f"{result.name}/{MARKS}/{layer}" for result in results for layer in EXACT]
    wrong += [f"{key}: marks change {figures[key].gold - figures[key].right} of {figures[key].gold} tokens; must be none"
              for key in exact if key in figures and figures[key].right != figures[key].gold]
    return wrong


def repinned(results: list[Result], pinned: Pinned, *, allow_regression: bool = False) -> Pinned:
    """New floors: raised where the figures are better; lowered, dropped or on other gold only if that is allowed."""
    figures = measured(results)
    changed = [result.name for result in results if pinned.gold.get(result.name, result.digest) != result.digest]
    below = [key for key, figure in figures.items() if figure.percent < pinned.floors.get(key, 0.0)]
    lost = _lost(figures, results, pinned)
    if (changed or below or lost) and not allow_regression:
        raise WouldLower(f"only with --allow-regression: {', '.join((*changed, *below, *lost))}")
    fresh = {key: floor_of(figure) for key, figure in figures.items()}
    if not allow_regression:
        fresh = {key: max(floor, pinned.floors.get(key, 0.0)) for key, floor in fresh.items()}
    kept = {key: floor for key, floor in pinned.floors.items() if key not in lost}
    return Pinned(pinned.gold | {result.name: result.digest for result in results}, kept | fresh)


def _lost(figures: dict[str, Figure], results: list[Result], pinned: Pinned) -> list[str]:
    names = {result.name for result in results}
    return [key for key in pinned.floors if key.partition("/")[0] in names and key not in figures]
