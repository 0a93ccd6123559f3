"""A word sketch: what stands in which grammatical relation to the hits, by value of a layer and by video.

From the parser's columns ``dep`` (the relation to the governing token) and ``head`` (how far away it is).  A relation goes
down from the node to its children (the *subject* of a verb), or up to the token that governs it (*subject of*: the verb).
Where a preposition stands between, the step goes through it.  The node of a hit of several tokens is the first of them
whose governing token lies outside the hit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.query.collocation import Gathered, Near, Places, in_shards, union
from crosscut.query.counting import frequencies, tokens_by_video
from crosscut.query.engine.matches import documents_of, numbered_rows
from crosscut.query.hits import Hits
from crosscut.query.mask import Mask
from crosscut.query.pattern import Link, Query, Relation, Test, Token
from crosscut.query.search import check_layers
from crosscut.query.spans import gathered, runs
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import ranges
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: What relations are called here, by label: of the English model (CLEAR style) and of Universal Dependencies.  A label
#: that is not named is its own name.
NAMES = {
    "nsubj": "subject", "csubj": "subject", "nsubj:caus": "subject", "nsubj:outer": "subject", "csubj:outer": "subject",
    "nsubjpass": "passive subject", "csubjpass": "passive subject",
    "nsubj:pass": "passive subject", "csubj:pass": "passive subject",
    "dobj": "object", "obj": "object", "dative": "indirect object", "iobj": "indirect object",
    "obl": "oblique", "obl:arg": "oblique", "obl:mod": "oblique", "obl:tmod": "oblique", "obl:agent": "agent",
    "amod": "modifier", "nummod": "number", "quantmod": "number", "nmod": "nominal modifier", "compound": "compound",
    "poss": "possessor", "nmod:poss": "possessor", "det:poss": "possessor",
    "advmod": "adverb", "npadvmod": "adverb", "neg": "negation", "appos": "apposition", "conj": "conjunct",
    "prep": "preposition", "agent": "preposition", "case": "preposition",
    "pobj": "preposition's object", "pcomp": "preposition's object",
    "attr": "complement", "acomp": "complement", "oprd": "complement", "xcomp": "open clause", "ccomp": "clause",
    "advcl": "adverbial clause", "acl": "adnominal clause", "relcl": "relative clause", "acl:relcl": "relative clause",
    "flat": "name", "flat:name": "name", "prt": "particle", "compound:prt": "particle",
    "aux": "auxiliary", "auxpass": "auxiliary", "aux:pass": "auxiliary", "aux:tense": "auxiliary", "cop": "copula",
    "det": "determiner", "predet": "determiner", "cc": "conjunction", "mark": "marker",
}
#: Steps through a preposition, by the labels of both: what the English model splits in two.
THROUGH = {("prep", "pobj"): "prepositional object", ("agent", "pobj"): "agent"}


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """A relation by its name; ``up``: the node is the one that depends.  ``labels`` are the parser's, of which any will do.

    ``through``: the label of a token between.
    """

    name: str
    up: bool
    through: str = ""
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} of" if self.up else self.name

    @property
    def path(self) -> str:
        """The labels as written in a query, with the step between in front: ``prep+pobj``, ``csubj|nsubj``."""
        return "+".join(filter(None, (self.through, "|".join(self.labels))))


#: Asks for tokens in any relation.
PARSED = Query(Relation(Token(), (Link(Test("dep", ".*", regex=True), Token()),)))
_Key = tuple[str, bool, str]  # name, up, through


def sketch(corpus: CorpusFiles, hits: Hits, mask: Mask, layer: str = "lemma") -> dict[Related, Near]:
    """For each relation that the hits are in: the tokens at its other end, each once.

    ``hits`` and ``window`` of each are how many tokens there are at the other end, ``tokens`` all tokens under the mask:
    ‖w, R, ·‖ and ‖·, ·, ·‖ of a word sketch.  Both ends lie in the same stretch of the mask.  LayerMissing where no
    language has a parser.
    """
    check_layers(corpus, PARSED, mask)
    found: defaultdict[_Key, Gathered] = defaultdict(lambda: Gathered(corpus, layer))
    labels: defaultdict[_Key, set[str]] = defaultdict(set)
    for number, places in enumerate(in_shards(corpus, hits.take(mask.holds(hits.video, hits.start, hits.end)), mask)):
        shard, names = corpus.shards[number], corpus.shards[number].lexicon("dep").tolist()
        ends: defaultdict[_Key, list[Ints]] = defaultdict(list)
        for up, code, through, at in _steps(shard, _nodes(shard, places), names):
            name = THROUGH[through, names[code]] if through else NAMES.get(names[code], names[code])
            ends[name, up, through].append(at)
            labels[name, up, through].add(names[code])
        for key, several in ends.items():  # labels of one name may lead to the same token
            at = np.unique(np.concatenate(several))
            found[key].add_types(number, shard.column("type")[at], corpus.ordinals[number][documents_of(shard.bounds, at)])
    sizes = tokens_by_video(corpus, mask, layer)
    counted = frequencies(corpus, mask, layer)
    related = {Related(*key, tuple(sorted(labels[key]))): gathering.counts() for key, gathering in sorted(found.items())}
    return {relation: Near(layer, counted.values, value, counts, _none(counts), counted.counts[value], counts.per_video(),
                           counts.per_video(), sizes) for relation, (value, counts) in related.items() if len(value)}


def _none(counts: Counts) -> Counts:
    """No entry for as many things."""
    return counts.among(np.zeros(counts.videos, bool))


def _nodes(shard: Shard, places: Places) -> Places:
    """The token of each hit that governs its others, each once: the first whose own head is not in the hit."""
    row, at = numbered_rows(places.start, places.end)
    head = shard.column("head")[at].astype(np.int64)
    above = at + head
    out = (head == 0) | (above < places.start[row]) | (above >= places.end[row])
    row, at = row[out], at[out]
    first = np.ones(len(row), bool)
    first[1:] = row[1:] != row[:-1]
    at, chosen = np.unique(at[first], return_index=True)
    row = row[first][chosen]
    return Places(places.low[row], at, at + 1, places.high[row])


def _steps(shard: Shard, nodes: Places, names: list[str]) -> Iterator[tuple[bool, int, str, Ints]]:
    """All relations of nodes: whether up, the code of the label, the label of a step between, and the other ends, which may
    come several times."""
    through = {names.index(label): label for label in {label for label, _ in THROUGH} & set(names)}
    objects = [code for code, name in enumerate(names) if name in {label for _, label in THROUGH}]
    below, above = _children(shard, nodes), _heads(shard, nodes)
    for up, ends in ((False, below), (True, above)):
        for code in range(len(names)):
            at = ends.start[ends.code == code]
            if len(at) and names[code]:
                yield up, code, "", at
    for code in objects:
        via = above.take(above.code == code)
        label = shard.column("dep")[via.start]
        for step, name in through.items():
            further = _children(shard, below.take(below.code == step).places())
            yield False, code, name, further.start[further.code == code]
            yield True, code, name, _heads(shard, via.take(label == step).places()).start


@dataclass(frozen=True, slots=True)
class _Ends:
    """The other ends of relations: token, the code of the label, and between what they may lie."""

    start: Ints
    code: Ints
    low: Ints
    high: Ints

    def take(self, chosen: Bools) -> _Ends:
        return _Ends(self.start[chosen], self.code[chosen], self.low[chosen], self.high[chosen])

    def places(self) -> Places:
        """As nodes of further relations."""
        at, first = np.unique(self.start, return_index=True)
        return Places(self.low[first], at, at + 1, self.high[first])


def _heads(shard: Shard, nodes: Places) -> _Ends:
    """The token that governs each node, where there is one."""
    distance = shard.column("head")[nodes.start].astype(np.int64)
    at = nodes.start + distance
    ends = _Ends(at, shard.column("dep")[nodes.start].astype(np.int64), nodes.low, nodes.high)
    return ends.take((distance != 0) & (at >= nodes.low) & (at < nodes.high))


def _children(shard: Shard, nodes: Places) -> _Ends:
    """The tokens that each node governs: looked for as far away as any token of the shard is from its head."""
    head, places = shard.column("head"), []
    furthest, nearest = max(int(head.max(initial=0)), 0), min(int(head.min(initial=0)), 0)
    is_node = np.zeros(shard.tokens, bool)  # pages that nobody touches are not there
    is_node[nodes.start] = True
    begin, end = union(np.maximum(nodes.start - furthest, nodes.low), np.minimum(nodes.start - nearest + 1, nodes.high))
    for run in runs(begin, end):
        distance = gathered(head, begin[run], end[run])
        at = ranges(begin[run], end[run])
        above = np.clip(at + distance, 0, shard.tokens - 1)
        places.append(at[is_node[above] & (distance != 0) & (above == at + distance)])
    at = np.concatenate([np.zeros(0, np.int64), *places])
    node = np.searchsorted(nodes.start, at + head[at])
    ends = _Ends(at, shard.column("dep")[at].astype(np.int64), nodes.low[node], nodes.high[node])
    return ends.take((at >= ends.low) & (at < ends.high))
