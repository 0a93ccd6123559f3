"""Which lines show a collocate?  Queries for the tokens that were counted near the hits of another query.

A token near a hit is one that lies within a match of ``[]{0,5} NODE []{0,5}``, and in no match of the node itself: the lines
are the tokens that count, each once.  There may be more of them where the strategy keeps fewer hits than the node has
matches, or where a stretch of the mask ends a window.  In seconds: ``[x] []{0,3s} NODE | NODE []{0,3s} [x]``.
"""

from __future__ import annotations

from collections.abc import Sequence as Some
from dataclasses import replace

from crosscut.query.pattern import (
    Either,
    Gap,
    Label,
    Link,
    Pattern,
    Query,
    Region,
    Relation,
    Repeat,
    Sequence,
    Test,
    Token,
    Within,
)
from crosscut.query.sketch import Related


def beside(
    node: Query, value: Token, window: tuple[int, int], seconds: float | None = None, *, within: str = "",
    apart: bool = True,
) -> Query:
    """Tokens of a value near the matches of a node; ``apart``: matches of the node may hold some, which are left out.

    A node with a condition on its labels is part of the lines, since a condition sees no further.
    """
    pattern = node.pattern
    if node.condition:
        return Query(_either_side(pattern, value, window, seconds), node.condition, node.strategy)
    around = (Sequence((*_any(window[0]), pattern, *_any(window[1]))) if seconds is None
              else _either_side(pattern, value, window, seconds))
    found = Within(value, Within(around, Region(within)) if within else around)
    return Query(Within(found, pattern, negated=True) if apart else found)


def _either_side(pattern: Pattern, value: Token, window: tuple[int, int], seconds: float | None) -> Pattern:
    """From the value to the node or from the node to the value."""
    gaps: Some[tuple[Pattern, ...]]
    if seconds is None:
        sides = [side for side in window if side]
        gaps = [_any(side - 1) for side in sides]
        before, behind = bool(window[0]), bool(window[1])
    else:
        gaps, before, behind = [(Gap(0, round(1000 * seconds)),)] * 2, True, True
    parts: list[Pattern] = []
    if before:
        parts.append(Sequence((value, *gaps[0], pattern)))
    if behind:
        parts.append(Sequence((pattern, *gaps[-1], value)))
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def _any(most: int) -> tuple[Pattern, ...]:
    """Up to so many tokens."""
    return (Repeat(Token(), 0, most),) if most else ()


def in_relation(node: Query, relation: Related, value: Token) -> Query | None:
    """Pairs of a node and a value in a relation; None for a node of several tokens: no query says which of them governs.

    One pair is kept of several that begin or end with the same token.
    """
    own = node.pattern
    if not isinstance(own, (Token, Label)):
        return None
    label = Test("dep", "|".join(relation.labels), regex=True)
    head, child = (value, own) if relation.up else (own, value)
    below: Pattern = Relation(Token(), (Link(label, child),)) if relation.through else child
    step = Test("dep", relation.through) if relation.through else label
    return replace(node, pattern=Relation(head, (Link(step, below),)), strategy=node.strategy or "traditional")  # type: ignore[arg-type]
