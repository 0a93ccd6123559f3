"""N-grams are what a Counter over every row of n tokens counts, by whichever way they are counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query import ngrams as module
from crosscut.query import tally
from crosscut.query.mask import make_mask
from crosscut.query.ngrams import NGrams, ngrams, places
from crosscut.query.spans import Spans
from crosscut.store.shard import TYPE_LAYERS
from tests.helpers.corpora import Doc, Tok, corpus, words, write_corpus

from .patterns import DOCS, groupings
from .test_counting import STRAY, mask_of, value

Gram = tuple[str, ...]


def slowly(docs: list[Doc], inside: dict[str, list[bool]], layer: str, n: int) -> dict[str, list[Gram]]:
    """The n-grams of each video, one after the other."""
    found = defaultdict(list)
    for doc in docs:
        chosen = inside.get(doc.video, [])
        for at in range(len(chosen) - n + 1):
            gram = tuple(value(token, layer) for token in doc.tokens[at : at + n])
            if all(chosen[at : at + n]) and all(gram):
                found[doc.video].append(gram)
    return found


def plainly(found: NGrams, videos: list[str]) -> list[tuple[Gram, dict[str, int]]]:
    table = found.counts.to_dense()
    return [(gram, {videos[place]: int(row[place]) for place in np.flatnonzero(row)})
            for gram, row in zip(found.tokens(), table, strict=True)]


@contextmanager
def in_small(large: bool, lot: int, key: int, table: int) -> Iterator[None]:
    """All limits so low that a few tokens go the ways of a hundred million."""
    with ExitStack() as stack:
        for where, name, limit in ((module, "_AT_ONCE", lot), (module, "_LARGE", 0 if large else 1_000), (module, "_KEY", key), (module, "_RARE", 3 if large else 1_000), (module, "_ROUND", lot),
                                   (tally, "_SORTED", lot), (tally, "_WAITING", lot * 2), (tally, "_TABLE_BITS", table)):
            stack.enter_context(patch.object(where, name, limit))
        yield


@given(st.data(), DOCS, st.sampled_from(TYPE_LAYERS), st.integers(2, 4), st.booleans(), st.booleans(),
       st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 3)), st.sampled_from([0, 64]), st.sampled_from([1, 7, 1_000]))
@settings(max_examples=300)
def test_every_row_of_n_tokens(
    data: st.DataObject, docs: list[Doc], layer: str, n: int, parts: bool, large: bool, least: tuple[int, int, int], key: int, lot: int
) -> None:
    inside = {doc.video: data.draw(st.lists(st.booleans(), min_size=len(doc.tokens), max_size=len(doc.tokens))) if parts
              else [True] * len(doc.tokens) for doc in docs if data.draw(st.integers(0, 3))}
    in_each = slowly(docs, inside, layer, n)
    totals, ranges = Counter[Gram](), Counter[Gram]()
    for grams in in_each.values():
        totals.update(grams)
        ranges.update(set(grams))
    at_least, min_videos, most = least
    want = sorted((gram for gram in totals if totals[gram] >= at_least and ranges[gram] >= min_videos),
                  key=lambda gram: (-totals[gram], [text.encode() for text in gram]))
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files, in_small(large, lot, key, data.draw(st.integers(1, 3))):
        found = ngrams(files, mask_of(files, inside, parts), layer, n, at_least=at_least, min_videos=min_videos, most=most)
        counted = places(files, mask_of(files, inside, parts), layer, n)
        videos = list(files.catalog.video)
    assert plainly(found, videos) == [
        (gram, {video: count for video in videos if (count := in_each[video].count(gram))}) for gram in want[: most or None]]
    assert found.places.tolist() == [len(in_each[video]) for video in videos]
    assert counted.tolist() == found.places.tolist()


def test_by_hand(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("la la la land")), Doc("v:2", words("la la Land la")), Doc("v:3", words("la"))])
    found = ngrams(files, make_mask(files), n=2)
    assert plainly(found, list(files.catalog.video)) == [
        (("la", "la"), {"v:1": 2, "v:2": 1}), (("la", "land"), {"v:1": 1, "v:2": 1}), (("land", "la"), {"v:2": 1})]
    assert found.places.tolist() == [3, 3, 0]
    assert found.take(np.array([2, 0])).tokens() == [("land", "la"), ("la", "la")]
    assert found.tokens(np.array([1])) == [("la", "land")]
    assert ngrams(files, make_mask(files), n=8).tokens() == []


def test_marks_do_not_part_and_no_value_does(tmp_path: Path) -> None:
    first = Doc("v:1", (Tok("We", after=". ", lemma="we"), Tok("talk", lemma="talk"), Tok("hm"), Tok("talk", lemma="talk")))
    files = write_corpus(tmp_path, [first])
    assert ngrams(files, make_mask(files), "norm").tokens() == [("hm", "talk"), ("talk", "hm"), ("we", "talk")]
    lemmas = ngrams(files, make_mask(files), "lemma")
    assert lemmas.tokens() == [("we", "talk")]
    assert lemmas.places.tolist() == [1]


@pytest.mark.parametrize("n", [2, 3])
def test_keys_that_two_share_are_made_anew(tmp_path: Path, n: int) -> None:
    text = "a b c d e f g h a c b d e f h g " * 3
    files = write_corpus(tmp_path, [Doc("v:1", words(text)), Doc("v:2", words(text[5:]))])
    right = plainly(ngrams(files, make_mask(files), n=n), list(files.catalog.video))
    same = (0, *module._ODD[1:])  # loses a token, and all of them in the last place
    with patch.object(module, "_KEY", 0), patch.object(module._Text, "of", classmethod(_with(same))), \
            patch.object(module, "_entries", side_effect=module._entries) as looked:
        assert plainly(ngrams(files, make_mask(files), n=n), list(files.catalog.video)) == right
    assert looked.call_count > 1


def _with(odd: tuple[int, ...]):  # type: ignore[no-untyped-def]
    made = module._Text.of.__func__  # type: ignore[attr-defined]
    return lambda cls, *args: replace(made(cls, *args), odd=odd)


def test_too_many_in_too_few_videos(tmp_path: Path) -> None:
    once = " ".join(f"x{n} y{n} " * 3 for n in range(8))  # the most frequent ones are in one video
    files = write_corpus(tmp_path, [Doc("v:1", words(once + " a b")), Doc("v:2", words("a b"))])
    assert ngrams(files, make_mask(files), min_videos=2, most=1).tokens() == [("a", "b")]


def test_what_cannot_be_counted_is_said(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b"))])
    for n in (1, 9):
        with pytest.raises(QueryError, match=f"an n-gram has 2 to 8 tokens here, not {n}"):
            ngrams(files, make_mask(files), n=n)
    with pytest.raises(QueryError, match="cannot count by 'dep'"):
        ngrams(files, make_mask(files), "dep")


def test_a_corpus_without_words_has_none(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [], without_words=[Doc("v:1", (), row={"status": "no captions"})])
    found = ngrams(files, make_mask(files))
    assert (found.tokens(), found.places.tolist(), found.counts.to_dense().tolist()) == ([], [0], [])


# -- the pieces --------------------------------------------------------------------------------------------------------

KEYS = st.lists(st.integers(0, 2**64 - 1).map(lambda key: key & ~(2**60 - 1)) | st.integers(0, 2**64 - 1), max_size=40)


@given(KEYS, st.integers(1, 3), st.integers(1, 5), st.integers(1, 9))
def test_a_tally_is_a_counter(keys: list[int], at_least: int, lot: int, waiting: int) -> None:
    counter = Counter(keys)
    with patch.object(tally, "_SORTED", lot), patch.object(tally, "_WAITING", waiting):
        counted, sieve = tally.Tally(), tally.Sieve(len(keys))
        for at in range(0, len(keys), lot):
            part = np.array(keys[at : at + lot], np.uint64)
            sieve.add(part)
            counted.add(part)
        found = counted.total(at_least)
    assert dict(zip(found[0].tolist(), found[1].tolist(), strict=True)) == {k: n for k, n in counter.items() if n >= at_least}
    assert found[0].tolist() == sorted(found[0].tolist())
    assert sieve.passing(at_least) == len(sieve.passed(np.array(keys, np.uint64), at_least))
    passed = set(sieve.passed(np.array(keys, np.uint64), at_least).tolist())
    assert passed >= {key for key, n in counter.items() if n >= at_least}


@given(KEYS, KEYS, st.data())
def test_what_is_looked_for_is_found(known: list[int], asked: list[int], data: st.DataObject) -> None:
    known = sorted(set(known))
    asked = asked + data.draw(st.lists(st.sampled_from(known), max_size=9)) if known else asked
    among = data.draw(st.lists(st.booleans(), min_size=len(asked), max_size=len(asked)))
    which, at = tally.Finder(np.array(known, np.uint64)).find(np.array(asked, np.uint64), np.array(among, bool))
    want = [(known.index(key), place) for place, key in enumerate(asked) if key in known and among[place]]
    assert list(zip(which.tolist(), at.tolist(), strict=True)) == want


@given(st.lists(st.integers(0, 9), min_size=2, max_size=60), st.data())
def test_pairs_of_small_numbers(row: list[int], data: st.DataObject) -> None:
    among = data.draw(st.lists(st.booleans(), min_size=len(row) - 1, max_size=len(row) - 1))
    with patch.object(tally, "_TABLE_BITS", 3):
        pairs = tally.Pairs()
        counted = pairs.add(np.array(row, np.uint32), np.array(among, bool))
        first, second, n = pairs.total(1)
    small = [(a, b) for a, b, chosen in zip(row, row[1:], among, strict=False) if chosen and a < 8 and b < 8]
    assert counted.tolist() == [chosen and a < 8 and b < 8 for a, b, chosen in zip(row, row[1:], among, strict=False)]
    assert dict(zip(zip(first.tolist(), second.tolist(), strict=True), n.tolist(), strict=True)) == Counter(small)


def test_entries_of_a_lot_come_by_ngram_then_by_video() -> None:
    spans = Spans(np.array([3, 3, 7]), np.array([0, 5, 0]), np.array([2, 8, 2]))
    thing, video, n = module._by_video(np.array([1, 0, 1, 1, 0]), np.array([0, 1, 3, 5, 6]), spans)
    assert list(zip(thing.tolist(), video.tolist(), n.tolist(), strict=True)) == [(0, 3, 1), (0, 7, 1), (1, 3, 2), (1, 7, 1)]
