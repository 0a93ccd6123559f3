"""How evenly is something spread over videos, or over days, programmes …?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure import dispersion as spread
from crosscut.measure.association import PER_MILLION
from crosscut.measure.bootstrap import FEWEST, Sample, limits
from crosscut.measure.finding import Evidence, cell
from crosscut.measure.frequency import NO_ANSWER, Groups, group_coded
from crosscut.measure.rates import VIDEO, Resampling
from crosscut.query.fields import coded, narrowed
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.opened import Opened, names

Ints = npt.NDArray[np.int64]

COLUMNS = {
    "hits": "How many hits there are.", "words": "Words of the videos that were searched; only those that can answer.",
    "parts": "Over how many parts (videos, unless others are asked for) the words are spread.",
    **spread.COLUMNS,
    "note": "Why there is no interval.",
}
STRIPS = {
    "published": "When the video was published, as far as is known.",
    "hits": "How many hits the video has.", "words": "How many words it has.",
    "per_million": "Hits per million words of the video: 1,000,000 × hits / words.",
}
#: What a narrow terminal does without, the least first.
_LESSER = ("kl_norm", "kl_low", "kl_high", "d_low", "d_high", "words", "kl", "share", "dp", "d", "parts", "by_chance",
           "hits")
#: Measures and the names of their limits, with the numbers between which both lie.
_LIMITS = {"dp_norm": ("low", "high", 0.0, 1.0), "d": ("d_low", "d_high", 0.0, 1.0),
           "kl": ("kl_low", "kl_high", 0.0, np.inf)}


@measured
def dispersion(
    corpus: Opened, *queries: str, by: str | Sequence[str] = (), parts: str | Sequence[str] = VIDEO, where: str = "",
    span: str = "", seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How evenly each query is spread over ``parts``, by groups of videos, with intervals by resampling the parts.

    ``parts``: video, or fields of videos (``day``, ``programme``, ``outlet,day``), whose videos together are a part.
    """
    by, parts, mask = names(by), names(parts), corpus.mask(where, span)
    used = corpus.seed(seed)
    how = Resampling(used, replicates, level, " and ".join(parts), _parts(corpus, parts))
    counted = Counted.of(corpus, queries, by, mask, strategy)
    rows = [(query, *label, *_row(hits[videos], mask.words[videos], how.among(videos)))
            for query, hits, groups in counted.each() for label, videos in _members(groups)]
    return Answer(
        question=f"How evenly is {asked(queries)} spread over {how.units}{grouped(by)}{limited(mask.question)}?",
        columns=("query", *by, *COLUMNS), rows=rows, mask=mask, labels=1 + len(by), effect="dp_norm",
        counted=("hits", "words"), lesser=_LESSER, explained=COLUMNS,
        evidence=[Evidence(row[0], narrowed(where, by, row[1 : 1 + len(by)]), span, given(strategy)) for row in rows],
        parameters={"cql": counted.cql, "layer": mask.layer, "unit": how.unit,
                    "interval": bootstrap.METHOD},
        notes=(*counted.notes(corpus, by), *(corpus.alone(parts[0], mask) if len(parts) == 1 else ())),
        formats={"share": ".1%", **dict.fromkeys(list(spread.COLUMNS)[2:], ",.3f")},
    )


@measured
def dispersion_strips(
    corpus: Opened, *queries: str, by: str | Sequence[str] = (), where: str = "", span: str = "",
    strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How often each query is in each video, video by video in order of date: what a plot of dispersion shows."""
    by, mask = names(by), corpus.mask(where, span)
    counted = Counted.of(corpus, queries, by, mask, strategy)
    codes, dates = coded(corpus.files.catalog, "date")
    rows = []
    for query, hits, groups in counted.each():
        for label, videos in _members(groups):
            videos = videos[mask.words[videos] > 0]
            columns = (corpus.files.catalog.video, hits, mask.words)
            placed = sorted((dates[codes[video]], *(column[video] for column in columns)) for video in videos.tolist())
            rows += [(query, *label, video, date, int(n), int(words), PER_MILLION * float(n / words))
                     for date, video, n, words in placed]
    return Answer(
        question=f"Where is {asked(queries)}, video by video{grouped(by)}{limited(mask.question)}?",
        columns=("query", *by, "video", *STRIPS), rows=rows, mask=mask, labels=2 + len(by), effect="per_million",
        counted=("hits", "words"), explained=STRIPS,
        evidence=[Evidence(row[0], narrowed(where, ("video",), (row[1 + len(by)],)), span, given(strategy))
                  for row in rows],
        parameters={"cql": counted.cql, "layer": mask.layer},
        notes=counted.notes(corpus, by), formats={"per_million": ",.1f"},
    )


def _parts(corpus: Opened, parts: Sequence[str]) -> Ints | None:
    """The part of each video, -1 where it is one of its own; None for videos."""
    if len(parts) == 1:
        return corpus.units(parts[0])
    if not parts or VIDEO in parts:
        raise QueryError("parts are videos, or what fields of videos they have in common: day, programme, outlet,day")
    for part in parts:
        corpus.units(part)  # refuses what is no field
    groups = group_coded(corpus.coded(parts), np.ones(len(corpus.files.catalog), bool))
    known = np.array([all(label) for label in groups.labels], bool)
    return np.where(known[groups.codes], groups.codes, -1)


def _members(groups: Groups) -> Iterator[tuple[tuple[str, ...], Ints]]:
    """The label and the videos of each group."""
    for place, label in enumerate(groups.labels):
        yield label, np.flatnonzero(groups.codes == place)


def _row(hits: Ints, words: Ints, how: Resampling) -> tuple[Any, ...]:
    """One row of ``COLUMNS``, from one value a video of the group."""
    if not len(hits):
        return (None, *[None] * (len(COLUMNS) - 2), NO_ANSWER)
    sample = Sample.of(words > 0, how.codes, seed=how.seed, replicates=how.replicates)
    counts, sizes = spread.in_parts(Counts.dense(hits[None]), words, sample.codes, sample.units)
    found = spread.dispersion(counts, sizes)
    again = spread.dispersion_spreads(counts, sizes, Sample.of(np.ones(sample.units, bool), seed=how.seed,
                                                               replicates=how.replicates))
    cells: dict[str, Any] = {name: cell(getattr(found, name)[0])
                             for name in ("range", "share", "dp", "dp_norm", "d", "kl", "kl_norm")}
    cells |= {"hits": int(hits.sum()), "words": int(words.sum()), "parts": found.parts,
              "by_chance": cell(spread.by_chance(counts.totals(), sizes)[0]),
              "note": _why_not(sample.units, int(found.range[0]), how)}
    for name, (low, high, least, most) in _LIMITS.items():
        ends = limits(getattr(found, name), again[name], how.level)
        cells[low], cells[high] = (cell(np.clip(end[0], least, most)) for end in ends)
    return tuple(cells[name] for name in COLUMNS)


def _why_not(parts: int, with_hits: int, how: Resampling) -> str:
    if parts < FEWEST:
        return f"fewer than {FEWEST} {how.units}"
    return "no hits" if not with_hits else f"in fewer than {FEWEST} {how.units}" if with_hits < FEWEST else ""


