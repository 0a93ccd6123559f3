"""A video as a person reads it: what is known of it, and its words in paragraphs with times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscut.corrections import read_corrections
from crosscut.errors import NotFound
from crosscut.identity import link, split_key, video_key
from crosscut.ledger import Ledger
from crosscut.model import ESTIMATED, SENTENCE
from crosscut.query.concordance import text_between
from crosscut.selection import select
from crosscut.tokens import SOUND, SPEAKER, marks
from crosscut.workbench.corpus import Corpus

#: A paragraph ends at the first sentence that begins after so many tokens.
PARAGRAPH_TOKENS = 80


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences of a video, and when the first word is heard (ms, -1 unknown)."""

    start: int
    end: int
    time_ms: int
    estimated: bool
    text: str
    link: str


def paragraphs(corpus: Corpus, video: str) -> Iterator[Paragraph]:
    """The words of a video as captioned, cut at speaker marks, sound marks and every few sentences."""
    files = corpus.files
    ordinal = files.ordinal(video)
    shard, begin, end = files.span(ordinal)
    row = files.catalog.row(ordinal)
    flags, start = shard.column("flags")[begin:end], shard.column("start")[begin:end]
    afters = shard.lexicon("after").take(shard.column("after")[begin:end])
    cuts = _cuts([bool(flag & SENTENCE) for flag in flags.tolist()], afters)
    before = shard.documents[int(files.catalog.number("document")[ordinal])].before
    for first, last in zip(cuts, [*cuts[1:], end - begin], strict=True):
        text = text_between(files, ordinal, first, last)
        opening = before if first == 0 else afters[first - 1]
        mark = ">> " if marks(opening) & SPEAKER else ""
        yield Paragraph(
            first, last, int(start[first]), bool(flags[first] & ESTIMATED), f"{mark}{text.removesuffix('>> ').strip()}",
            link(row["platform"], row["id"], row["url"], int(start[first])))


def _cuts(sentence: list[bool], afters: list[str]) -> list[int]:
    cuts = [0] if sentence else []
    for place in range(1, len(sentence)):
        if marks(afters[place - 1]) & (SPEAKER | SOUND) or (
            sentence[place] and place - cuts[-1] >= PARAGRAPH_TOKENS
        ):
            cuts.append(place)
    return cuts


def about(corpus: Corpus, video: str) -> dict[str, Any]:
    """What is believed of a video, which track speaks for it, and every statement and version there is."""
    key = video if ":" in video else video_key(*split_key(video))
    study = corpus.study
    with Ledger(study.ledger) as ledger:
        row = next((r for r in select(study, ledger, read_corrections(study.corrections)) if r.video == key), None)
        if row is None:
            raise NotFound(f"no video {video!r} in this study: crosscut status lists what is there")
        statements = [{name: statement[name] for name in ("source", "said", "facts")}
                      for statement in ledger.statements(videos=[key])]
        versions = [
            {"version": v.version, "kind": v.kind, "language": v.language, "format": v.format, "words": v.words,
             "obtained": v.obtained, "origin": v.origin, "raw": v.raw, "sha256": v.sha256, "evidence": v.evidence,
             "selected": row.version is not None and v.version == row.version.version}
            for v in ledger.versions() if v.video == key
        ]
    return {"video": key, "status": row.status, "kind": row.kind, "language": row.language, "flags": row.flags,
            "facts": row.facts, "versions": versions, "statements": statements, "passages": passages(corpus, key)}


def passages(corpus: Corpus, video: str) -> list[dict[str, Any]]:
    """The segments and stories of a video, in order, where they are told apart: what each is, and when it is heard."""
    ordinal = corpus.files.catalog.video.find(video)
    found = []
    for layer in ("segments", "stories"):
        try:
            marks = corpus.marks(layer)
        except NotFound:
            continue
        for place in np.flatnonzero(marks.video == ordinal).tolist():
            span, more = marks.spans[place], dict(marks.spans[place].more)
            found.append({"layer": layer, "start": span.start, "end": span.end,
                          "time_ms": corpus.files.start_ms(ordinal, span.start), "label": span.label,
                          "confidence": span.confidence, **more})
    return sorted(found, key=lambda one: (one["start"], one["layer"]))
