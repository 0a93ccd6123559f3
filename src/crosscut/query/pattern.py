"""The tree of a question: frozen, printable, and ignorant of storage."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from crosscut.errors import QueryError

#: Layers that a token can be asked for.
LAYERS = ("word", "norm", "lemma", "pos", "tag")

#: A pattern that stands for more fixed sequences than this is refused; the full language comes without this limit.
MOST_SEQUENCES = 500
#: So is one that stands for a sequence of more tokens than this.
LONGEST_SEQUENCE = 1_000


@dataclass(frozen=True, slots=True)
class Test:
    """One layer of a token against a value: literal or whole-token regular expression, case ignored."""

    layer: str
    value: str
    regex: bool = False

    def __str__(self) -> str:
        return f'{self.layer}="{self.value if self.regex else escape(self.value)}"'


@dataclass(frozen=True, slots=True)
class Not:
    """What the part is not."""

    part: Constraint

    def __str__(self) -> str:
        if isinstance(self.part, Test):
            return str(self.part).replace("=", "!=", 1)
        return f"!({self.part})"


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts at once."""

    parts: tuple[Constraint, ...]

    def __str__(self) -> str:
        return " & ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: tuple[Constraint, ...]

    def __str__(self) -> str:
        return " | ".join(str(part) for part in self.parts)


Constraint = Test | Not | And | Or


@dataclass(frozen=True, slots=True)
class Token:
    """One token; without a constraint, any."""

    constraint: Constraint | None = None

    def __str__(self) -> str:
        return f"[{self.constraint if self.constraint else ''}]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part from ``low`` to ``high`` times."""

    part: Pattern
    low: int
    high: int

    def __str__(self) -> str:
        inner = f"({self.part})" if isinstance(self.part, (Sequence, Either)) else str(self.part)
        return f"{inner}{{{self.low},{self.high}}}"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after another."""

    parts: tuple[Pattern, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Either) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """Any of several patterns."""

    parts: tuple[Pattern, ...]

    def __str__(self) -> str:
        return " | ".join(str(part) for part in self.parts)


Pattern = Token | Repeat | Sequence | Either

_SPECIAL = frozenset("\\.^$*+?{}[]()|\"'")


def escape(text: str) -> str:
    """A literal as a regular expression."""
    return "".join("\\" + character if character in _SPECIAL else character for character in text)


def sequences(pattern: Pattern) -> list[tuple[Token, ...]]:
    """All fixed sequences of tokens that the pattern stands for, each once, none empty."""
    found = [sequence for sequence in dict.fromkeys(_sequences(pattern)) if sequence]
    if not found:
        raise QueryError("this query matches nothing at all: ask for at least one token", str(pattern))
    return found


def _sequences(pattern: Pattern) -> list[tuple[Token, ...]]:
    if isinstance(pattern, Token):
        return [(pattern,)]
    if isinstance(pattern, Either):
        return _limited([s for part in pattern.parts for s in _sequences(part)])
    if isinstance(pattern, Repeat):
        once = list(dict.fromkeys(_sequences(pattern.part)))
        _bounded(pattern.high * _longest(once))
        chains: list[list[tuple[Token, ...]]] = [[()]]
        for _ in range(pattern.high):
            chains.append(_limited(list(dict.fromkeys(left + right for left in chains[-1] for right in once))))
        return _limited([s for chain in chains[pattern.low :] for s in chain])
    parts = [_sequences(part) for part in pattern.parts]
    _bounded(sum(_longest(part) for part in parts))
    size = 1
    for part in parts:
        size *= len(part)
        if size > MOST_SEQUENCES:
            _limited([()] * size)
    return [tuple(token for piece in choice for token in piece) for choice in product(*parts)]


def _longest(found: list[tuple[Token, ...]]) -> int:
    return max(map(len, found), default=0)


def _bounded(length: int) -> None:
    if length > LONGEST_SEQUENCE:
        raise QueryError(f"this query stands for a sequence of more than {LONGEST_SEQUENCE} tokens: repeat less often")


def _limited(found: list[tuple[Token, ...]]) -> list[tuple[Token, ...]]:
    if len(found) > MOST_SEQUENCES:
        raise QueryError(f"this query stands for more than {MOST_SEQUENCES} sequences of tokens: make gaps shorter")
    return found
