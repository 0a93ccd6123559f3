"""What does each outlet call it where they tell the same story?  The alternatives of a choice set, within stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import matched_shares as measure
from crosscut.measure.finding import number
from crosscut.measure.matched import MIN_WORDS, by_story, sides
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.compare import PAIR, opening
from crosscut.workbench.grouped import limited
from crosscut.workbench.naming import POINTS, AskedNames, asked_names, notes_of
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.within import Within

#: What a narrow terminal does without.
_LESSER = ("other_of", "of", "other_hits", "hits", "topic", "note", "other_whole_share", "whole_share", "other_share",
           "share", "stories")
_LABELS = {"language": "The language; each has alternatives of its own.", **PAIR,
           "alternative": "What it is called: an alternative of the choice set."}


@measured
def compare_naming(
    corpus: Opened, name: str, *, pair: str | Sequence[str] = "", by: str | Sequence[str] = ("outlet",), language: str = "",
    min_words: int = MIN_WORDS, where: str = "", span: str = "", seed: int | None = None,
    replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
) -> Answer:
    """Shares of the alternatives of a choice set within stories that both groups tell, beside those of all their hits."""
    by, used = names(by), corpus.seed(seed)
    asked = asked_names(corpus, name, by, language, where, span, "video")
    rows: list[tuple[Any, ...]] = []
    evidence: list[Any] = []
    notes: list[str] = []
    for one in asked:
        try:
            within = Within.of(corpus, by, one.where, span)
            pairs = within.pairs(pair, one.groups.codes)
        except QueryError as error:  # a language of one outlet has nothing to compare
            if len(asked) == 1:
                raise
            notes.append(f"{one.language}: {error.message}")
            continue
        rows_, evidence_ = _of_language(one, within, pairs, (min_words, used, replicates, level))
        rows, evidence = rows + rows_, evidence + evidence_
        notes += [f"{one.language}: {note}" if len(asked) > 1 else note for note in within.notes(corpus)]
    if not rows:
        raise QueryError(f"naming.{name}: there is nothing to compare ({'; '.join(notes)})")
    mask = asked[0].mask if language or len(asked) == 1 else corpus.mask(where, span)
    referent = corpus.study.naming[name].referent or f"naming.{name}"
    columns = (*_LABELS, *measure.COLUMNS)
    return Answer(
        question=f"Which words are used for ‘{referent}’ where {within.field}s tell the same story{limited(mask.question)}?",
        columns=columns, rows=rows, mask=mask, labels=4, effect="difference", difference=True,
        counted=("share", "other_share"), lesser=(*_LESSER, *["language"] * (len(asked) == 1)), evidence=evidence,
        explained={**_LABELS, **measure.COLUMNS},
        notes=(POINTS.format("differences and topic are", ""), *notes, *notes_of(corpus, asked, by, name)),
        parameters={"cql": {one.language: {named.name: str(named.query) for named in one.named} for one in asked},
                    **within.about()},
        formats={**dict.fromkeys(("whole_share", "other_whole_share", "share", "other_share"), ".1%"),
                 **dict.fromkeys(("whole_difference", "difference", "low", "high", "topic"), "+.1%")})


def _of_language(
    one: AskedNames, within: Within, pairs: Sequence[tuple[int, int]], how: tuple[int, int, int, float],
) -> tuple[list[tuple[Any, ...]], list[Any]]:
    """Rows of one language, and what opens them: the lines of the first, in stories where both have a hit."""
    least, seed, replicates, level = how
    parts = within.parts(within.hits([named.hits for named in one.named]), groups=one.groups)
    rows: list[tuple[Any, ...]] = []
    evidence: list[Any] = []
    for pair in pairs:
        two = sides(parts, *pair, least)
        found = measure.shares(parts, two, seed=seed, replicates=replicates, level=level)
        mine, other = by_story(parts.counts, two)
        both = (mine.sum(axis=0) > 0) & (other.sum(axis=0) > 0)
        for place, named in enumerate(one.named):
            rows.append((one.language, *within.called(pair), named.name, *_cells(found, place)))
            stories = two.stories[both & (mine[place] > 0)].tolist()
            evidence.append(opening(within, one.where, str(named.query), pair[0], stories))
    return rows, evidence


def _cells(found: measure.Shares, place: int) -> tuple[Any, ...]:
    """The columns of ``measure.COLUMNS``."""
    whole, apart = found.whole_difference[place], found.difference[place]
    ratios = (found.whole[0][place], found.whole[1][place], whole, found.share[0][place], found.share[1][place], apart,
              found.low[place], found.high[place], whole - apart)
    counts = [int(value) for side in (0, 1) for value in (found.hits[side][place], found.of[side])]
    return (found.stories, *map(number, ratios), *counts, found.why_not(place))
