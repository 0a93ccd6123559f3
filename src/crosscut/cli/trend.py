"""``crosscut trend``: how often over time, where that changed, and who leads."""

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
    unit_option,
)


@click.command("trend")
@click.argument("queries", nargs=-1, required=True)
@study_option
@by_option
@click.option("--period", type=click.Choice(("hour", "day", "week", "month", "year")),
              help="hour with --leads only.  [default: month; with --changes week, with --leads day]")
@click.option("--cumulative", is_flag=True, help="All periods up to each.")
@click.option("--changes", "instead", flag_value="changes", help="Where the rates changed, and how sure that is.")
@click.option("--leads", "instead", flag_value="leads",
              help="Which outlets' rates follow whose.  Only where videos have times with zones.")
@click.option("--first", "instead", flag_value="firsts", help="Who said it first.  Only where videos have times with zones.")
@click.option("--least-words", type=click.IntRange(0), help="A period with fewer words has no rate.  [default: 2000]")
@click.option("--least-videos", type=click.IntRange(0), help="A period with fewer videos has no rate.  [default: 3]")
@click.option("--lags", type=click.IntRange(1, 1000), help="With --leads: so many periods apart.  [default: 7]")
@unit_option
@strategy_option
@finding_options
@click.pass_context
def command(
    context: click.Context, /, queries: tuple[str, ...], corpus: Path, by: str, where: str, span: str, as_of: str,
    view: str, format_: str, output: Path | None, explain: bool, instead: str | None, **more: Any,
) -> None:
    """Count how often something is said over time.

    A row for each group and period, with 95 % intervals; a period with too few words or videos is a gap.  Events of the
    study file stand beside their periods.
    """
    measure = instead or "trend"
    option = "trend" if measure == "trend" else "--first" if measure == "firsts" else f"--{measure}"
    parameters = understood(context, measure, more, option)
    finding = ask(corpus, as_of, view, measure, queries=queries, by=fields(by), where=where, span=span, **parameters)
    emit_finding(finding, format_, output, explain=explain)
