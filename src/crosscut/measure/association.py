"""Which words go with the hits, and which with one corpus rather than another?  Scores of four-cell tables.

A thing is there ``a`` times among ``c`` tokens on one side, and ``b`` times among ``d`` on the other.  Keyness: target and
reference.  Collocates: the windows around a node, and all other tokens; the collocate is the thing.  Rates are a / c and
b / d; E1 = c (a + b) / (c + d) and E2 = d (a + b) / (c + d) are what would be expected if the sides were alike.

Scores take tokens for independent, which words of one video are not: use them to rank, and resample videos to test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]
Size = int | float | npt.NDArray[Any]

#: What a count of nothing is taken for in a ratio.
INSTEAD_OF_ZERO = 0.5
PER_MILLION = 1_000_000.0
#: What is nothing divided by nothing is nan; no warning is needed.
_quietly = np.errstate(divide="ignore", invalid="ignore", over="ignore")


@dataclass(frozen=True, slots=True)
class Table:
    """``one`` (a) of ``sizes[0]`` (c) tokens on one side, ``other`` (b) of ``sizes[1]`` (d) on the other.

    One value a thing; or any shapes that numpy broadcasts, as things × resamples.
    """

    one: Numbers
    other: Numbers
    sizes: tuple[Size, Size]

    def swapped(self) -> Table:
        """With the sides changed over."""
        return Table(self.other, self.one, (self.sizes[1], self.sizes[0]))

    def take(self, things: Ints) -> Table:
        """Some of the things of a table whose sides have one size each."""
        return Table(self.one[things], self.other[things], self.sizes)

    @property
    def expected(self) -> Floats:
        """E1: how often each thing would be on the first side if the sides were alike; nan where both are empty."""
        one, other = self.sizes
        return (self.one + self.other) * _known(one + other, one)


@_quietly
def _known(size: Size, part: Size) -> Floats:
    """``part`` of ``size``; nan where there is no token."""
    found: Floats = np.asarray(part, np.float64) / np.where(np.asarray(size) > 0, size, np.nan)
    return found


def _rates(table: Table) -> tuple[Floats, Floats]:
    """a / c and b / d; nan on both sides where one of them is empty."""
    both = _known(table.sizes[0], 0) + _known(table.sizes[1], 0)  # 0, or nan
    return table.one * _known(table.sizes[0], 1) + both, table.other * _known(table.sizes[1], 1) + both


@_quietly
def _times_log(observed: Numbers, expected: Floats) -> Floats:
    """O ln(O / E); 0 where O is 0."""
    found: Floats = np.where(observed > 0, observed * np.log(np.where(observed > 0, observed, 1) / expected), 0)
    return found


# -- one corpus rather than another -------------------------------------------------------------------------------------


def more_often(table: Table) -> Bools:
    """Which things the first side has more often, for its size, than the other."""
    one, other = (np.asarray(size, np.float64) for size in table.sizes)
    more: Bools = table.one * other > table.other * one
    return more


def log_likelihood(table: Table) -> Floats:
    """G² of two cells, 2 (a ln(a / E1) + b ln(b / E2)), as Rayson & Garside 2000 write Dunning's (1993); 0: alike.

    It says how sure, not how large.  A cell of nothing counts as 0; 0 where a side is empty.
    """
    expected = table.expected
    rest = table.one + table.other - expected
    return np.maximum(2 * (_times_log(table.one, expected) + _times_log(table.other, rest)), 0)  # rounding where alike


def g_squared(table: Table) -> Floats:
    """G² of all four cells, 2 Σ O ln(O / E) (Dunning 1993): also for things that most of a side are.

    The other two cells, c - a and d - b, matter where a is a large part of c: videos that have a word, a window full of one.
    """
    expected = table.expected
    rest = table.one + table.other - expected
    cells = [(table.one, expected), (table.other, rest)]
    without = [(np.asarray(size - count), size - cell) for size, (count, cell) in zip(table.sizes, cells, strict=True)]
    score: Floats = np.maximum(2 * np.sum([_times_log(*cell) for cell in (*cells, *without)], axis=0), 0)
    return score


def _some(count: Numbers) -> Floats:
    """Counts with what stands for nothing in a ratio."""
    return np.where(count > 0, count, INSTEAD_OF_ZERO)


@_quietly
def log_ratio(table: Table) -> Floats:
    """log2((a / c) / (b / d)), a count of 0 taken for 0.5 (Hardie 2014): 1 is twice as often.

    nan where a side is empty, or the thing is nowhere.
    """
    one, other = _rates(Table(_some(table.one), _some(table.other), table.sizes))
    ratio: Floats = np.where(table.one + table.other > 0, np.log2(one / other), np.nan)
    return ratio


def conservative_log_ratio(table: Table, level: float = 0.95, tests: int = 1) -> Floats:
    """LRC: the end of the interval of log2((a / c) / (b / d)) that is nearer to 0, and 0 where the interval holds 0.

    Given a + b, a is binomial, with odds of c / d times the ratio of the rates.  The exact interval of its share (Clopper &
    Pearson 1934), at a level corrected for so many ``tests`` (Bonferroni: an error of (1 - level) / tests), gives that of
    the ratio.  Evert 2022, "Measuring keyness"; measure LRC of the R package corpora.  nan where a side is empty, 0 for a
    thing that is nowhere.
    """
    from scipy.special import betaincinv

    over = more_often(table)
    one, other = (np.asarray(np.broadcast_to(count, over.shape), np.float64) for count in (table.one, table.other))
    more, less = np.where(over, one, other), np.where(over, other, one)
    share = betaincinv(np.maximum(more, 1), less + 1, (1 - level) / (2 * max(tests, 1)))
    sizes = _known(table.sizes[0], table.sizes[1]), _known(table.sizes[1], table.sizes[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.log2(share / (1 - share) * np.where(over, sizes[0], sizes[1]))
    score = np.where(more > 0, np.maximum(least, 0), 0) + 0 * (sizes[0] + sizes[1])
    found: Floats = np.where(over, score, 0 - score)
    return found


@_quietly
def percent_difference(table: Table) -> Floats:
    """%DIFF: 100 (a / c - b / d) / (b / d) (Gabrielatos & Marchi 2011); inf where only the first side has the thing."""
    one, other = _rates(table)
    return 100 * (one - other) / other


def simple_maths(table: Table, plus: float = 1.0) -> Floats:
    """(a per million + N) / (b per million + N) (Kilgarriff 2009); a larger N (``plus``) prefers more frequent things."""
    one, other = _rates(table)
    return (PER_MILLION * one + plus) / (PER_MILLION * other + plus)


@_quietly
def log_odds_ratio(table: Table) -> Floats:
    """log2((a / (c - a)) / (b / (d - b))) (Pojanapunya & Watson Todd 2018); 0 taken for 0.5; nan as above."""
    one = _some(table.one) / _some(table.sizes[0] - table.one)
    other = _some(table.other) / _some(table.sizes[1] - table.other)
    ratio: Floats = np.where(table.one + table.other > 0, np.log2(one / other) + 0 * sum(_rates(table)), np.nan)
    return ratio


# -- with the hits ------------------------------------------------------------------------------------------------------


@_quietly
def mutual_information(table: Table, power: int = 1) -> Floats:
    """MI: log2(a / E1) (Church & Hanks 1990); ``power`` 3: MI³, log2(a³ / E1) (Daille 1994).  -inf where a is 0."""
    found: Floats = np.log2(np.asarray(table.one, np.float64) ** power / table.expected)
    return found


@_quietly
def t_score(table: Table) -> Floats:
    """(a - E1) / √a (Church et al. 1991); -inf where a is 0."""
    return (table.one - table.expected) / np.sqrt(table.one)


@_quietly
def z_score(table: Table) -> Floats:
    """(a - E1) / √E1 (Berry-Rogghe 1973, in Evert's 2004 form, without Yates' correction)."""
    return (table.one - table.expected) / np.sqrt(table.expected)


def delta_p(table: Table) -> Floats:
    """ΔP of the thing given the side: a / c - b / d, from -1 to 1 (Ellis 2006; Gries 2013)."""
    one, other = _rates(table)
    return one - other


def delta_p_back(table: Table) -> Floats:
    """ΔP of the side given the thing: a / (a + b) - (c - a) / (c + d - a - b) (Ellis 2006; Gries 2013)."""
    return delta_p(Table(table.one, table.sizes[0] - table.one,
                         (table.one + table.other, table.sizes[0] + table.sizes[1] - table.one - table.other)))


@_quietly
def dice(together: Numbers, node: Size, alone: Numbers) -> Floats:
    """2 f(n,c) / (f(n) + f(c)) (Dice 1945), for ``node`` hits and ``alone`` tokens of each collocate."""
    found: Floats = 2 * together / (node + alone)
    return found


@_quietly
def log_dice(together: Numbers, node: Size, alone: Numbers) -> Floats:
    """14 + log2(Dice) (Rychlý 2008); at most 14, one less where a collocate is half as often near; -inf where it never is.

    It hangs on no size of a corpus.
    """
    found: Floats = 14 + np.log2(dice(together, node, alone))
    return found
