"""One document from raw bytes to annotated columns: what a worker process does.

A document's key names the version, the view and a fingerprint of everything that decides its annotation; a document
whose key is in a shard is never made again.  Equal words, times and annotator give an equal *annotation key*: such
work is copied from the shard that has it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from crosscut import read
from crosscut import tokens as tokeniser
from crosscut.annotate import Annotator, Request, annotator_for, load
from crosscut.errors import CrosscutError, UnreadableFile
from crosscut.ledger import Version
from crosscut.model import ESTIMATED, Transcript
from crosscut.raw import RawStore
from crosscut.read.mapping import Mapping as FieldMapping
from crosscut.restore.sentences import sentence_starts
from crosscut.store.batch import Batch, document
from crosscut.store.shard import Shard

#: The view that is always made: words as captioned.  (A levelled view comes with another issue.)
FOUND = "found"
#: Changes whenever reading or cleaning the same bytes could give another transcript: part of every document's key.
READ_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Task:
    """One document to make."""

    version: Version
    language: str
    mapping: str       # definition of the mapping that reads it, as JSON, or ""
    annotator: Annotator

    @property
    def key(self) -> str:
        """Version, view and fingerprint."""
        return document_key(self.version, self.annotator)


def document_key(version: Version, annotator: Annotator) -> str:
    """The key of the document that this version and this annotator give."""
    return f"{version.version}/{made_with(annotator)}"


def made_with(annotator: Annotator) -> str:
    """What decides a document beside its version: the view, the reader and the annotator."""
    return f"{FOUND}/{READ_VERSION}.{annotator.fingerprint}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be made, and why."""

    video: str
    reason: str


@dataclass(slots=True)
class Worker:
    """Makes documents; keeps shards open between tasks."""

    raw: RawStore
    corpus: Path
    known: Mapping[str, tuple[str, int]]      # annotation key -> shard file, document
    shards: dict[str, Shard] = field(default_factory=dict)

    def make(self, task: Task) -> Batch | Failure:
        """One document: read, tokenise, and annotate unless equal work is known."""
        try:
            transcript = read_version(self.raw, task.version, task.mapping)
        except CrosscutError as error:
            return Failure(task.version.video, str(error))
        try:
            return self._document(task, transcript)
        except CrosscutError:
            raise  # a model or a shard is broken: no document could be made
        except Exception as error:  # one odd text never costs the others
            return Failure(task.version.video, f"annotating failed: {type(error).__name__}: {error}")

    def _document(self, task: Task, transcript: Transcript) -> Batch:
        tokens = tokeniser.tokenise(transcript.text, task.language)
        start, estimated = tokeniser.token_times(tokens, transcript)
        starts = sentence_starts(tokens, start, transcript.word_timed)
        state = hashlib.sha256(f"{task.annotator.fingerprint}\0{task.language}\0{estimated}\0".encode())
        state.update(transcript.text.encode("utf-8", "surrogatepass"))
        state.update(start.astype("<i4").tobytes())
        annotation_key = state.hexdigest()[:32]
        if found := self.known.get(annotation_key):
            return self._shard(found[0]).cut(found[1]).renamed(task.key)
        annotation = next(iter(load(task.annotator)([Request(tokens, starts)])))
        if estimated:
            annotation.flags[:] |= np.uint8(ESTIMATED)
        return document(task.key, annotation_key, task.language, tokens, start, annotation)

    def _shard(self, name: str) -> Shard:
        if name not in self.shards:
            self.shards[name] = Shard(self.corpus / name)
        return self.shards[name]


def read_version(raw: RawStore, version: Version, mapping: str) -> Transcript:
    """The transcript of a version, read again from its raw bytes."""
    data = raw.read(version.raw, version.sha256)
    if data is None:
        raise UnreadableFile("raw file gone or changed", version.raw)
    mappings = (FieldMapping.parse("stored", json.loads(mapping)),) if mapping else ()
    file = read.File(version.origin, data, mappings)
    # Told by its name in the ledger, not by its content: a slice of a file need not show all by which the file was told.
    module = next((one for one in read.FORMATS if version.format == one.NAME), None)
    if module is None:
        raise UnreadableFile("format not known any more", version.format)
    for record in module.read(file):
        if version.place < len(record.tracks):
            return record.tracks[version.place].transcript
    raise UnreadableFile("track not found in its raw file", version.raw)


def annotators(languages: set[str], models: Mapping[str, str]) -> dict[str, Annotator]:
    """The annotator of each language."""
    return {language: annotator_for(language, models) for language in sorted(languages)}
