"""Keyness through the whole of it: subcorpora, groups, queries, spans, evidence, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from crosscut.building import build
from crosscut.cli.app import app
from crosscut.errors import LayerMissing, QueryError
from crosscut.importing import import_
from crosscut.measure.keyness import COLUMNS
from crosscut.workbench import things
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.verifying import verify
from crosscut.workbench.views import ask_both
from tests.studies import PLAIN, built, make_study, record, write_records

A = "May and may the U.S. say don't to the truce of the harbour"
B = "Maybe the war of the harbour is lost they say and say"
C = "the truce of the lake"
FRENCH = "la trêve du lac tient bon"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Outlet A: twelve videos, outlet B: twelve, outlet C: two; and one in French."""
    random = np.random.default_rng(1)
    records = [record(f"{outlet}{n:010}", " ".join(random.permutation([*text.split(), *["truce"] * (n % 3)])), outlet=f"en_{outlet}{outlet}",
                      date=f"202309{1 + n // 2:02}")
               for outlet, text, many in (("A", A, 12), ("B", B, 12), ("C", C, 2)) for n in range(many)]
    records.append(record("D0000000000", FRENCH, outlet="fr_DD"))
    return built(tmp_path_factory.mktemp("keyness"), records, PLAIN)


def test_two_subcorpora_by_hand(corpus: Corpus) -> None:
    finding = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", min_videos=1, limit=0)
    rows = {row["norm"]: row for row in finding.to_dicts()}
    assert list(finding.columns) == ["norm", *COLUMNS, "note"]
    truce, war, the = (rows[word] for word in ("truce", "war", "the"))
    assert (truce["target"], truce["reference"], truce["target_videos"], truce["reference_videos"]) == (24, 12, 12, 8)
    assert (truce["target_tokens"], truce["reference_tokens"]) == (180, 156)  # don't is two tokens
    assert (truce["target_of_videos"], truce["reference_of_videos"]) == (12, 12)
    assert (war["target"], war["reference"], war["percent_difference"], war["note"]) == (0, 12, -100, "not in the target")
    assert rows["may"]["percent_difference"] is None
    assert truce["low"] < truce["log_ratio"] < truce["high"]
    assert (the["target"], the["reference"]) == (36, 24)
    assert finding.question == "What do videos with outlet=en_AA say more or less often than videos with outlet=en_BB?"
    assert "target: 180 tokens in 12 videos; reference: 156 in 12" in finding.notes
    assert finding.exclusions == {"not asked for (--where)": 3}
    assert finding.explained["lrc"] == COLUMNS["lrc"]
    assert set(finding.columns) - set(finding.explained) == {"norm"}
    assert json.loads(finding.to_json())["rows"][0]["norm"] in rows


def test_all_others_are_those_of_the_same_language(corpus: Corpus) -> None:
    finding = corpus.keyness("outlet=en_AA", layer="norm", min_videos=1, limit=0)
    words = {row["norm"] for row in finding.to_dicts()}
    assert "lake" in words
    assert "lac" not in words
    assert finding.to_dicts()[0]["reference_of_videos"] == 14
    assert finding.question == "What do videos with outlet=en_AA say more or less often than all other videos?"
    unlike = corpus.keyness("language=en", "language=fr", layer="norm", min_videos=1)
    assert "languages differ (en and fr): a word of one language is not missing from another" in unlike.notes


def test_each_group_against_the_others(corpus: Corpus) -> None:
    finding = corpus.keyness("language=en", by="outlet", layer="norm", min_videos=1, limit=0)
    assert finding.columns[:2] == ("outlet", "norm")
    assert finding.labels == 2
    rows = {row[:2]: row for row in finding.rows}
    alone = corpus.keyness("outlet=en_BB", "language=en outlet!=en_BB", layer="norm", min_videos=1, limit=0)
    place = finding.columns.index("target")
    assert {label[1]: row[place] for label, row in rows.items() if label[0] == "en_BB"} == {
        row[0]: row[1] for row in alone.rows}
    assert finding.question == "What does each outlet say more or less often than the others, in videos with language=en?"
    assert finding.to_dicts()[-1]["note"] == "fewer than 10 videos on a side"  # en_CC
    assert len(corpus.keyness("language=en", by="outlet", layer="norm", limit=2).rows) == 6


@pytest.mark.parametrize("layer", ["norm", "word", "lemma"])
@pytest.mark.parametrize("by", ["", "outlet"])
def test_every_row_opens_its_lines(corpus: Corpus, layer: str, by: str) -> None:
    where, reference = ("language=en", "") if by else ("outlet=en_AA", "outlet=en_BB")
    finding = corpus.keyness(where, reference, by=by, layer=layer, min_videos=1, limit=0, replicates=0)
    targets = [row["target"] for row in finding.to_dicts()]
    assert len(targets) > 15
    for evidence, target in zip(finding.evidence, targets, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == target, evidence


def test_hits_of_queries(corpus: Corpus) -> None:
    finding = corpus.keyness("outlet=en_AA", "outlet=en_BB", queries=['"the" "truce"', "say", "absent"])
    rows = finding.to_dicts()
    assert [row["query"] for row in rows[-1:]] == ["absent"]
    say = next(row for row in rows if row["query"] == "say")
    assert (say["target"], say["reference"], say["target_tokens"]) == (12, 24, 168)  # don't is one word
    assert (rows[-1]["log_ratio"], rows[-1]["target"]) == (None, 0)
    assert finding.parameters["cql"] == ['[word="the"] [word="truce"]', '[norm="say"]', '[norm="absent"]']
    assert finding.evidence[0] is not None
    assert finding.evidence[0].query == rows[0]["query"]


def test_ngrams_and_their_lines(corpus: Corpus) -> None:
    finding = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="word", ngram=2, min_videos=2, limit=0, replicates=0)
    assert finding.columns[0] == "ngram"
    rows = finding.to_dicts()
    assert (rows[0]["target_tokens"], rows[0]["reference_tokens"]) == (180 - 12, 156 - 12)
    assert min(row["target_videos"] + row["reference_videos"] for row in rows) == 2
    assert "n-grams left out: in fewer than 2 videos" in finding.notes
    for evidence, row in zip(finding.evidence, rows, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["target"], evidence


def test_lockwords_and_sides(corpus: Corpus) -> None:
    locked = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", lock=True, within=0.9)
    assert locked.rows
    assert all(-0.9 <= row["low"] <= row["high"] <= 0.9 for row in locked.to_dicts())
    totals = [row["target"] + row["reference"] for row in locked.to_dicts()]
    assert totals == sorted(totals, reverse=True)
    more = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", side="target", sort="log_likelihood")
    assert all(row["log_ratio"] > 0 for row in more.to_dicts())
    scores = [row["log_likelihood"] for row in more.to_dicts()]
    assert scores == sorted(scores, reverse=True)
    rare = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", at_least=30, limit=0)
    assert min(row["target"] + row["reference"] for row in rare.to_dicts()) >= 30
    assert any(note.endswith("values left out: in fewer than 3 videos or there fewer than 30 times") for note in rare.notes)


@pytest.mark.parametrize("by", ["", "outlet"])
@pytest.mark.parametrize("sort", ["log_likelihood", "lrc", "log_ratio", "percent_difference", "simple_maths", "log_odds_ratio"])
@pytest.mark.parametrize("side", ["both", "target"])
def test_quick_scores_are_those_of_the_whole(corpus: Corpus, by: str, sort: str, side: str) -> None:
    where = "language=en" if by else "outlet=en_AA"
    quick, whole = (corpus.keyness(where, by=by, layer="norm", sort=sort, side=side, min_videos=1, limit=8, replicates=0, quick=quick)
                    for quick in (True, False))
    left = ("target", "reference", "log_ratio", "lrc", "log_likelihood", "percent_difference", "simple_maths", "log_odds_ratio",
            "target_tokens", "target_per_million")
    assert len(quick.rows) == len(whole.rows) > 5
    for one, other in zip(quick.to_dicts(), whole.to_dicts(), strict=True):
        assert [one[name] for name in ("norm", *left)] == pytest.approx([other[name] for name in ("norm", *left)])
        assert one["note"] == "words only"
        assert one["p_wilcoxon"] is None


def test_what_quick_cannot_say(corpus: Corpus) -> None:
    for asked in ({"lock": True}, {"queries": ["say"]}, {"ngram": 2}):
        with pytest.raises(QueryError, match="--quick has no intervals"):
            corpus.keyness("outlet=en_AA", layer="norm", quick=True, **asked)
    with pytest.raises(QueryError, match="no order 'superiority' of 'both' without a look at the videos"):
        corpus.keyness("outlet=en_AA", layer="norm", quick=True, sort="superiority")


def test_days_are_drawn_whole(corpus: Corpus) -> None:
    by_day = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", unit="day")
    assert {row["note"] for row in by_day.to_dicts()} == {"fewer than 10 days on a side"}
    assert by_day.parameters["unit of resampling"] == "day"


def test_a_query_that_is_given_twice_is_one_row(corpus: Corpus) -> None:
    asked = {"where": "outlet=en_AA", "replicates": 100}
    twice, once = (corpus.keyness(queries=queries, **asked) for queries in (["war", "truce", "war"], ["war", "truce"]))  # type: ignore[arg-type]
    assert twice.rows == once.rows
    assert len(once.rows) == 2


def test_what_cannot_be_compared_is_said(corpus: Corpus) -> None:
    for asked, said in (
            ({}, "say what is compared"), ({"where": "outlet=en_AA", "reference": "language=en"}, "12 videos are in the target"),
            ({"by": "outlet"}, "words of en, fr are not compared with one another: add language=en"),
            ({"where": "outlet=en_AA", "by": "outlet"}, "there is one group only"),
            ({"where": "outlet=en_AA", "by": "outlet", "quick": True}, "there is one group only"),
            ({"where": "words>9999"}, "no video to compare: --where 'words>9999' has none"),
            ({"where": "outlet=en_AA", "sort": "p"}, "no order 'p'"),
            ({"where": "outlet=en_AA", "correction": "x"}, "no correction 'x'")):
        with pytest.raises(QueryError, match=said):
            corpus.keyness(layer="norm", **asked)
    with pytest.raises(LayerMissing, match="pos is not available for en"):
        corpus.keyness("outlet=en_AA", layer="pos")


def test_a_span_limits_both_sides(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QueryError, match="no video to compare: --where 'outlet=en_AA' has none"):
        corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", span="first 60s")  # no times here
    found = things.values(corpus, corpus.mask("outlet=en_CC"), "norm")
    assert sorted(found.name(int(place)) for place in np.flatnonzero(found.counts.totals())) == ["lake", "of", "the", "truce"]
    assert found.query(0).startswith("[norm=")
    assert things.value_query(corpus, "lemma", "U.S.") == '[lemma="(?-i)U\\.S\\."]'


def test_the_command_and_its_verification(corpus: Corpus, tmp_path: Path) -> None:
    study = str(corpus.study.folder)
    asked = ["keyness", "--corpus", study, "--where", "outlet=en_AA", "--reference", "outlet=en_BB", "--layer", "norm"]
    shown = CliRunner().invoke(app, [*asked, "--limit", "3"])
    assert shown.exit_code == 0, shown.output
    assert "log_ratio" in shown.output.splitlines()[0]
    assert "simple_maths" not in shown.output.splitlines()[0]
    locked = CliRunner().invoke(app, [*asked, "--lock", "--within", "0.9", "--explain"])
    assert "conservative log ratio" in locked.output
    for name in ("k.csv", "k.json", "k.parquet"):
        done = CliRunner().invoke(app, [*asked, "--output", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert verify(study, tmp_path / name).holds
    by = CliRunner().invoke(app, ["keyness", "say", "truce", "--corpus", study, "--where", "language=en", "--by", "outlet", "-o",
                                  str(tmp_path / "q.csv")])
    assert by.exit_code == 0, by.output
    assert verify(study, tmp_path / "q.csv").holds


def test_both_views_compare_the_rows_that_are_found(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [
        record(f"{outlet}{n:010}", text, outlet=f"en_{outlet}") for outlet, text in
        (("A", "Uh, the truce holds. Officials said so."), ("B", "the war goes on officials said so"))
        for n in range(12)]))
    build(study, levelled=True)
    corpus = open_corpus(study.folder)
    asked = {"where": "outlet=en_A", "reference": "outlet=en_B", "layer": "norm", "limit": 5, "replicates": 100}
    both = ask_both(corpus, "keyness", asked, always=False)  # sentence marks differ
    assert both.source.view == "both"
    rows = {row["norm"]: row for row in both.to_dicts()}
    assert len(rows) == 5
    assert (rows["truce"]["levelled_target"], rows["truce"]["target"], rows["truce"]["levelled_reference"]) == (12, 12, 0)
    assert rows["uh"]["levelled_target"] is None  # the levelled view has no such word
    alike = ask_both(corpus, "keyness", {**asked, "reference": "outlet=en_B video~5", "where": "outlet=en_B video!~5"}, always=False)
    assert alike.source.view == "found"
