"""``crosscut kwic``: a concordance."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosscut.cli.common import (
    FORMATS,
    as_of_option,
    emit,
    fields,
    format_option,
    harmless,
    output_option,
    say,
    seed_option,
    span_option,
    strategy_option,
    study_option,
    terminal_width,
    the_corpus,
    view_option,
    where_option,
    write,
)
from crosscut.errors import QueryError

if TYPE_CHECKING:
    from crosscut.query.concordance import Line
    from crosscut.query.search import Plan

#: What a line says of itself in files unless asked otherwise, and all that it can say.
COLUMNS = ("video", "outlet", "date", "title", "left", "node", "right", "start", "end", "time_ms", "estimated", "link")
KNOWN = (*COLUMNS, "clock")


@click.command("kwic")
@click.argument("query")
@study_option
@where_option
@span_option
@click.option("--sort", default="random", show_default=True,
              help="random, video, date, outlet, node, 1L, 1R …; several with commas.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(0), help="How many lines; 0: all.")
@click.option("--context", default=10, show_default=True, type=click.IntRange(0, 1000),
              help="Tokens of context on each side.")
@click.option("--columns", default=",".join(COLUMNS), metavar="NAMES",
              help=f"Columns of csv, json, jsonl and parquet: {', '.join(KNOWN)}.")
@click.option("--explain", is_flag=True, help="Where the search begins, what frequencies let expect, what is found.")
@strategy_option
@click.option("--reference", default="outlet,date", show_default=True, help="What stands before each line.")
@as_of_option
@view_option
@seed_option
@format_option
@output_option
def command(
    query: str, corpus: Path, where: str, span: str, sort: str, limit: int, context: int, reference: str, as_of: str,
    view: str, seed: int | None, format_: str, output: Path | None, columns: str, explain: bool, strategy: str,
) -> None:
    """Show lines in context, each with its second.

    QUERY is words (peace talks, negotiat*, hostage|captive) or CQL ('[lemma="captive"] []{0,3} "deal"', see
    docs/query-language.md).  Lines come in random order unless --sort says otherwise.  --limit 0 writes all of them.
    """
    chosen = tuple(_known(name) for name in fields(columns))
    opened = the_corpus(corpus, as_of, view)
    if explain:
        _explained(opened.explain(query, where=where, span=span, strategy=strategy), format_, output)
        return
    found = opened.kwic(
        query, where=where, span=span, sort=fields(sort), limit=limit, context=context, seed=seed, strategy=strategy)
    if format_ != "table" or (output and output.suffix[1:] in FORMATS):
        rows = (tuple(getattr(line, name) for name in chosen) for line in found.lines)
        head = {"query": found.query, "cql": found.cql, "hits": found.hits, "videos": found.videos,
                "words": found.words, "per_million": found.per_million, "seed": found.seed, "notes": list(found.notes)}
        emit(chosen, rows, format_, output, header=head)
        return
    say(f"{found.cql}: {found.hits:,} hits in {found.videos:,} videos, {found.per_million:,.1f} per million words"
        + (f"; {len(found.lines):,} shown, in random order (seed {found.seed})" if sort == "random" else ""))
    for note in found.notes:
        say(note)
    write(layout(list(found.lines), fields(reference), terminal_width()), output)


def _known(column: str) -> str:
    if column not in KNOWN:
        raise QueryError(f"no column {column!r}: there is {', '.join(KNOWN)}")
    return column


def _explained(plan: Plan, format_: str, output: Path | None) -> None:
    rows = [(part, expected, found) for part, (expected, found) in plan.steps.items()]
    emit(("part", "expected", "found"), [*rows, ("whole query", None, plan.matches)], format_, output,
         header={"matches": plan.matches})


def layout(lines: Sequence[Line], reference: tuple[str, ...], width: int) -> str:
    """Lines with the node in the middle, the reference before and the link behind."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    references = [" ".join(harmless(str(getattr(line, name, "")))[:24] for name in reference) for line in lines]
    first = max(map(len, references), default=0)
    last = max((len(line.link) for line in lines), default=0)
    node = min(max((len(line.node) for line in lines), default=0), width // 3)
    side = max((width - first - last - node - 10) // 2, 12)
    rows = []
    for line, ref in zip(lines, references, strict=True):
        left = harmless(line.left)[-side:].rjust(side)
        middle = harmless(line.node) if len(line.node) <= node else f"{harmless(line.node)[: node - 1]}…"
        right = harmless(line.right)[: side + node - len(middle)].ljust(side + node - len(middle))
        opens = harmless(line.link) or line.clock
        rows.append(f"{ref.ljust(first)}  {left}  {bold}{middle}{plain}  {right}  {opens}".rstrip())
    return "\n".join(rows) + "\n" * bool(rows)
