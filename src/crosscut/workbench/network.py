"""A network of collocates: what goes with something, and which of that goes together in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crosscut.errors import QueryError
from crosscut.measure.collocation import score
from crosscut.measure.finding import Evidence, number
from crosscut.measure.network import COLUMNS
from crosscut.query.mask import Mask
from crosscut.query.pattern import DEFAULT_STRATEGY, Query
from crosscut.query.search import check_layers, search
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import limited
from crosscut.workbench.neighbours import Around, Least, Shown, cells_of, found_around, lines_of, searched, shown, value_of
from crosscut.workbench.opened import Opened

#: Each collocate becomes a node in turn: so many are looked at, at most.
MOST = 200
FORMATS = {"log_dice": ".2f", "delta_p": ".4f"}
_LESSER = ("delta_p", "alone", "hits", "order", "videos")
Row = tuple[tuple[Any, ...], Evidence | None]


@measured
def network(
    corpus: Opened, query: str, *, window: int | Sequence[int] = 5, seconds: float | None = None, within: str = "",
    layer: str = "lemma", where: str = "", span: str = "", cutoff: float | None = None, at_least: int = 3,
    min_alone: int = 1, min_videos: int = 2, limit: int = 20, strategy: str = DEFAULT_STRATEGY,
) -> Answer:
    """The ``limit`` collocates of a query by logDice (0: 200, the most), and the links among them: each is a node in turn.

    Windows and what a link must have: as ``collocates``.  ``measure.network`` makes GraphML and a picture of the rows.
    """
    if not 0 <= limit <= MOST:
        raise QueryError(f"each collocate of a network becomes a node in turn: there may be {MOST} at most (limit)")
    asked, mask, around = corpus.parsed(query), corpus.mask(where, span), Around.of(window, seconds, within, "")
    check_layers(corpus.files, corpus.parsed(f'[{layer}=".*"]'), mask)
    hits = corpus.hits(query, mask=mask, strategy=strategy)
    counted, notes = searched(corpus, asked, mask, hits, around)
    search_ = _Search(corpus, counted, around, layer, Least(at_least, min_alone, min_videos, cutoff),
                      Evidence("", where, span))
    if not len(hits):
        notes = [f"no hits of ‘{query}’", *notes]
    first = search_.shown(asked, strategy, limit or MOST)
    texts = first.near.texts(first.things)
    rows = search_.rows(_name(query, texts), asked, 1, first, set(texts))
    for text in texts:
        node = Query(value_of(corpus, layer, text))
        rows += search_.rows(text, node, 2, search_.shown(node, DEFAULT_STRATEGY, 0), set(texts) - {text})
    return Answer(
        question=f"Which {layer} stands {around} ‘{query}’, and which of these near one another"
                 f"{limited(mask.question)}?",
        columns=tuple(COLUMNS), rows=[row for row, _ in rows], mask=mask, labels=2, effect="log_dice",
        counted=("together",), lesser=_LESSER, evidence=[evidence for _, evidence in rows], explained=COLUMNS,
        formats=FORMATS, parameters={"cql": str(asked), "window": list(around.window), "span layer": mask.layer},
        notes=(*notes, *corpus.notes([asked], mask)),
    )


def _name(query: str, collocates: Sequence[str]) -> str:
    """What the query's own node is called: another word than its collocates."""
    return f"‘{query}’" if query in collocates else query


@dataclass(frozen=True, slots=True)
class _Search:
    """How each node of a network is looked at; ``place``: where and span, for the lines."""

    corpus: Opened
    mask: Mask
    around: Around
    layer: str
    least: Least
    place: Evidence

    def shown(self, node: Query, strategy: str, limit: int) -> Shown:
        """The collocates of a node."""
        hits = search(self.corpus.files, node, self.mask, strategy=strategy, structures=self.corpus.structures)
        (_, near), = found_around(self.corpus, hits, self.mask, self.around, self.layer)
        return shown(None, near, "log_dice", self.least, limit)

    def rows(self, name: str, node: Query, order: int, found: Shown, wanted: set[str]) -> list[Row]:
        """A row for each link to one of the words that are wanted."""
        near, lines = found.near, lines_of(self.corpus, node, self.around, self.layer)
        together, videos, hits = near.together.totals(), near.together.ranges(), int(near.hits.sum())
        cells = cells_of(near, found.things, found.candidates)
        rows: list[Row] = []
        scores = (score(name, cells).tolist() for name in ("log_dice", "delta_p"))
        for thing, text, *scored in zip(found.things.tolist(), near.texts(found.things), *scores, strict=True):
            if text in wanted:
                opens = lines(found, thing, text)
                row = (name, text, order, int(together[thing]), hits, int(near.alone[thing]), int(videos[thing]),
                       *map(number, scored))
                rows.append((row, replace(self.place, query=str(opens)) if opens else None))
        return rows
