"""Hits as columns: sets, samples, order, and lines that are made when they are looked at."""

from __future__ import annotations

import contextlib
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query.concordance import Lines, grouped, lines, sorted_by
from crosscut.query.hits import Hits, permuted
from crosscut.query.language import parse
from crosscut.query.mask import around, make_mask
from crosscut.query.pattern import Query
from crosscut.query.search import Drawn, search
from crosscut.tokens import norm
from tests.helpers.corpora import Doc, corpus, words, write_corpus

from .patterns import DOCS, TOKENS, groupings

SPANS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 5)), st.integers(1, 3), max_size=12)


def hits(spans: dict[tuple[int, int], int]) -> Hits:
    rows = [(video, start, start + length) for (video, start), length in sorted(spans.items())]
    return Hits(*(np.array([row[n] for row in rows], np.int64) for n in range(3)))  # type: ignore[arg-type]


def rows(found: Hits) -> list[tuple[int, int, int]]:
    return list(zip(found.video.tolist(), found.start.tolist(), found.end.tolist(), strict=True))


@given(SPANS, SPANS)
def test_sets_of_hits(one: dict[tuple[int, int], int], other: dict[tuple[int, int], int]) -> None:
    a, b = hits(one), hits(other)
    assert rows(a.intersection(b)) == sorted(set(rows(a)) & set(rows(b)))
    assert rows(a.difference(b)) == sorted(set(rows(a)) - set(rows(b)))
    assert rows(a.union(b)) == sorted(set(rows(a)) | set(rows(b)))


@given(st.integers(0, 300), st.integers(-(2**70), 2**70))
def test_an_order_is_a_permutation_of_which_each_place_is_known_by_itself(size: int, seed: int) -> None:
    with patch("crosscut.query.hits.WHOLE", 1):
        _check_order(size, seed)
    _check_order(size, seed)


def _check_order(size: int, seed: int) -> None:
    order = permuted(np.arange(size), size, seed)
    assert sorted(order.tolist()) == list(range(size))
    if size:
        assert [int(permuted(np.array([rank]), size, seed)[0]) for rank in (0, size // 2, size - 1)] == [
            order[0], order[size // 2], order[size - 1]]


@pytest.mark.parametrize("whole", [0, 1 << 16])
@pytest.mark.parametrize("size", [300, 1000])
def test_each_hit_comes_first_about_as_often(size: int, whole: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chi-square of 20,000 seeds; beyond 5 standard deviations of it something is wrong."""
    monkeypatch.setattr("crosscut.query.hits.WHOLE", whole)
    firsts = np.bincount([int(permuted(np.array([0]), size, seed)[0]) for seed in range(20_000)], minlength=size)
    expected = 20_000 / size
    chi_square = float(((firsts - expected) ** 2 / expected).sum())
    assert abs(chi_square - (size - 1)) < 5 * np.sqrt(2 * (size - 1)) + 5


def test_neighbours_do_not_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosscut.query.hits.WHOLE", 1)
    order = permuted(np.arange(10_000), 10_000, 7)
    assert np.count_nonzero(np.abs(np.diff(order)) == 1) < 15  # 2 are expected


def test_a_sample_is_a_part_in_order() -> None:
    found = hits({(video, start): 1 for video in range(4) for start in range(50)})
    part = found.sample(20, 3)
    assert len(part) == 20
    assert rows(part) == sorted(rows(part))
    assert set(rows(part)) < set(rows(found))
    assert rows(found.sample(1000, 3)) == rows(found)
    assert rows(found.shuffled(3))[:20] != rows(part)
    assert sorted(rows(found.shuffled(3))[:20]) == rows(part)


@given(st.data(), DOCS, TOKENS, st.integers(0, 2**40))
@settings(max_examples=60)
def test_hits_that_are_drawn_are_those_that_are_found(data: st.DataObject, docs: list[Doc], token: object, seed: int) -> None:
    query = Query(token)  # type: ignore[arg-type]
    with corpus(docs, data.draw(groupings(len(docs)))) as files:
        mask = make_mask(files)
        if any(layer in str(token) for layer in ("dep", "entity")):
            return  # not of the type: found, not drawn
        found, drawn = search(files, query, mask), Drawn(files, query, mask)
        assert drawn.per_video.tolist() == found.per_video(len(files.catalog)).tolist()
        ranks = permuted(np.arange(min(5, len(found))), len(found), seed)
        assert rows(drawn.nth(ranks)) == rows(found.take(ranks))


def test_order_of_words_is_that_of_their_norms_whatever_the_shards(tmp_path: Path) -> None:
    texts = ["the Zebra war ended", "a war began", "no war zone", "an apple war of apples", "war"]
    docs = [Doc(f"v:{n}", words(text)) for n, text in enumerate(texts)]
    answers = []
    for number, groups in enumerate(([[0, 1, 2, 3, 4]], [[4, 2], [0], [3, 1]])):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = write_corpus(folder, docs, groups)
        found = sorted_by(files, search(files, parse("war"), make_mask(files)), ["1L", "1R"], 1)
        answers.append([(line.left.split(" ")[-1], line.right.split(" ")[0]) for line in lines(files, found)])
    assert answers[0] == answers[1] == sorted(answers[0], key=lambda pair: tuple(map(norm, pair)))


def test_lines_are_a_sequence(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("one war two war three war")), Doc("v:2", words("war"))], [[1, 0]])
    shown = Lines(files, search(files, parse("war"), make_mask(files)), 1)
    assert len(shown) == 4
    assert [(line.left, line.node, line.right) for line in shown] == [
        ("one", "war", "two"), ("two", "war", "three"), ("three", "war", ""), ("", "war", "")]
    assert shown[2] == list(shown)[2] == shown[-2]
    assert list(shown[1:3]) == list(shown)[1:3]


def test_groups_of_hits_are_their_numbers(tmp_path: Path) -> None:
    texts = ["the war ended", "the war began", "War zone", "no WAR", "the wars"]
    files = write_corpus(tmp_path, [Doc(f"v:{n}", words(text), row={"outlet": f"en_{n % 2}"}) for n, text in enumerate(texts)],
                         [[3, 1], [0, 2, 4]])
    found = search(files, parse("war|wars"), make_mask(files))
    assert grouped(files, found, "node") == [("war", 4), ("wars", 1)]
    assert grouped(files, found, "1L") == [("", 1), ("no", 1), ("the", 3)]
    assert grouped(files, found, "outlet") == [("en_0", 3), ("en_1", 2)]
    assert grouped(files, found.take(np.zeros(0, np.int64)), "node") == []
    both = search(files, parse('"the" []'), make_mask(files))
    assert grouped(files, both, "node") == [("the war", 2), ("the wars", 1)]


def test_a_subcorpus_of_hits_is_a_mask(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b war c d e war f")), Doc("v:2", words("b d"))])
    mask = make_mask(files)
    near = around(files, mask, search(files, parse("war"), mask), 1, 1)
    assert near.words.tolist() == [6, 0]  # b war c, e war f
    assert near.videos.tolist() == [True, False]
    assert rows(search(files, parse("b|d|f"), near)) == [(0, 1, 2), (0, 7, 8)]
    with pytest.raises(QueryError, match="whole videos"):
        around(files, near, search(files, parse("war"), mask), 1, 1)


@pytest.mark.parametrize("query", [
    '((("war"?){1000}){1000}){1000} "the"', "([]{1000}){1000}", "a:[]* b:[]*", "(a:[]|b:[])* []*", "|".join(["[]"] * 3000),
    '([dep!="nsubj" & word="[a-z].*"])*', '(<s>){1000} "the"', '(<s> "the"?){3}', "[]* []* []*", '([word="the"]|[]){1000}'])
def test_no_query_goes_on_for_ever(tmp_path: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in pauses, between which there is one operation on all matches; refused where there are too many of them."""
    monkeypatch.setattr("crosscut.query.engine.matches.MOST", 2_000_000)
    files = write_corpus(tmp_path, [Doc(f"v:{n}", words("the war in the zone " * 20)) for n in range(20)], None)
    pauses = []

    def pause() -> None:
        pauses.append(0)
        assert len(pauses) < 20_000

    with contextlib.suppress(QueryError):
        search(files, parse(query), make_mask(files), pause=pause)
    assert pauses


def test_a_search_can_be_ended_between_two_steps(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("the war " * 50))])

    def pause() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(files, parse('"the" []* "war"'), make_mask(files), pause=pause)


def test_labels_are_limited() -> None:
    with pytest.raises(QueryError, match="at most 20 labels"):
        parse(" ".join(f"l{n}:[]" for n in range(21)))
