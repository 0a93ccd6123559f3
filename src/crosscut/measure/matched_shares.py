"""What do two sides call it where both tell the same story?  Shares of the alternatives, story by story.

Of story i, side s has H_si hits of any alternative, h_si of this one.  Stories in which both sides have any are *matched*.
The two shares are each side's own, averaged over the stories with weights that are the same for both, w_i = H1_i H2_i /
(H1_i + H2_i); their difference is that of Mantel & Haenszel for risks (Greenland & Robins 1985):

    Σ w_i (h1_i / H1_i - h2_i / H2_i) / Σ w_i

Beside it the shares of all hits.  Limits by resampling stories, as in ``matched``; none where an alternative, or all others
together, are in fewer than five of the stories: resamples do not know how much such shares could vary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.measure.bootstrap import FEWEST, LEVEL, REPLICATES, RunningVariance, Sample, Spreads, effective, limits
from crosscut.measure.exact import FEW
from crosscut.measure.matched import Parts, Sides, by_story

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Resampled weights in a block: at most so many numbers (8 bytes each).
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Shares:
    """Arrays of alternatives; pairs have one array a side; nan: no number.

    ``stories``: in which both sides have any hit; ``with_it``: in how many of them either has the alternative, and in how
    many either has another.
    """

    hits: tuple[Ints, Ints]
    of: tuple[int, int]
    whole: tuple[Floats, Floats]
    share: tuple[Floats, Floats]
    low: Floats
    high: Floats
    stories: int
    with_it: Ints
    with_another: Ints

    @property
    def difference(self) -> Floats:
        """Share of the first less that of the second, within stories."""
        return self.share[0] - self.share[1]

    @property
    def whole_difference(self) -> Floats:
        """The same of all hits."""
        return self.whole[0] - self.whole[1]

    def why_not(self, place: int) -> str:
        """Why an alternative has no interval."""
        if not self.stories:
            return "no story in which both have a hit"
        if self.stories < FEWEST:
            return f"no interval: fewer than {FEWEST} stories in which both have a hit"
        few = "it is" if self.with_it[place] < FEW else "others are" if self.with_another[place] < FEW else ""
        return f"no interval: {few} in fewer than {FEW} stories" if few else ""


def shares(parts: Parts, two: Sides, *, seed: int, replicates: int = REPLICATES, level: float = LEVEL) -> Shares:
    """The shares of the alternatives (things of ``parts.counts``) of both sides."""
    whole_hits = [parts.counts.among(two.of(side)).totals() for side in (0, 1)]
    hits = by_story(parts.counts, two)
    totals = np.stack([side.sum(axis=0) for side in hits])
    both = (totals > 0).all(axis=0)
    mine, of = [side[:, both] for side in hits], totals[:, both]
    weights = of[0] * of[1] / of.sum(axis=0)
    each = [side / size for side, size in zip(mine, of, strict=True)]
    share = [_share(side @ weights, float(weights.sum())) for side in each]
    with_it, with_another = (np.count_nonzero(found > 0, axis=1) for found in (
        mine[0] + mine[1], of.sum(axis=0) - mine[0] - mine[1]))
    low, high = _limits((each[0] - each[1]) * weights, weights, (seed, replicates, level))
    known = (with_it >= FEW) & (with_another >= FEW)
    return Shares(
        (mine[0].sum(axis=1).astype(np.int64), mine[1].sum(axis=1).astype(np.int64)), (int(of[0].sum()), int(of[1].sum())),
        (_share(whole_hits[0], float(whole_hits[0].sum())), _share(whole_hits[1], float(whole_hits[1].sum()))),
        (share[0], share[1]), np.where(known, np.maximum(low, -1), np.nan), np.where(known, np.minimum(high, 1), np.nan),
        int(both.sum()), with_it, with_another)


def _share(hits: Ints | Floats, of: float) -> Floats:
    return np.asarray(hits, np.float64) / (of or np.nan)


def _limits(above: Floats, weights: Floats, how: tuple[int, int, float]) -> tuple[Floats, Floats]:
    """Limits of Σ above / Σ weights (alternatives × stories, stories), stories drawn anew."""
    seed, replicates, level = how
    stories, nothing = len(weights), np.full(len(above), np.nan)
    if stories < FEWEST or replicates < 2:
        return nothing, nothing
    spread = RunningVariance(len(above))
    sample = Sample(np.arange(stories), stories, seed, replicates)
    for drawn in sample.blocks("stories", max(1, min(replicates, _BLOCK // stories))):
        spread.add(above @ drawn / (weights @ drawn))
    found = above.sum(axis=1) / weights.sum()
    influence = above - found[:, None] * weights
    freedom = effective((influence**2).sum(axis=1), (influence**4).sum(axis=1), stories - 1)
    return limits(found, Spreads(spread.sd(), freedom), level)


#: What each column is.
COLUMNS: Mapping[str, str] = {
    "stories": "Stories in which both have a hit of any alternative.",
    "whole_share": "The first's share of the alternative among all its hits of the set, in stories or not.",
    "other_whole_share": "The same of the second.",
    "whole_difference": "whole_share less other_whole_share, as a fraction of 1.",
    "share": "The first's share within these stories: each story's share, weighted by H1 H2 / (H1 + H2), the hits of both.",
    "other_share": "The second's, with the same weights.",
    "difference": "share less other_share, as a fraction of 1: Mantel & Haenszel's difference of risks (Greenland & Robins "
                  "1985).",
    "low": "Lower limit of it, by resampling stories, what both say of one together (crosscut.measure.matched_shares).",
    "high": "Upper limit of it.",
    "topic": "whole_difference less difference: what comes of telling other stories.",
    "hits": "Hits of the alternative of the first, in these stories.",
    "of": "Hits of all alternatives of the first, in these stories.",
    "other_hits": "Hits of the alternative of the second, in these stories.",
    "other_of": "Hits of all alternatives of the second, in these stories.",
    "note": "Why there is no interval.",
}
