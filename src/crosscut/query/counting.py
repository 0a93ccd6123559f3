"""How often does each value of a layer occur under a mask?  One count for lists, comparisons and denominators alike.

Videos that count as a whole are counted from the video × type matrix, or from its sums by outlet and month
(``query.cells``); stretches of videos are counted token by token, inside or outside, where fewer tokens lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.query.cells import cells_of, table_of
from crosscut.query.lexicons import values_of, values_of_types
from crosscut.query.mask import Mask
from crosscut.query.spans import Spans, gathered, runs
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A token costs as much to count as so many entries of the video × type matrix.
_TOKEN_COST = 2


@dataclass(frozen=True, slots=True)
class Frequencies:
    """``counts[i]``: how many tokens have ``values[i]``; sorted by UTF-8 bytes, the values of the whole corpus.

    Tokens that have no value in the layer are in no count.  ``words`` is the denominator of the mask, in words.
    """

    layer: str
    values: Strings
    counts: Ints
    words: int

    @property
    def tokens(self) -> int:
        """How many tokens were counted."""
        return int(self.counts.sum())


def frequencies(corpus: CorpusFiles, mask: Mask, layer: str = "lemma") -> Frequencies:
    """Counts of every value of a layer (word, norm, lemma, pos, tag) under a mask; QueryError for another layer."""
    table_of(corpus, layer)  # may know the values
    values = values_of(corpus, layer).values
    counts = _whole(corpus, mask.videos, layer) if mask.inside is None else _within(corpus, mask, layer)
    if len(values) and len(values.raw(0)) == 0:
        counts[0] = 0  # no value
    return Frequencies(layer, values, counts, int(mask.words.sum()))


def _whole(corpus: CorpusFiles, videos: Bools, layer: str) -> Ints:
    """Counts by value over whole videos: from the cells, and beside them what cuts through a cell, where that is less."""
    table = table_of(corpus, layer)
    if table is None:
        return counted_whole(corpus, videos, layer)
    cells, tokens = cells_of(corpus), corpus.catalog.number("tokens")
    chosen = cells.mostly(np.where(videos, tokens, 0), tokens)
    near = (cells.of >= 0) & chosen[cells.of]
    too_much, too_little = near & ~videos, videos & ~near
    if tokens[too_much | too_little].sum() * 2 > tokens[videos].sum():
        return counted_whole(corpus, videos, layer)
    counts = table.counts(chosen)
    if too_much.any():
        counts -= counted_whole(corpus, too_much, layer)
    return counts + counted_whole(corpus, too_little, layer) if too_little.any() else counts


def _within(corpus: CorpusFiles, mask: Mask, layer: str) -> Ints:
    spans, videos = mask.stretches(corpus), np.flatnonzero(mask.videos)
    lengths = corpus.catalog.number("tokens")[videos]
    if 2 * spans.tokens <= lengths.sum():
        return counted_tokens(corpus, spans, layer)
    return _whole(corpus, mask.videos, layer) - counted_tokens(corpus, spans.outside(videos, lengths), layer)


def counted_whole(corpus: CorpusFiles, videos: Bools, layer: str) -> Ints:
    """Counts by value over whole videos, from the shards: by their tokens or by the matrix, whichever is less."""
    total = np.zeros(len(values_of(corpus, layer).values), np.int64)
    for shard, values, ordinals in zip(corpus.shards, values_of_types(corpus, layer), corpus.ordinals, strict=True):
        keep = (ordinals >= 0) & videos[ordinals]
        lengths = np.diff(shard.bounds)
        if _TOKEN_COST * lengths[keep].sum() < len(shard.pack["counts.n"]):
            numbers = _types_between(shard, shard.bounds[:-1][keep & (lengths > 0)], shard.bounds[1:][keep & (lengths > 0)])
        else:
            numbers = _types_of_documents(shard, keep)
        total += _by_value(numbers, values, len(total))
    return total


def counted_tokens(corpus: CorpusFiles, spans: Spans, layer: str) -> Ints:
    """Counts by value over the tokens of some stretches."""
    total = np.zeros(len(values_of(corpus, layer).values), np.int64)
    types = values_of_types(corpus, layer)
    for (shard, _, begin, end), values in zip(spans.in_shards(corpus), types, strict=True):
        total += _by_value(_types_between(shard, begin, end), values, len(total))
    return total


def by_video(corpus: CorpusFiles, mask: Mask, layer: str, chosen: Ints) -> Counts:
    """Counts of some values (numbers of ``values_of``) under a mask, video by video."""
    chosen, again = np.unique(chosen, return_inverse=True)
    found = _by_video(corpus, mask, layer, chosen)
    return found if len(again) == len(chosen) and bool((np.diff(again) > 0).all()) else found.take(again)


def _by_video(corpus: CorpusFiles, mask: Mask, layer: str, chosen: Ints) -> Counts:
    """The same of values of which each is there once."""
    of_value, videos = np.full(len(values_of(corpus, layer).values), -1, np.int64), len(mask.videos)
    of_value[chosen] = np.arange(len(chosen)) * videos
    rows = [of_value[values] for values in values_of_types(corpus, layer)]
    lots = list(_entries(corpus, mask, rows) if mask.inside is None else _tokens(corpus, mask.stretches(corpus), rows))
    place, n = (np.concatenate([np.zeros(0, np.int64), *(lot[part] for lot in lots)]) for part in (0, 1))
    if 0 < len(chosen) * videos <= 2 * len(n):  # frequent values: added up in place, in a tenth of the time of sorting
        return Counts.dense(np.bincount(place, n, len(chosen) * videos).reshape(-1, videos))
    return Counts.of(*np.divmod(place, max(videos, 1)), n, (len(chosen), videos))


def _entries(corpus: CorpusFiles, mask: Mask, rows: list[Ints]) -> Iterator[tuple[Ints, Ints]]:
    """Row + video and number of tokens, from the matrices, of the types that have a row (the others: -1)."""
    for shard, row, ordinals in zip(corpus.shards, rows, corpus.ordinals, strict=True):
        types = np.flatnonzero(row >= 0)
        documents, numbers = shard.entries(types)
        video, place = ordinals[documents], np.repeat(row[types], np.diff(shard.pack["counts.bounds"])[types])
        some = (video >= 0) & mask.videos[video]
        place += video
        yield (place, numbers) if some.all() else (place[some], numbers[some])


def _tokens(corpus: CorpusFiles, spans: Spans, rows: list[Ints]) -> Iterator[tuple[Ints, Ints]]:
    """The same from the tokens of some stretches."""
    for (shard, mine, begin, end), row in zip(spans.in_shards(corpus), rows, strict=True):
        for run in runs(begin, end):
            place = row[gathered(shard.column("type"), begin[run], end[run])]
            some, video = place >= 0, np.repeat(spans.video[mine[run]], end[run] - begin[run])
            yield place[some] + video[some], np.ones(np.count_nonzero(some), np.int64)


def tokens_by_video(corpus: CorpusFiles, mask: Mask, layer: str = "lemma") -> Ints:
    """How many tokens that have a value in the layer each video has under a mask."""
    if mask.inside is None:
        total = np.where(mask.videos, corpus.catalog.number("tokens"), 0)
    else:
        spans = mask.stretches(corpus)
        total = np.bincount(spans.video, spans.end - spans.start, len(mask.videos)).astype(np.int64)
    values = values_of(corpus, layer).values
    if len(values) and len(values.raw(0)) == 0:
        none = by_video(corpus, mask, layer, np.zeros(1, np.int64))
        total[none.video] -= none.n
    return total


def _types_between(shard: Shard, begin: Ints, end: Ints) -> Ints:
    """How many tokens of each type lie in some stretches of a shard."""
    total = np.zeros(len(shard.type_codes("form")), np.int64)
    for run in runs(begin, end):
        total += np.bincount(gathered(shard.column("type"), begin[run], end[run]), minlength=len(total))
    return total


def _types_of_documents(shard: Shard, keep: Bools) -> Ints:
    """How many tokens of each type some documents have, from the matrix."""
    bounds, numbers = shard.pack["counts.bounds"], shard.pack["counts.n"]
    total = np.zeros(len(bounds) - 1, np.int64)
    some = np.flatnonzero(np.diff(bounds) > 0)  # reduceat knows no empty stretch
    if len(some):
        total[some] = np.add.reduceat(numbers * keep[shard.pack["counts.document"]], bounds[some], dtype=np.int64)
    return total


def _by_value(numbers: Ints, values: npt.NDArray[np.uint32], size: int) -> Ints:
    """Counts of types as counts of their values."""
    return np.bincount(values, numbers, size).astype(np.int64) if len(values) else np.zeros(size, np.int64)
