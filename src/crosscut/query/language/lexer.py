"""What are the pieces of a query, and where do they stand?  And the cursor that the parser moves over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from crosscut.errors import QueryError

LONGEST_QUERY = 10_000
#: How deep parentheses and negations may be nested.
DEEPEST = 50

_LEXEME = re.compile(
    r"""\s*(?:(?P<string>l?"(?:[^"\\]|\\.)*"|l?'(?:[^'\\]|\\.)*')"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<number>[0-9]+(?:\.[0-9]+)?)"""
    r"""|(?P<arrow>-[^\s>"']*?->)|(?P<flags>%\w+)|(?P<list>\$[^\W\d][\w-]*(?:\.[\w-]+)?)|(?P<repeat>\{[^{}]*\})"""
    r"""|(?P<op>::|!=|==|=>|<=|>=|<<|</|/>|->|[\[\]()=!&|?*+<>,.;:^/@]))""", re.DOTALL)

#: Signs of other dialects, and what is written here instead.
_SIGNS = {
    "%": "write what follows the value directly behind it: \"caf.\" %d",
    "$": "a list of the study file is written $words.NAME",
    "-": "a relation is written -nsubj->, or --> for any",
    "{": "say how often: {2}, {0,3} or {1,}",
    "#": "there are no comments in a query",
    "~": "~ is for --where; a value is an expression already: [lemma=\"cease.*\"]",
}


class Lexeme(NamedTuple):
    """A piece of a query: what it is, its text, and where it begins and ends."""

    kind: str
    text: str
    column: int
    end: int


def lexemes(query: str) -> Iterator[Lexeme]:
    """The pieces of a query; the last one is of kind ``end``."""
    at, length = 0, len(query.rstrip())
    while at < length:
        found = _LEXEME.match(query, at)
        if not found:
            column = at + len(query[at:]) - len(query[at:].lstrip())
            raise QueryError(_strange(query[column]), query, column)
        kind = str(found.lastgroup)
        yield Lexeme(kind, found[kind], found.start(kind), found.end(kind))
        at = found.end()
    yield Lexeme("end", "", len(query), len(query))


def _strange(character: str) -> str:
    if character in "\"'":
        return f"this {character} is never closed"
    if character in "“”„‘’«»":
        return f'use straight quotation marks " instead of {character}'
    return f"{character!r} has no meaning here" + (f"; {_SIGNS[character]}" if character in _SIGNS else "")


class Cursor:
    """A place among the pieces of a query; every error that it makes knows its column."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.lexemes = list(lexemes(query))
        self.at = 0
        self.depth = 0

    def ahead(self, steps: int = 0) -> Lexeme:
        """The piece that comes next, or one further on."""
        return self.lexemes[min(self.at + steps, len(self.lexemes) - 1)]

    def peek(self, steps: int = 0) -> str:
        """What comes next: the text of a sign, the kind of anything else."""
        lexeme = self.ahead(steps)
        return lexeme.text if lexeme.kind == "op" else lexeme.kind

    def named(self, *names: str) -> bool:
        """Whether a certain word comes next, written without quotation marks."""
        lexeme = self.ahead()
        return lexeme.kind == "name" and lexeme.text in names

    def take(self) -> Lexeme:
        """The next piece, and one step on."""
        lexeme = self.ahead()
        self.at = min(self.at + 1, len(self.lexemes) - 1)
        return lexeme

    def taken(self, *texts: str) -> bool:
        """Whether one of these signs comes next; if so, one step on."""
        found = self.peek() in texts and self.ahead().kind == "op"
        self.at += found
        return found

    def expect(self, text: str, why: str) -> None:
        """One step over a sign that must be here."""
        if not self.taken(text):
            raise self.fail(f"expected {text} {why}")

    def fail(self, message: str, at: Lexeme | None = None) -> QueryError:
        """The error to raise about a piece: the next one unless told."""
        return QueryError(message, self.query, (at or self.ahead()).column)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in; there is an end to that."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"nested too deeply: at most {DEEPEST} levels")
        yield
        self.depth -= 1
