"""A study's corpus, open: masks, queries, hits, and what is to be noted of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from crosscut.corrections import FILE as CORRECTIONS_FILE
from crosscut.errors import QueryError
from crosscut.model import FOUND, REPEATED, Coded
from crosscut.query import fields
from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits
from crosscut.query.language import parse
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

Ints = npt.NDArray[np.int64]


class Opened:
    """The study, the files of its corpus, and the view of its words that they hold."""

    def __init__(self, study: Study, files: CorpusFiles, view: str = FOUND) -> None:
        self.study, self.files, self.view = study, files, view

    @property
    def languages(self) -> list[str]:
        """Languages that have words here."""
        return sorted(self.files.manifest.layers)

    def mask(self, where: str = "", span: str = "") -> Mask:
        """The videos and spans of ``--where`` and ``--span``."""
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

    def units(self, name: str) -> Ints | None:
        """What is resampled: a code for each video, -1 where it is a unit of its own; None for videos themselves.

        ``name``: a field of videos; a programme is one of its outlet.
        """
        from crosscut.measure.frequency import group_coded  # a concordance should not wait for it
        from crosscut.measure.rates import VIDEO

        if name == VIDEO:
            return None
        if name not in fields.COLUMNS:
            raise QueryError(f"unknown unit {name!r}; resampled can be video, day, programme or another field of videos")
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
            notes.append(f"{stale} spans of the layer left out: their videos have other words by now")
        notes += [f"{layer} were looked for in an earlier state of the corpus: crosscut {layer} brings them up to date"
                  for layer in mask.behind]
        return notes

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


def silence(silent: Sequence[str], *, left_out: bool = True) -> tuple[str, ...]:
    """A word of one language is not missing from another."""
    if not silent:
        return ()
    told = f"no hit in {', '.join(silent)}: a word of one language is not missing from another"
    return (f"{told}; their words are left out" if left_out else told,)


def names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Names as a list, or as the command line has them: ``"1R,node"``."""
    return tuple(name.strip() for name in given.split(",") if name.strip()) if isinstance(given, str) else tuple(given)
