"""What can be written, what it becomes, and what is said of what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query.language import DEEPEST, LONGEST_QUERY, MOST_REPEATS, OPEN_REPEAT, parse
from crosscut.query.pattern import LONGEST_SEQUENCE, MOST_SEQUENCES, Pattern, Token, sequences

from .patterns import PATTERNS

VALID = [
    # simple form
    ("peace", '[norm="peace"]'),
    ("Peace  TALKS", '[norm="peace"] [norm="talks"]'),
    ("hostage|captive", '[norm="hostage"] | [norm="captive"]'),
    ("peace talks | cease-fire", '[norm="peace"] [norm="talks"] | [norm="cease-fire"]'),
    ("peace|peace", '[norm="peace"]'),
    ("negotiat*", '[norm="negotiat.*"]'),
    ("*fire", '[norm=".*fire"]'),
    ("*", '[norm=".*"]'),
    ("news.ex*", r'[norm="news\.ex.*"]'),
    ("negotiat*, now", '[norm="negotiat.*"] [norm="now"]'),
    ("U.S.", '[norm="us"]'),
    ("10,000", '[norm="10000"]'),
    ("3.5", r'[norm="3\.5"]'),
    ("don't", '[norm="do"] [norm="n\\\'t"]'),
    ("Bevarra’s", '[norm="bevarra"] [norm="\\\'s"]'),
    ("peace, talks!", '[norm="peace"] [norm="talks"]'),
    ("قَالَ", '[norm="قال"]'),
    # CQL
    ('"Talks"', '[word="Talks"]'),
    ("'talks'", '[word="talks"]'),
    ('[lemma="captive"]', '[lemma="captive"]'),
    ('[ lemma = "talk"  &  pos = "VERB" ]', '[lemma="talk" & pos="VERB"]'),
    ('[lemma="talk" & (pos="VERB" | pos="NOUN")]', '[lemma="talk" & (pos="VERB" | pos="NOUN")]'),
    ('[lemma="a" & pos="B" | tag="C"]', '[lemma="a" & pos="B" | tag="C"]'),
    ('[(lemma="a" & pos="B") & tag="C"]', '[lemma="a" & pos="B" & tag="C"]'),
    ('[pos!="VERB"]', '[pos!="VERB"]'),
    ('[!pos="VERB"]', '[pos!="VERB"]'),
    ('[!(pos="VERB" | pos="NOUN")]', '[!(pos="VERB" | pos="NOUN")]'),
    ('[!!pos="VERB"]', '[!(pos!="VERB")]'),
    ("[]", "[]"),
    ('"peace" []{0,3} "talks"', '[word="peace"] []{0,3} [word="talks"]'),
    ('"a"?', '[word="a"]{0,1}'),
    ('"a"*', f'[word="a"]{{0,{OPEN_REPEAT}}}'),
    ('"a"+', f'[word="a"]{{1,{OPEN_REPEAT}}}'),
    ('"a"{2}', '[word="a"]{2,2}'),
    ('"a"{,2}', '[word="a"]{0,2}'),
    ('"a"{3,}', f'[word="a"]{{3,{OPEN_REPEAT}}}'),
    ('"a"{20,}', '[word="a"]{20,20}'),
    ('"a"{ 1 , 2 }', '[word="a"]{1,2}'),
    ('("a" | "b") "c"', '([word="a"] | [word="b"]) [word="c"]'),
    ('("a" "b")', '[word="a"] [word="b"]'),
    ('("a" "b") "c"', '[word="a"] [word="b"] [word="c"]'),
    ('("a"|"b")|"c"', '[word="a"] | [word="b"] | [word="c"]'),
    ('("a" "b")+', f'([word="a"] [word="b"]){{1,{OPEN_REPEAT}}}'),
    ('"a" | "b" "c"', '[word="a"] | [word="b"] [word="c"]'),
    ('"cease.*"', '[word="cease.*"]'),
    (r'"3\.5"', r'[word="3\.5"]'),
    (r'"\d+"', r'[word="\d+"]'),
    ("""'say "x".*'""", r'[word="say \"x\".*"]'),
    (r'"\"quoted\""', r'[word="\"quoted\""]'),
    ('"don\'t"', '[norm="do"] [norm="n\\\'t"]'),
    ('"U.S."', r'[word="U\.S\."]'),
]


@pytest.mark.parametrize(("query", "printed"), VALID)
def test_a_query_and_its_pattern(query: str, printed: str) -> None:
    pattern = parse(query)
    assert str(pattern) == printed
    assert parse(printed) == pattern


@given(PATTERNS)
@settings(max_examples=200)
def test_a_pattern_is_printed_as_a_query_that_gives_it_again(pattern: Pattern) -> None:
    assert parse(str(pattern)) == pattern


@pytest.mark.parametrize(("languages", "printed"), [
    (["en"], r'''[norm="l\'accord"]'''),
    (["fr"], r'''[norm="l\'"] [norm="accord"]'''),
    (["fr", "en"], r'''[norm="l\'accord"] | [norm="l\'"] [norm="accord"]'''),
    ([], r'''[norm="l\'accord"]'''),
])
def test_plain_words_are_cut_as_each_language_cuts_them(languages: list[str], printed: str) -> None:
    assert str(parse("l'accord", languages)) == printed


INVALID = [
    ("", "an empty query", 0),
    ("  \n", "an empty query", 0),
    ("a|", "nothing on one side of |", 1),
    ("|a", "nothing on one side of |", 0),
    ("...", "nothing but marks", 0),
    ("ـ", "nothing but marks", 0),
    ('"a', 'this " is never closed', 0),
    ("'tis", "this ' is never closed", 0),
    ('"a" b', "'b' was not expected here; write words in quotation marks", 4),
    ("“a” []", "use straight quotation marks", 0),
    ('"a" % "b"', "'%' has no meaning", 4),
    ("[", "expected a layer", 1),
    ('[lemma="a"', "expected ] to close the token", 10),
    ('[lemma="a" &', "expected a layer", 12),
    ('[lemma="a" & ]', "expected a layer", 13),
    ("[lemma]", "expected = or != after lemma", 6),
    ("[lemma=]", "write the value in quotation marks", 7),
    ("[lemma=a]", "write the value in quotation marks", 7),
    ('[lema="a"]', "did you mean lemma?", 1),
    ('[xyz="a"]', "known: word, norm, lemma, pos, tag", 1),
    ('[(lemma="a"]', "expected ) to close the parenthesis", 11),
    ('("a"', "expected ) to close the parenthesis", 4),
    ('"a")', "')' was not expected here", 3),
    ("()", "')' was not expected here", 1),
    ('"a" | ', "the query ends too early", 6),
    ('"a" "', 'this " is never closed', 4),
    ('"a"{}', "say how often", 3),
    ('"a"{,}', "say how often", 3),
    ('"a"{1 2}', "say how often", 3),
    ('"a"{3,2}', "repeat from a lower to a higher number", 3),
    (f'"a"{{{MOST_REPEATS + 1}}}', f"at most {MOST_REPEATS}", 3),
    ('"a"{' + "9" * 5_000 + "}", f"at most {MOST_REPEATS}", 3),
    ('"a"{x}', "'{' has no meaning", 3),
    ('""', "an empty value matches nothing", 0),
    ('"a" within "b"', "within is not available yet", 4),
    ('"a" string pos="VERB"]', "'string' was not expected here", 4),
    ('* "a"', "'*' was not expected here", 0),
    ("?[]", "'?' was not expected here", 0),
    ("(" * (DEEPEST + 1) + '"a"' + ")" * (DEEPEST + 1), "nested too deeply", DEEPEST),
    ("[" + "!" * 100 + 'pos="a"]', "nested too deeply", DEEPEST),
    ('"a"' + "?" * 2_000, "repeated too often", 3 + DEEPEST),
]


@pytest.mark.parametrize(("query", "said", "column"), INVALID, ids=[query[:20] for query, _, _ in INVALID])
def test_what_cannot_be_read_is_said_with_its_column(query: str, said: str, column: int) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert said in error.value.message
    assert error.value.column == column
    if error.value.query:
        assert str(error.value).splitlines()[-1] == "  " + " " * column + "^"


def test_a_query_of_any_length_is_read_or_refused() -> None:
    assert isinstance(parse('"' + "a" * (LONGEST_QUERY - 2) + '"'), Token)
    with pytest.raises(QueryError, match=f"at most {LONGEST_QUERY}"):
        parse("a" * (LONGEST_QUERY + 1))


SOUP = st.lists(st.sampled_from(
    ['"', "'", "[", "]", "(", ")", "{", "}", "|", "&", "!", "=", "!=", "?", "*", "+", ",", "{1,2}", "{50}", "{,}", "word", "lemma",
     "pos", "string", "op", "end", '"a"', '"b.*"', "[]", '[lemma="x"]', " ", "\\", "\n", "9", "٣", "“", "ـ", "\ud800", "within"]),
    max_size=30).map("".join)


@given(st.one_of(SOUP, st.text(st.characters(exclude_categories=())), SOUP.map(lambda text: "[" + text)))
@settings(max_examples=500)
def test_any_text_is_a_pattern_or_a_query_error(query: str) -> None:
    pattern, refusal = read(query)
    if refusal:
        assert refusal.message
        assert 0 <= refusal.column <= len(query) or refusal.query != query
    else:
        assert pattern is not None
        assert parse(str(pattern)) == pattern


def read(query: str) -> tuple[Pattern | None, QueryError | None]:
    try:
        pattern = parse(query)
        sequences(pattern)
    except QueryError as error:
        return None, error
    return pattern, None


@pytest.mark.parametrize("query", [
    "[]{0,3} " * 6, '("a"|"b") ' * 12, "([]{0,20}){0,20}", "((((([]{50}){50}){50}){50}){50}){50}", "[]{50} " * 30,
    "([]?){50} ([]?){50} ([]?){50}"])
def test_a_query_that_stands_for_too_much_is_refused_at_once(query: str) -> None:
    with pytest.raises(QueryError, match="more than"):
        sequences(parse(query))


def test_what_is_just_small_enough_is_not_refused() -> None:
    assert len(sequences(parse("[]{0,4} []{0,4} []{0,4} []{0,3}" + '"a"'))) <= MOST_SEQUENCES
    assert [len(chain) for chain in sequences(parse(f"([]{{50}}){{{LONGEST_SEQUENCE // 50}}}"))] == [LONGEST_SEQUENCE]


@pytest.mark.parametrize("query", ["[]{0}", '("a"{0,0}){0,5}'])
def test_a_query_for_no_token_matches_nothing(query: str) -> None:
    with pytest.raises(QueryError, match="matches nothing at all"):
        sequences(parse(query))


def test_sequences_by_hand() -> None:
    a, b = parse('"a"'), parse('"b"')
    assert sequences(parse('"a" "b"?')) == [(a,), (a, b)]
    assert sequences(parse('("a"|"b"){1,2}')) == [(a,), (b,), (a, a), (a, b), (b, a), (b, b)]
    assert sequences(parse('"a"? "a"?')) == [(a,), (a, a)]
