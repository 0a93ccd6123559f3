"""Do the rates of outlets differ in this window?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import contrast as measure
from crosscut.measure.dealing import PERMUTATIONS
from crosscut.measure.finding import Evidence
from crosscut.measure.frequency import group_coded
from crosscut.measure.rates import VIDEO
from crosscut.query.fields import narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import limited, one_field, refuse_pairs
from crosscut.workbench.opened import Opened, names

Ints = npt.NDArray[np.int64]

#: What ``second`` is where it is no group.
ALL, OTHERS = "all", "the others"
#: What a narrow terminal does without.
_LESSER = ("compared", "other_words", "words", "difference", "other_videos", "videos", "note", "other_hits", "hits", "p")
_PAIR = {"first": "The group whose rate is given first.", "second": "What it is compared with; all: all groups at once."}


@measured
def contrast(
    corpus: Opened, *queries: str, by: str | Sequence[str] = ("outlet",), within: str = "", where: str = "", span: str = "",
    unit: str = VIDEO, permutations: int = PERMUTATIONS, seed: int | None = None, replicates: int = bootstrap.REPLICATES,
    level: float = bootstrap.LEVEL, strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """Whether groups differ in how often each query is said: all at once, each two, and each against the others.

    ``within``: a field such as month, within whose values groups are compared, so that the mix of months does not pose as a
    difference; ``unit``: what is resampled and dealt out as a whole.
    """
    by, mask, queries = names(by), corpus.mask(where, span), tuple(dict.fromkeys(queries))
    field, counted = one_field(by, "contrast"), Counted.of(corpus, queries, by, mask, strategy)
    if within == field:
        raise QueryError(f"--within {within}: groups by {field} cannot be compared within one {field}")
    if len(counted.groups.labels) < 2:
        raise QueryError(f"there is no second {field} to compare with{limited(where)}")
    refuse_pairs(len(counted.groups.labels), field)
    strata, units = _codes(corpus, within), corpus.units(unit)
    used = corpus.study.seed if seed is None else seed
    found: list[measure.Contrast] = []
    for chosen, groups in _alike(counted):
        compared = measure.Compared(np.stack([counted.hits[queries[place]] for place in chosen]), mask.words, groups,
                                    len(counted.groups.labels), strata, units)
        rows = measure.contrasts(compared, seed=used, permutations=permutations, replicates=replicates, level=level)
        found += [replace(row, query=chosen[row.query]) for row in rows]
    found = measure.adjusted(sorted(found, key=lambda row: row.query))
    labels = [label[0] for label in counted.groups.labels]
    return Answer(
        question=f"Do {field}s differ in how often {asked(queries)} is said{f', within each {within}' if within else ''}"
                 f"{limited(mask.question)}?",
        columns=("query", *_PAIR, *measure.COLUMNS), rows=[_row(row, queries, labels) for row in found], mask=mask, labels=3,
        effect="log_ratio", difference=True, counted=("hits", "other_hits"), lesser=_LESSER,
        explained={**_PAIR, **measure.COLUMNS},
        evidence=[Evidence(queries[row.query], narrowed(where, (field,), (labels[row.first],)) if row.first >= 0 else where,
                           span, given(strategy)) for row in found],
        parameters={"cql": counted.cql, "layer": mask.layer, "unit of resampling": unit, "interval": bootstrap.METHOD},
        notes=(*counted.notes(corpus, by), *corpus.alone(unit, mask), *_unknown(corpus, within, counted)),
        formats={**dict.fromkeys(("per_million", "other_per_million", "difference"), ",.1f"),
                 **dict.fromkeys(("p", "p_adjusted"), ".4f")},
    )


def _codes(corpus: Opened, field: str) -> Ints | None:
    """The value of a field of each video, one code a value."""
    return group_coded(corpus.coded((field,)), np.ones(len(corpus.files.catalog), bool)).codes if field else None


def _unknown(corpus: Opened, within: str, counted: Counted) -> list[str]:
    """How many videos have no value of the field that groups are compared within."""
    if not within:
        return []
    codes, texts = corpus.coded((within,))[within]
    empty = np.array([not text for text in texts], bool)[codes]
    many = int(np.count_nonzero(empty & (counted.groups.codes >= 0)))
    return [f"{many:,} videos have no {within}: they are compared with one another"] if many else []


def _alike(counted: Counted) -> list[tuple[list[int], Ints]]:
    """The queries, by place, that the same videos can answer, and the groups of these videos."""
    found: dict[bytes, tuple[list[int], Ints]] = {}
    for place, (_, _, groups) in enumerate(counted.each()):
        found.setdefault(groups.codes.tobytes(), ([], groups.codes))[0].append(place)
    return list(found.values())


def _row(row: measure.Contrast, queries: Sequence[str], labels: Sequence[str]) -> tuple[object, ...]:
    first = labels[row.first] if row.first >= 0 else ALL
    second = labels[row.second] if row.second >= 0 else OTHERS if row.first >= 0 else ALL
    numbers = asdict(row)
    return (queries[row.query], first, second, *(numbers[name] for name in measure.COLUMNS))
