"""Shares of names within stories: values worked by hand, and how often intervals are right."""

from __future__ import annotations

import numpy as np
import pytest

from crosscut.counts import Counts
from crosscut.measure.matched import Parts, sides
from crosscut.measure.matched_shares import shares


def told(rows: list[tuple[int, int, int, int]]) -> Parts:
    """Rows of group, story, hits of one name, hits of another."""
    group, story, one, other = np.array(rows, np.int64).T
    return Parts(Counts.dense(np.stack([one, other])), np.full(len(rows), 100), group, story, np.arange(len(rows)))


def test_numbers_worked_by_hand() -> None:
    """Story 0: 3 of 4 and 1 of 2; story 1: 0 of 2 and 2 of 6; story 2 has names on one side; the last row is of no story."""
    parts = told([(0, 0, 2, 1), (0, 0, 1, 0), (1, 0, 1, 1), (0, 1, 0, 2), (1, 1, 2, 4), (0, 2, 5, 0), (1, 2, 0, 0), (1, -1, 7, 0)])
    found = shares(parts, sides(parts, 0, 1), seed=1)
    w = [4 * 2 / 6, 2 * 6 / 8]
    assert found.share[0][0] == pytest.approx((w[0] * 3 / 4 + w[1] * 0) / sum(w))
    assert found.share[1][0] == pytest.approx((w[0] * 1 / 2 + w[1] * 2 / 6) / sum(w))
    greenland_robins = ((3 * 2 - 1 * 4) / 6 + (0 * 6 - 2 * 2) / 8) / sum(w)
    assert found.difference[0] == pytest.approx(greenland_robins)
    assert found.difference[1] == pytest.approx(-greenland_robins)
    assert found.whole[0][0] == pytest.approx(8 / 11)
    assert found.whole[1][0] == pytest.approx(10 / 15)
    assert (found.stories, found.of, found.hits[0].tolist()) == (2, (6, 8), [3, 3])
    assert found.why_not(0) == "no interval: fewer than 10 stories in which both have a hit"
    assert np.isnan(found.low).all()


def test_a_name_in_few_stories_has_no_interval() -> None:
    parts = told([(group, story, int(story < 3), 2) for story in range(12) for group in (0, 1)])
    found = shares(parts, sides(parts, 0, 1), seed=1)
    assert np.isnan(found.low).all()
    assert found.why_not(0) == "no interval: it is in fewer than 5 stories"
    assert found.why_not(1) == "no interval: others are in fewer than 5 stories"
    none = told([(0, 0, 1, 1), (1, 1, 1, 1)])
    assert shares(none, sides(none, 0, 1), seed=1).why_not(0) == "no story in which both have a hit"


def test_intervals_hold_a_difference_that_topic_hides() -> None:
    """Each story has a share of its own; the first outlet says the name more in each, and has alone stories that seldom do."""
    held, whole = 0, []
    for seed in range(150):
        random = np.random.default_rng(seed)
        rows = []
        for story in range(25):
            share = random.beta(2, 2)
            for group, mine in ((0, share), (1, share * 0.6)):
                many = int(random.integers(2, 20))
                one = int(random.binomial(many, random.beta(8 * mine + 0.01, 8 * (1 - mine) + 0.01)))
                rows.append((group, story, one, many - one))
            rows.append((0, 25 + story, int(random.binomial(10, 0.05)), 10))
        parts = told(rows)
        found = shares(parts, sides(parts, 0, 1), seed=seed, replicates=300)
        held += bool(found.low[0] <= 0.2 <= found.high[0])
        whole.append(found.whole_difference[0])
    assert held / 150 >= 0.92
    assert np.mean(whole) < 0.1
