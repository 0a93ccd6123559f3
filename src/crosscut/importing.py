"""Bring in what one already has: files of any known form become videos, tracks and accounts.

Nothing is cleaned or counted here for good: raw bytes are kept, and what each source says is written to the ledger.
Every file ends as imported, joined to a video or excluded with a reason.  Files go to the ledger in groups; a run that
is killed loses the group in hand and can simply be started again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Tables
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from crosscut import __version__, read
from crosscut.errors import ImportFailed, StudyError
from crosscut.files import Loaded, Waiting, opened
from crosscut.identity import OUTLET_FOLDER, outlet_from_path, video_key
from crosscut.inspection import Given, Inspector, Seen, SeenRecord, SeenTrack
from crosscut.ledger import SHORTEST_ID_IN_A_NAME, Ledger, Row, Version
from crosscut.model import Record
from crosscut.raw import RawStore
from crosscut.read.dates import published
from crosscut.read.mapping import Mapping, path_pattern
from crosscut.read.names import archive_name
from crosscut.read.unknown import why_unknown
from crosscut.settings import Study, read_toml

#: A group ends at so many files or so many bytes.
GROUP, GROUP_BYTES = 200, 64 << 20
#: What finds out about a track; a file that an older one looked at is looked at again when it is seen again.
TOOL = f"crosscut {__version__}, reader {read.VERSION}"
RANK_OF_ROLE = {"captions": "captions", "sidecar": "info", "picture": "info", "listing": "listing"}

Progress = Callable[[int, int, str], None]
_T = TypeVar("_T")
#: What ``Ledger.add_record`` keeps of a record: locator, outcome, reason, video.
_Account = tuple[str, str, str, str | None]
#: Facts that say which video it is.
_IDENTITY = ("id", "platform")
_NO_ID = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(slots=True)
class ImportReport:
    """What one run of ``import`` did: numbers of files by outcome, and what was excluded, by reason."""

    seen: int = 0
    imported: int = 0
    joined: int = 0
    excluded: int = 0
    path_matched: int = 0                            # files in whose path the study file's pattern found something
    known: int = 0                                   # seen before with the same bytes; counted in the others too
    videos: set[str] = field(default_factory=set)    # videos that got at least one track
    reasons: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _InHand:
    """A file in memory, and the module and the mapping for it, or the reason why there is none.

    ``seen`` gives what is in it, and waits for that where another process reads it.
    """

    loaded: Loaded
    reason: str = ""
    module: read.Format | None = None
    mapped_by: Mapping | None = None
    in_path: Tables[str, str | int] = field(default_factory=dict)  # what the user's pattern of paths finds in the name
    sha256: str = ""
    seen: Callable[[], Seen] | None = None

    @property
    def name(self) -> str:
        """The name by which accounts know it."""
        return self.loaded.name

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.loaded.data

    @property
    def mapping(self) -> str:
        """The digest of the mapping, or ""."""
        return self.mapped_by.digest if self.mapped_by else ""

    @property
    def role(self) -> str:
        """What it brings: see ``read``."""
        assert self.module
        return self.mapped_by.role if self.mapped_by else self.module.ROLE

    @property
    def suffix(self) -> str:
        """What the name ends with, for the names of raw files."""
        return PurePosixPath(self.name).suffix


def import_(
    study: Study, paths: Sequence[Path], *, outlet: str = "", mappings: Sequence[Mapping] = (),
    progress: Progress | None = None,
) -> ImportReport:
    """Import files and folders into a study; see the module's docstring for what is promised."""
    check_paths(paths)
    mappings = (*mappings, *parse_mappings(study))
    with Ledger(study.ledger) as ledger, opened(paths, study.folder) as files, Inspector(mappings, study.jobs) as inspector:
        run = _Run(study, ledger, outlet, mappings, inspector)
        waiting: list[Waiting] = []
        done = 0
        for pictures, group in _one_ahead(map(run.begin, _grouped(files))):
            waiting += map(files.later, pictures)
            run.write(group)
            done += len(pictures) + len(group)
            if progress:
                progress(done, files.total, group[0].name if group else pictures[0].name)
        for pictures in _grouped(map(files.again, waiting)):  # only now are all videos known that may have them
            run.write(map(run.in_hand, pictures))
    return run.report


def _one_ahead(begun: Iterable[_T]) -> Iterator[_T]:
    """What is begun, when the next one is begun as well."""
    before: list[_T] = []
    for one in begun:
        yield from before
        before = [one]
    yield from before


def _grouped(files: Iterable[Loaded]) -> Iterator[list[Loaded]]:
    """Groups of files that memory can hold."""
    group: list[Loaded] = []
    for file in files:
        group.append(file)
        if len(group) == GROUP or sum(len(one.data) for one in group) > GROUP_BYTES:
            yield group
            group = []
    if group:
        yield group


def parse_mappings(study: Study) -> tuple[Mapping, ...]:
    """The mappings of the study file."""
    return _parsed(study.mappings)


def read_mappings(path: Path) -> tuple[Mapping, ...]:
    """The mappings of a TOML file of ``[mappings.*]`` tables."""
    try:
        tables = read_toml(path).get("mappings", {})
    except OSError as error:
        raise StudyError(f"{path}: cannot be read as mappings: {error}") from error
    if not isinstance(tables, dict) or not tables:
        raise StudyError(f"{path}: no [mappings.NAME] table in it")
    return _parsed(tables)


def _parsed(tables: Tables[str, Any]) -> tuple[Mapping, ...]:
    return tuple(Mapping.parse(name, table) for name, table in tables.items())  # says so where one is no table


def check_paths(paths: Sequence[Path]) -> None:
    """Complain about a path that is not there, before anything is begun."""
    for path in paths:
        if not path.exists():
            raise ImportFailed(f"{path}: no such file or folder")


def now() -> str:
    """This moment in UTC, to the second, as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class _Run:
    """One run of ``import``."""

    def __init__(
        self, study: Study, ledger: Ledger, outlet: str, mappings: Sequence[Mapping], inspector: Inspector,
    ) -> None:
        self.study, self.ledger, self.outlet, self.mappings, self.inspector = study, ledger, outlet, mappings, inspector
        self.raw = RawStore(study.raw)
        self.report = ImportReport()
        self.forgotten: set[str] = set()
        self.known_outlets = set(study.outlets)
        self.now = now()
        self._wanted: dict[str, str] | None = None
        self.path = path_pattern(study.path) if study.path else None

    def begin(self, files: Sequence[Loaded]) -> tuple[list[Loaded], list[_InHand]]:
        """Begin to read a group of files; pictures are given back, since their turn is later."""
        in_hand = [self.in_hand(loaded) for loaded in files]
        pictures = [file.loaded for file in in_hand if file.module and file.role == "picture"]
        others = [file for file in in_hand if not (file.module and file.role == "picture")]
        fresh = [place for place, file in enumerate(others) if file.module and not self._is_known(file)]
        for place, seen in zip(fresh, self.inspector.begin([self._given(others[place]) for place in fresh]), strict=True):
            others[place] = replace(others[place], seen=seen)
        return pictures, others

    def write(self, files: Iterable[_InHand]) -> None:
        """Write a group of files down, in one transaction."""
        with self.ledger.change():
            self.forgotten = self.ledger.tombstones()  # inside: what is forgotten from here on waits for this group
            for file in files:
                self._file(file)
            self.raw.flush()

    def in_hand(self, loaded: Loaded) -> _InHand:
        """The file with the module that reads it and the mapping it needs, or with the reason why there is none."""
        sha256 = hashlib.sha256(loaded.data).hexdigest() if loaded.data else f"none-{loaded.name}"
        file = _InHand(loaded, loaded.reason, in_path=self._path_facts(loaded.name), sha256=sha256)
        if file.reason:
            return file
        if not file.data:
            return replace(file, reason="empty file")
        module = read.recognise(read.File(file.name, file.data))
        if module is None or module in read.YIELDING:
            for mapping in self.mappings:
                if mapped := read.recognise(read.File(file.name, file.data, (mapping,)), read.MAPPED):
                    return replace(file, module=mapped, mapped_by=mapping)
        return replace(file, module=module) if module else replace(file, reason=why_unknown(file.data))

    def _given(self, file: _InHand) -> Given:
        """The file as an inspector takes it."""
        assert file.module
        named = {fact: value for fact, value in file.in_path.items() if fact in _IDENTITY}
        number = self.mappings.index(file.mapped_by) if file.mapped_by else None
        return Given(file.name, file.data, file.module.NAME, number, named)

    def _file(self, file: _InHand) -> None:
        self.report.seen += 1
        self.report.path_matched += bool(file.in_path)
        nameless, before = self._before(file)
        if before and before["outcome"] != "excluded":
            if self._is_as_before(file, before):
                self._known(file.name, before["file"], before["outcome"])
                return
            if before["mapping"] != file.mapping:
                self.ledger.drop_readings(before["file"], file.name, before["mapping"])
        records: list[_Account] = []
        outcome, reason, detail = self._records(file, records) if file.module else ("excluded", file.reason, "")
        name, sha256 = file.name, file.sha256
        if (before and before["path"] == nameless[0]) or self._names_forgotten(file, records):
            (name, sha256), detail = nameless, ""
        id = self.ledger.add_file(
            name, sha256, len(file.data), self.now, format=file.module.NAME if file.module else "", outcome=outcome,
            reason=reason, detail=detail[:500], mapping=file.mapping)
        for record in records:
            self.ledger.add_record(id, *record)
        self._count(outcome, reason, name)

    def _is_known(self, file: _InHand) -> bool:
        """Whether it looks as if nobody need read the file; ``_file`` decides, inside the transaction."""
        before = self._before(file)[1]
        return before is not None and before["outcome"] != "excluded" and self._is_as_before(file, before)

    def _before(self, file: _InHand) -> tuple[tuple[str, str], Row | None]:
        """The name and hash under which a file that must not be named is kept, and what is known of the file."""
        nameless = self.ledger.nameless(file.name, file.sha256)
        return nameless, self.ledger.file(file.name, file.sha256) or self.ledger.file(*nameless)

    def _is_as_before(self, file: _InHand, before: Row) -> bool:
        """Whether a file that brought something before would bring the same again."""
        if not file.module:
            return True
        return bool(before["mapping"] == file.mapping) and self.ledger.is_current(file.name, TOOL)

    def _known(self, name: str, file: int, outcome: str) -> None:
        """A file that was imported before: only the user's option can be new."""
        self.report.known += 1
        self._count(outcome, "", name)
        for row in self.ledger.rows("SELECT video, outcome FROM records WHERE file = ? AND video IS NOT NULL", (file,)):
            self._state_option(row["video"])
            if row["outcome"] == "imported":
                self.report.videos.add(row["video"])

    def _names_forgotten(self, file: _InHand, records: Sequence[_Account]) -> bool:
        """Whether the file's name or hash would be a trace of a video that was forgotten."""
        if not self.forgotten:
            return False
        if records and all(reason == "forgotten" for _, _, reason, _ in records):
            return True
        words = [word for word in _NO_ID.split(file.name) if len(word) >= SHORTEST_ID_IN_A_NAME]
        named = {(platform, id) for word in words for id in (word, word[-11:]) for platform in ("youtube", "local")}
        named.add(("archive.org", str(archive_name(file.name).get("id", ""))))
        return any(self.ledger.hash_of(video_key(*one)) in self.forgotten for one in named)

    def _count(self, outcome: str, reason: str, name: str) -> None:
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)
        if outcome == "excluded":
            self.report.reasons[reason] = self.report.reasons.get(reason, 0) + 1
            self.report.examples.setdefault(reason, name)

    def _records(self, file: _InHand, accounts: list[_Account]) -> tuple[str, str, str]:
        """Take in the records of one file, and account for them; returns the file's outcome, reason and detail."""
        seen = file.seen() if file.seen else self.inspector.inspect(self._given(file))
        outcomes: list[tuple[str, str]] = []
        for one in seen.records:
            outcome, reason, video = self._record(file, one)
            outcomes.append((outcome, reason))
            accounts.append(("" if reason == "forgotten" else one.record.locator, outcome, reason, video))
        if seen.reason:
            outcomes.append(("excluded", seen.reason))
        for outcome in ("imported", "joined"):
            if any(outcome == found for found, _ in outcomes):
                return outcome, "", seen.detail
        return "excluded", outcomes[0][1] if outcomes else "no record in it", seen.detail

    def _record(self, file: _InHand, one: SeenRecord) -> tuple[str, str, str | None]:
        """Take in one record; returns outcome, reason and video."""
        record = replace(one.record, raw=file.data) if one.whole else one.record
        if file.role == "picture":
            return self._picture(file, record)
        platform, id = one.platform, one.id
        if not id:
            return "excluded", record.reason, None
        video = video_key(platform, id)
        if self.ledger.hash_of(video) in self.forgotten:
            return "excluded", "forgotten", None
        self.ledger.add_video(video, platform, id, self.now)
        said = str(record.facts.get("obtained", "")) or file.loaded.said
        self._state(video, file, record, said)
        if file.role == "listing":
            self.ledger.add_listing(video, file.name, said)
            return "joined", "", video
        if file.role == "captions" and not one.tracks:
            return "excluded", record.reason or "no words", video
        sha256, raw = self.raw.write(platform, id, record.raw, file.suffix)
        if file.role == "sidecar":
            return "joined", "", video
        for track in one.tracks:
            self._track(video, file, record, said, sha256, raw, track)
        self.report.videos.add(video)
        return "imported", "", video

    def _path_facts(self, name: str) -> dict[str, str | int]:
        """What the user's pattern of paths finds in a file's name; the file itself has the last word."""
        found = (self.path.search(f"/{name}") if self.path else None) or {}  # so that "/x/" finds the first folder too
        return {fact: published(text).text if fact == "published" else text for fact, text in found.items() if text}

    def _state(self, video: str, file: _InHand, record: Record, said: str) -> None:
        """Write down what the record, the path and the user say about the video."""
        facts = {key: value for key, value in record.facts.items() if key not in {*_IDENTITY, "obtained"}}
        self.ledger.add_statement(video, RANK_OF_ROLE[file.role], said, self.now, facts, record.extra)
        if told := {fact: value for fact, value in file.in_path.items() if fact not in _IDENTITY}:
            self.ledger.add_statement(video, "path", said, self.now, told)
        if outlet := outlet_from_path(file.name, self.known_outlets):
            path_facts = {"outlet": outlet} | ({"language": outlet[:2]} if OUTLET_FOLDER.fullmatch(outlet) else {})
            self.ledger.add_statement(video, "path", said, self.now, path_facts)
        self._state_option(video)

    def _state_option(self, video: str) -> None:
        """Write down the outlet that the user gives, unless it is the last one given; it is said now, not by the file."""
        if not self.outlet:
            return
        facts = {"outlet": self.outlet}
        last = [json.loads(row["facts"]) for row in self.ledger.statements(videos=[video]) if row["source"] == "option"][-1:]
        if last != [facts]:
            self.ledger.add_statement(video, "option", self.now, self.now, facts)

    def _track(
        self, video: str, file: _InHand, record: Record, said: str, sha256: str, raw: str, track: SeenTrack,
    ) -> None:
        """Keep one track version."""
        assert file.module
        if file.mapped_by:
            self.ledger.add_mapping(file.mapping, file.mapped_by.name, file.mapped_by.definition)
        identity = f"{video}\0{sha256}\0{track.place}\0{file.mapping}"  # what is found out about it may change
        self.ledger.add_version(Version(
            version=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32], video=video,
            kind=track.kind, language=track.language, variant=track.variant, format=file.module.NAME, sha256=sha256,
            raw=raw, place=track.place, mapping=file.mapping, obtained=said, imported=self.now, origin=file.name,
            locator=record.locator, tool=TOOL, words=track.words, punctuated=track.punctuated,
            word_timed=track.word_timed, evidence=track.evidence, transcript=track.transcript, traits=track.traits,
        ))

    def _picture(self, file: _InHand, record: Record) -> tuple[str, str, str | None]:
        """Join a thumbnail to its video: by id, else by the name that a record gives it."""
        video = self._video_of_picture(record)
        if not video:
            return "excluded", "picture of no known video", None
        platform, _, id = video.partition(":")
        sha256, raw = self.raw.write(platform, id, record.raw, file.suffix)
        self.ledger.add_picture(video, sha256, raw, self.now)
        return "joined", "", video

    def _video_of_picture(self, record: Record) -> str:
        if id := str(record.facts.get("id", "")):
            video = video_key(str(record.facts.get("platform", "youtube")), id)
            if self.ledger.has_video(video):
                return video
        name = str(record.facts.get("thumbnail", ""))
        return self._wanted_pictures().get(_picture_name(name), "") if name else ""

    def _wanted_pictures(self) -> dict[str, str]:
        """Base names of the thumbnails that records speak of, and whose they are; a name of two videos is nobody's."""
        if self._wanted is not None:  # pictures come last: nothing is added to it any more
            return self._wanted
        wanted: dict[str, str] = {}
        for row in self.ledger.rows("SELECT video, json_extract(facts, '$.thumbnail') AS name FROM statements"
                                    " WHERE name IS NOT NULL"):
            name = _picture_name(str(row["name"]))
            wanted[name] = row["video"] if wanted.get(name, row["video"]) == row["video"] else ""
        self._wanted = wanted
        return wanted


def _picture_name(path: str) -> str:
    """The name by which a record and a picture find each other: no folder, no case, no suffix (a jpg may be a webp now)."""
    return re.sub(r"\.(jpe?g|png|webp|gif)$", "", path.replace("\\", "/").rpartition("/")[2].casefold())
