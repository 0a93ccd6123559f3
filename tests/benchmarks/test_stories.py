"""Measures of groups against values worked out by hand, the baselines, the table, and the floors of stories."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import material
from benchmarks.quality import gate, stories, streams
from benchmarks.quality.grouping import Match, bcubed, differing, kappa, pairwise
from benchmarks.quality.streams import Item, stream

#: Found: one group of abc, one of de.  Gold: ab, cd, e.
FOUND, GOLD = "11122", "11223"
groups = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


def test_bcubed_by_hand() -> None:
    # precision of a and b: 2/3, c: 1/3, d and e: 1/2; recall of a, b and e: 1, c and d: 1/2
    match = bcubed(FOUND, GOLD)
    assert match.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)
    assert match.recall == pytest.approx(4 / 5)
    assert match.f1 == pytest.approx(2 * (8 / 15) * (4 / 5) / (8 / 15 + 4 / 5))


def test_pairs_by_hand() -> None:
    # found: ab, ac, bc, de; gold: ab, cd; in both: ab
    assert pairwise(FOUND, GOLD) == Match(1 / 4, 1 / 2)
    assert pairwise("123", "123") == Match(1, 1)
    assert pairwise("123", "111") == Match(1, 0)
    assert Match(0, 0).f1 == 0


def test_kappa_by_hand() -> None:
    # of ten pairs four are together here, two there, one in both: agreed on 1 + 5; by chance 0.4 · 0.2 + 0.6 · 0.8
    assert kappa(FOUND, GOLD) == pytest.approx((0.6 - 0.56) / (1 - 0.56))
    assert kappa(GOLD, GOLD) == 1
    assert np.isnan(kappa("12", "12"))


def test_items_among_others_by_hand() -> None:
    assert differing(FOUND, GOLD) == 5
    assert differing("1122", "aabc") == 2
    assert differing("12", "21") == 0


@given(groups)
def test_measures_are_their_definitions(pairs: list[tuple[int, int]]) -> None:
    found, gold = [a for a, _ in pairs], [b for _, b in pairs]
    here = [{j for j, b in enumerate(found) if b == a} for a in found]
    there = [{j for j, b in enumerate(gold) if b == a} for a in gold]
    both = [len(a & b) for a, b in zip(here, there, strict=True)]
    assert bcubed(found, gold).precision == pytest.approx(np.mean([n / len(a) for n, a in zip(both, here, strict=True)]))
    assert bcubed(found, gold).recall == pytest.approx(np.mean([n / len(b) for n, b in zip(both, there, strict=True)]))
    links = [(found[i] == found[j], gold[i] == gold[j]) for i, j in combinations(range(len(pairs)), 2)]
    right = sum(a and b for a, b in links)
    made, true = sum(a for a, _ in links), sum(b for _, b in links)
    assert pairwise(found, gold) == Match(right / made if made else 1, right / true if true else 1)
    assert differing(found, gold) == sum(a != b for a, b in zip(here, there, strict=True))


def alike(*pairs: tuple[int, int, float], many: int = 5) -> np.ndarray:
    table = np.eye(many)
    for one, other, cosine in pairs:
        table[one, other] = table[other, one] = cosine
    return table


def test_dbscan_by_hand() -> None:
    chain = alike((0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.5))
    assert stories.dbscan(chain, 0.8, 1).tolist() == [0, 0, 0, 1, 2]
    assert stories.dbscan(chain, 0.5, 1).tolist() == [0, 0, 0, 0, 1]
    # with two neighbours 1 and 2 are cores; 0 and 3 are taken in but take nobody in
    assert stories.dbscan(chain, 0.5, 2).tolist() == [0, 0, 0, 0, 1]
    assert stories.dbscan(chain, 0.8, 2).tolist() == [0, 0, 0, 1, 2]
    assert stories.dbscan(chain, 0.5, 3).tolist() == [0, 1, 2, 3, 4]


def item(id: str, day: int, title: str, text: str, gold: str, **more: str) -> Item:
    return Item(id, day, title, more.pop("description", ""), text, gold, **more)


ITEMS = [
    item("a", 3, "Bridge closed", "the old bridge has cracks and drivers take a detour", "bridge"),
    item("b", 1, "Flour prices", "bakers say that bread and flour become dear", "flour"),
    item("c", 3, "Cracks in the bridge", "engineers closed the bridge that has cracks", "bridge"),
    item("d", 3, "Detours", "a newscast", "d", kind="mixed", description="see https://example.org/x now"),
    item("e", 3, "Nobody said", "which story this is", ""),
]


def test_a_stream_is_in_order_and_counts_lemmas() -> None:
    made = stream("made up", "en", ITEMS)
    assert [item.id for item in made.items] == ["b", "a", "c", "d", "e"]
    assert made.pieces.words.per_video().tolist() == [8, 10, 7, 2, 4]
    assert made.pieces.descriptions.per_video().tolist() == [0, 0, 0, 2, 0]  # see, now
    twice = [thing for thing in range(len(made.pieces.words)) if made.pieces.words.to_dense()[thing].tolist() == [0, 1, 1, 0, 0]]
    assert len(twice) >= 2  # bridge, crack


def test_what_is_scored() -> None:
    made = stream("made up", "en", ITEMS)
    clips = stories.scored(made, [0, 1, 1, 2, 2], lambda item: item.kind == "clip")
    assert (clips.items, clips.stories, clips.bcubed.f1) == (3, 2, 1)
    every = stories.scored(made, [0, 1, 1, 1, 2], lambda item: True)
    assert (every.items, every.stories, every.pairs) == (4, 3, Match(1 / 3, 1))
    figure = every.figures()["pairs"]
    assert (figure.percent, figure.gold) == (50, 4)
    assert gate.floor_of(figure) == 24.7  # one item of four and a little


@pytest.mark.parametrize("system", stories.SYSTEMS)
def test_every_system_groups_every_item(system: str) -> None:
    assert len(stories.SYSTEMS[system](stream("made up", "en", ITEMS))) == len(ITEMS)


def test_the_table_is_whole() -> None:
    marks = streams.marks()
    assert len({(mark.corpus, mark.item) for mark in marks}) == len(marks) == 486
    assert {mark.kind for mark in marks} == {"clip", "mixed", "other"}
    assert {mark.part for mark in marks} == {"dev", "test"}
    rows = stories.agreement()
    assert [row[:3] for row in rows[1:]] == [["tv-news", "dev", "106"], ["tv-news", "test", "116"], ["fr-2022", "dev", "126"],
                                             ["fr-2022", "test", "138"]]


def test_what_both_said_was_decided_so() -> None:
    by_part: dict[tuple[str, str], list[streams.Mark]] = {}
    for mark in streams.marks():
        by_part.setdefault((mark.part, mark.corpus), []).append(mark)
    for marks in by_part.values():
        for one, other in combinations(marks, 2):
            said = {one.passes[person][0] == other.passes[person][0] for person in (0, 1)}
            assert len(said) == 2 or {one.story == other.story} == said



def together(groups: np.ndarray) -> Sequence[int]:
    return list(groups.tolist())


@pytest.mark.skipif(not streams.have(), reason=f"{material.SHARED} has no news: the floors of stories are NOT checked")
def test_stories_hold_their_floors() -> None:
    (measured,) = stories.measure("test")
    assert gate.broken([measured.result], gate.Pinned.read()) == []
