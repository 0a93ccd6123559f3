"""Which shards lie in a folder, which documents are in them, and when are shards merged?

Shards are never changed.  What a build writes stands beside what was there; what it replaces stays until a manifest
without it is published, for readers of the present one.  Many small shards cost every query something, so shards of
like size are merged as soon as there are a few: each token is written again once a step of size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from crosscut.errors import CorpusDamaged
from crosscut.store.batch import Batch, Document, merge
from crosscut.store.shard import Shard, write_shard

#: Shards of like size are merged when there are this many, up to the largest that fits comfortably into memory.
FAN_IN = 6
LARGEST_SHARD = 20_000_000

#: Where a document lies: name of the shard, number in it.
Place = tuple[str, int]


def shard_name(batch: Batch) -> str:
    """A name from the keys of the documents in their order: a catalog speaks of documents by number."""
    keys = "\n".join(about.key for about in batch.documents)
    return f"shard-{hashlib.sha256(keys.encode()).hexdigest()[:16]}.pack"


class Shelf:
    """The shards of a folder, open; what is broken is left out: what it held is made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shards: dict[str, Shard] = {}
        self._moved: dict[str, Place] = {}  # into which shard the documents of another went, behind how many others
        for path in sorted(folder.glob("shard-*.pack")):
            with suppress(CorpusDamaged):
                self.shards[path.name] = Shard(path)

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
        """Write a batch as a shard."""
        name = shard_name(batch)
        write_shard(self.folder / name, batch)
        self.shards[name] = Shard(self.folder / name)
        return self.shards[name]

    def copies(self, wanted: Mapping[str, Place], most: int) -> Iterator[Batch]:
        """Documents of other places under these keys, in batches of one shard's documents and about ``most`` tokens."""
        by_shard: dict[str, list[tuple[int, str]]] = {}
        for key, (name, number) in wanted.items():
            by_shard.setdefault(name, []).append((number, key))
        for name, found in by_shard.items():
            shard, begin, size = self.shards[name], 0, 0
            sizes = np.diff(shard.bounds).tolist()
            for end, (number, _) in enumerate(found, 1):
                size += sizes[number]
                if size >= most or end == len(found):
                    yield shard.batch.take(*zip(*found[begin:end], strict=True))
                    begin, size = end, 0

    def drop(self, dead: Callable[[Document], bool]) -> None:
        """Rewrite shards without their dead documents, and without those that lie in a larger shard too."""
        seen: set[str] = set()
        for shard in reversed(self._by_size()):
            alive = [number for number, document in enumerate(shard.documents)
                     if document.key not in seen and not dead(document)]
            seen.update(shard.documents[number].key for number in alive)
            if len(alive) < len(shard):
                del self.shards[shard.name]
                if alive:
                    self.add(shard.batch.take(alive))

    def compact(self) -> None:
        """Merge shards of like size while there are many of them."""
        while group := self._mergeable():
            merged = self.add(merge(shard.batch for shard in group))
            offset = 0
            for shard in group:
                if shard.name != merged.name:
                    del self.shards[shard.name]
                    self._moved[shard.name] = (merged.name, offset)
                offset += len(shard)

    def _mergeable(self) -> Sequence[Shard]:
        """A group of shards of like size that is worth merging, or nothing."""
        tiers: dict[int, list[Shard]] = {}
        for shard in self.shards.values():
            if shard.tokens * FAN_IN <= LARGEST_SHARD:
                tiers.setdefault(max(shard.tokens, 1).bit_length() // 2, []).append(shard)
        return next((group[:FAN_IN] for _, group in sorted(tiers.items()) if len(group) >= FAN_IN), ())

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
        for path in self.folder.glob("*.pack"):
            if path.name not in kept:
                with suppress(PermissionError):  # Windows: a reader has it open; a later build drops it
                    path.unlink()
