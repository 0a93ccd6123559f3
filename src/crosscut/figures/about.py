"""What stands around a picture: the question, where its numbers come from, how and when they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """Everything but the table.  Texts are as they came; the figures make them plain.

    ``source``: corpus and frame in words; ``method``: how the numbers were made, with the digests of the corpus;
    ``date``: of the figure, ISO; ``names``, ``colours``: of outlets, by key, from the study file; ``events``: (ISO day,
    label); ``level``: of the intervals; ``labels``: so many of the first columns say what a row is of; ``sides``: what two
    sides are called, where two are compared; ``notes``: what to know before comparing;
    ``asked``: the parameters of the measure.
    """

    question: str
    source: str = ""
    method: str = ""
    date: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[tuple[str, str]] = ()
    level: float = 0.95
    labels: int = 1
    sides: tuple[str, str] = ("the target", "the reference")
    notes: Sequence[str] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def intervals(self) -> str:
        """What its intervals are, in words."""
        unit = str(self.asked.get("unit") or "video")
        return f"{self.level:.0%} intervals over {f'{unit[:-1]}ies' if unit.endswith('ry') else f'{unit}s'}"
