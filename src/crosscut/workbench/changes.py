"""Where did the rate of something change?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crosscut.measure import bootstrap
from crosscut.measure import changes as measure
from crosscut.measure.finding import Evidence
from crosscut.measure.rates import VIDEO
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.over_time import Calendar
from crosscut.workbench.room import lesser_first

#: What a narrow terminal does without.
_LESSER = ("query", "before", "after", "event", "note", "change", "support", "latest", "earliest")
#: Of the number of a change.
NUMBER = "Number of the change in its series; 0: the series has none."


@measured
def changes(
    corpus: Opened, *queries: str, by: str | Sequence[str] = (), period: str = "week", alpha: float = measure.ALPHA,
    shortest: int = measure.SHORTEST, most: int = measure.MOST_CHANGES, where: str = "", span: str = "", unit: str = VIDEO,
    seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """The changes of each series of rates (query and group), a row each; a series without has one row that says so.

    ``alpha``: how often any change is found where no rate changed; ``shortest``: so many periods lie between changes at
    least; ``most``: so many changes a series.
    """
    by, mask = names(by), corpus.mask(where, span)
    calendar = Calendar.of(corpus, period, mask, measure.MOST_PERIODS)
    counted = Counted.of(corpus, queries, by, mask, strategy)
    units = corpus.units(unit)
    series = [(query, label, measure.Course(hits, mask.words, np.where(groups.codes == place, calendar.codes, -1), units))
              for query, hits, groups in counted.each() for place, label in enumerate(groups.labels)]
    found = measure.changes([course for _, _, course in series], seed=corpus.seed(seed),
                            alpha=alpha, shortest=shortest, most=most, replicates=replicates, level=level)
    rows, evidence = [], []
    for (query, label, _), one in zip(series, found, strict=True):
        rows += [(query, *label, *row) for row in _rows(corpus, calendar, one)]
        whole, ends = narrowed(where, by, label), [*(change.period for change in one.found[1:]), len(calendar.periods)]
        after = [_between(whole, calendar, change.period, end) for change, end in zip(one.found, ends, strict=False)]
        evidence += [Evidence(query, here, span, given(strategy)) for here in after or [whole]]
    columns = ("query", *by, "change", *measure.COLUMNS)
    return Answer(
        question=f"In which {period} did it change how often {asked(queries)} is said"
                 f"{grouped(by)}{limited(mask.question)}?",
        columns=columns, rows=rows, mask=mask, labels=2 + len(by), effect="log_ratio", difference=True,
        counted=("before", "after"), lesser=lesser_first(columns, rows, _LESSER, constant=("query",)), evidence=evidence,
        explained={"change": NUMBER, **measure.COLUMNS},
        parameters={"cql": counted.cql, "layer": mask.layer, "unit of resampling": unit, "interval": bootstrap.METHOD,
                    "series": len(series)},
        notes=(*counted.notes(corpus, by), *corpus.alone(unit, mask), *calendar.notes()),
        formats={"before": ",.1f", "after": ",.1f", "support": ".0%", "p": ".4f"},
    )


def _rows(corpus: Opened, calendar: Calendar, found: measure.Changes) -> list[tuple[Any, ...]]:
    """The rows of a series, from the number of the change on."""
    if not found.found:
        return [(0, None, None, None, None, found.p, *[None] * 5, "", found.why_not)]
    rows: list[tuple[Any, ...]] = []
    for number, change in enumerate(found.found, 1):
        places = [calendar.periods[at].key for at in (change.period, change.earliest, change.latest)]
        note = "" if change.low is not None else "no interval: no hits, or fewer than 10 units, before or after"
        event = calendar.events(corpus.study.events, change.earliest, change.latest)
        rows.append((number, *places, change.support, found.p, change.before, change.after, change.log_ratio, change.low,
                     change.high, event, note))
    return rows


def _between(conditions: str, calendar: Calendar, first: int, end: int) -> str:
    """Conditions limited to some periods."""
    parts = [conditions, f"{calendar.field}>={calendar.periods[first].key}"]
    if end < len(calendar.periods):
        parts.append(f"{calendar.field}<{calendar.periods[end].key}")
    return " ".join(filter(None, parts))
