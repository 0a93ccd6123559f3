"""Spreads and limits against a plain loop over resamples, and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.measure.bootstrap import FEWEST, LEAST_DF, Drawn, Group, Sample, distinct, limits, log_rate, log_ratio, spreads

rows = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 900)), min_size=FEWEST, max_size=25)


def group(columns: np.ndarray, words: np.ndarray, videos: np.ndarray | None = None, seed: int = 1, replicates: int = 200,
          units: np.ndarray | None = None) -> Group:
    chosen = np.ones(len(words), bool) if videos is None else videos
    counts = Counts.dense(np.where(chosen, columns, 0))
    return Group(Sample.of(chosen, units, seed=seed, replicates=replicates), (counts,), (np.where(chosen, words, 0),))


@settings(deadline=None)
@given(rows, st.integers(0, 9))
def test_the_spread_is_that_of_a_plain_loop(videos: list[tuple[int, int, int]], seed: int) -> None:
    table, words = np.array([[a, b] for a, b, _ in videos]).T, np.array([w for *_, w in videos])
    mine = group(table, words, seed=seed, replicates=60)
    found = spreads([mine], log_rate)
    draws = np.concatenate([block.T for block in mine.sample.blocks("0", 60)])
    assert (draws.sum(axis=1) == len(words)).all()
    for thing, counts in enumerate(table):
        logs = [np.log(draw @ counts / (draw @ words)) for draw in draws if draw @ counts]
        expected = np.std(logs, ddof=1) if len(logs) > 1 else np.nan
        assert found.sd[thing] == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
        u = counts / max(counts.sum(), 1) - words / words.sum()
        df = (u**2).sum() ** 2 / (u**4).sum() if (u**4).sum() > 0 else 1
        assert found.df[thing] == pytest.approx(min(max(df, LEAST_DF), len(words) - 1), rel=1e-6, abs=1e-6)


def test_two_groups_are_drawn_independently_and_apart() -> None:
    random = np.random.default_rng(4)
    table, words = random.poisson(3, (1, 400)), np.full(400, 500)
    first = np.arange(400) < 200
    both = spreads([group(table, words, first), group(table, words, ~first)], log_ratio)
    alone = [spreads([group(table, words, side)], log_rate).sd[0] / np.log(2) for side in (first, ~first)]
    assert both.sd[0] == pytest.approx(np.hypot(*alone), rel=0.15)


def two_outlets(random: np.random.Generator, stories: int, *, driven: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Hits, words, stories and the first outlet's videos: two of each outlet a story, which drives the rates of both alike."""
    story, first = np.repeat(np.arange(stories), 4), np.tile([True, True, False, False], stories)
    rate = 3 * np.exp(driven * random.standard_normal(stories))[story]
    return random.poisson(rate)[None], np.full(4 * stories, 500), story, first


def test_units_of_several_groups_are_drawn_for_all_of_them_at_once() -> None:
    table, words, story, first = two_outlets(np.random.default_rng(4), 15, driven=1)
    samples = Sample.of_groups([first, ~first], story, seed=1, replicates=60)
    groups = [Group(sample, (Counts.dense(np.where(side, table, 0)),), (np.where(side, words, 0),))
              for sample, side in zip(samples, (first, ~first), strict=True)]
    found = spreads(groups, log_ratio)
    assert [(sample.together, sample.units, sample.members) for sample in samples] == [(True, 15, 15)] * 2
    h, w = (np.stack([np.bincount(story, column * side, 15) for side in (first, ~first)]) for column in (table[0], words))
    draws = np.concatenate([block.T for block in samples[0].blocks("together", 60)])
    logs = [np.log2((draw @ h[0] / (draw @ w[0])) / (draw @ h[1] / (draw @ w[1]))) for draw in draws]
    assert found.sd[0] == pytest.approx(np.std(logs, ddof=1))
    u = (h[0] / h[0].sum() - w[0] / w[0].sum()) - (h[1] / h[1].sum() - w[1] / w[1].sum())
    assert found.df[0] == pytest.approx((u**2).sum() ** 2 / (u**4).sum())


def test_groups_that_share_no_unit_are_drawn_apart() -> None:
    first, units = np.arange(40) < 20, np.repeat(np.arange(20), 2)
    for codes in (None, units):
        apart, alone = Sample.of_groups([first, ~first], codes, seed=1), [Sample.of(side, codes, seed=1) for side in (first, ~first)]
        assert [(one.codes.tolist(), one.units, one.together) for one in apart] == [(one.codes.tolist(), one.units, False) for one in alone]
    one, other = Sample.of_groups([first, ~first], np.where(np.arange(40) > 30, 0, units), seed=1)
    assert (one.together, one.units, one.members, other.members, distinct([one, other])) == (True, 16, 10, 7, 16)
    few = Sample.of_groups([first, ~first], np.arange(40) % 9, seed=1)
    groups = [Group(sample, (Counts.dense(np.ones((1, 40), int)),), (np.ones(40),)) for sample in few]
    assert np.isnan(spreads(groups, log_ratio).sd[0])


@pytest.mark.parametrize(("driven", "ratio"), [(1.0, (0.2, 0.6)), (0.0, (0.8, 1.2))])
def test_stories_that_drive_both_outlets_alike_do_not_widen_their_difference(driven: float, ratio: tuple[float, float]) -> None:
    """Over many studies: the spread of stories drawn together is that of the log ratio itself; drawn apart it is wider."""
    random, said, together, apart, inside = np.random.default_rng(8), [], [], [], 0
    for _ in range(150):
        table, words, story, first = two_outlets(random, 40, driven=driven)
        counts = [(Counts.dense(np.where(side, table, 0)), np.where(side, words, 0)) for side in (first, ~first)]
        drawn = [spreads([Group(sample, (mine,), (size,)) for sample, (mine, size) in zip(samples, counts, strict=True)], log_ratio)
                 for samples in (Sample.of_groups([first, ~first], story, seed=1, replicates=200),
                                 [Sample.of(side, story, seed=1, replicates=200) for side in (first, ~first)])]
        said.append(np.log2(table[0, first].sum() / table[0, ~first].sum()))
        together.append(drawn[0].sd[0])
        apart.append(drawn[1].sd[0])
        low, high = limits([said[-1]], drawn[0])
        inside += low[0] <= 0 <= high[0]
    assert np.mean(together) == pytest.approx(np.std(said), rel=0.15)
    assert ratio[0] < np.mean(together) / np.mean(apart) < ratio[1]
    assert 0.9 <= inside / 150 <= 0.99


def test_a_coarser_unit_is_resampled_whole() -> None:
    table, words, days = np.array([[5, 5, 0, 0] * 10]), np.full(40, 100), np.repeat(np.arange(20), 2)
    by_video, by_day = (spreads([group(table, words, units=units)], log_rate) for units in (None, days))
    assert by_day.sd[0] > 1.2 * by_video.sd[0]
    summed = group(table.reshape(1, 20, 2).sum(axis=2), words.reshape(20, 2).sum(axis=1))
    assert by_day.sd[0] == pytest.approx(spreads([summed], log_rate).sd[0])
    own = Sample.of(np.ones(4, bool), np.array([-1, 0, 0, -1]), seed=1)
    assert own.units == 3
    assert len({own.codes[0], own.codes[3], own.codes[1]}) == 3


def test_few_videos_have_no_interval() -> None:
    found = spreads([group(np.ones((2, 9), int), np.full(9, 10))], log_rate)
    assert np.isnan(found.sd).all()
    assert np.isnan(limits([1.0, 2.0], found)[0]).all()


def test_limits_are_students() -> None:
    stats = pytest.importorskip("scipy.stats")
    found = spreads([group(np.arange(1, 41).reshape(1, 40), np.full(40, 50))], log_rate)
    low, high = limits([2.0], found, 0.9)
    assert (low[0], high[0]) == pytest.approx(stats.t.interval(0.9, found.df[0], 2.0, found.sd[0]))


def test_blocks_of_any_size_are_the_same_resamples() -> None:
    sample = Sample.of(np.ones(30, bool), seed=3, replicates=100)
    whole, parts = (np.concatenate(list(sample.blocks(f"label {rows}"[:5], rows)), axis=1) for rows in (100, 7))
    assert whole.tolist() == parts.tolist()
    fresh = Sample.of(np.ones(31, bool), seed=3, replicates=100)
    assert np.concatenate(list(fresh._drawn("x", 7))).tolist() == np.concatenate(list(fresh._drawn("x", 100))).tolist()


@pytest.mark.parametrize("units", [1, 17, 30])
def test_many_units_are_drawn_as_few_are(units: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = Sample(np.arange(units), units, seed=3, replicates=50)
    drawn = [np.concatenate(list(sample._drawn("a", 7))) for small in (4_096, 0)
             if monkeypatch.setattr("crosscut.measure.bootstrap._SMALL", small) is None]
    assert drawn[0].tolist() == drawn[1].tolist()


def test_a_statistic_may_use_several_tables_and_sizes() -> None:
    random = np.random.default_rng(2)
    one, two = (Counts.dense(random.poisson(2, (3, 20))) for _ in range(2))
    mine = Group(Sample.of(np.ones(20, bool), seed=1), (one, two), (np.arange(20) + 1, np.full(20, 4)))

    def share(drawn: list[Drawn]) -> np.ndarray:
        together, alone = drawn[0].counts
        assert (drawn[0].sizes[1] == 80).all()
        return together / alone

    assert (spreads([mine], share).sd > 0).all()
