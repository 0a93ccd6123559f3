"""What a query means, written as plainly as possible: the definition that the fast search is checked against."""

from __future__ import annotations

import re
from collections.abc import Sequence as Sequence_

from crosscut.query.pattern import And, Constraint, Either, Not, Or, Pattern, Repeat, Sequence, Test, Token
from crosscut.tokens import norm
from tests.helpers.corpora import Doc, Tok

Hit = tuple[str, int, int]


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
    return _fulfils(constraint, token)


def known(constraint: Constraint, token: Tok) -> bool:
    """Whether the token has a value in every layer that the constraint speaks of."""
    if isinstance(constraint, Test):
        return constraint.layer in {"word", "norm"} or str(getattr(token, constraint.layer)) != ""
    parts = constraint.parts if isinstance(constraint, (And, Or)) else (constraint.part,)
    return all(known(part, token) for part in parts)


def _fulfils(test: Test, token: Tok) -> bool:
    in_form = test.layer in {"word", "norm"}
    value = norm(token.form) if in_form else str(getattr(token, test.layer))
    if test.regex:
        return value != "" and re.fullmatch(test.value, value, re.IGNORECASE) is not None
    return value != "" and value.casefold() == (norm(test.value) if in_form else test.value.casefold())


def ends(pattern: Pattern, tokens: Sequence_[Tok], start: int) -> set[int]:
    """Where matches that begin at ``start`` end (exclusive)."""
    if isinstance(pattern, Token):
        return {start + 1} if start < len(tokens) and holds(pattern.constraint, tokens[start]) else set()
    if isinstance(pattern, Either):
        return {end for part in pattern.parts for end in ends(part, tokens, start)}
    if isinstance(pattern, Sequence):
        reached = {start}
        for part in pattern.parts:
            reached = {end for place in reached for end in ends(part, tokens, place)}
        return reached
    assert isinstance(pattern, Repeat)
    reached, found = {start}, {start} if pattern.low == 0 else set()
    for times in range(1, pattern.high + 1):
        reached = {end for place in reached for end in ends(pattern.part, tokens, place)}
        found |= reached if times >= pattern.low else set()
    return found


def hits(pattern: Pattern, docs: Sequence_[Doc], inside: dict[str, list[bool]]) -> list[Hit]:
    """All hits in the videos of ``inside``, which says of each token whether it is searched; the longest per start."""
    found = []
    for doc in sorted(docs, key=lambda doc: doc.video.encode()):
        if doc.video not in inside:
            continue
        searched = inside[doc.video]
        for start in range(len(doc.tokens)):
            allowed = [end for end in ends(pattern, doc.tokens, start) if end > start and all(searched[start:end])]
            if allowed:
                found.append((doc.video, start, max(allowed)))
    return found
