"""Which shards lie in a folder, which documents are in them, and when are shards merged?

Shards are never changed.  What a build writes stands beside what was there; what it replaces stays until a manifest
without it is published, for readers of the present one (what no manifest can have named goes at once).

Every shard costs a query something, and each merging writes tokens again.  So nothing is merged while there are few
shards (8 when a build ends, 64 while it works); then the smallest are, up to the first that has twice as much as all smaller
ones together (as much, while a build works).  So many times is a token written again over n additions of like size, what
the end of the build merges included:

    n                                         50   200   1,000   5,000   20,000
    a build after each                       1.8   2.8     4.4     6.3      7.7
    one build (5,000 of 200,000: 1 billion)  1.0   1.0     2.0     2.0      2.9
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np

from crosscut.errors import CorpusDamaged
from crosscut.store.batch import Batch, Document
from crosscut.store.merging import merge_shards
from crosscut.store.shard import Shard, write_shard

#: So many shards are left to those who search; so many while a build works, each of which is an open file.  A shard is
#: merged with the smaller ones unless it has so many times the tokens of all of them.
MOST_AT_REST, RATIO_AT_REST = 8, 2
MOST_AT_WORK, RATIO_AT_WORK = 64, 1
#: Positions have 32 bits.
LARGEST_SHARD = (1 << 32) - 1
#: Most that are merged at once: what merging has in memory grows with the distinct words of each.
FAN_IN = 128
#: A shard that loses documents is written again in pieces of so many tokens (about 100 bytes of memory each).
PIECE = 2_000_000

#: Where a document lies: name of the shard, number in it.
Place = tuple[str, int]


def shard_name(keys: Iterable[str]) -> str:
    """A name from the keys of the documents in their order: a catalog speaks of documents by number."""
    return f"shard-{hashlib.sha256(chr(10).join(keys).encode()).hexdigest()[:16]}.pack"


def how_many_to_merge(sizes: Sequence[int], most: int, ratio: int) -> int:
    """How many of the smallest shards to merge into one, given the tokens of all, ascending; 0: none."""
    if len(sizes) <= most:
        return 0
    total = 0
    for number, size in enumerate(sizes):
        if (number >= 2 and total * ratio <= size) or number == FAN_IN or total + size > LARGEST_SHARD:
            return number if number >= 2 else 0
        total += size
    return len(sizes)


class Shelf:
    """The shards of a folder, open; what is broken is left out: what it held is made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shards: dict[str, Shard] = {}
        self._moved: dict[str, Place] = {}  # into which shard the documents of another went, behind how many others
        for path in sorted(folder.glob("shard-*.pack")):
            with suppress(CorpusDamaged):
                self.shards[path.name] = Shard(path)
        self._found = frozenset(self.shards)  # a manifest may name these

    def clear_away(self) -> None:
        """Remove what a killed build left: scratch files, and shards that cannot be read."""
        for path in (*self.folder.glob(".*.tmp"), *self.folder.glob("shard-*.pack")):
            if path.name not in self.shards:
                path.unlink()

    @property
    def names(self) -> tuple[str, ...]:
        """The shards in the order in which a manifest names them."""
        return tuple(sorted(self.shards))

    def places(self, wanted: Iterable[str], column: str = "key") -> dict[str, Place]:
        """Where documents lie by ``key``, or by ``annotation``; one that lies in several shards, in the largest."""
        asked = frozenset(wanted)
        found: dict[str, Place] = {}
        for shard in self._by_size() if asked else ():
            values = shard.pack.strings(f"document.{column}").tolist()
            found |= {value: (shard.name, number) for number, value in enumerate(values) if value in asked}
        return found

    def _by_size(self) -> list[Shard]:
        return sorted(self.shards.values(), key=lambda shard: (shard.tokens, shard.name))

    def document(self, place: Place) -> Document:
        """What is known of the document at a place."""
        return self.shards[place[0]].document(place[1])

    def add(self, batch: Batch) -> Shard:
        """Write a batch as a shard; where too many lie there, the smallest are merged."""
        shard = self._write(batch)
        self._merge_down_to(MOST_AT_WORK, RATIO_AT_WORK)
        return shard

    def _write(self, batch: Batch) -> Shard:
        name = shard_name(about.key for about in batch.documents)
        write_shard(self.folder / name, batch)
        self.shards[name] = Shard(self.folder / name)
        return self.shards[name]

    def _remove(self, shard: Shard) -> None:
        """Take a shard off the shelf; off the disk too, if no manifest can have named it."""
        if self.shards.get(shard.name) is shard:  # else one of the same documents took its name
            del self.shards[shard.name]
            if shard.name not in self._found:
                _unlink(self.folder / shard.name)

    def copies(self, wanted: Mapping[str, Place], most: int) -> Iterator[Batch]:
        """Documents of other places under these keys, in batches of one shard's documents and about ``most`` tokens."""
        by_shard: dict[Shard, list[tuple[int, str]]] = {}
        for key, (name, number) in wanted.items():
            by_shard.setdefault(self.shards[name], []).append((number, key))  # open, wherever it goes meanwhile
        for shard, found in by_shard.items():
            keys = iter([key for _, key in found])
            for numbers in _pieces(shard, [number for number, _ in found], most):
                yield shard.batch.take(numbers, list(islice(keys, len(numbers))))

    def drop(self, dead: Callable[[Document], bool]) -> None:
        """Rewrite shards without their dead documents, without those that lie in a larger shard too, and older ones."""
        seen: set[str] = set()
        for shard in reversed(self._by_size()):
            alive = []
            for number, document in enumerate(shard.documents):
                if document.key not in seen and not dead(document):
                    alive.append(number)
                    seen.add(document.key)
            if len(alive) < len(shard) or not shard.is_current:
                self._rewrite(shard, alive)

    def _rewrite(self, shard: Shard, alive: Sequence[int]) -> None:
        """A shard with some of its documents in its place, put together of pieces that fit into memory."""
        done: list[Shard] = []
        pieces: list[Shard] = []
        for numbers in _pieces(shard, alive, PIECE):
            pieces.append(self._write(shard.batch.take(numbers)))
            shard.pack.release()
            if len(pieces) == MOST_AT_WORK:
                done, pieces = [*done, self._merge(pieces)], []
        if len(done) + len(pieces) > 1:
            self._merge([*done, *pieces])
        self._remove(shard)

    def compact(self) -> None:
        """Leave few shards to those who search."""
        self._merge_down_to(MOST_AT_REST, RATIO_AT_REST)

    def _merge_down_to(self, most: int, ratio: int) -> None:
        """Merge the smallest shards while there are more than ``most``."""
        while True:
            by_size = self._by_size()
            number = how_many_to_merge([shard.tokens for shard in by_size], most, ratio)
            if not number:
                return
            self._merge(by_size[:number])

    def _merge(self, parts: Sequence[Shard]) -> Shard:
        """Put shards together, in this order."""
        in_order = [part if part.is_current else self._write(part.batch) for part in parts]
        name = shard_name(key for part in parts for key in part.pack.strings("document.key").tolist())
        merge_shards(self.folder / name, in_order)
        merged = self.shards[name] = Shard(self.folder / name)
        offset = 0
        for part, sorted_part in zip(parts, in_order, strict=True):
            if part.name != name:
                self._moved[part.name] = (name, offset)
            self._remove(part)
            self._remove(sorted_part)  # has another name where names were made otherwise, too
            offset += len(part)
        return merged

    def moved(self, name: str) -> Place:
        """In which shard the documents of another one are since ``compact``, and how many stand before them."""
        before = 0
        while name in self._moved:
            name, offset = self._moved[name]
            before += offset
        return name, before

    def remove_all_but(self, names: Iterable[str]) -> None:
        """Delete the packs of the folder that a published manifest does not name."""
        kept = set(names)
        self._found |= kept
        for path in self.folder.glob("*.pack"):
            if path.name not in kept:
                _unlink(path)


def _unlink(path: Path) -> None:
    with suppress(PermissionError):  # Windows: somebody has it open; a later build drops it
        path.unlink()


def _pieces(shard: Shard, numbers: Iterable[int], most: int) -> Iterator[list[int]]:
    """Documents of a shard in groups of about so many tokens."""
    sizes = np.diff(shard.bounds).tolist()
    piece: list[int] = []
    size = 0
    for number in numbers:
        piece.append(number)
        size += sizes[number]
        if size >= most:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
