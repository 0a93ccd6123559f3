"""``crosscut build``: annotate what is new and make the corpus."""

from __future__ import annotations

from pathlib import Path

import click

from crosscut.cli.common import as_of_option, progress, say, study_option, the_study


@click.command("build")
@study_option
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes that annotate; default: the study file's, or 2.")
@as_of_option
@click.option("--all-versions", is_flag=True, help="Annotate tracks that are not selected too.")
@click.option("--levelled", is_flag=True,
              help="Make the levelled view too: every track in the poorest form. Later builds keep it up to date.")
def command(corpus: Path, jobs: int | None, as_of: str, all_versions: bool, levelled: bool) -> None:
    """Annotate what is new and make the corpus.

    Can be stopped and started again at any moment; what was finished is kept.
    """
    from crosscut.building import build

    report = build(the_study(corpus), as_of=as_of, jobs=jobs, progress=progress("annotating words"),
                   all_versions=all_versions, levelled=levelled)
    say(f"{report.made:,} videos annotated ({report.words:,} words), {report.kept:,} were there already.\n"
        f"recipe {report.recipe[:16]}  result {report.result[:16]}")
    if report.levelled:
        say(f"levelled: {report.levelled.made:,} annotated, {report.levelled.kept:,} were there already.")
    for video in report.unknown:
        say(f"corrections/videos.tsv speaks of {video}, which is not in this study")
    for failure in report.failures:
        say(f"could not build {failure.video}: {failure.reason}")
    say("Next: crosscut status, crosscut freq WORD --by outlet, crosscut kwic WORD")
