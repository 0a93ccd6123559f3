"""What stands near hits, against a plain loop over pairs of hits and tokens."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query import collocation, spans
from crosscut.query.collocation import Near, near
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.search import Hits, search
from crosscut.store.shard import TYPE_LAYERS
from tests.helpers.corpora import Doc, Tok, corpus, words, write_corpus

from .patterns import DOCS, groupings
from .test_counting import STRAY, mask_of, slowly, value


def plainly(found: Near) -> dict[str, int]:
    return {text: count for text, count in zip(found.values.tolist(), found.together.tolist(), strict=True) if count}


def held(inside: list[bool], start: int, end: int) -> bool:
    return all(inside[start:end])


def stretch(inside: list[bool], start: int, end: int) -> range:
    """The run of tokens inside around a hit that lies inside."""
    low, high = start, end
    while low and inside[low - 1]:
        low -= 1
    while high < len(inside) and inside[high]:
        high += 1
    return range(low, high)


@given(st.data(), DOCS, st.sampled_from(TYPE_LAYERS), st.tuples(st.integers(0, 4), st.integers(0, 4)),
       st.sampled_from([None, 0.0, 0.7, 1.5, 3.0]), st.booleans(), st.sampled_from([3, 1_000]))
@settings(max_examples=250)
def test_every_pair_of_a_hit_and_a_token_near_it(
    data: st.DataObject, docs: list[Doc], layer: str, window: tuple[int, int], seconds: float | None, parts: bool, lot: int
) -> None:
    inside = {doc.video: data.draw(st.lists(st.booleans(), min_size=len(doc.tokens), max_size=len(doc.tokens))) if parts
              else [True] * len(doc.tokens) for doc in docs if data.draw(st.integers(0, 3))}
    places = [(doc, start, end) for doc in docs for start in range(len(doc.tokens)) for end in range(start + 1, len(doc.tokens) + 1)]
    chosen = data.draw(st.lists(st.sampled_from(places), max_size=6, unique_by=lambda hit: (hit[0].video, hit[1]))) if places else []
    want: Counter[str] = Counter()
    kept = [hit for hit in chosen if hit[0].video in inside and held(inside[hit[0].video], hit[1], hit[2])]
    for doc, start, end in kept:
        first, last = doc.tokens[start].start, doc.tokens[end - 1].start
        for place in stretch(inside[doc.video], start, end):
            time = doc.tokens[place].start
            close = (start - window[0] <= place < end + window[1] if seconds is None
                     else time >= 0 and first - 1000 * seconds <= time <= last + 1000 * seconds)
            if close and not start <= place < end:
                want[value(doc.tokens[place], layer)] += 1
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files, patch.object(collocation, "_AT_ONCE", lot), \
            patch.object(spans, "_AT_ONCE", lot):
        columns = np.array([(files.ordinal(doc.video), start, end) for doc, start, end in chosen], np.int64).reshape(-1, 3).T
        found = near(files, Hits(*columns), mask_of(files, inside, parts), window, layer, seconds)
    assert plainly(found) == {text: count for text, count in want.items() if text}
    assert found.hits == len(kept)
    alone = {text: count for text, count in zip(found.values.tolist(), found.alone.tolist(), strict=True) if count}
    assert alone == slowly(docs, inside, layer)
    assert found.tokens == sum(alone.values())


def test_windows_by_hand(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a war b war c d", every_ms=1_000, lemma=True)), Doc("v:2", words("e war", lemma=True))])
    mask = make_mask(files)
    hits = search(files, parse("war"), mask)
    # b stands near two hits; each hit of v:1 stands near the other.
    assert plainly(near(files, hits, mask, (2, 2))) == {"a": 1, "b": 2, "war": 2, "c": 1, "d": 1, "e": 1}
    assert plainly(near(files, hits, mask, (1, 0))) == {"a": 1, "b": 1, "e": 1}
    assert plainly(near(files, hits, mask, (0, 0))) == {}
    assert plainly(near(files, hits, mask, seconds=1.0)) == {"a": 1, "b": 2, "c": 1}  # v:2 has no times
    assert plainly(near(files, hits, mask, (9, 9), "pos")) == {}
    early = make_mask(files, "", "first 3s")
    assert plainly(near(files, search(files, parse("war"), early), early)) == {"a": 1, "b": 1}
    assert near(files, hits, early).hits == 1  # the others lie outside


def test_what_is_no_window_is_said(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("a"),))])
    mask = make_mask(files)
    hits = search(files, parse("a"), mask)
    for window, seconds in (((-1, 5), None), ((0, 1_001), None), ((5, 5), -1.0), ((5, 5), float("nan"))):
        with pytest.raises(QueryError, match="a window has 0 to 1000 tokens, or 0 to 3600 seconds"):
            near(files, hits, mask, window, seconds=seconds)
