"""What is forgotten is nowhere, stays accounted for, and does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscut.accounting import status
from crosscut.errors import NotFound
from crosscut.forgetting import forget
from crosscut.importing import import_
from crosscut.store.layer import Layer, LayerSpan, read_layer, write_layer
from crosscut.workbench import open_corpus
from tests.studies import built, record, write_records

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
