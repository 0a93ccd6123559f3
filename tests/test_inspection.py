"""Reading in other processes gives what reading here gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from crosscut import inspection
from crosscut.importing import import_
from crosscut.inspection import Given, Inspection, Inspector, Seen
from crosscut.ledger import Ledger
from crosscut.pool import Pool
from crosscut.settings import Study, read_study

CUES = 400


def vtt(number: int) -> bytes:
    cues = (f"00:{n // 60:02}:{n % 60:02}.000 --> 00:{n // 60:02}:{n % 60:02}.900\nThe council of Bevarra met again {number} {n}.\n"
            for n in range(CUES))
    return ("WEBVTT\nKind: captions\nLanguage: en\n\n" + "\n".join(cues)).encode()


def study(folder: Path, jobs: int) -> Study:
    folder.mkdir()
    (folder / "crosscut.toml").write_text("[study]\nseed = 1\n")
    return replace(read_study(folder), jobs=jobs)


def contents(made: Study) -> dict[str, list[tuple[object, ...]]]:
    """All that the ledger says, without the moment of the import."""
    with Ledger(made.ledger) as ledger:
        names = {"files": "path, sha256, outcome, reason, format", "records": "locator, outcome, reason, video",
                 "versions": "version, words, punctuated, transcript, traits, place, raw",
                 "statements": "video, source, facts"}
        return {name: sorted(map(tuple, ledger.rows(f"SELECT {columns} FROM {name}"))) for name, columns in names.items()}


def test_much_is_read_elsewhere_and_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "captions"
    folder.mkdir()
    for number in range(inspection.MANY_FILES + 20):
        (folder / f"video{number:06}.en.vtt").write_bytes(vtt(number))
    (folder / "broken.en.vtt").write_bytes(b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\n")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture of any video")
    used: list[int] = []

    class Counted(Pool[Given, Seen]):
        def __init__(self, work: Inspection, jobs: int) -> None:
            used.append(jobs)
            super().__init__(work, jobs)

    monkeypatch.setattr(inspection, "Pool", Counted)
    reports = {}
    for jobs in (1, 2):
        made = study(tmp_path / str(jobs), jobs)
        reports[jobs] = (import_(made, [folder]), contents(made))
    assert used == [2]
    assert reports[1] == reports[2]
    assert reports[2][0].imported == inspection.MANY_FILES + 20
    assert reports[2][0].excluded == 2


@pytest.mark.parametrize(("files", "size", "pooled"), [
    (1, inspection.BYTES_WORTH_A_POOL, False), (2, inspection.BYTES_WORTH_A_POOL // 2, True),
    (3, inspection.FEWEST_BYTES, False), (inspection.MANY_FILES, inspection.FEWEST_BYTES // inspection.MANY_FILES + 1, True),
    (inspection.MANY_FILES, 10, False),
])
def test_other_processes_are_for_much(files: int, size: int, pooled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    class Recorded:
        def __init__(self, work: Inspection, jobs: int) -> None:
            begun.append(jobs)

        def submit(self, bundle: Sequence[Given]) -> None:
            assert bundle

        def __exit__(self, *_: object) -> None:
            begun.append(0)

    monkeypatch.setattr(inspection, "Pool", Recorded)
    with Inspector((), 2) as inspector:
        assert len(inspector.begin([Given("x", b"x" * size, "plain text")] * files)) == files
    assert begun == ([2, 0] if pooled else [])
    with Inspector((), 1) as inspector:
        inspector.begin([Given("x", b"x" * size, "plain text")] * files)
    assert begun == ([2, 0] if pooled else [])
