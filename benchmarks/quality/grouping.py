"""How alike are two ways of putting the same items into groups?  BCubed, pairs, and agreement beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Groups = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Match:
    """Shares from 0 to 1: of what is together here, together there, and the other way round."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def bcubed(found: Groups, gold: Groups) -> Match:
    """The mean over items of the share of an item's group, itself included, that belongs there (Bagga and Baldwin 1998)."""
    both, here, there = Counter(zip(found, gold, strict=True)), Counter(found), Counter(gold)
    pairs = list(zip(found, gold, strict=True))
    return Match(sum(both[pair] / here[pair[0]] for pair in pairs) / len(pairs),
                 sum(both[pair] / there[pair[1]] for pair in pairs) / len(pairs))


def pairwise(found: Groups, gold: Groups) -> Match:
    """The share of the pairs of items together here that are together there; 1 where there is no pair."""
    both, here, there = (_pairs(groups) for groups in (list(zip(found, gold, strict=True)), found, gold))
    return Match(both / here if here else 1.0, both / there if there else 1.0)


def kappa(one: Groups, other: Groups) -> float:
    """Cohen's kappa (1960) over all pairs of items, each together or not; nan where chance alone would agree on all."""
    both, here, there = (_pairs(groups) for groups in (list(zip(one, other, strict=True)), one, other))
    every = len(one) * (len(one) - 1) // 2
    agreed = (every - here - there + 2 * both) / every
    chance = (here * there + (every - here) * (every - there)) / every**2
    return (agreed - chance) / (1 - chance) if chance < 1 else float("nan")


def differing(one: Groups, other: Groups) -> int:
    """How many items stand among other items in one than in the other."""
    both, here, there = Counter(zip(one, other, strict=True)), Counter(one), Counter(other)
    return sum(not both[pair] == here[pair[0]] == there[pair[1]] for pair in zip(one, other, strict=True))


def _pairs(groups: Groups) -> int:
    return sum(many * (many - 1) // 2 for many in Counter(groups).values())
