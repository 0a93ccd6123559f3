"""The ledger keeps what was said and found, whatever the order; a busy one is not a damaged one."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crosscut import ledger as module
from crosscut.errors import CorpusDamaged, CrosscutError
from crosscut.ledger import Ledger, Version

VIDEO = "youtube:aaaaaaaaaa1"
VERSION = Version(
    version="v1", video=VIDEO, kind="unknown", language="en", variant="", format="WebVTT", sha256="0" * 64, raw="r", place=0,
    mapping="", obtained="2024-01-02", imported="2025-01-02", origin="a.vtt", locator="", tool="crosscut 1", words=3,
    punctuated=False, word_timed=False, evidence="none")


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger(Path(":memory:")) as opened, opened.change():
        opened.add_video(VIDEO, "youtube", "aaaaaaaaaa1", "2025-01-01")
        yield opened


@pytest.mark.parametrize("order", list(itertools.permutations([("2024-01-01", "X"), ("2024-01-02", "Y"), ("2024-01-03", "X")])))
def test_a_title_may_come_back_in_every_order(ledger: Ledger, order: tuple[tuple[str, str], ...]) -> None:
    for said, title in (*order, order[0]):
        ledger.add_statement(VIDEO, "info", said, "2025-01-01", {"title": title})
    assert [json.loads(row["facts"])["title"] for row in ledger.statements(videos=[VIDEO])] == ["X", "Y", "X"]


@pytest.mark.parametrize("order", list(itertools.permutations([
    replace(VERSION, obtained="2024-01-01", imported="2025-01-03", origin="z.vtt", language="fr"),
    replace(VERSION, obtained="2024-01-03", imported="2025-01-01", origin="b.vtt", language="en"),
    replace(VERSION, obtained="2024-01-03", imported="2025-01-02", origin="c.vtt", language="de")])))
def test_the_same_bytes_twice_are_one_version_in_every_order(ledger: Ledger, order: tuple[Version, ...]) -> None:
    for version in order:
        ledger.add_version(version)
    assert list(ledger.versions()) == [
        replace(VERSION, obtained="2024-01-03", imported="2025-01-01", origin="c.vtt", language="de")]
    assert len(ledger.rows("SELECT 1 FROM tracks")) == 1


def test_a_better_look_at_the_same_bytes_replaces_the_one_before(ledger: Ledger) -> None:
    better = replace(VERSION, kind="automatic", language="fr", variant="x", words=4, evidence="word times", word_timed=True)
    ledger.add_version(VERSION)
    ledger.add_version(better)
    assert list(ledger.versions()) == [better]
    newer = replace(VERSION, kind="uploaded", tool="crosscut 2", origin="0.vtt")
    ledger.add_version(newer)
    assert list(ledger.versions()) == [newer]
    assert [row["kind"] for row in ledger.rows("SELECT kind FROM tracks")] == ["uploaded"]


def test_a_ledger_is_read_while_somebody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    with Ledger(tmp_path / "l") as writer, writer.change(), Ledger(tmp_path / "l") as reader:
        assert reader.tombstones() == set()
        with pytest.raises(CrosscutError, match="is busy") as problem, reader.change():
            pass
    assert not isinstance(problem.value, CorpusDamaged)


def test_what_is_no_ledger_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(b"no data base at all " * 100)
    with pytest.raises(CorpusDamaged, match="backup"):
        Ledger(tmp_path / "l")


def test_a_ledger_is_upgraded_and_a_newer_one_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l"
    with Ledger(path) as old:
        key = old.get("key")
    known = module.MIGRATIONS
    monkeypatch.setattr(module, "MIGRATIONS", (*known, ("CREATE TABLE new (x)", "INSERT INTO new VALUES (1)"), ("nonsense",)))
    with pytest.raises(CrosscutError):
        Ledger(path)
    plain = sqlite3.connect(path)
    assert plain.execute("SELECT count(*) FROM sqlite_master WHERE name = 'new'").fetchone() == (0,)  # all or nothing
    plain.close()
    monkeypatch.setattr(module, "MIGRATIONS", (*known, ("CREATE TABLE new (x)", "INSERT INTO new VALUES (1)")))
    for _ in range(2):
        with Ledger(path) as new:
            assert (new.get("schema"), new.get("key"), len(new.rows("SELECT * FROM new"))) == (
                str(len(known) + 2), key, 1)
    monkeypatch.setattr(module, "MIGRATIONS", known)
    with pytest.raises(CrosscutError, match="made by a newer crosscut"):
        Ledger(path)


#: Of the first schema, the tables that have changed since.
FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta VALUES ('schema', '1'), ('key', '00');
CREATE TABLE videos (video TEXT PRIMARY KEY, platform TEXT NOT NULL, id TEXT NOT NULL, added TEXT NOT NULL);
INSERT INTO videos VALUES ('x:1', 'x', '1', '2024');
CREATE TABLE tracks (
    track INTEGER PRIMARY KEY, video TEXT NOT NULL REFERENCES videos ON DELETE CASCADE, kind TEXT NOT NULL,
    language TEXT NOT NULL, variant TEXT NOT NULL, format TEXT NOT NULL,
    UNIQUE (video, kind, language, variant, format));
INSERT INTO tracks VALUES (1, 'x:1', 'automatic', 'en', '', 'vtt');
CREATE TABLE versions (
    version TEXT PRIMARY KEY, track INTEGER NOT NULL REFERENCES tracks ON DELETE CASCADE, sha256 TEXT NOT NULL,
    raw TEXT NOT NULL, place INTEGER NOT NULL, mapping TEXT NOT NULL, obtained TEXT NOT NULL, imported TEXT NOT NULL,
    origin TEXT NOT NULL, locator TEXT NOT NULL, tool TEXT NOT NULL, words INTEGER NOT NULL,
    punctuated INTEGER NOT NULL, word_timed INTEGER NOT NULL, evidence TEXT NOT NULL);
INSERT INTO versions VALUES ('v', 1, 'sha', 'raw', 0, '', '2024', '2024', 'o', '', 't', 5, 0, 1, '');
"""


def test_a_ledger_of_the_first_schema_has_the_columns_of_a_new_one(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "old")
    plain.executescript(FIRST)
    plain.close()

    def columns(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
        return {table: [tuple(row) for row in ledger.rows(f"PRAGMA table_info({table})")]
                for table in ("videos", "versions", "changes")}

    with Ledger(tmp_path / "old") as old, Ledger(tmp_path / "new") as new:
        assert columns(old) == columns(new)
        (version,) = old.versions()
        assert (version.version, version.transcript) == ("v", "")


def test_additions_are_followed_and_what_was_taken_away_is_not() -> None:
    ledger = Ledger(Path(":memory:"))

    def add(video: str) -> str:
        with ledger.change():
            ledger.add_video(video, "x", video, "2024")
            ledger.add_statement(video, "captions", "2024", "2024", {"title": "X"})
        return ledger.mark()

    assert ledger.mark() == ""
    assert ledger.additions_since("") is None
    first = add("x:1")
    assert add("x:1") == first  # nothing new is no change
    assert ledger.additions_since(first) == []
    second = add("x:2")
    assert ledger.additions_since(first) == ["x:2"]
    assert ledger.additions_since(f"{second.partition('.')[0]}.of-a-ledger-that-a-backup-replaced") is None
    with ledger.change():
        ledger.add_tombstone("x:1", "asked", "2024")
    assert ledger.additions_since(second) is None
    assert ledger.additions_since(ledger.mark()) == []
    ledger.close()
