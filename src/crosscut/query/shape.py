"""What can be said of a pattern without looking at any video?"""

from __future__ import annotations

from dataclasses import fields

from crosscut.query.pattern import Containing, Edge, Either, Gap, Label, Pattern, Relation, Repeat, Sequence, Token, Within


def least(pattern: Pattern) -> int:
    """How many tokens a match has at least."""
    if isinstance(pattern, (Within, Containing)):
        return max(1, least(pattern.part))
    if isinstance(pattern, Repeat):
        return pattern.low * least(pattern.part)
    if isinstance(pattern, (Sequence, Either)):
        return (sum if isinstance(pattern, Sequence) else min)(map(least, pattern.parts))
    return 0 if isinstance(pattern, (Edge, Gap)) else 1


def may_be_skipped(pattern: Pattern) -> bool:
    """Whether a pattern matches no token at all wherever it stands: then once more of it changes nothing."""
    if isinstance(pattern, Repeat):
        return pattern.low == 0 or may_be_skipped(pattern.part)
    if isinstance(pattern, Sequence):
        return all(map(may_be_skipped, pattern.parts))
    return isinstance(pattern, Either) and any(map(may_be_skipped, pattern.parts))


def matches_something(pattern: Pattern) -> bool:
    """Whether a match can have a token at all."""
    if isinstance(pattern, Within):
        return matches_something(pattern.part)
    if isinstance(pattern, Containing):
        return matches_something(pattern.part)
    if isinstance(pattern, Repeat):
        return pattern.high != 0 and matches_something(pattern.part)
    if isinstance(pattern, (Sequence, Either)):
        return any(map(matches_something, pattern.parts))
    return not isinstance(pattern, Edge)


def bound(pattern: Pattern | None) -> set[str]:
    """Labels that a match may bind: not those within what surrounds it, what it holds, or what must not be there."""
    if isinstance(pattern, Label):
        return {pattern.name}
    if isinstance(pattern, (Within, Containing, Repeat)):
        return bound(pattern.part)
    if isinstance(pattern, (Sequence, Either)):
        return set().union(*map(bound, pattern.parts))
    if isinstance(pattern, Relation):
        return bound(pattern.head).union(*(bound(link.target) for link in pattern.links if not link.negated))
    return set()


def surroundings(pattern: Pattern) -> tuple[int, Pattern, int]:
    """A pattern without the ``[]{0,n}`` at its two ends, and how many tokens these are at most: 0 where there is none.

    What is left has a token in each match; else the pattern stays as it is.
    """
    parts = pattern.parts if isinstance(pattern, Sequence) else (pattern,)
    left, right = _anything(parts[0]), _anything(parts[-1])
    middle = parts[int(left > 0) : len(parts) - int(right > 0)]
    if not middle or not sum(map(least, middle)):
        return 0, pattern, 0
    return left, middle[0] if len(middle) == 1 else Sequence(middle), right


def _anything(part: Pattern) -> int:
    """How many tokens a part takes at most if it is ``[]{0,n}``, else 0."""
    return part.most if isinstance(part, Repeat) and part.part == Token() and part.low == 0 else 0


def deep(tree: object) -> int:
    """How many levels a tree has; found without going down level by level, as a tree may be too deep for that."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        if isinstance(node, tuple):
            waiting += [(part, level) for part in node]
        elif hasattr(node, "__dataclass_fields__"):
            deepest = max(deepest, level)
            waiting += [(getattr(node, field.name), level + 1) for field in fields(node)]  # type: ignore[arg-type]
    return deepest
