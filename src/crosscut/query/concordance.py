"""Here is my hit: give me its context, and its second of video.

Lines come in random order unless another is asked for, so that nobody reads only the first outlet; the order depends
on the seed and on the hits alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.identity import link
from crosscut.model import ESTIMATED
from crosscut.query import fields
from crosscut.query.hits import Hits
from crosscut.query.lexicons import values_of, values_of_types
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import ranges
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]

#: Words of a node by which it is ordered and grouped.
_LONGEST = 9
#: Lines whose tokens are read at once.
_AT_ONCE = 256
#: Sort keys: ``random``, ``video`` (order of the corpus), ``date``, ``outlet``, and ``1L``, ``node``, ``2R`` and so on.
_PLACES = {f"{n}{side}": n if side == "R" else -n for n in range(1, 10) for side in "LR"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a concordance."""

    video: str
    outlet: str
    date: str
    title: str
    left: str
    node: str
    right: str
    start: int            # first token of the hit in its video
    end: int              # exclusive
    time_ms: int          # when it is heard; -1 where the track has no times
    estimated: bool       # whether that time is an estimate
    link: str

    @property
    def clock(self) -> str:
        """The time as 4:05 or 1:04:05, with ~ before an estimate; "" where there is none."""
        if self.time_ms < 0:
            return ""
        seconds = self.time_ms // 1000
        hours = f"{seconds // 3600}:{seconds // 60 % 60:02}" if seconds >= 3600 else f"{seconds // 60}"
        return f"{'~' if self.estimated else ''}{hours}:{seconds % 60:02}"


def sorted_by(corpus: CorpusFiles, hits: Hits, keys: Iterable[str], seed: int) -> Hits:
    """The hits in the order of ``keys``; ties in the order of the corpus.

    Words are ordered by the bytes of their norm, a node word by word (nine at most), what is not there before all else.
    """
    names = list(keys)
    if names == ["random"]:
        return hits.shuffled(seed)
    columns = [column for key in names for column in _columns(corpus, hits, key)]
    return hits.take(np.lexsort([np.arange(len(hits)), *columns[::-1]]) if columns else np.arange(len(hits)))


def grouped(corpus: CorpusFiles, hits: Hits, key: str) -> list[tuple[str, int]]:
    """How many hits have each value of a sort key (``node``, ``1L``, ``outlet`` …), by the order of the values."""
    columns = _columns(corpus, hits, key)
    if not len(hits) or not columns:
        return []
    order = np.lexsort(columns[::-1])
    new = np.ones(len(hits), bool)
    new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
    first = np.flatnonzero(new)
    rows, counts = order[first], np.diff(first, append=len(hits)).tolist()
    if key in fields.FIELDS:
        codes, texts = fields.coded(corpus.catalog, key)
        labels = [texts[code] for code in codes[hits.video[rows]].tolist()]
    else:
        norms = values_of(corpus, "norm").values
        labels = [" ".join(norms[rank] for rank in ranks if rank >= 0)
                  for ranks in zip(*(column[rows].tolist() for column in columns), strict=True)]
    return list(zip(labels, counts, strict=True))


def _columns(corpus: CorpusFiles, hits: Hits, key: str) -> list[Ints]:
    """What a key orders by, the first column first."""
    if key == "node":
        longest = min(int((hits.end - hits.start).max(initial=0)), _LONGEST)
        return [_norms(corpus, hits, np.where(hits.start + n < hits.end, hits.start + n, -1)) for n in range(longest)]
    if key in _PLACES:
        offset = _PLACES[key]
        return [_norms(corpus, hits, hits.start + offset if offset < 0 else hits.end + offset - 1)]
    if key in fields.FIELDS:
        codes, texts = fields.coded(corpus.catalog, key)
        ranks = np.empty(len(texts), np.int64)
        ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
        return [ranks[codes[hits.video]]]
    raise QueryError(f"cannot sort by {key!r}: random, video, node, 1L to 9L, 1R to 9R, or a field of --by")


def _norms(corpus: CorpusFiles, hits: Hits, place: Ints) -> Ints:
    """The rank of the norm at a place of each hit's video among all norms of the corpus; -1 where there is no token."""
    ranks, shard_of = np.full(len(hits), -1, np.int64), corpus.catalog.number("shard")[hits.video]
    document, tokens = corpus.catalog.number("document"), corpus.catalog.number("tokens")
    inside = (place >= 0) & (place < tokens[hits.video])
    for number, (shard, values) in enumerate(zip(corpus.shards, values_of_types(corpus, "norm"), strict=True)):
        rows = np.flatnonzero((shard_of == number) & inside)
        at = shard.bounds[document[hits.video[rows]]] + place[rows]
        ranks[rows] = values[shard.column("type")[at]]
    return ranks


def _each(hits: Hits) -> Iterator[tuple[int, int, int]]:
    return zip(hits.video.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True)


def _pieces(shard: Shard, at: Ints) -> tuple[list[str], list[str]]:
    """Forms and marks of some tokens of a shard."""
    forms = shard.lexicon("form").take(shard.type_codes("form")[shard.column("type")[at]])
    return forms, shard.lexicon("after").take(shard.column("after")[at])


def text_between(corpus: CorpusFiles, video: int, start: int, end: int) -> str:
    """The text of tokens ``start`` to ``end`` of a video with the marks between them, as captioned."""
    shard, begin, _ = corpus.span(video)
    return _joined(*_pieces(shard, np.arange(begin + start, begin + end)))


def _joined(forms: list[str], afters: list[str]) -> str:
    return "".join([form + after for form, after in zip(forms, afters, strict=True)])


class Lines(Sequence[Line]):
    """The lines of some hits, each made when it is looked at: a million of them take no more room than their columns."""

    def __init__(self, corpus: CorpusFiles, hits: Hits, context: int) -> None:
        self.corpus, self.hits, self.context = corpus, hits, context

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Line]:
        return lines(self.corpus, self.hits, self.context)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Lines: ...
    def __getitem__(self, index: int | slice) -> Line | Lines:
        if isinstance(index, slice):
            return Lines(self.corpus, self.hits.take(np.arange(len(self.hits))[index]), self.context)
        return next(lines(self.corpus, self.hits.take(np.arange(len(self.hits))[[index]]), self.context))


def lines(corpus: CorpusFiles, hits: Hits, context: int = 10) -> Iterator[Line]:
    """One line a hit, in the order of the hits; ``context`` in tokens each side.  Marks stay where they were."""
    for begin in range(0, len(hits), _AT_ONCE):
        yield from _some_lines(corpus, hits.take(np.arange(begin, min(begin + _AT_ONCE, len(hits)))), context)


def _some_lines(corpus: CorpusFiles, hits: Hits, context: int) -> Iterator[Line]:
    catalog = corpus.catalog
    outlet_codes, outlets = catalog.codes("outlet")
    platform_codes, platforms = catalog.codes("platform")
    about = zip(*(catalog.text(name).take(hits.video) for name in ("video", "id", "title", "published", "url")), strict=True)
    found = zip(about, _each(hits), _around(corpus, hits, context), strict=True)
    for (key, id, title, date, url), (video, start, end), around in found:
        forms, afters, first, last = around.forms, around.afters, around.first, around.last
        yield Line(
            video=key, outlet=outlets[outlet_codes[video]], date=date[:10], title=title,
            left=_joined(forms[:first], afters[:first]).rstrip(),
            node=_joined(forms[first:last], [*afters[first : last - 1], ""]),
            right=(afters[last - 1] + _joined(forms[last:], afters[last:])).strip(), start=start, end=end,
            time_ms=around.time_ms, estimated=around.estimated,
            link=link(platforms[platform_codes[video]], id, url, around.time_ms),
        )


@dataclass(frozen=True, slots=True)
class _Around:
    """A hit and the tokens around it: forms, marks, and from where to where among them it reaches."""

    forms: list[str]
    afters: list[str]
    first: int
    last: int
    time_ms: int
    estimated: bool


def _around(corpus: CorpusFiles, hits: Hits, context: int) -> list[_Around]:
    """The surroundings of hits; the tokens of all of them are read at once."""
    number, document = corpus.catalog.number("shard")[hits.video], corpus.catalog.number("document")[hits.video]
    found: dict[int, _Around] = {}
    for shard_number, shard in enumerate(corpus.shards):
        rows = np.flatnonzero(number == shard_number)
        if not len(rows):
            continue
        begin, stop = (shard.bounds[document[rows] + n].astype(np.int64) for n in (0, 1))
        place, end = begin + hits.start[rows], begin + hits.end[rows]
        first, last = np.maximum(place - context, begin), np.minimum(end + context, stop)
        at = ranges(first, last)
        forms, afters = _pieces(shard, at)
        time, flags = shard.column("start")[place].tolist(), shard.column("flags")[place].tolist()
        cuts = np.cumsum(last - first).tolist()
        inside = (place - first).tolist(), (end - first).tolist()
        of_rows = zip(rows.tolist(), [0, *cuts], cuts, *inside, time, flags, strict=False)
        for row, a, b, node, after, ms, flag in of_rows:
            found[row] = _Around(forms[a:b], afters[a:b], node, after, ms, bool(flag & ESTIMATED))
    return [found[row] for row in range(len(hits))]
