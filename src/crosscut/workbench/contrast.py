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
from crosscut.workbench.grouped import DEALT_APART, limited, one_field, refuse_pairs, shared
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first

Ints = npt.NDArray[np.int64]

#: What ``second`` is where it is no group.
ALL, OTHERS = "all", "the others"
#: What a narrow terminal does without.
_LESSER = ("compared", "other_words", "words", "other_videos", "videos", "p", "difference", "note", "query",
           "other_per_million", "per_million", "other_hits", "hits")
#: So many rows in which p and interval are at odds are named.
NAMED = 5
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
    used = corpus.seed(seed)
    found: list[measure.Contrast] = []
    for chosen, groups in _alike(counted):
        compared = measure.Compared(np.stack([counted.hits[queries[place]] for place in chosen]), mask.words, groups,
                                    len(counted.groups.labels), strata, units)
        rows = measure.contrasts(compared, seed=used, permutations=permutations, replicates=replicates, level=level)
        found += [replace(row, query=chosen[row.query]) for row in rows]
    found = measure.adjusted(sorted(found, key=lambda row: row.query))
    labels = [label[0] for label in counted.groups.labels]
    found = [_saying_who(row, labels) for row in found]
    columns, table = ("query", *_PAIR, *measure.COLUMNS), [_row(row, queries, labels) for row in found]
    return Answer(
        question=f"Do {field}s differ in how often {asked(queries)} is said{f', within each {within}' if within else ''}"
                 f"{limited(mask.question)}?",
        columns=columns, rows=table, mask=mask, labels=3, effect="log_ratio", difference=True,
        counted=("hits", "other_hits"), lesser=lesser_first(columns, table, _LESSER, constant=("query",)),
        explained={**_PAIR, **measure.COLUMNS},
        evidence=[Evidence(queries[row.query], narrowed(where, (field,), (labels[row.first],)) if row.first >= 0 else where,
                           span, given(strategy)) for row in found],
        parameters={"cql": counted.cql, "layer": mask.layer, "unit of resampling": unit, "interval": bootstrap.METHOD},
        notes=(*_silent(found, queries, labels), *_at_odds(found, queries, labels, 1 - level),
               *_within(within), *_unknown(corpus, within, counted), *counted.notes(corpus, by), *corpus.alone(unit, mask),
               *shared(corpus, unit, counted.groups.codes, DEALT_APART.format("p deals out")
                       + (f"; --within {unit} deals them out within each" if within != unit else ""))),
        formats={**dict.fromkeys(("per_million", "other_per_million", "difference"), ",.1f"),
                 **dict.fromkeys(("p", "p_adjusted"), ".4f")},
    )


def _codes(corpus: Opened, field: str) -> Ints | None:
    """The value of a field of each video, one code a value."""
    return group_coded(corpus.coded((field,)), np.ones(len(corpus.files.catalog), bool)).codes if field else None


def _saying_who(row: measure.Contrast, labels: Sequence[str]) -> measure.Contrast:
    """A row whose note says which side has no hits."""
    if row.other_hits is None or bool(row.hits) == bool(row.other_hits):
        return row
    return replace(row, note="; ".join(filter(None, (f"no hits in {_sides(row, labels)[bool(row.hits)]}", row.note))))


def _silent(found: Sequence[measure.Contrast], queries: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Who has no hits, and so no log ratio: a narrow table has no room for the notes of the rows."""
    notes = []
    for number, query in enumerate(queries):
        rows = [row for row in found if row.query == number and row.other_hits is not None]
        if not any(row.hits or row.other_hits for row in rows):
            notes.append(f"no hits of ‘{query}’ in any group: nothing is compared")
            continue
        none = dict.fromkeys(who for row in rows for who, hits in
                             zip(_sides(row, labels), (row.hits, row.other_hits), strict=True) if not hits and who != OTHERS)
        if none:
            notes.append(f"no hits of ‘{query}’ in {', '.join(none)}: a ratio to nothing is no number; p and the difference "
                         f"of the rates remain")
    return notes


def _at_odds(
    found: Sequence[measure.Contrast], queries: Sequence[str], labels: Sequence[str], alpha: float,
) -> list[str]:
    """Where p says that groups differ and the interval does not, or the other way round; why, and which to believe."""
    rows = [row for row in found if measure.at_odds(row, alpha)]
    if not rows:
        return []
    told = [f"‘{queries[row.query]}’, {' and '.join(_sides(row, labels))} (p_adjusted {row.p_adjusted:.2g}, log ratio "
            f"{row.low:+.2f} to {row.high:+.2f})" for row in rows[:NAMED]]
    more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
    return [f"p_adjusted and the interval say two things of {'; '.join(told)}{more}.  They ask two things: p, how often as "
            f"large a difference comes of videos dealt out at random, for all rows of its kind together; the interval, how "
            f"large the difference is, for this row alone, and it is wide where few videos hold most of the hits.  Believe "
            f"p_adjusted on whether they differ, the interval on by how much"]


def _within(within: str) -> list[str]:
    """Which columns are within periods."""
    return [f"log_ratio, low, high and p compare within each {within}; hits, per_million, other_per_million and difference "
            f"are of all of them together, and may point the other way"] if within else []


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
    numbers = asdict(row)
    return (queries[row.query], *_sides(row, labels), *(numbers[name] for name in measure.COLUMNS))


def _sides(row: measure.Contrast, labels: Sequence[str]) -> tuple[str, str]:
    """What both sides are called."""
    return (labels[row.first] if row.first >= 0 else ALL,
            labels[row.second] if row.second >= 0 else OTHERS if row.first >= 0 else ALL)
