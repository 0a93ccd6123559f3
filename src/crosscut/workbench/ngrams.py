"""Which words stand together: n-grams, clusters around a node, and what fills the slots of a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure import bootstrap, variety
from crosscut.measure import dispersion as spread
from crosscut.measure.association import PER_MILLION
from crosscut.measure.bootstrap import FEWEST, Group, Sample, limits, log_rate, spreads
from crosscut.measure.finding import Evidence, cell
from crosscut.measure.frequency import group_coded
from crosscut.query.clusters import clusters, fillers
from crosscut.query.fields import narrowed
from crosscut.query.language.frames import filled, parse_frame, slots_of
from crosscut.query.language.values import flat
from crosscut.query.mask import Mask
from crosscut.query.ngrams import NGrams, places
from crosscut.query.ngrams import ngrams as all_ngrams
from crosscut.query.pattern import And, Constraint, Containing, Label, Pattern, Query, Test, Token
from crosscut.query.pattern import Sequence as Row
from crosscut.query.search import answering, check_layers, search
from crosscut.tokens import norm
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.opened import Opened, names, silence

Ints = npt.NDArray[np.int64]
Cells = dict[str, Any]

#: The row of a frame whatever fills it.
ANY = "*"
_SPREAD = {
    "range": "In how many videos it is.",
    "dp_norm": "Deviation of proportions over videos, by their words or n-grams: ½ Σ |v - s| / (1 - smallest s); see "
               "crosscut dispersion. 0: spread as the text is; near 1: in few videos. Gries 2008, Lijffijt & Gries 2012.",
    "dp_low": "Lower limit of DPnorm.", "dp_high": "Upper limit of DPnorm.", "note": "Why there are no intervals.",
}
COLUMNS = {
    "count": "How often it is there.",
    "places": "How many n-grams there are in the videos: rows of n tokens that have a value in the layer.",
    "per_million": "1,000,000 × count / places.",
    "low": "Lower limit of the rate: exp(log rate - t(df) × sd), with sd over resamples of the videos. Only of what is in "
           "ten videos or more.",
    "high": "Upper limit of the rate.", **_SPREAD,
}
FRAME = {
    "count": "How often the frame has this filler.",
    "hits": "How often the frame is there at all.",
    "share": "count / hits.",
    "low": "Lower limit of the share: exp(log share - t(df) × sd), with sd over resamples of the videos. Only of what is in "
           "ten videos or more.",
    "high": "Upper limit of the share.",
    "fillers": "How many different fillers there are.",
    "type_token_ratio": "fillers / hits. It falls as hits become more: see fillers_alike.",
    "fillers_alike": "How many different fillers there are to be expected in as many hits as the group with the fewest has, "
                     "drawn at random (rarefaction: Hurlbert 1971).",
    "entropy": "-Σ p log₂ p over the fillers' shares p, in bits (Shannon 1948). 0: always the same filler.",
    **_SPREAD,
}
#: What a narrow terminal does without, the least first.
_LESSER = ("places", "dp_low", "dp_high", "type_token_ratio", "fillers_alike", "note", "hits", "dp_norm", "entropy",
           "fillers")
_FORMATS = {**dict.fromkeys(("per_million", "low", "high", "fillers_alike", "entropy"), ",.1f"), "share": ".1%",
            **dict.fromkeys(("dp_norm", "dp_low", "dp_high", "type_token_ratio"), ".3f")}


@measured
def ngrams(
    corpus: Opened, *, n: int = 2, layer: str = "norm", around: str = "", node: str = "any", frame: str = "",
    by: str | Sequence[str] = (), where: str = "", span: str = "", at_least: int = 2, min_videos: int = 1, limit: int = 50,
    seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
) -> Answer:
    """The most frequent n-grams of a layer, with rate, range and dispersion, and intervals for those in ten videos or more.

    ``around``: only those that hold a hit of this query (``node``: any, first or last in them).  ``frame``: not n-grams but
    what fills the slots of a frame: ``the * of gaza``, or CQL with labels ``slot``, ``slot2`` …; ``layer`` is that of the
    fillers.  ``limit``: so many over all groups (0: all).
    """
    if around and frame:
        raise QueryError("a frame is not looked for around something: give one or the other")
    by, mask, used = names(by), corpus.mask(where, span), corpus.seed(seed)
    valued = Query(Token(Test(layer, ".+", regex=True)))
    check_layers(corpus.files, valued, mask)
    least = _Least(at_least, min_videos, limit)
    asked = (_of_frame(corpus, frame, layer, mask, least) if frame
             else _of_ngrams(corpus, around, node, layer, n, mask, least))
    groups = group_coded(corpus.coded(by), mask.videos).among(answering(corpus.files, valued, mask))
    tables = {label: asked.rows(groups.codes == place, used, replicates, level) for place, label in enumerate(groups.labels)}
    asked.compare(tables)
    lines = [(name, label, cells[at]) for at, name in enumerate(asked.names) for label, cells in tables.items()]
    return Answer(
        question=f"{asked.question}{grouped(by)}{limited(mask.question)}?", columns=(asked.label, *by, *asked.columns),
        rows=[(name, *label, *(cells.get(column) for column in asked.columns)) for name, label, cells in lines],
        mask=mask, labels=1 + len(by), effect="share" if frame else "per_million", counted=("count",), lesser=_LESSER,
        evidence=[Evidence(str(query), narrowed(where, by, label), span) if query else None
                  for query in asked.evidence for label in tables],
        explained=asked.columns, formats=_FORMATS | (dict.fromkeys(("low", "high"), ".1%") if frame else {}),
        parameters={"cql": [str(query) for query in asked.queries], "spans": mask.layer, "interval": bootstrap.METHOD},
        notes=(*corpus.notes((valued, *asked.queries), mask), *asked.notes, *_silence(corpus, asked, mask),
               *(corpus.differences(mask) if "outlet" in by else ())),
    )


@dataclass(frozen=True, slots=True)
class _Least:
    """Which things are listed: so often, in so many videos, so many."""

    often: int
    videos: int
    most: int


@dataclass(frozen=True, slots=True)
class _Things:
    """What is counted: things × videos, what their rate is out of, and what they are spread over, in each video."""

    label: str
    question: str
    columns: Mapping[str, str]
    names: list[str]
    evidence: list[Query | None]
    counts: Counts
    out_of: Ints
    sizes: Ints
    queries: tuple[Query, ...] = ()
    notes: tuple[str, ...] = ()
    every: Counts | None = None   # all fillers of a frame, listed or not

    def rows(self, videos: npt.NDArray[np.bool_], seed: int, replicates: int, level: float) -> list[Cells]:
        """One row a thing for a group of videos."""
        counts, sample = self.counts.among(videos), Sample.of(videos, seed=seed, replicates=replicates)
        out_of, totals = np.where(videos, self.out_of, 0), counts.totals()
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = totals / out_of.sum()
            logs = np.log(rate)
        some = np.flatnonzero(counts.ranges() >= FEWEST)
        rates = spreads([Group(sample, (counts.take(some),), (out_of,))], log_rate)
        ends = [np.minimum(np.exp(end), 1) for end in limits(logs[some], rates, level)]
        table, sizes = spread.in_parts(counts, self.sizes, sample.codes, sample.units)
        found = spread.dispersion(table, sizes)
        drawn = Sample.of(np.ones(sample.units, bool), seed=seed, replicates=replicates)
        again = spread.dispersion_spreads(table.take(some), sizes, drawn, ("dp_norm",))["dp_norm"]
        ends += [np.clip(end, 0, 1) for end in limits(found.dp_norm[some], again, level)]
        scale = 1 if self.every else PER_MILLION
        columns = {"count": totals, "range": found.range, "share" if self.every else "per_million": rate * scale,
                   "dp_norm": found.dp_norm}
        for name, end, times in zip(("low", "high", "dp_low", "dp_high"), ends, (scale, scale, 1, 1), strict=True):
            columns[name] = np.full(len(totals), np.nan)
            columns[name][some] = end * times
        rows = [{name: cell(column[at]) for name, column in columns.items()} for at in range(len(totals))]
        for row in rows:
            row["hits" if self.every else "places"] = int(out_of.sum())
            row["note"] = _why_not(sample.units, row["range"])
        if self.every and rows:
            rows[0] |= _variety(self.every.among(videos).totals())
        return rows

    def compare(self, tables: Mapping[tuple[str, ...], list[Cells]]) -> None:
        """The fillers of each group of a frame in as many hits as the group with the fewest has."""
        if self.every is None:
            return
        firsts = [(label, rows[0]) for label, rows in tables.items() if rows and rows[0]["count"]]
        fewest = min((row["count"] for _, row in firsts), default=0)
        for _, row in firsts:
            row["fillers_alike"] = variety.distinct_in(row.pop("of each"), fewest)


def _silence(corpus: Opened, asked: _Things, mask: Mask) -> tuple[str, ...]:
    """Languages in which a node or a frame is never said."""
    in_video = np.bincount(asked.counts.video, minlength=len(mask.videos))
    return silence(corpus.silent(mask, in_video, asked.queries), left_out=False) if asked.queries else ()


def _variety(counts: Ints) -> Cells:
    """What is said of the fillers of a frame as a whole."""
    hits, fillers = int(counts.sum()), int(np.count_nonzero(counts))
    return {"fillers": fillers, "type_token_ratio": fillers / hits if hits else None,
            "entropy": cell(variety.entropy(counts)), "of each": counts}


def _why_not(videos: int, with_it: int) -> str:
    if videos < FEWEST:
        return f"fewer than {FEWEST} videos"
    return "" if with_it >= FEWEST else f"in fewer than {FEWEST} videos" if with_it else "not there"


# What is counted.


def _of_ngrams(corpus: Opened, around: str, node: str, layer: str, n: int, mask: Mask, least: _Least) -> _Things:
    """N-grams, of the whole text or around a node."""
    query = corpus.parsed(around) if around else None
    if query is None:
        found = all_ngrams(corpus.files, mask, layer, n, at_least=least.often, min_videos=least.videos, most=least.most)
        out_of = found.places
    else:
        hits = search(corpus.files, query, mask, structures=corpus.structures)
        found = clusters(corpus.files, hits, mask, layer, n, node=node, at_least=least.often, min_videos=least.videos,
                         most=least.most)
        out_of = places(corpus.files, mask, layer, n)
    tokens = found.tokens()
    side = {"any": "hold", "first": "begin with", "last": "end with"}.get(node, node)
    return _Things(
        "ngram", f"Which {n}-grams ({layer}) {f'{side} ‘{around}’' if around else 'are the most frequent'}", COLUMNS,
        [" ".join(gram) for gram in tokens], [_evidence(layer, gram, query, node) for gram in tokens], found.counts, out_of,
        out_of, (query,) if query else (), tuple(_about_node(query)))


def _of_frame(corpus: Opened, frame: str, layer: str, mask: Mask, least: _Least) -> _Things:
    """What fills the slots of a frame; first of all anything."""
    query = corpus.parsed(str(parse_frame(frame, corpus.languages, corpus.study.words)))
    slots = slots_of(query)
    hits = search(corpus.files, query, mask, structures=corpus.structures)
    every = fillers(corpus.files, hits, slots, layer)
    listed = np.flatnonzero((every.counts.totals() >= least.often) & (every.counts.ranges() >= least.videos))
    found = every.take(listed[: least.most or None])
    tokens = found.tokens()
    of_each = [filled(query, {slot: exactly(layer, value) for slot, value in zip(slots, gram, strict=True)})
               for gram in tokens]
    bound = int(every.places.sum())
    return _Things(
        "filler", f"What fills the slot{'s' if len(slots) > 1 else ''} of ‘{frame}’ ({layer})", FRAME,
        [ANY, *(" … ".join(gram) for gram in tokens)], [query, *of_each], _with_any(every, found), every.places, mask.words,
        (query,), (f"{len(hits) - bound:,} hits of the frame have no {layer} in a slot and are left out",)
        if bound < len(hits) else (), every.counts)


def _with_any(every: NGrams, found: NGrams) -> Counts:
    """Counts of fillers, with a row in front for all of them."""
    some = np.flatnonzero(every.places)
    return Counts(np.concatenate([[0], len(some) + found.counts.bounds]), np.concatenate([some, found.counts.video]),
                  np.concatenate([every.places[some], found.counts.n]), found.counts.videos)


# The way back to the lines.


def exactly(layer: str, value: str) -> Test:
    """The test that just the tokens with a value in a layer fulfil."""
    return Test(layer, value, cased=layer != "norm" or norm(value) != value)


def _evidence(layer: str, gram: Sequence[str], query: Query | None, node: str) -> Query | None:
    """The query whose hits are the places of an n-gram; none where the node has conditions."""
    tests: list[Constraint] = [exactly(layer, value) for value in gram]
    if query is None:
        return Query(_row(tests))
    if query.condition:
        return None
    fixed = _fixed(query.pattern)
    if fixed is None or node == "any":
        return Query(Containing(_row(tests), query.pattern))
    begin = 0 if node == "first" else len(tests) - len(fixed)
    for place, constraint in enumerate(fixed, begin):
        if constraint is not None:
            tests[place] = flat(And, (tests[place], constraint))
    return Query(_row(tests))


def _row(tests: Sequence[Constraint]) -> Pattern:
    return Row(tuple(map(Token, tests)))


def _fixed(pattern: Pattern) -> list[Constraint | None] | None:
    """What each token of a pattern must be, where it is a plain row of tokens."""
    if isinstance(pattern, Row):
        parts = [_fixed(part) for part in pattern.parts]
        return None if None in parts else [constraint for part in parts if part for constraint in part]
    if isinstance(pattern, Label):
        return [pattern.token.constraint]
    return [pattern.constraint] if isinstance(pattern, Token) else None


def _about_node(query: Query | None) -> Iterator[str]:
    if query is not None and query.condition:
        yield "no query finds the lines of a row: the node has a condition behind ::"
    elif query is not None and _fixed(query.pattern) is None:
        yield "a row may open more lines than it counts: the node is not a plain row of tokens"
