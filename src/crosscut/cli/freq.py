"""``crosscut freq``: how often, by outlet, month or anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import (
    AsOfOption,
    ByOption,
    FormatOption,
    OutputOption,
    SeedOption,
    SpanOption,
    StudyOption,
    WhereOption,
    emit,
    fields,
    say,
    the_corpus,
)


def freq(
    queries: Annotated[list[str], typer.Argument(help="One or more queries: words, or CQL.")],
    corpus: StudyOption = Path(),
    by: ByOption = "outlet",
    where: WhereOption = "",
    span: SpanOption = "",
    as_of: AsOfOption = "",
    seed: SeedOption = None,
    replicates: Annotated[int, typer.Option(help="Resamples of the videos, for the interval.", min=100)] = 1000,
    format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """How often something is said: hits, videos, per million words, per hour of speech, with 95 % intervals over videos."""
    finding = the_corpus(corpus, as_of).freq(
        *queries, by=fields(by), where=where, span=span, seed=seed, replicates=replicates)
    emit(finding.columns, finding.rows, format, output, header=finding.header(), printed=finding.formats)
    if format == "table":
        left_out = ", ".join(f"{count} {reason}" for reason, count in finding.exclusions.items())
        say(f"Intervals: {finding.parameters['level']:.0%}, {replicates:,} resamples of the videos."
            + (f" Left out: {left_out}." if left_out else ""))
        for note in finding.notes:
            say(note)
