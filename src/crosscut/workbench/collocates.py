"""What goes with something: near it, or in a grammatical relation to it, in all videos or side by side by outlet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crosscut.measure import bootstrap
from crosscut.measure.collocation import BY_GROUP, COLUMNS, notation, side_by_side
from crosscut.measure.collocation import collocates as in_all
from crosscut.measure.finding import Evidence
from crosscut.measure.frequency import Groups as Grouping
from crosscut.measure.rates import VIDEO, Resampling
from crosscut.query.fields import narrowed
from crosscut.query.mask import Mask
from crosscut.query.pattern import DEFAULT_STRATEGY, Query
from crosscut.query.search import check_layers
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import comparable, limited
from crosscut.workbench.neighbours import (
    Around,
    Groups,
    Least,
    Shown,
    found_around,
    lines_of,
    scores_of,
    searched,
    shown,
    shown_by_group,
    together_of,
)
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first

#: Of a relation, which is one of many, so many collocates are shown unless more are asked for.
LIMIT, LIMIT_OF_RELATION = 50, 10
RELATION = {
    "relation": "How the two stand to one another: what the collocate is of the node, or (… of) what the node is of it.",
    "label": "What the parser calls it; + through a preposition, | any of several.",
}
FORMATS = {
    **dict.fromkeys(("log_dice", "low", "high", "mi", "mi3", "log_dice_low", "log_dice_high"), ".2f"),
    **dict.fromkeys(("log_ratio", "lrc", "difference", "log_ratio_low", "log_ratio_high"), "+.2f"),
    **dict.fromkeys(("log_likelihood", "t_score", "z_score", "per_thousand"), ",.1f"),
    **dict.fromkeys(("delta_p", "delta_p_back", "dice"), ".4f"),
}
_LESSER = ("z_score", "t_score", "dice", "mi3", "mi", "label", "delta_p_back", "delta_p", "lrc", "log_ratio_low",
           "log_ratio_high", "log_likelihood", "log_dice_low", "log_dice_high", "hits", "per_thousand", "note", "alone",
           "log_ratio", "videos")


@measured
def collocates(
    corpus: Opened, query: str, *, window: int | Sequence[int] = 5, seconds: float | None = None, within: str = "",
    relation: str = "", layer: str = "lemma", by: str | Sequence[str] = (), where: str = "", span: str = "",
    sort: str = "log_dice", cutoff: float | None = None, at_least: int = 3, min_alone: int = 1, min_videos: int = 2,
    limit: int | None = None, unit: str = VIDEO, seed: int | None = None, replicates: int = bootstrap.REPLICATES,
    level: float = bootstrap.LEVEL, strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """What stands near the hits of a query: in ``window`` tokens (or left, right) or ``seconds``, or by ``relation``.

    ``relation``: "all" for a word sketch, or one ("subject", "object of", a label of the parser).  ``within``: a structure
    that windows do not leave (``s``).  ``by``: each group of videos beside the others.  ``sort``: see
    ``measure.collocation.SCORES``, of which ``cutoff`` is the least; a row has ``at_least`` tokens near hits, ``min_alone``
    in all, and stands near hits in ``min_videos``.  ``limit`` rows (0: all), of each relation.  No ``replicates``, no
    intervals.
    """
    asked, mask, by = corpus.parsed(query), corpus.mask(where, span), names(by)
    around, least = Around.of(window, seconds, within, relation), Least(at_least, min_alone, min_videos, cutoff)
    check_layers(corpus.files, corpus.parsed(f'[{layer}=".*"]'), mask)
    hits = corpus.hits(query, mask=mask, strategy=strategy)
    counted, notes = searched(corpus, asked, mask, hits, around)
    found, groups = found_around(corpus, hits, counted, around, layer), comparable(corpus, by, counted)
    most = (LIMIT_OF_RELATION if relation else LIMIT) if limit is None else limit
    if by:
        parts = Groups.of(corpus, counted, layer, groups.codes, len(groups.labels))
        rows = [shown_by_group(kind, near, sort, least, most, parts) for kind, near in found]
    else:
        rows = [shown(kind, near, sort, least, most) for kind, near in found]
    how = Resampling(corpus.seed(seed), replicates, level, unit, corpus.units(unit))
    table, evidence = _table(corpus, asked, counted, [row for row in rows if len(row.things)], groups, how, around, layer,
                             Evidence("", where, span))
    own: Mapping[str, str] = BY_GROUP if by else COLUMNS
    first = (*(RELATION if relation else ()), layer, *by)
    columns = (*first, *own)
    return Answer(
        question=_question(query, around, layer, by, mask), columns=columns, rows=table, mask=mask,
        labels=len(first), effect="difference" if by else "log_dice", difference=bool(by), counted=("together", "alone"),
        lesser=lesser_first(columns, table, _LESSER, keep=sort), evidence=evidence, explained={**RELATION, **own},
        formats=FORMATS,
        parameters={"cql": str(asked), "window": list(around.window), "limit": most, "span layer": mask.layer,
                    "unit of resampling": unit, "interval": bootstrap.METHOD},
        notes=(*_said(rows, len(hits), query, around, sort, least), *notes, *corpus.notes([asked], mask),
               *corpus.alone(unit, counted),
               *(corpus.differences(counted) if "outlet" in by else ())),
    )


def _table(
    corpus: Opened, node: Query, mask: Mask, rows: Sequence[Shown], groups: Grouping, how: Resampling, around: Around,
    layer: str, place: Evidence,
) -> tuple[list[tuple[Any, ...]], list[Evidence | None]]:
    """Rows with their labels, and what opens the lines of each; ``place``: where and span."""
    if not rows:
        return [], []
    near, lines = together_of(corpus, mask, rows), lines_of(corpus, node, around, layer)
    labels, queries = [], []
    for row in rows:
        for thing, text in zip(row.things.tolist(), row.near.texts(row.things), strict=True):
            labels.append((*((str(row.relation), row.relation.path) if row.relation else ()), text))
            found = lines(row, thing, text)
            queries.append(replace(place, query=str(found)) if found else None)
    if not groups.names:
        return [(*label, *row) for label, row in zip(labels, in_all(near, scores_of(rows), how), strict=True)], queries
    table = side_by_side(near, groups.codes, len(groups.labels), how)
    evidence = [found and replace(found, where=narrowed(place.where, groups.names, group))
                for found in queries for group in groups.labels]
    return [(*label, *group, *part[number]) for number, label in enumerate(labels)
            for group, part in zip(groups.labels, table, strict=True)], evidence


def _said(rows: Sequence[Shown], hits: int, query: str, around: Around, sort: str, least: Least) -> list[str]:
    """The parameters in the notation of the field, and what was looked at."""
    noted = [notation(sort, least.score, around.span, (least.alone, least.together),
                      f"in {least.videos} videos or more" if least.videos > 1 else "")]
    if not hits:
        return [*noted, f"no hits of ‘{query}’"]
    if not any(len(row.things) for row in rows):
        return [*noted, "nothing stands near the hits so often, in so many videos"]
    sizes = [(int(row.near.hits.sum()), int(row.near.window.sum()), int(row.near.tokens.sum())) for row in rows]
    if around.relation:
        return [*noted, "Cells: tokens in the relation, and all others; each token counts once in a relation"]
    nodes, window, tokens = sizes[0]
    marks = "; punctuation marks take no room in the window" if around.seconds is None else ""
    return [*noted, f"Cells: {window:,} tokens near {nodes:,} hits, and {tokens - window:,} elsewhere; tokens of hits are "
            f"in neither, and a token near two hits counts once{marks}"]


def _question(query: str, around: Around, layer: str, by: Sequence[str], mask: Mask) -> str:
    apart = f" in each {' and '.join(by)}, and how does it differ from the others" if by else ""
    return f"Which {layer} stands {around} ‘{query}’{apart}{limited(mask.question)}?"
