"""The spans of a layer that still apply, as columns, and which of them are as a test says.

A layer that was read is kept until its file changes, as long as the corpus is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.query.engine.lexicon import fits
from crosscut.query.pattern import Not, Test
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, LayerSpan, find_layer, layer_files

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Marks:
    """Of each span its video (ordinal), its tokens ``start`` to ``end``, and the span as the layer has it.

    ``stale``: so many spans are left out, as their videos have other words by now; ``of``: the digest of the corpus that a
    program looked at when it made the layer, "" where people made it.
    """

    video: Ints
    start: Ints
    end: Ints
    spans: tuple[LayerSpan, ...]
    stale: int
    name: str
    of: str = ""

    def attribute(self, name: str) -> list[str]:
        """What each span says: its ``label``, its ``confidence``, or what else the layer says of it; "" where nothing."""
        if name == "label":
            return [span.label for span in self.spans]
        if name == "confidence":
            return [f"{span.confidence:g}" for span in self.spans]
        return [next((value for key, value in span.more if key == name), "") for span in self.spans]

    def where(self, *tests: Test | Not) -> Bools:
        """Which spans are as all tests say; what is not said of a span is neither so nor otherwise."""
        chosen = np.ones(len(self.spans), bool)
        for test in tests:
            right = cache(lambda value, test=test: is_as(test, value))
            chosen &= np.array([right(value) for value in self.attribute(_asked(test))], bool)
        return chosen


def _asked(test: Test | Not) -> str:
    """The attribute that a test asks for."""
    part = test.part if isinstance(test, Not) else test
    assert isinstance(part, Test)
    return part.layer


def is_as(test: Test | Not, value: str) -> bool:
    """Whether the value of an attribute is as a test says; "" is never otherwise."""
    if isinstance(test, Not):
        assert isinstance(test.part, Test)
        return bool(value) and not fits(test.part, value)
    return fits(test, value)


def marks_of(corpus: CorpusFiles, folder: Path, name: str, off: frozenset[str] = frozenset()) -> Marks:
    """The spans of the highest version of a layer that apply to a corpus; ``NotFound`` where there is none."""
    path = layer_files(folder, off).get(name)
    about = path.stat() if path else None
    key = ("layer", path, about.st_mtime_ns, about.st_size) if about else None
    if key is None or key not in corpus.kept:
        corpus.kept[key] = _marks(corpus, find_layer(folder, name, off))
    found: Marks = corpus.kept[key]
    return found


def _marks(corpus: CorpusFiles, layer: Layer) -> Marks:
    contents, videos = corpus.catalog.text("content"), corpus.catalog.video
    bound = dict.fromkeys((span.video, span.content) for span in layer.spans)
    found = {key: ordinal for key in bound if (ordinal := videos.find(key[0])) >= 0 and contents[ordinal] == key[1]}
    kept = tuple(span for span in layer.spans if (span.video, span.content) in found)
    rows = [(found[span.video, span.content], span.start, span.end) for span in kept]
    video, start, end = np.array(rows, np.int64).reshape(-1, 3).T
    lengths = corpus.catalog.number("tokens")[video]
    return Marks(video, np.clip(start, 0, lengths), np.clip(end, 0, lengths), kept, len(layer.spans) - len(kept),
                 f"{layer.name}.{layer.version} {layer.digest[:16]}", layer.of)
