"""One immutable file of named arrays and string lists, memory-mapped, that appears whole or not at all.

Layout: 16 bytes ``CROSSCUT`` + header length (uint64, little-endian), a JSON header ``{"size", "meta", "arrays":
{name: [dtype, shape, offset]}}``, then the arrays, each on a 64-byte boundary.  A list of strings is two arrays:
``name#`` (n + 1 byte offsets) and ``name`` (UTF-8).  Opening reads the header only.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from crosscut.errors import CorpusDamaged

MAGIC = b"CROSSCUT"
Array = npt.NDArray[Any]


def ranges(begins: Array, ends: Array) -> npt.NDArray[np.int64]:
    """The numbers from each begin to its end, one stretch after the other."""
    lengths = (ends - begins).astype(np.int64)
    before = np.cumsum(lengths) - lengths
    numbers = np.repeat(begins - before, lengths)
    numbers += np.arange(len(numbers))
    return numbers


class Strings(Sequence[str]):
    """A list of strings in two arrays; looks like a sequence, decodes only what is asked for."""

    def __init__(self, offsets: Array, blob: Array) -> None:
        self.offsets, self.blob = offsets, blob

    @classmethod
    def of(cls, values: Iterable[str]) -> Strings:
        """Build from ordinary strings; a lone surrogate (possible in file names) is kept."""
        return cls.of_bytes([value.encode("utf-8", "surrogatepass") for value in values])

    @classmethod
    def of_bytes(cls, encoded: Sequence[bytes]) -> Strings:
        """Build from the UTF-8 bytes of strings."""
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
        return cls(offsets, np.frombuffer(b"".join(encoded), np.uint8))

    @classmethod
    def join(cls, runs: Sequence[tuple[Strings, int, int]]) -> Strings:
        """Stretches of lists, each from a first index to another, one after the other; nothing is decoded."""
        lengths = [np.diff(strings.offsets[begin : end + 1]) for strings, begin, end in runs]
        blobs = [strings.blob[strings.offsets[begin] : strings.offsets[end]] for strings, begin, end in runs]
        return cls(np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(lengths))]), np.concatenate(blobs))

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
            begin, end, step = index.indices(len(self))
            return self.tolist() if (begin, end, step) == (0, len(self), 1) else [self[i] for i in range(begin, end, step)]
        if index < 0 or index >= len(self):
            raise IndexError(index)
        return self.raw(index).decode("utf-8", "surrogatepass")

    def tolist(self) -> list[str]:
        """All strings."""
        return self._decoded(self.offsets[:-1], self.offsets[1:])

    def take(self, indices: Sequence[int] | Array) -> list[str]:
        """Some strings by their indices; one that is asked for again is not decoded again."""
        wanted = np.asarray(indices, np.int64).tolist()
        distinct = list(dict.fromkeys(wanted))  # np.unique would import numpy.ma: 30 ms
        found = self._decoded(self.offsets[distinct], self.offsets[np.array(distinct, np.int64) + 1])
        return found if len(found) == len(wanted) else list(map(dict(zip(distinct, found, strict=True)).__getitem__, wanted))

    def part(self, begin: int, end: int) -> Strings:
        """Some strings that follow one another, as a view."""
        return Strings(self.offsets[begin : end + 1], self.blob)

    def chosen(self, indices: Array) -> Strings:
        """Some strings by their indices, as a list of their own; nothing is decoded."""
        begins, ends = self.offsets[indices], self.offsets[indices + 1]
        return Strings(np.cumsum(np.concatenate([np.zeros(1, np.int64), ends - begins])), self.blob[ranges(begins, ends)])

    def _decoded(self, begins: Array, ends: Array) -> list[str]:
        data = self.blob.data
        return [str(data[begin:end], "utf-8", "surrogatepass")
                for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    def lines(self) -> tuple[bytes, npt.NDArray[np.int64]]:
        """All strings as one text, a line each, and where each begins in it."""
        starts = self.offsets[:-1] + np.arange(len(self))
        text = np.full(len(self.blob) + len(self), ord("\n"), np.uint8)
        inside = np.ones(len(text), bool)
        inside[self.offsets[1:] + np.arange(len(self))] = False
        text[inside] = self.blob
        return text.tobytes(), starts

    def place(self, value: str) -> int:
        """Where ``value`` stands, or would stand, in a list sorted by UTF-8 bytes."""
        return self.place_of_bytes(value.encode("utf-8", "surrogatepass"))

    def place_of_bytes(self, value: bytes) -> int:
        """The same of the UTF-8 bytes of a string."""
        return bisect_left(_Bytes(self), value)

    def find(self, value: str) -> int:
        """Index of ``value`` in a list sorted by UTF-8 bytes, or -1."""
        at = self.place(value)
        return at if at < len(self) and self.raw(at) == value.encode("utf-8", "surrogatepass") else -1


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
        self._opened: dict[str, Array] = {}

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
        if name not in self._opened:
            dtype, shape, offset = self._arrays[name]
            count = int(np.prod(shape))
            self._opened[name] = (np.frombuffer(self._map, dtype, count, offset).reshape(shape) if count
                                  else np.empty(shape, dtype))
        return self._opened[name]

    def strings(self, name: str) -> Strings:
        """The list of strings stored under ``name``."""
        return Strings(self[f"{name}#"], self[name])

    def release(self) -> None:
        """Give back the memory of what was read; who reads on has it mapped again (no such thing on Windows)."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def size(self) -> int:
        """Bytes on disk."""
        return len(self._map)

    def bytes_by_array(self) -> dict[str, int]:
        """Bytes of each array, for the index-size report."""
        return {n: int(np.prod(s)) * np.dtype(d).itemsize for n, (d, s, _) in self._arrays.items()}


def write_pack(path: Path, columns: Mapping[str, Array | Strings | Sequence[str]], meta: Mapping[str, Any]) -> None:
    """Write a pack that lies in memory: to a temporary neighbour first, flushed to the disk, then renamed into place."""
    arrays: dict[str, Array] = {}
    for name, column in columns.items():
        if isinstance(column, np.ndarray):
            arrays[name] = np.ascontiguousarray(column)
        else:
            strings = column if isinstance(column, Strings) else Strings.of(column)
            arrays[f"{name}#"], arrays[name] = strings.offsets.astype(offsets_for(len(strings.blob))), strings.blob
    with writing_pack(path, {name: (array.dtype, array.shape) for name, array in arrays.items()}, meta) as pack:
        for name, array in arrays.items():
            pack.put(name, array)


def offsets_for(last: int) -> np.dtype[Any]:
    """The type of offsets up to ``last``: signed, so that sums and differences of them stay whole numbers."""
    return np.dtype(np.int32 if last < 1 << 31 else np.int64)


#: What is known of an array before it is there.
Plan = Mapping[str, tuple[npt.DTypeLike, tuple[int, ...]]]


class PackWriter:
    """A pack whose arrays are planned, and come piece by piece, each from its first value to its last.

    Pieces are written, not mapped: pages of a mapped file count as memory of the process for as long as they are mapped.
    """

    def __init__(self, file: BufferedWriter, plan: Plan, entries: Mapping[str, tuple[str, list[int], int]]) -> None:
        self._file = file
        self.dtypes = {name: np.dtype(dtype) for name, (dtype, _) in plan.items()}
        self._at = {name: offset for name, (_, _, offset) in entries.items()}
        self._end = {name: offset + math.prod(shape) * np.dtype(dtype).itemsize
                     for name, (dtype, shape, offset) in entries.items()}

    def put(self, name: str, values: Array) -> None:
        """The next values of an array, in the type that was planned for it."""
        piece = np.ascontiguousarray(values, self.dtypes[name])
        self._file.seek(self._at[name])
        self._at[name] += piece.nbytes
        if self._at[name] > self._end[name]:
            raise ValueError(f"more values of {name} than planned")
        self._file.write(piece.data)

    def finish(self) -> None:
        """Raise ``ValueError`` if something planned did not come; as long as the size that the header says."""
        if lacking := [name for name, end in self._end.items() if self._at[name] != end]:
            raise ValueError(f"fewer values than planned: {', '.join(lacking)}")
        self._file.truncate(max(self._end.values(), default=self._file.seek(0, os.SEEK_END)))


@contextmanager
def writing_pack(path: Path, plan: Plan, meta: Mapping[str, Any]) -> Iterator[PackWriter]:
    """A pack to write piece by piece, which appears whole or not at all; arrays lie in the order of ``plan``."""
    header, entries = _layout(plan, meta)
    with appearing(path) as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        writer = PackWriter(file, plan, entries)
        yield writer
        writer.finish()


def _layout(plan: Plan, meta: Mapping[str, Any]) -> tuple[bytes, dict[str, tuple[str, list[int], int]]]:
    """The header, padded with blanks so that its own length does not move the arrays, and where they lie."""
    room = 256 + 96 * len(plan) + sum(len(n) * 2 for n in plan) + 2 * len(json.dumps(meta))
    room += -(16 + room) % 64
    offset, entries = 16 + room, {}
    for name, (dtype, shape) in plan.items():
        offset += -offset % 64
        entries[name] = (np.dtype(dtype).str, list(shape), offset)
        offset += math.prod(shape) * np.dtype(dtype).itemsize
    text = json.dumps({"size": offset, "meta": meta, "arrays": entries}).encode()
    return text.ljust(room), entries


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
