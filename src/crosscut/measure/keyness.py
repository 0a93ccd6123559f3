"""What does one group of videos say more often than others, and what do all say alike?

One pass over the counts gives, for every thing, scores of the words (how sure, how large), of the videos (in how many, in
which ranks), and an interval by resampling videos.  Words of one video are not independent: what one long hearing says a
hundred times is no keyword of an outlet, and only the measures of videos see that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure.association import (
    PER_MILLION,
    Table,
    conservative_log_ratio,
    g_squared,
    log_likelihood,
    log_odds_ratio,
    log_ratio,
    more_often,
    percent_difference,
    simple_maths,
)
from crosscut.measure.bootstrap import (
    FEWEST,
    LEVEL,
    REPLICATES,
    Drawn,
    Group,
    Sample,
    Spreads,
    Statistic,
    limits,
    spreads_between,
)
from crosscut.measure.ranksum import against_the_rest, rank_sums
from crosscut.measure.significance import corrected, p_of_log_likelihood

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

#: What each column is, how it is computed, and who proposed it.
COLUMNS: Mapping[str, str] = {
    "target": "how often it is there in the target (a, of c tokens)",
    "reference": "how often it is there in the reference (b, of d tokens)",
    "target_videos": "in how many videos of the target",
    "reference_videos": "in how many videos of the reference",
    "target_per_million": "1,000,000 a / c",
    "reference_per_million": "1,000,000 b / d",
    "lrc": "conservative log ratio: the end of the exact interval of the log ratio that is nearer to 0, at a level "
           "corrected for all rows (Bonferroni); 0: the words alone show no difference (Evert 2022)",
    "log_ratio": "log2((a / c) / (b / d)), 0 taken for 0.5: 1 is twice as often, -1 half as often (Hardie 2014)",
    "low": "lower limit of the log ratio, by resampling videos",
    "high": "upper limit of the log ratio, by resampling videos",
    "log_likelihood": "2 (a ln(a / E1) + b ln(b / E2)): how sure, if words were independent (Rayson & Garside 2000)",
    "p_log_likelihood": "chance of such a log-likelihood if both were alike (chi-squared, 1 df), corrected for all rows; "
                        "far too small for words that come in clumps",
    "dispersion": "text-dispersion keyness: log-likelihood (all four cells) of the numbers of videos that have it, negative "
                  "where the reference has it in a larger share of its videos (Egbert & Biber 2019)",
    "superiority": "chance that a video of the target has it relatively more often than one of the reference, ties counting "
                   "half; 0.5: alike (Vargha & Delaney 2000)",
    "p_wilcoxon": "Wilcoxon rank-sum test of the rates of the videos (normal approximation, corrected for ties and "
                  "continuity), corrected for all rows (Mann & Whitney 1947; Kilgarriff 2001)",
    "percent_difference": "%DIFF, 100 (a / c - b / d) / (b / d); none where b is 0 (Gabrielatos & Marchi 2011)",
    "simple_maths": "(a per million + N) / (b per million + N), N = 1 unless asked otherwise (Kilgarriff 2009)",
    "log_odds_ratio": "log2((a / (c - a)) / (b / (d - b))), 0 taken for 0.5 (Pojanapunya & Watson Todd 2018)",
}
#: By what rows may be sorted, and how: the largest first.
SORTS: Mapping[str, Callable[[Floats], Floats]] = {
    "lrc": np.abs, "log_ratio": np.abs, "log_likelihood": np.abs, "dispersion": np.abs,
    "superiority": lambda chance: np.abs(chance - 0.5), "percent_difference": np.abs,
    "simple_maths": lambda ratio: np.abs(np.log(ratio)), "log_odds_ratio": np.abs,
}
SIDES: Mapping[str, int] = {"both": 0, "target": 1, "reference": -1}
#: Why a log ratio has no interval, by number.
WHY_NOT = ("", f"fewer than {FEWEST} videos on a side", f"in fewer than {FEWEST} videos", "not in the target",
           "not in the reference", "no resamples")
#: Fewer videos than this say little about an outlet: such things are left out.
MIN_VIDEOS = 3
#: How near to 0 the whole interval of a lockword's log ratio is.
LOCKED = 0.5
#: Entries that are looked at, and resampled, at once.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen; ``plus`` is the N of simple maths, ``units`` a code a video for units coarser than the video."""

    seed: int = 0
    replicates: int = REPLICATES
    level: float = LEVEL
    correction: str = "holm"
    min_videos: int = MIN_VIDEOS
    plus: float = 1.0
    units: Ints | None = None


@dataclass(frozen=True, slots=True)
class Keyness:
    """``columns``: one value for each of the ``things`` (numbers of rows of the counts); what they are, says ``COLUMNS``.

    ``side``: 1 where the target says it more often, -1 where the reference does.  ``why_not``: numbers of ``WHY_NOT``.
    ``sizes``: tokens, and ``videos``: how many, of target and reference.  ``left_out``: things in too few videos.
    """

    things: Ints
    columns: dict[str, Column]
    side: Ints
    why_not: Ints
    sizes: tuple[int, int]
    videos: tuple[int, int]
    left_out: int

    def order(self, by: str = "lrc", side: str = "both") -> Ints:
        """Places of the rows, those that differ most first; equal ones by log-likelihood, then in the order of the things.

        ``side``: "target" has what the target says more often, "reference" what the reference does.
        """
        if by not in SORTS or side not in SIDES:
            raise QueryError(f"no order {by!r} of {side!r}: there is {', '.join(SORTS)} of {', '.join(SIDES)}")
        places = np.flatnonzero((SIDES[side] == 0) | (self.side == SIDES[side]))
        scores = np.nan_to_num(SORTS[by](np.asarray(self.columns[by], np.float64)[places]), nan=-1, posinf=np.inf)
        return places[np.lexsort((-self.columns["log_likelihood"][places], -scores))]

    def lockwords(self, within: float = LOCKED) -> Ints:
        """Places of the rows whose log ratio is 0 give or take ``within``, the most frequent first.

        Both ends of its interval lie there: it is shown to be alike, not only not shown to differ (Baker 2011 has the word).
        """
        low, high, one, other = (self.columns[name] for name in ("low", "high", "target", "reference"))
        places = np.flatnonzero((low >= -within) & (high <= within))
        return places[np.argsort(-(one + other)[places], kind="stable")]


def keyness(counts: Counts, sizes: Ints, target: Bools, reference: Bools, choices: Choices | None = None) -> Keyness:
    """How the things of ``counts`` differ between two groups of videos; ``sizes``: tokens, one number a video.

    QueryError where a video is in both groups, or a group has no token.
    """
    if both := int((target & reference).sum()):
        raise QueryError(f"{both:,} videos are in the target and in the reference: a difference is between videos of one "
                         f"and videos of the other")
    found, = _compared(counts, sizes, np.where(target, 0, np.where(reference, 1, -1)), 2, [0], choices or Choices())
    return found


def one_against_rest(counts: Counts, sizes: Ints, codes: Ints, many: int, choices: Choices | None = None) -> list[Keyness]:
    """Each of ``many`` groups against the videos of all others; ``codes`` has the group of each video, -1: in none.

    QueryError where there is one group only, or one has no token.
    """
    if many < 2:
        raise QueryError("each group is compared with the others: there is one group only")
    return _compared(counts, sizes, codes, many, range(many), choices or Choices())


def _compared(counts: Counts, sizes: Ints, codes: Ints, many: int, asked: Sequence[int], choices: Choices) -> list[Keyness]:
    """Each of the groups that are asked for against all other groups."""
    known = codes >= 0
    tokens, videos = (np.bincount(codes[known], numbers[known], many).astype(np.int64) for numbers in (sizes, known))
    if not tokens.all():
        raise QueryError("a group has no words: there is nothing to compare")
    totals, ranges = _by_group(counts, codes, many)
    things = np.flatnonzero(ranges.sum(axis=1) >= max(choices.min_videos, 1))
    units = _units(counts, sizes, codes, choices.units)
    ranks, spreads = rank_sums(*units, many), _spreads(*units, many, asked, choices)
    found = []
    for group, spread in zip(asked, spreads, strict=True):
        words, there = (_sides(table[things], size, group) for table, size in ((totals, tokens), (ranges, videos)))
        columns = _of_words(words, choices, len(things) * len(asked)) | _of_videos(there)
        columns["superiority"], columns["p_wilcoxon"] = (score[things] for score in against_the_rest(ranks, group))
        why_not = _why_not(words, spread.sd[things], choices, np.bincount(units[2][units[2] >= 0] == group, minlength=2))
        spread = Spreads(np.where(why_not == 0, spread.sd[things], np.nan), spread.df[things])
        columns["low"], columns["high"] = limits(columns["log_ratio"], spread, choices.level)
        side = more_often(words).astype(np.int64) - more_often(words.swapped())
        left_out = int(np.count_nonzero(ranges.any(axis=1))) - len(things)
        found.append(Keyness(things, columns, side, why_not, _both(words), _both(there), left_out))
    for name in ("p_log_likelihood", "p_wilcoxon"):  # all rows of all groups are one family
        together = corrected(np.array([one.columns[name] for one in found]), choices.correction)
        for one, p in zip(found, together, strict=True):
            one.columns[name] = p
    return found


def _by_group(counts: Counts, codes: Ints, many: int) -> tuple[Ints, Ints]:
    """How often each thing is in each group, and in how many of its videos: things × groups."""
    totals, ranges = (np.zeros((len(counts), many), np.int64) for _ in range(2))
    for things, lot in counts.lots(_AT_ONCE):
        part = lot.among(codes >= 0)
        cell = part.thing * many + codes[part.video]
        totals[things] = np.bincount(cell, part.n, len(part) * many).reshape(-1, many)
        ranges[things] = np.bincount(cell, minlength=len(part) * many).reshape(-1, many)
    return totals, ranges


def _sides(table: Ints, sizes: Ints, group: int) -> Table:
    """One group and all others."""
    return Table(table[:, group], table.sum(axis=1) - table[:, group], (int(sizes[group]), int(sizes.sum() - sizes[group])))


def _both(table: Table) -> tuple[int, int]:
    return int(table.sizes[0]), int(table.sizes[1])


def _of_words(table: Table, choices: Choices, tests: int) -> dict[str, Column]:
    """The scores of how often a thing is said."""
    score = log_likelihood(table)
    return {
        "target": table.one, "reference": table.other,
        "target_per_million": PER_MILLION * table.one / table.sizes[0],
        "reference_per_million": PER_MILLION * table.other / table.sizes[1],
        "lrc": conservative_log_ratio(table, choices.level, tests), "log_ratio": log_ratio(table), "log_likelihood": score,
        "p_log_likelihood": p_of_log_likelihood(score), "percent_difference": percent_difference(table),
        "simple_maths": simple_maths(table, choices.plus), "log_odds_ratio": log_odds_ratio(table),
    }


def _of_videos(table: Table) -> dict[str, Column]:
    """The scores of how many videos have a thing."""
    return {"target_videos": table.one, "reference_videos": table.other,
            "dispersion": np.where(more_often(table), 1, -1) * g_squared(table)}


# -- intervals ----------------------------------------------------------------------------------------------------------


def _units(counts: Counts, sizes: Ints, codes: Ints, units: Ints | None) -> tuple[Counts, Ints, Ints]:
    """Counts, sizes and groups by what is resampled and ranked: the video, or a coarser unit within each group."""
    if units is None:
        return counts, sizes, codes
    own = np.where(units >= 0, units, int(units.max(initial=0)) + 1 + np.arange(len(units)))
    pairs = codes * (int(own.max(initial=0)) + 1) + own
    known, place = np.unique(pairs[codes >= 0], return_inverse=True)
    of_video = np.full(len(codes), -1, np.int64)
    of_video[codes >= 0] = place
    unit_codes = np.zeros(len(known), np.int64)
    unit_codes[place] = codes[codes >= 0]
    unit_sizes = np.bincount(place, sizes[codes >= 0], len(known)).astype(np.int64)
    return counts.by(of_video, len(known)), unit_sizes, unit_codes


def _spreads(counts: Counts, sizes: Ints, codes: Ints, many: int, asked: Sequence[int], choices: Choices) -> list[Spreads]:
    """The spread of the log ratio of each thing that is in ten videos or more, for each group against the others.

    Each group is resampled by itself, once for all comparisons; groups of fewer than ten videos together.
    """
    sd, df = (np.full((len(asked), len(counts)), np.nan) for _ in range(2))
    small = np.bincount(codes[codes >= 0], minlength=many) < FEWEST
    stratum = np.where(small, int((~small).sum()), np.cumsum(~small) - 1)
    of_video = np.where(codes >= 0, stratum[codes], -1)
    samples = [Sample.of(of_video == number, seed=choices.seed, replicates=choices.replicates)
               for number in range(int(stratum.max()) + 1)]
    questions = [(row, _against(int(stratum[group]), len(samples))) for row, group in enumerate(asked) if not small[group]]
    for things, lot in counts.lots(_AT_ONCE) if questions and choices.replicates else ():
        often = np.flatnonzero(lot.among(codes >= 0).ranges() >= FEWEST)
        groups = [Group(sample, (lot.take(often),), (sizes,)) for sample in samples]
        for (row, _), spread in zip(questions, spreads_between(groups, [asked for _, asked in questions]), strict=True):
            sd[row, things.start + often], df[row, things.start + often] = spread.sd, spread.df
    return [Spreads(*row) for row in zip(sd, df, strict=True)]


def _against(place: int, many: int) -> tuple[Statistic, list[list[int]]]:
    """The log ratio of one of many groups over all others together."""
    def statistic(drawn: list[Drawn]) -> Floats:
        one, rest = drawn[place], [other for number, other in enumerate(drawn) if number != place]
        others = sum((other.counts[0] for other in rest[1:]), rest[0].counts[0])
        return log_ratio(Table(one.counts[0], others, (one.sizes[0], sum(other.sizes[0] for other in rest))))

    return statistic, [[place], [number for number in range(many) if number != place]]


def _why_not(table: Table, sd: Floats, choices: Choices, units: Ints) -> Ints:
    """Why a log ratio has no interval: numbers of ``WHY_NOT``; ``units``: how many the reference and the target have."""
    few = np.full(len(sd), units.min() < FEWEST)
    none = np.full(len(sd), not choices.replicates)
    return np.select([none, few, table.one == 0, table.other == 0, np.isnan(sd)], [5, 1, 3, 4, 2], 0)
