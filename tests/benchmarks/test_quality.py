"""Floors that only rise, gold words at their places, and the labels of our own gold file and of the treebanks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import material
from benchmarks.quality import captions, cleaning, gate, gold, kinds, page
from benchmarks.quality.__main__ import as_json, measure_all
from benchmarks.quality.measure import Figure, Result, lowered, measure, unmarked
from crosscut.clean.text import transcript
from crosscut.model import CASES, KINDS
from crosscut.tokens import tokenise


def result(lemma: int = 90, *, digest: str = "d", name: str = "fake", norm: int = 100) -> Result:
    figures = {"edited/lemma": Figure(lemma, 100, 100), "marks/norm": Figure(norm, 100, 100)}
    return Result(name, "en", "made up", "none", digest, 1, 100, figures)


def pinned(*results: Result) -> gate.Pinned:
    return gate.repinned(list(results), gate.Pinned())


def test_a_floor_lies_one_item_and_a_little_below() -> None:
    assert gate.floor_of(Figure(90, 100, 100)) == 88.8
    assert gate.floor_of(Figure(9_000, 10_000, 10_000)) == 89.7
    assert gate.floor_of(Figure(0, 0, 100)) == 0
    assert Figure(10, 10, 30).percent == 50


def test_what_was_pinned_holds() -> None:
    assert gate.broken([result()], pinned(result())) == []
    assert gate.broken([result(89)], pinned(result())) == []


def test_a_figure_below_its_floor_breaks_the_gate() -> None:
    assert gate.broken([result(88)], pinned(result())) == ["fake/edited/lemma: 88.00 is below its floor 88.8"]


def test_other_gold_breaks_the_gate() -> None:
    assert "not that on which" in gate.broken([result(digest="e")], pinned(result()))[0]


def test_figures_without_floor_and_floors_without_figure_break_the_gate() -> None:
    more = replace(result(), figures=result().figures | {"edited/pos": Figure(1, 1, 1)})
    assert "no floor yet" in gate.broken([more], pinned(result()))[0]
    assert "not measured any more" in gate.broken([result()], pinned(more))[0]


def test_one_word_that_marks_change_breaks_the_gate() -> None:
    assert gate.broken([result(norm=99)], pinned(result(norm=99))) == [
        "fake/marks/norm: marks change 1 of 100 tokens; must be none"]


def test_sources_that_are_not_there_keep_their_floors_and_break_nothing() -> None:
    both = pinned(result(), result(name="away"))
    assert gate.broken([result()], both) == []
    assert gate.repinned([result()], both).floors == both.floors


def test_an_update_raises_and_never_lowers() -> None:
    assert gate.repinned([result(95)], pinned(result())).floors["fake/edited/lemma"] == 93.8
    assert gate.repinned([result(89)], pinned(result())).floors["fake/edited/lemma"] == 88.8


@pytest.mark.parametrize("worse", [result(80), result(digest="e"),
                                   replace(result(), figures={"edited/lemma": Figure(90, 100, 100)})])
def test_lowering_takes_an_explicit_word(worse: Result) -> None:
    with pytest.raises(gate.WouldLower, match="--allow-regression"):
        gate.repinned([worse], pinned(result()))
    assert gate.broken([worse], gate.repinned([worse], pinned(result()), allow_regression=True)) == []


def test_floors_survive_their_file(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert gate.Pinned.read(path) == gate.Pinned()
    pinned(result()).write(path)
    assert gate.Pinned.read(path) == pinned(result())


def conllu(*rows: str) -> str:
    return "\n".join("\t".join(row.split()) for row in rows) + "\n\n"


SENTENCES = "# newdoc id = one\n" + conllu(
    "1-2 L'eau _ _ _ _ _ _ _ SpaceAfter=No", "1 L' le DET _ _ 2 det _ _", "2 eau eau NOUN _ _ 3 nsubj _ _",
    "3 , , PUNCT _ _ 2 punct _ SpaceAfter=No",
    "4-5 du _ _ _ _ _ _ _ _", "4 de de ADP _ _ 6 case _ _", "5 le le DET _ _ 6 det _ _",
    "6 Lac lac PROPN NNP _ 0 root _ Entity=(1-event-x(2-place-new)|SpaceAfter=No",
) + conllu("1 Ici ici ADV NNP _ 0 root _ Entity=1)|SpaceAfter=No", "2 . . PUNCT _ _ 1 punct _ _")


@pytest.fixture
def document(tmp_path: Path) -> gold.Document:
    path = tmp_path / "one.conllu"
    path.write_text(SENTENCES, encoding="utf-8")
    return gold.Source("one", "fr", "", (path,)).documents("test")[0]


def test_gold_words_have_places_in_the_text(document: gold.Document) -> None:
    assert document.text == "L'eau,du Lac Ici. "
    assert [document.text[word.start : word.end] for word in document.words] == ["L", "eau", "du", "du", "Lac", "Ici"]
    assert [word.together for word in document.words] == [False, False, True, True, False, False]
    assert [word.first for word in document.words] == [True, False, False, False, False, True]


def test_gold_heads_are_places(document: gold.Document) -> None:
    assert [word.head for word in document.words] == [2, gold.NO_PLACE, 9, 9, gold.IS_ROOT, gold.IS_ROOT]


def test_the_innermost_mention_decides_what_is_a_name(document: gold.Document) -> None:
    assert [word.name for word in document.words] == [False, False, False, False, True, False]


def test_views_keep_the_tokens_and_the_way_back(document: gold.Document) -> None:
    text, origin = unmarked(document, "fr")
    assert text == "L'eau du Lac Ici "
    assert tokenise(text, "fr").forms == tokenise(document.text, "fr").forms
    assert all(at < 0 or document.text[at] == char for char, at in zip(text, origin, strict=True))
    assert lowered((text, origin), document.words[4:5])[0] == "l'eau du Lac ici "


def test_the_split_is_by_name_and_complete() -> None:
    documents = [gold.Document(f"d{number}", "", ()) for number in range(10)]
    test, dev = (gold.part(documents, split) for split in ("test", "dev"))
    assert (len(test), len(dev)) == (3, 7)
    assert {document.name for document in (*test, *dev)} == {document.name for document in documents}
    assert gold.part(documents[::-1], "test") == test


def test_the_page_has_every_view_and_no_placeholder() -> None:
    shown = captions.Measured(result(name="kinds"), {"kinds": [["trait", "F1"], ["case", "99.0"]]})
    made = page.page([result()], [shown])
    assert "| fake | caption " in made
    assert "<figures>" not in made
    assert "| case  | 99.0 |" in made
    assert page.difference_rows([result(norm=98)])[0][:4] == ["fake", "–", "2.0", "–"]
    assert '"percent": 90.0' in as_json([result()], "test")


def test_labels_of_our_own_gold_hold_their_floors() -> None:
    assert gate.broken([measure(gold.own(), "test")], gate.Pinned.read()) == []


@pytest.mark.skipif(not gold.shared(), reason=f"{gold.ROOT} is not there: the floors of the treebanks are NOT checked")
def test_labels_of_the_treebanks_hold_their_floors() -> None:
    assert gate.broken(measure_all(gold.shared()), gate.Pinned.read()) == []


@pytest.mark.skipif(not captions.have(), reason=f"{material.SHARED} has no captions: the floors of kinds and cleaning are NOT checked")
def test_kinds_and_cleaning_hold_their_floors() -> None:
    assert gate.broken([one.result for one in captions.measure("test")], gate.Pinned.read()) == []


def test_a_broadcast_that_lost_nothing_is_never_debris() -> None:
    figures = {"debris-at/0.0": Figure(99, 100, 100)}
    wrong = replace(result(name="kinds"), figures=figures)
    assert gate.broken([wrong], pinned(wrong)) == ["kinds/debris-at/0.0: 1 of 100 wrong; must be none"]


def test_the_last_row_that_fits_counts() -> None:
    rows = [kinds.Row("a/*", {"kind": "asr"}), kinds.Row("a/b.*", {"kind": "live"}), kinds.Row("a/c.csv#row 2", {"kind": "summary"})]
    assert [kinds.truth(rows, path)["kind"] for path in ("a/x", "a/b.srt", "a/b.srt#row 1", "a/c.csv#row 1", "a/c.csv#row 2")] == [
        "asr", "live", "live", "asr", "summary"]
    with pytest.raises(KeyError, match="no row"):
        kinds.truth(rows, "b")


def test_the_table_says_only_what_can_be_said() -> None:
    rows = kinds.table()
    assert {row.true["kind"] for row in rows} <= {*KINDS, "-"}
    assert {row.true["case"] for row in rows} <= {*CASES, kinds.UNSURE}
    assert all(row.true[trait] in ("yes", "no", kinds.UNSURE) for row in rows for trait in ("punctuated", "rolling", "debris", "translated"))
    assert all(row.true["who or what decided"] and bool(row.true["reason"]) == (row.true["kind"] == "-") for row in rows)


def test_answers_are_counted_and_silence_is_no_wrong_answer() -> None:
    true = {"kind": "asr", "punctuated": "yes", "case": "cased", "language": "en", "rolling": "no", "speech": "speech", "debris": "no"}
    rows = [kinds.Row("*", true), kinds.Row("page", true | {"kind": "-", "reason": "web page"})]
    said = true | {"mapped": "no", "speech by words": kinds.NONE}
    found = [("a", said), ("b", said | {"kind": "unknown", "case": "lower"}), ("c", {"kind": kinds.EXCLUDED, "reason": "broken"}),
             ("page", {"kind": kinds.EXCLUDED, "reason": "web page, not captions"})]
    figures = kinds.figures(kinds.compare(rows, found))
    assert figures["kind"] == Figure(2, 2, 4)
    assert figures["case"] == Figure(1, 2, 2)
    assert figures["speech-by-words"] == Figure(0, 0, 2)
    assert "kind-by-mapping" not in figures


def test_losses_leave_times_alone_and_come_back_the_same() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nTHE FERRY IS LATE AGAIN AND AGAIN AND AGAIN\n"
    lost = kinds.lose(text, 0.2, "seed")
    assert lost == kinds.lose(text, 0.2, "seed") != text
    assert lost.split("\n")[:2] == text.split("\n")[:2]
    assert kinds.lose(text, 0, "seed") == text


def test_times_are_compared_word_by_word() -> None:
    gold = transcript(["The", "ferry", "sails", "again"], [0, 500, 900, 1_300], [500, 900, 1_300, 2_000], word_timed=True)[0]
    ours = transcript(["The ferry", "never sails"], [0, 1_000], [1_000, 2_000])[0]
    one = cleaning.compare("talk", cleaning.words_of(ours), cleaning.words_of(gold))
    assert one.words == Figure(3, 4, 4)
    assert one.off.tolist() == [0, 100, 645]
    assert one.cue_off.tolist() == [0, 500, 100]
    assert cleaning.near(one.off, 250) == Figure(2, 3, 3)
    assert cleaning.same_cut([one]) == []


def test_the_slowest_road_reads_word_times() -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 align:start\n \nso<00:00:01.500><c> the ferry</c>\n\n00:00:02.000 --> 00:00:02.010\nso the ferry\n \n"
    assert cleaning.bottom_lines(text) == (["so", "the", "ferry"], [1_000, 1_500])
