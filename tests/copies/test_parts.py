"""The parts: shingles and loops, the index, alignment; each against its slow definition."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.copies import index as index_module
from crosscut.copies.align import Passage, passage
from crosscut.copies.index import COMMON, Index
from crosscut.copies.shingles import WORDS, looped, shingles
from tests.copies import slow
from tests.copies.planted import misheard, text

texts = st.lists(st.lists(st.integers(0, 2), max_size=40), min_size=1, max_size=4)


def joined(videos: list[list[int]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return np.array([word for video in videos for word in video], np.int32), np.cumsum([0] + [len(video) for video in videos])


@given(texts)
def test_a_shingle_is_the_same_number_where_its_words_are_the_same(videos: list[list[int]]) -> None:
    words, bounds = joined(videos)
    places, numbers = shingles(words, bounds)
    wanted = [start + step for start, video in zip(bounds.tolist(), videos, strict=False) for step in range(len(video) - WORDS + 1)]
    assert places.tolist() == wanted
    said = [tuple(words[place : place + WORDS].tolist()) for place in wanted]
    assert len(set(zip(said, numbers.tolist(), strict=True))) == len(set(said)) == len(set(numbers.tolist()))


@given(texts)
def test_loops_are_those_of_the_slow_definition(videos: list[list[int]]) -> None:
    assert looped(*joined(videos)).tolist() == [again for video in videos for again in slow.loops(video)]


def test_of_a_loop_the_first_time_stays() -> None:
    words = np.array([9, *[1, 2, 3] * 4, 8, 5, 5, 5, 7, 6, 6, 6, 6], np.int32)
    said = words[~looped(words, np.array([0, len(words)]))]
    assert said.tolist() == [9, 1, 2, 3, 8, 5, 5, 5, 7, 6]  # three times the same word is said; four times is a loop


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=8), st.integers(0, 60))
def test_the_index_knows_what_a_dictionary_knows(tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], cut: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "PIECE", 3)
        folder = tmp_path_factory.mktemp("index")
        index, place, wanted = Index(folder, []), 0, defaultdict(list)
        for hashes in batches:
            places = np.arange(place, place + len(hashes))
            index.add(np.array(hashes, np.uint64), places)
            for number, at in zip(hashes, places.tolist(), strict=True):
                wanted[number].append(at)
            place += len(hashes)
        same(index, wanted)
        index.cut(cut)
        same(index, {number: [at for at in places if at < cut] for number, places in wanted.items()})
        same(Index(folder, list(index.runs)), {number: [at for at in places if at < cut] for number, places in wanted.items()})
        assert {path.stem for path in folder.iterdir()} == set(index.runs)


def same(index: Index, wanted: dict[int, list[int]]) -> None:
    many, places = index.find(np.arange(10, dtype=np.uint64))
    for number in range(10):
        there = wanted.get(number, [])
        assert many[number] == min(len(there), COMMON + 1)
        assert places[number, : min(len(there), COMMON)].tolist() == there[:COMMON]


def test_runs_are_few(tmp_path: Path) -> None:
    index = Index(tmp_path, [])
    for batch in range(200):
        index.add(np.arange(50, dtype=np.uint64), np.arange(50) + 50 * batch)
    assert len(index.runs) <= 8  # log2 of 200 batches


def around(one: list[int], other: list[int], seed: tuple[int, int]) -> Passage:
    words = np.array(other + one, np.int32)
    found = passage(words, (len(other) + seed[0], seed[1]), (len(other), len(words)), (0, len(other)))
    assert found
    return found


@pytest.mark.parametrize("rate", [0, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("seed", range(6))
def test_a_passage_is_the_best_local_alignment(rate: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    said = text(rng, 80)
    one = [*text(rng, 40).tolist(), *misheard(rng, said, rate).tolist(), *text(rng, 40).tolist()]
    other = [*text(rng, 30).tolist(), *misheard(rng, said, rate).tolist(), *text(rng, 50).tolist()]
    _, here, there, matching = slow.best(one, other)
    start = next((i, j) for i in range(*here) for j in range(*there) if one[i : i + 4] == other[j : j + 4] and abs(i - here[0] - j + there[0]) < 9)
    found = around(one, other, start)
    assert found.matching == pytest.approx(matching, abs=2)
    assert [found.here[0] - len(other), found.here[1] - len(other), *found.there] == pytest.approx([*here, *there], abs=4)
    for i, j, length in found.blocks:
        assert one[i - len(other) : i - len(other) + length] == other[j : j + length]


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=12, max_size=60))
def test_in_the_same_video_a_passage_and_its_source_do_not_overlap(words: list[int]) -> None:
    said = np.array(words, np.int32)
    for here in range(1, len(words)):
        for there in range(here):
            found = passage(said, (here, there), (0, len(words)), (0, len(words)))
            if found:
                assert found.there[1] <= found.here[0]


def test_a_part_of_a_passage_keeps_its_pairs() -> None:
    whole = Passage(((10, 0, 5), (16, 6, 4), (30, 20, 2)))
    part = whole.within(12, 18)
    assert part == Passage(((12, 2, 3), (16, 6, 2)))
    assert (part.matching, part.longer) == (5, 6)
    assert whole.within(21, 29) is None
