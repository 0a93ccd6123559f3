"""Which track speaks for a video, and does the video count?

The rule, in order: a track in the video's own language before one in another; then the kind, in the order of
``[selection] kinds``; then word times before cue times; then the version obtained last; then the version's hash (so
that the order of import never decides).  A video counts (``usable``) when its track is speech and it lies inside the
frame; otherwise it is set aside with a reason, and stays visible.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from crosscut.corrections import Corrections
from crosscut.identity import split_key
from crosscut.ledger import Ledger, Version
from crosscut.model import PRECISIONS
from crosscut.settings import Frame, Study

USABLE = "usable"
#: Reasons for which a video is set aside although its words are in the corpus and can be asked for.
SET_ASIDE_BY_KIND = {"summary": "summary, not speech", "translated": "machine translation only",
                     "live": "live captions with lost words"}


@dataclass(slots=True)
class Row:
    """One video: what is believed of it, the version that speaks for it, and whether it counts."""

    video: str
    platform: str
    id: str
    facts: dict[str, Any]
    status: str = USABLE
    version: Version | None = None
    language: str = ""
    kind: str = ""
    flags: list[str] = field(default_factory=list)
    versions: int = 0

    @property
    def wanted(self) -> bool:
        """Whether its words belong into the corpus (counted by default or not)."""
        return self.version is not None and (self.status == USABLE or self.status in SET_ASIDE_BY_KIND.values())


def select(study: Study, ledger: Ledger, corrections: Corrections, as_of: str = "") -> list[Row]:
    """One row a video, sorted by key, as known now or at the end of the day (or the moment) ``as_of``."""
    versions: dict[str, list[Version]] = {}
    for version in ledger.versions(as_of):
        versions.setdefault(version.video, []).append(version)
    buried = ledger.tombstones()
    rows = []
    for video, statements in groupby(ledger.statements(as_of=as_of), key=lambda row: row["video"]):
        if buried and ledger.hash_of(video) in buried:
            continue
        rows.append(_row(study, video, list(statements), versions.get(video, []), corrections.get(video, {})))
    return sorted(rows, key=lambda row: row.video.encode("utf-8", "surrogatepass"))


def _row(
    study: Study, video: str, statements: Iterable[sqlite3.Row], versions: list[Version],
    corrected: Mapping[str, str],
) -> Row:
    facts, flags = _merge(study, statements)
    facts |= {name: value for name, value in corrected.items() if name not in {"kind", "exclude"}}
    facts["outlet"] = study.outlet_key(str(facts["outlet"])) or "unknown"
    flags += ["outlet unknown"] if facts["outlet"] == "unknown" else []
    flags += ["undated"] if not facts.get("published") else []
    platform, id = split_key(video)
    outlet = study.outlets.get(facts["outlet"])
    own = str(facts.get("language", "")) or (outlet.language if outlet else "")
    row = Row(video, platform, id, facts, flags=flags, versions=len(versions))
    if len(versions) > 1:
        versions = [min(versions, key=lambda version: _preference(study, version, own))]
    row.version = versions[0] if versions else None
    if row.version:
        row.language = (row.version.language or own or "und").split("-")[0].lower()
        row.kind = corrected.get("kind", row.version.kind)
    row.status = f"excluded: {corrected['exclude']}" if "exclude" in corrected else _status(study, row)
    return row


def _merge(study: Study, statements: Iterable[sqlite3.Row]) -> tuple[dict[str, Any], list[str]]:
    """What is believed when all sources are heard, least first; and what they disagree on."""
    facts: dict[str, Any] = {}
    outlets: set[str] = set()
    titles: set[str] = set()
    for statement in statements:
        said = {name: value for name, value in json.loads(statement["facts"]).items() if value not in ("", None)}
        if outlet := _outlet(study, said):
            said["outlet"] = outlet
            outlets.add(outlet)
        if "title" in said:
            titles.add(str(said["title"]))
        facts |= said
    facts.setdefault("outlet", "unknown")
    flags = [f"claimed by {', '.join(sorted(outlets))}"] if len(outlets) > 1 else []
    flags += [f"title changed ({len(titles)} titles)"] if len(titles) > 1 else []
    return facts, flags


def _outlet(study: Study, said: Mapping[str, Any]) -> str:
    """The outlet that a source names, by its own word or by a channel that the study file knows."""
    if "outlet" in said:
        return study.outlet_key(str(said["outlet"]))
    channel = study.outlet_key(str(said.get("channel", "")))
    return channel if channel in study.outlets else ""


def _preference(study: Study, version: Version, own_language: str) -> tuple[Any, ...]:
    other_language = bool(own_language and version.language) and version.language[:2] != own_language[:2]
    newest_first = (*(-ord(character) for character in version.obtained), 1)  # 1: what is shorter is not newer
    return (other_language, study.kinds.index(version.kind), not version.word_timed, newest_first, version.version)


def _status(study: Study, row: Row) -> str:
    if row.version is None:
        return "no captions"
    if reason := outside_frame(study.frame, row):
        return reason
    if row.kind in study.speech:
        return USABLE
    return SET_ASIDE_BY_KIND.get(row.kind, f"kind {row.kind} is not counted")


def outside_frame(frame: Frame, row: Row) -> str:
    """Why a video lies outside the declared frame, or ""."""
    day = str(row.facts.get("published", ""))[:10]
    if frame.since or frame.until:
        if not day:
            return "undated"
        if (frame.since and day < frame.since[: len(day)]) or (frame.until and day[: len(frame.until)] > frame.until):
            return "outside the frame's dates"
    for name, allowed, value in (
        ("outlets", frame.outlets, row.facts["outlet"]), ("languages", frame.languages, row.language),
        ("formats", frame.formats, row.facts.get("format", "unknown")),
        ("programmes", frame.programmes, row.facts.get("programme", "")),
    ):
        if allowed and value not in allowed:
            return f"outside the frame's {name}"
    if row.version and row.version.words < frame.min_words:
        return f"fewer than {frame.min_words} words"
    return ""


def precision(published: str) -> str:
    """How precisely a date is known: second, day, month or unknown."""
    return {0: PRECISIONS[3], 7: PRECISIONS[2], 10: PRECISIONS[1]}.get(len(published), PRECISIONS[0])


def zone_known(published: str) -> bool:
    """Whether a moment says its time zone."""
    return len(published) > 10 and (published.endswith("Z") or published[-6:-5] in {"+", "-"})
