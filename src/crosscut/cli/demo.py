"""``crosscut demo``: the main job on the bundled sample study."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from crosscut.cli.common import emit_finding, progress, say
from crosscut.cli.kwic import layout


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("sample-study"))
def command(folder: Path) -> None:
    """Run the main job on a fictional sample study.

    Import, build, compare and report, on the bundled files.  FOLDER is made anew if it is a sample study.
    """
    from crosscut.demonstrating import demo

    found = demo(folder, progress)
    imported, finding = found.imported, found.finding
    say(f"{imported.seen} files seen: {imported.imported} imported, {imported.joined} joined, {imported.excluded} excluded, "
        f"each with a reason.\n{found.videos} videos of {found.outlets} outlets count, with {found.words:,} words.\n\n"
        f"{finding.question}")
    emit_finding(finding, "table", None)
    say(f"\nSome of the lines behind ‘{found.concordance.query}’, each with its second of video:")
    print(layout(found.concordance.lines, ("outlet", "date"), 150), end="")
    unknown = "" if shutil.which("crosscut") else f" (where crosscut is {Path(sys.argv[0]).resolve()})"
    say(f"\nThe report: {found.report}   (open it in a browser)\n\nNext, in {folder}{unknown}:\n"
        "  crosscut status\n"
        "  crosscut kwic breakthrough --sort date\n"
        "  crosscut freq agreement --by outlet,month\n"
        "  crosscut trend agreement --by outlet --figure agreement.svg\n"
        "  crosscut keyness --by outlet --where language=en\n"
        "  crosscut show VIDEO        (any id from the lines above)\n"
        "To begin your own: crosscut init my-study")
