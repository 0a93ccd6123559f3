"""A table with everything it needs to be believed: question, parameters, digests, exclusions."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

#: A cell that a spreadsheet would run as a formula begins with one of these.
_PLAIN = re.compile(r"-[A-Za-z0-9_-]{10}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: texts that look like one get an apostrophe in front.

    A YouTube id that begins with ``-`` stays as it is: it holds nothing that a formula could call.
    """
    if isinstance(value, str) and value.startswith(_FORMULA) and not _PLAIN.fullmatch(value):
        return f"'{value}"
    return value


@dataclass(frozen=True, slots=True)
class Finding:
    """``columns`` and ``rows`` are the table; the rest says what it is and what it rests on."""

    measure: str
    question: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    parameters: Mapping[str, Any]
    recipe: str
    result: str
    exclusions: Mapping[str, int]          # videos left out, by reason
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    formats: Mapping[str, str] = field(default_factory=dict)   # how a column is printed

    @property
    def table(self) -> polars.DataFrame:
        """The table as a Polars data frame."""
        import polars

        return polars.DataFrame([dict(zip(self.columns, row, strict=True)) for row in self.rows],
                                schema=list(self.columns), infer_schema_length=None)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The table as plain dictionaries, one a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def header(self) -> dict[str, Any]:
        """Everything but the table."""
        return {
            "measure": self.measure, "question": self.question, "parameters": dict(self.parameters),
            "recipe": self.recipe, "result": self.result, "exclusions": dict(self.exclusions), "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Header and table as one JSON object."""
        return write_json(self.columns, self.rows, self.header())

    def to_csv(self) -> str:
        """The table as CSV under a block of ``#`` lines that hold the header."""
        return write_csv(self.columns, self.rows, self.header())


def write_json(columns: Sequence[str], rows: Sequence[Sequence[Any]], header: Mapping[str, Any]) -> str:
    """A table as one JSON object: what the header says, and ``rows``."""
    table = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps({**header, "rows": table}, ensure_ascii=False, indent=1) + "\n"


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]], header: Mapping[str, Any]) -> str:
    """A table as CSV, formulas neutralised, under a block of ``#`` lines that hold the header."""
    return "".join(csv_lines(columns, rows, header))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]], header: Mapping[str, Any]) -> Iterator[str]:
    """The same, line by line."""
    yield from (f"# {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in header.items())
    yield _csv_line(columns)
    yield from (_csv_line([safe_cell(value) for value in row]) for row in rows)


def _csv_line(cells: Sequence[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)  # so that a cell with \r is quoted, and begins no new row
    return out.getvalue().removesuffix("\r\n") + "\n"
