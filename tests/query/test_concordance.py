"""A line is the text as captioned, cut in three, with the second of video and a link to it."""

from __future__ import annotations

import random
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.model import ESTIMATED
from crosscut.query.concordance import Line, lines, sorted_by, text_between
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.pattern import Query, Token
from crosscut.query.search import Hits, search
from crosscut.store.corpus import CorpusFiles
from crosscut.tokens import tokenise
from tests.helpers.corpora import Doc, Tok, corpus, words, write_corpus

from .patterns import DOCS, groupings


def all_hits(files: CorpusFiles, query: str) -> Hits:
    return search(files, parse(query), make_mask(files))


def from_text(video: str, text: str, **row: str) -> Doc:
    tokens = tokenise(text)
    return Doc(video, tuple(map(Tok, tokens.forms, tokens.afters)), before=tokens.before, row=row)


@given(st.data(), DOCS, st.integers(0, 12))
def test_left_node_and_right_are_the_text(data: st.DataObject, docs: list[Doc], context: int) -> None:
    with corpus(docs, data.draw(groupings(len(docs)))) as files:
        hits = search(files, Query(Token()), make_mask(files))
        found = list(lines(files, hits, context))
        assert len(found) == sum(len(doc.tokens) for doc in docs)
        texts = {doc.video: [token.form + token.after for token in doc.tokens] for doc in docs}
        for line in found:
            pieces = texts[line.video]
            whole = "".join(pieces[max(line.start - context, 0) : line.end + context])
            left = "".join(pieces[max(line.start - context, 0) : line.start])
            assert whole.startswith(left + line.node)
            assert line.left == left.rstrip()
            assert line.right == whole[len(left) + len(line.node) :].strip()
            assert line.node == docs[int(line.video[2:])].tokens[line.start].form


def test_the_text_of_a_hit_keeps_its_marks(tmp_path: Path) -> None:
    doc = from_text("v:1", ">> Well, the \"cease-fire\" [Applause] is over... they said.")
    files = write_corpus(tmp_path, [doc])
    (line,) = lines(files, all_hits(files, "cease-fire is"), 2)
    assert (line.left, line.node, line.right) == ('Well, the "', 'cease-fire" [Applause] is', "over... they")
    (line,) = lines(files, all_hits(files, "said"), 1)
    assert (line.left, line.node, line.right) == ("they", "said", ".")
    assert text_between(files, 0, 0, len(doc.tokens)) == doc.text.removeprefix(">> ")


def test_a_line_says_whose_it_is_and_when(tmp_path: Path) -> None:
    timed = Doc("youtube:AAAAAAAAAAA", (Tok("a", start=1_999), Tok("b", start=245_900, flags=ESTIMATED)), row={
        "outlet": "en_AAA", "published": "2024-07-04T18:30:00+02:00", "title": "T", "url": "https://youtu.be/AAAAAAAAAAA"})
    web = Doc("web:1", (Tok("b", start=3_600_000),), row={"url": "https://news.example/v"})
    none = Doc("x:1", words("b"), row={"url": "https://news.example/w", "published": "2024-07"})
    bad = Doc("x:2", words("b", every_ms=1), row={"url": "javascript:alert(1)"})
    files = write_corpus(tmp_path, [timed, web, none, bad])
    found = {line.video: line for line in lines(files, all_hits(files, "b"))}
    line = found["youtube:AAAAAAAAAAA"]
    assert (line.outlet, line.date, line.title, line.time_ms, line.estimated) == ("en_AAA", "2024-07-04", "T", 245_900, True)
    assert (line.clock, line.link) == ("~4:05", "https://youtu.be/AAAAAAAAAAA?t=245")
    assert (found["web:1"].clock, found["web:1"].link) == ("1:00:00", "https://news.example/v#t=3600")
    assert (found["x:1"].clock, found["x:1"].link, found["x:1"].date) == ("", "https://news.example/w", "2024-07")
    assert found["x:2"].link == ""


@given(st.integers(-1, 40_000_000), st.booleans())
def test_a_clock_is_the_second_of_the_video(time_ms: int, estimated: bool) -> None:
    clock = Line("v", "", "", "", "", "", "", 0, 1, time_ms, estimated, "").clock
    if time_ms < 0:
        assert clock == ""
        return
    assert clock.startswith("~") == estimated
    parts = [int(part) for part in clock.removeprefix("~").split(":")]
    assert sum(part * 60**place for place, part in enumerate(reversed(parts))) == time_ms // 1000
    assert all(len(part) == 2 for part in clock.split(":")[1:])
    assert all(part < 60 for part in parts[1:])


def test_the_link_of_a_hit_has_its_second(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("youtube:AAAAAAAAAAA", words("a b c d", every_ms=1_700))])
    found = list(lines(files, search(files, Query(Token()), make_mask(files))))
    assert [int(parse_qs(urlsplit(line.link).query)["t"][0]) for line in found] == [0, 1, 3, 5]


# -- order -------------------------------------------------------------------------------------------------------------

DOCS_TO_SORT = [
    Doc("v:1", words("x war b"), row={"outlet": "b", "published": "2024-02-01"}),
    Doc("v:2", words("War a y war"), row={"outlet": "a", "published": "2024-01-01"}),
    Doc("v:3", words("a wars c"), row={"outlet": "b"}),
]


@pytest.mark.parametrize(("keys", "order"), [
    (["video"], [(0, 1), (1, 0), (1, 3), (2, 1)]),
    (["1L"], [(1, 0), (2, 1), (0, 1), (1, 3)]),
    (["1R"], [(1, 3), (1, 0), (0, 1), (2, 1)]),
    (["2R"], [(0, 1), (1, 3), (2, 1), (1, 0)]),
    (["node", "1L"], [(1, 0), (0, 1), (1, 3), (2, 1)]),
    (["outlet"], [(1, 0), (1, 3), (0, 1), (2, 1)]),
    (["date"], [(2, 1), (1, 0), (1, 3), (0, 1)]),
    (["video", "1R"], [(0, 1), (1, 3), (1, 0), (2, 1)]),
    ([], [(0, 1), (1, 0), (1, 3), (2, 1)]),
])
def test_sort_keys(tmp_path: Path, keys: list[str], order: list[tuple[int, int]]) -> None:
    files = write_corpus(tmp_path, DOCS_TO_SORT, [[2], [1, 0]])
    hits = sorted_by(files, all_hits(files, "war|wars"), keys, 1)
    assert list(zip(hits.video.tolist(), hits.start.tolist(), strict=True)) == order


@pytest.mark.parametrize("key", ["0L", "10R", "L1", "colour", "RANDOM", ""])
def test_an_unknown_sort_key_is_said(tmp_path: Path, key: str) -> None:
    files = write_corpus(tmp_path, DOCS_TO_SORT)
    with pytest.raises(QueryError, match="cannot sort by"):
        sorted_by(files, all_hits(files, "war"), [key], 1)


@given(st.integers(0, 50), st.integers(-(2**70), 2**70))
def test_a_shuffle_keeps_every_hit_and_depends_on_the_seed_alone(length: int, seed: int) -> None:
    hits = Hits(np.arange(length), np.arange(length) * 2, np.arange(length) * 2 + 1)
    np.random.seed(random.randrange(100))  # the global state has no say
    once, again = hits.shuffled(seed), hits.shuffled(seed)
    assert once.video.tolist() == again.video.tolist()
    assert sorted(once.video.tolist()) == list(range(length))
    assert (once.start == once.video * 2).all()


def test_other_seeds_give_other_orders_and_every_hit_may_come_first() -> None:
    hits = Hits(np.arange(4), np.arange(4), np.arange(4))
    firsts = [int(hits.shuffled(seed).video[0]) for seed in range(200)]
    assert all(firsts.count(video) > 20 for video in range(4))
