"""The door: gather, render, write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscut.report import asking, gather, page, queries
from crosscut.store.pack import write_text
from crosscut.workbench import Corpus


def report(corpus: Corpus, asked: Sequence[str] = (), *, where: str = "", output: Path | None = None) -> Path:
    """Write the report of a study; the queries asked default to the study's word lists, then to frequent nouns."""
    path = output or corpus.study.folder / "out" / "report.html"
    html = page.render(gather.gather(corpus, where), asking.ask(corpus, queries.groups(corpus, asked, where), where))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, html)
    return path
