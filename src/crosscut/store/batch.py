"""The annotated documents of some videos, as columns in memory; two batches merge into one.

A *document* is one caption track version in one view ("found": as captioned).  One column of *types* carries
what belongs to the form of a token: a type is a distinct (form, lemma, pos, tag), and ``word`` and ``norm`` follow
from the form.  So a constraint on a token is decided once a type, not once a token.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut import tokens as tokeniser
from crosscut.model import GLUED, Annotation, Coded
from crosscut.store.pack import Strings

Array = npt.NDArray[Any]

#: Layers that make a type.
TYPE_PARTS = ("form", "lemma", "pos", "tag")
#: Coded layers beside the types.
TOKEN_LAYERS = ("after", "dep", "entity")
#: Plain columns, one value a token.
COLUMNS = {"start": np.int32, "head": np.int16, "flags": np.uint8}
LEXICONS = (*TYPE_PARTS, *TOKEN_LAYERS)


@dataclass(frozen=True, slots=True)
class Document:
    """What identifies one document, and what was counted when it was made.

    ``key`` names track version and view; ``annotation`` is a digest of what the annotator saw and who it was, so that
    equal text is annotated once; ``content`` covers the tokens alone (spans of layers are bound to it), ``digest``
    every column, so that equal digests mean equal answers.
    """

    key: str
    annotation: str
    content: str
    digest: str
    language: str
    before: str
    words: int
    tokens: int
    speech_ms: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents, their types and their token columns; token i of document d stands at ``bounds[d] + i``."""

    documents: Sequence[Document]
    bounds: npt.NDArray[np.int64]
    lexicons: dict[str, Sequence[str]]
    types: dict[str, Array]                    # form, lemma, pos, tag: code of each type
    columns: dict[str, Array] = field(repr=False)  # type, after, dep, entity, start, head, flags: one value a token

    def __len__(self) -> int:
        return len(self.documents)

    def take(self, indices: Sequence[int], keys: Sequence[str] = ()) -> Batch:
        """Some documents, with only the types and strings they use; under other keys (equal text is annotated once)."""
        spans = [slice(int(self.bounds[index]), int(self.bounds[index + 1])) for index in indices]
        columns = {name: np.concatenate([column[:0], *(column[span] for span in spans)])
                   for name, column in self.columns.items()}
        used, columns["type"] = np.unique(columns["type"], return_inverse=True)
        types = {name: np.asarray(codes)[used] for name, codes in self.types.items()}
        lexicons: dict[str, Sequence[str]] = {}
        for name in LEXICONS:
            holder = types if name in TYPE_PARTS else columns
            codes, holder[name] = np.unique(holder[name], return_inverse=True)
            lexicons[name] = _some(self.lexicons[name], codes)
        bounds = np.cumsum([0, *(span.stop - span.start for span in spans)], dtype=np.int64)
        documents = tuple(self.documents[index] for index in indices)
        if keys:
            documents = tuple(replace(about, key=key) for about, key in zip(documents, keys, strict=True))
        return Batch(documents, bounds, lexicons, types, columns)


def _some(lexicon: Sequence[str], codes: Array) -> list[str]:
    if isinstance(lexicon, Strings):
        return lexicon.take(codes)
    return list(map(lexicon.__getitem__, codes.tolist()))


def document(
    key: str, annotation_key: str, language: str, tokens: tokeniser.Tokens, start: npt.NDArray[np.int32],
    annotation: Annotation,
) -> Batch:
    """A batch of one document."""
    form, after = Coded.of(tokens.forms), Coded.of(tokens.afters)
    layers = {"form": form, "lemma": annotation.lemma, "pos": annotation.pos, "tag": annotation.tag}
    sizes = {name: len(layer.values) for name, layer in layers.items()}
    packed = pack_types({name: layer.codes for name, layer in layers.items()}, sizes)
    distinct, types_of_tokens = np.unique(packed, return_inverse=True)
    columns: dict[str, Array] = {
        "type": types_of_tokens.astype(np.uint32), "after": after.codes,
        "dep": annotation.dep.codes, "entity": annotation.entity.codes,
        "start": start.astype(np.int32), "head": annotation.head, "flags": annotation.flags,
    }
    coded = {**layers, "after": after, "dep": annotation.dep, "entity": annotation.entity}
    content = _digest(language, tokens.before, {"form": form, "after": after}, {})
    about = Document(
        key=key, annotation=annotation_key, content=content, digest=_digest(content, "", coded, columns),
        language=language, before=tokens.before, words=int(np.count_nonzero(~annotation.flags & GLUED)), tokens=len(tokens),
        speech_ms=speech_ms(start),
    )
    lexicons: dict[str, Sequence[str]] = {name: layer.values for name, layer in coded.items()}
    return Batch((about,), np.array([0, len(tokens)], np.int64), lexicons, unpack_types(distinct, sizes), columns)


#: A token is heard from its start to the next one's, but no longer than this: longer gaps are silence, music, pictures.
LONGEST_WORD_MS = 2_000
LAST_WORD_MS = 400


def token_durations(start: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """How long each token of one document is heard, in ms (0 where the track has no times)."""
    if not len(start) or start[0] < 0:
        return np.zeros(len(start), np.int64)
    gaps = np.diff(start.astype(np.int64), append=int(start[-1]) + LAST_WORD_MS)
    return np.clip(gaps, 0, LONGEST_WORD_MS)


def speech_ms(start: npt.NDArray[np.int32]) -> int:
    """How long somebody is heard in one document, in ms."""
    return int(token_durations(start).sum())


def _digest(about: str, before: str, coded: dict[str, Coded], columns: dict[str, Array]) -> str:
    """Hash of columns in a form that does not depend on codes, shards or order of arrival."""
    state = hashlib.sha256(json.dumps([about, before]).encode())  # JSON: no text can pass for two
    for name in sorted(coded):
        state.update(json.dumps([name, coded[name].values]).encode())
        state.update(coded[name].codes.astype("<u4").tobytes())
    for name in sorted(columns.keys() & COLUMNS.keys()):
        kind = np.dtype(COLUMNS[name]).newbyteorder("<")
        state.update(f"\1{name}\1".encode() + columns[name].astype(kind).tobytes())
    return state.hexdigest()


def _bits(sizes: Mapping[str, int]) -> dict[str, int]:
    """How many bits each code of a type has in its key."""
    bits = {name: max(sizes[name] - 1, 1).bit_length() for name in TYPE_PARTS}
    if sum(bits.values()) > 64:
        raise OverflowError(f"too many distinct values for the types of one shard: {dict(sizes)}")
    return bits


def pack_types(codes: Mapping[str, Array], sizes: Mapping[str, int]) -> npt.NDArray[np.uint64]:
    """One integer a type, its codes side by side: it sorts as they do.  ``sizes``: how many codes a layer has."""
    packed = np.zeros(len(codes["form"]), np.uint64)
    for name, bits in _bits(sizes).items():
        packed = (packed << np.uint64(bits)) | codes[name].astype(np.uint64)
    return packed


def unpack_types(packed: npt.NDArray[np.uint64], sizes: Mapping[str, int]) -> dict[str, Array]:
    """The codes of types from their keys."""
    types: dict[str, Array] = {}
    for name, bits in reversed(_bits(sizes).items()):
        types[name] = (packed & np.uint64((1 << bits) - 1)).astype(np.uint32)
        packed = packed >> np.uint64(bits)
    return {name: types[name] for name in TYPE_PARTS}


def merge(batches: Iterable[Batch]) -> Batch:
    """All documents of ``batches`` in one batch; nothing is annotated or counted again."""
    parts = list(batches)
    lexicons, remaps = _merge_lexicons(parts)
    sizes = {name: len(lexicons[name]) for name in TYPE_PARTS}
    packed = [
        pack_types({name: remap[name][part.types[name]] for name in TYPE_PARTS}, sizes)
        for part, remap in zip(parts, remaps, strict=True)
    ]
    distinct, inverse = np.unique(np.concatenate(packed), return_inverse=True)
    new_types = np.split(inverse.astype(np.uint32), np.cumsum([len(p) for p in packed])[:-1])
    columns: dict[str, list[Array]] = {name: [] for name in ("type", *TOKEN_LAYERS, *COLUMNS)}
    for part, remap, types in zip(parts, remaps, new_types, strict=True):
        columns["type"].append(types[part.columns["type"]])
        for name in TOKEN_LAYERS:
            columns[name].append(remap[name][part.columns[name]])
        for name in COLUMNS:
            columns[name].append(part.columns[name])
    lengths = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.bounds) for part in parts)])
    return Batch(
        tuple(about for part in parts for about in part.documents), np.cumsum(lengths), lexicons,
        unpack_types(distinct, sizes),
        {name: np.concatenate(pieces) for name, pieces in columns.items()},
    )


def _merge_lexicons(parts: list[Batch]) -> tuple[dict[str, Sequence[str]], list[dict[str, Array]]]:
    """One lexicon a layer, and for each batch where its codes went."""
    lexicons: dict[str, Sequence[str]] = {}
    remaps: list[dict[str, Array]] = [{} for _ in parts]
    for name in LEXICONS:
        codes: dict[str, int] = {}
        for part, remap in zip(parts, remaps, strict=True):
            lexicon = part.lexicons[name]
            values = lexicon.tolist() if isinstance(lexicon, Strings) else lexicon
            remap[name] = np.array([codes.setdefault(v, len(codes)) for v in values], np.uint32)
        lexicons[name] = list(codes)
    return lexicons, remaps
