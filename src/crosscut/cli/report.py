"""``crosscut report``: one page that outlives the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import OutputOption, StudyOption, WhereOption, say, the_corpus


def report(
    queries: Annotated[list[str] | None, typer.Argument(help="Queries to show; default: the study's word lists.")] = None,
    corpus: StudyOption = Path(),
    where: WhereOption = "",
    output: OutputOption = None,
) -> None:
    """One static page, no network: the corpus, a time line by outlet with intervals, and lines to check."""
    from crosscut.report import report as work

    say(f"Wrote {work(the_corpus(corpus), queries or (), where=where, output=output)}")
