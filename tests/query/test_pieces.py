"""Pieces of stories, against plain loops over tokens."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crosscut.query.hits import Hits
from crosscut.query.lexicons import values_of
from crosscut.query.marks import Marks, marks_of
from crosscut.query.mask import make_mask
from crosscut.query.pieces import Pieces
from crosscut.store.layer import Layer, LayerSpan, write_layer
from tests.helpers.corpora import Doc, corpus, words, write_corpus

TEXTS = ("a b c d e f", "a b b a", "c", "d e f a b c")


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[int, int, int, str]]:
    """Spans of four videos that do not overlap: video, start, end, story."""
    spans = []
    for video, text in enumerate(TEXTS):
        edges = sorted(draw(st.lists(st.integers(0, len(text.split())), unique=True, max_size=4)))
        spans += [(video, a, b, draw(st.sampled_from("xyz"))) for a, b in pairwise(edges) if draw(st.booleans())]
    return spans


@given(stories(), st.sampled_from(["", "last 2s", "not first 1s"]), st.sampled_from(["", "video!=v:1"]))
def test_pieces_are_what_a_loop_over_tokens_finds(spans: list[tuple[int, int, int, str]], span: str, where: str) -> None:
    with corpus([Doc(f"v:{n}", words(text)) for n, text in enumerate(TEXTS)], [[0, 2], [3, 1]]) as files:
        mask = make_mask(files, where, span)
        video, start, end = (np.array([s[i] for s in spans], np.int64) for i in range(3))
        marks = Marks(video, start, end, tuple(LayerSpan(f"v:{s[0]}", "", s[1], s[2], s[3]) for s in spans), 0, "stories")
        pieces = Pieces.of(files, marks, mask)
        values = values_of(files, "norm").values

        def counts(video: int, token: int) -> bool:
            one = np.array([token])
            return bool(mask.holds(np.array([video]), one, one + 1)[0])

        expected = []
        for v, a, b, story in spans:
            inside = [t for t in range(a, b) if counts(v, t)]
            if inside:
                expected.append((v, a, b, story, len(inside), sorted(TEXTS[v].split()[t] for t in inside)))
        table = pieces.tokens(files, "norm").to_dense()
        found = [(v, a, b, pieces.labels[s], w, sorted(word for word, n in zip(values, column, strict=True) for _ in range(n)))
                 for v, a, b, s, w, column in zip(
                     pieces.video.tolist(), pieces.start.tolist(), pieces.end.tolist(), pieces.story.tolist(),
                     pieces.words.tolist(), table.T.tolist(), strict=True)]
        assert found == expected

        def reach(i: int) -> int:
            """Where the story that goes on from a piece ends."""
            after = i + 1 < len(expected) and expected[i + 1]
            same = after and after[0] == expected[i][0] and after[1] == expected[i][2] and after[3] == expected[i][3]
            return reach(i + 1) if same else expected[i][2]

        hits = Hits(np.array([0, 0, 1, 3]), np.array([0, 4, 1, 2]), np.array([1, 6, 3, 3]))
        at = pieces.at(hits).tolist()
        for number, (v, a, b) in enumerate(zip(hits.video, hits.start, hits.end, strict=True)):
            around = [i for i, p in enumerate(expected) if p[0] == v and p[1] <= a < p[2] and b <= reach(i)]
            assert at[number] == (around[0] if around else -1)
        assert pieces.counts([hits, hits]).totals().tolist() == [sum(place >= 0 for place in at)] * 2


def test_where_stories_overlap_the_first_has_all(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:0", words("a b c d e f"))])
    content = files.catalog.text("content")[0]
    spans = [LayerSpan("v:0", content, a, b, label, 1.0, (("name", label.upper()),)) for a, b, label in
             ((2, 6, "y"), (0, 4, "x"), (1, 3, "z"))]
    write_layer(tmp_path / "layers", Layer("stories", 1, "", "", "", tuple(spans)))
    pieces = Pieces.of(files, marks_of(files, tmp_path / "layers", "stories"), make_mask(files))
    told = zip(pieces.start.tolist(), pieces.end.tolist(), pieces.story.tolist(), strict=True)
    assert [(a, b, pieces.names[s]) for a, b, s in told] == [(0, 4, "X"), (4, 6, "Y")]
