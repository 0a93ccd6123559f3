"""``crosscut contrast``: do outlets differ in this window?"""

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


@click.command("contrast")
@click.argument("queries", nargs=-1, required=True)
@study_option
@by_option
@click.option("--within", default="", metavar="FIELD",
              help="Compare within each month (or week, kind …), so that their mix does not pose as a difference.")
@click.option("--permutations", default=10_000, show_default=True, type=click.IntRange(100, 1_000_000),
              help="So many times the videos are dealt out at random.")
@unit_option
@strategy_option
@finding_options
def command(
    queries: tuple[str, ...], corpus: Path, by: str, within: str, permutations: int, where: str, span: str, as_of: str,
    seed: int | None, replicates: int, unit: str, view: str, format_: str, output: Path | None, strategy: str, explain: bool,
) -> None:
    """Test whether outlets differ in how often something is said.

    All at once, each two, and each against the others: rates, log ratio with interval, and p by permutation of the videos,
    adjusted for the number of tests.
    """
    finding = ask(corpus, as_of, view, "contrast", queries=queries, by=fields(by), within=within, permutations=permutations,
                  where=where, span=span, seed=seed, replicates=replicates, unit=unit, strategy=strategy)
    emit_finding(finding, format_, output, explain=explain)
