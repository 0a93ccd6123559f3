"""What stands near hits, against a plain loop over hits and tokens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.errors import LayerMissing, QueryError
from crosscut.model import SENTENCE
from crosscut.query import spans
from crosscut.query.collocation import Near, alone_by_video, near
from crosscut.query.engine.structures import Structures
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.search import Hits, search
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, LayerSpan, write_layer
from crosscut.store.shard import TYPE_LAYERS
from tests.helpers.corpora import Doc, Tok, batch_of, corpus, words, write_corpus

from .patterns import DOCS, groupings
from .test_counting import STRAY, mask_of, slowly, value


def by_video(counts: Counts, texts: list[str], files: CorpusFiles) -> dict[tuple[str, str], int]:
    """Counts by value and video."""
    return {(texts[thing], files.catalog.video[video]): n for thing, video, n in
            zip(counts.thing.tolist(), counts.video.tolist(), counts.n.tolist(), strict=True)}


def plainly(found: Near) -> dict[str, int]:
    """How many tokens of each value are near, in all videos."""
    return dict(zip(found.texts(np.arange(len(found.value))), found.together.totals().tolist(), strict=True))


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


def sentence(doc: Doc, start: int, end: int) -> range:
    """The sentence that a hit lies in; the hit itself where it is in none."""
    begins = [n for n, token in enumerate(doc.tokens) if n == 0 or token.flags & SENTENCE]
    for low, high in pairwise([*begins, len(doc.tokens)]):
        if low <= start and end <= high:
            return range(low, high)
    return range(start, end)


@dataclass(frozen=True)
class Asked:
    layer: str
    window: tuple[int, int]
    seconds: float | None
    within: str

    def close(self, doc: Doc, start: int, end: int, place: int) -> bool:
        """Whether a token is near a hit, as far as the window says."""
        time, first, last = (doc.tokens[at].start for at in (place, start, end - 1))
        if self.within and place not in sentence(doc, start, end):
            return False
        if self.seconds is None:
            return start - self.window[0] <= place < end + self.window[1]
        return time >= 0 and first - 1000 * self.seconds <= time <= last + 1000 * self.seconds


ASKED = st.builds(Asked, st.sampled_from(TYPE_LAYERS), st.tuples(st.integers(0, 4), st.integers(0, 4)),
                  st.sampled_from([None, 0.0, 0.7, 1.5, 3.0]), st.sampled_from(["", "", "s"]))
Hit = tuple[Doc, int, int]


def slow_near(asked: Asked, inside: dict[str, list[bool]], hits: list[Hit]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Tokens near hits and tokens of hits, each once, by value and video."""
    own = {(doc.video, place): doc.tokens[place] for doc, start, end in hits for place in range(start, end)}
    beside = {(doc.video, place): doc.tokens[place] for doc, start, end in hits for place in stretch(inside[doc.video], start, end)
              if asked.close(doc, start, end, place) and (doc.video, place) not in own}
    near, nodes = ([(value(token, asked.layer), video) for (video, _), token in tokens.items()] for tokens in (beside, own))
    return Counter(key for key in near if key[0]), Counter(key for key in nodes if key[0])


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Doc], dict[str, list[bool]], bool, list[Hit]]:
    """Videos, what a mask lets in of them, whether it cuts through videos, and hits, some of them outside the mask."""
    docs, parts = draw(DOCS), draw(st.booleans())
    inside = {doc.video: draw(st.lists(st.booleans(), min_size=len(doc.tokens), max_size=len(doc.tokens))) if parts
              else [True] * len(doc.tokens) for doc in docs if draw(st.integers(0, 3))}
    places = [(doc, start, end) for doc in docs for start in range(len(doc.tokens)) for end in range(start + 1, len(doc.tokens) + 1)]
    hits = draw(st.lists(st.sampled_from(places), max_size=6, unique_by=lambda hit: (hit[0].video, hit[1]))) if places else []
    return docs, inside, parts, hits


def columns(files: CorpusFiles, hits: list[Hit]) -> Hits:
    return Hits(*np.array([(files.ordinal(doc.video), start, end) for doc, start, end in hits], np.int64).reshape(-1, 3).T)


@given(st.data(), questions(), ASKED, st.sampled_from([3, 1_000]))
@settings(max_examples=300)
def test_every_token_near_a_hit_once(
    data: st.DataObject, asking: tuple[list[Doc], dict[str, list[bool]], bool, list[Hit]], asked: Asked, lot: int
) -> None:
    docs, inside, parts, hits = asking
    kept = [hit for hit in hits if hit[0].video in inside and held(inside[hit[0].video], hit[1], hit[2])]
    beside, nodes = slow_near(asked, inside, kept)
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files, patch.object(spans, "_AT_ONCE", lot):
        mask = mask_of(files, inside, parts)
        found = near(files, columns(files, hits), mask, asked.window, asked.layer, asked.seconds, within=asked.within)
        things = np.arange(len(found.value))
        texts = found.texts(things)
        assert texts == sorted({text for text, _ in beside}, key=lambda text: text.encode())
        assert by_video(found.together, texts, files) == beside
        assert by_video(found.nodes, texts, files) == {key: n for key, n in nodes.items() if key[0] in texts}
        order = data.draw(st.permutations(things.tolist()))
        alone = alone_by_video(files, mask, [(found, np.array(order, np.int64))])
        every = {(text, doc.video): n for doc in docs for text, n in slowly([doc], inside, asked.layer).items()}
        assert by_video(alone, [texts[thing] for thing in order], files) == {
            key: left for key, n in every.items() if key[0] in texts and (left := n - nodes[key])}
        assert found.alone[order].tolist() == alone.totals().tolist()
        for video, hit, window, tokens in zip(files.catalog.video, found.hits, found.window, found.tokens, strict=True):
            assert hit == sum(doc.video == video for doc, _, _ in kept)
            assert window == sum(n for (_, of), n in beside.items() if of == video)
            assert tokens == sum(n - nodes[key] for key, n in every.items() if key[1] == video)


@given(st.data(), questions(), ASKED)
@settings(max_examples=50)
def test_neither_shards_nor_the_order_of_hits_matter(
    data: st.DataObject, asking: tuple[list[Doc], dict[str, list[bool]], bool, list[Hit]], asked: Asked
) -> None:
    docs, inside, parts, hits = asking
    found = []
    for grouping, order in ((None, hits), (data.draw(groupings(len(docs))), data.draw(st.permutations(hits)))):
        with corpus(docs, grouping) as files:
            one = near(files, columns(files, order), mask_of(files, inside, parts), asked.window, asked.layer, asked.seconds)
            found.append((one.texts(np.arange(len(one.value))), one.together.to_dense().tolist(), one.alone.tolist(),
                          one.hits.tolist(), one.window.tolist(), one.tokens.tolist()))
    assert found[0] == found[1]


def test_windows_by_hand(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a war b war c d", every_ms=1_000, lemma=True)), Doc("v:2", words("e war", lemma=True))])
    mask = make_mask(files)
    hits = search(files, parse("war"), mask)
    # b stands near two hits and counts once; each hit of v:1 stands near the other and does not count.
    found = near(files, hits, mask, (2, 2))
    assert plainly(found) == {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}
    assert (found.hits.tolist(), found.window.tolist(), found.tokens.tolist()) == ([2, 1], [4, 1], [4, 1])
    assert plainly(near(files, hits, mask, (1, 0))) == {"a": 1, "b": 1, "e": 1}
    assert plainly(near(files, hits, mask, (0, 0))) == {}
    assert plainly(near(files, hits, mask, seconds=1.0)) == {"a": 1, "b": 1, "c": 1}  # v:2 has no times
    assert plainly(near(files, hits, mask, (9, 9), "pos")) == {}
    early = make_mask(files, "", "first 3s")
    assert plainly(near(files, search(files, parse("war"), early), early)) == {"a": 1, "b": 1}
    assert near(files, hits, early).hits.tolist() == [1, 0]  # the others lie outside


def test_spans_of_a_layer_hold_windows_if_asked(tmp_path: Path) -> None:
    doc = Doc("v:1", words("a war b c war d e", lemma=True))
    files = write_corpus(tmp_path, [doc])
    layers = tmp_path / "layers"
    content = batch_of(doc).documents[0].content
    # Two that overlap are one; the last hit lies across the end of one.
    turns = tuple(LayerSpan("v:1", content, start, end, "x") for start, end in ((0, 2), (1, 3), (3, 5)))
    write_layer(layers, Layer("turn", 1, "", "", "", turns))
    structures = Structures(files, layers)
    mask = make_mask(files)
    assert plainly(near(files, search(files, parse("war"), mask), mask, within="turn", structures=structures)) == {"a": 1, "b": 1, "c": 1}
    wide = search(files, parse('"war" "d"'), mask)
    assert plainly(near(files, wide, mask, within="turn", structures=structures)) == {}
    files = write_corpus(tmp_path, [doc], layers={"en": ["lemma"]})
    with pytest.raises(LayerMissing, match="sentence"):
        near(files, wide, make_mask(files), within="s")


def test_what_is_no_window_is_said(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("a"),))])
    mask = make_mask(files)
    hits = search(files, parse("a"), mask)
    for window, seconds in (((-1, 5), None), ((0, 1_001), None), ((5, 5), -1.0), ((5, 5), float("nan"))):
        with pytest.raises(QueryError, match="a window has 0 to 1000 tokens, or 0 to 3600 seconds"):
            near(files, hits, mask, window, seconds=seconds)
