"""``crosscut sql``: ask anything of the tables."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import as_of_option, emit, format_option, output_option, study_option, the_corpus


@click.command("sql")
@click.argument("query")
@study_option
@format_option
@as_of_option
@output_option
def command(query: str, corpus: Path, as_of: str, format_: str, output: Path | None) -> None:
    """Ask anything of the tables, read-only.

    Tables: videos, tokens, files, records, statements, tracks, versions, listings, pictures.
    """
    from crosscut.tables import sql

    columns, rows = sql(the_corpus(corpus, as_of), query)
    emit(columns, rows, format_, output, header={"sql": query})
