"""Which files are on the disk, and what are they called in accounts?"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

#: A caption file is a few hundred kB; ten hours of word-timed JSON3 are 20 MB.  Beyond this it is something else.
LARGEST_FILE = 256 << 20
TOO_LARGE = f"larger than {LARGEST_FILE >> 20} MB"


@dataclass(frozen=True, slots=True)
class Found:
    """A file on the disk: where it is, and the name by which accounts know it, or why it is not read."""

    path: Path
    name: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was read: its bytes and when they were written, or the reason why not.  A member has no path."""

    name: str
    data: bytes = b""
    said: str = ""
    reason: str = ""
    path: Path | None = None


def files_below(path: Path) -> Iterator[Found]:
    """All files at or below a path, in order of name; links are named but never followed."""
    if not path.is_dir():
        yield Found(path, _name_alone(path))
        return
    root = path.resolve()
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=closed.append):
        here = Path(folder)
        for name in sorted(folders):
            if name.startswith(".") or (here / name).is_symlink():
                yield Found(here / name, _name(here / name, root), "hidden folder" if name[0] == "." else "link")
        folders[:] = sorted(name for name in folders if name[0] != "." and not (here / name).is_symlink())
        for name in sorted(names):
            refused = "hidden file" if name.startswith(".") else "link" if (here / name).is_symlink() else ""
            yield Found(here / name, _name(here / name, root), refused)
    for error in closed:
        folder_closed = Path(error.filename or root)
        yield Found(folder_closed, _name(folder_closed, root), f"cannot be read: {error.strerror}")


def _name(path: Path, root: Path) -> str:
    return _text(PurePosixPath(root.name, *path.relative_to(root).parts))


def _name_alone(path: Path) -> str:
    """The name of a file given by itself, with what keeps it apart from others of its base name."""
    whole, here = path.parent.resolve() / path.name, Path.cwd()  # a link keeps the name that was given
    return _text(PurePosixPath(*(whole.relative_to(here).parts if whole.is_relative_to(here) else whole.parts[-2:])))


def _text(path: PurePosixPath) -> str:
    """A path as text that every file and data base takes; names of files need not be text at all."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def load(file: Found) -> Loaded:
    """The bytes of a file and when they were written, or the reason why it is not read."""
    if file.refused:
        return Loaded(file.name, reason=file.refused)
    try:
        about = file.path.stat()
        if not stat.S_ISREG(about.st_mode):
            return Loaded(file.name, reason="not a regular file")
        if about.st_size > LARGEST_FILE:
            return Loaded(file.name, reason=TOO_LARGE)
        said = moment(about.st_mtime)
        return Loaded(file.name, file.path.read_bytes(), said, path=file.path)
    except OSError as error:
        return Loaded(file.name, reason=f"cannot be read: {getattr(error, 'strerror', error)}")


def moment(seconds: float) -> str:
    """A moment in UTC, to the second; a clock reading that no calendar has is taken for the present."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return datetime.now(UTC).isoformat(timespec="seconds")
