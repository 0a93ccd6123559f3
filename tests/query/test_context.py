"""Hits near others, against the definition in plain words."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.query.context import apart, filtered
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.pattern import Pattern, Query, Repeat, Sequence, Token, Within
from crosscut.query.search import search
from crosscut.query.shape import surroundings
from crosscut.store.corpus import CorpusFiles
from tests.helpers.corpora import Doc, Tok, write_corpus

TOKS = st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from([0, 300, 1000, 2500]))
TIMED = st.lists(TOKS, min_size=1, max_size=14)
PATTERNS = ['"a"', '"b" "c"', '"b" []? "b"', '"c" | "d" "a"', '[word!="a"]', '("a" "b"? "c"?)']


def docs_of(texts: list[tuple[list[tuple[str, int]], bool]]) -> list[Doc]:
    docs = []
    for number, (toks, timed) in enumerate(texts):
        now, tokens = 0, []
        for form, gap in toks:
            now += gap
            tokens.append(Tok(form, start=now if timed else -1))
        docs.append(Doc(f"v:{number}", tuple(tokens)))
    return docs


def pattern(text: str) -> Pattern:
    return parse(text).pattern


def found(files: CorpusFiles, wanted: Pattern) -> set[tuple[int, int, int]]:
    hits = search(files, Query(wanted, strategy="traditional"), make_mask(files))
    return set(zip(hits.video.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True))


def is_near(docs: list[Doc], hit: tuple[int, int, int], other: tuple[int, int, int], within: int, timed: bool) -> bool:
    (video, start, end), (there, first, last) = hit, other
    if video != there:
        return False
    if not timed:
        return first - within <= start and end <= last + within
    at = [token.start for token in docs[video].tokens]
    return at[first] - within <= at[start] and at[end - 1] <= at[last - 1] + within


@given(st.lists(st.tuples(TIMED, st.booleans()), min_size=1, max_size=3), st.sampled_from(['"a"', '"a" | "b"', '"c" "a"', '"a" "b" "a"']),
       st.sampled_from(['"a"', '"b" "c"', '"d"', '"b" "b" "b"']), st.sampled_from(['"c"', '"d" "d"']),
       st.one_of(st.tuples(st.integers(1, 5), st.just(False)), st.tuples(st.sampled_from([1, 300, 1000, 4000]), st.just(True))))
def test_near_and_not_near_are_what_they_say(
    texts: list[tuple[list[tuple[str, int]], bool]], wanted: str, near: str, not_near: str, window: tuple[int, bool],
) -> None:
    docs, (within, timed) = docs_of(texts), window
    with tempfile.TemporaryDirectory() as folder:
        files = write_corpus(Path(folder), docs)
        hits, good, bad = (found(files, pattern(text)) for text in (wanted, near, not_near))
        hits = {hit for hit in hits if not timed or texts[hit[0]][1]}  # without times nobody can tell
        expected = {hit for hit in hits if any(is_near(docs, hit, other, within, timed) for other in good)}
        assert found(files, filtered(pattern(wanted), [pattern(near)], [], within, timed=timed)) == expected
        less = {hit for hit in hits if not any(is_near(docs, hit, other, within, timed) for other in bad)}
        assert found(files, filtered(pattern(wanted), [], [pattern(not_near)], within, timed=timed)) == less
        both = filtered(pattern(wanted), [pattern(near)], [pattern(not_near)], within, timed=timed)
        assert found(files, both) == expected & less
        assert found(files, pattern(str(both))) == expected & less
        either = filtered(pattern(wanted), [pattern(near), pattern(not_near)], [], within, timed=timed)
        assert found(files, either) == expected | (hits - less)


@given(st.lists(st.tuples(TIMED, st.booleans()), min_size=1, max_size=3), st.sampled_from(PATTERNS), st.sampled_from(PATTERNS),
       st.integers(0, 4), st.integers(0, 4))
def test_lying_in_wide_windows_is_lying_in_any(
    texts: list[tuple[list[tuple[str, int]], bool]], wanted: str, middle: str, left: int, right: int,
) -> None:
    """The engine looks at the widest windows only; spelt out window by window it is the same."""
    docs = docs_of(texts)
    with tempfile.TemporaryDirectory() as folder:
        files = write_corpus(Path(folder), docs)
        inner, held = pattern(wanted), pattern(middle)
        asked = Within(inner, Sequence((Repeat(Token(), 0, left), held, Repeat(Token(), 0, right))))
        spelt: set[tuple[int, int, int]] = set()
        for a, b in product(range(left + 1), range(right + 1)):
            sides = [Repeat(Token(), n, n) for n in (a, b)]
            spelt |= found(files, Within(inner, Sequence((sides[0], held, sides[1]))))
        if "?" not in wanted:  # from a start several matches, of which the strategy takes the shortest that is left
            assert found(files, asked) == spelt
        else:
            assert {hit[:2] for hit in found(files, asked)} == {hit[:2] for hit in spelt}


def test_what_is_stripped_from_the_ends() -> None:
    a = pattern('"a"')
    assert surroundings(pattern('[]{0,3} "a" []*'))[::2] == (3, 100)
    assert surroundings(pattern('[]{1,3} "a"'))[::2] == (0, 0)
    assert surroundings(pattern('[]{0,3} "a" "b"'))[0] == 3
    assert surroundings(a) == (0, a, 0)
    for whole in (pattern('[]{0,3} "a"?'), pattern("[]{0,3}"), pattern("[]? []*"), pattern('[]{0,2} "a"* []{0,2}')):
        assert surroundings(whole) == (0, whole, 0)


@pytest.mark.parametrize(("text", "kept"), [
    ("x a b y", []), ("x b y", [1]), ("a c b", [2]), ("b b a b", [0, 1])])
def test_what_an_earlier_name_has_is_left_to_it(tmp_path: Path, text: str, kept: list[int]) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", tuple(Tok(form) for form in text.split()))])
    hits = found(files, apart(pattern('"b"'), [pattern('"a" "b"')]))
    assert sorted(start for _, start, _ in hits) == kept
    held = found(files, apart(pattern('"x" "a" "b"'), [pattern('"a" "b"'), pattern('"c"')]))
    assert held == set()
    assert apart(pattern('"b"'), []) == pattern('"b"')
