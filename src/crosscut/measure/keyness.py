"""What does one group of videos say more often than others?  What keyness is, and the scores of words alone.

``comparing`` adds what is known of the videos: in how many, in which ranks, and an interval by resampling them.  Words of
one video are not independent: what one long hearing says a hundred times is no keyword of an outlet, and only that sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure.association import (
    PER_MILLION,
    Table,
    conservative_log_ratio,
    log_likelihood,
    log_odds_ratio,
    log_ratio,
    more_often,
    percent_difference,
    simple_maths,
)
from crosscut.measure.bootstrap import FEWEST
from crosscut.measure.rates import Resampling
from crosscut.measure.significance import p_of_log_likelihood

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Column = npt.NDArray[Any]

#: What each column is, how it is computed, and who proposed it.
COLUMNS: Mapping[str, str] = {
    "target": "how often it is there in the target (a, of c tokens)",
    "reference": "how often it is there in the reference (b, of d tokens)",
    "target_videos": "in how many videos of the target",
    "reference_videos": "in how many videos of the reference",
    "target_tokens": "tokens of the target (c); with queries its words, with n-grams its n-grams",
    "reference_tokens": "tokens of the reference (d)",
    "target_of_videos": "videos of the target",
    "reference_of_videos": "videos of the reference",
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
WHY_NOT = ("", f"fewer than {FEWEST} {{units}} on a side", f"in fewer than {FEWEST} {{units}}", "not in the target",
           "not in the reference", "no resamples", "not asked for", "words only")
#: Fewer videos than this say little about an outlet: such things are left out.
MIN_VIDEOS = 3
#: How near to 0 the whole interval of a lockword's log ratio is.
LOCKED = 0.5


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen: how videos are resampled, how p-values are corrected, and which things are looked at.

    Things in fewer than ``min_videos``, or there fewer than ``at_least`` times, on both sides together, are left out;
    ``plus`` is the N of simple maths.  ``shown``: which places of a comparison are to have intervals, for they take most of
    the time; None: all.
    """

    how: Resampling
    correction: str = "holm"
    min_videos: int = MIN_VIDEOS
    at_least: int = 0
    plus: float = 1.0
    shown: Callable[[Keyness], Ints] | None = None


#: The scores of words by name: of a table, for so many tests.
_WORDS: Mapping[str, Callable[[Table, Choices, int], Floats]] = {
    "lrc": lambda table, choices, tests: conservative_log_ratio(table, choices.how.level, tests),
    "log_ratio": lambda table, *_: log_ratio(table),
    "log_likelihood": lambda table, *_: log_likelihood(table),
    "percent_difference": lambda table, *_: percent_difference(table),
    "simple_maths": lambda table, choices, _: simple_maths(table, choices.plus),
    "log_odds_ratio": lambda table, *_: log_odds_ratio(table),
}


@dataclass(frozen=True, slots=True)
class Keyness:
    """``columns``: one value for each of the ``things`` (numbers of rows of the counts); what they are, says ``COLUMNS``.

    ``side``: 1 where the target says it more often, -1 where the reference does.  ``why_not``: numbers of ``WHY_NOT``.
    ``sizes``: tokens, and ``videos``: how many, of target and reference.  ``left_out``: things too rare to be looked at.
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


def of_words(
    totals: Ints, tokens: Ints, asked: Sequence[int], choices: Choices, sort: str, side: str, limit: int,
) -> list[Keyness]:
    """The scores of words alone, from totals (things × groups): at once, at any size; for a first look.

    Only things that may be among the first ``limit`` (0: all) of the order asked for; p-values are None, since their
    correction looks at all.  ``choices.min_videos`` is passed over.
    """
    if sort not in _WORDS or side not in SIDES:
        raise QueryError(f"no order {sort!r} of {side!r} without a look at the videos: there is {', '.join(_WORDS)} of "
                         f"{', '.join(SIDES)}")
    if not tokens.all():
        raise QueryError("a group has no words: there is nothing to compare")
    every = totals.sum(axis=1)
    things = np.flatnonzero(every >= max(choices.at_least, 1))
    found = []
    for group in asked:
        table = against_others(totals, tokens, group).take(things)
        mine = np.flatnonzero(said_more(table) == SIDES[side]) if SIDES[side] else np.arange(len(things))
        tests = len(things) * len(asked)
        scores = np.nan_to_num(SORTS[sort](_WORDS[sort](table.take(mine), choices, tests)), nan=-1, posinf=np.inf)
        if 0 < limit < len(mine):
            mine = mine[scores >= np.partition(scores, len(mine) - limit)[len(mine) - limit]]
        one = table.take(mine)
        nothing = np.full(len(mine), np.nan)
        columns = dict.fromkeys(COLUMNS, nothing) | word_scores(one, choices, tests) | {"p_log_likelihood": nothing}
        why_not = np.full(len(mine), len(WHY_NOT) - 1)
        found.append(Keyness(things[mine], columns, said_more(one), why_not, both_sizes(one), (0, 0),
                             int(np.count_nonzero(every)) - len(things)))
    return found


def against_others(table: Ints, sizes: Ints, group: int) -> Table:
    """One group and all others."""
    return Table(table[:, group], table.sum(axis=1) - table[:, group], (int(sizes[group]), int(sizes.sum() - sizes[group])))


def said_more(table: Table) -> Ints:
    """1 where the first side has a thing more often, for its size, -1 where the other has it."""
    return more_often(table).astype(np.int64) - more_often(table.swapped())


def both_sizes(table: Table) -> tuple[int, int]:
    """The sizes of both sides as plain numbers."""
    return int(table.sizes[0]), int(table.sizes[1])


def word_scores(table: Table, choices: Choices, tests: int) -> dict[str, Column]:
    """The scores of how often a thing is said."""
    scores = {name: score(table, choices, tests) for name, score in _WORDS.items()}
    return {
        "target": table.one, "reference": table.other, **sizes_of(table, "tokens"),
        "target_per_million": PER_MILLION * table.one / table.sizes[0],
        "reference_per_million": PER_MILLION * table.other / table.sizes[1],
        **scores, "p_log_likelihood": p_of_log_likelihood(scores["log_likelihood"]),
    }


def sizes_of(table: Table, name: str) -> dict[str, Column]:
    """What the counts of both sides are out of, the same in each row."""
    return {f"{side}_{name}": np.full(len(table.one), size) for side, size in zip(
        ("target", "reference"), table.sizes, strict=True)}
