"""What is measured of copies is what was planted; synthetic words are the same each time; judged pairs have a place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import copies as cost
from benchmarks.quality.copies import have, judged, planted, reuse, speech
from benchmarks.quality.copies.judged import Pair
from benchmarks.quality.copies.machines import alike
from benchmarks.quality.measure import Figure
from crosscut.copies.found import KINDS

needs_data = pytest.mark.skipif(not have(), reason="the broadcasts, podcasts, calls and answers are not there")


def videos(many: int, words: int = 400) -> list[speech.Codes]:
    dice = np.random.default_rng(1)
    return [dice.integers(0, 5_000, words).astype(np.int32) for _ in range(many)]


def test_plants_lie_where_they_are_said_to_lie() -> None:
    passages = [(0.0, np.arange(10_000 + 100 * number, 10_030 + 100 * number, dtype=np.int32)) for number in range(20)]
    made, plants = planted.plant(videos(6), passages, np.random.default_rng(2))
    assert len(plants) == 20
    for one, (_, words) in zip(plants, passages, strict=True):
        (first, a, b), (second, c, d) = one.places
        assert first < second
        assert made[first][a:b].tolist() == made[second][c:d].tolist() == words.tolist()
    assert sum(map(len, made)) == 6 * 400 + 2 * 20 * 30


def test_what_is_found_of_plants() -> None:
    passages = [(0.0, np.arange(10_000, 10_060, dtype=np.int32)), (0.0, np.arange(20_000, 20_003, dtype=np.int32))]
    made, plants = planted.plant(videos(8), passages, np.random.default_rng(2))
    cell = planted.recall(planted.found_in(made), plants)
    assert (cell.planted, cell.right, cell.plants, cell.half) == (63, 60, 2, 1)
    assert cell.recall.percent == pytest.approx(100 * 60 / 63)
    assert cell.extent == Figure(60, 60 + cell.around, 63)
    assert planted.written(cell).startswith("95 (")


def test_nothing_is_found_where_words_are_dealt_out() -> None:
    texts = videos(3)
    texts.append(texts[0])
    assert planted.later_words(planted.found_in(texts)) == 400
    mixed = planted.nothing_to_find(texts, np.random.default_rng(3))
    assert [len(text) for text in mixed] == [400] * 4
    assert sorted(np.concatenate(mixed).tolist()) == sorted(np.concatenate(texts).tolist())
    assert planted.later_words(planted.found_in(mixed)) == 0


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3])
def test_errors_come_at_the_rate_asked_for(rate: float) -> None:
    words = np.arange(20_000, dtype=np.int32)
    heard = speech.misheard(words, rate, np.arange(30_000, 40_000, dtype=np.int32), np.random.default_rng(4))
    kept = np.isin(words, heard).mean()
    assert kept == pytest.approx(1 - 0.8 * rate, abs=0.01)     # a word more leaves the others
    assert len(heard) == pytest.approx(len(words), rel=0.01)
    if not rate:
        assert heard.tolist() == words.tolist()


def test_baselines() -> None:
    one, other = np.arange(10, dtype=np.int32), np.array([*range(5), 90, *range(6, 10)], np.int32)
    assert reuse.containment(one, one) == 1
    assert reuse.containment(one, other) == pytest.approx(5 / 8)
    assert alike(one, other) == pytest.approx(0.9)


def pair(**about: object) -> Pair:
    return replace(Pair("v", 10, 30, "w", 0, 20, "", "excerpt", judged.YES, "excerpt"), **about)  # type: ignore[arg-type]


def test_a_judged_pair_is_found_again_by_its_places() -> None:
    now = {("v", "w"): [pair(start=100, end=120), pair(start=12, end=33, kind="pool")]}
    again = judged.still(pair(), now)
    assert again is not None
    assert again.kind == "pool"
    assert judged.still(pair(start=21, end=60), now) is None
    assert judged.still(pair(of_video="x"), now) is None


def test_set_phrases_are_right_as_boilerplate_only() -> None:
    assert pair().recurs
    assert pair(same=judged.PARTLY).recurs
    assert not pair(same=judged.PHRASE).recurs
    assert pair(same=judged.PHRASE, kind="boilerplate").recurs
    assert not pair(same=judged.NO, kind="boilerplate").recurs


def test_the_table_of_judged_pairs() -> None:
    pairs = judged.read()
    assert len(pairs) > 190
    assert {one.same for one in pairs} == {judged.YES, judged.PARTLY, judged.PHRASE, judged.NO}
    assert {one.kind for one in pairs} | {one.right for one in pairs} - {""} <= set(KINDS)
    assert len({(one.draw, one.video, one.start, one.of_video, one.of_start) for one in pairs}) == len(pairs)


@needs_data
def test_judged_pairs_have_the_words_that_were_read() -> None:
    assert judged.stale(judged.read()) == []


def test_synthetic_words_are_the_same_each_time_and_an_eighth_is_copied() -> None:
    one, two = cost.Maker(300_000), cost.Maker(300_000)
    for a, b in zip(one, two, strict=True):
        assert a.tolist() == b.tolist()
    assert one.copied == two.copied
    assert one.copied / 300_000 == pytest.approx(1 / 8, rel=0.05)


def test_a_row_of_the_benchmark() -> None:
    assert cost.limit(30_000) > 0
    assert cost.anonymous_mb() != 0
