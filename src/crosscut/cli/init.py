"""``crosscut init``: begin a study."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def command(folder: Path) -> None:
    """Begin a study: a folder with a commented study file."""
    from crosscut.starting import init

    path = init(folder)
    say(f"Began a study: {path}\nNext: edit it, then crosscut import PATH… and crosscut build")
