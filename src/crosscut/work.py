"""One document from raw bytes to annotated columns, and many at once.

A document's key names the version, the view and a fingerprint of everything that decides its annotation; a document
whose key is in a shard is never made again.  Equal transcripts with the same annotator have an equal *annotation key*:
such work is copied from the shard that has it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosscut import read
from crosscut import tokens as tokeniser
from crosscut.annotate import Annotator, Request, annotator_for, load
from crosscut.clean import level
from crosscut.errors import CrosscutError, UnreadableFile
from crosscut.ledger import Version
from crosscut.model import ESTIMATED, FOUND, LEVELLED, Transcript
from crosscut.pool import each
from crosscut.raw import RawStore
from crosscut.read.mapping import Mapping as FieldMapping
from crosscut.restore.sentences import sentence_starts
from crosscut.store.batch import Batch, document

#: Below this many words a second process costs more (two seconds to load a model) than it saves.
WORDS_WORTH_A_POOL = 20_000


@dataclass(frozen=True, slots=True)
class Task:
    """One document to make; ``transcript`` is the digest of its words and times, "" where they cannot be read."""

    version: Version
    language: str
    mapping: str       # definition of the mapping that reads it, as JSON, or ""
    annotator: Annotator
    view: str = FOUND
    transcript: str = ""

    @property
    def key(self) -> str:
        """Version, view and fingerprint."""
        return document_key(self.version, self.annotator, self.view)

    @property
    def annotation(self) -> str:
        """The annotation key: of what the annotator sees, and who it is."""
        words = self.transcript.partition(":")[2] or self.key  # whichever reader found them; unread ones are like no others
        text = f"{made_as(self.view)}\0{self.annotator.fingerprint}\0{self.language}\0{words}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def document_key(version: Version, annotator: Annotator, view: str) -> str:
    """The key of the document that this version and this annotator give in a view."""
    return f"{version.version}/{made_with(annotator, view)}"


def made_with(annotator: Annotator, view: str) -> str:
    """What decides a document beside its version: the view, the reader and the annotator."""
    return f"{made_as(view)}/{read.VERSION}.{annotator.fingerprint}"


def made_as(view: str) -> str:
    """The view, and the version of what makes it."""
    return f"{view}{level.VERSION}" if view == LEVELLED else view


def digest_of(transcript: Transcript) -> str:
    """Digest of the words and times of a transcript, led by the version of the reader that gave them."""
    state = hashlib.sha256(b"words\0" if transcript.word_timed else b"cues\0")
    state.update(transcript.text.encode("utf-8", "surrogatepass") + b"\0")
    for column in (transcript.offsets, transcript.starts, transcript.ends):
        state.update(column.astype("<i4").tobytes())
    return f"{read.VERSION}:{state.hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be made, and why."""

    video: str
    reason: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Makes documents from raw bytes."""

    raw: RawStore

    def with_digest(self, task: Task) -> Task:
        """The task with the digest of its transcript: as import found it, else read now; "" where it cannot be read."""
        if task.version.transcript.startswith(f"{read.VERSION}:"):
            return replace(task, transcript=task.version.transcript)
        try:
            return replace(task, transcript=digest_of(read_version(self.raw, task.version, task.mapping)))
        except CrosscutError:
            return task  # ``make`` says why

    def make(self, task: Task) -> Batch | Failure:
        """One document: read, tokenise, annotate."""
        try:
            transcript = read_version(self.raw, task.version, task.mapping)
        except CrosscutError as error:
            return Failure(task.version.video, str(error))
        try:
            return self._document(task, transcript)
        except CrosscutError:
            raise  # a model is broken: no document could be made
        except Exception as error:  # one odd text never costs the others
            return Failure(task.version.video, f"annotating failed: {type(error).__name__}: {error}")

    def _document(self, task: Task, transcript: Transcript) -> Batch:
        tokens = tokeniser.tokenise(transcript.text, task.language)
        start, estimated = tokeniser.token_times(tokens, transcript)
        starts = sentence_starts(tokens, start, transcript.word_timed)
        if task.view == LEVELLED:
            tokens, start = level.levelled(tokens, start, task.language)
            starts = sentence_starts(tokens, np.full(len(tokens), -1, np.int32), False)  # not all have pauses to go by
        annotation = next(iter(load(task.annotator)([Request(tokens, starts)])))
        if estimated:
            annotation.flags[:] |= np.uint8(ESTIMATED)
        return document(task.key, task.annotation, task.language, tokens, start, annotation)


def make_all(worker: Worker, tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, Batch | Failure]]:
    """Each task with its document or its failure, in any order."""
    if jobs < 2 or sum(task.version.words for task in tasks) < WORDS_WORTH_A_POOL:
        yield from ((task, worker.make(task)) for task in tasks)
    else:
        yield from each(worker.make, _bundles(tasks), jobs)


def _bundles(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """Tasks in bundles of some 5,000 words: enough to hide the cost of a message, few enough to share work evenly."""
    bundle: list[Task] = []
    for task in tasks:
        bundle.append(task)
        if sum(t.version.words for t in bundle) >= 5_000 or len(bundle) >= 50:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


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
