"""What publishers write about their videos: titles and descriptions without what they write under most of them.

Titles stand in the catalog.  Descriptions are statements in the ledger: of several the one that is believed counts, the
higher rank, then the later (``ledger.statements``).  A line or a sentence that an outlet repeats under many videos
(subscribe, follow us, about the channel) is no description of any of them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.ledger import Ledger
from crosscut.store.catalog import Catalog

Ints = npt.NDArray[np.int64]

#: What stands under so many videos of an outlet, and under such a share of those that have something, is repeated.
REPEATED, SHARE = 3, 0.02
#: A publisher's list of chapters has so many entries at least, the first of them at the beginning.
_FEWEST_CHAPTERS = 3
_CLOCK = re.compile(r"^\W{0,3}((?:\d{1,2}:)?\d{1,2}:\d\d)\W{1,4}(.+)$")
# Each begins where blanks or words begin, and at no later place in them: else hostile texts take the square of their length.
_PARTS = re.compile(r"(?<!\s)\s+[|–—\-•]\s+|(?:(?<!\s)\s+)?\|\s*")
_SENTENCES = re.compile(r"[\r\n]+|(?<=[.!?…])\s+")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S+@\S+|[#@]\w+")
_BLANK = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Chapter:
    """Where a chapter begins, in seconds, and what it is called."""

    second: int
    title: str


def descriptions(ledger: Ledger, as_of: str = "") -> dict[str, str]:
    """The description that is believed of each video that has one."""
    found = {}
    for row in ledger.statements(as_of):
        if '"description"' in row["facts"] and (text := json.loads(row["facts"]).get("description")):
            found[row["video"]] = str(text)
    return found


def chapters(description: str) -> list[Chapter]:
    """The chapters that a description lists, as YouTube reads them: three or more, in order, the first at 0:00."""
    lines = filter(None, map(_CLOCK.match, description.splitlines()))
    found = [Chapter(_seconds(line[1]), line[2].strip()) for line in lines]
    times = [chapter.second for chapter in found]
    in_order = len(found) >= _FEWEST_CHAPTERS and times[0] == 0 and times == sorted(set(times))
    return found if in_order else []


def _seconds(clock: str) -> int:
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return total


def own_titles(titles: Sequence[str], outlets: Sequence[str]) -> list[str]:
    """Titles without the parts (between bars and dashes) that an outlet repeats: its name, its programmes."""
    found = _own([_PARTS.split(title) for title in titles], outlets, " ")
    return [title if _BLANK.sub("", own) == _BLANK.sub("", title) else own for own, title in zip(found, titles, strict=True)]


def own_descriptions(texts: Sequence[str], outlets: Sequence[str]) -> list[str]:
    """Descriptions without addresses and without the lines and sentences that an outlet repeats."""
    return _own([_SENTENCES.split(_ADDRESS.sub(" ", text)) for text in texts], outlets, "\n")


def _own(parts: Sequence[Sequence[str]], outlets: Sequence[str], between: str) -> list[str]:
    """What is left of each text without the parts that its outlet repeats."""
    videos = Counter(outlet for outlet, mine in zip(outlets, parts, strict=True) if any(mine))
    seen = Counter((outlet, part) for outlet, mine in zip(outlets, parts, strict=True) for part in _plain(mine).values())
    found = []
    for outlet, mine in zip(outlets, parts, strict=True):
        plain, many = _plain(mine), max(REPEATED, SHARE * videos[outlet])
        found.append(between.join(part for part in mine if part in plain and seen[outlet, plain[part]] < many))
    return found


def _plain(parts: Iterable[str]) -> Mapping[str, str]:
    """Each part that says something, without marks, blanks and capitals: how it is compared."""
    plain = {part: _BLANK.sub(" ", part.casefold()).strip() for part in parts}
    return {part: text for part, text in plain.items() if text}


@dataclass(frozen=True, slots=True)
class Texts:
    """Titles and descriptions of some videos, by ordinal, without what outlets repeat; chapters by the video's key."""

    titles: Mapping[int, str]
    descriptions: Mapping[int, str]
    chapters: Mapping[str, Sequence[Chapter]]

    @classmethod
    def of(cls, catalog: Catalog, ledger: Ledger, videos: Ints) -> Texts:
        """What catalog and ledger say."""
        places, outlets, given = videos.tolist(), catalog.values("outlet", videos), descriptions(ledger)
        written = [given.get(catalog.video[video], "") for video in places]
        listed = {catalog.video[video]: chapters(text) for video, text in zip(places, written, strict=True) if text}
        return cls(
            dict(zip(places, own_titles(catalog.values("title", videos), outlets), strict=True)),
            dict(zip(places, own_descriptions(written, outlets), strict=True)),
            {key: found for key, found in listed.items() if found})
