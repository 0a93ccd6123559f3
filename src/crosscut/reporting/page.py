"""HTML from facts and answers: the template is ``page.html``, its look ``page.css``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crosscut.reporting import figures
from crosscut.reporting.asking import CONTEXT, FEW_WORDS, LINES, Asked, Section
from crosscut.reporting.figures import Drawn
from crosscut.reporting.gather import Facts, written
from crosscut.reporting.naming import Named
from crosscut.reporting.queries import label
from crosscut.reporting.stories import Stories

HERE = Path(__file__).parent
#: What no page may hold (controls, lone surrogates) and what would turn the text around it (embeddings, overrides).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufdd0-\ufdef\ufffe\uffff]")


#: What stands close to the word before it: clitics and closing marks.
_GLUED = re.compile(r"""['’]\w+|[,.;:!?…)”’'"»،؛؟。]+""")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section with its charts and the word that links to it."""

    anchor: str
    section: Section
    drawn: tuple[Drawn, ...]

    @property
    def beyond(self) -> bool:
        """Whether a chart over time has a value beyond its scale."""
        return any(drawn.beyond for drawn in self.drawn)

    @property
    def panels_cut(self) -> int:
        """How many outlets are drawn over time where that is not all of them, else 0."""
        return figures.MOST_PANELS if len(self.section.outlets) > figures.MOST_PANELS else 0


def render(facts: Facts, asked: Asked, names: Sequence[Named] = (), stories: Stories | None = None) -> str:
    """The whole page as one text."""
    chapters = [Chapter(f"q{i}", section, figures.draw(section, asked, facts, f"q{i}"))
                for i, section in enumerate(asked.sections, 1)]
    html = _environment(facts).get_template("page.html").render(
        facts=facts, asked=asked, chapters=chapters, events=figures.event_key(asked, facts),
        levels=figures.strip_levels(facts), commands=list(commands(asked, facts, names, stories)), names=names,
        outlet=facts.outlet,
        stories=stories, few_words=FEW_WORDS, most_lines=LINES, style=Markup((HERE / "page.css").read_text("utf-8")),
    )
    return _UNPRINTABLE.sub("�", html)


def _environment(facts: Facts) -> Environment:
    """Everything is escaped that is not made by ``charts`` or as a figure; a name that is missing is an error, no blank."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "n": lambda count: "–" if count is None else f"{count:,}",
        "rate": lambda rate: "–" if rate is None else figures.number(rate),
        "part": lambda share: "–" if share is None else f"{share:.0%}",
        "signed": lambda share: "–" if share is None else f"{share:+.0%}".replace("-", "−"),
        "ratio": lambda ratio: "–" if ratio is None else f"{ratio:+.2f}".replace("-", "−"),
        "day": written, "moment": moment, "percent": "{:.0%}".format, "glued": glued,
        "in_order": lambda keys: figures.in_order(facts, keys),
        "web": lambda link: link if link.startswith(("https://", "http://")) else "",
    }
    return environment


def glued(right: str) -> tuple[str, str]:
    """The right context in two: what is written together with the node, and the rest."""
    found = _GLUED.match(right)
    return (found[0], right[found.end() :].lstrip()) if found else ("", right)


def moment(text: str) -> str:
    """``2026-11-23T16:12:47+00:00`` as 23 Nov 2026, 16:12 UTC; anything else as it is."""
    if len(text) < 16:
        return written(text)
    zone = " UTC" if text.endswith(("+00:00", "Z")) else ""
    return f"{written(text[:10])}, {text[11:16]}{zone}"


def commands(
    asked: Asked, facts: Facts, names: Sequence[Named] = (), stories: Stories | None = None,
) -> Iterator[tuple[str, str]]:
    """What to type, in the study folder, to get every number of the page again: (what for, command)."""
    queries = [answer.query for section in asked.sections for answer in section.answers]
    rest = [*(["--where", asked.where] if asked.where else []), "--seed", str(asked.seed)]
    rest += ["--as-of", facts.manifest.as_of] if facts.manifest.as_of else []
    yield "the corpus, and its accounts", "crosscut build && crosscut status --by outlet,month"
    for section in asked.sections:
        mine = [answer.query for answer in section.answers]
        yield f"rates by outlet: {section.group.name}", _command("freq", *mine, "--by", "outlet", *rest)
        if asked.periods:
            yield f"over time: {section.group.name}", _command("freq", *mine, "--by", f"outlet,{asked.period}", *rest)
    for query in dict.fromkeys(queries):
        size = ("--limit", str(LINES), "--context", str(CONTEXT))
        yield f"lines: {label(query)}", _command("kwic", query, *size, *rest)
    for one in names:
        yield f"names: {one.name}", _command("naming", one.name, *rest)
    if stories and stories.compared:
        naming = stories.compared.what.removeprefix("naming.")
        what = ("--naming", naming) if naming != stories.compared.what else (stories.compared.what,)
        yield f"within stories: {naming}", _command("compare", *what, *rest)
    for story in stories.told if stories else ():
        where = ["--where", asked.where] if asked.where else []
        yield f"story: {story.about.name}", _command("compare", "--story", story.about.label, *where)
    named = [] if all(section.group.why for section in asked.sections) else queries
    yield "this page", _command("report", *named, *(["--where", asked.where] if asked.where else []))


def _command(*words: str) -> str:
    return shlex.join(("crosscut", *words))
