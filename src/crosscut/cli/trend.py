"""``crosscut trend``: how often over time, where that changed, and who leads."""

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
    unit_option,
    views_option,
    where_option,
)

#: What is asked of the series where it is not shown itself.
INSTEAD = ("changes", "leads", "firsts")


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
@where_option
@span_option
@as_of_option
@seed_option
@replicates_option
@unit_option
@strategy_option
@views_option
@explain_option
@format_option
@output_option
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
    parameters = _understood(context, measure, more)
    finding = ask(corpus, as_of, view, measure, queries=queries, by=fields(by), where=where, span=span, **parameters)
    emit_finding(finding, format_, output, explain=explain)


def _understood(context: click.Context, measure: str, more: dict[str, Any]) -> dict[str, Any]:
    """The options that a measure has; those that it has not are refused where somebody typed them."""
    from inspect import signature

    from crosscut.workbench.asking import measure_named

    known = signature(measure_named(measure)).parameters
    typed = {name for name in more if context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE}
    if wrong := sorted(typed - set(known)):
        option = f"--{'first' if measure == 'firsts' else measure}"
        raise click.UsageError(f"{option if measure != 'trend' else 'trend'} has no --{wrong[0].replace('_', '-')}")
    return {name: value for name, value in more.items() if name in known and value is not None}
