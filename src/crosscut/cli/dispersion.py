"""``crosscut dispersion``: how evenly over videos, days, programmes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import (
    as_of_option,
    ask,
    by_option,
    emit_finding,
    explain_option,
    fields,
    format_option,
    output_option,
    replicates_option,
    seed_option,
    span_option,
    strategy_option,
    study_option,
    understood,
    views_option,
    where_option,
)


@click.command("dispersion")
@click.argument("queries", nargs=-1, required=True)
@study_option
@by_option
@click.option("--parts", default="video", show_default=True, metavar="FIELDS",
              help="Over what it is spread: video, day, programme; outlet,day: what has both in common.")
@click.option("--strips", is_flag=True, help="Video by video instead, in order of date: hits and words of each.")
@where_option
@span_option
@as_of_option
@seed_option
@replicates_option
@strategy_option
@views_option
@explain_option
@format_option
@output_option
@click.pass_context
def command(
    context: click.Context, /, queries: tuple[str, ...], corpus: Path, by: str, strips: bool, as_of: str, view: str,
    format_: str, output: Path | None, explain: bool, **more: Any,
) -> None:
    """Say how evenly something is spread.

    In how many videos it is, DP and DPnorm, Juilland's D and the KL divergence, with 95 % intervals by resampling videos,
    and the DP that chance alone would give.
    """
    measure, name = ("dispersion_strips", "--strips") if strips else ("dispersion", "dispersion")
    finding = ask(corpus, as_of, view, measure, queries=queries, by=fields(by), **understood(context, measure, more, name))
    emit_finding(finding, format_, output, explain=explain)
