"""Of words, names and queries that others say: who says them less often than expected, or not at all?

*Expected.*  Hits that a group would have at the rate of the others in videos of like words: the others' videos are put into
five strata of as many words each, by how alike their words are to those of the videos with hits (cosine, without the
query's own words and the video itself), and the group's words in each stratum are taken times the others' rate there,
shrunk half-way towards their rate as a whole (direct standardisation).
An outlet that seldom speaks of sport is not expected to name a striker as often as others.

*How seldom.*  Hits come in clumps, and outlets are unlike beyond that; how unlike is seen in other words.  The references
are the words of the corpus that would be expected about as often in this group (within a factor of two) and come about as
many to a video elsewhere: p is the share of them of which the group has as little beside what is expected, (1 + b) / (1 +
references). Of a query that is a word like others, that is exactly as often below 5 % as it should be; a name that only one
kind of programme speaks of is more unlike than most words.

*Up to.*  However little was found, ``at_most`` is the upper limit of the group's rate: Garwood's for clumps of the size
that hits come in (``measure.exact``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.association import PER_MILLION
from crosscut.measure.exact import clump, count_limits

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Strata of videos by how alike they are to those with hits.
STRATA = 5
#: References are as often, and as many to a video, within this factor; fewer of them than this are no ground for p.
WITHIN, FEWEST = 2.0, 50
LEVEL = 0.95

#: What each column is.
COLUMNS: Mapping[str, str] = {
    "hits": "Hits of this outlet.",
    "words": "Its words; only of videos that can answer.",
    "videos": "Its videos.",
    "expected": "Hits that it would have at the others' rate in videos of like words (standardised over five strata).",
    "at_most": "Upper limit of its hits per million words, at 95 %, for hits that come in clumps (crosscut.measure.exact).",
    "other_hits": "Hits of the other outlets.",
    "other_per_million": "Their hits per million words.",
    "other_videos": "Their videos with hits.",
    "found_in": "Who has hits, and how many.",
    "compared": "Words of the corpus that would be expected as often here and come as many to a video elsewhere, within ×2.",
    "p": "The share of these words of which the outlet has as little, beside what is expected: (1 + b) / (1 + compared).",
    "p_adjusted": "p for as many tests as there are queries and outlets (Benjamini & Hochberg 1995).",
    "verdict": "What can be said: hardly by chance (p_adjusted at most 0.05), seldom by chance (p at most 0.05), could be "
               "chance; too little collected, or too few words to compare with, to tell.",
}


@dataclass(frozen=True, slots=True)
class Unsaid:
    """One query and one group; None: there is no number."""

    query: int
    group: int
    hits: int
    words: int
    videos: int
    expected: float
    at_most: float
    other_hits: int
    other_words: int
    other_videos: int
    others: Sequence[int]      # hits of each group
    compared: int
    p: float | None


@dataclass(frozen=True, slots=True)
class References:
    """Words that queries are compared with: hits and videos of each by group (words × groups)."""

    hits: Floats
    videos: Floats
    words: Floats     # of each group

    @classmethod
    def of(cls, counts: Counts, words: Ints, groups: Ints, many: int) -> References:
        """From counts of words × videos; ``groups``: code of each video, -1 where it is in none."""
        hits = counts.by(groups, many).to_dense().astype(np.float64)
        ones = Counts(counts.bounds, counts.video, np.ones_like(counts.n), counts.videos)
        some = groups >= 0
        return cls(hits, ones.by(groups, many).to_dense().astype(np.float64),
                   np.bincount(groups[some], words[some], many).astype(np.float64))

    def below(self, group: int, hits: float, expected: float, a_video: float) -> tuple[int, int]:
        """How many words have as little in a group beside what is expected, and of how many that are like it."""
        other_words = self.words.sum() - self.words[group]
        hits_elsewhere = self.hits.sum(axis=1) - self.hits[:, group]
        videos = self.videos.sum(axis=1) - self.videos[:, group]
        wanted = hits_elsewhere * self.words[group] / max(other_words, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            near = (np.abs(np.log(wanted / expected)) <= np.log(WITHIN)) & (
                np.abs(np.log(hits_elsewhere / videos / a_video)) <= np.log(WITHIN))
        ratio = self.hits[near, group] / wanted[near]
        return int((ratio <= hits / expected * (1 + 1e-12)).sum()), int(near.sum())


def unsaid(
    query: int, hits: Ints, words: Ints, groups: Ints, many: int, likeness: Floats, references: References, *,
    level: float = LEVEL,
) -> list[Unsaid]:
    """A row for each group that has words, where others have hits.

    By video: ``hits``, ``words``, ``groups`` (-1: cannot answer), and how alike its words are to those of videos with hits.
    """
    found = []
    by_group = np.bincount(groups[groups >= 0], hits[groups >= 0], many).astype(np.int64)
    for group in range(many):
        mine, others = groups == group, (groups >= 0) & (groups != group)
        if not words[mine].sum() or not hits[others].sum():
            continue
        wanted = expected(hits, words, mine, others, likeness)
        own, other = hits[mine].astype(np.float64), hits[others].astype(np.float64)
        size = clump(own, float(words[mine].max()), other, words[others].astype(np.float64))
        videos = int(np.count_nonzero(other))
        below, near = references.below(group, own.sum(), wanted, float(other.sum()) / videos)
        at_most = PER_MILLION * count_limits(float(own.sum()), size, level)[1] / float(words[mine].sum())
        p = (1 + below) / (1 + near) if near >= FEWEST else None
        found.append(Unsaid(query, group, int(own.sum()), int(words[mine].sum()), int(mine.sum()), wanted, at_most,
                            int(other.sum()), int(words[others].sum()), videos, by_group.tolist(), near, p))
    return found


def expected(hits: Ints, words: Ints, mine: Bools, others: Bools, likeness: Floats) -> float:
    """Hits of some videos at the others' rate in videos as alike.

    Strata are cut where the others have as many words in each; a stratum's rate is shrunk towards that of all of them by as
    many words: (h + n w r) / (w + n w), r being the rate of all, w the words of a stratum, n = 1.
    """
    theirs = np.flatnonzero(others & (words > 0))
    order = theirs[np.argsort(likeness[theirs], kind="stable")]
    total = int(words[order].sum())
    reached = np.cumsum(words[order]) - words[order] / 2
    stratum = np.minimum((reached * STRATA / total).astype(np.int64), STRATA - 1)
    said, held = (np.bincount(stratum, column[order], STRATA) for column in (hits, words))
    rate = (said + said.sum() / STRATA) / (held + total / STRATA)
    ends = np.array([likeness[order[stratum <= place]].max(initial=-np.inf) for place in range(STRATA - 1)])
    own = np.bincount(np.searchsorted(ends, likeness[mine], side="left"), words[mine], STRATA)
    return float((own * rate).sum())


class Likeness:
    """How alike the words of videos are: cosines of log(1 + n) × log((1 + N) / (1 + videos with it)).

    ``counts``: words × videos.
    """

    def __init__(self, counts: Counts) -> None:
        ranges = counts.ranges()
        weight = np.repeat(np.log((1 + counts.videos) / (1 + ranges)), ranges) * np.log1p(counts.n)
        length = np.sqrt(np.bincount(counts.video, weight**2, counts.videos))
        self._counts, self._thing = counts, counts.thing
        self._weight = weight / np.maximum(length, 1e-12)[counts.video]

    def to(self, some: Bools, without: Ints) -> Floats:
        """Of each video to ``some`` videos: the mean cosine, itself left out, and the words ``without`` (places)."""
        counts = self._counts
        weight = self._weight
        profile = np.bincount(self._thing, weight * some[counts.video], len(counts))
        profile[without] = 0
        together = np.bincount(counts.video, weight * profile[self._thing], counts.videos)
        kept = np.ones(len(counts), bool)
        kept[without] = False
        own = np.bincount(counts.video, weight**2 * kept[self._thing], counts.videos) * some
        found: Floats = (together - own) / np.maximum(some.sum() - some, 1)
        return found
