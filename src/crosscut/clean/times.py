"""How many milliseconds is that?  Clock readings of caption files, a whole file at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]

#: A WebVTT clock reading: hours are optional; a comma is SubRip's habit and is let through.
STAMP = r"(?:[0-9]{2,4}:)?[0-5][0-9]:[0-5][0-9][.,][0-9]{3}"

#: Times are kept in 32 bits: 596 hours.
LATEST = 2**31 - 1

_COLON = ord(":")
# What each character of HH:MM:SS.mmm is worth; separators are worth nothing.
_WORTH = np.array([36_000_000, 3_600_000, 0, 600_000, 60_000, 0, 10_000, 1_000, 0, 100, 10, 1], dtype=np.int64)
_ZERO = ord("0") * int(_WORTH.sum())


def to_ms(stamps: Sequence[str]) -> Int64:
    """Give the clock readings (all of the form ``STAMP``) in milliseconds."""
    joined = "".join(stamps).encode("ascii")
    if len(joined) == 12 * len(stamps):
        codes = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 12)
        if (codes[:, [2, 5]] == _COLON).all():  # else longer and shorter ones add up to 12 each
            return np.asarray(codes @ _WORTH, dtype=np.int64) - _ZERO
    return np.fromiter(map(_one, stamps), dtype=np.int64, count=len(stamps))


def _one(stamp: str) -> int:
    hours, _, rest = stamp.rpartition(":")[0].rpartition(":")
    seconds = stamp.rpartition(":")[2].replace(",", ".")
    return (int(hours or 0) * 60 + int(rest)) * 60_000 + int(seconds[:2]) * 1_000 + int(seconds[3:])
