"""``crosscut build``: annotate what is new and make the corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import AsOfOption, StudyOption, progress, say, the_study


def build(
    corpus: StudyOption = Path(),
    jobs: Annotated[int | None, typer.Option(help="Processes that annotate; default: the study file's, or 2.")] = None,
    as_of: AsOfOption = "",
    all_versions: Annotated[bool, typer.Option("--all-versions", help="Annotate tracks that are not selected too.")] = False,
) -> None:
    """Annotate what is new and make the corpus; can be stopped and started again at any moment."""
    from crosscut.building import build as work

    report = work(the_study(corpus), as_of=as_of, jobs=jobs, progress=progress("annotating words"),
                  all_versions=all_versions)
    say(f"{report.made:,} videos annotated ({report.words:,} words), {report.kept:,} were there already.\n"
        f"recipe {report.recipe[:16]}  result {report.result[:16]}")
    for failure in report.failures:
        say(f"could not build {failure.video}: {failure.reason}")
    say("Next: crosscut status, crosscut freq WORD --by outlet, crosscut kwic WORD")
