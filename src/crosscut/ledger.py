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

from crosscut.errors import CorpusDamaged, CrosscutError
from crosscut.model import UNKNOWN, Traits

#: Statements that lead from each schema to the next, oldest first; ``_SCHEMA`` is what they all lead to.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    ("ALTER TABLE videos ADD COLUMN changed INTEGER NOT NULL DEFAULT 0",
     "CREATE INDEX videos_changed ON videos (changed)",
     "CREATE TABLE changes (change INTEGER PRIMARY KEY, token TEXT NOT NULL, took INTEGER NOT NULL)",
     "ALTER TABLE versions ADD COLUMN transcript TEXT NOT NULL DEFAULT ''",
     "ALTER TABLE versions ADD COLUMN traits TEXT NOT NULL DEFAULT '{}'",
     "CREATE INDEX versions_origin ON versions (origin)"),
)
#: How long a writer waits for another one.
PATIENCE_S = 60.0
#: A shorter id may stand in a file's name by chance.
SHORTEST_ID_IN_A_NAME = 6

#: Who is believed when sources disagree about a video: the higher rank, then the later statement.
RANKS = {"path": 0, "listing": 1, "captions": 2, "info": 3, "option": 4}

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (
    file INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, seen TEXT NOT NULL,
    format TEXT NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN ('imported', 'joined', 'excluded')),
    reason TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '', mapping TEXT NOT NULL DEFAULT '',
    UNIQUE (path, sha256));
CREATE TABLE records (
    record INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE, locator TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('imported', 'joined', 'excluded')), reason TEXT NOT NULL DEFAULT '',
    video TEXT);
CREATE INDEX records_file ON records (file);
CREATE INDEX records_video ON records (video);
CREATE TABLE videos (
    video TEXT PRIMARY KEY, platform TEXT NOT NULL, id TEXT NOT NULL, added TEXT NOT NULL,
    changed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX videos_changed ON videos (changed);
CREATE TABLE statements (
    video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, source TEXT NOT NULL, said TEXT NOT NULL,
    imported TEXT NOT NULL, digest TEXT NOT NULL, facts TEXT NOT NULL, extra TEXT NOT NULL,
    UNIQUE (video, source, digest, said));
CREATE TABLE tracks (
    track INTEGER PRIMARY KEY, video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, kind TEXT NOT NULL,
    language TEXT NOT NULL, variant TEXT NOT NULL, format TEXT NOT NULL,
    UNIQUE (video, kind, language, variant, format));
CREATE TABLE versions (
    version TEXT PRIMARY KEY, track INTEGER NOT NULL REFERENCES tracks ON DELETE CASCADE, sha256 TEXT NOT NULL,
    raw TEXT NOT NULL, place INTEGER NOT NULL, mapping TEXT NOT NULL, obtained TEXT NOT NULL, imported TEXT NOT NULL,
    origin TEXT NOT NULL, locator TEXT NOT NULL, tool TEXT NOT NULL, words INTEGER NOT NULL,
    punctuated INTEGER NOT NULL, word_timed INTEGER NOT NULL, evidence TEXT NOT NULL,
    transcript TEXT NOT NULL DEFAULT '', traits TEXT NOT NULL DEFAULT '{}');
CREATE INDEX versions_track ON versions (track);
CREATE INDEX versions_origin ON versions (origin);
CREATE TABLE mappings (digest TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL);
CREATE TABLE pictures (
    video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, sha256 TEXT NOT NULL, raw TEXT NOT NULL,
    imported TEXT NOT NULL, UNIQUE (video, sha256));
CREATE TABLE listings (video TEXT NOT NULL, source TEXT NOT NULL, said TEXT NOT NULL, UNIQUE (video, source));
CREATE TABLE tombstones (hash TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL, erased INTEGER NOT NULL);
CREATE TABLE changes (change INTEGER PRIMARY KEY, token TEXT NOT NULL, took INTEGER NOT NULL);
CREATE TABLE attempts (
    attempt INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL);
"""

#: The columns of a version that a later look at the same bytes renews.
_RENEWED = ", ".join(f"{name} = excluded.{name}" for name in (
    "track", "raw", "origin", "locator", "tool", "words", "punctuated", "word_timed", "evidence", "transcript",
    "traits"))

#: A row as the data base gives it: by name or by number.
Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one caption track, as the ledger keeps it.

    ``place``: which track of its raw record; ``transcript``: digest of what reading gave, and of the reader;
    ``traits``: what the words show by themselves (see ``crosscut.detect``).
    """

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
    transcript: str = ""
    traits: Traits = UNKNOWN


class Ledger:
    """An open ledger.  Changes are made inside ``with ledger.change():`` and are all kept or all lost."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        with self._said_plainly():
            self.db = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
        self.db.row_factory = Row
        self._touched: set[str] = set()
        self._took = False
        try:
            with self._said_plainly():
                self._prepare()
        except BaseException:
            self.db.close()
            raise

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        """What SQLite complains of, as the user can act on it: a busy ledger is not a damaged one."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise CrosscutError(f"{self.path}: the ledger is busy (another import or build is writing) or not writable: "
                                f"try again ({error})") from error
        except sqlite3.DatabaseError as error:
            raise CorpusDamaged(
                f"{self.path}: cannot be read as a ledger ({error}); restore it from your backup") from error

    def _prepare(self) -> None:
        """Look first: a reader must not wait for a writer only because a ledger might have to be made."""
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                              "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;")
        newest = 1 + len(MIGRATIONS)
        if self._schema() < newest:
            with self.change():
                self._upgrade(self._schema(), newest)  # asked again: another process may have been faster
        if (found := self._schema()) > newest:
            raise CrosscutError(f"{self.path}: made by a newer crosscut (its schema is {found}, this one knows {newest}): "
                                f"install that crosscut")

    def _schema(self) -> int:
        """The schema of the file; 0 where it has none yet."""
        made = self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
        return int(self.get("schema")) if made else 0

    def _upgrade(self, found: int, newest: int) -> None:
        if not found:
            for statement in _SCHEMA.split(";\n"):
                self.db.execute(statement)
            self._set("key", secrets.token_hex(32))  # of the hashes of forgotten ids
        else:
            for migration in MIGRATIONS[found - 1 :]:
                for statement in migration:
                    self.db.execute(statement)
        self._set("schema", str(max(found, newest)))

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
        with self._said_plainly():
            self.db.execute("BEGIN IMMEDIATE")
        self._touched, self._took = set(), False
        try:
            yield
            self._count_changes()
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def _count_changes(self) -> None:
        """Number this change, and write the number beside each video of which something new is known."""
        if not self._touched and not self._took:
            return
        change = self.db.execute("INSERT INTO changes (token, took) VALUES (?,?)",
                                 (secrets.token_hex(8), self._took)).lastrowid
        self.db.executemany("UPDATE videos SET changed = ? WHERE video = ?", [(change, v) for v in self._touched])

    def mark(self) -> str:
        """The last change; asked for before the rows are read, it is never ahead of them."""
        rows = self.rows("SELECT change, token FROM changes ORDER BY change DESC LIMIT 1")
        return f"{rows[0]['change']}.{rows[0]['token']}" if rows else ""

    def additions_since(self, mark: str) -> list[str] | None:
        """The videos of which something became known since; None where the mark is unknown, or something was taken away.

        A mark is unknown after a backup was restored: the token tells a change from another of its number.
        """
        change, _, token = mark.partition(".")
        if not self.rows("SELECT 1 FROM changes WHERE change = ? AND token = ?", (change, token)):
            return None
        if self.rows("SELECT 1 FROM changes WHERE change > ? AND took LIMIT 1", (change,)):
            return None
        return [row["video"] for row in self.rows("SELECT video FROM videos WHERE changed > ?", (int(change),))]

    def get(self, name: str) -> str:
        """A value of the ledger itself."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else ""

    def _set(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """Rows of any SELECT."""
        return self.db.execute(query, values).fetchall()

    # -- what was seen ---------------------------------------------------------------------------------------------

    def file(self, path: str, sha256: str) -> Row | None:
        """The account of a file seen before with the same bytes."""
        rows = self.rows("SELECT * FROM files WHERE path = ? AND sha256 = ?", (path, sha256))
        return rows[0] if rows else None

    def add_file(
        self, path: str, sha256: str, size: int, seen: str, *, format: str, outcome: str, reason: str = "",
        detail: str = "", mapping: str = "",
    ) -> int:
        """Account for a file; seen again with the same bytes, its account is renewed."""
        self.db.execute("DELETE FROM files WHERE path = ? AND sha256 = ?", (path, sha256))
        row = self.db.execute(
            "INSERT INTO files (path, sha256, size, seen, format, outcome, reason, detail, mapping)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (path, sha256, size, seen, format, outcome, reason, detail, mapping),
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
        self._add(video, "INSERT OR IGNORE INTO videos (video, platform, id, added) VALUES (?,?,?,?)",
                  (video, platform, id, now))

    def _add(self, video: str, insert: str, values: Sequence[object]) -> None:
        """Insert what may be there already; the video has changed only where it was not."""
        if self.db.execute(insert, values).rowcount > 0:
            self._touched.add(video)

    def has_video(self, video: str) -> bool:
        """Whether a video is known."""
        return bool(self.db.execute("SELECT 1 FROM videos WHERE video = ?", (video,)).fetchone())

    def add_statement(
        self, video: str, source: str, said: str, now: str, facts: Mapping[str, Any],
        extra: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep what a source of rank ``source`` said at the time ``said``.

        The same said at the same time is kept once; said again later it counts again: a title may come back.
        """
        texts = json.dumps(dict(sorted(facts.items())), ensure_ascii=False), json.dumps(list(extra), ensure_ascii=False)
        digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        row = (video, source, said, now, digest, *texts)
        self._add(video, "INSERT OR IGNORE INTO statements VALUES (?,?,?,?,?,?,?)", row)

    def statements(self, as_of: str = "", videos: Iterable[str] | None = None) -> Iterator[Row]:
        """Statements in the order in which they are believed, least first (so that later ones overwrite).

        Of all videos or of some, as they were known at the end of the day ``as_of`` (default: now).
        """
        rank = "CASE source " + " ".join(f"WHEN '{name}' THEN {rank}" for name, rank in RANKS.items()) + " END"
        where, values = _limits(as_of, videos)
        yield from self.db.execute(f"SELECT * FROM statements {where} ORDER BY video, {rank}, said, digest", values)

    def add_listing(self, video: str, source: str, said: str) -> None:
        """Somebody's list has this video: it exists, whether we have it or not."""
        self.db.execute("INSERT OR IGNORE INTO listings VALUES (?,?,?)", (video, source, said))

    def add_picture(self, video: str, sha256: str, raw: str, now: str) -> None:
        """A thumbnail of a video."""
        self._add(video, "INSERT OR IGNORE INTO pictures VALUES (?,?,?,?)", (video, sha256, raw, now))

    def pictures(self, videos: Iterable[str] | None = None) -> dict[str, str]:
        """Where the thumbnail of each video lies: of several, the one that came last."""
        where, values = _limits("", videos)
        rows = self.rows(f"SELECT video, raw FROM pictures {where} ORDER BY imported, raw", values)
        return {row["video"]: row["raw"] for row in rows}

    # -- tracks and their versions -----------------------------------------------------------------------------------

    def add_version(self, version: Version) -> None:
        """Keep one version of a track.

        What is found out about bytes that are known already replaces what was found out before: by another crosscut,
        or from the source that comes later (by time, then by name, so that the order of import does not decide).
        """
        identity = (version.video, version.kind, version.language, version.variant, version.format)
        self.db.execute(
            "INSERT OR IGNORE INTO tracks (video, kind, language, variant, format) VALUES (?,?,?,?,?)", identity)
        track = self.db.execute(
            "SELECT track FROM tracks WHERE video=? AND kind=? AND language=? AND variant=? AND format=?", identity
        ).fetchone()["track"]
        self.db.execute(
            f"INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (version) DO UPDATE SET {_RENEWED}"
            " WHERE excluded.tool != tool OR (excluded.obtained, excluded.origin, excluded.locator)"
            " >= (obtained, origin, locator)",
            (version.version, track, version.sha256, version.raw, version.place, version.mapping, version.obtained,
             version.imported, version.origin, version.locator, version.tool, version.words, version.punctuated,
             version.word_timed, version.evidence, version.transcript, version.traits.to_json()),
        )
        self.db.execute("UPDATE versions SET imported = min(imported, ?), obtained = max(obtained, ?) WHERE version = ?",
                        (version.imported, version.obtained, version.version))
        self._touched.add(version.video)
        self._drop_empty_tracks(version.video)

    def drop_readings(self, file: int, origin: str, mapping: str) -> None:
        """Take away what a mapping read in a file: the user gives another mapping for the same bytes now."""
        videos = [row["video"] for row in self.rows(
            "SELECT DISTINCT video FROM records WHERE file = ? AND video IS NOT NULL", (file,))]
        self._took = self._took or bool(videos)
        for video in videos:
            self.db.execute(
                "DELETE FROM versions WHERE origin = ? AND mapping = ? AND track IN"
                " (SELECT track FROM tracks WHERE video = ?)", (origin, mapping, video))
            self._drop_empty_tracks(video)

    def _drop_empty_tracks(self, video: str) -> None:
        self.db.execute("DELETE FROM tracks WHERE video = ? AND NOT EXISTS"
                        " (SELECT 1 FROM versions WHERE versions.track = tracks.track)", (video,))

    def versions(self, as_of: str = "", videos: Iterable[str] | None = None) -> Iterator[Version]:
        """Versions that were known at the end of the day ``as_of`` (default: now), by video and version."""
        where, values = _limits(as_of, videos)
        rows = self.db.execute(
            "SELECT version, video, kind, language, variant, format, sha256, raw, place, mapping, obtained, imported,"
            " origin, locator, tool, words, punctuated, word_timed, evidence, transcript, traits"
            f" FROM versions JOIN tracks USING (track) {where} ORDER BY video, version", values)
        for row in rows:
            yield Version(*(*tuple(row)[:-1], Traits.of_json(row["traits"])))

    def is_current(self, origin: str, tool: str) -> bool:
        """Whether all that was found out about the tracks of a file is this tool's word."""
        return not self.rows("SELECT 1 FROM versions WHERE origin = ? AND tool != ? LIMIT 1", (origin, tool))

    def add_mapping(self, digest: str, name: str, definition: str) -> None:
        """Keep a user's mapping as it was when it was used."""
        self.db.execute("INSERT OR IGNORE INTO mappings VALUES (?,?,?)", (digest, name, definition))

    # -- removal -----------------------------------------------------------------------------------------------------

    def hash_of(self, video: str) -> str:
        """The keyed hash by which a forgotten video is known without being named."""
        return self._keyed(video)

    def _keyed(self, text: str) -> str:
        return hmac.new(bytes.fromhex(self.get("key")), text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()

    def nameless(self, path: str, sha256: str) -> tuple[str, str]:
        """What accounts write for the path and the hash of a file of a forgotten video: the same whenever it is seen."""
        keyed = self._keyed(f"{path}\0{sha256}")
        return f"forgotten/{keyed[:16]}", f"forgotten-{keyed}"

    def add_tombstone(self, video: str, reason: str, now: str) -> None:
        """Take a video out, and keep why; its id is kept as a keyed hash only."""
        self._took = True
        self.db.execute("INSERT OR IGNORE INTO tombstones VALUES (?,?,?,0)", (self.hash_of(video), reason, now))

    def tombstones(self) -> set[str]:
        """Hashes of all videos that were forgotten."""
        return {row["hash"] for row in self.rows("SELECT hash FROM tombstones")}

    def erase(self, video: str) -> None:
        """Erase every row about a video; the accounts of its files stay, without names."""
        self._took = True
        files = [row["file"] for row in self.rows("SELECT DISTINCT file FROM records WHERE video = ?", (video,))]
        self.db.execute(
            "UPDATE records SET video = NULL, locator = '', outcome = 'excluded', reason = 'forgotten' WHERE video = ?",
            (video,))
        for file in files:
            self._erase_file(file)
        id = video.partition(":")[2]
        if len(id) >= SHORTEST_ID_IN_A_NAME:  # files that were excluded name it too, and those that hold other videos
            for row in self.rows("SELECT file, path, sha256 FROM files WHERE instr(path, ?)", (id,)):
                self._unname(row)
        self.db.execute("DELETE FROM listings WHERE video = ?", (video,))
        self.db.execute("DELETE FROM videos WHERE video = ?", (video,))
        self.db.execute("UPDATE tombstones SET erased = 1 WHERE hash = ?", (self.hash_of(video),))

    def _erase_file(self, file: int) -> None:
        """A file that held only what was forgotten loses its name and hash, but is still counted."""
        if not self.rows("SELECT 1 FROM records WHERE file = ? AND reason != 'forgotten'", (file,)):
            self.db.execute("UPDATE files SET outcome = 'excluded', reason = 'forgotten' WHERE file = ?", (file,))
            self._unname(self.rows("SELECT file, path, sha256 FROM files WHERE file = ?", (file,))[0])

    def _unname(self, row: Row) -> None:
        if row["path"].startswith("forgotten/"):
            return
        path, sha256 = self.nameless(row["path"], row["sha256"])
        self.db.execute("UPDATE OR REPLACE files SET path = ?, sha256 = ?, detail = '' WHERE file = ?",
                        (path, sha256, row["file"]))
        for table, column in (("versions", "origin"), ("listings", "source")):  # other videos of the file
            self.db.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", (path, row["path"]))

    def vacuum(self) -> None:
        """Rewrite the file without the room of what was erased."""
        self.db.execute("VACUUM")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _limits(as_of: str, videos: Iterable[str] | None) -> tuple[str, list[object]]:
    """The WHERE of what was known at a date, of some videos or of all."""
    limits: list[str] = []
    values: list[object] = []
    if as_of:
        limits.append("substr(imported, 1, length(?)) <= ?")
        values += [as_of, as_of]
    if videos is not None:
        limits.append("video IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(videos)))
    return f"WHERE {' AND '.join(limits)}" if limits else "", values
