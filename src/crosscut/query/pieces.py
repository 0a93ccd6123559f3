"""Stories cut videos into pieces; what is counted by piece can be compared within stories.

A piece is a stretch of one video about one story: a whole clip, or a passage of a long show.  Counts by piece are
``Counts`` whose columns are pieces instead of videos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.query.hits import Hits
from crosscut.query.inside import count_words
from crosscut.query.marks import Marks
from crosscut.query.mask import Mask
from crosscut.query.matrix import of_tokens
from crosscut.query.spans import Spans
from crosscut.store.corpus import CorpusFiles

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_PLACE = 32


@dataclass(frozen=True, slots=True)
class Pieces:
    """By video and place; tokens ``start`` to ``end`` of ``video`` tell story ``labels[story]``, named ``names[story]``.

    ``words`` and ``speech_ms``: how much of a piece counts under the mask; pieces of which nothing counts are left out.
    ``parts`` are the tokens that count, ``piece`` the number of the piece that each part belongs to.
    """

    video: Ints
    start: Ints
    end: Ints
    story: Ints
    labels: Sequence[str]
    names: Sequence[str]
    words: Ints
    speech_ms: Ints
    parts: Spans
    piece: Ints

    def __len__(self) -> int:
        return len(self.video)

    @classmethod
    def of(cls, corpus: CorpusFiles, marks: Marks, mask: Mask) -> Pieces:
        """The pieces of a layer of stories under a mask; where spans overlap, the one that begins first has the tokens."""
        texts, called = marks.attribute("label"), marks.attribute("name")
        places = {label: code for code, label in enumerate(sorted(set(texts)))}
        names = dict(zip(texts, called, strict=True))
        order = np.argsort(marks.video << _PLACE | marks.start, kind="stable")
        video, start, end = (column[order] for column in (marks.video, marks.start, marks.end))
        story = np.array([places[label] for label in texts], np.int64)[order]
        start = np.where(_same(video), np.maximum(start, _reached(video, end)), start)
        some = (end > start) & mask.videos[video]
        video, start, end, story = (column[some] for column in (video, start, end, story))
        piece, parts = Spans(video, start, end).within(mask.stretches(corpus))
        words, speech = count_words(corpus, parts, piece, len(video))
        kept = words > 0
        number = np.cumsum(kept) - 1
        inside = kept[piece]
        return cls(video[kept], start[kept], end[kept], story[kept], list(places),
                   [names[label] or label for label in places], words[kept], speech[kept], parts.take(inside),
                   number[piece[inside]])

    def at(self, hits: Hits) -> Ints:
        """The piece that each hit begins in, if it ends there or in one of the same story that follows at once; else -1."""
        return Spans(self.video, self.start, self._reach()).around(hits.video, hits.start, hits.end)

    def _reach(self) -> Ints:
        """How far the story goes on from each piece without a word between: spans of layers are joined in the same way."""
        same = (self.video[1:] == self.video[:-1]) & (self.story[1:] == self.story[:-1])
        goes_on = same & (self.start[1:] == self.end[:-1])
        last = np.append(~goes_on, True)[: len(self)]
        run = np.cumsum(last) - last
        reach: Ints = self.end[last][run]
        return reach

    def counts(self, found: Sequence[Hits]) -> Counts:
        """Hits of some queries by piece; hits that lie in no piece are left out."""
        places = [self.at(hits) for hits in found]
        thing = np.repeat(np.arange(len(found)), [len(hits) for hits in found])
        piece = np.concatenate([np.zeros(0, np.int64), *places])
        some = piece >= 0
        return Counts.of(thing[some], piece[some], np.ones(int(some.sum()), np.int64), (len(found), len(self)))

    def tokens(self, corpus: CorpusFiles, layer: str) -> Counts:
        """How often each value of a layer (``query.matrix.values_of``) is in each piece."""
        return of_tokens(corpus, self.parts, layer, self.piece, len(self))


def _same(video: Ints) -> Bools:
    """Whether a span is of the same video as the one before it."""
    found = np.zeros(len(video), bool)
    found[1:] = video[1:] == video[:-1]
    return found


def _reached(video: Ints, end: Ints) -> Ints:
    """How far the spans before each one reach that are of the same video."""
    reached = np.maximum.accumulate(video << _PLACE | end) if len(video) else end
    before = np.zeros(len(video), np.int64)
    before[1:] = reached[:-1] & ((1 << _PLACE) - 1)
    return before
