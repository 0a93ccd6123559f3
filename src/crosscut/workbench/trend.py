"""How often is something said over time?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import trend as measure
from crosscut.measure.finding import Evidence
from crosscut.measure.periods import FIELDS
from crosscut.measure.rates import VIDEO, Resampling
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.over_time import Calendar
from crosscut.workbench.room import lesser_first

#: What a narrow terminal does without.
_LESSER = ("share_low", "share_high", "share_of_videos", "videos_with_hits", "note", "query", "words", "event")


@measured
def trend(
    corpus: Opened, *queries: str, by: str | Sequence[str] = (), period: str = "month", cumulative: bool = False,
    least_words: int = measure.LEAST_WORDS, least_videos: int = measure.LEAST_VIDEOS, where: str = "", span: str = "",
    unit: str = VIDEO, seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How often each query occurs in each day, week, month or year (``period``), by groups of videos.

    ``cumulative``: in all periods up to each.  A period with fewer words or videos than ``least_words``, ``least_videos``
    has no rate.
    """
    by, mask = names(by), corpus.mask(where, span)
    _check(by, period)
    calendar, counted = Calendar.of(corpus, period, mask, measure.MOST), Counted.of(corpus, queries, by, mask, strategy)
    how = Resampling(corpus.seed(seed), replicates, level, unit, corpus.units(unit))
    points = _points(counted, calendar, how, measure.Guard(least_words, least_videos), cumulative)
    rows, evidence = [], []
    for query, label, at, point in points:
        *numbers, note = astuple(point)
        key = calendar.periods[at].key
        rows.append((query, *label, key, *numbers, calendar.events(corpus.study.events, at, at), note))
        whole = narrowed(where, by, label)
        here = f"{whole} {period}<={key}".strip() if cumulative else narrowed(where, (*by, period), (*label, key))
        evidence.append(Evidence(query, here, span, given(strategy)))
    columns = ("query", *by, period, *measure.COLUMNS)
    return Answer(
        question=f"How often is {asked(queries)} said over time, {'up to' if cumulative else 'in'} each {period}"
                 f"{grouped(by)}{limited(mask.question)}?",
        columns=columns, rows=rows, mask=mask, labels=2 + len(by), effect="per_million",
        counted=("hits", "words"), lesser=lesser_first(columns, rows, _LESSER, constant=("query",)), evidence=evidence,
        explained={**measure.COLUMNS, period: measure.CUMULATIVE if cumulative else f"The {period} of publication."},
        parameters={"cql": counted.cql, "layer": mask.layer, "unit of resampling": unit, "interval": bootstrap.METHOD},
        notes=(*counted.notes(corpus, by), *corpus.alone(unit, mask), *calendar.notes()),
        formats={**dict.fromkeys(("per_million", "low", "high"), ",.1f"),
                 **dict.fromkeys(("share_of_videos", "share_low", "share_high"), ".1%")},
    )


def _check(by: Sequence[str], period: str) -> None:
    if wrong := [name for name in by if name in (*FIELDS, "date")]:
        raise QueryError(f"--by {wrong[0]}: the course of time is given by --period {period}; group by outlet, programme …")


def _points(
    counted: Counted, calendar: Calendar, how: Resampling, guard: measure.Guard, cumulative: bool
) -> Iterator[tuple[str, tuple[str, ...], int, Any]]:
    """Query, label of the group, number of the period, and its point."""
    for query, hits, groups in counted.each():
        found = measure.series(hits, counted.mask.words, (groups.codes, len(groups.labels)),
                               (calendar.codes, len(calendar.periods)), how, cumulative=cumulative, guard=guard)
        for label, points in zip(groups.labels, found, strict=True):
            for at, point in enumerate(points):
                yield query, label, at, point
