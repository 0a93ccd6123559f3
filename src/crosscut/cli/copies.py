"""``crosscut copies``: which passages were heard before?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import (
    emit_finding,
    fields,
    format_option,
    output_option,
    progress,
    replicates_option,
    seed_option,
    study_option,
    the_corpus,
    understood,
    unit_option,
    where_option,
)

KINDS = ("re-upload", "excerpt", "pool", "boilerplate", "ident", "repeat")


@click.command("copies")
@study_option
@click.option("--by", default="", metavar="FIELDS", help="How much of what each outlet says is copied, by kind.")
@click.option("--group", default="", metavar="NAME", help="All occurrences of one group, in order of publication.")
@click.option("--kind", default="", type=click.Choice(("", *KINDS)), show_default=False, metavar="KIND",
              help=f"Groups of one kind: {', '.join(KINDS)}.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(0), help="So many groups; 0: all.")
@where_option
@unit_option
@seed_option
@replicates_option
@click.option("--explain", is_flag=True, help="Say what was computed, with formulas and sources.")
@format_option
@output_option
@click.pass_context
def command(
    context: click.Context, /, corpus: Path, by: str, group: str, format_: str, output: Path | None, explain: bool,
    **more: Any,
) -> None:
    """Find passages that were heard before: re-uploads, clips cut from a show, pool speeches, daily background, idents.

    Looks where the corpus changed since it last did, and writes what it finds as the layer copies, so that every other
    command can leave it out or ask for it: --span 'first occurrences', 'without boilerplate', 'without re-uploads',
    '<copies kind="pool"/>'.
    """
    from crosscut.workbench.asking import ask_again
    from crosscut.workbench.looking import look_for_copies

    if by and group:
        raise click.UsageError("--by and --group are two questions: ask one")
    measure, asked = ("copied", "copies --by") if by else ("copies_of", "copies --group") if group else ("copies", "copies")
    options = understood(context, measure, more, asked)
    opened = the_corpus(corpus)
    look_for_copies(opened, progress("comparing"))
    finding = ask_again(opened, measure, {**options, "by": fields(by), "group": group})
    emit_finding(finding, format_, output, explain=explain)
