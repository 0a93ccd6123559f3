"""What the kind of captions does to a count: pairs of tracks of one video, worked out by hand."""

from __future__ import annotations

from pathlib import Path

from crosscut.building import build
from crosscut.importing import import_
from crosscut.pairing import kinds_effect
from tests.studies import PLAIN, make_study


def cues(text: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:09,000\n{text}\n"


def heard(text: str) -> str:
    return "[" + ", ".join(f'["{word}", {n}, {n}.5]' for n, word in enumerate(text.split())) + "]"


def test_the_same_speech_in_two_kinds(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN + "[import]\npath = '/talks/(?P<id>[^/]+)/'\n")
    for number in range(12):
        folder = tmp_path / "talks" / f"talk-{number}"
        folder.mkdir(parents=True)
        (folder / "captions.srt").write_text(cues("we saw the ferry and a boat"))
        (folder / "words.json").write_text(heard("we saw the fairy and uh a boat" if number < 3 else "we saw the ferry and a boat"))
    (tmp_path / "talks" / "alone").mkdir()
    (tmp_path / "talks" / "alone" / "captions.srt").write_text(cues("a ferry alone"))
    import_(study, [tmp_path / "talks"])
    assert kinds_effect(study).notes[0].endswith("tracks are not built: run crosscut build --all-versions")
    build(study, all_versions=True)
    finding = kinds_effect(study, "ferry", "boat", "harbour")
    rows = {row["counted"]: row for row in finding.to_dicts()}
    assert all((row["kind"], row["other_kind"], row["videos"]) == ("asr", "uploaded", 12) for row in rows.values())
    assert (rows["all words"]["count"], rows["all words"]["other_count"]) == (12 * 7 + 3, 12 * 7)
    assert (rows["ferry"]["count"], rows["ferry"]["other_count"], rows["ferry"]["ratio"]) == (9, 12, 12 / 9)
    assert (rows["ferry"]["low"], rows["ferry"]["note"]) == (None, "fewer than 10 videos have it in asr")
    assert rows["all words"]["low"] < 84 / 87 < rows["all words"]["high"]
    assert (rows["boat"]["low"], rows["boat"]["ratio"], rows["boat"]["high"]) == (1, 1, 1)
    assert (rows["harbour"]["ratio"], rows["harbour"]["note"]) == (None, "no hits in asr")
    report = build(study, all_versions=True)
    assert (report.made, report.kept) == (0, 13)


def test_no_pairs(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    (tmp_path / "a.srt").write_text(cues("a ferry alone"))
    import_(study, [tmp_path / "a.srt"])
    build(study)
    assert kinds_effect(study, "ferry").notes == ("no video has two kinds of track",)
