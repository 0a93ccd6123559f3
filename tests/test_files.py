"""Are files found and read alike in folders and archives, and does no archive do harm?"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.files import Loaded, archives, members, opened, tars, zips
from crosscut.files.folders import TOO_LARGE
from crosscut.files.members import BREAKS_OFF, CUT_SHORT, DAMAGED, TOO_MANY, TOO_MUCH
from crosscut.files.packed import unpack

Pairs = Iterable[tuple[str, bytes]]
FILES = [("a.vtt", b"WEBVTT\n"), ("en_AJ/b.txt", b"words"), ("en_AJ/empty.txt", b""), ("z/y/c.bin", bytes(range(256)) * 900)]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes, "tar.gz": gzip.compress, "tar.bz2": bz2.compress, "tar.xz": lzma.compress}


def tar_of(files: Pairs, format: int = tarfile.PAX_FORMAT) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=format) as tar:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 86_400
            tar.addfile(info, io.BytesIO(data))
    return whole.getvalue()


def zip_of(files: Pairs, streamed: bool = False, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = Pipe() if streamed else io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, (2024, 4, 30, 12, 0, 0))
            info.compress_type = packing
            archive.writestr(info, data)
    return whole.getvalue()


class Pipe(io.BytesIO):
    """A pipe: a zip written into it says sizes only behind each member."""

    def tell(self) -> int:
        raise OSError

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError


def loaded(tmp_path: Path, name: str, data: bytes) -> list[Loaded]:
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in" / name).write_bytes(data)
    with opened([tmp_path / "in"], tmp_path) as files:
        found = list(files)
        assert files.done == files.total == len(found)
    assert os.listdir(tmp_path) == ["in"]  # noqa: PTH208
    return found


def said(files: Iterable[Loaded]) -> list[tuple[str, str]]:
    return [(file.name, file.reason or file.data.decode("latin-1")) for file in files]


def of_archive(tmp_path: Path, data: bytes, name: str = "x.zip") -> list[tuple[str, str]]:
    return [(inside.removeprefix(f"in/{name}").removeprefix("/"), what) for inside, what in said(loaded(tmp_path, name, data))]


ARCHIVES = {suffix: (lambda files, pack=pack: pack(tar_of(files))) for suffix, pack in PACKERS.items()} | {
    "zip": zip_of, "stored.zip": lambda files: zip_of(files, packing=zipfile.ZIP_STORED),
    "bz.zip": lambda files: zip_of(files, packing=zipfile.ZIP_BZIP2), "piped.zip": lambda files: zip_of(files, streamed=True),
    "gnu.tar": lambda files: tar_of(files, tarfile.GNU_FORMAT), "old.tar": lambda files: tar_of(files, tarfile.USTAR_FORMAT)}


@pytest.mark.parametrize("suffix", sorted(ARCHIVES))
def test_an_archive_is_like_a_folder(tmp_path: Path, suffix: str) -> None:
    found = loaded(tmp_path, f"x.{suffix}", ARCHIVES[suffix](FILES))
    assert [(file.name, file.data) for file in found] == [(f"in/x.{suffix}/{name}", data) for name, data in FILES]
    assert {file.said for file in found} == {"2024-04-30T12:00:00+00:00" if "zip" in suffix else "1970-01-02T00:00:00+00:00"}
    assert all(file.path is None for file in found)


@pytest.mark.parametrize("suffix", ["tar", "tar.xz", "zip"])
@given(files=st.dictionaries(st.text("abc/é_ .-", min_size=1, max_size=20), st.binary(max_size=2_000), max_size=6))
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, suffix: str, files: dict[str, bytes]) -> None:
    good = {name: data for name, data in files.items()
            if all(part.strip() == part and part and part[0] != "." and not part.isspace() for part in name.split("/"))}
    found = loaded(tmp_path_factory.mktemp("x"), f"x.{suffix}", ARCHIVES[suffix](good.items()))
    if good:
        assert {file.name.removeprefix(f"in/x.{suffix}/"): file.data for file in found if not file.reason} == {
            name: data for name, data in good.items() if not archives.is_archive(data)}
    else:
        assert [file.reason for file in found] == ["empty archive"]


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_packed_file_is_one_member(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    assert said(loaded(tmp_path, f"x.vtt.{suffix}", pack(b"WEBVTT\n"))) == [(f"in/x.vtt.{suffix}/x.vtt", "WEBVTT\n")]


def test_packed_in_several_stretches(tmp_path: Path) -> None:
    tar = tar_of(FILES)
    for suffix, pack in (("tar.gz", gzip.compress), ("tar.bz2", bz2.compress), ("tar.xz", lzma.compress)):
        padding = b"\0" * 8 if suffix == "tar.xz" else b""
        data = b"".join(pack(tar[at:at + 300]) + padding for at in range(0, len(tar), 300))
        found = [file for file in loaded(tmp_path, f"x.{suffix}", data) if suffix in file.name]
        assert [file.data for file in found] == [data for _, data in FILES]


def test_a_packed_archive_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = []

    def counted(file: BinaryIO, kind: str, size: int, into: BinaryIO) -> str:
        times.append(kind)
        return unpack(file, kind, size, into)

    monkeypatch.setattr("crosscut.files.archives.unpack", counted)
    found = loaded(tmp_path, "x.tar.xz", lzma.compress(tar_of((f"{at:05}.txt", b"words") for at in range(5_000))))
    assert (len(found), times) == (5_000, ["xz"])


def test_what_is_no_archive(tmp_path: Path) -> None:
    for name, data in (("a.txt", b"PK"), ("b.txt", b"\0" * 600), ("c.txt", b"BZh what?"), ("d.txt", b"words " * 200)):
        assert loaded(tmp_path, name, data)[-1] == Loaded(f"in/{name}", data, loaded(tmp_path, name, data)[-1].said,
                                                         path=(tmp_path / "in" / name))


# -- names ---------------------------------------------------------------------------------------------------------------

NAMES = [("../../etc/x", b"1"), ("/abs/x", b"2"), ("a/../x", b"3"), ("C:/x", b"4"), ("..\\x", b"5"), ("./ok/x", b"6"), ("Q: who pays?", b"7"),
         (".git/config", b"8"), (".git/objects/y", b"9"), ("a/.hidden", b"10"), ("__MACOSX/._x", b"11"), ("a/__MACOSX/b/._x", b"12")]


@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_unsafe_and_hidden_names(tmp_path: Path, suffix: str) -> None:
    unsafe = "unsafe path in archive"
    shown = "../x" if suffix == "zip" else "..\\x"
    assert of_archive(tmp_path, ARCHIVES[suffix](NAMES), f"x.{suffix}") == [
        ("__/__/etc/x#0", unsafe), ("abs/x#1", unsafe), ("a/__/x#2", unsafe), ("C:/x#3", unsafe),
        (f"{shown.replace('../', '__/')}#4", unsafe), ("ok/x", "6"), ("Q: who pays?", "7"), (".git", "hidden folder"),
        ("a/.hidden", "hidden file"), ("__MACOSX", "hidden folder"), ("a/__MACOSX", "hidden folder")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_of_members_with_one_name_the_last_is_read(tmp_path: Path, suffix: str) -> None:
    twice = [("x", b"1"), ("y", b"2"), ("x", b"3"), ("./x", b"4")]
    replaced = "replaced by a later member of its name"
    assert of_archive(tmp_path, ARCHIVES[suffix](twice), f"x.{suffix}") == [("x#0", replaced), ("y", "2"), ("x#2", replaced), ("x", "4")]


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    tar = tar_of([("XXXX.txt", b"words")], tarfile.GNU_FORMAT)
    assert b"XXXX" in tar
    header = bytearray(tar[:512].replace(b"XXXX", b"F\xe4hr"))
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert of_archive(tmp_path, bytes(header) + tar[512:], "x.tar") == [("F\\xe4hr.txt", "words")]


@pytest.mark.parametrize(("name", "shown"), [("Fähre".encode(), "Fähre"), (b"F\x84hre", "Fähre")])
def test_zip_names_whose_encoding_is_not_said(tmp_path: Path, name: bytes, shown: str) -> None:
    data = zip_of([("X" * len(name), b"words")]).replace(b"X" * len(name), name)
    assert of_archive(tmp_path, data) == [(shown, "words")]


def test_a_zip_name_that_is_not_what_it_says(tmp_path: Path) -> None:
    data = zip_of([("Fähr.txt", b"words")]).replace("Fähr".encode(), b"F\xe4\xe4hr")  # the directory cannot be read
    assert of_archive(tmp_path, data) == [("F\\xe4\\xe4hr.txt", "words"), ("", BREAKS_OFF)]


# -- kinds of members ----------------------------------------------------------------------------------------------------

def test_links_and_devices_in_a_tar(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name, kind in (("s", tarfile.SYMTYPE), ("h", tarfile.LNKTYPE), ("f", tarfile.FIFOTYPE), ("d", tarfile.CHRTYPE), ("D", tarfile.DIRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    assert of_archive(tmp_path, whole.getvalue(), "x.tar") == [
        ("s", "link"), ("h", "link"), ("f", "not a regular file"), ("d", "not a regular file")]


def test_links_secrets_and_strange_packings_in_a_zip(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, mode, packing in (("s", 0o120777, 0), ("p", 0o010666, 0), ("ok", 0o100644, 0), ("l", 0, zipfile.ZIP_LZMA), ("e", 0, 0)):
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = mode << 16, packing
            archive.writestr(info, b"words")
        archive.mkdir("folder")
    data = bytearray(whole.getvalue())
    data[data.rindex(b"PK\x01\x02", 0, data.rindex(b"folder/") - 46) + 8] |= 1  # e: encrypted
    assert of_archive(tmp_path, bytes(data)) == [
        ("s", "link"), ("p", "not a regular file"), ("ok", "words"), ("l", zips.OTHERWISE_PACKED), ("e", "encrypted")]


def test_archives_and_documents_in_archives(tmp_path: Path) -> None:
    inner = [("a.zip", zip_of(FILES)), ("b.tar", tar_of(FILES)), ("c.vtt.gz", gzip.compress(b"x")), ("d.docx", zip_of(FILES)), ("e.7z", b"7z\xbc\xaf\x27\x1c")]
    nested = archives.NESTED
    assert of_archive(tmp_path, zip_of(inner)) == [
        ("a.zip", nested), ("b.tar", nested), ("c.vtt.gz", nested), ("d.docx", zips.DOCUMENT), ("e.7z", nested)]


@pytest.mark.parametrize(("name", "files"), [
    ("x.docx", FILES), ("x.zip", [("[Content_Types].xml", b"<x/>"), *FILES]), ("x.zip", [("mimetype", b"application/epub+zip")]),
    ("x", [("META-INF/MANIFEST.MF", b"")])])
def test_documents_are_one_file(tmp_path: Path, name: str, files: Pairs) -> None:
    assert said(loaded(tmp_path, name, zip_of(files))) == [(f"in/{name}", zips.DOCUMENT)]


@pytest.mark.parametrize(("name", "data"), [
    ("x.zip", zip_of([])), ("x.tar", tar_of([])), ("x.tar.gz", gzip.compress(tar_of([]), mtime=0)), ("x.tgz", gzip.compress(b"\0" * 1024, mtime=0))])
def test_empty_archives(tmp_path: Path, name: str, data: bytes) -> None:
    assert said(loaded(tmp_path, name, data)) == [(f"in/{name}", "empty archive")]


# -- damage --------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("suffix", [*PACKERS, "zip", "stored.zip", "piped.zip"])
def test_what_stands_before_a_break_is_read(tmp_path: Path, suffix: str) -> None:
    files = [(f"{at:03}.txt", os.urandom(1_000)) for at in range(60)]
    whole = ARCHIVES[suffix](files)
    read: dict[int, int] = {}
    for share in (90, 50, 20, 3):
        found = loaded(tmp_path, f"x.{suffix}", whole[:len(whole) * share // 100])
        assert found[-1] == Loaded(f"in/x.{suffix}", reason=BREAKS_OFF)
        good = [file for file in found if not file.reason]
        assert [file.data for file in good] == [data for _, data in files[:len(good)]]
        assert {file.reason for file in found[len(good):-1]} <= {CUT_SHORT}
        assert len(found) - len(good) <= 2
        read[share] = len(good)
    if suffix not in ("tar.bz2", "tar.xz"):  # these are packed in blocks of a megabyte
        assert read[90] > 45 > read[50] > 20 > read[20] > 5


@pytest.mark.parametrize("suffix", sorted(ARCHIVES))
@given(data=st.data())
def test_damaged_archives_end_in_accounts(tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject) -> None:
    whole = ARCHIVES[suffix]([("a.vtt", b"WEBVTT\n" * 20), ("en_AJ/b.txt", b"words"), ("c" * 90 + "/" + "d" * 60, b"x")])
    at, length = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 40))
    for file in loaded(tmp_path_factory.mktemp("x"), f"x.{suffix}", whole[:at] + data.draw(st.binary(max_size=40)) + whole[at + length:]):
        assert not (file.reason and file.data)
        assert file.name.encode().startswith(b"in/x.")
        assert ".." not in file.name.split("/")


@given(st.sampled_from((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\0")), st.binary(max_size=300))
def test_nonsense_ends_in_accounts(tmp_path_factory: pytest.TempPathFactory, first: bytes, rest: bytes) -> None:
    assert all(file.reason for file in loaded(tmp_path_factory.mktemp("x"), "x", first + rest))


def test_headers_that_lead_back_come_to_an_end(tmp_path: Path) -> None:
    header = bytearray(tar_of([("x", b"")], tarfile.GNU_FORMAT)[:512])
    header[124:136] = b"\xff" * 10 + struct.pack(">h", -1024)  # a size below nothing
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    first = tar_of([("a", b"words"), ("b", b"words")], tarfile.GNU_FORMAT)[:2048]
    assert of_archive(tmp_path, first + bytes(header) * 4, "x.tar") == [("a", "words"), ("b", "words"), ("", BREAKS_OFF)]


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_headers_larger_than_any_name(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 4 << 20
    data = info.tobuf(tarfile.GNU_FORMAT) + b"x" * (4 << 20)
    assert of_archive(tmp_path, tar_of([("a", b"words")])[:1024] + data, "x.tar") == [("a", "words"), ("", BREAKS_OFF)]


def test_names_of_names_without_end(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1
    data = (info.tobuf(tarfile.GNU_FORMAT) + b"x" * 512) * 5_000
    assert of_archive(tmp_path, tar_of([("a", b"words")])[:1024] + data, "x.tar") == [("a", "words"), ("", BREAKS_OFF)]


# -- bounds --------------------------------------------------------------------------------------------------------------

ZEROS = b"\0" * (100 << 20)


@pytest.mark.parametrize("suffix", ["zip", "tar.gz", "tar.bz2", "tar.xz", "piped.zip"])
def test_bombs(tmp_path: Path, suffix: str) -> None:
    found = said(loaded(tmp_path, f"x.{suffix}", ARCHIVES[suffix]([("a.txt", b"words"), ("zeros.txt", ZEROS)])))
    assert found == [(f"in/x.{suffix}", TOO_MUCH)]


def test_a_packed_file_that_swells(tmp_path: Path) -> None:
    assert said(loaded(tmp_path, "x.vtt.gz", gzip.compress(ZEROS))) == [("in/x.vtt.gz", TOO_MUCH)]


def test_a_zip_without_directory_that_swells(tmp_path: Path) -> None:
    whole = zip_of([("a.txt", b"words"), ("zeros.txt", ZEROS)], streamed=True)
    assert of_archive(tmp_path, whole[:whole.rindex(b"PK\x01\x02")]) == [("", TOO_MUCH)]


def test_members_that_overlap(tmp_path: Path) -> None:
    """One stretch of zeros under many names: a small file of many members."""
    whole = zip_of([("a", ZEROS[:1 << 20])])
    local, rest = whole[:whole.index(b"PK\x01\x02")], whole[whole.index(b"PK\x01\x02"):]
    entry, end = rest[:rest.index(b"PK\x05\x06")], rest[rest.index(b"PK\x05\x06"):]
    many = bytearray(end)
    many[8:12] = struct.pack("<HH", 500, 500)
    many[12:16] = struct.pack("<L", 500 * len(entry))
    assert of_archive(tmp_path, local + entry * 500 + bytes(many)) == [("", TOO_MUCH)]


def test_sizes_that_are_not_true(tmp_path: Path) -> None:
    data = zip_of([("a", b"words and words")])
    for told in (3, 1_000):
        lie = data.replace(struct.pack("<L", 15), struct.pack("<L", told))
        assert of_archive(tmp_path, lie) == [("a", DAMAGED)]


def test_members_that_are_too_large_or_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_FILE", 10)
    assert of_archive(tmp_path, tar_of([("a", b"x" * 11), ("b", b"x")]), "x.tar") == [("a", TOO_LARGE), ("b", "x")]
    monkeypatch.setattr(tars, "MOST_MEMBERS", 3)
    assert of_archive(tmp_path, tar_of((str(at), b"") for at in range(4)), "x.tar") == [("", TOO_MANY)]


def test_a_directory_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "_LARGEST_DIRECTORY", 100)
    assert of_archive(tmp_path, zip_of((str(at), b"") for at in range(9))) == [("", TOO_MANY)]


def test_an_xz_that_asks_for_too_much_memory(tmp_path: Path) -> None:
    data = bytearray(lzma.compress(b"words"))
    end = 12 + 4 * (data[12] + 1)  # of the block's header, which says the size of the dictionary
    data[data.index(b"\x21\x01") + 2] = 34  # 512 MB
    data[end - 4:end] = struct.pack("<L", zlib.crc32(data[12:end - 4]))
    assert lzma.decompress(data) == b"words"
    assert said(loaded(tmp_path, "x.vtt.xz", bytes(data))) == [("in/x.vtt.xz", BREAKS_OFF)]


def test_files_that_wait_need_no_memory_and_no_archive(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"on the disk")
    (tmp_path / "in" / "x.zip").write_bytes(zip_of([("b", b"in an archive"), ("c", b"another")]))
    with opened([tmp_path / "in"], tmp_path) as files:
        waiting = [files.later(file) for file in files]
        assert [one.file.data for one in waiting] == [b""] * 3
        assert [file.data for file in map(files.again, reversed(waiting))] == [b"another", b"in an archive", b"on the disk"]


def test_limits_are_as_told() -> None:
    assert members.most_bytes(0) == 64 << 20
    assert members.most_bytes(1 << 40) == 32 << 30
