"""``crosscut dispersion``: how evenly over videos, days, programmes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import (
    ask,
    by_option,
    emit_finding,
    fields,
    finding_options,
    strategy_option,
    study_option,
    understood,
)


@click.command("dispersion")
@click.argument("queries", nargs=-1, required=True)
@study_option
@by_option
@click.option("--parts", default="video", show_default=True, metavar="FIELDS",
              help="Over what it is spread: video, day, programme; outlet,day: what has both in common.")
@click.option("--strips", is_flag=True, help="Video by video instead, in order of date: hits and words of each.")
@strategy_option
@finding_options
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
