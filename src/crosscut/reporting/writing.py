"""The door: gather, render, write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscut.reporting.asking import ask
from crosscut.reporting.gather import gather
from crosscut.reporting.naming import named
from crosscut.reporting.page import render
from crosscut.reporting.queries import groups
from crosscut.reporting.stories import stories
from crosscut.store.pack import write_text
from crosscut.workbench.corpus import Corpus


def report(corpus: Corpus, queries: Sequence[str] = (), *, where: str = "", output: Path | None = None) -> Path:
    """Write the report of a study; ``queries`` default to the study's word lists, then to frequent nouns.

    What outlets call the same, by the study's choice sets, is shown where no queries are given; stories, where a layer has
    them.
    """
    path = output or corpus.study.folder / "out" / "report.html"
    facts = gather(corpus, where)
    names = () if queries else named(corpus, facts, where)
    asked = groups(corpus, queries, where)
    told = stories(corpus, facts, [query for group in asked for query in group.queries], where)
    html = render(facts, ask(corpus, asked, where), names, told)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, html)
    return path
