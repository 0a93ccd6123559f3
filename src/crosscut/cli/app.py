"""The list of commands, in the order in which a study meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from crosscut import __version__
from crosscut.cli import build, demo, export, forget, freq, import_, init, kwic, report, show, sql, status

app = typer.Typer(
    name="crosscut", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Compare how TV news outlets cover the same story: captions to corpus to evidence.",
    epilog="Every number opens its lines, every line opens its second of video.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crosscut {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


for name, command in (
    ("init", init.init), ("demo", demo.demo), ("import", import_.import_), ("build", build.build),
    ("status", status.status), ("show", show.show), ("kwic", kwic.kwic), ("freq", freq.freq), ("sql", sql.sql),
    ("export", export.export), ("report", report.report), ("forget", forget.forget),
):
    app.command(name)(command)
