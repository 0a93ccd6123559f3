"""Which stretches of videos does ``--span`` mean?

``first 60s``, ``last 60s``, ``layer NAME``, ``layer NAME=LABEL``, ``<NAME attribute="…"/>`` as in queries; ``not`` before
any of them; and by name: ``first occurrences`` (no later occurrence of a passage that was copied), ``without boilerplate``,
``without re-uploads``, ``matched stories`` (that two outlets or more of the videos have), ``matched stories of en_A|en_B``
(that two of these have, whatever the videos).  With ``and`` between them all must hold.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.model import GLUED
from crosscut.query import fields
from crosscut.query.marks import Marks, marks_of
from crosscut.query.pattern import Not, Region, Test
from crosscut.query.spans import Spans, first_at_least, gathered, runs
from crosscut.query.spans import whole as whole_videos
from crosscut.store.batch import LAST_WORD_MS, LONGEST_WORD_MS
from crosscut.store.corpus import CorpusFiles

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: So many spans are kept for the next question, apart from the one that is asked for.
SPANS_KEPT = 8
_SPAN = re.compile(r"(not\s+)?(?:(first|last)\s+([0-9]{1,9})\s*s|layer\s+([a-z][a-z0-9_]*)(?:=(.+))?|(<[^<>]*/>))",
                   re.DOTALL)
_AND = re.compile(r"(?<!\s)\s+and\s+(?=(?:not\s+)?(?:first|last|layer|without|matched|<))")
#: Stories that outlets can be compared in: two or more of those of the videos have them, or of those that are named.
MATCHED = "matched stories"
_OF = f"{MATCHED} of "
#: What can be asked for by name: which layer, what its spans are, and whether they are left out.
NAMED: Mapping[str, tuple[str, tuple[Test | Not, ...], bool]] = {
    "first occurrences": ("copies", (Test("first", "no"),), True),
    "without boilerplate": ("copies", (Test("kind", "boilerplate|ident", regex=True),), True),
    "without re-uploads": ("copies", (Test("kind", "re-upload"), Test("first", "no")), True),
    MATCHED: ("stories", (), False),
}
_KNOWN = ("first 60s, last 60s, layer NAME, layer NAME=LABEL, <NAME attribute=\"…\"/>, not …, "
          f"{', '.join(NAMED)}, or several with and between them")


@dataclass(frozen=True, slots=True)
class Inside:
    """Stretches of some ``videos``: what lies in them, and how many words and ms of speech that is, one value a video.

    ``stale`` spans of layers no longer apply; ``layers``: name, version and digest of those that were used; ``behind``: the
    layers that were made of another state of the corpus.
    """

    videos: Bools
    spans: Spans
    words: Ints
    speech_ms: Ints
    stale: int = 0
    layers: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """One condition: seconds at an ``edge``, or spans of a layer that are as ``tests`` say."""

    inverted: bool = False
    edge: str = ""
    seconds: int = 0
    layer: str = ""
    tests: tuple[Test | Not, ...] = ()
    matched: bool = False
    outlets: str = ""


def inside(
    corpus: CorpusFiles, videos: Bools, words: Ints, speech_ms: Ints, span: str, layers: Path, off: frozenset[str],
) -> Inside:
    """What ``span`` means in some videos that have so many words and ms of speech as a whole."""
    found = [_inside(corpus, videos, words, speech_ms, _part(part, span), layers, off) for part in _AND.split(span.strip())]
    if len(found) == 1:
        return found[0]
    both = np.logical_and.reduce([part.videos for part in found])
    chosen = np.flatnonzero(both)
    lengths = corpus.catalog.number("tokens")[chosen]
    apart = [part.spans.take(both[part.spans.video]).outside(chosen, lengths) for part in found]
    rest = Spans.of(*(np.concatenate([getattr(part, name) for part in apart]) for name in ("video", "start", "end")))
    spans = rest.outside(chosen, lengths)
    counted, heard = count_words(corpus, spans)
    return Inside(both & (counted > 0), spans, counted, heard, sum(part.stale for part in found),
                  *(tuple(dict.fromkeys(name for part in found for name in getattr(part, field)))
                    for field in ("layers", "behind")))


def layers_of(span: str) -> list[str]:
    """The layers that a span is made of; ``QueryError`` where it cannot be read."""
    return list(dict.fromkeys(part.layer for part in (_part(one, span) for one in parts_of(span)) if part.layer))


def parts_of(span: str) -> list[str]:
    """What stands between the ``and`` of a span."""
    return [" ".join(part.split()) for part in _AND.split(span.strip())]


def matched_of(span: str, outlets: Sequence[str]) -> str:
    """A span with the outlets named whose ``matched stories`` are meant."""
    return " and ".join(f"{_OF}{'|'.join(outlets)}" if " ".join(part.split()) == MATCHED else part.strip()
                        for part in _AND.split(span.strip()))


def _part(written: str, span: str) -> _Part:
    """One part of ``--span``, read."""
    name = " ".join(written.split())
    if name.startswith(_OF):
        return _Part(layer=NAMED[MATCHED][0], matched=True, outlets=name.removeprefix(_OF))
    if name in NAMED:
        layer, tests, left_out = NAMED[name]
        return _Part(left_out, layer=layer, tests=tests, matched=name == MATCHED)
    found = _SPAN.fullmatch(written.strip())
    if not found:
        raise QueryError(f"--span: {span!r} is none of: {_KNOWN}")
    inverted, edge, seconds, layer, label, region = found.groups()
    if region:
        layer, tests = _region(region)
        return _Part(bool(inverted), layer=layer, tests=tests)
    labelled = (Test("label", label, cased=True),) if label is not None else ()
    return _Part(bool(inverted), edge or "", int(seconds or 0), layer or "", labelled)


def _region(written: str) -> tuple[str, tuple[Test | Not, ...]]:
    """Layer and tests of ``<copies kind="pool"/>``."""
    from crosscut.query.language import parse

    found = parse(written).pattern
    if not isinstance(found, Region) or found.structure in {"video", "s"}:
        raise QueryError(f"--span: {written} is no span of a layer; videos are chosen with --where, sentences in the query")
    return found.structure, found.tests


def _inside(
    corpus: CorpusFiles, videos: Bools, words: Ints, speech_ms: Ints, part: _Part, layers: Path, off: frozenset[str],
) -> Inside:
    marks = marks_of(corpus, layers, part.layer, off) if part.layer else None
    looked_at = _looked_at(corpus, videos, words, speech_ms, part, marks)
    said = videos & looked_at.said
    spans = looked_at.spans.take(said[looked_at.spans.video])
    counted, heard = np.where(said, looked_at.words, 0), np.where(said, looked_at.speech_ms, 0)
    if part.inverted:
        chosen = np.flatnonzero(said)
        counted, heard = _rest(words, chosen, counted), _rest(speech_ms, chosen, heard)
        spans = spans.outside(chosen, corpus.catalog.number("tokens")[chosen])
    behind = (part.layer,) if marks and marks.behind(corpus) else ()
    stale, used = (marks.stale, (marks.name,)) if marks else (0, ())
    return Inside(said & (counted > 0), spans, counted, heard, stale, used, behind)


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """A span, worked out for some ``videos``; ``said``: for which of them it says what lies inside and what outside."""

    videos: Bools
    said: Bools
    spans: Spans
    words: Ints
    speech_ms: Ints


def _looked_at(
    corpus: CorpusFiles, videos: Bools, words: Ints, speech_ms: Ints, part: _Part, marks: Marks | None
) -> _LookedAt:
    """A span for some videos at least; what was worked out for others before is not worked out again."""
    chosen = _chosen(corpus, videos, part, marks) if marks else None
    some: Hashable = chosen.tobytes() if chosen is not None and part.matched else None
    key = ("span", part.edge, part.seconds, part.tests, some, marks and marks.name)
    nothing = np.zeros(0, np.int64)
    before: _LookedAt = corpus.kept.get(key) or _LookedAt(
        np.zeros_like(videos), np.zeros_like(videos), Spans(nothing, nothing, nothing),
        np.zeros_like(words), np.zeros_like(speech_ms))
    where = new = np.flatnonzero(videos & ~before.videos)
    if not len(new):
        return before
    if marks and chosen is not None:
        spans = Spans.of(marks.video[chosen], marks.start[chosen], marks.end[chosen])
        spans = spans.take((videos & ~before.videos)[spans.video])
    else:
        where, spans = _edges(corpus, new, part.edge, part.seconds)
    counted, heard = _denominators(corpus, words, speech_ms, where, spans)
    looked, said = before.videos.copy(), before.said.copy()
    looked[new], said[where] = True, True
    for old in [kept for kept in corpus.kept if isinstance(kept, tuple) and kept[0] == "span"][:-SPANS_KEPT]:
        del corpus.kept[old]
    corpus.kept[key] = _LookedAt(looked, said, before.spans.beside(spans), before.words + counted, before.speech_ms + heard)
    found: _LookedAt = corpus.kept[key]
    return found


def _chosen(corpus: CorpusFiles, videos: Bools, part: _Part, marks: Marks) -> Bools:
    """The spans of a layer that are meant; of stories those that two outlets or more have."""
    if not part.matched:
        return marks.where(*part.tests)
    if part.outlets:
        fields.check_value(corpus.catalog, "outlet", part.outlets, "--span")
        named = set(part.outlets.casefold().split("|"))
        codes, texts = corpus.catalog.codes("outlet")
        videos = np.array([text.casefold() in named for text in texts], bool)[codes]
    labels = marks.attribute("label")
    places = {label: code for code, label in enumerate(dict.fromkeys(labels))}
    story = np.array([places[label] for label in labels], np.int64)
    outlets, names = corpus.catalog.codes("outlet")
    here = videos[marks.video] & (marks.end > marks.start)
    pairs = np.unique(story[here] * len(names) + outlets[marks.video[here]].astype(np.int64))
    many = np.bincount(pairs // max(len(names), 1), minlength=len(places))
    chosen: Bools = many[story] > 1
    return chosen


def _edges(corpus: CorpusFiles, videos: Ints, edge: str, seconds: int) -> tuple[Ints, Spans]:
    """Which of the videos have times, and the tokens of their first or last seconds.

    Where no time is known, no token is known to lie inside; nor is any known to lie outside.
    """
    begins, ends, timed = np.zeros_like(videos), np.zeros_like(videos), np.zeros(len(videos), bool)
    lengths = corpus.catalog.number("tokens")[videos]
    for shard, mine, begin, end in whole_videos(videos, lengths).in_shards(corpus):
        start = shard.column("start")
        has = start[begin] >= 0
        mine, begin, end = mine[has], begin[has], end[has]
        limit = np.full(len(mine), seconds * 1000, np.int64)
        if edge == "last":
            limit = start[end - 1] - limit
        cut = first_at_least(start, begin, end, limit) - begin
        at = np.flatnonzero(lengths > 0)[mine]
        timed[at] = True
        begins[at], ends[at] = (0, cut) if edge == "first" else (cut, end - begin)
    some = timed & (ends > begins)
    return videos[timed], Spans(videos[some], begins[some], ends[some])


def _denominators(corpus: CorpusFiles, words: Ints, speech_ms: Ints, videos: Ints, spans: Spans) -> tuple[Ints, Ints]:
    """Words and ms of speech in spans of ``videos``, one value a video; counted inside or outside, where less lies."""
    lengths = corpus.catalog.number("tokens")[videos]
    if 2 * spans.tokens <= lengths.sum():
        return count_words(corpus, spans)
    outside, speech = count_words(corpus, spans.outside(videos, lengths))
    return _rest(words, videos, outside), _rest(speech_ms, videos, speech)


def _rest(total: Ints, videos: Ints, part: Ints) -> Ints:
    """What is left of the totals of ``videos``; 0 for other videos."""
    left = np.zeros_like(total)
    left[videos] = total[videos] - part[videos]
    return left


def count_words(corpus: CorpusFiles, spans: Spans, into: Ints | None = None, many: int = 0) -> tuple[Ints, Ints]:
    """Words and ms of speech in spans: by video of the corpus, or ``many`` values, where each span goes ``into`` one."""
    into, many = (spans.video, len(corpus.catalog)) if into is None else (into, many)
    words, speech = np.zeros(many, np.int64), np.zeros(many, np.int64)
    for shard, mine, begin, end in spans.in_shards(corpus):
        last = shard.bounds[corpus.catalog.number("document")[spans.video[mine]] + 1]  # where the videos end
        for run in runs(begin, end):
            place, first = into[mine[run]], np.cumsum(end[run] - begin[run]) - (end[run] - begin[run])
            counted = (gathered(shard.column("flags"), begin[run], end[run]) & GLUED) == 0
            np.add.at(words, place, np.add.reduceat(counted, first, dtype=np.int64))
            np.add.at(speech, place, _heard(shard.column("start"), begin[run], end[run], last[run], first))
    return words, speech


def _heard(start: npt.NDArray[np.int32], begin: Ints, end: Ints, last: Ints, first: Ints) -> Ints:
    """How long the tokens of each span are heard, in ms: ``batch.token_durations`` for spans anywhere in a shard."""
    starts = gathered(start, begin, end)
    length = np.empty(len(starts), np.int32)
    np.subtract(starts[1:], starts[:-1], out=length[:-1])
    final = np.append(first[1:], len(starts)) - 1  # the last token of a span is heard until the next one of the video
    after = start[np.minimum(end, last - 1)].astype(np.int64)
    length[final] = np.where(end < last, after - starts[final], LAST_WORD_MS)
    np.clip(length, 0, LONGEST_WORD_MS, out=length)
    return np.where(start[begin] >= 0, np.add.reduceat(length, first, dtype=np.int64), 0)
