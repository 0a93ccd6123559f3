"""Two short videos of our own, for the tests that must not depend on the authored scripts."""

from __future__ import annotations

from crosscut.sample.speech import Word, break_lines, say

TEXT = """Good evening. The ferry is late again, and nobody knows why. It's the third time this week.
>> Is it the tide, Dr. Noon? [Music]
>> Nothing. Nothing. Nothing. I've asked the R.P.A. at 4:45 p.m., and 10,000 people wait at Low & High Quay.
>> What a [ __ ] mess. uh, it'll be 3.5 hours, they said.
"""


def words() -> list[Word]:
    """The first one, timed."""
    return say(TEXT, "standin-001")


def lines() -> list[list[Word]]:
    """The same in caption lines."""
    return break_lines(words())
