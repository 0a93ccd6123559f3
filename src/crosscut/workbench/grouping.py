"""Put videos into stories, and keep what is found: the layers ``segments`` and ``stories``.

A piece that had a story keeps it; ids and names stay as they are; only what is new is put somewhere.  A person's word
(``corrections/stories.tsv``) stands above what is found, and is followed anew each time, so that a line that is taken away
gives back what the program found.  Each layer appears whole or not at all, ``segments`` first; stories of an earlier
state of the corpus say so until they are brought up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from crosscut.errors import StudyError
from crosscut.importing import now
from crosscut.ledger import Ledger
from crosscut.model import FOUND
from crosscut.settings import StoryChoices
from crosscut.store.layer import Layer, layer_files, read_layer, write_layer
from crosscut.store.lock import only_one
from crosscut.workbench import keeping, passages, wording
from crosscut.workbench.described import Texts
from crosscut.workbench.keeping import Before
from crosscut.workbench.opened import Opened
from crosscut.workbench.passages import SEGMENTS
from crosscut.workbench.putting import Grouping, settings_of
from crosscut.workbench.telling import Word, read_word

Ints = npt.NDArray[np.int64]

#: The layer's name, and who writes it.
STORIES, AUTHOR = "stories", "crosscut"
#: Raised when videos would be cut in another way: old cuts are then made anew.
VERSION = "1"
#: What the header of the layer keeps: the person's word, the copies, and how long videos were cut, when it was made.
_WORD, _COPIES, _CUTTING = "word", "copies", "cutting"

Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class StoriesReport:
    """What one run did.  ``unknown``: what the person's word speaks of and nobody has, by line."""

    stories: int = 0
    pieces: int = 0
    cut: int = 0                      # long videos that are cut
    new_stories: int = 0
    new_pieces: int = 0
    written: bool = False             # whether a new version of a layer was written
    unknown: list[str] = field(default_factory=list)


def update_stories(corpus: Opened, *, anew: bool = False, progress: Progress | None = None) -> StoriesReport:
    """Bring the layers ``segments`` and ``stories`` up to date with the corpus and the person's word.

    ``anew``: put all pieces together again, as after other settings; a story keeps its id where most of it stays together.
    Raises ``StudyError`` where a layer is switched off, or the corpus is not as found and as it is now.
    """
    _check(corpus)
    corpus.study.layers.mkdir(parents=True, exist_ok=True)
    with only_one(corpus.study.layers, "another crosscut stories"):
        return _update(corpus, anew, progress)


def _update(corpus: Opened, anew: bool, progress: Progress | None) -> StoriesReport:
    word = read_word(corpus.study.corrections)
    segments, stories = (_last(corpus, name) for name in (SEGMENTS, STORIES))
    made = _made_with(corpus, word)
    if not anew and segments and stories and _is_current(corpus, segments, stories, made):
        return _nothing_new(corpus, word, segments, stories)
    videos = passages.told(corpus.files)
    with Ledger(corpus.study.ledger) as ledger:
        texts = Texts.of(corpus.files.catalog, ledger, videos)
    terms = wording.Terms.of(corpus.files)
    cut_now = _segments(corpus, terms, texts, videos, segments, progress)
    cut = passages.pieces(corpus, videos, cut_now.spans)
    found = Grouping.of(corpus, cut, terms, texts, word, Before.of(stories), anew=anew)
    layer = Layer(STORIES, 1, AUTHOR, _method(corpus.study.stories), now(), tuple(found.spans), corpus.files.manifest.result,
                  (*made, *found.gone))
    written = [_write(corpus, now_, old) for now_, old in ((cut_now, segments), (layer, stories))]
    return replace(_counts(cut_now, layer), new_stories=found.new_stories, new_pieces=found.new_pieces,
                   written=any(written), unknown=found.asked.unknown)


def _check(corpus: Opened) -> None:
    if corpus.view != FOUND or corpus.files.manifest.as_of:
        raise StudyError("stories are told apart in the corpus as found and as it is now: leave out --as-of and --view")
    if off := {SEGMENTS, STORIES} & corpus.study.layers_off:
        raise StudyError(f"the layer {min(off)} is switched off in the study file: take it out of [layers] off")


def _last(corpus: Opened, name: str) -> Layer | None:
    """The highest version of a layer."""
    path = layer_files(corpus.study.layers).get(name)
    return read_layer(path) if path else None


def _made_with(corpus: Opened, word: Word) -> tuple[tuple[str, str], ...]:
    """What a layer of stories hangs on beside the corpus and its method."""
    copies = layer_files(corpus.study.layers, corpus.study.layers_off).get("copies")
    return (_WORD, word.digest), (_COPIES, copies.name if copies else ""), (_CUTTING, _cutting(corpus.study.stories))


def _is_current(corpus: Opened, segments: Layer, stories: Layer, made: tuple[tuple[str, str], ...]) -> bool:
    """Whether both layers are of this corpus, made in this way, with this word."""
    result, choices = corpus.files.manifest.result, corpus.study.stories
    methods = (segments.method, stories.method) == (_cutting(choices), _method(choices))
    return segments.of == stories.of == result and methods and set(made) <= set(stories.more)


def _nothing_new(corpus: Opened, word: Word, segments: Layer, stories: Layer) -> StoriesReport:
    """What is there, and what the person's word speaks of that is not."""
    report = _counts(segments, stories)
    if word.names or word.merged or word.moves:
        cut = passages.pieces(corpus, passages.told(corpus.files), segments.spans)
        before = Before.of(stories)
        asked = keeping.followed(word, corpus.files, cut, [None] * len(cut), before)
        report.unknown = [*keeping.nobodys(word, before.ids), *asked.unknown]
    return report


def _counts(segments: Layer, stories: Layer) -> StoriesReport:
    return StoriesReport(len({span.label for span in stories.spans}), len(stories.spans),
                         len({span.video for span in segments.spans}))


def _cutting(choices: StoryChoices) -> str:
    return f"topic segments of videos of {choices.long:,} s or more (cutting {VERSION})"


def _method(choices: StoryChoices) -> str:
    used = settings_of(choices)
    by = f", sentence encoder {choices.embeddings}" if choices.embeddings else ""
    return (f"words, names, titles, descriptions and days; similarity {used.threshold:g} or more, {used.days} days{by}")


def _segments(
    corpus: Opened, terms: wording.Terms, texts: Texts, videos: Ints, old: Layer | None, progress: Progress | None,
) -> Layer:
    """The segments of all long videos, as a layer."""
    choices = corpus.study.stories
    long, method = videos[passages.are_long(corpus.files, videos, choices.long)], _cutting(choices)
    before = old.spans if old and old.method == method else ()
    spans = passages.cut(corpus, terms, long, before, texts.chapters, progress)
    return Layer(SEGMENTS, 1, AUTHOR, method, now(), tuple(spans), corpus.files.manifest.result)


def _write(corpus: Opened, layer: Layer, old: Layer | None) -> bool:
    """Write a layer as the next version, unless it says the same of the same corpus."""
    if old and (old.spans, old.method, old.of, old.more) == (layer.spans, layer.method, layer.of, layer.more):
        return False
    write_layer(corpus.study.layers, replace(layer, version=old.version + 1 if old else 1))
    return True
