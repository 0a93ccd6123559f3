"""Which hits of a name speak of the same referent?  A filter on what stands near, written as a query.

A hit is near another pattern where it lies wholly within so many tokens of one of its matches, before, behind or inside
it; or within so much time: its first token begins no more than that before the match's first one does, and its last token
no more than that after the match's last one.  In CQL that is ``A within ([]{0,10} B []{0,10})``, so a filtered hit is a hit
of a query that anybody can ask.  What stands near is looked for in the whole video, whatever part of it is searched:
whether a hit counts does not depend on the part.  A video without times cannot say what is near by time, and has no hits.
"""

from __future__ import annotations

from collections.abc import Sequence as Some

from crosscut.query.pattern import Containing, Either, Gap, Label, Pattern, Repeat, Sequence, Token, Window, Within

#: A time that no match is longer than: only in videos with times does one lie within it.
_TIMED = Window("any", 3_600_000)


def filtered(
    pattern: Pattern, near: Some[Pattern], not_near: Some[Pattern], within: int, *, timed: bool = False,
) -> Pattern:
    """Matches of a pattern near a match of any of ``near``, if there are some, and of none of ``not_near``.

    ``within``: tokens, or ms where ``timed``.
    """
    if timed and (near or not_near):
        pattern = Within(pattern, _TIMED)
    for others, negated in ((near, False), (not_near, True)):
        if others:
            outer = _times(either(others), within, _is_one_token(pattern)) if timed else _tokens(either(others), within)
            pattern = Within(pattern, outer, negated)
    return pattern


def apart(pattern: Pattern, others: Some[Pattern]) -> Pattern:
    """Matches that neither lie in a match of any of the others nor hold one: what they name is counted there."""
    if not others:
        return pattern
    return Containing(Within(pattern, either(others), negated=True), either(others), negated=True)


def either(patterns: Some[Pattern]) -> Pattern:
    """Any of some patterns."""
    return patterns[0] if len(patterns) == 1 else Either(tuple(patterns))


def _tokens(other: Pattern, within: int) -> Pattern:
    around = Repeat(Token(), 0, within)
    return Sequence((around, other, around))


def _times(other: Pattern, within: int, one_token: bool) -> Pattern:
    """From a token that begins so much earlier to one that begins so much later: on either side or none, or on both.

    One token lies on one side or the other, and both sides at once would be looked at pair by pair.
    """
    gap, token = Gap(0, within), Token()
    sides = (other, Sequence((token, gap, other)), Sequence((other, gap, token)))
    return Either(sides if one_token else (*sides, Sequence((token, gap, other, gap, token))))


def _is_one_token(pattern: Pattern) -> bool:
    """Whether each match is one token."""
    if isinstance(pattern, (Within, Containing)):
        return _is_one_token(pattern.part)
    return all(map(_is_one_token, pattern.parts)) if isinstance(pattern, Either) else isinstance(pattern, (Token, Label))
