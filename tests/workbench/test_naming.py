"""``naming`` on small studies: rows are what their queries open, languages stay apart, sets and suggestions."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import crosscut
from crosscut.cli.app import app
from crosscut.errors import QueryError
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.suggesting import toml_of
from crosscut.workbench.verifying import verify
from tests.studies import PLAIN, built, make_study, record, write_records

SETS = PLAIN + """
[words]
held = ["captive", "captives"]
[naming.held]
referent = "the crews"
[naming.held.en]
within = 3
not_near = ["word*"]
[naming.held.en.alternatives]
"captives of war" = "captives of war"
captive = "$held"
hostage = "hostage*"
[naming.held.fr]
alternatives = ["otage*", "captif*"]
"""


def texts(outlet: str, word: str, other: str, videos: int = 12) -> list[str]:
    """Every third video has the other word; each says that the words are words, which does not count."""
    return [record(f"{outlet[-1]}{n:010}", f"they are {word} and {other if n % 3 == 0 else word} now. "
                   f"people say many things here: the word {other} , the word {word}", outlet=outlet,
                   date=f"2023{9 + n % 3:02}{1 + n:02}") for n in range(videos)]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    records = [*texts("en_A", "captives", "hostages"), *texts("en_B", "hostages", "captives of war"),
               *[record(f"F{n:010}", "les otages et le captif sont dans le port et ils ne sont pas libres", outlet="fr_C")
                 for n in range(3)]]
    return built(tmp_path_factory.mktemp("naming") / "s", records, SETS)


def test_shares_are_those_that_were_written(corpus: Corpus) -> None:
    found = corpus.naming("held", language="en")
    rows = {(row["outlet"], row["alternative"]): row for row in found.to_dicts()}
    assert {key: (row["hits"], row["of"]) for key, row in rows.items()} == {
        ("en_A", "captives of war"): (0, 24), ("en_A", "captive"): (20, 24), ("en_A", "hostage"): (4, 24),
        ("en_B", "captives of war"): (4, 24), ("en_B", "captive"): (0, 24), ("en_B", "hostage"): (20, 24)}
    assert rows["en_A", "captive"]["share"] == pytest.approx(20 / 24)
    assert rows["en_A", "captive"]["low"] < 20 / 24 < rows["en_A", "captive"]["high"]
    assert (rows["en_A", "hostage"]["videos"], rows["en_A", "hostage"]["videos_with_any"]) == (4, 12)
    assert rows["en_A", "hostage"]["note"] == "exact limits"
    assert found.notes[0].startswith("en: by outlet, names differ: Cramér's V 0.85")
    assert "en: 4 hits of captive lie in one of an earlier alternative, or hold one, and count there only" in found.notes
    assert found.question == "Which words are used for ‘the crews’, by outlet, in videos with language=en?"
    assert found.parameters["cql"]["en"]["hostage"].startswith('[norm="hostage.*"] !within []{0,3} [norm="word.*"]')


@pytest.mark.parametrize(("by", "where", "span"), [
    ("outlet", "", ""), ("outlet,month", "", ""), ("", "date>=2023-10", ""), ("outlet", "title~About", "")])
def test_a_row_opens_as_many_lines_as_it_has_hits(corpus: Corpus, by: str, where: str, span: str) -> None:
    found = corpus.naming("held", by=by, where=where, span=span, permutations=100, replicates=100)
    assert len(found.evidence) == len(found.rows)
    for row, evidence in zip(found.to_dicts(), found.evidence, strict=True):
        assert evidence is not None
        opened = corpus.lines(evidence, limit=0)
        assert (opened.hits, opened.videos) == (row["hits"], row["videos"])
        assert len(opened.lines) == row["hits"]
    drift = corpus.naming_drift("held", by=by, where=where, permutations=100)
    tests = sum(row["p"] is not None for row in drift.to_dicts())
    assert any(note.startswith(f"{tests} tests, whose p are not corrected") for note in drift.notes) == (tests > 1)
    assert all(evidence and corpus.lines(evidence).hits >= 0 for evidence in drift.evidence)


def test_languages_stay_apart(corpus: Corpus) -> None:
    found = corpus.naming("held", permutations=100)
    assert {(row["language"], row["outlet"]) for row in found.to_dicts()} == {("en", "en_A"), ("en", "en_B"), ("fr", "fr_C")}
    assert {row["alternative"] for row in found.to_dicts() if row["language"] == "fr"} == {"otage*", "captif*"}
    assert "each language has alternatives of its own: nothing is compared across languages" in found.notes
    pairs = corpus.naming_differences("held").to_dicts()
    assert {(row["group"], row["other"]) for row in pairs} == {("en_A", "en_B")}
    tested = corpus.naming_test("held", permutations=100).to_dicts()
    assert [(row["language"], row["note"]) for row in tested] == [("en", ""), ("fr", "nothing to compare")]
    few = [row for row in found.to_dicts() if row["language"] == "fr"]
    assert all((row["low"], row["note"]) == (None, "fewer than 10 videos with a hit") for row in few)
    assert [row["share"] for row in few] == [0.5, 0.5]


def test_differences_are_of_groups_of_the_same_time(corpus: Corpus) -> None:
    rows = corpus.naming_differences("held", by="outlet,month", language="en").to_dicts()
    assert {(row["group"], row["other"]) for row in rows} == {(f"en_A, 2023-{month}", f"en_B, 2023-{month}")
                                                              for month in ("09", "10", "11")}
    months = corpus.naming_differences("held", by="month", language="en").to_dicts()
    assert len({(row["group"], row["other"]) for row in months}) == 3
    plain = {row["alternative"]: row for row in corpus.naming_differences("held", language="en").to_dicts()}
    assert plain["hostage"]["difference"] == pytest.approx(4 / 24 - 20 / 24)
    assert -1 <= plain["hostage"]["low"] < plain["hostage"]["difference"] < plain["hostage"]["high"] < 0


def test_videos_are_dealt_out_within_months_where_groups_are_of_months_too(corpus: Corpus) -> None:
    plain, within, months = (corpus.naming_test("held", by=by, language="en").to_dicts()[0]
                             for by in ("outlet", "outlet,month", "month"))
    assert plain["videos"] == within["videos"] == months["videos"] == 24
    assert plain["p"] <= 0.001
    assert within["p"] <= 0.01
    assert months["p"] > plain["p"]
    assert "within each month" in corpus.naming("held", by="outlet,month", language="en").notes[0]
    assert corpus.naming_test("held", by="", language="en").to_dicts()[0]["p"] is None


def test_what_cannot_be_asked_is_said(corpus: Corpus, tmp_path: Path) -> None:
    for ask in (corpus.naming, corpus.naming_test, corpus.naming_differences, corpus.naming_drift):
        with pytest.raises(QueryError, match="no choice set 'hold'; there is held"):
            ask("hold")
    with pytest.raises(QueryError, match=r"naming.held has no alternatives in 'de'; there is en, fr"):
        corpus.naming("held", language="de")
    other = built(tmp_path / "s", [record("aaaaaaaaaa1", "the captives are here")], PLAIN + '[naming.held.de]\nalternatives = '
                  '["Geisel*", "Gefangene*"]\n[naming.bad.en]\nalternatives = ["a", "[lema=\'x\']"]\n')
    with pytest.raises(QueryError, match=r"naming.held has alternatives in de; the videos asked for are in en"):
        other.naming("held")
    with pytest.raises(QueryError, match=r"naming.bad.en, \[lema='x'\]: "):
        other.naming("bad")
    with pytest.raises(QueryError, match="unknown unit"):
        corpus.naming("held", unit="nothing")


def test_alternatives_are_suggested_and_the_set_can_be_pasted(tmp_path: Path) -> None:
    frames = ("they freed the {} at noon", "the {} came home", "all {} are safe", "he saw the {} by night", "no {} was hurt")
    records = [record(f"{outlet[-1]}{n:010}", " ".join(f"{frame.format(word)} ." for frame in frames) + " the quay is wet",
                      outlet=outlet) for outlet, word in (("en_A", "captives"), ("en_B", "hostages")) for n in range(6)]
    corpus = built(tmp_path / "s", records)
    found = corpus.suggest_naming("captive", at_least=5)
    assert [row[0] for row in found.rows][:2] == ["captive", "hostage"]
    best = found.to_dicts()[1]
    assert best["shared"] == best["across"] >= 5
    assert (best["tokens"], best["outlets"]) == (30, 1)
    assert " _ " in f" {best['examples']} "
    assert all(corpus.lines(evidence).hits == row["tokens"] for evidence, row in zip(found.evidence, found.to_dicts(), strict=True)
               if evidence)
    study = make_study(tmp_path / "t", PLAIN + toml_of(found, "crews"))
    assert list(study.naming["crews"].languages["en"].alternatives)[:2] == ["captive", "hostage"]
    assert tomllib.loads(toml_of(found))["naming"]["captive"]["en"]["alternatives"]["hostage"] == '[lemma="hostage"]'
    formed = corpus.suggest_naming("captives", at_least=5)
    assert formed.rows == found.rows
    assert "'captives' is a form of 'captive', which was looked for" in formed.notes
    alone = corpus.suggest_naming("captive", at_least=5, alike=best["similarity"] + 1e-9)
    assert list(tomllib.loads(toml_of(alone))["naming"]["captive"]["en"]["alternatives"]) == ["captive"]
    assert f"{len(alone.rows) - 1} of them have a similarity below" in " ".join(alone.notes)
    assert len(alone.rows) == len(found.rows)
    with pytest.raises(QueryError, match="'zzz' is not said here"):
        corpus.suggest_naming("zzz")


def test_an_alternative_without_any_hit_is_asked_about(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", texts("en_A", "captives", "hostages", 3), PLAIN + '[naming.held.en.alternatives]\ncaptive = '
                   '"captive*"\nhostage = "hostage*"\ndetainee = "detaine"\n')
    one = corpus.naming("held", where="date<2023-10", permutations=100, replicates=100)
    assert "en: no hit of 'detainee' in the whole study: is its query right?" in one.notes
    assert not any("no hit of 'hostage'" in note for note in one.notes)


def test_differences_are_said_to_be_points(corpus: Corpus) -> None:
    assert any("percentage points: from" in note for note in corpus.naming_differences("held", language="en").notes)
    drift = corpus.naming_drift("held", language="en", permutations=100)
    assert any("percentage points per 30 days" in note for note in drift.notes)


def test_a_study_without_sets_is_told_how_to_make_one(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    found = CliRunner().invoke(app, ["naming", "--corpus", str(study.folder)])
    assert (found.exit_code, found.stdout) == (0, "")
    assert "crosscut naming SET --suggest WORD" in found.stderr


def run(corpus: Corpus, *words: str) -> str:
    found = CliRunner().invoke(app, ["naming", *words, "--corpus", str(corpus.study.folder)])
    assert found.exit_code == 0, found.output
    return found.output


def test_the_command(corpus: Corpus) -> None:
    listed = run(corpus)
    assert "captives of war" in listed
    assert "3 tokens" in listed
    assert "Cramér's V" in run(corpus, "held", "--language", "en", "--permutations", "100")
    assert "+0.0%" in run(corpus, "held", "--show", "drift", "--permutations", "100")
    assert "difference" in run(corpus, "held", "--show", "differences")
    assert "by_chance" in run(corpus, "held", "--show", "test", "--permutations", "100")
    suggested = run(corpus, "--suggest", "captive")
    assert "[naming.captive.en.alternatives]" in suggested
    assert "Newcombe" not in run(corpus, "held", "--explain")
    assert "Newcombe" in run(corpus, "held", "--explain", "--show", "differences")


#: What each of them draws at random, few times.
DRAWS = {"shares": ("--permutations", "200", "--replicates", "200"), "differences": ("--replicates", "200"),
         "test": ("--permutations", "200"), "drift": ("--permutations", "200")}


@pytest.mark.parametrize("show", list(DRAWS))
def test_it_is_verified(corpus: Corpus, tmp_path: Path, show: str) -> None:
    path = tmp_path / f"{show}.csv"
    run(corpus, "held", "--show", show, *DRAWS[show], "--output", str(path))
    found = verify(corpus.study.folder, path)
    assert (found.holds, found.differs) == (True, ())
    if show != "test":
        assert "crosscut kwic" in path.read_text(encoding="utf-8")


def test_the_page_on_json_names_every_key(corpus: Corpus) -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    asked = [(), ("--suggest", "captive"), *(("held", "--show", show, *draws) for show, draws in DRAWS.items())]
    for words in asked:
        found = json.loads(CliRunner().invoke(app, ["naming", *words, "--format", "json", "--corpus", str(corpus.study.folder)]).stdout)
        keys = {*found, *found.get("parameters", {}), *found["rows"][0]} - {"outlet"}
        assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
        assert found.get("measure", "") in page


def test_both_views(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", SETS)
    records = [*texts("en_A", "captives", "hostages", 4), *texts("en_B", "hostages", "captives", 4)]
    crosscut.import_(study, write_records(tmp_path / "in", records))
    crosscut.build(study, levelled=True)
    opened = crosscut.open(study.folder)
    shown = run(opened, "held", "--view", "both", "--permutations", "100")
    assert "levelled_share" in shown
    assert "verdict" in run(opened, "held", "--view", "both", "--show", "differences")
