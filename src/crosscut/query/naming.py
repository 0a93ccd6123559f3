"""The alternatives of a choice set as queries, and their hits, each mention counted once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from crosscut.errors import QueryError
from crosscut.query.context import apart, either, filtered
from crosscut.query.engine.matches import Matches, holds_one, lies_in
from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits
from crosscut.query.mask import Mask
from crosscut.query.pattern import Pattern, Query
from crosscut.query.search import search
from crosscut.settings import Choices, ChoiceSet
from crosscut.store.corpus import CorpusFiles

#: Video and place side by side in one number.
_PLACE = 32


@dataclass(frozen=True, slots=True)
class Named:
    """One alternative: the query whose hits are ``hits``; ``twice``: hits that an earlier alternative has counted."""

    name: str
    query: Query
    hits: Hits
    twice: int


def choices_of(sets: Mapping[str, ChoiceSet], name: str, language: str) -> Choices:
    """What a set says in a language; errors name what there is."""
    if name not in sets:
        known = f"there is {', '.join(sets)}" if sets else "the study file has none: write [naming.NAME.LANGUAGE] tables"
        raise QueryError(f"no choice set {name!r}; {known}")
    if language not in sets[name].languages:
        raise QueryError(f"naming.{name} has no alternatives in {language!r}; there is {', '.join(sets[name].languages)}")
    return sets[name].languages[language]


def queries_of(choices: Choices, where: str, read: Callable[[str], Query]) -> dict[str, Query]:
    """A query for each alternative, with the set's filter on the context.

    ``read`` makes a query of a text; its errors get ``where`` in front (``naming.held.en``), and the alternative.
    """
    near, not_near = ([_pattern(query, read, f"{where}.{key}") for query in queries]
                      for key, queries in (("near", choices.near), ("not_near", choices.not_near)))
    return {name: Query(filtered(_pattern(query, read, f"{where}, {name}"), near, not_near, choices.within,
                                 timed=choices.timed))
            for name, query in choices.alternatives.items()}


def _pattern(query: str, read: Callable[[str], Query], where: str) -> Pattern:
    try:
        found = read(query)
    except QueryError as error:
        raise QueryError(f"{where}: {error.message}", error.query, error.column) from None
    if found.condition or found.strategy:
        raise QueryError(f"{where}: a choice has no {'condition behind ::' if found.condition else 'matching strategy'}; "
                         f"write what must hold inside [ ] or with within", query)
    return found.pattern


def counted(
    corpus: CorpusFiles, queries: Mapping[str, Query], mask: Mask, structures: Structures | None = None,
) -> list[Named]:
    """The hits of each alternative under a mask.

    A hit that lies in a hit of an earlier alternative, or holds one, is the same mention and counts there only; where there
    are such hits, the query says so.
    """
    whole = mask if mask.inside is None else replace(mask, inside=None)
    found: list[Named] = []
    earlier: list[tuple[Query, Hits]] = []
    for name, query in queries.items():
        hits = search(corpus, query, whole, structures=structures)
        kept = hits.take(mask.holds(hits.video, hits.start, hits.end))
        before = len(kept)
        if _is_taken(hits, [others for _, others in earlier]):
            query = Query(apart(query.pattern, [either([other.pattern for other, _ in earlier])]))
        if whole is not mask or query is not queries[name]:
            kept = search(corpus, query, mask, structures=structures)
        found.append(Named(name, query, kept, max(before - len(kept), 0)))
        earlier.append((queries[name], hits))
    return found


def _is_taken(hits: Hits, earlier: Sequence[Hits]) -> bool:
    """Whether any hit lies in one of some others, or holds one."""
    mine = _places(hits)
    return any(bool((lies_in(mine, others) | holds_one(mine, others)).any()) for others in map(_places, earlier))


def _places(hits: Hits) -> Matches:
    return Matches(hits.video << _PLACE | hits.start, hits.video << _PLACE | hits.end)
