"""Raw bytes come back as they were, each video in a folder of its own, inside the root, on any file system."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.raw import RawStore, folder_of

HOSTILE = ["abc", "ABC", "aBc", "-abc", "--", "..", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "C:\\x", "", " ", ".", "a.", "a ",
           "\0", "a\0b", "x" * 300, "x" * 301, "é", "É", "e\u0301", "\ud800", "سلام", "con", "CON", "nul", "aux.txt", "com1", "~", "*?",
           "<a>", "a\nb", "\u202e", "ı", "İ"]
WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=())))


def assert_safe(place: str) -> None:
    for part in place.split("/"):
        assert re.fullmatch(r"[a-z0-9_.-]+", part)
        assert part not in {"..", "."}
        assert not part.startswith("-")
        assert not part.endswith(".")
        assert len(part) < 80
        assert not WINDOWS.fullmatch(part)


@given(st.sets(st.tuples(TEXT, TEXT), min_size=2, max_size=8))
def test_folders_are_distinct_and_safe(videos: set[tuple[str, str]]) -> None:
    keys = {f"{platform}:{id}" for platform, id in videos}
    folders = {str(folder_of(platform, id)) for platform, id in videos}
    assert len({folder.casefold().split("/")[1] for folder in folders}) == len(keys)
    for folder in folders:
        assert_safe(folder)


def test_every_hostile_id_gets_its_own_folder() -> None:
    folders = {str(folder_of(platform, id)) for platform in ("youtube", "con", "") for id in HOSTILE}
    assert len({folder.casefold() for folder in folders}) == 3 * len(HOSTILE)


@given(st.lists(st.tuples(TEXT, TEXT, st.binary(max_size=20), TEXT), max_size=6))
def test_bytes_come_back_and_stay_inside(files: list[tuple[str, str, bytes, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "raw")
        store = RawStore(root)
        places = [store.write(*file) for file in files]
        for (_, _, data, _), (sha256, place) in zip(files, places, strict=True):
            assert sha256 == hashlib.sha256(data).hexdigest()
            assert store.read(place, sha256) == data
            assert (root / place).resolve().is_relative_to(root.resolve())
            assert_safe(place)
        assert {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} == {place for _, place in places}
        assert [path.name for path in Path(folder).iterdir()] in ([], ["raw"])


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    first = store.write("youtube", "A", b"one", ".vtt")
    time = (tmp_path / first[1]).stat().st_mtime_ns
    assert store.write("youtube", "A", b"one", ".vtt") == first
    assert (tmp_path / first[1]).stat().st_mtime_ns == time
    assert store.write("youtube", "a", b"one", ".vtt")[1] != first[1]


def test_a_name_without_its_bytes_is_written_again(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    sha256, place = store.write("youtube", "A", b"whole", ".vtt")
    (tmp_path / place).write_bytes(b"")  # as a power cut leaves it
    assert store.read(place, sha256) is None
    store.write("youtube", "A", b"whole", ".vtt")
    assert store.read(place, sha256) == b"whole"


def test_what_is_gone_or_changed_is_not_read(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    sha256, place = store.write("youtube", "A", b"one", ".vtt")
    assert store.read(place, "0" * 64) is None
    assert store.read("youtube/none/x.vtt", sha256) is None


def test_a_flush_syncs_each_new_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    store = RawStore(tmp_path)
    places = [store.write("youtube", "A", data, ".vtt")[1] for data in (b"one", b"two", b"one")]
    assert synced == []
    store.flush()
    wanted = [(tmp_path / place).stat().st_ino for place in places[:2]]
    assert [inode for inode in synced if inode in wanted] == wanted
    before = len(synced)
    store.flush()
    assert len(synced) == before


def test_erasing_takes_one_video_only(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    gone, kept = store.write("youtube", "AAA", b"one", ".vtt"), store.write("youtube", "aaa", b"one", ".vtt")
    store.write("youtube", "AAA", b"two", ".json")
    store.erase("youtube", "AAA")
    store.erase("youtube", "never there")
    assert store.read(gone[1], gone[0]) is None
    assert store.read(kept[1], kept[0]) == b"one"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_flush_syncs_new_folders_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    store = RawStore(tmp_path / "raw")
    place = tmp_path / "raw" / store.write("youtube", "A", b"one", ".vtt")[1]
    store.flush()
    assert {folder.stat().st_ino for folder in (place.parent, place.parent.parent, store.root, tmp_path)} <= set(synced)


def test_what_cannot_be_erased_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RawStore(tmp_path)
    store.write("youtube", "A", b"one", ".vtt")

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "unlink", locked)
    with pytest.raises(PermissionError):
        store.erase("youtube", "A")
