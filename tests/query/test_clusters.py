"""Clusters and fillers of slots, against plain loops."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query import clusters as module
from crosscut.query.clusters import SIDES, clusters, fillers
from crosscut.query.hits import Hits
from crosscut.query.language import parse
from crosscut.query.language.frames import filled, parse_frame, slots_of
from crosscut.query.mask import make_mask
from crosscut.query.ngrams import ngrams
from crosscut.query.pattern import Test as Asked
from crosscut.query.search import search
from crosscut.store.shard import TYPE_LAYERS
from tests.helpers.corpora import Doc, corpus, words, write_corpus

from .patterns import DOCS, groupings
from .test_collocation import held, stretch
from .test_counting import STRAY, mask_of, value
from .test_ngrams import Gram, plainly


@given(st.data(), DOCS, st.sampled_from(TYPE_LAYERS), st.integers(2, 4), st.sampled_from(sorted(SIDES)), st.booleans(),
       st.sampled_from([1, 1_000]))
@settings(max_examples=200)
def test_every_ngram_that_holds_a_hit(
    data: st.DataObject, docs: list[Doc], layer: str, n: int, node: str, parts: bool, lot: int
) -> None:
    inside = {doc.video: data.draw(st.lists(st.booleans(), min_size=len(doc.tokens), max_size=len(doc.tokens))) if parts
              else [True] * len(doc.tokens) for doc in docs if data.draw(st.integers(0, 3))}
    places = [(doc, start, end) for doc in docs for start in range(len(doc.tokens)) for end in range(start + 1, len(doc.tokens) + 1)]
    chosen = data.draw(st.lists(st.sampled_from(places), max_size=6, unique_by=lambda hit: (hit[0].video, hit[1]))) if places else []
    at = set()
    for doc, start, end in chosen:
        if doc.video in inside and held(inside[doc.video], start, end):
            room = stretch(inside[doc.video], start, end)
            at |= {(doc.video, begin) for begin in range(room.start, room.stop - n + 1)
                   if begin <= start and end <= begin + n and {"any": True, "first": begin == start, "last": begin + n == end}[node]}
    of = {doc.video: doc for doc in docs}
    grams = [(video, tuple(value(token, layer) for token in of[video].tokens[begin : begin + n])) for video, begin in at]
    want: dict[Gram, Counter[str]] = {}
    for video, gram in grams:
        if all(gram):
            want.setdefault(gram, Counter())[video] += 1
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files, patch.object(module, "_AT_ONCE", lot):
        columns = np.array([(files.ordinal(doc.video), start, end) for doc, start, end in chosen], np.int64).reshape(-1, 3).T
        found = clusters(files, Hits(*columns), mask_of(files, inside, parts), layer, n, node=node)
        videos = list(files.catalog.video)
    order = sorted(want, key=lambda gram: (-want[gram].total(), [text.encode() for text in gram]))
    assert plainly(found, videos) == [(gram, {video: want[gram][video] for video in videos if want[gram][video]}) for gram in order]
    assert found.places.tolist() == [sum(video == of_video and all(gram) for of_video, gram in grams) for video in videos]


TEXTS = [Doc("v:1", words("the people of gaza and the children of gaza")),
         Doc("v:2", words("The people of Gaza the city of Gaza the people of Jenin")), Doc("v:3", words("of the"))]


def test_clusters_by_hand(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, TEXTS)
    mask = make_mask(files)
    hits = search(files, parse("gaza"), mask)
    found = clusters(files, hits, mask, n=3, at_least=2)
    assert plainly(found, ["1", "2", "3"]) == [(("of", "gaza", "the"), {"2": 2}), (("people", "of", "gaza"), {"1": 1, "2": 1})]
    assert found.places.tolist() == [4, 6, 0]
    assert clusters(files, hits, mask, n=2, node="last").tokens() == [("of", "gaza")]
    assert clusters(files, hits, mask, n=2, node="first").tokens() == [("gaza", "the"), ("gaza", "and")]
    assert clusters(files, hits, mask, n=2, min_videos=2).tokens() == [("of", "gaza")]
    assert clusters(files, search(files, parse("the people of"), mask), mask, n=2).tokens() == []
    assert clusters(files, search(files, parse("[]"), mask), mask, n=2).counts.totals().tolist() == (
        ngrams(files, mask).counts.totals().tolist())
    for wrong in ({"n": 9}, {"node": "left"}):
        with pytest.raises(QueryError, match=r"an n-gram has 2 to 8 tokens|no place 'left' for a hit"):
            clusters(files, hits, mask, **wrong)


def test_slots_by_hand(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, TEXTS)
    mask = make_mask(files)
    frame = parse_frame("the * of gaza")
    assert str(frame) == '[norm="the"] slot:[] [norm="of"] [norm="gaza"]'
    found = fillers(files, search(files, frame, mask), slots_of(frame))
    assert plainly(found, ["1", "2", "3"]) == [(("people",), {"1": 1, "2": 1}), (("children",), {"1": 1}), (("city",), {"2": 1})]
    assert found.places.tolist() == [2, 2, 0]
    two = parse_frame("the * of *")
    assert slots_of(two) == ("slot", "slot2")
    assert fillers(files, search(files, two, mask), slots_of(two), most=1).tokens() == [("people", "gaza")]
    assert fillers(files, search(files, frame, mask), slots_of(frame), "lemma").tokens() == []  # no lemmas here


def test_a_slot_that_was_not_bound_has_no_filler(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b c d c"))])
    query = parse_frame('"a" slot:[]? "c" | slot:"b" "c" | "c"')
    hits = search(files, query, make_mask(files))
    found = fillers(files, hits, slots_of(query))
    assert found.counts.totals().sum() == (hits.labels["slot"] >= 0).sum() < len(hits)


@pytest.mark.parametrize(("text", "cql"), [
    ("the * of", '[norm="the"] slot:[] [norm="of"]'),
    ("* talks", 'slot:[] [norm="talks"]'),
    ("talk* with *", '[norm="talk.*"] [norm="with"] slot:[]'),
    ("the * *", '[norm="the"] slot:[] slot2:[]'),
    ("don't *", '[norm="do"] [norm="n\\\'t"] slot:[]'),
    ("the * of|a * in", '[norm="the"] slot:[] [norm="of"] | [norm="a"] slot:[] [norm="in"]'),
    ('"the" slot:[pos="NOUN"]', '[word="the"] slot:[pos="NOUN"]'),
])
def test_frames_are_queries(text: str, cql: str) -> None:
    frame = parse_frame(text)
    assert str(frame) == cql
    assert parse(cql) == frame


@pytest.mark.parametrize(("text", "error"), [
    ("the of", "a frame is words with a \\* alone"), ("* *", "a frame is words with a \\* alone"), ("", "a frame is words"),
    ("the * of|a *b", "a frame is words|the same number of slots"), ("the * of|a * *", "the same number of slots"),
    ('"the" a:[]', "a frame has a slot"), ("the * .", "nothing but marks"),
])
def test_what_is_no_frame_is_said(text: str, error: str) -> None:
    with pytest.raises(QueryError, match=error):
        parse_frame(text)


def test_a_frame_with_its_slots_filled_finds_these(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, TEXTS)
    mask = make_mask(files)
    for text in ("the * of *", '"the" slot:[norm!="x"] "of" slot2:[] :: slot.norm != slot2.norm'):
        frame = parse_frame(text)
        found = fillers(files, search(files, frame, mask), slots_of(frame))
        for gram, total in zip(found.tokens(), found.counts.totals().tolist(), strict=True):
            again = filled(frame, {slot: Asked("norm", text) for slot, text in zip(slots_of(frame), gram, strict=True)})
            assert parse(str(again)) == again
            assert len(search(files, again, mask)) == total
