"""``crosscut freq``: how often, by outlet, month or anything else."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import (
    ask,
    by_option,
    emit_finding,
    fields,
    finding_options,
    strategy_option,
    study_option,
    unit_option,
)


@click.command("freq")
@click.argument("queries", nargs=-1, required=True)
@study_option
@by_option
@unit_option
@strategy_option
@finding_options
def command(
    queries: tuple[str, ...], corpus: Path, by: str, where: str, span: str, as_of: str, seed: int | None,
    replicates: int, unit: str, view: str, format_: str, output: Path | None, strategy: str, explain: bool,
) -> None:
    """Count how often something is said.

    Hits, videos, per million words and per hour of speech, with 95 % intervals by resampling videos; which videos move a
    rate by more than its interval, and the rate without them.
    """
    finding = ask(corpus, as_of, view, "freq", queries=queries, by=fields(by), where=where, span=span, seed=seed,
                  replicates=replicates, unit=unit, strategy=strategy)
    emit_finding(finding, format_, output, explain=explain)
