"""``crosscut export``: the corpus in other people's forms."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from crosscut.cli.common import as_of_option, emit, output_option, study_option, the_corpus, where_option
from crosscut.errors import CrosscutError


@click.command("export")
@click.option("--form", required=True, type=click.Choice(("table", "record", "vertical", "conllu")))
@study_option
@where_option
@click.option("--of", type=click.Choice(("videos", "tokens")), default="videos", show_default=True,
              help="For --form table.")
@click.option("--format", "format_", type=click.Choice(("csv", "json", "jsonl", "parquet")), default="csv",
              show_default=True, help="For --form table.")
@as_of_option
@output_option
def command(form: str, corpus: Path, as_of: str, where: str, of: str, format_: str, output: Path | None) -> None:
    """Write tables, records, vertical or CoNLL-U.

    Videos or tokens as a table, the tagged records of the seed's form, CWB vertical text, or CoNLL-U.
    """
    from crosscut import exporting

    opened = the_corpus(corpus, as_of)
    forms = {"record": exporting.records, "vertical": exporting.vertical, "conllu": exporting.conllu}
    if form in forms:
        stream(forms[form](opened, where), output)
    elif form != "table" or of not in exporting.TABLES:
        raise CrosscutError(f"--form is one of {', '.join(exporting.FORMS)}; --of one of {', '.join(exporting.TABLES)}")
    else:
        tables = [exporting.videos_table(opened, where)] if of == "videos" else exporting.token_tables(opened, where)
        rows = [row for table in tables for row in zip(*table.values(), strict=True)]
        columns = tuple(next(iter(tables), {})) if isinstance(tables, list) else _TOKEN_COLUMNS
        emit(columns, rows, format_, output, header={"recipe": opened.files.manifest.recipe,
                                                    "result": opened.files.manifest.result, "where": where})


_TOKEN_COLUMNS = ("video", "position", "form", "word", "norm", "lemma", "pos", "tag", "after", "dep", "entity", "start",
                  "head", "sentence", "entity_begins", "glued", "estimated")


def stream(pieces: Iterable[str], output: Path | None) -> None:
    """Write text as it is made, byte for byte, whole or not at all where it goes to a file."""
    if not output:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    from crosscut.store.pack import appearing

    with appearing(output) as file:
        for piece in pieces:
            file.write(piece.encode("utf-8", "surrogateescape"))
