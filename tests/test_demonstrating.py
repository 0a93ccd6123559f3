"""The demo runs twice, and never over somebody's own work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crosscut.demonstrating import demo
from crosscut.errors import CrosscutError


def silent(verb: str) -> Callable[[int, int, str], None]:
    return lambda done, total, what: None


def test_the_demo_finds_what_it_says_and_runs_again(tmp_path: Path) -> None:
    found = demo(tmp_path / "sample", silent)
    assert (found.imported.seen, found.videos, found.outlets) == (238, 86, 5)
    assert found.report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert {row["outlet"] for row in found.finding.to_dicts() if row["hits"] > 8} == {"en_NWB", "en_HTV", "en_CIV", "en_PLN"}
    (tmp_path / "sample" / "corpus" / "manifest.json").unlink()
    assert demo(tmp_path / "sample", silent).finding.rows == found.finding.rows


def test_a_folder_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "crosscut.toml").write_text("[study]\n")
    with pytest.raises(CrosscutError, match="something else"):
        demo(tmp_path, silent)
    assert [path.name for path in tmp_path.iterdir()] == ["crosscut.toml"]
