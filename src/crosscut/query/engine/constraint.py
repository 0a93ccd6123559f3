"""Which tokens of a shard are as a constraint says?

What belongs to the type of a token (word, norm, lemma, pos, tag) is decided once a type; dep and entity have a column each
and are looked up where it matters.  So a constraint has two sides: a table over the types that says which tokens *may*
fulfil it, and ``holds``, which says of given tokens whether they do.  Where a layer has no value, what a token is not
cannot be said: it neither fulfils a test nor its negation.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from crosscut.query.engine import lexicon
from crosscut.query.pattern import And, Constraint, Listed, Not, Test, walk
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Up to so many values of a layer, their types are found by comparison; beyond that by a table of values.
COMPARED = 4


class Decided:
    """One constraint in one shard."""

    def __init__(self, shard: Shard, constraint: Constraint | None) -> None:
        self.shard, self.constraint = shard, constraint
        self.may, self.certain = _possible(shard, constraint) if constraint else (None, True)

    @cached_property
    def types(self) -> Ints:
        """The types that may fulfil it."""
        return np.arange(len(self.shard.type_codes("form"))) if self.may is None else np.flatnonzero(self.may)

    @cached_property
    def count(self) -> int:
        """How many tokens may fulfil it: all of them do where ``certain``."""
        return self.shard.tokens if self.may is None else int((self.shard.frequencies * self.may).sum())

    @cached_property
    def places(self) -> Ints:
        """Where all tokens that fulfil it stand, ascending."""
        if self.may is None:
            at = np.arange(self.shard.tokens)
        elif self.count > self.shard.tokens // SCANNED:
            at = np.flatnonzero(self.may[self.shard.column("type")])
        else:
            at = self.shard.places(self.types)
        return at if self.certain else at[self.holds(at)]

    def holds(self, at: Ints) -> Bools:
        """Which of some tokens fulfil it."""
        if self.constraint is None:
            return np.ones(len(at), bool)
        return _holds(self.shard, self.constraint, at, self.may, self.certain)


#: Layers in which every token has a value.
_ALWAYS = {"word", "norm"}
#: When more than one token in so many may fulfil it, the column of types is scanned instead of sorting postings.
SCANNED = 16


def _possible(shard: Shard, constraint: Constraint) -> tuple[Bools | None, bool]:
    """A table of the types that may fulfil it (None: all), and whether that decides it."""
    if isinstance(constraint, (Test, Listed)):
        return (None, False) if constraint.layer in lexicon.TOKEN_LAYERS else (_table(shard, constraint), True)
    if isinstance(constraint, Not):
        table, certain = _possible(shard, constraint.part)
        return (~table & _known_types(shard, constraint.part), True) if certain and table is not None else (None, False)
    found = [_possible(shard, part) for part in constraint.parts]
    tables = [table for table, _ in found if table is not None]
    certain = all(one for _, one in found)
    if isinstance(constraint, And):
        return (np.logical_and.reduce(tables) if tables else None), certain
    return (np.logical_or.reduce(tables) if len(tables) == len(found) else None), certain


def _table(shard: Shard, test: Test | Listed) -> Bools:
    codes, of_types = lexicon.allowed(shard, test), shard.type_codes(lexicon.stored(test))
    if len(codes) <= COMPARED:
        table = np.zeros(len(of_types), bool)
        for code in codes.tolist():
            table |= of_types == code
        return table
    wanted = np.zeros(len(shard.lexicon(lexicon.stored(test))), bool)
    wanted[codes] = True
    return wanted[of_types]


def _holds(shard: Shard, constraint: Constraint, at: Ints, may: Bools | None, certain: bool) -> Bools:
    """Which tokens fulfil a constraint, whose table is known if it is decided by types."""
    if certain and may is not None:
        return may[shard.column("type")[at]]
    if isinstance(constraint, (Test, Listed)):
        wanted = np.zeros(len(shard.lexicon(constraint.layer)) + 1, bool)
        wanted[lexicon.allowed(shard, constraint)] = True
        return wanted[shard.column(constraint.layer)[at]]
    if isinstance(constraint, Not):
        return ~_holds_part(shard, constraint.part, at) & _known(shard, constraint.part, at)
    combine = np.logical_and if isinstance(constraint, And) else np.logical_or
    result: Bools = combine.reduce([_holds_part(shard, part, at) for part in constraint.parts])
    return result


def _holds_part(shard: Shard, constraint: Constraint, at: Ints) -> Bools:
    return _holds(shard, constraint, at, *_possible(shard, constraint))


def layers_of(tree: object) -> set[str]:
    """All layers of tokens that a tree asks for."""
    return {part.layer for part in walk(tree) if isinstance(part, (Test, Listed)) and part.layer}


def _known_types(shard: Shard, constraint: Constraint) -> Bools:
    """Which types have a value in every layer spoken of."""
    known = np.ones(len(shard.type_codes("form")), bool)
    for layer in layers_of(constraint) - _ALWAYS:
        if (empty := shard.lexicon(layer).find("")) >= 0:
            known &= shard.type_codes(layer) != empty
    return known


def _known(shard: Shard, constraint: Constraint, at: Ints) -> Bools:
    """Which tokens have a value in every layer spoken of."""
    known = np.ones(len(at), bool)
    for layer in layers_of(constraint) - _ALWAYS:
        if (empty := shard.lexicon(layer).find("")) >= 0:
            codes = (shard.column(layer)[at] if layer in lexicon.TOKEN_LAYERS
                     else shard.type_codes(layer)[shard.column("type")[at]])
            known &= codes != empty
    return known
