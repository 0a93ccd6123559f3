"""Cohesion against scipy's Dirichlet multinomial and numbers worked out by hand; all segments at once against one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import dirichlet_multinomial, multinomial

from crosscut.stories import cohesion
from crosscut.stories.cohesion import rows, shares


def test_by_hand() -> None:
    """Urn of two balls, one of each kind: a comes back (2 for 1), and three draws cost 1, 3/2 and 4/2."""
    assert cohesion.cohesion(np.array([0, -1, 0, 1]), np.array([0.5, 0.5]), 2.0) == pytest.approx(math.log(2 / (1.5 * 2)))


def test_it_is_a_dirichlet_multinomial_over_a_multinomial() -> None:
    random = np.random.default_rng(1)
    prior = random.dirichlet(np.ones(20))
    terms = random.choice(20, 40, p=prior)
    counts = np.bincount(terms, minlength=20)
    assert counts.max() <= cohesion.MOST
    expected = dirichlet_multinomial.logpmf(counts, 30 * prior, np.array(40)) - multinomial.logpmf(counts, 40, prior)
    assert cohesion.cohesion(terms, prior, 30.0) == pytest.approx(expected)


def test_a_word_counts_no_more_often_than_most() -> None:
    prior = np.array([0.1, 0.9])
    once_more = [cohesion.cohesion(np.zeros(many, np.int64), prior, 10.0) for many in (60, 61)]
    cost = math.log1p(60 / 10)
    assert once_more[1] - once_more[0] == pytest.approx(math.log(cohesion.MOST + 1) - cost)


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=80), st.integers(1, 9), st.integers(1, 5), st.integers(1, 40))
def test_all_segments_at_once(terms: list[int], reach: int, size: int, chunk: int) -> None:
    codes = np.array(terms)
    units = np.arange(len(codes)) // size
    many, prior = int(units[-1]) + 1, shares(codes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohesion, "CHUNK", chunk)
        found = list(rows(codes, units, many, prior, 7.0, reach))
    assert len(found) == many
    for unit, row in enumerate(found):
        for back in range(reach):
            if back > unit:
                assert np.isnan(row[back])
            else:
                stretch = codes[(units >= unit - back) & (units <= unit)]
                assert row[back] == pytest.approx(cohesion.cohesion(stretch, prior, 7.0), abs=1e-9)


def test_shares_of_a_text_and_of_a_background() -> None:
    terms = np.array([0, 0, 2, -1])
    assert shares(terms).tolist() == pytest.approx([2 / 3, 0, 1 / 3])
    assert shares(terms, np.array([10.0, 30.0]), own=0.1).tolist() == pytest.approx(
        [0.1 * 2 / 3 + 0.9 * 0.25, 0.9 * 0.75, 0.1 / 3])
    assert shares(terms, np.array([10.0, 30.0]), own=0.1, full=30).tolist() == pytest.approx(
        [0.1 * 2 / 30 + 0.9 * 0.25, 0.9 * 0.75, 0.1 / 30])
    assert shares(terms, np.zeros(2)).tolist() == shares(terms).tolist()
    assert len(shares(np.zeros(0, np.int64))) == 0
