"""``crosscut ngrams``: which words stand together, around what, and what fills a slot."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import ask, emit_finding, fields, finding_options, study_option


@click.command("ngrams")
@study_option
@click.option("--n", default=2, show_default=True, type=click.IntRange(2, 8), help="How many words.")
@click.option("--layer", default="norm", show_default=True, help="Of what: word, norm, lemma, pos or tag.")
@click.option("--around", default="", metavar="QUERY", help="Only those that hold a hit of a query.")
@click.option("--node", default="any", show_default=True, type=click.Choice(("any", "first", "last")),
              help="Where in them the hit stands.")
@click.option("--frame", default="", metavar="WORDS",
              help="Instead, what fills a slot: 'the * of gaza', or CQL with a label slot: '\"the\" slot:[pos=\"ADJ\"]'.")
@click.option("--by", default="", metavar="FIELDS", help="Group by fields, e.g. outlet,month.")
@click.option("--at-least", default=2, show_default=True, type=click.IntRange(min=1), help="So often over all groups.")
@click.option("--min-videos", default=1, show_default=True, type=click.IntRange(min=1), help="In so many videos.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=0),
              help="So many, the most frequent; 0: all.")
@finding_options
def command(
    corpus: Path, n: int, layer: str, around: str, node: str, frame: str, by: str, where: str, span: str, at_least: int,
    min_videos: int, limit: int, as_of: str, seed: int | None, replicates: int, view: str, format_: str,
    output: Path | None, explain: bool,
) -> None:
    """List rows of words that come again and again.

    Rate, number of videos and dispersion of each, with 95 % intervals by resampling videos for those in ten videos or more.
    Marks do not part them.
    """
    finding = ask(corpus, as_of, view, "ngrams", n=n, layer=layer, around=around, node=node, frame=frame, by=fields(by),
                  where=where, span=span, at_least=at_least, min_videos=min_videos, limit=limit, seed=seed,
                  replicates=replicates)
    emit_finding(finding, format_, output, explain=explain)
