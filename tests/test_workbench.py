"""Masks, layers and languages through the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import crosscut
from crosscut.building import build
from crosscut.errors import LayerMissing, NotFound, QueryError
from crosscut.importing import import_
from crosscut.store.layer import Layer, LayerSpan, write_layer
from tests.studies import PLAIN, built, make_study, record, write_records


def test_a_layer_masks_hits_counts_and_denominators_alike(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "talks now talks then talks"), record("aaaaaaaaaa2", "talks")])
    content = corpus.video("aaaaaaaaaa1")["content"]
    spans = (LayerSpan("youtube:aaaaaaaaaa1", content, 0, 3, "own voice", 0.9),)
    write_layer(corpus.study.layers, Layer("turn", 1, "a person", "by hand", "2024-01-01", spans))
    assert len(corpus.hits("talks", span="layer turn")) == 2
    assert len(corpus.hits("talks", span="not layer turn")) == 2
    (row,) = corpus.freq("talks", span="layer turn=own voice").to_dicts()
    assert (row["hits"], row["words"]) == (2, 3)
    with pytest.raises(NotFound, match="no span layer 'turns'"):
        corpus.hits("talks", span="layer turns")


def test_spans_of_words_that_changed_are_left_out_and_reported(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "talks now")])
    spans = (LayerSpan("youtube:aaaaaaaaaa1", "of other words", 0, 1, "x"),)
    write_layer(corpus.study.layers, Layer("turn", 1, "a person", "by hand", "2024-01-01", spans))
    found = corpus.kwic("talks", span="layer turn")
    assert found.hits == 0
    assert found.notes == ("1 spans of the layer left out: their videos have other words by now",)


def test_an_active_layer_is_part_of_the_recipe_and_can_be_switched_off(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "talks")])
    without = corpus.files.manifest.recipe
    write_layer(corpus.study.layers, Layer("turn", 1, "a", "b", "2024-01-01", ()))
    build(corpus.study)
    assert crosscut.open(tmp_path).files.manifest.recipe != without
    (tmp_path / "crosscut.toml").write_text(PLAIN + '[layers]\noff = ["turn"]\n')
    build(crosscut.study(tmp_path))
    assert crosscut.open(tmp_path).files.manifest.recipe == without


def test_a_layer_that_no_language_has_is_an_error_and_one_that_some_lack_is_a_note(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", '[annotate]\njobs = 1\n')
    import_(study, write_records(tmp_path / "in", [
        record("aaaaaaaaaa1", "They released the captives."),
        record("aaaaaaaaaa2", "Die Geiseln sind frei.", outlet="de_BBB")]))
    build(study)
    corpus = crosscut.open(study.folder)
    assert [line.node for line in corpus.kwic('[lemma="captive"]').lines] == ["captives"]
    assert corpus.kwic('[pos="NOUN"]').notes == (
        "no answer for de: the query asks for a layer or a label that is not there; its words are left out",)
    with pytest.raises(LayerMissing, match="pos is not available for de"):
        corpus.hits('[pos="NOUN"]', where="language=de")
    assert [line.node for line in corpus.kwic('[lemma="Geisel"]').lines] == ["Geiseln"]


def test_words_not_substrings(tmp_path: Path) -> None:
    """The traps of counting by substring: *war* is not in *toward*, *israel* not in *israelis*."""
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "Israelis and Israel moved toward war, warning Israelis.")])
    counted = {query: len(corpus.hits(query)) for query in ("israel", "israelis", "war", "israel*", "moved toward")}
    assert counted == {"israel": 1, "israelis": 2, "war": 1, "israel*": 3, "moved toward": 1}


def test_quotation_marks_lose_nothing(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", 'he said " no deal and " left " again')])
    assert int(corpus.mask().words.sum()) == 7


def test_entities_and_hard_blanks_never_become_words(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "Benjamin&nbsp; &gt;&gt; disbands&nbsp;&nbsp; the cabinet")])
    assert int(corpus.mask().words.sum()) == 4
    assert len(corpus.hits("nbsp|gt")) == 0
    assert len(corpus.hits("disbands the")) == 1


def test_the_public_twin_does_what_the_commands_do(tmp_path: Path) -> None:
    crosscut.init(tmp_path)
    study = crosscut.study(tmp_path)
    crosscut.import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa1", "peace talks. [Music] >> again")]))
    crosscut.build(study)
    corpus = crosscut.open(tmp_path)
    assert crosscut.status(study)["videos"]["usable"] == 1
    assert crosscut.sql(corpus, "SELECT words FROM videos")[1] == [(3,)]
    assert [p.text for p in crosscut.paragraphs(corpus, "aaaaaaaaaa1")] == ["peace talks. [Music]", ">> again"]
    assert crosscut.about(corpus, "aaaaaaaaaa1")["versions"][0]["selected"] is True
    assert corpus.freq("talks").table["hits"].to_list() == [1]


def test_lists_neighbours_keywords_and_groups_by_hand(tmp_path: Path) -> None:
    corpus = built(tmp_path, [
        record("aaaaaaaaaa1", "peace talks and peace talks", outlet="en_AAA"), record("aaaaaaaaaa2", "talks now", outlet="en_AAA"),
        record("aaaaaaaaaa3", "war and talks", outlet="en_BBB")])
    listed = corpus.wordlist("norm", where="outlet=en_AAA")
    assert listed.rows == (("talks", 3, 3e6 / 7), ("peace", 2, 2e6 / 7), ("and", 1, 1e6 / 7), ("now", 1, 1e6 / 7))
    assert (listed.columns, listed.totals) == (("norm", "tokens", "per_million"), {"tokens": 7, "words": 7})
    assert corpus.wordlist("norm", limit=1).rows == (("talks", 4, 4e5),)
    keys = corpus.keyness("outlet=en_AAA", "outlet=en_BBB", layer="norm", sort="log_likelihood", min_videos=1)
    # peace: 2 of 7 against 0 of 3: G² = 2 · 2 ln(2 / 1.4), log ratio log2((2 / 7) / (0.5 / 3)); war: 1 of 3 against 0 of 7.
    assert [row[0] for row in keys.rows] == ["war", "peace", "now", "and", "talks"]
    peace = keys.to_dicts()[1]
    assert (peace["target"], peace["reference"], peace["target_tokens"], peace["reference_tokens"]) == (2, 0, 7, 3)
    assert (peace["log_likelihood"], peace["log_ratio"]) == pytest.approx((1.4266998, 0.7776076))
    assert corpus.counts("talks", ["outlet"]) == [
        {"outlet": "en_AAA", "hits": 3, "words": 7, "videos": 2, "videos_with_hits": 2, "per_million": 3e6 / 7},
        {"outlet": "en_BBB", "hits": 1, "words": 3, "videos": 1, "videos_with_hits": 1, "per_million": 1e6 / 3}]


def annotated(folder: Path, records: list[str]) -> crosscut.Corpus:
    """A corpus with the layers of a model."""
    study = make_study(folder / "s", "[annotate]\njobs = 1\n")
    import_(study, write_records(folder / "in", records))
    build(study)
    return crosscut.open(study.folder)


def test_who_cannot_answer_is_no_denominator(tmp_path: Path) -> None:
    """Words of a language without the layer, and of tracks without times, would make a rate too small."""
    corpus = annotated(tmp_path, [
        record("aaaaaaaaaa1", "The captives are free."), record("aaaaaaaaaa2", "Die Geiseln sind frei.", outlet="de_BBB")])
    (row,) = corpus.freq('[pos="NOUN"]', by="month").rows
    assert row[2:5] == (1, 4, 1)  # hits, words, videos: of the English one
    assert corpus.kwic('[pos="NOUN"]').words == 4
    found = corpus.freq('"free" within first 60s', by="outlet")  # these records have no times
    assert [(row[1], row[2], row[3], row[-1]) for row in found.rows] == [
        ("de_BBB", None, 0, "no answer here"), ("en_AAA", None, 0, "no answer here")]
    assert any("have no times" in note for note in found.notes)
    with pytest.raises(QueryError, match="is no label of pos"):
        corpus.hits('a:[] :: a.pos = "NUON"')
    with pytest.raises(QueryError, match=r'tag has it: \[tag="NN.\*"\]'):
        corpus.hits('[pos="NN.*"]')
    with pytest.raises(QueryError, match="the model here calls it dobj"):
        corpus.hits("_ -obj-> _")


def test_names_are_taken_as_the_command_line_has_them(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace talks then war talks")])
    assert [line.left for line in corpus.kwic("talks", sort="1L").lines] == ["peace", "peace talks then war"]
    assert corpus.freq("talks", by="outlet,month").columns[:3] == ("query", "outlet", "month")
    with pytest.raises(QueryError, match="no matching strategy 'longes'"):
        corpus.kwic("talks", strategy="longes")
    with pytest.raises(QueryError, match="no video has outlet 'en_ABA'"):
        corpus.hits('"talks" :: video.outlet = "en_ABA"')
    with pytest.raises(QueryError, match="marks are no tokens"):
        corpus.hits('[word=","]')
