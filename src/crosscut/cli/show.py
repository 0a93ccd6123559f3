"""``crosscut show``: one video, to read."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import harmless, output_option, study_option, terminal_width, the_corpus, write


@click.command("show")
@click.argument("video")
@study_option
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@output_option
def command(video: str, corpus: Path, format_: str, output: Path | None) -> None:
    """Show one video: what is known, and its words.

    VIDEO is a key (youtube:ID) or a YouTube id; write -- before one that begins with -.
    """
    from crosscut.errors import NotFound
    from crosscut.showing import about, paragraphs

    opened = the_corpus(corpus)
    known = about(opened, video)
    try:
        found = list(paragraphs(opened, video))
    except NotFound:  # it has no words; what is known of it is still worth showing
        found = []
    if format_ == "json":
        text = [{"start": p.start, "end": p.end, "time_ms": p.time_ms, "estimated": p.estimated, "text": p.text,
                 "link": p.link} for p in found]
        write(json.dumps({**known, "paragraphs": text}, ensure_ascii=False, indent=1) + "\n", output)
        return
    width = min(terminal_width(), 100)
    body = "\n".join(_paragraph(p.time_ms, p.estimated, p.text, width) for p in found)
    write(f"{_head(known)}\n{body}", output)


def _head(known: dict[str, Any]) -> str:
    facts = known["facts"]
    about = (known["video"], facts["outlet"], facts.get("published", "undated"), known["language"],
             facts.get("format", "format unknown"), known["kind"] or "no captions", known["status"])
    lines = [facts.get("title", "(no title)"), "  ".join(about)]
    lines += [f"to know: {'; '.join(known['flags'])}"] if known["flags"] else []
    lines += [f"{'*' if v['selected'] else ' '} {v['kind']} {v['language']} {v['format']}, {v['words']:,} words, "
              f"from {v['origin']} ({v['evidence']})" for v in known["versions"]]
    lines += [_passage(one) for one in known["passages"]]
    return "".join(harmless(line) + "\n" for line in lines)


def _passage(one: dict[str, Any]) -> str:
    """A segment or a piece of a story: when, what, and why."""
    told = f"story {one['label']} ({one.get('name', '')})" if one["layer"] == "stories" else f"segment: {one['label']}"
    why = f", {one['evidence']}" if one.get("evidence") else ""
    return f"{_clock(one['time_ms'])}  {told}{why}"


def _clock(time_ms: int) -> str:
    return f"{time_ms // 60_000}:{time_ms // 1000 % 60:02}" if time_ms >= 0 else "–"


def _paragraph(time_ms: int, estimated: bool, text: str, width: int) -> str:
    clock = f"{'~' if estimated else ''}{_clock(time_ms)}" if time_ms >= 0 else ""
    body = textwrap.fill(harmless(" ".join(text.split())), width - 10)
    return textwrap.indent(body, " " * 10).replace(" " * 10, clock.ljust(10), 1) + "\n"
