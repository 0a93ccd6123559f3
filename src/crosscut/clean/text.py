"""What does the text read as, without its markup?

Entities become what they stand for, tags go, and every run of blanks becomes one space: ``&nbsp;`` is a blank like
any other.  What people said or marked stays: ``[Music]``, ``>>``, ``[ __ ]``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crosscut.clean.times import LATEST
from crosscut.errors import UnreadableFile
from crosscut.model import Transcript

# A tag never runs over a line's end, nor over another "<": so a lone "<" costs nothing and stays.
_TAG = re.compile(r"</?[A-Za-z][^<>\n\0]*>|</>|<[0-9:.,]{9,13}>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_RUN = re.compile("[\0 ]{2,}")
#: Stands before each timed piece while a text is put together; never part of a text.
MARK = "\0"
#: More is not the speech of one video (it is 300 hours of it); cutting so much into tokens takes 0.6 GB of memory.
LONGEST = 16_000_000
TOO_LONG = f"text of more than {LONGEST // 1_000_000} million characters"

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
    """Replace halves of character pairs and NULs, which JSON can write; files or data bases cannot hold them."""
    text = text.replace("\0", " ")
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
    return squeeze(decode(strip_tags(text.replace(MARK, " "))))


def untimed(text: str) -> Transcript:
    """Give the transcript of a text that no time is known for; raises ``UnreadableFile`` where it is endless."""
    _check(text)
    none = np.empty(0, dtype=np.int32)
    return Transcript(plain(text), none, none, none)


def transcript(pieces: Sequence[str], starts: Numbers, ends: Numbers, *, glue: str = " ",
               word_timed: bool = False) -> tuple[Transcript, str]:
    """Join timed pieces; also say in words what had to be done to their times ("" when nothing had to).

    With ``glue=""`` the pieces bring their own blanks, as words do.  A piece without text loses its time.
    """
    joined = MARK.join(pieces)
    if joined.count(MARK) >= len(pieces):
        joined = MARK.join([piece.replace(MARK, " ") for piece in pieces])
    clean = decode(strip_tags(joined))
    marked = MARK + (clean.replace(MARK, glue + MARK) if glue else clean) if len(pieces) > 0 else ""
    return anchored(marked, np.asarray(starts, np.int64), np.asarray(ends, np.int64), word_timed=word_timed)


def anchored(marked: str, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], *,
             word_timed: bool) -> tuple[Transcript, str]:
    """Do the same for text without markup that has a ``MARK`` before each timed piece."""
    _check(marked)
    joined = _aligned(marked)
    marks = np.flatnonzero(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32) == 0)
    kept = np.flatnonzero(np.diff(marks, append=len(joined)) > 1)
    if not len(kept):
        return untimed(""), ""
    held, until, note = settle(starts[kept], ends[kept])
    anchors = ((marks[kept] - kept).astype(np.int32), held.astype(np.int32), until.astype(np.int32))
    return Transcript(joined.replace(MARK, ""), *anchors, word_timed=word_timed), note


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise UnreadableFile(TOO_LONG)


def _aligned(marked: str) -> str:
    """Squeeze blanks, and move a blank at the head of a piece before it: an anchor points at a letter."""
    if "  " in marked or not marked.replace(MARK, "").isprintable():  # five times as fast as squeezing what is in order
        marked = squeeze(marked)
    if MARK + " " in marked:
        marked = marked.replace(MARK + " ", " " + MARK)
    if MARK + " " in marked or "  " in marked:  # pieces without text, or with blanks at both ends
        marked = _RUN.sub(lambda run: " " * (" " in run.group()) + MARK * run.group().count(MARK), marked)
    return marked.strip(" ").rstrip(MARK + " ")


def settle(starts: npt.NDArray[np.int64],
           ends: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], str]:
    """Hold times that are negative, go back, end before they start or exceed 32 bits; say how many were held."""
    held = np.clip(np.maximum.accumulate(starts), 0, LATEST)
    until = np.clip(np.maximum(ends, held), 0, LATEST)
    moved = int(np.count_nonzero(held != starts))
    return held, until, f"{moved} times went back and were held" if moved else ""
