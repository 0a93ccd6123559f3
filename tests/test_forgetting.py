"""What is forgotten is nowhere, stays accounted for, and does not come back."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from crosscut.accounting import status
from crosscut.errors import CrosscutError, NotFound
from crosscut.forgetting import forget
from crosscut.importing import import_
from crosscut.ledger import Ledger
from crosscut.raw import RawStore
from crosscut.store.layer import Layer, LayerSpan, read_layer, write_layer
from crosscut.workbench.corpus import open_corpus
from tests.studies import PLAIN, built, make_study, record, write_records

SECRET = "zyxwvutsrqp"


def traces(folder: Path, needle: str) -> list[str]:
    """Files of a study that hold a text in their name or their bytes."""
    return [str(path) for path in folder.rglob("*") if path.is_file()
            and (needle.encode() in path.read_bytes() or needle in path.name)]


def test_a_forgotten_video_is_nowhere(tmp_path: Path) -> None:
    records = [record("aaaaaaaaaa1", "peace talks"), record(SECRET, f"unique{SECRET}word talks", title=SECRET)]
    corpus = built(tmp_path / "s", records)
    study = corpus.study
    (study.corrections).mkdir()
    (study.corrections / "videos.tsv").write_text(f"video\tfield\tvalue\nyoutube:{SECRET}\ttitle\tX\n")
    spans = (LayerSpan(f"youtube:{SECRET}", "0", 0, 1, "x"), LayerSpan("youtube:aaaaaaaaaa1", "0", 0, 1, "y"))
    path = write_layer(study.layers, Layer("codes", 1, "me", "hand", "2024-01-01", spans))
    for source in (tmp_path / "s" / "in").iterdir():
        source.unlink()  # the user's own files are not the study's
    assert traces(study.folder, SECRET)
    forget(study, SECRET, "asked for by the person shown")
    assert traces(study.folder, SECRET) == []
    assert [span.label for span in read_layer(path).spans] == ["y"]
    assert len(open_corpus(study.folder).hits("talks")) == 1


def test_lines_of_a_layer_that_another_program_escaped_go_too(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace talks"), record(SECRET, "talks")])
    spans = (LayerSpan(f"youtube:{SECRET}", "0", 0, 1, "x"),
             LayerSpan("youtube:aaaaaaaaaa1", "0", 0, 1, "y", more=(("of", f"youtube:{SECRET}@3"),)))
    path = write_layer(corpus.study.layers, Layer("codes", 1, "me", "hand", "2024-01-01", spans))
    path.write_text(path.read_text().replace("youtube:z", r"youtube:\u007a"))
    forget(corpus.study, SECRET, "asked")
    (left,) = read_layer(path).spans
    assert (left.label, left.more) == ("y", ())


def test_accounts_still_balance_and_say_forgotten(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace talks"), record(SECRET, "talks")])
    forget(corpus.study, SECRET, "asked")
    accounts = status(corpus.study)
    assert accounts["files"] == {"seen": 2, "imported": 1, "joined": 0, "excluded": 1}
    assert accounts["records"] == {"seen": 2, "imported": 1, "joined": 0, "excluded": 1}
    assert accounts["videos"] == {"known": 1, "usable": 1, "set_aside": {}, "forgotten": 1}


def test_it_does_not_come_back(tmp_path: Path) -> None:
    text = record(SECRET, "talks")
    corpus = built(tmp_path / "s", [record("aaaaaaaaaa1", "peace"), text])
    forget(corpus.study, f"youtube:{SECRET}", "asked")
    report = import_(corpus.study, write_records(tmp_path / "again", [text], "other"))
    assert report.reasons == {"forgotten": 1}
    assert status(corpus.study)["videos"]["known"] == 1


def test_one_record_of_a_file_is_forgotten_alone(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace talks") + record(SECRET, "talks again")])
    forget(corpus.study, SECRET, "asked")
    accounts = status(corpus.study)
    assert accounts["files"]["imported"] == 1
    assert accounts["records"] == {"seen": 2, "imported": 1, "joined": 0, "excluded": 1}
    assert open_corpus(tmp_path).text("aaaaaaaaaa1") == "peace talks"


def test_an_unknown_video_is_the_users_error(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace")])
    with pytest.raises(NotFound, match="no video"):
        forget(corpus.study, "nothing", "asked")


def test_a_folder_that_is_imported_again_leaves_no_trace(tmp_path: Path) -> None:
    source = tmp_path / "files"
    write_records(source, [record("aaaaaaaaaa1", "peace talks")])
    (source / f"{SECRET}.txt").write_text(record(SECRET, "talks"))
    (source / f"{SECRET}.fr.vtt").write_bytes(b"")
    (source / f"Title [{SECRET}].mp4").write_bytes(b"....ftyp....")
    study = make_study(tmp_path / "s")
    import_(study, [source])
    before = status(study)["files"]
    forget(study, SECRET, "asked")
    sha256 = hashlib.sha256((source / f"{SECRET}.txt").read_bytes()).hexdigest()
    for _ in range(2):
        assert traces(study.folder, SECRET) == traces(study.folder, sha256) == []
        assert status(study)["files"] == before | {"imported": 1, "excluded": before["excluded"] + 1}
        assert import_(study, [source]).reasons == {"forgotten": 1, "empty file": 1, "video or audio file": 1}


def test_a_file_of_a_forgotten_video_first_seen_later_has_no_name(tmp_path: Path) -> None:
    id = "Zy-xwvutsr7"  # its form shows that it is one
    corpus = built(tmp_path / "s", [record("aaaaaaaaaa1", "peace"), record(id, "talks")])
    shutil.rmtree(tmp_path / "s" / "in")
    forget(corpus.study, id, "asked")
    (tmp_path / f"{id}.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\ntalks\n")
    (tmp_path / f"title-{id}.mp4").write_bytes(b"....ftyp....")
    import_(corpus.study, sorted(tmp_path.glob("*.*")))
    assert traces(corpus.study.folder, id) == []


def test_a_file_of_a_forgotten_show_of_the_archive_has_no_name(tmp_path: Path) -> None:
    id = "HBRW_20150101_000000_Harbour_Newsroom"
    study = make_study(tmp_path / "s")
    captions, film = tmp_path / f"{id}.cc5.srt", tmp_path / f"{id}.mp4"
    captions.write_text("1\n00:00:01,000 --> 00:00:02,000\nTALKS\n")
    import_(study, [captions])
    assert traces(study.folder, id)
    forget(study, f"archive.org:{id}", "asked")
    film.write_bytes(b"....ftyp....")
    import_(study, [captions, film])
    assert traces(study.folder, id) == []


def test_other_videos_of_a_file_named_after_it_stay(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    path = tmp_path / f"from-{SECRET}-on.txt"
    path.write_text(record("aaaaaaaaaa1", "peace talks") + record(SECRET, "talks"))
    import_(study, [path])
    forget(study, SECRET, "asked")
    assert traces(study.folder, SECRET) == []
    assert import_(study, [path]).known == 1
    assert status(study)["files"] == {"seen": 1, "imported": 1, "joined": 0, "excluded": 0}


def test_corrections_of_the_forgotten_video_only(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN)
    text = "<video_id>{}</video_id>\n<doc>\nwords\n</doc>\n"
    import_(study, write_records(tmp_path / "in", [text.format("abcdef")]))
    study.corrections.mkdir()
    lines = ["note\tfield \tvideo\tvalue", "", "kept\ttitle\tabcdef\tX", "gone\ttitle\t local:abcdef \tY", "# end", ""]
    (study.corrections / "videos.tsv").write_text("\n".join(lines))
    forget(study, "local:abcdef", "asked")
    assert (study.corrections / "videos.tsv").read_text() == "\n".join(lines[:3] + lines[4:])


def test_what_cannot_be_erased_is_not_called_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "peace"), record(SECRET, "talks")])

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "x.txt")

    with monkeypatch.context() as patched:
        patched.setattr(RawStore, "erase", locked)
        with pytest.raises(CrosscutError, match="cannot be erased"):
            forget(corpus.study, SECRET, "asked")
    with Ledger(corpus.study.ledger) as ledger:
        assert ledger.has_video(f"youtube:{SECRET}")
    assert len(open_corpus(tmp_path).hits("talks")) == 0
    forget(corpus.study, SECRET, "asked")
    with Ledger(corpus.study.ledger) as ledger:
        assert not ledger.has_video(f"youtube:{SECRET}")


def test_a_video_forgotten_during_an_import_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosscut import importing

    study = make_study(tmp_path / "s")
    paths = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "peace"), record(SECRET, "talks")])
    monkeypatch.setattr(importing, "GROUP", 1)

    def forgotten_now(done: int, *_: object) -> None:
        if done == 1:
            with Ledger(study.ledger) as ledger, ledger.change():
                ledger.add_tombstone(f"youtube:{SECRET}", "asked", "2025-01-01")

    report = import_(study, paths, progress=forgotten_now)
    assert report.reasons == {"forgotten": 1}
