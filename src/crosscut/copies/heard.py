"""The text heard so far: words of all videos one after another on disk, which of them were heard first, how often each
word.

A place is a word of this text.  Words to be ignored and repeats of loops are not in it; ``tokens`` says which token of its
video each place is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.copies.found import Floats, Ints
from crosscut.copies.shingles import Codes

#: Columns beside each other, one file each: word code, token of its video, 1 where heard first.
COLUMNS: dict[str, np.dtype[Any]] = {
    "words": np.dtype(np.int32), "tokens": np.dtype(np.int32), "own": np.dtype(np.uint8)}
#: Room made at once, so that a file grows seldom.
ROOM = 1 << 20
#: Places are 32 bits in the index.
MOST = 1 << 32


class Heard:
    """The columns, mapped into memory; they grow at their end and are cut there."""

    words: Codes
    tokens: Codes
    own: npt.NDArray[np.uint8]

    def __init__(self, folder: Path, starts: Ints) -> None:
        self.folder = folder
        self.starts: list[int] = starts.tolist()  # of each video, and the end
        self._map(max(self.size, ROOM))
        self.counts = np.zeros(1, np.int64)
        self._count()

    @property
    def size(self) -> int:
        """Words so far."""
        return self.starts[-1]

    @property
    def videos(self) -> int:
        """Videos so far."""
        return len(self.starts) - 1

    def _map(self, room: int) -> None:
        for name, kind in COLUMNS.items():
            path = self.folder / f"{name}.bin"
            with path.open("ab") as file:
                file.truncate(room * kind.itemsize)
            column: np.ndarray[Any, Any] = np.memmap(path, kind, "r+", shape=(room,))
            setattr(self, name, column.view(np.ndarray))

    def append(self, videos: list[tuple[Codes, Codes]]) -> None:
        """Words and tokens of the next videos; all of them count as heard first until ``chosen`` says otherwise."""
        end = self.size + sum(len(words) for words, _ in videos)
        if end >= MOST:
            raise OverflowError(f"{end:,} words; passages can be found in {MOST:,} at most")
        if end > len(self.words):
            self._map(max(end, 2 * len(self.words)))
        for words, tokens in videos:
            here = slice(self.size, self.size + len(words))
            self.words[here], self.tokens[here], self.own[here] = words, tokens, 1
            self.starts.append(here.stop)

    def cut(self, videos: int) -> None:
        """Forget all but the first so many videos."""
        del self.starts[videos + 1 :]
        self._count()

    def _count(self) -> None:
        self.counts[:] = 0
        for start in range(0, self.size, ROOM):
            self.hear(start, min(start + ROOM, self.size))

    def hear(self, start: int, end: int) -> None:
        """Count the words of these places."""
        words = self.words[start:end]
        top = int(words.max(initial=0))
        if top >= len(self.counts):
            more = max(top + 1, 2 * len(self.counts)) - len(self.counts)
            self.counts = np.concatenate([self.counts, np.zeros(more, np.int64)])
        np.add.at(self.counts, words, 1)

    def bits(self, start: int, end: int) -> Floats:
        """How much each word of these places tells: -log2 of its share of the words counted so far, ``end`` of them."""
        return np.asarray(np.log2(end / self.counts[self.words[start:end]]), np.float64)
