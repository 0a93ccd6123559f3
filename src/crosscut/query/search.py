"""Hits by postings.

A constraint is decided once on the types of a shard; a sequence starts from its rarest token and checks the others in
place.  One hit begins at one token: where several lengths match, the longest is kept.  Hits are columns, sorted by
video and place, whatever the shards.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import re2

from crosscut.errors import LayerMissing, QueryError
from crosscut.query.mask import Mask
from crosscut.query.pattern import And, Constraint, Not, Or, Pattern, Test, Token, sequences
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings
from crosscut.store.shard import Shard
from crosscut.tokens import norm

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SURROGATE = re.compile("[\ud800-\udfff]")  # no token holds one, and RE2 cannot read it


@dataclass(frozen=True, slots=True)
class Hits:
    """Where a query matched: ordinal of the video, first token and end (exclusive), counted within the video."""

    video: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.video)

    def take(self, chosen: Ints | Bools) -> Hits:
        """Some of the hits, in the order given."""
        return Hits(self.video[chosen], self.start[chosen], self.end[chosen])

    def per_video(self, videos: int) -> Ints:
        """How many hits each of the corpus's videos has."""
        return np.bincount(self.video, minlength=videos).astype(np.int64)

    def videos(self) -> int:
        """How many videos have hits."""
        return int(np.count_nonzero(np.bincount(self.video))) if len(self) else 0


def search(corpus: CorpusFiles, pattern: Pattern, mask: Mask) -> Hits:
    """All hits of a pattern under a mask."""
    check_layers(corpus, pattern, mask)
    chains = sequences(pattern)
    parts = [
        _in_shard(shard, ordinals, chains, mask) for shard, ordinals in zip(corpus.shards, corpus.ordinals, strict=True)
    ]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Hits(nothing, nothing, nothing)
    hits = Hits(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("video", "start", "end")))
    return hits.take(np.lexsort((hits.start, hits.video)))


def count(corpus: CorpusFiles, pattern: Pattern, mask: Mask) -> Ints:
    """Hits of a pattern in each video.

    One token under whole videos is answered by the video × type counts; anything else by its hits.
    """
    if not isinstance(pattern, Token) or mask.inside is not None:
        return search(corpus, pattern, mask).per_video(len(corpus.catalog))
    check_layers(corpus, pattern, mask)
    total = np.zeros(len(corpus.catalog), np.int64)
    for shard, ordinals in zip(corpus.shards, corpus.ordinals, strict=True):
        counts = shard.counts(np.flatnonzero(_matching(shard, pattern.constraint)))
        known = ordinals >= 0
        total[ordinals[known]] += counts[known]
    return np.where(mask.videos, total, 0)


def check_layers(corpus: CorpusFiles, pattern: Pattern, mask: Mask) -> None:
    """Refuse a layer that no language under the mask has: zeros would look like an answer."""
    present, have = languages_of(corpus, mask), corpus.manifest.layers
    for layer in sorted(layers_of(pattern)):
        if present and not any(layer in have.get(language, []) for language in present):
            raise LayerMissing(f"{layer} is not available for {', '.join(sorted(present))}: its annotator gives "
                               f"{', '.join(have.get(min(present), []))}")
    for test in tests_of(pattern):
        known = {label for language in present for label in corpus.manifest.labels.get(language, {}).get(test.layer, [])}
        if known:
            _check_label(test, sorted(known))


def _check_label(test: Test, known: list[str]) -> None:
    """A label that no model here knows would give a zero that looks like an answer."""
    pattern = _regex(test.value if test.regex else re2.escape(test.value))
    if not any(pattern.fullmatch(label) for label in known):
        near = difflib.get_close_matches(test.value.upper(), [label.upper() for label in known], 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        raise QueryError(f"{test.value!r} is no label of {test.layer} here; {hint}")


def languages_without(corpus: CorpusFiles, pattern: Pattern, mask: Mask) -> list[str]:
    """Languages under the mask that lack a layer the pattern asks for: their zeros are not answers."""
    return sorted(language for language in languages_of(corpus, mask)
                  if not layers_of(pattern) <= set(corpus.manifest.layers.get(language, [])))


def languages_of(corpus: CorpusFiles, mask: Mask) -> set[str]:
    """The languages of the videos under a mask."""
    codes, languages = corpus.catalog.codes("language")
    present = np.bincount(codes[mask.videos], minlength=len(languages))  # np.unique would import numpy.ma: 30 ms
    return {language for language, count in zip(languages, present.tolist(), strict=True) if count}


def layers_of(pattern: Pattern | Constraint | None) -> set[str]:
    """All layers that a pattern asks for."""
    return {test.layer for test in tests_of(pattern)}


def tests_of(pattern: Pattern | Constraint | None) -> list[Test]:
    """All tests in a pattern."""
    if pattern is None or isinstance(pattern, Test):
        return [pattern] if pattern else []
    if isinstance(pattern, Token):
        return tests_of(pattern.constraint)
    parts = pattern.parts if hasattr(pattern, "parts") else (pattern.part,)
    return [test for part in parts for test in tests_of(part)]


def _in_shard(shard: Shard, ordinals: Ints, chains: list[tuple[Token, ...]], mask: Mask) -> Hits:
    tables = {token: _matching(shard, token.constraint) for token in {t for chain in chains for t in chain}}
    starts, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for chain in chains:
        found = _chain(shard, [tables[token] for token in chain])
        starts.append(found)
        lengths.append(np.full(len(found), len(chain), np.int64))
    start, length = np.concatenate(starts), np.concatenate(lengths)
    order = np.lexsort((-length, start))  # the longest first among those that begin at one token
    start, length = start[order], length[order]
    document = np.searchsorted(shard.bounds, start, side="right") - 1
    video, begin = ordinals[document], start - shard.bounds[document]
    hits = Hits(video, begin, begin + length)
    hits = _masked(hits.take((video >= 0) & mask.videos[video]), mask)
    first = np.ones(len(hits), bool)
    first[1:] = (hits.start[1:] != hits.start[:-1]) | (hits.video[1:] != hits.video[:-1])
    return hits.take(first)


def _masked(hits: Hits, mask: Mask) -> Hits:
    """Hits that lie wholly inside the mask's spans."""
    return hits if mask.inside is None else hits.take(mask.holds(hits.video, hits.start, hits.end))


def _chain(shard: Shard, tables: list[Bools]) -> Ints:
    """First tokens, in the shard, of all matches of a fixed sequence."""
    counts = [shard.count(np.flatnonzero(table)) if not table.all() else shard.tokens for table in tables]
    rarest = int(np.argmin(counts))
    if tables[rarest].all():
        start = np.arange(shard.tokens, dtype=np.int64)
    else:
        start = shard.places(np.flatnonzero(tables[rarest])) - rarest
    start = start[(start >= 0) & (start + len(tables) <= shard.tokens)]
    types = shard.column("type")
    for offset, table in enumerate(tables):
        if offset != rarest and not table.all():
            start = start[table[types[start + offset]]]
    if len(tables) > 1:
        bounds = shard.bounds
        begin = np.searchsorted(bounds, start, side="right")
        start = start[begin == np.searchsorted(bounds, start + len(tables) - 1, side="right")]
    return start


def _matching(shard: Shard, constraint: Constraint | None) -> Bools:
    """Which types of a shard fulfil a constraint."""
    if constraint is None:
        return np.ones(len(shard.type_codes("form")), bool)
    if isinstance(constraint, Not):
        return ~_matching(shard, constraint.part) & _known(shard, constraint.part)
    if isinstance(constraint, (And, Or)):
        combine = np.logical_and if isinstance(constraint, And) else np.logical_or
        tables = [_matching(shard, part) for part in constraint.parts]
        result: Bools = combine.reduce(tables)
        return result
    layer = "norm" if constraint.layer == "word" else constraint.layer  # words are compared without regard to case
    lexicon = shard.lexicon(layer)
    wanted = np.zeros(len(lexicon) + 1, bool)
    wanted[_values(lexicon, constraint, layer)] = True
    return wanted[shard.type_codes(layer)]


def _known(shard: Shard, constraint: Constraint) -> Bools:
    """Which types have a value in every layer spoken of: what a token is not cannot be said where nothing is known."""
    known = np.ones(len(shard.type_codes("form")), bool)
    for layer in layers_of(constraint):
        empty = shard.lexicon(layer).find("")
        if empty >= 0:
            known &= shard.type_codes(layer) != empty
    return known


def _values(lexicon: Strings, test: Test, layer: str) -> list[int]:
    """Codes of the values that a test allows."""
    if not test.regex and layer == "norm":
        found = lexicon.find(norm(test.value))
        return [found] if found >= 0 else []
    value = _SURROGATE.sub("\ufffd", test.value)
    pattern = _regex(value if test.regex else re2.escape(value))
    return [code for code, value in enumerate(lexicon.tolist()) if value and pattern.fullmatch(value)]


@lru_cache(maxsize=256)
def _regex(value: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(value, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise QueryError(f"not a regular expression: {text}", value) from error
