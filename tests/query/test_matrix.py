"""Counts of values by video under any mask are what a plain loop counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query import matrix as matrices
from crosscut.query import spans
from crosscut.query.counting import frequencies
from crosscut.query.mask import make_mask
from crosscut.query.matrix import Matrix, matrix
from crosscut.store.corpus import CorpusFiles
from crosscut.store.shard import TYPE_LAYERS
from tests.helpers.corpora import Doc, corpus, words, write_corpus

from .patterns import DOCS, groupings
from .test_counting import STRAY, mask_of, value


def slowly(files: CorpusFiles, docs: list[Doc], inside: dict[str, list[bool]], layer: str) -> dict[tuple[str, int], int]:
    """How many tokens of each value each video has that ``inside`` lets in."""
    found: Counter[tuple[str, int]] = Counter()
    for doc in docs:
        for token, chosen in zip(doc.tokens, inside.get(doc.video, [False] * len(doc.tokens)), strict=True):
            if chosen and value(token, layer):
                found[value(token, layer), files.ordinal(doc.video)] += 1
    return dict(found)


def plainly(found: Matrix) -> dict[tuple[str, int], int]:
    texts = found.values.tolist()
    assert len(texts) == len(found.counts)
    entries = list(zip(found.counts.thing.tolist(), found.counts.video.tolist(), found.counts.n.tolist(), strict=True))
    assert [entry[:2] for entry in entries] == sorted({entry[:2] for entry in entries})
    return {(texts[thing], video): n for thing, video, n in entries}


@given(st.data(), DOCS, st.sampled_from(TYPE_LAYERS), st.sampled_from(["whole", "parts", "most"]), st.sampled_from([1, 3, 1_000]))
@settings(max_examples=200, deadline=None)
def test_a_matrix_is_what_a_loop_counts(data: st.DataObject, docs: list[Doc], layer: str, what: str, lot: int) -> None:
    chosen = {"whole": st.just(True), "parts": st.booleans(), "most": st.sampled_from([True, True, True, False])}[what]
    inside = {doc.video: data.draw(st.lists(chosen, min_size=len(doc.tokens), max_size=len(doc.tokens)))
              for doc in docs if data.draw(st.integers(0, 3))}
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files, patch.object(matrices, "_AT_ONCE", lot), \
            patch.object(spans, "_AT_ONCE", lot):
        mask = mask_of(files, inside, what != "whole")
        found = matrix(files, mask, layer)
        want = slowly(files, docs, inside, layer)
        assert plainly(found) == want
        assert found.sizes.tolist() == [sum(n for (_, at), n in want.items() if at == video) for video in range(len(files.catalog))]
        counted = frequencies(files, mask, layer)
        assert found.counts.totals().tolist() == counted.counts.tolist()
        assert int(found.sizes.sum()) == counted.tokens


def test_of_one_group_only(tmp_path: Path) -> None:
    docs = [Doc(f"v:{n}", words("war talk War", lemma=True), row={"outlet": "ab"[n % 2]}) for n in range(4)]
    files = write_corpus(tmp_path, docs, [[0, 3], [2, 1]])
    found = matrix(files, make_mask(files, "outlet=a"))
    assert plainly(found) == {("talk", 0): 1, ("talk", 2): 1, ("war", 0): 2, ("war", 2): 2}
    assert found.sizes.tolist() == [3, 0, 3, 0]


def test_what_cannot_be_counted_is_said(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a"))])
    with pytest.raises(QueryError, match="cannot count by 'dep'"):
        matrix(files, make_mask(files), "dep")


def test_a_corpus_without_words_has_no_counts(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [], without_words=[Doc("v:1", (), row={"status": "no captions"})])
    found = matrix(files, make_mask(files))
    assert (len(found.counts), found.sizes.tolist()) == (0, [0])
    assert np.array(found.counts.bounds).tolist() == [0]
