"""How a question becomes a finding.

A measure is a function of the open corpus that gives an ``Answer``.  ``measured`` makes a method of it that gives a
``Finding``: with all its arguments, defaults spelled out, so that it can be asked again; with the corpus's digests, what
was left out, and how long it took.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Concatenate, ParamSpec

from crosscut.errors import QueryError
from crosscut.measure.finding import Evidence, Finding, Source
from crosscut.query.mask import Mask
from crosscut.workbench.opened import Opened

Asked = ParamSpec("Asked")

#: The measures by name, and the module of each: the methods of ``Corpus``, and what ``crosscut verify`` may ask again.
MEASURES: Mapping[str, str] = {
    "freq": "freq", "keyness": "keyness", "contrast": "contrast", "trend": "trend", "changes": "changes", "leads": "leads",
    "firsts": "leads", "collocates": "collocates", "network": "network", "ngrams": "ngrams", "dispersion": "dispersion",
    "dispersion_strips": "dispersion", "naming": "naming", "naming_test": "naming", "naming_differences": "naming",
    "naming_drift": "naming", "suggest_naming": "suggesting", "copies": "copies", "copied": "copies", "copies_of": "copies",
    "stories": "stories", "stories_by": "stories", "story_pieces": "stories", "story": "story", "story_words": "story",
    "story_only": "story_only", "story_shared": "story", "story_titles": "story", "story_passages": "story",
    "compare": "compare", "compare_stories": "compare", "compare_keyness": "compare_keyness",
    "compare_naming": "compare_naming", "absence": "absence", "unsaid": "unsaid",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a measure found: its table, and what only it knows of it.

    ``labels``: so many of the first columns say what a row is of, no two rows alike.  ``effect``: the column of what was
    measured, with limits ``low`` and ``high``; ``difference``: whether 0 means none; ``counted``: columns of counts that two
    views of the corpus are compared by beside it; ``lesser``: columns that a narrow terminal does without, the least first.
    ``mask``: what was counted in.  ``parameters``: what the arguments alone
    do not say (queries as CQL, the version of a layer).
    """

    question: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    mask: Mask
    labels: int = 1
    effect: str = ""
    difference: bool = False
    counted: tuple[str, ...] = ()
    lesser: tuple[str, ...] = ()
    evidence: Sequence[Evidence | None] = ()
    explained: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    formats: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


def measured(
    measure: Callable[Concatenate[Opened, Asked], Answer],
) -> Callable[Concatenate[Opened, Asked], Finding]:
    """A measure as a method that gives a finding."""
    signature, name = inspect.signature(measure), measure.__name__

    @functools.wraps(measure)
    def ask(corpus: Opened, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Finding:
        began = time.perf_counter()
        bound = signature.bind(corpus, *args, **kwargs)
        bound.apply_defaults()
        if bound.arguments.get("span"):
            bound.arguments["span"] = corpus.compared_span(bound.arguments)
        answer = measure(*bound.args, **bound.kwargs)
        arguments = {key: _plain(value) for key, value in list(bound.arguments.items())[1:]}
        if "seed" in arguments and arguments["seed"] is None:
            arguments["seed"] = corpus.study.seed
        return Finding(
            measure=name, question=answer.question, columns=answer.columns, rows=tuple(answer.rows),
            parameters={**arguments, **answer.parameters, **corpus.fields_added(arguments)}, source=source_of(corpus),
            exclusions=corpus.exclusions(answer.mask, str(arguments.get("where", ""))),
            notes=tuple(dict.fromkeys((*_nothing(corpus, answer), *answer.notes, *corpus.repeated(answer.mask),
                                       *corpus.behind(arguments)))),
            seconds=time.perf_counter() - began,
            asked=datetime.now(UTC).isoformat(timespec="seconds"), labels=answer.labels,
            effect=answer.effect, difference=answer.difference, counted=answer.counted, lesser=answer.lesser,
            evidence=tuple(answer.evidence),
            explained={column: answer.explained[column] for column in answer.columns if column in answer.explained},
            formats=answer.formats, look=look_of(corpus),
        )

    return ask


def _nothing(corpus: Opened, answer: Answer) -> list[str]:
    """A note where no video was searched at all."""
    if answer.mask.videos.any():
        return []
    asked = f" with {answer.mask.question}" if answer.mask.question else ""
    return [f"there is no video{asked}: {len(corpus.files.catalog):,} are in the corpus (crosscut status)"]


def source_of(corpus: Opened) -> Source:
    """What a finding says of the corpus."""
    from crosscut import __version__

    manifest, frame = corpus.files.manifest, corpus.study.frame
    return Source(recipe=manifest.recipe, result=manifest.result, built=manifest.built, as_of=manifest.as_of,
                  view=corpus.view, tool=f"crosscut {__version__}", speaks_for=frame.claim)


def look_of(corpus: Opened) -> dict[str, Any]:
    """What figures take from the study file."""
    outlets = corpus.study.outlets.values()
    return {"colours": {outlet.key: outlet.colour for outlet in outlets if outlet.colour},
            "names": {outlet.key: outlet.name for outlet in outlets if outlet.name},
            "events": [list(event) for event in corpus.study.events], "study": corpus.study.name}


def measure_named(name: str) -> Callable[..., Finding]:
    """A measure by its name; its module is imported when it is first asked for."""
    if name not in MEASURES:
        raise QueryError(f"there is no measure {name!r}: {', '.join(sorted(MEASURES))}")
    found: Callable[..., Finding] = getattr(import_module(f"crosscut.workbench.{MEASURES[name]}"), name)
    return found


def ask_again(corpus: Opened, measure: str, parameters: Mapping[str, Any]) -> Finding:
    """Ask a measure by name with the parameters of a finding's header; what is no argument of it is passed over."""
    ask = measure_named(measure)
    known = list(inspect.signature(ask).parameters.values())[1:]
    several = next((name.name for name in known if name.kind is name.VAR_POSITIONAL), "")
    queries = parameters.get(several, ())
    if isinstance(queries, str):
        raise QueryError(f"{measure} cannot be asked with these parameters: {several} are a list")
    try:
        return ask(corpus, *queries, **{name.name: parameters[name.name] for name in known
                                        if name.name != several and name.name in parameters})
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise QueryError(f"{measure} cannot be asked with these parameters: {error}") from error


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
