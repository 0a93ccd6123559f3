"""The engine finds what the plain definition finds, whatever the shards; and counts are numbers of hits."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits
from crosscut.query.mask import Mask
from crosscut.query.pattern import STRATEGIES, Query
from crosscut.query.search import count, search
from crosscut.query.spans import Spans
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, LayerSpan, write_layer
from tests.helpers.corpora import Doc, Tok, batch_of, corpus

from . import slow
from .patterns import CORPORA, QUERIES, groupings

Inside = dict[str, list[bool]]
STRAY = Doc("stray", (Tok("war"), Tok("talk")))


def plain(files: CorpusFiles, hits: Hits) -> list[slow.Hit]:
    return [(files.catalog.video[v], a, b) for v, a, b in zip(hits.video.tolist(), hits.start.tolist(), hits.end.tolist(),
                                                              strict=True)]


@st.composite
def insides(draw: st.DrawFn, docs: list[Doc]) -> tuple[Inside, bool]:
    """Which tokens are searched: of some videos all, or any of them; and whether spans are asked for at all."""
    spans = draw(st.booleans())
    found: Inside = {}
    for doc in docs:
        if draw(st.booleans()) or draw(st.booleans()):
            length = len(doc.tokens)
            found[doc.video] = draw(st.lists(st.booleans(), min_size=length, max_size=length)) if spans else [True] * length
    return found, spans


def mask_of(files: CorpusFiles, inside: Inside, spans: bool) -> Mask:
    videos = np.array([video in inside for video in files.catalog.video], bool)
    tokens = {files.ordinal(video): np.array(chosen, bool) for video, chosen in inside.items()}
    nothing = np.zeros(len(files.catalog), np.int64)
    return Mask("", videos, nothing, nothing, Spans.of_tokens(tokens) if spans else None)


@contextmanager
def structures(files: CorpusFiles, docs: Sequence[Doc], layers: slow.Layers) -> Iterator[Structures]:
    """The layers written as files, each span bound to the words of its video."""
    contents = {doc.video: batch_of(doc).documents[0].content for doc in docs}
    with tempfile.TemporaryDirectory() as folder:
        for name, spans in layers.items():
            bound = tuple(LayerSpan(s.video, contents[s.video], s.start, s.end, s.label, s.confidence, s.more) for s in spans)
            write_layer(Path(folder), Layer(name, 1, "test", "by hand", "2024-01-01", bound))
        yield Structures(files, Path(folder))


@given(st.data(), CORPORA, QUERIES, st.sampled_from(sorted(STRATEGIES)))
@settings(max_examples=400)
def test_search_and_count_are_the_plain_definition(
    data: st.DataObject, made: tuple[list[Doc], slow.Layers], query: Query, strategy: str,
) -> None:
    docs, layers = made
    inside, spans = data.draw(insides(docs))
    strays = [STRAY] if data.draw(st.booleans()) else []
    with corpus(docs, data.draw(groupings(len(docs))), strays=strays) as files, structures(files, docs, layers) as known:
        mask = mask_of(files, inside, spans)
        expected = slow.hits(query, docs, inside, layers=layers, strategy=strategy)
        assert plain(files, search(files, query, mask, strategy=strategy, structures=known)) == expected
        naive = Counter(video for video, _, _ in expected)
        counted = count(files, query, mask, strategy=strategy, structures=known)
        assert counted.tolist() == [naive[video] for video in files.catalog.video]
