"""Structures and time in a query: ``<s>``, ``<turn role="host"/>``, ``within 5s``, ``[]{0,3s}``."""

from __future__ import annotations

import re

from crosscut.query.language.conditions import NUMERIC, VIDEO, Conditions
from crosscut.query.language.lexer import Lexeme
from crosscut.query.pattern import LAYERS, Edge, Gap, Not, Region, Test, Window

MOST_REPEATS = 1_000
#: The longest time that a query may name, in ms: a day.
LONGEST_TIME = 86_400_000

_UNITS = {
    1: ("ms", "msec", "millisecond", "milliseconds"), 1_000: ("s", "sec", "secs", "second", "seconds"),
    60_000: ("m", "min", "mins", "minute", "minutes"),
}
UNITS = {name: ms for ms, names in _UNITS.items() for name in names}
_SENTENCE = ("s", "sentence", "sent")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_NUMBER = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)?\s*([^\W\d]*)\s*")


class Structures(Conditions):
    """The part of the parser that reads structures and times."""

    #: Tests of a ``<video outlet="…">`` that was opened in the sequence being read.
    opened: tuple[Test | Not, ...] = ()

    # --- structures ---

    def structure(self) -> Edge | Region:
        """``<s>``, ``</s>``, ``<s/>`` or ``<turn role="host"/>``."""
        end = self.take().text == "</"
        lexeme = self.ahead()
        if lexeme.kind != "name":
            raise self.fail("expected the name of a structure: <s>, </s>, <s/>, <turn role=\"host\"/>")
        self.take()
        if end:
            self.expect(">", f"to close </{lexeme.text}>")
            return Edge(self.structure_name(lexeme, lexeme.text.removesuffix("_" + lexeme.text.partition("_")[2])
                                            if lexeme.text.startswith(tuple(f"{name}_" for name in VIDEO)) else ""), True)
        name, tests = self._attributes(lexeme)
        if self.taken("/>"):
            return Region(name, tests)
        self.expect(">", f"or /> to close <{lexeme.text}")
        if tests and name != "video":
            raise self.fail(f"where a structure begins, nothing is asked of it: write <{name}> … within "
                            f"{Region(name, tests)}", lexeme)
        self.opened += tests
        return Edge(name)

    def structure_name(self, lexeme: Lexeme, written: str = "") -> str:
        """The name of a structure, in our words."""
        name = (written or lexeme.text).lower()
        if name in VIDEO or name in _SENTENCE:
            return "video" if name in VIDEO else "s"
        if name in LAYERS:
            raise self.fail(f'{name} is said of tokens: [{name}="…"]', lexeme)
        if not _NAME.fullmatch(name):
            raise self.fail(f"{lexeme.text!r} is no name of a structure: s, video, or a span layer such as turn", lexeme)
        return name

    def _attributes(self, lexeme: Lexeme) -> tuple[str, tuple[Test | Not, ...]]:
        """The name of a structure and what its attributes must be."""
        if self.peek() in {"=", "!="}:  # CWB's <text_outlet="…">
            first, _, attribute = lexeme.text.partition("_")
            if first not in VIDEO or not attribute:
                first, _, attribute = lexeme.text.rpartition("_")
                better = f"{first} {attribute}" if first else f"{lexeme.text} label"
                raise self.fail(f'write the attribute after a blank: <{better}="…"/>', lexeme)
            return "video", (self._attribute("video", lexeme, attribute),)
        name = self.structure_name(lexeme)
        tests: list[Test | Not] = []
        while self.ahead().kind == "name" or (tests and self.taken("&")):
            tests.append(self._attribute(name, self.take()))
        if self.peek() == "|":
            raise self.fail('write alternatives as one expression: <video outlet="en_AJ|en_BBC"/>')
        return name, tuple(tests)

    def _attribute(self, structure: str, lexeme: Lexeme, attribute: str = "") -> Test | Not:
        attribute = attribute or lexeme.text
        if structure == "s":
            raise self.fail("sentences have no attributes: <s/>", lexeme)
        if structure == "video":
            attribute = self.field(lexeme, attribute.lower())
        if self.peek() not in {"=", "==", "!="}:
            raise self.fail(f'expected = or != after {attribute}: <{structure} {attribute}="…"/>')
        sign = self.take().text
        if self.peek() != "string":
            raise self.fail(f'write the value in quotation marks: <{structure} {attribute}="…"/>')
        test = self.quoted(attribute, sign == "==")
        if structure == "video" and attribute in NUMERIC:
            raise self.fail(f"{attribute} is a number; write :: video.{attribute} > 60", lexeme)
        if structure == "video":
            self.check_date(attribute, test, "=", lexeme)
        return Not(test) if sign == "!=" else test

    # --- time ---

    def window(self) -> Window | None:
        """``first 60s``, ``last 1 min``, ``5 seconds``; none if no time comes next."""
        where = "any"
        if self.named("first", "last"):
            where = self.take().text
            if self.peek() != "number":
                raise self.fail(f"how long? write within {where} 60s")
        if self.peek() != "number" or self.peek(1) == ":":
            return None
        number, unit = self.take(), self.ahead()
        if unit.kind != "name":
            raise self.fail(f"{number.text} of what? write within {number.text}s for seconds; for tokens, say how many may "
                            f'lie between: "…" []{{0,{number.text}}} "…"', number)
        self.take()
        if where == "any" and unit.text == "s" and unit.column > number.end:
            raise self.fail(f"{number.text} s means so many sentences elsewhere; write within {number.text} seconds or "
                            f"within {number.text}s, or within s for one sentence", number)
        return Window(where, self.milliseconds(number.text, unit.text, number))

    def milliseconds(self, number: str, unit: str, at: Lexeme) -> int:
        """A time in ms."""
        if unit.lower() not in UNITS:
            raise self.fail(f"{unit!r} is no unit of time: s, ms or min (for structures write within <turn/>, without a "
                            f"number)", at)
        if len(number) > 12 or (ms := round(float(number) * UNITS[unit.lower()])) > LONGEST_TIME:
            raise self.fail("a time is a day at most", at)
        return ms

    def times(self) -> tuple[int, int | None] | Gap:
        """How often something is repeated, or how long a gap is."""
        lexeme = self.take()
        if lexeme.kind != "repeat":
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[lexeme.text]
        low, comma, high = lexeme.text[1:-1].partition(",")
        first, second = _NUMBER.fullmatch(low), _NUMBER.fullmatch(high)
        if not (first and second and (first[1] or second[1])):
            raise self.fail("say how often: {2}, {0,3} or {1,}; how long: []{0,3s}", lexeme)
        if first[2] or second[2]:
            return self._gap(first, second, lexeme)
        return self._often(first[1] or "0", second[1] if comma else first[1], lexeme)

    def _often(self, low: str, high: str | None, lexeme: Lexeme) -> tuple[int, int | None]:
        if "." in low + (high or ""):
            raise self.fail("how often is a whole number; for a time add a unit: []{0,2.5s}", lexeme)
        least, most = _whole(low), None if high is None else _whole(high)
        if least > MOST_REPEATS or (most is not None and not least <= most <= MOST_REPEATS):
            raise self.fail(f"repeat from a lower to a higher number, at most {MOST_REPEATS:,}", lexeme)
        return least, most

    def _gap(self, low: re.Match[str], high: re.Match[str], lexeme: Lexeme) -> Gap:
        """``{0,3s}``: a number without a unit has that of the other."""
        unit = high[2] or low[2]
        self.milliseconds("0", unit, lexeme)
        if not high[1]:
            raise self.fail("say from when to when: []{0,3s}", lexeme)
        first = self.milliseconds(low[1] or "0", low[2] or unit, lexeme)
        last = self.milliseconds(high[1], unit, lexeme)
        if first > last:
            raise self.fail("from a shorter to a longer time: []{1s,3s}", lexeme)
        return Gap(first, last)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < 10 else MOST_REPEATS + 1
