"""How often is something said?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.measure import bootstrap, frequency
from crosscut.measure.finding import Evidence
from crosscut.measure.rates import VIDEO, Resampling
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.opened import Opened, names

#: So many videos that move a rate are named.
NAMED = 10
#: What a narrow terminal does without.
_LESSER = ("share_low", "share_high", "hours", "without_outliers", "per_hour", "share_of_videos", "videos_with_hits", "note")


@measured
def freq(
    corpus: Opened, *queries: str, by: str | Sequence[str] = (), where: str = "", span: str = "", unit: str = VIDEO,
    seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How often each query occurs, by groups of videos, with intervals over videos, or over days, programmes …: ``unit``."""
    by, mask = names(by), corpus.mask(where, span)
    how = Resampling(corpus.seed(seed), replicates, level, unit, corpus.units(unit))
    counted = Counted.of(corpus, queries, by, mask, strategy)
    found = [frequency.frequencies({query: hits}, mask.words, mask.speech_ms, groups, how)
             for query, hits, groups in counted.each()]
    rows = [row for some in found for row in some.rows]
    return Answer(
        question=f"How often is {asked(queries)} said{grouped(by)}{limited(mask.question)}?",
        columns=("query", *by, *frequency.COLUMNS), rows=rows, mask=mask,
        labels=1 + len(by), effect="per_million", counted=("hits", "words"), lesser=_LESSER, explained=frequency.COLUMNS,
        evidence=[Evidence(row[0], narrowed(where, by, row[1 : 1 + len(by)]), span, given(strategy)) for row in rows],
        parameters={"cql": counted.cql, "layer": mask.layer,
                    "unit of resampling": unit, "interval": bootstrap.METHOD},
        notes=(*_moved(corpus, [one for some in found for one in some.outliers]), *counted.notes(corpus, by),
               *corpus.alone(unit, mask)),
        formats={**dict.fromkeys(("per_million", "low", "high", "without_outliers"), ",.1f"), "hours": ",.2f",
                 "per_hour": ",.2f", **dict.fromkeys(("share_of_videos", "share_low", "share_high"), ".1%")},
    )


def _moved(corpus: Opened, outliers: Sequence[frequency.Outlier]) -> list[str]:
    """Which videos move a rate by more than its interval, and how far; the farthest first."""
    ordered = sorted(outliers, key=lambda one: -abs(np.log(one.per_million / one.without)))
    lines = [f"{corpus.files.catalog.video[one.video]} alone moves ‘{one.query}’{' in ' if one.label else ''}"
             f"{', '.join(one.label)} from {one.without:,.1f} to {one.per_million:,.1f} per million, out of the interval of "
             f"the other videos" for one in ordered[:NAMED]]
    more = len(outliers) - len(lines)
    return [*lines, f"{more:,} more videos move a rate out of the interval of the others"] if more > 0 else lines
