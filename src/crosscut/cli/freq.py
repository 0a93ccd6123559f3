"""``crosscut freq``: how often, by outlet, month or anything else."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from crosscut.cli.common import (
    as_of_option,
    by_option,
    emit,
    fields,
    format_option,
    output_option,
    say,
    seed_option,
    span_option,
    strategy_option,
    study_option,
    the_corpus,
    where_option,
)


@click.command("freq")
@click.argument("queries", nargs=-1, required=True)
@study_option
@by_option
@where_option
@span_option
@as_of_option
@seed_option
@click.option("--replicates", default=1000, show_default=True, type=click.IntRange(100, 100_000),
              help="Resamples of the videos, for the interval.")
@strategy_option
@click.option("--view", type=click.Choice(("found", "levelled", "both")), default="found", show_default=True,
              help="Words as captioned, in the poorest form that captions come in, or both and how far they differ.")
@format_option
@output_option
def command(
    queries: tuple[str, ...], corpus: Path, by: str, where: str, span: str, as_of: str, seed: int | None,
    replicates: int, view: str, format_: str, output: Path | None, strategy: str,
) -> None:
    """Count how often something is said.

    Hits, videos, per million words and per hour of speech, with 95 % intervals by resampling videos.
    """
    opened = the_corpus(corpus, as_of, "found" if view == "both" else view)
    ask = opened.freq
    if view == "both":
        from crosscut.workbench import both_views

        ask = partial(both_views, opened, the_corpus(corpus, as_of, "levelled"))
    finding = ask(*queries, by=fields(by), where=where, span=span, seed=seed, replicates=replicates, strategy=strategy)
    emit(finding.columns, finding.rows, format_, output, header=finding.header(), printed=finding.formats)
    if format_ == "table":
        left_out = ", ".join(f"{count} {reason}" for reason, count in finding.exclusions.items())
        say(f"Intervals: {finding.parameters['level']:.0%}, {replicates:,} resamples of the videos."
            + (f" Left out: {left_out}." if left_out else ""))
        for note in finding.notes:
            say(note)
