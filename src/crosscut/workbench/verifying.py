"""Does an exported finding still hold?  Ask the same again of the corpus as it is now, and say what changed.

A finding in a file names its measure, all parameters, and the corpus by its digests and the moment of its build.  Nothing
of it is trusted: only measures are asked, by the parameters they have.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.building import current_recipe
from crosscut.corrections import read_corrections
from crosscut.errors import CrosscutError, QueryError
from crosscut.ledger import Ledger
from crosscut.measure.finding import LINES, Finding, safe_cell
from crosscut.model import FOUND
from crosscut.raw import RawStore
from crosscut.selection import Row, select
from crosscut.settings import Study, open_study
from crosscut.workbench.asking import ask_again
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.twice import beside
from crosscut.workbench.views import both_views

#: Numbers that differ by less, in proportion, are the same: sums in another order on another machine.
TOLERANCE = 1e-9
#: A header is a few lines; a file that goes on without an end of line is none of ours.
_LONGEST = 200_000_000
_LONGEST_CELL = 100_000  # Python's own limit is of the whole process, and readers raise it
#: No command resamples or deals out more often: a file that asks for more would be computed for days, in any memory.
_MOST = {"replicates": 100_000, "permutations": 1_000_000}


@dataclass(frozen=True, slots=True)
class Exported:
    """A finding as a file has it: what its header says, and its table, all cells as a CSV file writes them."""

    header: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Verification:
    """``holds``: every number came out again.  ``changed``: what became of the corpus; ``differs``: numbers that moved."""

    holds: bool
    measure: str
    question: str
    changed: tuple[str, ...]
    differs: tuple[str, ...]
    again: Finding


def verify(folder: str | Path, path: Path) -> Verification:
    """Compute a finding in a file (CSV, JSON or Parquet) again, on the study in a folder or above it."""
    exported = read_finding(path)
    study, header = open_study(folder), exported.header
    again = _asked_again(study.folder, header)
    differs = tuple(_differences(exported, again))
    changed = tuple(_changes(study, header, again, open_corpus(study.folder, as_of=str(header.get("as_of", "")))))
    return Verification(not differs, str(header["measure"]), str(header.get("question", "")), changed, differs, again)


def read_finding(path: Path) -> Exported:
    """A finding from the file that ``--output`` wrote."""
    try:
        if path.stat().st_size > _LONGEST:
            raise CrosscutError(f"{path}: too large for a finding ({path.stat().st_size:,} bytes)")
        found = {".json": _from_json, ".parquet": _from_parquet}.get(path.suffix.lower(), _from_csv)(path)
    except OSError as error:
        raise CrosscutError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError, csv.Error) as error:
        raise CrosscutError(f"{path}: no finding of crosscut (csv, json or parquet with its header): {error}") from error
    header = found.header
    if not isinstance(header.get("measure"), str) or not isinstance(header.get("parameters"), dict):
        raise CrosscutError(f"{path}: no header of a finding; export it with --output FILE.csv, .json or .parquet")
    if uneven := next((n for n, row in enumerate(found.rows, 1) if len(row) != len(found.columns)), 0):
        raise CrosscutError(f"{path}: row {uneven} has {len(found.rows[uneven - 1])} cells where there are "
                            f"{len(found.columns)} columns: the file was cut off or edited")
    return found


def _from_csv(path: Path) -> Exported:
    text = path.read_bytes().decode("utf-8-sig")
    header, at = {}, 0
    while text.startswith("# ", at):
        end = text.find("\n", at)
        name, _, value = text[at + 2 : end if end >= 0 else None].partition(": ")
        header[name], at = json.loads(value), end + 1 if end >= 0 else len(text)
    first, *rows = csv.reader(io.StringIO(text[at:], newline=""))
    if any(len(cell) > _LONGEST_CELL for row in (first, *rows) for cell in row):
        raise ValueError(f"a cell of more than {_LONGEST_CELL:,} characters")
    return Exported(header, tuple(first), [tuple(row) for row in rows])


def _from_json(path: Path) -> Exported:
    header = json.loads(path.read_text(encoding="utf-8-sig"))
    rows = header.pop("rows")
    columns = tuple(rows[0]) if rows else ()
    return Exported(header, columns, [tuple(map(_text, row.values())) for row in rows])


def _from_parquet(path: Path) -> Exported:
    import polars

    try:
        header = json.loads(polars.read_parquet_metadata(path)["crosscut"])
        frame = polars.read_parquet(path)
    except polars.exceptions.PolarsError as error:
        raise ValueError(str(error)) from error
    return Exported(header, tuple(frame.columns), [tuple(map(_text, row)) for row in frame.rows()])


def _asked_again(folder: Path, header: Mapping[str, Any]) -> Finding:
    measure, view, as_of = header["measure"], header.get("view") or FOUND, str(header.get("as_of", ""))
    for name, most in _MOST.items():
        if isinstance(often := header["parameters"].get(name, 0), (int, float)) and not often <= most:
            raise QueryError(f"{measure} is not computed again with {name} {often}: {most:,} at most")
    if view == "both":
        found, levelled = (open_corpus(folder, as_of=as_of, view=name) for name in (FOUND, "levelled"))
        return both_views(found, levelled, measure, header["parameters"])
    if part := header["parameters"].get("beside"):
        return beside(open_corpus(folder, as_of=as_of, view=view), measure, header["parameters"], str(part))
    return ask_again(open_corpus(folder, as_of=as_of, view=view), measure, header["parameters"])


def _differences(exported: Exported, again: Finding) -> Iterator[str]:
    """Rows that are gone or new, and cells that are not what they were."""
    columns, found = again.in_files()
    rows = {tuple(_text(cell) for cell in row[: again.labels]): row for row in found}
    shared = [(exported.columns.index(name), columns.index(name), name)
              for name in columns[again.labels :] if name in exported.columns and name != LINES]
    for was in exported.rows:
        label = was[: again.labels]
        now = rows.pop(label, None)
        if now is None:
            yield f"{_named(label)}: no such row any more"
            continue
        moved = [f"{name} {_said(was[a])} → {_said(now[b])}" for a, b, name in shared
                 if not _same(was[a], now[b])]
        if moved:
            yield f"{_named(label)}: {', '.join(moved)}"
    yield from (f"{_named(label)}: a new row" for label in rows)


def _named(label: Sequence[str]) -> str:
    return ", ".join(label) or "all"


def _text(cell: object) -> str:
    """A cell as a CSV file has it."""
    return "" if cell is None else str(safe_cell(cell))


def _said(cell: object) -> str:
    return "–" if cell in (None, "") else str(cell)


def _same(was: str, now: object) -> bool:
    if was == _text(now):
        return True
    try:
        one, other = float(was), float(str(now))
    except ValueError:
        return False
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _changes(study: Study, header: Mapping[str, Any], again: Finding, corpus: Corpus) -> Iterator[str]:
    """What is not as it was when the finding was made: raw files, videos, the study file, the program."""
    yield from _damaged(study, corpus, _asked_of(corpus, header["parameters"]))
    if header.get("tool") and header["tool"] != again.source.tool:
        yield f"the program: {header['tool']} then, {again.source.tool} now"
    for name in ("layer", "span layer", "spans", "story layer", "beside_layers"):
        then, now = (parameters.get(name) for parameters in (header["parameters"], again.parameters))
        if then and now and then != now:
            was, is_ = ("; ".join(some) if isinstance(some, list) else some for some in (then, now))
            yield f"spans of a layer: {was} then, {is_} now"
    if (header.get("recipe"), header.get("result")) != (again.source.recipe, again.source.result):
        moved = list(_moved(study, str(header.get("built", ""))))
        yield from moved or ["the corpus is another one (the study file, the corrections, layers or models changed)"]
    if not header.get("as_of") and current_recipe(study) != corpus.files.manifest.recipe:
        yield "something changed since the corpus was built: run crosscut build, and verify again"


def _asked_of(corpus: Corpus, parameters: Mapping[str, Any]) -> npt.NDArray[np.bool_]:
    """The videos that a finding is of."""
    found: npt.NDArray[np.bool_] = np.logical_or.reduce([corpus.mask(where).videos for where in corpus.sides(parameters)])
    return found


def _damaged(study: Study, corpus: Corpus, videos: npt.NDArray[np.bool_]) -> Iterator[str]:
    """Videos whose raw file is gone or holds other bytes than when it came in."""
    chosen = {*corpus.files.catalog.values("version", videos.nonzero()[0])} - {""}
    raw = RawStore(study.raw)
    with Ledger(study.ledger) as ledger:
        for version in ledger.versions():
            if version.version in chosen and raw.read(version.raw, version.sha256) is None:
                yield f"{version.video}: its raw file {study.raw / version.raw} is gone, or not what came in"


def _moved(study: Study, built: str) -> Iterator[str]:
    """Videos of which something else is believed now than when the corpus of the finding was built."""
    corrections = read_corrections(study.corrections)
    with Ledger(study.ledger) as ledger:
        now = {row.video: row for row in select(study, ledger, corrections)}
        then = {row.video: row for row in select(study, ledger, corrections, built)} if built else now
    for video in sorted(now.keys() | then.keys()):
        if why := _what(then.get(video), now.get(video)):
            yield f"{video}: {why}"


def _what(then: Row | None, now: Row | None) -> str:
    if then is None or now is None:
        return "is new" if now else "is gone"
    if (then.version and then.version.version) != (now.version and now.version.version):
        return "has other words: another version of its captions was imported"
    if then.status != now.status:
        return f"was {then.status}, is {now.status}"
    return f"has other facts: {', '.join(_other_facts(then, now))}" if then.facts != now.facts else ""


def _other_facts(then: Row, now: Row) -> list[str]:
    return sorted(name for name in then.facts.keys() | now.facts.keys() if then.facts.get(name) != now.facts.get(name))
