"""Scores against values worked out by hand, published ones, SciPy, and formulas written another way."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.measure import association
from crosscut.measure.association import (
    Table,
    conservative_log_ratio,
    delta_p,
    delta_p_back,
    dice,
    g_squared,
    log_dice,
    log_likelihood,
    log_odds_ratio,
    log_ratio,
    more_often,
    mutual_information,
    percent_difference,
    simple_maths,
    t_score,
    z_score,
)
from crosscut.measure.ranking import Ranking, largest

stats = pytest.importorskip("scipy.stats")
COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=30)
Score = Callable[[Table], npt.NDArray[np.float64]]
#: Those that change their sign, and nothing else, where the sides change over.
SIGNED: list[Score] = [conservative_log_ratio, log_ratio, log_odds_ratio, delta_p]


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def table(one: int, other: int, size: int, other_size: int) -> Table:
    return Table(ints(one), ints(other), (size, other_size))


#: Manning & Schütze (1999, tables 5.6, 5.12, 5.14): words of the New York Times, 14,307,668 tokens.
TIMES = 14_307_668


def pair(together: int, first: int, second: int, tokens: int = TIMES) -> Table:
    """The table of a bigram: the second word after the first, and after other words."""
    return table(together, second - together, first, tokens - first)


def test_log_dice_by_hand() -> None:
    # Near each of 8 hits once and nowhere else: Dice is 2·8 / (8 + 8) = 1.  Near half of them: 2·4 / (8 + 8) = 1/2.
    assert dice(ints(8, 4, 2, 0), 8, ints(8, 8, 56, 9)).tolist() == [1.0, 0.5, 1 / 16, 0.0]
    assert log_dice(ints(8, 4, 2, 0), 8, ints(8, 8, 56, 9)).tolist() == [14.0, 13.0, 10.0, -math.inf]


def test_log_likelihood_by_hand() -> None:
    # 10 of 100 tokens against 5 of 100: E = 7.5 each, G² = 2 (10 ln(10/7.5) + 5 ln(5/7.5)) = 1.69899…
    found = log_likelihood(Table(ints(10, 0, 7, 0), ints(5, 3, 7, 0), (100, 100)))
    assert found.tolist() == pytest.approx([1.6989903679539747, 6 * math.log(2), 0.0, 0.0])
    # Of a corpus twice as large: E1 = 200 · 15 / 300 = 10, E2 = 5.
    assert log_likelihood(table(10, 5, 200, 100)).tolist() == pytest.approx([0.0])
    assert log_likelihood(table(0, 4, 0, 4)).tolist() == [0.0]
    # With the tokens that are something else: 2 (90 ln(90/92.5) + 95 ln(95/92.5)) more.
    more = 2 * (90 * math.log(90 / 92.5) + 95 * math.log(95 / 92.5))
    assert g_squared(table(10, 5, 100, 100)).tolist() == pytest.approx([1.6989903679539747 + more])
    # All of one side and none of the other: 2 · (4 ln 2 + 4 ln 2).
    assert g_squared(table(4, 0, 4, 4)).tolist() == pytest.approx([16 * math.log(2)])


def test_log_ratio_by_hand() -> None:
    # 8 in 1,000 against 2 in 1,000: four times as often.  None against 4 in 2,000: (0.5 / 1,000) / (4 / 2,000) = 1/4.
    assert log_ratio(Table(ints(8, 2), ints(2, 8), (1_000, 1_000))).tolist() == [2.0, -2.0]
    assert log_ratio(Table(ints(0, 4), ints(4, 0), (1_000, 2_000))).tolist() == [-2.0, 4.0]
    assert np.isnan(log_ratio(table(0, 4, 0, 4))).all()


def test_other_ratios_by_hand() -> None:
    # 6 and 2 per thousand: 200 % more.  Per million and 1: 6,001 / 2,001.  Odds 6/994 and 2/998.
    one = table(6, 2, 1_000, 1_000)
    assert percent_difference(one).tolist() == [200.0]
    assert percent_difference(one.swapped()).tolist() == pytest.approx([-100 * 2 / 3])
    assert percent_difference(table(3, 0, 10, 10)).tolist() == [math.inf]
    assert simple_maths(one).tolist() == pytest.approx([6_001 / 2_001])
    assert simple_maths(one, 100).tolist() == pytest.approx([61 / 21])
    assert log_odds_ratio(one).tolist() == pytest.approx([math.log2(6 * 998 / (2 * 994))])
    assert log_odds_ratio(table(3, 0, 10, 10)).tolist() == pytest.approx([math.log2((3 / 7) / (0.5 / 10))])
    assert log_odds_ratio(table(4, 1, 4, 4)).tolist() == pytest.approx([math.log2((4 / 0.5) / (1 / 3))])  # nothing else on a side


def test_conservative_log_ratio_by_hand() -> None:
    # 10 of 1,000 and none of 1,000: the share of the target is at least (α/2)^(1/10) (Clopper & Pearson), 0.6915 at 95 %.
    least = 0.025 ** (1 / 10)
    assert conservative_log_ratio(table(10, 0, 1_000, 1_000)).tolist() == pytest.approx([math.log2(least / (1 - least))])
    # A reference twice as large would have had twice as many; of 50 tests each has a fiftieth of the chance of error.
    least = (0.025 / 50) ** (1 / 10)
    assert conservative_log_ratio(table(10, 0, 1_000, 2_000), tests=50).tolist() == pytest.approx(
        [math.log2(2 * least / (1 - least))])
    # Of equal sizes 1 against none shows nothing, nor do equal rates, nor what is nowhere.
    assert conservative_log_ratio(Table(ints(1, 7, 0), ints(0, 7, 0), (1_000, 1_000))).tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(conservative_log_ratio(table(0, 4, 0, 10))).all()


@given(st.integers(0, 60), st.integers(0, 60), st.integers(100, 5_000), st.integers(100, 5_000), st.sampled_from([1, 7, 1_000]))
@settings(deadline=None)
def test_conservative_log_ratio_is_an_end_of_the_exact_interval(a: int, b: int, c: int, d: int, tests: int) -> None:
    found = float(conservative_log_ratio(table(a, b, c, d), 0.9, tests)[0])
    if not a + b:
        assert found == 0
        return
    share = stats.binomtest(a, a + b).proportion_ci(1 - 0.1 / tests, method="exact")
    low, high = (math.inf if end == 1 else -math.inf if end == 0 else math.log2(end / (1 - end) * d / c) for end in share)
    assert found == pytest.approx(0 if low <= 0 <= high else low if low > 0 else high, rel=1e-6, abs=1e-9)


def test_published_scores_of_bigrams() -> None:
    assert mutual_information(pair(20, 42, 20))[0] == pytest.approx(18.38, abs=0.005)           # Ayatollah Ruhollah
    assert t_score(pair(8, 15_828, 4_675))[0] == pytest.approx(0.999932, abs=1e-3)              # new companies
    assert g_squared(pair(150, 12_593, 932))[0] == pytest.approx(1291.42, rel=1e-4)             # most powerful
    # Gries (2013): "of course" in the spoken BNC.
    course = pair(5_610, 174_548, 7_867, 10_409_868)
    assert delta_p(course)[0] == pytest.approx(0.032, abs=5e-4)
    assert delta_p_back(course)[0] == pytest.approx(0.697, abs=5e-4)


def test_scores_of_collocates_by_hand() -> None:
    # 8 of 100 tokens in the windows and 8 of 300 elsewhere: 4 were expected.
    one = table(8, 8, 100, 300)
    assert mutual_information(one).tolist() == [1.0]
    assert mutual_information(one, power=3).tolist() == [7.0]
    assert t_score(one).tolist() == pytest.approx([4 / math.sqrt(8)])
    assert z_score(one).tolist() == [2.0]
    assert delta_p(one).tolist() == pytest.approx([0.08 - 8 / 300])
    assert delta_p_back(one).tolist() == pytest.approx([0.5 - 92 / 384])
    assert mutual_information(table(0, 8, 100, 300)).tolist() == [-math.inf]


@given(COUNTS, st.integers(0, 1_000), st.integers(0, 1_000))
@settings(deadline=None)
def test_scores_are_the_formulas(pairs: list[tuple[int, int]], more: int, other_more: int) -> None:
    target, reference = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    sizes = int(target.sum()) + more, int(reference.sum()) + other_more
    if not all(sizes):
        return
    both = Table(target, reference, sizes)
    found, ratios, over, four = (score(both) for score in (log_likelihood, log_ratio, more_often, g_squared))
    for place, (a, b) in enumerate(pairs):
        share = Fraction(a + b, sum(sizes))
        terms = [n * math.log(n / float(size * share)) for n, size in zip((a, b), sizes, strict=True) if n]
        assert found[place] == pytest.approx(2 * math.fsum(terms), abs=1e-8)
        ratio = math.log2((a or 0.5) / sizes[0]) - math.log2((b or 0.5) / sizes[1]) if a or b else math.nan
        assert ratios[place] == pytest.approx(ratio, abs=1e-9, nan_ok=True)
        assert over[place] == (Fraction(a, sizes[0]) > Fraction(b, sizes[1]))
        cells = [[a, b], [sizes[0] - a, sizes[1] - b]]
        if all(map(sum, cells)):
            chi2 = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
            assert four[place] == pytest.approx(chi2, abs=1e-6)
        if all(map(all, cells)):
            odds = stats.fisher_exact(cells).statistic
            assert log_odds_ratio(both)[place] == pytest.approx(math.log2(odds), abs=1e-9)


@given(COUNTS, st.integers(1, 1_000), st.integers(1, 1_000))
def test_sides_that_change_over_change_signs(pairs: list[tuple[int, int]], more: int, other_more: int) -> None:
    target, reference = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    one = Table(target, reference, (int(target.sum()) + more, int(reference.sum()) + other_more))
    for score in SIGNED:
        assert score(one) == pytest.approx(-score(one.swapped()), abs=1e-12, nan_ok=True)
    for score in (log_likelihood, g_squared):
        assert score(one) == pytest.approx(score(one.swapped()), abs=1e-8)


def test_resamples_stand_beside_one_another() -> None:
    drawn = Table(np.array([[8.0, 2.0], [0.0, 4.0]]), np.array([[2.0, 8.0], [4.0, 0.0]]), (np.array([1e3, 1e3]), np.array([1e3, 2e3])))
    assert log_ratio(drawn).tolist() == [[2.0, -1.0], [-3.0, 4.0]]
    assert association.PER_MILLION == 1e6


@given(st.lists(st.integers(-3, 3), max_size=20), st.data(), st.integers(0, 21))
def test_the_largest_first_and_equal_ones_in_their_order(scores: list[int], data: st.DataObject, limit: int) -> None:
    among = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    want = sorted((place for place, chosen in enumerate(among) if chosen), key=lambda place: -scores[place])
    for column in (np.array(scores, np.int64), np.array(scores, np.float64)):
        assert largest(column, np.array(among, bool), limit).tolist() == want[: limit or None]


def test_a_ranking_as_dictionaries() -> None:
    assert Ranking(("lemma", "tokens"), (("war", 3),), {}).to_dicts() == [{"lemma": "war", "tokens": 3}]
