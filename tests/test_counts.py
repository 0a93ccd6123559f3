"""Sparse counts against the dense table."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from crosscut import counts
from crosscut.counts import Counts, product

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
    assert found.per_video().tolist() == table.sum(axis=0).tolist()
    assert Counts.stacked([found, found]).to_dense().tolist() == [*table.tolist(), *table.tolist()]
    if len(table):
        chosen = rng.integers(0, len(table), 5)
        assert found.take(chosen).to_dense().tolist() == table[chosen].tolist()
    videos = np.array(rng.random(table.shape[1]) < 0.5)
    assert found.among(videos).to_dense().tolist() == (table * videos).tolist()
    codes = np.array(rng.integers(-1, 3, table.shape[1]))
    by = np.stack([table[:, codes == code].sum(axis=1) for code in range(3)], axis=1)
    assert found.by(codes, 3).to_dense().tolist() == by.tolist()


@given(tables, st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.sampled_from([0, 16]), st.sampled_from([0, 2, 1 << 20]))
def test_full_and_sparse_rows_are_multiplied_alike(table: np.ndarray, dense: float, few: int, exact: int) -> None:
    weights = np.random.default_rng(1).integers(0, 5, (table.shape[1], 3)).astype(float)
    with patch.object(counts, "_DENSE", dense), patch.object(counts, "_FEW", few), patch.object(counts, "_EXACT", exact):
        assert Counts.dense(table).factor().times(weights).tolist() == (table @ weights).tolist()


def test_large_counts_are_multiplied_exactly() -> None:
    table = np.array([[(1 << 25) + 1, 1, 0, 3], [1 << 19, 1, 2, 0]])
    assert Counts.dense(table).factor().times(np.full((4, 1), 3.0)).tolist() == (table @ np.full((4, 1), 3.0)).tolist()


@given(tables, st.data())
def test_videos_in_their_order_are_grouped_without_sorting(table: np.ndarray, data: st.DataObject) -> None:
    some: np.ndarray = np.array(data.draw(st.lists(st.booleans(), min_size=table.shape[1], max_size=table.shape[1])))
    codes = np.where(some, np.cumsum(some) - 1, -1)
    assert Counts.dense(table).by(codes, int(some.sum())).to_dense().tolist() == table[:, some].tolist()


def test_counts_too_large_for_one_integer_are_sorted_beside_their_keys() -> None:
    large = 1 << 40
    found = Counts.of([1, 0, 1], [large - 1, 3, large - 1], [large, 1, large], (2, large))
    assert (found.bounds.tolist(), found.video.tolist(), found.n.tolist()) == ([0, 1, 2], [3, large - 1], [1, 2 * large])
    assert Counts.of([0, 0], [1, 1], [5, -2], (1, 2)).n.tolist() == [3]


@given(st.integers(0, 80), st.integers(0, 40), st.integers(0, 40), st.sampled_from([1, 200, 1 << 18]), st.sampled_from([1, 256]))
def test_products_in_pieces_are_products(many: int, deep: int, wide: int, one_thread: int, piece: int) -> None:
    rng = np.random.default_rng(many)
    rows, columns = rng.integers(0, 9, (many, deep)).astype(np.float32), rng.integers(0, 9, (deep, wide)).astype(np.float32)
    with patch.object(counts, "_ONE_THREAD", one_thread), patch.object(counts, "_DEEP", piece):
        assert product(rows, columns).tolist() == (rows @ columns).tolist()
        assert product(rows.astype(np.float64), columns).dtype == np.float64
