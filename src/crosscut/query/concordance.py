"""Here is my hit: give me its context, and its second of video.

Lines come in random order unless another is asked for, so that nobody reads only the first outlet; the order depends
on the seed and on the hits alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.identity import link
from crosscut.model import ESTIMATED
from crosscut.query import fields
from crosscut.query.search import Hits
from crosscut.store.corpus import CorpusFiles
from crosscut.tokens import norm

Ints = npt.NDArray[np.int64]

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


def shuffled(hits: Hits, seed: int) -> Hits:
    """The hits in random order; the same for the same seed and hits, whatever the shards."""
    return hits.take(np.random.Generator(np.random.PCG64(seed % (1 << 64))).permutation(len(hits)))


def sorted_by(corpus: CorpusFiles, hits: Hits, keys: Iterable[str], seed: int) -> Hits:
    """The hits in the order of ``keys``; ties in the order of the corpus."""
    names = list(keys)
    if names == ["random"]:
        return shuffled(hits, seed)
    columns = [_column(corpus, hits, key) for key in names]
    rows = sorted(range(len(hits)), key=lambda row: tuple(column[row] for column in columns))
    return hits.take(np.array(rows, np.int64))


def _column(corpus: CorpusFiles, hits: Hits, key: str) -> list[str]:
    if key == "node":
        return [norm(" ".join(_forms(corpus, *hit))) for hit in _each(hits)]
    if key in _PLACES:
        offset = _PLACES[key]
        return [norm(_form_at(corpus, video, start + offset if offset < 0 else end + offset - 1))
                for video, start, end in _each(hits)]
    if key in fields.COLUMNS:
        values = fields.values(corpus.catalog, key)
        return [values[video] for video in hits.video.tolist()]
    raise QueryError(f"cannot sort by {key!r}: random, video, node, 1L to 9L, 1R to 9R, or a field of --by")


def _each(hits: Hits) -> Iterator[tuple[int, int, int]]:
    return zip(hits.video.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True)


def _form_at(corpus: CorpusFiles, video: int, place: int) -> str:
    shard, begin, end = corpus.span(video)
    return "".join(_forms(corpus, video, place, place + 1)) if 0 <= place < end - begin and shard else ""


def _forms(corpus: CorpusFiles, video: int, start: int, end: int) -> list[str]:
    shard, begin, _ = corpus.span(video)
    types = shard.column("type")[begin + start : begin + end]
    return shard.lexicon("form").take(shard.type_codes("form")[types])


def text_between(corpus: CorpusFiles, video: int, start: int, end: int) -> str:
    """The text of tokens ``start`` to ``end`` of a video with the marks between them, as captioned."""
    shard, begin, _ = corpus.span(video)
    afters = shard.lexicon("after").take(shard.column("after")[begin + start : begin + end])
    return "".join(form + after for form, after in zip(_forms(corpus, video, start, end), afters, strict=True))


def lines(corpus: CorpusFiles, hits: Hits, context: int = 10) -> Iterator[Line]:
    """One line a hit, in the order of the hits; ``context`` in tokens each side.  Marks stay where they were."""
    catalog = corpus.catalog
    outlet_codes, outlets = catalog.codes("outlet")
    platform_codes, platforms = catalog.codes("platform")
    ids, titles, dates, urls = (catalog.text(name) for name in ("id", "title", "published", "url"))
    for video, start, end in _each(hits):
        shard, begin, stop = corpus.span(video)
        place = begin + start
        from_, to = max(start - context, 0), min(end + context, stop - begin)
        node = text_between(corpus, video, start, end)
        bare = node[: len(node) - len(_last_after(corpus, video, end))]
        time = int(shard.column("start")[place])
        yield Line(
            video=catalog.video[video], outlet=outlets[outlet_codes[video]], date=dates[video][:10], title=titles[video],
            left=text_between(corpus, video, from_, start).rstrip(), node=bare,
            right=(node[len(bare):] + text_between(corpus, video, end, to)).strip(), start=start, end=end, time_ms=time,
            estimated=bool(shard.column("flags")[place] & ESTIMATED),
            link=link(platforms[platform_codes[video]], ids[video], urls[video], time),
        )


def _last_after(corpus: CorpusFiles, video: int, end: int) -> str:
    shard, begin, _ = corpus.span(video)
    return shard.lexicon("after")[int(shard.column("after")[begin + end - 1])]
