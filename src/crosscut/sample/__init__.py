"""A small fictional study: 92 videos of five invented outlets, in the caption files that real outlets leave behind.

``write(folder)`` makes it from the authored ``scripts/``.  What is planted in it stands in ``PLANTED.md``.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from crosscut.errors import CrosscutError
from crosscut.sample.load import SCRIPTS, Scripts, Video, load
from crosscut.sample.plan import File, Outlet, files

__all__ = ["SCRIPTS", "STUDY", "File", "Scripts", "Video", "load", "outlets", "write"]

#: The study file of the sample; copied as it is.
STUDY = Path(__file__).parent / "crosscut.toml"


def outlets() -> list[Outlet]:
    """The outlets of the sample, from its study file."""
    tables = tomllib.loads(STUDY.read_text("utf-8"))["outlets"]
    return [Outlet(code, table["name"], table["colour"]) for code, table in tables.items()]


def write(folder: Path, scripts: Path = SCRIPTS) -> None:
    """Write the sample study into a folder that does not exist or is empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CrosscutError(f"{folder}: not an empty folder; the sample study is written into a new one")
    _put(folder, ("crosscut.toml", STUDY.read_bytes()))
    for file in files(load(scripts), outlets()):
        _put(folder, file)


#: The day on which the sample was "fetched", as the files' own time says; a folder named by a day is older.
FETCHED = "2024-01-12"


def _put(folder: Path, file: File) -> None:
    name, content = file
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    day = path.parent.name if re.fullmatch(r"\d{4}-\d\d-\d\d", path.parent.name) else FETCHED
    second = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    os.utime(path, (second, second))
