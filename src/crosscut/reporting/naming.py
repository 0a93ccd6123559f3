"""What the outlets call the same: a chapter for each choice set of the study, drawn as any figure is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crosscut.errors import QueryError
from crosscut.measure.finding import Finding
from crosscut.reporting.gather import Facts, with_names
from crosscut.workbench import Corpus


@dataclass(frozen=True, slots=True)
class Named:
    """A choice set: its finding, the picture of it, what its marks mean, what its test says, and other notes."""

    name: str
    finding: Finding
    picture: Markup
    shown: str
    rows: Sequence[dict[str, Any]]
    told: Sequence[str]
    notes: Sequence[str]


def named(corpus: Corpus, facts: Facts, where: str = "") -> tuple[Named, ...]:
    """The choice sets that the videos have any name of."""
    found, names = [], {outlet.key: outlet.name for outlet in facts.outlets}
    for name in corpus.study.naming:
        with suppress(QueryError):  # no video in a language of the set, or no hit: there is nothing to show
            finding = corpus.naming(name, where=where)
            figure = finding.plot()
            notes = [with_names(note, names) for note in finding.notes]
            told = [note for note in notes if note.split(":")[0] in corpus.study.naming[name].languages]
            found.append(Named(name, finding, Markup(figure.inline()), figure.shown, finding.to_dicts(), told,
                               [note for note in notes if note not in told]))
    return tuple(found)
