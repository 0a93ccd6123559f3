"""``crosscut status``: what is there, what is missing, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from crosscut.cli.common import (
    emit,
    fields,
    harmless,
    json_option,
    output_option,
    say,
    study_option,
    the_study,
    to_table,
    write,
)
from crosscut.errors import CrosscutError

EXAMPLES = 3


@click.command("status")
@study_option
@click.option("--by", default="outlet", show_default=True, metavar="FIELDS",
              help="Group the frame by outlet, programme, format, kind, language, month.")
@click.option("--kinds", is_flag=True,
              help="What the kind of captions does to a count, from videos that have two kinds of track.")
@click.option("--query", "queries", multiple=True, metavar="QUERY", help="With --kinds: count this too; may be repeated.")
@json_option
@output_option
def command(
    corpus: Path, by: str, kinds: bool, queries: tuple[str, ...], format_: str, output: Path | None
) -> None:
    """Say what is there, what is missing, and why.

    Accounts of files, records, tracks and videos that balance, how much of the declared frame there is, and what to know
    before comparing.  With --kinds: the same speech in two kinds of captions (first run crosscut build --all-versions).
    """
    from crosscut.accounting import FRAME_FIELDS, status

    if queries and not kinds:
        raise CrosscutError("--query goes with --kinds")
    if kinds:
        from crosscut.pairing import kinds_effect

        effect = kinds_effect(the_study(corpus), *queries)
        emit(effect.columns, effect.rows, format_, output, header=effect.header(), printed=effect.formats)
        for note in effect.notes if format_ == "table" else ():
            say(note)
        return
    names = fields(by)
    if wrong := [name for name in names if name not in FRAME_FIELDS]:
        raise CrosscutError(f"--by: {wrong[0]!r} is none of {', '.join(FRAME_FIELDS)}")
    found = status(the_study(corpus), names)
    if format_ == "json":
        write(json.dumps(found, ensure_ascii=False, indent=1) + "\n", output)
    else:
        write("\n".join(_sections(found)), output)
        if note := found["corpus"].get("note"):
            say(note)


def told_copied(copied: dict[str, Any]) -> str:
    """How much of the corpus is copied, on a line."""
    behind = "; of an earlier state of the corpus: crosscut copies brings it up to date" if copied["behind"] else ""
    return (f"copied: {copied['share']:.1%} of the words were heard before, {copied['words']:,} in {copied['groups']:,} "
            f"passages (layer {copied['layer']}{behind})")


def _flags(flags: list[dict[str, str]]) -> list[tuple[str, int, str]]:
    """Flags with how many videos have them; the examples of a flag with many are cut short, --format json has all."""
    videos: dict[str, list[str]] = {}
    for flag in flags:
        videos.setdefault(flag["flag"], []).append(flag["video"])
    return [(flag, len(named), ", ".join(named[:EXAMPLES]) + (" …" if len(named) > EXAMPLES else ""))
            for flag, named in sorted(videos.items())]


def _sections(found: dict[str, Any]) -> list[str]:
    videos = found["videos"]
    accounts = [(what, *(found[key][name] for name in ("seen", "imported", "joined", "excluded")))
                for what, key in (("files", "files"), ("records in them", "records"))]
    parts = [
        to_table(("accounts", "seen", "imported", "joined", "excluded"), accounts, {}),
        f"{videos['known']:,} videos are known, {videos['usable']:,} count, with {found['words']:,} words."
        f" {videos['forgotten']:,} forgotten.\n",
    ]
    if found["exclusions"]:
        parts.append(to_table(("excluded", "because", "how many", "for example"),
                              [(e["what"], e["reason"], e["count"], e["example"]) for e in found["exclusions"]], {}))
    if videos["set_aside"]:
        parts.append(to_table(("videos set aside because", "videos"), list(videos["set_aside"].items()), {}))
    parts.append(to_table(
        ("outlet", "name", "videos", "count", "words", "first", "last", "languages", "captions"),
        [(o["outlet"], o["name"], o["videos"], o["usable"], o["words"], o["first"], o["last"], o["languages"],
          ", ".join(f"{kind} {n}" for kind, n in o["kinds"].items())) for o in found["outlets"]], {}))
    frame = found["frame"]
    parts.append("The frame, as far as it is known (listed: – where no list speaks of it)\n" + to_table(
        (*frame["by"], "listed", "had", "without captions", "count"),
        [(*(row[name] for name in frame["by"]), row["listed"], row["had"], row["missing"], row["usable"])
         for row in frame["table"]], {}))
    if found["differences"]:
        parts.append("Differences between the outlets beside what they say (thresholds: docs/guide.md, section 4)\n"
                     + "".join(f"  {harmless(line)}\n" for line in found["differences"]))
    if found["flags"]:
        parts.append(to_table(("to know before comparing", "videos", "for example"), _flags(found["flags"]), {}))
    if found["copies"]:
        parts.append(f"{told_copied(found['copies'])}\n")
    if told := found["stories"]:
        behind = "" if told["current"] else "; the corpus has changed since: run crosscut stories"
        parts.append(f"{told['stories']:,} stories in {told['pieces']:,} pieces, {told['matched']:,} of them of two outlets "
                     f"or more{behind}\n")
    if found["corpus"]["built"]:
        parts.append(f"built {found['corpus']['built']}  recipe {found['corpus']['recipe'][:16]}"
                     f"  result {found['corpus']['result'][:16]}\n")
    return parts
