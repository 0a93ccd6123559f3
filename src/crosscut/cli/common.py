"""What commands share: options, tables, progress, and text that no terminal obeys."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosscut.errors import CrosscutError

if TYPE_CHECKING:
    from crosscut.measure.finding import Finding
    from crosscut.settings import Study
    from crosscut.workbench.corpus import Corpus

study_option = click.option("--corpus", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
                            help="Study folder; default: the one you stand in.")
where_option = click.option("--where", default="", metavar="CONDITIONS",
                            help="Which videos, e.g. 'outlet=en_AJ date>=2024-01-01 title~ceasefire'.")
span_option = click.option("--span", default="", metavar="SPAN",
                           help="Which part of them: 'first 60s', 'last 60s', 'layer NAME', 'not …', 'first occurrences', "
                                "'without boilerplate', 'matched stories'; several with and.")
format_option = click.option("--format", "format_", default="table", metavar="FORMAT",
                             help="table, csv, json, jsonl or parquet.  [default: table]")
output_option = click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE",
                             help="Write to a file instead.")
seed_option = click.option("--seed", type=int, help="Seed of sampling and resampling; default: the study's.")
by_option = click.option("--by", default="outlet", show_default=True, metavar="FIELDS",
                         help="Group by fields, e.g. outlet,month.")
as_of_option = click.option("--as-of", default="", metavar="DATE", help="As the study was known at the end of a day.")
view_option = click.option("--view", type=click.Choice(("found", "levelled")), default="found", show_default=True,
                           help="Words as captioned, or in the poorest form that captions come in.")
replicates_option = click.option("--replicates", default=1000, show_default=True, type=click.IntRange(100, 100_000),
                                 help="Resamples of the videos, for the intervals.")
unit_option = click.option(
    "--unit", default="video", show_default=True, metavar="FIELD",
    help="What is resampled as a whole: video, day, programme, story; where their videos depend on one another.")
views_option = click.option(
    "--view", type=click.Choice(("auto", "found", "levelled", "both")), default="auto", show_default=True,
    help="Words as captioned, in the poorest form that captions come in, or both and how far they differ; auto: both where "
         "captions are of unlike kinds and crosscut build --levelled was run.")
strategy_option = click.option(
    "--strategy", type=click.Choice(("standard", "longest", "shortest", "traditional")), default="standard",
    show_default=True, help="Which of overlapping matches become hits; (?longest) in a query goes before it.")
json_option = click.option("--format", "format_", type=click.Choice(("table", "json")), default="table",
                           show_default=True)

#: Where the file of ``--figure`` waits for the finding, and the part of ``--beside`` for the question.
FIGURE, BESIDE = "crosscut.figure", "crosscut.beside"


def _keep(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value:
        from crosscut.figures import check_ending

        check_ending(value)  # before anything is computed
    context.meta[FIGURE] = value


def _remember(context: click.Context, _: click.Parameter, value: str | None) -> None:
    context.meta[BESIDE] = value


explain_option = click.option("--explain", is_flag=True, help="Say what was computed, with formulas and sources.")
figure_option = click.option("--figure", type=click.Path(path_type=Path), metavar="FILE", expose_value=False, callback=_keep,
                             help="Draw it too: FILE ends in .svg, .png, .pdf or .json (Vega-Lite).")


def finding_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every finding can be asked for, as arguments of its command.

    ``--beside`` and ``--figure`` are none: see ``ask`` and ``emit_finding``.
    """
    for option in reversed((
        where_option, span_option,
        click.option("--beside", metavar="SPAN", expose_value=False, callback=_remember,
                     help="Ask twice, of all and of a part of the words, and say how far it moves: 'first occurrences', "
                          "'without boilerplate', 'without re-uploads', 'matched stories' or another --span."),
        as_of_option, seed_option, replicates_option, views_option,
        explain_option, figure_option, format_option, output_option,
    )):
        command = option(command)
    return command


FORMATS = ("table", "csv", "json", "jsonl", "parquet")

# Control characters, and the invisible marks that turn text around: a title must not steer a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str, keep: str = "") -> str:
    """Text with everything that a terminal would obey made visible."""
    return _CONTROL.sub(lambda found: found[0] if found[0] in keep else "�", text)


def the_study(folder: Path) -> Study:
    """The study at or above a folder."""
    from crosscut.settings import open_study

    return open_study(folder)


def the_corpus(folder: Path, as_of: str = "", view: str = "found") -> Corpus:
    """The open corpus of the study at or above a folder, now or as it was known at a date."""
    from crosscut.workbench.corpus import open_corpus

    return open_corpus(folder, as_of=as_of, view=view)


def ask(folder: Path, as_of: str, view: str, measure: str, **parameters: Any) -> Finding:
    """A measure of the study at or above a folder, in one view of its words or in both, or beside a part of them."""
    from crosscut.workbench.asking import ask_again
    from crosscut.workbench.views import ask_both

    part = click.get_current_context().meta.get(BESIDE)
    if part is not None and view == "both":
        raise click.UsageError("--beside and --view both each ask a second time: give one of them")
    opened = the_corpus(folder, as_of, "levelled" if view == "levelled" else "found")
    if part is not None:
        return opened.beside(measure, parameters, part)
    if view in {"auto", "both"}:
        return ask_both(opened, measure, parameters, always=view == "both")
    return ask_again(opened, measure, parameters)


def understood(context: click.Context, measure: str, options: Mapping[str, Any], asked: str) -> dict[str, Any]:
    """The options that a measure has; those that it has not are refused where somebody typed them.

    ``asked``: what the measure is called on the command line.
    """
    from inspect import signature

    from crosscut.workbench.asking import measure_named

    known = signature(measure_named(measure)).parameters
    typed = {name for name in options if context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE}
    if wrong := sorted(typed - set(known)):
        (written,) = {option.opts[0] for option in context.command.params if option.name == wrong[0]}
        raise click.UsageError(f"{asked} has no {written}")
    return {name: value for name, value in options.items() if name in known and value is not None}


def emit_finding(
    finding: Finding, format: str, output: Path | None, *, explain: bool = False,
    drawn: Callable[[], Finding] | None = None,
) -> None:
    """A finding in the format asked for; as a table with what is to be known of it on stderr; drawn, if ``--figure``.

    ``drawn``: gives the finding whose picture it is, where that is another one.
    """
    printed = format == "table" and not (output and output.suffix[1:] in FORMATS)
    columns, rows = finding.in_files()
    dropped: Sequence[str] = ()
    if printed:
        columns, rows, dropped = fitting(finding.columns, finding.rows, finding.formats, finding.lesser)
    emit(columns, rows, format, output, header=finding.header(), printed=finding.formats)
    if explain:
        say(finding.explain())
    elif printed:
        left_out = ", ".join(f"{count:,} {reason}" for reason, count in finding.exclusions.items())
        if text := " ".join(filter(None, (finding.generalises, f"Left out: {left_out}." if left_out else ""))):
            say(text)
        for note in (*finding.notes, *_also(dropped)):
            say(note)
    context = click.get_current_context(silent=True)
    if context and (figure := context.meta.get(FIGURE)):
        (drawn() if drawn else finding).plot().save(figure)


def _also(dropped: Sequence[str]) -> list[str]:
    return [f"Not shown, to fit: {', '.join(dropped)}; a wider terminal or --format csv has them."] if dropped else []


def fitting(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], printed: Mapping[str, str], lesser: Sequence[str],
) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]], list[str]]:
    """The columns and rows that a terminal has room for, and the columns that it has none for."""
    widths = {name: max([len(name), *(len(cell(row[i], printed.get(name, ""))) for row in rows)])
              for i, name in enumerate(columns)}
    dropped: list[str] = []
    for name in (name for name in lesser if name in widths):
        if sum(widths.values()) + 2 * (len(widths) - 1) <= terminal_width():
            break
        del widths[name]
        dropped.append(name)
    places = [i for i, name in enumerate(columns) if name in widths]
    return tuple(widths), (tuple(row[i] for i in places) for row in rows), dropped


def fields(text: str) -> tuple[str, ...]:
    """``outlet,month`` as a tuple."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def write(text: str | Iterable[str], output: Path | None) -> None:
    """To a file (whole or not at all) or to standard output, piece by piece."""
    pieces = (text,) if isinstance(text, str) else text
    if not output:
        sys.stdout.writelines(pieces)
        return
    from crosscut.store.pack import appearing

    output.parent.mkdir(parents=True, exist_ok=True)
    with appearing(output) as file:
        file.writelines(piece.encode("utf-8") for piece in pieces)


def emit(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], format: str, output: Path | None, *,
    header: Mapping[str, Any] | None = None, printed: Mapping[str, str] | None = None,
) -> None:
    """A table in the format asked for, CSV and JSON Lines row by row; ``header``: what a finding says about itself."""
    if format == "table" and output and output.suffix[1:] in FORMATS:
        format = output.suffix[1:]  # a file called x.csv should be one
    if format not in FORMATS:
        raise CrosscutError(f"unknown format {format!r}: one of {', '.join(FORMATS)}")
    from crosscut.measure.finding import csv_lines, write_json

    if format == "jsonl":
        write((json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n" for row in rows), output)
    elif format == "csv":
        write(csv_lines(columns, rows, header or {}), output)
    elif format == "parquet":
        _parquet(columns, list(rows), output, header)
    elif format == "json":
        write(write_json(columns, list(rows), header or {}), output)
    else:
        write(to_table(columns, list(rows), printed or {}), output)


def _parquet(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], output: Path | None, header: Mapping[str, Any] | None
) -> None:
    if not output:
        raise CrosscutError("Parquet is no text: say where to with --output FILE.parquet")
    import polars

    from crosscut.store.pack import appearing

    frame = polars.DataFrame(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)) if rows else
                             {name: [] for name in columns}, strict=False)
    output.parent.mkdir(parents=True, exist_ok=True)
    with appearing(output) as file:
        frame.write_parquet(file, metadata={"crosscut": json.dumps(header or {}, ensure_ascii=False)})


def to_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], printed: Mapping[str, str]) -> str:
    """A table of aligned columns that fits the terminal: numbers right, text left and cut at the end."""
    cells = [[cell(value, printed.get(name, "")) for name, value in zip(columns, row, strict=True)] for row in rows]
    numeric = [any(isinstance(row[i], (int, float)) for row in rows) for i in range(len(columns))]
    widths = [max([len(name), *(len(row[i]) for row in cells)]) for i, name in enumerate(columns)]
    widths = _fit(widths, numeric)
    lines = [_line(columns, widths, numeric), "─" * (sum(widths) + 2 * (len(widths) - 1))]
    lines += [_line(row, widths, numeric) for row in cells]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def cell(value: object, form: str = "") -> str:
    """One value as it is printed."""
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return format(value, form or (",d" if isinstance(value, int) else ",.2f"))
    return harmless(str(value))


def _fit(widths: list[int], numeric: list[bool]) -> list[int]:
    """Narrow the widest text columns until the line fits."""
    room = terminal_width() - 2 * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room:
        text = [i for i in range(len(widths)) if not numeric[i] and widths[i] > 8]
        if not text:
            break
        widest = max(text, key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    return "  ".join(
        (text[: width - 1] + "…" if len(text) > width else text.rjust(width) if right else text.ljust(width))
        for text, width, right in zip(cells, widths, numeric, strict=True))


def terminal_width() -> int:
    """Columns of the terminal; generous when the output goes elsewhere."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 160


def progress(verb: str) -> Callable[[int, int, str], None]:
    """A progress line on stderr with the time left; silent when stderr is not a terminal."""
    began = time.monotonic()
    last = [0.0]

    def show(done: int, total: int, what: str) -> None:
        moment = time.monotonic()
        if not sys.stderr.isatty() or (moment - last[0] < 0.1 and done < total):
            return
        last[0] = moment
        left = (moment - began) * (total - done) / done if done else 0.0
        text = f"{verb} {done:,} of {total:,}, about {left // 60:.0f}:{left % 60:02.0f} left  {harmless(what)}"
        sys.stderr.write("\r\x1b[K" + (text[: terminal_width() - 1] if done < total else ""))
        sys.stderr.flush()

    return show


def say(text: str) -> None:
    """A remark for a person, on stderr, so that tables can be piped."""
    print(harmless(text, keep="\n"), file=sys.stderr)
