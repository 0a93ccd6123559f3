"""``crosscut compare``: do outlets differ where they tell the same story?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosscut.cli.common import (
    ask,
    by_option,
    emit_finding,
    fields,
    finding_options,
    strategy_option,
    study_option,
    the_corpus,
    understood,
    write,
)

if TYPE_CHECKING:
    from crosscut.workbench.corpus import Corpus

#: The tables of one story, in the order in which they are printed, and the measure of each.
SHOWN = {"coverage": "story", "words": "story_words", "only": "story_only", "shared": "story_shared",
         "titles": "story_titles", "passages": "story_passages"}


@click.command("compare")
@click.argument("queries", nargs=-1)
@study_option
@click.option("--pair", default="", metavar="A,B",
              help="Two outlets, or one with all others; default: each two, or of more than four each with the others.")
@click.option("--stories", is_flag=True, help="Story by story.")
@click.option("--keyness", is_flag=True, help="What is said more often in the stories that both tell.")
@click.option("--naming", default="", metavar="SET", help="Shares of the alternatives of a choice set in these stories.")
@click.option("--story", default="", metavar="ID", help="One story: who was first, how long, in which words, under which "
                                                        "headlines.")
@click.option("--show", type=click.Choice(tuple(SHOWN)), help="With --story: one of its tables only.")
@by_option
@click.option("--min-words", default=50, show_default=True, type=click.IntRange(1),
              help="A story is matched where both sides have so many words of it.")
@click.option("--min-stories", default=3, show_default=True, type=click.IntRange(1),
              help="With --keyness: leave out what is said in fewer of them.")
@click.option("--layer", default="lemma", show_default=True, help="With --keyness, --story: word, norm, lemma, pos or tag.")
@click.option("--side", default="both", show_default=True, type=click.Choice(("both", "first", "second")),
              help="With --keyness: only what the first, or the second, says more often.")
@click.option("--language", default="", metavar="CODE", help="With --naming: one language only, e.g. en.")
@click.option("--limit", type=click.IntRange(0), help="Rows of a list; 0: all.")
@strategy_option
@finding_options
@click.pass_context
def command(
    context: click.Context, /, queries: tuple[str, ...], corpus: Path, stories: bool, keyness: bool, naming: str, story: str,
    show: str | None, by: str, as_of: str, view: str, explain: bool, format_: str, output: Path | None, **more: Any,
) -> None:
    """Compare outlets within the stories that they share, beside all that they say.

    How often each query is said, story by story, combined over the stories (Mantel-Haenszel), with a 95 % interval by
    resampling stories; whole is the difference of all their words, topic how much of it comes of telling other stories.
    Stories are a span layer: crosscut stories finds them.
    """
    one_of = {"--stories": stories, "--keyness": keyness, "--naming": naming, "--story": story}
    asked = [name for name, given in one_of.items() if given]
    if len(asked) > 1 and asked != ["--naming", "--story"]:
        raise click.UsageError(f"{' and '.join(asked)}: one at a time")
    if queries and asked and asked[0] != "--stories":
        raise click.UsageError(f"{asked[0]} takes no query")
    if show and (not story or naming):
        raise click.UsageError("--show is of one story: --story ID")
    if story and not show and not naming:
        if format_ != "table" or output:
            raise click.UsageError(f"the tables of a story are exported one by one: --show {', '.join(SHOWN)}; or --naming "
                                   f"SET")
        _all_tables(context, story, the_corpus(corpus, as_of, "found" if view in {"auto", "both"} else view), more)
        return
    measure, what = _measure(queries, stories, keyness, naming, story, show)
    called = f"--show {show}" if show else asked[0] if asked else "compare"
    options = understood(context, measure, {**more, "by": by}, called)
    if story and naming:
        options["span"] = " and ".join(filter(None, (options["span"], f"layer stories={story}")))
    by_ = {"by": fields(options.pop("by"))} if "by" in options else {}
    finding = ask(corpus, as_of, "found" if story and view == "auto" else view, measure, **options, **by_, **what)
    emit_finding(finding, format_, output, explain=explain)


def _measure(
    queries: tuple[str, ...], stories: bool, keyness: bool, naming: str, story: str, show: str | None,
) -> tuple[str, dict[str, Any]]:
    """The measure that is asked for, and what it is asked of."""
    if show:
        return SHOWN[show], {"story": story}
    if naming:
        return "naming" if story else "compare_naming", {"name": naming}
    return ("compare_keyness", {}) if keyness else ("compare_stories" if stories else "compare", {"queries": queries})


def _all_tables(context: click.Context, story: str, corpus: Corpus, more: dict[str, Any]) -> None:
    """The tables of one story, one after the other."""
    from crosscut.workbench.story_tables import tables

    options = {name: more[name] for name in ("where", "span", "layer")}
    typed = {name for name in more if context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE}
    if wrong := sorted(typed - set(options)):
        raise click.UsageError(f"--story has no --{wrong[0].replace('_', '-')} for all its tables: name one with --show")
    for finding in tables(corpus, story, **options):
        write(f"\n{finding.question}\n\n", None)
        emit_finding(finding, "table", None)
