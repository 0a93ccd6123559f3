"""Random corpora and random queries of the whole grammar, as the parser makes them: each meaning in one form.

``CORPORA`` are videos with their span layers, ``QUERIES`` whole queries, ``PATTERNS`` what stands before ``::``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import TypeVar

from hypothesis import strategies as st

from crosscut.model import GLUED, SENTENCE
from crosscut.query.pattern import (
    STRATEGIES,
    And,
    AnyOf,
    Between,
    Compare,
    Condition,
    Constraint,
    Containing,
    Edge,
    Either,
    Every,
    Field,
    Gap,
    Label,
    Link,
    Listed,
    Not,
    Or,
    Pattern,
    Query,
    Region,
    Relation,
    Repeat,
    Sequence,
    Test,
    Token,
    Untrue,
    Value,
    Window,
    Within,
)
from crosscut.query.shape import least
from crosscut.store.layer import LayerSpan
from tests.helpers.corpora import Doc, Tok, batch_of

Part = TypeVar("Part")
Layers = dict[str, list[LayerSpan]]

#: Lists of the study file that queries may name.
WORDS = {"fight": ("war", "Talks"), "none": ("absent",)}

FORMS = ["war", "War", "wars", "toward", "talk", "Talks", "U.S.", "us", "'s", "ß", "SS", "café", "Cafe"]
LEMMAS = ["war", "talk", "Talk", "us", "café", ""]
VALUES = {"pos": ["NOUN", "VERB", ""], "tag": ["NN", "VBZ", ""], "dep": ["nsubj", "obj", "ROOT", "nmod:poss", ""],
          "entity": ["PERSON", "ORG", ""]}
REGEXES = ["war.*", ".*s", ".", "[tu].*", "(war|talk)s?", "NO.N", "V.*", "tal[kx]", "x{2}", "\\w+", "caf[eé]"]
RELATIONS = ["nsubj", "obj", "nsubj|obj", "n.*", "ROOT", "nmod:poss"]

# --- corpora ---------------------------------------------------------------------------------------------------------

TOKS = st.builds(
    Tok, form=st.sampled_from(FORMS), after=st.sampled_from([" ", "", ". ", " >> "]), lemma=st.sampled_from(LEMMAS),
    pos=st.sampled_from(VALUES["pos"]), tag=st.sampled_from(VALUES["tag"]), head=st.integers(-2, 2),
    dep=st.sampled_from(VALUES["dep"]), entity=st.sampled_from(VALUES["entity"]),
    flags=st.sampled_from([0, 0, GLUED, SENTENCE, SENTENCE]))
ROWS = st.fixed_dictionaries({}, optional={
    "outlet": st.sampled_from(["en_AJ", "en_BBC"]), "published": st.sampled_from(["2024-07-04", "2024-08", "2025"]),
    "title": st.sampled_from(["War talks", "us"]), "duration_ms": st.sampled_from([0, 1500, 60_000])})


@st.composite
def _docs(draw: st.DrawFn) -> list[Doc]:
    docs = []
    for number in range(draw(st.integers(1, 3))):
        tokens = draw(st.lists(TOKS, max_size=9))
        steps = draw(st.lists(st.sampled_from([0, 500, 500, 1000, 2500]), min_size=len(tokens), max_size=len(tokens)))
        times = list(accumulate(steps)) if draw(st.integers(0, 3)) else [-1] * len(tokens)
        timed = tuple(replace(token, start=start) for token, start in zip(tokens, times, strict=True))
        docs.append(Doc(f"v:{number}", timed, row=draw(ROWS)))
    return docs


#: Videos, some without times, some without tokens.
DOCS = _docs()


@lru_cache(maxsize=100)
def _content(video: str, tokens: tuple[Tok, ...]) -> str:
    return batch_of(Doc(video, tokens)).documents[0].content


@st.composite
def layers_of(draw: st.DrawFn, docs: list[Doc]) -> Layers:
    """Two layers over some videos; spans may lie apart, side by side, in one another or across."""
    layers: Layers = {"turn": [], "story": []}
    for doc in docs:
        size = len(doc.tokens)
        for spans in layers.values():
            for _ in range(draw(st.integers(0, 3)) if size else 0):
                start = draw(st.integers(0, size - 1))
                more = draw(st.sampled_from([(), (("role", "host"),), (("role", "guest"), ("name", "Ada"))]))
                spans.append(LayerSpan(doc.video, _content(doc.video, doc.tokens), start,
                                       draw(st.integers(start + 1, size)), draw(st.sampled_from(["host", "Guest"])),
                                       draw(st.sampled_from([1.0, 0.5])), more))
    return layers


#: Videos and the layers over them.
CORPORA = DOCS.flatmap(lambda docs: st.tuples(st.just(docs), layers_of(docs)))

# --- one token -------------------------------------------------------------------------------------------------------


def _flat(kind: Callable[[tuple[Part, ...]], Part], parts: list[Part]) -> Part:
    inner = [piece for part in parts for piece in (part.parts if type(part) is kind else (part,))]  # type: ignore[attr-defined]
    return kind(tuple(inner))


def _several(kind: Callable[[tuple[Part, ...]], Part], part: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    return st.lists(part, min_size=2, max_size=3).map(lambda parts: _flat(kind, parts))


_RARELY = st.sampled_from([False, False, False, True])


def _test(layers: list[str], values: list[str]) -> st.SearchStrategy[Test]:
    literal = st.builds(Test, st.sampled_from(layers), st.sampled_from(values), cased=_RARELY, folded=_RARELY)
    regex = st.builds(Test, st.sampled_from(layers), st.sampled_from(REGEXES), st.just(True), _RARELY, _RARELY)
    return st.one_of(literal, literal, regex)


TESTS: st.SearchStrategy[Test | Listed] = st.one_of(
    _test(["word", "norm"], [*FORMS, "US", "absent"]), _test(["lemma"], ["war", "TALK", "us", "cafe"]), _test(["pos"], ["NOUN", "verb"]),
    _test(["tag"], ["NN", "vbz", "none"]), _test(["dep"], ["nsubj", "root"]), _test(["entity"], ["PERSON", "org"]),
    st.builds(lambda layer, name: Listed(layer, name, WORDS[name]), st.sampled_from(["word", "norm", "lemma", "pos"]),
              st.sampled_from(sorted(WORDS))))
CONSTRAINTS: st.SearchStrategy[Constraint] = st.recursive(
    TESTS, lambda inner: st.one_of(st.builds(Not, inner), _several(And, inner), _several(Or, inner)), max_leaves=4)
TOKENS = st.builds(Token, st.one_of(st.none(), CONSTRAINTS))
LABELS = st.builds(Label, st.sampled_from(["a", "b", "verb", "1"]), TOKENS)

# --- patterns --------------------------------------------------------------------------------------------------------

STRUCTURES = st.sampled_from(["s", "video", "turn", "story"])
EDGES = st.builds(Edge, STRUCTURES, st.booleans())
_ATTRIBUTES = {"video": _test(["outlet", "title"], ["en_AJ", "en_bbc", "war talks"]),
               "turn": _test(["label", "role", "name", "confidence"], ["host", "Guest", "ada", "0.5"])}
_ATTRIBUTES["story"] = _ATTRIBUTES["turn"]


def _tests_of(structure: str) -> st.SearchStrategy[tuple[Test | Not, ...]]:
    if structure == "s":
        return st.just(())
    test = st.one_of(_ATTRIBUTES[structure], st.builds(Not, _ATTRIBUTES[structure]))
    return st.lists(test, max_size=2).map(tuple)


REGIONS = STRUCTURES.flatmap(lambda name: st.builds(Region, st.just(name), _tests_of(name)))
WINDOWS = st.builds(Window, st.sampled_from(["first", "last", "any"]), st.sampled_from([0, 500, 2500, 60_000, 60_000]))
GAPS = st.builds(lambda low, more: Gap(low, low + more), st.sampled_from([0, 0, 500, 1000]), st.sampled_from([0, 500, 2000]))
_RELATION = st.one_of(st.none(), st.none(), st.builds(lambda name: Test("dep", name, "|" in name or "*" in name), st.sampled_from(RELATIONS)))
_NODES: st.SearchStrategy[Token | Label] = st.one_of(st.just(Token()), st.just(Token()), TOKENS, LABELS)


def _links(target: st.SearchStrategy[Token | Label | Relation]) -> st.SearchStrategy[tuple[Link, ...]]:
    return st.lists(st.builds(Link, _RELATION, target, _RARELY), min_size=1, max_size=2).map(tuple)


def _heads(target: st.SearchStrategy[Token | Label | Relation]) -> st.SearchStrategy[Relation]:
    return st.builds(Relation, _NODES, _links(target))


_TREES = st.recursive(_heads(_NODES), lambda inner: _heads(st.one_of(_NODES, inner)), max_leaves=3)
RELATED = st.one_of(_TREES, st.builds(lambda name, target: Relation(None, (Link(name, target),)), _RELATION,
                                      st.one_of(_NODES, _TREES)))


def matches_something(pattern: Pattern) -> bool:
    """Whether a match can have a token at all."""
    if isinstance(pattern, Within):
        return matches_something(pattern.part) and (
            isinstance(pattern.outer, Window) or matches_something(pattern.outer))
    if isinstance(pattern, Containing):
        return matches_something(pattern.part) and matches_something(pattern.held)
    if isinstance(pattern, Repeat):
        return pattern.high != 0 and matches_something(pattern.part)
    if isinstance(pattern, (Sequence, Either)):
        return any(map(matches_something, pattern.parts))
    return not isinstance(pattern, Edge)


def _something(pattern: Pattern) -> Pattern:
    return pattern if matches_something(pattern) else Token()  # a filter would print all strategies in vain


def _gaps_stand(parts: list[Pattern]) -> bool:
    """Whether there is a token on both sides of each gap, before the next."""
    places = [-1, *(place for place, part in enumerate(parts) if isinstance(part, Gap)), len(parts)]
    return all(sum(map(least, parts[begin + 1:end])) for begin, end in pairwise(places))


@st.composite
def _sequences(draw: st.DrawFn, inner: st.SearchStrategy[Pattern]) -> Sequence:
    """Parts one after another; gaps in seconds only where tokens stand on both sides."""
    parts: list[Pattern] = []
    for part in draw(st.lists(inner, min_size=2, max_size=3)):
        parts += part.parts if isinstance(part, Sequence) else (part,)
    places = [place for place in range(1, len(parts)) if _gaps_stand([*parts[:place], Gap(0, 0), *parts[place:]])]
    if places and draw(st.integers(0, 2)) == 0:
        parts.insert(draw(st.sampled_from(places)), draw(GAPS))
    return Sequence(tuple(parts))


def _repeat(part: Pattern, low: int, more: int | None) -> Pattern:
    return Repeat(part, low, None if more is None else low + more)


def _larger(inner: st.SearchStrategy[Pattern]) -> st.SearchStrategy[Pattern]:
    outer = inner.map(_something)
    return st.one_of(
        _sequences(inner), _sequences(inner), _several(Either, inner),
        st.builds(_repeat, inner, st.integers(0, 2), st.sampled_from([0, 1, 2, None])),
        st.builds(Within, outer, st.one_of(REGIONS, WINDOWS, outer), _RARELY), st.builds(Containing, outer, outer, _RARELY))


#: Everything that can stand before ``::``.
PATTERNS: st.SearchStrategy[Pattern] = st.recursive(
    st.one_of(TOKENS, TOKENS, TOKENS, LABELS, EDGES, REGIONS, RELATED), _larger, max_leaves=5).map(_something)

# --- conditions ------------------------------------------------------------------------------------------------------


def bound(pattern: Pattern | Window) -> set[str]:
    """Labels that a match may bind: not those within what surrounds it, what it holds, or what must not be there."""
    if isinstance(pattern, Label):
        return {pattern.name}
    if isinstance(pattern, (Within, Containing, Repeat)):
        return bound(pattern.part)
    if isinstance(pattern, (Sequence, Either)):
        return set().union(*map(bound, pattern.parts))
    if isinstance(pattern, Relation):
        own = set() if pattern.head is None else bound(pattern.head)
        return own.union(*(bound(link.target) for link in pattern.links if not link.negated))
    return set()


_SIGNS = st.sampled_from(["=", "!="])
_ORDERS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def _values(labels: list[str]) -> st.SearchStrategy[Value]:
    return st.builds(Value, st.sampled_from(labels), st.sampled_from(["word", "norm", "lemma", "pos", "tag", "dep", "entity"]))


def _about_fields() -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(Compare, st.builds(Field, st.sampled_from(["outlet", "title"])), _SIGNS, _test([""], ["en_AJ", "us"])),
        st.builds(Compare, st.just(Field("date")), st.sampled_from(["<", "<=", ">", ">="]),
                  st.sampled_from(["2024", "2024-07", "2024-07-05"]).map(lambda date: Test("", date))),
        st.builds(Compare, st.builds(Field, st.sampled_from(["words", "duration"])), _ORDERS, st.sampled_from([2.0, 1.5, 60.0])))


def _about_labels(labels: list[str]) -> st.SearchStrategy[Condition]:
    units = st.builds(Between, st.sampled_from(["distance", "seconds"]), st.sampled_from(labels), st.sampled_from(labels))
    return st.one_of(
        st.builds(Compare, _values(labels), _SIGNS, _test([""], ["war", "NOUN", "org"])),
        st.builds(Compare, _values(labels), _SIGNS, _values(labels)),
        st.builds(Compare, st.just(Field("title")), _SIGNS, _values(labels)),
        st.builds(Compare, units, _ORDERS, st.sampled_from([0.0, 1.0, 2.0, 1.5])))


@cache  # to make strategies takes longer than to draw from them
def conditions(labels: frozenset[str]) -> st.SearchStrategy[Condition]:
    """Conditions on these labels and on the video."""
    simple = st.one_of(_about_labels(sorted(labels)), _about_fields()) if labels else _about_fields()
    return st.recursive(simple, lambda inner: st.one_of(st.builds(Untrue, inner), _several(Every, inner), _several(AnyOf, inner)),
                        max_leaves=3)


@st.composite
def queries(draw: st.DrawFn, patterns: st.SearchStrategy[Pattern] = PATTERNS) -> Query:
    """Whole queries over patterns; those with labels mostly have a condition."""
    pattern = draw(patterns)
    labels = bound(pattern)
    condition = draw(conditions(frozenset(labels))) if draw(st.integers(0, 9)) < (8 if labels else 2) else None
    return Query(pattern, condition, draw(st.sampled_from(["", "", *STRATEGIES])))


QUERIES = queries()


@st.composite
def groupings(draw: st.DrawFn, count: int) -> list[list[int]]:
    """Every number below ``count`` in one of some groups, in any order."""
    order = list(draw(st.permutations(range(count))))
    cuts = sorted(draw(st.sets(st.integers(0, count), max_size=3)) | {0, count})
    return [order[begin:end] for begin, end in pairwise(cuts) if begin < end]
