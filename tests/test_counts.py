"""Sparse counts against the dense table."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from crosscut import counts
from crosscut.counts import Counts

tables = arrays.arrays(np.int64, st.tuples(st.integers(0, 20), st.integers(1, 8)), elements=st.integers(0, 3))


@given(tables, st.randoms(use_true_random=False))
def test_counts_are_those_of_the_dense_table(table: np.ndarray, random: object) -> None:
    rng = np.random.default_rng(random.randrange(1000))  # type: ignore[attr-defined]
    found = Counts.dense(table)
    assert found.to_dense().tolist() == table.tolist()
    thing, video = np.nonzero(table)
    order = rng.permutation(len(thing))
    n = table[thing, video]
    things, where, numbers = (np.concatenate(pair) for pair in ((thing[order], thing), (video[order], video), (n[order], n)))
    assert Counts.of(things, where, numbers, (len(table), table.shape[1])).to_dense().tolist() == (2 * table).tolist()
    assert found.totals().tolist() == table.sum(axis=1).tolist()
    assert found.ranges().tolist() == (table > 0).sum(axis=1).tolist()
    if len(table):
        chosen = rng.integers(0, len(table), 5)
        assert found.take(chosen).to_dense().tolist() == table[chosen].tolist()
    videos = np.array(rng.random(table.shape[1]) < 0.5)
    assert found.among(videos).to_dense().tolist() == (table * videos).tolist()
    codes = np.array(rng.integers(-1, 3, table.shape[1]))
    by = np.stack([table[:, codes == code].sum(axis=1) for code in range(3)], axis=1)
    assert found.by(codes, 3).to_dense().tolist() == by.tolist()


@given(tables)
def test_few_and_many_things_are_multiplied_alike(table: np.ndarray) -> None:
    weights = np.random.default_rng(1).random((table.shape[1], 3))
    found = Counts.dense(table)
    assert np.allclose(found.times(weights), table @ weights)
    assert np.allclose(found.sparse() @ weights if len(table) > counts._FEW else table @ weights, found.times(weights))
