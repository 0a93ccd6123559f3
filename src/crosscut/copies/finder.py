"""The door: videos in their order in, passages heard before out.

The result is a fold over the videos in the order in which they are given: a video is compared with the text that was heard
first in the videos before it (and in itself), what it has copied is noted, and only what is new in it is remembered as
something that later videos may copy.  So a passage that comes a hundred thousand times is linked a hundred thousand times
to its first occurrence, never to each other, and the result does not depend on how many videos are worked on at a time.

    with Finder(folder) as finder:           # a folder of its own, kept between runs; None: a temporary one
        kept = finder.keep(digests)          # so many of the first videos are unchanged since the last save
        finder.add(words_of(video) for video in videos[kept:])
        found = finder.result(outlets, days)
        finder.save(digests)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import numpy as np
import numpy.typing as npt

from crosscut.copies import state
from crosscut.copies.batch import Batch
from crosscut.copies.found import Copies, Ints
from crosscut.copies.groups import grouped
from crosscut.copies.heard import Heard
from crosscut.copies.index import Index
from crosscut.copies.shingles import Codes, looped

#: Words worked on at a time: about 60 bytes of memory each.  Twice as many save nothing.
BATCH = 1 << 20


class Finder:
    """Passages heard before, as a fold over videos.

    ``folder``: where the text heard so far and its index lie; what an earlier ``save`` left there is gone on from.  None: a
    temporary folder that ends with the finder.  Memory of its own: some 200 MB, growing with the text only by 8 bytes a
    distinct word and 100 a copy found.  On disk 9 bytes a word and 8 a word heard first, the latter twice for a while; the
    files are mapped, so the system holds as much of them in memory as it has room for.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = TemporaryDirectory() if folder is None else None
        self.folder = Path(self._temporary.name) if self._temporary else Path(folder or "")
        self.folder.mkdir(parents=True, exist_ok=True)
        saved = state.load(self.folder)
        self._heard = Heard(self.folder, saved.starts)
        self._index = Index(self.folder, saved.runs)
        self._digests, self._rows = saved.digests, [saved.rows]
        self._kept = self._heard.videos

    @property
    def videos(self) -> int:
        """Videos so far."""
        return self._heard.videos

    def keep(self, digests: Sequence[str]) -> int:
        """Go back to the longest prefix of videos whose digests are as saved; how many videos that is.

        ``digests``: one a video, in the order of the videos now, of whatever makes its word codes: equal digests must mean
        equal codes.  Outlets and days need not be in it, they are asked for only in ``result``.  A video that comes in
        earlier in the order, or goes, or changes, costs all videos after it once more; a new last video costs itself.
        """
        pairs = zip(self._digests, digests, strict=False)
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if kept < self.videos:
            self._heard.cut(kept)
            self._index.cut(self._heard.size)
            rows = self._all_rows()
            self._rows = [rows[rows[:, 0] < kept]]
            self.save(digests[:kept])  # the text beyond is written over from now on
        self._kept = kept
        return kept

    def add(self, videos: Iterable[npt.ArrayLike]) -> None:
        """Videos that come next, each as word codes by token: as heard, one code for words that are to count as the same.

        Codes are 0 to 2**31 - 1, and mean the same word in all videos (and in an earlier ``save``); a code below 0 is
        ignored (a mark, a piece of a word already counted).  Any iterable: only some million words are held at a time.
        """
        batch: list[Codes] = []
        words = 0
        for video in videos:
            batch.append(np.asarray(video, np.int32))
            words += len(batch[-1])
            if words >= BATCH:
                self._work(batch)
                batch, words = [], 0
        if batch:
            self._work(batch)

    def _work(self, videos: list[Codes]) -> None:
        first = self.videos
        self._heard.append(_heard(videos))
        rows = [(video, *copy.here, *copy.there, copy.matching)
                for video, copies in Batch(self._heard, self._index, first).work() for copy in copies]
        self._rows.append(np.array(rows, np.int64).reshape(-1, state.ROW))

    def _all_rows(self) -> Ints:
        return np.concatenate(self._rows)

    def result(self, outlets: npt.ArrayLike, days: npt.ArrayLike) -> Copies:
        """What was found in all videos so far.  ``outlets``: a code each; ``days``: a day number each, -1: unknown."""
        rows = self._all_rows()
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        occurrences, groups = grouped(rows, self._heard, np.asarray(outlets, np.int64), np.asarray(days, np.int64))
        done = self._heard.starts[self._kept]
        return Copies(occurrences, groups, self.videos - self._kept, self._heard.size - done)

    def save(self, digests: Sequence[str]) -> None:
        """Leave the state in the folder, so that a later finder goes on from here; ``digests`` of all videos so far."""
        if len(digests) != self.videos:
            raise ValueError(f"{len(digests)} digests of {self.videos} videos")
        self._digests = list(digests)
        state.save(self.folder, state.State(
            self._digests, np.array(self._heard.starts), self._all_rows(), list(self._index.runs)))
        self._index.keep()

    def __enter__(self) -> Finder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._temporary:
            self._temporary.cleanup()


def _heard(videos: list[Codes]) -> list[tuple[Codes, Codes]]:
    """Of each video the words that count, and which tokens they are: none below 0, no repeats of a loop."""
    places = [np.flatnonzero(video >= 0) for video in videos]
    bounds = np.concatenate([[0], np.cumsum([len(one) for one in places])])
    words = np.concatenate([video[one] for video, one in zip(videos, places, strict=True)])
    said = ~looped(words, bounds)
    return [(words[low:high][said[low:high]], one[said[low:high]].astype(np.int32))
            for low, high, one in zip(bounds[:-1].tolist(), bounds[1:].tolist(), places, strict=True)]


def find(videos: Iterable[npt.ArrayLike], outlets: npt.ArrayLike, days: npt.ArrayLike) -> Copies:
    """All at once, nothing kept: see ``Finder``."""
    with Finder() as finder:
        finder.add(videos)
        return finder.result(outlets, days)
