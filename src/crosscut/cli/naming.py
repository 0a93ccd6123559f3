"""``crosscut naming``: what does each outlet call it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import (
    FORMATS,
    ask,
    by_option,
    emit,
    emit_finding,
    fields,
    finding_options,
    say,
    study_option,
    the_study,
    understood,
    write,
)

#: What can be shown of a choice, and the measure that it is.
SHOWN = {"shares": "naming", "differences": "naming_differences", "test": "naming_test", "drift": "naming_drift"}


@click.command("naming")
@click.argument("set_", metavar="[SET]", default="")
@study_option
@by_option
@click.option("--show", type=click.Choice(tuple(SHOWN)), default="shares", show_default=True,
              help="Shares of each alternative; differences between each two groups; the test of all of them; or how each "
                   "group changes its words over time.")
@click.option("--suggest", default="", metavar="WORD", help="Words that stand where this one stands, to choose from.")
@click.option("--alike", type=click.FloatRange(0, 1), metavar="SIMILARITY",
              help="With --suggest: what is less similar is left out of the set to paste.  [default: 0.05]")
@click.option("--language", default="", metavar="CODE", help="One language only, e.g. en.")
@click.option("--unit", default="video", show_default=True, metavar="FIELD",
              help="What is resampled: video, or day, programme or another field.")
@click.option("--permutations", default=10_000, show_default=True, type=click.IntRange(100, 1_000_000),
              help="How often videos are dealt out anew, for the tests.")
@finding_options
@click.pass_context
def command(
    context: click.Context, /, set_: str, corpus: Path, by: str, show: str, suggest: str, as_of: str, view: str,
    explain: bool, format_: str, output: Path | None, **more: Any,
) -> None:
    """Compare what outlets call the same: captives, hostages, detainees.

    SET is a choice set of the study file, [naming.SET.LANGUAGE]: a query for each alternative.  Without SET the sets are
    listed.  Each outlet's share of each alternative has a 95 % interval by resampling videos.
    """
    if suggest:
        options = understood(context, "suggest_naming", {**more, "by": by, "show": show}, "--suggest")
        finding = ask(corpus, as_of, "found" if view == "auto" else view, "suggest_naming", word=suggest, **options)
        emit_finding(finding, format_, output, explain=explain)
        if format_ == "table" and not (output and output.suffix[1:] in FORMATS):
            from crosscut.workbench.suggesting import toml_of

            write(f"\n{toml_of(finding, set_)}", None)
        return
    if not set_:
        _listed(corpus, format_, output)
        return
    finding = ask(corpus, as_of, view, SHOWN[show], name=set_, by=fields(by),
                  **understood(context, SHOWN[show], more, f"--show {show}"))
    emit_finding(finding, format_, output, explain=explain)


def _listed(folder: Path, format_: str, output: Path | None) -> None:
    rows = [(name, language, alternative, query, choices.near, choices.not_near, _within(choices.within, choices.timed))
            for name, found in the_study(folder).naming.items() for language, choices in found.languages.items()
            for alternative, query in choices.alternatives.items()]
    if not rows:
        say("The study file has no choice set yet.  Write one, [naming.SET.LANGUAGE.alternatives] with a query for each "
            "alternative, or begin with crosscut naming SET --suggest WORD: what stands where WORD stands, as a set to "
            "paste into crosscut.toml.")
        if format_ == "table":
            return
    emit(("set", "language", "alternative", "query", "near", "not_near", "within"), rows, format_, output)


def _within(within: int, timed: bool) -> str:
    return f"{within / 1000:g}s" if timed else f"{within} tokens"
