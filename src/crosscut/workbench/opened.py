"""A study's corpus, open: masks, queries, hits, and what is to be noted of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.corrections import FILE as CORRECTIONS_FILE
from crosscut.errors import QueryError
from crosscut.model import FOUND, REPEATED, Coded
from crosscut.query import fields
from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits
from crosscut.query.inside import MATCHED, layers_of, matched_of, parts_of
from crosscut.query.language import parse
from crosscut.query.marks import Marks, marks_of, most_of
from crosscut.query.mask import Mask, by_language, make_mask
from crosscut.query.pattern import Query
from crosscut.query.search import (
    asks_for_times,
    field_values,
    languages_without,
    search,
    structures_of,
)
from crosscut.settings import FILE as STUDY_FILE
from crosscut.settings import Study
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import MADE_BY

Ints = npt.NDArray[np.int64]


class Opened:
    """The study, the files of its corpus, and the view of its words that they hold."""

    def __init__(self, study: Study, files: CorpusFiles, view: str = FOUND) -> None:
        self.study, self.files, self.view = study, files, view
        for field in fields.ADDED:
            files.catalog.added[field] = partial(self._added, field)

    def seed(self, seed: int | None) -> int:
        """The seed of sampling and resampling: the study's, unless another is given."""
        return self.study.seed if seed is None else seed

    @property
    def languages(self) -> list[str]:
        """Languages that have words here."""
        return sorted(self.files.manifest.layers)

    def mask(self, where: str = "", span: str = "") -> Mask:
        """The videos and spans of ``--where`` and ``--span``."""
        if self.view != FOUND and (layers := layers_of(span) if span else []):
            raise QueryError(f"--span: the spans of {', '.join(layers)} are of the words as found, not of the {self.view} "
                             f"view; --span 'first 60s' works in both")
        return make_mask(self.files, where, span, self.study.layers, self.study.layers_off)

    def parsed(self, query: str) -> Query:
        """A query in either form, read: ``str`` of it is CQL.  A value that no video has is refused."""
        found = parse(query, self.languages, self.study.words)
        for field, value in field_values(found):
            fields.check_value(self.files.catalog, field, value, "video")
        return found

    @cached_property
    def structures(self) -> Structures:
        """Videos, sentences and span layers, for queries."""
        return Structures(self.files, self.study.layers, self.study.layers_off)

    def hits(
        self, query: str, *, where: str = "", span: str = "", strategy: str = "", mask: Mask | None = None,
        pause: Callable[[], None] = lambda: None,
    ) -> Hits:
        """All hits of a query, as columns, by video and start; ``strategy``: see ``query.pattern.STRATEGIES``.

        ``mask`` is searched instead of ``where`` and ``span``; ``pause`` is called between steps, and ends the search if it
        raises.
        """
        return search(self.files, self.parsed(query), mask or self.mask(where, span), strategy=strategy,
                      structures=self.structures, pause=pause)

    def coded(self, names: Sequence[str]) -> dict[str, tuple[Ints, Sequence[str]]]:
        """Fields of videos as a code a video and a text a code: what ``measure.frequency.group_coded`` groups by."""
        return {name: fields.coded(self.files.catalog, name) for name in names}

    def _added(self, field: str) -> tuple[Ints, list[str]]:
        """A field that a layer gives: the label that holds most of each video; worked out again where the layer changed."""
        if self.view != FOUND:
            raise QueryError(f"{field}: the layer {fields.ADDED[field]} is of the words as found, not of this view")
        marks, key = self.marks(fields.ADDED[field]), ("field", field)
        if key not in self.files.kept or self.files.kept[key][0] is not marks:
            self.files.kept[key] = marks, most_of(self.files, marks)
        found: tuple[Ints, list[str]] = self.files.kept[key][1]
        return found

    def fields_added(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """The layers that a measure reads fields from: ``{"story layer": name, version and digest}``."""
        return {f"{field} layer": self.marks(fields.ADDED[field]).name for field in _added_in(parameters)}

    def behind(self, parameters: Mapping[str, Any]) -> list[str]:
        """A note where such a layer is of another state of the corpus, or has spans of words that changed."""
        notes = []
        for layer, marks in [(fields.ADDED[field], self.marks(fields.ADDED[field])) for field in _added_in(parameters)]:
            notes += [_out_of_date(layer)] * marks.behind(self.files)
            notes += [_stale(marks.stale)] * bool(marks.stale)
        return notes

    def marks(self, layer: str) -> Marks:
        """The spans of a layer that apply here; ``NotFound`` where there is none, with what makes it."""
        return marks_of(self.files, self.study.layers, layer, self.study.layers_off)

    def sides(self, parameters: Mapping[str, Any]) -> list[str]:
        """The conditions of the videos that a measure is of: of its reference too where it compares two sides."""
        where, reference = (str(parameters.get(name) or "") for name in ("where", "reference"))
        return [where] if "reference" not in parameters or parameters.get("by") else [where, reference]

    def compared_span(self, parameters: Mapping[str, Any]) -> str:
        """``--span``, its ``matched stories`` those of the outlets that a measure with these parameters compares.

        So the stories are the same on both sides, and in the lines of each row.
        """
        span = str(parameters.get("span") or "")
        if MATCHED not in parts_of(span):
            return span
        codes, outlets = self.files.catalog.codes("outlet")
        videos = np.logical_or.reduce([self.mask(where).videos for where in self.sides(parameters)])
        here = [outlets[code] for code in np.flatnonzero(np.bincount(codes[videos], minlength=len(outlets))).tolist()]
        if len(here) == 1:
            raise QueryError(f"--span {MATCHED}: of one outlet ({here[0]}) there is nothing to match; name those to match "
                             f"with: '{MATCHED} of {here[0]}|…'")
        return matched_of(span, here) if here else span

    def units(self, name: str) -> Ints | None:
        """What is resampled: a code for each video, -1 where it is a unit of its own; None for videos themselves.

        ``name``: a field of videos; a programme is one of its outlet.
        """
        from crosscut.measure.frequency import group_coded  # a concordance should not wait for it
        from crosscut.measure.rates import VIDEO

        if name == VIDEO:
            return None
        if name not in fields.FIELDS:
            raise QueryError(f"unknown unit {name!r}; resampled can be video, day, programme, story or another field of "
                             f"videos")
        names = ("outlet", name) if name == "programme" else (name,)
        found = group_coded(self.coded(names), np.ones(len(self.files.catalog), bool))
        known = np.array([bool(label[-1]) for label in found.labels], bool)
        return np.where(known[found.codes], found.codes, -1)

    def alone(self, name: str, mask: Mask) -> list[str]:
        """A note on the videos of a mask that have no such unit."""
        codes = self.units(name)
        many = 0 if codes is None else int(np.count_nonzero(mask.videos & (codes < 0)))
        return [f"{many:,} videos have no {name}: each is a unit of its own"] if many else []

    def differences(self, mask: Mask) -> list[str]:
        """What differs between the outlets of a mask beside what they say; see ``measure.comparability``."""
        codes, outlets = self.files.catalog.codes("outlet")
        return self.differences_of({outlet: mask.videos & (codes == code) for code, outlet in enumerate(outlets)}, mask)

    def differences_of(self, groups: dict[str, npt.NDArray[np.bool_]], mask: Mask) -> list[str]:
        """The same between any groups of videos."""
        from crosscut.measure import comparability

        catalog = self.files.catalog

        def column(field: str) -> Coded:
            codes, texts = fields.coded(catalog, field)
            return Coded(texts, codes.astype(np.uint32))

        videos = comparability.Videos(
            video=catalog.video, words=mask.words, kind=column("kind"), case=column("case"),
            punctuated=catalog.number("punctuated"), programme=column("programme"), published=column("day"),
            duration_ms=catalog.number("duration_ms"))
        return comparability.differences(groups, videos)

    def exclusions(self, mask: Mask, where: str = "") -> dict[str, int]:
        """How many videos are left out under a mask, by reason; ``where``: the condition that is part of it."""
        codes, statuses = self.files.catalog.codes("status")
        asked = self.mask(where).videos | mask.videos if mask.inside is not None else mask.videos
        counts = np.bincount(codes[~asked], minlength=len(statuses))
        reasons = {"without a word in the span (--span)": int(np.count_nonzero(asked & ~mask.videos))}
        reasons = {reason: videos for reason, videos in reasons.items() if videos}
        for status, videos in zip(statuses, counts.tolist(), strict=True):
            if videos:
                reasons["not asked for (--where)" if status == "usable" else status] = videos
        return dict(sorted(reasons.items()))

    def notes(self, patterns: Iterable[Query], mask: Mask) -> tuple[str, ...]:
        """What to know when reading what some queries found under a mask: who cannot answer, what is out of date."""
        return tuple(dict.fromkeys(note for pattern in patterns for note in self._notes(pattern, mask)))

    def _notes(self, pattern: Query, mask: Mask) -> list[str]:
        notes = []
        if lacking := languages_without(self.files, pattern, mask):
            notes.append(f"no answer for {', '.join(lacking)}: the query asks for a layer or a label that is not there; its "
                         f"words are left out")
        untimed = mask.videos & (self.files.catalog.number("speech_ms") == 0) if asks_for_times(pattern) else mask.videos[:0]
        if untimed := int(untimed.sum()):
            notes.append(f"{untimed:,} videos have no times, which the query asks for; their words are left out")
        if self.changed():
            notes.append("the study file or the corrections changed since the corpus was built: run crosscut build")
        stale = mask.stale + sum(self.structures.stale.get(name, 0) for name in structures_of(pattern))
        if stale:
            notes.append(_stale(stale))
        return [*notes, *map(_out_of_date, mask.behind)]

    def silent(self, mask: Mask, counts: Ints, queries: Iterable[Query]) -> list[str]:
        """The languages that have words and could answer, but have no hit where another language has."""
        words = by_language(self.files, mask)
        if len(words) < 2:
            return []
        mute = {language for query in queries for language in languages_without(self.files, query, mask)}
        codes, languages = self.files.catalog.codes("language")
        hits = dict(zip(languages, np.bincount(codes[counts > 0], minlength=len(languages)).tolist(), strict=True))
        silent = [language for language in words if words[language] and not hits[language] and language not in mute]
        return silent if any(hits.values()) else []

    def speaks(self, some: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which videos speak one of some languages."""
        codes, languages = self.files.catalog.codes("language")
        found: npt.NDArray[np.bool_] = np.array([language in some for language in languages], bool)[codes]
        return found

    def repeated(self, mask: Mask) -> list[str]:
        """A note on the videos of a mask in which a recogniser fell into a loop: what it repeats was said once at most."""
        key = "repeated"
        if key not in self.files.kept:
            flags = self.files.catalog.text("flags").tolist()
            self.files.kept[key] = np.array([REPEATED in flag for flag in flags], bool)
        many = int(np.count_nonzero(mask.videos & self.files.kept[key]))
        return [f"in {many:,} videos a recogniser repeats itself, and what it repeats is counted: --where 'flags!~repeats' "
                f"leaves them out"] if many else []

    def changed(self) -> bool:
        """Whether a build would be another one because of the user's files; two looks at the disk where they are old."""
        files = (self.study.folder / STUDY_FILE, self.study.corrections / CORRECTIONS_FILE)
        built = datetime.fromisoformat(self.files.manifest.built).timestamp() + 1
        if not any(file.stat().st_mtime > built for file in files if file.exists()):
            return False
        from crosscut.building import rules_changed

        return rules_changed(self.study, self.files, self.view)


def _added_in(parameters: Mapping[str, Any]) -> list[str]:
    """The fields of layers that a measure groups, resamples or chooses videos by."""
    given = (parameters.get(key) for key in ("by", "unit", "within", "parts"))
    by = {name for some in given if isinstance(some, (str, list, tuple)) for name in names(some)}
    where = {name for key in ("where", "reference") for name in fields.added_in(str(parameters.get(key) or ""))}
    return [field for field in fields.ADDED if field in by or field in where]


def _stale(spans: int) -> str:
    return f"{spans} spans of the layer left out: their videos have other words by now"


def _out_of_date(layer: str) -> str:
    return f"{layer} were looked for in an earlier state of the corpus: {MADE_BY.get(layer, layer)} brings them up to date"


def silence(silent: Sequence[str], *, left_out: bool = True) -> tuple[str, ...]:
    """A word of one language is not missing from another."""
    if not silent:
        return ()
    told = f"no hit in {', '.join(silent)}: a word of one language is not missing from another"
    return (f"{told}; their words are left out" if left_out else told,)


def names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Names as a list, or as the command line has them: ``"1R,node"``."""
    return tuple(name.strip() for name in given.split(",") if name.strip()) if isinstance(given, str) else tuple(given)
