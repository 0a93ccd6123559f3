"""What does the text read as, without its markup?

Entities become what they stand for, tags go, and every run of blanks becomes one space: ``&nbsp;`` is a blank like
any other.  What people said or marked stays: ``[Music]``, ``>>``, ``[ __ ]``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.clean.times import LATEST
from crosscut.model import Transcript

# A tag never runs over a line's end, nor over another "<": so a lone "<" costs nothing and stays.
_TAG = re.compile(r"</?[A-Za-z][^<>\n\0]*>|</>|<[0-9:.,]{9,13}>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_PIECE = "\0"  # stands before each piece while a text is put together; never part of a text

Numbers = Sequence[int] | npt.NDArray[np.int64]


@lru_cache(maxsize=1024)
def _entity(name: str) -> str:
    """Say what one entity stands for; line ends and the like are blanks."""
    meant = html.unescape(name)
    return " " if meant.isspace() else meant


def strip_tags(text: str) -> str:
    """Take out tags and word times: ``<c>``, ``</c>``, ``<v Ann>``, ``<00:00:01.000>``; line ends stay."""
    return _TAG.sub("", text) if "<" in text else text


def decode(text: str) -> str:
    """Write entities as the characters they stand for, once: ``&amp;lt;`` becomes ``&lt;``."""
    return _ENTITY.sub(lambda found: _entity(found.group()), text) if "&" in text else text


def sound(text: str) -> str:
    """Replace halves of character pairs, which JSON can write and no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def squeeze(text: str) -> str:
    """Make every run of blanks one space; none at the ends."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Give one stretch of text without markup, entities and needless blanks."""
    return squeeze(decode(strip_tags(text.replace(_PIECE, " "))))


def untimed(text: str) -> Transcript:
    """Give the transcript of a text that no time is known for."""
    none = np.empty(0, dtype=np.int32)
    return Transcript(plain(text), none, none, none)


def transcript(pieces: Sequence[str], starts: Numbers, ends: Numbers, *, glue: str = " ",
               word_timed: bool = False) -> tuple[Transcript, str]:
    """Join timed pieces; also say in words what had to be done to their times ("" when nothing had to).

    With ``glue=""`` the pieces bring their own blanks, as words do.  A piece without text loses its time.
    """
    if len(pieces) > 0:
        return _join(pieces, np.asarray(starts, np.int64), np.asarray(ends, np.int64), glue, word_timed)
    return untimed(""), ""


def _join(pieces: Sequence[str], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], glue: str,
          word_timed: bool) -> tuple[Transcript, str]:
    joined = _PIECE.join(pieces)
    if joined.count(_PIECE) >= len(pieces):
        joined = _PIECE.join([piece.replace(_PIECE, " ") for piece in pieces])
    clean = decode(strip_tags(joined)).split(_PIECE)
    clean, kept = _without_blank(clean)
    if not kept:
        return untimed(""), ""
    if len(kept) < len(starts):
        starts, ends = starts[kept], ends[kept]
    parts = _aligned(_PIECE + (glue + _PIECE).join(clean), "".join(clean)).split(_PIECE)
    lengths = np.fromiter(map(len, parts), dtype=np.int32, count=len(parts))
    offsets = np.cumsum(lengths[:-1], dtype=np.int32)
    starts, ends, note = settle(starts, ends)
    anchors = (offsets, starts.astype(np.int32), ends.astype(np.int32))
    return Transcript("".join(parts), *anchors, word_timed=word_timed), note


def _aligned(joined: str, bare: str) -> str:
    """Squeeze blanks, and move a blank at the head of a piece before it: an anchor points at a letter."""
    if not bare.isprintable() or "  " in joined:  # five times as fast as squeezing what is in order
        joined = squeeze(joined)
    if _PIECE + " " in joined:
        joined = joined.replace(_PIECE + " ", " " + _PIECE)
        joined = squeeze(joined) if "  " in joined else joined
    return joined.strip(" ")


def _without_blank(pieces: list[str]) -> tuple[list[str], list[int]]:
    """Drop pieces without text; a blank piece between two words still keeps them apart."""
    kept = [at for at, piece in enumerate(pieces) if piece and not piece.isspace()]
    if len(kept) == len(pieces):
        return pieces, kept
    clean = []
    for at, following in pairwise([*kept, len(pieces)]):
        clean.append(pieces[at] + " " if any(pieces[at + 1:following]) else pieces[at])
    return clean, kept


def settle(starts: npt.NDArray[np.int64],
           ends: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], str]:
    """Hold times that are negative, go back, end before they start or exceed 32 bits; say how many were held."""
    held = np.clip(np.maximum.accumulate(starts), 0, LATEST)
    until = np.clip(np.maximum(ends, held), 0, LATEST)
    moved = int(np.count_nonzero(held != starts))
    return held, until, f"{moved} times went back and were held" if moved else ""
