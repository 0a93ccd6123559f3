"""Names and numbers that one outlet has in a story and no other: what only it tells, or heard otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crosscut.query.concordance import grouped
from crosscut.query.hits import Hits
from crosscut.query.search import languages_without
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.opened import Opened
from crosscut.workbench.story import Told
from crosscut.workbench.things import value_query

#: Entities that are no names: dates are neither, as "today" is one.
_AMOUNTS, _DAYS = "CARDINAL|MONEY|ORDINAL|PERCENT|QUANTITY", "DATE|TIME"
#: By kind, the queries that find them, the first that a language can answer.
FOUND_BY = {
    "name": (f'[entity=".+" & entity!="{_AMOUNTS}|{_DAYS}"]+', '[pos="PROPN"]+'),
    "number": (f'[entity="{_AMOUNTS}"]+', '[pos="NUM"]+', '[word=".*[0-9].*"]+'),
}
#: So many of the most frequent of each outlet and kind are looked for with the others.
CANDIDATES = 60
COLUMNS = {
    "outlet": "The only outlet that says it in the story.", "kind": "name or number.", "text": "What it says.",
    "hits": "How often it says it there.", "videos": "In how many videos.",
}


@measured
def story_only(corpus: Opened, story: str, *, limit: int = 10, where: str = "", span: str = "") -> Answer:
    """Names and numbers that only one outlet says in a story; found by entities, else by parts of speech or digits."""
    told = Told.of(corpus, story, where, span)
    rows: list[tuple[Any, ...]] = []
    evidence, notes, parameters = [], [], {}
    for kind, queries in FOUND_BY.items():
        query = _first(corpus, told, queries)
        parameters[kind] = query
        if not query:
            notes.append(f"{kind}s are not looked for: that takes a language model for every language asked for")
            continue
        hits = _inside(told, corpus.hits(query, mask=told.within.mask, strategy="longest"))
        for outlet in told.outlets:
            found = _only(corpus, told, outlet, hits)[: limit or None]
            rows += [(told.within.names[outlet], kind, text, many, videos) for text, many, videos, _ in found]
            evidence += [told.opening(sought, outlet) for *_, sought in found]
    if len(told.outlets) < 2:
        notes.append("one outlet tells it: all that it says is its own")
    return told.answer(
        corpus, "Which names and numbers does only one outlet say in {}?", tuple(COLUMNS), rows, labels=3, effect="hits",
        explained=COLUMNS, evidence=evidence, parameters={"cql": parameters},
        notes=[*notes, "a name that one recogniser misheard looks like a name of its own: open the lines"])


def _first(corpus: Opened, told: Told, queries: Sequence[str]) -> str:
    """The first query that all languages asked for can answer, or ""."""
    mask = told.within.mask
    return next((one for one in queries if not languages_without(corpus.files, corpus.parsed(one), mask)), "")


def _inside(told: Told, hits: Hits) -> Hits:
    """The hits that lie in the story."""
    at = told.within.pieces.at(hits)
    return hits.take((at >= 0) & told.mine[at])


def _only(corpus: Opened, told: Told, outlet: int, hits: Hits) -> list[tuple[str, int, int, str]]:
    """Text, hits, videos and query of what no other outlet says, the most frequent first."""
    of_video = told.within.groups.codes[hits.video]
    mine = sorted(grouped(corpus.files, hits.take(of_video == outlet), "node"), key=lambda one: (-one[1], one[0]))
    others = f" {' | '.join(text for text, _ in grouped(corpus.files, hits.take(of_video != outlet), 'node'))} "
    found = []
    for text, _ in [one for one in mine if one[0] and f" {one[0]} " not in others][:CANDIDATES]:
        query = _sequence(corpus, text.split(" "))
        there = _inside(told, corpus.hits(query, mask=told.within.mask))
        groups = told.within.groups.codes[there.video]
        if len(there) and bool((groups == outlet).all()):
            found.append((text, len(there), len(np.unique(there.video)), query))
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _sequence(corpus: Opened, norms: Sequence[str]) -> str:
    return " ".join(value_query(corpus, "norm", norm) for norm in norms)
