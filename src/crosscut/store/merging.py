"""Shards in one, piece by piece: the file that ``write_shard(merge(parts))`` gives, whatever the number of tokens.

Lexicons are sorted, and types are sorted by their codes, so where a part's types are in the merged shard ascends too.
Hence nothing is sorted again.  The postings of a type are those of the parts one after the other, and a stretch of the
merged types is a stretch of each part's: it is put together in memory and written.  In memory are a few million tokens at
once, and what grows with the number of types (about 50 bytes each, 4 for each part that has it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.store.batch import COLUMNS, LEXICONS, TOKEN_LAYERS, TYPE_PARTS, pack_types, unpack_types
from crosscut.store.lexicon import merge_sorted
from crosscut.store.pack import PackWriter, Plan, Strings, offsets_for, ranges, writing_pack
from crosscut.store.shard import DERIVED, DOCUMENT_NUMBERS, DOCUMENT_TEXT, Shard, codes_for, meta

Array = npt.NDArray[Any]
Codes = npt.NDArray[np.uint32]

#: Values of a column that are in memory at once.
AT_ONCE = 4_000_000


def merge_shards(path: Path, shards: Sequence[Shard]) -> None:
    """Write the documents of ``shards`` as one shard that appears whole or not at all; their types must be sorted."""
    whole = _Whole(shards)
    with writing_pack(path, whole.plan, meta(whole.documents, whole.tokens)) as pack:
        for name, column in whole.small.items():
            pack.put(name, column)
        _put_documents(pack, whole.parts)
        for part in whole.parts:
            _put_columns(pack, part)
        _put_by_type(pack, whole, "posting_bounds", {"postings": "first_token"})
        _put_by_type(pack, whole, "counts.bounds", {"counts.document": "first_document", "counts.n": ""})


@dataclass(slots=True)
class _Part:
    """A shard, where it begins in the merged one, and what the codes of its columns are there."""

    shard: Shard
    first_document: int
    first_token: int
    codes: Mapping[str, Codes]

    @property
    def types(self) -> Codes:
        """What its types are in the merged shard: ascending."""
        return self.codes["type"]


class _Whole:
    """What is known of the merged shard before its tokens are looked at."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self.documents, self.tokens = sum(map(len, shards)), sum(shard.tokens for shard in shards)
        self.lexicons: dict[str, Strings] = {}
        self.types: dict[str, Array] = {}
        of_types = self._merge_types(shards, {name: self._merge_lexicon(name, shards) for name in TYPE_PARTS})
        for name in DERIVED:
            self.types[name] = np.empty(len(self.types["form"]), np.uint32)
            for shard, place, codes in zip(shards, of_types, self._merge_lexicon(name, shards), strict=True):
                self.types[name][place] = codes[shard.type_codes(name)]
        self.types = {name: codes.astype(self._dtype(name)) for name, codes in self.types.items()}
        of_columns = [of_types, *(self._merge_lexicon(name, shards) for name in TOKEN_LAYERS)]
        documents = accumulate(map(len, shards), initial=0)
        tokens = accumulate((shard.tokens for shard in shards), initial=0)
        self.parts = [_Part(shard, document, token, dict(zip(("type", *TOKEN_LAYERS), codes, strict=True)))
                      for shard, document, token, *codes in zip(shards, documents, tokens, *of_columns, strict=False)]

    def _merge_lexicon(self, name: str, shards: Sequence[Shard]) -> list[Codes]:
        self.lexicons[name], places = merge_sorted([shard.lexicon(name) for shard in shards])
        return places

    def _merge_types(self, shards: Sequence[Shard], codes: Mapping[str, Sequence[Codes]]) -> list[Codes]:
        """The distinct types in order; returns what the types of each part are."""
        sizes = {name: len(self.lexicons[name]) for name in TYPE_PARTS}
        keys = [pack_types({name: codes[name][number][shard.type_codes(name)] for name in TYPE_PARTS}, sizes)
                for number, shard in enumerate(shards)]
        distinct = np.concatenate(keys)
        distinct.sort(kind="stable")  # runs: 15 ns a key
        distinct = distinct[np.concatenate([np.ones(1, bool)[: len(distinct)], distinct[1:] != distinct[:-1]])]
        self.types = unpack_types(distinct, sizes)
        return [np.searchsorted(distinct, key).astype(np.uint32) for key in keys]

    def _dtype(self, layer: str) -> np.dtype[Any]:
        return codes_for(len(self.lexicons[layer]))

    @cached_property
    def bounds(self) -> dict[str, npt.NDArray[np.int64]]:
        """Where each type begins in the postings, and in the counts."""
        return {name: self._bounds(name) for name in ("posting_bounds", "counts.bounds")}

    def _bounds(self, name: str) -> npt.NDArray[np.int64]:
        bounds = np.zeros(len(self.types["form"]) + 1, np.int64)
        for part in self.parts:
            bounds[1:][part.types] += np.diff(part.shard.pack[name])
        return np.cumsum(bounds, out=bounds)

    @cached_property
    def small(self) -> dict[str, Array]:
        """What does not grow with the tokens."""
        bounds = np.concatenate([np.zeros(1, np.int64), *(part.shard.bounds[1:] + np.int64(part.first_token)
                                                          for part in self.parts)])
        small = {"bounds": bounds.astype(offsets_for(self.tokens))}
        for name in (*LEXICONS, *DERIVED):
            strings = self.lexicons[name]
            small[f"lexicon.{name}#"] = strings.offsets.astype(offsets_for(len(strings.blob)))
            small[f"lexicon.{name}"] = strings.blob
        small |= {f"types.{name}": codes for name, codes in self.types.items()}
        return small | {name: bounds.astype(offsets_for(int(bounds[-1]))) for name, bounds in self.bounds.items()}

    @cached_property
    def plan(self) -> Plan:
        """Every array of the merged shard, in the order in which ``write_shard`` has them."""
        known: dict[str, tuple[npt.DTypeLike, tuple[int, ...]]] = {
            name: (column.dtype, column.shape) for name, column in self.small.items()}
        bounds = {name: known.pop(name) for name in self.bounds}
        known["type"] = codes_for(len(self.types["form"])), (self.tokens,)
        known |= {name: (self._dtype(name), (self.tokens,)) for name in TOKEN_LAYERS}
        known |= {name: (kind, (self.tokens,)) for name, kind in COLUMNS.items()}
        known |= {"postings": (np.uint32, (self.tokens,)), "posting_bounds": bounds["posting_bounds"]}
        entries = (int(self.bounds["counts.bounds"][-1]),)
        numbers = max((part.shard.pack["counts.n"].dtype for part in self.parts), key=lambda kind: kind.itemsize)
        known |= {"counts.document": (codes_for(self.documents), entries), "counts.n": (numbers, entries),
                  "counts.bounds": bounds["counts.bounds"]}
        for name in DOCUMENT_TEXT:
            size = sum(len(part.shard.pack[f"document.{name}"]) for part in self.parts)
            known[f"document.{name}#"] = offsets_for(size), (self.documents + 1,)
            known[f"document.{name}"] = np.uint8, (size,)
        return known | {f"document.{name}": (np.int64, (self.documents,)) for name in DOCUMENT_NUMBERS}


def _put_documents(pack: PackWriter, parts: Sequence[_Part]) -> None:
    for name in (f"document.{name}" for name in DOCUMENT_TEXT):
        pack.put(f"{name}#", np.zeros(1))
        before = 0
        for part in parts:
            offsets = part.shard.pack[f"{name}#"]
            pack.put(f"{name}#", offsets[1:] + np.int64(before))
            pack.put(name, part.shard.pack[name])
            before += int(offsets[-1])
    for name in (f"document.{name}" for name in DOCUMENT_NUMBERS):
        for part in parts:
            pack.put(name, part.shard.pack[name])


def _put_columns(pack: PackWriter, part: _Part) -> None:
    codes = {name: part.codes[name].astype(pack.dtypes[name]) for name in ("type", *TOKEN_LAYERS)}
    for begin in range(0, part.shard.tokens, AT_ONCE):
        for name in ("type", *TOKEN_LAYERS, *COLUMNS):
            values = part.shard.column(name)[begin : begin + AT_ONCE]
            pack.put(name, codes[name][values] if name in codes else values)
        part.shard.pack.release()


def _put_by_type(pack: PackWriter, whole: _Whole, bounds: str, columns: Mapping[str, str]) -> None:
    """Columns that go by type.  To a part's values is added where the part begins, if an attribute of it says so."""
    cuts = _cuts(whole.bounds[bounds])
    for stretch in _stretches(whole, bounds, cuts):
        for name, begins in columns.items():
            if stretch.targets:
                values = np.empty(stretch.values, pack.dtypes[name])
                for piece, target in zip(stretch.pieces, stretch.targets, strict=True):
                    values[target] = _values(name, begins, *piece, pack.dtypes[name])
                pack.put(name, values)
            else:
                for part, begin, end in stretch.pieces:
                    for at in range(begin, end, AT_ONCE):
                        pack.put(name, _values(name, begins, part, at, min(at + AT_ONCE, end), pack.dtypes[name]))
        for part in whole.parts:
            part.shard.pack.release()


def _values(name: str, begins: str, part: _Part, begin: int, end: int, dtype: np.dtype[Any]) -> Array:
    values = part.shard.pack[name][begin:end].astype(dtype, copy=False)
    return values + dtype.type(getattr(part, begins)) if begins else values


def _cuts(bounds: npt.NDArray[np.int64]) -> list[int]:
    """Stretches of types with as many values as are in memory at once; a type that has more is a stretch of its own."""
    cuts = [0]
    while cuts[-1] < len(bounds) - 1:
        fitting = int(np.searchsorted(bounds, bounds[cuts[-1]] + AT_ONCE, side="right")) - 1
        cuts.append(max(fitting, cuts[-1] + 1))
    return cuts


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What the parts have of some types that follow one another, and where it goes; one type: one after the other."""

    values: int
    pieces: Sequence[tuple[_Part, int, int]]
    targets: Sequence[npt.NDArray[np.int64]]


def _stretches(whole: _Whole, name: str, cuts: Sequence[int]) -> Iterator[_Stretch]:
    places = [np.searchsorted(part.types, cuts).tolist() for part in whole.parts]
    for number, (begin, end) in enumerate(pairwise(cuts)):
        free = whole.bounds[name][begin:end] - whole.bounds[name][begin]  # the next free place of each type
        pieces, targets = [], []
        for part, place in zip(whole.parts, places, strict=True):
            bounds = part.shard.pack[name][place[number] : place[number + 1] + 1].astype(np.int64)
            pieces.append((part, int(bounds[0]), int(bounds[-1])))
            if end > begin + 1:
                types, lengths = part.types[place[number] : place[number + 1]] - np.uint32(begin), np.diff(bounds)
                targets.append(ranges(free[types], free[types] + lengths))
                free[types] += lengths
        yield _Stretch(int(whole.bounds[name][end] - whole.bounds[name][begin]), pieces, targets)
