"""How long from the key to the first line, on a corpus so small that starting is all there is to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.engine import index, material, measuring

SMALLEST = 20_000
RUNS = 9
#: Libraries that a concordance has no use for, and that take longer to import than it takes.
HEAVY = ("polars", "duckdb", "spacy", "simplemma", "py3langid", "jinja2", "sqlite3", "numpy.ma", "pandas")

_ASK = "import sys; from crosscut.cli import main; main(['kwic', '{word}'])"
_TIME = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \|(\s*)(\S+)")


def measure() -> dict[str, Any]:
    """Wall of ``crosscut kwic`` from the shell, beside a bare Python with NumPy; what it imports, and what that takes."""
    made = material.made(SMALLEST)
    index.measure(made)
    study = made.folder / "study"
    word = made.maker.vocabulary.forms[40]
    tool = Path(sys.executable).with_name("crosscut")
    kwic, bare = _middle(study, str(tool), "kwic", word), _middle(study, sys.executable, "-c", "import numpy")
    return {"tokens": SMALLEST, "kwic_ms": kwic, "python_and_numpy_ms": bare, "heavy": heavy(study, word),
            "slowest_imports_ms": imports(study, word)}


def heavy(study: Path, word: str) -> list[str]:
    """Which of the heavy libraries a concordance imports: it should be none."""
    code = _ASK.format(word=word) + f"\nprint([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=study, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stderr.splitlines()[-1].replace("'", '"'))
    return found


def imports(study: Path, word: str) -> dict[str, float]:
    """The eight modules that take longest to import, with all that they import, in ms."""
    command = [sys.executable, "-X", "importtime", "-c", _ASK.format(word=word)]
    lines = subprocess.run(command, cwd=study, capture_output=True, text=True, check=True).stderr.splitlines()
    took = {found[4]: int(found[2]) / 1e3 for found in map(_TIME.match, lines) if found}
    return dict(sorted(took.items(), key=lambda item: -item[1])[:8])


def _middle(study: Path, *command: str) -> dict[str, float]:
    """Median CPU and wall of a command, in ms, and the best wall."""
    runs = [measuring.clocked(lambda: subprocess.run(command, cwd=study, check=True, capture_output=True))[1:]
            for _ in range(RUNS)]
    cpu, wall = (sorted(column) for column in zip(*runs, strict=True))
    return {"cpu": cpu[RUNS // 2], "wall": wall[RUNS // 2], "best_wall": wall[0]}


if __name__ == "__main__":
    print("\n" + json.dumps(measure()))
