"""``crosscut sql``: ask anything of the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import FormatOption, OutputOption, StudyOption, emit, the_corpus


def sql(
    query: Annotated[str, typer.Argument(help="SQL over videos, tokens, files, records, versions, statements …")],
    corpus: StudyOption = Path(),
    format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Read-only SQL over videos, tokens and the ledger."""
    from crosscut.sql import sql as work

    columns, rows = work(the_corpus(corpus), query)
    emit(columns, rows, format, output, header={"sql": query})
