"""Two groups of videos, or each of several against the others: scores of words, of videos, of ranks, and intervals.

One pass over the counts for all groups: totals, numbers of videos, ranks and resamples are worked out once, and every
group reads its comparison off them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure.association import Table, g_squared, log_ratio, more_often
from crosscut.measure.bootstrap import FEWEST, Drawn, Group, Sample, Spreads, Statistic, limits, own_units, spreads_between
from crosscut.measure.keyness import (
    Choices,
    Column,
    Keyness,
    against_others,
    both_sizes,
    said_more,
    sizes_of,
    word_scores,
)
from crosscut.measure.ranksum import against_the_rest, rank_sums
from crosscut.measure.rates import Resampling
from crosscut.measure.significance import corrected

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Entries that are looked at, and resampled, at once.
_AT_ONCE = 4_000_000


def keyness(counts: Counts, sizes: Ints, target: Bools, reference: Bools, choices: Choices) -> Keyness:
    """How the things of ``counts`` differ between two groups of videos; ``sizes``: tokens, one number a video.

    QueryError where a video is in both groups, or a group has no token.
    """
    refuse_overlap(target, reference)
    found, = _compared(counts, sizes, np.where(target, 0, np.where(reference, 1, -1)), 2, [0], choices)
    return found


def one_against_rest(counts: Counts, sizes: Ints, codes: Ints, many: int, choices: Choices) -> list[Keyness]:
    """Each of ``many`` groups against the videos of all others; ``codes`` has the group of each video, -1: in none.

    QueryError where there is one group only, or one has no token.
    """
    if many < 2:
        raise QueryError("each group is compared with the others: there is one group only")
    return _compared(counts, sizes, codes, many, range(many), choices)


def refuse_overlap(target: Bools, reference: Bools) -> None:
    """Raise QueryError where a video is in both groups."""
    if both := int((target & reference).sum()):
        raise QueryError(f"{both:,} videos are in the target and in the reference: a difference is between videos of one "
                         f"and videos of the other")


def _compared(counts: Counts, sizes: Ints, codes: Ints, many: int, asked: Sequence[int], choices: Choices) -> list[Keyness]:
    """Each of the groups that are asked for against all other groups."""
    known = codes >= 0
    tokens, videos = (np.bincount(codes[known], numbers[known], many).astype(np.int64) for numbers in (sizes, known))
    if not tokens.all():
        raise QueryError("a group has no words: there is nothing to compare")
    totals, ranges = _by_group(counts, codes, many)
    enough = (ranges.sum(axis=1) >= choices.min_videos) & (totals.sum(axis=1) >= choices.at_least)
    things = np.flatnonzero(enough)
    units = _Units.of(counts, sizes, codes, choices.how.codes)
    ranks, found = rank_sums(units.counts, units.sizes, units.codes, many), []
    for group in asked:
        words, there = (against_others(table[things], size, group) for table, size in ((totals, tokens), (ranges, videos)))
        columns = word_scores(words, choices, len(things) * len(asked)) | _of_videos(there)
        columns["superiority"], columns["p_wilcoxon"] = (score[things] for score in against_the_rest(ranks, group))
        left_out = int(np.count_nonzero(ranges.any(axis=1) & ~enough))
        found.append(Keyness(things, columns, said_more(words), np.zeros(len(things), np.int64), both_sizes(words),
                             both_sizes(there), left_out))
    for name in ("p_log_likelihood", "p_wilcoxon"):  # all rows of all groups are one family
        together = corrected(np.array([one.columns[name] for one in found]), choices.correction)
        for one, p in zip(found, together, strict=True):
            one.columns[name] = p
    return _with_intervals(found, units, many, asked, choices)


def _by_group(counts: Counts, codes: Ints, many: int) -> tuple[Ints, Ints]:
    """How often each thing is in each group, and in how many of its videos: things × groups."""
    totals, ranges = (np.zeros((len(counts), many), np.int64) for _ in range(2))
    for things, lot in counts.lots(_AT_ONCE):
        part = lot.among(codes >= 0)
        cell = part.thing * many + codes[part.video]
        totals[things] = np.bincount(cell, part.n, len(part) * many).reshape(-1, many)
        ranges[things] = np.bincount(cell, minlength=len(part) * many).reshape(-1, many)
    return totals, ranges


def _of_videos(table: Table) -> dict[str, Column]:
    """The scores of how many videos have a thing."""
    return {"target_videos": table.one, "reference_videos": table.other, **sizes_of(table, "of_videos"),
            "dispersion": np.where(more_often(table), 1, -1) * g_squared(table)}


# -- intervals ----------------------------------------------------------------------------------------------------------


def _with_intervals(
    found: Sequence[Keyness], units: _Units, many: int, asked: Sequence[int], choices: Choices,
) -> list[Keyness]:
    """The same with intervals of the log ratio, where they are asked for."""
    wanted = np.zeros(len(units.counts), bool)
    for one in found:
        wanted[one.things[choices.shown(one)] if choices.shown else one.things] = True
    whole = []
    for group, one, spread in zip(asked, found, _spreads(units, many, asked, choices.how, wanted), strict=True):
        sides = units.sides(group)
        why_not = _why_not(one, spread.sd[one.things], wanted[one.things], sides if choices.how.replicates else None)
        known = Spreads(np.where(why_not == 0, spread.sd[one.things], np.nan), spread.df[one.things])
        low, high = limits(one.columns["log_ratio"], known, choices.how.level)
        whole.append(replace(one, columns=one.columns | {"low": low, "high": high}, why_not=why_not))
    return whole


@dataclass(frozen=True, slots=True)
class _Units:
    """Counts, sizes and groups by what is resampled and ranked: the video, or a coarser unit within each group.

    ``whole``: which unit each is a part of, where some have parts in several groups; else None.
    """

    counts: Counts
    sizes: Ints
    codes: Ints
    whole: Ints | None = None

    @classmethod
    def of(cls, counts: Counts, sizes: Ints, codes: Ints, units: Ints | None) -> _Units:
        """From one value a video; ``units``: a code a video, None for videos."""
        if units is None:
            return cls(counts, sizes, codes)
        own = own_units(units, len(units))
        many = int(own.max(initial=0)) + 1
        pairs = codes * many + own
        known, place = np.unique(pairs[codes >= 0], return_inverse=True)
        of_video = np.full(len(codes), -1, np.int64)
        of_video[codes >= 0] = place
        shared = len(np.unique(known % many)) < len(known)
        unit_sizes = np.bincount(place, sizes[codes >= 0], len(known)).astype(np.int64)
        return cls(counts.by(of_video, len(known)), unit_sizes, known // many, known % many if shared else None)

    def sides(self, group: int) -> Ints:
        """How many units the others have, and a group."""
        if self.whole is None:
            return np.bincount(self.codes[self.codes >= 0] == group, minlength=2)
        return np.array([len(np.unique(self.whole[side])) for side in (self.codes != group, self.codes == group)])


def _spreads(
    units: _Units, many: int, asked: Sequence[int], how: Resampling, wanted: Bools,
) -> list[Spreads]:
    """The spread of the log ratio of the wanted things that are in ten videos or more, for each group against the others.

    Each group is resampled by itself, once for all comparisons; groups of fewer than ten videos together.
    """
    counts, codes = units.counts, units.codes
    sd, df = (np.full((len(asked), len(counts)), np.nan) for _ in range(2))
    small = np.bincount(codes[codes >= 0], minlength=many) < FEWEST
    stratum = np.where(small, int((~small).sum()), np.cumsum(~small) - 1)
    of_video = np.where(codes >= 0, stratum[codes], -1)
    samples = Sample.of_groups([of_video == number for number in range(int(stratum.max()) + 1)], units.whole, seed=how.seed,
                               replicates=how.replicates)
    questions = [(row, _against(int(stratum[group]), len(samples))) for row, group in enumerate(asked) if not small[group]]
    often = np.flatnonzero((counts.ranges() >= FEWEST) & wanted) if questions and how.replicates else np.zeros(0, np.int64)
    for things in np.split(often, np.flatnonzero(np.diff(np.cumsum(counts.ranges()[often]) // _AT_ONCE)) + 1):
        lot = counts.take(things).among(codes >= 0)
        some = np.flatnonzero(lot.ranges() >= FEWEST)
        groups = [Group(sample, (lot.take(some),), (units.sizes,)) for sample in samples]
        for (row, _), spread in zip(questions, spreads_between(groups, [asked for _, asked in questions]), strict=True):
            sd[row, things[some]], df[row, things[some]] = spread.sd, spread.df
    return [Spreads(*row) for row in zip(sd, df, strict=True)]


def _against(place: int, many: int) -> tuple[Statistic, list[list[int]]]:
    """The log ratio of one of many groups over all others together."""
    def statistic(drawn: list[Drawn]) -> Floats:
        one, rest = drawn[place], [other for number, other in enumerate(drawn) if number != place]
        others = sum((other.counts[0] for other in rest[1:]), rest[0].counts[0])
        return log_ratio(Table(one.counts[0], others, (one.sizes[0], sum(other.sizes[0] for other in rest))))

    return statistic, [[place], [number for number in range(many) if number != place]]


def _why_not(one: Keyness, sd: Floats, wanted: Bools, units: Ints | None) -> Ints:
    """Why a log ratio has no interval: numbers of ``WHY_NOT``; ``units``: how many each side has, None without resamples."""
    none, few = (np.full(len(sd), said) for said in (units is None, units is not None and units.min() < FEWEST))
    reasons = [none, ~wanted, few, one.columns["target"] == 0, one.columns["reference"] == 0, np.isnan(sd)]
    return np.select(reasons, [5, 6, 1, 3, 4, 2], 0)
