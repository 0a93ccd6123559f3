r"""What may stand in quotation marks, and between ``[`` and ``]``?

A value is a whole-value regular expression (RE2) if it has a sign of one, else a literal.  ``(?-i)`` at its beginning
makes capitals count, ``%d`` behind it lets accents not; ``==``, ``%l`` and ``l"…"`` make it a literal whatever it holds.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import re2

from crosscut.query.language.lexer import Cursor, Lexeme
from crosscut.query.pattern import LAYERS, And, Constraint, Listed, Not, Or, Test
from crosscut.tokens import is_initialism, tokenise

Part = TypeVar("Part")

#: What other corpora call our layers.
ALIASES = {
    "lc": "norm", "word_lc": "norm", "form": "word", "lemma_lc": "lemma", "upos": "pos", "xpos": "tag",
    "deprel": "dep", "ner": "entity",
}
_CASE = re.compile(r"(?:\(\?-?i\))+")
_PLAIN = re.compile(r"(?:[^\\.^$*+?{}\[\]()|]|\\[^A-Za-z0-9])*", re.DOTALL)
_INNER_QUOTE = re.compile(r'((?<!\\)(?:\\\\)*)"')
_SURROGATE = re.compile("[\ud800-\udfff]")  # no token holds one, and RE2 cannot read it


def flat(kind: Callable[[tuple[Part, ...]], Part], parts: Iterable[Part]) -> Part:
    """One tree for one meaning: parentheses that change nothing leave no trace."""
    inner = [piece for part in parts for piece in (part.parts if type(part) is kind else (part,))]  # type: ignore[attr-defined]
    return inner[0] if len(inner) == 1 else kind(tuple(inner))


def near(name: str, names: Iterable[str]) -> str:
    """A hint at what may have been meant."""
    known = list(names)
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"


def wrong_expression(value: str) -> str:
    """What is wrong with a regular expression, "" if nothing is."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        re2.compile(_SURROGATE.sub("\ufffd", value), options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return ""


class Values(Cursor):
    """The part of the parser that reads values and what one token must be."""

    def __init__(self, query: str, languages: Iterable[str], words: Mapping[str, Iterable[str]]) -> None:
        super().__init__(query)
        self.languages = sorted(set(languages)) or ["en"]
        self.words = {name: tuple(entries) for name, entries in words.items()}

    # --- values ---

    def value(self, layer: str, literal: bool = False) -> Test:
        """A value in quotation marks that one token is to have."""
        lexeme = self.ahead()
        test = self.quoted(layer, literal)
        if layer == "word" and not test.regex and self.parted(test.value):
            raise self.fail(f"{test.value!r} is more than one token; write it outside the brackets: {lexeme.text}", lexeme)
        if layer in {"word", "norm"} and not test.regex and not tokenise(test.value, self.languages[0]).forms:
            raise self.fail("marks are no tokens: nothing counts them, and nothing can ask for them", lexeme)
        if layer in {"word", "norm", "lemma"} and re.search(r"\s", test.value):
            raise self.fail(f'a value is one token, without blanks; write "…" "…" instead of {lexeme.text}', lexeme)
        return test

    def quoted(self, layer: str, literal: bool = False) -> Test:
        """A value in quotation marks with what is written behind it."""
        lexeme = self.take()
        flags = self.flags()
        text = lexeme.text.removeprefix("l")
        value, cased = text[1:-1], False
        if literal or "l" in flags or lexeme.text.startswith("l"):
            return Test(layer, self.some(re.sub(r"\\([\"'])", r"\1", value), lexeme), folded="d" in flags)
        if case := _CASE.match(value):
            value, cased = value[case.end():], case[0].endswith("(?-i)")
        return self.test(layer, self.some(value, lexeme), lexeme, cased, "d" in flags)

    def flags(self) -> str:
        """What is written behind a value: ``%c`` is what is done anyway, ``%d`` and ``%l`` change it."""
        flags = ""
        while self.peek() == "flags":
            lexeme = self.take()
            if wrong := set(lexeme.text[1:]) - set("cdl"):
                raise self.fail(f"%{min(wrong)} is not known: %d lets accents not count, %l is a literal, %c (case does not "
                                f"count) is what is done anyway", lexeme)
            flags += lexeme.text[1:]
        return flags

    def some(self, value: str, lexeme: Lexeme) -> str:
        """A value, which must not be empty."""
        if not value:
            raise self.fail("an empty value matches nothing; [] is any token", lexeme)
        return value

    def test(self, layer: str, value: str, lexeme: Lexeme, cased: bool = False, folded: bool = False) -> Test:
        """A value as a literal if it can be one, else as an expression."""
        if layer in {"word", "norm"} and is_initialism(value):
            return Test(layer, value, False, cased, folded)  # the stops of U.S. are no wildcards
        if _PLAIN.fullmatch(value):
            return Test(layer, re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL), False, cased, folded)
        if wrong := wrong_expression(value):
            raise self.fail(f"not a regular expression: {wrong} (RE2: no look-around, no references back; "
                            f"write \\ before . ? * + ( ) [ ] {{ }} | to mean the sign itself)", lexeme)
        return Test(layer, _INNER_QUOTE.sub(r'\1\"', value), True, cased, folded)

    def parted(self, value: str) -> bool:
        """Whether the tokeniser parts a value into several tokens, in any language of the corpus."""
        return any(len(tokenise(value, language)) > 1 for language in self.languages)

    def listed(self, layer: str) -> Listed:
        """A list of the study file by its name."""
        lexeme = self.take()
        name = lexeme.text[1:]
        if name not in self.words:
            name = name.removeprefix("words.")
        if name not in self.words:
            known = near(name, self.words) if self.words else f'write [words] and {name} = ["…"] into crosscut.toml'
            raise self.fail(f"the study file has no list {name!r}; {known}", lexeme)
        for entry in self.words[name]:
            if layer in {"word", "norm"} and self.parted(entry):
                raise self.fail(f"the list {name} holds {entry!r}, which is more than one token: it would never be found",
                                lexeme)
        if not self.words[name]:
            raise self.fail(f"the list {name} is empty", lexeme)
        return Listed(layer, name, self.words[name])

    # --- one token ---

    def constraint(self) -> Constraint:
        """What one token must be; ``&`` binds more tightly than ``|``."""
        parts = [self._all()]
        while self.taken("|"):
            parts.append(self._all())
        return flat(Or, parts)

    def _all(self) -> Constraint:
        parts = [self._one()]
        while self.taken("&"):
            parts.append(self._one())
        return flat(And, parts)

    def _one(self) -> Constraint:
        with self.deeper():
            if self.taken("!"):
                return Not(self._one())
            if self.peek() in {"&", "|"}:
                raise self.fail(f"one {self.peek()} is enough, between two tests")
            if self.taken("("):
                inside = self.constraint()
                self.expect(")", "to close the parenthesis")
                return inside
            return self._comparison()

    def _comparison(self) -> Constraint:
        layer = self.layer()
        if self.peek() not in {"=", "==", "!="}:
            raise self.fail(f"expected = or != after {layer}")
        sign = self.take().text
        if self.peek() not in {"string", "list"}:
            raise self.fail(self._unquoted(layer))
        test = self.listed(layer) if self.peek() == "list" else self.value(layer, sign == "==")
        if self.peek() in {"string", "name"}:
            raise self.fail('join what one token must be with & or |: [lemma="talk" & pos="VERB"]')
        return Not(test) if sign == "!=" else test

    def layer(self) -> str:
        """The name of a layer, in our words."""
        lexeme = self.ahead()
        if lexeme.kind != "name":
            raise self.fail(_no_layer(lexeme))
        self.take()
        name = lexeme.text.lower()
        name = ALIASES.get(name, name)
        if name not in LAYERS:
            hint = f'write "{name}" or [lemma="{name}"]' if self.peek() == "]" else near(name, LAYERS)
            raise self.fail(f"unknown layer {lexeme.text!r}; {hint}", lexeme)
        return name

    def _unquoted(self, layer: str) -> str:
        lexeme = self.ahead()
        if lexeme.kind == "name" and self.peek(1) == ".":
            return f"two tokens are compared behind ::, as in a:[] b:[] :: a.{layer} = b.{layer}"
        value = lexeme.text if lexeme.kind in {"name", "number"} else "…"
        return f'write the value in quotation marks: {layer}="{value}"'


def _no_layer(lexeme: Lexeme) -> str:
    if lexeme.kind == "string":
        return f"expected a layer: [word={lexeme.text}], or {lexeme.text} without brackets"
    if lexeme.kind == "list":
        return f"expected a layer: [lemma={lexeme.text}]"
    if lexeme.text in {":", "::"}:
        return 'what follows without being part of the hit ([: :]) cannot be asked for; write it as a part of its own'
    return 'expected a layer: [lemma="captive"]'


