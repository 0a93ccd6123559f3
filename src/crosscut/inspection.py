"""What is in a file, and what do its words show?  All of import that takes time and writes nothing.

Where there is much to read, processes of their own do it while this one writes down what they found in the group before.
What comes back are no words: raw bytes, facts, and what the ledger keeps of each track.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import TracebackType

from crosscut import read
from crosscut.detect import traits_of
from crosscut.errors import UnreadableFile
from crosscut.identity import identify
from crosscut.model import Record, Track, Traits
from crosscut.pool import Pool
from crosscut.read.mapping import Mapping as FieldMapping
from crosscut.restore.sentences import is_punctuated
from crosscut.tokens import tokenise
from crosscut.work import digest_of

#: Other processes take a second each to start: for so many bytes it is worth it, and for fewer where so many files come
#: at once that more of them follow.
BYTES_WORTH_A_POOL, FEWEST_BYTES, MANY_FILES = 8 << 20, 1 << 20, 100
#: Files are sent in bundles of about so many bytes: some tens of milliseconds of work, which hide the cost of a message.
_BUNDLE = 1 << 17


@dataclass(frozen=True, slots=True)
class Given:
    """A file to inspect: its bytes, the name of the format that reads it, the mapping's number if that needs one.

    ``named`` are the facts of its path that say which video it is; the file itself has the last word.
    """

    name: str
    data: bytes
    format: str
    mapping: int | None = None
    named: Mapping[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """What the ledger keeps of one track; ``place``: which of its record; ``transcript``: the digest of it."""

    place: int
    kind: str
    language: str
    variant: str
    evidence: str
    words: int
    punctuated: bool
    word_timed: bool
    transcript: str
    traits: Traits


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """One record: without its transcripts, and without its raw bytes where they are the whole file's.

    ``platform`` and ``id`` are empty where it does not even say which video it is of.  Tracks without words are left out.
    """

    record: Record
    whole: bool
    platform: str
    id: str
    tracks: tuple[SeenTrack, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The records of one file, and why reading ended before its end, if it did."""

    records: tuple[SeenRecord, ...]
    reason: str = ""
    detail: str = ""


class Inspector:
    """Inspects files: here, or where there is much to read in processes of their own, which run until it is closed."""

    def __init__(self, mappings: Sequence[FieldMapping], jobs: int) -> None:
        self._work = Inspection(tuple((mapping.name, mapping.table) for mapping in mappings))
        self._jobs = jobs
        self._pool: Pool[Given, Seen] | None = None

    def __enter__(self) -> Inspector:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool:
            self._pool.__exit__(kind, error, trace)

    def begin(self, files: Sequence[Given]) -> list[Callable[[], Seen]]:
        """Begin with some files; what comes back for each gives what was seen, once it is there."""
        if self._pool is None and (self._jobs < 2 or not _is_much(files)):
            return [partial(self.inspect, file) for file in files]
        self._pool = self._pool or Pool(self._work, self._jobs)
        begun: list[Callable[[], Seen]] = []
        for bundle in _bundles(files):
            future = self._pool.submit(bundle)
            begun += [partial(lambda future, place: future.result()[place], future, place) for place in range(len(bundle))]
        return begun

    def inspect(self, file: Given) -> Seen:
        """Inspect one file here and now."""
        return self._work(file)


def _is_much(files: Sequence[Given]) -> bool:
    size = sum(len(file.data) for file in files)
    return len(files) > 1 and size >= (FEWEST_BYTES if len(files) >= MANY_FILES else BYTES_WORTH_A_POOL)


def _bundles(files: Sequence[Given]) -> Iterator[list[Given]]:
    bundle: list[Given] = []
    for file in files:
        bundle.append(file)
        if sum(len(one.data) for one in bundle) >= _BUNDLE:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


@dataclass(frozen=True)
class Inspection:
    """The work itself, which can be sent to another process; ``tables`` are the mappings as written."""

    tables: tuple[tuple[str, dict[str, object]], ...] = ()

    @cached_property
    def _mappings(self) -> list[FieldMapping]:
        return [FieldMapping.parse(name, table) for name, table in self.tables]

    def __call__(self, file: Given) -> Seen:
        """Read one file and look at what is in it."""
        mappings = () if file.mapping is None else (self._mappings[file.mapping],)
        module = next(one for one in read.FORMATS if file.format == one.NAME)
        records: list[SeenRecord] = []
        try:
            for record in module.read(read.File(file.name, file.data, mappings)):
                named = replace(record, facts={**(file.named or {}), **record.facts})
                records.append(_seen(named, file.data))
        except UnreadableFile as error:
            return Seen(tuple(records), error.reason, error.detail)
        return Seen(tuple(records))


def _seen(record: Record, data: bytes) -> SeenRecord:
    platform, id = ("", "") if _speaks_of_no_video(record) else _identity(record)
    tracks = tuple(seen for place, track in enumerate(record.tracks) if (seen := _track(place, track)))
    whole = record.raw == data
    return SeenRecord(replace(record, raw=b"" if whole else record.raw, tracks=()), whole, platform, id, tracks)


def _identity(record: Record) -> tuple[str, str]:
    text = record.tracks[0].transcript.text.encode("utf-8", "surrogatepass") if record.tracks else record.raw
    return identify(record.facts, text)


def _speaks_of_no_video(record: Record) -> bool:
    """Whether a record that cannot be used does not even say which video it is of."""
    named = record.facts.get("id") or record.facts.get("url")
    return bool(record.reason) and not record.tracks and (not named or record.reason == "not a video")


def _track(place: int, track: Track) -> SeenTrack | None:
    """What is kept of a track; None where it has no words."""
    transcript = track.transcript
    tokens = tokenise(transcript.text, "")  # no language, no clitics: these are words
    if not len(tokens):
        return None
    traits = traits_of(transcript, tokens, track.language)
    kind, evidence = _kind(track, traits)
    return SeenTrack(place, kind, track.language, track.variant, evidence, len(tokens), is_punctuated(tokens),
                     transcript.word_timed, digest_of(transcript), traits)


def _kind(track: Track, traits: Traits) -> tuple[str, str]:
    """The kind of a track and why: where neither its form nor a person says whose words these are, they may show it."""
    if track.kind == "unknown" and traits.speech is False:
        return "summary", f"{track.evidence}; reads as a summary: hardly anybody says I, you or well outside quotations"
    return track.kind, track.evidence
