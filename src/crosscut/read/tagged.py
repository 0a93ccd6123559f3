"""Tagged text: the form that the project started from.

    <video_id>…</video_id>
    <video_title>…</video_title>
    <publish_date>20240704</publish_date>

    <doc>
    the words, on one line or several
    </doc>

It looks like XML and is not: nothing is escaped (``&``, quotes, ``\\``), there is no root, a tag more or less is
normal, and a value may run over several lines.  A file may hold several records.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from crosscut.clean.text import untimed
from crosscut.errors import UnreadableFile
from crosscut.identity import OUTLET_FOLDER
from crosscut.model import Record, Track
from crosscut.read.dates import published
from crosscut.read.decode import head, mentions, text_of, utf8_of
from crosscut.read.file import File
from crosscut.read.names import base, is_youtube_id

NAME = "tagged text"
ROLE = "captions"

_OPENING = re.compile(r"<([A-Za-z_][A-Za-z0-9_.-]{0,63})>")

Extra = tuple[tuple[str, str], ...]


def recognise(file: File) -> bool:
    """Tell by the first tag and a line ``<doc>``."""
    first = head(file).lstrip("\ufeff \t\r\n")
    found = _OPENING.match(first)
    return found is not None and (found[1] == "doc" or mentions(file, "\n<doc>"))


def read(file: File) -> Iterator[Record]:
    """Give a record for each ``<doc>``; the slices of a file together are the file."""
    slices = _slices(utf8_of(file))
    for number, raw in enumerate(slices, 1):
        locator = f"record {number}" if len(slices) > 1 else ""
        try:
            yield _record(raw, locator)
        except UnreadableFile as problem:
            yield Record(raw, locator=locator, reason=problem.reason)


def _slices(data: bytes) -> list[bytes]:
    """Cut after each ``</doc>`` with its line end and blank lines, and where a record starts although none closed."""
    lines = data.splitlines(keepends=True)
    first = next((line[:line.index(b">") + 1] for line in lines if line.startswith(b"<") and b">" in line), b"<doc>")
    cuts, inside, closed = [0], False, False
    for at, line in enumerate(lines):
        bare = line.strip()
        if at > cuts[-1] and ((closed and bare) or (inside and first != b"<doc>" and line.startswith(first))):
            cuts.append(at)
            inside = closed = False
        inside = inside or bare == b"<doc>"
        closed = closed or bare == b"</doc>"
    return [b"".join(lines[start:end]) for start, end in zip(cuts, [*cuts[1:], len(lines)], strict=True)]


def _record(raw: bytes, locator: str) -> Record:
    extra, text, evidence = parts(text_of(File("", raw)))
    transcript = untimed(text)
    facts = _facts(dict(reversed(extra)))
    if not transcript.text:
        return Record(raw, facts, (), locator, extra, reason="no text")
    track = Track(transcript, "record", str(facts.get("language", "")), evidence="; ".join(evidence))
    return Record(raw, facts, (track,), locator, extra)


def parts(text: str) -> tuple[Extra, str, list[str]]:
    """Part one record into its header tags, its text as it stands, and what was odd about it."""
    above, mark, below = ("\n" + text.lstrip("\ufeff")).partition("\n<doc>")
    lines = below.split("\n")
    closing = next((at for at, line in enumerate(lines) if line.strip() == "</doc>"), len(lines))
    odd = ["tagged text"]
    if not mark:
        odd.append("no <doc>")
    elif closing == len(lines):
        odd.append("no </doc> at the end")
        lines = below.rstrip("\n").split("\n")
    extra, loose = _header(above.split("\n"))
    odd += [f"{loose} lines of the header are in no tag"] if loose else []
    body = lines[1:closing] if not lines[0].strip() else lines[:closing]
    return extra, "\n".join(body), odd


def _header(lines: Sequence[str]) -> tuple[Extra, int]:
    """Read the tags, in order; also count the lines that stand in none."""
    closings = defaultdict(list)  # for each tag the lines that end with its closing tag: no second look for any
    for at, line in enumerate(lines):
        if line.endswith(">") and (start := line.rfind("</")) >= 0:
            closings[line[start + 2:-1]].append(at)
    tags, loose, at = [], 0, 0
    while at < len(lines):
        found = _OPENING.match(lines[at])
        if found is None:
            loose += bool(lines[at].strip())
            at += 1
            continue
        name, until = found[1], closings[found[1]]
        nearest = bisect_left(until, at)
        last = until[nearest] if nearest < len(until) else at  # never closed: the value is the rest of its line
        value = "\n".join(lines[at:last + 1])[len(name) + 2:]
        tags.append((name, value.removesuffix(f"</{name}>")))
        at = last + 1
    return tuple(tags), loose


def _facts(tags: dict[str, str]) -> dict[str, str | int]:
    facts: dict[str, str | int] = {}
    identity = tags.get("video_id", "").strip()
    if is_youtube_id(identity):
        facts["platform"] = "youtube"
    path = tags.get("thumbnail_path", "").strip()
    outlet = next(filter(None, map(OUTLET_FOLDER.fullmatch, path.replace("\\", "/").split("/")[:-1])), None)
    if outlet:
        facts |= {"outlet": outlet[0], "language": outlet[1]}
    said = {
        "id": identity, "title": tags.get("video_title", "").strip(), "thumbnail": base(path),
        "published": published(tags.get("publish_date", "").strip()).text,
        "description": tags.get("description", "").strip(),
    }
    return facts | {fact: value for fact, value in said.items() if value}


def write(extra: Extra, text: str) -> str:
    """Write a record as the pipeline of origin did: tags, an empty line, the text, no final line end."""
    header = "".join(f"<{tag}>{value}</{tag}>\n" for tag, value in extra)
    return f"{header}\n<doc>\n{text}\n</doc>"
