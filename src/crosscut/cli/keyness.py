"""``crosscut keyness``: what some videos say more often than others."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import ask, emit_finding, fields, finding_options, strategy_option, study_option, unit_option


@click.command("keyness")
@click.argument("queries", nargs=-1)
@study_option
@click.option("--reference", default="", metavar="CONDITIONS",
              help="The videos to compare with; default: all others in the same languages.")
@click.option("--by", default="", metavar="FIELDS", help="Instead: each outlet, programme … against all others.")
@click.option("--layer", default="lemma", show_default=True, help="What is compared: word, norm, lemma, pos or tag.")
@click.option("--ngram", default=1, show_default=True, type=click.IntRange(1, 8), help="So many of it in a row.")
@click.option("--sort", default="lrc", show_default=True, metavar="COLUMN",
              type=click.Choice(("lrc", "log_ratio", "log_likelihood", "dispersion", "superiority", "percent_difference",
                                 "simple_maths", "log_odds_ratio")),
              help="Rows that differ most by this come first; --explain says what each is.")
@click.option("--side", default="both", show_default=True, type=click.Choice(("both", "target", "reference")),
              help="Only what the target, or the reference, says more often.")
@click.option("--lock", is_flag=True, help="Lockwords: what is shown to be said alike, the most frequent first.")
@click.option("--within", default=0.5, show_default=True, type=click.FloatRange(0, min_open=True),
              help="How near to 0 the whole interval of a lockword's log ratio is.")
@click.option("--min-videos", default=3, show_default=True, type=click.IntRange(1),
              help="Leave out what is in fewer videos.")
@click.option("--at-least", default=1, show_default=True, type=click.IntRange(1), help="Leave out what is there less often.")
@click.option("--correction", default="holm", show_default=True,
              type=click.Choice(("holm", "bonferroni", "sidak", "benjamini-hochberg", "none")),
              help="How p-values of many rows are corrected.")
@click.option("--plus", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True),
              help="The N of simple maths.")
@click.option("--quick", is_flag=True, help="Scores of words only, at once at any size: no videos, ranks, intervals.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(0), help="Rows a group; 0: all.")
@unit_option
@strategy_option
@finding_options
def command(
    queries: tuple[str, ...], corpus: Path, by: str, as_of: str, view: str, format_: str, output: Path | None, explain: bool,
    **asked: object,
) -> None:
    """Find what some videos say more or less often than others.

    crosscut keyness --where outlet=en_AJ --reference outlet=en_BBC compares two groups of videos by their lemmas; QUERIES
    compares hits instead.  Sorted by Evert's conservative log ratio, with the log ratio's interval by resampling videos, and
    a rank test over videos.
    """
    finding = ask(corpus, as_of, view, "keyness", queries=queries, by=fields(by), **asked)
    emit_finding(finding, format_, output, explain=explain)
