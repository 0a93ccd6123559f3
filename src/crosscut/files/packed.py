"""What is inside gzip, bzip2 and xz?  Unpacked once, into a file without a name, no further than is allowed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from crosscut.errors import UnreadableFile
from crosscut.files.folders import LARGEST_FILE, TOO_LARGE
from crosscut.files.members import BREAKS_OFF, TOO_MUCH, Member, most_bytes
from crosscut.files.tars import HEAD, is_tar

_STRETCH = 1 << 20
#: xz -9 needs 65 MB to unpack; a header can ask for 4 GB.
_XZ_MEMORY = 256 << 20
_SUFFIXES = frozenset((".gz", ".bz2", ".xz"))


def unpack(file: BinaryIO, kind: str, size: int, into: BinaryIO) -> str:
    """Unpack a file of ``size`` bytes into another; returns why it ends early, or "".

    Raises ``UnreadableFile`` where it holds more than an archive of its size may, or is one file that is too large.
    """
    most, length, head = most_bytes(size), 0, b""
    try:
        for data in _stretches(file, kind):
            head += data[:HEAD - len(head)]
            length += len(data)
            if length > LARGEST_FILE and not is_tar(head):
                raise UnreadableFile(TOO_LARGE)
            if length > most:
                raise UnreadableFile(TOO_MUCH)
            into.write(data)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk is full or broken, not the archive
        return BREAKS_OFF
    return ""


def _stretches(file: BinaryIO, kind: str) -> Iterator[bytes]:
    if kind == "xz":
        yield from _xz(file)
        return
    with (gzip.GzipFile(fileobj=file) if kind == "gz" else bz2.BZ2File(file)) as source:
        while data := source.read1(_STRETCH):  # a whole read would lose what stands before a break
            yield data


def _xz(file: BinaryIO) -> Iterator[bytes]:
    """Unpack streams one after the other; zeros may pad them."""
    data = file.read(_STRETCH)
    while data:
        decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)
        while not decompressor.eof:
            if decompressor.needs_input:
                data = data or file.read(_STRETCH)
                if not data:
                    raise EOFError
            if out := decompressor.decompress(data, _STRETCH):
                yield out
            data = b""
        data = decompressor.unused_data.lstrip(b"\0")
        while not data and (more := file.read(_STRETCH)):
            data = more.lstrip(b"\0")


class Single:
    """A packed file that is no archive: one member, named as the file is without the suffix of its packing."""

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        base = PurePosixPath(name)
        self._file = file
        self.members = [Member(base.stem if base.suffix.lower() in _SUFFIXES else base.name, size)]
        self.broken = ""

    def read(self, member: Member) -> bytes:
        """The bytes of the one member."""
        self._file.seek(0)
        return self._file.read(member.size)
