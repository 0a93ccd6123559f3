"""What did a person decide about a video?  ``corrections/videos.tsv``, plain text for an editor and for git.

Columns ``video``, ``field``, ``value`` and whatever else the person wants to keep (author, date, note).  Fields are the
facts of a video, ``kind`` (of its track) and ``exclude`` (value: the reason).  The last line about a field counts.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from crosscut.errors import StudyError
from crosscut.identity import split_key, video_key
from crosscut.model import FORMATS, KINDS

FILE = "videos.tsv"
FIELDS = ("outlet", "title", "published", "programme", "format", "language", "url", "kind", "exclude")

COLUMNS = ("video", "field", "value")

_DATE = re.compile(r"([0-9]{4}-[0-9]{2})(-[0-9]{2})?(?(2)(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)")

Corrections = Mapping[str, Mapping[str, str]]


def read_corrections(folder: Path) -> Corrections:
    """The corrections of a study, by video; none where the file is missing."""
    path = folder / FILE
    if not path.is_file():
        return {}
    found: dict[str, dict[str, str]] = {}
    for number, video, field, value in lines(path):
        _check(field, value, f"{path}, line {number}")
        found.setdefault(video_key(*split_key(video)), {})[field] = value
    return found


def lines(path: Path, named: tuple[str, str, str] = COLUMNS) -> Iterator[tuple[int, str, str, str]]:
    """Number of each line that has something in the first of the columns ``named``, and what it has in these."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: not UTF-8 ({error}); save it as UTF-8") from error
    columns: dict[str, int] | None = None
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("#") or not any(cells):
            continue
        if columns is None:
            columns = {name: place for place, name in enumerate(cells)}
            if missing := [name for name in named if name not in columns]:
                raise StudyError(f"{path}, line {number}: no column {missing[0]!r}; the first line names the columns, "
                                 f"with tabs between them: {', '.join(named)}")
            continue
        what, field, value = (cells[columns[name]] if columns[name] < len(cells) else "" for name in named)
        if what:
            yield number, what, field, value


def _check(field: str, value: str, where: str) -> None:
    if field not in FIELDS:
        near = difflib.get_close_matches(field, FIELDS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(FIELDS)}"
        raise StudyError(f"{where}: unknown field {field!r}; {hint}")
    allowed = {"kind": KINDS, "format": FORMATS}.get(field)
    if allowed and value not in allowed:
        raise StudyError(f"{where}: {value!r} is no {field}; known: {', '.join(allowed)}")


    if field == "published" and not _is_date(value):
        raise StudyError(f"{where}: {value!r} is no date; write it as 2024-07-04, or 2024-07 where the day is not known")


def _is_date(value: str) -> bool:
    """Whether it is ISO 8601 cut to its precision, as ``Published`` keeps it; "" takes a date away."""
    found = _DATE.fullmatch(value)
    try:
        return not value or bool(found and date.fromisoformat(found[1] + (found[2] or "-01")))
    except ValueError:
        return False


def write_header(folder: Path) -> None:
    """Begin the file, so that a person sees what to write."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    if not path.exists():
        path.write_text("video\tfield\tvalue\tauthor\tdate\tnote\n", encoding="utf-8")


def digest(corrections: Corrections) -> str:
    """Digest of all corrections, for the recipe."""
    lines = sorted(f"{v}\t{f}\t{value}" for v, fields in corrections.items() for f, value in fields.items())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
