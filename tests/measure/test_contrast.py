"""Rows of a contrast against numbers worked out by hand, and the parts that they are made of."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from crosscut.counts import Counts
from crosscut.measure import contrast
from crosscut.measure.bootstrap import Group, Sample, limits, log_ratio, spreads
from crosscut.measure.contrast import OVERALL, PAIR, REST, Compared, Contrast, at_odds, contrasts
from crosscut.measure.permutation import permutation_test
from crosscut.measure.significance import corrected


def asked(seed: int, many: int, videos: int = 90, queries: int = 1, rates: tuple[float, ...] = (3e-3, 3e-3, 6e-3)) -> Compared:
    random = np.random.default_rng(seed)
    words, groups = random.integers(200, 900, videos), np.arange(videos) % many
    return Compared(random.poisson(words * np.array(rates)[groups], (queries, videos)), words, groups, many)


def test_rows_of_three_groups() -> None:
    found = contrasts(asked(1, 3, queries=2), seed=1, permutations=199)
    assert [(row.query, row.compared, row.first, row.second) for row in found] == [
        (query, *row) for query in (0, 1) for row in (
            (OVERALL, -1, -1), (PAIR, 0, 1), (PAIR, 0, 2), (PAIR, 1, 2), (REST, 0, -1), (REST, 1, -1), (REST, 2, -1))]


def test_numbers_by_hand() -> None:
    words, groups = np.array([500, 500, 1_000, 250, 250]), np.array([0, 0, 0, 1, 1])
    (row,) = contrasts(Compared(np.array([[1, 2, 3, 4, 0]]), words, groups, 2), seed=1)
    assert (row.hits, row.words, row.videos, row.per_million) == (6, 2_000, 3, 3_000)
    assert (row.other_hits, row.other_words, row.other_videos, row.other_per_million) == (4, 500, 2, 8_000)
    assert row.difference == -5_000
    assert row.log_ratio == pytest.approx(math.log2(3 / 8))
    assert (row.low, row.high) == (None, None)
    assert row.note == "no interval: fewer than 10 videos; p cannot be below 1/10: the videos can be dealt out in no more ways"
    assert row.p == row.p_adjusted == permutation_test(np.array([[1, 2, 3, 4, 0]]), words, groups, 2, seed=1).overall[0]


def test_no_hits_on_one_side() -> None:
    words, groups = np.full(40, 500), np.repeat([0, 1], 20)
    (row,) = contrasts(Compared(np.array([[0] * 20 + [2] * 20]), words, groups, 2), seed=1, permutations=999)
    assert (row.log_ratio, row.low, row.high, row.difference) == (None, None, None, -4_000)
    assert row.p == 0.001
    (none,) = contrasts(Compared(np.zeros((1, 40), np.int64), words, groups, 2), seed=1)
    assert (none.p, none.p_adjusted, none.log_ratio, none.difference) == (None, None, None, 0)
    assert none.note == "no hits on either side"
    (empty,) = contrasts(Compared(np.ones((1, 40), np.int64), words, np.zeros(40, np.int64), 2), seed=1)
    assert (empty.other_per_million, empty.difference, empty.log_ratio, empty.p) == (None, None, None, None)


def test_p_and_interval_may_say_two_things() -> None:
    row = Contrast(0, PAIR, 0, 1, 5, 100, 20, 1.0, log_ratio=1.0, low=-0.5, high=2.5, p_adjusted=0.01)
    assert at_odds(row, 0.05)
    assert not at_odds(row, 0.005)
    assert not at_odds(replace(row, low=0.1), 0.05)
    assert at_odds(replace(row, low=0.1, p_adjusted=0.3), 0.05)
    assert not at_odds(replace(row, low=None), 0.05)


def test_too_few_units_have_no_interval_and_it_is_said() -> None:
    question = asked(6, 2, 60)
    days = Compared(question.hits, question.words, question.groups, 2, units=np.arange(60) // 12)
    (row,) = contrasts(days, seed=1)
    assert (row.low, row.high) == (None, None)
    assert row.note.startswith("no interval: fewer than 10 units")
    assert row.p is not None


def test_other_reasons_for_no_interval_are_said() -> None:
    (row,) = contrasts(asked(6, 2, 60), seed=1, permutations=99, replicates=0)
    assert (row.low, row.high, row.note) == (None, None, "no interval: no resamples")
    words, side = np.full(40, 500), np.repeat([0, 1], 20)
    (apart,) = contrasts(Compared(np.ones((1, 40), np.int64), words, side, 2, within=side), seed=1, permutations=99)
    assert (apart.low, apart.high, apart.p) == (None, None, None)
    assert apart.note.startswith("no interval: no hits in a period that both have")


def test_the_interval_is_that_of_two_rates() -> None:
    question = asked(2, 2, 60)
    (row,) = contrasts(question, seed=1, permutations=199)
    groups = [Group(Sample.of(question.groups == side, seed=1), (Counts.dense(np.where(question.groups == side, question.hits, 0)),),
                    (np.where(question.groups == side, question.words, 0),)) for side in (0, 1)]
    low, high = limits([row.log_ratio or 0.0], spreads(groups, log_ratio))
    assert (row.low, row.high) == pytest.approx((low[0], high[0]))


def test_within_periods_by_hand() -> None:
    """Mantel and Haenszel's rate ratio: each period is compared with itself."""
    hits, words = np.array([[8, 2, 1, 9]]), np.array([1_000, 1_000, 500, 4_500])
    (row,) = contrasts(Compared(hits, words, np.array([0, 1, 0, 1]), 2, within=np.array([0, 0, 1, 1])), seed=1)
    above, below = 8 * 1_000 / 2_000 + 1 * 4_500 / 5_000, 2 * 1_000 / 2_000 + 9 * 500 / 5_000
    assert row.log_ratio == pytest.approx(math.log2(above / below))
    assert row.per_million == pytest.approx(1e6 * 9 / 1_500)


def test_within_periods_one_period_is_none() -> None:
    question = asked(3, 2, 60)
    within = Compared(question.hits, question.words, question.groups, 2, within=np.zeros(60, np.int64))
    assert contrasts(within, seed=1, permutations=199) == contrasts(question, seed=1, permutations=199)


def test_periods_of_one_group_are_said() -> None:
    question = Compared(np.ones((1, 5), np.int64), np.full(5, 100), np.array([0, 0, 1, 1, 1]), 2, within=np.array([0, 0, 0, 0, 1]))
    (row,) = contrasts(question, seed=1)
    assert "1 unit in periods of only one of them do not enter p" in row.note


def test_one_against_the_others_is_a_pair_of_all_others() -> None:
    question = asked(4, 3)
    rows = {row.first: row for row in contrasts(question, seed=1, permutations=999) if row.compared == REST}
    two = question.of(question.groups == 2, question.groups < 2)
    (pair,) = contrasts(two, seed=1, permutations=999)
    assert (rows[2].hits, rows[2].other_hits, rows[2].log_ratio, rows[2].low) == (pair.hits, pair.other_hits, pair.log_ratio, pair.low)
    assert rows[2].p == pytest.approx(pair.p, abs=0.02)


def test_p_is_adjusted_over_pairs_and_queries() -> None:
    found = contrasts(asked(5, 3, queries=2), seed=1, permutations=199)
    for kind, many in ((OVERALL, 2), (PAIR, 6), (REST, 6)):
        rows = [row for row in found if row.compared == kind]
        assert len(rows) == many
        assert [row.p_adjusted for row in rows] == pytest.approx(corrected(np.array([row.p or 0 for row in rows]), "holm").tolist())


def test_every_column_is_explained() -> None:
    fields = [name for name in contrast.Contrast.__dataclass_fields__ if name not in {"query", "first", "second"}]
    assert list(contrast.COLUMNS) == fields
