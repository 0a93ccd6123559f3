"""Random tokens, corpora and patterns of the whole grammar."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from crosscut.model import GLUED
from crosscut.query.pattern import And, Constraint, Either, Not, Or, Pattern, Repeat, Sequence, Test, Token
from tests.helpers.corpora import Doc, Tok

FORMS = ["war", "War", "wars", "toward", "talk", "Talks", "U.S.", "us", "'s", "ß", "SS"]
LEMMAS = ["war", "talk", "Talk", "us", ""]
TAGS = {"pos": ["NOUN", "VERB", ""], "tag": ["NN", "VBZ", ""]}
REGEXES = ["war.*", ".*s", ".", "[tu].*", "(war|talk)s?", "NO.N", "V.*", "tal[kx]", "x{2}", "\\w+"]

TOKS = st.builds(Tok, form=st.sampled_from(FORMS), after=st.sampled_from([" ", "", ". ", " >> "]), lemma=st.sampled_from(LEMMAS),
                 pos=st.sampled_from(TAGS["pos"]), tag=st.sampled_from(TAGS["tag"]), flags=st.sampled_from([0, 0, GLUED]))


def _numbered(docs: list[Doc]) -> list[Doc]:
    return [replace(doc, video=f"v:{number}", tokens=tuple(
        replace(token, start=-1 if number % 3 == 2 else 700 * place) for place, token in enumerate(doc.tokens)))
        for number, doc in enumerate(docs)]


DOCS = st.lists(st.builds(Doc, video=st.just(""), tokens=st.lists(TOKS, max_size=9).map(tuple)), min_size=1,
                max_size=5).map(_numbered)


def _tests() -> st.SearchStrategy[Test]:
    literal = st.one_of(
        st.builds(Test, st.sampled_from(["word", "norm"]), st.sampled_from([*FORMS, "US", "absent"])),
        st.builds(Test, st.just("lemma"), st.sampled_from(["war", "TALK", "us"])),
        st.builds(Test, st.just("pos"), st.sampled_from(["NOUN", "verb"])),
        st.builds(Test, st.just("tag"), st.sampled_from(["NN", "vbz", "none"])))
    layers = st.sampled_from(["word", "norm", "lemma", "pos", "tag"])
    return st.one_of(literal, st.builds(Test, layers, st.sampled_from(REGEXES), st.just(True)))


def _flat(kind: type[And] | type[Or], parts: list[Constraint]) -> Constraint:
    inner = [piece for part in parts for piece in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(inner))


CONSTRAINTS: st.SearchStrategy[Constraint] = st.recursive(
    _tests(), lambda inner: st.one_of(
        st.builds(Not, inner), st.lists(inner, min_size=2, max_size=3).map(lambda parts: _flat(And, parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: _flat(Or, parts))), max_leaves=4)
TOKENS = st.builds(Token, st.one_of(st.none(), CONSTRAINTS))


def _sequence(parts: list[Pattern]) -> Pattern:
    inner = [piece for part in parts for piece in (part.parts if isinstance(part, Sequence) else (part,))]
    return Sequence(tuple(inner))


def _either(parts: list[Pattern]) -> Pattern:
    inner = [piece for part in parts for piece in (part.parts if isinstance(part, Either) else (part,))]
    return Either(tuple(inner))


def _repeat(part: Pattern, low: int, more: int) -> Pattern:
    return Repeat(part, low, low + more)


#: Patterns as the parser makes them: no sequence within a sequence, no choice within a choice.
PATTERNS: st.SearchStrategy[Pattern] = st.recursive(
    TOKENS, lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(_sequence), st.lists(inner, min_size=2, max_size=3).map(_either),
        st.builds(_repeat, inner, st.integers(0, 2), st.integers(0, 2))), max_leaves=4)


@st.composite
def groupings(draw: st.DrawFn, count: int) -> list[list[int]]:
    """Every number below ``count`` in one of some groups, in any order."""
    order = list(draw(st.permutations(range(count))))
    cuts = sorted(draw(st.sets(st.integers(0, count), max_size=3)) | {0, count})
    return [order[begin:end] for begin, end in pairwise(cuts) if begin < end]
