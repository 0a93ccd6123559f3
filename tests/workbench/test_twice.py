"""Every measure asked twice, of all words and of a part: against asking the part by itself; and what is made of a difference."""

from __future__ import annotations

import math
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from crosscut.building import build
from crosscut.cli.app import app
from crosscut.cli.common import fitting
from crosscut.errors import NotFound, QueryError
from crosscut.figures import KINDS
from crosscut.measure.finding import Finding, Source
from crosscut.store.layer import Layer, LayerSpan, write_layer
from crosscut.workbench.asking import MEASURES, measure_named
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.twice import _ALL, RATES, _again, _part, _verdict
from crosscut.workbench.verifying import verify
from tests.studies import PLAIN, built, record

#: Heard in each video of A, in one for the first time, and once in B.
PASSAGE = "the minister says the truce is a truce and the truce will hold "
TOKENS = len(PASSAGE.split())
SETTINGS = PLAIN + '[naming.held.en.alternatives]\ntruce = "truce"\ndeal = "deal"\n'
FIRST = "first occurrences"


def layered(corpus: Corpus, name: str, spans: list[tuple[str, int, int, str, dict[str, str]]], *, of: str = "") -> None:
    """A layer made by hand: (video, start, end, label, more)."""
    write_layer(corpus.study.layers, Layer(name, 1, "a person", "by hand", "2024-01-01", tuple(
        LayerSpan(f"youtube:{video}", corpus.video(video)["content"], start, end, label, 1.0, tuple(more.items()))
        for video, start, end, label, more in spans), of))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Three outlets of thirty videos; those of A begin with the same passage, and one of B."""
    random = np.random.default_rng(3)
    records: list[str] = []
    copies: list[tuple[str, int, int, str, dict[str, str]]] = []
    stories: list[tuple[str, int, int, str, dict[str, str]]] = []
    for letter in "ABC":
        for n in range(30):
            own = ["the truce holds", "the deal holds", "they speak of the truce in the city", "they speak of the deal in the city",
                   "a long day in the city", "and the quay lies there in the rain"]
            said = " ".join(own[place] for place in random.integers(0, len(own), 12))
            copied = letter == "A" or (letter == "B" and n == 7)
            video = f"{letter}{n:010}"
            records.append(record(video, (PASSAGE if copied else "") + said, outlet=f"en_{letter}{letter}",
                                  date=f"2023-{9 + n // 15:02}-{1 + n % 15:02}T{5 + ord(letter) % 3:02}:00:00+00:00"))
            if copied:
                copies.append((video, 0, TOKENS, "g1", {"kind": "pool", "first": "no" if copies else "yes"}))
            # the same stories in A and B, every second of C has one of its own
            stories.append((video, 0, 40, f"day-{n // 2}" if letter != "C" or n % 2 else f"own-{n}", {}))
    corpus = built(tmp_path_factory.mktemp("twice") / "s", records, SETTINGS)
    layered(corpus, "copies", copies, of=corpus.files.manifest.result)
    layered(corpus, "stories", stories)
    build(corpus.study)
    return open_corpus(corpus.study.folder)


ASKED: dict[str, dict[str, Any]] = {
    "freq": {"queries": ["truce", "deal"], "by": ["outlet"]},
    "keyness": {"where": "outlet=en_AA", "reference": "outlet=en_BB", "layer": "norm", "limit": 4},
    "contrast": {"queries": ["truce"], "permutations": 99},
    "trend": {"queries": ["truce"], "by": ["outlet"], "least_words": 0, "least_videos": 0},
    "changes": {"queries": ["truce"], "by": ["outlet"]},
    "leads": {"queries": ["truce"], "lags": 1, "least_words": 0},
    "firsts": {"queries": ["minister"]},
    "collocates": {"query": "truce", "layer": "norm", "limit": 4},
    "network": {"query": "truce", "layer": "norm", "limit": 4},
    "ngrams": {"n": 2, "by": ["outlet"], "limit": 5},
    "dispersion": {"queries": ["truce"], "by": ["outlet"]},
    "dispersion_strips": {"queries": ["truce"]},
    "naming": {"name": "held", "permutations": 99},
    "naming_test": {"name": "held", "permutations": 99},
    "naming_differences": {"name": "held"},
    "naming_drift": {"name": "held", "permutations": 99},
    "suggest_naming": {"word": "truce", "at_least": 1, "limit": 2},
}
MORE: list[tuple[str, dict[str, Any]]] = [
    ("keyness", {"by": ["outlet"], "layer": "norm", "lock": True, "within": 1.0}), ("ngrams", {"frame": "the * holds", "layer": "norm"}),
    ("keyness", {"where": "outlet=en_AA", "layer": "norm", "side": "target", "queries": ["truce", "deal"]}),
    ("keyness", {"by": ["outlet"], "layer": "norm", "quick": True}), ("collocates", {"query": "truce", "layer": "norm", "by": ["outlet"]}),
]


def few(asked: dict[str, Any], measure: str) -> dict[str, Any]:
    return {"replicates": 100, **asked} if "replicates" in signature(measure_named(measure)).parameters else asked


#: Lists of copies, stories, passages and of what is not found are not of the words that a part could have; comparisons within
#: stories are tested beside first occurrences in tests/test_worked.py.
OTHERS = {"copies", "copied", "copies_of", "stories", "stories_by", "story_pieces", "story", "story_words", "story_only",
          "story_shared", "story_titles", "story_passages", "compare", "compare_stories", "compare_keyness", "compare_naming",
          "absence", "unsaid"}


def test_every_measure_is_tested() -> None:
    assert set(ASKED) | OTHERS == set(MEASURES)


@pytest.mark.parametrize(("measure", "asked"), [("absence", {}), ("unsaid", {"queries": ["truce"]})])
def test_what_has_no_number_is_refused(corpus: Corpus, measure: str, asked: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match="has no number that could move"):
        corpus.beside(measure, asked, FIRST)


@pytest.mark.parametrize(("measure", "asked"), [*ASKED.items(), *MORE])
def test_the_part_is_what_it_is_asked_alone(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measure: str,
                                            asked: dict[str, Any]) -> None:
    asked = few(asked, measure)
    queries = asked.get("queries", ()) if measure != "keyness" else ()
    rest = {name: value for name, value in asked.items() if name != "queries" or measure == "keyness"}
    every = {name: value for name, value in _ALL.items() if name in signature(measure_named(measure)).parameters}
    both = corpus.beside(measure, asked, FIRST)
    one = measure_named(measure)(corpus, *queries, **rest)
    alone = measure_named(measure)(corpus, *queries, **{**rest, **every}, span=FIRST)
    assert both.rows
    assert len(set(both.columns)) == len(both.columns)
    assert [row[: len(one.columns)] for row in both.rows] == list(one.rows)
    shown = [name.removeprefix("first_") for name in both.columns[len(one.columns) :] if name.startswith("first_")]
    assert both.effect in shown
    again = {row[: one.labels]: dict(zip(alone.columns, row, strict=True)) for row in alone.rows}
    for row, own in zip(both.to_dicts(), both.rows, strict=True):
        part = again.get(own[: one.labels]) if measure != "changes" else None
        if part:
            assert {name: row[f"first_{name}"] for name in shown} == {name: part[name] for name in shown}
        before, after = row[both.effect], row[f"first_{both.effect}"]
        if before is None or after is None:
            assert row["moves"] is None
        elif both.effect not in RATES or before:
            assert row["moves"] == pytest.approx(after / before - 1 if both.effect in RATES else after - before)
    assert ("verdict" in both.columns) == both.difference
    assert set(both.columns[len(one.columns) :]) <= set(both.explained)
    monkeypatch.setattr("crosscut.cli.common.terminal_width", lambda: 80)
    kept, _, _ = fitting(both.columns, both.rows, both.formats, both.lesser)
    assert ("verdict" if both.difference else "moves") in kept
    if measure in KINDS and not (measure == "keyness" and asked.get("quick")):
        assert "<svg" in both.plot().svg()
    path = tmp_path / "f.json"
    path.write_text(both.to_json(), encoding="utf-8")
    found = verify(corpus.study.folder, path)
    assert (found.holds, found.changed, found.differs) == (True, (), ())


def test_how_far_it_moves_is_said_with_what_it_rests_on(corpus: Corpus) -> None:
    both = corpus.beside("freq", few({"queries": ["truce"], "by": ["outlet"]}, "freq"), FIRST)
    a, b, c = both.to_dicts()
    assert (a["hits"] - a["first_hits"], a["words"] - a["first_words"]) == (3 * 29, TOKENS * 29)
    assert (b["hits"] - b["first_hits"], c["moves"]) == (3, 0)
    assert a["moves"] < -0.1
    words = corpus.mask().words.sum()
    assert both.notes[0] == (f"first_…: first occurrences, {words - 30 * TOKENS:,} of {words:,} words "
                             f"({1 - 30 * TOKENS / words:.1%}) in 90 of 90 videos")
    assert both.parameters["beside"] == FIRST
    assert both.parameters["beside_layers"][0].startswith("copies.1 ")
    assert not any("earlier state" in note for note in both.notes)


def test_a_difference_that_copies_make_is_gone_without_them(corpus: Corpus) -> None:
    asked = few({"where": "outlet=en_AA", "reference": "outlet=en_BB", "queries": ["truce", "minister"]}, "keyness")
    rows = {row["query"]: row for row in corpus.beside("keyness", asked, FIRST).to_dicts()}
    assert rows["truce"]["log_ratio"] > 0.3
    assert rows["truce"]["verdict"] == "gone in first occurrences"
    assert rows["minister"]["verdict"] == ""  # one hit is left: no interval
    words = {row["norm"]: row for row in corpus.beside("keyness", few(ASKED["keyness"], "keyness"), FIRST).to_dicts()}
    assert (words["minister"]["verdict"], words["minister"]["first_target"]) == ("none in first occurrences", None)
    assert {row["verdict"] for row in corpus.beside("keyness", asked, "layer stories").to_dicts()} != {""}


def test_both_spans_apply(corpus: Corpus) -> None:
    asked = few({"queries": ["truce"], "span": "not layer copies"}, "freq")
    row, = corpus.beside("freq", asked, "layer stories=day-1").to_dicts()
    part, = corpus.freq("truce", span="not layer copies and layer stories=day-1", replicates=100).to_dicts()
    assert (row["stories_day_1_hits"], row["stories_day_1_words"]) == (part["hits"], part["words"])
    assert row["words"] == corpus.freq("truce", span="not layer copies", replicates=100).to_dicts()[0]["words"]


def test_matched_stories_are_those_of_the_outlets_compared(corpus: Corpus) -> None:
    asked = few({"where": "outlet=en_CC", "reference": "outlet=en_AA", "layer": "norm", "limit": 20}, "keyness")
    both = corpus.beside("keyness", asked, "matched stories")
    assert any(row["matched_target"] for row in both.to_dicts())
    alone = corpus.keyness("outlet=en_CC", "outlet=en_AA", layer="norm", limit=0, replicates=100, span="matched stories of en_AA|en_CC")
    assert {row["norm"]: row["target"] for row in alone.to_dicts()}.items() >= {
        row["norm"]: row["matched_target"] for row in both.to_dicts() if row["matched_target"] is not None}.items()
    rows = corpus.freq("truce", by="outlet", span="matched stories", replicates=100)
    assert rows.parameters["span"] == "matched stories of en_AA|en_BB|en_CC"
    for row, evidence in zip(rows.to_dicts(), rows.evidence, strict=True):
        assert evidence
        assert corpus.lines(evidence).hits == row["hits"] > 0
    two = corpus.freq("truce", by="outlet", where="outlet=en_BB|en_CC", span="matched stories", replicates=100).to_dicts()
    assert [row["outlet"] for row in two] == ["en_BB", "en_CC"]
    with pytest.raises(QueryError, match=r"of one outlet \(en_BB\) there is nothing to match"):
        corpus.freq("truce", where="outlet=en_BB", span="matched stories")
    with pytest.raises(QueryError, match="no video has outlet 'en_XX'"):
        corpus.freq("truce", span="matched stories of en_AA|en_XX")


def test_what_cannot_be_asked_of_the_part_is_refused_with_a_reason(corpus: Corpus, tmp_path: Path) -> None:
    asked = {"where": "outlet=en_AA", "reference": "outlet=en_CC", "layer": "norm"}
    with pytest.raises(QueryError, match="--beside 'layer copies': keyness cannot be asked of it: no video to compare: --reference"):
        corpus.beside("keyness", asked, "layer copies")
    for wrong, said in (("", "say which part"), ("the first", "'the first' is none of")):
        with pytest.raises(QueryError, match=said):
            corpus.beside("freq", {"queries": ["truce"]}, wrong)
    bare = built(tmp_path / "s", [record("aaaaaaaaaa1", "a truce")])
    for part, command in (("first occurrences", "crosscut copies"), ("without boilerplate", "crosscut copies"), ("matched stories", "crosscut stories")):
        with pytest.raises(NotFound, match=f"here yet: run {command}"):
            bare.beside("freq", {"queries": ["truce"]}, part)


def run(corpus: Corpus, *words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, [*words, "--corpus", str(corpus.study.folder)])
    return found.exit_code, found.output


@pytest.mark.parametrize("words", [
    "freq truce", "contrast truce --permutations 100", "keyness --where outlet=en_AA --layer norm", "trend truce", "trend truce --changes",
    "trend truce --first", "trend truce --leads --least-words 0", "collocates truce --layer norm", "dispersion truce",
    "dispersion truce --strips", "ngrams", "naming held", "naming held --show test", "naming held --show differences", "naming held --show drift"])
def test_every_command_that_finds_takes_it(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("crosscut.cli.common.terminal_width", lambda: 80)
    code, shown = run(corpus, *words.split(), "--beside", FIRST)
    assert code == 0, shown
    assert "first_…: first occurrences" in shown
    head = next(line for line in shown.splitlines() if line)
    assert {"moves", "verdict"} & set(head.split()), head


def test_the_command_line_says_what_does_not_go_together(corpus: Corpus) -> None:
    assert run(corpus, "freq", "truce", "--beside", FIRST, "--view", "both")[0] == 2
    found = CliRunner().invoke(app, ["freq", "truce", "--beside", "nonsense", "--corpus", str(corpus.study.folder)])
    assert "first occurrences, without boilerplate" in str(found.exception)


@pytest.mark.parametrize(("span", "name", "what"), [
    ("first occurrences", "first", "first occurrences"), ("without  boilerplate", "no_boilerplate", "without boilerplate"),
    ("matched stories of en_A|en_B", "matched", "matched stories"), ("first occurrences and matched stories", "first_matched", "the part"),
    ("first 60s", "first_60s", "first 60s"), ("<copies kind='pool'/>", "copies_kind_pool", "<copies kind='pool'/>"),
    ("not <copies kind='pool|boilerplate' first='no'/>", "beside", "the part"), ("layer story=été", "story_été", "layer story=été"),
])
def test_columns_are_named_after_the_part(span: str, name: str, what: str) -> None:
    assert (_part(span).name, _part(span).what) == (name, what)


@pytest.mark.parametrize(("found", "part", "verdict"), [
    ([2.0, 1.0, 3.0], [1.9, 0.9, 2.9], "differs in both"), ([1.0, 0.5, 1.5], [3.0, 2.0, 4.0], "differs in both"),
    ([-2.0, -3.0, -1.0], [-1.0, -1.5, -0.5], "differs in both"), ([2.0, 1.0, 3.0], [0.5, -0.1, 1.1], "not shown in it"),
    ([2.0, 1.0, 3.0], [-0.1, -0.9, 0.7], "gone in it"), ([2.0, 1.0, 3.0], [0.0, -0.9, 0.7], "gone in it"),
    ([2.0, 1.0, 3.0], [-2.0, -3.0, -1.0], "turns round in it"), ([0.5, -0.1, 1.1], [2.0, 1.0, 3.0], "only in it"),
    ([0.5, -0.1, 1.1], [0.5, -0.2, 1.2], "no difference shown"), ([2.0, 1.0, 3.0], [None, None, None], "none in it"),
    ([None, None, None], [2.0, 1.0, 3.0], ""), ([2.0, None, None], [1.0, 0.5, 1.5], ""), ([2.0, 1.0, 3.0], [1.0, None, None], ""),
    ([1.0], [0.4], ""), ([1.0], [0.0], "no larger than the move"), ([1.0], [2.5], "no larger than the move"), ([1.0], [None], "none in it"),
])
def test_what_a_part_leaves_of_a_difference(found: list[float | None], part: list[float | None], verdict: str) -> None:
    assert _verdict(found, part, "it") == verdict


def test_changes_are_the_same_where_their_ranges_overlap() -> None:
    columns = ("query", "change", "period", "earliest", "latest", "log_ratio")

    def of(*rows: tuple[Any, ...]) -> Finding:
        return Finding("changes", "", columns, rows, {}, Source("", ""), {}, labels=2, effect="log_ratio", difference=True)

    one = of(("a", 1, "W05", "W04", "W06", 1.0), ("a", 2, "W10", "W10", "W11", 2.0), ("b", 0, None, None, None, None))
    other = of(("a", 1, "W11", "W11", "W12", 2.5), ("b", 0, None, None, None, None), ("b", 1, "W05", "W04", "W06", 1.0))
    assert _again(one, other) == [None, other.rows[0], other.rows[1]]


def test_the_sum_of_what_is_inside_and_outside_is_all(corpus: Corpus) -> None:
    asked = few({"queries": ["truce"]}, "freq")
    inside, outside = (corpus.beside("freq", asked, span).to_dicts()[0] for span in ("layer copies", "not layer copies"))
    assert inside["copies_hits"] + outside["not_copies_hits"] == inside["hits"]
    assert math.isclose(inside["copies_words"] + outside["not_copies_words"], inside["words"])


def test_a_newer_layer_is_named_where_a_finding_does_not_hold_any_more(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", [record("aaaaaaaaaa1", "a truce and a truce"), record("aaaaaaaaaa2", "a truce")])
    layered(corpus, "copies", [("aaaaaaaaaa1", 3, 5, "g1", {"first": "no"})])
    build(corpus.study)
    path = tmp_path / "f.csv"
    path.write_text(open_corpus(corpus.study.folder).beside("freq", {"queries": ["truce"]}, FIRST).to_csv(), encoding="utf-8")
    assert verify(corpus.study.folder, path).holds
    write_layer(corpus.study.layers, Layer("copies", 2, "a person", "by hand", "2024-01-02", ()))
    build(corpus.study)
    found = verify(corpus.study.folder, path)
    assert any("first_hits 2 → 3" in line for line in found.differs)
    assert any(line.startswith("spans of a layer: copies.1 ") and " then, copies.2 " in line for line in found.changed)


def test_the_page_on_json_names_the_keys(corpus: Corpus) -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    both = corpus.beside("keyness", few({**ASKED["keyness"], "unit": "story"}, "keyness"), FIRST)
    own = corpus.keyness("outlet=en_AA", "outlet=en_BB", layer="norm", replicates=100)
    assert [name for name in set(both.parameters) - set(own.parameters) if f"`{name}`" not in page and name != "story layer"] == []
    assert "`story layer`" in page
    assert {"story layer", "beside", "beside_layers"} <= set(both.parameters)
    assert [name for name in ("moves", "verdict", "first_", "matched_", "no_boilerplate_") if f"`{name}`" not in page] == []
