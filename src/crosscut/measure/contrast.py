"""Do the groups' rates differ in this window?  All at once, each pair, and each group against the others.

p is by permutation of videos (``permutation``); the log ratio and its interval by resampling videos (``bootstrap``).  Both
may be taken *within* periods: then groups are compared month by month, say, and that one has more videos in a loud month
does not pose as a difference between them.  The log ratio is then that of Mantel & Haenszel (1959) for rates: Σ h1 w2 / w
over Σ h2 w1 / w, summed over the periods, w being the words of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.measure.association import PER_MILLION
from crosscut.measure.bootstrap import FEWEST, LEVEL, REPLICATES, Drawn, Group, Sample, limits, spreads
from crosscut.measure.dealing import PERMUTATIONS
from crosscut.measure.finding import number
from crosscut.measure.permutation import permutation_test
from crosscut.measure.significance import corrected

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: What is asked of a row: all groups at once, two of them, or one against the others.
OVERALL, PAIR, REST = "all", "pair", "one against the others"
#: Of a row that has no hit at all.
NO_HITS = "no hits on either side"
#: p below this needs at least so many ways to deal the videos out.
FEW_WAYS = 20

#: What each column is.
COLUMNS: Mapping[str, str] = {
    "compared": "What the row compares: all groups at once, two of them, or one against the others together.",
    "hits": "Hits of the first.",
    "words": "Words of the first; only of videos that can answer.",
    "videos": "Videos of the first.",
    "per_million": "Hits per million words of the first: 1,000,000 × hits / words.",
    "other_hits": "Hits of the second.",
    "other_words": "Words of the second.",
    "other_videos": "Videos of the second.",
    "other_per_million": "Hits per million words of the second.",
    "difference": "The first rate less the second, per million words.",
    "log_ratio": "log2 of the first rate over the second: 1 is twice as often, -1 half as often (Hardie 2014).  None "
                 "without hits on both sides: a ratio to nothing would say how large the sides are.  Within periods: of "
                 "Mantel & Haenszel's rate ratio (1959).",
    "low": "Lower limit of the log ratio: resampled over videos (crosscut.measure.bootstrap).",
    "high": "Upper limit of the log ratio.",
    "p": "How often groups differ as much whose videos are dealt out at random: (1 + b) / (1 + B) of B permutations, or "
         "exactly where all ways can be looked at (crosscut.measure.permutation; Phipson & Smyth 2010).",
    "p_adjusted": "p for as many tests as the table has rows of this kind (Holm 1979).",
    "note": "Why a number is missing, or what limits it.",
}


@dataclass(frozen=True, slots=True)
class Contrast:
    """One row; ``first`` and ``second`` are groups, -1: all of them, or all but the first.  None: no number."""

    query: int
    compared: str
    first: int
    second: int
    hits: int
    words: int
    videos: int
    per_million: float | None
    other_hits: int | None = None
    other_words: int | None = None
    other_videos: int | None = None
    other_per_million: float | None = None
    difference: float | None = None
    log_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared, one value a video: hits (queries × videos), words, group (-1: in none), period, unit."""

    hits: Ints
    words: Ints
    groups: Ints
    many: int
    within: Ints | None = None    # code of the period of each video; None: not within periods
    units: Ints | None = None     # coarser than videos; -1: a unit of its own

    def of(self, first: Bools, second: Bools) -> Compared:
        """Two sets of videos as the only groups."""
        return Compared(self.hits, self.words, np.where(first, 0, np.where(second, 1, -1)), 2, self.within, self.units)


def contrasts(
    asked: Compared, *, seed: int, permutations: int = PERMUTATIONS, replicates: int = REPLICATES, level: float = LEVEL,
) -> list[Contrast]:
    """All rows: for each query all groups at once (where there are more than two), the pairs, each against the others."""
    found: list[list[Contrast]] = []
    if asked.many > 2:
        tested = permutation_test(asked.hits, asked.words, asked.groups, asked.many, strata=asked.within, units=asked.units,
                                  seed=seed, permutations=permutations)
        note = _note(tested.deals, tested.idle)
        found.append([_overall(asked, query, p, note) for query, p in enumerate(tested.overall.tolist())])
    for first, second in combinations(range(asked.many), 2):
        two = asked.of(asked.groups == first, asked.groups == second)
        pair = permutation_test(two.hits, two.words, two.groups, 2, strata=two.within, units=two.units, seed=seed,
                                permutations=permutations)
        found.append(_rows(two, (PAIR, first, second), pair.overall, _note(pair.deals, pair.idle), seed, replicates, level))
    for first in range(asked.many if asked.many > 2 else 0):
        mine = asked.groups == first
        two = asked.of(mine, (asked.groups >= 0) & ~mine)
        found.append(_rows(two, (REST, first, -1), tested.rest[first], note, seed, replicates, level))
    return adjusted([row for rows in zip(*found, strict=True) for row in rows])


def adjusted(rows: list[Contrast]) -> list[Contrast]:
    """The rows of a table with p for many tests, those of a kind together."""
    many: dict[int, float] = {}
    for kind in (OVERALL, PAIR, REST):
        places = [place for place, row in enumerate(rows) if row.compared == kind]
        p = np.array([np.nan if (one := rows[place].p) is None else one for place in places], np.float64)
        many |= zip(places, corrected(p, "holm").tolist(), strict=True)
    return [replace(row, p_adjusted=number(many[place])) for place, row in enumerate(rows)]


def _note(ways: float, idle: int) -> str:
    few = f"p cannot be below 1/{ways:.0f}: the videos can be dealt out in no more ways" if ways < FEW_WAYS else ""
    alone = f"{idle:,} {'unit' if idle == 1 else 'units'} in periods of only one of them do not enter p" if idle else ""
    return "; ".join(filter(None, (few, alone)))


def _overall(asked: Compared, query: int, p: float, note: str) -> Contrast:
    hits, words, videos = _totals(asked.hits[query], asked.words, asked.groups >= 0)
    return Contrast(query, OVERALL, -1, -1, hits, words, videos, PER_MILLION * hits / words if words else None, p=number(p),
                    note=note if hits else "no hits")


def _rows(
    two: Compared, about: tuple[str, int, int], p: Floats, note: str, seed: int, replicates: int, level: float
) -> list[Contrast]:
    """One row a query of the two groups in ``two``; ``about``: what is compared, as the whole table calls them."""
    ratios = _log_ratios(two)
    groups = _drawn_from(two, seed, replicates)
    spread, fewest = spreads(groups, _log_mantel_haenszel), min(group.sample.members for group in groups)
    low, high = limits(ratios, spread, level)
    mine, other = two.groups == 0, two.groups == 1
    rows = []
    for query in range(len(two.hits)):
        one, another = (_totals(two.hits[query], two.words, chosen) for chosen in (mine, other))
        rates = [PER_MILLION * hits / words if words else None for hits, words, _ in (one, another)]
        known = rates[0] is not None and rates[1] is not None
        both = one[0] > 0 and another[0] > 0
        why = NO_HITS if not one[0] + another[0] else "" if not both or np.isfinite(low[query]) else _why_not(
            fewest, replicates, two.units)
        rows.append(Contrast(
            query, *about, *one, rates[0], *another, rates[1],
            (rates[0] or 0.0) - (rates[1] or 0.0) if known else None,
            number(ratios[query]) if both else None, number(low[query]) if both else None,
            number(high[query]) if both else None, number(float(p[query])),
            note="; ".join(filter(None, (why, note)))))
    return rows


def _why_not(fewest: int, replicates: int, units: Ints | None) -> str:
    """Why a log ratio has no interval; ``fewest``: units on the side that has fewer."""
    if fewest < FEWEST:
        why = f"fewer than {FEWEST} {'videos' if units is None else 'units'}"
    else:
        why = "no resamples" if replicates < 2 else "no hits in a period that both have"
    return f"no interval: {why}"


def at_odds(row: Contrast, alpha: float) -> bool:
    """Whether p and the interval of a row say two things: one that the sides differ at ``alpha``, the other not."""
    if row.p_adjusted is None or row.low is None or row.high is None:
        return False
    return (row.p_adjusted < alpha) != (row.low > 0 or row.high < 0)


def _totals(hits: Ints, words: Ints, chosen: Bools) -> tuple[int, int, int]:
    return int(hits[chosen].sum()), int(words[chosen].sum()), int(chosen.sum())


def _periods(two: Compared) -> list[Bools]:
    """Which videos lie in each period (one for all where there are none)."""
    some = two.groups >= 0
    return [some] if two.within is None else [some & (two.within == code) for code in np.unique(two.within[some]).tolist()]


def _log_ratios(two: Compared) -> Floats:
    """log2 of the rate ratio of each query; not finite without hits on a side."""
    periods = _periods(two)
    sides = [[(two.hits[:, videos & (two.groups == side)].sum(axis=1)[:, None].astype(np.float64),
               np.array([two.words[videos & (two.groups == side)].sum()], np.float64)) for videos in periods]
             for side in (0, 1)]
    drawn = [Drawn([np.zeros(0)] + [h for h, _ in side], [np.zeros(0)] + [w for _, w in side]) for side in sides]
    with np.errstate(divide="ignore", invalid="ignore"):
        return _log_mantel_haenszel(drawn)[:, 0]


def _drawn_from(two: Compared, seed: int, replicates: int) -> list[Group]:
    """The two groups: hits and words of all videos, and of the videos of each period."""
    groups, sides = [], [two.groups == side for side in (0, 1)]
    samples = Sample.of_groups(sides, two.units, seed=seed, replicates=replicates)
    for mine, sample in zip(sides, samples, strict=True):
        counts, words = Counts.dense(np.where(mine, two.hits, 0)), np.where(mine, two.words, 0)
        parts = [mine & videos for videos in _periods(two)]
        groups.append(Group(sample, (counts, *(counts.among(videos) for videos in parts)),
                            (words, *(np.where(videos, words, 0) for videos in parts))))
    return groups


def _log_mantel_haenszel(drawn: list[Drawn]) -> Floats:
    """The statistic: log2 of Mantel and Haenszel's rate ratio over the periods, which are all but the first table."""
    one, other = drawn
    above, below = np.zeros_like(one.counts[1]), np.zeros_like(one.counts[1])
    for h1, w1, h2, w2 in zip(one.counts[1:], one.sizes[1:], other.counts[1:], other.sizes[1:], strict=True):
        both = np.maximum(w1 + w2, 1)
        above, below = above + h1 * (w2 / both), below + h2 * (w1 / both)
    ratios: Floats = np.log2(above / below)
    return ratios
