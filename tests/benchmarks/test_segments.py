"""Pk, WindowDiff and boundaries found against values worked out by hand and the slow definition; baselines; the floors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality import cuts, gate, segments, tiling
from benchmarks.quality.measure import Figure
from crosscut.stories.segments import Speech


def test_half_a_mean_segment() -> None:
    assert cuts.window([0, 40], 120) == 30
    assert cuts.window([0], 3) == 2


def test_pk_and_windowdiff_by_hand() -> None:
    """Ten words, cut before the sixth; windows of two begin at words 0 to 7."""
    assert cuts.agreeing([0, 5], [0, 5], 10, 2) == (Figure(8, 8, 8), Figure(8, 8, 8))
    # One word late: windows 3 (only the gold begins one) and 5 (only ours does) disagree.
    assert cuts.agreeing([0, 5], [0, 6], 10, 2) == (Figure(6, 8, 8), Figure(6, 8, 8))
    # One too many: for Pk only window 5 disagrees, for WindowDiff also 4, which has two for one.
    assert cuts.agreeing([0, 5], [0, 5, 6], 10, 2) == (Figure(7, 8, 8), Figure(6, 8, 8))
    assert cuts.agreeing([0, 5], [0], 10, 2) == (Figure(6, 8, 8), Figure(6, 8, 8))


@given(st.sets(st.integers(1, 29)), st.sets(st.integers(1, 29)), st.integers(2, 10))
def test_against_the_slow_definition(gold: set[int], ours: set[int], k: int) -> None:
    def segment(starts: set[int], word: int) -> int:
        return sum(start <= word for start in starts)

    pairs = [(word, word + k) for word in range(30 - k)]
    held = [[segment(starts, end) - segment(starts, begin) for begin, end in pairs] for starts in (gold, ours)]
    same = sum((one == 0) == (other == 0) for one, other in zip(*held, strict=True))
    equal = sum(one == other for one, other in zip(*held, strict=True))
    pk, diff = cuts.agreeing([0, *sorted(gold)], [0, *sorted(ours)], 30, k)
    assert (pk, diff) == (Figure(same, 30 - k, 30 - k), Figure(equal, 30 - k, 30 - k))


def test_boundaries_found_by_hand() -> None:
    assert cuts.found([0, 100, 200], [0, 110, 130, 300], 40) == Figure(1, 3, 2)
    # 130 is nearer to 140 than 90 to it, and 90 is left for 100.
    assert cuts.found([0, 100, 140], [0, 90, 130], 40) == Figure(2, 2, 2)
    assert cuts.found([0], [0], 40) == Figure(0, 0, 0)


def test_boundaries_near_in_time() -> None:
    times = np.arange(400) * 100
    assert cuts.found([0, 100], [0, 240], 40) == Figure(0, 1, 1)
    assert cuts.found([0, 100], [0, 240], 40, times, 15_000) == Figure(1, 1, 1)
    assert cuts.found([0, 100], [0, 260], 40, times, 15_000) == Figure(0, 1, 1)
    assert cuts.found([0, 100], [0, 240], 40, np.full(400, -1), 15_000) == Figure(0, 1, 1)


def test_baselines() -> None:
    assert tiling.equal(100, 4) == [0, 25, 50, 75]
    places = np.arange(0, 300, 10)
    drawn = tiling.chance(places, 5, 1)
    assert len(drawn) == 5
    assert set(drawn) <= set(places.tolist())
    assert drawn == tiling.chance(places, 5, 1) != tiling.chance(places, 5, 2)


def test_depths_by_hand() -> None:
    assert tiling.depths(np.array([0.5, 0.2, 0.6, 0.4, 0.5, 0.1])).tolist() == pytest.approx([0, 0.7, 0, 0.3, 0, 0])


def test_texttiling_finds_another_vocabulary() -> None:
    random = np.random.default_rng(1)
    terms = np.concatenate([random.integers(low, low + 20, 400) for low in (0, 20)])
    places = np.arange(0, 800, 10)
    assert 400 in tiling.tiling(Speech(["w"] * 800, terms), places)
    assert tiling.tiling(Speech(["w"] * 5, terms[:5]), places[:1]) == [0]


def test_the_table_of_marks() -> None:
    marked = segments.marked()
    assert {part for part, _, _ in marked} == {"dev", "test"}
    assert all(set(marks.kinds) <= set(segments.LABELS) for marks in marked.values())
    assert all(marks.units == sorted(set(marks.units)) for marks in marked.values())
    parts = {file: part for part, file, _ in marked}
    assert all(parts[file] == part for part, file, _ in marked)  # no file is in both parts
    assert all((part, file, segments.MARKER[part]) in marked for part, file, _ in marked)


@pytest.mark.skipif(not segments.have(), reason="NO REAL DATA: the floors of segments are NOT checked")
def test_segments_hold_their_floors() -> None:
    assert gate.broken([one.result for one in segments.measure("test")], gate.Pinned.read()) == []
