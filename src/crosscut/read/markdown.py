"""Text with a header between ``---`` lines, as a mapping describes it.

The header is not YAML, though it looks like it: values are not quoted, run over several lines and hold whatever a
description holds, lines with colons too.  So a key counts only where the mapping names it, and only once.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from crosscut.clean.text import transcript, untimed
from crosscut.clean.times import Int64
from crosscut.errors import UnreadableFile
from crosscut.model import Record, Transcript
from crosscut.read.columns import facts_of, with_track
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, text_of
from crosscut.read.file import File
from crosscut.read.mapping import Mapping

#: So many lines below the header are searched for titles and the like.
_TOP = 20
#: So many lines are searched for a first segment when a file is to be recognised.
_ENOUGH = 100

Pairs = list[tuple[str, str]]


def matches(mapping: Mapping, file: File) -> bool:
    """Tell whether the head of the file has what the mapping requires."""
    text = head(file)
    pairs, body = _parted(mapping, text.replace("\r\n", "\n") if "\r" in text else text)
    keys = {key for key, _ in pairs}
    if not mapping.requires:
        return not keys.isdisjoint(mapping.fields.values())
    lines = body.split("\n", _ENOUGH)[:_ENOUGH]
    return all(name in keys or _found(mapping, name, lines) for name in mapping.requires)


def _found(mapping: Mapping, name: str, lines: list[str]) -> bool:
    pattern = mapping.patterns.get(name)
    return pattern is not None and any(pattern.search(line) is not None for line in lines if line)


def read(mapping: Mapping, file: File) -> Record:
    """Give the one record of the file."""
    pairs, body = _parted(mapping, text_of(file))
    lines = body.split("\n", _TOP)
    found, used = _top(mapping, [line.strip() for line in lines[:_TOP]])
    known = {path: fact for fact, path in mapping.fields.items()}
    for key, value in pairs:
        if key in known:
            # Only a description has more than one line; what follows another is a key that nobody named.
            found[known[key]] = value if known[key] == "description" else value.partition("\n")[0]
    facts = facts_of(mapping, file.name, found)
    extra = tuple((key, value) for key, value in pairs if key not in known)
    bare = Record(file.data, facts, extra=extra)
    if mapping.role == "listing":
        return bare
    if "segment" in mapping.patterns:
        return with_track(mapping, bare, *_segments(mapping, body, int(facts.get("duration_ms", 0))))
    text = "\n".join(line for at, line in enumerate(lines) if at not in used)
    return with_track(mapping, bare, untimed(text), "")


def _parted(mapping: Mapping, text: str) -> tuple[Pairs, str]:
    """Part a text into the keys of its header and the body."""
    text = text.lstrip("\ufeff")
    end = text.find("\n---\n", 3) if text.startswith("---\n") else -1
    if end < 0:
        return [], text
    return _header(text[4:end].split("\n"), {*mapping.fields.values(), *mapping.header}), text[end + 5:]


def _header(lines: Iterable[str], names: set[str]) -> Pairs:
    """Read ``Key: value`` lines; lines without a key that is named continue the value before."""
    values: dict[str, list[str]] = {}
    current = None
    for line in lines:
        key, mark, value = line.partition(":")
        if mark and key not in values and (key in names or current is None):
            current = key if key in names else None
            values[key] = [value]
        elif current is not None:
            values[current].append(line)
    return [(key, "\n".join(value).strip()) for key, value in values.items()]


def _top(mapping: Mapping, lines: list[str]) -> tuple[dict[str, object], set[int]]:
    """Search the top lines with each pattern; also give the numbers of the lines where one was found."""
    found: dict[str, object] = {}
    used = set()
    for name, pattern in mapping.patterns.items():
        if name in ("path", "segment"):
            continue
        for at, line in enumerate(lines):
            if (groups := pattern.search(line)) is not None:
                found |= groups
                used.add(at)
                break
    return found, used


def _segments(mapping: Mapping, body: str, duration: int) -> tuple[Transcript, str]:
    """Join the lines of speech."""
    texts, times = mapping.patterns["segment"].segments(body.encode().split(b"\n"))
    if not texts:
        raise UnreadableFile("no text", "no line is a segment")
    pieces = b"\n".join(texts).decode(errors="replace").split("\n")
    if not any(times):
        return untimed("\n".join(pieces)), ""
    starts = _starts(times, mapping.unit)
    return transcript(pieces, starts, np.append(starts[1:], max(duration, int(starts[-1]))))


def _starts(times: list[bytes], unit: str) -> Int64:
    try:
        seconds = np.fromiter(map(float, times), dtype=np.float64, count=len(times))
    except ValueError:
        read_one = (milliseconds(time.decode(errors="replace"), unit) for time in times)
        return np.fromiter((0 if time is None else time for time in read_one), dtype=np.int64, count=len(times))
    factor = 1 if unit == "ms" else 1_000
    # 2**53 ms: beyond that a float has no whole milliseconds.
    return np.asarray(np.rint(np.clip(np.nan_to_num(seconds) * factor, 0, 2**53)), dtype=np.int64)
