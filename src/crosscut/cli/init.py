"""``crosscut init``: begin a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import say


def init(folder: Annotated[Path, typer.Argument(help="Folder of the new study; made if missing.")] = Path()) -> None:
    """Begin a study: a folder with a commented study file."""
    from crosscut.starting import init as start

    path = start(folder)
    say(f"Began a study: {path}\nNext: edit it, then crosscut import PATH… and crosscut build")
