"""All tables of one story, in the order in which one would read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from crosscut.errors import LayerMissing, QueryError
from crosscut.measure.finding import Finding
from crosscut.workbench.naming import naming
from crosscut.workbench.opened import Opened
from crosscut.workbench.story import story as coverage
from crosscut.workbench.story import story_passages, story_shared, story_titles, story_words
from crosscut.workbench.story_only import story_only
from crosscut.workbench.within import LAYER, span_of


def tables(corpus: Opened, story: str, *, where: str = "", span: str = "", layer: str = "lemma") -> Iterator[Finding]:
    """Who tells it, headlines, words of one outlet, names and numbers of one, words of all, names of a thing, passages.

    Tables without a row, and those of a layer of tokens that a language has not, are left out.
    """
    asked: dict[str, Any] = {"where": where, "span": span}
    yield coverage(corpus, story, **asked)
    yield story_titles(corpus, story, **asked)
    with suppress(LayerMissing):
        yield from _with_rows(story_words(corpus, story, layer=layer, **asked))
    yield from _with_rows(story_only(corpus, story, **asked))
    with suppress(LayerMissing):
        yield from _with_rows(story_shared(corpus, story, layer=layer, **asked))
    for name in corpus.study.naming:
        with suppress(QueryError):  # a set has no alternatives in any language of the story
            yield from in_story(corpus, name, story, where, span)
    yield story_passages(corpus, story, **asked)


def _with_rows(finding: Finding) -> Iterator[Finding]:
    if finding.rows:
        yield finding


def in_story(corpus: Opened, name: str, story: str, where: str = "", span: str = "") -> Iterator[Finding]:
    """What outlets call it in one story; nothing where they do not name it."""
    finding = naming(corpus, name, where=where, span=span_of([story], span) or f"layer {LAYER}={story}")
    if any(row["hits"] for row in finding.to_dicts()):
        yield finding
