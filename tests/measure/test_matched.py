"""Comparison within stories: published and hand-worked values, slow definitions, and how often intervals are right."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import t

from crosscut.counts import Counts
from crosscut.measure import matched
from crosscut.measure.matched import Parts, intervals, points, random_effects, scores, sides, story_ratios

Ints = npt.NDArray[np.int64]


def parts(rows: list[tuple[int, int, int, int]], things: int = 1, hits: list[list[int]] | None = None) -> Parts:
    """Rows of group, story, words, hits; each is a video of its own."""
    group, story, words, n = np.array(rows, np.int64).reshape(-1, 4).T
    return Parts(Counts.dense(np.array(hits) if hits else n[None]), words, group, story, np.arange(len(rows)))


#: Deaths and person-years of British doctors, smokers and others, by age (Breslow & Day 1987); textbooks and statistics
#: programs give 1.719823 as the crude ratio of the rates and 1.424682 as that of Mantel and Haenszel.
DOCTORS = [(0, 0, 52_407, 32), (0, 1, 43_248, 104), (0, 2, 28_612, 206), (0, 3, 12_663, 186), (0, 4, 5_317, 102),
           (1, 0, 18_790, 2), (1, 1, 10_673, 12), (1, 2, 5_710, 28), (1, 3, 2_585, 28), (1, 4, 1_462, 31)]
#: Vaccine trials (Colditz et al. 1994): ill and well of the vaccinated, ill and well of the others.
TRIALS = [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
          (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
          (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)]


def test_rates_by_age_are_those_of_the_books() -> None:
    table = parts(DOCTORS)
    found = points(table, sides(table, 0, 1))
    assert 2 ** found.pooled[0] == pytest.approx(1.719823, abs=5e-7)
    assert 2 ** found.matched[0] == pytest.approx(1.424682, abs=5e-7)
    assert found.whole[0] == found.pooled[0]


def test_random_effects_are_those_of_the_books() -> None:
    a, b, c, d = np.array(TRIALS, np.float64).T
    effect, variance = np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    found = random_effects(effect, variance)
    assert found.mean == pytest.approx(-0.7150, abs=5e-5)
    assert found.tau**2 == pytest.approx(0.3181, abs=5e-5)
    assert found.i_squared == pytest.approx(0.9212, abs=5e-5)      # of Q = 152.23 with 12 degrees of freedom
    assert found.many == 13
    se = float(1 / np.sqrt((1 / (variance + found.tau**2)).sum()))
    assert found.high - found.mean == pytest.approx(t.ppf(0.975, 12) * se)
    assert found.predicted[1] - found.mean == pytest.approx(t.ppf(0.975, 11) * math.hypot(found.tau, se))


@given(st.lists(st.tuples(st.floats(-4, 4), st.floats(0.01, 3)), min_size=2, max_size=30))
def test_tau_is_where_q_is_as_large_as_chance(effects: list[tuple[float, float]]) -> None:
    effect, variance = np.array(effects).T

    def above(tau2: float) -> float:
        weights = 1 / (variance + tau2)
        return float((weights * (effect - np.average(effect, weights=weights)) ** 2).sum()) - (len(effect) - 1)

    found = random_effects(effect, variance).tau ** 2
    assert found == pytest.approx(0 if above(0) <= 0 else brentq(above, 0, 1e4, xtol=1e-14), abs=1e-6)


def test_few_effects_have_no_limits() -> None:
    found = random_effects(np.zeros(9), np.ones(9))
    assert (found.mean, found.tau, found.i_squared) == (0, 0, 0)
    assert all(math.isnan(value) for value in (found.low, found.high, *found.predicted))
    assert math.isnan(random_effects(np.zeros(0), np.zeros(0)).mean)


def test_numbers_worked_by_hand() -> None:
    """Story 0: 4 in 100 and 1 in 200; story 1: 2 in 300 and 3 in 100; story 2 only the first has; the rest is of no story."""
    table = parts([(0, 0, 60, 3), (0, 0, 40, 1), (1, 0, 200, 1), (0, 1, 300, 2), (1, 1, 100, 3), (0, 2, 500, 50), (1, 2, 40, 0),
                   (0, -1, 100, 4), (1, -1, 60, 0), (-1, 0, 900, 90)])
    two = sides(table, 0, 1)
    assert two.stories.tolist() == [0, 1]
    found = points(table, two)
    assert [int(side[0]) for side in found.hits] == [6, 4]
    assert [int(side[0]) for side in found.whole_hits] == [60, 4]
    assert found.whole[0] == pytest.approx(math.log2((60 / 1_000) / (4 / 400)))
    assert found.pooled[0] == pytest.approx(math.log2((6 / 400) / (4 / 300)))
    assert found.matched[0] == pytest.approx(math.log2((4 * 200 / 300 + 2 * 100 / 400) / (1 * 100 / 300 + 3 * 300 / 400)))
    told = scores(table.counts, two)
    d = [4 * 200 / 300 - 1 * 100 / 300, 2 * 100 / 400 - 3 * 300 / 400]
    assert told.score[0] == pytest.approx(sum(d) / math.sqrt(sum(one**2 for one in d)))
    assert told.stories.tolist() == [2]
    assert sides(table, 0, 1, least=40).stories.tolist() == [0, 1, 2]
    assert sides(table, 0, 1, least=300).stories.tolist() == []


def test_one_against_all_others() -> None:
    table = parts([(0, 0, 100, 4), (1, 0, 100, 1), (2, 0, 100, 3), (2, 1, 90, 9), (0, 1, 90, 9), (-1, 1, 90, 9)])
    two, merged = sides(table, 0), parts([(0, 0, 100, 4), (1, 0, 200, 4), (1, 1, 90, 9), (0, 1, 90, 9)])
    assert points(table, two).matched == points(merged, sides(merged, 0, 1)).matched


def test_a_side_without_hits_has_no_ratio_unless_half_a_hit_is_taken() -> None:
    table = parts([(0, 0, 100, 4), (1, 0, 300, 0), (0, 1, 200, 2), (1, 1, 100, 0)])
    two = sides(table, 0, 1)
    assert points(table, two).matched[0] == math.inf
    halved = points(table, two, halved=True)
    share = (100 * 300 / 400 + 200 * 100 / 300) / 400
    assert halved.matched[0] == pytest.approx(math.log2((4 * 300 / 400 + 2 * 100 / 300) / (0.5 * share)))
    assert halved.whole[0] == pytest.approx(math.log2((6 / 300) / (0.5 / 400)))
    assert story_ratios(np.array([4.0, 0, 0]), np.array([0.0, 0, 2]), np.array([[100.0, 9, 50], [300, 9, 50]]))[0] == pytest.approx(
        [math.log2((4.5 / 100) / (0.5 / 300)), math.log2(0.5 / 2.5)])


ROW = st.tuples(st.integers(-1, 2), st.integers(-1, 4), st.integers(0, 300), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(ROW, min_size=1, max_size=25), st.sampled_from([1, -1]), st.sampled_from([1, 50]))
def test_all_things_at_once_are_each_by_itself(rows: list[tuple[int, ...]], second: int, least: int) -> None:
    table = parts([(row[0], row[1], row[2], row[3]) for row in rows], hits=[[row[3] for row in rows], [row[4] for row in rows]])
    two = sides(table, 0, second, least)
    found, told, (one, other) = points(table, two), scores(table.counts, two), matched.by_story(table.counts, two)
    for thing in (0, 1):
        cells = dict(_cells(rows, thing, second, least))
        a, b = (sum(cell[side][0] for cell in cells.values()) for side in (0, 1))
        assert (found.hits[0][thing], found.hits[1][thing]) == (a, b)
        assert (one[thing].tolist(), other[thing].tolist()) == tuple([cell[side][0] for cell in cells.values()] for side in (0, 1))
        above = sum(x * t2 / (t1 + t2) for (x, t1), (_, t2) in cells.values())
        below = sum(y * t1 / (t1 + t2) for (_, t1), (y, t2) in cells.values())
        if a and b:
            assert found.matched[thing] == pytest.approx(math.log2(above / below))
        d = [x * t2 / (t1 + t2) - y * t1 / (t1 + t2) for (x, t1), (y, t2) in cells.values()]
        assert told.stories[thing] == sum(x + y > 0 for (x, _), (y, _) in cells.values())
        if sum(one**2 for one in d) > 1e-9:
            assert told.score[thing] == pytest.approx(sum(d) / math.sqrt(sum(one**2 for one in d)))


def _cells(rows: list[tuple[int, ...]], thing: int, second: int, least: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Hits and words of both sides in each matched story, by a plain loop."""
    for story in range(5):
        told = [[(row[3 + thing], row[2]) for row in rows if row[1] == story and (
            row[0] == 0 if side == 0 else row[0] == second if second > 0 else row[0] > 0)] for side in (0, 1)]
        words = [sum(w for _, w in side) for side in told]
        if min(words) >= max(least, 1):
            yield story, [(sum(h for h, _ in side), w) for side, w in zip(told, words, strict=True)]


def many_stories(seed: int, many: int, *, wording: float = 1.0, apart: float = 1.0) -> Parts:
    """Stories that both tell, each with a rate of its own, and stories that one of them has alone.

    The first has the louder stories alone: topic.  ``wording``: how many times as often it says the word within a story;
    ``apart``: that factor is drawn anew for each story, so many times apart.
    """
    random = np.random.default_rng(seed)
    rows: list[tuple[int, int, int, int]] = []
    for story in range(3 * many):
        rate, shared = random.gamma(1.0, 0.01), story < many
        own = wording * math.exp(random.normal(0, math.log(apart)))
        for group in (0, 1) if shared else (story % 2,):
            loud = 3.0 if not shared and group == 0 else 1.0
            for _ in range(random.integers(1, 4)):
                words = int(random.integers(60, 600))
                said = rate * loud * (own if group == 0 else 1.0)
                rows.append((group, story, words, int(random.negative_binomial(2, 2 / (2 + said * words)))))
    rows += [(group, -1, int(random.integers(20, 400)), int(random.poisson(2))) for group in (0, 1) for _ in range(many)]
    return parts(rows)


def held(many: int, samples: int, truth: float, **how: float) -> dict[str, float]:
    """How often intervals hold the truth; how wide; what whole and matched are on average."""
    covered = {"matched": 0, "random": 0}
    whole, found = [], []
    for seed in range(samples):
        table = many_stories(seed, many, **how)
        two = sides(table, 0, 1)
        point = points(table, two)
        low, high = intervals(table, two, point, seed=seed, replicates=400).matched
        covered["matched"] += bool(low[0] <= truth <= high[0])
        (one,), (other,) = matched.by_story(table.counts, two)
        mean = random_effects(*story_ratios(one, other, two.words))
        covered["random"] += mean.low <= truth <= mean.high
        whole.append(point.whole[0])
        found.append(point.matched[0])
    return {name: hits / samples for name, hits in covered.items()} | {
        "whole": float(np.mean(whole)), "found": float(np.mean(found))}


def test_topic_alone_is_not_called_wording() -> None:
    """The same words within each story, other stories: the outlets differ, the stories do not."""
    found = held(30, 150, 0.0)
    assert found["whole"] > 0.5
    assert abs(found["found"]) < 0.06
    assert found["matched"] >= 0.92


def test_wording_is_found_where_topic_hides_it() -> None:
    found = held(30, 150, 1.0, wording=2.0)
    assert found["found"] == pytest.approx(1, abs=0.08)
    assert found["matched"] >= 0.92


def test_topic_has_an_interval_of_its_own() -> None:
    table = many_stories(1, 60)
    two = sides(table, 0, 1)
    point = points(table, two)
    found = intervals(table, two, point, seed=1)
    topic = point.whole[0] - point.matched[0]
    assert found.topic[0][0] < topic < found.topic[1][0]
    assert found.topic[0][0] > 0
    assert found.matched[0][0] < 0 < found.matched[1][0]


def test_stories_are_drawn_with_both_sides() -> None:
    """Where both say the same in each story, however unlike the stories are, no resample differs; apart, all would."""
    rows = [(group, story, 100, story) for story in range(1, 13) for group in (0, 1)]
    table = parts([(g, s - 1, w, n) for g, s, w, n in rows])
    two = sides(table, 0, 1)
    found = intervals(table, two, points(table, two), seed=3)
    assert [float(limit[0]) for pair in (found.matched, found.whole, found.topic) for limit in pair] == [0] * 6


def test_few_stories_have_no_interval() -> None:
    table = many_stories(2, 9)
    two = sides(table, 0, 1)
    found = intervals(table, two, points(table, two), seed=1)
    assert np.isnan(found.matched[0][0])
    assert np.isnan(found.topic[0][0])
    assert np.isfinite(found.whole[0][0])  # there are stories and videos enough for that
    nothing = sides(table, 0, 1, least=10_000)
    assert np.isfinite(intervals(table, nothing, points(table, nothing), seed=1).whole[0][0])
    assert np.isnan(intervals(table, two, points(table, two), seed=1, replicates=0).whole[0][0])
