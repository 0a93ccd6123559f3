"""Which names and queries that others have were not found, or seldom, with an outlet, and what could explain it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure import absence as stories
from crosscut.measure import unsaid as measure
from crosscut.measure.association import PER_MILLION
from crosscut.measure.finding import Evidence, number
from crosscut.measure.significance import corrected
from crosscut.query.entities import KINDS, entities
from crosscut.query.mask import Mask
from crosscut.query.matrix import matrix
from crosscut.query.pattern import DEFAULT_STRATEGY, Query, Test
from crosscut.query.search import tests_of
from crosscut.tokens import norm
from crosscut.workbench import gaps
from crosscut.workbench.absence import ORDER, cut, of_first, without
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.counted import Counted, asked, given
from crosscut.workbench.gaps import UNKNOWN, Gaps
from crosscut.workbench.grouped import limited
from crosscut.workbench.opened import Opened
from crosscut.workbench.room import lesser_first
from crosscut.workbench.things import value_query

Ints = npt.NDArray[np.int64]

#: So many names are looked at, those in most videos.
NAMES = 200
#: What is said of a query where too few words are as often.
NO_WORDS = "too few words to compare with to tell"
_MORE = {"query": "What is looked for.", "outlet": "Whose words.", "name": "The name that the query finds."}
COLUMNS = ("query", "outlet", "name", "verdict", "p", "p_adjusted", "hits", "expected", "at_most", "found_in", "other_hits",
           "other_per_million", "other_videos", "words", "videos", "compared", "missing", "undated", "empty_days", "gaps",
           "titles")
_LESSER = ("empty_days", "undated", "missing", "compared", "videos", "words", "other_videos", "other_hits", "at_most",
           "other_per_million", "p_adjusted", "found_in", "titles", "query")
WORDING = ("not found in what was collected is not unsaid: recognisers mishear names, and captions write them in other "
           "ways (how often words are heard right: docs/quality.md); open the lines of the others, and try other spellings")


@measured
def unsaid(
    corpus: Opened, *queries: str, of: str = "", outlet: str = "", at_least: int = stories.LEAST_OUTLETS,
    least_videos: int = stories.LEAST_VIDEOS, least_words: int = stories.LEAST_WORDS, limit: int = 40, every: bool = False,
    where: str = "", span: str = "", strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """How often each outlet says what others say, beside what is expected of it: a row for each query and outlet.

    ``of``: "persons" or "places" instead, the names in most videos, with the outlets in which one was not found or is
    seldom.  ``at_least``: so many other outlets must have a name; ``least_videos``, ``least_words``: so much an outlet must
    have to be missed; ``every``: outlets that have a name, too; ``limit``: so many queries, 0 for all.
    """
    mask = corpus.mask(where, span)
    called = dict.fromkeys(queries, "") or _names(corpus, mask, of, at_least)
    asked_for = list(called)
    counted = Counted.of(corpus, asked_for, ("outlet",), mask, strategy)
    labels = [label[0] for label in counted.groups.labels]
    if outlet and outlet not in labels:
        raise QueryError(f"--outlet {outlet}: no words of it{limited(mask.question)}; there is {', '.join(labels)}")
    found = _found(corpus, counted, 1 if queries else at_least, least_videos, least_words)
    rows = [row for row in found if (not outlet or labels[row.found.group] == outlet)
            and (queries or every or not row.found.hits or row.verdict in (stories.HARDLY, stories.SELDOM))]
    shown = of_first(rows, [row.found.query for row in rows], limit)
    known = Gaps(corpus, mask)
    table = [_row(row, called, labels, known, counted) for row in shown]
    who, constant = outlet or "an outlet", ("query",) if queries else ()
    question = (f"Is {asked(asked_for)} found less often with {who} than expected" if queries else
                f"Which {of} that {at_least} other outlets or more name were not found, or seldom, with {who} in what was "
                f"collected")
    return Answer(
        question=f"{question}{limited(mask.question)}?",
        columns=COLUMNS, rows=table, mask=mask, labels=2, lesser=lesser_first(COLUMNS, table, _LESSER, constant=constant),
        evidence=[Evidence(asked_for[row.found.query], without(where, labels[row.found.group]), span, given(strategy))
                  for row in shown],
        explained={**_MORE, **measure.COLUMNS, **gaps.COLUMNS},
        parameters={"cql": counted.cql, "layer": mask.layer, "alpha": stories.ALPHA, "level": measure.LEVEL},
        notes=(*cut(len(rows), len(shown)), WORDING,
               *known.notes(), *counted.notes(corpus, ("outlet",))),
        formats={**dict.fromkeys(("expected", "at_most", "other_per_million"), ",.1f"),
                 **dict.fromkeys(("p", "p_adjusted"), ".4f")},
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What was measured of a query and an outlet, and what can be said of it."""

    found: measure.Unsaid
    enough: bool
    adjusted: float = float("nan")

    @property
    def verdict(self) -> str:
        """In words."""
        if not self.enough:
            return stories.LITTLE
        if self.found.p is None:
            return NO_WORDS
        if self.found.p > stories.ALPHA:
            return stories.FOUND if self.found.hits else stories.CHANCE
        return stories.HARDLY if self.adjusted <= stories.ALPHA else stories.SELDOM


def _names(corpus: Opened, mask: Mask, of: str, at_least: int) -> dict[str, str]:
    """The names in most videos, by the query that finds each."""
    if of not in KINDS:
        raise QueryError(f"absence is asked of queries, or of {' or '.join(KINDS)}; not of {of or 'nothing'}")
    have = corpus.files.manifest.layers
    if not any("entity" in have.get(language, ()) for language in corpus.languages):
        raise QueryError(f"names are not marked in {', '.join(corpus.languages)}: no annotator gives entities.  Ask for "
                         f"them by --query")
    found: Counter[tuple[str, ...]] = Counter()
    for name, videos in entities(corpus.files, mask, KINDS[of]).items():
        found[name[1:] if name[0] == "the" else name] += videos
    names = sorted((-videos, name) for name, videos in found.items() if name and videos >= at_least)
    queries = {" ".join(value_query(corpus, "norm", part) for part in name): " ".join(name) for _, name in names[:NAMES]}
    if not queries:
        raise QueryError(f"no {of} in {at_least} videos or more{limited(mask.question)}")
    return queries


def _found(corpus: Opened, counted: Counted, at_least: int, least_videos: int, least_words: int) -> list[_Found]:
    """All queries and outlets, the least expected first."""
    mask, many = counted.mask, len(counted.groups.labels)
    norms = matrix(corpus.files, mask, "norm")
    texts, likeness = norms.values.tolist(), measure.Likeness(norms.counts)
    found = []
    references: dict[bytes, measure.References] = {}
    for number_, (query, hits, groups) in enumerate(counted.each()):
        key = groups.codes.tobytes()
        if key not in references:
            references[key] = measure.References.of(norms.counts, mask.words, groups.codes, many)
        words = named(counted.patterns[query])
        own = [place for place, value in enumerate(texts) if value in words]
        alike = likeness.to(hits > 0, np.array(own, np.int64))
        for row in measure.unsaid(number_, hits, mask.words, groups.codes, many, alike, references[key]):
            others = sum(1 for place, one in enumerate(row.others) if one and place != row.group)
            if others >= at_least:
                found.append(_Found(row, row.videos >= least_videos and row.words >= least_words))
    p = np.array([np.nan if row.found.p is None or not row.enough else row.found.p for row in found], np.float64)
    found = [replace(row, adjusted=float(one)) for row, one in
             zip(found, corrected(p, "benjamini-hochberg") if len(p) else p, strict=True)]
    order = (*ORDER[:3], NO_WORDS, *ORDER[3:])
    return sorted(found, key=lambda row: (order.index(row.verdict), row.found.p or 1.0, row.found.hits,
    -row.found.expected))


def named(pattern: Query) -> set[str]:
    """The words that a query names, normalised."""
    tests = tests_of(pattern)
    words = [test.value for test in tests if isinstance(test, Test)]
    return {norm(word) for word in (*words, *(word for test in tests if not isinstance(test, Test) for word in test.words))}


def _row(row: _Found, called: Mapping[str, str], labels: Sequence[str], known: Gaps, counted: Counted) -> tuple[Any, ...]:
    """One row, in the order of ``COLUMNS``."""
    found = row.found
    query, outlet = list(called)[found.query], labels[found.group]
    have = sorted(((-hits, label) for hits, label in zip(found.others, labels, strict=True) if hits))
    said = (counted.hits[query] > 0) & (known.days != UNKNOWN) & (counted.groups.codes != found.group)
    days, code = known.days[said], known.outlets.index(outlet)
    gap = known.of(code, int(days.min()), int(days.max()), named(counted.patterns[query])) if len(days) else None
    return (
        query, outlet, called[query], row.verdict, found.p, number(row.adjusted), found.hits, found.expected, found.at_most,
        ", ".join(f"{label} {-hits:,}" for hits, label in have), found.other_hits,
        PER_MILLION * found.other_hits / found.other_words, found.other_videos, found.words, found.videos, found.compared,
        *(astuple(gap) if gap else gaps.NO_DAY))

