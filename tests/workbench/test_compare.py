"""Comparison within stories on a study whose stories were written by hand: rows open their lines, whole and matched differ."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crosscut.cli.app import app
from crosscut.errors import QueryError
from crosscut.measure.finding import Finding
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.story_tables import tables
from crosscut.workbench.verifying import verify
from tests.studies import PLAIN, built, record
from tests.workbench.stories import many_stories, write_stories

FEW: dict[str, Any] = {"replicates": 200}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return many_stories(tmp_path_factory.mktemp("compare") / "s")


def opens_its_lines(corpus: Corpus, finding: Finding) -> int:
    """How many rows of a finding open as many lines as they have hits; the others have none."""
    assert len(finding.evidence) == len(finding.rows)
    opened = 0
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert (evidence is not None) == bool(row["hits"]), row
        if evidence:
            found = corpus.lines(evidence, limit=0)
            assert found.hits == row["hits"], (row, evidence)
            opened += 1
    return opened


def test_topic_is_told_from_wording(corpus: Corpus) -> None:
    found = corpus.compare("truce", pair="en_A,en_B")
    (row,) = found.to_dicts()
    stories = [line for line in corpus.compare_stories("truce", pair="en_A,en_B").to_dicts() if line["name"]]
    assert row["stories"] == len(stories) == 14
    above = sum(s["hits"] * s["other_words"] / (s["words"] + s["other_words"]) for s in stories)
    below = sum(s["other_hits"] * s["words"] / (s["words"] + s["other_words"]) for s in stories)
    assert row["matched"] == pytest.approx(math.log2(above / below))
    assert row["low"] < row["matched"] < row["high"] < row["whole_low"] < row["whole"]
    assert row["topic"] == pytest.approx(row["whole"] - row["matched"])
    assert row["topic_low"] > 1
    assert row["whole"] == pytest.approx(corpus.contrast("truce", permutations=100).to_dicts()[1]["log_ratio"])
    assert (row["pieces"], row["videos"], row["hits"]) == (14, 14, sum(s["hits"] for s in stories))
    assert row["only_words"] == 12 * 60                       # of the loud stories; what is left of them is in no story
    assert row["whole_words"] - row["words"] - row["only_words"] == 12 * 40
    assert row["random_low"] < row["random"] < row["random_high"]
    assert found.generalises.startswith("Intervals: 95%, 1,000 resamples by story: what other stories")
    assert any(note.startswith("2,979 of 4,659 words lie in 43 pieces of 26 stories") for note in found.notes)
    assert f"stories.1 {found.parameters['stories'].split()[1]}" == found.parameters["stories"]


def test_rows_open_their_lines(corpus: Corpus) -> None:
    assert opens_its_lines(corpus, corpus.compare("truce", "captive*", '"the" "truce"', **FEW)) == 9
    assert opens_its_lines(corpus, corpus.compare_stories("truce", pair="en_A,en_B", limit=3, **FEW)) == 5
    assert opens_its_lines(corpus, corpus.compare_keyness(layer="norm", pair="en_A,en_B", **FEW)) > 10
    assert opens_its_lines(corpus, corpus.compare_naming("held", **FEW)) == 2
    assert opens_its_lines(corpus, corpus.compare("truce", span="matched stories", **FEW)) == 3
    assert opens_its_lines(corpus, corpus.compare("truce", where="title~Story", span="not layer stories=story-3", **FEW)) == 1


def test_few_stories_have_no_interval_and_it_is_said(corpus: Corpus) -> None:
    found = corpus.compare("truce", **FEW)
    rows = {(row["first"], row["second"]): row for row in found.to_dicts()}
    few = rows["en_A", "en_C"]
    assert (few["stories"], few["low"], few["note"]) == (3, None, "no interval: fewer than 10 matched stories")
    assert any(note.startswith("2 of 3 comparisons have fewer than 10 matched stories") for note in found.notes)
    (none,) = corpus.compare("truce", pair="en_A,en_B", min_words=1_000, **FEW).to_dicts()
    assert (none["stories"], none["matched"], none["hits"]) == (0, None, 0)
    assert none["whole"] is not None
    assert "no story is matched" in none["note"]
    (silent,) = corpus.compare("nothing", pair="en_A,en_B", **FEW).to_dicts()
    assert (silent["matched"], silent["topic"]) == (None, None)


def test_one_against_the_others(corpus: Corpus) -> None:
    (row,) = corpus.compare("truce", pair="en_A", **FEW).to_dicts()
    assert (row["second"], row["stories"]) == ("the others", 14)
    assert row["other_words"] == sum(r["other_words"] for r in corpus.compare("truce", **FEW).to_dicts() if r["first"] == "en_A")


def test_keyness_within_stories_leaves_topic_out(corpus: Corpus) -> None:
    found = corpus.compare_keyness(layer="norm", pair="en_A,en_B")
    rows = {row["norm"]: row for row in found.to_dicts()}
    (asked,) = corpus.compare("truce", pair="en_A,en_B").to_dicts()
    truce = rows["truce"]
    assert truce["matched"] == pytest.approx(asked["matched"])          # each word is a token here
    assert (truce["low"], truce["high"]) == pytest.approx((asked["low"], asked["high"]))
    assert truce["whole"] == pytest.approx(asked["whole"])
    assert rows["captives"]["low"] > 1.5
    assert rows["hostages"]["high"] < -1.5
    assert "topic3" not in rows                                         # said in one story only
    assert rows["aaland"]["note"] == "not said by the second"
    assert all(row["score"] > 0 for row in corpus.compare_keyness(layer="norm", pair="en_A,en_B", side="first", **FEW).to_dicts())
    assert len(corpus.compare_keyness(layer="norm", pair="en_A,en_B", limit=2, **FEW).rows) == 2


def test_naming_within_stories(corpus: Corpus) -> None:
    rows = {(row["second"], row["alternative"]): row for row in corpus.compare_naming("held").to_dicts() if row["first"] == "en_A"}
    whole = {(row["outlet"], row["alternative"]): row["share"] for row in corpus.naming("held", permutations=100).to_dicts()}
    row = rows["en_B", "captive"]
    assert row["whole_share"] == pytest.approx(whole["en_A", "captive"])
    assert row["difference"] == pytest.approx(row["share"] - row["other_share"])
    assert row["low"] < row["difference"] < row["high"]
    assert row["topic"] == pytest.approx(row["whole_difference"] - row["difference"])
    assert rows["en_C", "captive"]["note"] == "no story in which both have a hit"


def test_one_story(corpus: Corpus) -> None:
    (first, *_), story = corpus.story("story-1").to_dicts(), corpus.story("story-1")
    assert {row["outlet"]: (row["videos"], row["pieces"]) for row in story.to_dicts()} == dict.fromkeys(("en_A", "en_B", "en_C"), (1, 1))
    assert first["words"] == max(row["words"] for row in story.to_dicts())
    assert sum(row["share_of_story"] for row in story.to_dicts()) == pytest.approx(1)
    assert all(row["hours_behind"] is None for row in story.to_dicts())
    assert story.notes[0].startswith("who was first cannot be told")
    only = {(row["outlet"], row["kind"], row["text"]) for row in corpus.story_only("story-1").to_dicts()}
    assert ("en_A", "number", "topic1") not in only     # both say it
    titles = corpus.story_titles("story-1").to_dicts()
    assert [row["title"] for row in titles] == ["Story 1 of en_A", "Story 1 of en_B", "About C0000000001"]
    passages = corpus.story_passages("story-1", opening=5).to_dicts()
    assert passages[0]["text"] == "the truce holds the truce …"
    assert passages[0]["link"] == "https://youtu.be/A0000000001"
    words = corpus.story_words("story-1", layer="norm", limit=3)
    assert {row["outlet"] for row in words.to_dicts()} == {"en_A", "en_B", "en_C"}
    assert opens_its_lines(corpus, words) == 9
    shared = corpus.story_shared("story-1", layer="norm", limit=5)
    assert "topic1" in {row["norm"] for row in shared.to_dicts()}
    assert opens_its_lines(corpus, shared) == len(shared.rows) > 0
    measures = [finding.measure for finding in tables(corpus, "story-1", layer="norm")]
    assert measures == ["story", "story_titles", "story_words", "story_shared", "naming", "story_passages"]


def test_who_was_first_is_told_where_times_have_zones(tmp_path: Path) -> None:
    from tests.workbench.timed import timed

    corpus = timed(tmp_path / "s")
    rows = {row["outlet"]: row for row in corpus.story("s").to_dicts()}
    assert rows["en_B"]["hours_behind"] == 0
    assert rows["en_A"]["hours_behind"] == pytest.approx(24)
    assert rows["en_B"]["first"] == "2023-11-14T22:13:20+00:00"
    assert corpus.story("s").rows[0][0] == "en_B"
    assert rows["en_A"]["seconds"] == pytest.approx(55, abs=6)
    passage = corpus.story_passages("s").to_dicts()[0]
    assert passage["link"].endswith("?t=1")
    assert corpus.story_only("s").to_dicts()[0] | {"videos": 1} == {
        "outlet": "en_A", "kind": "number", "text": "42", "hits": 2, "videos": 1}


@pytest.mark.parametrize(("measure", "asked"), [
    ("compare", ("truce",)), ("compare_stories", ("truce",)), ("compare_keyness", ()), ("compare_naming", ("held",)),
    ("story", ("story-1",)), ("story_words", ("story-1",)), ("story_shared", ("story-1",)), ("story_titles", ("story-1",)),
    ("story_passages", ("story-1",)), ("story_only", ("story-1",))])
def test_findings_are_computed_again(corpus: Corpus, tmp_path: Path, measure: str, asked: tuple[str, ...]) -> None:
    more = {"layer": "norm"} if measure in {"compare_keyness", "story_words", "story_shared"} else {}
    finding = getattr(corpus, measure)(*asked, **more, **(FEW if measure.startswith("compare") else {}))
    for name, text in (("f.csv", finding.to_csv()), ("f.json", finding.to_json())):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        found = verify(corpus.study.folder, tmp_path / name)
        assert (found.holds, found.differs) == (True, ())
    assert finding.question in finding.explain()


def test_errors_say_what_to_do(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no story 'story-99' in the layer; there is story-"):
        corpus.story("story-99")
    with pytest.raises(QueryError, match="no outlet 'en_X' has words to compare; there is en_A, en_B, en_C"):
        corpus.compare("truce", pair="en_A,en_X")
    with pytest.raises(QueryError, match="Name a query"):
        corpus.compare()
    with pytest.raises(QueryError, match="name two, as A,B"):
        corpus.compare("truce", pair="a,b,c")
    with pytest.raises(QueryError, match="no second outlet"):
        corpus.compare("truce", where="outlet=en_A")
    plain = built(tmp_path / "none", [record("N0000000001", "a truce"), record("N0000000002", "a truce", outlet="en_BBB")], PLAIN)
    with pytest.raises(QueryError, match="no stories to compare in: crosscut stories finds them"):
        plain.compare("truce")
    stale = write_stories(plain, {"N0000000001": [(0, 2, "x")]})
    with pytest.raises(QueryError, match="no story of the layer lies in the videos asked for"):
        stale.compare("truce", where="outlet=en_BBB")


def test_labels_that_no_span_can_hold_are_not_opened(tmp_path: Path) -> None:
    records = [record(f"N000000000{n}", "a truce " * 40, outlet=outlet) for n, outlet in enumerate(("en_A", "en_B"))]
    corpus = write_stories(built(tmp_path, records, PLAIN), {f"N000000000{n}": [(0, 90, 'a "<b>" | c and layer')] for n in (0, 1)})
    found = corpus.compare("truce")
    assert found.rows[0][3] == 1
    assert found.evidence == (None,)
    told = {f"N000000000{n}": [(0, 60, 'a "b" | (c) \\d'), (60, 80, "a.b")] for n in (0, 1)}
    corpus = write_stories(corpus, told, version=2)
    assert opens_its_lines(corpus, corpus.compare("truce")) == 1
    assert opens_its_lines(corpus, corpus.compare("truce", min_words=1)) == 1
    assert opens_its_lines(corpus, corpus.compare_stories("truce", min_words=1)) == 4
    assert corpus.compare("truce", min_words=1).rows[0][3] == 2


def run(corpus: Corpus, *words: str) -> str:
    result = CliRunner().invoke(app, ["compare", "--corpus", str(corpus.study.folder), *words])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_the_command(corpus: Corpus, tmp_path: Path) -> None:
    assert "matched" in run(corpus, "truce", "--pair", "en_A,en_B", "--replicates", "200")
    told = CliRunner().invoke(app, ["compare", "--corpus", str(corpus.study.folder), "--stories", "truce", "--format", "json"])
    rows = json.loads(told.stdout)["rows"]
    assert [row["story"] for row in rows[-2:]] == ["all matched stories", "whole"]
    run(corpus, "--keyness", "--layer", "norm", "--limit", "2", "-o", str(tmp_path / "k.csv"))
    assert verify(corpus.study.folder, tmp_path / "k.csv").holds
    for n, words in enumerate((("truce",), ("truce", "--stories"), ("--keyness", "--layer", "norm"), ("--naming", "held"))):
        run(corpus, *words, "--replicates", "200", "--figure", str(tmp_path / f"{n}.svg"))
        assert "<svg" in (tmp_path / f"{n}.svg").read_text(encoding="utf-8")
    all_tables = run(corpus, "--story", "story-1", "--layer", "norm")
    for question in ("Who tells ‘story 1 (story-1)’", "Under which headlines", "What do all outlets say", "Which words are used for"):
        assert question in all_tables
    assert "captive" in run(corpus, "--story", "story-1", "--naming", "held")
    assert run(corpus, "--story", "story-1", "--show", "titles", "--format", "csv").startswith("# measure")


def test_the_page_on_json_names_every_key(corpus: Corpus) -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    asked: list[tuple[str, ...]] = [("truce",), ("truce", "--stories"), ("--keyness", "--layer", "norm"), ("--naming", "held")]
    asked += [("--story", "story-1", "--show", show, *layer) for show, *layer in (
        ("coverage",), ("titles",), ("passages",), ("words", "--layer", "norm"), ("shared", "--layer", "norm"))]
    for words in asked:
        result = CliRunner().invoke(app, ["compare", *words, "--format", "json", "--corpus", str(corpus.study.folder)])
        found = json.loads(result.stdout)
        keys = {*found, *found["parameters"], *found["rows"][0]} - {"norm"}
        assert [key for key in sorted(keys) if f"`{key}`" not in page] == [], words
        assert found["measure"] in page


@pytest.mark.parametrize(("words", "said"), [
    (("truce", "--keyness"), "--keyness takes no query"), (("--stories", "--keyness"), "one at a time"),
    (("--show", "words"), "--show is of one story"), (("--story", "story-1", "--format", "csv"), "exported one by one"),
    (("truce", "--side", "first"), "compare has no --side"), (("--story", "story-1", "--pair", "a,b"), "name one with --show"),
    (("--story", "story-1", "--show", "titles", "--layer", "norm"), "--show titles has no --layer")])
def test_what_does_not_go_together_is_refused(corpus: Corpus, words: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(app, ["compare", "--corpus", str(corpus.study.folder), *words])
    assert result.exit_code == 2
    assert said in result.output.replace("\n", " ")

