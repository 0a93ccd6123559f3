"""Documentation that cannot lie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crosscut.cli.app import COMMANDS
from docs import measures, reference

ROOT = Path(__file__).parents[1]


def test_the_command_reference_is_current() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run make docs"


def test_the_page_of_columns_is_current() -> None:
    assert measures.PAGE.read_text(encoding="utf-8") == measures.page(), "run make docs"


def test_commands_spoken_of_exist() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    spoken_of = {word for page in pages
                 for word in re.findall(r"^\s*crosscut ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)}
    assert spoken_of - {"version"} <= set(COMMANDS)


@pytest.mark.parametrize("target", re.findall(r"make ([a-z]+)`", (ROOT / "README.md").read_text(encoding="utf-8")) or ["test"])
def test_make_targets_spoken_of_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
    links = ((page, link) for page in pages
             for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")))
    broken = [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()]
    assert broken == []


def test_nothing_names_a_registry_host() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8")
