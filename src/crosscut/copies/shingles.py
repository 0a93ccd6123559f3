"""k words in a row as one number, which of them are looked at, and loops that a recogniser wrote.

All shingles are looked at.  ``EVERY`` could thin them out, to those whose number is 0 modulo it: the same choice in every
video whatever stands around (Broder 1997), where winnowing (Schleimer, Wilkerson & Aiken 2003) chooses by neighbours,
which differ where words were misheard, and loses seeds by it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crosscut.copies.found import Bools, Ints

Hashes = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int32]

#: Words of a shingle.  Of passages of 30 words with 15 % and 20 % of the words misheard on either side 97 % and 76 % are
#: found with 4, 89 % and 69 % with 5; with 3 not more of the first and some of the second, for more time.
WORDS = 4
#: One of how many is looked at.  2 saves a sixth of the time and half of the index, and finds 77 % and 65 % of the same.
EVERY = 1
#: A phrase of up to so many words said three times in a row or more is said once; a single word from its fourth time.
LOOP = 20

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / the golden ratio: spreads successive codes (Knuth 1998, 6.4)
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))  # the finaliser of MurmurHash3
_HALF, _TOP = np.uint64(33), np.uint64(32)


def shingles(words: Codes, bounds: Ints) -> tuple[Ints, Hashes]:
    """Places of the shingles kept, ascending, and their numbers (32 bits); none crosses one of ``bounds`` (0 … words)."""
    many = len(words) - WORDS + 1
    if many <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    wide = words.astype(np.uint64)
    value = np.zeros(many, np.uint64)
    for step in range(WORDS):
        value = _mixed(value * _FACTOR + wide[step : step + many] + np.uint64(1))
    inside = np.ones(many, np.bool_)
    for back in range(1, WORDS):
        crossing = bounds[1:-1] - back
        inside[crossing[(crossing >= 0) & (crossing < many)]] = False
    places = np.flatnonzero(inside & (value % np.uint64(EVERY) == 0))
    return places, value[places] >> _TOP


def _mixed(value: Hashes) -> Hashes:
    for factor in _MIX:
        value = (value ^ (value >> _HALF)) * factor
    return value ^ (value >> _HALF)


def looped(words: Codes, bounds: Ints) -> Bools:
    """Which words only say a phrase of up to ``LOOP`` words again that was said directly before, three times or more.

    The first time of each loop stays, so that what is left reads on: *we will win we will win we will win today* → *we will
    win today*.
    """
    again = np.zeros(len(words), np.bool_)
    video = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    for period in range(1, LOOP + 1):
        same = np.zeros(len(words) + 2, np.int8)
        same[period + 1 : -1] = (words[period:] == words[:-period]) & (video[period:] == video[:-period])
        steps = np.diff(same)
        starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
        long = ends - starts >= max(2 * period, 3)
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
            again[start:end] = True
    return again
