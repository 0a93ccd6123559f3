"""Collocates of an open corpus: by hand, with lines that are what was counted, side by side, and asked again."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.cli.app import app
from crosscut.errors import LayerMissing, QueryError
from crosscut.measure.finding import Finding
from crosscut.measure.network import edges, graph
from crosscut.workbench.asking import ask_again
from crosscut.workbench.collocates import LIMIT_OF_RELATION
from crosscut.workbench.corpus import Corpus
from tests.helpers.corpora import Doc, Tok, words, write_corpus
from tests.query.patterns import DOCS, groupings
from tests.query.test_sketch import CLERK, HOUSE
from tests.studies import built, make_study, record

EVERY: dict[str, Any] = {"at_least": 1, "min_videos": 1, "limit": 0}


def opened(folder: Path, docs: Sequence[Doc], **more: Any) -> Corpus:
    return Corpus(make_study(folder / "study"), write_corpus(folder, docs, **more))


def dicts(found: Finding) -> list[dict[str, Any]]:
    return found.to_dicts()


def test_collocates_by_hand(tmp_path: Path) -> None:
    corpus = built(tmp_path, [
        record("aaaaaaaaaa1", "peace talks and peace talks", outlet="en_AAA"), record("aaaaaaaaaa2", "talks now", outlet="en_AAA"),
        record("aaaaaaaaaa3", "war and talks", outlet="en_BBB")])
    found = corpus.collocates("talks", window=(1, 0), layer="norm", **EVERY)
    # peace: near 2 of 4 hits, 2 tokens: 14 + log2(4 / 6); and: 1 of 4, 2 tokens: 14 + log2(2 / 6).
    assert [(row["norm"], row["together"], row["alone"], row["hits"], round(row["log_dice"], 6)) for row in dicts(found)] == [
        ("peace", 2, 2, 4, 13.415037), ("and", 1, 2, 4, 12.415037)]
    assert dicts(found)[0]["per_thousand"] == pytest.approx(2000 / 3)
    assert dicts(found)[0]["log_ratio"] == pytest.approx(math.log2((2 / 3) / (0.5 / 3)))  # none elsewhere counts as a half
    assert found.notes[0] == "logDice(–), L1–R0, C1–NC1; no filter"
    assert found.notes[1].startswith("Cells: 3 tokens near 4 hits, and 3 elsewhere;")
    assert found.parameters["window"] == [1, 0]
    wide = corpus.collocates("talks", layer="norm", **EVERY)  # of aaaaaaaaaa1 all words are in both windows, and count once
    assert {row["norm"]: row["together"] for row in dicts(wide)} == {"peace": 2, "and": 2, "now": 1, "war": 1}
    assert wide.question == "Which norm stands within 5 tokens of ‘talks’?"
    assert "punctuation marks take no room in the window" in found.notes[1]
    absent = corpus.collocates("absent", **EVERY)
    assert (absent.rows, absent.notes[1]) == ((), "no hits of ‘absent’")


def test_what_has_too_little_has_no_row(tmp_path: Path) -> None:
    corpus = opened(tmp_path, [Doc("v:1", words("b n b n a", lemma=True)), Doc("v:2", words("a n c", lemma=True))])

    def rows(**asked: Any) -> list[str]:
        return [row["lemma"] for row in dicts(corpus.collocates("n", **{"at_least": 1, "min_videos": 1, **asked}))]

    assert rows() == ["a", "b", "c"]
    assert rows(min_videos=2) == ["a"]
    assert rows(at_least=2) == ["a", "b"]
    assert rows(limit=1) == ["a"]
    assert rows(cutoff=13.1) == ["a", "b"]
    assert rows(min_alone=3) == []
    assert rows(sort="mi") == ["a", "b", "c"]
    assert corpus.collocates("n", min_alone=3).notes[1] == "nothing stands near the hits so often, in so many videos"


QUERIES = st.sampled_from(['"war"', '[pos="NOUN"]', "[]", '"war" [pos="NOUN"]', '[pos="VERB"] []', '[word="war|talk"]'])


@given(st.data(), DOCS, QUERIES, st.sampled_from(["lemma", "word", "norm", "pos"]), st.sampled_from([1, 2, (0, 3), (2, 0)]),
       st.sampled_from([None, None, 0.0, 1.0]), st.sampled_from(["", "", "s"]))
@settings(max_examples=150)
def test_the_lines_of_a_row_are_the_tokens_that_it_counts(
    data: st.DataObject, docs: list[Doc], query: str, layer: str, window: Any, seconds: float | None, within: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = opened(Path(folder), docs, groups=data.draw(groupings(len(docs))))
        found = corpus.collocates(query, window=window, seconds=seconds, within=within, layer=layer, strategy="traditional", **EVERY)
        for row, evidence in zip(dicts(found), found.evidence, strict=True):
            assert evidence is not None
            assert corpus.lines(evidence, limit=1).hits == row["together"], evidence.command()


def test_a_condition_on_labels_stays_with_its_labels(tmp_path: Path) -> None:
    corpus = opened(tmp_path, [Doc("v:1", words("x a b a x c d", lemma=True))])
    found = corpus.collocates("a:[] [] b:[] :: a.word = b.word", window=1, **EVERY)
    assert [(row["lemma"], row["together"]) for row in dicts(found)] == [("x", 2)]
    evidence, = found.evidence
    assert evidence is not None
    assert corpus.lines(evidence).hits == 2  # from x to the node, and from the node to x


def test_groups_stand_side_by_side(tmp_path: Path) -> None:
    docs = [Doc(f"v:{n:02}", words(text, lemma=True), row={"outlet": outlet}) for outlet, text, first in (
        ("en_AA", "good talks c", 0), ("en_BB", "bad talks good d talks", 12), ("en_CC", "talks bad", 24))
        for n in range(first, first + (12 if outlet != "en_CC" else 3))]
    corpus = opened(tmp_path, docs)
    found = corpus.collocates("talks", by="outlet", window=1, **EVERY)
    assert found.columns[:2] == ("lemma", "outlet")
    assert (found.labels, found.effect, found.difference) == (2, "difference", True)
    rows = {(row["lemma"], row["outlet"]): row for row in dicts(found)}
    assert {key: row["together"] for key, row in rows.items() if key[0] == "good"} == {
        ("good", "en_AA"): 12, ("good", "en_BB"): 12, ("good", "en_CC"): 0}
    good = rows["good", "en_AA"]
    assert good["difference"] == pytest.approx(math.log2(24 / 24) - math.log2(24 / (12 + 27)))
    assert good["log_ratio"] == pytest.approx(math.log2((12 / 24) / (12 / (36 + 3))))
    assert good["low"] == pytest.approx(good["difference"], abs=0.2)
    assert rows["good", "en_CC"]["note"] == "fewer than 10 videos"
    assert rows["bad", "en_AA"]["note"] == "not in this group"
    pooled = {row["lemma"]: row["together"] for row in dicts(corpus.collocates("talks", window=1, **EVERY))}
    assert {lemma: sum(row["together"] for key, row in rows.items() if key[0] == lemma) for lemma in pooled} == pooled
    for row, evidence in zip(dicts(found), found.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["together"]
    few = corpus.collocates("talks", by="outlet", window=1, at_least=1, min_videos=1, limit=2)
    assert {row["lemma"] for row in dicts(few)} == {"c", "bad"}  # the first of each group


def test_a_sketch_says_how_they_stand_to_one_another(tmp_path: Path) -> None:
    corpus = opened(tmp_path, [Doc("v:1", CLERK), Doc("v:2", HOUSE)])
    found = corpus.collocates('[lemma="sold"]', relation="all", **EVERY)
    rows = {(row["relation"], row["lemma"]): row for row in dicts(found)}
    assert found.labels == 3
    assert rows["agent", "clerk"]["label"] == "agent+pobj"
    assert rows["subject", "clerk"]["log_dice"] == pytest.approx(14 + math.log2(2 / 3))  # ‖sold, subject, ·‖ 1, clerk 2
    assert rows["passive subject", "house"]["hits"] == 1
    for row, evidence in zip(dicts(found), found.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["together"], evidence.query
    one = corpus.collocates('[lemma="clerk"]', relation="agent of", **EVERY)
    assert [(row["relation"], row["lemma"]) for row in dicts(one)] == [("agent of", "sold")]
    assert {row["relation"] for row in dicts(corpus.collocates('[lemma="clerk"]', relation="nsubj", **EVERY))} == {"subject of"}
    wide = corpus.collocates('"old" "clerk"', relation="all", **EVERY)
    assert set(wide.evidence) == {None}
    assert found.parameters["limit"] == 0
    assert corpus.collocates("sold", relation="all").parameters["limit"] == LIMIT_OF_RELATION


@given(st.data(), DOCS)
@settings(max_examples=80)
def test_the_lines_of_a_relation_are_some_of_its_pairs(data: st.DataObject, docs: list[Doc]) -> None:
    labels = st.sampled_from(["nsubj", "dobj", "prep", "pobj", ""])
    docs = [replace(doc, tokens=tuple(replace(token, dep=data.draw(labels)) for token in doc.tokens)) for doc in docs]
    with tempfile.TemporaryDirectory() as folder:
        corpus = opened(Path(folder), docs)
        found = corpus.collocates('[pos="NOUN"]', relation="all", **EVERY)
        for row, evidence in zip(dicts(found), found.evidence, strict=True):
            assert evidence is not None
            lines = corpus.lines(evidence, limit=1).hits
            assert bool(lines) == bool(row["together"])
            if row["relation"].endswith(" of") is False and "+" not in row["label"]:
                assert lines <= row["together"]  # each child has one head


def test_a_word_of_another_language_is_not_far_from_the_node(tmp_path: Path) -> None:
    docs = [Doc("v:1", words("pain hurts", lemma=True)), Doc("v:2", words("pain et pain", lemma=True), language="fr")]
    corpus = opened(tmp_path, docs)
    found = corpus.collocates("hurts", **EVERY)
    assert [(row["lemma"], row["alone"]) for row in dicts(found)] == [("pain", 1)]
    assert any("fr" in note and "not missing" in note for note in found.notes)
    with pytest.raises(QueryError, match="words of en, fr are not compared"):
        corpus.collocates('"hurts" | "et"', by="outlet")


def test_videos_without_times_have_nothing_near_in_seconds(tmp_path: Path) -> None:
    corpus = opened(tmp_path, [Doc("v:1", words("a n b", every_ms=1_000, lemma=True)), Doc("v:2", words("a n", lemma=True))])
    found = corpus.collocates("n", seconds=1, **EVERY)
    assert [(row["lemma"], row["alone"], row["hits"]) for row in dicts(found)] == [("a", 1, 1), ("b", 1, 1)]
    assert any(note.startswith("1 videos have no times") for note in found.notes)


@pytest.mark.parametrize("asked", [
    {"window": (1, 2), "sort": "mi3"}, {"seconds": 1.5}, {"relation": "all"}, {"by": "outlet"}, {"within": "s", "unit": "day"},
    {"replicates": 0}, {"layer": "pos", "cutoff": 1.0}])
def test_the_same_is_found_again_by_the_parameters(tmp_path: Path, asked: dict[str, Any]) -> None:
    corpus = opened(tmp_path, [Doc("v:1", CLERK), *(Doc(f"v:{n}", HOUSE, row={"outlet": "en_BB"}) for n in range(2, 15))])
    found = corpus.collocates("house", **{**EVERY, **asked})
    again = ask_again(corpus, "collocates", found.parameters)
    assert found.rows or "seconds" in asked
    assert (again.columns, again.rows, again.evidence, again.notes) == (found.columns, found.rows, found.evidence, found.notes)
    assert set(found.columns[found.labels:]) <= set(found.explained)


@pytest.mark.parametrize(("asked", "said"), [
    ({"window": (1, 2, 3)}, "one left and one right"), ({"window": 1_001}, "0 to 1000 tokens"), ({"seconds": -1}, "0 to 3600 seconds"),
    ({"relation": "all", "seconds": 1}, "a relation has no window"), ({"relation": "husband"}, "in the relation 'husband': there is"),
    ({"sort": "salience"}, "no score 'salience'"), ({"layer": "colour"}, "colour"), ({"unit": "mood"}, "unknown unit"),
    ({"by": "mood"}, "mood")])
def test_what_cannot_be_asked_is_said(tmp_path: Path, asked: dict[str, Any], said: str) -> None:
    corpus = opened(tmp_path, [Doc("v:1", CLERK)])
    with pytest.raises(QueryError, match=said):
        corpus.collocates("clerk", **asked)


def test_without_the_layer_or_a_parser_that_is_said(tmp_path: Path) -> None:
    corpus = opened(tmp_path, [Doc("v:1", (Tok("clerk"),))], layers={"en": ["lemma"]})
    with pytest.raises(LayerMissing, match="pos is not available"):
        corpus.collocates("clerk", layer="pos")
    with pytest.raises(LayerMissing, match="not available"):
        corpus.collocates("clerk", relation="all")


def test_a_network_links_collocates_that_stand_near_one_another(tmp_path: Path) -> None:
    # b and c stand near n; c stands near b; d stands near b only, and is no collocate of n.
    docs = [Doc(f"v:{n}", words("b n x x x x x c n x x x x x b c x x x x x d b", lemma=True)) for n in range(3)]
    corpus = opened(tmp_path, docs)
    found = corpus.network("n", window=1, limit=3)
    links = {(row["node"], row["collocate"]): row for row in dicts(found)}
    assert set(links) == {("n", "b"), ("n", "c"), ("n", "x"), ("b", "c"), ("c", "b"), ("b", "x"), ("x", "b"), ("x", "c"), ("c", "x")}
    assert links["b", "c"]["order"] == 2
    assert links["b", "c"]["log_dice"] == pytest.approx(14 + math.log2(2 * 3 / (9 + 6)))
    for row, evidence in zip(dicts(found), found.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["together"]
        assert corpus.collocates(evidence.query, limit=1).parameters["cql"] == evidence.query
    assert len(graph(edges(found.columns, found.rows))) == 4
    same = corpus.network('[lemma="b"]', window=1, limit=1)
    assert next(row[:2] for row in same.rows) == ('[lemma="b"]', "d")
    assert ask_again(corpus, "network", found.parameters).rows == found.rows
    assert corpus.network("n", window=1, limit=0).rows == corpus.network("n", window=1, limit=200).rows
    with pytest.raises(QueryError, match="there may be 200 at most"):
        corpus.network("n", limit=201)


def test_a_network_that_is_written_prints_no_table(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", [record(f"aaaaaaaaa{n:02}", "peace talks now") for n in range(3)])
    path = tmp_path / "n.graphml"
    asked = ["collocates", "talks", "--network", str(path), "--corpus", str(corpus.study.folder)]
    found = CliRunner().invoke(app, asked)
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr.splitlines()[-1] == f"Wrote {path}: 3 nodes, 4 links."
    assert CliRunner().invoke(app, [*asked, "--format", "table"]).stdout.startswith("node")
    figure = tmp_path / "n.svg"
    assert CliRunner().invoke(app, [*asked, "--figure", str(figure)]).exit_code == 0
    assert figure.is_file()


def test_the_query_of_a_network_is_another_node_than_a_collocate_of_its_name(tmp_path: Path) -> None:
    corpus = opened(tmp_path, [Doc(f"v:{n}", (Tok("talk", lemma="n"), Tok("n", lemma="talk"))) for n in range(3)])
    assert [row[0] for row in corpus.network("n", window=1).rows] == ["‘n’"]
