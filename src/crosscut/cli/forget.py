"""``crosscut forget``: erase a video everywhere."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import say, study_option, the_study


@click.command("forget")
@click.argument("video")
@click.option("--reason", required=True, help="Why; kept in the ledger beside a hash of the id.")
@study_option
def command(video: str, reason: str, corpus: Path) -> None:
    """Erase a video everywhere.

    A keyed hash of its id and the reason stay, so that it does not come back.
    """
    from crosscut.forgetting import forget

    key = forget(the_study(corpus), video, reason)
    say(f"Forgotten: {key}. Reports and exports that were made before are files of yours: delete them yourself.")
