"""Intervals hold about what they promise on clumpy counts, and those over words do not: pinned, with fixed seeds.

400 samples have a standard error of one per cent; the bounds leave three of them.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage import page
from benchmarks.coverage.intervals import RATES, bca, ours, ours_ratio, percentile, tokens, tokens_ratio
from benchmarks.coverage.populations import Population, made
from benchmarks.coverage.simulate import BANDS, KNOWN, PAIRS, SIZES, banded, held, rates_of, ratios_of, summary

SAMPLES = 400
POPULATIONS = {population.name: population for population in made()}


def drawn(name: str, videos: int, seed: int = 1) -> tuple[Population, np.ndarray, np.ndarray]:
    population = POPULATIONS[name]
    return population, *population.draw(np.random.default_rng(seed), SAMPLES, videos)


def covered(limits: tuple[np.ndarray, np.ndarray], truth: float) -> float:
    return 100 * float(held(limits, truth).covered.mean())


@pytest.mark.parametrize(("name", "videos"), [("in all videos", 30), ("in every second", 40), ("in every third, clumpy", 100)])
def test_intervals_over_videos_hold_and_those_over_words_do_not(name: str, videos: int) -> None:
    population, hits, words = drawn(name, videos)
    assert covered(ours(hits, words), population.rate) >= 93
    assert covered(percentile(hits, words), population.rate) < covered(ours(hits, words), population.rate)
    assert covered(bca(hits, words), population.rate) < covered(ours(hits, words), population.rate)
    assert covered(tokens(hits, words), population.rate) < 85


def test_without_hits_the_upper_limit_holds() -> None:
    population, hits, words = drawn("rare", 20)
    none = ~hits.any(axis=1)
    assert none.sum() > 100
    assert covered(ours(hits[none], words[none]), population.rate) == 100
    assert covered(percentile(hits[none], words[none]), population.rate) == 0


def test_few_clumpy_videos_with_hits_are_held_where_other_groups_tell_the_clumps() -> None:
    population, hits, words = drawn("in every tenth, clumpy", 30)
    few = (np.count_nonzero(hits, axis=1) < 5) & hits.any(axis=1)
    others = population.draw(np.random.default_rng(2), SAMPLES, 90)
    assert covered(ours(hits[few], words[few], (others[0][few], others[1][few])), population.rate) >= 93
    assert covered(tokens(hits[few], words[few]), population.rate) < 60


def test_ratios_of_two_groups_hold() -> None:
    _, *one = drawn("in every second", 40)
    _, *other = drawn("in every second", 60, seed=2)
    assert covered_zero(ours_ratio((one[0], one[1]), (other[0], other[1]))) >= 93
    assert covered_zero(tokens_ratio((one[0], one[1]), (other[0], other[1]))) < 80


def covered_zero(limits: tuple[np.ndarray, np.ndarray]) -> float:
    return 100 * float(((limits[0] <= 0) & (limits[1] >= 0)).mean())


def test_made_populations_have_the_rate_that_they_say() -> None:
    for population in POPULATIONS.values():
        hits, words = population.draw(np.random.default_rng(3), 200, 2_000)
        assert hits.sum() / words.sum() == pytest.approx(population.rate, rel=0.05)


def test_bca_is_scipys() -> None:
    """On one sample, with resamples of its own: the limits agree as far as 9,999 resamples go."""
    stats = pytest.importorskip("scipy.stats")
    _, hits, words = drawn("in every second", 40)
    low, high = bca(hits[:1], words[:1])
    other = stats.bootstrap((hits[0], words[0]), lambda h, w, axis: h.sum(axis) / w.sum(axis), paired=True, vectorized=True,
                            method="BCa", rng=np.random.default_rng(1)).confidence_interval
    assert (low[0], high[0]) == pytest.approx((other.low, other.high), rel=0.1)


def test_what_is_counted() -> None:
    found = held((np.array([1.0, 3.0, 0.5]), np.array([2.5, 4.0, 1.5])), 2.0)
    assert summary(found) == {"covered": pytest.approx(100 / 3), "below": pytest.approx(100 / 3), "above": pytest.approx(100 / 3),
                              "width": 0.5}


def test_the_page_has_a_place_for_each_table() -> None:
    population, random = POPULATIONS["in every second"], np.random.default_rng(1)
    rates, bands = [], []
    for size in SIZES:
        rows, some = rates_of(population, size, 20, random)
        rates += rows
        bands += some
    found = {"samples": 20, "rates": rates, "few": banded(bands), "ratios": list(ratios_of(population, 20, random))}
    assert {row["method"] for row in rates} == {*RATES, KNOWN}
    text = page.page(found)
    assert [name for name in page.tables(found) if f"<{name}>" in text] == []
    assert "<samples>" not in text
    assert page.figure(rates).startswith("<svg")
    assert all(band in page.tables(found)["few"] for band in BANDS)
    assert f"{PAIRS[0][0]} and {PAIRS[0][1]}" in page.tables(found)["ratios"]
