"""``crosscut demo``: the main job on the bundled sample study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.cli.common import emit, progress, say
from crosscut.cli.kwic import layout


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put the sample study; made anew if it is one.")] = Path("sample-study"),
) -> None:
    """The main job on a bundled, fictional study: import, build, compare, report."""
    from crosscut.demonstrating import demo as work

    found = work(folder, progress)
    imported, finding = found.imported, found.finding
    say(f"{imported.seen} files seen: {imported.imported} imported, {imported.joined} joined, {imported.excluded} excluded, "
        f"each with a reason.\n{found.videos} videos of {found.outlets} outlets count, with {found.words:,} words.\n\n"
        f"{finding.question}")
    emit(finding.columns, finding.rows, "table", None, printed=finding.formats)
    say(f"\nSome of the lines behind ‘{found.concordance.query}’, each with its second of video:")
    print(layout(found.concordance.lines, ("outlet", "date"), 150), end="")
    say(f"\nThe report: {found.report}   (open it in a browser)\n\nNext, in {folder}:\n"
        "  crosscut status\n"
        "  crosscut kwic breakthrough --sort date\n"
        "  crosscut freq agreement --by outlet,month\n"
        "  crosscut show VIDEO        (any id from the lines above)\n"
        "To begin your own: crosscut init my-study")
