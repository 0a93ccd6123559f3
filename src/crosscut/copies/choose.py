"""Which passages a video has copied: seeds → passages → those that are long and telling enough, none over another.

Where passages overlap, the one with the most words that its source was the first to say wins, and of the others only what
lies beside it is left.  So the daily opening within a show that is uploaded again is part of the show uploaded again (all
of the show is new in its first upload but for the opening), and the opening within a new show is a copy of the first
opening (in the shows between nothing else of it is new).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crosscut.copies.align import Passage, passage
from crosscut.copies.chains import Chains
from crosscut.copies.found import Floats
from crosscut.copies.heard import Heard

#: A passage has so many words on its shorter side, and so many of them match.
LEAST, MATCHING = 12, 9
#: What matches tells so many bits (``Heard.bits``), less ``DIFFER`` for each word of the longer side that does not match.
#: Read through on a month of television news: twelve words that are all the same at 90 bits have been heard before; where
#: three of fourteen differ, somebody says the same thing again in other words, or two reporters say it by the same agency.
#: In the first thousands of words of all videos together every word tells less, and only longer passages are found.
BITS, DIFFER = 90.0, 8.0
#: So many of the matching words were heard first in the source.
OWN = 6
#: A chain whose seeds lead nowhere is given up after so many.
TRIES = 3
#: After the first, a chain is looked at again only for so many seeds beside what was found: one or two are strays.
REMAIN = 3


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage chosen: places in the video and in the source, and how many words match."""

    here: tuple[int, int]
    there: tuple[int, int]
    matching: int
    alike: float


class Chooser:
    """Chooses in one video, ``number``; what is chosen is marked as not heard first."""

    def __init__(self, heard: Heard, number: int, bits: Floats) -> None:
        self.heard = heard
        self.start, self.end = heard.starts[number], heard.starts[number + 1]
        self.told = np.concatenate([[0.0], np.cumsum(bits)])
        self.free = np.ones(self.end - self.start, np.bool_)  # neither copied nor the source of a repeat

    def choose(self, found: Chains) -> list[Copy]:
        """What the chains lead to; of several, as said above."""
        todo = [(self.rank(one), one) for one in self.passages(found)]
        copies: list[Copy] = []
        while todo:
            todo.sort(key=lambda ranked: ranked[0])
            rank, best = todo.pop()
            now = [(self.rank(part), part) for part in self.left(best)]
            if len(now) == 1 and now[0][0] == rank:
                copies.append(self.take(best))
            else:  # something lies over it by now: what is left has to wait for its turn
                todo += [(rank, part) for rank, part in now if self.enough(part)]
        return copies

    def take(self, one: Passage) -> Copy:
        """It is chosen: its words are not heard first here."""
        self.heard.own[slice(*one.here)] = 0
        for low, high in (one.here, one.there):
            if low >= self.start:
                self.free[low - self.start : high - self.start] = False
        return Copy(one.here, one.there, one.matching, one.matching / one.longer)

    def rank(self, one: Passage) -> tuple[int, int, int, int]:
        """Words that match and were heard first there, words that match, the earlier source, the earlier place."""
        return self.owned(one), one.matching, -one.there[0], -one.here[0]

    def owned(self, one: Passage) -> int:
        """Matching words that were heard first in the source."""
        return sum(int(np.count_nonzero(self.heard.own[there : there + length])) for _, there, length in one.blocks)

    def enough(self, one: Passage) -> bool:
        """Whether it is long enough, tells enough, and is enough of its source's own."""
        matching = one.matching
        shorter = min(one.here[1] - one.here[0], one.there[1] - one.there[0])
        return (shorter >= LEAST and matching >= MATCHING
                and self.bits(one) - DIFFER * (one.longer - matching) >= BITS and self.owned(one) >= OWN)

    def bits(self, one: Passage) -> float:
        """What its matching words tell."""
        return float(sum(self.told[here + length - self.start] - self.told[here - self.start]
                         for here, _, length in one.blocks))

    def left(self, one: Passage) -> Iterator[Passage]:
        """The parts of it that are no part of a passage chosen, and that no repeat chosen comes from."""
        start, end = one.here
        free = self.free[start - self.start : end - self.start]
        bounds = np.flatnonzero(np.diff(free, prepend=False, append=False)) + start
        for first, last in bounds.reshape(-1, 2).tolist():
            part = one.within(first, last)
            if part:
                yield part

    def passages(self, found: Chains) -> Iterator[Passage]:
        """All that are enough, from the most telling chain on; no seed is looked at that lies in one already."""
        fresh = np.ones(len(found.here), np.bool_)
        order = np.argsort(found.here, kind="stable")
        places = found.here[order]
        for chain in found.order.tolist():
            first, last = found.bounds[chain : chain + 2].tolist()
            tries, fewest = 0, 1
            while tries < TRIES and len(seeds := fresh[first:last].nonzero()[0]) >= fewest:
                fewest = REMAIN
                seed = first + int(seeds[len(seeds) // 2])
                fresh[seed] = False
                one = self.passage(int(found.here[seed]), int(found.there[seed]))
                if one:
                    within = order[slice(*places.searchsorted(one.here).tolist())]
                    there = found.there[within]
                    fresh[within[(there >= one.there[0]) & (there < one.there[1])]] = False
                if one and self.enough(one):
                    yield one
                else:
                    tries += 1

    def passage(self, here: int, there: int) -> Passage | None:
        """What lies around a seed."""
        source = bisect_right(self.heard.starts, there) - 1
        bounds = self.heard.starts[source], self.heard.starts[source + 1]
        return passage(self.heard.words, (here, there), (self.start, self.end), bounds)
