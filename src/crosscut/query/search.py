"""All hits of a query under a mask: each shard's matches, what holds of them, and those that the strategy keeps.

A query never crosses a video.  Hits lie wholly inside the mask; what does not is dropped before the strategy chooses.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from crosscut.errors import LayerMissing, QueryError
from crosscut.query import fields
from crosscut.query.engine.conditions import fulfilled
from crosscut.query.engine.constraint import Decided
from crosscut.query.engine.lexicon import TYPE_LAYERS, compiled
from crosscut.query.engine.matcher import Matcher
from crosscut.query.engine.matches import Matches, documents_of, kept, numbered_rows
from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits
from crosscut.query.mask import Mask, by_language
from crosscut.query.pattern import (
    DEFAULT_STRATEGY,
    STRATEGIES,
    Between,
    Compare,
    Edge,
    Field,
    Gap,
    Label,
    Link,
    Listed,
    Pattern,
    Query,
    Region,
    Relation,
    Test,
    Token,
    Value,
    Window,
    escape,
    walk,
)
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import ranges
from crosscut.store.shard import Shard

__all__ = ["Drawn", "Hits", "Plan", "check_layers", "count", "languages_of", "languages_without", "search"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Plan:
    """Where a search began, for ``--explain``: each part by itself, its tokens by frequency, and those that were taken."""

    steps: dict[str, tuple[int, int]] = field(default_factory=dict)
    matches: int = 0

    def add(self, steps: Iterable[tuple[str, int, int]], matches: int) -> None:
        """What one shard adds."""
        self.matches += matches
        for part, estimated, found in steps:
            before = self.steps.get(part, (0, 0))
            self.steps[part] = (before[0] + estimated, before[1] + found)


def search(
    corpus: CorpusFiles, query: Query, mask: Mask, *, strategy: str = "", structures: Structures | None = None,
    pause: Callable[[], None] = lambda: None, plan: Plan | None = None,
) -> Hits:
    """All hits of a query under a mask, by video and start.

    ``strategy``: one of ``STRATEGIES``; one that the query names goes before it.  ``pause`` is called between steps and
    may raise to end the search; ``plan`` takes what ``--explain`` shows.
    """
    check_layers(corpus, query, mask)
    structures = structures or Structures(corpus)
    chosen = known_strategy(query.strategy or strategy or DEFAULT_STRATEGY)
    parts = [_in_shard(corpus, number, query, mask, chosen, structures, pause, plan) for number in range(len(corpus.shards))]
    if len(parts) == 1:
        labels = {name: parts[0].labels.get(name, np.full(len(parts[0]), -1)) for name in label_names(query)}
        return replace(parts[0], labels=labels)
    names = label_names(query)
    columns = [np.concatenate([np.zeros(0, np.int64), *(getattr(part, name) for part in parts)])
               for name in ("video", "start", "end")]
    labels = {name: np.concatenate([part.labels.get(name, np.full(len(part), -1)) for part in parts]) for name in names}
    return _in_order(corpus, Hits(columns[0], columns[1], columns[2], labels))


def known_strategy(name: str) -> str:
    """The name of a strategy, if there is one of that name."""
    if name not in STRATEGIES:
        raise QueryError(f"no matching strategy {name!r}: there is {', '.join(STRATEGIES)}")
    return name


def _at(videos: Bools, ordinals: Ints) -> Bools:
    """A value a video by documents; anything for those that are of no video."""
    return videos[ordinals] if len(videos) else np.zeros(len(ordinals), bool)


def _in_order(corpus: CorpusFiles, hits: Hits) -> Hits:
    """Hits that stand video by video, in the order of the videos: counted, since sorting takes ten times as long."""
    new = np.ones(len(hits), bool)
    new[1:] = hits.video[1:] != hits.video[:-1]
    first = np.flatnonzero(new)
    if not bool((hits.video[first][1:] < hits.video[first][:-1]).any()):
        return hits
    if len(hits) * 16 < len(corpus.catalog):
        return hits.take(np.argsort(hits.video, kind="stable"))
    begin, size = (np.zeros(len(corpus.catalog), np.int64) for _ in range(2))
    begin[hits.video[first]] = first
    size[hits.video[first]] = np.diff(first, append=len(hits))
    return hits.take(ranges(begin, begin + size))


def _in_shard(
    corpus: CorpusFiles, number: int, query: Query, mask: Mask, strategy: str, structures: Structures,
    pause: Callable[[], None], plan: Plan | None,
) -> Hits:
    shard, ordinals = corpus.shards[number], corpus.ordinals[number]
    documents = _searched(corpus, number, mask)
    if not documents.any():
        nothing = np.zeros(0, np.int64)
        return Hits(nothing, nothing, nothing, dict.fromkeys(label_names(query), nothing))
    matcher = Matcher(shard, documents, structures.of_shard(number), pause)
    try:
        spans = matcher.matches(query.pattern)
    except MemoryError as error:
        raise QueryError("this query needs more memory than there is: make gaps shorter, or ask for rarer words") from error
    if query.condition:
        spans = spans.take(fulfilled(shard, spans, query.condition, _Videos(corpus, ordinals)))
    if mask.inside is not None:
        document = documents_of(shard.bounds, spans.start)
        begin = shard.bounds[document].astype(np.int64)
        spans = spans.take(mask.holds(ordinals[document], spans.start - begin, spans.end - begin))
    if plan is not None:
        plan.add(matcher.steps, len(spans))
    return _hits(shard.bounds, ordinals, kept(spans, strategy))


def _searched(corpus: CorpusFiles, number: int, mask: Mask) -> Bools:
    """Which documents of a shard are searched; those of the last mask are kept, as questions mostly come in rows."""
    before = corpus.kept.get(("searched", number))
    if before is None or before[0] is not mask.videos:
        ordinals = corpus.ordinals[number]
        before = corpus.kept["searched", number] = (mask.videos, (ordinals >= 0) & _at(mask.videos, ordinals))
    found: Bools = before[1]
    return found


def _hits(bounds: Ints, ordinals: Ints, spans: Matches) -> Hits:
    """Hits of matches in ascending order, video by video in the order of the corpus."""
    documents, sizes = _by_document(bounds, spans.start)
    order = np.argsort(ordinals[documents])
    if bool((order[1:] < order[:-1]).any()):
        first = (np.cumsum(sizes) - sizes)[order]
        documents, sizes = documents[order], sizes[order]
        spans = spans.take(ranges(first, first + sizes))
    begin = np.repeat(bounds[documents].astype(np.int64), sizes)
    labels = {name: np.where(column >= 0, column - begin, -1) for name, column in spans.bound.items()}
    return Hits(np.repeat(ordinals[documents], sizes), spans.start - begin, spans.end - begin, labels)


def _by_document(bounds: Ints, at: Ints) -> tuple[Ints, Ints]:
    """The documents in which ascending places lie, and how many lie in each."""
    if len(at) * 4 > len(bounds):
        sizes = np.diff(np.searchsorted(at, bounds))
        documents = np.flatnonzero(sizes)
        return documents, sizes[documents]
    each = documents_of(bounds, at)
    first = np.flatnonzero(np.append(True, each[1:] != each[:-1])[: len(each)])
    return each[first], np.diff(first, append=len(each))


@dataclass(frozen=True, slots=True)
class _Videos:
    """What is known of the videos of a shard, by document."""

    corpus: CorpusFiles
    ordinals: Ints

    def compared(self, condition: Compare) -> Bools:
        assert isinstance(condition.left, Field)
        assert isinstance(condition.right, (Test, float))
        good = fields.compared(self.corpus.catalog, condition.left.name, condition.operator, condition.right)
        return good[self.ordinals] & (self.ordinals >= 0)

    def texts(self, field: str) -> list[str]:
        values = fields.values(self.corpus.catalog, field)
        return [values[ordinal] if ordinal >= 0 else "" for ordinal in self.ordinals.tolist()]


def is_one_token(query: Query) -> bool:
    """Whether a query asks for one token by what belongs to its type: its hits need not be found to be counted."""
    token = query.pattern
    return isinstance(token, Token) and query.condition is None and all(
        part.layer in TYPE_LAYERS for part in walk(token) if isinstance(part, (Test, Listed)))


def count(
    corpus: CorpusFiles, query: Query, mask: Mask, *, strategy: str = "", structures: Structures | None = None,
) -> Ints:
    """Hits of a query in each video.

    One token under whole videos is answered by the video × type counts; anything else by its hits.
    """
    if not is_one_token(query) or mask.inside is not None:
        return search(corpus, query, mask, strategy=strategy, structures=structures).per_video(len(corpus.catalog))
    return Drawn(corpus, query, mask).per_video


class Drawn:
    """The hits of a query for one token under whole videos: counted by video, and drawn by their ranks, but never listed."""

    def __init__(self, corpus: CorpusFiles, query: Query, mask: Mask) -> None:
        check_layers(corpus, query, mask)
        assert isinstance(query.pattern, Token)
        self._corpus, self._decided = corpus, [Decided(shard, query.pattern.constraint) for shard in corpus.shards]
        self.per_video = np.zeros(len(corpus.catalog), np.int64)
        for shard, ordinals, decided in zip(corpus.shards, corpus.ordinals, self._decided, strict=True):
            documents, numbers = shard.entries(decided.types)
            videos = ordinals[documents]
            counted = (videos >= 0) & _at(mask.videos, videos)
            if not counted.all():
                videos, numbers = videos[counted], numbers[counted]
            # Sums are whole in 53 bits.
            self.per_video += np.bincount(videos, numbers, len(self.per_video)).astype(np.int64)

    def nth(self, ranks: Ints) -> Hits:
        """The hits of some ranks in the order of the corpus; only their videos are looked at."""
        until, catalog = np.cumsum(self.per_video), self._corpus.catalog
        video = np.searchsorted(until, ranks, side="right")
        within = ranks - (until[video] - self.per_video[video])
        number, document = catalog.number("shard")[video], catalog.number("document")[video]
        start = np.zeros(len(ranks), np.int64)
        for shard_number, (shard, decided) in enumerate(zip(self._corpus.shards, self._decided, strict=True)):
            rows = np.flatnonzero(number == shard_number)
            begin, stop = (shard.bounds[document[rows] + n].astype(np.int64) for n in (0, 1))
            of_row, at = _between(shard, decided, begin, stop)
            first = np.searchsorted(of_row, np.arange(len(rows)))
            start[rows] = at[first + within[rows]] - begin
        return Hits(video.astype(np.int64), start, start + 1)


#: The places of up to so many types are looked up by postings, those of more by a look at all tokens of the videos.
_LOOKED_UP = 24


def _between(shard: Shard, decided: Decided, begin: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """The tokens of a constraint in some stretches: the row of each, and its place, row by row in ascending order."""
    if len(decided.types) > _LOOKED_UP:
        rows, at = numbered_rows(begin, stop)
        found = decided.holds(at)
        return rows[found], at[found]
    pieces = [shard.places_between(kind, begin, stop) for kind in decided.types.tolist()]
    rows, at = (np.concatenate([np.zeros(0, np.int64), *(piece[n] for piece in pieces)]) for n in (0, 1))
    order = np.lexsort((at, rows))
    return rows[order], at[order]


# What the corpus has.


def layers_of(query: Query | Pattern) -> set[str]:
    """All layers that a query asks for, ``head`` and ``sentence`` among them."""
    found = {test.layer for test in tests_of(query)}
    for part in walk(query):
        if isinstance(part, Value):
            found.add(part.layer)
        elif isinstance(part, Relation):
            found.add("head")
        elif isinstance(part, Link) and part.relation:
            found.add("dep")
        elif isinstance(part, (Region, Edge)) and part.structure == "s":
            found.add("sentence")
    return found


def tests_of(query: Query | Pattern) -> list[Test | Listed]:
    """All tests of tokens in a query."""
    in_structures = {id(part) for region in walk(query) if isinstance(region, Region) for part in walk(region.tests)}
    found = [part for part in walk(query) if isinstance(part, (Test, Listed)) and part.layer]
    behind = [replace(part.right, layer=part.left.layer) for part in walk(query)
              if isinstance(part, Compare) and isinstance(part.left, Value) and isinstance(part.right, Test)]
    return [*(part for part in found if id(part) not in in_structures), *behind]


def check_layers(corpus: CorpusFiles, query: Query, mask: Mask) -> None:
    """Refuse a layer that no language under the mask has, and a label that no model knows: zeros would look like answers."""
    present, have = languages_of(corpus, mask), corpus.manifest.layers
    for layer in sorted(layers_of(query)):
        if present and not any(layer in have.get(language, []) for language in present):
            raise LayerMissing(f"{layer} is not available for {', '.join(sorted(present))}: its annotator gives "
                               f"{', '.join(have.get(min(present), []))}")
    for test in tests_of(query):
        known = {label for language in present for label in corpus.manifest.labels.get(language, {}).get(test.layer, [])}
        if known and isinstance(test, Test):
            others = [item for language in present for item in corpus.manifest.labels.get(language, {}).items()]
            _check_label(test, sorted(known), dict(others))


def _check_label(test: Test, known: list[str], others: Mapping[str, list[str]]) -> None:
    if any(map(_matcher(test), known)):
        return
    folded = {label.casefold(): label for label in known}
    near = difflib.get_close_matches(test.value.casefold(), folded, 1)
    hint = f"did you mean {folded[near[0]]}?" if near else f"known: {', '.join(known)}"
    for layer, labels in others.items():
        if layer != test.layer and any(map(_matcher(test), labels)):
            hint = f'{layer} has it: [{layer}="{test.value}"]'
    if test.value in _ELSEWHERE and _ELSEWHERE[test.value] in known:
        hint = f"the model here calls it {_ELSEWHERE[test.value]}"
    raise QueryError(f"{test.value!r} is no label of {test.layer} here; {hint}")


#: What Universal Dependencies and other schemes call what the English model calls otherwise.
_ELSEWHERE = {"obj": "dobj", "nsubj:pass": "nsubjpass", "aux:pass": "auxpass", "root": "ROOT", "PER": "PERSON", "LOC": "GPE"}


def languages_without(corpus: CorpusFiles, query: Query, mask: Mask) -> list[str]:
    """Languages that lack a layer, or all labels of it that the query asks for: their zeros are not answers."""
    asked, tests = layers_of(query), tests_of(query)
    return sorted(language for language in languages_of(corpus, mask)
                  if not asked <= set(corpus.manifest.layers.get(language, []))
                  or any(not _has_label(known, [test for test in tests if isinstance(test, Test) and test.layer == layer])
                         for layer, known in corpus.manifest.labels.get(language, {}).items()))


def _has_label(known: list[str], tests: list[Test]) -> bool:
    """Whether a model knows any of the labels that are asked for, if there are any."""
    return not tests or not known or any(any(map(_matcher(test), known)) for test in tests)


def _matcher(test: Test) -> Callable[[str], bool]:
    pattern = compiled(test.value if test.regex else escape(test.value), test.cased)
    return lambda label: pattern.fullmatch(label) is not None


def asks_for_times(query: Query) -> bool:
    """Whether a query asks for times, which not every track has."""
    return any(isinstance(part, (Gap, Window)) or (isinstance(part, Between) and part.unit == "seconds")
               for part in walk(query))


def answering(corpus: CorpusFiles, query: Query, mask: Mask) -> Bools:
    """The videos under a mask that can answer a query: their language has the layers, and they have times if need be."""
    videos: Bools = mask.videos
    if lacking := languages_without(corpus, query, mask):
        codes, languages = corpus.catalog.codes("language")
        videos = videos & ~np.array([language in lacking for language in languages], bool)[codes]
    return videos & (corpus.catalog.number("speech_ms") > 0) if asks_for_times(query) else videos


def languages_of(corpus: CorpusFiles, mask: Mask) -> set[str]:
    """The languages of the videos under a mask."""
    return set(by_language(corpus, mask))


def field_values(query: Query) -> list[tuple[str, str]]:
    """Fields of the video with the literal values that they must have, here or there in a query."""
    compared = [(part.left.name, part.right) for part in walk(query)
                if isinstance(part, Compare) and isinstance(part.left, Field) and part.operator == "="]
    tests = [(test.layer, test) for part in walk(query) if isinstance(part, Region) and part.structure == "video"
             for test in part.tests if isinstance(test, Test)]
    return [(name, test.value) for name, test in (*compared, *tests) if isinstance(test, Test) and not test.regex]


def structures_of(query: Query) -> set[str]:
    """The names of the structures that a query asks for."""
    return {part.structure for part in walk(query) if isinstance(part, (Region, Edge))}


def label_names(query: Query) -> list[str]:
    """The labels that a query binds."""
    return sorted({part.name for part in walk(query) if isinstance(part, Label)})
