"""What does one outlet say more often than another where both tell the same story?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import matched as measure
from crosscut.measure.association import PER_MILLION
from crosscut.measure.finding import Evidence, number
from crosscut.measure.matched import MIN_WORDS, Parts, Sides
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.compare import PAIR, opening
from crosscut.workbench.grouped import comparable, limited
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first
from crosscut.workbench.things import check_layer, value_query
from crosscut.workbench.within import Within

Ints = npt.NDArray[np.int64]

#: What is in fewer matched stories says little about either side.
MIN_STORIES = 3
#: Which side says it more often.
SIDES = {"both": 0, "first": 1, "second": -1}
COLUMNS = {
    "hits": "How often the first says it in matched stories.",
    "other_hits": "How often the second says it in matched stories.",
    "stories": "In how many of the matched stories it is said.",
    "per_million": "Per million tokens of the first in matched stories.",
    "other_per_million": "The same of the second.",
    "score": "What rows are sorted by: Σ d / √Σ d² over stories, d = a T2 / (T1 + T2) - b T1 / (T1 + T2): Mantel & "
             "Haenszel's score with the variance that stories show.  What is said in one story alone has 1 at most.",
    "matched": "log2 of the rate ratio story by story (Mantel & Haenszel 1959), half a hit taken for none: 1 is twice as "
               "often.",
    "low": "Lower limit of it, by resampling stories, what both say of one together.",
    "high": "Upper limit of it.",
    "whole": "log2 of the ratio of the two rates in all words of both, half a hit taken for none.",
    "topic": "whole less matched: what comes of telling other stories.",
    "note": "Why there is no interval.",
}
_LESSER = ("topic", "other_per_million", "per_million", "note", "score", "second", "first", "stories", "other_hits", "hits")


@measured
def compare_keyness(
    corpus: Opened, *, pair: str | Sequence[str] = "", by: str | Sequence[str] = ("outlet",), layer: str = "lemma",
    side: str = "both", min_stories: int = MIN_STORIES, min_words: int = MIN_WORDS, limit: int = 50, where: str = "",
    span: str = "", seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
) -> Answer:
    """What one group says more or less often than another in the stories that both tell, beside all that they say.

    Values of ``layer`` in fewer than ``min_stories`` matched stories are left out; ``side``: "first" or "second" has only
    what it says more often.  ``limit``: rows a pair, 0: all.
    """
    if side not in SIDES:
        raise QueryError(f"no side {side!r}: there is {', '.join(SIDES)}")
    by, used = names(by), corpus.seed(seed)
    comparable(corpus, by, corpus.mask(where, span))
    within = Within.of(corpus, by, where, span)
    check_layer(corpus, within.mask, layer)
    found, counts = within.tokens(corpus, layer)
    parts = within.parts(counts, counts.per_video())
    rows: list[tuple[Any, ...]] = []
    evidence: list[Evidence | None] = []
    all_sides, compared = [], 0
    for one in within.pairs(pair):
        two = measure.sides(parts, *one, min_words)
        things, many = _chosen(parts, two, side, min_stories, limit)
        chosen = replace(parts, counts=parts.counts.take(things))
        values = found.values.take(things)
        rows += [(*within.called(one), value, *cells) for value, cells in
                 zip(values, _rows(chosen, two, used, replicates, level), strict=True)]
        mine, _ = measure.by_story(chosen.counts, two)
        evidence += [opening(within, where, value_query(corpus, layer, value), one[0], two.stories[row > 0].tolist())
                     for value, row in zip(values, mine, strict=True)]
        all_sides.append(two)
        compared += many
    columns = (*PAIR, layer, *COLUMNS)
    return Answer(
        question=f"What does one {within.field} say more or less often than another where they tell the same "
                 f"story{limited(within.mask.question)}?",
        columns=columns, rows=rows, mask=within.mask, labels=3, effect="matched", difference=True,
        counted=("hits", "other_hits"), evidence=evidence, explained={**PAIR, **COLUMNS},
        lesser=lesser_first(columns, rows, _LESSER, constant=("first", "second")),
        parameters={**within.about(), "compared": compared},
        notes=(*_notes(all_sides), *within.notes(corpus, all_sides, min_words),
               *(corpus.differences(within.mask) if "outlet" in by else ())),
        formats={**dict.fromkeys(("per_million", "other_per_million"), ",.1f"),
                 **dict.fromkeys(("score", "matched", "low", "high", "whole", "topic"), "+.2f")})


def _notes(all_sides: Sequence[Sides]) -> list[str]:
    """How many stories the pairs have."""
    many = [len(two.stories) for two in all_sides]
    told = f"{min(many):,} to {max(many):,}" if min(many) < max(many) else f"{many[0]:,}"
    few = " (no interval below 10)" if min(many) < bootstrap.FEWEST else ""
    return [f"matched stories: {told}{few}; tokens, not words, are what rates are out of"]


def _chosen(parts: Parts, two: Sides, side: str, min_stories: int, limit: int) -> tuple[Ints, int]:
    """The things that differ most consistently, and how many were compared."""
    found = measure.scores(parts.counts, two)
    often = found.stories >= max(min_stories, 1)
    enough = np.flatnonzero(often & ((SIDES[side] == 0) | (np.sign(found.score) == SIDES[side])))
    totals = parts.counts.among(two.matched >= 0).totals()[enough]
    order = np.lexsort((enough, -totals, -np.abs(found.score[enough]).round(9)))
    return enough[order][: limit or None], int(np.count_nonzero(often))


def _rows(parts: Parts, two: Sides, seed: int, replicates: int, level: float) -> list[tuple[Any, ...]]:
    """The columns of ``COLUMNS`` of some things."""
    points, told = measure.points(parts, two, halved=True), measure.scores(parts.counts, two)
    tokens = [max(float(parts.words[two.of(side, True)].sum()), 1) for side in (0, 1)]
    a, b = points.hits
    said = (a > 0) & (b > 0)
    low, high = measure.intervals(parts, two, points, seed=seed, replicates=replicates, level=level).matched
    known = said & (told.stories >= bootstrap.FEWEST)
    rows = []
    for thing in range(len(parts.counts)):
        limits = (number(low[thing]), number(high[thing])) if known[thing] else (None, None)
        ratios = (float(points.matched[thing]), *limits, float(points.whole[thing]),
                  float(points.whole[thing] - points.matched[thing]))
        rows.append((int(a[thing]), int(b[thing]), int(told.stories[thing]), PER_MILLION * int(a[thing]) / tokens[0],
                     PER_MILLION * int(b[thing]) / tokens[1], float(told.score[thing]), *ratios,
                     _why_not(int(a[thing]), int(b[thing]), int(told.stories[thing]), replicates)))
    return rows


def _why_not(hits: int, other: int, stories: int, replicates: int) -> str:
    if not hits or not other:
        return f"not said by the {'second' if hits else 'first'}"
    if stories < bootstrap.FEWEST:
        return f"no interval: in fewer than {bootstrap.FEWEST} stories"
    return "" if replicates > 1 else "no resamples"
