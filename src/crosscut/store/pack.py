"""One immutable file of named arrays and string lists, memory-mapped, that appears whole or not at all.

Layout: 16 bytes ``CROSSCUT`` + header length (uint64, little-endian), a JSON header ``{"size", "meta", "arrays":
{name: [dtype, shape, offset]}}``, then the arrays, each on a 64-byte boundary.  A list of strings is two arrays:
``name#`` (n + 1 byte offsets) and ``name`` (UTF-8).  Opening reads the header only.
"""

from __future__ import annotations

import json
import mmap
import os
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedWriter
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from crosscut.errors import CorpusDamaged

MAGIC = b"CROSSCUT"
Array = npt.NDArray[Any]


class Strings(Sequence[str]):
    """A list of strings in two arrays; looks like a sequence, decodes only what is asked for."""

    def __init__(self, offsets: Array, blob: Array) -> None:
        self.offsets, self.blob = offsets, blob

    @classmethod
    def of(cls, values: Iterable[str]) -> Strings:
        """Build from ordinary strings; a lone surrogate (possible in file names) is kept."""
        encoded = [value.encode("utf-8", "surrogatepass") for value in values]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
        return cls(offsets, np.frombuffer(b"".join(encoded), np.uint8))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def raw(self, index: int) -> bytes:
        """The UTF-8 bytes of one string."""
        return self.blob[self.offsets[index] : self.offsets[index + 1]].tobytes()

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0 or index >= len(self):
            raise IndexError(index)
        return self.raw(index).decode("utf-8", "surrogatepass")

    def tolist(self) -> list[str]:
        """All strings; one decode for the lot."""
        data, bounds = self.blob.tobytes(), self.offsets.tolist()
        return [data[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(bounds)]

    def take(self, indices: Iterable[int]) -> list[str]:
        """Some strings by their indices, each decoded once."""
        seen: dict[int, str] = {}
        return [seen[i] if i in seen else seen.setdefault(i, self[i]) for i in map(int, indices)]

    def find(self, value: str) -> int:
        """Index of ``value`` in a list sorted by UTF-8 bytes, or -1."""
        wanted = value.encode("utf-8", "surrogatepass")
        at = bisect_left(_Bytes(self), wanted)
        return at if at < len(self) and self.raw(at) == wanted else -1


class _Bytes(Sequence[bytes]):
    """A view of ``Strings`` as bytes, for bisection without decoding."""

    def __init__(self, strings: Strings) -> None:
        self.strings = strings

    def __len__(self) -> int:
        return len(self.strings)

    def __getitem__(self, index: int) -> bytes:  # type: ignore[override]
        return self.strings.raw(index)


class Pack:
    """A pack opened for reading: ``pack["start"]`` is an array on the file, ``pack.strings("title")`` its strings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise CorpusDamaged(f"{path}: cannot be opened ({error}); delete corpus/ and run crosscut build") from error
        self.meta, self._arrays = self._header()

    def _header(self) -> tuple[dict[str, Any], dict[str, tuple[str, list[int], int]]]:
        length = int.from_bytes(self._map[8:16], "little")
        if self._map[:8] != MAGIC or length > len(self._map):
            raise CorpusDamaged(f"{self.path}: not a crosscut pack; delete corpus/ and run crosscut build")
        try:
            header = json.loads(self._map[16 : 16 + length])
            size, meta, arrays = header["size"], header["meta"], header["arrays"]
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusDamaged(f"{self.path}: its header is broken; delete corpus/ and run crosscut build") from error
        if size != len(self._map):
            raise CorpusDamaged(f"{self.path}: cut short; delete corpus/ and run crosscut build")
        return meta, arrays

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> Array:
        dtype, shape, offset = self._arrays[name]
        count = int(np.prod(shape))
        if not count:
            return np.empty(shape, dtype)
        return np.frombuffer(self._map, dtype, count, offset).reshape(shape)

    def strings(self, name: str) -> Strings:
        """The list of strings stored under ``name``."""
        return Strings(self[f"{name}#"], self[name])

    def size(self) -> int:
        """Bytes on disk."""
        return len(self._map)

    def bytes_by_array(self) -> dict[str, int]:
        """Bytes of each array, for the index-size report."""
        return {n: int(np.prod(s)) * np.dtype(d).itemsize for n, (d, s, _) in self._arrays.items()}


def write_pack(path: Path, columns: Mapping[str, Array | Strings | Sequence[str]], meta: Mapping[str, Any]) -> None:
    """Write a pack: to a temporary neighbour first, flushed to the disk, then renamed into place."""
    arrays: dict[str, Array] = {}
    for name, column in columns.items():
        if isinstance(column, np.ndarray):
            arrays[name] = np.ascontiguousarray(column)
        else:
            strings = column if isinstance(column, Strings) else Strings.of(column)
            arrays[f"{name}#"], arrays[name] = strings.offsets, strings.blob
    header = _layout(arrays, meta)
    with appearing(path) as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        for array in arrays.values():
            file.write(b"\0" * (-file.tell() % 64))
            array.tofile(file)


def _layout(arrays: Mapping[str, Array], meta: Mapping[str, Any]) -> bytes:
    """The header, padded with blanks so that its own length does not move the arrays."""
    room = 256 + 96 * len(arrays) + sum(len(n) * 2 for n in arrays) + 2 * len(json.dumps(meta))
    room += -(16 + room) % 64
    offset, entries = 16 + room, {}
    for name, array in arrays.items():
        offset += -offset % 64
        entries[name] = [array.dtype.str, list(array.shape), offset]
        offset += array.nbytes
    text = json.dumps({"size": offset, "meta": meta, "arrays": entries}).encode()
    return text.ljust(room)


def sync_folder(folder: Path) -> None:
    """Make renames and deletions in ``folder`` survive a power cut (not possible, and not needed, on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def appearing(path: Path) -> Iterator[BufferedWriter]:
    """A file to write into that gets its name only when it is whole and on the disk."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with scratch.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a small text file whole or not at all."""
    with appearing(path) as file:
        file.write(text.encode("utf-8"))
