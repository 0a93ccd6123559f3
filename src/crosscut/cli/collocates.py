"""``crosscut collocates``: what goes with something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import (
    as_of_option,
    ask,
    emit_finding,
    explain_option,
    fields,
    format_option,
    output_option,
    replicates_option,
    say,
    seed_option,
    span_option,
    strategy_option,
    study_option,
    unit_option,
    views_option,
    where_option,
    write,
)
from crosscut.errors import QueryError

#: What a network has no use for.
_NOT_OF_NETWORKS = ("relation", "by", "sort", "unit", "seed", "replicates")


class _Window(click.ParamType):  # type: ignore[type-arg]  # of click 8.3, not of older ones
    """``5``, or ``3,5``: left and right."""

    name = "tokens"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        try:
            sides = tuple(int(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is no window: 5, or 3,5 for three tokens before and five behind", param, ctx)
        return sides * 2 if len(sides) == 1 else sides


@click.command("collocates")
@click.argument("query")
@study_option
@click.option("--window", default="5", show_default=True, type=_Window(), metavar="TOKENS",
              help="How near, in tokens; 3,5: three before and five behind.")
@click.option("--seconds", type=click.FloatRange(0, 3600), help="How near in time instead, on both sides.")
@click.option("--within", default="", metavar="STRUCTURE",
              help="What windows do not leave: s (a sentence), or a layer of spans.")
@click.option("--relations", "relation", default="", metavar="NAME",
              help="Not what is near but what stands in a grammatical relation: all for a word sketch, or one, as subject, "
                   "'object of', nsubj.")
@click.option("--layer", default="lemma", show_default=True, help="Of what: word, norm, lemma, pos or tag.")
@click.option("--by", default="", metavar="FIELDS", help="Side by side, e.g. outlet: each group against the others.")
@where_option
@span_option
@click.option("--sort", default="log_dice", show_default=True, metavar="COLUMN",
              type=click.Choice(("log_dice", "log_ratio", "lrc", "log_likelihood", "mi", "mi3", "t_score", "z_score", "dice",
                                 "delta_p", "delta_p_back")),
              help="Collocates with most of this come first: log_dice, log_ratio, lrc, log_likelihood, mi, mi3, t_score, "
                   "z_score, dice, delta_p, delta_p_back; --explain says what each is.")
@click.option("--cutoff", type=float, help="Only those that have so much of it.")
@click.option("--at-least", default=3, show_default=True, type=click.IntRange(1), help="So many tokens near hits.")
@click.option("--min-alone", default=1, show_default=True, type=click.IntRange(1), help="So many tokens in all.")
@click.option("--min-videos", default=2, show_default=True, type=click.IntRange(1), help="Near hits in so many videos.")
@click.option("--limit", type=click.IntRange(0), help="So many; 0: all.  [default: 50; of a relation 10, of a network 20]")
@click.option("--network", "graph", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.graphml",
              help="Write a network instead: the collocates, and the links among them.")
@as_of_option
@seed_option
@replicates_option
@unit_option
@strategy_option
@views_option
@explain_option
@format_option
@output_option
def command(
    query: str, corpus: Path, by: str, graph: Path | None, as_of: str, view: str, format_: str, output: Path | None,
    explain: bool, **asked: Any,
) -> None:
    """Find what goes with something.

    What stands within five tokens of the hits, each token counted once: logDice with 95 % intervals by resampling videos,
    and ten other scores in files. --by outlet says how far outlets differ in it.
    """
    if graph:
        _network(query, corpus, {**asked, "by": by}, graph, as_of, view, format_, output, explain)
        return
    finding = ask(corpus, as_of, view, "collocates", query=query, by=fields(by), **asked)
    emit_finding(finding, format_, output, explain=explain)


def _network(
    query: str, corpus: Path, asked: dict[str, Any], graph: Path, as_of: str, view: str, format_: str, output: Path | None,
    explain: bool,
) -> None:
    """Write a network, and print its links."""
    if graph.suffix.lower() != ".graphml":
        raise QueryError(f"--network {graph}: a network is written as GraphML; call the file "
                         f"{graph.with_suffix('.graphml')}")
    if asked["by"] or asked["relation"] or asked["sort"] != "log_dice":
        raise QueryError("a network is of all videos and windows, by logDice: leave out --by, --relations and --sort")
    asked = {name: value for name, value in asked.items() if name not in _NOT_OF_NETWORKS}
    if asked["limit"] is None:
        del asked["limit"]
    finding = ask(corpus, as_of, view, "network", query=query, **asked)
    from crosscut.measure.network import edges, graphml

    write(graphml(edges(finding.columns, finding.rows)), graph)
    emit_finding(finding, format_, output, explain=explain)
    say(f"Wrote {graph}.")
