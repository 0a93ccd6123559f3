"""What the outlets call the same: a chapter for each choice set of the study, drawn as any figure is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crosscut.measure.finding import Finding
from crosscut.query.mask import by_language
from crosscut.reporting.gather import Facts, with_names
from crosscut.workbench.corpus import Corpus


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
    """The choice sets that the videos have any name of; ``QueryError`` for one that cannot be read."""
    found, names = [], {outlet.key: outlet.name for outlet in facts.outlets}
    spoken = by_language(corpus.files, corpus.mask(where)).keys()
    for name, chosen in corpus.study.naming.items():
        if not spoken & chosen.languages.keys():
            continue
        finding = corpus.naming(name, where=where)
        rows = finding.to_dicts()
        if not any(row["hits"] for row in rows):
            continue
        figure, notes = finding.plot(), [with_names(note, names) for note in finding.notes]
        told = [note for note in notes if note.split(":")[0] in chosen.languages]
        found.append(Named(name, finding, Markup(figure.inline()), figure.shown, rows, told,
                           [note for note in notes if note not in told]))
    return tuple(found)
