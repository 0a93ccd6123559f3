"""When is each word of a line heard?  Word times of automatic captions.

YouTube writes ``says<00:00:00.280><c> there's</c><00:00:00.520><c> been</c>``: the first word starts with its line,
each other one at the time before it.  The blank stands inside the tag, before the word; in machine translations it
stands after it, and the times are evenly spread rather than heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from crosscut.clean.text import MARK, anchored, decode, strip_tags
from crosscut.clean.times import STAMP, Int64, to_ms
from crosscut.model import Transcript

# YouTube's plain tag goes with its time: replacing it apart would take a third longer.
_WORD_TIME = re.compile(f"<({STAMP})>(?:<c>)?")


def marked(lines: Sequence[str], stamp: re.Pattern[str] = _WORD_TIME) -> tuple[list[str], Int64]:
    """Give lines without markup but with a ``MARK`` at each word time, and these times of all lines in ms.

    The one group of ``stamp`` is a clock reading.
    """
    if len(lines) == 0:
        return [], to_ms([])
    parts = stamp.split("\n".join(lines).replace("</c>", ""))
    return decode(strip_tags(MARK.join(parts[::2]))).split("\n"), to_ms(parts[1::2])


def words(lines: Sequence[str], times: Int64, starts: Int64, ends: Int64) -> tuple[Transcript, str]:
    """Give the words of marked lines with their ``times``; ``starts`` and ``ends`` are those of the lines."""
    sizes = np.fromiter([line.count(MARK) + 1 for line in lines], np.int64, len(lines))
    first = np.zeros(len(lines) + len(times), dtype=np.bool_)
    first[np.cumsum(sizes) - sizes] = True
    began = np.empty(len(first), dtype=np.int64)
    began[first], began[~first] = starts, times
    # A word ends where the next one of its line starts, the last one with the line.
    until, last = np.roll(began, -1), np.roll(first, -1)
    until[last] = ends
    return anchored("".join([f" {MARK}{line}" for line in lines]), began, until, word_timed=True)


def translated(text: str) -> bool:
    """Tell whether word tags hold the blank after the word, as only machine translations do."""
    # A 2018 colour tag closes on a line of one blank; that is no word.
    after = text.count(" </c>") - text.count("\n </c>")
    return after > text.count("<c> ")
