"""What stands near the hits?  Tokens within a window each side, counted by value of a layer and by video.

Every token counts once, however many hits it is near: two windows that overlap are one stretch.  The tokens of hits do
not count, not even near another hit.  Marks are no tokens, so no sentence mark stops a window; it ends where the video
ends, or the stretch of the mask that the hit lies in, or the structure that was asked for (``within``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.query.counting import by_video, frequencies, tokens_by_video
from crosscut.query.engine.matcher import Matcher
from crosscut.query.engine.matches import Matches, documents_of
from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits
from crosscut.query.lexicons import values_of, values_of_types
from crosscut.query.mask import Mask
from crosscut.query.pattern import Query, Region
from crosscut.query.search import check_layers
from crosscut.query.spans import first_at_least, gathered, runs
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[np.generic]
Codes = npt.NDArray[np.uint32]
Stretches = tuple[Ints, Ints]

#: Wider windows are no neighbourhood.
WIDEST = 1_000
LONGEST_S = 3_600


@dataclass(frozen=True, slots=True)
class Near:
    """Thing i is ``values[value[i]]``: a value of the layer that stands near a hit.  Sizes have one number a video.

    ``together``: tokens of each thing near a hit; ``nodes``: those that belong to a hit; ``alone``: those under the mask
    that belong to none, near or far.  ``hits``: hits under the mask; ``window``: tokens near a hit; ``tokens``: tokens
    under the mask that belong to no hit.  Tokens without a value in the layer are in none of them.
    """

    layer: str
    values: Strings
    value: Ints
    together: Counts
    nodes: Counts
    alone: Ints
    hits: Ints
    window: Ints
    tokens: Ints

    def texts(self, things: Ints) -> list[str]:
        """The values of some things."""
        return self.values.take(self.value[things])


def alone_by_video(corpus: CorpusFiles, mask: Mask, chosen: Sequence[tuple[Near, Ints]]) -> Counts:
    """``alone`` of some things of some answers of one layer, video by video: looked up for the few that are shown."""
    layer, value = chosen[0][0].layer, np.concatenate([near.value[things] for near, things in chosen])
    every, nodes = by_video(corpus, mask, layer, value), Counts.stacked([near.nodes.take(things) for near, things in chosen])
    if not len(nodes.n):
        return every
    thing, video = (np.concatenate([getattr(part, name) for part in (every, nodes)]) for name in ("thing", "video"))
    return Counts.of(thing, video, np.concatenate([every.n, -nodes.n]), (len(value), every.videos))


def near(
    corpus: CorpusFiles, hits: Hits, mask: Mask, window: tuple[int, int] = (5, 5), layer: str = "lemma",
    seconds: float | None = None, *, within: str = "", structures: Structures | None = None,
) -> Near:
    """Values within ``window`` tokens left and right of the hits, or within so many ``seconds`` of them.

    In seconds: tokens that begin no more than that before the hit's first token begins, or after its last one does; where
    no times are known, nothing is near.  ``within``: a structure (``s``, or a layer of spans) that windows do not leave;
    spans of it that overlap are one.  Hits that the mask does not hold are left out.
    """
    check_window(window, seconds)
    if within:
        check_layers(corpus, Query(Region(within)), mask)
    hits = hits.take(mask.holds(hits.video, hits.start, hits.end))
    beside, inside = Gathered(corpus, layer), Gathered(corpus, layer)
    for number, (shard, places) in enumerate(zip(corpus.shards, in_shards(corpus, hits, mask), strict=True)):
        if within:
            places = _kept_within(places, shard, within, (structures or Structures(corpus)).of_shard(number))
        around = _by_tokens(places, *window) if seconds is None else _by_time(shard, places, round(seconds * 1000))
        nodes = union(places.start, places.end)
        inside.add(number, nodes)
        beside.add(number, without(union(*around), nodes))
    return _near(corpus, mask, hits, beside, inside)


def check_window(window: tuple[int, int], seconds: float | None) -> None:
    """Refuse what is no window."""
    if min(window) < 0 or max(window) > WIDEST or (seconds is not None and not 0 <= seconds <= LONGEST_S):
        raise QueryError(f"a window has 0 to {WIDEST} tokens, or 0 to {LONGEST_S} seconds")


def _near(corpus: CorpusFiles, mask: Mask, hits: Hits, beside: Gathered, inside: Gathered) -> Near:
    layer, (value, together), (own, every) = beside.layer, beside.counts(), inside.counts()
    counted, nodes = frequencies(corpus, mask, layer), _rows_of(value, own, every)
    return Near(
        layer, counted.values, value, together, nodes, counted.counts[value] - nodes.totals(),
        hits.per_video(len(mask.videos)), together.per_video(), tokens_by_video(corpus, mask, layer) - every.per_video())


@dataclass(slots=True)
class Gathered:
    """Tokens anywhere in a corpus, by their value in a layer and their video: each is value × videos + video."""

    corpus: CorpusFiles
    layer: str
    lots: list[Ints] = field(default_factory=list)

    def add(self, number: int, stretches: Stretches) -> None:
        """The tokens of stretches of a shard that lie in one video each; none of them overlap."""
        shard, (begin, end) = self.corpus.shards[number], stretches
        video = self.corpus.ordinals[number][documents_of(shard.bounds, begin)]
        for run in runs(begin, end):
            types = gathered(shard.column("type"), begin[run], end[run])
            self.add_types(number, types, np.repeat(video[run], end[run] - begin[run]))

    def add_types(self, number: int, types: Array, video: Ints) -> None:
        """Tokens of these types in these videos; those that have no value are left out."""
        keys = values_of_types(self.corpus, self.layer)[number][types].astype(np.int64)
        keys *= len(self.corpus.catalog)
        keys += video
        texts = values_of(self.corpus, self.layer).values
        nothing = len(texts) > 0 and len(texts.raw(0)) == 0
        self.lots.append(keys[keys >= len(self.corpus.catalog)] if nothing else keys)

    def counts(self) -> tuple[Ints, Counts]:
        """Which values there are, ascending, and how often each is in each video."""
        keys, videos = np.concatenate([np.zeros(0, np.int64), *self.lots]), len(self.corpus.catalog)
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        value, video = np.divmod(keys[first], max(videos, 1))
        bounds = np.flatnonzero(np.diff(value, prepend=-1))
        return value[bounds], Counts(np.append(bounds, len(first)), video, np.diff(first, append=len(keys)), videos)


def _rows_of(values: Ints, found: Ints, counts: Counts) -> Counts:
    """The rows of ``values``, ascending, of counts that have a row for each of those found; empty ones for the others."""
    place = np.searchsorted(found, values)
    chosen = np.flatnonzero(np.append(found, -1)[place] == values)
    taken, lengths = counts.take(place[chosen]), np.zeros(len(values) + 1, np.int64)
    lengths[chosen + 1] = np.diff(taken.bounds)
    return replace(taken, bounds=np.cumsum(lengths))


def union(begin: Ints, end: Ints) -> Stretches:
    """Stretches in any order, those that overlap as one; those that touch stay apart, as do empty ones out."""
    some = end > begin
    order = np.argsort(begin[some], kind="stable")
    begin, reached = begin[some][order], np.maximum.accumulate(end[some][order])
    first = np.ones(len(begin), bool)
    first[1:] = begin[1:] >= reached[:-1]
    last = np.ones(len(begin), bool)
    last[:-1] = first[1:]
    return begin[first], reached[last]


def without(stretches: Stretches, others: Stretches) -> Stretches:
    """What is left of stretches when others are cut out that lie inside them; of both, none overlap."""
    begin, end = (np.concatenate(pair) for pair in ((stretches[0], others[1]), (others[0], stretches[1])))
    begin.sort()  # beginnings and ends take turns: the n-th piece begins at the n-th beginning
    end.sort()
    some = end > begin
    return begin[some], end[some]


def _limits(corpus: CorpusFiles, hits: Hits, mask: Mask) -> Stretches:
    """Between which tokens of its video the window of each hit has to stay."""
    if mask.inside is None:
        return np.zeros(len(hits), np.int64), corpus.catalog.number("tokens")[hits.video]
    at = mask.inside.around(hits.video, hits.start, hits.end)
    return mask.inside.start[at], mask.inside.end[at]


@dataclass(frozen=True, slots=True)
class Places:
    """Hits in the columns of a shard: tokens ``start`` to ``end``, whose windows stay between ``low`` and ``high``."""

    low: Ints
    start: Ints
    end: Ints
    high: Ints


def in_shards(corpus: CorpusFiles, hits: Hits, mask: Mask) -> Iterator[Places]:
    """Hits that a mask holds, in the columns of each shard."""
    catalog, limits = corpus.catalog, _limits(corpus, hits, mask)
    shard_of, document_of = catalog.number("shard")[hits.video], catalog.number("document")[hits.video]
    for number, shard in enumerate(corpus.shards):
        mine = np.flatnonzero(shard_of == number)
        base = shard.bounds[document_of[mine]].astype(np.int64)
        yield Places(*(base + column[mine] for column in (limits[0], hits.start, hits.end, limits[1])))


def _kept_within(places: Places, shard: Shard, name: str, structures: Callable[[Region], Matches]) -> Places:
    """With windows that do not leave the structure of the hit; a hit in none of them has nothing near."""
    found = Matcher(shard, np.ones(len(shard), bool), structures).matches(Region(name))
    begin, end = union(found.start, found.end)
    at = np.maximum(np.searchsorted(begin, places.start, side="right") - 1, 0)
    if not len(begin):
        return replace(places, low=places.start, high=places.end)
    held = (begin[at] <= places.start) & (end[at] >= places.end)
    return replace(places, low=np.where(held, np.maximum(places.low, begin[at]), places.start),
                   high=np.where(held, np.minimum(places.high, end[at]), places.end))


def _by_tokens(places: Places, left: int, right: int) -> Stretches:
    """The hits with so many tokens around them."""
    return np.maximum(places.start - left, places.low), np.minimum(places.end + right, places.high)


def _by_time(shard: Shard, places: Places, within: int) -> Stretches:
    """The hits with the tokens around them that begin within so many ms; those without times as they are."""
    start = shard.column("start")
    timed = start[places.start] >= 0
    begin, stop = places.start.copy(), places.end.copy()
    low, first, end, high = (column[timed] for column in (places.low, places.start, places.end, places.high))
    begin[timed] = first_at_least(start, low, first, start[first].astype(np.int64) - within)
    stop[timed] = first_at_least(start, end, high, start[end - 1].astype(np.int64) + within + 1)
    return begin, stop
