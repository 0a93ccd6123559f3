"""Which videos and spans are searched, counted and divided by?  One mask for query, count and denominator alike.

By default: the videos that count (``status=usable``).  ``--where`` narrows that; a condition on ``kind`` or ``status``
(``kind=summary``; not ``kind!=asr``) asks for what is set aside too.  ``--span`` narrows it to stretches within videos
(``query.inside``); videos without a word in any stretch are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.model import LOST, USABLE
from crosscut.query import fields
from crosscut.query.hits import Hits
from crosscut.query.inside import SPANS_KEPT, count_words, inside
from crosscut.query.spans import Spans
from crosscut.query.spans import whole as whole_videos
from crosscut.store.catalog import Catalog
from crosscut.store.corpus import CorpusFiles

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


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
    stale: int = 0     # spans of layers whose videos have other words by now; they are left out
    layer: str = ""    # name, version and digest of the layers that were used
    behind: tuple[str, ...] = ()   # layers that were made of another state of the corpus
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
    found = inside(corpus, whole.videos, whole.words, whole.speech_ms, span, layers or Path(), off)
    mask = Mask(f"{where} ({span})".strip(), found.videos, found.words, found.speech_ms, found.spans, found.stale,
                "; ".join(found.layers), found.behind)
    return replace(mask, by_language=_by_language(corpus.catalog, mask))


def together(one: Mask, other: Mask) -> Mask:
    """The videos of two masks that have none in common, and were made with the same ``--span``."""
    both = one.inside.beside(other.inside) if one.inside is not None and other.inside is not None else None
    return replace(one, question=f"{one.question} or {other.question}", videos=one.videos | other.videos,
                   words=one.words + other.words, speech_ms=one.speech_ms + other.speech_ms, inside=both, by_language=None)


def narrow(mask: Mask, videos: Bools) -> Mask:
    """Some of the videos of a mask."""
    kept = mask.videos & videos
    return replace(mask, videos=kept, words=np.where(kept, mask.words, 0), speech_ms=np.where(kept, mask.speech_ms, 0),
                   inside=mask.inside.take(kept[mask.inside.video]) if mask.inside is not None else None, by_language=None)


def around(corpus: CorpusFiles, mask: Mask, hits: Hits, left: int, right: int) -> Mask:
    """A subcorpus of hits: their tokens, and so many on each side, within the videos of a mask.

    ``QueryError`` where tokens beside them are asked for and the mask has videos only in part.
    """
    if mask.inside is not None and (left or right):
        raise QueryError("the surroundings of hits are taken from whole videos: leave out --span")
    ends = np.minimum(hits.end + right, corpus.catalog.number("tokens")[hits.video])
    spans = Spans.of(hits.video, np.maximum(hits.start - left, 0), ends)
    words, speech = count_words(corpus, spans)
    question = " ".join(filter(None, (mask.question, f"(around {len(hits):,} hits)")))
    found = Mask(question, mask.videos & (words > 0), words, speech, spans)
    return replace(found, by_language=_by_language(corpus.catalog, found))


def _of_videos(corpus: CorpusFiles, where: str) -> Mask:
    """The mask of ``--where``; the last few are kept while the corpus is open, as the catalog does not change."""
    if fields.added_in(where):  # its layer may be another one by now
        return _whole(corpus, where, _chosen(corpus.catalog, where))
    key = ("mask", where)
    if key not in corpus.kept:
        for old in [kept for kept in corpus.kept if isinstance(kept, tuple) and kept[0] == "mask"][:-SPANS_KEPT]:
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
