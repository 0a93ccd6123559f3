"""What may stand behind ``::``, and what is known of a video by its name there."""

from __future__ import annotations

import re
from dataclasses import replace

from crosscut.query.fields import FIELDS
from crosscut.query.language.lexer import Lexeme
from crosscut.query.language.values import Values, flat, near
from crosscut.query.pattern import AnyOf, Between, Compare, Condition, Every, Field, Test, Untrue, Value

Side = Value | Between | Field | Test | float

#: What other corpora call a video.
VIDEO = ("video", "text", "doc")
FUNCTIONS = {"distance": "distance", "distabs": "distance", "dist": "distance", "seconds": "seconds"}
NUMERIC = frozenset({"words", "duration", "punctuated", "word_timed", "unknown", "wpm", "silence"})
_DAY = r"\d{4}-\d\d-\d\d"
_DATES = {"year": r"\d{4}", "month": r"\d{4}-\d\d", "day": _DAY, "date": _DAY, "week": r"\d{4}-W\d\d"}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ELSEWHERE = {
    "lbound": "write <s> before the token", "rbound": "write </s> behind the token", "start": "write distance(a, b)",
    "end": "write distance(a, b)", "strlen": "write an expression: [word=\".{5,}\"]", "f": "it is not available",
    "matchend": "give the token a label: a:[…] :: a.lemma = …",
}


class Conditions(Values):
    """The part of the parser that reads conditions.

    ``labels`` are those that a match binds, ``hidden`` those that stand only inside what surrounds it or what it holds.
    """

    labels: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    def condition(self) -> Condition:
        """Conditions joined; ``a -> b`` is ``!a | b``."""
        with self.deeper():
            left = self._any()
            return flat(AnyOf, [Untrue(left), self.condition()]) if self.taken("->") else left

    def _any(self) -> Condition:
        parts = [self._every()]
        while self.taken("|"):
            parts.append(self._every())
        return flat(AnyOf, parts)

    def _every(self) -> Condition:
        parts = [self._single()]
        while self.taken("&"):
            parts.append(self._single())
        return flat(Every, parts)

    def _single(self) -> Condition:
        with self.deeper():
            if self.taken("!") or (self.named("not") and self.take()):
                return Untrue(self._single())
            if self.taken("("):
                inside = self.condition()
                self.expect(")", "to close the parenthesis")
                return inside
            return self._compare()

    # --- comparisons ---

    def _compare(self) -> Condition:
        begin = self.ahead()
        left = self._side("")
        if self.peek() == "==":
            self.take()
            return self._ordered(left, "=", self._side(_layer(left), literal=True), begin)
        if self.peek() not in _MIRRORED:
            raise self.fail(f"expected a comparison after {left}: = != < <= > or >=, as in a.lemma = b.lemma")
        return self._ordered(left, self.take().text, self._side(_layer(left)), begin)

    def _side(self, layer: str, literal: bool = False) -> Side:
        """One side of a comparison."""
        if self.peek() == "string":
            return replace(self.value(layer, literal), layer="")
        if self.peek() == "number" and self.peek(1) != ".":
            return self._number()
        if self.peek() not in {"name", "number"}:
            raise self.fail("expected a label's value (a.lemma), distance(a, b), seconds(a, b), video.outlet, a number or a "
                            "word in quotation marks")
        if self.peek(1) == "(":
            return self._function()
        return self._dotted()

    def _number(self) -> float:
        lexeme = self.take()
        if self.ahead().kind == "name" and self.ahead().column == lexeme.end:
            raise self.fail("numbers stand without a unit: seconds(a, b) < 2.5", lexeme)
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", lexeme.text):
            raise self.fail("a number has at most nine digits before the point and three behind it", lexeme)
        return float(lexeme.text)

    def _function(self) -> Between:
        lexeme = self.take()
        if lexeme.text not in FUNCTIONS:
            hint = _ELSEWHERE.get(lexeme.text, "there are distance(a, b) and seconds(a, b)")
            raise self.fail(f"unknown function {lexeme.text!r}; {hint}", lexeme)
        self.take()
        first = self.label(self.take())
        self.expect(",", f"between two labels: {lexeme.text}(a, b)")
        second = self.label(self.take())
        self.expect(")", f"after two labels: {lexeme.text}(a, b)")
        return Between(FUNCTIONS[lexeme.text], first, second)

    def _dotted(self) -> Value | Field:
        lexeme = self.take()
        self.expect(".", f"and a layer after {lexeme.text}, as in {lexeme.text}.lemma")
        name = self.ahead().text.lower()
        if lexeme.text in VIDEO:
            return Field(self.field(self.take()))
        if name.startswith(("text_", "doc_", "video_")):  # CWB's match.text_outlet
            return Field(self.field(self.take(), name.partition("_")[2]))
        label = self.label(lexeme)
        return Value(label, self.layer())

    def label(self, lexeme: Lexeme) -> str:
        """The name of a label that matches bind."""
        name = lexeme.text
        if name in self.labels:
            return name
        if name in {"match", "matchend", "target", "keyword"}:
            raise self.fail(f'{name} is not known here; give the token a label: a:[pos="NOUN"] … :: a.lemma = "…"', lexeme)
        if name in self.hidden:
            raise self.fail(f"the label {name} stands inside what the match lies within, holds or must not have, and is not "
                            f"seen from outside", lexeme)
        known = f"defined: {', '.join(sorted(self.labels))}" if self.labels else 'none is: write a:[pos="NOUN"]'
        raise self.fail(f"no label {name!r} is defined; {known}" if name else "expected a label", lexeme)

    def _ordered(self, left: Side, sign: str, right: Side, at: Lexeme) -> Compare:
        """A comparison with what is spoken of on its left."""
        if isinstance(left, (Test, float)) or (isinstance(left, Value) and isinstance(right, Field)):
            left, sign, right = right, _MIRRORED[sign], left
        if isinstance(left, (Test, float)):
            raise self.fail("one side must speak of a label or of the video: a.lemma, distance(a, b), video.outlet", at)
        if isinstance(right, (Between, Field)):
            raise self.fail(f"compare {left} with a value, not with {right}", at)
        if isinstance(left, Between):
            if not isinstance(right, float):
                raise self.fail(f"{left} is a number: {left} <= 5", at)
            return Compare(left, sign, right)
        return self._valued(left, sign, right, at) if isinstance(left, Value) else self._fielded(left, sign, right, at)

    def _valued(self, left: Value, sign: str, right: Test | float | Value, at: Lexeme) -> Compare:
        if isinstance(right, float):
            raise self.fail(f'write the value in quotation marks: {left} = "{right:g}"', at)
        if sign not in {"=", "!="}:
            raise self.fail(f"words have no order: only = and != compare {left}", at)
        return Compare(left, sign, right)

    def _fielded(self, left: Field, sign: str, right: Test | float | Value, at: Lexeme) -> Compare:
        if left.name in NUMERIC:
            number = float(right.value) if isinstance(right, Test) and re.fullmatch(r"[0-9]{1,9}", right.value) else right
            if not isinstance(number, float):
                raise self.fail(f"{left} is a number: {left} > 60", at)
            return Compare(left, sign, number)
        if isinstance(right, float):
            right = Test("", f"{right:g}")
        if sign not in {"=", "!="} and left.name not in _DATES:
            raise self.fail(f"only dates and numbers have an order, not {left}", at)
        if isinstance(right, Test):
            self.check_date(left.name, right, sign, at)
        return Compare(left, sign, right)

    # --- what is known of a video ---

    def field(self, lexeme: Lexeme, name: str = "") -> str:
        """The name of something that is known of a video, as in ``--where``."""
        name = name or lexeme.text.lower()
        if name not in FIELDS:
            raise self.fail(f"unknown field {name!r} of a video; {near(name, FIELDS)}", lexeme)
        return name

    def check_date(self, field: str, test: Test, sign: str, at: Lexeme) -> None:
        """Refuse what no date can be, or what no order can be made of: it would never be found."""
        if field not in _DATES or (test.regex and sign in {"=", "!="}):
            return
        shape = _DATES[field] if sign in {"=", "!="} or field == "week" else r"\d{4}(-\d\d(-\d\d)?)?"
        if test.regex or test.cased or test.folded or not re.fullmatch(shape, test.value):
            raise self.fail(f"{test.value!r} is no {field}; a date is written 2024-07-04, a month 2024-07, a week 2024-W27: "
                            f'month = "2024-07", or date >= "2024-07"', at)


def _layer(side: Side) -> str:
    return side.layer if isinstance(side, Value) else ""
