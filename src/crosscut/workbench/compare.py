"""Do outlets differ where they tell the same story, and how much of the whole difference is topic?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import matched as measure
from crosscut.measure.association import PER_MILLION
from crosscut.measure.finding import Evidence, number
from crosscut.measure.matched import MIN_WORDS, Effects, Limits, Parts, Points, Sides
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import limited
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first
from crosscut.workbench.within import OTHERS, Within

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Rows of a table of stories that are none: what all matched stories say together, and the whole of both sides.
TOGETHER, WHOLE = "all matched stories", "whole"
PAIR = {"first": "The group whose rate is given first.", "second": f"What it is compared with; {OTHERS}: all other groups."}
#: What a narrow terminal does without.
_LESSER = ("moves", "levelled_hits", "levelled_other_hits", "levelled_low", "levelled_high", "levelled_matched",
           "predicted_low", "predicted_high", "i_squared", "tau", "random_low", "random_high", "pieces", "other_pieces",
           "only_words", "other_only_words", "whole_words", "other_whole_words", "videos", "other_videos", "words",
           "other_words", "whole_hits", "other_whole_hits", "pooled", "random", "note", "whole_low", "whole_high", "query",
           "other_hits", "hits", "topic_low", "topic_high", "stories")
_LESSER_STORIES = ("other_pieces", "pieces", "other_videos", "videos", "note", "share", "other_words", "words",
                   "other_per_million", "per_million", "query", "second", "first", "name", "high", "low")
_STORY = {
    "story": f"The story; {TOGETHER}: combined after Mantel & Haenszel (1959); {WHOLE}: all words of both sides.",
    "name": "What it is called.",
    "share": "What the story weighs: T1 T2 / (T1 + T2) of the words of both sides, of the sum over the stories.",
    "per_million": "Hits per million words of the first.", "other_per_million": "Hits per million words of the second.",
    "log_ratio": "log2 of the first rate over the second; None without hits on both sides.",
    "low": "Lower limit, by resampling stories; a single story has none: it is a video or two.", "high": "Upper limit.",
    **{name: text.replace(" in matched stories", "") for name, text in measure.COLUMNS.items()
       if name in {"hits", "words", "pieces", "videos", "other_hits", "other_words", "other_pieces", "other_videos"}},
    "note": "Why a number is missing.",
}


@measured
def compare(
    corpus: Opened, *queries: str, pair: str | Sequence[str] = "", by: str | Sequence[str] = ("outlet",),
    min_words: int = MIN_WORDS, where: str = "", span: str = "", seed: int | None = None,
    replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL, strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """Whether groups differ in how often each query is said where they tell the same story, beside all that they say.

    ``pair``: two groups, "A,B", or one that is compared with all others; each two, or of more than four each with the
    others, if none is named.  ``min_words``: of a story, on either side, for it to be matched.  Needs a layer ``stories``.
    """
    found, seed = _Asked.of(corpus, queries, names(by), where, span, strategy), corpus.seed(seed)
    rows, evidence, all_sides = [], [], []
    for query, parts, pairs in found.each(pair):
        for one in pairs:
            two = measure.sides(parts, *one, min_words)
            row = _Row.of(parts, two, seed, replicates, level)
            rows.append((query, *found.within.called(one), *row.cells(parts)))
            evidence.append(found.opening(query, one, parts, two))
            all_sides.append(two)
    within = found.within
    columns = ("query", *PAIR, *measure.COLUMNS)
    unopened = any(row[columns.index("hits")] and opened is None for row, opened in zip(rows, evidence, strict=True))
    return Answer(
        question=f"Do {within.field}s differ in how often {asked(found.queries)} is said where they tell the same "
                 f"story{limited(within.mask.question)}?",
        columns=columns, rows=rows, mask=within.mask, labels=3, effect="matched", difference=True,
        counted=("hits", "other_hits"), lesser=lesser_first(columns, rows, _LESSER, constant=("query",)), evidence=evidence,
        explained={**PAIR, **measure.COLUMNS},
        parameters={"cql": found.counted.cql, **within.about()},
        notes=(*within.notes(corpus, all_sides, min_words), *_no_interval(all_sides), *_unopened(unopened),
               *found.counted.notes(corpus, (within.field,))),
        formats=FORMATS)


#: How ratios are printed.
FORMATS = {**dict.fromkeys(("whole", "whole_low", "whole_high", "matched", "low", "high", "topic", "topic_low", "topic_high",
                            "pooled", "random", "random_low", "random_high", "predicted_low", "predicted_high", "log_ratio"),
                           "+.2f"), "i_squared": ".0%", "share": ".1%",
           **dict.fromkeys(("per_million", "other_per_million"), ",.1f")}


@measured
def compare_stories(
    corpus: Opened, *queries: str, pair: str | Sequence[str] = "", by: str | Sequence[str] = ("outlet",),
    min_words: int = MIN_WORDS, limit: int = 50, where: str = "", span: str = "", seed: int | None = None,
    replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL, strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """The same story by story, those that weigh most first; behind them all matched stories together, and the whole.

    ``limit``: so many stories of each pair (0: all).  The lines of a row are those of the first of the pair.
    """
    found, seed = _Asked.of(corpus, queries, names(by), where, span, strategy), corpus.seed(seed)
    within, rows, evidence, all_sides, left = found.within, [], [], [], 0
    for query, parts, pairs in found.each(pair):
        for one in pairs:
            two, called = measure.sides(parts, *one, min_words), within.called(one)
            order = np.argsort(-_weight(two), kind="stable")[: limit or None].tolist()
            left += len(two.stories) - len(order)
            each, opened = _stories(found, query, one, parts, two, order)
            ends, lines = _ends(found, query, one, parts, two, (seed, replicates, level))
            rows += [(query, *called, *row) for row in (*each, *ends)]
            evidence += [*opened, *lines]
            all_sides.append(two)
    columns = ("query", *PAIR, *_STORY)
    return Answer(
        question=f"Do {within.field}s differ in how often {asked(found.queries)} is said, story by "
                 f"story{limited(within.mask.question)}?",
        columns=columns, rows=rows, mask=within.mask, labels=4, effect="log_ratio", difference=True,
        counted=("hits", "other_hits"), evidence=evidence, explained={**PAIR, **_STORY},
        lesser=lesser_first(columns, rows, _LESSER_STORIES, constant=("query", "first", "second")),
        parameters={"cql": found.counted.cql, **within.about()},
        notes=(*within.notes(corpus, all_sides, min_words),
               *[f"{left:,} smaller stories are not shown: --limit 0"] * (left > 0), *_no_interval(all_sides),
               *found.counted.notes(corpus, (within.field,))),
        formats=FORMATS)


class _Asked:
    """Queries by part, and who can answer them."""

    def __init__(self, corpus: Opened, within: Within, counted: Counted, where: str, strategy: str) -> None:
        self.corpus, self.within, self.counted, self.where, self.strategy = corpus, within, counted, where, strategy
        self.queries = list(counted.patterns)

    @classmethod
    def of(
        cls, corpus: Opened, queries: Sequence[str], by: Sequence[str], where: str, span: str, strategy: str,
    ) -> _Asked:
        """Find all hits."""
        if not queries:
            raise QueryError("what is compared?  Name a query; or --keyness, --naming SET, --story ID")
        within = Within.of(corpus, by, where, span)
        counted = Counted.of(corpus, tuple(dict.fromkeys(queries)), by, within.mask, strategy)
        return cls(corpus, within, counted, where, strategy)

    def each(self, pair: str | Sequence[str]) -> Iterator[tuple[str, Parts, list[tuple[int, int]]]]:
        """Each query with its parts, and the pairs that can answer it."""
        for query, _, groups in self.counted.each():
            hits = self.corpus.hits(query, mask=self.within.mask, strategy=self.strategy)
            parts = self.within.parts(self.within.hits([hits]), groups=groups)
            yield query, parts, self.within.pairs(pair, groups.codes)

    def opening(self, query: str, pair: tuple[int, int], parts: Parts, two: Sides) -> Evidence | None:
        """The lines of the first in the matched stories, of which those without a line need no mention."""
        (one,), _ = measure.by_story(parts.counts, two)
        return opening(self.within, self.where, query, pair[0], two.stories[one > 0].tolist(), given(self.strategy))


def opening(
    within: Within, where: str, query: str, group: int, stories: Sequence[int], strategy: str = "",
) -> Evidence | None:
    """The lines of a group in some stories."""
    inside = within.inside(stories)
    if inside is None:
        return None
    return Evidence(query, narrowed(where, (within.field,), (within.names[group],)), inside, strategy)


class _Row:
    """One pair: points, limits, effects."""

    def __init__(self, two: Sides, points: Points, limits: Limits, effects: Effects) -> None:
        self.two, self.points, self.limits, self.effects = two, points, limits, effects

    @classmethod
    def of(cls, parts: Parts, two: Sides, seed: int, replicates: int, level: float) -> _Row:
        """Compare the two sides in one query."""
        points = measure.points(parts, two)
        (one,), (other,) = measure.by_story(parts.counts, two)
        effects = measure.random_effects(*measure.story_ratios(one, other, two.words), level)
        limits = measure.intervals(parts, two, points, seed=seed, replicates=replicates, level=level)
        return cls(two, points, limits, effects)

    def ratios(self) -> list[Any]:
        """whole, matched and topic with limits; None where there is none."""
        points, limits = self.points, self.limits
        whole, matched = float(points.whole[0]), float(points.matched[0])
        found: list[Any] = []
        for value, (low, high) in ((whole, limits.whole), (matched, limits.matched), (whole - matched, limits.topic)):
            known = np.isfinite(value)
            found += [number(value), *(number(float(end[0])) if known else None for end in (low, high))]
        return found

    def cells(self, parts: Parts) -> tuple[Any, ...]:
        """The columns of ``measure.COLUMNS``."""
        points, effects = self.points, self.effects
        random = (effects.mean, effects.low, effects.high, effects.tau, effects.i_squared, *effects.predicted)
        counts = [count_of(parts, self.two, side, True, int(points.hits[side][0])) for side in (0, 1)]
        whole = [count_of(parts, self.two, side, False, int(points.whole_hits[side][0]))[:2] for side in (0, 1)]
        only = [int(parts.words[self.two.of(side) & (self.two.matched < 0) & (parts.stories >= 0)].sum()) for side in (0, 1)]
        return (len(self.two.stories), *self.ratios(), number(float(points.pooled[0])), *map(number, random), *counts[0],
                *counts[1], *whole[0], *whole[1], *only, self.note())

    def note(self) -> str:
        """Why ratios or limits are missing."""
        silent = [f"the {name} has no hits in matched stories" for name, hits in
                  zip(("first", "second"), self.points.hits, strict=True) if not hits[0]]
        return "; ".join([*silent, *([few(len(self.two.stories))] if len(self.two.stories) < bootstrap.FEWEST else [])])


def few(stories: int) -> str:
    """Why a pair has no interval."""
    return (f"no interval: fewer than {bootstrap.FEWEST} matched stories" if stories else "no story is matched")


def count_of(parts: Parts, two: Sides, side: int, matched: bool, hits: int) -> tuple[int, int, int, int]:
    """Hits, words, pieces and videos of a side."""
    mine = two.of(side, matched)
    return (hits, int(parts.words[mine].sum()), int(np.count_nonzero(mine & (parts.stories >= 0))),
            len(np.unique(parts.videos[mine & (parts.words > 0)])))


def _weight(two: Sides) -> Floats:
    """What each story weighs."""
    weight: Floats = two.words[0] * two.words[1] / two.words.sum(axis=0)
    return weight


def _stories(
    found: _Asked, query: str, pair: tuple[int, int], parts: Parts, two: Sides, order: Sequence[int],
) -> tuple[list[tuple[Any, ...]], list[Evidence | None]]:
    """A row a story, and what opens it."""
    (one,), (other,) = measure.by_story(parts.counts, two)
    within, share = found.within, _weight(two) / max(_weight(two).sum(), 1)
    rows, evidence = [], []
    for place in order:
        story = int(two.stories[place])
        mine = [two.of(side, True) & (two.matched == place) for side in (0, 1)]
        counts = [(int(hits[place]), int(two.words[side, place]), int(np.count_nonzero(mine[side])),
                   len(np.unique(parts.videos[mine[side]]))) for side, hits in ((0, one), (1, other))]
        rows.append((within.pieces.labels[story], within.pieces.names[story], float(share[place]), *_compared(counts)))
        evidence.append(opening(within, found.where, query, pair[0], [story], given(found.strategy)) if one[place] else None)
    return rows, evidence


def _ends(
    found: _Asked, query: str, pair: tuple[int, int], parts: Parts, two: Sides, how: tuple[int, int, float],
) -> tuple[list[tuple[Any, ...]], list[Evidence | None]]:
    """What all matched stories say together, and the whole of both sides."""
    row, rows = _Row.of(parts, two, *how), []
    whole, matched = row.ratios()[:3], row.ratios()[3:6]
    for label, ratio, inside, hits in (
            (TOGETHER, matched, True, row.points.hits), (WHOLE, whole, False, row.points.whole_hits)):
        counts = [count_of(parts, two, side, inside, int(hits[side][0])) for side in (0, 1)]
        cells = _compared(counts)
        note = row.note() if inside else ""
        rows.append((label, "", 1.0 if inside else None, *cells[:2], *ratio, *cells[5:-1], note))
    everything = Evidence(query, narrowed(found.where, (found.within.field,), (found.within.names[pair[0]],)),
                          found.within.span, given(found.strategy))
    return rows, [found.opening(query, pair, parts, two), everything if row.points.whole_hits[0][0] else None]


def _compared(counts: Sequence[tuple[int, int, int, int]]) -> tuple[Any, ...]:
    """Both rates, log ratio, no limits, counts of both sides, and a note."""
    rates = [PER_MILLION * hits / words if words else None for hits, words, *_ in counts]
    (a, *_), (b, *_) = counts
    known = a and b and rates[0] and rates[1]
    ratio = float(np.log2(rates[0] / rates[1])) if known and rates[0] and rates[1] else None
    silent = "no hits on either side" if not a + b else "" if a and b else f"the {'first' if b else 'second'} has no hits"
    return (*rates, ratio, None, None, *counts[0], *counts[1], silent)


def _no_interval(all_sides: Sequence[Sides]) -> list[str]:
    """A narrow terminal has no room for the notes of the rows."""
    many = sum(len(two.stories) < bootstrap.FEWEST for two in all_sides)
    return [f"{many:,} of {len(all_sides):,} comparisons have fewer than {bootstrap.FEWEST} matched stories, and no "
            f"interval: so few say little about what others would be like"] if many else []


def _unopened(unopened: bool) -> list[str]:
    return ["rows with hits in too many stories for one command are opened story by story: --stories"] if unopened else []

