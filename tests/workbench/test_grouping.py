"""Stories are found, and stay what they are whatever comes in; a person's word stands above them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from crosscut.building import build
from crosscut.errors import StudyError
from crosscut.importing import import_
from crosscut.settings import read_study
from crosscut.store.layer import Layer, LayerSpan, find_layer, layer_files, read_layer, write_layer
from crosscut.stories import embedding
from crosscut.workbench import grouping, passages
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.grouping import update_stories
from tests.helpers.told import TOPICS, again, clip, study, text
from tests.studies import PLAIN, record, write_records

#: Twelve clips of two outlets about three topics, on the days from 4 September.
CLIPS = [clip(n, list(TOPICS)[n % 3], 4 + n // 6, outlet=f"en_{'AB'[n % 2] * 3}") for n in range(12)]


def add(corpus: Corpus, records: list[str], name: str = "more") -> Corpus:
    import_(corpus.study, write_records(corpus.study.folder / name, records, name))
    build(corpus.study)
    return again(corpus)


def spans(corpus: Corpus) -> tuple[LayerSpan, ...]:
    return find_layer(corpus.study.layers, "stories").spans


def labels(corpus: Corpus) -> dict[str, str]:
    return {span.video.removeprefix("youtube:"): span.label for span in spans(corpus)}


def more(span: LayerSpan) -> Mapping[str, str]:
    return dict(span.more)


def say(corpus: Corpus, *lines: str) -> Corpus:
    """Write corrections, and bring the stories up to date."""
    folder = corpus.study.corrections
    folder.mkdir(exist_ok=True)
    (folder / "stories.tsv").write_text("\n".join(("what\tfield\tvalue", *lines)) + "\n")
    return again(corpus)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "s"
    update_stories(study(folder, CLIPS))
    return folder


@pytest.fixture
def corpus(once: Path, tmp_path: Path) -> Corpus:
    shutil.copytree(once, tmp_path / "s")
    from crosscut.workbench.corpus import open_corpus

    return open_corpus(tmp_path / "s")


def test_pieces_about_one_thing_are_one_story(corpus: Corpus) -> None:
    found = labels(corpus)
    assert len(found) == 12
    for topic in range(3):
        assert len({story for video, story in found.items() if int(video[3:]) % 3 == topic}) == 1
    assert len(set(found.values())) == 3
    assert all(story.startswith("2023-09-04-") and 5 <= len(story.split("-")) <= 6 for story in found.values())
    assert all(more(span)["name"] for span in spans(corpus))


def test_nothing_is_written_again_where_nothing_changed(corpus: Corpus) -> None:
    report = update_stories(corpus)
    assert (report.written, report.stories, report.pieces, report.new_stories) == (False, 3, 12, 0)
    assert [path.name for path in sorted(corpus.study.layers.glob("*.jsonl"))] == ["segments.1.jsonl", "stories.1.jsonl"]


def test_new_videos_change_nothing_of_old_pieces(corpus: Corpus) -> None:
    before = spans(corpus)
    news = [clip(20, "ferry", 5, outlet="en_CCC"), clip(21, "bank", 6), clip(22, "bank", 6, outlet="en_BBB")]
    corpus = add(corpus, news)
    report = update_stories(corpus)
    assert (report.written, report.new_pieces, report.new_stories) == (True, 3, 1)
    after = spans(corpus)
    assert [span for span in after if span in before] == list(before)
    found = labels(corpus)
    assert found["vid00000020"] == found["vid00000000"]
    assert found["vid00000021"] == found["vid00000022"] not in {span.label for span in before}


def test_an_earlier_video_joins_a_story_and_its_id_stays(corpus: Corpus) -> None:
    ids = set(labels(corpus).values())
    corpus = add(corpus, [clip(30, "ferry", 3), clip(31, "vote", 1)])
    update_stories(corpus)
    assert ids < set(labels(corpus).values())
    assert labels(corpus)["vid00000030"] == labels(corpus)["vid00000000"]


def test_a_rebuild_from_nothing_changes_nothing(corpus: Corpus) -> None:
    before = spans(corpus)
    shutil.rmtree(corpus.study.corpus)
    build(corpus.study)
    report = update_stories(again(corpus))
    assert spans(corpus) == before
    assert not report.written


def test_an_id_is_not_given_again(corpus: Corpus) -> None:
    corpus = say(corpus, *(f"vid{n:08}\tstory\tnone" for n in range(0, 12, 3)))
    gone = labels(corpus)["vid00000000"]
    update_stories(corpus)
    assert gone not in labels(corpus).values()
    corpus = add(corpus, [clip(40 + n, "ferry", 4 + n // 2, title="The ferry") for n in range(4)])
    update_stories(corpus)
    assert labels(corpus)["vid00000040"] != gone
    assert gone in dict(find_layer(corpus.study.layers, "stories").more)["gone"].split()


def test_videos_whose_captions_were_replaced_keep_their_story(corpus: Corpus) -> None:
    before = labels(corpus)
    corpus = add(corpus, [clip(0, "ferry", 4, words=95)])
    update_stories(corpus)
    assert labels(corpus) == before
    (span,) = [span for span in spans(corpus) if span.video == "youtube:vid00000000"]
    assert span.content == corpus.video("vid00000000")["content"]


def crash_before_stories(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends after the layer of segments is written."""
    def crash(folder: Path, layer: Layer) -> Path:
        if layer.name == "stories":
            raise OSError("no space left")
        return write_layer(folder, layer)

    monkeypatch.setattr(grouping, "write_layer", crash)
    with pytest.raises(OSError, match="no space"):
        update_stories(corpus)


def test_a_crash_leaves_what_was_there(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    before = spans(corpus)
    corpus = add(corpus, [clip(20, "ferry", 5)])

    crash_before_stories(corpus, monkeypatch)
    assert spans(corpus) == before
    monkeypatch.undo()
    assert update_stories(corpus).new_pieces == 1
    assert {path.name for path in layer_files(corpus.study.layers).values()} == {"segments.2.jsonl", "stories.2.jsonl"}


def test_a_crash_after_other_settings_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of the new settings are there, stories still of the old ones: they are not taken for the newest."""
    corpus = study(tmp_path, [*CLIPS, record("longshow001", show(), outlet="en_CCC", date="20230905")],
                   "[stories]\nlong = 5000\n")
    update_stories(corpus)
    assert [span.end for span in spans(corpus) if span.video == "youtube:longshow001"] == [1600]
    (corpus.study.folder / "crosscut.toml").write_text(PLAIN + "[stories]\nlong = 500\n")
    corpus = again(corpus)

    crash_before_stories(corpus, monkeypatch)
    monkeypatch.undo()
    assert update_stories(corpus).written
    assert [span.end for span in spans(corpus) if span.video == "youtube:longshow001"][-2:] != [1600]


def test_a_layer_that_is_switched_off_is_not_made(corpus: Corpus) -> None:
    (corpus.study.folder / "crosscut.toml").write_text(PLAIN + '[layers]\noff = ["stories"]\n')
    with pytest.raises(StudyError, match="layer stories is switched off"):
        update_stories(again(corpus))


# -- a person's word ----------------------------------------------------------------------------------------------------


def test_a_new_name_stands_and_can_be_taken_back(corpus: Corpus) -> None:
    story, name = labels(corpus)["vid00000000"], more(spans(corpus)[0])["name"]
    update_stories(say(corpus, f"{story}\tname\tThe wreck"))
    assert {more(span)["name"] for span in spans(corpus) if span.label == story} == {"The wreck"}
    corpus = add(corpus, [clip(20, "ferry", 5)])
    update_stories(corpus)
    assert labels(corpus)["vid00000020"] == story
    assert {more(span)["name"] for span in spans(corpus) if span.label == story} == {"The wreck"}
    update_stories(say(corpus))
    assert {more(span)["name"] for span in spans(corpus) if span.label == story} == {name}


def test_merged_stories_stay_one_and_can_be_parted(corpus: Corpus) -> None:
    before = labels(corpus)
    one, other = before["vid00000000"], before["vid00000001"]
    corpus = say(corpus, f"{one}\tmerge\t{other}")
    update_stories(corpus)
    assert {labels(corpus)[f"vid{n:08}"] for n in (0, 1, 3, 4)} == {other}
    corpus = add(corpus, [clip(20, "ferry", 5)])
    update_stories(corpus)
    assert labels(corpus)["vid00000020"] == other
    update_stories(say(corpus, f"{one}\tmerge\t{other}", f"{one}\tmerge\t"))
    assert {video: story for video, story in labels(corpus).items() if video in before} == before


def test_a_moved_video_stays_where_it_was_put(corpus: Corpus) -> None:
    before = labels(corpus)
    corpus = say(corpus, f"vid00000000\tstory\t{before['vid00000001']}")
    update_stories(corpus)
    assert labels(corpus) == {**before, "vid00000000": before["vid00000001"]}
    corpus = add(corpus, [clip(20, "ferry", 5), clip(21, "vote", 5)])
    update_stories(corpus)
    assert labels(corpus)["vid00000000"] == before["vid00000001"]
    update_stories(corpus, anew=True)
    assert labels(corpus)["vid00000000"] == before["vid00000001"]
    update_stories(say(corpus))
    assert labels(corpus)["vid00000000"] == before["vid00000000"]


def test_videos_are_split_off_into_a_new_story(corpus: Corpus) -> None:
    before = labels(corpus)
    corpus = say(corpus, "vid00000000\tstory\tnew: The pier", "vid00000003\tstory\tnew:The pier", "vid00000006\tstory\tnew")
    update_stories(corpus)
    found = labels(corpus)
    assert found["vid00000000"] == found["vid00000003"] not in before.values()
    assert found["vid00000006"] not in {*before.values(), found["vid00000000"]}
    assert found["vid00000009"] == before["vid00000009"]
    assert {more(span)["name"] for span in spans(corpus) if span.label == found["vid00000000"]} == {"The pier"}
    corpus = add(corpus, [clip(21, "vote", 5)])
    update_stories(corpus)
    assert {video: story for video, story in labels(corpus).items() if video in before} == found
    update_stories(say(corpus, "vid00000009\tstory\tnew: The pier", "vid00000000\tstory\tnew: The pier"))
    assert labels(corpus)["vid00000009"] == found["vid00000000"]


def test_a_story_that_a_person_began_can_be_merged_and_parted(corpus: Corpus) -> None:
    before, moves = labels(corpus), ("vid00000000\tstory\tnew", "vid00000003\tstory\tnew: The pier")
    corpus = say(corpus, *moves)
    update_stories(corpus)
    found, other = labels(corpus), before["vid00000001"]
    for _ in range(2):
        mergers = [f"{found[video]}\tmerge\t{other}" for video in ("vid00000000", "vid00000003")]
        corpus = say(corpus, *moves, *mergers)
        update_stories(corpus)
        assert labels(corpus) == {**found, "vid00000000": other, "vid00000003": other}
        assert update_stories(corpus).written is False
        corpus = say(corpus, *moves)
        update_stories(corpus)
        assert labels(corpus) == found
        assert {more(span)["name"] for span in spans(corpus) if span.label == found["vid00000003"]} == {"The pier"}
    update_stories(say(corpus))
    assert labels(corpus) == before


def test_what_a_person_takes_out_is_in_no_story(corpus: Corpus) -> None:
    before = labels(corpus)
    corpus = say(corpus, "vid00000000\tstory\tnone")
    assert update_stories(corpus).pieces == 11
    assert "vid00000000" not in labels(corpus)
    update_stories(say(corpus, "vid00000000\tstory\tnone", "vid00000000\tstory\t"))
    assert labels(corpus) == before


def test_a_story_that_a_piece_is_not(corpus: Corpus) -> None:
    before = labels(corpus)
    corpus = say(corpus, f"vid00000000\tnot\t{before['vid00000000']}")
    update_stories(corpus)
    found = labels(corpus)["vid00000000"]
    assert found != before["vid00000000"]
    corpus = add(corpus, [clip(20, "ferry", 5)])
    update_stories(corpus)
    assert labels(corpus)["vid00000000"] == found


def test_what_nobody_has_is_reported(corpus: Corpus) -> None:
    story = labels(corpus)["vid00000000"]
    corpus = say(corpus, "vid00000000\tstory\t2020-01-01-nothing", "nowhere\tstory\tnone", "2020-01-02-no\tname\tX",
                 f"{story}\tmerge\t2020-01-03-no", "vid00000001@3\tstory\tnew")
    report = update_stories(corpus)
    assert report.unknown == [
        "line 2: there is no story '2020-01-01-nothing'", "line 4: there is no story '2020-01-02-no'",
        "line 5: there is no story '2020-01-03-no'", "line 3: there is no video youtube:nowhere",
        "line 6: nothing that tells a story is heard in youtube:vid00000001 at second 3, or it has no times"]
    assert update_stories(again(corpus)).unknown == report.unknown
    assert labels(corpus)["vid00000000"] == story


def test_all_is_put_together_anew_under_the_old_ids(corpus: Corpus) -> None:
    before = labels(corpus)
    one, other = before["vid00000000"], before["vid00000001"]
    corpus = say(corpus, f"{one}\tmerge\t{other}", f"{other}\tname\tBoth")
    report = update_stories(corpus, anew=True)
    assert report.new_stories == 0
    assert labels(corpus) == {video: other if story == one else story for video, story in before.items()}
    update_stories(say(corpus))
    assert labels(corpus) == before


# -- long videos --------------------------------------------------------------------------------------------------------


def show(seed: int = 1) -> str:
    """A show of 1,600 words: 800 about a ferry, then, behind a mark of a new story, 800 about a strike."""
    return f"{text('ferry', seed, 800)} >>> {text('strike', seed, 800)}"


def test_a_long_video_is_cut_and_keeps_its_cut(tmp_path: Path) -> None:
    corpus = study(tmp_path, [*CLIPS, record("longshow001", show(), outlet="en_CCC", date="20230905")],
                   "[stories]\nlong = 500\n")
    assert update_stories(corpus).cut == 1
    segments = find_layer(corpus.study.layers, "segments").spans
    assert {span.video for span in segments} == {"youtube:longshow001"}
    assert [segments[0].start, segments[-1].end] == [0, 1600]
    assert all(a.end == b.start for a, b in pairwise(segments))
    found = labels(corpus)
    inside = [span.label for span in spans(corpus) if span.video == "youtube:longshow001"]
    assert inside[0] == found["vid00000000"]
    assert inside[-1] == found["vid00000001"]
    corpus = add(corpus, [clip(20, "bank", 5), clip(21, "bank", 6)])
    update_stories(corpus)
    assert find_layer(corpus.study.layers, "segments").spans == segments


def test_a_segment_that_is_cut_anew_takes_the_story_that_it_overlaps_most(tmp_path: Path) -> None:
    corpus = study(tmp_path, [*CLIPS, record("longshow001", show(), outlet="en_CCC", date="20230905")],
                   "[stories]\nlong = 500\n")
    update_stories(corpus)
    before = labels(corpus)
    layer = find_layer(corpus.study.layers, "stories")
    content = corpus.video("longshow001")["content"]
    odd = [LayerSpan("youtube:longshow001", content, 0, 790, "2023-01-01-left"),
           LayerSpan("youtube:longshow001", content, 790, 1600, "2023-01-01-right")]
    kept = tuple(span for span in layer.spans if span.video != "youtube:longshow001")
    write_layer(corpus.study.layers, Layer("stories", 2, "x", layer.method, "", (*kept, *odd), "another corpus"))
    update_stories(corpus)
    inside = [span.label for span in spans(corpus) if span.video == "youtube:longshow001"]
    assert inside[0] == "2023-01-01-left"
    assert inside[-1] == "2023-01-01-right"
    assert {video: story for video, story in labels(corpus).items() if video.startswith("vid")} == {
        video: story for video, story in before.items() if video.startswith("vid")}


def test_what_is_repeated_everywhere_tells_no_story(tmp_path: Path) -> None:
    """A passage in all videos, which a layer of copies calls boilerplate, does not bring them together."""
    passage = text("bank", 99, 300)
    clips = [record(f"vid{n:08}", f"{passage} {text(topic, n)}", date="20230904") for n, topic in enumerate(("ferry", "strike"))]
    corpus = study(tmp_path, clips)
    update_stories(corpus)
    together = labels(corpus)
    assert together["vid00000000"] == together["vid00000001"]
    for path in corpus.study.layers.glob("*.jsonl"):
        path.unlink()
    copies = tuple(LayerSpan(f"youtube:vid{n:08}", corpus.video(f"vid{n:08}")["content"], 0, 300, "g1", 1.0,
                             (("kind", "boilerplate"), ("first", "no"))) for n in range(2))
    write_layer(corpus.study.layers, Layer("copies", 1, "x", "x", "", copies))
    corpus = again(corpus)
    update_stories(corpus)
    assert labels(corpus)["vid00000000"] != labels(corpus)["vid00000001"]
    assert [span.end for span in spans(corpus)] == [390, 390]


def test_the_tokens_of_pieces_are_those_that_nothing_repeats(tmp_path: Path) -> None:
    """Against the definition, token by token: two videos, one of them cut, and passages that lie across the cuts."""
    corpus = study(tmp_path, [clip(0, "ferry", 4, words=30), clip(1, "strike", 5, words=20), clip(2, "vote", 3, words=9)])
    contents = {n: corpus.video(f"vid{n:08}")["content"] for n in range(3)}

    def span(number: int, start: int, end: int, label: str = "story", kind: str = "") -> LayerSpan:
        more = (("kind", kind),) if kind else ()
        return LayerSpan(f"youtube:vid{number:08}", contents[number], start, end, label, 1.0, more)

    segments = [span(0, 0, 10), span(0, 10, 18, "ad"), span(0, 18, 25), span(0, 25, 30)]
    copies = [span(0, 0, 2, "g", "boilerplate"), span(0, 8, 20, "g", "ident"), span(0, 24, 30, "g", "boilerplate"),
              span(1, 5, 6, "g", "boilerplate"), span(1, 9, 12, "g", "pool"), span(2, 0, 9, "g", "boilerplate")]
    write_layer(corpus.study.layers, Layer("copies", 1, "x", "x", "", tuple(copies)))
    videos = passages.told(corpus.files)
    cut = passages.pieces(corpus, videos, segments)
    found = [(int(cut.video[piece]), token) for piece, video, start, end in zip(
        cut.into.tolist(), cut.parts.video.tolist(), cut.parts.start.tolist(), cut.parts.end.tolist(), strict=True)
        for token in range(start, end) if int(cut.video[piece]) == video and cut.start[piece] <= token < cut.end[piece]]
    ordinal = [corpus.files.ordinal(f"vid{n:08}") for n in range(3)]
    wanted = [(ordinal[0], token) for token in (*range(2, 8), *range(20, 24))] + [
        (ordinal[1], token) for token in range(20) if token != 5]
    assert sorted(found) == sorted(wanted)
    assert list(zip(cut.start.tolist(), cut.end.tolist(), cut.alone.tolist(), strict=True)) == [
        (0, 10, False), (18, 25, False), (0, 20, True)]


def test_settings_of_the_study_file_are_used(tmp_path: Path) -> None:
    clips = [clip(0, "ferry", 4), clip(1, "ferry", 8)]
    apart = study(tmp_path / "a", clips, "[stories]\nthreshold = 0.1\n")
    update_stories(apart)
    assert len(set(labels(apart).values())) == 2
    together = study(tmp_path / "b", clips, "[stories]\nthreshold = 0.1\ndays = 5\n")
    update_stories(together)
    assert len(set(labels(together).values())) == 1
    nothing = study(tmp_path / "c", [clip(0, "ferry", 4), clip(1, "ferry", 4)], "[stories]\nthreshold = 1.0\n")
    update_stories(nothing)
    assert len(set(labels(nothing).values())) == 2


@pytest.mark.parametrize(("settings", "said"), [
    ("days = 0", "stories.days is a number of days"), ("threshold = 2", "stories.threshold is a number from 0 to 1"),
    ('threshold = "x"', "stories.threshold"), ("long = 0", "stories.long is a number of seconds"),
    ("treshold = 0.1", "did you mean 'threshold'"), ("days = 1.5", "days must be a whole number"),
])
def test_settings_that_cannot_be_followed_are_named(tmp_path: Path, settings: str, said: str) -> None:
    (tmp_path / "crosscut.toml").write_text(f"[stories]\n{settings}\n")
    with pytest.raises(StudyError, match=said):
        read_study(tmp_path)


def test_layers_of_both_kinds_can_be_read_by_hand(corpus: Corpus) -> None:
    for path in corpus.study.layers.glob("*.jsonl"):
        assert read_layer(path).of == corpus.files.manifest.result
        assert all(line for line in path.read_text().splitlines())


# -- across languages ---------------------------------------------------------------------------------------------------

TWO = '[stories]\nembeddings = "universal-sentence-encoder"\n[outlets.en_AAA]\nlanguage = "en"\n[outlets.fr_BBB]\nlanguage = "fr"\n'
#: The same in French: nobody's words are the same.
FRENCH = {"ferry": "traversier port capitaine passagers chavire plongeurs canot coque épave noyés quai marée sauvetage",
          "strike": "grève syndicat salaires rail conducteurs piquets patronat négociation horaires usagers scrutin conflit"}


def sense(pieces: Iterable[tuple[str, str]]) -> npt.NDArray[np.float32]:
    """Stands for the encoder: each topic, in either language, has a direction of its own."""
    asked.clear()
    asked.extend(pieces)
    rows = np.zeros((len(asked), embedding.DIMENSIONS), np.float32)
    for row, (title, said) in zip(rows, asked, strict=True):
        for place, topic in enumerate(FRENCH):
            own = {*TOPICS[topic].split(), *FRENCH[topic].split()}
            row[place] = sum(word in own for word in f"{title} {said}".split())
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


asked: list[tuple[str, str]] = []


def french(number: int, topic: str, day: int) -> str:
    own = FRENCH[topic].split()
    words = " ".join(f"{own[(number + n * n) % 12]} {own[n % 12]} le la les de et" for n in range(24))
    return record(f"vid{number:08}", words, outlet="fr_BBB", date=f"202309{day:02}", title=f"Le {own[0]} et le {own[1]}")


def test_languages_are_joined_by_sense_where_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "sentence_vectors", sense)
    clips = [clip(n, ("ferry", "strike")[n % 2], 4) for n in range(8)] + [
        french(10 + n, ("ferry", "strike")[n % 2], 4) for n in range(8)]
    apart = study(tmp_path / "a", clips, TWO.replace("embeddings", "# embeddings"))
    update_stories(apart)
    assert labels(apart)["vid00000000"] != labels(apart)["vid00000010"]
    corpus = study(tmp_path / "b", clips, TWO)
    update_stories(corpus)
    assert len(asked) == 16
    found = labels(corpus)
    assert found["vid00000000"] == found["vid00000010"] != found["vid00000001"] == found["vid00000011"]
    corpus = add(corpus, [french(30, "strike", 20), clip(31, "strike", 21)])
    update_stories(corpus)
    assert len(asked) == 2  # only what lies near the new ones is read
    assert {video: story for video, story in labels(corpus).items() if video in found} == found


def test_an_encoder_that_nobody_has_is_named(tmp_path: Path) -> None:
    (tmp_path / "crosscut.toml").write_text('[stories]\nembeddings = "laser"\n')
    with pytest.raises(StudyError, match="no sentence encoder 'laser'; there is universal-sentence-encoder"):
        read_study(tmp_path)
