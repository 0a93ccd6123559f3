"""The door: videos in their order in, passages heard before out.

The result is a fold over the videos in the order in which they are given: a video is compared with the text that was heard
first in the videos before it (and in itself), what it has copied is noted, and only what is new in it is remembered as
something that later videos may copy.  So a passage that comes a hundred thousand times is linked a hundred thousand times to
its first occurrence, never to each other, and the result does not depend on how many videos are worked on at a time.

    with Finder(folder) as finder:           # a folder of its own, kept between runs; None: a temporary one
        kept = finder.keep(digests)          # so many of the first videos are unchanged since the last save
        finder.add(words_of(video) for video in videos[kept:])
        found = finder.result(outlets, days)
        finder.save(digests)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

import numpy.typing as npt

from crosscut.copies.found import Copies


class Finder:
    """Passages heard before, as a fold over videos.

    ``folder``: where the text heard so far and its index lie; what an earlier ``save`` left there is gone on from.  None: a
    temporary folder that ends with the finder.  Memory does not grow with the text but for about 8 bytes a distinct word;
    on disk about 15 bytes a word.
    """

    def __init__(self, folder: Path | None = None) -> None:
        raise NotImplementedError

    def keep(self, digests: Sequence[str]) -> int:
        """Go back to the longest prefix of videos whose digests are as saved; how many videos that is.

        ``digests``: one a video, in the order of the videos now, of whatever makes its word codes: equal digests must mean
        equal codes.  Outlets and days need not be in it, they are asked for only in ``result``.  A video that comes in
        earlier in the order, or goes, or changes, costs all videos after it once more; a new last video costs itself.
        """
        raise NotImplementedError

    def add(self, videos: Iterable[npt.ArrayLike]) -> None:
        """Videos that come next, each as word codes by token: as heard, one code for words that are to count as the same.

        Codes are 0 to 2**31 - 1, and mean the same word in all videos (and in an earlier ``save``); a code below 0 is
        ignored (a mark, a piece of a word already counted).  Any iterable: only some million words are held at a time.
        """
        raise NotImplementedError

    def result(self, outlets: npt.ArrayLike, days: npt.ArrayLike) -> Copies:
        """What was found in all videos so far.  ``outlets``: a code each; ``days``: a day number each, -1: unknown."""
        raise NotImplementedError

    def save(self, digests: Sequence[str]) -> None:
        """Leave the state in the folder, so that a later finder goes on from here; ``digests`` of all videos so far."""
        raise NotImplementedError

    def __enter__(self) -> Finder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        raise NotImplementedError


def find(videos: Iterable[npt.ArrayLike], outlets: npt.ArrayLike, days: npt.ArrayLike) -> Copies:
    """All at once, nothing kept: see ``Finder``."""
    with Finder() as finder:
        finder.add(videos)
        return finder.result(outlets, days)
