"""Entropy and rarefaction against SciPy and a count of all draws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure.variety import distinct_in, entropy

stats = pytest.importorskip("scipy.stats")


@given(st.lists(st.integers(0, 50), max_size=12))
def test_entropy_is_that_of_scipy(counts: list[int]) -> None:
    found = entropy(np.array(counts, np.int64))
    if any(counts):
        assert found == pytest.approx(stats.entropy(counts, base=2), abs=1e-12)
    else:
        assert np.isnan(found)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.integers(0, 6))
def test_rarefaction_is_the_mean_over_all_draws(counts: list[int], hits: int) -> None:
    things = np.repeat(np.arange(len(counts)), counts).tolist()
    found = distinct_in(np.array(counts, np.int64), hits)
    if hits > len(things):
        assert np.isnan(found)
    else:
        assert found == pytest.approx(np.mean([len(set(draw)) for draw in combinations(things, hits)]), abs=1e-9)
