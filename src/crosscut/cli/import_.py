"""``crosscut import``: bring in what you already have."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import emit, json_option, progress, say, study_option
from crosscut.errors import CorpusMissing


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@study_option
@click.option("--outlet", default="", help="The outlet of everything in this import, e.g. en_AJ.")
@click.option("--mapping", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
              help="A TOML file with [mappings.*]; may be repeated.")
@json_option
def command(paths: tuple[Path, ...], corpus: Path, outlet: str, mapping: tuple[Path, ...], format_: str) -> None:
    """Import captions, transcripts, metadata, pictures.

    PATHS are files, folders and archives (tar, zip).  Every file ends as imported, joined to a video or excluded with a
    reason.  Outside a study, this begins one.
    """
    from crosscut.importing import check_paths, import_, read_mappings
    from crosscut.settings import find_study, read_study
    from crosscut.starting import init

    check_paths(paths)  # a mistake in the command must not leave a new study behind
    mappings = [found for path in mapping for found in read_mappings(path)]
    try:
        folder = find_study(corpus.resolve())
    except CorpusMissing:
        folder = corpus.resolve()
        say(f"Began a study: {init(folder)}")
    study = read_study(folder)
    report = import_(study, paths, outlet=outlet, mappings=mappings, progress=progress("reading"))
    if format_ == "json":
        emit(("seen", "imported", "joined", "excluded", "known", "videos"),
             [(report.seen, report.imported, report.joined, report.excluded, report.known, len(report.videos))],
             "json", None, header={"exclusions": report.reasons})
        return
    say(f"{report.seen:,} files seen: {report.imported:,} imported, {report.joined:,} joined to a video, "
        f"{report.excluded:,} excluded ({report.known:,} were known already); {len(report.videos):,} videos have words.")
    if study.path and report.path_matched < report.seen:
        say(f"[import] path found something in the paths of {report.path_matched:,} of {report.seen:,} files"
            + ("; videos that were known already keep their ids" if report.known else ""))
    if report.reasons:
        rows = [(reason, count, report.examples[reason]) for reason, count in
                sorted(report.reasons.items(), key=lambda item: (-item[1], item[0]))]
        emit(("excluded because", "files", "for example"), rows, "table", None)
    say("Next: crosscut build")
