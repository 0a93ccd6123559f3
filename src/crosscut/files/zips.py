"""What lies where in a zip?  By its directory; where that is lost, by what stands before each member."""

from __future__ import annotations

import calendar
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from crosscut.errors import UnreadableFile
from crosscut.files.folders import LARGEST_FILE, TOO_LARGE
from crosscut.files.members import (
    BREAKS_OFF,
    CUT_SHORT,
    DAMAGED,
    MOST_MEMBERS,
    TOO_MANY,
    Member,
    check_total,
    most_bytes,
)

OTHERWISE_PACKED = "packed in a way that is not read: unpack it first"
DOCUMENT = "document or program, not an archive of captions"
#: Members by which documents and programs are known.
_OF_DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"))
_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".apk", ".whl", ".xpi", ".kmz", ".cbz")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA's header can ask for 4 GB of memory
_ENCRYPTED, _STREAMED, _UTF_8 = 0x1, 0x8, 0x800
#: The library reads the whole directory at once: 32 MB are some 300,000 members.
_LARGEST_DIRECTORY = 32 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_STRETCH = 1 << 20
_NONSENSE = (zipfile.BadZipFile, ValueError, LookupError, ArithmeticError, NotImplementedError, RuntimeError, EOFError,
             struct.error, zlib.error)


def is_document(name: str) -> bool:
    """Tell by the name whether a zip is a document or a program."""
    return name.lower().endswith(_DOCUMENTS)


class Zip:
    """An open zip of ``size`` bytes; raises ``UnreadableFile`` where it is none of captions or holds too much."""

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self._file, self._size = file, size
        self.broken = ""
        self._zip = self._directory()
        if self._zip is None:
            self.members = list(self._salvaged())
            self.broken = BREAKS_OFF
        else:
            self.members = [_member(info) for info in self._zip.infolist()
                            if not info.filename.endswith("/")]  # ``is_dir`` of Python 3.11 fails on a name of nothing
        if is_document(name) or any(member.name in _OF_DOCUMENTS for member in self.members):
            raise UnreadableFile(DOCUMENT)
        check_total(self.members, size)

    def _directory(self) -> zipfile.ZipFile | None:
        _check_directory(self._file, self._size)
        try:
            return zipfile.ZipFile(self._file)
        except _NONSENSE:
            return None

    def read(self, member: Member) -> bytes:
        """The bytes of a member; raises ``UnreadableFile``."""
        try:
            if isinstance(member.place, zipfile.ZipInfo) and self._zip:
                with self._zip.open(member.place) as source:
                    data = source.read(member.size + 1)
            else:
                data = self._inflated(*cast("tuple[int, int, int]", member.place), member.size)
        except _NONSENSE:
            raise UnreadableFile(DAMAGED) from None
        if len(data) != member.size:
            raise UnreadableFile(DAMAGED)
        return data

    def _inflated(self, offset: int, packed: int, packing: int, size: int) -> bytes:
        if packed > size + size // 8 + _STRETCH:  # nothing grows so much by being packed
            raise UnreadableFile(DAMAGED)
        self._file.seek(offset)
        data = self._file.read(packed)
        return data if packing == zipfile.ZIP_STORED else zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)

    def _salvaged(self) -> Iterator[Member]:
        """Give the members by the headers before them: what is left of a zip that was cut short."""
        at, allowed = 0, most_bytes(self._size)
        for _ in range(MOST_MEMBERS):
            self._file.seek(at)
            header = self._file.read(_LOCAL.size)
            if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
                return
            _, _, flags, packing, time, day, _, packed, size, name_length, extra_length = _LOCAL.unpack(header)
            name = self._file.read(name_length)
            begin = at + _LOCAL.size + name_length + extra_length
            if flags & _STREAMED and not packed:
                packed, size = self._measured(begin, allowed)
            allowed -= size
            at = begin + packed
            if not name.endswith(b"/"):
                refused = "encrypted" if flags & _ENCRYPTED else "" if packing in _PACKINGS[:2] else OTHERWISE_PACKED
                refused = CUT_SHORT if at > self._size or size < 0 else refused or _too_large(size)
                yield Member(_decoded(name, flags), max(size, 0), _seconds(day, time), (begin, packed, packing), refused)
            if at > self._size or size < 0:
                return
            at += self._described(at) if flags & _STREAMED else 0

    def _measured(self, begin: int, allowed: int) -> tuple[int, int]:
        """Find where a member ends whose header does not say: its size packed, and unpacked, which is -1 if it does not."""
        self._file.seek(begin)
        inflating, packed, size = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
        try:
            while not inflating.eof and size <= allowed:
                data = inflating.unconsumed_tail or self._file.read(_STRETCH)
                if not data:
                    return packed, -1
                packed += 0 if inflating.unconsumed_tail else len(data)
                size += len(inflating.decompress(data, _STRETCH))
        except zlib.error:
            return packed, -1
        return packed - len(inflating.unused_data) - len(inflating.unconsumed_tail), size

    def _described(self, at: int) -> int:
        """Give the length of what stands behind a streamed member: sizes in 8 or 16 bytes, with a mark or without."""
        self._file.seek(at)
        behind = self._file.read(28)
        return next((length for length in (16, 12, 24, 20) if behind[length:length + 2] == b"PK"), len(behind))


def _check_directory(file: BinaryIO, size: int) -> None:
    """Refuse a directory that is too large to be read at once."""
    tail = min(size, 66_000)
    file.seek(size - tail)
    data = file.read(tail)
    at, larger = data.rfind(b"PK\x05\x06"), data.rfind(b"PK\x06\x06")
    said = [int.from_bytes(data[at + 12:at + 16], "little")] if at >= 0 else []
    said += [int.from_bytes(data[larger + 40:larger + 48], "little")] if larger >= 0 else []
    if any(_LARGEST_DIRECTORY < one < 0xFFFFFFFF for one in said):
        raise UnreadableFile(TOO_MANY)


def _member(info: zipfile.ZipInfo) -> Member:
    kind = stat.S_IFMT(info.external_attr >> 16)
    refused = ""
    if kind == stat.S_IFLNK:
        refused = "link"
    elif kind and kind != stat.S_IFREG:
        refused = "not a regular file"
    elif info.flag_bits & _ENCRYPTED:
        refused = "encrypted"
    elif info.compress_type not in _PACKINGS:
        refused = OTHERWISE_PACKED
    name = info.filename if info.flag_bits & _UTF_8 else _decoded(info.filename.encode("cp437", "replace"), 0)
    year, month, day, hour, minute, second = info.date_time
    seconds = _since(year, month, day, hour, minute, second)
    return Member(name.replace("\\", "/"), info.file_size, seconds, info, refused or _too_large(info.file_size))


def _too_large(size: int) -> str:
    return TOO_LARGE if size > LARGEST_FILE else ""


def _decoded(name: bytes, flags: int) -> str:
    """Read a name: many tools write UTF-8 and do not say so; else it is DOS's."""
    try:
        return name.decode("utf-8").replace("\\", "/")
    except UnicodeDecodeError:
        return name.decode("utf-8", "surrogateescape") if flags & _UTF_8 else name.decode("cp437").replace("\\", "/")


def _seconds(day: int, time: int) -> float:
    return _since((day >> 9) + 1980, day >> 5 & 15, day & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)


def _since(year: int, month: int, day: int, hour: int, minute: int, second: int) -> float:
    """Seconds since 1970 of a time of day that says no zone; the first day that can be said is that of no day."""
    if (year, month, day) <= (1980, 1, 1) or not (1 <= month <= 12 and 1 <= day <= 31):
        return 0.0
    return float(calendar.timegm((year, month, day, hour, minute, second)))
