"""What do the hits stand in?  Clusters: the n-grams that hold a hit.  Frames: what fills the slots of a pattern.

A place where an n-gram stands counts once, however many hits it holds.  An n-gram stays in the video of the hit, and in the
stretch of the mask that the hit lies in.  A frame is a query with labels for slots; a hit of it has one filler a slot.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.query.hits import Hits
from crosscut.query.lexicons import values_of, values_of_types
from crosscut.query.mask import Mask
from crosscut.query.ngrams import FEWEST, MOST, NGrams
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import ranges

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Where in an n-gram the hit stands.
SIDES = {"any": "anywhere in it", "first": "at its beginning", "last": "at its end"}
#: Places that are looked up at once, n numbers of 8 bytes each.
_AT_ONCE = 2_000_000


def clusters(
    corpus: CorpusFiles, hits: Hits, mask: Mask, layer: str = "norm", n: int = 3, *, node: str = "any", at_least: int = 1,
    min_videos: int = 1, most: int = 0,
) -> NGrams:
    """The n-grams of a layer that hold a hit whole, the most frequent first; ``node``: one of ``SIDES``.

    Hits that the mask does not hold, and those longer than n tokens, are in none.  ``places`` of the answer are the n-grams
    with a hit in each video.  ``at_least``, ``min_videos`` and ``most`` are those of ``query.ngrams``.
    """
    if not FEWEST <= n <= MOST:
        raise QueryError(f"an n-gram has {FEWEST} to {MOST} tokens here, not {n}")
    if node not in SIDES:
        raise QueryError(f"no place {node!r} for a hit in an n-gram: there is {', '.join(SIDES)}")
    video, begin = _around(corpus, hits.take(mask.holds(hits.video, hits.start, hits.end)), mask, n, node)
    return _counted(corpus, layer, video, begin[:, None] + np.arange(n), (at_least, min_videos, most))


def fillers(
    corpus: CorpusFiles, hits: Hits, slots: tuple[str, ...], layer: str = "norm", *, at_least: int = 1, min_videos: int = 1,
    most: int = 0,
) -> NGrams:
    """What fills the slots of a frame: each thing is a value a slot.

    ``places`` of the answer are the hits in each video all of whose slots have a value in the layer.
    """
    columns = [hits.labels[slot] for slot in slots]
    places = np.stack(columns, axis=1) if columns else np.zeros((len(hits), 0), np.int64)
    bound = (places >= 0).all(axis=1)
    return _counted(corpus, layer, hits.video[bound], places[bound], (at_least, min_videos, most))


def _around(corpus: CorpusFiles, hits: Hits, mask: Mask, n: int, node: str) -> tuple[Ints, Ints]:
    """Where n-grams with a hit begin, each place once: video and token."""
    low, high = np.zeros(len(hits), np.int64), corpus.catalog.number("tokens")[hits.video]
    if mask.inside is not None:
        at = mask.inside.around(hits.video, hits.start, hits.end)
        low, high = mask.inside.start[at], mask.inside.end[at]
    first, last = np.maximum(hits.end - n, low), np.minimum(hits.start, high - n)  # a hit longer than n is in none
    first = np.maximum(first, hits.start) if node == "first" else first
    last = np.minimum(last, hits.end - n) if node == "last" else last
    some = last >= first
    begin = ranges(first[some], last[some] + 1)
    keys = np.unique(np.repeat(hits.video[some], (last - first)[some] + 1) << 32 | begin)
    return keys >> 32, keys & ((1 << 32) - 1)


def _counted(corpus: CorpusFiles, layer: str, video: Ints, tokens: Ints, least: tuple[int, int, int]) -> NGrams:
    """Count rows of tokens of a video by their values; those with a token that has none are left out."""
    values = values_of(corpus, layer).values
    codes = _values(corpus, layer, video, tokens)
    if len(values) and not values.raw(0):
        there = (codes > 0).all(axis=1)
        video, codes = video[there], codes[there]
    videos, kinds, thing = len(corpus.catalog), *_distinct(codes)
    counts = Counts.of(thing, video, np.ones(len(thing), np.int64), (len(kinds), videos))
    totals = counts.totals()
    order = np.lexsort((*kinds.T[::-1], -totals))
    at_least, min_videos, most = least
    order = order[(totals[order] >= at_least) & (counts.ranges()[order] >= min_videos)][: most or None]
    return NGrams(layer, values, kinds[order], counts.take(order), np.bincount(video, minlength=videos).astype(np.int64))


def _values(corpus: CorpusFiles, layer: str, video: Ints, tokens: Ints) -> Ints:
    """Which value of a layer each of some tokens has, given by rows of a video."""
    shard_of, document_of = corpus.catalog.number("shard")[video], corpus.catalog.number("document")[video]
    found = np.zeros(tokens.shape, np.int64)
    for number, (shard, values) in enumerate(zip(corpus.shards, values_of_types(corpus, layer), strict=True)):
        mine = np.flatnonzero(shard_of == number)
        for begin, end in pairwise([*range(0, len(mine), _AT_ONCE), len(mine)]):
            rows = mine[begin:end]
            base = shard.bounds[document_of[rows]].astype(np.int64)
            found[rows] = values[shard.column("type")[base[:, None] + tokens[rows]]]
    return found


def _distinct(rows: Ints) -> tuple[Ints, Ints]:
    """The distinct rows in order, and which each row is: column by column, so that a number holds all columns so far."""
    thing = np.zeros(len(rows), np.int64)
    for column in rows.T:
        most = int(column.max(initial=0)) + 1
        _, thing = np.unique(thing * most + column, return_inverse=True)
    first = np.full(int(thing.max(initial=-1)) + 1, -1, np.int64)
    first[thing[::-1]] = np.arange(len(rows) - 1, -1, -1)
    return rows[first], thing
