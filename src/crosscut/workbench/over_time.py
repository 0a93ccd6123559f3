"""What the measures over time share: the periods of a corpus, and the events of a study in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure.periods import FIELDS, Period, about, first_day, periods
from crosscut.query.mask import Mask
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]



@dataclass(frozen=True, slots=True)
class Calendar:
    """All periods from the first to the last that some videos lie in; ``codes``: the period of each video, -1: in none."""

    field: str
    periods: tuple[Period, ...]
    codes: Ints
    unplaced: int      # videos whose date does not say in which period they lie

    @classmethod
    def of(cls, corpus: Opened, field: str, mask: Mask, most: int) -> Calendar:
        """The periods of the videos under a mask; more than ``most`` are refused."""
        if field not in FIELDS:
            raise QueryError(f"unknown period {field!r}: one of {', '.join(FIELDS)}")
        base = "day" if field == "week" else field
        codes, texts = corpus.coded((base,))[base]
        used = np.bincount(codes[mask.videos], minlength=len(texts)) > 0
        days = [first_day(text) if text and some else None for text, some in zip(texts, used.tolist(), strict=True)]
        known = [day for day in days if day]
        if not known:
            return cls(field, (), np.full(len(codes), -1, np.int64), int(mask.videos.sum()))
        if about(field, min(known), max(known)) > most:
            raise QueryError(f"{min(known)} to {max(known)} has more than {most:,} {field}s: take a coarser --period, or "
                             f"narrow --where 'date>=…'")
        found = periods(field, min(known), max(known))
        starts = np.array([period.start.toordinal() for period in found])
        place = np.array([-1 if day is None else int(np.searchsorted(starts, day.toordinal(), side="right")) - 1
                          for day in days], np.int64)
        of_video = np.where(mask.videos, place[codes], -1)
        return cls(field, found, of_video, int(np.count_nonzero(mask.videos & (of_video < 0))))

    def notes(self) -> list[str]:
        """How many videos have no place in the periods."""
        return [f"{self.unplaced:,} videos have no {self.field}: their dates do not say so much"] if self.unplaced else []

    def events(self, events: Sequence[tuple[str, str]], first: int, last: int) -> str:
        """The labels of the events of the study in the periods from ``first`` to ``last``."""
        inside = [label or day for day, label in events
                  if day and self.periods[first].start <= date.fromisoformat(day) < self.periods[last].end]
        return "; ".join(inside)
