"""Groups of videos: those that may be compared, and how a question speaks of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure.frequency import Groups, group_coded
from crosscut.measure.rates import Resampling
from crosscut.query.mask import Mask, by_language
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]

#: What is said of p where units have parts in several groups.
DEALT_APART = ("each is drawn for all of them at once in intervals; {} its parts as if they were units of their own, which "
               "makes p too large rather than too small")
#: More groups than this are no outlets or months, and each is compared with all others.
MOST_GROUPS = 100
#: Each two of more groups than this are 1,225 pairs and more, at a fifth of a second each for a query.
MOST_PAIRED = 50


def comparable(corpus: Opened, by: Sequence[str], mask: Mask) -> Groups:
    """The groups of the videos of a mask, each of which is compared with the others: of one language, and not too many."""
    if by and len(words := by_language(corpus.files, mask)) > 1:
        raise QueryError(f"words of {', '.join(sorted(words))} are not compared with one another: add "
                         f"language={max(words, key=words.__getitem__)} to --where")
    groups = group_coded(corpus.coded(by), mask.videos)
    if len(groups.labels) > MOST_GROUPS:
        raise QueryError(f"--by {','.join(by)}: {len(groups.labels):,} groups, each of which is compared with all others; "
                         f"there may be {MOST_GROUPS}")
    return groups


def one_field(by: Sequence[str], what: str) -> str:
    """The field that groups are compared by."""
    if len(by) != 1:
        raise QueryError(f"{what} compares groups by one field, e.g. --by outlet; not by {', '.join(by) or 'none'}")
    return by[0]


def refuse_pairs(groups: int, field: str) -> None:
    """Raise QueryError where groups are too many to compare each two of them."""
    if groups > MOST_PAIRED:
        raise QueryError(f"{groups:,} groups by {field} are {groups * (groups - 1) // 2:,} pairs: each two are compared of "
                         f"no more than {MOST_PAIRED} groups.  Narrow --where, or take another --by")


def shared(corpus: Opened, unit: str, groups: Ints, alone: str) -> list[str]:
    """A note where units (stories, days) have videos in several groups: which are drawn for all of them at once.

    ``groups``: the group of each video, -1: in none; ``alone``: what of the finding takes their parts as independent, and
    what that does.
    """
    codes = corpus.units(unit)
    if codes is None:
        return []
    known = (codes >= 0) & (groups >= 0)
    pairs = np.unique(np.stack([codes[known], groups[known]]), axis=1)
    many = int((np.unique(pairs[0], return_counts=True)[1] > 1).sum())
    units = Resampling(0, unit=unit).units
    return [f"{many:,} {units} have videos in several groups: {alone}"] if many else []


def grouped(by: Sequence[str]) -> str:
    """The groups, as a question ends."""
    return f", by {' and '.join(by)}" if by else ""


def limited(where: str) -> str:
    """The limits of a question."""
    return f", in videos with {where}" if where else ""
