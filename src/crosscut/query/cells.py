"""How often each outlet has each word in each month: the counts of all videos that count, added up once.

A frequency list adds up tens of millions of video × type counts; by cells of outlet × month there are a few million.
The table is made when it is first asked for, from the counts of the shards, and laid beside the catalog under the
catalog's name: a new build has another catalog, never reads it, and clears it away.  It answers for sets of videos that
are made of whole cells, however they were asked for; videos that cut through a cell are counted beside it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.errors import CorpusDamaged
from crosscut.query import fields
from crosscut.query.lexicons import Values, keep_values, values_of, values_of_types
from crosscut.query.mask import make_mask
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Pack, ranges, write_pack
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[np.generic]

#: Changes with what the table holds and with what a cell is; another version's table is made anew.
VERSION = 1
#: Smaller corpora are counted from their shards within 30 ms.
FEWEST_TOKENS = 5_000_000
#: More cells than this are hardly fewer than videos.
MOST_CELLS = 4_096
#: Counts (of 8 bytes) of a block of values that are added up at once.
_BLOCK = 4_000_000
#: Counts of the table that are added up at once: in lots that stay near the processor, in half the time of one lot.
_LOT = 1 << 15


@dataclass(frozen=True, slots=True)
class Cells:
    """``of``: the cell of each video that counts by default, -1 for others; ``first``: the first cell of each outlet."""

    of: Ints
    many: int
    first: Ints

    def digest(self) -> str:
        """What makes a table one of these cells."""
        return hashlib.sha256(self.of.astype("<i8").tobytes() + self.first.astype("<i8").tobytes()).hexdigest()

    def mostly(self, chosen: Ints, tokens: Ints) -> Bools:
        """The cells of whose ``tokens`` more than half are ``chosen`` (one number a video each)."""
        known = self.of >= 0
        some, every = (np.bincount(self.of[known], numbers[known], self.many) for numbers in (chosen, tokens))
        mostly: Bools = 2 * some > every
        return mostly


@dataclass(frozen=True, slots=True)
class Sums:
    """Cell c has ``n[i]`` tokens of value ``value[i]`` for i from ``bounds[c]`` to ``bounds[c + 1]``."""

    bounds: Ints
    value: Array
    n: Array

    def added(self, cells: Bools, size: int) -> Ints:
        """How many tokens of each of ``size`` values these cells have together."""
        edges = np.flatnonzero(np.diff(cells, prepend=False, append=False))  # neighbours are added up in one go
        total = np.zeros(size)
        for begin, end in edges.reshape(-1, 2).tolist():
            for at in range(int(self.bounds[begin]), last := int(self.bounds[end]), _LOT):
                part = slice(at, min(at + _LOT, last))
                np.add.at(total, self.value[part].astype(np.intp), self.n[part].astype(np.float64))
        return total.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Table:
    """Sums by cell, the same by outlet, and of everything (``total``); ``first``: the first cell of each outlet."""

    by_cell: Sums
    by_outlet: Sums
    first: Ints
    total: Ints

    def counts(self, cells: Bools) -> Ints:
        """How many tokens of each value these cells have together."""
        outlets = np.logical_and.reduceat(cells, self.first)
        rest = cells & ~np.repeat(outlets, np.diff(self.first, append=len(cells)))
        found = self.total - self.by_outlet.added(~outlets, len(self.total)) if 2 * outlets.sum() > len(outlets) else (
            self.by_outlet.added(outlets, len(self.total)))
        return found + self.by_cell.added(rest, len(self.total)) if rest.any() else found


def cells_of(corpus: CorpusFiles) -> Cells:
    """Outlet × month of the videos that count by default, one outlet after the other."""
    if "cells" not in corpus.kept:
        videos = make_mask(corpus).videos
        outlets, _ = fields.coded(corpus.catalog, "outlet")
        months, names = fields.coded(corpus.catalog, "month")
        code = outlets * len(names) + months
        known = np.unique(code[videos])
        of = np.where(videos, np.searchsorted(known, code), -1)
        first = np.flatnonzero(np.diff(known // max(len(names), 1), prepend=-1))
        corpus.kept["cells"] = Cells(of, len(known), first)
    found: Cells = corpus.kept["cells"]
    return found


def table_of(corpus: CorpusFiles, layer: str) -> Table | None:
    """The table of a layer; None where none is worth while, or none could be kept for the next question."""
    key = ("table", layer)
    if key not in corpus.kept:
        corpus.kept[key] = _table(corpus, layer)
    found: Table | None = corpus.kept[key]
    return found


def _table(corpus: CorpusFiles, layer: str) -> Table | None:
    cells = cells_of(corpus)
    if sum(shard.tokens for shard in corpus.shards) < FEWEST_TOKENS or not 0 < cells.many <= MOST_CELLS:
        return None
    path = _path(corpus, layer)
    with suppress(CorpusDamaged):
        return _read(corpus, path, layer, cells)
    if not os.access(path.parent, os.W_OK):
        return None
    made = _made(corpus, layer, cells)
    values = values_of(corpus, layer)
    places: dict[str, Array] = {f"places.{number}": place for number, place in enumerate(values.places)}
    with suppress(OSError):  # a full disk costs the next question a moment, not this one its answer
        write_pack(path, {**{f"{name}.{column}": getattr(sums, column) for name, sums in (
            ("cell", made.by_cell), ("outlet", made.by_outlet)) for column in Sums.__slots__}, **places,
            "total": made.total, "values": values.values}, {"version": VERSION, "cells": cells.digest()})
    return made


def _path(corpus: CorpusFiles, layer: str) -> Path:
    catalog = corpus.catalog.pack.path
    return catalog.with_name(f"{catalog.stem}.{layer}.pack")


def _read(corpus: CorpusFiles, path: Path, layer: str, cells: Cells) -> Table:
    pack = Pack(path)
    if pack.meta != {"version": VERSION, "cells": cells.digest()}:
        raise CorpusDamaged(f"{path}: of another version")
    places: Sequence[npt.NDArray[np.uint32]] = [pack[f"places.{number}"] for number in range(len(corpus.shards))]
    keep_values(corpus, layer, Values(pack.strings("values"), tuple(places)))
    by_cell, by_outlet = (Sums(*(pack[f"{name}.{column}"] for column in Sums.__slots__)) for name in ("cell", "outlet"))
    return Table(by_cell, by_outlet, cells.first, pack["total"])


def _made(corpus: CorpusFiles, layer: str, cells: Cells) -> Table:
    """Add up the shards' counts, a block of values after the other."""
    size, many = len(values_of(corpus, layer).values), cells.many
    block = max(1, _BLOCK // many)
    sources = [_Source.of(shard, values, ordinals, cells) for shard, values, ordinals in zip(
        corpus.shards, values_of_types(corpus, layer), corpus.ordinals, strict=True)]
    found: list[tuple[Array, Array, Array]] = []
    total, sizes = np.zeros(size, np.int64), np.zeros(many, np.int64)
    for first in range(0, size, block):
        counts = np.zeros((min(block, size - first), many), np.int64)
        for source in sources:
            source.add(counts, first)
        total[first : first + len(counts)] = counts.sum(axis=1)
        at = np.flatnonzero(counts)
        cell = (at % many).astype(np.uint16)
        order = np.argsort(cell, kind="stable")  # of 16 bits: a radix sort
        value, n = (at // many + first).astype(np.uint32), counts.ravel()[at].astype(np.uint32)
        found.append((cell[order], value[order], n[order]))
        sizes += np.bincount(cell, minlength=many)
    by_cell = _by_cell(found, sizes)
    return Table(by_cell, _by_outlet(by_cell, cells.first, size), cells.first, total)


def _by_outlet(by_cell: Sums, first: Ints, size: int) -> Sums:
    """The cells of each outlet added up."""
    parts = []
    for begin, end in zip(first, np.append(first[1:], len(by_cell.bounds) - 1), strict=True):
        number = np.arange(len(by_cell.bounds) - 1)
        counts = by_cell.added((number >= begin) & (number < end), size)
        value = np.flatnonzero(counts)
        parts.append((value.astype(np.uint32), counts[value].astype(np.uint32)))
    bounds = np.cumsum([0, *(len(value) for value, _ in parts)], dtype=np.int64)
    return Sums(bounds, np.concatenate([value for value, _ in parts]), np.concatenate([n for _, n in parts]))


def _by_cell(blocks: list[tuple[Array, Array, Array]], sizes: Ints) -> Sums:
    """Blocks of (cell, value, n) put together cell by cell; each block is let go as soon as it is in place."""
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    value, n = np.empty(int(bounds[-1]), np.uint32), np.empty(int(bounds[-1]), np.uint32)
    filled = bounds[:-1].copy()
    for number, (cell, values, numbers) in enumerate(blocks):
        blocks[number] = (cell[:0],) * 3
        lengths = np.bincount(cell, minlength=len(sizes))
        places = ranges(filled, filled + lengths)
        value[places], n[places] = values, numbers
        filled += lengths
    return Sums(bounds, value, n)


@dataclass(frozen=True, slots=True)
class _Source:
    """A shard's counts by value."""

    shard: Shard
    types: Ints        # in the order of their values
    values: Array      # of those types
    cell: Ints         # of each document

    @classmethod
    def of(cls, shard: Shard, values: Array, ordinals: Ints, cells: Cells) -> _Source:
        order = np.argsort(values, kind="stable")
        return cls(shard, order, values[order], np.where(ordinals >= 0, cells.of[ordinals], -1))

    def add(self, counts: Ints, first: int) -> None:
        """Add what documents in cells have of the values from ``first`` on, as many as ``counts`` has rows."""
        a, b = np.searchsorted(self.values, [first, first + len(counts)]).tolist()
        bounds = self.shard.pack["counts.bounds"]
        begin = bounds[self.types[a:b]]
        lengths = bounds[self.types[a:b] + 1] - begin
        entries = ranges(begin, begin + lengths)
        cell = self.cell[self.shard.pack["counts.document"][entries]]
        row = np.repeat((self.values[a:b].astype(np.int64) - first) * counts.shape[1], lengths)
        known = cell >= 0
        np.add.at(counts.reshape(-1), (row + cell)[known], self.shard.pack["counts.n"][entries[known]].astype(np.int64))
