"""Days, weeks, months, years: which fit the span, which are there, and how they are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: From fine to coarse; all are fields that ``--by`` knows.
FIELDS = ("day", "week", "month", "year")
#: More points than this do not fit a small panel, fewer show no course.
MOST, FEWEST = 60, 3
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """``key`` is what ``--by`` calls it; ``end`` is the first day after it."""

    key: str
    start: date
    end: date
    name: str


def first_day(text: str) -> date | None:
    """The first day that an ISO text of any precision may mean, or None."""
    try:
        return date.fromisoformat((text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)[:10])
    except ValueError:
        return None


def choose(first: date, last: date, words_per_outlet: float, enough: float) -> str:
    """The finest field whose periods are few enough and hold ``enough`` words; else the coarsest that shows a course."""
    counts = {field: len(periods(field, first, last)) for field in FIELDS if about(field, first, last) <= MOST}
    for field, count in counts.items():
        if count >= FEWEST and words_per_outlet / count >= enough:
            return field
    return next((field for field in reversed(FIELDS) if counts.get(field, 0) >= FEWEST), next(iter(counts), "year"))


def about(field: str, first: date, last: date) -> float:
    """About how many periods there are: enough to refuse to list ten thousand days."""
    return (last - first).days / {"day": 1, "week": 7, "month": 31, "year": 366}[field]


def periods(field: str, first: date, last: date) -> tuple[Period, ...]:
    """All periods from the one that holds ``first`` to the one that holds ``last``, with no gap."""
    found, start = [], _start(field, first)
    while start <= last:
        end = _start(field, start + timedelta({"day": 1, "week": 7, "month": 31, "year": 366}[field]))
        found.append(Period(_key(field, start), start, end, name(field, start)))
        start = end
    return tuple(found)


def _start(field: str, day: date) -> date:
    if field == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1 if field != "day" else day.day, month=1 if field == "year" else day.month)


def _key(field: str, start: date) -> str:
    if field == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    return start.isoformat()[: {"day": 10, "month": 7, "year": 4}[field]]


def name(field: str, start: date) -> str:
    """A period as a reader would write it; a week by its Monday."""
    month = f"{MONTHS[start.month - 1]} {start.year}"
    return {"year": str(start.year), "month": month}.get(field, f"{start.day} {month}")
