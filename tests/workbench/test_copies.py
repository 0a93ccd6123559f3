"""What is planted is found, with its kind, and counted once; what did not change is not looked at again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import crosscut
from crosscut.building import build, current_recipe
from crosscut.cli.app import app
from crosscut.errors import NotFound, QueryError, StudyError
from crosscut.forgetting import forget
from crosscut.importing import import_
from crosscut.sample import load
from crosscut.sample.load import SCRIPTS
from crosscut.sample.speech import garbled
from crosscut.settings import read_study
from crosscut.store.layer import layer_files
from crosscut.workbench import looking
from crosscut.workbench.copies import share_copied
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.hearing import code_of, one_number, published_order
from crosscut.workbench.looking import folder_of, group_names, look_for_copies
from crosscut.workbench.verifying import verify
from tests.studies import PLAIN, built, make_study, record, write_records

#: A fictional head of state, 120 words.
REMARKS = """Good evening. Tonight I have signed the order that opens the salt road again, and by Friday the first nine wagons
of grain will cross the pass at Hollin Gap. We do not do this because the winter is over, for it is not. We do it because the
people of both valleys have shared their lamps, their bread and their fear for seven weeks, and a government that cannot share
a road has no business asking them for patience. To the families in Ostermere I say this: your letters were read aloud in the
cabinet, every one of them, and the minister for bridges will answer each in his own hand. To those who would close the gate
again I say that a gate is made by those who stand in it. Thank you, and keep warm tonight."""
DAILY = """The salt road was closed on the third of December, when snow and a quarrel over tolls stopped forty wagons below
Hollin Gap and left two valleys without grain, oil or letters from the coast."""
WORDS = REMARKS.split()


def stories(many: int) -> list[str]:
    """Stretches of 200 words of the sample with nothing in common."""
    words = " ".join(video.text for video in load().videos if video.outlet.startswith("en_") and not video.reupload_of
                     and "two banks, and it needs" not in video.text and "ninth of August" not in video.text).split()
    texts = [" ".join(words[at : at + 200]) for at in range(0, len(words) - 200, 200)]
    return texts[:many]


def planted(folder: Path) -> Corpus:
    """A speech in four outlets at known error rates, a clip of a show, a video put up again, daily background."""
    texts = stories(16)
    others = " ".join(texts).split()
    show = " ".join(texts[:4])
    clip = " ".join(show.split()[300:480])

    def heard(rate: float, ear: str) -> str:
        return " ".join(garbled(WORDS, rate, others, ear))

    videos = [
        record("show0000001", show, outlet="en_AAA", date="20240110"),
        record("clip0000001", clip, outlet="en_AAA", date="20240112"),
        record("speech00001", f"{texts[4]} {REMARKS} {texts[5]}", outlet="en_AAA", date="20240113"),
        record("speech00002", f"{texts[6]} {heard(0.05, 'b')} {texts[7]}", outlet="en_BBB", date="20240113"),
        record("speech00003", f"{texts[8]} {heard(0.10, 'c')}", outlet="en_CCC", date="20240114"),
        record("speech00004", f"{heard(0.15, 'd')} {texts[9]}", outlet="en_DDD", date="20240115"),
        record("again000001", texts[10], outlet="en_BBB", date="20240116"),
        record("again000002", texts[10], outlet="en_BBB", date="20240119"),
        *(record(f"daily{n:06}", f"{texts[11 + n]} {DAILY} {' '.join(reversed(texts[11 + n].split()))}", outlet="en_CCC",
                 date=f"202401{20 + n}") for n in range(5)),
    ]
    return built(folder, videos)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return planted(tmp_path_factory.mktemp("copies") / "s")


def members(corpus: Corpus, kind: str) -> list[list[str]]:
    """The videos of each group of a kind, the first occurrence first."""
    groups = [row["group"] for row in corpus.copies(kind=kind).to_dicts()]
    return [[row["video"].removeprefix("youtube:") for row in corpus.copies_of(group).to_dicts()] for group in groups]


def test_what_is_planted_is_found_with_its_kind_and_nothing_else(corpus: Corpus) -> None:
    assert members(corpus, "pool") == [[f"speech0000{n}" for n in (1, 2, 3, 4)]]
    assert members(corpus, "excerpt") == [["show0000001", "clip0000001"]]
    assert members(corpus, "re-upload") == [["again000001", "again000002"]]
    assert members(corpus, "boilerplate") == [[f"daily{n:06}" for n in range(5)]]
    assert len(corpus.copies().rows) == 4


def test_the_speech_is_found_whole_however_it_was_misheard(corpus: Corpus) -> None:
    (group,) = list(corpus.copies(kind="pool").to_dicts())
    rows = corpus.copies_of(group["group"]).to_dicts()
    assert [row["first"] for row in rows] == ["yes", "no", "no", "no"]
    assert all(abs(row["words"] - len(WORDS)) < 12 for row in rows)
    assert rows[0]["alike"] == 1 > rows[1]["alike"] > rows[2]["alike"] > rows[3]["alike"] > 0.6
    assert "Good evening. Tonight I have signed" in rows[0]["said"]
    assert (group["times"], group["outlets"], group["days"], group["words"]) == (4, 4, 3, rows[0]["words"])


def test_first_occurrences_count_it_once(corpus: Corpus) -> None:
    assert corpus.freq("minister for bridges").to_dicts()[0]["hits"] > 1
    (row,) = corpus.freq("minister for bridges", span="first occurrences").to_dicts()
    assert row["hits"] == 1
    assert corpus.freq("forty wagons", span="without boilerplate").to_dicts()[0]["hits"] == 0
    (row,) = corpus.freq("the", span="without re-uploads").to_dicts()
    (whole,) = corpus.freq("the").to_dicts()
    assert whole["words"] - row["words"] == corpus.files.catalog.number("words")[corpus.files.ordinal("again000002")]


def test_a_row_opens_its_lines(corpus: Corpus) -> None:
    finding = corpus.copies()
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["times"]
    finding = corpus.copied()
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert (evidence is None) == (row["words"] == 0)
        assert evidence is None or corpus.lines(evidence).hits == row["times"]


def test_how_much_of_an_outlet_is_copied(corpus: Corpus) -> None:
    rows = {(row["outlet"], row["kind"]): row for row in corpus.copied().to_dicts()}
    b, words = rows["en_BBB", "all"], corpus.files.catalog.number("words")
    pool = corpus.copies_of(corpus.copies(kind="pool").to_dicts()[0]["group"]).to_dicts()
    assert rows["en_BBB", "pool"]["words"] == pool[1]["words"]
    assert rows["en_BBB", "re-upload"]["words"] == words[corpus.files.ordinal("again000002")]
    assert b["words"] == rows["en_BBB", "pool"]["words"] + rows["en_BBB", "re-upload"]["words"]
    assert b["first_words"] == words[corpus.files.ordinal("again000001")]
    assert b["share"] == b["words"] / b["of"]
    assert (b["times"], b["videos"]) == (2, 2)
    assert ("en_AAA", "pool") in rows  # it has the first occurrence
    assert rows["en_AAA", "pool"]["words"] == 0


def test_some_of_the_videos_and_some_of_the_groups(corpus: Corpus) -> None:
    (row,) = corpus.copies(kind="pool", where="outlet=en_BBB|en_CCC").to_dicts()
    assert (row["times"], row["videos"], row["outlets"], row["first"]) == (2, 2, 2, "youtube:speech00001")
    found = corpus.copies(limit=1)
    assert len(found.rows) == 1
    assert "3 more groups" in found.notes[0]
    assert corpus.copies(where="outlet=en_DDD").to_dicts()[0]["kind"] == "pool"
    with pytest.raises(QueryError, match="no kind"):
        corpus.copies(kind="poll")
    with pytest.raises(NotFound, match="no group"):
        corpus.copies_of("g0")


def test_status_says_how_much(corpus: Corpus) -> None:
    look_for_copies(corpus)
    found = share_copied(corpus)
    assert found is not None
    total = sum(row["words"] for row in corpus.copied().to_dicts() if row["kind"] == "all")
    assert (found["words"], found["groups"], found["behind"]) == (total, 4, False)
    ran = CliRunner().invoke(app, ["status", "--corpus", str(corpus.study.folder)])
    assert f"{total:,} in 4 passages (layer copies." in ran.output
    assert "something changed" not in ran.output


# -- the layer ----------------------------------------------------------------------------------------------------------


def grown(folder: Path, records: Sequence[str]) -> Corpus:
    """A study with more videos."""
    study = read_study(folder)
    import_(study, write_records(folder / "more", records))
    build(study)
    return open_corpus(folder)


def test_a_corpus_that_grew_costs_what_it_grew_by_and_gives_the_same(tmp_path: Path) -> None:
    corpus = planted(tmp_path / "s")
    first = look_for_copies(corpus)
    assert first is not None
    assert first.new
    assert first.layer.version == 1
    assert first.words > 4_000
    assert look_for_copies(corpus) is None
    new = record("speech00005", REMARKS, outlet="en_BBB", date="20240201")
    corpus = grown(tmp_path / "s", [new])
    assert any("earlier state" in note for note in corpus.freq("the", span="first occurrences").notes)
    second = look_for_copies(corpus)
    assert second is not None
    assert second.layer.version == 2
    assert second.words == len([word for word in WORDS if word])  # one code a word here: no hyphens, no clitics
    assert second.layer.of == corpus.files.manifest.result
    shutil.rmtree(corpus.study.heard)
    shutil.rmtree(corpus.study.layers)
    again = look_for_copies(corpus)
    assert again is not None
    assert again.layer.spans == second.layer.spans
    (group,) = corpus.copies(kind="pool").to_dicts()
    assert group["times"] == 5


def test_an_earlier_video_becomes_the_first(tmp_path: Path) -> None:
    corpus = planted(tmp_path / "s")
    look_for_copies(corpus)
    corpus = grown(tmp_path / "s", [record("speech00000", REMARKS, outlet="en_DDD", date="20240101")])
    (group,) = corpus.copies(kind="pool").to_dicts()
    assert group["first"] == "youtube:speech00000"


def test_the_layer_is_no_part_of_what_went_into_the_corpus(tmp_path: Path) -> None:
    corpus = planted(tmp_path / "s")
    before = current_recipe(corpus.study)
    look_for_copies(corpus)
    assert current_recipe(corpus.study) == before == corpus.files.manifest.recipe


def test_a_build_keeps_what_was_heard(tmp_path: Path) -> None:
    corpus = planted(tmp_path / "s")
    look_for_copies(corpus)
    assert build(corpus.study).levelled is None
    (corpus.study.layers / "copies.1.jsonl").unlink()
    again = look_for_copies(open_corpus(tmp_path / "s"))
    assert again is not None
    assert again.words == 0


def test_killed_before_the_layer_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = planted(tmp_path / "s")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(looking, "write_layer", killed)
        with pytest.raises(KeyboardInterrupt):
            look_for_copies(corpus)
    assert "copies" not in layer_files(corpus.study.layers)
    assert len(corpus.copies().rows) == 4


def test_other_rules_make_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = planted(tmp_path / "s")
    look_for_copies(corpus)
    monkeypatch.setattr(looking, "METHOD", "otherwise")
    found = look_for_copies(corpus)
    assert found is not None
    assert (found.layer.version, found.layer.method, found.words) == (2, "otherwise", 0)


def test_what_cannot_be_looked_through_is_refused(tmp_path: Path) -> None:
    corpus = built(tmp_path / "s", [record("aaaaaaaaaa1", "the truce holds")])
    with pytest.raises(QueryError, match="levelled"):
        look_for_copies(Corpus(corpus.study, corpus.files, "levelled"))
    with pytest.raises(QueryError, match="as-of"):
        open_corpus(tmp_path / "s", as_of="2030-01-01").copies()
    off = replace(corpus.study, layers_off=frozenset({"copies"}))
    with pytest.raises(QueryError, match="switched off"):
        look_for_copies(Corpus(off, corpus.files))
    assert corpus.copies().rows == ()
    assert corpus.copied().to_dicts() == []


def test_a_forgotten_video_leaves_no_words_and_no_name(tmp_path: Path) -> None:
    corpus = planted(tmp_path / "s")
    look_for_copies(corpus)
    forget(corpus.study, "speech00001", "asked")
    assert not corpus.study.heard.exists()
    assert not any(b"speech00001" in path.read_bytes() for path in corpus.study.layers.glob("*.jsonl"))
    (group,) = open_corpus(tmp_path / "s").copies(kind="pool").to_dicts()
    assert (group["first"], group["times"]) == ("youtube:speech00002", 3)


def test_a_finding_holds_until_another_outlet_has_the_passage(tmp_path: Path) -> None:
    corpus = planted(tmp_path / "s")
    path = tmp_path / "c.json"
    ran = CliRunner().invoke(app, ["copies", "--corpus", str(corpus.study.folder), "--output", str(path)])
    assert ran.exit_code == 0, ran.output
    assert json.loads(path.read_text())["measure"] == "copies"
    assert verify(corpus.study.folder, path).holds
    grown(tmp_path / "s", [record("speech00009", REMARKS, outlet="en_EEE", date="20240301")])
    found = verify(corpus.study.folder, path)
    assert any("times 4 → 5" in line for line in found.differs)


@pytest.mark.parametrize(("words", "said"), [
    (["--by", "outlet"], "re-upload"), (["--kind", "pool"], "Good evening."), (["--by", "outlet", "--group", "g1"], "two questions"),
    (["--group", "g1"], "no group"), (["--by", "outlet", "--kind", "pool"], "copies --by has no --kind"),
])
def test_commands(corpus: Corpus, words: list[str], said: str) -> None:
    ran = CliRunner().invoke(app, ["copies", "--corpus", str(corpus.study.folder), *words])
    assert said in ran.output + str(ran.exception)


def test_languages_do_not_mix(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN)
    import_(study, write_records(tmp_path / "in", [
        record("english0001", REMARKS, outlet="en_AAA"), record("french00001", REMARKS, outlet="fr_AAA")]))
    study.corrections.mkdir()
    (study.corrections / "videos.tsv").write_text("video\tfield\tvalue\nyoutube:french00001\tlanguage\tfr\n")
    build(study)
    assert crosscut.open(study.folder).languages == ["en", "fr"]
    assert crosscut.open(study.folder).copies().rows == ()


# -- words as heard -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edit", "said"), [
    ({"more": {"kind": "pol"}}, "the kind 'pol'"), ({"more": {"first": ""}}, "first=''"),
    ({"more": {"alike": "nan"}}, "alike='nan'"), ({"more": {"words": "x"}}, "words='x'"),
    ({"end": 0}, "a span without words"), ({"start": -9, "end": -3}, "a span without words"),
    ({"start": 0, "end": 999}, "spans that overlap"),
])
def test_a_layer_edited_by_hand_is_counted_right_or_refused(tmp_path: Path, edit: dict[str, Any], said: str) -> None:
    text = stories(3)
    corpus = built(tmp_path, [record("a0000000001", f"{REMARKS} {text[0]} {DAILY}", date="20240101"),
                              record("b0000000001", f"{text[1]} {REMARKS} {text[2]} {DAILY}", date="20240102")])
    corpus.copies()
    path = layer_files(corpus.study.layers)["copies"]
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[-1] = {**lines[-1], **edit, "more": {**lines[-1]["more"], **edit.get("more", {})}}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for ask in (corpus.copies, corpus.copied, lambda: share_copied(corpus)):
        with pytest.raises(StudyError, match=f"copies.1 has {said}.*delete it and run crosscut copies"):
            ask()


def test_a_group_whose_first_line_was_deleted_is_shown_by_its_own_next(tmp_path: Path) -> None:
    text = stories(3)
    corpus = built(tmp_path, [record("a0000000001", f"{REMARKS} {text[0]} {DAILY}", date="20240101"),
                              record("b0000000001", f"{text[1]} {REMARKS} {text[2]} {DAILY}", date="20240102")])
    before = {row[0]: row for row in corpus.copies().rows}
    path = layer_files(corpus.study.layers)["copies"]
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if '"first": "yes"' not in line))
    after = {row[0]: row for row in corpus.copies().rows}
    assert {group: row[2] for group, row in after.items()} == {group: row[2] for group, row in before.items()}
    assert len({row[-1] for row in after.values()}) == len(before) == 2


def test_a_language_that_a_file_claims_leads_out_of_no_folder(tmp_path: Path) -> None:
    claimed = ("../../evil", "/evil", "..", ".lock", "", "en/fr", "e\0n", "\ud800", "n" * 300, "en", "und")
    names = {folder_of(language) for language in claimed}
    assert len(names) == len(claimed)
    assert {"en", "und"} <= names
    for name in names:
        (tmp_path / name).mkdir()
    assert {path.name for path in tmp_path.iterdir()} == names


def test_codes_are_of_the_word_and_small() -> None:
    assert code_of("") == -1
    assert code_of("truce") == code_of("truce") != code_of("truces")
    assert all(0 <= code_of(f"word {number}") < 1 << 22 for number in range(1000))


def test_numbers_in_a_row_are_one() -> None:
    number, word = code_of("0"), code_of("boats")
    codes = np.array([number, -1, number, word, number, number, number, word], np.int32)
    assert one_number(codes).tolist() == [number, -1, -1, word, number, -1, -1, word]
    assert one_number(np.zeros(0, np.int32)).tolist() == []


def test_published_order(tmp_path: Path) -> None:
    dates = ["", "2024-01", "20240104", "20240103"]
    corpus = built(tmp_path / "s", [record(f"aaaaaaaaaa{n}", "the truce holds", date=date) for n, date in enumerate(dates)])
    files = corpus.files
    assert [files.catalog.text("published")[video] for video in published_order(files, np.arange(4))] == [
        "2024-01-03", "2024-01-04", "2024-01", ""]


def test_names_of_groups_do_not_collide() -> None:
    names = group_names([f"v{number}@0" for number in range(300_000)])
    assert len(set(names)) == 300_000
    assert group_names(["a@1"])[0] == group_names(["b@1", "a@1"])[1]


def test_the_sample_has_what_is_planted_in_it(tmp_path: Path) -> None:
    """The same three as ``tests/sample`` knows them: a video put up again, a speech, background in eight videos."""
    crosscut.sample.write(tmp_path / "s")
    toml = (tmp_path / "s" / "crosscut.toml").read_text("utf-8")
    (tmp_path / "s" / "crosscut.toml").write_text(toml + '\n[annotate]\njobs = 1\nmodels = { en = "none", fr = "none" }\n', "utf-8")
    study = read_study(tmp_path / "s")
    import_(study, [tmp_path / "s" / "captions"])
    build(study)
    rows = open_corpus(study.folder).copies().to_dicts()
    assert {row["kind"]: (row["times"], row["videos"], row["outlets"]) for row in rows} == {
        "boilerplate": (8, 8, 1), "pool": (3, 3, 3), "re-upload": (2, 2, 1)}
    assert len(rows) == 3
    assert SCRIPTS.is_dir()
