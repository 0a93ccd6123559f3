"""``crosscut dispersion``: how evenly over videos, days, programmes."""

from __future__ import annotations

from pathlib import Path

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
def command(
    queries: tuple[str, ...], corpus: Path, by: str, parts: str, strips: bool, where: str, span: str, as_of: str,
    seed: int | None, replicates: int, view: str, format_: str, output: Path | None, strategy: str, explain: bool,
) -> None:
    """Say how evenly something is spread.

    In how many videos it is, DP and DPnorm, Juilland's D and the KL divergence, with 95 % intervals by resampling videos,
    and the DP that chance alone would give.
    """
    asked = {"queries": queries, "by": fields(by), "where": where, "span": span, "strategy": strategy}
    if strips:
        finding = ask(corpus, as_of, view, "dispersion_strips", **asked)
    else:
        finding = ask(corpus, as_of, view, "dispersion", **asked, parts=fields(parts), seed=seed, replicates=replicates)
    emit_finding(finding, format_, output, explain=explain)
