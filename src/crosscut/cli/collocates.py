"""``crosscut collocates``: what goes with something."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosscut.cli.common import (
    FIGURE,
    ask,
    emit_finding,
    fields,
    finding_options,
    say,
    strategy_option,
    study_option,
    understood,
    unit_option,
    write,
)
from crosscut.errors import QueryError

if TYPE_CHECKING:
    from crosscut.measure.finding import Finding



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
              help="Not what is near but what stands in a grammatical relation: all for a word sketch, or one: subject finds"
                   " subjects of the hits, 'subject of' the verbs that they are subjects of; a label, as nsubj, both.")
@click.option("--layer", default="lemma", show_default=True, help="Of what: word, norm, lemma, pos or tag.")
@click.option("--by", default="", metavar="FIELDS", help="Side by side, e.g. outlet: each group against the others.")
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
              help="Write a network instead: the collocates, and the links among them; --format prints them too.")
@unit_option
@strategy_option
@finding_options
@click.pass_context
def command(
    context: click.Context, /, query: str, corpus: Path, by: str, graph: Path | None, as_of: str, view: str, format_: str,
    output: Path | None, explain: bool, **asked: Any,
) -> None:
    """Find what goes with something.

    What stands within five tokens of the hits, each token counted once: logDice with 95 % intervals by resampling videos,
    and ten other scores in files. --by outlet says how far outlets differ in it.
    """
    if graph:
        if graph.suffix.lower() != ".graphml":
            raise QueryError(f"--network {graph}: a network is written as GraphML; call the file "
                             f"{graph.with_suffix('.graphml')}")
        options = understood(context, "network", {**asked, "by": by}, "--network")
        finding = ask(corpus, as_of, view, "network", query=query, **options)
        _write(finding, graph)
        if output or context.get_parameter_source("format_") == click.core.ParameterSource.COMMANDLINE:
            emit_finding(finding, format_, output, explain=explain)
        else:  # hundreds of links would hide what is to be known of them
            say("\n".join((finding.explain(),) if explain else finding.notes))
            if figure := context.meta.get(FIGURE):
                finding.plot().save(figure)
        say(_written(finding, graph))
        return
    finding = ask(corpus, as_of, view, "collocates", query=query, by=fields(by), **asked)
    emit_finding(finding, format_, output, explain=explain)


def _write(finding: Finding, graph: Path) -> None:
    from crosscut.measure.network import edges, graphml

    write(graphml(edges(finding.columns, finding.rows)), graph)


def _written(finding: Finding, graph: Path) -> str:
    from crosscut.measure.network import edges, words

    links = edges(finding.columns, finding.rows)
    return f"Wrote {graph}: {len(words(links)):,} nodes, {len(links):,} links."
