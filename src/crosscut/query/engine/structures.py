"""Where do structures lie in a shard?  Videos by what is known of them, spans of a layer by its name and attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.query import fields
from crosscut.query.engine.lexicon import fits
from crosscut.query.engine.matches import Matches
from crosscut.query.pattern import Not, Region, Test
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import LayerSpan, find_layer

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Placed:
    """The spans of a layer that still apply: shard, place in it, and what is said of them."""

    shard: Ints
    start: Ints
    end: Ints
    spans: tuple[LayerSpan, ...]


class Structures:
    """The structures of a corpus; ``stale`` counts the spans whose videos have other words by now."""

    def __init__(self, corpus: CorpusFiles, layers: Path | None = None, off: frozenset[str] = frozenset()) -> None:
        self.corpus, self._layers, self._off = corpus, layers, off
        self._placed: dict[str, _Placed] = {}
        self.stale: dict[str, int] = {}

    def of_shard(self, number: int) -> Callable[[Region], Matches]:
        """Gives the stretches of a structure in one shard, ascending."""
        return cache(lambda region: self._videos(number, region) if region.structure == "video"
                     else self._spans(number, region))

    def _videos(self, number: int, region: Region) -> Matches:
        shard, ordinals = self.corpus.shards[number], self.corpus.ordinals[number]
        good = (ordinals >= 0) & (np.diff(shard.bounds) > 0)
        for test in region.tests:
            good[good] &= self.videos(test)[ordinals[good]]
        return Matches(shard.bounds[:-1][good], shard.bounds[1:][good])

    def videos(self, test: Test | Not) -> npt.NDArray[np.bool_]:
        """Which videos are as a test of a field says."""
        field = test.part.layer if isinstance(test, Not) and isinstance(test.part, Test) else getattr(test, "layer", "")
        right = cache(lambda value: _is(test, {field: value}))
        return np.array([right(value) for value in fields.values(self.corpus.catalog, field)], bool)

    def _spans(self, number: int, region: Region) -> Matches:
        placed = self._of_layer(region.structure)
        good = placed.shard == number
        if region.tests:
            good &= np.array([all(_is(test, _attributes(span)) for test in region.tests) for span in placed.spans], bool)
        return Matches(placed.start[good], placed.end[good]).distinct()

    def _of_layer(self, name: str) -> _Placed:
        if name not in self._placed:
            layer = find_layer(self._layers or Path(), name, self._off)
            catalog, contents = self.corpus.catalog, self.corpus.catalog.text("content")
            found = [(catalog.video.find(span.video), span) for span in layer.spans]
            kept = [(at, span) for at, span in found if at >= 0 and contents[at] == span.content
                    and 0 <= span.start < span.end <= int(catalog.number("tokens")[at])]
            self.stale[name] = len(found) - len(kept)
            at = np.array([ordinal for ordinal, _ in kept], np.int64)
            shard, document = catalog.number("shard")[at], catalog.number("document")[at]
            begin = np.array([int(self.corpus.shards[s].bounds[d]) for s, d in zip(shard.tolist(), document.tolist(),
                                                                                   strict=True)], np.int64)
            self._placed[name] = _Placed(
                shard, begin + np.array([span.start for _, span in kept], np.int64),
                begin + np.array([span.end for _, span in kept], np.int64), tuple(span for _, span in kept))
        return self._placed[name]


def _attributes(span: LayerSpan) -> Mapping[str, str]:
    return {**dict(span.more), "label": span.label, "confidence": f"{span.confidence:g}"}


def _is(test: object, attributes: Mapping[str, str]) -> bool:
    """Whether attributes are as a test says; what is not said is neither so nor otherwise."""
    if isinstance(test, Not) and isinstance(test.part, Test):
        return bool(attributes.get(test.part.layer)) and not fits(test.part, attributes[test.part.layer])
    assert isinstance(test, Test)
    return fits(test, attributes.get(test.layer, ""))
