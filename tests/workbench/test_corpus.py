"""The methods of an open corpus are the measures and lists, whether they were imported or not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import crosscut
from crosscut.workbench.asking import MEASURES
from tests.studies import built, record


def test_every_measure_is_a_method_with_its_manual(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "a truce")])
    for name in (*MEASURES, "groups", "wordlist", "counts", "kwic"):
        assert name in dir(corpus)
        assert getattr(corpus, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(corpus, "non" + "sense")


def test_a_concordance_imports_no_measure() -> None:
    code = "import crosscut, sys; crosscut.open; print(*sorted(name for name in sys.modules if name.startswith('crosscut.measure.')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert found == ["crosscut.measure.finding"]
    assert crosscut.open is not None
