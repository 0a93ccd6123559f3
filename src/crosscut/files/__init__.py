"""Which files are there, and what are their bytes?  Folders and archives, named alike.

``folders``   files on the disk, in order of name; links are named but never followed
``archives``  tar and zip, plain or packed, and single packed files: their members are files like those of a folder
``tars``, ``zips``, ``packed``  what lies where in each kind

Archives come from strangers: nothing is ever written under a member's name, no more is unpacked than is bounded here,
and a member that cannot be had is one account with a reason.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from crosscut.files import archives
from crosscut.files.folders import LARGEST_FILE, Found, Loaded, files_below, load

__all__ = ["LARGEST_FILE", "Files", "Loaded", "Waiting", "opened"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file whose turn comes later: where its bytes are until then."""

    file: Loaded
    offset: int = 0
    size: int = 0


@contextmanager
def opened(paths: Sequence[Path], scratch: Path) -> Iterator[Files]:
    """The files at and below some paths; ``scratch`` is a folder on a real disk, for what is unpacked or put off.

    Nothing is left there, not even by a run that is killed: the files have no names.
    """
    with tempfile.TemporaryFile(dir=scratch) as kept:
        yield Files(paths, scratch, kept)


class Files:
    """The files at and below some paths, one after the other; made by ``opened``.

    ``done`` of ``total`` have been given; the total grows as archives are opened.
    """

    def __init__(self, paths: Sequence[Path], scratch: Path, kept: BinaryIO) -> None:
        self._found = [file for path in paths for file in files_below(path)]  # before anything new is written there
        self._scratch, self._kept = scratch, kept
        self.done, self.total = 0, len(self._found)

    def __iter__(self) -> Iterator[Loaded]:
        for found in self._found:
            for file in self._of(found):
                self.done += 1
                yield file

    def _of(self, found: Found) -> Iterator[Loaded]:
        kind = "" if found.refused else archives.kind_of(found.path)
        if not kind:
            yield load(found)
            return
        for more, file in archives.opened(found, kind, self._scratch):
            self.total += more
            yield file

    def later(self, file: Loaded) -> Waiting:
        """Put a file off without holding its bytes: a member's go to an unnamed file, since its archive is closed soon."""
        if file.path:
            return Waiting(replace(file, data=b""))
        offset = self._kept.seek(0, 2)
        self._kept.write(file.data)
        return Waiting(replace(file, data=b""), offset, len(file.data))

    def again(self, waiting: Waiting) -> Loaded:
        """Give a file that was put off, with its bytes."""
        if waiting.file.path:
            return load(Found(waiting.file.path, waiting.file.name))
        self._kept.seek(waiting.offset)
        return replace(waiting.file, data=self._kept.read(waiting.size))
