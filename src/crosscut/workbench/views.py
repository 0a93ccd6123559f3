"""Any measure as found and levelled, side by side: how far does the kind of captions move it?

The levelled view writes all captions in the poorest form that captions come in; what a measure moves by between the two
views estimates what the form of the captions does to it.  A difference between groups that is smaller than that, or that
is not there in both views, is not called one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.clean.level import poor
from crosscut.errors import QueryError
from crosscut.measure.finding import Finding
from crosscut.model import LEVELLED, VIEWS
from crosscut.query.inside import layers_of
from crosscut.query.marks import Marks
from crosscut.query.mask import Mask, make_mask, together
from crosscut.query.pattern import Query, Test
from crosscut.query.search import languages_of, tests_of
from crosscut.tokens import norm
from crosscut.workbench.asking import ask_again
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.opened import names
from crosscut.workbench.twice import Numbers, Second, everything, side, twice


class _AsFound(Corpus):
    """The levelled view of the videos that the found view chooses; queries that it would write otherwise are refused."""

    def __init__(self, levelled: Corpus, found: Corpus, where: str) -> None:
        super().__init__(levelled.study, levelled.files, levelled.view)
        self.found, self.spoken = found, sorted(languages_of(found.files, found.mask(where)))
        self.files.catalog.added = found.files.catalog.added  # both catalogs have the same videos in the same order

    def marks(self, layer: str) -> Marks:
        return self.found.marks(layer)

    def mask(self, where: str = "", span: str = "") -> Mask:
        return make_mask(self.files, "", span, videos=self.found.mask(where).videos)

    def parsed(self, query: str) -> Query:
        pattern = self.found.parsed(query)
        _check_levelled(pattern, query, self.spoken)
        return super().parsed(query)


def both_views(found: Corpus, levelled: Corpus, measure: str, parameters: Mapping[str, Any]) -> Finding:
    """A measure as found, with what it is levelled beside it: ``both_views(a, b, "freq", {"queries": ["war"]})``.

    Columns ``levelled_…``, ``moves`` and, where the effect is a difference, ``verdict``.
    """
    if found.files.manifest.rows != levelled.files.manifest.rows:
        raise QueryError("the two views are of different states of the study: run crosscut build")
    if layers_of(span) if (span := str(parameters.get("span") or "")) else []:
        raise QueryError("--view both: the spans of a layer are of the words as found; --span 'first 60s' works in both")
    one = ask_again(found, measure, parameters)
    poorest = _AsFound(levelled, found, str(parameters.get("where", "")))
    other = ask_again(poorest, measure, {**parameters, **everything(one)})
    both = twice(one, other, LEVEL, {"views": list(VIEWS), "levelled_recipe": other.source.recipe,
                                     "levelled_result": other.source.result})
    return replace(both, source=replace(one.source, view="both"))


def ask_both(found: Corpus, measure: str, parameters: Mapping[str, Any], *, always: bool) -> Finding:
    """A measure in both views: ``always``, or else where captions of the groups differ in kind and both views are built.

    Where they differ and both cannot be had, a note of the finding says what would show how far that goes.
    """
    where, span = str(parameters.get("where", "")), str(parameters.get("span", ""))
    if not always:
        by = [*names(parameters.get("by") or ()), "outlet"][0]
        unlike = _unlike_kinds(found, where, span, by, str(parameters.get("reference", "")))
        if not unlike:
            return ask_again(found, measure, parameters)
        why = "crosscut build --levelled, and then --view both, shows how far the kinds of captions move this"
        if found.study.view(LEVELLED).is_dir():
            with suppress(QueryError):
                return ask_both(found, measure, parameters, always=True)
            why = "the levelled view cannot answer this; --view both says why"
        finding = ask_again(found, measure, parameters)
        return replace(finding, notes=(*finding.notes, why))
    levelled = open_corpus(found.study.folder, as_of=found.files.manifest.as_of, view=LEVELLED)
    return both_views(found, levelled, measure, parameters)


def _verdict(found: Numbers, levelled: Numbers) -> str:
    """What the levelled view leaves of a difference: effect, and limits where the measure has any, in each view."""
    if None in (*found, *levelled):
        return ""
    if abs(found[0] or 0) <= abs((levelled[0] or 0) - (found[0] or 0)):
        return "no larger than what the captions do"
    if len(found) < 3:  # a measure without limits
        return ""
    return "differs" if {side(ends[1:]) for ends in (found, levelled)} in ({1}, {-1}) else "no difference shown"


LEVEL = Second("levelled", "levelled", {
    "moves": "How far the measure moves when captions are levelled: levelled / found - 1 for a rate, levelled - found "
             "for anything else.",
    "verdict": "What both views together say of the difference: whether it is there in both, and larger than the move.",
}, _verdict)


def _unlike_kinds(corpus: Corpus, where: str, span: str, by: str, reference: str) -> list[str]:
    """How the captions of groups differ (kinds, marks, capitals), a line each: why one would want both views."""
    mask = corpus.mask(where, span)
    codes, texts = corpus.coded((by,))[by]
    groups: dict[str, npt.NDArray[np.bool_]] = {text: mask.videos & (codes == code) for code, text in enumerate(texts)}
    if reference:
        other = corpus.mask(reference, span)
        groups, mask = {"target": mask.videos, "reference": other.videos & ~mask.videos}, together(mask, other)
    return [line for line in corpus.differences_of(groups, mask)
            if line.startswith(("kinds of captions", "sentence marks", "capitals"))]


def _check_levelled(pattern: Query, query: str, languages: list[str]) -> None:
    """Refuse a literal that the levelled view cannot have: its zero would look like an answer."""
    for test, language in product(tests_of(pattern), languages):
        if test.layer not in {"word", "norm", "lemma"} or (isinstance(test, Test) and test.regex):
            continue
        for value in (test.value,) if isinstance(test, Test) else test.words:
            written = poor(value, language)
            if written != [norm(value)]:
                instead = f"writes {' '.join(written)!r} for" if written else "leaves out"
                raise QueryError(
                    f"--view both: the levelled view {instead} {value!r} ({language}); ask each view for its own", query)
