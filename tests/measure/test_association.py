"""Scores against values worked out by hand, published ones, and formulas written another way."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure.association import log_dice, log_likelihood, log_ratio, more_often
from crosscut.measure.ranking import Ranking, largest

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=30)


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def test_log_dice_by_hand() -> None:
    # Near each of 8 hits once and nowhere else: Dice is 2·8 / (8 + 8) = 1.  Near half of them: 2·4 / (8 + 8) = 1/2.
    assert log_dice(ints(8, 4, 2, 0), 8, ints(8, 8, 56, 9)).tolist() == [14.0, 13.0, 10.0, -math.inf]


def test_log_likelihood_by_hand() -> None:
    # 10 of 100 tokens against 5 of 100: E = 7.5 each, G² = 2 (10 ln(10/7.5) + 5 ln(5/7.5)) = 1.69899…
    found = log_likelihood(ints(10, 0, 7, 0), ints(5, 3, 7, 0), (100, 100))
    assert found.tolist() == pytest.approx([1.6989903679539747, 6 * math.log(2), 0.0, 0.0])
    # Of a corpus twice as large: E1 = 200 · 15 / 300 = 10, E2 = 5.
    assert log_likelihood(ints(10), ints(5), (200, 100)).tolist() == pytest.approx([0.0])


def test_log_ratio_by_hand() -> None:
    # 8 in 1,000 against 2 in 1,000: four times as often.  None against 4 in 2,000: (0.5 / 1,000) / (4 / 2,000) = 1/4.
    assert log_ratio(ints(8, 2), ints(2, 8), (1_000, 1_000)).tolist() == [2.0, -2.0]
    assert log_ratio(ints(0, 4), ints(4, 0), (1_000, 2_000)).tolist() == [-2.0, 4.0]
    assert np.isnan(log_ratio(ints(0), ints(4), (0, 4))).all()
    assert log_likelihood(ints(0), ints(4), (0, 4)).tolist() == [0.0]


@given(COUNTS, st.integers(0, 1_000), st.integers(0, 1_000))
def test_scores_are_the_formulas(pairs: list[tuple[int, int]], more: int, other_more: int) -> None:
    target, reference = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    sizes = int(target.sum()) + more, int(reference.sum()) + other_more
    if not all(sizes):
        return
    found, ratios, over = (score(target, reference, sizes) for score in (log_likelihood, log_ratio, more_often))
    for (a, b), g2, ratio, is_over in zip(pairs, found.tolist(), ratios.tolist(), over.tolist(), strict=True):
        share = Fraction(a + b, sum(sizes))
        terms = [n * math.log(n / float(size * share)) for n, size in zip((a, b), sizes, strict=True) if n]
        assert g2 == pytest.approx(2 * math.fsum(terms), abs=1e-8)
        assert ratio == pytest.approx(math.log2((a or 0.5) / sizes[0]) - math.log2((b or 0.5) / sizes[1]), abs=1e-9)
        assert is_over == (Fraction(a, sizes[0]) > Fraction(b, sizes[1]))


@given(st.lists(st.integers(-3, 3), max_size=20), st.data(), st.integers(0, 21))
def test_the_largest_first_and_equal_ones_in_their_order(scores: list[int], data: st.DataObject, limit: int) -> None:
    among = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    want = sorted((place for place, chosen in enumerate(among) if chosen), key=lambda place: -scores[place])
    for column in (np.array(scores, np.int64), np.array(scores, np.float64)):
        assert largest(column, np.array(among, bool), limit).tolist() == want[: limit or None]


def test_a_ranking_as_dictionaries() -> None:
    assert Ranking(("lemma", "tokens"), (("war", 3),), {}).to_dicts() == [{"lemma": "war", "tokens": 3}]
