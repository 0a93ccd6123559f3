"""Where each shingle of text heard first stands: sorted runs of (shingle, place) on disk, merged geometrically.

A run is one column of 64 bits, the shingle's number in the upper half and its place in the lower, so that sorting the
column sorts by shingle and then by place.  Each batch adds a run; while the last but one is not twice as long as the
last, they are merged, so there are never more than log2 of them and each entry is written log2 times.  What is held in
memory is a batch and a piece of a merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.copies.found import Ints
from crosscut.copies.shingles import Hashes

#: A shingle heard first in more places than this is a common phrase and no seed; one place more is kept, to know it by.
COMMON = 8
#: Entries of a run merged at a time.
PIECE = 1 << 21

_TOP, _PLACE = np.uint64(32), np.uint64((1 << 32) - 1)


class Index:
    """Sorted runs in a folder; ``runs`` names those that are there, the longest first."""

    def __init__(self, folder: Path, runs: list[str]) -> None:
        self.folder = folder
        self.runs = {name: self._open(name) for name in runs}
        self.saved = set(runs)  # files that a saved state needs: they stay
        self._next = 1 + max((int(name.removeprefix("run-")) for name in runs), default=0)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.bin"

    def _open(self, name: str) -> Hashes:
        mapped: np.ndarray[Any, Any] = np.memmap(self._path(name), np.uint64, "r")
        return mapped.view(np.ndarray)

    def find(self, hashes: Hashes) -> tuple[Ints, npt.NDArray[np.uint32]]:
        """Of sorted distinct shingles: in how many places each is (``COMMON`` + 1: in more), up to ``COMMON`` of them."""
        many = np.zeros(len(hashes), np.int64)
        places = np.zeros((len(hashes), COMMON), np.uint32)
        for run in self.runs.values():  # older runs have lower places
            low = run.searchsorted(hashes << _TOP)
            met = np.flatnonzero(run[np.minimum(low, len(run) - 1)] >> _TOP == hashes)
            low = low[met]
            here = run.searchsorted(hashes[met] << _TOP | _PLACE, "right") - low
            for step in range(COMMON):
                more = np.flatnonzero((step < here) & (many[met] + step < COMMON))
                places[met[more], many[met[more]] + step] = (run[low[more] + step] & _PLACE).astype(np.uint32)
            many[met] += here
        return np.minimum(many, COMMON + 1), places

    def add(self, hashes: Hashes, places: Ints) -> None:
        """Places of shingles, all beyond those known."""
        if len(hashes):
            self._write([np.sort(hashes << _TOP | places.astype(np.uint64))])
        while len(self.runs) > 1:
            before, last = list(self.runs)[-2:]
            if len(self.runs[before]) >= 2 * len(self.runs[last]):
                break
            self._write(_merged(self.runs[before], self.runs[last]))
            self._drop(before)
            self._drop(last)

    def cut(self, end: int) -> None:
        """Forget all places from ``end`` on."""
        for name, run in list(self.runs.items()):
            pieces = (run[start : start + PIECE] for start in range(0, len(run), PIECE))
            self._write(piece[(piece & _PLACE) < np.uint64(end)] for piece in pieces)
            self._drop(name)

    def _write(self, pieces: Iterable[Hashes]) -> None:
        name = f"run-{self._next}"
        self._next += 1
        with self._path(name).open("wb") as file:
            for piece in pieces:
                piece.tofile(file)
            empty = file.tell() == 0
        if empty:
            self._path(name).unlink()
        else:
            self.runs[name] = self._open(name)

    def _drop(self, name: str) -> None:
        del self.runs[name]
        if name not in self.saved:
            self._path(name).unlink()

    def keep(self) -> None:
        """The runs as they are belong to a saved state now; files of an earlier one go."""
        for name in self.saved - set(self.runs):
            self._path(name).unlink(missing_ok=True)
        self.saved = set(self.runs)


def _merged(one: Hashes, other: Hashes) -> Iterator[Hashes]:
    """Two sorted columns as one, piece by piece."""
    here = there = 0
    while here < len(one) or there < len(other):
        ahead = here + PIECE
        if ahead < len(one):
            beyond = int(np.searchsorted(other, one[ahead]))
        else:
            ahead, beyond = len(one), len(other)
        both = np.concatenate([one[here:ahead], other[there:beyond]])
        yield np.sort(both, kind="stable")  # stable: it takes sorted runs as they are
        here, there = ahead, beyond
