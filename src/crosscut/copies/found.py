"""What is found: occurrences of passages that recur, and their groups, one numpy column a property."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: What a copy can be; ``kind`` columns hold places in this tuple.  What decides is in ``crosscut.copies.kinds``.
KINDS = ("re-upload", "excerpt", "pool", "boilerplate", "ident", "repeat")
REUPLOAD, EXCERPT, POOL, BOILERPLATE, IDENT, REPEAT = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Occurrences:
    """One row an occurrence, sorted by video and start; no token of a video is in two of them.

    Places are tokens of the video as it was given (tokens to be ignored included), end exclusive.  A first occurrence may
    have several rows: the copies' source less what the source itself had copied from elsewhere.
    """

    video: Ints       # which of the videos, in the order they were given
    start: Ints
    end: Ints
    group: Ints       # row of Groups
    first: Bools      # heard here first
    alike: Floats     # words that match / words of the longer side, copy against its source; 1 where first
    kind: Ints        # of this occurrence: place in KINDS; a first occurrence has the kind of its group
    of_video: Ints    # where it was heard first; of a first occurrence, itself
    of_start: Ints
    of_end: Ints

    def __len__(self) -> int:
        return len(self.video)


@dataclass(frozen=True, slots=True)
class Groups:
    """One row a group, in order of the first occurrence.  Shares are of heard words, 0 to 1."""

    video: Ints          # of the first occurrence
    start: Ints
    end: Ints            # the union of what the copies use of it
    words: Ints          # words heard in it
    times: Ints          # occurrences: copies and the first
    kind: Ints           # place in KINDS: what most of the copies are, by words
    videos: Ints         # how many videos have it
    outlets: Ints        # how many outlets have it
    days: Ints           # on how many known days
    share: Floats        # largest share of a copying video that its passages of this group cover
    share_first: Floats  # share of the first video that the passage is
    edge: Floats         # share of occurrences that stand at the beginning or the end of their video
    alike: Floats        # mean over the copies

    def __len__(self) -> int:
        return len(self.video)


@dataclass(frozen=True, slots=True)
class Copies:
    """Occurrences and groups, and how much had to be looked at: videos and words since the last ``keep``."""

    occurrences: Occurrences
    groups: Groups
    done_videos: int
    done_words: int
