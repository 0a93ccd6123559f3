"""What did a person decide about a video?  ``corrections/videos.tsv``, plain text for an editor and for git.

Columns ``video``, ``field``, ``value`` and whatever else the person wants to keep (author, date, note).  Fields are the
facts of a video, ``kind`` (of its track) and ``exclude`` (value: the reason).  The last line about a field counts.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
from collections.abc import Mapping
from pathlib import Path

from crosscut.errors import StudyError
from crosscut.identity import split_key, video_key
from crosscut.model import FORMATS, KINDS

FILE = "videos.tsv"
FIELDS = ("outlet", "title", "published", "programme", "format", "language", "url", "kind", "exclude")

Corrections = Mapping[str, Mapping[str, str]]


def read_corrections(folder: Path) -> Corrections:
    """The corrections of a study, by video; none where the file is missing."""
    path = folder / FILE
    if not path.is_file():
        return {}
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows, 2):
            video, field, value = (str(row.get(name) or "").strip() for name in ("video", "field", "value"))
            if video:
                _check(field, value, f"{path}, line {number}")
                found.setdefault(video_key(*split_key(video)), {})[field] = value
    return found


def _check(field: str, value: str, where: str) -> None:
    if field not in FIELDS:
        near = difflib.get_close_matches(field, FIELDS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(FIELDS)}"
        raise StudyError(f"{where}: unknown field {field!r}; {hint}")
    allowed = {"kind": KINDS, "format": FORMATS}.get(field)
    if allowed and value not in allowed:
        raise StudyError(f"{where}: {value!r} is no {field}; known: {', '.join(allowed)}")


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
