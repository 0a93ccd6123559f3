"""Bring in what one already has: files of any known form become videos, tracks and accounts.

Nothing is cleaned or counted here for good: raw bytes are kept, and what each source says is written to the ledger.
Every file ends as imported, joined to a video or excluded with a reason.  Files go to the ledger in groups; a run that
is killed loses the group in hand and can simply be started again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from crosscut import __version__, read
from crosscut.errors import ImportFailed, StudyError, UnreadableFile
from crosscut.identity import identify, outlet_from_path, video_key
from crosscut.ledger import Ledger, Version
from crosscut.model import Record, Track
from crosscut.raw import RawStore
from crosscut.read.mapping import Mapping
from crosscut.read.unknown import why_unknown
from crosscut.restore.sentences import is_punctuated
from crosscut.settings import Study
from crosscut.tokens import tokenise

#: A caption file is a few hundred kB; ten hours of word-timed JSON3 are 20 MB.  Beyond this it is something else.
LARGEST_FILE = 256 << 20
GROUP = 200
RANK_OF_ROLE = {"captions": "captions", "sidecar": "info", "picture": "info", "listing": "listing"}

Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class ImportReport:
    """What one run of ``import`` did: numbers of files by outcome, and what was excluded, by reason."""

    seen: int = 0
    imported: int = 0
    joined: int = 0
    excluded: int = 0
    known: int = 0                                   # seen before with the same bytes; counted in the others too
    videos: set[str] = field(default_factory=set)    # videos that got at least one track
    reasons: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file on its way in: where it is, and the name by which accounts know it."""

    path: Path
    name: str
    refused: str = ""


def import_(
    study: Study, paths: Sequence[Path], *, outlet: str = "", mappings: Sequence[Mapping] = (),
    progress: Progress | None = None,
) -> ImportReport:
    """Import files and folders into a study; see the module's docstring for what is promised."""
    found = [file for path in paths for file in _files(path)]
    with Ledger(study.ledger) as ledger:
        run = _Run(study, ledger, outlet, (*mappings, *parse_mappings(study)))
        waiting: list[_Found] = []
        for start in range(0, len(found), GROUP):
            waiting += run.group(found[start : start + GROUP], last=False)
            if progress:
                progress(min(start + GROUP, len(found)), len(found), found[start].name)
        for start in range(0, len(waiting), GROUP):  # pictures: only now are all videos known that they can belong to
            run.group(waiting[start : start + GROUP], last=True)
    return run.report


def parse_mappings(study: Study) -> tuple[Mapping, ...]:
    """The mappings of the study file."""
    return tuple(Mapping.parse(name, dict(table)) for name, table in study.mappings.items())


def read_mappings(path: Path) -> tuple[Mapping, ...]:
    """The mappings of a TOML file of ``[mappings.*]`` tables."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("mappings", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"{path}: cannot be read as mappings: {error}") from error
    if not isinstance(tables, dict) or not tables:
        raise StudyError(f"{path}: no [mappings.NAME] table in it")
    return tuple(Mapping.parse(name, dict(table)) for name, table in tables.items())


def _files(path: Path) -> Iterator[_Found]:
    """All files at or below a path, in order of name; links are named but never followed."""
    if not path.exists():
        raise ImportFailed(f"{path}: no such file or folder")
    if path.is_file():
        yield _Found(path, path.name)
        return
    root = path.resolve()
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        for name in sorted(folders):
            if name.startswith(".") or (here / name).is_symlink():
                yield _Found(here / name, _name(here / name, root), "hidden folder" if name[0] == "." else "link")
        folders[:] = sorted(name for name in folders if name[0] != "." and not (here / name).is_symlink())
        for name in sorted(names):
            refused = "hidden file" if name.startswith(".") else "link" if (here / name).is_symlink() else ""
            yield _Found(here / name, _name(here / name, root), refused)


def _name(path: Path, root: Path) -> str:
    return PurePosixPath(root.name, *path.relative_to(root).parts).as_posix()


def now() -> str:
    """This moment in UTC, to the second, as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class _Run:
    """One run of ``import``."""

    def __init__(self, study: Study, ledger: Ledger, outlet: str, mappings: Sequence[Mapping]) -> None:
        self.study, self.ledger, self.outlet, self.mappings = study, ledger, outlet, mappings
        self.raw = RawStore(study.raw)
        self.report = ImportReport()
        self.forgotten = ledger.tombstones()
        self.known_outlets = set(study.outlets)
        self.now = now()
        self._wanted: dict[str, str] | None = None

    def group(self, files: Iterable[_Found], last: bool) -> list[_Found]:
        """Import a group of files in one transaction; pictures are given back unless this is their turn."""
        waiting = []
        read_files = []
        for file in files:
            data, reason = _read(file)
            format, reason = self._recognise(file.name, data) if not reason else (None, reason)
            if format and format[0].ROLE == "picture" and not last:
                waiting.append(file)
            else:
                read_files.append((file, data, format, reason))
        with self.ledger.change():
            for file, data, format, reason in read_files:
                self._file(file, data, format, reason)
            self.raw.flush()
        return waiting

    def _recognise(self, name: str, data: bytes) -> tuple[tuple[read.Format, tuple[Mapping, ...]] | None, str]:
        """The module that reads a file, with the mapping it needs, or the reason why there is none."""
        if not data:
            return None, "empty file"
        if module := read.recognise(read.File(name, data)):
            return (module, ()), ""
        for mapping in self.mappings:
            if module := read.recognise(read.File(name, data, (mapping,))):
                return (module, (mapping,)), ""
        return None, why_unknown(data)

    def _file(
        self, file: _Found, data: bytes, format: tuple[read.Format, tuple[Mapping, ...]] | None, reason: str
    ) -> None:
        sha256 = hashlib.sha256(data).hexdigest() if data else f"none-{file.name}"
        self.report.seen += 1
        before = self.ledger.file(file.name, sha256)
        if before and before["outcome"] != "excluded":
            self.report.known += 1
            self._count(before["outcome"], "", file.name)
            for row in self.ledger.rows("SELECT video FROM records WHERE file = ? AND outcome = 'imported'",
                                        (before["file"],)):
                self.report.videos.add(row["video"])
            return
        name = format[0].NAME if format else ""
        id = self.ledger.add_file(file.name, sha256, len(data), self.now, format=name, outcome="excluded", reason=reason)
        outcome, reason, detail = ("excluded", reason, "") if not format else self._records(id, file, data, *format)
        self.ledger.db.execute(
            "UPDATE files SET outcome = ?, reason = ?, detail = ? WHERE file = ?", (outcome, reason, detail[:500], id))
        self._count(outcome, reason, file.name)

    def _count(self, outcome: str, reason: str, name: str) -> None:
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)
        if outcome == "excluded":
            self.report.reasons[reason] = self.report.reasons.get(reason, 0) + 1
            self.report.examples.setdefault(reason, name)

    def _records(
        self, id: int, file: _Found, data: bytes, module: read.Format, mappings: tuple[Mapping, ...]
    ) -> tuple[str, str, str]:
        """Take in the records of one file; returns the file's outcome, reason and detail."""
        outcomes: list[tuple[str, str]] = []
        detail = ""
        said = datetime.fromtimestamp(file.path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        try:
            for record in module.read(read.File(file.name, data, mappings)):
                outcome, reason, video = self._record(file, record, module, mappings, said)
                outcomes.append((outcome, reason))
                self.ledger.add_record(id, record.locator, outcome, reason, video)
        except UnreadableFile as error:
            outcomes.append(("excluded", error.reason))
            detail = error.detail
        for outcome in ("imported", "joined"):
            if any(outcome == found for found, _ in outcomes):
                return outcome, "", detail
        return "excluded", outcomes[0][1] if outcomes else "no record in it", detail

    def _record(
        self, file: _Found, record: Record, module: read.Format, mappings: tuple[Mapping, ...], said: str
    ) -> tuple[str, str, str | None]:
        """Take in one record; returns outcome, reason and video."""
        role = mappings[0].role if mappings else module.ROLE
        if role == "picture":
            return self._picture(file, record)
        content = record.tracks[0].transcript.text.encode("utf-8", "surrogatepass") if record.tracks else record.raw
        platform, id = identify(record.facts, content)
        video = video_key(platform, id)
        if self.ledger.hash_of(video) in self.forgotten:
            return "excluded", "forgotten", None
        self.ledger.add_video(video, platform, id, self.now)
        said = str(record.facts.get("obtained", "")) or said
        self._state(video, file.name, record, RANK_OF_ROLE[role], said)
        if role == "listing":
            self.ledger.add_listing(video, file.name, said)
            return "joined", "", video
        if role == "sidecar":
            self.raw.write(platform, id, record.raw, PurePosixPath(file.name).suffix)
            return "joined", "", video
        kept = [self._track(video, platform, id, file, record, module, mappings, said, n)
                for n in range(len(record.tracks))]
        if any(kept):
            self.report.videos.add(video)
            return "imported", "", video
        return "excluded", record.reason or "no words", video

    def _state(self, video: str, name: str, record: Record, rank: str, said: str) -> None:
        """Write down what the record, the path and the user say about the video."""
        facts = {key: value for key, value in record.facts.items() if key not in {"id", "platform", "obtained"}}
        self.ledger.add_statement(video, rank, said, self.now, facts, record.extra)
        if outlet := outlet_from_path(name, self.known_outlets):
            path_facts = {"outlet": outlet} | ({"language": outlet[:2]} if outlet[2:3] == "_" else {})
            self.ledger.add_statement(video, "path", said, self.now, path_facts)
        if self.outlet:
            self.ledger.add_statement(video, "option", said, self.now, {"outlet": self.outlet})

    def _track(
        self, video: str, platform: str, id: str, file: _Found, record: Record, module: read.Format,
        mappings: tuple[Mapping, ...], said: str, place: int,
    ) -> bool:
        """Keep one track version; False where it has no words."""
        track: Track = record.tracks[place]
        tokens = tokenise(track.transcript.text, "")  # no language, no clitics: these are words
        if not len(tokens):
            return False
        sha256, raw = self.raw.write(platform, id, record.raw, PurePosixPath(file.name).suffix)
        mapping = ""
        if mappings:
            definition = json.dumps(mappings[0].table, sort_keys=True)
            mapping = hashlib.sha256(definition.encode()).hexdigest()[:16]
            self.ledger.add_mapping(mapping, mappings[0].name, definition)
        identity = f"{video}\0{sha256}\0{place}\0{mapping}\0{track.kind}\0{track.language}\0{track.variant}"
        self.ledger.add_version(Version(
            version=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32], video=video,
            kind=track.kind, language=track.language, variant=track.variant, format=module.NAME, sha256=sha256, raw=raw,
            place=place, mapping=mapping, obtained=said, imported=self.now, origin=file.name, locator=record.locator,
            tool=f"crosscut {__version__}", words=len(tokens), punctuated=is_punctuated(tokens),
            word_timed=track.transcript.word_timed, evidence=track.evidence,
        ))
        return True

    def _picture(self, file: _Found, record: Record) -> tuple[str, str, str | None]:
        """Join a thumbnail to its video: by id, else by the name that a record gives it."""
        video = self._video_of_picture(record)
        if not video:
            return "excluded", "picture of no known video", None
        platform, _, id = video.partition(":")
        sha256, raw = self.raw.write(platform, id, record.raw, PurePosixPath(file.name).suffix)
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


def _read(file: _Found) -> tuple[bytes, str]:
    """The bytes of a file, or the reason why it is not read."""
    if file.refused:
        return b"", file.refused
    try:
        if not file.path.is_file():
            return b"", "not a regular file"
        if file.path.stat().st_size > LARGEST_FILE:
            return b"", f"larger than {LARGEST_FILE >> 20} MB"
        return file.path.read_bytes(), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
