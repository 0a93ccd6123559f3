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
from crosscut.store.batch import COLUMNS, LEXICONS, TOKEN_LAYERS, TYPE_BITS, Batch, Document
from crosscut.store.pack import Pack, Strings, write_pack

Array = npt.NDArray[Any]
#: Lexicons that follow from another: the layer it is, and how.  Literals are looked up in them whatever their case.
DERIVED: dict[str, tuple[str, Callable[[str], str]]] = {
    "word": ("form", tokeniser.word), "norm": ("form", tokeniser.norm), "lemma_folded": ("lemma", str.casefold)}
#: Layers a token constraint can name, all decided on the types.
TYPE_LAYERS = ("word", "norm", "lemma", "pos", "tag")


def write_shard(path: Path, batch: Batch) -> None:
    """Write ``batch`` as a shard that appears whole or not at all."""
    lexicons: dict[str, Strings] = {}
    types, token_columns = dict(batch.types), dict(batch.columns)
    for name in LEXICONS:
        lexicons[name], order = _sorted(batch.lexicons[name])
        holder = types if name in TYPE_BITS else token_columns
        holder[name] = order[holder[name]] if len(order) else holder[name]
    for name, (source, derive) in DERIVED.items():
        derived = Coded.of(map(derive, lexicons[source].tolist()))
        lexicons[name], order = _sorted(derived.values)
        types[name] = order[derived.codes][types[source]] if len(order) else types[source]
    columns: dict[str, Array | Strings | Sequence[str]] = {"bounds": batch.bounds}
    columns |= {f"lexicon.{name}": strings for name, strings in lexicons.items()}
    columns |= {f"types.{name}": codes.astype(np.uint32) for name, codes in types.items()}
    columns |= {name: _narrow(column) for name, column in token_columns.items()}
    columns |= _postings(token_columns["type"], len(types["form"]), batch.bounds)
    columns |= _documents(batch.documents)
    write_pack(path, columns, {"documents": len(batch), "tokens": int(batch.bounds[-1])})


def _sorted(values: Sequence[str]) -> tuple[Strings, npt.NDArray[np.uint32]]:
    """The strings in byte order, and the new code of each old one."""
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    new_codes = np.empty(len(order), np.uint32)
    new_codes[order] = np.arange(len(order), dtype=np.uint32)
    return Strings.of_bytes([encoded[i] for i in order]), new_codes


def _narrow(column: Array) -> Array:
    """The same numbers in the smallest unsigned type that holds them (columns of codes only)."""
    if column.dtype.kind != "u" and column.dtype != np.int64:
        return column
    top = int(column.max()) if len(column) else 0
    return column.astype(np.uint8 if top < 1 << 8 else np.uint16 if top < 1 << 16 else np.uint32)


def _postings(types: Array, how_many: int, bounds: npt.NDArray[np.int64]) -> dict[str, Array]:
    # Type and position side by side in one integer: sorted in a quarter of the time of a stable sort of the types.
    ordered = np.sort((types.astype(np.uint64) << np.uint64(32)) | np.arange(len(types), dtype=np.uint64))
    positions = ordered.astype(np.uint32)  # the lower half
    by_type = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(types, minlength=how_many))])
    documents = np.repeat(np.arange(len(bounds) - 1, dtype=np.uint32), np.diff(bounds))[positions]
    new_entry = np.ones(len(positions), bool)
    new_entry[1:] = documents[1:] != documents[:-1]
    new_entry[by_type[:-1][np.diff(by_type) > 0]] = True
    first = np.flatnonzero(new_entry)
    return {
        "postings": positions, "posting_bounds": by_type,
        "counts.document": documents[first],
        "counts.n": np.diff(first, append=len(positions)).astype(np.uint32),
        "counts.bounds": np.searchsorted(first, by_type).astype(np.int64),
    }


def _documents(documents: Sequence[Document]) -> dict[str, Array | Strings | Sequence[str]]:
    text = ("key", "annotation", "content", "digest", "language", "before")
    numbers = ("words", "tokens", "speech_ms")
    return {
        **{f"document.{name}": [getattr(about, name) for about in documents] for name in text},
        **{f"document.{name}": np.array([getattr(about, name) for about in documents], np.int64) for name in numbers},
    }


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

    @cached_property
    def keys(self) -> list[str]:
        """The key of each document."""
        return self.pack.strings("document.key").tolist()

    def document(self, index: int) -> Document:
        """What is known of one document, without a look at the others."""
        values = [self.pack.strings(f"document.{name}")[index] if f"document.{name}#" in self.pack
                  else int(self.pack[f"document.{name}"][index]) for name in Document.__slots__]
        return Document(*values)  # type: ignore[arg-type]  # in the order of its slots

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """What is known of each document."""
        columns = [self.pack.strings(f"document.{name}") if f"document.{name}#" in self.pack
                   else self.pack[f"document.{name}"] for name in Document.__slots__]
        return tuple(Document(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

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
        bounds, postings = self.pack["posting_bounds"], self.pack["postings"]
        pieces = [postings[bounds[t] : bounds[t + 1]] for t in types.tolist()]
        if not pieces:
            return np.zeros(0, np.int64)
        together = np.concatenate(pieces).astype(np.int64)
        return together if len(pieces) == 1 else np.sort(together)

    def count(self, types: Array) -> int:
        """How many tokens are of these types."""
        bounds = self.pack["posting_bounds"]
        return int((bounds[types + 1] - bounds[types]).sum()) if len(types) else 0

    def counts(self, types: Array) -> npt.NDArray[np.int64]:
        """How many tokens of these types each document has: a column of the video × type matrix, summed over types."""
        bounds, documents, numbers = self.pack["counts.bounds"], self.pack["counts.document"], self.pack["counts.n"]
        total = np.zeros(len(self), np.int64)
        for t in types.tolist():
            entries = slice(int(bounds[t]), int(bounds[t + 1]))
            total[documents[entries]] += numbers[entries]  # a document occurs once a type
        return total

    @cached_property
    def batch(self) -> Batch:
        """The whole shard as a batch again, for merging and taking from; columns and strings stay on the file."""
        return Batch(
            _Documents(self), self.bounds, {name: self.lexicon(name) for name in LEXICONS},
            {name: self.type_codes(name) for name in TYPE_BITS},
            {name: self.column(name) for name in ("type", *TOKEN_LAYERS, *COLUMNS)},
        )


class _Documents(Sequence[Document]):
    """The documents of a shard, each looked up when it is asked for."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard

    def __len__(self) -> int:
        return len(self.shard)

    def __getitem__(self, index: int) -> Document:  # type: ignore[override]  # no slices
        return self.shard.document(index)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.shard.documents)
