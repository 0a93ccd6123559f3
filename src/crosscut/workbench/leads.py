"""Who speaks of something first, and who follows?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import leads as measure
from crosscut.measure.finding import Evidence
from crosscut.measure.frequency import Groups
from crosscut.measure.significance import uncorrected
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import limited, one_field, refuse_pairs
from crosscut.workbench.opened import Opened, names

Ints = npt.NDArray[np.int64]

#: Periods that series are compared in; cut in UTC.
PERIODS = tuple(measure.STEPS)
#: What is correlated.
CORRELATED = (measure.CHANGE, measure.LEVELS)
_PAIR = {"first": "The one group.", "second": "The other."}


@measured
def leads(
    corpus: Opened, *queries: str, by: str | Sequence[str] = ("outlet",), period: str = "day", lags: int = measure.LAGS,
    correlate: str = measure.CHANGE, least_words: int = measure.LEAST_WORDS, where: str = "", span: str = "",
    seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How the rates of each two groups go together, up to ``lags`` periods apart: a row each query, pair and lag.

    Refused where videos have no time with its zone.  ``period``: hour, day or week, cut in UTC; ``correlate``: "change" of
    the rates, or their "level".
    """
    by, mask = names(by), corpus.mask(where, span)
    field, counted = one_field(by, "leads"), Counted.of(corpus, queries, by, mask, strategy)
    _check(period, correlate, lags)
    refuse_pairs(len(counted.groups.labels), field)
    moments = _moments(corpus, counted, field)
    bins, many = measure.binned(moments, period)
    if many > measure.MOST_PERIODS:
        raise QueryError(f"leads: more than {measure.MOST_PERIODS:,} {period}s: take a coarser --period, or narrow --where")
    used = corpus.seed(seed)
    rows, evidence, tests = [], [], 0
    for query, hits, groups in counted.each():
        rates = [measure.rates(hits, mask.words, np.where(groups.codes == place, bins, -1), many, least_words)
                 for place in range(len(groups.labels))]
        for one, other in combinations(range(len(groups.labels)), 2):
            pair = groups.labels[one][0], groups.labels[other][0]
            found = measure.lags(rates[one], rates[other], most=lags, correlate=correlate, seed=used, replicates=replicates,
                                 level=level)
            rows += [(query, *pair, *astuple(lag)) for lag in found]
            tests += any(lag.p is not None for lag in found)
            evidence += [Evidence(query, _either(where, field, pair), span, given(strategy))] * len(found)
    return Answer(
        question=f"Do {field}s follow one another in how often {asked(queries)} is said, {period} by {period}"
                 f"{limited(mask.question)}?",
        columns=("query", *_PAIR, *measure.COLUMNS), rows=rows, mask=mask, labels=4, effect="correlation", difference=True,
        counted=("periods",), lesser=("note",), evidence=evidence, explained={**_PAIR, **measure.COLUMNS},
        parameters={"cql": counted.cql, "layer": mask.layer, "zone of the periods": "UTC",
                    "interval": "blocks of periods, Fisher's z"},
        notes=(*counted.notes(corpus, by), "a lag says who is later, not who took it from whom", *uncorrected(tests)),
        formats={"best": ".0%", "p": ".4f", "lag": "+d"},
    )


@measured
def firsts(
    corpus: Opened, *queries: str, by: str | Sequence[str] = ("outlet",), where: str = "", span: str = "",
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """The first video of each group in which each query has a hit, the earliest first.

    Refused where videos have no time with its zone.
    """
    by, mask = names(by), corpus.mask(where, span)
    field, counted = one_field(by, "firsts"), Counted.of(corpus, queries, by, mask, strategy)
    moments = _moments(corpus, counted, field)
    rows, evidence = [], []
    for query, hits, groups in counted.each():
        for first in measure.firsts(hits, moments, groups.codes, len(groups.labels)):
            label = groups.labels[first.group][0]
            rows.append((query, label, *_first(corpus, first)))
            video = corpus.files.catalog.video[first.video] if first.video >= 0 else ""
            here = narrowed(where, (field, "video"), (label, video))
            evidence.append(Evidence(query, here, span, given(strategy)) if video else None)
    return Answer(
        question=f"Which {field} says {asked(queries)} first{limited(mask.question)}?",
        columns=("query", field, *measure.FIRST), rows=rows, mask=mask, labels=2, effect="hours_behind", evidence=evidence,
        counted=("videos", "videos_with_hits"), lesser=("note", "title"), explained={**measure.FIRST, field: "Who says it."},
        parameters={"cql": counted.cql, "layer": mask.layer, "zone": "UTC"},
        notes=(*counted.notes(corpus, by),
               "a first hit is one video: open its line before you build on it; who publishes more is first sooner by "
               "chance, and what was not collected cannot be first"),
        formats={"hours_behind": ",.1f"},
    )


def _first(corpus: Opened, first: measure.First) -> tuple[Any, ...]:
    if first.video < 0:
        return (None, None, None, first.videos, 0, None, None, "no hits")
    when = datetime.fromtimestamp(first.moment, UTC).isoformat()
    catalog = corpus.files.catalog
    return (when, first.hours_behind, first.before, first.videos, first.videos_with_hits, catalog.video[first.video],
            catalog.text("title")[first.video], "")


def _check(period: str, correlate: str, lags: int) -> None:
    if period not in PERIODS:
        raise QueryError(f"leads: unknown period {period!r}: one of {', '.join(PERIODS)}")
    if correlate not in CORRELATED:
        raise QueryError(f"leads: {correlate!r} cannot be correlated: {' or '.join(CORRELATED)}")
    if lags < 1:
        raise QueryError("leads: --lags must be 1 at least")


def _moments(corpus: Opened, counted: Counted, field: str) -> Ints:
    """When each video was published; refused where that is not known to the moment, everywhere."""
    moments = measure.moments(corpus.files.catalog.values("published"))
    groups: Groups = counted.groups
    if lacking := measure.unzoned(moments, groups.codes, [label[0] for label in groups.labels]):
        raise QueryError(
            f"who is first cannot be told: videos have no time of publication with its zone ({'; '.join(lacking)}); a day, "
            f"or a time without a zone, is not the same everywhere.  Leave that {field} out with --where, or import what "
            f"has times with zones, such as .info.json")
    return np.where(groups.codes >= 0, moments, measure.UNKNOWN)


def _either(where: str, field: str, pair: tuple[str, str]) -> str:
    """Conditions with one of two values of a field; no narrower than given where a value cannot be written so."""
    if any("|" in value or not value for value in pair):
        return where
    one = narrowed("", (field,), ("\0".join(pair),)).replace("\0", "|")
    return f"{where} {one}".strip()
