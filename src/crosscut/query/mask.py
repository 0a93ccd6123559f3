"""Which videos and spans are searched, counted and divided by?  One mask for query, count and denominator alike.

By default: the videos that count (``status=usable``).  ``--where`` narrows that; a condition on ``kind`` or ``status``
(``kind=summary``; not ``kind!=asr``) asks for what is set aside too.  ``--span`` narrows it to stretches within videos:
``first 60s``, ``last 60s``, ``layer NAME``, ``layer NAME=LABEL``, and ``not`` before any of them; videos without a word
in any stretch are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.model import GLUED
from crosscut.query import fields
from crosscut.selection import DEBRIS, USABLE
from crosscut.store.batch import token_durations
from crosscut.store.catalog import Catalog
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, find_layer

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SPAN = re.compile(r"(not\s+)?(?:(first|last)\s+([0-9]{1,9})\s*s|layer\s+([a-z][a-z0-9_]*)(?:=(.+))?)")


@dataclass(frozen=True, slots=True)
class Mask:
    """``videos``: which count.  ``inside``: for videos that are only partly in, which tokens are; others are in whole.

    ``words`` and ``speech_ms``, one value a video, are the denominators under this mask.
    """

    question: str
    videos: Bools
    words: Ints
    speech_ms: Ints
    inside: dict[int, Bools] | None = None
    stale: int = 0     # spans of a layer whose video has other words by now; they are left out
    layer: str = ""    # name, version and digest of the layer that was used


    def holds(self, video: Ints, start: Ints, end: Ints) -> Bools:
        """Which stretches of tokens lie wholly inside."""
        if self.inside is None:
            return self.videos[video]
        return np.array([bool(self.videos[v]) and bool(self.inside[v][a:b].all())
                         for v, a, b in zip(video.tolist(), start.tolist(), end.tolist(), strict=True)], bool)


def make_mask(corpus: CorpusFiles, where: str = "", span: str = "", layers: Path | None = None,
              off: frozenset[str] = frozenset(), videos: Bools | None = None) -> Mask:
    """The mask of ``--where`` and ``--span``, or of the ``videos`` that another view chose."""
    catalog = corpus.catalog
    chosen = _chosen(catalog, where) if videos is None else videos & (catalog.number("shard") >= 0)
    words = np.where(chosen, catalog.number("words"), 0)
    speech = np.where(chosen, catalog.number("speech_ms"), 0)
    question = " ".join(filter(None, (where, f"({span})" if span else "")))
    whole = Mask(question, chosen, words, speech)
    return _within(corpus, whole, span, layers, off) if span else whole


def _chosen(catalog: Catalog, where: str) -> Bools:
    videos = catalog.number("shard") >= 0  # what lies outside the frame has no words here
    codes, statuses = catalog.codes("status")
    if not fields.names_one_of(where, {"status"}):  # a kind that is asked for by name counts, debris of it never does
        by_kind = fields.names_one_of(where, {"kind"})
        videos &= np.array([status == USABLE or (by_kind and status != DEBRIS) for status in statuses], bool)[codes]
    if where:
        videos &= fields.where(catalog, where)
    return videos


def _within(corpus: CorpusFiles, whole: Mask, span: str, layers: Path | None, off: frozenset[str]) -> Mask:
    found = _SPAN.fullmatch(span.strip())
    if not found:
        raise QueryError(f"--span: {span!r} is none of: first 60s, last 60s, layer NAME, layer NAME=LABEL, not …")
    inverted, edge, seconds, name, label = found.groups()
    stale, layer = 0, ""
    spans: dict[int, list[tuple[int, int]]] = {}
    if name:
        used = find_layer(layers or Path(), name, off)
        spans, stale = _layer_spans(corpus, used, label)
        layer = f"{used.name}.{used.version} {used.digest[:16]}"
    inside: dict[int, Bools] = {}
    words, speech = np.zeros_like(whole.words), np.zeros_like(whole.speech_ms)
    for ordinal in np.flatnonzero(whole.videos).tolist():
        shard, begin, end = corpus.span(ordinal)
        start = shard.column("start")[begin:end]
        chosen = _edge(start, edge, int(seconds)) if edge else _marked(spans.get(ordinal, []), len(start))
        if inverted and (name or (len(start) and start[0] >= 0)):
            chosen = ~chosen  # where no time is known, no token is known to lie outside the first minute either
        inside[ordinal] = chosen
        glued = (shard.column("flags")[begin:end] & GLUED) > 0
        words[ordinal] = np.count_nonzero(chosen & ~glued)
        speech[ordinal] = token_durations(start)[chosen].sum()
    return Mask(whole.question, whole.videos & (words > 0), words, speech, inside, stale, layer)


def _edge(start: npt.NDArray[np.int32], edge: str, seconds: int) -> Bools:
    """Tokens of the first or last seconds of a video; none where it has no times."""
    if not len(start) or start[0] < 0:
        return np.zeros(len(start), bool)
    limit = seconds * 1000
    return start < limit if edge == "first" else start >= int(start[-1]) - limit


def _marked(spans: list[tuple[int, int]], length: int) -> Bools:
    chosen = np.zeros(length, bool)
    for begin, end in spans:
        chosen[max(begin, 0) : max(end, 0)] = True
    return chosen


def _layer_spans(
    corpus: CorpusFiles, layer: Layer, label: str | None
) -> tuple[dict[int, list[tuple[int, int]]], int]:
    """Spans of a layer by ordinal of their video, and how many no longer apply."""
    contents = corpus.catalog.text("content")
    spans: dict[int, list[tuple[int, int]]] = {}
    stale = 0
    for span in layer.spans:
        ordinal = corpus.catalog.video.find(span.video)
        if ordinal < 0 or contents[ordinal] != span.content:
            stale += 1
        elif label is None or span.label == label:
            spans.setdefault(ordinal, []).append((span.start, span.end))
    return spans, stale
