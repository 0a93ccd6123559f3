"""Dispersion against the values of the literature, plain definitions, and what its intervals promise."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.measure import dispersion as module
from crosscut.measure.bootstrap import Sample, limits
from crosscut.measure.dispersion import MEASURES, Dispersion, by_chance, dispersion, dispersion_spreads, in_parts

stats = pytest.importorskip("scipy.stats")

Floats = np.ndarray


def of(*rows: list[int], sizes: list[int]) -> Dispersion:
    return dispersion(Counts.dense(rows), np.array(sizes, np.int64))


def test_the_worked_example_of_gries() -> None:
    """Gries (2020), "Analyzing dispersion": a corpus of 50 letters in five parts, *a* in it 1, 2, 3, 4 and 5 times."""
    found = of([1, 2, 3, 4, 5], sizes=[9, 10, 10, 10, 11])
    assert (found.parts, found.range.tolist(), found.share.tolist()) == (5, [5], [1.0])
    assert [round(float(x[0]), 3) for x in (found.dp, found.d, found.kl)] == [0.18, 0.785, 0.137]
    assert found.dp_norm[0] == pytest.approx(0.18 / 0.82)


def test_the_example_of_lyne_as_an_r_package_prints_it() -> None:
    """ALLEMAND in ten parts (Lyne 1985), as the documentation of the R package tlda prints its scores."""
    sizes = [8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930]
    found = of([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], sizes=sizes)
    assert found.share[0] == 0.5
    assert found.d[0] == pytest.approx(0.6038797, abs=1e-7)
    assert found.kl_norm[0] == pytest.approx(0.5334922, abs=1e-7)
    assert found.dp[0] == pytest.approx(0.4990705, abs=1e-7)


def test_two_thirds_and_a_third_in_three_equal_parts() -> None:
    """The example of Lijffijt & Gries (2012): all shares expected are a third."""
    found = of([2, 1, 0], sizes=[5, 5, 5])
    assert found.dp[0] == pytest.approx(1 / 3)
    assert found.dp_norm[0] == pytest.approx(1 / 2)


def test_ends_of_the_scales() -> None:
    found = of([0, 0, 7], [3, 3, 3], [0, 0, 0], sizes=[10, 10, 10])
    assert found.dp_norm.tolist() == pytest.approx([1, 0, np.nan], nan_ok=True)
    assert found.d.tolist() == pytest.approx([0, 1, np.nan], nan_ok=True)
    assert found.kl.tolist() == pytest.approx([np.log2(3), 0, np.nan], nan_ok=True)
    assert found.range.tolist() == [1, 3, 0]
    alone = of([4], sizes=[10])
    assert (alone.dp[0], alone.kl[0]) == (0, 0)
    assert np.isnan([alone.dp_norm[0], alone.d[0]]).all()
    assert dispersion(Counts.dense(np.zeros((0, 2))), np.array([3, 3])).dp.tolist() == []
    nothing = of([2, 0], sizes=[0, 0])
    assert (nothing.parts, nothing.range.tolist(), nothing.share.tolist()) == (0, [0], [0.0])


def plainly(counts: Floats, sizes: Floats) -> dict[str, float]:
    """The definitions, dense, over the parts that have words."""
    counts, sizes = counts[sizes > 0], sizes[sizes > 0]
    s, v, p, n = sizes / sizes.sum(), counts / counts.sum(), counts / sizes, len(sizes)
    dp = np.abs(v - s).sum() / 2
    return {"dp": dp, "dp_norm": dp / (1 - s.min()), "d": 1 - np.std(p) / p.mean() / np.sqrt(n - 1),
            "kl": stats.entropy(v, s, base=2)}


PARTS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 2_000), st.integers(0, 4)), min_size=2, max_size=14)


@given(PARTS, st.data())
def test_sparse_is_what_dense_is(parts: list[tuple[int, int, int]], data: st.DataObject) -> None:
    one, sizes, other = np.array(parts, np.int64).T
    sizes[data.draw(st.integers(0, len(sizes) - 1))] *= data.draw(st.integers(0, 1))
    table = np.where(sizes > 0, np.array([one, other]), 0)
    with patch.object(module, "_ENTRIES", data.draw(st.sampled_from([1, 10, 1_000]))):
        found = dispersion(Counts.dense(table), sizes)
    for thing, counts in enumerate(table):
        if counts.any() and np.count_nonzero(sizes) > 1:
            for name, value in plainly(counts, sizes).items():
                assert getattr(found, name)[thing] == pytest.approx(value, abs=1e-9), name
        assert found.range[thing] == np.count_nonzero(counts)
    order = np.array(data.draw(st.permutations(range(len(sizes)))))
    again = dispersion(Counts.dense(table[:, order]), sizes[order])
    for name in ("range", *MEASURES):
        np.testing.assert_allclose(getattr(again, name), getattr(found, name), atol=1e-9)


@given(PARTS, st.integers(2, 9))
def test_what_scale_words_are_counted_in_does_not_matter(parts: list[tuple[int, int, int]], times: int) -> None:
    counts, sizes, _ = np.array(parts, np.int64).T
    one, other = of(counts.tolist(), sizes=sizes.tolist()), of((counts * times).tolist(), sizes=sizes.tolist())
    for name in MEASURES:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-9)


def test_coarser_parts_are_sums() -> None:
    counts, sizes = Counts.dense([[1, 2, 3, 4, 5], [0, 1, 0, 0, 0]]), np.array([9, 10, 10, 10, 11])
    table, words = in_parts(counts, sizes, np.array([1, 0, 1, -1, 0]), 3)
    assert table.to_dense().tolist() == [[7, 4, 0], [1, 0, 0]]
    assert words.tolist() == [21, 19, 0]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(1, 12))
def test_chance_is_the_mean_over_all_ways_to_fall(sizes: list[int], occurrences: int) -> None:
    s = np.array(sizes) / sum(sizes)
    falls = np.arange(occurrences + 1)
    expected = sum((stats.binom.pmf(falls, occurrences, share) * np.abs(falls / occurrences - share)).sum() for share in s) / 2
    assert by_chance(np.array([occurrences, 0]), np.array(sizes))[0] == pytest.approx(expected, abs=1e-12)
    assert np.isnan(by_chance(np.array([0]), np.array(sizes))[0])


def test_words_that_fall_by_chance_have_the_dp_of_chance() -> None:
    random = np.random.default_rng(2)
    sizes = random.integers(50, 3_000, 300)
    table = random.multinomial(900, sizes / sizes.sum(), 200)
    found = dispersion(Counts.dense(table), sizes)
    assert found.dp.mean() == pytest.approx(by_chance(np.array([900]), sizes)[0], abs=0.003)


# -- intervals ---------------------------------------------------------------------------------------------------------


def clumpy(videos: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Occurrences in videos of very unequal length, a third of which never speak of it."""
    sizes = np.exp(random.normal(6.5, 1, videos)).astype(np.int64) + 20
    rate = random.gamma(0.5, 2, videos) * (random.random(videos) < 2 / 3)
    return random.poisson(rate * sizes / 1_000), sizes


def test_a_resample_has_the_measures_of_its_parts() -> None:
    counts, sizes = clumpy(40, np.random.default_rng(3))
    sample = Sample.of(np.ones(40, bool), seed=1, replicates=50)
    found = dispersion_spreads(Counts.dense([counts]), sizes, sample)
    draws = np.concatenate([block.T for block in sample.blocks("dispersion", 50)]).astype(int)
    each = [plainly(np.repeat(counts, draw), np.repeat(sizes, draw)) for draw in draws]
    for name in MEASURES:
        assert found[name].sd[0] == pytest.approx(np.std([one[name] for one in each], ddof=1)), name


def test_a_coarser_unit_is_drawn_whole() -> None:
    counts, sizes = clumpy(60, np.random.default_rng(3))
    days = np.arange(60) // 3
    sample = Sample.of(np.ones(60, bool), days, seed=1, replicates=40)
    found = dispersion_spreads(Counts.dense([counts]), sizes, sample)
    draws = np.concatenate([block.T for block in sample.blocks("dispersion", 40)]).astype(int)
    each = [plainly(np.repeat(counts, draw[days]), np.repeat(sizes, draw[days])) for draw in draws]
    assert found["dp"].sd[0] == pytest.approx(np.std([one["dp"] for one in each], ddof=1))


def test_what_is_in_few_parts_has_no_interval() -> None:
    counts, sizes = np.zeros((2, 50), np.int64), np.full(50, 10)
    counts[0, :9], counts[1, :10] = 1, 1
    found = dispersion_spreads(Counts.dense(counts), sizes, Sample.of(np.ones(50, bool), seed=1, replicates=100))
    assert np.isnan([found[name].sd[0] for name in MEASURES]).all()
    assert np.isfinite([found[name].sd[1] for name in MEASURES]).all()
    few = dispersion_spreads(Counts.dense(counts), sizes, Sample.of(np.arange(50) < 9, seed=1, replicates=100))
    assert np.isnan([few[name].sd for name in MEASURES]).all()


def test_videos_outside_the_sample_and_parts_without_words_are_never_drawn() -> None:
    counts, sizes = clumpy(40, np.random.default_rng(3))
    inside = np.arange(40) < 30
    alone = dispersion_spreads(Counts.dense([counts[:30]]), sizes[:30], Sample.of(np.ones(30, bool), seed=1, replicates=50))
    among = dispersion_spreads(Counts.dense([np.where(inside, counts, 0)]), np.where(inside, sizes, 0),
                               Sample.of(inside, seed=1, replicates=50))
    for name in MEASURES:
        assert among[name].sd[0] == pytest.approx(alone[name].sd[0])


@pytest.mark.parametrize("name", ["dp", "dp_norm", "kl"])
def test_intervals_hold_what_they_promise(name: str) -> None:
    """Coverage in 150 draws of 150 clumpy videos; the truth is that of a million."""
    random = np.random.default_rng(11)
    counts, sizes = clumpy(1_000_000, random)
    truth = getattr(dispersion(Counts.dense([counts]), sizes), name)[0]
    held = 0
    for draw in range(150):
        counts, sizes = clumpy(150, random)
        table = Counts.dense([counts])
        spread = dispersion_spreads(table, sizes, Sample.of(np.ones(150, bool), seed=draw, replicates=200))[name]
        low, high = limits(getattr(dispersion(table, sizes), name), spread)
        held += low[0] <= truth <= high[0]
    assert 0.9 <= held / 150 <= 1
