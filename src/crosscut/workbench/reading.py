"""Concordances: some lines of all hits, drawn without finding the others where that can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.query import concordance
from crosscut.query.hits import Hits, permuted
from crosscut.query.mask import Mask, around
from crosscut.query.pattern import DEFAULT_STRATEGY, Query
from crosscut.query.search import Drawn, Plan, answering, is_one_token, known_strategy, search
from crosscut.workbench.opened import Opened, names, silence

Ints = npt.NDArray[np.int64]
#: Up to so many random lines of one word are drawn by rank; of more all hits are found (0.2 ms a video looked at).
DRAWN = 1_000


@dataclass(frozen=True, slots=True)
class Concordance:
    """Some lines of all hits, with what was asked."""

    query: str
    cql: str
    hits: int                  # how many there are; ``lines`` shows the first of them in the order asked for
    lines: concordance.Lines   # made when they are looked at
    videos: int                # videos with hits
    words: int                 # words searched, of the languages that have hits
    per_million: float
    seed: int
    notes: tuple[str, ...] = ()


def kwic(
    corpus: Opened, query: str, *, where: str = "", span: str = "", sort: str | Sequence[str] = ("random",), limit: int = 50,
    context: int = 10, seed: int | None = None, strategy: str = "",
) -> Concordance:
    """A concordance: ``limit`` lines of the hits, in random order unless ``sort`` says otherwise (0: all)."""
    asked, mask, sort = corpus.parsed(query), corpus.mask(where, span), names(sort)
    used = corpus.seed(seed)
    per_video, shown = _page(corpus, asked, mask, sort, limit, used, strategy)
    hits = int(per_video.sum())
    silent, can = corpus.silent(mask, per_video, [asked]), answering(corpus.files, asked, mask)
    if silent:
        can = can & ~corpus.speaks(silent)
    words = int(mask.words.sum() if can is mask.videos else mask.words[can].sum())
    return Concordance(
        query, str(asked), hits, concordance.Lines(corpus.files, shown, context),
        int(np.count_nonzero(per_video)), words, 1e6 * hits / words if words else 0.0, used,
        (*corpus.notes([asked], mask), *silence(silent)),
    )


def _page(
    corpus: Opened, asked: Query, mask: Mask, sort: Sequence[str], limit: int, seed: int, strategy: str,
) -> tuple[Ints, Hits]:
    """Hits of each video, and the first of them in an order.

    A few random hits of one token are drawn by their ranks: nobody need find the others.
    """
    known_strategy(asked.strategy or strategy or DEFAULT_STRATEGY)
    if tuple(sort) == ("random",) and 0 < limit <= DRAWN and is_one_token(asked) and mask.inside is None:
        drawn = Drawn(corpus.files, asked, mask)
        total = int(drawn.per_video.sum())
        return drawn.per_video, drawn.nth(permuted(np.arange(min(limit, total)), total, seed))
    hits = search(corpus.files, asked, mask, strategy=strategy, structures=corpus.structures)
    per_video = hits.per_video(len(mask.videos))
    many = min(limit or len(hits), len(hits))
    if tuple(sort) == ("random",):
        return per_video, hits.take(permuted(np.arange(many), len(hits), seed))
    return per_video, concordance.sorted_by(corpus.files, hits, sort, seed).take(np.arange(many))


def explain(corpus: Opened, query: str, *, where: str = "", span: str = "", strategy: str = "") -> Plan:
    """Where the search for a query begins, what frequencies let expect there, and what was found."""
    plan = Plan()
    search(corpus.files, corpus.parsed(query), corpus.mask(where, span), strategy=strategy, structures=corpus.structures,
           plan=plan)
    return plan


def subcorpus(corpus: Opened, query: str, *, context: int = 10, where: str = "") -> Mask:
    """The tokens around the hits of a query, as a mask: what is searched and counted in is no more than these."""
    mask = corpus.mask(where)
    return around(corpus.files, mask, corpus.hits(query, mask=mask), context, context)


def text(corpus: Opened, video: str) -> str:
    """The words of a video as captioned, with marks."""
    ordinal = corpus.files.ordinal(video)
    shard, begin, end = corpus.files.span(ordinal)
    document = shard.documents[int(corpus.files.catalog.number("document")[ordinal])]
    return document.before + concordance.text_between(corpus.files, ordinal, 0, end - begin)
