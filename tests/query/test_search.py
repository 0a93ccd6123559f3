"""The fast search finds what the plain definition finds, whatever the shards; and counts are numbers of hits."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crosscut.errors import LayerMissing, QueryError
from crosscut.query.concordance import lines, sorted_by
from crosscut.query.language import parse
from crosscut.query.mask import Mask, make_mask
from crosscut.query.pattern import Pattern, Sequence, Token, sequences
from crosscut.query.search import Hits, count, languages_without, layers_of, search
from crosscut.query.spans import Spans
from crosscut.store.corpus import CorpusFiles
from tests.helpers.corpora import Doc, Tok, corpus, words, write_corpus

from . import slow
from .patterns import DOCS, PATTERNS, TOKENS, groupings

Inside = dict[str, list[bool]]


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


def small(pattern: Pattern) -> bool:
    try:
        sequences(pattern)
    except QueryError:
        return False
    return True


STRAY = Doc("stray", (Tok("war"), Tok("talk")))


@given(st.data(), DOCS, PATTERNS)
@settings(max_examples=200)
def test_search_and_count_are_the_plain_definition(data: st.DataObject, docs: list[Doc], pattern: Pattern) -> None:
    assume(small(pattern))
    groups = data.draw(groupings(len(docs)))
    inside, spans = data.draw(insides(docs))
    strays = [STRAY] if data.draw(st.booleans()) else []
    with corpus(docs, groups, strays=strays) as files:
        mask = mask_of(files, inside, spans)
        expected = slow.hits(pattern, docs, inside)
        assert plain(files, search(files, pattern, mask)) == expected
        naive = Counter(video for video, _, _ in expected)
        assert count(files, pattern, mask).tolist() == [naive[video] for video in files.catalog.video]


@given(st.data(), DOCS, TOKENS)
@settings(max_examples=100)
def test_counts_of_one_token_are_numbers_of_its_hits(data: st.DataObject, docs: list[Doc], pattern: Token) -> None:
    inside, _ = data.draw(insides(docs))
    whole = {video: [True] * len(chosen) for video, chosen in inside.items()}
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files:
        mask = mask_of(files, whole, spans=False)
        by_hits = search(files, pattern, mask).per_video(len(files.catalog))
        assert count(files, pattern, mask).tolist() == by_hits.tolist()
        naive = Counter(video for video, _, _ in slow.hits(pattern, docs, whole))
        assert by_hits.tolist() == [naive[video] for video in files.catalog.video]


@given(st.data(), DOCS, PATTERNS, st.integers(-5, 2**40))
def test_shards_change_no_hit_and_no_order(data: st.DataObject, docs: list[Doc], pattern: Pattern, seed: int) -> None:
    assume(small(pattern))
    keys = data.draw(st.sampled_from([["random"], ["node"], ["1R", "video"], ["video", "2L"], ["date"]]))
    answers = []
    for groups in (data.draw(groupings(len(docs))), data.draw(groupings(len(docs)))):
        with corpus(docs, groups) as files:
            mask = make_mask(files)
            hits = search(files, pattern, mask)
            ordered = sorted_by(files, hits, keys, seed)
            answers.append((plain(files, hits), plain(files, ordered), list(lines(files, ordered, 3)),
                            count(files, pattern, mask).tolist(), mask.words.tolist(), mask.speech_ms.tolist()))
    assert answers[0] == answers[1]
    assert sorted(answers[0][0]) == sorted(answers[0][1])


def found(files: CorpusFiles, query: str, where: str = "", span: str = "") -> list[slow.Hit]:
    return plain(files, search(files, parse(query), make_mask(files, where, span)))


def test_a_hit_never_crosses_a_video(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("the peace")), Doc("v:2", words("talks go")), Doc("v:3", words("peace talks"))])
    assert found(files, '"peace" "talks"') == [("v:3", 0, 2)]
    assert found(files, '"peace" []? "go"') == []


def test_a_hit_crosses_marks(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("peace", ". >> "), Tok("talks")))])
    assert found(files, '"peace" "talks"') == [("v:1", 0, 2)]


def test_the_longest_of_the_hits_at_one_token_is_kept(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a a b b"))])
    assert found(files, '"a" []{0,2} "b"') == [("v:1", 0, 4), ("v:1", 1, 4)]
    assert found(files, '"a"+') == [("v:1", 0, 2), ("v:1", 1, 2)]


def test_a_shorter_hit_inside_the_span_is_found_where_the_longest_leaves_it(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b b b", every_ms=1_000))])
    assert found(files, '"a" "b"+') == [("v:1", 0, 4)]
    assert found(files, '"a" "b"+', span="first 3s") == [("v:1", 0, 3)]
    assert found(files, '"a" "b" "b" "b"', span="first 3s") == []


def test_case_stops_and_apostrophes_never_matter(tmp_path: Path) -> None:
    tokens = (Tok("U.S."), Tok("US"), Tok("us"), Tok("Bevarra", ""), Tok("’s"), Tok("10,000"))
    files = write_corpus(tmp_path, [Doc("v:1", tokens)])
    for query in ("us", "U.S.", '"US"', '[norm="Us"]', r'[word="u\.s\."]'):
        assert [start for _, start, _ in found(files, query)] == [0, 1, 2], query
    assert found(files, "Bevarra's") == found(files, "bevarra’s") == [("v:1", 3, 5)]
    assert found(files, "10000") == found(files, "10,000") == [("v:1", 5, 6)]


def test_whole_tokens_only(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("war toward wars israel israelis"))])
    assert [start for _, start, _ in found(files, "war")] == [0]
    assert [start for _, start, _ in found(files, '"war.?"')] == [0, 2]
    assert [start for _, start, _ in found(files, "israel")] == [3]
    assert [start for _, start, _ in found(files, "*war*")] == [0, 1, 2]


def test_a_token_without_a_value_has_none(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("a", pos="NOUN"), Tok("b")))])
    assert found(files, '[pos=".*"]') == [("v:1", 0, 1)]
    assert found(files, '[pos!="NOUN"]') == []  # what the second token is not, nobody knows


@pytest.mark.parametrize("query", ['"("', '"a{2000}{2000}"', '"[z-a]"', r'"\8.*"', '"(?<=a)b"', '"(((a{100}){100}){100})"'])
def test_what_is_no_regular_expression_is_a_query_error(tmp_path: Path, query: str) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b"))])
    if query == '"("':
        assert str(parse(query)) == '[word="("]'
    with pytest.raises(QueryError, match="not a regular expression"):
        found(files, query)


def test_a_hostile_regular_expression_is_linear(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", (Tok("a" * 5_000 + "!"), Tok("aa")))])
    assert found(files, '"(a*)*(a|aa)+(a+)+$"') == [("v:1", 1, 2)]


def test_lone_surrogates_match_nothing(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b"))])
    for query in ('"\ud800"', '"\ud800.*"', '[lemma="\ud800"]'):
        assert found(files, query) == []


def test_a_layer_that_no_language_has_is_refused(tmp_path: Path) -> None:
    docs = [Doc("v:1", words("a", lemma=True), language="ar"), Doc("v:2", words("a", lemma=True), language="en")]
    files = write_corpus(tmp_path, docs, layers={"ar": ["word", "norm", "lemma"]})
    with pytest.raises(LayerMissing, match="pos is not available for ar: its annotator gives word, norm, lemma"):
        found(files, '[pos="NOUN"]', "language=ar")
    assert found(files, '[lemma="a"]', "language=ar") == [("v:1", 0, 1)]
    assert found(files, '[pos="NOUN"]') == []
    assert languages_without(files, parse('"a" [!(pos="X" | tag="Y")]'), make_mask(files)) == ["ar"]
    assert languages_without(files, parse("a"), make_mask(files)) == []


def test_layers_of_a_pattern() -> None:
    assert layers_of(parse('("a" | [lemma="b"]){2} [!(pos="X" & tag!="Y")] []')) == {"word", "lemma", "pos", "tag"}


def test_a_corpus_without_words_has_no_hits(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [], without_words=[Doc("v:1", (), row={"status": "no captions"})])
    mask = make_mask(files)
    assert len(search(files, parse("a b"), mask)) == 0
    assert count(files, parse("a"), mask).tolist() == [0]
    assert count(files, Sequence((Token(), Token())), mask).tolist() == [0]
