"""Pages of the Internet Archive's TV News: one show, its closed captions cut into snippets of a minute.

A page holds much else, and is a stranger's HTML: it is not parsed.  Each snippet stands between fixed marks, and the
address before it says from which second to which; what lies between marks is looked at once.  Minutes without a snippet,
or with an empty one, are advertisements, or captions that the Archive does not show; the evidence counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from crosscut.clean.text import decode, plain, transcript
from crosscut.errors import UnreadableFile
from crosscut.model import Record, Track
from crosscut.read.decode import head, mentions, text_of
from crosscut.read.file import File
from crosscut.read.names import archive_name

NAME = "TV News page"
ROLE = "captions"

_SNIPPET = 'class="snipin'
_PERIOD = re.compile(r"/start/([0-9]{1,6})/end/([0-9]{1,6})")
_IDENTITY = re.compile(r"archive\.org/(?:details|embed|services/img)/([A-Za-z0-9][A-Za-z0-9_.-]{0,199})")
_CANONICAL = re.compile(r'rel="canonical" href="(https://archive\.org/details/([A-Za-z0-9][A-Za-z0-9_.-]{0,199}))"')
_SAID = re.compile(r'<meta[ \n]+property="([a-z:]{1,40})"[ \n]+content="([^"]{1,4000})"')
_TITLE_END = re.compile(r" : Free [^:]{1,60} : Internet Archive$")
_MINUTE = 60_000


def recognise(file: File) -> bool:
    """Tell HTML of the Archive with snippets in it."""
    first = head(file)
    return (first.lstrip("\ufeff \t\r\n")[:1] == "<" and _IDENTITY.search(first) is not None
            and mentions(file, _SNIPPET) and mentions(file, "/start/"))


def read(file: File) -> Iterator[Record]:
    """Give the one track of the page."""
    text = text_of(file)
    facts = _facts(text, file.name)
    above, *parts = text.split(_SNIPPET)
    pieces, starts, ends = [], [], []
    for part in parts:
        period = _last_period(above)
        above = part
        if period is None:
            continue
        pieces.append(_inside(part))
        starts.append(period[0])
        ends.append(period[1])
    if not pieces:
        raise UnreadableFile("no captions", "no snippet says its time")
    heard, note = transcript(pieces, starts, ends)
    if not heard.text:
        yield Record(file.data, facts, reason="no text")
        return
    filled = sum(end - start for piece, start, end in zip(pieces, starts, ends, strict=True) if plain(piece))
    length = max(int(facts.get("duration_ms", 0)), *ends)
    covered = f"captions in {round(filled / _MINUTE)} of {round(length / _MINUTE)} minutes"
    evidence = "; ".join(filter(None, ("closed captions of a broadcast, by the minute", covered, note)))
    yield Record(file.data, facts, (Track(heard, "live", evidence=evidence),))


def _last_period(above: str) -> tuple[int, int] | None:
    """Give the ms of the last address of a period before a snippet; it stands within the last lines."""
    at = above.rfind("/start/")
    found = _PERIOD.match(above, at) if at >= 0 else None
    return (int(found[1]) * 1_000, int(found[2]) * 1_000) if found else None


def _inside(part: str) -> str:
    """Give what stands between the end of the tag and the end of the element."""
    begin = part.find(">") + 1
    stop = part.find("</div", begin)
    return part[begin:stop] if begin and stop >= 0 else ""


def _facts(text: str, name: str) -> dict[str, str | int]:
    said = {name: " ".join(decode(value).split()) for name, value in _SAID.findall(text)}
    linked = (found[1] for found in _IDENTITY.finditer(text))  # the show itself stands before those around it
    facts = next(filter(None, map(archive_name, chain(linked, [name]))), {})
    if not facts and (canonical := _CANONICAL.search(text)):
        facts = {"platform": "archive.org", "id": canonical[2], "url": canonical[1]}
    length = said.get("video:duration", "")
    facts |= {"title": _TITLE_END.sub("", said.get("og:title", "")), "description": said.get("og:description", "")}
    facts |= {"duration_ms": int(length) * 1_000} if re.fullmatch("[0-9]{1,6}", length) else {}
    return {fact: value for fact, value in facts.items() if value}
