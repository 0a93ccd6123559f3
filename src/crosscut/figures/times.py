"""Days, weeks, months and years as stretches of a time line, and where its marks stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

#: Columns that say when; all are fields that ``--by`` knows.
FIELDS = frozenset({"day", "date", "week", "month", "year"})
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
#: Steps between marks, from fine to coarse: days or months.
_STEPS = (("day", 1), ("day", 2), ("day", 7), ("day", 14), ("month", 1), ("month", 2), ("month", 3), ("month", 6),
          ("month", 12), ("month", 24), ("month", 60), ("month", 120))
#: Days in a step, and pixels that a label needs.
_LENGTHS, _LABEL = {"day": 1, "month": 30.4}, 58


def stretch(text: str) -> tuple[date, date] | None:
    """First day of a period, and the first after it: of ``2024``, ``2024-07``, ``2024-W27``, ``2024-07-04``; else None."""
    try:
        if week := _WEEK.fullmatch(text):
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return monday, monday + timedelta(7)
        if not (found := _DAY.fullmatch(text[:10])):
            return None
        year, month, day = (int(part) if part else 0 for part in found.groups())
        start = date(year, month or 1, day or 1)
        if day:
            return start, start + timedelta(1)
        return start, _months_later(start, 1 if month else 12)
    except ValueError:
        return None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def moment(day: date) -> int:
    """Midnight UTC in milliseconds, as the scale of time has it."""
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def written(text: str) -> str:
    """A date as a reader would write it, as precisely as it is known: ``2023-09`` is Sep 2023."""
    found = _DAY.fullmatch(text[:10])
    if not found or not stretch(text[:10]):
        return text
    year, month, day = found.groups()
    return " ".join(part for part in (str(int(day)) if day else "", MONTHS[int(month) - 1] if month else "", year) if part)


def marks(first: date, last: date, room: float) -> tuple[list[date], str]:
    """Round days from ``first`` to ``last`` that leave their labels room (in pixels), and how they are written.

    None stands so close to the end that its label would meet that of a mark at the beginning of the next panel.
    """
    pixels = room / max((last - first).days, 1)
    unit, step = next(((unit, step) for unit, step in _STEPS if step * _LENGTHS[unit] * pixels >= _LABEL), _STEPS[-1])
    days = _days(first, last, step) if unit == "day" else _firsts(first, last, step)
    kept = [day for day in days if room - (day - first).days * pixels >= _LABEL / 2] or days
    return kept, "%-d %b" if unit == "day" else "%b %Y" if step < 12 else "%Y"


def _days(first: date, last: date, step: int) -> list[date]:
    begin = first + timedelta(-first.weekday() % 7) if step >= 7 else first
    return [begin + timedelta(n) for n in range(0, max((last - begin).days, 0) + 1, step)]


def _firsts(first: date, last: date, step: int) -> list[date]:
    """First days of every ``step``-th month, counted from January of year 0."""
    number = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // step) * step
    end = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number, end + 1, step)]


def neighbours(before: tuple[date, date], after: tuple[date, date]) -> bool:
    """Whether a period follows another with none between them."""
    return before[1] == after[0]


def span(stretches: Sequence[tuple[date, date]]) -> tuple[date, date]:
    """From the first day of all to the first after all."""
    return min(begin for begin, _ in stretches), max(end for _, end in stretches)
