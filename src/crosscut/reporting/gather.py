"""The accounts of the corpus, as plain data: whatever the page says of it comes from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crosscut.accounting import status
from crosscut.errors import NotFound
from crosscut.figures.colours import colours
from crosscut.measure.periods import first_day, name, periods
from crosscut.settings import Study
from crosscut.store.corpus import Manifest
from crosscut.workbench.corpus import Corpus

#: More months than this are shown as years; more examples of a flag than this are counted only.
MOST_MONTHS, EXAMPLES = 36, 5


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """One outlet of the corpus."""

    key: str
    name: str
    colour: str
    videos: int
    usable: int
    words: int
    first: str
    last: str
    languages: tuple[str, ...]
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """Videos of an outlet in a month: usable, and how many a listing knows of (None: no listing speaks of it)."""

    usable: int = 0
    listed: int | None = None
    had: int = 0


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know before comparing, and the videos it is true of: (key, title)."""

    text: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the page says of the corpus."""

    study: Study
    manifest: Manifest
    where: str
    outlets: tuple[OutletFacts, ...]
    words: int
    videos: Mapping[str, Any]
    files: Mapping[str, int]
    records: Mapping[str, int]
    left_out: Sequence[Mapping[str, Any]]
    tracks: Mapping[str, Any]
    flags: tuple[Flag, ...]
    differences: tuple[str, ...]                    # between the outlets, beside what they say
    unit: str                                       # of the heat strip: month or year
    columns: tuple[tuple[str, str], ...]            # (key, name)
    strip: Mapping[tuple[str, str], Cell]
    undated: int
    copied: Mapping[str, Any] | None                # how much was heard before, where it was looked for

    @property
    def listed(self) -> bool:
        """Whether a listing speaks of any month of any outlet."""
        return any(cell.listed is not None for cell in self.strip.values())

    def outlet(self, key: str) -> OutletFacts:
        """An outlet by key; one that only the corpus knows gets a plain entry."""
        found = next((outlet for outlet in self.outlets if outlet.key == key), None)
        return found or OutletFacts(key, key or "no outlet", colours({key: ""})[key], 0, 0, 0, "", "", (), {})


def gather(corpus: Corpus, where: str = "") -> Facts:
    """Everything that the page says of the corpus; ``where`` is only quoted."""
    study = corpus.study
    found = status(study, ("outlet", "month"))
    outlets = _outlets(study, found["outlets"])
    names = {outlet.key: outlet.name for outlet in outlets}
    unit, columns, strip, undated = _strip(found["frame"]["table"])
    return Facts(
        study, corpus.files.manifest, where, outlets, found["words"], found["videos"], found["files"], found["records"],
        found["exclusions"], found["tracks"], _flags(corpus, found["flags"], names), tuple(found["differences"]), unit,
        columns, strip, undated, found["copies"])


def _outlets(study: Study, rows: Sequence[Mapping[str, Any]]) -> tuple[OutletFacts, ...]:
    """The outlets in the order of the study file, then the others by key."""
    order = {key: place for place, key in enumerate(study.outlets)}
    ranked = sorted(rows, key=lambda row: (order.get(row["outlet"], len(order)), row["outlet"]))
    wanted = {row["outlet"]: study.outlets[row["outlet"]].colour if row["outlet"] in order else "" for row in ranked}
    chosen = colours(wanted)
    return tuple(
        OutletFacts(
            row["outlet"], row["name"] or "no outlet", chosen[row["outlet"]], row["videos"], row["usable"], row["words"],
            row["first"], row["last"], tuple(row["languages"]), row["kinds"])
        for row in ranked)


def _strip(
    table: Sequence[Mapping[str, Any]]
) -> tuple[str, tuple[tuple[str, str], ...], dict[tuple[str, str], Cell], int]:
    """Outlets by month (or year), with the months in which nothing was published."""
    days = [day for row in table if (day := first_day(row["month"]))]
    if not days:
        return "month", (), {}, sum(row["had"] for row in table)
    months = periods("month", min(days), max(days))
    unit = "month" if len(months) <= MOST_MONTHS else "year"
    length = 7 if unit == "month" else 4
    cells: dict[tuple[str, str], Cell] = {}
    for row in table:
        if row["month"]:
            place = (row["outlet"], row["month"][:length])
            cells[place] = _add(cells.get(place, Cell()), row)
    shown = tuple((period.key, period.name) for period in periods(unit, min(days), max(days)))
    return unit, shown, cells, sum(row["had"] for row in table if not row["month"])


def _add(cell: Cell, row: Mapping[str, Any]) -> Cell:
    listed = None if cell.listed is None and row["listed"] is None else (cell.listed or 0) + (row["listed"] or 0)
    return Cell(cell.usable + row["usable"], listed, cell.had + row["had"])


def _flags(corpus: Corpus, rows: Sequence[Mapping[str, str]], names: Mapping[str, str]) -> tuple[Flag, ...]:
    """Flags that read the same are one flag with its videos; outlets by name."""
    videos: dict[str, list[str]] = {}
    for row in rows:
        videos.setdefault(with_names(row["flag"], names), []).append(row["video"])
    return tuple(
        Flag(text, len(keys), tuple((key, _title(corpus, key)) for key in keys[:EXAMPLES])) for text, keys in videos.items())


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A remark with the names of outlets for their keys."""
    return " ".join(names.get(word.rstrip(","), word.rstrip(",")) + "," * word.endswith(",") for word in text.split(" "))


def _title(corpus: Corpus, video: str) -> str:
    try:
        return corpus.files.catalog.text("title")[corpus.files.ordinal(video)]
    except NotFound:
        return ""


def written(text: str) -> str:
    """A date as a reader would write it, as precisely as it is known: ``2023-09`` is Sep 2023."""
    day: date | None = first_day(text)
    if day is None:
        return text
    return name({4: "year", 7: "month"}.get(len(text), "day"), day)
