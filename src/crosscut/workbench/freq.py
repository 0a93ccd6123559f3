"""How often is something said?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.measure import bootstrap, frequency
from crosscut.measure.finding import Evidence
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.query.search import answering, count
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.opened import Opened, names, silence


@measured
def freq(
    corpus: Opened, *queries: str, by: str | Sequence[str] = (), where: str = "", span: str = "", seed: int | None = None,
    replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL, strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How often each query occurs, by groups of videos, with intervals over videos."""
    used, by, mask = corpus.study.seed if seed is None else seed, names(by), corpus.mask(where, span)
    patterns = {query: corpus.parsed(query) for query in queries}
    hits = {query: count(corpus.files, pattern, mask, strategy=strategy, structures=corpus.structures)
            for query, pattern in patterns.items()}
    groups = frequency.group_coded(corpus.coded(by), mask.videos)
    rows = [row for query, pattern in patterns.items() for row in frequency.frequencies(
        {query: hits[query]}, mask.words, mask.speech_ms, groups.among(answering(corpus.files, pattern, mask)),
        seed=used, replicates=replicates, level=level)]
    silent = corpus.silent(mask, sum(hits.values(), np.zeros(len(mask.videos), np.int64)), patterns.values())
    return Answer(
        question=_question(queries, by, mask.question), columns=("query", *by, *frequency.COLUMNS), rows=rows, mask=mask,
        labels=1 + len(by), effect="per_million", counted=("hits", "words"), explained=frequency.COLUMNS,
        evidence=[Evidence(row[0], narrowed(where, by, row[1 : 1 + len(by)]), span, _given(strategy)) for row in rows],
        parameters={"cql": [str(pattern) for pattern in patterns.values()], "layer": mask.layer,
                    "unit of resampling": "video", "interval": "percentile"},
        notes=(*corpus.notes(patterns.values(), mask), *silence(silent),
               *(corpus.differences(mask) if "outlet" in by else ())),
        formats={"per_million": ",.1f", "low": ",.1f", "high": ",.1f", "hours": ",.2f", "per_hour": ",.2f"},
    )


def _given(strategy: str) -> str:
    return "" if strategy == DEFAULT_STRATEGY else strategy


def _question(queries: Sequence[str], by: Sequence[str], where: str) -> str:
    asked = ", ".join(f"‘{query}’" for query in queries)
    grouped = f", by {' and '.join(by)}" if by else ""
    limited = f", in videos with {where}" if where else ""
    return f"How often is {asked} said{grouped}{limited}?"
