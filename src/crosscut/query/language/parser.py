r"""What a user may write, and how it becomes a query.  ``docs/query-language.md`` is the manual, with examples.

Simple form (no brackets or quotation marks)
    ``peace talks``        these words, one after the other; case never matters
    ``negotiat*``          words that begin so; ``*`` is any run of letters
    ``hostage|captive``    either; ``|`` between whole phrases too

CQL, from the loosest to the tightest
    query       ``[(?strategy)] expression [:: condition]``
    expression  ``either``, then any number of ``within`` / ``containing`` / ``!within`` / ``!containing`` and what
                that is: a sequence, ``s``, ``<turn role="host"/>``, or a time: ``5s``, ``first 60s``, ``last 1 min``
    either      ``sequence | sequence``; a sequence may be a relation: ``_ -nsubj-> "army" ; !-obj-> _``
    sequence    parts one after another, each with ``? * + {n} {n,m}``; between two parts ``[]{0,3s}`` is a time
    part        ``"word"``, ``[lemma="talk" & pos="VERB"]``, ``$words.captive``, ``a:[…]``, ``<s>``, ``</s>``,
                ``<turn/>``, or an expression in parentheses
    condition   ``a.lemma = b.lemma``, ``distance(a, b) <= 5``, ``seconds(a, b) < 2.5``, ``video.outlet = "en_AJ"``,
                joined by ``& | !`` and parentheses

A query never crosses a video.  It crosses sentence marks: they are given for some outlets and predicted for others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from crosscut.errors import QueryError
from crosscut.query.language.lexer import DEEPEST, LONGEST_QUERY, Lexeme
from crosscut.query.language.structures import MOST_REPEATS, Structures
from crosscut.query.language.values import flat, near
from crosscut.query.pattern import (
    LAYERS,
    STRATEGIES,
    Containing,
    Either,
    Gap,
    Label,
    Link,
    Pattern,
    Query,
    Region,
    Relation,
    Repeat,
    Sequence,
    Test,
    Token,
    Window,
    Within,
    escape,
    walk,
)
from crosscut.query.shape import bound, deep, least, matches_something
from crosscut.tokens import norm, tokenise

__all__ = ["DEEPEST", "LONGEST_QUERY", "MOST_REPEATS", "parse", "simple"]

#: Each label is a column of all partial matches.
MOST_LABELS = 20

_CQL = re.compile(r"""["\[\]]|^\s*['(^@/]|<\s*/?\w|\$[^\W\d]|->|=>|::|^\s*MU\b""")
_STRATEGY = re.compile(r"\s*\(\?([^\W\d]+)\)")
_MARKS = re.compile(r"^[^\w*]+|[^\w*]+$")
_MEET = re.compile(r"\s*\(?\s*(?:MU\s*\(|meet\s*[\"'\[(])")
_RESERVED = frozenset({"match", "matchend", "target", "keyword", "video", "text", "doc", "_"})

#: What somebody may write in the simple form who means something else, and what to write.
_TRAPS = (
    (re.compile(rf"\b({'|'.join(LAYERS)})\s*!?="), 'write [lemma="…"] with brackets and quotation marks'),
    (re.compile(r"[{}]"), 'write "…" in quotation marks to say how often, [lemma="…"] for a lemma'),
    (re.compile(r"\w\?\w"), 'only * stands for letters; write an expression: "wom.n"'),
    (re.compile(r"^\s*(set|show|sort|cat|group|count|size|info|dump|tabulate|reduce|cut|save|exit)\b.*;\s*$", re.DOTALL),
     "that is a command of CQP, not a query; options of crosscut kwic and freq do what they do (strategies: (?longest) …)"),
    (re.compile(r"\s(?:within|containing)\s+s\s*$"), 'write the words in quotation marks: "…" within s'),
)

#: Words of other dialects that stand where a part is expected, or behind the query.
_WORDS = {
    "mu": 'near one another is written with a gap: "a" []{0,3} "b" | "b" []{0,3} "a", or with a time: []{0,3s}',
    "expand": "hits are not expanded: write <s> []* \"…\" []* </s>, or ask the concordance for more context",
    "cut": "how many hits are shown is said outside the query", "sort": "the order is said outside the query",
    "and": 'parts stand side by side: "a" "b"', "or": "alternatives are written with |",
    "union": "alternatives are written with |",
    "_": "_ stands for a token in relations only (_ -nsubj-> _); elsewhere write [] for a token, []* for any number",
}
_WORDS["meet"] = _WORDS["mu"]
_SIGNS = {
    "@": "targets are labels here: a:[…], and a.lemma behind ::", "/": "macros are not available; a whole sentence is <s/>",
    "<<": "a whole structure is written <s/>", ">": "a structure is written <s>, </s> or <s/>",
    "=>": "languages are not aligned here", "^": "^ stands first, in parentheses among other parts: (^--> _)",
    "=": "a query has no name here; write only what stands behind the =",
    "&": "what holds of a whole match stands behind ::", "->": "a relation is written -nsubj->, or --> for any",
    "!": "! negates inside [ ], before within and containing, before a relation, and behind ::",
    "|": "one | stands between two alternatives, each a pattern of its own",
    ",": "parts are not separated by a comma", ".": "write [] for any token",
    ";": "; stands between the relations of one head: _ -nsubj-> _ ; -obj-> _",
    "{": "say how often: {2}, {0,3} or {1,}",
}


def parse(query: str, languages: Iterable[str] = ("en",), words: Mapping[str, Iterable[str]] | None = None) -> Query:
    """What a query means, in either form.

    ``languages`` decides how plain words are cut into tokens; ``words`` are the lists of the study file by name.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"a query has at most {LONGEST_QUERY:,} characters")
    strategy = _STRATEGY.match(query)
    rest = query if strategy is None else " " * strategy.end() + query[strategy.end():]
    try:
        name = "" if strategy is None else _strategy(strategy, query)
        if not rest.strip():
            raise QueryError("an empty query: write a word, or [lemma=\"word\"]", query)
        if _MEET.match(rest):
            raise QueryError(_WORDS["meet"], rest, len(rest) - len(rest.lstrip()))
        found = _Parser(rest, languages, words or {}).parse() if is_cql(rest) else Query(simple(rest, languages))
    except QueryError as error:  # with the strategy in front again
        raise QueryError(error.message, query if error.query else "", error.column) from None
    return Query(found.pattern, found.condition, name)


def is_cql(query: str) -> bool:
    """Whether a query is more than plain words."""
    return _CQL.search(query) is not None


def _strategy(written: re.Match[str], query: str) -> str:
    if written[1].lower() not in STRATEGIES:
        hint = near(written[1].lower(), STRATEGIES)
        raise QueryError(f"unknown matching strategy {written[1]!r}; {hint}", query, written.start(1))
    return written[1].lower()


def simple(query: str, languages: Iterable[str]) -> Pattern:
    """The pattern of plain words."""
    for trap, hint in _TRAPS:
        if found := trap.search(query):
            raise QueryError(hint, query, found.start() + len(found[0]) - len(found[0].lstrip()))
    return _phrases(query, languages, lambda form: Test("norm", norm(form)))


def _phrases(query: str, languages: Iterable[str], test: Callable[[str], Test]) -> Pattern:
    """``a b|c d`` is (``a b``) or (``c d``), as each language cuts it into tokens."""
    found: dict[Pattern, None] = {}
    phrases = [phrase.strip() for phrase in query.split("|")]
    if not all(phrases):
        raise QueryError("nothing on one side of |", query, query.index("|"))
    for phrase in phrases:
        for language in sorted(set(languages)) or ["en"]:
            tokens = [token for word in phrase.split() for token in _plain(word, language, test)]
            if not tokens:
                raise QueryError("nothing but marks: punctuation is not counted as words", query)
            found[flat(Sequence, tokens)] = None
    return flat(Either, found)


def _plain(word: str, language: str, test: Callable[[str], Test]) -> list[Pattern]:
    if "*" in word:
        pieces = re.split(r"\*+", _MARKS.sub("", word))
        return [Token(Test("norm", ".*".join(escape(norm(piece)) for piece in pieces), regex=True))]
    return [Token(test(form)) for form in tokenise(word, language).forms if norm(form)]


class _Parser(Structures):
    """The part of the parser that reads patterns."""

    def parse(self) -> Query:
        pattern = self.expression()
        condition = None
        if self.peek() == "&" and self.peek(1) in {"string", "[", "list", "<"}:
            raise self.fail("two patterns are not asked for in one place; & joins what one token must be: [… & …]")
        if self.taken("::", "&"):  # & is how the Sketch Engine writes it
            self.labels = frozenset(bound(pattern))
            self.hidden = frozenset(node.name for node in walk(pattern) if isinstance(node, Label)) - self.labels
            condition = self.condition()
        if self.peek() == ";" and self.peek(1) == "end":  # CQP ends its queries so
            self.take()
        if self.ahead().kind != "end":
            raise self.fail(self._unexpected())
        if deep(pattern) + deep(condition) > 2 * DEEPEST:
            raise self.fail("nested too deeply", self.lexemes[0])
        if len({node.name for node in walk(pattern) if isinstance(node, Label)}) > MOST_LABELS:
            raise self.fail(f"at most {MOST_LABELS} labels", self.lexemes[0])
        if not matches_something(pattern):
            raise self.fail("this matches no token, and a hit has at least one", self.lexemes[0])
        return Query(pattern, condition)

    def _unexpected(self) -> str:
        lexeme = self.ahead()
        if lexeme.kind == "end":
            return "the query ends too early"
        hint = _WORDS.get(lexeme.text.lower(), "") if lexeme.kind == "name" else _SIGNS.get(lexeme.text, "")
        if lexeme.kind == "name" and self.peek(1) == "=":
            hint = _SIGNS["="]
        elif not hint and lexeme.kind == "name":
            hint = f'write words in quotation marks ("{lexeme.text}"), structures so: <{lexeme.text}/>'
        if not hint and (lexeme.kind in {"string", "list"} or lexeme.text in {"[", "("}):
            hint = "put in parentheses what belongs together"
        return f"{lexeme.text!r} was not expected here" + (f"; {hint}" if hint else "")

    # --- expressions ---

    def expression(self) -> Pattern:
        """Alternatives, and what they must lie within or hold."""
        with self.deeper():
            left, seen, depth = self.either(), "", self.depth
            while word := self._position():
                if seen not in {"", word.text}:
                    raise self.fail("within and containing together need parentheses: (… within …) containing …, or "
                                    "… within (… containing …)", word)
                seen, negated = word.text, self.ahead() is not word
                self.at += 1 + negated
                self.depth += 1
                if self.depth > DEEPEST:
                    raise self.fail(f"nested too deeply: at most {DEEPEST} levels", word)
                left = self._within(left, negated) if seen == "within" else Containing(left, self._held(), negated)
            self.depth = depth
            return left

    def _position(self) -> Lexeme | None:
        """The word ``within`` or ``containing`` if it comes next, maybe behind ``!`` or ``not``."""
        lexeme = self.ahead(1) if self.peek() == "!" or self.named("not") else self.ahead()
        return lexeme if lexeme.kind == "name" and lexeme.text in {"within", "containing"} else None

    def _within(self, part: Pattern, negated: bool) -> Pattern:
        outer: Pattern | Window | None = self.window()
        return Within(part, outer or self._held(), negated)

    def _held(self) -> Pattern:
        """What stands behind ``within`` or ``containing``: a structure by its bare name, or a sequence."""
        begin = self.ahead()
        if begin.kind == "name" and begin.text != "_" and self.peek(1) != ":":
            self.take()
            return Region(self.structure_name(begin))
        pattern = self.operand()
        if self.peek() == "|":
            raise self.fail("put in parentheses what belongs together: (… | …) within s, or … within (… | …)")
        if not matches_something(pattern):
            raise self.fail("where a structure begins or ends there is no token; write within <s/>", begin)
        return pattern

    def either(self) -> Pattern:
        """Sequences with ``|`` between them."""
        parts = [self.operand()]
        while self.taken("|"):
            parts.append(self.operand())
        return flat(Either, parts)

    def operand(self) -> Pattern:
        """A sequence, or a relation."""
        opened, self.opened = self.opened, ()
        pattern = self._root() if self.peek() == "^" else self._sequence()
        if self.opened:  # <video outlet="…"> at the beginning of something: a query never crosses a video
            pattern = Within(pattern, Region("video", self.opened))
        self.opened = opened
        return pattern

    def _sequence(self) -> Pattern:
        parts: list[Pattern] = []
        begins: list[Lexeme] = []
        while self._begins_part():
            begins.append(self.ahead())
            parts.append(self.repeated())
            if self._at_arrow():
                if len(parts) > 1:
                    raise self.fail(_ALONE, begins[-1])
                return self._alone(Relation(self._node(parts[0], begins[0]), self._links()))
        if not parts:
            raise self.fail(self._unexpected())
        self._check_gaps(parts, begins)
        return flat(Sequence, parts)

    def _begins_part(self) -> bool:
        kind = self.peek()
        if kind in {"name", "number"}:
            return self.peek(1) == ":" or (self.ahead().text == "_" and self._at_arrow(1))
        return kind in {"string", "list", "[", "(", "<", "</"}

    def _check_gaps(self, parts: list[Pattern], begins: list[Lexeme]) -> None:
        """A time is measured between two tokens: there must be one on each side."""
        places = [place for place, part in enumerate(parts) if isinstance(part, Gap)]
        if places and max(map(deep, parts)) > 2 * DEEPEST:
            raise self.fail("nested too deeply", begins[0])
        edges = [-1, *places, len(parts)]
        for number, place in enumerate(places):
            before, after = parts[edges[number] + 1:place], parts[place + 1:edges[number + 2]]
            if not sum(map(least, before)) or not sum(map(least, after)):
                raise self.fail('a gap in seconds stands between two parts that have a token each: "a" []{0,3s} "b"',
                                begins[place])

    # --- parts ---

    def repeated(self) -> Pattern:
        """A part, and how often."""
        begin = self.at
        pattern: Pattern = self.part()
        alone, repeats = self.at - begin == 2 and pattern == Token(), 0
        while self.peek() in {"?", "*", "+", "repeat"}:
            lexeme, repeats = self.ahead(), repeats + 1
            times = self.times()
            if repeats > 5 or isinstance(pattern, Gap):
                raise self.fail("repeated too often" if repeats > 5 else "a gap in seconds is not repeated", lexeme)
            if isinstance(times, Gap) and not (alone and repeats == 1):
                raise self.fail("only [] takes a time: []{0,3s}", lexeme)
            pattern = times if isinstance(times, Gap) else Repeat(pattern, *times)
        return pattern

    def part(self) -> Pattern:
        """A token, a structure, or an expression in parentheses."""
        kind = self.peek()
        if kind in {"<", "</"}:
            return self.structure()
        if kind == "(":
            return self._group()
        if kind == "name" and self.ahead().text == "_" and self.peek(1) != ":":
            self.take()
            return Token()
        return self._labelled() if kind in {"name", "number"} else self._token()

    def _group(self) -> Pattern:
        self.take()
        if self.peek() == "?":
            raise self.fail("a matching strategy stands at the beginning of the query: (?longest) …")
        inside = self.expression()
        if self.peek() == "name":
            raise self.fail(self._unexpected())
        self.expect(")", "to close the parenthesis")
        return inside

    def _token(self) -> Pattern:
        if self.peek() == "string":
            return self._string()
        if self.peek() == "list":
            return Token(self.listed("word"))
        self.expect("[", "to begin a token, or a word in quotation marks")
        if self.taken("]"):
            return Token()
        constraint = self.constraint()
        self.expect("]", "to close the token")
        return Token(constraint)

    def _string(self) -> Pattern:
        """A bare string: one token, or several where the tokeniser parts it (``"don't"`` is ``do`` + ``n't``)."""
        lexeme = self.ahead()
        test = self.quoted("word")
        if test.regex and re.search(r"\s", test.value):
            raise self.fail('each token has quotation marks of its own: "peace.*" "talks"', lexeme)
        if test.regex or not self.parted(test.value):
            return Token(test)
        value = test.value.replace("|", " ").replace("*", " ")  # marks like others here
        if test.cased:
            return _phrases(value, self.languages, lambda form: Test("word", form, False, True, test.folded))
        return _phrases(value, self.languages, lambda form: Test("norm", norm(form), False, False, test.folded))

    def _labelled(self) -> Label:
        lexeme = self.take()
        if lexeme.text in _RESERVED:
            raise self.fail(f"{lexeme.text} has a meaning of its own; give the label another name", lexeme)
        self.take()
        if self.named("_"):
            self.take()
            return Label(lexeme.text, Token())
        if self.peek() not in {"[", "string", "list"}:
            raise self.fail(f"a label names one token: {lexeme.text}:[pos=\"NOUN\"]")
        token = self._token()
        if not isinstance(token, Token):
            raise self.fail("a label names one token, and this is several", lexeme)
        return Label(lexeme.text, token)

    # --- relations ---

    def _at_arrow(self, steps: int = 0) -> bool:
        return self.peek(steps + (self.peek(steps) == "!")) == "arrow"

    def _root(self) -> Pattern:
        """``^-root-> _``."""
        self.take()
        if self.peek() != "arrow":
            raise self.fail("^ is above the root: ^--> _")
        link = self._link()
        if self.peek() == ";":
            raise self.fail("there is one root; say of it what follows: ^--> _ -nsubj-> _ ; -obj-> _")
        return self._alone(Relation(None, (link,)))

    def _alone(self, relation: Relation) -> Relation:
        if self._begins_part() or self.peek() in {"?", "*", "+", "repeat"}:
            raise self.fail(_ALONE)
        return relation

    def _links(self) -> tuple[Link, ...]:
        """The relations of one head, with ``;`` between them."""
        links = [self._link()]
        while self.peek() == ";" and self._at_arrow(1):
            self.take()
            links.append(self._link())
        return tuple(links)

    def _link(self) -> Link:
        with self.deeper():
            negated = self.taken("!")
            lexeme = self.take()
            name = lexeme.text[1:-2]
            relation = self.test("dep", name, lexeme) if name else None
            return Link(relation, self._target(), negated)

    def _target(self) -> Token | Label | Relation:
        """What a relation leads to; where another follows, its head."""
        begin = self.ahead()
        if not (self._begins_part() or self.named("_")):
            raise self.fail("expected a token behind the relation: _ or [lemma=\"…\"]")
        target = self.part()
        if self._at_arrow():
            return Relation(self._node(target, begin), self._links())
        return target if isinstance(target, Relation) else self._node(target, begin)

    def _node(self, part: Pattern, at: Lexeme) -> Token | Label:
        if not isinstance(part, (Token, Label)):
            raise self.fail('a relation stands between single tokens: write alternatives as one, [word="a|b"]', at)
        return part


_ALONE = 'a relation among other parts stands in parentheses: "the" (_ -nsubj-> _)'
