"""Choice sets as queries and hits: each mention once, filtered by its context, found again by the query."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query.hits import Hits
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.naming import choices_of, counted, queries_of
from crosscut.query.pattern import Query
from crosscut.query.search import search
from crosscut.settings import Choices, ChoiceSet
from crosscut.store.corpus import CorpusFiles
from tests.helpers.corpora import Doc, Tok, write_corpus

SETS = {"held": ChoiceSet("held", "", {"en": Choices({"a": '"a"', "b": "b|c"}, ("x",), ("$bad",), 3)})}
WORDS = {"bad": ("y", "z")}


def read(query: str) -> Query:
    return parse(query, ("en",), WORDS)


def corpus(folder: Path, texts: list[str]) -> CorpusFiles:
    return write_corpus(folder, [Doc(f"v:{n}", tuple(Tok(form) for form in text.split())) for n, text in enumerate(texts)])


def places(hits: Hits) -> list[tuple[int, int, int]]:
    return list(zip(hits.video.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True))


def test_alternatives_become_queries_with_their_context() -> None:
    found = queries_of(choices_of(SETS, "held", "en"), "naming.held.en", read)
    assert {name: str(query) for name, query in found.items()} == {
        "a": '[word="a"] within []{0,3} [norm="x"] []{0,3} !within []{0,3} [word=$words.bad] []{0,3}',
        "b": '[norm="b"] | [norm="c"] within []{0,3} [norm="x"] []{0,3} !within []{0,3} [word=$words.bad] []{0,3}'}
    assert all(parse(str(query), ("en",), WORDS) == query for query in found.values())


def test_what_counts_worked_out_by_hand(tmp_path: Path) -> None:
    """Within three tokens of x, and of no y or z."""
    files = corpus(tmp_path, ["a . . x . . b . . . a", "x a y", "c x", "a", "x . . . . y a x"])
    found = counted(files, queries_of(SETS["held"].languages["en"], "naming.held.en", read), make_mask(files))
    assert [(one.name, places(one.hits), one.twice) for one in found] == [
        ("a", [(0, 0, 1)], 0), ("b", [(0, 6, 7), (2, 0, 1)], 0)]


@pytest.mark.parametrize(("choices", "said"), [
    (Choices({"a": '[lema="a"]', "b": "b"}), r"naming.held.en, a: .*lema"),
    (Choices({"a": "a", "b": "$nothing"}), r"naming.held.en, b: .*no list 'nothing'"),
    (Choices({"a": "a", "b": "b"}, near=('"x',)), r"naming.held.en.near: "),
    (Choices({"a": "a", "b": "b"}, not_near=("",)), r"naming.held.en.not_near: an empty query"),
    (Choices({"a": 'x:[] y:[] :: x.word = y.word', "b": "b"}), r"naming.held.en, a: a choice has no condition behind ::"),
    (Choices({"a": "a", "b": '(?longest) "b"'}), r"naming.held.en, b: a choice has no matching strategy"),
])
def test_an_error_names_set_language_and_alternative(choices: Choices, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        queries_of(choices, "naming.held.en", read)


def test_a_set_or_a_language_that_is_not_there_is_said() -> None:
    with pytest.raises(QueryError, match=r"no choice set 'hold'; there is held"):
        choices_of(SETS, "hold", "en")
    with pytest.raises(QueryError, match="the study file has none"):
        choices_of({}, "held", "en")
    with pytest.raises(QueryError, match=r"naming.held has no alternatives in 'fr'; there is en"):
        choices_of(SETS, "held", "fr")


def test_one_mention_counts_once_for_the_first_name(tmp_path: Path) -> None:
    files = corpus(tmp_path, ["p o w here p there", "w o p o w"])
    choices = Choices({"prisoner of war": "p o w", "prisoner": '"p"', "war": '"w"', "whole": '"p" "o" "w" "here"'})
    found = counted(files, queries_of(choices, "naming.held.en", parse), make_mask(files))
    assert [(one.name, places(one.hits), one.twice) for one in found] == [
        ("prisoner of war", [(0, 0, 3), (1, 2, 5)], 0), ("prisoner", [(0, 4, 5)], 2), ("war", [(1, 0, 1)], 2),
        ("whole", [], 1)]


TEXTS = st.lists(st.text("abcxy", min_size=1, max_size=12).map(lambda text: " ".join(text)), min_size=1, max_size=4)
QUERIES = st.sampled_from(['"a"', '"a" "b"', '"b" []? "a"', '"c" | "a"', '"b"', '[word!="x"] "c"'])


@given(TEXTS, st.lists(QUERIES, min_size=2, max_size=4), st.booleans(), st.integers(1, 4), st.integers(1, 9))
def test_the_query_of_a_row_finds_its_hits_and_no_two_rows_share_one(
    texts: list[str], queries: list[str], filtered: bool, within: int, seconds: int,
) -> None:
    choices = Choices({str(n): query for n, query in enumerate(queries)}, ("x",) if filtered else (), ("y",) if filtered else (),
                      within)
    with tempfile.TemporaryDirectory() as folder:
        docs = [Doc(f"v:{n}", tuple(Tok(form, start=1000 * i) for i, form in enumerate(text.split())))
                for n, text in enumerate(texts)]
        files = write_corpus(Path(folder), docs)
        whole, part = make_mask(files), make_mask(files, span=f"first {seconds}s")
        found = counted(files, queries_of(choices, "naming.held.en", parse), whole)
        within_part = counted(files, queries_of(choices, "naming.held.en", parse), part)
        for one, less in zip(found, within_part, strict=True):
            again = search(files, parse(str(one.query)), whole)
            assert places(again) == places(one.hits)
            assert places(search(files, parse(str(less.query)), part)) == places(less.hits)
            if all("?" not in query and "|" not in query for query in queries):
                assert places(less.hits) == [place for place in places(one.hits) if place[2] <= seconds]
        named = [set(places(one.hits)) for one in found]
        assert sum(map(len, named)) == len(set().union(*named))
        plain = [search(files, query, whole) for query in queries_of(choices, "naming.held.en", parse).values()]
        assert [len(one.hits) + one.twice for one in found] == [len(hits) for hits in plain]
