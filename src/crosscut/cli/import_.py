"""``crosscut import``: bring in what you already have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import StudyOption, emit, progress, say


def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    corpus: StudyOption = Path(),
    outlet: Annotated[str, typer.Option(help="The outlet of everything in this import, e.g. en_AJ.")] = "",
    mapping: Annotated[list[Path] | None, typer.Option(help="A TOML file with [mappings.*]; may be repeated.")] = None,
    format: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
) -> None:
    """Import caption files, transcripts, metadata and thumbnails; every file ends up accounted for."""
    from crosscut.importing import import_ as work
    from crosscut.starting import init
    from crosscut.study import find_study, read_study
    from crosscut.errors import CorpusMissing

    try:
        folder = find_study(corpus.resolve())
    except CorpusMissing:
        folder = corpus.resolve()
        say(f"Began a study: {init(folder)}")
    study = read_study(folder)
    report = work(study, paths, outlet=outlet, mappings=_mappings(mapping or []), progress=progress("reading"))
    if format == "json":
        emit(("seen", "imported", "joined", "excluded", "known", "videos"),
             [(report.seen, report.imported, report.joined, report.excluded, report.known, len(report.videos))],
             "json", None, header={"exclusions": report.reasons})
        return
    say(f"{report.seen:,} files seen: {report.imported:,} imported, {report.joined:,} joined to a video, "
        f"{report.excluded:,} excluded ({report.known:,} were known already); {len(report.videos):,} videos have words.")
    if report.reasons:
        rows = [(reason, count, report.examples[reason]) for reason, count in
                sorted(report.reasons.items(), key=lambda item: (-item[1], item[0]))]
        emit(("excluded because", "files", "for example"), rows, "table", None)
    say("Next: crosscut build")


def _mappings(files: list[Path]):  # type: ignore[no-untyped-def]  # list[Mapping]; imported late
    from crosscut.importing import read_mappings

    return [mapping for path in files for mapping in read_mappings(path)]
