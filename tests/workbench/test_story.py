"""The story of a video as a field: read from the layer of stories, asked for like any other, and drawn whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.building import build
from crosscut.errors import NotFound, QueryError
from crosscut.importing import import_
from crosscut.query.marks import Marks, most_of
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, LayerSpan, write_layer
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.verifying import verify
from crosscut.workbench.views import both_views
from tests.helpers.corpora import Doc, words, write_corpus
from tests.studies import PLAIN, built, make_study, record, write_records

SETTINGS = PLAIN + '[naming.held.en.alternatives]\ntruce = "truce"\ndeal = "deal"\n'


def tell(corpus: Corpus, stories: Sequence[tuple[str, int, int, str]], version: int = 1) -> None:
    """A layer of stories: (video, start, end, story)."""
    write_layer(corpus.study.layers, Layer("stories", version, "a person", "by hand", "2024-01-01", tuple(
        LayerSpan(f"youtube:{video}", corpus.video(video)["content"], start, end, story) for video, start, end, story in stories),
        corpus.files.manifest.result))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Two outlets, twenty stories of two videos in each; B has a video of two stories, and one of none."""
    random = np.random.default_rng(2)
    records, stories = [], []
    for story in range(20):
        often = int(random.poisson(4))
        for letter in "AB":
            for n in range(2):
                video = f"{letter}{story:09}{n}"
                text = "the truce " * random.poisson(often) + "the deal " + "goes on and on " * 6
                records.append(record(video, text, outlet=f"en_{letter}", date=f"202309{story + 1:02}"))
                stories.append((video, 0, 30 if n else 4_000, f"story-{story:02}"))
    records += [record("B_half_____", "a b c d", outlet="en_B"), record("B_none_____", "truce " * 12, outlet="en_B")]
    made = built(tmp_path_factory.mktemp("story") / "s", records, SETTINGS)
    tell(made, [*stories, ("B_half_____", 0, 2, "story-00"), ("B_half_____", 2, 4, "story-01"), ("B_none_____", 0, 5, "story-02")])
    build(made.study)
    return open_corpus(made.study.folder)


pieces = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 9), st.sampled_from("xyz")), max_size=12)


LENGTHS = (8, 5, 3)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CorpusFiles:
    return write_corpus(tmp_path_factory.mktemp("marks"), [Doc(f"v:{n}", words("w " * length)) for n, length in enumerate(LENGTHS)])


@settings(deadline=None, max_examples=60)
@given(rows=pieces)
def test_the_story_of_a_video_holds_half_of_its_tokens_or_more(files: CorpusFiles, rows: list[tuple[int, int, int, str]]) -> None:
    spans = tuple(LayerSpan(f"v:{video}", "", min(a, b), max(a, b), label) for video, a, b, label in rows)
    video, start, end = (np.array([row[at] for row in [(v, min(a, b), max(a, b)) for v, a, b, _ in rows]], np.int64) for at in range(3))
    limit = np.array(LENGTHS)[video]
    codes, texts = most_of(files, Marks(video, np.minimum(start, limit), np.minimum(end, limit), spans, 0, ""))
    for number, length in enumerate(LENGTHS):
        held = {label: {token for v, a, b, said in rows if v == number and said == label for token in range(min(a, b), min(max(a, b), length))}
                for label in "xyz"}
        most = max(map(len, held.values()))
        best = [label for label in "xyz" if len(held[label]) == most and 2 * most >= length]
        expected = min(best, key=lambda label: min(held[label])) if best else ""
        if len({min(held[label]) for label in best}) == len(best):  # of two that begin with the same token either may be it
            assert texts[codes[number]] == expected


def test_a_story_is_asked_for_like_any_other_field(corpus: Corpus) -> None:
    rows = {row["story"]: row for row in corpus.freq("truce", by="story", replicates=100).to_dicts()}
    assert len(rows) == 21
    assert (rows["story-00"]["videos"], rows["story-01"]["videos"], rows[""]["hits"]) == (5, 4, 12)
    finding = corpus.freq("truce", by="story", replicates=100)
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert evidence
        assert corpus.lines(evidence).hits == row["hits"]
    assert finding.parameters["story layer"].startswith("stories.1 ")
    assert "story layer" not in corpus.freq("truce", replicates=100).parameters
    assert corpus.mask("story=story-03").videos.sum() == corpus.mask("story=STORY-03").videos.sum() == 4
    assert corpus.mask("story~'-0[0-4]$'").videos.sum() == 4 * 5 + 1
    assert corpus.mask("story!=story-03").videos.sum() == 82 - 4
    assert corpus.mask("story=").videos.sum() == 1
    assert len(corpus.hits('"truce" :: video.story = "story-03"')) == len(corpus.hits("truce", where="story=story-03"))
    assert len(corpus.hits('"truce" within <video story="story-03"/>')) == len(corpus.hits("truce", where="story=story-03"))
    with pytest.raises(QueryError, match="no video has story 'story-30'; did you mean story-"):
        corpus.freq("truce", where="story=story-30")
    assert corpus.kwic("truce", sort=("story",), limit=1).lines


@pytest.mark.parametrize("measure", ["freq", "contrast", "trend", "changes", "keyness", "collocates", "naming", "naming_differences", "naming_test"])
def test_stories_are_resampled_whole(corpus: Corpus, tmp_path: Path, measure: str) -> None:
    asked = {"keyness": {"where": "outlet=en_A", "layer": "norm"}, "collocates": {"query": "truce", "layer": "norm", "by": "outlet"}}.get(
        measure, {"name": "held"} if measure.startswith("naming") else {})
    queries = () if asked else ("truce",)
    finding = getattr(corpus, measure)(*queries, **asked, unit="story", **({} if measure == "naming_test" else {"replicates": 100}))
    assert finding.parameters["unit of resampling"] == "story"
    assert finding.parameters["story layer"].startswith("stories.1 ")
    assert "1 videos have no story: each is a unit of its own" in finding.notes
    if measure in {"contrast", "keyness", "naming", "naming_differences"}:
        assert any(note.startswith("20 stories have videos in several groups: ") for note in finding.notes)
    (tmp_path / "f.json").write_text(finding.to_json(), encoding="utf-8")
    assert verify(corpus.study.folder, tmp_path / "f.json").holds


def test_stories_that_drive_both_outlets_leave_a_narrow_difference(corpus: Corpus) -> None:
    row, = corpus.contrast("truce", unit="story", where="story!=", permutations=100).to_dicts()[:1]
    by_video, = corpus.contrast("truce", where="story!=", permutations=100).to_dicts()[:1]
    rate = corpus.freq("truce", unit="story", where="story!=", by="outlet").to_dicts()[0]
    apart = np.log2(rate["high"] / rate["low"])
    assert row["high"] - row["low"] < 0.8 * apart
    assert row["high"] - row["low"] < by_video["high"] - by_video["low"]


def test_a_newer_layer_is_read_though_the_corpus_was_open_and_none_is_said(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", [record("aaaaaaaaaa1", "a truce"), record("aaaaaaaaaa2", "a deal", outlet="en_B")])
    for ask in (lambda: corpus.freq("truce", by="story"), lambda: corpus.freq("truce", where="story=x"), lambda: corpus.contrast("truce", unit="story"),
                lambda: corpus.hits('"truce" :: video.story = "x"'), lambda: corpus.kwic("truce", sort=("story",))):
        with pytest.raises(NotFound, match="no layer 'stories' here yet: run crosscut stories"):
            ask()
    assert corpus.kwic("truce").hits == 1
    for version, story in enumerate(("x", "y"), 1):
        tell(corpus, [("aaaaaaaaaa1", 0, 2, story), ("aaaaaaaaaa2", 0, 1, "z")], version)
        assert corpus.mask(f"story={story}").videos.tolist() == [True, False]
        assert [row["story"] for row in corpus.freq("truce", by="story").to_dicts()] == [story, "z"]
    with pytest.raises(QueryError, match="no video has story 'x'"):
        corpus.mask("story=x")
    write_layer(corpus.study.layers, Layer("stories", 3, "", "", "", (LayerSpan("youtube:aaaaaaaaaa1", "other words", 0, 2, "x"),), "an earlier state"))
    notes = corpus.freq("truce", by="story").notes
    assert "stories were looked for in an earlier state of the corpus: crosscut stories brings them up to date" in notes
    assert "1 spans of the layer left out: their videos have other words by now" in notes


def test_the_levelled_view_has_the_stories_of_the_words_as_found(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa1", "Uh, the truce holds."), record("aaaaaaaaaa2", "a deal, um")]))
    build(study, levelled=True)
    found = open_corpus(study.folder)
    tell(found, [("aaaaaaaaaa1", 0, 5, "x")])
    levelled = open_corpus(study.folder, view="levelled")
    with pytest.raises(QueryError, match="of the words as found"):
        levelled.freq("truce", by="story")
    with pytest.raises(QueryError, match="spans of copies are of the words as found"):
        levelled.freq("truce", span="first occurrences")
    rows = both_views(found, levelled, "freq", {"queries": ["truce"], "by": ["story"]}).to_dicts()
    assert {row["story"]: (row["hits"], row["levelled_hits"]) for row in rows} == {"x": (1, 1), "": (0, 0)}
