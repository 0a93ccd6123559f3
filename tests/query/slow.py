"""What a query means, written as plainly as possible: the definition that the engine is checked against.

A match is ``(start, end, bindings)``: tokens of one video, end exclusive, and the labels bound on the way with their
tokens, sorted by name.  ``hits`` makes hits of matches in this order: the condition, the mask, the strategy.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as Sequence_
from functools import lru_cache, partial
from itertools import pairwise, product
from typing import Any

from crosscut.model import SENTENCE
from crosscut.query.fields import COLUMNS
from crosscut.query.pattern import (
    DEFAULT_STRATEGY,
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
    Value,
    Window,
    Within,
)
from crosscut.store.layer import LayerSpan
from crosscut.tokens import norm, word
from tests.helpers.corpora import Doc, Tok, batch_of, catalog_row

Hit = tuple[str, int, int]
Bindings = tuple[tuple[str, int], ...]
Match = tuple[int, int, Bindings]
End = tuple[int, Bindings]
Layers = Mapping[str, Sequence_[LayerSpan]]

# --- one token -------------------------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """A text without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def fold_expression(value: str) -> str:
    """An expression without accents; what would become a letter of the expressions' own language stays as it is."""
    return "".join(fold(c) if fold(c).isalnum() or unicodedata.combining(c) else c for c in value)


def agrees(test: Test, has: str, wanted: str) -> bool:
    """Whether a value is as the test says: both as they are compared, save for accents and the case of expressions."""
    if test.folded:
        has, wanted = fold(has), fold_expression(wanted) if test.regex else fold(wanted)
    if test.regex:
        return re.fullmatch(wanted, has, 0 if test.cased else re.IGNORECASE) is not None
    return has == wanted


def form_fulfils(test: Test, form: str) -> bool:
    """Whether a token's form is as a test of word or norm says.

    The word layer with its capitals is ``tokens.word``; everything else asks the norm layer, which has none.
    """
    compared: Callable[[str], str] = word if test.layer == "word" and test.cased else norm
    if test.regex or (test.layer == "norm" and test.cased):
        return agrees(test, compared(form), test.value)
    return agrees(test, compared(form), compared(test.value))


def value_fulfils(test: Test, value: str) -> bool:
    """Whether another value is as a test says; no value ("") never is."""
    if value == "":
        return False
    if test.regex or test.cased:
        return agrees(test, value, test.value)
    return agrees(test, value.casefold(), test.value.casefold())


def token_fulfils(test: Test, token: Tok) -> bool:
    """Whether a token is as a test says."""
    if test.layer in {"word", "norm"}:
        return form_fulfils(test, token.form)
    return value_fulfils(test, str(getattr(token, test.layer)))


def compared(token: Tok, layer: str) -> str:
    """A token's value in a layer as it is compared with others: without regard to case."""
    return norm(token.form) if layer in {"word", "norm"} else str(getattr(token, layer)).casefold()


def listed(constraint: Listed, token: Tok) -> bool:
    """Whether a token's value stands in a list."""
    fold_case = norm if constraint.layer in {"word", "norm"} else str.casefold
    value = compared(token, constraint.layer)
    return value != "" and value in {fold_case(entry) for entry in constraint.words}


def holds(constraint: Constraint | None, token: Tok) -> bool:
    """Whether a token is as the constraint says."""
    if constraint is None:
        return True
    if isinstance(constraint, Not):  # where a layer has no value, what it is not cannot be said
        return known(constraint.part, token) and not holds(constraint.part, token)
    if isinstance(constraint, And):
        return all(holds(part, token) for part in constraint.parts)
    if isinstance(constraint, Or):
        return any(holds(part, token) for part in constraint.parts)
    return listed(constraint, token) if isinstance(constraint, Listed) else token_fulfils(constraint, token)


def known(constraint: Constraint, token: Tok) -> bool:
    """Whether the token has a value in every layer that the constraint speaks of."""
    if isinstance(constraint, (Test, Listed)):
        return compared(token, constraint.layer) != "" or constraint.layer in {"word", "norm"}
    parts = constraint.parts if isinstance(constraint, (And, Or)) else (constraint.part,)
    return all(known(part, token) for part in parts)


# --- what is known of a video ----------------------------------------------------------------------------------------

_NUMERIC = {"words": 1, "duration": 1000, "punctuated": 1, "word_timed": 1, "unknown": 10, "wpm": 1, "silence": 1000}
_CUT = {"year": 4, "month": 7, "day": 10, "date": 10}


def fact(doc: Doc, field: str) -> str | float | None:
    """A field of the video as ``--where`` knows it: text, or a number; none where it is not known."""
    has = catalog_row(doc, 0, 0, batch_of(doc))[COLUMNS[field]]
    if field in _NUMERIC:
        return has / _NUMERIC[field] if has > 0 or (has == 0 and field != "duration") else None
    text = str(has)
    if field in _CUT:
        text = text[: _CUT[field]] if len(text) >= _CUT[field] else ""
    return text or None


class Video:
    """One video with the spans of its layers; remembers what was found, which changes nothing."""

    def __init__(self, doc: Doc, layers: Layers) -> None:
        self.doc, self.tokens = doc, doc.tokens
        self.spans = {name: [span for span in spans if span.video == doc.video] for name, spans in layers.items()}
        self.ends = lru_cache(maxsize=None)(lambda pattern, start: frozenset(_ends(pattern, self, start)))
        self.matches = lru_cache(maxsize=None)(lambda pattern: frozenset(
            (start, end, bound) for start in range(len(self.tokens) + 1) for end, bound in self.ends(pattern, start)))

    def spoken(self, token: int) -> int | None:
        """When a token begins, in ms."""
        return self.tokens[token].start if self.tokens[token].start >= 0 else None

    def children(self, head: int) -> list[int]:
        """The tokens that a token governs."""
        return [place for place, token in enumerate(self.tokens) if token.head and place + token.head == head]

    def structures(self, region: Region) -> list[tuple[int, int]]:
        """The stretches of a structure that are as its tests say."""
        if region.structure == "video":
            return [(0, len(self.tokens))] if all(
                attribute_fulfils(test, lambda name: _text(fact(self.doc, name))) for test in region.tests) else []
        if region.structure == "s":
            begins = [place for place in range(len(self.tokens)) if self.begins_sentence(place)]
            return list(pairwise([*begins, len(self.tokens)])) if not region.tests else []
        return [(span.start, span.end) for span in self.spans.get(region.structure, [])
                if all(attribute_fulfils(test, partial(attribute, span)) for test in region.tests)]

    def begins_sentence(self, place: int) -> bool:
        """Whether a token begins a sentence; the first of a video always does."""
        return place < len(self.tokens) and (place == 0 or bool(self.tokens[place].flags & SENTENCE))

    def is_edge(self, edge: Edge, place: int) -> bool:
        """Whether a structure begins, or ends, at this place between two tokens."""
        return any(place == (span[1] if edge.end else span[0]) for span in self.structures(Region(edge.structure)))


def _text(value: str | float | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else value


def attribute(span: LayerSpan, name: str) -> str:
    """What a layer says of a span, as text."""
    if name == "label":
        return span.label
    return f"{span.confidence:g}" if name == "confidence" else dict(span.more).get(name, "")


def attribute_fulfils(test: Test | Not, attribute_of: Callable[[str], str]) -> bool:
    """Whether an attribute of a structure is as a test says; where it is not there, it neither is nor is not."""
    if isinstance(test, Not):
        assert isinstance(test.part, Test)
        return attribute_of(test.part.layer) != "" and not value_fulfils(test.part, attribute_of(test.part.layer))
    return value_fulfils(test, attribute_of(test.layer))


# --- matches of a pattern --------------------------------------------------------------------------------------------


def matches(pattern: Pattern, doc: Doc, layers: Layers | None = None) -> set[Match]:
    """All matches of a pattern in a video, those of no token too."""
    return set(Video(doc, layers or {}).matches(pattern))


def bind(before: Bindings, after: Bindings) -> Bindings:
    """Labels bound one after the other: the last binding wins."""
    return tuple(sorted({**dict(before), **dict(after)}.items()))


def after(reached: set[End], pattern: Pattern, video: Video) -> set[End]:
    """What is reached when a pattern follows."""
    return {(end, bind(before, bound)) for place, before in reached for end, bound in video.ends(pattern, place)}


def _ends(pattern: Pattern, video: Video, start: int) -> set[End]:
    """Where matches that begin at ``start`` end, and what they bind."""
    if isinstance(pattern, Token):
        return {(start + 1, ())} if start < len(video.tokens) and holds(pattern.constraint, video.tokens[start]) else set()
    if isinstance(pattern, Label):
        return {(end, ((pattern.name, start),)) for end, _ in video.ends(pattern.token, start)}
    if isinstance(pattern, Edge):
        return {(start, ())} if video.is_edge(pattern, start) else set()
    if isinstance(pattern, Region):
        return {(end, ()) for begin, end in video.structures(pattern) if begin == start}
    if isinstance(pattern, Either):
        return {end for part in pattern.parts for end in video.ends(part, start)}
    if isinstance(pattern, Sequence):
        reached: set[End] = {(start, ())}
        for part in pattern.parts:
            reached = after(reached, part, video)
        return reached
    if isinstance(pattern, Gap):
        return {(place, ()) for place in range(start, len(video.tokens)) if spans_gap(pattern, video, start, place)}
    if isinstance(pattern, Repeat):
        return _repeated(pattern, video, start)
    if isinstance(pattern, Relation):
        return {(end, bound) for begin, end, bound in _related(pattern, video) if begin == start}
    return {(end, bound) for end, bound in video.ends(pattern.part, start)
            if end > start and placed(pattern, video, start, end)}


def spans_gap(gap: Gap, video: Video, start: int, place: int) -> bool:
    """Whether the time from the token before ``start`` to the one at ``place`` is as a gap says."""
    before = video.spoken(start - 1) if start else None
    then = video.spoken(place)
    return before is not None and then is not None and gap.low <= then - before <= gap.high


def _repeated(pattern: Repeat, video: Video, start: int) -> set[End]:
    reached: set[End] = {(start, ())}
    found = set(reached) if pattern.low == 0 else set()
    for times in range(1, pattern.most + 1):
        before, reached = reached, after(reached, pattern.part, video)
        found |= reached if times >= pattern.low else set()
        if reached == before:  # and so for ever
            return found | reached if pattern.most >= pattern.low else found
    return found


def placed(pattern: Within | Containing, video: Video, start: int, end: int) -> bool:
    """Whether a stretch of tokens lies within, or holds, what the pattern says.  Matches of no token do neither."""
    if isinstance(pattern, Within) and isinstance(pattern.outer, Window):
        inside = in_window(pattern.outer, video, start, end)
        return inside is not None and inside != pattern.negated
    other = pattern.outer if isinstance(pattern, Within) else pattern.held
    others = [(a, b) for a, b, _ in video.matches(other) if b > a]
    if isinstance(pattern, Within):
        return any(a <= start and end <= b for a, b in others) != pattern.negated
    return any(start <= a and b <= end for a, b in others) != pattern.negated


def in_window(window: Window, video: Video, start: int, end: int) -> bool | None:
    """Whether a stretch of tokens lies in a window of time; none where the times are not known."""
    first, last, very_last = video.spoken(start), video.spoken(end - 1), video.spoken(len(video.tokens) - 1)
    if first is None or last is None or very_last is None:
        return None
    return {"first": last < window.ms, "last": very_last - first <= window.ms, "any": last - first <= window.ms}[window.where]


# --- relations -------------------------------------------------------------------------------------------------------

#: A match in the tree: its head, all tokens spoken of, what is bound.
Tree = tuple[int, frozenset[int], Bindings]


def _related(relation: Relation, video: Video) -> set[Match]:
    if relation.head is None:
        link = relation.links[0]
        roots = [place for place, token in enumerate(video.tokens) if not token.head and token.dep]
        trees = [tree for root in roots for tree in _targets(link, video, root)]
    else:
        trees = [tree for head in range(len(video.tokens)) for tree in _trees(relation, video, head)]
    return {(min(places), max(places) + 1, bound) for _, places, bound in trees}


def _trees(relation: Relation, video: Video, head: int) -> Iterator[Tree]:
    """The matches of a relation whose head is this token."""
    assert relation.head is not None
    children = video.children(head)
    if any(True for link in relation.links if link.negated for child in children for _ in _targets(link, video, child)):
        return
    options = [[tree for child in children for tree in _targets(link, video, child)]
               for link in relation.links if not link.negated]
    for _, own in video.ends(relation.head, head):
        for chosen in product(*options):
            if len({child for child, _, _ in chosen}) == len(chosen):  # a child of its own for each link
                yield head, frozenset({head}).union(*(places for _, places, _ in chosen)), _bound(own, chosen)


def _bound(own: Bindings, chosen: tuple[Tree, ...]) -> Bindings:
    for _, _, more in chosen:
        own = bind(own, more)
    return own


def _targets(link: Link, video: Video, child: int) -> Iterator[Tree]:
    """The matches of a link's target whose topmost token is this one."""
    if link.relation is not None and not token_fulfils(link.relation, video.tokens[child]):
        return
    if isinstance(link.target, Relation):
        yield from _trees(link.target, video, child)
    else:
        yield from ((child, frozenset({child}), bound) for _, bound in video.ends(link.target, child))


# --- conditions ------------------------------------------------------------------------------------------------------

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def fulfilled(condition: Condition | None, video: Video, bound: Mapping[str, int]) -> bool:
    """Whether a condition holds of a match."""
    if condition is None:
        return True
    if isinstance(condition, Every):
        return all(fulfilled(part, video, bound) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(fulfilled(part, video, bound) for part in condition.parts)
    return _compare(condition, video, bound) if isinstance(condition, Compare) else not fulfilled(condition.part, video, bound)


def _compare(compare: Compare, video: Video, bound: Mapping[str, int]) -> bool:
    left, right = compare.left, compare.right
    if isinstance(left, Value) and isinstance(right, Test):
        return _value_is(left, compare.operator, right, video, bound)
    has = _side(left, video, bound)
    if has is None:
        return False
    if isinstance(right, Test):
        assert isinstance(left, Field)
        return _field_is(left.name, str(has), compare.operator, right)
    wanted = _side(right, video, bound)
    if wanted is None:
        return False
    return _OPERATORS[compare.operator](str(has).casefold() if isinstance(left, Field) and isinstance(wanted, str) else has, wanted)


def _side(side: Value | Between | Field | float, video: Video, bound: Mapping[str, int]) -> str | float | None:
    """One side of a comparison; none where something is not there."""
    if isinstance(side, Field):
        return fact(video.doc, side.name)
    if isinstance(side, Value):
        return compared(video.tokens[bound[side.label]], side.layer) or None if side.label in bound else None
    if not isinstance(side, Between):
        return float(side)
    if side.first not in bound or side.second not in bound:
        return None
    first, second = bound[side.first], bound[side.second]
    if side.unit == "distance":
        return abs(first - second)
    times = video.spoken(first), video.spoken(second)
    return None if times[0] is None or times[1] is None else abs(times[0] - times[1]) / 1000


def _value_is(value: Value, sign: str, test: Test, video: Video, bound: Mapping[str, int]) -> bool:
    """``a.pos = "NOUN"`` is true where ``[pos="NOUN"]`` would be, and so for ``!=``."""
    if value.label not in bound:
        return False
    asked = Test(value.layer, test.value, test.regex, test.cased, test.folded)
    return holds(asked if sign == "=" else Not(asked), video.tokens[bound[value.label]])


def _field_is(name: str, has: str, sign: str, test: Test) -> bool:
    """A field compared with text: like a test, or in the order of letters; dates as far as both are known."""
    if sign in {"=", "!="}:
        return value_fulfils(test, has) == (sign == "=")
    coarser = name in {*_CUT, "week"}
    return _OPERATORS[sign](has[: len(test.value)] if coarser else has, test.value[: len(has)] if coarser else test.value)


# --- from matches to hits --------------------------------------------------------------------------------------------


def found(query: Query, doc: Doc, searched: Sequence_[bool], layers: Layers | None = None) -> dict[tuple[int, int], list[Bindings]]:
    """The matches that may become hits, each with all bindings that fulfil the condition: no strategy yet."""
    video = Video(doc, layers or {})
    allowed: dict[tuple[int, int], list[Bindings]] = {}
    for start, end, bound in sorted(video.matches(query.pattern)):
        if end > start and fulfilled(query.condition, video, dict(bound)) and all(searched[start:end]):
            allowed.setdefault((start, end), []).append(bound)
    return allowed


def chosen(spans: set[tuple[int, int]], strategy: str) -> list[tuple[int, int]]:
    """Of all matches those that become hits."""
    one = max if strategy == "longest" else min
    kept = [one(span for span in spans if span[0] == start) for start in sorted({start for start, _ in spans})]
    others = [(span, [other for other in kept if other != span]) for span in kept]
    if strategy == "standard":
        return [span for span, rest in others if not any(end == span[1] and start < span[0] for start, end in rest)]
    if strategy == "longest":
        return [span for span, rest in others if not any(start <= span[0] and span[1] <= end for start, end in rest)]
    if strategy == "shortest":
        return [span for span, rest in others if not any(span[0] <= start and end <= span[1] for start, end in rest)]
    assert strategy == "traditional"
    return kept


def hits(query: Query, docs: Sequence_[Doc], inside: Mapping[str, Sequence_[bool]] | None = None, *,
         layers: Layers | None = None, strategy: str = "") -> list[Hit]:
    """All hits in the videos of ``inside``, which says of each token whether it is searched (none: all are).

    A strategy that the query itself names goes before the one given.
    """
    result: list[Hit] = []
    for doc in sorted(docs, key=lambda doc: doc.video.encode()):
        if inside is None or doc.video in inside:
            searched = [True] * len(doc.tokens) if inside is None else inside[doc.video]
            spans = set(found(query, doc, searched, layers))
            result += [(doc.video, *span) for span in chosen(spans, query.strategy or strategy or DEFAULT_STRATEGY)]
    return result
