"""``crosscut kwic``: a concordance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosscut.cli.common import (
    as_of_option,
    emit,
    fields,
    format_option,
    harmless,
    output_option,
    say,
    seed_option,
    span_option,
    study_option,
    terminal_width,
    the_corpus,
    view_option,
    where_option,
    write,
)

if TYPE_CHECKING:
    from crosscut.query.concordance import Line

COLUMNS = ("video", "outlet", "date", "title", "left", "node", "right", "start", "end", "time_ms", "estimated", "link")


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
@click.option("--reference", default="outlet,date", show_default=True, help="What stands before each line.")
@as_of_option
@view_option
@seed_option
@format_option
@output_option
def command(
    query: str, corpus: Path, where: str, span: str, sort: str, limit: int, context: int, reference: str, as_of: str,
    view: str, seed: int | None, format_: str, output: Path | None,
) -> None:
    """Show lines in context, each with its second.

    QUERY is words (peace talks, negotiat*, hostage|captive) or CQL ('[lemma="captive"] []{0,3} "deal"').  Lines come in
    random order unless --sort says otherwise.
    """
    found = the_corpus(corpus, as_of, view).kwic(
        query, where=where, span=span, sort=fields(sort), limit=limit, context=context, seed=seed)
    if format_ != "table":
        rows = [tuple(getattr(line, name) for name in COLUMNS) for line in found.lines]
        head = {"query": found.query, "cql": found.cql, "hits": found.hits, "videos": found.videos,
                "words": found.words, "per_million": found.per_million, "seed": found.seed, "notes": list(found.notes)}
        emit(COLUMNS, rows, format_, output, header=head)
        return
    say(f"{found.cql}: {found.hits:,} hits in {found.videos:,} videos, {found.per_million:,.1f} per million words"
        + (f"; {len(found.lines):,} shown, in random order (seed {found.seed})" if sort == "random" else ""))
    for note in found.notes:
        say(note)
    write(layout(found.lines, fields(reference), terminal_width()), output)


def layout(lines: tuple[Line, ...], reference: tuple[str, ...], width: int) -> str:
    """Lines with the node in the middle, the reference before and the link behind."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    references = [" ".join(harmless(str(getattr(line, name, "")))[:24] for name in reference) for line in lines]
    first = max(map(len, references), default=0)
    last = max((len(line.link) for line in lines), default=0)
    node = min(max((len(line.node) for line in lines), default=0), width // 3)
    side = max((width - first - last - node - 8) // 2, 12)
    rows = []
    for line, ref in zip(lines, references, strict=True):
        left = harmless(line.left)[-side:].rjust(side)
        middle = harmless(line.node)
        right = harmless(line.right)[: side + node - len(middle)].ljust(side + node - len(middle))
        rows.append(f"{ref.ljust(first)}  {left} {bold}{middle}{plain} {right}  {harmless(line.link)}".rstrip())
    return "\n".join(rows) + "\n" * bool(rows)
