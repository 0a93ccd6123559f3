"""``crosscut verify``: does an exported finding still hold?"""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import say, study_option

#: So many changes of a kind are listed.
MOST = 20


@click.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="FILE...",
                type=click.Path(exists=True, dir_okay=False, path_type=Path))
@study_option
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], corpus: Path) -> None:
    """Compute exported findings again.

    FILE is what --output FILE.csv, .json or .parquet of a measure wrote.  The same is asked of the study as it is now:
    either every number comes out again, or what differs is listed, and what changed in the corpus since.  Exit code 1 where
    a finding does not hold.
    """
    from crosscut.workbench.verifying import verify

    fails = 0
    for file in files:
        found = verify(corpus, file)
        fails += not found.holds
        print(f"{file}: {'holds' if found.holds else 'does not hold'}: {len(found.again.rows):,} rows of {found.measure}")
        say(found.question)
        _listed("changed", found.changed)
        _listed("differs", found.differs)
    context.exit(1 if fails else 0)


def _listed(what: str, lines: tuple[str, ...]) -> None:
    for line in lines[:MOST]:
        say(f"  {what}: {line}")
    if len(lines) > MOST:
        say(f"  {what}: {len(lines) - MOST:,} more")
