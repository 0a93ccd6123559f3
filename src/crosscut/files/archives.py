"""What is in an archive?  Its members, accounted like the files of a folder: ``folder/captions.zip/en_AJ/x.vtt``."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crosscut.errors import UnreadableFile
from crosscut.files.folders import LARGEST_FILE, TOO_LARGE, Found, Loaded, moment
from crosscut.files.members import DAMAGED, Archive, Member, accounted
from crosscut.files.packed import Single, unpack
from crosscut.files.tars import HEAD, Tar, is_tar
from crosscut.files.zips import DOCUMENT, Zip, is_document

_FIRST_BYTES = re.compile(
    rb"(?P<zip>PK(?:\x03\x04|\x05\x06))|(?P<gz>\x1f\x8b\x08)|(?P<bz2>BZh[1-9](?:1AY&SY|\x17rE8P\x90))|(?P<xz>\xfd7zXZ\0)")
_NOT_READ = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd")
_TAR = re.compile(r"\.(?:tar(?:\.[a-z0-9]{1,4})?|t[gbx]z2?)$", re.IGNORECASE)
#: The last second of the year 9999.
_LATEST = 253_402_300_799
EMPTY = "empty archive"
NESTED = "archive in an archive: unpack it first"


def kind_of(path: Path) -> str:
    """The kind of an archive, by its first bytes, or ""; what cannot be read is none."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return _kind(file.read(HEAD), path.name)
    except OSError:
        return ""


def _kind(head: bytes, name: str) -> str:
    if is_tar(head) or _is_empty_tar(head, name):
        return "tar"
    found = _FIRST_BYTES.match(head)
    return str(found.lastgroup) if found else ""


def is_archive(data: bytes) -> bool:
    """Whether bytes are those of an archive, of a kind that is read or not."""
    return bool(_kind(data[:HEAD], "")) or data.startswith(_NOT_READ)


def opened(found: Found, kind: str, scratch: Path) -> Iterator[tuple[int, Loaded]]:
    """Give the members of an archive; with each file comes by how many the number of files has grown."""
    grown = -1
    try:
        with _archive(found, kind, scratch) as archive:
            members = list(accounted(archive.members))
            if not members and not archive.broken:
                raise UnreadableFile(EMPTY)
            grown += len(members)
            written = found.path.stat().st_mtime
            for name, member in members:
                yield grown, _loaded(archive, member, f"{found.name}/{name}", written)
                grown = 0
            reason = archive.broken
    except UnreadableFile as problem:
        reason = problem.reason
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
    if reason:
        yield grown + 1, Loaded(found.name, reason=reason)


@contextmanager
def _archive(found: Found, kind: str, scratch: Path) -> Iterator[Archive]:
    with found.path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        if kind in ("zip", "tar"):
            yield Zip(file, size, found.name) if kind == "zip" else Tar(file, size)
            return
        with tempfile.TemporaryFile(dir=scratch) as plain:
            broken = unpack(file, kind, size, plain)
            yield _unpacked(plain, found.path.name, broken)


def _unpacked(plain: BinaryIO, name: str, broken: str) -> Archive:
    """The archive that was packed, or else the one file."""
    length = plain.seek(0, 2)
    plain.seek(0)
    head = plain.read(HEAD)
    if not is_tar(head) and not _is_empty_tar(head, name):
        if broken:
            raise UnreadableFile(broken)
        return Single(plain, length, name)
    tar = Tar(plain, length)
    tar.broken = broken or tar.broken
    return tar


def _is_empty_tar(head: bytes, name: str) -> bool:
    return len(head) == HEAD and not any(head) and _TAR.search(name) is not None


def _loaded(archive: Archive, member: Member, name: str, written: float) -> Loaded:
    """Read a member, unless there is a reason not to."""
    if member.refused:
        return Loaded(name, reason=member.refused)
    if member.size > LARGEST_FILE:
        return Loaded(name, reason=TOO_LARGE)
    try:
        data = archive.read(member)
    except UnreadableFile as problem:
        return Loaded(name, reason=problem.reason)
    except OSError as error:
        return Loaded(name, reason=f"cannot be read: {error.strerror}" if error.strerror else DAMAGED)
    if is_archive(data):
        return Loaded(name, reason=DOCUMENT if is_document(name) else NESTED)
    return Loaded(name, data, _said(member.seconds, written))


def _said(seconds: float, written: float) -> str:
    """When a member was written, or else its archive."""
    return moment(seconds if 0 < seconds <= _LATEST else written)
