r"""What a user may write, and how it becomes a pattern.

Simple form (no brackets or quotation marks)
    ``peace talks``        these words, one after the other; case never matters
    ``negotiat*``          words that begin so; ``*`` is any run of letters
    ``hostage|captive``    either; ``|`` between whole phrases too

CQL (the field's corpus query language; this is its core, the whole of it comes with the engine)
    ``[lemma="captive"]``            a token by layer: word, norm, lemma, pos (UPOS), tag
    ``"talks"``                      short for ``[word="talks"]``
    ``[lemma="talk" & pos="VERB"]``  ``&``, ``|``, ``!`` and parentheses within a token; ``!=``
    ``"cease.*"``                    whole-token regular expressions (RE2: linear time, whatever the pattern)
    ``"peace" []{0,3} "talks"``      sequences; ``[]`` any token; ``? * + {n} {n,m}`` repeat; ``*`` and ``+`` stop at 10
    ``("hostage" | "captive") "deal"``

A query never crosses a video.  It crosses sentence marks: they are given for some outlets and predicted for others.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from crosscut.errors import QueryError
from crosscut.query.pattern import (
    LAYERS,
    And,
    Constraint,
    Either,
    Not,
    Or,
    Pattern,
    Repeat,
    Sequence,
    Test,
    Token,
)
from crosscut.tokens import is_initialism, norm, tokenise

Part = TypeVar("Part")

LONGEST_QUERY = 10_000
MOST_REPEATS = 50
OPEN_REPEAT = 10
DEEPEST = 50

_LEXEME = re.compile(r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<name>[A-Za-z_]+)"""
                     r"""|(?P<repeat>\{\s*\d*\s*,?\s*\d*\s*\})|(?P<op>!=|[\[\]()=!&|?*+]))""")
_INNER_QUOTE = re.compile(r'((?<!\\)(?:\\\\)*)"')
_MARKS = re.compile(r"^[^\w*]+|[^\w*]+$")
_REGEX = re.compile(r"(?<!\\)(?:\\\\)*[.^$*+?{}\[\]()|]|\\[a-zA-Z]")


def parse(query: str, languages: Iterable[str] = ("en",)) -> Pattern:
    """The pattern of a query in either form; ``languages`` decides how plain words are cut into tokens."""
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"a query has at most {LONGEST_QUERY} characters")
    if not query.strip():
        raise QueryError("an empty query: write a word, or [lemma=\"word\"]")
    if "[" in query or '"' in query or query.lstrip().startswith(("'", "(")):
        return _Parser(query, languages).parse()
    return simple(query, languages)


def simple(query: str, languages: Iterable[str]) -> Pattern:
    """The pattern of plain words."""
    found: dict[Pattern, None] = {}
    for phrase in _phrases(query):
        for language in sorted(set(languages)) or ["en"]:
            tokens = [t for word in phrase.split() for t in _plain(word, language)]
            if not tokens:
                raise QueryError("nothing but marks: punctuation is not counted as words", query)
            found[tokens[0] if len(tokens) == 1 else Sequence(tuple(tokens))] = None
    return next(iter(found)) if len(found) == 1 else Either(tuple(found))


def _phrases(query: str) -> list[str]:
    """``a b|c d`` is (``a b``) or (``c d``)."""
    phrases = [phrase.strip() for phrase in query.split("|")]
    if not all(phrases):
        raise QueryError("nothing on one side of |", query, query.index("|"))
    return phrases


def _plain(word: str, language: str) -> list[Token]:
    if "*" in word:
        pieces = _MARKS.sub("", word).split("*")
        return [Token(Test("norm", ".*".join(re.escape(norm(piece)) for piece in pieces), regex=True))]
    return [Token(Test("norm", norm(form))) for form in tokenise(word, language).forms if norm(form)]


class _Parser:
    """A recursive-descent parser; every error knows its column."""

    def __init__(self, query: str, languages: Iterable[str]) -> None:
        self.query = query
        self.languages = sorted(set(languages)) or ["en"]
        self.lexemes = list(self._lexemes())
        self.at = 0
        self.depth = 0

    def _lexemes(self) -> Iterable[tuple[str, str, int]]:
        at = 0
        while at < len(self.query.rstrip()):
            found = _LEXEME.match(self.query, at)
            if not found:
                column = at + len(self.query[at:]) - len(self.query[at:].lstrip())
                raise QueryError(_strange(self.query[column]), self.query, column)
            kind = str(found.lastgroup)
            yield kind, found[kind], found.start(kind)
            at = found.end()
        yield "end", "", len(self.query)

    def peek(self) -> str:
        kind, text, _ = self.lexemes[self.at]
        return text if kind == "op" else kind

    def take(self) -> tuple[str, str, int]:
        lexeme = self.lexemes[self.at]
        self.at = min(self.at + 1, len(self.lexemes) - 1)
        return lexeme

    def fail(self, message: str, at: int | None = None) -> QueryError:
        return QueryError(message, self.query, self.lexemes[self.at if at is None else at][2])

    def expect(self, text: str, why: str) -> None:
        if self.peek() != text:
            raise self.fail(f"expected {text} {why}")
        self.take()

    def parse(self) -> Pattern:
        pattern = self.either()
        if self.lexemes[self.at][0] != "end":
            raise self.fail(self._unexpected())
        return pattern

    def _unexpected(self) -> str:
        kind, text, _ = self.lexemes[self.at]
        if text in {"within", "containing"}:
            return f"{text} is not available yet: it comes with the whole query language"
        return f"{text!r} was not expected here" + ("; write words in quotation marks" if kind == "name" else "")

    def either(self) -> Pattern:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("parentheses are nested too deeply")
        parts = [self.sequence()]
        while self.peek() == "|":
            self.take()
            parts.append(self.sequence())
        self.depth -= 1
        return _flat(Either, parts)

    def sequence(self) -> Pattern:
        parts = []
        while self.peek() in {"string", "[", "("}:
            parts.append(self.repeated())
        if not parts:
            raise self.fail(self._unexpected() if self.lexemes[self.at][1] else "the query ends too early")
        return _flat(Sequence, parts)

    def repeated(self) -> Pattern:
        pattern, repeats = self.token(), 0
        while self.peek() in {"?", "*", "+", "repeat"}:
            repeats += 1
            if repeats > DEEPEST:
                raise self.fail("repeated too often")
            pattern = Repeat(pattern, *self.times())
        return pattern

    def times(self) -> tuple[int, int]:
        kind, text, column = self.take()
        if kind != "repeat":
            return {"?": (0, 1), "*": (0, OPEN_REPEAT), "+": (1, OPEN_REPEAT)}[text]
        low, comma, high = (piece.strip() for piece in text[1:-1].partition(","))
        if not (low or high) or not (low + high).isdecimal():  # {1 2} comes here too
            raise QueryError("say how often: {2}, {0,3} or {1,}", self.query, column)
        least = _number(low or "0")
        most = (_number(high) if high else max(OPEN_REPEAT, least)) if comma else least
        if most < least or most > MOST_REPEATS:
            raise QueryError(f"repeat from a lower to a higher number, at most {MOST_REPEATS}", self.query, column)
        return least, most

    def token(self) -> Pattern:
        kind, text, column = self.take()
        if kind == "string":
            return self.string(text, column)
        if text == "(":
            inside = self.either()
            self.expect(")", "to close the parenthesis")
            return inside
        if self.peek() == "]":
            self.take()
            return Token()
        constraint = self.disjunction()
        self.expect("]", "to close the token")
        return Token(constraint)

    def string(self, text: str, column: int) -> Pattern:
        """A bare string: one token, or several where the tokeniser parts it (``"don't"`` is ``do`` + ``n't``)."""
        test = self.test("word", text, column)
        if test.regex or not self.parted(test.value):
            return Token(test)
        return simple(test.value, self.languages)

    def parted(self, value: str) -> bool:
        """Whether the tokeniser parts a value into several tokens, in any language of the corpus."""
        return any(len(tokenise(value, language)) > 1 for language in self.languages)

    def disjunction(self) -> Constraint:
        parts = [self.conjunction()]
        while self.peek() == "|":
            self.take()
            parts.append(self.conjunction())
        return _flat(Or, parts)

    def conjunction(self) -> Constraint:
        parts = [self.factor()]
        while self.peek() == "&":
            self.take()
            parts.append(self.factor())
        return _flat(And, parts)

    def factor(self) -> Constraint:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("parentheses are nested too deeply")
        constraint = self._factor()
        self.depth -= 1
        return constraint

    def _factor(self) -> Constraint:
        if self.peek() == "!":
            self.take()
            return Not(self.factor())
        if self.peek() == "(":
            self.take()
            inside = self.disjunction()
            self.expect(")", "to close the parenthesis")
            return inside
        if self.peek() != "name":
            raise self.fail('expected a layer: [lemma="captive"]')
        _, layer, _ = self.take()
        if layer not in LAYERS:
            near = difflib.get_close_matches(layer, LAYERS, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(LAYERS)}"
            raise self.fail(f"unknown layer {layer!r}; {hint}", self.at - 1)
        if self.peek() not in {"=", "!="}:
            raise self.fail(f'expected = or != after {layer}')
        negated = self.take()[1] == "!="
        kind, text, column = self.take()
        if kind != "string":
            raise QueryError(f'write the value in quotation marks: {layer}="…"', self.query, column)
        test = self.test(layer, text, column)
        if layer == "word" and not test.regex and self.parted(test.value):
            hint = f"{test.value!r} is more than one token; write it outside the brackets: {text}"
            raise QueryError(hint, self.query, column)
        return Not(test) if negated else test

    def test(self, layer: str, text: str, column: int) -> Test:
        value = text[1:-1]
        if not value:
            raise QueryError("an empty value matches nothing; [] is any token", self.query, column)
        if layer in {"word", "norm"} and is_initialism(value):
            return Test(layer, value)  # the stops of U.S. are no wildcards
        if _REGEX.search(value):
            return Test(layer, _INNER_QUOTE.sub(r'\1\"', value), regex=True)
        return Test(layer, re.sub(r"\\(.)", r"\1", value))


def _flat(kind: Callable[[tuple[Part, ...]], Part], parts: Iterable[Part]) -> Part:
    """One tree for one meaning: parentheses that change nothing leave no trace."""
    inner = [piece for part in parts for piece in (part.parts if type(part) is kind else (part,))]  # type: ignore[attr-defined]
    return inner[0] if len(inner) == 1 else kind(tuple(inner))


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else MOST_REPEATS + 1


def _strange(character: str) -> str:
    if character in "\"'":
        return f"this {character} is never closed"
    if character in "“”„‘’«»":
        return f'use straight quotation marks " instead of {character}'
    return f"{character!r} has no meaning in a query"
