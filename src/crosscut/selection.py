"""Which track speaks for a video, and does the video count?

The rule, in order: a track in the video's own language before one in another; then words before the debris of a live
feed; then the kind, in the order of ``[selection] kinds``; then word times before cue times; then the version obtained
last; then the version's hash (so that the order of import never decides).  A video counts (``usable``) when its track is
speech and it lies inside the frame; otherwise it is set aside with a reason, and stays visible.

A track's language is what its words read as, where that is certain; else what it claims.  A person's word wins over both.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from crosscut.corrections import Corrections
from crosscut.errors import StudyError
from crosscut.identity import split_key
from crosscut.ledger import Ledger, Version
from crosscut.model import CERTAIN, LOST, PRECISIONS, REPEATED, USABLE
from crosscut.settings import Frame, Study

#: Changes whenever the same ledger, study file and corrections could give other rows: part of the recipe.
VERSION = "1"

#: Reasons for which a video is set aside although its words are in the corpus and can be asked for.
SET_ASIDE_BY_KIND = {"summary": "summary, not speech", "translated": "machine translation only"}
DEBRIS = LOST
#: Words that are identified as another language than is claimed: only where the identifier is this sure, and never
#: within a group of languages that are written much alike.
ENOUGH_WORDS = 50
#: Whose tracks can be debris, and of how many words at least: the names of a short item are unknown words too.
_DEBRIS_KINDS, _DEBRIS_WORDS = ("live", "unknown"), 100
#: What readers write of a recogniser that went astray, and how a person is told; ``crosscut show`` says where.
_INVENTED = {"loop:": REPEATED, "hallucinated ending:": "the recogniser's ending was not said"}
_ALIKE = ({"no", "nb", "nn", "da"}, {"hr", "sr", "bs", "sh"}, {"id", "in", "ms", "jv"}, {"cs", "sk"}, {"gl", "pt"},
          {"iw", "he"}, {"ji", "yi"}, {"fil", "tl"}, {"zh", "yue"}, {"af", "nl"}, {"ca", "oc"}, {"be", "ru", "uk"})

_MOMENT = re.compile(r"\d{4}-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\+00:00|Z)?)?)?)?)?")


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
    versions: list[Version] = field(default_factory=list)     # all there are
    own_language: str = ""       # of the video or its outlet, where a track says nothing
    decided_language: str = ""   # by a person
    wanted: bool = False         # whether its words belong into the corpus, counted by default or not


def language_of(version: Version, row: Row) -> str:
    """The language of a version's words: a person's word, else the track's, else the video's or the outlet's."""
    return _bare(row.decided_language) or spoken(version) or row.own_language or "und"


def spoken(version: Version) -> str:
    """The language that the words of a track read as where that is certain, else the one it claims, or ""."""
    claimed, read_as = _bare(version.language), version.traits
    if read_as.certain < CERTAIN or version.words < ENOUGH_WORDS or not read_as.language:
        return claimed
    return claimed if any({claimed, read_as.language} <= group for group in _ALIKE) else read_as.language


def is_debris(version: Version) -> bool:
    """Whether a track is what is left of a live feed: by its words, or by how its cues lie over one another."""
    told_by_words = version.kind in _DEBRIS_KINDS and version.words >= _DEBRIS_WORDS and version.traits.debris
    return told_by_words or "debris:" in version.evidence


def _bare(language: str) -> str:
    """A language without region and script."""
    return language.partition("-")[0].lower()


def select(
    study: Study, ledger: Ledger, corrections: Corrections, as_of: str = "", videos: Collection[str] | None = None,
) -> list[Row]:
    """One row a video, of all or of some, sorted by key, as known now or at the end of the day (or moment) ``as_of``."""
    if as_of and not _MOMENT.fullmatch(as_of):
        raise StudyError(f"--as-of: {as_of!r} is not a date; write it as 2024-07-04")
    versions: dict[str, list[Version]] = {}
    for version in ledger.versions(as_of, videos):
        versions.setdefault(version.video, []).append(version)
    buried = ledger.tombstones()
    rows: list[Row] = []
    for video, statements in groupby(ledger.statements(as_of, videos), key=lambda row: row["video"]):
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
    own = _bare(str(facts.get("language", "")) or (outlet.language if outlet else ""))
    languages = sorted({spoken(version) for version in versions} - {""})
    flags += [f"tracks in {' and '.join(languages)}"] if len(languages) > 1 and not own else []
    row = Row(video, platform, id, facts, flags=flags, versions=versions, own_language=own,
              decided_language=corrected.get("language", ""))
    if len(versions) > 1:
        row.version = min(versions, key=lambda version: _preference(study, version, own))
    elif versions:
        row.version = versions[0]
    if row.version:
        row.language = language_of(row.version, row)
        row.kind = corrected.get("kind", row.version.kind)
        row.flags += _doubts(row, row.version)
    row.status = f"excluded: {corrected['exclude']}" if corrected.get("exclude") else _status(study, row)
    if row.version and row.status == USABLE and is_debris(row.version) and "kind" not in corrected:
        row.status = DEBRIS  # unless a person said what it is
    row.wanted = row.version is not None and row.status in {USABLE, DEBRIS, _kind_status(row.kind)}
    return row


def _doubts(row: Row, version: Version) -> list[str]:
    """What does not fit together in the track that speaks for a video."""
    read_as, claimed = spoken(version), _bare(version.language)
    doubts = []
    if claimed and read_as != claimed:
        doubts.append(f"says it is in {claimed}, reads as {read_as}")
    if row.own_language and read_as and read_as != row.own_language and not row.decided_language:
        doubts.append(f"speaks {row.own_language}, its captions read as {read_as}")
    return doubts + [flag for sign, flag in _INVENTED.items() if sign in version.evidence]


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
    language = spoken(version)
    other_language = bool(own_language and language) and language != own_language
    newest_first = (*(-ord(character) for character in version.obtained), 1)  # 1: what is shorter is not newer
    return (other_language, is_debris(version), study.kinds.index(version.kind), not version.word_timed, newest_first,
            version.version)


def _status(study: Study, row: Row) -> str:
    if row.version is None:
        return "no captions"
    if reason := outside_frame(study.frame, row):
        return reason
    if row.kind not in study.speech:
        return _kind_status(row.kind)
    return USABLE


def _kind_status(kind: str) -> str:
    """The status of a video whose track is of a kind that does not count; its words can still be asked for."""
    return SET_ASIDE_BY_KIND.get(kind, f"kind {kind} is not counted")


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
