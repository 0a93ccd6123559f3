"""A record that was imported can be made into a document; one that fails never costs the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosscut import work
from crosscut.annotate import annotator_for
from crosscut.importing import import_
from crosscut.ledger import Ledger
from crosscut.raw import RawStore
from crosscut.read.mapping import Mapping
from crosscut.store.batch import Batch
from crosscut.work import Failure, Task, Worker, read_version
from tests.studies import make_study, record

FIELDS = {"id": "id", "text": "text", "outlet": "outlet"}


@pytest.mark.parametrize(("form", "text", "words"), [
    ("jsonl", '{"id": "one-1", "text": "first words"}\n{"text": "second words"}\n', {"first words", "second words"}),
    ("csv", "text,id,outlet\nfirst words,one-1,A\nsecond words\n", {"first words", "second words"}),
    ("", record("aaaaaaaaaa1", "first words") + "a stray line\n" + record("aaaaaaaaaa2", "second words"),
     {"first words", "second words"}),
])
def test_every_slice_is_read_again_alone(tmp_path: Path, form: str, text: str, words: set[str]) -> None:
    study = make_study(tmp_path / "s")
    (tmp_path / "in.txt").write_text(text)
    mappings = [Mapping.parse("m", {"form": form, "fields": dict(FIELDS)})] if form else []
    import_(study, [tmp_path / "in.txt"], mappings=mappings)
    definition = json.dumps(mappings[0].table) if mappings else ""
    with Ledger(study.ledger) as ledger:
        assert {read_version(RawStore(study.raw), version, definition).text for version in ledger.versions()} == words


def test_a_text_that_cannot_be_annotated_is_a_failure_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(tmp_path / "s")
    (tmp_path / "in.txt").write_text(record("aaaaaaaaaa1", "words"))
    import_(study, [tmp_path / "in.txt"])
    with Ledger(study.ledger) as ledger:
        (version,) = ledger.versions()
    worker = Worker(RawStore(study.raw))
    task = Task(version, "en", "", annotator_for("en", {"en": "none"}))
    assert isinstance(worker.make(task), Batch)

    def broken(*_: object) -> None:
        raise ValueError("too odd")

    monkeypatch.setattr(work, "sentence_starts", broken)
    assert worker.make(task) == Failure(version.video, "annotating failed: ValueError: too odd")
