"""A finding that was exported is computed again; whatever changed since is said, and nothing in the file is trusted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import crosscut
from crosscut.cli.app import app
from crosscut.errors import CrosscutError, QueryError
from crosscut.settings import Study
from crosscut.workbench.verifying import read_finding, verify
from tests.studies import make_study, record, write_records

TEXTS = ("the truce holds today", "a truce and a truce", "no talks", "=1+1 truce")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    found = make_study(tmp_path / "s")
    crosscut.import_(found, write_records(tmp_path / "in", [record(f"aaaaaaaaaa{n}", text) for n, text in enumerate(TEXTS)]))
    crosscut.build(found)
    return found


def exported(study: Study, name: str) -> Path:
    path = study.folder / "out" / name
    words = ["freq", "truce", "=1+1", "--by", "video", "--corpus", str(study.folder), "--output", str(path)]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    return path


@pytest.mark.parametrize("name", ["f.csv", "f.json", "f.parquet"])
def test_a_finding_holds_while_nothing_changes(study: Study, name: str) -> None:
    found = verify(study.folder, exported(study, name))
    assert (found.holds, found.changed, found.differs) == (True, (), ())
    assert found.again.measure == "freq"


def test_other_words_of_a_video_are_named_with_what_they_move(study: Study, tmp_path: Path) -> None:
    path = exported(study, "f.csv")
    time.sleep(1.1)  # builds and imports are told apart by the second
    crosscut.import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa2", "no truce, no talks")], "again"))
    stale = verify(study.folder, path)
    assert stale.holds
    assert stale.changed == ("something changed since the corpus was built: run crosscut build, and verify again",)
    crosscut.build(study)
    found = verify(study.folder, path)
    assert not found.holds
    assert [line for line in found.changed if "aaaaaaaaaa2" in line and "another version" in line] == list(found.changed)
    assert any("aaaaaaaaaa2" in line and "hits 0 → 1" in line for line in found.differs)
    assert not any("aaaaaaaaaa1" in line for line in found.differs)


def test_a_raw_file_that_somebody_touched_is_named(study: Study) -> None:
    path = exported(study, "f.json")
    (raw,) = [file for file in study.raw.rglob("*") if file.is_file() and b"no talks" in file.read_bytes()]
    raw.write_bytes(raw.read_bytes().replace(b"no talks", b"ho talks"))
    found = verify(study.folder, path)
    assert found.holds  # the corpus still has the words that came in
    assert len(found.changed) == 1
    assert "aaaaaaaaaa2" in found.changed[0]
    assert str(raw) in found.changed[0]


@pytest.mark.parametrize(("where", "reference"), [
    ("video=youtube:aaaaaaaaaa0", ""), ("video!=youtube:aaaaaaaaaa0", ""), ("video=youtube:aaaaaaaaaa0", "title~aa2")])
def test_raw_files_of_both_sides_are_looked_at(study: Study, where: str, reference: str) -> None:
    path = study.folder / "out" / "k.csv"
    words = ["keyness", "truce", "--where", where, "--reference", reference, "--corpus", str(study.folder), "-o", str(path)]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    (raw,) = [file for file in study.raw.rglob("*") if file.is_file() and b"no talks" in file.read_bytes()]
    raw.write_bytes(raw.read_bytes().replace(b"no talks", b"ho talks"))
    (changed,) = verify(study.folder, path).changed
    assert "aaaaaaaaaa2" in changed


def test_a_number_that_was_edited_does_not_hold(study: Study) -> None:
    path = exported(study, "f.json")
    table = json.loads(path.read_text("utf-8"))
    table["rows"][0]["hits"] += 1
    del table["rows"][1]
    path.write_text(json.dumps(table), "utf-8")
    found = verify(study.folder, path)
    assert not found.holds
    assert len(found.differs) == 2
    assert "hits 2 → 1" in found.differs[0] or "hits" in found.differs[0]
    assert found.differs[1].endswith("a new row")


def test_new_and_forgotten_videos_are_named(study: Study, tmp_path: Path) -> None:
    path = exported(study, "f.csv")
    time.sleep(1.1)  # builds and imports are told apart by the second
    crosscut.import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa9", "a truce")], "more"))
    crosscut.forget(study, "aaaaaaaaaa1", "asked")
    crosscut.build(study)
    found = verify(study.folder, path)
    assert any("aaaaaaaaaa9" in line and "is new" in line for line in found.changed)
    assert not any("aaaaaaaaaa1: has" in line for line in found.changed)
    assert any("aaaaaaaaaa1" in line and "no such row" in line for line in found.differs)


@pytest.mark.parametrize(("change", "said"), [
    (lambda table: table.update(measure="__class__"), "there is no measure"),
    (lambda table: table.update(measure=7), "no header"),
    (lambda table: table.pop("parameters"), "no header"),
    (lambda table: table["parameters"].update(by=["nonsense"]), "unknown field"),
    (lambda table: table["parameters"].update(queries=7), "cannot be asked"),
    (lambda table: table["parameters"].update(queries="truce"), "queries are a list"),
    (lambda table: table["parameters"].update(replicates=10**9), "100,000 at most"),
    (lambda table: table["rows"][1].popitem(), "row 2 has 16 cells where there are 17"),
    (lambda table: table.pop("rows"), "no finding"),
])
def test_what_is_no_finding_is_refused(study: Study, change: Callable[[dict[str, object]], object], said: str) -> None:
    path = exported(study, "f.json")
    table = json.loads(path.read_text("utf-8"))
    change(table)
    path.write_text(json.dumps(table), "utf-8")
    with pytest.raises((CrosscutError, QueryError), match=said):
        verify(study.folder, path)


@pytest.mark.parametrize("data", [b"", b"# measure: 7\n", b"\xff\xfe", b"a,b\n1,2\n", b"# measure: \"freq\"", b"[" * 100_000,
                                  b'# measure: "freq"\n# parameters: {}\n' + b"a" * 200_000 + b"\n1\n"])
@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.parquet"])
def test_any_other_file_is_refused(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CrosscutError):
        read_finding(tmp_path / name)


def test_the_command_says_so_and_exits_with_it(study: Study) -> None:
    path = exported(study, "f.csv")
    ran = CliRunner().invoke(app, ["verify", str(path), "--corpus", str(study.folder)])
    assert (ran.exit_code, "holds: 8 rows of freq" in ran.output) == (0, True)
    path.write_text(path.read_text("utf-8").replace("aaaaaaaaaa1,2,", "aaaaaaaaaa1,3,"), "utf-8")
    ran = CliRunner().invoke(app, ["verify", str(path), "--corpus", str(study.folder)])
    assert ran.exit_code == 1
    assert "does not hold" in ran.output
    assert "hits 3 → 2" in ran.output


def test_every_row_opens_as_many_lines_as_it_counts(study: Study) -> None:
    corpus = crosscut.open(study.folder)
    finding = corpus.freq("truce", "a *", by=["video", "month"])
    assert len(finding.evidence) == len(finding.rows) > 0
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["hits"]
