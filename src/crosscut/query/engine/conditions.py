"""What must hold of a whole match: what stands behind ``::``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from crosscut.query.engine import lexicon
from crosscut.query.engine.constraint import Decided
from crosscut.query.engine.matches import UNBOUND, Matches
from crosscut.query.pattern import AnyOf, Between, Compare, Condition, Every, Field, Listed, Not, Test, Untrue, Value
from crosscut.store.shard import Shard

Bools = npt.NDArray[np.bool_]

_COMPARISONS: dict[str, Callable[[npt.NDArray[np.float64], float], Bools]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Videos(Protocol):
    """What is known of the videos of a shard, one value a document."""

    def compared(self, condition: Compare) -> Bools:
        """Which are as a comparison of a field says."""

    def texts(self, field: str) -> Sequence[str]:
        """A field as text, "" where nothing is known."""


def fulfilled(shard: Shard, spans: Matches, condition: Condition, videos: Videos) -> Bools:
    """Which matches fulfil a condition."""
    if isinstance(condition, Untrue):
        return ~fulfilled(shard, spans, condition.part, videos)
    if isinstance(condition, (Every, AnyOf)):
        combine = np.logical_and if isinstance(condition, Every) else np.logical_or
        result: Bools = combine.reduce([fulfilled(shard, spans, part, videos) for part in condition.parts])
        return result
    if isinstance(condition.left, Field):
        document = np.searchsorted(shard.bounds, spans.start, side="right") - 1
        if isinstance(condition.right, Value):
            return _said(shard, spans, condition, videos.texts(condition.left.name), document)
        of_document: Bools = videos.compared(condition)[document]
        return of_document
    if isinstance(condition.left, Between):
        return _apart(shard, spans, condition.left, condition)
    return _valued(shard, spans, condition.left, condition)


def _place(spans: Matches, label: str) -> npt.NDArray[np.int64]:
    return spans.bound.get(label, np.full(len(spans), UNBOUND))


def _apart(shard: Shard, spans: Matches, between: Between, condition: Compare) -> Bools:
    first, second = _place(spans, between.first), _place(spans, between.second)
    known = (first != UNBOUND) & (second != UNBOUND)
    if between.unit == "seconds":
        start = shard.column("start")
        one, other = start[np.maximum(first, 0)].astype(np.int64), start[np.maximum(second, 0)].astype(np.int64)
        known &= (one >= 0) & (other >= 0)
        apart = np.abs(one - other) / 1000
    else:
        apart = np.abs(first - second).astype(np.float64)
    assert isinstance(condition.right, float)
    good: Bools = known & _COMPARISONS[condition.operator](apart, condition.right)
    return good


def _valued(shard: Shard, spans: Matches, value: Value, condition: Compare) -> Bools:
    at = _place(spans, value.label)
    known = at != UNBOUND
    if isinstance(condition.right, Test):
        test = Test(value.layer, condition.right.value, condition.right.regex, condition.right.cased, condition.right.folded)
        asked = Decided(shard, test if condition.operator == "=" else Not(test))
        so: Bools = known & asked.holds(np.maximum(at, 0))
        return so
    assert isinstance(condition.right, Value)
    other = _place(spans, condition.right.label)
    one, has = _codes(shard, value.layer, np.maximum(at, 0))
    two, has_too = _codes(shard, condition.right.layer, np.maximum(other, 0))
    same = one == two if value.layer == condition.right.layer else _same_text(shard, value, condition.right, one, two)
    good: Bools = known & (other != UNBOUND) & has & has_too & (same if condition.operator == "=" else ~same)
    return good


def _said(
    shard: Shard, spans: Matches, condition: Compare, texts: Sequence[str], document: npt.NDArray[np.int64],
) -> Bools:
    """A field of the video against what a label's token is: ``video.title = a.word``."""
    assert isinstance(condition.right, Value)
    at = _place(spans, condition.right.label)
    codes, has = _codes(shard, condition.right.layer, np.maximum(at, 0))
    said = shard.lexicon(lexicon.stored(Listed(condition.right.layer, "", ()))).take(codes)
    same = [(texts[d].casefold() == value.casefold()) == (condition.operator == "=")
            for d, value in zip(document.tolist(), said, strict=True)]
    known = np.array([bool(texts[d]) for d in document.tolist()], bool)
    good: Bools = known & has & (at != UNBOUND) & np.array(same, bool)
    return good


def _codes(shard: Shard, layer: str, at: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Bools]:
    """The codes of some tokens in a layer, written alike whatever their case, and which of them have a value."""
    name = lexicon.stored(Listed(layer, "", ()))
    column = shard.column(layer)[at] if layer in lexicon.TOKEN_LAYERS else shard.type_codes(name)[shard.column("type")[at]]
    codes = column.astype(np.int64)
    if layer in ("pos", "tag", *lexicon.TOKEN_LAYERS):  # few labels: those that differ in case alone are one
        first: dict[str, int] = {}
        labels = enumerate(shard.lexicon(name).tolist())
        codes = np.array([first.setdefault(label.casefold(), code) for code, label in labels], np.int64)[codes]
    return codes, column != shard.lexicon(name).find("")


def _same_text(
    shard: Shard, value: Value, other: Value, one: npt.NDArray[np.int64], two: npt.NDArray[np.int64],
) -> Bools:
    left, right = (shard.lexicon(lexicon.stored(Listed(side.layer, "", ()))).take(codes)
                   for side, codes in ((value, one), (other, two)))
    return np.array([a.casefold() == b.casefold() for a, b in zip(left, right, strict=True)], bool)
