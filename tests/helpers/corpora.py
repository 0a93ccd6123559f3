"""Small corpora made by hand: what every token says is written down, nothing is annotated."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from crosscut.model import GLUED, USABLE, Annotation, Coded
from crosscut.store.batch import Batch, document, merge
from crosscut.store.catalog import Table
from crosscut.store.corpus import CorpusFiles, Manifest, open_files, write_manifest
from crosscut.store.shard import write_shard
from crosscut.tokens import Tokens

ALL_LAYERS = ["word", "norm", "lemma", "pos", "tag", "head", "dep", "entity", "sentence"]


@dataclass(frozen=True)
class Tok:
    """One token and all that is said of it."""

    form: str
    after: str = " "
    lemma: str = ""
    pos: str = ""
    tag: str = ""
    head: int = 0
    dep: str = ""
    entity: str = ""
    flags: int = 0
    start: int = -1


@dataclass(frozen=True)
class Doc:
    """One video with its tokens, and what the catalog says of it."""

    video: str
    tokens: tuple[Tok, ...]
    language: str = "en"
    before: str = ""
    row: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.before + "".join(token.form + token.after for token in self.tokens)

    @property
    def words(self) -> int:
        return sum(1 for token in self.tokens if not token.flags & GLUED)


def words(text: str, *, every_ms: int = 0, lemma: bool = False) -> tuple[Tok, ...]:
    """Plain words, one every so many ms; their lemma is the lower-case form if asked for."""
    return tuple(Tok(form, lemma=form.lower() if lemma else "", start=n * every_ms if every_ms else -1)
                 for n, form in enumerate(text.split()))


def batch_of(doc: Doc) -> Batch:
    """The document as the builder would make it."""
    tokens = doc.tokens
    forms, afters = [t.form for t in tokens], [t.after for t in tokens]
    lengths = [len(form) + len(after) for form, after in zip(forms, afters, strict=True)]
    offsets = np.cumsum([len(doc.before), *lengths])[: len(tokens)].astype(np.int32)
    annotation = Annotation(
        lemma=Coded.of(t.lemma for t in tokens), pos=Coded.of(t.pos for t in tokens), tag=Coded.of(t.tag for t in tokens),
        head=np.array([t.head for t in tokens], np.int16), dep=Coded.of(t.dep for t in tokens),
        entity=Coded.of(t.entity for t in tokens), flags=np.array([t.flags for t in tokens], np.uint8),
    )
    start = np.array([t.start for t in tokens], np.int32)
    return document(f"{doc.video}/found", f"a-{doc.video}", doc.language, Tokens(doc.before, forms, afters, offsets), start,
                    annotation)


def read_back(batch: Batch) -> list[tuple[str, str, tuple[Tok, ...]]]:
    """Every document of a batch with every column as plain values again: key, before, tokens."""
    found = []
    for number, about in enumerate(batch.documents):
        span = range(int(batch.bounds[number]), int(batch.bounds[number + 1]))
        found.append((about.key, about.before, tuple(_token(batch, place) for place in span)))
    return found


def _token(batch: Batch, place: int) -> Tok:
    kind = int(batch.columns["type"][place])
    by_type: dict[str, Any] = {name: batch.lexicons[name][int(batch.types[name][kind])] for name in ("form", "lemma", "pos", "tag")}
    by_code: dict[str, Any] = {name: batch.lexicons[name][int(batch.columns[name][place])] for name in ("after", "dep", "entity")}
    plain: dict[str, Any] = {name: int(batch.columns[name][place]) for name in ("head", "flags", "start")}
    return Tok(**by_type, **by_code, **plain)


def catalog_row(doc: Doc, shard: int, number: int, batch: Batch | None) -> dict[str, Any]:
    """The catalog's row of a video; ``doc.row`` says what is special about it."""
    about = batch.documents[0] if batch else None
    platform, _, id = doc.video.partition(":")
    row: dict[str, Any] = {
        "video": doc.video, "platform": platform, "id": id, "title": "", "published": "", "url": "", "flags": "",
        "version": "v", "content": about.content if about else "", "digest": about.digest if about else "",
        "thumbnail": "", "outlet": "unknown", "language": doc.language, "programme": "", "format": "unknown",
        "kind": "automatic", "status": USABLE, "caption_format": "vtt", "shard": shard, "document": number,
        "tokens": about.tokens if about else 0, "words": about.words if about else 0,
        "speech_ms": about.speech_ms if about else 0, "duration_ms": 0, "punctuated": 0, "word_timed": 0,
        "wanted": 1, "recipe": "", "result": "", "case": "none", "identified": "", "unknown": -1, "a_minute": -1,
        "silence_ms": -1,
    }
    return row | dict(doc.row)


@contextmanager
def quick() -> Iterator[None]:
    """Files need not survive a power cut in a test."""
    with patch.object(os, "fsync", lambda handle: None):
        yield


def write_corpus(
    folder: Path, docs: Sequence[Doc], groups: Sequence[Sequence[int]] | None = None, *, strays: Sequence[Doc] = (),
    without_words: Sequence[Doc] = (), layers: Mapping[str, list[str]] | None = None,
) -> CorpusFiles:
    """A corpus on disk: ``groups`` say which documents lie in which shard, in which order.

    ``strays`` are documents that no video points at; they lie in front of the first shard's others.
    """
    groups = [list(range(len(docs)))] if groups is None else groups
    rows = [catalog_row(doc, -1, -1, None) for doc in without_words]
    names = []
    with quick():
        for shard, group in enumerate(groups):
            extra = [batch_of(doc) for doc in strays] if shard == 0 else []
            batches = [batch_of(docs[index]) for index in group]
            if not extra + batches:
                continue
            names.append(f"shard-{shard}.pack")
            write_shard(folder / names[-1], merge(extra + batches))
            rows += [catalog_row(docs[index], len(names) - 1, len(extra) + place, batch)
                     for place, (index, batch) in enumerate(zip(group, batches, strict=True))]
        rows.sort(key=lambda row: str(row["video"]).encode("utf-8", "surrogatepass"))
        Table.of(rows).write(folder / "catalog.pack")
        languages = {doc.language for doc in docs}
        write_manifest(folder, Manifest(
            built="2024-01-01T00:00:00Z", tool="test", recipe="recipe", result="result", catalog="catalog.pack",
            shards=tuple(names), layers=dict.fromkeys(languages, ALL_LAYERS) | dict(layers or {}),
            labels={}, annotators={}))
    return open_files(folder)


@contextmanager
def corpus(docs: Sequence[Doc], groups: Sequence[Sequence[int]] | None = None, **more: Any) -> Iterator[CorpusFiles]:
    """A corpus in a folder of its own, for property tests."""
    with tempfile.TemporaryDirectory() as folder:
        yield write_corpus(Path(folder), docs, groups, **more)
