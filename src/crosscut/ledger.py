"""What was seen, when, and what became of it?  The part of a study that cannot be rebuilt.

An SQLite file.  Every file, every record in it and every track is accounted for; what sources say of a video is kept
as dated *statements*, never overwritten; a track has *versions*, told apart by the hash of their bytes.  A person
reads it with ``crosscut status``, ``crosscut show`` and ``crosscut sql``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscut.errors import CorpusDamaged

SCHEMA_VERSION = 1

#: Who is believed when sources disagree about a video: the higher rank, then the later statement.
RANKS = {"path": 0, "listing": 1, "captions": 2, "info": 3, "option": 4}

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (
    file INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, seen TEXT NOT NULL,
    format TEXT NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN ('imported', 'joined', 'excluded')),
    reason TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '', UNIQUE (path, sha256));
CREATE TABLE records (
    record INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE, locator TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('imported', 'joined', 'excluded')), reason TEXT NOT NULL DEFAULT '',
    video TEXT);
CREATE INDEX records_file ON records (file);
CREATE INDEX records_video ON records (video);
CREATE TABLE videos (video TEXT PRIMARY KEY, platform TEXT NOT NULL, id TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE statements (
    video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, source TEXT NOT NULL, said TEXT NOT NULL,
    imported TEXT NOT NULL, digest TEXT NOT NULL, facts TEXT NOT NULL, extra TEXT NOT NULL,
    UNIQUE (video, source, digest));
CREATE TABLE tracks (
    track INTEGER PRIMARY KEY, video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, kind TEXT NOT NULL,
    language TEXT NOT NULL, variant TEXT NOT NULL, format TEXT NOT NULL,
    UNIQUE (video, kind, language, variant, format));
CREATE TABLE versions (
    version TEXT PRIMARY KEY, track INTEGER NOT NULL REFERENCES tracks ON DELETE CASCADE, sha256 TEXT NOT NULL,
    raw TEXT NOT NULL, place INTEGER NOT NULL, mapping TEXT NOT NULL, obtained TEXT NOT NULL, imported TEXT NOT NULL,
    origin TEXT NOT NULL, locator TEXT NOT NULL, tool TEXT NOT NULL, words INTEGER NOT NULL,
    punctuated INTEGER NOT NULL, word_timed INTEGER NOT NULL, evidence TEXT NOT NULL);
CREATE INDEX versions_track ON versions (track);
CREATE TABLE mappings (digest TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL);
CREATE TABLE pictures (
    video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, sha256 TEXT NOT NULL, raw TEXT NOT NULL,
    imported TEXT NOT NULL, UNIQUE (video, sha256));
CREATE TABLE listings (video TEXT NOT NULL, source TEXT NOT NULL, said TEXT NOT NULL, UNIQUE (video, source));
CREATE TABLE tombstones (hash TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL, erased INTEGER NOT NULL);
CREATE TABLE attempts (
    attempt INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one caption track, as the ledger keeps it.  ``place``: which track of its raw record."""

    version: str
    video: str
    kind: str
    language: str
    variant: str
    format: str
    sha256: str
    raw: str
    place: int
    mapping: str
    obtained: str
    imported: str
    origin: str
    locator: str
    tool: str
    words: int
    punctuated: bool
    word_timed: bool
    evidence: str


class Ledger:
    """An open ledger.  Changes are made inside ``with ledger.change():`` and are all kept or all lost."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.db = sqlite3.connect(path, timeout=60, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        try:
            self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                                  "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;")
            self._prepare()
        except sqlite3.DatabaseError as error:
            self.db.close()
            raise CorpusDamaged(f"{path}: cannot be read as a ledger ({error}); restore it from your backup") from error

    def _prepare(self) -> None:
        with self.change():
            if not self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                for statement in _SCHEMA.split(";\n"):
                    self.db.execute(statement)
                self._set("schema", str(SCHEMA_VERSION))
                self._set("key", secrets.token_hex(32))  # of the hashes of forgotten ids
        found = int(self.get("schema"))
        if found != SCHEMA_VERSION:
            raise CorpusDamaged(f"{self.path}: made by another version of crosscut (schema {found}, not {SCHEMA_VERSION})")

    def close(self) -> None:
        """Close the file; everything committed is on the disk."""
        self.db.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """A transaction: kept whole when the block ends, lost whole when it fails or the machine stops."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def get(self, name: str) -> str:
        """A value of the ledger itself."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else ""

    def _set(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Rows of any SELECT."""
        return self.db.execute(query, values).fetchall()

    # -- what was seen ---------------------------------------------------------------------------------------------

    def file(self, path: str, sha256: str) -> sqlite3.Row | None:
        """The account of a file seen before with the same bytes."""
        rows = self.rows("SELECT * FROM files WHERE path = ? AND sha256 = ?", (path, sha256))
        return rows[0] if rows else None

    def add_file(
        self, path: str, sha256: str, size: int, seen: str, *, format: str, outcome: str, reason: str = "", detail: str = ""
    ) -> int:
        """Account for a file; seen again with the same bytes, its account is renewed."""
        self.db.execute("DELETE FROM files WHERE path = ? AND sha256 = ?", (path, sha256))
        row = self.db.execute(
            "INSERT INTO files (path, sha256, size, seen, format, outcome, reason, detail) VALUES (?,?,?,?,?,?,?,?)",
            (path, sha256, size, seen, format, outcome, reason, detail),
        )
        return int(row.lastrowid or 0)

    def add_record(self, file: int, locator: str, outcome: str, reason: str = "", video: str | None = None) -> None:
        """Account for one record of a file."""
        self.db.execute(
            "INSERT INTO records (file, locator, outcome, reason, video) VALUES (?,?,?,?,?)",
            (file, locator, outcome, reason, video),
        )

    # -- videos, and what is said of them ----------------------------------------------------------------------------

    def add_video(self, video: str, platform: str, id: str, now: str) -> None:
        """Make a video known; nothing changes where it is."""
        self.db.execute("INSERT OR IGNORE INTO videos VALUES (?,?,?,?)", (video, platform, id, now))

    def has_video(self, video: str) -> bool:
        """Whether a video is known."""
        return bool(self.db.execute("SELECT 1 FROM videos WHERE video = ?", (video,)).fetchone())

    def add_statement(
        self, video: str, source: str, said: str, now: str, facts: Mapping[str, Any],
        extra: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep what a source of rank ``source`` said at the time ``said``; the same statement twice is kept once."""
        texts = json.dumps(dict(sorted(facts.items())), ensure_ascii=False), json.dumps(list(extra), ensure_ascii=False)
        digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        row = (video, source, said, now, digest, *texts)
        self.db.execute("INSERT OR IGNORE INTO statements VALUES (?,?,?,?,?,?,?)", row)

    def statements(self, video: str | None = None, as_of: str = "") -> Iterator[sqlite3.Row]:
        """Statements in the order in which they are believed, least first (so that later ones overwrite)."""
        rank = "CASE source " + " ".join(f"WHEN '{name}' THEN {rank}" for name, rank in RANKS.items()) + " END"
        where = "WHERE (?1 IS NULL OR video = ?1) AND (?2 = '' OR substr(imported, 1, length(?2)) <= ?2)"
        order = f"ORDER BY video, {rank}, said, digest"
        yield from self.db.execute(f"SELECT * FROM statements {where} {order}", (video, as_of))

    def add_listing(self, video: str, source: str, said: str) -> None:
        """Somebody's list has this video: it exists, whether we have it or not."""
        self.db.execute("INSERT OR IGNORE INTO listings VALUES (?,?,?)", (video, source, said))

    def add_picture(self, video: str, sha256: str, raw: str, now: str) -> None:
        """A thumbnail of a video."""
        self.db.execute("INSERT OR IGNORE INTO pictures VALUES (?,?,?,?)", (video, sha256, raw, now))

    # -- tracks and their versions -----------------------------------------------------------------------------------

    def add_version(self, version: Version) -> None:
        """Keep one version of a track; a version known already stays as it is."""
        identity = (version.video, version.kind, version.language, version.variant, version.format)
        self.db.execute(
            "INSERT OR IGNORE INTO tracks (video, kind, language, variant, format) VALUES (?,?,?,?,?)", identity)
        track = self.db.execute(
            "SELECT track FROM tracks WHERE video=? AND kind=? AND language=? AND variant=? AND format=?", identity
        ).fetchone()["track"]
        self.db.execute(
            "INSERT OR IGNORE INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (version.version, track, version.sha256, version.raw, version.place, version.mapping, version.obtained,
             version.imported, version.origin, version.locator, version.tool, version.words, version.punctuated,
             version.word_timed, version.evidence),
        )

    def versions(self, as_of: str = "") -> Iterator[Version]:
        """All versions that were known at the end of the day ``as_of`` (default: now), by video and version."""
        rows = self.db.execute(
            "SELECT version, video, kind, language, variant, format, sha256, raw, place, mapping, obtained, imported,"
            " origin, locator, tool, words, punctuated, word_timed, evidence FROM versions JOIN tracks USING (track)"
            " WHERE ?1 = '' OR substr(imported, 1, length(?1)) <= ?1 ORDER BY video, version", (as_of,))
        for row in rows:
            yield Version(*row)

    def add_mapping(self, digest: str, name: str, definition: str) -> None:
        """Keep a user's mapping as it was when it was used."""
        self.db.execute("INSERT OR IGNORE INTO mappings VALUES (?,?,?)", (digest, name, definition))

    # -- removal -----------------------------------------------------------------------------------------------------

    def hash_of(self, video: str) -> str:
        """The keyed hash by which a forgotten video is known without being named."""
        return hmac.new(bytes.fromhex(self.get("key")), video.encode("utf-8", "surrogatepass"), "sha256").hexdigest()

    def add_tombstone(self, video: str, reason: str, now: str) -> None:
        """Take a video out, and keep why; its id is kept as a keyed hash only."""
        self.db.execute("INSERT OR IGNORE INTO tombstones VALUES (?,?,?,0)", (self.hash_of(video), reason, now))

    def tombstones(self) -> set[str]:
        """Hashes of all videos that were forgotten."""
        return {row["hash"] for row in self.rows("SELECT hash FROM tombstones")}

    def erase(self, video: str) -> None:
        """Erase every row about a video; the accounts of its files stay, without names."""
        files = [row["file"] for row in self.rows("SELECT DISTINCT file FROM records WHERE video = ?", (video,))]
        self.db.execute(
            "UPDATE records SET video = NULL, locator = '', outcome = 'excluded', reason = 'forgotten' WHERE video = ?",
            (video,))
        for file in files:
            self._erase_file(file)
        self.db.execute("DELETE FROM listings WHERE video = ?", (video,))
        self.db.execute("DELETE FROM videos WHERE video = ?", (video,))
        self.db.execute("UPDATE tombstones SET erased = 1 WHERE hash = ?", (self.hash_of(video),))

    def _erase_file(self, file: int) -> None:
        """A file that held only what was forgotten loses its name and hash, but is still counted."""
        left = self.rows("SELECT 1 FROM records WHERE file = ? AND reason != 'forgotten'", (file,))
        if not left:
            self.db.execute(
                "UPDATE files SET path = 'forgotten/' || file, sha256 = 'forgotten-' || file, outcome = 'excluded',"
                " reason = 'forgotten', detail = '' WHERE file = ?", (file,))

    def vacuum(self) -> None:
        """Rewrite the file without the room of what was erased."""
        self.db.execute("VACUUM")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
