"""What is said of stories: tables, evidence, figure, the command; and real news, where it is at hand."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from crosscut.accounting import status
from crosscut.building import build
from crosscut.cli.app import app
from crosscut.errors import NotFound, QueryError
from crosscut.forgetting import forget
from crosscut.importing import import_, read_mappings
from crosscut.settings import read_study
from crosscut.showing import about
from crosscut.store.layer import Layer, LayerSpan, find_layer, write_layer
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.grouping import update_stories
from crosscut.workbench.keeping import places_of
from crosscut.workbench.passages import pieces
from crosscut.workbench.telling import read_word, say
from crosscut.workbench.verifying import verify
from tests.helpers.told import clip, study
from tests.studies import make_study

SHARED = Path(__file__).parents[3] / "shared" / "data"
MAPPINGS = Path(__file__).parents[1] / "read" / "mappings.toml"
#: Words of the clips: the first about a ferry has 60, and so on.
CLIPS = [clip(0, "ferry", 4, words=60, title="A ferry sinks"), clip(1, "ferry", 5, outlet="en_BBB", words=80),
         clip(2, "ferry", 5, outlet="en_BBB", words=100), clip(3, "strike", 4, words=200, title="Trains stand still"),
         clip(4, "strike", 6, words=120, title="Trains stand still"), clip(5, "vote", 6, outlet="en_BBB", words=70)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories") / "s"
    update_stories(study(folder, CLIPS, "[outlets.en_AAA]\nname = \"The First\"\n[outlets.en_BBB]\n"))
    return folder


@pytest.fixture
def corpus(told: Path) -> Corpus:
    return open_corpus(told)


def ids(corpus: Corpus) -> dict[str, str]:
    """The story of each clip."""
    return {span.video[-1]: span.label for span in find_layer(corpus.study.layers, "stories").spans}


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["stories", "--corpus", str(folder), *words], catch_exceptions=False)


def test_one_row_a_story_the_largest_first(corpus: Corpus) -> None:
    of, found = ids(corpus), corpus.stories()
    assert found.columns == ("story", "name", "first", "last", "outlets", "videos", "pieces", "words", "words_en_AAA",
                             "words_en_BBB")
    assert [(row[0], *row[2:]) for row in found.rows] == [
        (of["3"], "2023-09-04", "2023-09-06", 1, 2, 2, 320, 320, 0), (of["0"], "2023-09-04", "2023-09-05", 2, 3, 3, 240, 60, 180),
        (of["5"], "2023-09-06", "2023-09-06", 1, 1, 1, 70, 0, 70)]
    assert found.rows[0][1] == "Trains stand still"
    assert set(found.explained) == set(found.columns[1:])
    assert found.notes == ()


def test_evidence_opens_a_line_a_piece(corpus: Corpus) -> None:
    found = corpus.stories()
    for row, evidence in zip(found.rows, found.evidence, strict=True):
        assert evidence is not None
        lines = corpus.lines(evidence)
        assert len(lines.lines) == row[found.columns.index("pieces")]


def test_outlets_and_limits(corpus: Corpus) -> None:
    of = ids(corpus)
    assert [row[0] for row in corpus.stories(min_outlets=2).rows] == [of["0"]]
    assert [row[0] for row in corpus.stories(limit=1).rows] == [of["3"]]
    only = corpus.stories(where="outlet=en_BBB")
    assert [(row[0], row[7]) for row in only.rows] == [(of["0"], 180), (of["5"], 70)]
    assert only.columns[-1] == "words_en_BBB"
    inside = corpus.stories(span=f"layer stories={of['0']}")
    assert [row[0] for row in inside.rows] == [of["0"]]
    assert inside.evidence[0] is not None
    assert inside.evidence[0].span == f"layer stories={of['0']} and layer stories={of['0']}"


def test_by_outlet_the_share_is_of_all_that_it_says(corpus: Corpus) -> None:
    of, found = ids(corpus), corpus.stories_by(by="outlet", min_outlets=2)
    assert found.columns == ("story", "outlet", "name", "words", "share", "videos", "pieces")
    assert [(row[0], row[1], *row[3:]) for row in found.rows] == [
        (of["0"], "en_AAA", 60, 60 / 380, 1, 1), (of["0"], "en_BBB", 180, 180 / 250, 2, 2)]
    by_day = corpus.stories_by(by=("outlet", "day"), limit=1)
    assert [row[1:3] for row in by_day.rows] == [("en_AAA", "2023-09-04"), ("en_AAA", "2023-09-06")]
    with pytest.raises(QueryError, match="by which field"):
        corpus.stories_by(by=())


def test_a_story_in_order_of_time(corpus: Corpus) -> None:
    of, found = ids(corpus), corpus.story_pieces(ids(corpus)["0"])
    assert [(row[0], row[1], row[2], row[4]) for row in found.rows] == [
        ("youtube:vid00000000", "2023-09-04", "en_AAA", 60), ("youtube:vid00000001", "2023-09-05", "en_BBB", 80),
        ("youtube:vid00000002", "2023-09-05", "en_BBB", 100)]
    assert found.rows[0][7] == "https://youtu.be/vid00000000"
    assert all(0 < row[5] < 1 for row in found.rows)
    assert corpus.story_pieces(of["5"]).rows[0][5] == 1.0
    assert found.question == f"Who told the story ‘{corpus.stories().rows[1][1]}’, and when?"
    assert corpus.story_pieces("Trains stand still").rows == corpus.story_pieces(of["3"]).rows
    with pytest.raises(NotFound, match=f"is it .*{of['0']}"):
        corpus.story_pieces(of["0"][:-2])
    with pytest.raises(NotFound, match="crosscut stories lists them"):
        corpus.story_pieces("zzzzz")


def test_no_stories_yet(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="run crosscut stories"):
        study(tmp_path, CLIPS[:1]).stories()


def test_what_is_in_no_story_or_out_of_date_is_said(told: Path, tmp_path: Path) -> None:
    shutil.copytree(told, tmp_path / "s")
    made = read_study(tmp_path / "s")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.txt").write_text(clip(9, "bank", 7, words=50))
    import_(made, [tmp_path / "more"])
    build(made)
    notes = open_corpus(made.folder).stories().notes
    assert "stories were told apart in an earlier state of the corpus: crosscut stories brings them up to date" in notes
    assert any("50 of 680 words are in no story" in note for note in notes)


@pytest.mark.parametrize("name", ["s.csv", "s.json"])
@pytest.mark.parametrize("words", [(), ("--by", "outlet"), ("--story", "Trains stand still")])
def test_findings_of_stories_can_be_verified(told: Path, tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    path = tmp_path / name
    assert run(told, *words, "--output", str(path)).exit_code == 0
    found = verify(told, path)
    assert (found.holds, found.differs) == (True, ())


def test_the_command_lists_and_explains(told: Path) -> None:
    done = run(told, "--explain")
    assert done.exit_code == 0
    assert "Trains stand still" in done.output
    assert "Words of its pieces from en_AAA" in done.output
    assert run(told, "--story", "Trains stand still", "--by", "outlet").exit_code == 2
    found = json.loads(run(told, "--format", "json").stdout)
    assert [row["words"] for row in found["rows"]] == [320, 240, 70]
    assert found["rows"][0]["lines"].startswith("crosscut kwic '<stories> []' --span 'layer stories=")


def test_the_figure_has_a_lane_for_each_outlet_and_a_dot_for_each_day(told: Path, tmp_path: Path) -> None:
    assert run(told, "--figure", str(tmp_path / "f.svg")).exit_code == 0
    svg = (tmp_path / "f.svg").read_text()
    assert "Trains stand still" in svg
    assert "The First" in svg
    figure = open_corpus(told).stories_by(by=("outlet", "day")).plot()
    assert "Trains stand still: 320 words of 1 outlets" in figure.description
    with pytest.raises(QueryError, match="by outlet and day"):
        open_corpus(told).stories_by(by="outlet").plot()


def test_the_figure_of_one_story_is_of_that_one(told: Path, tmp_path: Path) -> None:
    assert run(told, "--story", "Trains stand still", "--figure", str(tmp_path / "f.svg")).exit_code == 0
    svg = (tmp_path / "f.svg").read_text()
    assert "Trains stand still" in svg
    assert not any(row[1] in svg for row in open_corpus(told).stories().rows if row[1] != "Trains stand still")


def test_what_a_piece_is_called_names_it_and_no_other(tmp_path: Path) -> None:
    """At 1,234.561 s six digits would name what is heard before it, and a person would move another passage."""
    made, captions = make_study(tmp_path / "s"), tmp_path / "in" / "A show [longshow001].en.vtt"
    captions.parent.mkdir()
    captions.write_text("WEBVTT\n\n00:00:05.000 --> 00:00:09.000\nwe talk of the ferry\n\n"
                        "00:20:34.561 --> 00:20:38.000\nnow the strike\n")
    import_(made, [captions])
    build(made)
    corpus = open_corpus(made.folder)
    content = corpus.video("longshow001")["content"]
    spans = [LayerSpan("youtube:longshow001", content, *ends, story) for ends, story in (((0, 5), "a"), ((5, 8), "b"))]
    write_layer(made.layers, Layer("stories", 1, "x", "x", "", tuple(spans)))
    piece = open_corpus(made.folder).story_pieces("b").rows[0][0]
    assert piece == "youtube:longshow001@1234.561"
    say(made.corrections, piece, "story", "none")
    cut = pieces(corpus, np.array([0]), [replace(span, label="story") for span in spans])
    (place,) = places_of(corpus.files, cut, read_word(made.corrections).moves[0])
    assert (cut.start[place], cut.end[place]) == (5, 8)


def test_a_persons_word_is_written_by_the_command(told: Path, tmp_path: Path) -> None:
    shutil.copytree(told, tmp_path / "s")
    folder, of = tmp_path / "s", ids(open_corpus(told))
    done = run(folder, "--merge", of["5"], of["0"], "--rename", of["0"], "The wreck", "--move", "vid00000004", "new: The walkout",
               "--move", "vid00000003", "none", "--format", "csv")
    assert done.exit_code == 0
    now = ids(open_corpus(folder))
    assert now["5"] == now["0"] == of["0"]
    assert "3" not in now
    names = {row[0]: row[1] for row in open_corpus(folder).stories().rows}
    assert names == {of["0"]: "The wreck", now["4"]: "The walkout"}
    assert len(read_word(folder / "corrections").moves) == 2
    before = (folder / "corrections" / "stories.tsv").read_bytes()
    for wrong in (("--merge", "nothing", of["0"]), ("--rename", "nothing", "X"), ("--move", "nothing", "new"),
                  ("--move", "vid00000000", "nothing")):
        with pytest.raises(NotFound):
            run(folder, *wrong)
    assert (folder / "corrections" / "stories.tsv").read_bytes() == before


def test_status_and_show_speak_of_stories(corpus: Corpus) -> None:
    found = status(corpus.study)["stories"]
    assert found == {"stories": 3, "matched": 1, "pieces": 6, "stale": 0, "current": True}
    said = CliRunner().invoke(app, ["status", "--corpus", str(corpus.study.folder)]).output
    assert "3 stories in 6 pieces, 1 of them of two outlets or more\n" in said
    (piece,) = about(corpus, "vid00000003")["passages"]
    assert (piece["layer"], piece["label"], piece["name"]) == ("stories", ids(corpus)["3"], "Trains stand still")
    shown = CliRunner().invoke(app, ["show", "vid00000003", "--corpus", str(corpus.study.folder)]).output
    assert f"story {ids(corpus)['3']} (Trains stand still)" in shown


def test_the_recipe_does_not_hang_on_stories(corpus: Corpus) -> None:
    assert "note" not in status(corpus.study)["corpus"]


def test_a_forgotten_video_gives_no_story_its_name(told: Path, tmp_path: Path) -> None:
    shutil.copytree(told, tmp_path / "s")
    made = read_study(tmp_path / "s")
    run(made.folder, "--move", "vid00000000", "none", "--move", "vid00000003@5", "new")
    run(made.folder, "--move", "vid00000000", "")
    titles = ("A ferry sinks", "Trains stand still")
    assert any(title in path.read_text() for path in made.layers.glob("*.jsonl") for title in titles)
    forget(made, "vid00000000", "asked")
    forget(made, "vid00000003", "asked")
    held = [path for path in (*made.layers.glob("*.jsonl"), *made.corrections.glob("*"))
            if any(text in path.read_text() for text in (*titles, "vid00000000", "vid00000003"))]
    assert held == []
    update_stories(open_corpus(made.folder))
    assert all(row[1] for row in open_corpus(made.folder).stories().rows)


@pytest.mark.skipif(not SHARED.is_dir(), reason="NO REAL DATA: ../shared/data is not there")
def test_real_news_of_three_days(tmp_path: Path) -> None:
    """Without a language model, to be quick: the crash of 29 January is one story of four outlets."""
    made = make_study(tmp_path / "s", '[annotate]\nmodels = { en = "none" }\n[stories]\nlong = 600\n')
    files = [path for day in ("20250129", "20250130", "20250131")
             for path in sorted((SHARED / "tv-news" / "2025-01-15_2025-02-28").rglob(f"{day}_*.md"))]
    import_(made, files, mappings=read_mappings(MAPPINGS))
    build(made)
    corpus = open_corpus(made.folder)
    update_stories(corpus)
    largest = corpus.stories(limit=1).rows[0]
    assert largest[4] >= 3
    titles = dict(zip(corpus.files.catalog.video.tolist(), corpus.files.catalog.values("title"), strict=True))
    crash = {video for video, title in titles.items() if "crash" in title.lower()}
    told = {row[0].partition("@")[0] for row in corpus.story_pieces(largest[0]).rows}
    assert len(told & crash) >= 0.7 * len(crash)
