"""What stands near the hits?  Tokens within a window each side, as counts of values of a layer.

Every pair of a hit and a token near it counts (as in CWB; Manatee counts a value once a hit): a token near two hits
counts for each.  The tokens of the hit itself do not count.  A window ends where the video ends, or the stretch of the
mask that the hit lies in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.query.counting import frequencies
from crosscut.query.lexicons import values_of_types
from crosscut.query.mask import Mask
from crosscut.query.search import Hits
from crosscut.query.spans import first_at_least, runs
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings, ranges
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Array = npt.NDArray[np.generic]

#: Tokens near hits that are looked at at once, in arrays of 8 bytes each.
_AT_ONCE = 4_000_000
#: Wider windows are no neighbourhood, and would be copied for each hit.
WIDEST = 1_000


@dataclass(frozen=True, slots=True)
class Near:
    """``together[i]``: how many tokens with ``values[i]`` stand near a hit, once for each hit they are near.

    ``alone[i]``: how many tokens with the value there are under the mask; ``hits``: hits under it; ``tokens``: tokens that
    have a value in the layer.
    """

    layer: str
    values: Strings
    together: Ints
    alone: Ints
    hits: int
    tokens: int


def near(
    corpus: CorpusFiles, hits: Hits, mask: Mask, window: tuple[int, int] = (5, 5), layer: str = "lemma",
    seconds: float | None = None,
) -> Near:
    """Values within ``window`` tokens left and right of the hits, or within so many ``seconds`` of them.

    In seconds: tokens that begin no more than that before the hit's first token begins, or after its last one does; where
    no times are known, nothing is near.  Hits that the mask does not hold are left out.
    """
    if min(window) < 0 or max(window) > WIDEST or (seconds is not None and not 0 <= seconds <= 3600):
        raise QueryError(f"a window has 0 to {WIDEST} tokens, or 0 to 3600 seconds")
    counts = frequencies(corpus, mask, layer)
    hits = hits.take(mask.holds(hits.video, hits.start, hits.end))
    shard_of, document_of = corpus.catalog.number("shard")[hits.video], corpus.catalog.number("document")[hits.video]
    low, high = _limits(corpus, hits, mask)
    tally = _Tally(np.zeros(len(counts.values), np.int64))
    for number, (shard, values) in enumerate(zip(corpus.shards, values_of_types(corpus, layer), strict=True)):
        mine = np.flatnonzero(shard_of == number)
        base = shard.bounds[document_of[mine]]
        places = _Places(*(base + column[mine] for column in (low, hits.start, hits.end, high)))
        found = _by_tokens(shard, places, *window) if seconds is None else _by_time(shard, places, round(seconds * 1000))
        for types in found:
            tally.add(values[types])
    together = tally.total()
    if len(together) and len(counts.values.raw(0)) == 0:
        together[0] = 0  # no value
    return Near(layer, counts.values, together, counts.counts, len(hits), counts.tokens)


@dataclass(slots=True)
class _Tally:
    """Counts of values that come in many small lots: counted when there are enough, as each count looks at all values."""

    counts: Ints
    lots: list[Array] = field(default_factory=list)
    waiting: int = 0

    def add(self, lot: Array) -> None:
        """Some values."""
        self.lots.append(lot)
        self.waiting += len(lot)
        if self.waiting > _AT_ONCE:
            self.total()

    def total(self) -> Ints:
        """How often each value came so far."""
        if self.lots:
            self.counts += np.bincount(np.concatenate(self.lots), minlength=len(self.counts))
            self.lots, self.waiting = [], 0
        return self.counts


def _limits(corpus: CorpusFiles, hits: Hits, mask: Mask) -> tuple[Ints, Ints]:
    """Between which tokens of its video the window of each hit has to stay."""
    if mask.inside is None:
        return np.zeros(len(hits), np.int64), corpus.catalog.number("tokens")[hits.video]
    at = mask.inside.around(hits.video, hits.start, hits.end)
    return mask.inside.start[at], mask.inside.end[at]


@dataclass(frozen=True, slots=True)
class _Places:
    """Hits in the columns of a shard: tokens ``start`` to ``end``, whose windows stay between ``low`` and ``high``."""

    low: Ints
    start: Ints
    end: Ints
    high: Ints


def _by_tokens(shard: Shard, places: _Places, left: int, right: int) -> Iterator[Array]:
    """The types of the tokens within so many tokens of the hits.

    Where the whole window lies inside, windows are rows of a view of the column; the few others go one by one.
    """
    types = shard.column("type")
    for begin, end, width in ((places.start - left, places.start, left), (places.end, places.end + right, right)):
        inside = (begin >= places.low) & (end <= places.high)
        yield from _ragged(types, np.maximum(begin, places.low)[~inside], np.minimum(end, places.high)[~inside])
        if width and inside.any():
            rows, whole = np.lib.stride_tricks.sliding_window_view(types, width), begin[inside]
            size = max(_AT_ONCE // width, 1)
            yield from (rows[whole[at : at + size]].reshape(-1) for at in range(0, len(whole), size))


def _by_time(shard: Shard, places: _Places, within: int) -> Iterator[Array]:
    """The types of the tokens that begin within so many ms of the hits."""
    start, types = shard.column("start"), shard.column("type")
    timed = start[places.start] >= 0
    low, first, end, high = (column[timed] for column in (places.low, places.start, places.end, places.high))
    begin = first_at_least(start, low, first, start[first].astype(np.int64) - within)
    stop = first_at_least(start, end, high, start[end - 1].astype(np.int64) + within + 1)
    yield from _ragged(types, begin, first)
    yield from _ragged(types, end, stop)


def _ragged(types: Array, begin: Ints, end: Ints) -> Iterator[Array]:
    """The types in these stretches, once for each stretch that they lie in."""
    some = end > begin
    begin, end = begin[some], end[some]
    yield from (types[ranges(begin[run], end[run])] for run in runs(begin, end))
