"""Frames: a row of words with slots, ``the * of gaza``.

Written as plain words, in which ``*`` that stands alone is a slot: any one token (within a word it is any letters, as in
every plain query).  Or as CQL in which slots have labels that begin with ``slot``: ``"the" slot:[pos="NOUN"] "of"``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import groupby
from typing import TypeVar

from crosscut.errors import QueryError
from crosscut.query.language.parser import is_cql, parse, simple
from crosscut.query.language.values import flat
from crosscut.query.pattern import And, Either, Label, Pattern, Query, Sequence, Test, Token
from crosscut.query.shape import bound

Tree = TypeVar("Tree")

#: What a slot is called; a second one is ``slot2``.
SLOT = "slot"


def parse_frame(text: str, languages: Iterable[str] = ("en",), words: Mapping[str, Iterable[str]] | None = None) -> Query:
    """A frame as a query whose slots are labels; QueryError where it has no slot, or nothing but slots."""
    if is_cql(text):
        found = parse(text, languages, words)
        if not slots_of(found):
            raise QueryError(f"a frame has a slot: a label that begins with {SLOT}, as in \"the\" {SLOT}:[] \"of\"", text)
        return found
    phrases = [_frame(phrase.split(), list(languages), text) for phrase in text.split("|")]
    if len({slots_of(phrase) for phrase in phrases}) > 1:
        raise QueryError("alternatives of a frame have the same number of slots", text)
    return Query(flat(Either, phrases))


def _frame(words: list[str], languages: list[str], text: str) -> Pattern:
    """One row of words and slots."""
    parts: list[Pattern] = []
    slots = 0
    for slot, run in groupby(words, lambda word: word == "*"):
        if not slot:
            parts.append(simple(" ".join(run), languages))
            continue
        for _ in run:
            slots += 1
            parts.append(Label(SLOT if slots == 1 else f"{SLOT}{slots}", Token()))
    if not 0 < slots < len(words):
        raise QueryError("a frame is words with a * alone where any word may stand: the * of", text)
    return flat(Sequence, parts)


def slots_of(query: Query | Pattern) -> tuple[str, ...]:
    """The labels of a query that are slots, in order."""
    pattern = query.pattern if isinstance(query, Query) else query
    return tuple(sorted(name for name in bound(pattern) if name.startswith(SLOT)))


def filled(tree: Tree, values: Mapping[str, Test]) -> Tree:
    """A query in which labelled tokens have values, too."""
    if isinstance(tree, Label) and tree.name in values:
        value, before = values[tree.name], tree.token.constraint
        return replace(tree, token=Token(value if before is None else flat(And, (before, value))))
    if isinstance(tree, tuple):
        return tuple(filled(part, values) for part in tree)  # type: ignore[return-value]
    if is_dataclass(tree) and not isinstance(tree, type):
        return replace(tree, **{field.name: filled(getattr(tree, field.name), values) for field in fields(tree)})
    return tree
