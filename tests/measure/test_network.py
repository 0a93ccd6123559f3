"""Networks of collocates as GraphML and as places, whatever the words hold."""

from __future__ import annotations

import io
import math

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure.network import COLUMNS, Edge, edges, graph, graphml, layout, picture

WAR, TALKS, PEACE = Edge("war", "talks", 1, 3, 10, 6, 2, 12.5, 0.2), Edge("war", "peace", 1, 4, 10, 5, 3, 13.0, 0.3), Edge(
    "peace", "talks", 2, 5, 5, 6, 4, 13.5, -0.1)


def read(text: str) -> nx.DiGraph:
    return nx.read_graphml(io.BytesIO(text.encode()))


def test_a_network_by_hand() -> None:
    found = read(graphml([WAR, TALKS, PEACE]))
    assert {about["label"]: (about["kind"], about["frequency"]) for _, about in found.nodes(data=True)} == {
        "war": ("node", 10), "talks": ("collocate", 6), "peace": ("collocate", 5)}
    names = nx.get_node_attributes(found, "label")
    assert {(names[a], names[b]): (about["order"], about["together"], about["videos"], about["log_dice"], about["delta_p"])
            for a, b, about in found.edges(data=True)} == {
        ("war", "talks"): (1, 3, 2, 12.5, 0.2), ("war", "peace"): (1, 4, 3, 13.0, 0.3), ("peace", "talks"): (2, 5, 4, 13.5, -0.1)}


def test_edges_are_read_from_a_table_in_any_order() -> None:
    columns = ("lines", *sorted(COLUMNS))
    row = ("x", *(getattr(WAR, name) for name in sorted(COLUMNS)))
    assert edges(columns, [row]) == [WAR]


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.floats(-20, 14)), max_size=8))
def test_any_word_comes_back_from_graphml(links: list[tuple[str, str, float]]) -> None:
    asked = [Edge(node, word, 1, 1, 1, 1, 1, score, 0.0) for node, word, score in links]
    found = read(graphml(asked))
    assert len(found) == len({word for link in links for word in link[:2]})
    assert found.number_of_edges() == len({link[:2] for link in links})


def test_what_xml_cannot_hold_is_replaced() -> None:
    hostile = Edge("a<b>&\"'\x00\x1b[2J\ud800\uffff]]>", "a\x01", 1, 1, 1, 1, 1, 1.0, 0.0)
    like = Edge("a\x02", "a\x03", 1, 1, 1, 1, 1, 1.0, 0.0)
    labels = [about["label"] for _, about in read(graphml([hostile, like])).nodes(data=True)]
    assert labels == ["a<b>&\"'��[2J��]]>", "a�", "a�", "a�"]  # told apart by their numbers


def test_places_are_the_same_for_the_same_seed_and_close_words_stand_close() -> None:
    links = [Edge("n", word, 1, 1, 1, 1, 1, 13.0 if word == "close" else 3.0, 0.0) for word in ("close", "far", "off")]
    places = layout(links, 7)
    assert places == layout(links, 7)
    assert places != layout(links, 8)
    assert math.dist(places["n"], places["close"]) < min(math.dist(places["n"], places["far"]), math.dist(places["n"], places["off"]))
    assert all(abs(x) <= 1.0001 and abs(y) <= 1.0001 for x, y in places.values())
    assert layout([], 1) == {}
    assert list(layout([Edge("a", "b", 1, 1, 1, 1, 1, -20.0, 0.0)], 1)) == ["a", "b"]


def test_a_picture_has_each_word_and_each_pair_once() -> None:
    back = Edge("talks", "peace", 2, 5, 6, 5, 4, 13.75, 0.0)
    nodes, pairs = picture([WAR, TALKS, PEACE, back], 1)
    assert [(node["name"], node["size"]) for node in nodes] == [("war", 10), ("talks", 6), ("peace", 5)]
    assert [(pair["source"], pair["target"], pair["weight"]) for pair in pairs] == [
        ("talks", "war", 12.5), ("peace", "war", 13.0), ("peace", "talks", 13.75)]


def test_nodes_are_marked_whatever_comes_first() -> None:
    assert [about["kind"] for _, about in graph([PEACE, WAR]).nodes(data=True)] == ["collocate", "collocate", "node"]
    assert pytest.approx(13.5) == graph([PEACE]).edges["n0", "n1"]["weight"]
