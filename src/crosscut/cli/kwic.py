"""``crosscut kwic``: a concordance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosscut.cli.common import (
    FormatOption,
    OutputOption,
    SeedOption,
    SpanOption,
    StudyOption,
    WhereOption,
    emit,
    fields,
    harmless,
    say,
    terminal_width,
    the_corpus,
    write,
)

if TYPE_CHECKING:
    from crosscut.query.concordance import Line

COLUMNS = ("video", "outlet", "date", "title", "left", "node", "right", "start", "end", "time_ms", "estimated", "link")


def kwic(
    query: Annotated[str, typer.Argument(help="Words, or CQL: '[lemma=\"captive\"]'.")],
    corpus: StudyOption = Path(),
    where: WhereOption = "",
    span: SpanOption = "",
    sort: Annotated[str, typer.Option(help="random, video, date, outlet, node, 1L, 1R …; several with commas.")] = "random",
    limit: Annotated[int, typer.Option(help="How many lines; 0: all.")] = 50,
    context: Annotated[int, typer.Option(help="Tokens of context on each side.")] = 10,
    reference: Annotated[str, typer.Option(help="What stands before each line: fields of the line.")] = "outlet,date",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="As the study was known at a date.")] = "",
    seed: SeedOption = None,
    format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Lines in which something is said, each with its second of video; in random order unless sorted."""
    found = the_corpus(corpus, as_of).kwic(
        query, where=where, span=span, sort=fields(sort), limit=limit, context=context, seed=seed)
    if format != "table":
        rows = [tuple(getattr(line, name) for name in COLUMNS) for line in found.lines]
        head = {"query": found.query, "cql": found.cql, "hits": len(found.hits), "videos": found.videos,
                "words": found.words, "per_million": found.per_million, "seed": found.seed, "notes": list(found.notes)}
        emit(COLUMNS, rows, format, output, header=head)
        return
    say(f"{found.cql}: {len(found.hits):,} hits in {found.videos:,} videos, {found.per_million:,.1f} per million words"
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
