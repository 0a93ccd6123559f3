"""How often is each value of a layer in each video under a mask?  What keyness and dispersion are functions of.

Videos that count as a whole come from the video × type matrices of the shards, stretches of videos from their tokens.  A
value has many types (forms, tags) in many shards: what they have of the same video is added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.query.lexicons import Codes, values_of, values_of_types
from crosscut.query.mask import Mask
from crosscut.query.spans import Spans, gathered, runs
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Entries that are put in order at once: two arrays of 8 bytes each.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Matrix:
    """``counts``: values × videos of the corpus; ``sizes``: tokens that have a value, one number a video.

    ``values`` are those of the whole corpus, sorted by UTF-8 bytes: the things of ``counts``, many without an entry.
    """

    layer: str
    values: Strings
    counts: Counts
    sizes: Ints


def matrix(corpus: CorpusFiles, mask: Mask, layer: str = "lemma") -> Matrix:
    """How often each value of a layer (word, norm, lemma, pos, tag) is in each video under a mask.

    Tokens that have no value in the layer are in no count.  QueryError for another layer.
    """
    values = values_of(corpus, layer).values
    counts = _whole(corpus, mask.videos, layer) if mask.inside is None else _within(corpus, mask, layer)
    if len(values) and len(values.raw(0)) == 0:  # no value
        first = int(counts.bounds[1])
        bounds = np.maximum(counts.bounds - first, 0)
        counts = Counts(bounds, counts.video[first:], counts.n[first:], counts.videos)
    sizes = np.bincount(counts.video, counts.n, counts.videos).astype(np.int64)  # sums are whole in 53 bits
    return Matrix(layer, values, counts, sizes)


def _within(corpus: CorpusFiles, mask: Mask, layer: str) -> Counts:
    """Counts of stretches: of their tokens, or of whole videos less the tokens outside, whichever are fewer."""
    spans, videos = mask.stretches(corpus), np.flatnonzero(mask.videos)
    lengths = corpus.catalog.number("tokens")[videos]
    if 2 * spans.tokens <= lengths.sum():
        return of_tokens(corpus, spans, layer)
    return _less(_whole(corpus, mask.videos, layer), of_tokens(corpus, spans.outside(videos, lengths), layer))


def _less(whole: Counts, part: Counts) -> Counts:
    """What is left of some counts without a part of them."""
    keys, less = (counts.thing * counts.videos + counts.video for counts in (whole, part))
    n = whole.n.copy()
    n[np.searchsorted(keys, less)] -= part.n
    some = n > 0
    kept = np.concatenate([[0], np.cumsum(some)])
    return Counts(kept[whole.bounds], whole.video[some], n[some], whole.videos)


# -- whole videos -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _ByValue:
    """The types of a shard in the order of their values: those of value v are ``types[begin[v]:begin[v + 1]]``."""

    shard: Shard
    videos: Ints       # the video of each document, or -1 where it is not asked for
    types: Ints
    value: Codes       # of each of the types
    begin: Ints
    entries: Ints      # how many entries there are of all values before each

    @classmethod
    def of(cls, shard: Shard, ordinals: Ints, chosen: Bools, values: Codes, size: int) -> _ByValue:
        """``values``: the value of each type; ``chosen``: the videos that are asked for."""
        types = np.argsort(values, kind="stable")
        begin = np.searchsorted(values[types], np.arange(size + 1))
        many = np.diff(shard.pack["counts.bounds"]).astype(np.int64)[types]
        until = np.concatenate([[0], np.cumsum(many)])
        videos = np.where((ordinals >= 0) & (chosen[ordinals] if len(chosen) else False), ordinals, -1)
        return cls(shard, videos, types, values[types], begin, until[begin])

    def between(self, begin: int, end: int) -> tuple[Ints, Ints, Ints]:
        """The entries of some values that follow one another: value less ``begin``, video, how many tokens."""
        part = slice(int(self.begin[begin]), int(self.begin[end]))
        types = self.types[part]
        bounds = self.shard.pack["counts.bounds"]
        documents, n = self.shard.entries(types)
        value = np.repeat(self.value[part].astype(np.int64) - begin, bounds[types + 1].astype(np.int64) - bounds[types])
        video = self.videos[documents]
        some = video >= 0
        return value[some], video[some], n[some].astype(np.int64)


def _whole(corpus: CorpusFiles, videos: Bools, layer: str) -> Counts:
    """Counts of whole videos, from the shards, some values at a time."""
    size = len(values_of(corpus, layer).values)
    shards = [_ByValue.of(shard, ordinals, videos, values, size) for shard, ordinals, values
              in zip(corpus.shards, corpus.ordinals, values_of_types(corpus, layer), strict=True)]
    lots = []
    for begin, end in _blocks(shards, size):
        value, video, n = map(np.concatenate, zip(*(shard.between(begin, end) for shard in shards), strict=True))
        lots.append(Counts.of(value, video, n, (end - begin, len(videos))))
    return _one_after_the_other(lots, len(videos))


def _blocks(shards: list[_ByValue], size: int) -> Iterator[tuple[int, int]]:
    """Cut the values into stretches of a few million entries."""
    entries = sum((shard.entries for shard in shards), np.zeros(size + 1, np.int64))
    edges = [0, *(np.flatnonzero(np.diff(entries[1:] // _AT_ONCE)) + 1).tolist(), size]
    return ((a, b) for a, b in pairwise(edges) if a < b)


def _one_after_the_other(lots: list[Counts], videos: int) -> Counts:
    """The things of some counts, all of them."""
    nothing = np.zeros(0, np.int64)
    lengths, video, n = (np.concatenate([nothing, *columns]) for columns in (
        [lot.ranges() for lot in lots], [lot.video for lot in lots], [lot.n for lot in lots]))
    return Counts(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), video, n, videos)


# -- stretches ----------------------------------------------------------------------------------------------------------


def of_tokens(corpus: CorpusFiles, spans: Spans, layer: str, into: Ints | None = None, many: int = 0) -> Counts:
    """Counts of the tokens of some stretches: by video, or in ``many`` columns, where each stretch goes ``into`` one."""
    into, many = (spans.video, len(corpus.catalog)) if into is None else (into, many)
    return of_types(corpus, spans, values_of_types(corpus, layer), len(values_of(corpus, layer).values), into, many)


def of_types(
    corpus: CorpusFiles, spans: Spans, types: Iterable[npt.NDArray[Any]], size: int, into: Ints, many: int,
) -> Counts:
    """The same of ``size`` things: ``types`` says of each type of each shard which thing it is; below 0: none."""
    lots = [np.zeros((0, 2), np.int64)]
    for (shard, mine, begin, end), things in zip(spans.in_shards(corpus), types, strict=True):
        for run in runs(begin, end):
            thing = things[gathered(shard.column("type"), begin[run], end[run])]
            column, some = np.repeat(into[mine[run]], end[run] - begin[run]), thing >= 0
            keys = thing[some] * np.int64(many) + column[some]
            lots.append(np.stack(np.unique(keys, return_counts=True), axis=1))
    keys, n = np.concatenate(lots).T
    return Counts.of(keys // max(many, 1), keys % max(many, 1), n, (size, many))
