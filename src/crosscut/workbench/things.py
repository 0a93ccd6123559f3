"""What is counted by video: the values of a layer, n-grams of them, or the hits of some queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.query.mask import Mask
from crosscut.query.pattern import Query, Test, Token, escape
from crosscut.query.search import answering, check_layers, count
from crosscut.workbench.ngrams import exactly
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

@dataclass(frozen=True, slots=True)
class Things:
    """``counts``: things × videos; ``sizes``: what a rate is out of, one number a video.

    ``kind``: what a thing is, ``name`` what each is called, and ``query`` what finds it.  ``can``: videos that may have it.
    """

    kind: str
    counts: Counts
    sizes: Ints
    name: Callable[[int], str]
    query: Callable[[int], str]
    can: Bools
    patterns: Sequence[Query]


def values(corpus: Opened, mask: Mask, layer: str) -> Things:
    """The values of a layer; rates are out of the tokens that have one.  LayerMissing where no language has the layer."""
    from crosscut.query.matrix import matrix  # a concordance should not wait for it

    any_value = check_layer(corpus, mask, layer)
    found = matrix(corpus.files, mask, layer)
    return Things(layer, found.counts, found.sizes, found.values.__getitem__,
                  lambda place: value_query(corpus, layer, found.values[place]), mask.videos, [any_value])


def totals(corpus: Opened, masks: Sequence[Mask], mask: Mask, layer: str) -> tuple[Things, Ints]:
    """The values of a layer, without their counts by video; and how often each is under each of some masks."""
    from crosscut.query.counting import frequencies

    any_value = check_layer(corpus, mask, layer)
    found = [frequencies(corpus.files, one, layer) for one in masks]
    known, nothing = found[0].values, np.zeros(0, np.int64)
    empty = Counts(np.zeros(len(known) + 1, np.int64), nothing, nothing, len(mask.videos))
    return Things(layer, empty, nothing, known.__getitem__, lambda place: value_query(corpus, layer, known[place]),
                  mask.videos, [any_value]), np.stack([one.counts for one in found]).T


def check_layer(corpus: Opened, mask: Mask, layer: str) -> Query:
    """The query for any value of a layer, if there is an answer to it."""
    found = corpus.parsed(f'[{layer}=".*"]')
    check_layers(corpus.files, found, mask)
    return found


def ngrams(corpus: Opened, mask: Mask, layer: str, n: int, at_least: int, min_videos: int) -> Things:
    """N-grams of a layer that are there so often and in so many videos; rates are out of all n-grams."""
    from crosscut.query.ngrams import ngrams as all_ngrams

    any_value = check_layer(corpus, mask, layer)
    found = all_ngrams(corpus.files, mask, layer, n, at_least=at_least, min_videos=min_videos)

    def tokens(place: int) -> tuple[str, ...]:
        return found.tokens(np.array([place]))[0]

    return Things("ngram", found.counts, found.places, lambda place: " ".join(tokens(place)),
                  lambda place: " ".join(value_query(corpus, layer, value) for value in tokens(place)), mask.videos,
                  [any_value])


def hits(corpus: Opened, mask: Mask, queries: Sequence[str], strategy: str) -> Things:
    """The hits of queries; rates are out of words, of the videos that can answer all of them."""
    queries = list(dict.fromkeys(queries))
    patterns = [corpus.parsed(query) for query in queries]
    can = mask.videos.copy()
    for pattern in patterns:
        can &= answering(corpus.files, pattern, mask)
    rows = [count(corpus.files, pattern, mask, strategy=strategy, structures=corpus.structures) for pattern in patterns]
    return Things("query", Counts.dense(np.array(rows) * can), mask.words * can, queries.__getitem__,
                  lambda place: queries[place], can, patterns)


def value_query(corpus: Opened, layer: str, value: str) -> str:
    """CQL that finds the tokens of one value, and of no other."""
    query = str(Token(exactly(layer, value)))
    if layer != "word" or value.isalnum():
        return query
    try:
        corpus.parsed(query)
    except QueryError:  # written as one word, as n't, it would be two
        return str(Token(Test(layer, f"({escape(value)})", regex=True, cased=True)))
    return query
