"""A table with everything it needs to be believed: question, parameters, digests, exclusions, and a way to its lines."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

    from crosscut.figures.about import About
    from crosscut.figures.figure import Figure

#: A cell that a spreadsheet would run as a formula begins with one of these.
_PLAIN = re.compile(r"-[A-Za-z0-9_-]{10}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: The level of intervals where a finding does not say.
LEVEL = 0.95
#: A network is drawn the same each time.
SEED = 1
#: Conditions that are one outlet.
_OUTLET = re.compile(r"\s*outlet=([^\s,|]+)\s*")
#: What a table in a file has beside the columns of the finding: the command that opens the lines of a row.
LINES = "lines"


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: texts that look like one get an apostrophe in front.

    A YouTube id that begins with ``-`` stays as it is: it holds nothing that a formula could call.
    """
    if isinstance(value, str) and value.startswith(_FORMULA) and not _PLAIN.fullmatch(value):
        return f"'{value}"
    return value


@dataclass(frozen=True, slots=True)
class Evidence:
    """What opens the lines that a row counts: ``crosscut kwic QUERY`` with these options."""

    query: str
    where: str = ""
    span: str = ""
    strategy: str = ""

    def command(self, *more: str) -> str:
        """The command to type in the study folder."""
        options = [part for name in ("where", "span", "strategy") if (value := getattr(self, name))
                   for part in (f"--{name}", value)]
        return shlex.join(("crosscut", "kwic", self.query, *options, *more))


@dataclass(frozen=True, slots=True)
class Source:
    """The corpus that a finding is of: its digests, when it was built, and as what it was opened."""

    recipe: str
    result: str
    built: str = ""
    as_of: str = ""
    view: str = ""
    tool: str = ""
    speaks_for: str = ""                   # what the study's frame claims


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """``columns`` and ``rows`` are the table; the rest says what it is and what it rests on.

    ``labels``: so many of the first columns say what a row is of.  ``effect``: the column of what was measured;
    ``difference``: whether 0 means none; ``counted``: columns of counts that two views are compared by;
    ``lesser``: columns that a narrow terminal does without, the least first.  ``explained`` says
    what a column is, with formula and source.  ``evidence`` has one entry a row, or is empty.
    """

    measure: str
    question: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    parameters: Mapping[str, Any]          # all of them, defaults spelled out
    source: Source
    exclusions: Mapping[str, int]          # videos left out, by reason
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    asked: str = ""                        # when, in UTC
    labels: int = 1
    effect: str = ""
    difference: bool = False
    counted: tuple[str, ...] = ()
    lesser: tuple[str, ...] = ()
    evidence: tuple[Evidence | None, ...] = ()
    explained: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)   # how a column is printed
    look: Mapping[str, Any] = field(default_factory=dict)      # for figures: colours and names of outlets, events

    @property
    def table(self) -> polars.DataFrame:
        """The table as a Polars data frame."""
        import polars

        return polars.DataFrame([dict(zip(self.columns, row, strict=True)) for row in self.rows],
                                schema=list(self.columns), infer_schema_length=None)

    def __repr__(self) -> str:
        return f"<{self.measure}: {self.question} {len(self.rows):,} rows; .table, .explain(), .plot(), .evidence>"

    def __str__(self) -> str:
        return "\n".join((self.question, str(self.table), *self.notes))

    def to_dicts(self) -> list[dict[str, Any]]:
        """The table as plain dictionaries, one a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def generalises(self) -> str:
        """What the intervals speak of; "" without intervals."""
        level, replicates = (self.parameters.get(name) for name in ("level", "replicates"))
        if not level or not replicates:
            return ""
        unit = self.parameters.get("unit", "video")
        others = "stories" if unit == "story" else "videos"
        return (f"Intervals: {level:.0%}, {replicates:,} resamples by {unit}: what other {others} that came about in the "
                f"same way could give. Of the videos counted the numbers are exact.")

    def header(self) -> dict[str, Any]:
        """Everything but the table."""
        return {
            "measure": self.measure, "question": self.question, "parameters": dict(self.parameters),
            "recipe": self.source.recipe, "result": self.source.result, "built": self.source.built,
            "as_of": self.source.as_of, "view": self.source.view, "tool": self.source.tool, "asked": self.asked,
            "speaks_for": self.source.speaks_for, "generalises": self.generalises,
            "exclusions": dict(self.exclusions), "notes": list(self.notes),
            "seconds": round(self.seconds, 3), "labels": self.labels, "explained": dict(self.explained),
        }

    def in_files(self) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
        """Columns and rows as files have them: with the command that opens the lines of each row."""
        if not self.evidence:
            return self.columns, iter(self.rows)
        commands = (found.command() if found else "" for found in self.evidence)
        return (*self.columns, LINES), ((*row, command) for row, command in zip(self.rows, commands, strict=True))

    def explain(self) -> str:
        """What was computed, of what, with formulas and sources, in words."""
        return "\n".join(_explanation(self))

    def to_json(self) -> str:
        """Header and table as one JSON object."""
        columns, rows = self.in_files()
        return write_json(columns, list(rows), self.header())

    def to_csv(self) -> str:
        """The table as CSV under a block of ``#`` lines that hold the header."""
        columns, rows = self.in_files()
        return "".join(csv_lines(columns, rows, self.header()))

    def plot(self) -> Figure:
        """The finding as a picture: ``finding.plot().save("out.svg")``; ``QueryError`` where there is none to draw."""
        from crosscut.figures import draw, draw_network

        if self.measure == "network":
            from crosscut.measure.network import edges, picture

            return draw_network(*picture(edges(self.columns, self.rows), SEED), self.about())
        return draw(self.measure, self.columns, self.rows, self.about())

    def about(self) -> About:
        """What stands around its picture."""
        from crosscut.figures.about import About

        look = self.look
        return About(
            question=self.question, source=". ".join(filter(None, (str(look.get("study", "")), self.source.speaks_for))),
            method=_method(self), date=self.asked[:10], names=look.get("names", {}), colours=look.get("colours", {}),
            events=[(str(day), str(label)) for day, label in look.get("events", ())],
            level=self.parameters.get("level") or LEVEL, labels=self.labels, notes=self.notes,
            asked=self.parameters, **_sides(self))

    def to_pandas(self) -> Any:
        """The table as a data frame of pandas, which has to be installed."""
        return self.table.to_pandas()


def number(value: float) -> float | None:
    """A number as a table has it: None where there is none."""
    return float(value) if math.isfinite(value) else None


def cell(value: Any) -> Any:
    """The same of whole numbers as well, which stay whole; NumPy's become plain ones."""
    return int(value) if isinstance(value, Integral) else number(value)


def _sides(finding: Finding) -> dict[str, tuple[str, str]]:
    """What two sides are called that are compared: an outlet by its name."""
    asked, names = finding.parameters, finding.look.get("names", {})
    if "reference" not in asked or not asked.get("where"):
        return {}
    found = [_OUTLET.fullmatch(str(asked[side] or "")) for side in ("where", "reference")]
    where, reference = (names.get(one[1], one[1]) if one else str(asked[side] or "") for one, side
                        in zip(found, ("where", "reference"), strict=True))
    return {"sides": (where, reference or "the others")}


def _method(finding: Finding) -> str:
    """How it was made, on a line or two: enough to ask the same of the same corpus."""
    asked, source = finding.parameters, finding.source
    level, replicates, unit = (asked.get(name) for name in ("level", "replicates", "unit"))
    units = _several(str(unit or "video"))
    parts = [
        f"{source.tool or 'crosscut'} {finding.measure}",
        f"{level:.0%} intervals, {replicates:,} resamples of {units}" if level and replicates else "",
        f"seed {asked['seed']}" if asked.get("seed") is not None else "",
        f"videos with {asked['where']}" if asked.get("where") else "", f"only {asked['span']}" if asked.get("span") else "",
        f"the {source.view} view" if source.view == "levelled" else "",
        f"corpus {source.recipe[:12]} (recipe), {source.result[:12]} (result)",
        f"as known on {source.as_of}" if source.as_of else ""]
    return ", ".join(filter(None, parts))


def _several(unit: str) -> str:
    """A unit in the plural."""
    return f"{unit[:-1]}ies" if unit.endswith("ry") else f"{unit}s"


def _explanation(finding: Finding) -> Iterator[str]:
    yield finding.question
    yield ""
    for name, value in finding.parameters.items():
        yield f"  {name}: {json.dumps(value, ensure_ascii=False)}"
    yield ""
    for name in finding.columns:
        if name in finding.explained:
            yield f"{name}: {finding.explained[name]}"
    if finding.exclusions:
        yield ""
        yield "Videos left out: " + "; ".join(f"{count:,} {reason}" for reason, count in finding.exclusions.items())
    said = [text for text in (finding.generalises, finding.source.speaks_for) if text]
    yield from ("", *said) if said else ()
    yield from ("", *finding.notes) if finding.notes else ()
    source = finding.source
    yield ""
    yield f"Corpus: recipe {source.recipe}, result {source.result}, built {source.built}, {finding.seconds:.2f} s"


def write_json(columns: Sequence[str], rows: Sequence[Sequence[Any]], header: Mapping[str, Any]) -> str:
    """A table as one JSON object: what the header says, and ``rows``."""
    table = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps({**header, "rows": table}, ensure_ascii=False, indent=1) + "\n"


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]], header: Mapping[str, Any]) -> Iterator[str]:
    """A table as CSV, formulas neutralised, line by line, under a block of ``#`` lines that hold the header."""
    yield from (f"# {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in header.items())
    yield _csv_line(columns)
    yield from (_csv_line([safe_cell(value) for value in row]) for row in rows)


def _csv_line(cells: Sequence[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)  # so that a cell with \r is quoted, and begins no new row
    return out.getvalue().removesuffix("\r\n") + "\n"
