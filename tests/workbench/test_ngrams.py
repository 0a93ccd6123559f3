"""N-grams, clusters and frames through the whole of it: every row opens as many lines as it counts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.cli.app import app
from crosscut.counts import Counts
from crosscut.errors import LayerMissing, QueryError
from crosscut.measure.dispersion import dispersion
from crosscut.measure.finding import Finding
from crosscut.query.clusters import SIDES, clusters
from crosscut.query.language import parse
from crosscut.query.mask import make_mask
from crosscut.query.ngrams import ngrams
from crosscut.query.search import search
from crosscut.store.shard import TYPE_LAYERS
from crosscut.workbench.asking import ask_again
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.ngrams import _evidence
from tests.helpers.corpora import Doc
from tests.helpers.corpora import corpus as corpus_of
from tests.query.patterns import DOCS
from tests.studies import built, record

TEXTS = ("La la la, the people of Gaza. The children of Gaza!", "the people of Gaza la la", "The U.S. said: the city of Gaza",
         "don't go. Don't go to the people of 10,000 lakes")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    records = [record(f"aaaaaaaa{n:03}", TEXTS[n % 4] + f" video {n}", outlet="en_BBB" if n % 8 == 7 else "en_AAA")
               for n in range(40)]
    return built(tmp_path_factory.mktemp("ngrams"), records)


def check(corpus: Corpus, finding: Finding) -> None:
    """As many lines as are counted, for every row."""
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert evidence is not None
        assert len(corpus.hits(evidence.query, where=evidence.where, span=evidence.span)) == row["count"], evidence


def test_every_row_opens_its_lines(corpus: Corpus) -> None:
    for layer in ("norm", "word"):
        for n, by, where in ((2, (), ""), (3, "outlet", ""), (2, "outlet", "video~3$")):
            check(corpus, corpus.ngrams(n=n, layer=layer, by=by, where=where, at_least=1, limit=0))
        check(corpus, corpus.ngrams(n=3, layer=layer, around="gaza", at_least=1, limit=0))
        for node in SIDES:
            check(corpus, corpus.ngrams(n=3, layer=layer, around='"la" "la"', node=node, at_least=1, limit=0, by="outlet"))
        check(corpus, corpus.ngrams(frame="the * of *", layer=layer, at_least=1, limit=0, by="outlet"))
        check(corpus, corpus.ngrams(frame='"the" slot:[] "of" [] :: slot.word != "city"', layer=layer))


@given(DOCS, st.sampled_from(TYPE_LAYERS), st.integers(2, 3), st.sampled_from(["", *SIDES]),
       st.sampled_from(['[]', '[word="war"]', 'a:[pos="NOUN"] []', '"war" | "talk"', '[lemma="war"]?[]']))
@settings(max_examples=150)
def test_the_query_of_an_ngram_finds_it_everywhere(docs: list[Doc], layer: str, n: int, node: str, around: str) -> None:
    with corpus_of(docs) as files:
        mask, query = make_mask(files), parse(around) if node else None
        found = (ngrams(files, mask, layer, n) if query is None
                 else clusters(files, search(files, query, mask), mask, layer, n, node=node))
        for gram, total in zip(found.tokens(), found.counts.totals().tolist(), strict=True):
            evidence = _evidence(layer, gram, query, node)
            assert evidence is not None
            lines = len(search(files, parse(str(evidence)), mask))
            assert lines == total or (set("|?") & set(around) and lines >= total)


def test_rates_ranges_and_limits(corpus: Corpus) -> None:
    finding = corpus.ngrams(n=2, by="outlet", min_videos=10)
    rows = {(row["ngram"], row["outlet"]): row for row in finding.to_dicts()}
    of_gaza = rows["of gaza", "en_AAA"]
    videos = [n for n in range(40) if n % 8 != 7]
    counts = np.array([TEXTS[n % 4].lower().count("of gaza") for n in videos])
    places = np.array([int(corpus.video(f"aaaaaaaa{n:03}")["tokens"]) - 1 for n in videos])
    assert (of_gaza["count"], of_gaza["places"], of_gaza["range"]) == (counts.sum(), places.sum(), np.count_nonzero(counts))
    assert of_gaza["per_million"] == pytest.approx(1e6 * counts.sum() / places.sum())
    assert of_gaza["dp_norm"] == pytest.approx(dispersion(Counts.dense([counts]), places).dp_norm[0])
    assert of_gaza["low"] < of_gaza["per_million"] < of_gaza["high"]
    assert of_gaza["dp_low"] < of_gaza["dp_norm"] < of_gaza["dp_high"]
    assert rows["of gaza", "en_BBB"]["note"] == "fewer than 10 videos"
    assert rows["of gaza", "en_BBB"]["low"] is None
    assert ("la la", "en_AAA") in rows
    assert all(row["count"] for (ngram, outlet), row in rows.items() if outlet == "en_AAA")
    assert ask_again(corpus, "ngrams", finding.parameters).rows == finding.rows
    assert finding.question == "Which 2-grams (norm) are the most frequent, by outlet?"


def test_marks_do_not_part_and_overlaps_count(corpus: Corpus) -> None:
    found = {row["ngram"]: row["count"] for row in corpus.ngrams(n=2, where="video~000$", at_least=1).to_dicts()}
    assert (found["la la"], found["la the"], found["gaza the"]) == (2, 1, 1)


def test_a_frame_has_a_row_for_anything_and_says_how_various_its_fillers_are(corpus: Corpus) -> None:
    finding = corpus.ngrams(frame="the * of gaza", by="outlet")
    a, b, *rest = finding.to_dicts()
    assert [a["filler"], b["filler"], *(row["filler"] for row in rest[::2])] == ["*", "*", "people", "children", "city"]
    assert (a["count"], a["hits"], a["share"], a["range"]) == (40, 40, 1, 30)
    assert (a["fillers"], a["type_token_ratio"]) == (3, 3 / 40)
    assert a["entropy"] == pytest.approx(1.5)  # 20 people, 10 children, 10 city
    assert (b["count"], b["fillers"], b["entropy"], b["fillers_alike"]) == (0, 0, None, None)
    people = rest[0]
    assert (people["count"], people["share"], people["range"], people["fillers"]) == (20, 0.5, 20, None)
    assert people["low"] < 0.5 < people["high"]
    assert finding.effect == "share"


def test_a_share_is_no_larger_than_all(tmp_path: Path) -> None:
    """A filler of most hits, but in unlike parts of the videos."""
    said = ["the people of Gaza"] * 12 + ["the people of Gaza. the city of Gaza. the city of Gaza. the city of Gaza"] * 3
    corpus = built(tmp_path, [record(f"aaaaaaaa{n:03}", text) for n, text in enumerate(said)])
    rows = {row["filler"]: row for row in corpus.ngrams(frame="the * of gaza").to_dicts()}
    assert rows["people"]["share"] == 15 / 24
    assert rows["people"]["high"] == 1


def test_fillers_in_as_many_hits(corpus: Corpus) -> None:
    finding = corpus.ngrams(frame="* of", by="outlet", at_least=1)
    a, b = finding.to_dicts()[:2]
    assert (b["count"], b["fillers"], b["fillers_alike"]) == (5, 1, 1)
    assert 1 < a["fillers_alike"] < a["fillers"] == 3


def test_what_is_limited(corpus: Corpus) -> None:
    assert len(corpus.ngrams(limit=3).rows) == 3
    assert [row[0] for row in corpus.ngrams(frame="the * of gaza", limit=1).rows] == ["*", "people"]
    assert [row[0] for row in corpus.ngrams(frame="the * of gaza", at_least=11).rows] == ["*", "people"]
    assert corpus.ngrams(around="nobody").rows == ()
    assert [row[1] for row in corpus.ngrams(frame="nobody *").rows] == [0]


def test_what_cannot_be_asked_is_said(corpus: Corpus) -> None:
    with pytest.raises(QueryError, match="one or the other"):
        corpus.ngrams(around="a", frame="the *")
    with pytest.raises(QueryError, match="a frame is words with a"):
        corpus.ngrams(frame="the of")
    with pytest.raises(QueryError, match="no place 'left'"):
        corpus.ngrams(around="la", node="left")
    with pytest.raises(LayerMissing, match="pos is not available"):
        corpus.ngrams(layer="pos")


def test_a_node_that_no_query_can_place_is_noted(corpus: Corpus) -> None:
    finding = corpus.ngrams(around='a:"la" b:"la" :: a.word = b.word')
    assert finding.evidence[0] is None
    assert "no query finds the lines of a row: the node has a condition behind ::" in finding.notes
    assert any("may open more lines" in note for note in corpus.ngrams(around='"la" "la"?').notes)


def test_the_command(corpus: Corpus) -> None:
    words = ["ngrams", "--corpus", str(corpus.study.folder), "--format", "json"]
    found = json.loads(CliRunner().invoke(app, [*words, "--n", "3", "--around", "gaza", "--limit", "2"]).output)
    assert [row["ngram"] for row in found["rows"]] == ["of gaza video", "people of gaza"]
    assert found["rows"][0]["lines"].startswith("crosscut kwic")
    slots = json.loads(CliRunner().invoke(app, [*words, "--frame", "the * of gaza"]).output)
    assert slots["rows"][0]["filler"] == "*"
    table = CliRunner().invoke(app, words[:-2]).output
    assert "dp_norm" in table
