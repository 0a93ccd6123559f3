"""A network of words that go together: the node, its collocates, and which of these go together in turn.

Nodes and edges come from scores of collocates; NetworkX writes them for other programs and finds places for the picture.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

#: What the columns of a network's table are: one row an edge.
COLUMNS: Mapping[str, str] = {
    "node": "What the collocate stands near: the query itself, or one of its collocates.",
    "collocate": "What stands near it.",
    "order": "1: an edge of the query; 2: between two of its collocates.",
    "together": "Tokens of the collocate near the node, each once.",
    "hits": "Hits of the node.",
    "alone": "Tokens of the collocate in all.",
    "videos": "In how many videos it stands near the node.",
    "log_dice": "14 + log2(2 f(n,c) / (f(n) + f(c))) (Rychlý 2008).",
    "delta_p": "ΔP of the collocate given the node.",
}
#: What XML 1.0 cannot hold, not even escaped: control characters, halves of surrogate pairs, and two that are no characters.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Edge:
    """One link: the collocate stands near the node."""

    node: str
    collocate: str
    order: int
    together: int
    hits: int
    alone: int
    videos: int
    log_dice: float
    delta_p: float | None    # None: every token is near a hit


def edges(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Edge]:
    """The edges of a table that has ``COLUMNS``, among others."""
    places = [columns.index(name) for name in COLUMNS]
    return [Edge(*(row[place] for place in places)) for row in rows]


def words(links: Sequence[Edge]) -> dict[str, int]:
    """The words of a network in the order in which they come, each with how often it is there."""
    found: dict[str, int] = {}
    for link in links:
        found.setdefault(link.node, link.hits)
        found.setdefault(link.collocate, link.alone)
    return found


def graph(links: Sequence[Edge]) -> networkx.DiGraph:
    """Words with their ``frequency`` and ``kind`` (node, collocate), and links with everything that is known of them.

    Nodes are numbered (``n0`` …) in the order of ``words``: two words may look alike once what no file can hold is replaced,
    and ``label`` is what they are called.
    """
    import networkx as nx

    found, every = nx.DiGraph(), words(links)
    names = {word: f"n{number}" for number, word in enumerate(every)}
    centres = {link.node for link in links if link.order == 1}
    for word, frequency in every.items():
        found.add_node(names[word], label=_NO_XML.sub("�", word), frequency=frequency,
                       kind="node" if word in centres else "collocate")
    for link in links:
        found.add_edge(names[link.node], names[link.collocate], weight=link.log_dice, log_dice=link.log_dice,
                       together=link.together, videos=link.videos, order=link.order,
                       **({} if link.delta_p is None else {"delta_p": link.delta_p}))
    return found


def graphml(links: Sequence[Edge]) -> str:
    """The network as GraphML, for Gephi and Cytoscape; words are escaped, and what XML cannot hold is replaced by �."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml(graph(links), out, encoding="utf-8", prettyprint=True)
    return out.getvalue().decode("utf-8") + "\n"


def layout(links: Sequence[Edge], seed: int) -> dict[str, tuple[float, float]]:
    """Where each word stands, between -1 and 1 (Fruchterman & Reingold 1991): what goes together stands close."""
    import networkx as nx

    drawn = graph(links)
    least = min((link.log_dice for link in links), default=0.0)
    for _, _, about in drawn.edges(data=True):
        about["pull"] = 1 + about["log_dice"] - least  # logDice may be negative, and a spring pulls
    places = nx.spring_layout(drawn.to_undirected(), weight="pull", seed=seed)
    found = {word: places[f"n{number}"].tolist() for number, word in enumerate(words(links))}
    return {word: (x, y) for word, (x, y) in found.items()}


def picture(links: Sequence[Edge], seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes (``name``, ``x``, ``y``, ``size``) and edges (``source``, ``target``, ``weight``) to draw: each pair once."""
    places, pairs = layout(links, seed), dict[tuple[str, str], float]()
    for link in links:
        pair = (min(link.node, link.collocate), max(link.node, link.collocate))
        pairs[pair] = max(pairs.get(pair, link.log_dice), link.log_dice)
    nodes = [{"name": word, "x": places[word][0], "y": places[word][1], "size": size} for word, size in words(links).items()]
    return nodes, [{"source": one, "target": other, "weight": weight} for (one, other), weight in pairs.items()]
