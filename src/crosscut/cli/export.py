"""``crosscut export``: the corpus in other people's forms."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import OutputOption, StudyOption, WhereOption, emit, the_corpus
from crosscut.errors import CrosscutError


def export(
    form: Annotated[str, typer.Option(help="table, record, vertical or conllu.")],
    corpus: StudyOption = Path(),
    where: WhereOption = "",
    of: Annotated[str, typer.Option(help="For --form table: videos or tokens.")] = "videos",
    format: Annotated[str, typer.Option("--format", help="For --form table: csv, json, jsonl or parquet.")] = "csv",
    output: OutputOption = None,
) -> None:
    """Videos or tokens as a table, tagged records, CWB vertical text or CoNLL-U."""
    from crosscut import exporting

    opened = the_corpus(corpus)
    forms = {"record": exporting.records, "vertical": exporting.vertical, "conllu": exporting.conllu}
    if form in forms:
        stream(forms[form](opened, where), output)
    elif form != "table" or of not in exporting.TABLES:
        raise CrosscutError(f"--form is one of {', '.join(exporting.FORMS)}; --of one of {', '.join(exporting.TABLES)}")
    else:
        tables = [exporting.videos_table(opened, where)] if of == "videos" else exporting.token_tables(opened, where)
        rows = [row for table in tables for row in zip(*table.values(), strict=True)]
        columns = tuple(next(iter(tables), {})) if isinstance(tables, list) else _TOKEN_COLUMNS
        emit(columns, rows, format, output, header={"recipe": opened.files.manifest.recipe,
                                                    "result": opened.files.manifest.result, "where": where})


_TOKEN_COLUMNS = ("video", "position", "form", "word", "norm", "lemma", "pos", "tag", "after", "dep", "entity", "start",
                  "head", "sentence", "entity_begins", "glued", "estimated")


def stream(pieces: Iterable[str], output: Path | None) -> None:
    """Write text as it is made, byte for byte, whole or not at all where it goes to a file."""
    if not output:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "surrogatepass"))
        sys.stdout.flush()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    scratch = output.with_name(f".{output.name}.tmp")
    with scratch.open("wb") as file:
        for piece in pieces:
            file.write(piece.encode("utf-8", "surrogatepass"))
    scratch.replace(output)
