"""What lies where in a tar?  Headers by the standard library, bytes by their place."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from crosscut.errors import UnreadableFile
from crosscut.files.members import BREAKS_OFF, CUT_SHORT, MOST_MEMBERS, TOO_MANY, Member

#: So many bytes a header takes, and tell the kind of an archive.
HEAD = tarfile.BLOCKSIZE
#: A header, with the longest of names, is some kB; the library would read any number of bytes that one names.
_LARGEST_HEADER = 1 << 20
#: What the library raises on headers that say nonsense.
_NONSENSE = (tarfile.TarError, ValueError, LookupError, ArithmeticError, TypeError, RecursionError, EOFError, OSError)


def is_tar(head: bytes) -> bool:
    """Tell by the check sum of the first header, or, of an empty archive, by its blocks of nothing."""
    if len(head) < HEAD or not head[148:156].strip(b" \0").isdigit():
        return False
    try:
        tarfile.TarInfo.frombuf(head[:HEAD], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


class _Headers:
    """A file of which no header takes more than it may, forwards only."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LARGEST_HEADER:
            raise tarfile.ReadError("a header that is too long")
        return self._file.read(size)

    def seek(self, offset: int) -> int:
        return self._file.seek(offset)

    def tell(self) -> int:
        return self._file.tell()


class Tar:
    """An open tar of ``size`` bytes; raises ``UnreadableFile`` where it has too many members."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        self.broken = ""
        self.members = list(self._listed())

    def _listed(self) -> Iterator[Member]:
        try:
            self._file.seek(0)
            tar = tarfile.TarFile(fileobj=cast("BinaryIO", _Headers(self._file)), encoding="utf-8", errors="surrogateescape")
            count, before = 0, -1
            while (info := tar.next()) is not None:
                cast("Any", tar).members.clear()  # the library would keep them all
                if tar.offset <= before or info.size < 0:
                    raise tarfile.ReadError("headers that lead back")
                before, count = tar.offset, count + 1
                if count > MOST_MEMBERS:
                    raise UnreadableFile(TOO_MANY)
                if not info.isdir():
                    yield self._member(info)
            self.broken = "" if self._is_over(tar.offset) else BREAKS_OFF
        except _NONSENSE:
            self.broken = BREAKS_OFF

    def _is_over(self, offset: int) -> bool:
        """Whether an empty block follows the last member, as in every whole tar."""
        self._file.seek(offset)
        block = self._file.read(HEAD)
        return block != b"" and not any(block)

    def _member(self, info: tarfile.TarInfo) -> Member:
        refused = ""
        if info.issym() or info.islnk():
            refused = "link"
        elif not info.isreg() or info.issparse():
            refused = "not a regular file"
        elif info.offset_data + info.size > self._size:
            refused = CUT_SHORT
        return Member(info.name, info.size, float(info.mtime), info.offset_data, refused)

    def read(self, member: Member) -> bytes:
        """The bytes of a member."""
        self._file.seek(cast("int", member.place))
        return self._file.read(member.size)
