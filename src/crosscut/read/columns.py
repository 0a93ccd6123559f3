"""What do the columns of a mapped record say?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from crosscut.clean import loops, rolling
from crosscut.clean.text import plain, sound, transcript, untimed
from crosscut.errors import UnreadableFile
from crosscut.identity import youtube_id
from crosscut.model import Record, Track, Transcript
from crosscut.read.dates import milliseconds, published
from crosscut.read.mapping import TOLD, Mapping
from crosscut.read.names import is_youtube_id
from crosscut.read.rows import Row

Facts = dict[str, str | int]


#: What no screen showed does not roll: a recogniser's loop is a repeat of another kind, and stays.
_NEVER_ROLL = ("asr", "transcript", "record", "summary")


class _Missing:
    """There is nothing at this place, not even null."""


MISSING = _Missing()


def at(value: object, path: str) -> object:
    """Give what stands at a path: ``a.b.0.c``; ``a.*.b`` gives the ``b`` of all, lists of lists as one."""
    if isinstance(value, dict) and path in value:
        return value[path]
    part, _, rest = path.partition(".")
    if part == "*" and isinstance(value, list):
        return [one for item in value for one in _listed(at(item, rest) if rest else item)]
    inner: object = MISSING
    if isinstance(value, dict):
        inner = value.get(part, MISSING)
    elif isinstance(value, list) and part.isdecimal() and len(part) < 9 and int(part) < len(value):
        inner = value[int(part)]
    return at(inner, rest) if rest and inner is not MISSING else inner


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is MISSING else [value]


def told(value: object) -> str:
    """Write a value as text; nothing for null, for what is not there and for what has an inner structure."""
    if isinstance(value, list):
        return " ".join(filter(None, map(_one, value)))
    return _one(value)


def _one(value: object) -> str:
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else ""


def facts_of(mapping: Mapping, name: str, found: dict[str, object]) -> Facts:
    """Put together what constants, the file's path and the file itself say; the file itself has the last word."""
    said: dict[str, object] = dict(mapping.constants)
    if path := mapping.patterns.get("path"):
        said |= {fact: text for fact, text in (path.search(name.replace("\\", "/")) or {}).items() if text}
    said |= {fact: value for fact, value in found.items() if fact in TOLD and told(value).strip()}
    length = milliseconds(said.pop("duration", None), mapping.unit)
    facts: Facts = {fact: told(value).strip() for fact, value in said.items()}
    for moment in facts.keys() & {"published", "obtained"}:
        facts[moment] = published(str(facts[moment])).text
    if length is not None and length > 0:
        facts["duration_ms"] = length
    identity = youtube_id(str(facts.get("url", "")))
    if identity and facts.get("id", identity) == identity:
        facts |= {"platform": "youtube", "id": identity}
    elif str(facts.get("platform", "")).casefold() == "youtube" and not is_youtube_id(str(facts.get("id", ""))):
        facts.pop("platform")
    return {fact: value for fact, value in facts.items() if value}


def record(mapping: Mapping, row: Row, name: str) -> Record:
    """Make a record of a row."""
    if row.reason:
        return Record(row.raw, {}, (), row.locator, reason=row.reason)
    found = {fact: at(row.value, path) for fact, path in mapping.fields.items()}
    facts = facts_of(mapping, name, found)
    used = {path.partition(".")[0] for path in mapping.fields.values()} | set(mapping.fields.values())
    extra = tuple((sound(key), text) for key, value in row.value.items() if key not in used and (text := told(value)))
    if mapping.role == "listing":
        return Record(row.raw, facts, (), row.locator, extra)
    try:
        heard, note = _heard(mapping, found)
    except UnreadableFile as problem:
        return Record(row.raw, facts, (), row.locator, extra, reason=problem.reason)
    return with_track(mapping, Record(row.raw, facts, (), row.locator, extra), heard, note)


def with_track(mapping: Mapping, bare: Record, heard: Transcript, note: str) -> Record:
    """Give the record with its track, or with the reason why it has none."""
    if not heard.text:
        return Record(bare.raw, bare.facts, (), bare.locator, bare.extra, reason="no text")
    odd = loops.in_transcript(heard) if mapping.kind == "asr" else []
    evidence = "; ".join(filter(None, (f"said by mapping {mapping.name}", note, *odd)))
    track = Track(heard, mapping.kind, str(bare.facts.get("language", "")), evidence=evidence)
    return Record(bare.raw, bare.facts, (track,), bare.locator, bare.extra)


def _heard(mapping: Mapping, found: dict[str, object]) -> tuple[Transcript, str]:
    listed = found.get("segments", MISSING)
    if isinstance(listed, list) and listed:
        return _joined(mapping, listed)
    return untimed(told(found.get("text", MISSING))), ""


def _joined(mapping: Mapping, listed: list[object]) -> tuple[Transcript, str]:
    """Join the pieces, roll-up repeats taken out."""
    keys = mapping.segment
    texts = [_lines(told(at(piece, keys["text"]) if isinstance(piece, dict) else piece)) for piece in listed]
    starts = _times(mapping, listed, "start")
    if all(start is None for start in starts):
        return untimed("\n".join(texts)), ""
    lasting = _times(mapping, listed, "duration")
    said = [end if end is not None else start + length if start is not None and length is not None else None
            for start, end, length in zip(starts, _times(mapping, listed, "end"), lasting, strict=True)]
    begun = _filled(starts)
    ends = [end if end is not None else following
            for end, following in zip(said, [*begun[1:], begun[-1]], strict=True)]
    lengths = [end - start for start, end in zip(begun, ends, strict=True)]
    single = None if mapping.kind in _NEVER_ROLL else rolling.unroll(texts, lengths)
    heard, note = transcript(single or texts, np.array(begun), np.array(ends))
    rolled = f"roll-up repeats taken out of {len(texts)} pieces" if single else ""
    return heard, "; ".join(filter(None, (rolled, note)))


def _lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n"))) if "\n" in text else plain(text)


def _times(mapping: Mapping, listed: Iterable[object], key: str) -> list[int | None]:
    path = mapping.segment.get(key, "")
    if not path:
        return [None for _ in listed]
    return [milliseconds(at(piece, path), mapping.unit) for piece in listed]


def _filled(starts: list[int | None]) -> list[int]:
    """A piece without a time starts with the one before."""
    before = 0
    return [before := before if start is None else start for start in starts]


def has(value: object, paths: Iterable[str]) -> bool:
    """Tell whether something stands at each of the paths."""
    return all(at(value, path) is not MISSING for path in paths)


