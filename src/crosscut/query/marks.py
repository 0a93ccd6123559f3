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
from crosscut.query.spans import Spans
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

    def behind(self, corpus: CorpusFiles) -> bool:
        """Whether a program made the layer of another state of the corpus."""
        return bool(self.of) and self.of != corpus.manifest.result

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


def most_of(corpus: CorpusFiles, marks: Marks) -> tuple[Ints, list[str]]:
    """The label that holds most of each video's tokens: a code a video, and the text of each code.

    "" where none holds half of them: a show of many stories is of none.  Of two that hold half each, the one that begins
    first.
    """
    texts = list(dict.fromkeys(("", *marks.attribute("label"))))
    places = {text: code for code, text in enumerate(texts)}
    label = np.array([places[text] for text in marks.attribute("label")], np.int64)
    pairs, at = np.unique(marks.video * len(texts) + label, return_inverse=True)
    spans = Spans.of(at.reshape(-1), marks.start, marks.end)  # what overlaps is counted once
    held = np.bincount(spans.video, spans.end - spans.start, len(pairs))
    begins = np.full(len(pairs), np.iinfo(np.int64).max)
    np.minimum.at(begins, spans.video, spans.start)
    video, code = pairs // len(texts), pairs % len(texts)
    enough = 2 * held >= np.maximum(corpus.catalog.number("tokens")[video], 1)
    order = np.lexsort((-begins, held))
    order = order[enough[order]]
    found = np.zeros(len(corpus.catalog), np.int64)
    found[video[order]] = code[order]  # of several the last one stays
    return found, texts


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
