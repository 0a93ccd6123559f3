"""``crosscut absence``: what others have and an outlet has not, and what could explain it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import ask, emit_finding, finding_options, strategy_option, study_option, understood


@click.command("absence")
@click.option("--of", type=click.Choice(("stories", "persons", "places")), default="stories", show_default=True,
              help="Stories of the layer, or the names in most videos.")
@click.option("--query", "queries", multiple=True, metavar="QUERY", help="Given queries instead; may be repeated.")
@click.option("--outlet", default="", metavar="OUTLET", help="One outlet only, compared with the others still.")
@click.option("--at-least", default=2, show_default=True, type=click.IntRange(1), metavar="N",
              help="What so many other outlets have, at least.")
@click.option("--least-videos", default=3, show_default=True, type=click.IntRange(0), metavar="N",
              help="An outlet with fewer videos in these days has too little to tell.")
@click.option("--least-words", default=1_000, show_default=True, type=click.IntRange(0), metavar="N",
              help="Or with fewer words.")
@click.option("--all", "every", is_flag=True, help="Rows for outlets that have it, too.")
@click.option("--limit", default=40, show_default=True, type=click.IntRange(0), metavar="N",
              help="So many stories, names or queries; 0: all.")
@click.option("--layer", default="stories", show_default=True, metavar="NAME", help="The layer whose labels are stories.")
@strategy_option
@study_option
@finding_options
@click.pass_context
def command(
    context: click.Context, /, of: str, queries: tuple[str, ...], corpus: Path, as_of: str, view: str, format_: str,
    output: Path | None, explain: bool, **more: Any,
) -> None:
    """Look for what others have and an outlet has not.

    Stories (or persons, places, queries) that were not found with an outlet in what was collected: how seldom that would be
    chance, and what is known to be missing of the outlet in these days.
    """
    if view == "both":
        raise click.UsageError("absence has no --view both: spans of stories are of the words as found")
    names = not queries and of != "stories"
    measure, asked = ("unsaid", "absence --query" if queries else f"absence --of {of}") if queries or names else (
        "absence", "absence of stories")
    if queries and context.get_parameter_source("of") == click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--query asks for queries, --of for stories or names: one of the two")
    options = understood(context, measure, more, asked)
    given = {"queries": queries, "of": of if names else ""} if measure == "unsaid" else {}
    emit_finding(ask(corpus, as_of, "found" if view == "auto" else view, measure, **given, **options), format_, output,
                 explain=explain)
