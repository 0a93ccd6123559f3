"""One list of a layer's values for the whole corpus: each shard has lexicons of its own, and a word is in many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.store.corpus import CorpusFiles
from crosscut.store.lexicon import merge_sorted
from crosscut.store.pack import Strings
from crosscut.store.shard import TYPE_LAYERS

Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Values:
    """All values of a layer, sorted by their UTF-8 bytes; ``places[s][c]``: which of them is value c of shard s."""

    values: Strings
    places: tuple[Codes, ...]


def values_of(corpus: CorpusFiles, layer: str) -> Values:
    """The values of a layer; merged once and kept while the corpus is open."""
    if layer not in TYPE_LAYERS:
        raise QueryError(f"cannot count by {layer!r}: there is {', '.join(TYPE_LAYERS)}")
    key = ("values", layer)
    if key not in corpus.kept:
        corpus.kept[key] = _merged([shard.lexicon(layer) for shard in corpus.shards])
    found: Values = corpus.kept[key]
    return found


def keep_values(corpus: CorpusFiles, layer: str, values: Values) -> None:
    """What was merged before, so that it is not merged again."""
    corpus.kept["values", layer] = values


def values_of_types(corpus: CorpusFiles, layer: str) -> list[Codes]:
    """For each shard, which value of the layer each type has."""
    key = ("values of types", layer)
    if key not in corpus.kept:
        places = values_of(corpus, layer).places
        corpus.kept[key] = [place[shard.type_codes(layer)] if len(place) else np.zeros(0, np.uint32)
                            for shard, place in zip(corpus.shards, places, strict=True)]
    found: list[Codes] = corpus.kept[key]
    return found


def _merged(lexicons: list[Strings]) -> Values:
    if len(lexicons) == 1:
        return Values(lexicons[0], (np.arange(len(lexicons[0]), dtype=np.uint32),))
    values, places = merge_sorted(lexicons) if lexicons else (Strings.of([]), [])
    return Values(values, tuple(places))
