"""The worked example on real news: every answer is verified, and a changed raw file or video is named."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import worked
from benchmarks.material import NEWS, mappings
from crosscut.building import build
from crosscut.importing import import_
from crosscut.settings import Study
from crosscut.workbench.corpus import open_corpus
from crosscut.workbench.verifying import verify

pytestmark = pytest.mark.skipif(not NEWS.is_dir(), reason="NO REAL DATA: ../shared/data is not there")

#: Without annotation there are no lemmas.
MORE: dict[str, dict[str, Any]] = {"keyness": {"layer": "norm"}, "collocates": {"layer": "norm"}, "key": {"layer": "norm"}}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return worked.study(tmp_path_factory.mktemp("worked"), models="none")


@pytest.mark.parametrize("name", list(worked.QUESTIONS))
def test_each_answer_is_verified_and_drawn(study: Study, tmp_path: Path, name: str) -> None:
    finding = worked.ask(open_corpus(study.folder), name, **MORE.get(name, {}))
    found = worked.verified(study, finding, tmp_path)
    assert (found.holds, found.changed, found.differs) == (True, (), ())
    assert finding.rows
    assert "two programmes, not the outlet" in finding.source.speaks_for
    if name in worked.LISTS:
        return
    finding.plot().save(tmp_path / "figure.svg")
    assert "<svg" in (tmp_path / "figure.svg").read_text("utf-8")


def test_the_lines_of_a_week_are_as_many_as_it_counts(study: Study) -> None:
    corpus = open_corpus(study.folder)
    finding = worked.ask(corpus, "timeline")
    for row, evidence in list(zip(finding.to_dicts(), finding.evidence, strict=True))[::9]:
        assert evidence is not None
        assert corpus.lines(evidence, limit=1).hits == row["hits"]


def test_what_changed_is_said(study: Study, tmp_path: Path) -> None:
    finding = worked.ask(open_corpus(study.folder), "timeline")
    path = tmp_path / "timeline.csv"
    path.write_text(finding.to_csv(), "utf-8")
    raw = next(file for file in sorted(study.raw.rglob("*.md")) if "ceasefire" in file.read_text("utf-8"))
    text = raw.read_bytes()
    raw.write_bytes(text + b" ")
    found = verify(study.folder, path)
    assert found.holds
    assert len(found.changed) == 1
    assert str(raw) in found.changed[0]
    raw.write_bytes(text)
    time.sleep(1.1)  # builds and imports are told apart by the second
    source = next(file for file in sorted(NEWS.rglob("*.md")) if file.read_bytes() == text)
    again = tmp_path / source.name
    again.write_text(re.sub(r"\bceasefire\b", "cease", text.decode(), flags=re.IGNORECASE), "utf-8")
    import_(study, [again], mappings=mappings())
    build(study)
    found = verify(study.folder, path)
    assert not found.holds
    assert len(found.changed) == 1
    assert "another version of its captions" in found.changed[0]
    assert any("hits" in line for line in found.differs)
