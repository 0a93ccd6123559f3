"""How many milliseconds is that?  Clock readings of caption files, a whole file at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A clock reading as WebVTT has it: hours are optional; a comma is SubRip's habit and is let through.
STAMP = r"(?:[0-9]{2,4}:)?[0-5][0-9]:[0-5][0-9][.,][0-9]{3}"
#: The same as other formats and careless tools have it: one digit for two, any decimals or none, ``:`` before them.
LOOSE_STAMP = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-5]?[0-9](?:[.,:][0-9]{1,9})?"

#: Times are kept in 32 bits: 596 hours.
LATEST = 2**31 - 1

_PARTS = re.compile(r"(?:([0-9]+):)?([0-9]+):([0-9]+)(?:[.,:]([0-9]+))?")
# What each character of HH:MM:SS.mmm is worth; separators are worth nothing.
_WORTH = np.array([36_000_000, 3_600_000, 0, 600_000, 60_000, 0, 10_000, 1_000, 0, 100, 10, 1], dtype=np.int64)
_ZERO = ord("0") * int(_WORTH.sum())

# The usual line of times, one character for each kind: 9 and 5 are the largest digits, "." is a comma too.
_RANGE = "99:59:59.999 --> 99:59:59.999 "
_LARGEST = np.frombuffer(_RANGE.encode(), dtype=np.uint8)
_ARE_DIGITS = np.array([kind.isdigit() for kind in _RANGE])
_END = _RANGE.rindex(" 9") + 1


def to_ms(stamps: Sequence[str]) -> Int64:
    """Give the clock readings (of the form ``STAMP`` or ``LOOSE_STAMP``) in milliseconds."""
    joined = "".join(stamps)
    if len(joined) != 12 * len(stamps):
        joined = "".join([stamp.rjust(12, "0") for stamp in stamps])
    if len(joined) == 12 * len(stamps):
        codes = np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(-1, 12)
        if _aligned(codes):  # else longer and shorter ones add up to 12 each
            return _values(codes)
    return np.fromiter(map(_one, stamps), dtype=np.int64, count=len(stamps))


def ranges(lines: Sequence[str], otherwise: re.Pattern[str]) -> tuple[Int64, Int64, Bools]:
    """Read lines of two times: starts and ends in ms, and which lines could be read; the others say 0.

    The usual form is read at one go; of any other line the two groups of ``otherwise`` are the times.
    """
    joined = "\n".join([*lines, ""])
    if len(joined) != len(_RANGE) * len(lines):
        joined = "".join([line[:len(_RANGE)].ljust(len(_RANGE)) for line in lines])
    codes = np.frombuffer(joined.encode("latin-1", "replace"), dtype=np.uint8).reshape(-1, len(_RANGE))
    read = _usual(codes)
    starts, ends = (np.where(read, _values(codes[:, at:at + 12]), 0) for at in (0, _END))
    for at in np.flatnonzero(~read).tolist():
        if found := otherwise.match(lines[at]):
            starts[at], ends[at], read[at] = _one(found[1]), _one(found[2]), True
    return starts, ends, read


def _usual(codes: npt.NDArray[np.uint8]) -> Bools:
    """Tell which lines begin with ``HH:MM:SS.mmm --> HH:MM:SS.mmm`` and a blank or their end."""
    digits = codes[:, _ARE_DIGITS]
    inside = ((digits >= ord("0")) & (digits <= _LARGEST[_ARE_DIGITS])).all(axis=1)
    others, expected = codes[:, ~_ARE_DIGITS], _LARGEST[~_ARE_DIGITS]
    same = (others == expected) | ((others == ord(",")) & (expected == ord(".")))
    same[:, -1] |= others[:, -1] == ord("\n")
    return np.asarray(inside & same.all(axis=1))


def _aligned(codes: npt.NDArray[np.uint8]) -> bool:
    """Tell whether all are HH:MM:SS.mmm, or shorter with zeros before them."""
    hours = (codes[:, 2] == ord(":")) | (codes[:, 2] == ord("0"))
    decimals = (codes[:, 8] == ord(".")) | (codes[:, 8] == ord(","))
    return bool((hours & decimals & (codes[:, 5] == ord(":"))).all())


def _values(codes: npt.NDArray[np.uint8]) -> Int64:
    return np.asarray(codes @ _WORTH, dtype=np.int64) - _ZERO


def _one(stamp: str) -> int:
    hours, minutes, seconds, decimals = _PARTS.findall(stamp)[0]
    return (int(hours or 0) * 60 + int(minutes)) * 60_000 + int(seconds) * 1_000 + int(decimals.ljust(3, "0")[:3])
