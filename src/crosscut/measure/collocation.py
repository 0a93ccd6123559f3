"""Which words go with the hits, in all videos or in one group of them rather than in the others?

A collocate has f(n,c) tokens near the hits (``together``), each counted once, and f(c) tokens in all (``alone``); the node
has f(n) hits.  The four cells are, as in cwb-ccc: the tokens near hits that are the collocate or another word, and the
tokens elsewhere that are it or another.  Tokens of hits are in no cell, nor in f(c).

*logDice* is the default: it needs no size of a corpus, so corpora of unlike sizes compare (Rychlý 2008).  It and the
differences between groups get an interval by resampling videos; groups are drawn independently of one another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure import association
from crosscut.measure.association import Numbers, Size, Table
from crosscut.measure.bootstrap import (
    FEWEST,
    Drawn,
    Group,
    Sample,
    Spreads,
    Statistic,
    distinct,
    limits,
    spreads_between,
)
from crosscut.measure.finding import number
from crosscut.measure.rates import Resampling

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PER_THOUSAND = 1_000.0

#: What each column is, how it is computed, and who proposed it; a, b, c, d as in ``measure.association``.
COLUMNS: Mapping[str, str] = {
    "together": "f(n,c): tokens of the collocate near a hit (a). Each counts once, however many hits it is near; tokens of "
                "hits do not. The lines are these tokens; of a relation they are pairs, of which one is kept where several "
                "begin or end with the same token.",
    "alone": "f(c): tokens of the collocate in all, near or far, that belong to no hit.",
    "videos": "In how many videos it stands near a hit.",
    "hits": "f(n): hits of the node; of a relation, how many tokens stand in it to a hit.",
    "per_thousand": "Tokens of the collocate per 1,000 tokens near hits: 1000 a / c.",
    "log_dice": "14 + log2(2 f(n,c) / (f(n) + f(c))): at most 14 where each node has one and nothing else has; one less is "
                "half as often; hangs on no size of a corpus (Rychlý 2008).",
    "low": "Lower limit of logDice, by resampling videos.",
    "high": "Upper limit of logDice.",
    "log_ratio": "log2 of the collocate's rate near hits over its rate elsewhere: 1 is twice as often; 0 is taken for 0.5 "
                 "(Hardie 2014).",
    "lrc": "Conservative log ratio: the end of the exact interval of the log ratio nearer to 0, at a level corrected for "
           "all collocates (Bonferroni); 0: not shown to differ (Evert 2022).",
    "log_likelihood": "G² of the four cells, 2 Σ O ln(O / E): how sure, not how strong, and only if words were independent "
                      "(Dunning 1993).",
    "mi": "log2(a / E): prefers rare words (Church & Hanks 1990).",
    "mi3": "log2(a³ / E): the same with more weight on frequent ones (Daille 1994).",
    "t_score": "(a - E) / √a (Church et al. 1991).",
    "z_score": "(a - E) / √E (Berry-Rogghe 1973; without correction).",
    "dice": "2 f(n,c) / (f(n) + f(c)) (Dice 1945).",
    "delta_p": "ΔP of the collocate given the node: a / c - b / d, from -1 to 1 (Gries 2013).",
    "delta_p_back": "ΔP of the node given the collocate: which of the two draws the other (Gries 2013).",
    "note": "Why there is no interval.",
}
#: What the rows side by side have; the difference is this group less the others together.
BY_GROUP: Mapping[str, str] = {
    **{name: f"{COLUMNS[name]} In this group."
       for name in ("together", "alone", "videos", "hits", "per_thousand", "log_dice")},
    "log_dice_low": "Lower limit of logDice in this group, by resampling its videos.",
    "log_dice_high": "Upper limit of logDice in this group.",
    "difference": "logDice in this group less logDice in the other groups together.",
    "low": "Lower limit of the difference of logDice; each group is resampled by itself, a unit of several for all of them.",
    "high": "Upper limit of the difference of logDice.",
    "log_ratio": "log2 of the rate per 1,000 tokens near hits over that of the other groups together.",
    "log_ratio_low": "Lower limit of the log ratio, by resampling.",
    "log_ratio_high": "Upper limit of the log ratio.",
    "note": "Why there is no interval, or no difference.",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """What scores are made of: one value a collocate, or one for all of them; or things × resamples.

    ``tests``: how many collocates were looked at.
    """

    together: Numbers
    alone: Numbers
    hits: Size
    window: Size
    tokens: Size
    tests: int = 1

    @property
    def table(self) -> Table:
        """Near hits, and elsewhere."""
        elsewhere: Size = self.tokens - self.window
        return Table(self.together, self.alone - self.together, (self.window, elsewhere))


#: Every score by its name; the larger, the more the two go together.
SCORES: Mapping[str, Callable[[Cells], Floats]] = {
    "log_dice": lambda cells: association.log_dice(cells.together, cells.hits, cells.alone),
    "log_ratio": lambda cells: association.log_ratio(cells.table),
    "lrc": lambda cells: association.conservative_log_ratio(cells.table, tests=cells.tests),
    "log_likelihood": lambda cells: association.g_squared(cells.table),
    "mi": lambda cells: association.mutual_information(cells.table),
    "mi3": lambda cells: association.mutual_information(cells.table, 3),
    "t_score": lambda cells: association.t_score(cells.table),
    "z_score": lambda cells: association.z_score(cells.table),
    "dice": lambda cells: association.dice(cells.together, cells.hits, cells.alone),
    "delta_p": lambda cells: association.delta_p(cells.table),
    "delta_p_back": lambda cells: association.delta_p_back(cells.table),
}
NAMES = {"log_dice": "logDice", "log_ratio": "log ratio", "lrc": "LRC", "log_likelihood": "LL", "mi": "MI", "mi3": "MI3",
         "t_score": "T", "z_score": "Z", "dice": "Dice", "delta_p": "ΔP", "delta_p_back": "ΔP back"}


def score(name: str, cells: Cells) -> Floats:
    """A score by its name; of log-likelihood only what is near more often than expected, the others have its negative."""
    if name not in SCORES:
        raise QueryError(f"no score {name!r} of collocates: there is {', '.join(SCORES)}")
    found = SCORES[name](cells)
    if name != "log_likelihood":
        return found
    return np.where(association.more_often(cells.table), found, -found)


def notation(sort: str, cutoff: float | None, span: str, at_least: tuple[int, int], filtered: str = "") -> str:
    """Brezina's Collocation Parameters Notation (Brezina, McEnery & Wattam 2015), without its number of the statistic.

    Statistic (cut-off), span left and right, minimum frequency of the collocate (C) and of the collocation (NC), filter.
    """
    least = "–" if cutoff is None else f"{cutoff:g}"
    return f"{NAMES[sort]}({least}), {span}, C{at_least[0]}–NC{at_least[1]}; {filtered or 'no filter'}"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Collocates × videos near hits and in all; of ``videos``, those that were searched.

    ``alone``: totals, and by video where it is called: a table that is looked up only to be resampled or grouped.
    ``hits`` and ``window`` are kinds × videos, and ``kind`` says which row of them a collocate belongs to: one kind for a
    window, one for each relation of a word sketch.
    """

    together: Counts
    alone: Ints
    alone_by_video: Callable[[], Counts]
    kind: Ints
    hits: Ints
    window: Ints
    videos: Bools

    def group(self, sample: Sample) -> Group:
        """The videos of a sample, to be resampled.  First what the effective number of videos hangs on: all hits."""
        return Group(sample, (self.together, self.alone_by_video()), (self.hits.sum(axis=0), *self.hits, *self.window))

    def side(self, drawn: Sequence[Drawn], numbers: Sequence[int]) -> Parts:
        """Some resampled groups together."""
        together, alone, _, *sizes = (sum(part[1:], part[0]) for part in zip(
            *((*drawn[n].counts, *drawn[n].sizes) for n in numbers), strict=True))
        hits, window = (np.stack(half)[self.kind] for half in (sizes[: len(self.hits)], sizes[len(self.hits) :]))
        return together, alone, hits, window


Parts = tuple[Any, Any, Any, Any]  # together, alone, hits, tokens near hits


def collocates(near: Neighbours, scores: Mapping[str, Floats], how: Resampling) -> list[tuple[Any, ...]]:
    """One row a collocate: ``COLUMNS``.  ``scores``: of these collocates, by the names of ``SCORES``."""
    sample = Sample.of(near.videos, how.codes, seed=how.seed, replicates=how.replicates)
    units = near.together.by(sample.codes, sample.units).ranges()
    notes = [why_not(many, sample.units, how) for many in units.tolist()]
    spread = None if all(notes) else spreads_between([near.group(sample)], [(_dice(near, [0]), [[0]])])[0]
    low, high = _limits(scores["log_dice"], notes, spread, how.level)
    hits, window = (sizes.sum(axis=1)[near.kind] for sizes in (near.hits, near.window))
    columns: dict[str, Sequence[Any]] = {
        "together": near.together.totals().tolist(), "alone": near.alone.tolist(),
        "videos": near.together.ranges().tolist(), "hits": hits.tolist(),
        "per_thousand": plain(PER_THOUSAND * near.together.totals() / np.maximum(window, 1)),
        **{name: plain(values) for name, values in scores.items()}, "low": plain(low), "high": plain(high), "note": notes}
    return list(zip(*(columns[name] for name in COLUMNS), strict=True))


def why_not(found: int, units: int, how: Resampling) -> str:
    """Why a collocate in so many of so many units has no interval, or nothing."""
    if not how.replicates:
        return "no resamples"
    if min(found, units) >= FEWEST:
        return ""
    return f"{'' if units < FEWEST else 'in '}fewer than {FEWEST} {how.units}"


def _limits(estimate: Floats, notes: Sequence[str], spread: Spreads | None, level: float) -> tuple[Floats, Floats]:
    """Limits of what has no note."""
    if spread is None:
        return (np.full(len(estimate), np.nan),) * 2
    low, high = (np.where([not note for note in notes], end, np.nan) for end in limits(estimate, spread, level))
    return low, high


def plain(values: Floats) -> list[float | None]:
    """Numbers as a table has them: None where there is none."""
    return [number(value) for value in np.asarray(values, np.float64).tolist()]


# -- side by side -------------------------------------------------------------------------------------------------------

def _dice_of(parts: Parts) -> Floats:
    return association.log_dice(parts[0], parts[2], parts[1])


def _log_rate(parts: Parts) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate: Floats = np.log2(parts[0] / parts[3])
    return rate


def _dice(near: Neighbours, side: Sequence[int]) -> Statistic:
    """logDice of some groups together."""
    return lambda drawn: _dice_of(near.side(drawn, side))


def _between(near: Neighbours, measure: Callable[[Parts], Floats], one: Sequence[int], rest: Sequence[int]) -> Statistic:
    """By how much a measure of some groups is above that of others."""
    return lambda drawn: measure(near.side(drawn, one)) - measure(near.side(drawn, rest))


@dataclass(frozen=True, slots=True)
class Totals:
    """Collocates × groups: ``together``, ``alone``, ``videos`` with it; and the hits, and tokens near hits, of its kind."""

    together: Ints
    alone: Ints
    videos: Ints
    hits: Ints
    window: Ints

    @classmethod
    def of(cls, near: Neighbours, codes: Ints, many: int) -> Totals:
        """By groups; ``codes``: the group of each video, -1: in none."""
        known = codes >= 0
        hits, window = (
            np.stack([np.bincount(codes[known], size[known], many).astype(np.int64) for size in sizes])[near.kind]
            for sizes in (near.hits, near.window))
        there = Counts(near.together.bounds, near.together.video, np.ones_like(near.together.n), near.together.videos)
        together, alone, videos = (
            table.by(codes, many).to_dense() for table in (near.together, near.alone_by_video(), there))
        return cls(together, alone, videos, hits, window)

    def group(self, number: int) -> Parts:
        """One group."""
        return self.together[:, number], self.alone[:, number], self.hits[:, number], self.window[:, number]

    def rest(self, number: int) -> Parts:
        """All others together."""
        together, alone, hits, window = (
            table.sum(axis=1) - table[:, number] for table in (self.together, self.alone, self.hits, self.window))
        return together, alone, hits, window


def side_by_side(near: Neighbours, codes: Ints, many: int, how: Resampling) -> list[list[tuple[Any, ...]]]:
    """For each of ``many`` groups one row a collocate: ``BY_GROUP``.  ``codes``: the group of each video, -1: in none.

    Each group is compared with the videos of all others.  No interval where a group, or all others, have fewer than ten
    units, or the collocate is in fewer than ten; groups as small are drawn together.
    """
    units = [Sample.of(codes == group, how.codes, seed=how.seed).units for group in range(many)]
    small = np.array(units, np.int64) < FEWEST
    stratum = np.where(small, int((~small).sum()), np.cumsum(~small) - 1)
    of_video = np.append(stratum, -1)[codes]
    samples = Sample.of_groups([of_video == n for n in range(int(of_video.max(initial=0)) + 1)], how.codes, seed=how.seed,
                               replicates=how.replicates)
    found = np.array([near.together.by(sample.codes, sample.units).ranges() for sample in samples], np.int64)
    large = [group for group in range(many) if how.replicates and not small[group]]
    asked = [question for group in large for question in _questions(near, int(stratum[group]), len(samples))]
    spread = spreads_between([near.group(sample) for sample in samples], asked) if asked else []
    totals, all_units = Totals.of(near, codes, many), sum(units)
    rows = []
    for group in range(many):
        at = 3 * large.index(group) if group in large else len(spread)
        rest = [sample for n, sample in enumerate(samples) if n != stratum[group]]
        others = distinct(rest) if group in large and rest else all_units - units[group]
        why = _why(totals, group, (units[group], others), found[min(stratum[group], len(samples) - 1)],
                   found.sum(axis=0), how)
        rows.append(_rows_of(totals, group, spread[at : at + 3] or [None] * 3, why, how.level))
    return rows


def _questions(near: Neighbours, one: int, many: int) -> list[tuple[Statistic, list[list[int]]]]:
    """logDice of a group, and its logDice and its rate against all others."""
    rest = [n for n in range(many) if n != one]
    if not rest:
        return [(_dice(near, [one]), [[one]])] * 3
    return [(_dice(near, [one]), [[one]]),
            *((_between(near, measure, [one], rest), [[one], rest]) for measure in (_dice_of, _log_rate))]


def _why(
    totals: Totals, group: int, units: tuple[int, int], own: Ints, every: Ints, how: Resampling
) -> tuple[list[str], list[str]]:
    """Why each collocate has no interval in a group, and why none of the difference; ``own``, ``every``: units with it."""
    one, rest = totals.group(group)[0], totals.rest(group)[0]
    lacking = np.where(one == 0, "not in this group", np.where(rest == 0, "not in the others", "")).tolist()
    return ([why_not(many, units[0], how) for many in own.tolist()],
            [why_not(many, min(units), how) or why for many, why in zip(every.tolist(), lacking, strict=True)])


def _rows_of(
    totals: Totals, group: int, spread: Sequence[Spreads | None], why: tuple[list[str], list[str]], level: float
) -> list[tuple[Any, ...]]:
    one, rest = totals.group(group), totals.rest(group)
    with np.errstate(invalid="ignore"):
        estimates = _dice_of(one), _dice_of(one) - _dice_of(rest), _log_rate(one) - _log_rate(rest)
    ends = [_limits(estimate, notes, spreads, level)
            for estimate, notes, spreads in zip(estimates, (why[0], why[1], why[1]), spread, strict=True)]
    columns: dict[str, Sequence[Any]] = {
        "together": one[0].tolist(), "alone": one[1].tolist(), "videos": totals.videos[:, group].tolist(),
        "hits": one[2].tolist(), "per_thousand": plain(PER_THOUSAND * one[0] / np.maximum(one[3], 1)),
        "note": [between or own for own, between in zip(*why, strict=True)]}
    for name, estimate, (low, high) in zip(("log_dice", "difference", "log_ratio"), estimates, ends, strict=True):
        before = "" if name == "difference" else f"{name}_"
        columns |= {name: plain(estimate), f"{before}low": plain(low), f"{before}high": plain(high)}
    return list(zip(*(columns[name] for name in BY_GROUP), strict=True))
