"""Which tokens stand in the relations of a pattern?  By the column ``head``: how far away the governing token is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crosscut.query.engine import lexicon
from crosscut.query.engine.matches import merge_bound, numbered_rows
from crosscut.query.pattern import Label, Link, Relation, Test, Token

if TYPE_CHECKING:
    from crosscut.query.engine.matcher import Matcher

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Ways to fulfil a relation: its root, the first and the last of its tokens, and its labels."""

    root: Ints
    first: Ints
    last: Ints
    bound: Mapping[str, Ints]

    def take(self, chosen: Ints | npt.NDArray[np.bool_]) -> Rows:
        """Some of them."""
        return Rows(self.root[chosen], self.first[chosen], self.last[chosen],
                    {name: column[chosen] for name, column in self.bound.items()})


def relation_rows(matcher: Matcher, relation: Relation) -> Rows:
    """All ways to fulfil a relation."""
    if relation.head is None:
        return _roots(matcher, relation.links[0])
    wanted = [link for link in relation.links if not link.negated]
    rows: Rows | None = None
    children: list[Ints] = []
    for link in sorted(wanted, key=lambda link: matcher.estimate(link.target)):
        heads, below = _children(matcher, link)
        if rows is None:
            good = _is_head(matcher, relation.head, heads)
            rows, children = _with_head(relation.head, heads[good], below.take(good)), [below.root[good]]
        else:
            left, right = _paired(rows.root, heads)
            rows = _beside(rows.take(left), below.take(right))
            children = [*(one[left] for one in children), below.root[right]]
            apart = np.all([children[-1] != one for one in children[:-1]], axis=0)  # each link has a child of its own
            rows, children = rows.take(apart), [one[apart] for one in children]
    if rows is None:
        rows = _nodes(matcher, relation.head)
    for link in relation.links:
        if link.negated:
            heads, _ = _children(matcher, link)
            rows = rows.take(~_among(rows.root, np.sort(heads)))
    return rows


def _nodes(matcher: Matcher, node: Token | Label | Relation) -> Rows:
    """All tokens that a node can be."""
    if isinstance(node, Relation):
        return relation_rows(matcher, node)
    spans = matcher.matches(node)
    return Rows(spans.start, spans.start, spans.start, spans.bound)


def _roots(matcher: Matcher, link: Link) -> Rows:
    rows = _nodes(matcher, link.target)
    heads, labels = matcher.shard.column("head")[rows.root], matcher.shard.column("dep")[rows.root]
    root = (heads == 0) & (labels != matcher.shard.lexicon("dep").find(""))  # no head and no label: nobody knows
    return rows.take(root & _named(matcher, link.relation, rows.root))


def _children(matcher: Matcher, link: Link) -> tuple[Ints, Rows]:
    """All tokens that can be the child of a link, each with its head."""
    rows = _nodes(matcher, link.target)
    distance = matcher.shard.column("head")[rows.root]
    good = (distance != 0) & _named(matcher, link.relation, rows.root)
    rows = rows.take(good)
    heads = rows.root + distance[good]
    documents = np.searchsorted(matcher.shard.bounds, np.stack([rows.root, heads]), side="right")
    inside = documents[0] == documents[1]
    return heads[inside], rows.take(inside)


def _named(matcher: Matcher, relation: Test | None, at: Ints) -> npt.NDArray[np.bool_]:
    """Which tokens have a relation of a name; of any name, where none is asked for."""
    if relation is None:
        return np.ones(len(at), bool)
    wanted = np.zeros(len(matcher.shard.lexicon("dep")) + 1, bool)
    wanted[lexicon.allowed(matcher.shard, relation)] = True
    return wanted[matcher.shard.column("dep")[at]]


def _is_head(matcher: Matcher, head: Token | Label, at: Ints) -> npt.NDArray[np.bool_]:
    token = head.token if isinstance(head, Label) else head
    return matcher.decided(token.constraint).holds(at)


def _with_head(head: Token | Label, at: Ints, below: Rows) -> Rows:
    bound = {head.name: at} if isinstance(head, Label) else {}
    return Rows(at, np.minimum(at, below.first), np.maximum(at, below.last), merge_bound(bound, below.bound))


def _beside(rows: Rows, below: Rows) -> Rows:
    return Rows(rows.root, np.minimum(rows.first, below.first), np.maximum(rows.last, below.last),
                merge_bound(rows.bound, below.bound))


def _paired(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Rows of two columns that have the same value."""
    order = np.argsort(right, kind="stable")
    rows, nth = numbered_rows(np.searchsorted(right[order], left), np.searchsorted(right[order], left, side="right"))
    return rows, order[nth]


def _among(values: Ints, ascending: Ints) -> npt.NDArray[np.bool_]:
    return np.searchsorted(ascending, values, side="right") > np.searchsorted(ascending, values)
