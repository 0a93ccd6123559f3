"""A batch on disk, with its postings and its video × type counts: immutable, memory-mapped.

``bounds``          first token of each document (documents + 1)
``type``            type of each token; ``types.LAYER`` gives a type's code in form, word, norm, lemma, pos, tag
``postings``        positions of each type, ascending; type t has ``postings[posting_bounds[t]:posting_bounds[t + 1]]``
``counts.*``        the sparse video × type matrix by type: ``counts.document`` has how many tokens (``counts.n``) of
                    the type, for entries ``counts.bounds[t]`` to ``counts.bounds[t + 1]``
``lexicon.LAYER``   the strings of a layer, sorted by their UTF-8 bytes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut import tokens as tokeniser
from crosscut.model import Coded
from crosscut.store.batch import COLUMNS, LEXICONS, TOKEN_LAYERS, TYPE_PARTS, Batch, Document, pack_types
from crosscut.store.pack import Pack, Strings, offsets_for, ranges, write_pack

Array = npt.NDArray[Any]
#: Lexicons that follow from another: the layer it is, and how.  Literals are looked up in them whatever their case.
DERIVED: dict[str, tuple[str, Callable[[str], str]]] = {
    "word": ("form", tokeniser.word), "norm": ("form", tokeniser.norm), "lemma_folded": ("lemma", str.casefold)}
#: Raised when shards have other columns, or in another order; what an older one holds is written again (1: types in no
#: order; 2: types sorted, lemmas folded).
LAYOUT = 2
#: Columns of the documents.
DOCUMENT_TEXT = ("key", "annotation", "content", "digest", "language", "before")
DOCUMENT_NUMBERS = ("words", "tokens", "speech_ms")
#: Layers a token constraint can name, all decided on the types.
TYPE_LAYERS = ("word", "norm", "lemma", "pos", "tag")


def write_shard(path: Path, batch: Batch) -> None:
    """Write ``batch`` as a shard that appears whole or not at all."""
    lexicons, types, columns = _sorted_codes(batch)
    tops = {name: len(strings) for name, strings in lexicons.items()} | {"type": len(types["form"])}
    content: dict[str, Array | Strings | Sequence[str]] = {"bounds": batch.bounds.astype(offsets_for(int(batch.bounds[-1])))}
    content |= {f"lexicon.{name}": strings for name, strings in lexicons.items()}
    content |= {f"types.{name}": codes.astype(codes_for(tops[name])) for name, codes in types.items()}
    content |= {name: column.astype(codes_for(tops[name])) if name in tops else column for name, column in columns.items()}
    content |= _postings(content["type"], len(types["form"]), batch.bounds)  # type: ignore[arg-type]
    content |= _documents(batch.documents)
    write_pack(path, content, meta(len(batch), int(batch.bounds[-1])))


def meta(documents: int, tokens: int) -> dict[str, int]:
    """What the pack of a shard says of itself."""
    return {"documents": documents, "tokens": tokens, "layout": LAYOUT}


def codes_for(how_many: int) -> np.dtype[Any]:
    """The smallest unsigned type for so many codes."""
    return np.dtype(np.uint8 if how_many <= 1 << 8 else np.uint16 if how_many <= 1 << 16 else np.uint32)


def _sorted_codes(batch: Batch) -> tuple[dict[str, Strings], dict[str, Array], dict[str, Array]]:
    """Lexicons sorted by bytes, types sorted by their codes, and the columns: the same whatever the batch is made of."""
    lexicons: dict[str, Strings] = {}
    types, columns = {}, dict(batch.columns)
    for name in LEXICONS:
        lexicons[name], places = _sorted(batch.lexicons[name])
        if name in TYPE_PARTS:
            types[name] = places[batch.types[name]]
        else:
            columns[name] = places[batch.columns[name]]
    order = np.argsort(pack_types(types, {name: len(strings) for name, strings in lexicons.items()}))
    columns["type"] = _inverse(order)[batch.columns["type"]]
    types = {name: codes[order] for name, codes in types.items()}
    for name, (source, derive) in DERIVED.items():
        derived = Coded.of(map(derive, lexicons[source].tolist()))
        lexicons[name], places = _sorted(derived.values)
        types[name] = places[derived.codes][types[source]]
    return lexicons, types, columns


def _sorted(values: Sequence[str]) -> tuple[Strings, npt.NDArray[np.uint32]]:
    """The strings in byte order, and the new code of each old one."""
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    return Strings.of_bytes([encoded[i] for i in order]), _inverse(np.array(order, np.int64))


def _inverse(order: Array) -> npt.NDArray[np.uint32]:
    """Where each of the things ordered is now."""
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return places


def _postings(types: Array, how_many: int, bounds: npt.NDArray[np.int64]) -> dict[str, Array]:
    positions = _by_type(types)
    by_type = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(types, minlength=how_many))])
    documents = np.repeat(np.arange(len(bounds) - 1, dtype=codes_for(len(bounds) - 1)), np.diff(bounds))[positions]
    new_entry = np.ones(len(positions), bool)
    new_entry[1:] = documents[1:] != documents[:-1]
    new_entry[by_type[:-1][np.diff(by_type) > 0]] = True
    first = np.flatnonzero(new_entry)
    numbers = np.diff(first, append=len(positions))
    return {
        "postings": positions, "posting_bounds": by_type.astype(offsets_for(len(positions))),
        "counts.document": documents[first],
        "counts.n": numbers.astype(codes_for(int(numbers.max(initial=0)) + 1)),
        "counts.bounds": np.searchsorted(first, by_type).astype(offsets_for(len(first))),
    }


def _by_type(types: Array) -> npt.NDArray[np.uint32]:
    """The positions of tokens ordered by type, then by place.

    A stable sort of 16 bits is a counting sort in numpy.  Twice, lower half first, takes 13 ms a million tokens; sorting
    type and position side by side in 64 bits takes 51, a stable sort of 32 bits 62.
    """
    order = np.argsort(types.astype(np.uint16), kind="stable")
    if types.dtype.itemsize > 2:
        order = order[np.argsort((types >> 16).astype(np.uint16)[order], kind="stable")]
    return order.astype(np.uint32)


def _documents(documents: Sequence[Document]) -> dict[str, Array | Strings | Sequence[str]]:
    columns: dict[str, Array | Strings | Sequence[str]] = {}
    for name in (*DOCUMENT_TEXT, *DOCUMENT_NUMBERS):
        values = [getattr(about, name) for about in documents]
        columns[f"document.{name}"] = values if name in DOCUMENT_TEXT else np.array(values, np.int64)
    return columns


#: Runs shorter than this are gathered by index (5 ns a value), longer ones as slices (0.3 µs a run, 0.5 ns a value): of
#: 10,000 runs of 17 values in 0.4 ms and 3.8 ms, of 1,000 runs of 2,000 in 4.5 ms and 1.0 ms.
SHORT_RUN = 128
#: Places in runs so long are merged faster than sorted: 100 runs of 83,000 in 159 ms and 339 ms.
LONG_RUN = 1_024
#: Of so many tokens one: places are marked and read off, not sorted.  6 million of 20 in 66 ms, sorted in 202; 3.4 million
#: of 100 in 75 ms, sorted in 140.
MANY = 40


def _gathered(values: Array, begins: Array, ends: Array) -> Array:
    """The values of some stretches, one after the other."""
    if len(begins) == 1:
        return values[begins[0] : ends[0]]
    if len(begins) * SHORT_RUN >= int((ends - begins).sum()):
        return values[ranges(begins, ends)]
    return np.concatenate([values[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)])


class Shard:
    """An open shard: arrays on the file, nothing read until it is asked for."""

    def __init__(self, path: Path) -> None:
        self.pack = Pack(path)
        self.name = path.name
        self.bounds: npt.NDArray[np.int64] = self.pack["bounds"]

    def __len__(self) -> int:
        return int(self.pack.meta["documents"])

    @property
    def tokens(self) -> int:
        """How many tokens the shard holds, over all documents."""
        return int(self.pack.meta["tokens"])

    @property
    def is_current(self) -> bool:
        """Whether it is laid out as shards are now, as merging needs it; older ones have at most 20 M tokens."""
        return self.pack.meta.get("layout") == LAYOUT

    @cached_property
    def keys(self) -> list[str]:
        """The key of each document."""
        return self.pack.strings("document.key").tolist()

    def document(self, index: int) -> Document:
        """What is known of one document, without a look at the others."""
        found, = self.documents_in(index, index + 1)
        return found

    @property
    def documents(self) -> Sequence[Document]:
        """What is known of each document, looked up when it is asked for."""
        return _Documents(self)

    def documents_in(self, begin: int, end: int) -> Iterator[Document]:
        """What is known of documents that follow one another."""
        columns = [self.pack.strings(f"document.{name}").part(begin, end) if name in DOCUMENT_TEXT
                   else self.pack[f"document.{name}"][begin:end] for name in Document.__slots__]
        return map(Document, *(column.tolist() for column in columns))

    def lexicon(self, layer: str) -> Strings:
        """The strings of a layer, sorted by their UTF-8 bytes."""
        return self.pack.strings(f"lexicon.{layer}")

    def column(self, name: str) -> Array:
        """One value a token: type, after, dep, entity, start, head, flags."""
        return self.pack[name]

    def type_codes(self, layer: str) -> Array:
        """Code of each type in a layer."""
        return self.pack[f"types.{layer}"]

    def places(self, types: Array) -> npt.NDArray[np.int64]:
        """Positions of all tokens of these types, ascending."""
        begins, ends = self._runs("posting_bounds", types)
        places = _gathered(self.pack["postings"], begins, ends)
        if len(types) < 2:
            return places.astype(np.int64)
        if len(places) * MANY >= self.tokens:
            there = np.zeros(self.tokens, bool)
            there[places] = True
            return np.flatnonzero(there)
        ascending = len(places) >= LONG_RUN * len(types)
        return np.sort(places, kind="stable" if ascending else None).astype(np.int64)  # narrow: half the time

    @cached_property
    def frequencies(self) -> npt.NDArray[np.int64]:
        """How many tokens are of each type."""
        return np.diff(self.pack["posting_bounds"]).astype(np.int64)

    def places_between(self, kind: int, begin: Array, stop: Array) -> tuple[Array, Array]:
        """Positions of the tokens of one type in some stretches: the stretch of each, and the position, ascending."""
        bounds = self.pack["posting_bounds"]
        postings = self.pack["postings"][int(bounds[kind]) : int(bounds[kind + 1])]
        low, high = (np.searchsorted(postings, edges.astype(postings.dtype)) for edges in (begin, stop))
        return np.repeat(np.arange(len(begin)), high - low), postings[ranges(low, high)].astype(np.int64)

    def entries(self, types: Array) -> tuple[Array, Array]:
        """The entries of the video × type matrix of these types, type by type: documents, and how many tokens each has."""
        begins, ends = self._runs("counts.bounds", types)
        return _gathered(self.pack["counts.document"], begins, ends), _gathered(self.pack["counts.n"], begins, ends)

    def counts(self, types: Array) -> npt.NDArray[np.int64]:
        """How many tokens of these types each document has: a column of the video × type matrix, summed over types."""
        documents, numbers = self.entries(types)
        return np.bincount(documents, numbers, len(self)).astype(np.int64)  # sums are whole in 53 bits

    def _runs(self, bounds: str, types: Array) -> tuple[Array, Array]:
        """Where what lies by type begins and ends for these types, in one run for types that follow one another."""
        apart, end = types[1:] != types[:-1] + 1, np.ones(min(len(types), 1), bool)
        return (self.pack[bounds][types[np.concatenate([end, apart])]],
                self.pack[bounds][types[np.concatenate([apart, end])] + 1])

    @cached_property
    def batch(self) -> Batch:
        """The whole shard as a batch again, for merging and taking from; columns and strings stay on the file."""
        return Batch(
            _Documents(self), self.bounds, {name: self.lexicon(name) for name in LEXICONS},
            {name: self.type_codes(name) for name in TYPE_PARTS},
            {name: self.column(name) for name in ("type", *TOKEN_LAYERS, *COLUMNS)},
        )


class _Documents(Sequence[Document]):
    """The documents of a shard, each looked up when it is asked for."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard

    def __len__(self) -> int:
        return len(self.shard)

    def __getitem__(self, index: int) -> Document:  # type: ignore[override]  # no slices
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.shard.document(index)

    def __iter__(self) -> Iterator[Document]:
        for begin in range(0, len(self), 4096):  # 700,000 at once, of 1 billion tokens, would take 600 MB
            yield from self.shard.documents_in(begin, min(begin + 4096, len(self)))
