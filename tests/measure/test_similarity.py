"""Weights worked out by hand, cosines against a dense computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.measure.similarity import ppmi, similar

tables = st.lists(st.lists(st.integers(0, 6), min_size=5, max_size=5), min_size=1, max_size=8)


def test_weights_worked_out_by_hand() -> None:
    """Two words, slots of 16 and 1 tokens: of n^0.75 they have 8 and 1, so 8/9 and 1/9 of a word are expected there."""
    weights = ppmi(Counts.dense([[8, 1], [8, 0]]))
    assert weights == pytest.approx([0, 0, np.log2(8 / (8 * 8 / 9))])


@given(tables, st.integers(0, 7))
def test_cosines_are_numpys(rows: list[list[int]], seed: int) -> None:
    table = np.array(rows, float)
    seed %= len(rows)
    smoothed = table.sum(axis=0) ** 0.75
    expected = table.sum(axis=1, keepdims=True) * smoothed / max(smoothed.sum(), 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where(table > 0, np.maximum(np.log2(table / expected), 0), 0)
    lengths = np.linalg.norm(weights, axis=1)
    found = similar(Counts.dense(rows), seed)
    for row in range(len(rows)):
        product = lengths[row] * lengths[seed]
        cosine = weights[row] @ weights[seed] / product if product else 0
        assert found.cosine[row] == pytest.approx(cosine, abs=1e-9)
        assert found.shared[row] == ((weights[row] > 0) & (weights[seed] > 0)).sum()
    assert found.cosine[seed] == pytest.approx(1 if lengths[seed] else 0)


def test_similarity_does_not_depend_on_the_order_of_slots() -> None:
    rows = np.random.default_rng(2).poisson(1, (6, 30))
    one, other = (similar(Counts.dense(table), 2).cosine for table in (rows, rows[:, ::-1]))
    assert one == pytest.approx(other)
