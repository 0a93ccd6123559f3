"""Lists of words, and hits grouped by what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crosscut.measure import frequency
from crosscut.measure.association import PER_MILLION
from crosscut.measure.ranking import Ranking, largest
from crosscut.query import concordance
from crosscut.query.search import count
from crosscut.workbench.opened import Opened, names


def groups(
    corpus: Opened, query: str, by: str = "node", *, where: str = "", span: str = "", strategy: str = "", limit: int = 100,
) -> Ranking:
    """How many hits have each node, word beside it (``1L``, ``2R``) or field of the video, the most frequent first."""
    hits = corpus.hits(query, where=where, span=span, strategy=strategy)
    found = concordance.grouped(corpus.files, hits, by)
    counts = np.array([count for _, count in found], np.int64)
    rows = tuple(found[place] for place in largest(counts, counts > 0, limit).tolist())
    return Ranking((by, "hits"), rows, {"hits": len(hits), by: len(found)})


def wordlist(corpus: Opened, layer: str = "lemma", *, where: str = "", span: str = "", limit: int = 100) -> Ranking:
    """The most frequent values of a layer (0: all): how many tokens have them, and per million words."""
    from crosscut.query.counting import frequencies  # a concordance should not wait for what only lists need

    found = frequencies(corpus.files, corpus.mask(where, span), layer)
    places = largest(found.counts, found.counts > 0, limit)
    counts = found.counts[places].tolist()
    rows = [(value, count, PER_MILLION * count / found.words if found.words else None)
            for value, count in zip(found.values.take(places), counts, strict=True)]
    return Ranking((layer, "tokens", "per_million"), tuple(rows), {"tokens": found.tokens, "words": found.words})


def counts(
    corpus: Opened, query: str, by: str | Sequence[str] = ("outlet", "month"), *, where: str = "", span: str = "",
) -> list[dict[str, Any]]:
    """Hits, words and videos of each group that has videos, in the order of the labels; ``freq`` adds intervals."""
    mask, by = corpus.mask(where, span), names(by)
    hits = count(corpus.files, corpus.parsed(query), mask, structures=corpus.structures)
    grouped = frequency.group_coded(corpus.coded(by), mask.videos)
    columns = (*by, *frequency.TOTALS)
    return [dict(zip(columns, row, strict=True)) for row in frequency.totals(hits, mask.words, grouped)]
