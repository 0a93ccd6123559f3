"""``crosscut forget``: erase a video everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import StudyOption, say, the_study


def forget(
    video: Annotated[str, typer.Argument(help="Key (youtube:ID) or YouTube id; write -- before one that begins with -.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger beside a hash of the id.")],
    corpus: StudyOption = Path(),
) -> None:
    """Erase a video everywhere; a keyed hash of its id and the reason stay, so that it does not come back."""
    from crosscut.forgetting import forget as work

    key = work(the_study(corpus), video, reason)
    say(f"Forgotten: {key}. Reports and exports that were made before are files of yours: delete them yourself.")
