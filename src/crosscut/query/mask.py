"""Which videos and spans are searched, counted and divided by?  One mask for query, count and denominator alike.

By default: the videos that count (``status=usable``).  ``--where`` narrows that; a condition on ``kind`` or ``status``
(``kind=summary``; not ``kind!=asr``) asks for what is set aside too.  ``--span`` narrows it to stretches within videos:
``first 60s``, ``last 60s``, ``layer NAME``, ``layer NAME=LABEL``, and ``not`` before any of them; videos without a word
in any stretch are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.model import GLUED, LOST, USABLE
from crosscut.query import fields
from crosscut.query.hits import Hits
from crosscut.query.spans import Spans, first_at_least, gathered, runs
from crosscut.query.spans import whole as whole_videos
from crosscut.store.batch import LAST_WORD_MS, LONGEST_WORD_MS
from crosscut.store.catalog import Catalog
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, find_layer, layer_files

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: So many spans are kept for the next question, apart from the one that is asked for.
_SPANS_KEPT = 8
_SPAN = re.compile(r"(not\s+)?(?:(first|last)\s+([0-9]{1,9})\s*s|layer\s+([a-z][a-z0-9_]*)(?:=(.+))?)")


@dataclass(frozen=True, slots=True)
class Mask:
    """``videos``: which count.  ``inside``: which stretches of them; None: they count as a whole.

    ``words`` and ``speech_ms``, one value a video, are the denominators under this mask.
    """

    question: str
    videos: Bools
    words: Ints
    speech_ms: Ints
    inside: Spans | None = None
    stale: int = 0     # spans of a layer whose video has other words by now; they are left out
    layer: str = ""    # name, version and digest of the layer that was used
    by_language: Mapping[str, int] | None = None   # words of each language that has any video here, once looked at

    def holds(self, video: Ints, start: Ints, end: Ints) -> Bools:
        """Whether tokens ``start`` to ``end`` (exclusive) of ``video`` lie wholly in what counts."""
        known: Bools = self.videos[video]
        return known if self.inside is None else known & (self.inside.around(video, start, end) >= 0)

    def stretches(self, corpus: CorpusFiles) -> Spans:
        """The tokens that count."""
        if self.inside is not None:
            return self.inside.take(self.videos[self.inside.video])
        videos = np.flatnonzero(self.videos)
        return whole_videos(videos, corpus.catalog.number("tokens")[videos])


def make_mask(corpus: CorpusFiles, where: str = "", span: str = "", layers: Path | None = None,
              off: frozenset[str] = frozenset(), videos: Bools | None = None) -> Mask:
    """The mask of ``--where`` and ``--span``, or of the ``videos`` that another view chose."""
    whole = _of_videos(corpus, where) if videos is None else _whole(corpus, where, videos)
    if not span:
        return whole
    mask = _within(corpus, replace(whole, question=f"{where} ({span})".strip()), span, layers, off)
    return replace(mask, by_language=_by_language(corpus.catalog, mask))


def together(one: Mask, other: Mask) -> Mask:
    """The videos of two masks that have none in common, and were made with the same ``--span``."""
    inside = one.inside.beside(other.inside) if one.inside is not None and other.inside is not None else None
    return replace(one, question=f"{one.question} or {other.question}", videos=one.videos | other.videos,
                   words=one.words + other.words, speech_ms=one.speech_ms + other.speech_ms, inside=inside, by_language=None)


def narrow(mask: Mask, videos: Bools) -> Mask:
    """Some of the videos of a mask."""
    kept = mask.videos & videos
    return replace(mask, videos=kept, words=np.where(kept, mask.words, 0), speech_ms=np.where(kept, mask.speech_ms, 0),
                   inside=mask.inside.take(kept[mask.inside.video]) if mask.inside is not None else None, by_language=None)


def around(corpus: CorpusFiles, mask: Mask, hits: Hits, left: int, right: int) -> Mask:
    """A subcorpus of hits: their tokens, and so many on each side, within the videos of a mask that has them whole."""
    if mask.inside is not None:
        raise QueryError("the surroundings of hits are taken from whole videos: leave out --span")
    ends = np.minimum(hits.end + right, corpus.catalog.number("tokens")[hits.video])
    spans = Spans.of(hits.video, np.maximum(hits.start - left, 0), ends)
    words, speech = _counted(corpus, spans)
    question = " ".join(filter(None, (mask.question, f"(around {len(hits):,} hits)")))
    found = Mask(question, mask.videos & (words > 0), words, speech, spans)
    return replace(found, by_language=_by_language(corpus.catalog, found))


def _of_videos(corpus: CorpusFiles, where: str) -> Mask:
    """The mask of ``--where``; the last few are kept while the corpus is open, as the catalog does not change."""
    key = ("mask", where)
    if key not in corpus.kept:
        for old in [kept for kept in corpus.kept if isinstance(kept, tuple) and kept[0] == "mask"][:-_SPANS_KEPT]:
            del corpus.kept[old]
        corpus.kept[key] = _whole(corpus, where, _chosen(corpus.catalog, where))
    found: Mask = corpus.kept[key]
    return found


def _whole(corpus: CorpusFiles, where: str, videos: Bools) -> Mask:
    """The mask of some videos as a whole."""
    catalog = corpus.catalog
    chosen = videos & (catalog.number("shard") >= 0)
    words, speech = (np.where(chosen, catalog.number(name), 0) for name in ("words", "speech_ms"))
    mask = Mask(where, chosen, words, speech)
    return replace(mask, by_language=_by_language(catalog, mask))


def _by_language(catalog: Catalog, mask: Mask) -> dict[str, int]:
    codes, languages = catalog.codes("language")
    videos = np.bincount(codes[mask.videos], minlength=len(languages))  # np.unique would import numpy.ma: 30 ms
    words = np.bincount(codes, mask.words, len(languages))  # sums are whole in 53 bits
    return {language: int(words[code]) for code, language in enumerate(languages) if videos[code]}


def by_language(corpus: CorpusFiles, mask: Mask) -> Mapping[str, int]:
    """Words under a mask by language, of the languages that have a video in it."""
    return _by_language(corpus.catalog, mask) if mask.by_language is None else mask.by_language


def _chosen(catalog: Catalog, where: str) -> Bools:
    videos = catalog.number("shard") >= 0  # what lies outside the frame has no words here
    codes, statuses = catalog.codes("status")
    if not fields.names_one_of(where, {"status"}):  # a kind that is asked for by name counts, debris of it never does
        by_kind = fields.names_one_of(where, {"kind"})
        videos &= np.array([status == USABLE or (by_kind and status != LOST) for status in statuses], bool)[codes]
    if where:
        videos &= fields.where(catalog, where)
    return videos


def _within(corpus: CorpusFiles, whole: Mask, span: str, layers: Path | None, off: frozenset[str]) -> Mask:
    found = _SPAN.fullmatch(span.strip())
    if not found:
        raise QueryError(f"--span: {span!r} is none of: first 60s, last 60s, layer NAME, layer NAME=LABEL, not …")
    inverted, edge, seconds, name, label = found.groups()
    marks = _marked(corpus, layers or Path(), name, off) if name else None
    looked_at = _looked_at(corpus, whole, marks, label, edge or "", int(seconds or 0))
    videos = whole.videos & looked_at.said
    spans = looked_at.spans.take(videos[looked_at.spans.video])
    words, speech = np.where(videos, looked_at.words, 0), np.where(videos, looked_at.speech_ms, 0)
    if inverted:
        chosen = np.flatnonzero(videos)
        words, speech = _rest(whole.words, chosen, words), _rest(whole.speech_ms, chosen, speech)
        spans = spans.outside(chosen, corpus.catalog.number("tokens")[chosen])
    stale, layer = (marks.stale, marks.name) if marks else (0, "")
    return Mask(whole.question, whole.videos & (words > 0), words, speech, spans, stale, layer)


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """A span, worked out for some ``videos``; ``said``: for which of them it says what lies inside and what outside."""

    videos: Bools
    said: Bools
    spans: Spans
    words: Ints
    speech_ms: Ints


def _looked_at(
    corpus: CorpusFiles, whole: Mask, marks: _Marks | None, label: str | None, edge: str, seconds: int
) -> _LookedAt:
    """A span for all videos of a mask at least; what was worked out for a mask before is not worked out again."""
    key = ("span", edge, seconds, label, marks and marks.name)
    nothing = np.zeros(0, np.int64)
    before: _LookedAt = corpus.kept.get(key) or _LookedAt(
        np.zeros_like(whole.videos), np.zeros_like(whole.videos), Spans(nothing, nothing, nothing),
        np.zeros_like(whole.words), np.zeros_like(whole.speech_ms))
    videos = new = np.flatnonzero(whole.videos & ~before.videos)
    if not len(new):
        return before
    if marks:
        spans = marks.spans(label)
        spans = spans.take((whole.videos & ~before.videos)[spans.video])
    else:
        videos, spans = _edges(corpus, new, edge, seconds)
    words, speech = _denominators(corpus, whole, videos, spans)
    looked, said = before.videos.copy(), before.said.copy()
    looked[new], said[videos] = True, True
    for old in [kept for kept in corpus.kept if isinstance(kept, tuple) and kept[0] == "span"][:-_SPANS_KEPT]:
        del corpus.kept[old]
    corpus.kept[key] = _LookedAt(looked, said, before.spans.beside(spans), before.words + words, before.speech_ms + speech)
    found: _LookedAt = corpus.kept[key]
    return found


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


def _denominators(corpus: CorpusFiles, whole: Mask, videos: Ints, spans: Spans) -> tuple[Ints, Ints]:
    """Words and ms of speech in spans of ``videos``, one value a video; counted inside or outside, where less lies."""
    lengths = corpus.catalog.number("tokens")[videos]
    if 2 * spans.tokens <= lengths.sum():
        return _counted(corpus, spans)
    words, speech = _counted(corpus, spans.outside(videos, lengths))
    return _rest(whole.words, videos, words), _rest(whole.speech_ms, videos, speech)


def _rest(total: Ints, videos: Ints, part: Ints) -> Ints:
    """What is left of the totals of ``videos``; 0 for other videos."""
    left = np.zeros_like(total)
    left[videos] = total[videos] - part[videos]
    return left


def _counted(corpus: CorpusFiles, spans: Spans) -> tuple[Ints, Ints]:
    """Words and ms of speech in spans, one value a video of the corpus."""
    words, speech = np.zeros(len(corpus.catalog), np.int64), np.zeros(len(corpus.catalog), np.int64)
    for shard, mine, begin, end in spans.in_shards(corpus):
        last = shard.bounds[corpus.catalog.number("document")[spans.video[mine]] + 1]  # where the videos end
        for run in runs(begin, end):
            video, first = spans.video[mine[run]], np.cumsum(end[run] - begin[run]) - (end[run] - begin[run])
            counted = (gathered(shard.column("flags"), begin[run], end[run]) & GLUED) == 0
            np.add.at(words, video, np.add.reduceat(counted, first, dtype=np.int64))
            np.add.at(speech, video, _heard(shard.column("start"), begin[run], end[run], last[run], first))
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


@dataclass(frozen=True, slots=True)
class _Marks:
    """The spans of a layer that apply, as columns, and how many do not."""

    video: Ints
    start: Ints
    end: Ints
    code: Ints             # label of each span
    labels: dict[str, int]
    stale: int
    name: str

    def spans(self, label: str | None) -> Spans:
        """The tokens that have a label, or any."""
        chosen = np.ones(len(self.video), bool) if label is None else self.code == self.labels.get(label, -1)
        return Spans.of(self.video[chosen], self.start[chosen], self.end[chosen])


def _marked(corpus: CorpusFiles, folder: Path, name: str, off: frozenset[str]) -> _Marks:
    """The spans of a layer that apply.  A layer that was read is kept until its file changes."""
    path = layer_files(folder, off).get(name)
    about = path.stat() if path else None
    key = ("layer", path, about.st_mtime_ns, about.st_size) if about else None
    if key is None or key not in corpus.kept:
        corpus.kept[key] = _marks(corpus, find_layer(folder, name, off))
    found: _Marks = corpus.kept[key]
    return found


def _marks(corpus: CorpusFiles, layer: Layer) -> _Marks:
    contents, videos = corpus.catalog.text("content"), corpus.catalog.video
    bound = dict.fromkeys((span.video, span.content) for span in layer.spans)
    found = {key: ordinal for key in bound if (ordinal := videos.find(key[0])) >= 0 and contents[ordinal] == key[1]}
    labels = {label: code for code, label in enumerate(dict.fromkeys(span.label for span in layer.spans))}
    rows = [(found[span.video, span.content], span.start, span.end, labels[span.label])
            for span in layer.spans if (span.video, span.content) in found]
    video, start, end, code = np.array(rows, np.int64).reshape(-1, 4).T
    lengths = corpus.catalog.number("tokens")[video]
    return _Marks(video, np.clip(start, 0, lengths), np.clip(end, 0, lengths), code, labels, len(layer.spans) - len(rows),
                  f"{layer.name}.{layer.version} {layer.digest[:16]}")
