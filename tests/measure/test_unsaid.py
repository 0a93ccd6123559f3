"""What others say and a group does not: worked values, slow loops, and what must not change a result."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.measure.exact import clump, count_limits
from crosscut.measure.unsaid import STRATA, Likeness, References, expected, unsaid


def test_expected_by_hand() -> None:
    """The others: 100 words in each of five strata, all 10 hits in the last.  A stratum's rate is shrunk half-way to 10 / 500."""
    hits, words = np.array([0, 0, 0, 0, 10, 0, 0]), np.array([100, 100, 100, 100, 100, 40, 60])
    likeness = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.05, 0.9])
    mine = np.arange(7) >= 5
    low, high = (0 + 2) / 200, (10 + 2) / 200
    assert expected(hits, words, mine, ~mine, likeness) == pytest.approx(40 * low + 60 * high)
    like_others = np.where(mine, 0.3, likeness)
    assert expected(hits, words, mine, ~mine, like_others) == pytest.approx(100 * low)


def test_below_by_hand() -> None:
    """Of four words two are as often elsewhere and as many to a video; one of them is missing in group 0."""
    hits = np.array([[0.0, 8.0], [4.0, 10.0], [9.0, 80.0], [0.0, 8.0]])
    videos = np.array([[0.0, 4.0], [2.0, 5.0], [4.0, 40.0], [0.0, 1.0]])
    references = References(hits, videos, np.array([500.0, 1000.0]))
    assert references.below(0, 0.0, 4.0, 2.0) == (1, 2)
    assert references.below(0, 4.0, 4.0, 2.0) == (2, 2)


@given(st.integers(0, 10_000))
def test_likeness_is_what_loops_over_videos_find(seed: int) -> None:
    random = np.random.default_rng(seed)
    said = random.poisson(0.5, (12, 7))
    some, without = random.random(7) < 0.5, np.flatnonzero(random.random(12) < 0.2)
    found = Likeness(Counts.dense(said)).to(some, without)
    weight = np.log1p(said) * np.log(8 / (1 + (said > 0).sum(axis=1)))[:, None]
    weight /= np.maximum(np.linalg.norm(weight, axis=0), 1e-12)
    kept = np.setdiff1d(np.arange(12), without)
    for video in range(7):
        others = [other for other in np.flatnonzero(some) if other != video]
        cosines = [float(weight[kept, video] @ weight[kept, other]) for other in others]
        assert found[video] == pytest.approx(sum(cosines) / max(len(others), 1), abs=1e-12)


def a_corpus(seed: int, groups: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """400 words like one another in 120 videos: hits (words × videos), lengths, groups."""
    random = np.random.default_rng(seed)
    words = random.integers(200, 1_500, 120)
    rates = random.lognormal(np.log(5e-4), 1.0, 400)
    return random.poisson(rates[:, None] * words * random.gamma(0.5, 2.0, (400, 120))), words, np.arange(120) % groups


def test_a_word_among_words_like_it_is_small_as_often_as_it_should_be() -> None:
    said, words, groups = a_corpus(1)
    references, likeness = References.of(Counts.dense(said), words, groups, 3), np.zeros(120)
    p = np.array([row.p for query in range(400) for row in unsaid(query, said[query], words, groups, 3, likeness, references)
                  if row.p is not None])
    assert len(p) > 600
    for level in (0.05, 0.1, 0.5):
        assert np.mean(p <= level) == pytest.approx(level, abs=0.05)


def test_a_word_that_is_taken_away_is_found_missing() -> None:
    said, words, groups = a_corpus(2)
    query = int(np.argsort(said.sum(axis=1))[-20])
    said[query, groups == 0] = 0
    counts = Counts.dense(said)
    row, *others = unsaid(query, said[query], words, groups, 3, Likeness(counts).to(said[query] > 0, np.array([query])),
                          References.of(counts, words, groups, 3))
    assert (row.group, row.hits, row.others[0]) == (0, 0, 0)
    assert row.p is not None
    assert row.p < 0.05 < min(other.p or 0.0 for other in others)
    mine = groups == 0
    size = clump(np.zeros(mine.sum()), float(words[mine].max()), said[query, ~mine].astype(float), words[~mine].astype(float))
    assert row.at_most == pytest.approx(1e6 * count_limits(0.0, size, 0.95)[1] / words[mine].sum())


@given(st.integers(0, 500), st.permutations(range(3)))
def test_groups_may_be_called_otherwise_and_one_without_words_changes_nothing(seed: int, order: list[int]) -> None:
    said, words, groups = a_corpus(seed)
    likeness = np.random.default_rng(seed).random(120)

    def found(codes: np.ndarray, many: int) -> dict[int, tuple[float, float | None, int]]:
        references = References.of(Counts.dense(said), words, codes, many)
        return {row.group: (row.expected, row.p, row.hits) for row in unsaid(0, said[0], words, codes, many, likeness, references)}

    plain = found(groups, 3)
    assert {order[group]: values for group, values in plain.items()} == found(np.array(order)[groups], 3)
    assert found(groups, 4) == plain
    assert STRATA == 5
