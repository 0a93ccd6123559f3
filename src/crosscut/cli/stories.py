"""``crosscut stories``: who told which story, when, at what length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosscut.cli.common import (
    emit_finding,
    explain_option,
    fields,
    figure_option,
    format_option,
    output_option,
    progress,
    say,
    span_option,
    study_option,
    the_corpus,
    where_option,
)
from crosscut.errors import NotFound

if TYPE_CHECKING:
    from crosscut.workbench.corpus import Corpus

#: What the figure is by.
_DRAWN_BY = ("outlet", "day")


@click.command("stories")
@study_option
@click.option("--by", default="", metavar="FIELDS", help="Words, share, videos and pieces by field, e.g. outlet.")
@click.option("--story", default="", metavar="STORY", help="The pieces of one story, in order of time.")
@click.option("--min-outlets", default=1, show_default=True, type=click.IntRange(min=1), help="Stories of so many outlets.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=0), help="So many, the largest; 0: all.")
@click.option("--merge", nargs=2, multiple=True, metavar="STORY OTHER", help="A story is part of another one.")
@click.option("--rename", nargs=2, multiple=True, metavar="STORY NAME", help="Give a story a name.")
@click.option("--move", nargs=2, multiple=True, metavar="VIDEO[@SECONDS] STORY",
              help="A video, or the passage at a second, belongs to a story, to a new one (new, or new: NAME), or to none.")
@click.option("--anew", is_flag=True, help="Put all together again, as after other settings; a person's word stands.")
@click.option("--as-is", is_flag=True, help="Do not bring the stories up to date first.")
@where_option
@span_option
@explain_option
@figure_option
@format_option
@output_option
def command(
    corpus: Path, by: str, story: str, min_outlets: int, limit: int, merge: tuple[tuple[str, str], ...],
    rename: tuple[tuple[str, str], ...], move: tuple[tuple[str, str], ...], anew: bool, as_is: bool, where: str, span: str,
    explain: bool, format_: str, output: Path | None,
) -> None:
    """Tell stories apart, and list them.

    Long videos are cut into passages; whole videos and passages about one event within days become a story.  The layers
    segments and stories keep what is found; what you say with --merge, --rename and --move is written to
    corrections/stories.tsv and stands above it.
    """
    from crosscut.workbench.grouping import update_stories
    from crosscut.workbench.stories import LAYER, known_story

    if story and by:
        raise click.UsageError("--story lists the pieces of one story: leave out --by")
    opened = the_corpus(corpus)
    if merge or rename or move:
        _write_down(opened, merge, rename, move)
    if not as_is or merge or rename or move:
        report = update_stories(opened, anew=anew, progress=progress("cutting long videos"))
        if report.written:
            say(f"{report.pieces:,} pieces in {report.stories:,} stories ({report.new_pieces:,} and {report.new_stories:,} "
                f"of them new); {report.cut:,} long videos are cut.")
        for line in report.unknown:
            say(f"corrections/stories.tsv, {line}; the line is not followed")
    limits: dict[str, Any] = {"where": where, "span": span, "limit": limit}
    if story:
        found = opened.story_pieces(story, where=where, span=span)
        inside = f"layer {LAYER}={known_story(opened, story)}"
        limits["span"] = f"{span} and {inside}" if span else inside  # for the figure
    elif by:
        found = opened.stories_by(by=fields(by), min_outlets=min_outlets, **limits)
    else:
        found = opened.stories(min_outlets=min_outlets, **limits)
    emit_finding(found, format_, output, explain=explain,
                 drawn=lambda: opened.stories_by(by=_DRAWN_BY, min_outlets=min_outlets, **limits))


def _write_down(
    corpus: Corpus, merge: tuple[tuple[str, str], ...], rename: tuple[tuple[str, str], ...],
    move: tuple[tuple[str, str], ...],
) -> None:
    """Write a person's word into ``corrections/stories.tsv``; what it speaks of must be there."""
    from crosscut.workbench import telling
    from crosscut.workbench.stories import known_story

    folder = corpus.study.corrections
    for one, other in merge:
        telling.say(folder, known_story(corpus, one), telling.MERGE, known_story(corpus, other))
    for one, name in rename:
        telling.say(folder, known_story(corpus, one), telling.NAME, name)
    for video, where in move:
        _check_place(corpus, video)
        new = telling.is_new(where) or where in ("", telling.NONE)
        telling.say(folder, video, telling.STORY, where if new else known_story(corpus, where))


def _check_place(corpus: Corpus, place: str) -> None:
    """A video, or a second of it, that is there."""
    from crosscut.workbench.telling import video_of

    video = video_of(place)
    about, seconds = corpus.video(video), place.removeprefix(video).removeprefix("@")
    length = about["duration_ms"] or about["speech_ms"]
    if seconds and length and float(seconds) * 1000 > length:
        raise NotFound(f"{video} has no second {seconds}: it ends at {length // 1000:,}")
