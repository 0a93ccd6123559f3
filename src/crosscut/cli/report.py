"""``crosscut report``: one page that outlives the server."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import as_of_option, output_option, say, study_option, the_corpus, where_option


@click.command("report")
@click.argument("queries", nargs=-1)
@study_option
@where_option
@as_of_option
@output_option
def command(queries: tuple[str, ...], corpus: Path, as_of: str, where: str, output: Path | None) -> None:
    """Write one page that outlives the server.

    The corpus, time lines by outlet with intervals, and lines to check; no network needed to read it.  QUERIES default
    to the study's word lists.
    """
    from crosscut.reporting import report

    say(f"Wrote {report(the_corpus(corpus, as_of), queries, where=where, output=output)}")
