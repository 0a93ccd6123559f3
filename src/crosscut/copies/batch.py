"""Some million words at a time: seeds are looked up for all of them at once, passages chosen video by video.

Shingles that the index knows, or that come twice in the batch, have a row in a small table of their places; it is filled
from the index and then, video by video, with what turned out to be new.  So each video sees what it would see alone, and
the batch only saves work.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from crosscut.copies.chains import Chains, chains
from crosscut.copies.choose import Chooser, Copy
from crosscut.copies.found import Bools, Floats, Ints
from crosscut.copies.heard import Heard
from crosscut.copies.index import COMMON, Index
from crosscut.copies.shingles import WORDS, shingles


class Batch:
    """The videos from ``first`` on, already in the text but not in the index."""

    def __init__(self, heard: Heard, index: Index, first: int) -> None:
        self.heard, self.index, self.first = heard, index, first
        start = heard.starts[first]
        bounds = np.array(heard.starts[first:]) - start
        places, self.hashes = shingles(heard.words[start : heard.size], bounds)
        self.places = places + start
        self.parts = np.searchsorted(self.places, heard.starts[first:])
        self.rows, self.many, self.known = self._table()
        self.new = np.zeros(len(places), np.bool_)
        self.starts = np.array(heard.starts)

    def _table(self) -> tuple[Ints, Ints, npt.NDArray[np.uint32]]:
        """Row of each shingle (-1: met nowhere else), and of each row: in how many places, and which."""
        distinct, inverse, times = np.unique(self.hashes, return_inverse=True, return_counts=True)
        many, known = self.index.find(distinct)
        met = (many > 0) | (times > 1)
        row = np.where(met, np.cumsum(met) - 1, -1)
        return row[inverse], many[met], known[met]

    def work(self) -> Iterator[tuple[int, list[Copy]]]:
        """Each video and its copies; at the end what is new is in the index."""
        for video in range(self.first, self.heard.videos):
            yield video, self._video(video)
        self.index.add(self.hashes[self.new], self.places[self.new])

    def _video(self, video: int) -> list[Copy]:
        heard = self.heard
        start, end = heard.starts[video], heard.starts[video + 1]
        heard.hear(start, end)
        part = slice(*self.parts[video - self.first : video - self.first + 2].tolist())
        rows, places = self.rows[part], self.places[part]
        bits = heard.bits(start, end)
        chooser = Chooser(heard, video, bits)
        copies = chooser.choose(self._elsewhere(rows, places, bits, start))
        if copies:
            rows = np.where(self._own(places), rows, -1)
        copies += chooser.choose(self._here(rows, places, bits, start))
        own = self._own(places)
        self.new[part] = own
        self._remember(np.where(own, rows, -1), places, self.new[part])
        return copies

    def _own(self, places: Ints) -> Bools:
        """Which shingles are of words heard first only."""
        own = self.heard.own[places] > 0
        for step in range(1, WORDS):
            own &= self.heard.own[places + step] > 0
        return own

    def _elsewhere(self, rows: Ints, places: Ints, bits: Floats, start: int) -> Chains:
        """Chains of seeds that lie in earlier videos."""
        seeds = np.flatnonzero(rows >= 0)
        many = self.many[rows[seeds]]
        seeds = seeds[(many > 0) & (many <= COMMON)]
        many = self.many[rows[seeds]]
        pick = np.repeat(seeds, many)
        column = np.arange(len(pick)) - np.repeat(np.cumsum(many) - many, many)
        there = self.known[rows[pick], column].astype(np.int64)
        video = np.searchsorted(self.starts, there, "right")
        return chains(places[pick], there, video, self.heard.words, bits, start)

    def _here(self, rows: Ints, places: Ints, bits: Floats, start: int) -> Chains:
        """Chains of seeds that lie earlier in the same video: each shingle with its first place."""
        seeds = np.flatnonzero(rows >= 0)
        seeds = seeds[self.many[rows[seeds]] <= COMMON]
        _, first, inverse = np.unique(rows[seeds], return_index=True, return_inverse=True)
        there = places[seeds[first]][inverse]
        later = there < places[seeds]
        here, there = places[seeds[later]], there[later]
        return chains(here, there, np.zeros(len(here), np.int64), self.heard.words, bits, start)

    def _remember(self, rows: Ints, places: Ints, new: Bools) -> None:
        """Places of what is new go into the table; of common shingles no more are kept than tell that they are common."""
        seeds = np.flatnonzero(rows >= 0)
        seeds = seeds[np.argsort(rows[seeds], kind="stable")]
        row = rows[seeds]
        begins = np.flatnonzero(np.diff(row, prepend=-1))
        rank = np.arange(len(row)) - np.repeat(begins, np.diff(begins, append=len(row)))
        at = self.many[row] + rank
        fits = at < COMMON
        self.known[row[fits], at[fits]] = places[seeds[fits]]
        new[seeds[at > COMMON]] = False
        self.many[row[begins]] = np.minimum(self.many[row[begins]] + np.diff(begins, append=len(row)), COMMON + 1)
