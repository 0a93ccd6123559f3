"""Does what fuzzing found once hold now, and do the seeds?  Needs no fuzzer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz import seeds
from tests.fuzz.targets import TARGETS

FOUND = sorted(path for path in (Path(__file__).parent / "found").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=[f"{path.parent.name}-{path.name}" for path in FOUND])
def test_what_was_found_stays_mended(path: Path) -> None:
    began = time.process_time()
    TARGETS[path.parent.name][0](path.read_bytes())
    assert time.process_time() - began < 10  # what took a second when it was found took minutes on a larger file


@pytest.mark.parametrize("target", TARGETS)
def test_the_invented_seeds_hold(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "SHARED", Path("nowhere"))
    for seed in (b"", *seeds.of(target)):
        TARGETS[target][0](seed)
