"""What stands near hits, or in a relation to them, and which of it is worth a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure.collocation import SCORES, Cells, Neighbours, score
from crosscut.measure.ranking import largest
from crosscut.query.beside import beside, in_relation
from crosscut.query.collocation import Near, alone_by_video, check_window, near
from crosscut.query.counting import frequencies
from crosscut.query.hits import Hits
from crosscut.query.language import parse
from crosscut.query.mask import Mask, narrow
from crosscut.query.pattern import Query, Token
from crosscut.query.search import answering, check_layers
from crosscut.query.sketch import PARSED, Related, sketch
from crosscut.workbench.ngrams import exactly
from crosscut.workbench.opened import Opened, silence
from crosscut.workbench.things import value_query

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: What asks for all relations.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Around:
    """Where collocates are looked for: so many tokens left and right, or ``seconds``, or in a ``relation``."""

    window: tuple[int, int] = (5, 5)
    seconds: float | None = None
    within: str = ""
    relation: str = ""

    @classmethod
    def of(cls, window: int | Sequence[int], seconds: float | None, within: str, relation: str) -> Around:
        """As it is asked for; a window of one number is as wide on both sides."""
        sides = (window, window) if isinstance(window, int) else tuple(window)
        if len(sides) != 2:
            raise QueryError("a window has one width, or one left and one right: window=5, window=(3, 5)")
        if relation and (seconds is not None or within):
            raise QueryError("a relation has no window: leave out seconds and within")
        check_window((sides[0], sides[1]), seconds)
        return cls((sides[0], sides[1]), seconds, within, relation)

    @property
    def span(self) -> str:
        """How far it reaches to the left and to the right."""
        if self.relation:
            return f"relation: {self.relation}"
        left, right = (f"{width}" if self.seconds is None else f"{self.seconds:g}s" for width in self.window)
        return f"L{left}–R{right}"

    def __str__(self) -> str:
        if self.relation:
            return "in any relation to" if self.relation == ALL else f"in the relation {self.relation} to"
        left, right = self.window
        if self.seconds is not None:
            far = f"within {self.seconds:g} seconds of"
        else:
            far = f"within {left} tokens of" if left == right else f"within {left} tokens before or {right} behind"
        return far + (f", and in the same {self.within} as," if self.within else "")


@dataclass(frozen=True, slots=True)
class Least:
    """What a collocate must have for a row: tokens near hits, tokens in all, videos, and a score."""

    together: int = 3
    alone: int = 1
    videos: int = 2
    score: float | None = None


def searched(corpus: Opened, query: Query, mask: Mask, hits: Hits, around: Around) -> tuple[Mask, list[str]]:
    """The mask without what cannot have a collocate: who cannot answer, languages without a hit, videos without times.

    A word of another language that is written alike would be counted among those that are far from the node.
    """
    can = answering(corpus.files, query, mask)
    if around.relation:
        check_layers(corpus.files, PARSED, mask)
        can = can & answering(corpus.files, PARSED, mask)
    silent = corpus.silent(mask, hits.per_video(len(mask.videos)), [query])
    if silent:
        codes, languages = corpus.files.catalog.codes("language")
        can = can & ~np.array([language in silent for language in languages], bool)[codes]
    notes = list(silence(silent))
    if mask.inside is not None and not around.relation:
        notes.append("a row may open more lines than it counts: windows end where the span ends, and lines have the tokens "
                     "near a hit that lies beyond as well")
    if around.seconds is not None:
        timed = corpus.files.catalog.number("speech_ms") > 0
        if untimed := int((can & ~timed).sum()):
            notes.append(f"{untimed:,} videos have no times, by which nothing is near; they are left out")
        can = can & timed
    return narrow(mask, can), notes


def found_around(corpus: Opened, hits: Hits, mask: Mask, around: Around, layer: str) -> list[tuple[Related | None, Near]]:
    """What stands around the hits: one answer for a window, one for each relation, the most frequent first."""
    if not around.relation:
        return [(None, near(corpus.files, hits, mask, around.window, layer, around.seconds, within=around.within,
                            structures=corpus.structures))]
    every = sketch(corpus.files, hits, mask, layer)
    chosen = {relation: found for relation, found in every.items() if _is_asked(relation, around.relation)}
    if not chosen and every:
        known = ", ".join(dict.fromkeys(map(str, every)))
        raise QueryError(f"no hit is in the relation {around.relation!r}: there is {known}")
    return sorted(chosen.items(), key=lambda item: (-int(item[1].hits.sum()), item[0]))


def _is_asked(relation: Related, asked: str) -> bool:
    """``subject``, ``subject of``, or a label of the parser, which asks for both directions."""
    return asked == ALL or asked in {str(relation), relation.path, *(relation.labels if not relation.through else ())}


# -- which are shown ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """Things of one answer that get a row, best first, out of so many ``candidates``."""

    relation: Related | None
    near: Near
    things: Ints
    candidates: int


def shown(relation: Related | None, found: Near, sort: str, least: Least, limit: int) -> Shown:
    """The ``limit`` collocates that score highest (0: all)."""
    enough, scores = _scored(found, sort, least)
    return Shown(relation, found, largest(scores, enough, limit), int(enough.sum()))


def _scored(found: Near, sort: str, least: Least) -> tuple[Bools, npt.NDArray[np.float64]]:
    """Which things have what a row needs, and their scores."""
    enough = _enough(found, least)
    scores = np.full(len(enough), -np.inf)
    places = np.flatnonzero(enough)
    scores[places] = score(sort, cells_of(found, places, len(places)))
    return enough & np.isfinite(scores) & (scores >= (-np.inf if least.score is None else least.score)), scores


def _enough(found: Near, least: Least) -> Bools:
    enough: Bools = ((found.together.totals() >= max(least.together, 1)) & (found.alone >= least.alone)
                     & (found.together.ranges() >= least.videos))
    return enough


def cells_of(found: Near, things: Ints, tests: int) -> Cells:
    """The four cells of some things."""
    return Cells(found.together.totals()[things], found.alone[things], int(found.hits.sum()), int(found.window.sum()),
                 int(found.tokens.sum()), tests)


def shown_by_group(
    relation: Related | None, found: Near, sort: str, least: Least, limit: int, groups: Groups
) -> Shown:
    """The ``limit`` collocates that rank highest in any group: what only one group has is seen beside what all have."""
    enough, scores = _scored(found, sort, least)
    places = np.flatnonzero(enough)
    together, nodes = (table.take(places).by(groups.codes, groups.many).to_dense()
                       for table in (found.together, found.nodes))
    best = np.full(len(places), len(places))
    for number in range(groups.many):
        hits, window, tokens = (int(size[groups.codes == number].sum()) for size in (found.hits, found.window, found.tokens))
        alone = groups.alone[number][found.value[places]] - nodes[:, number]
        cells = Cells(together[:, number], alone, hits, window, tokens, len(places))
        ranked = largest(np.nan_to_num(score(sort, cells), nan=-np.inf), together[:, number] > 0, 0)
        best[ranked] = np.minimum(best[ranked], np.arange(len(ranked)))
    order = np.lexsort((-scores[places], best))
    return Shown(relation, found, places[order[:limit] if limit else order], len(places))


@dataclass(frozen=True, slots=True)
class Groups:
    """``codes``: the group of each video, -1 in none; ``alone``: tokens of each value of the layer, by group."""

    codes: Ints
    many: int
    alone: list[Ints]

    @classmethod
    def of(cls, corpus: Opened, mask: Mask, layer: str, codes: Ints, many: int) -> Groups:
        """Counted once for all relations."""
        return cls(codes, many, [frequencies(corpus.files, narrow(mask, codes == number), layer).counts
                                 for number in range(many)])


def together_of(corpus: Opened, mask: Mask, rows: Sequence[Shown]) -> Neighbours:
    """All that is shown as one table, a kind for each answer."""
    chosen = [(one.near, one.things) for one in rows]
    together = Counts.stacked([found.together.take(things) for found, things in chosen])
    hits, window = np.stack([found.hits for found, _ in chosen]), np.stack([found.window for found, _ in chosen])
    kind = np.repeat(np.arange(len(rows)), [len(things) for _, things in chosen])
    return Neighbours(together, np.concatenate([found.alone[things] for found, things in chosen]),
                      cache(lambda: alone_by_video(corpus.files, mask, chosen)), kind, hits, window, mask.videos)


def scores_of(rows: Sequence[Shown]) -> dict[str, npt.NDArray[np.float64]]:
    """All scores of what is shown."""
    cells = [cells_of(one.near, one.things, one.candidates) for one in rows]
    return {name: np.concatenate([score(name, one) for one in cells]) for name in SCORES}


# -- their lines --------------------------------------------------------------------------------------------------------


def value_of(corpus: Opened, layer: str, text: str) -> Token:
    """A token of one value, and of no other."""
    if layer != "word" or text.isalnum():
        return Token(exactly(layer, text))
    found = parse(value_query(corpus, layer, text), corpus.languages).pattern
    assert isinstance(found, Token)
    return found


def lines_of(corpus: Opened, node: Query, around: Around, layer: str) -> Callable[[Shown, int, str], Query | None]:
    """What finds the tokens of a row: of its answer, the number of the thing, and its text."""
    def query(row: Shown, thing: int, text: str) -> Query | None:
        value = value_of(corpus, layer, text)
        if row.relation:
            return in_relation(node, row.relation, value)
        apart = bool(row.near.nodes.bounds[thing] < row.near.nodes.bounds[thing + 1])
        return beside(node, value, around.window, around.seconds, within=around.within, apart=apart)

    return query
