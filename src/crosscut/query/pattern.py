"""The tree of a question, and how it is written; knows nothing of storage.

A pattern stands for a set of *matches* in one video: stretches of tokens, from ``start`` to ``end`` (exclusive), with a
place for each label that was bound on the way.  ``tests/query/slow.py`` says in the plainest words what each node matches.
Of all matches a *strategy* keeps those that become hits (see ``STRATEGIES``).  ``str`` of a tree is CQL, and parsing that
gives the tree again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: Layers that can be asked for.  word and norm without regard to case are the same question.
LAYERS = ("word", "norm", "lemma", "pos", "tag", "dep", "entity")

#: Which matches become hits, in the words of the Corpus Workbench.  An empty match is none.
STRATEGIES = {
    "standard": "from each start the shortest match; of those with the same end the one that begins first",
    "longest": "from each start the longest match; those that lie in another are left out",
    "shortest": "from each start the shortest match; those that hold another are left out",
    "traditional": "from each start the shortest match, whatever overlaps",
}
DEFAULT_STRATEGY = "standard"

#: ``*``, ``+`` and ``{2,}`` stop after so many times.
OPEN_REPEAT = 100


@dataclass(frozen=True, slots=True)
class Test:
    """One layer of a token (or an attribute of a structure) against a value: literal or whole-value regular expression.

    ``cased``: capitals count (``(?-i)``); ``folded``: accents do not (``%d``).
    """

    layer: str
    value: str
    regex: bool = False
    cased: bool = False
    folded: bool = False

    def __str__(self) -> str:
        return f"{self.layer}={self.written}"

    @property
    def written(self) -> str:
        """The value in quotation marks."""
        value = self.value if self.regex else escape(self.value)
        return f'"{"(?-i)" if self.cased else ""}{value}"{" %d" if self.folded else ""}'


@dataclass(frozen=True, slots=True)
class Listed:
    """A layer of a token against the words of a list of the study file, case ignored: ``[lemma=$words.captive]``."""

    layer: str
    name: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.layer}=$words.{self.name}"


@dataclass(frozen=True, slots=True)
class Not:
    """What the part is not.  A token that has no value in a layer of the part is neither."""

    part: Constraint

    def __str__(self) -> str:
        if isinstance(self.part, (Test, Listed)):
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


#: What one token must be.
Constraint = Test | Listed | Not | And | Or


@dataclass(frozen=True, slots=True)
class Token:
    """One token; without a constraint, any."""

    constraint: Constraint | None = None

    def __str__(self) -> str:
        return f"[{self.constraint if self.constraint else ''}]"


@dataclass(frozen=True, slots=True)
class Label:
    """A token with a name, for the condition behind ``::`` and for the hits: ``a:[pos="NOUN"]``."""

    name: str
    token: Token

    def __str__(self) -> str:
        return f"{self.name}:{self.token}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Any tokens between two others, by time: the next token begins ``low`` to ``high`` ms after the one before began.

    Only between two parts of a sequence; where no times are known, nothing matches.
    """

    low: int
    high: int

    def __str__(self) -> str:
        return f"[]{{{seconds(self.low)},{seconds(self.high)}}}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part from ``low`` to ``high`` times; ``None``: as often as can be, but no more than ``OPEN_REPEAT``."""

    part: Pattern
    low: int
    high: int | None

    def __str__(self) -> str:
        times = {(0, 1): "?", (0, None): "*", (1, None): "+"}.get((self.low, self.high))
        if times is None:
            both = f"{self.low}" if self.low == self.high else f"{self.low},{'' if self.high is None else self.high}"
            times = f"{{{both}}}"
        return inner(self.part, _ATOMS) + times

    @property
    def most(self) -> int:
        """How often at most."""
        return max(OPEN_REPEAT, self.low) if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after another."""

    parts: tuple[Pattern, ...]

    def __str__(self) -> str:
        return " ".join(inner(part, (*_ATOMS, Repeat)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """Any of several patterns."""

    parts: tuple[Pattern, ...]

    def __str__(self) -> str:
        return " | ".join(inner(part, (*_ATOMS, Repeat, Sequence)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a structure begins (``<s>``) or ends (``</s>``): between two tokens, no token of its own."""

    structure: str
    end: bool = False

    def __str__(self) -> str:
        return f"<{'/' if self.end else ''}{self.structure}>"


@dataclass(frozen=True, slots=True)
class Region:
    """A whole structure: ``<s/>``, ``<video outlet="en_AJ"/>``, ``<turn role="host"/>``.

    ``video``, ``s`` (sentence), or a span layer by its name, whose attributes are ``label``, ``confidence`` and its own.
    """

    structure: str
    tests: tuple[Test | Not, ...] = ()

    def __str__(self) -> str:
        return f"<{' '.join((self.structure, *map(str, self.tests)))}/>"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: the ``first`` or ``last`` so many ms of a video, or ``any`` so many.

    A match lies in the first minute when its last token begins before 60 s; in the last minute when its first token
    begins no more than 60 s before the last token of the video; within 5 s when its last token begins no more than 5 s
    after its first.
    """

    where: str
    ms: int

    def __str__(self) -> str:
        return " ".join(filter(None, (self.where if self.where != "any" else "", seconds(self.ms))))


@dataclass(frozen=True, slots=True)
class Within:
    """Matches of a part that lie inside a match of another pattern, or in a window; ``negated``: that do not."""

    part: Pattern
    outer: Pattern | Window
    negated: bool = False

    def __str__(self) -> str:
        outer = str(self.outer) if isinstance(self.outer, Window) else inner(self.outer, (*_ATOMS, Repeat, Sequence))
        left = inner(self.part, (*_ATOMS, Repeat, Sequence, Either, Within))
        return f"{left} {'!' if self.negated else ''}within {outer}"


@dataclass(frozen=True, slots=True)
class Containing:
    """Matches of a part that hold a match of another pattern; ``negated``: that do not."""

    part: Pattern
    held: Pattern
    negated: bool = False

    def __str__(self) -> str:
        left = inner(self.part, (*_ATOMS, Repeat, Sequence, Either, Containing))
        return f"{left} {'!' if self.negated else ''}containing {inner(self.held, (*_ATOMS, Repeat, Sequence))}"


@dataclass(frozen=True, slots=True)
class Link:
    """A child of a token: its relation (none: any) and what it must be; ``negated``: there is no such child."""

    relation: Test | None
    target: Token | Label | Relation
    negated: bool = False

    def __str__(self) -> str:
        name = "" if self.relation is None else self.relation.value if self.relation.regex else escape(self.relation.value)
        return f"{'!' if self.negated else ''}-{name}-> {node(self.target)}"


@dataclass(frozen=True, slots=True)
class Relation:
    """A token and its children in the tree of the sentence: ``_ -nsubj-> [lemma="army"] ; !-obj-> _``.

    Without a ``head`` the one link leads to the root: ``^--> _``.  Each link has a child of its own.  The match reaches
    from the first to the last of all tokens spoken of (not of those that must not be there).
    """

    head: Token | Label | None
    links: tuple[Link, ...]

    def __str__(self) -> str:
        head = "^" if self.head is None else node(self.head)
        return f"{head} " + " ; ".join(map(str, self.links))


Pattern = (Token | Label | Gap | Repeat | Sequence | Either | Edge | Region | Within | Containing | Relation)
_ATOMS: tuple[type, ...] = (Token, Label, Gap, Edge, Region)


def inner(part: Pattern, bare: tuple[type, ...]) -> str:
    """A part within another, in parentheses unless it is one of some kinds."""
    return str(part) if isinstance(part, bare) else f"({part})"


def node(part: Token | Label | Relation) -> str:
    """A node of a tree of relations: ``_`` is any token."""
    if isinstance(part, Relation):
        return f"({part})"
    return "_" if part == Token() else str(part)


@dataclass(frozen=True, slots=True)
class Value:
    """What a label's token has in a layer: ``a.lemma``."""

    label: str
    layer: str

    def __str__(self) -> str:
        return f"{self.label}.{self.layer}"


@dataclass(frozen=True, slots=True)
class Between:
    """How far two labels are apart: ``distance(a, b)`` in tokens, ``seconds(a, b)`` between their starts; never negative."""

    unit: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.unit}({self.first}, {self.second})"


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of the video, as in ``--where``: ``video.outlet``."""

    name: str

    def __str__(self) -> str:
        return f"video.{self.name}"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two sides compared (``= != < <= > >=``).  With a label that was not bound, or a value that is not there: false.

    ``right``: a value in quotation marks (a ``Test``, whose layer means nothing), a number, or another value.
    """

    left: Value | Between | Field
    operator: str
    right: Test | float | Value

    def __str__(self) -> str:
        right = self.right.written if isinstance(self.right, Test) else plain(self.right) if isinstance(
            self.right, float) else str(self.right)
        return f"{self.left} {self.operator} {right}"


@dataclass(frozen=True, slots=True)
class Every:
    """All conditions."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " & ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any of the conditions."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " | ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Untrue:
    """A condition that must not hold."""

    part: Condition

    def __str__(self) -> str:
        return f"!({self.part})"


#: What must hold of a whole match, behind ``::``.
Condition = Compare | Every | AnyOf | Untrue


@dataclass(frozen=True, slots=True)
class Query:
    """A pattern, the condition on its matches, and the strategy that the query itself names ("": the default)."""

    pattern: Pattern
    condition: Condition | None = None
    strategy: str = ""

    def __str__(self) -> str:
        before = f"(?{self.strategy}) " if self.strategy else ""
        return f"{before}{self.pattern}" + (f" :: {self.condition}" if self.condition else "")


Node = Query | Pattern | Constraint | Condition | Link | Window | Value | Between | Field

_SPECIAL = frozenset("\\.^$*+?{}[]()|\"'")


def escape(text: str) -> str:
    """A literal as a regular expression."""
    return "".join("\\" + character if character in _SPECIAL else character for character in text)


def seconds(ms: int) -> str:
    """A time as queries write it: ``3s``, ``0.5s``."""
    return plain(ms / 1000) + "s"


def plain(number: float) -> str:
    """A number without an exponent: to thousandths, as a query can write it."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def walk(tree: object) -> Iterator[object]:
    """A tree and all that is in it, each before its parts."""
    yield tree
    if isinstance(tree, tuple):
        for part in tree:
            yield from walk(part)
    elif hasattr(tree, "__slots__"):
        for name in tree.__slots__:
            yield from walk(getattr(tree, name))
