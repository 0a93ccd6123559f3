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
        self.parts = [Decided(shard, part) for part in _parts(constraint)]
        self.may, self.certain = self._possible()

    def _possible(self) -> tuple[Bools | None, bool]:
        """A table of the types that may fulfil it (None: all), and whether that decides it."""
        shard, constraint = self.shard, self.constraint
        if constraint is None:
            return None, True
        if isinstance(constraint, (Test, Listed)):
            return (None, False) if constraint.layer in lexicon.TOKEN_LAYERS else (_table(shard, constraint), True)
        certain, tables = all(part.certain for part in self.parts), [part.may for part in self.parts if part.may is not None]
        if isinstance(constraint, Not):
            return (~tables[0] & _known_types(shard, constraint.part), True) if certain else (None, False)
        if isinstance(constraint, And):
            return (np.logical_and.reduce(tables) if tables else None), certain
        return (np.logical_or.reduce(tables) if len(tables) == len(self.parts) else None), certain

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
        if self.certain and self.may is not None:
            return self.may[self.shard.column("type")[at]]
        if isinstance(self.constraint, (Test, Listed)):
            return self._wanted[self.shard.column(self.constraint.layer)[at]]
        if isinstance(self.constraint, Not):
            return ~self.parts[0].holds(at) & _known(self.shard, self.constraint.part, at)
        combine = np.logical_and if isinstance(self.constraint, And) else np.logical_or
        result: Bools = combine.reduce([part.holds(at) for part in self.parts])
        return result

    @cached_property
    def _wanted(self) -> Bools:
        """The values of a layer with a column of its own that a test allows."""
        assert isinstance(self.constraint, (Test, Listed))
        wanted = np.zeros(len(self.shard.lexicon(self.constraint.layer)) + 1, bool)
        wanted[lexicon.allowed(self.shard, self.constraint)] = True
        return wanted


def _parts(constraint: Constraint | None) -> tuple[Constraint, ...]:
    """The constraints that one is made of."""
    if constraint is None or isinstance(constraint, (Test, Listed)):
        return ()
    return (constraint.part,) if isinstance(constraint, Not) else constraint.parts


#: Layers in which every token has a value.
_ALWAYS = {"word", "norm"}
#: When more than one token in so many may fulfil it, the column of types is scanned instead of sorting postings.
SCANNED = 16


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
