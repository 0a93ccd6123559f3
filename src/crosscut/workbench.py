"""A study's corpus, open: one method a command, each returning what the command prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.clean.level import poor
from crosscut.corrections import FILE as CORRECTIONS_FILE
from crosscut.errors import CorpusMissing, QueryError
from crosscut.measure import bootstrap, frequency
from crosscut.measure.finding import Finding
from crosscut.measure.ranking import Ranking, largest
from crosscut.model import FOUND, VIEWS, Coded
from crosscut.query import concordance, fields
from crosscut.query.engine.structures import Structures
from crosscut.query.hits import Hits, permuted
from crosscut.query.language import parse
from crosscut.query.mask import Mask, around, by_language, make_mask
from crosscut.query.pattern import DEFAULT_STRATEGY, Query, Test
from crosscut.query.search import (
    Drawn,
    Plan,
    answering,
    asks_for_times,
    count,
    field_values,
    is_one_token,
    known_strategy,
    languages_of,
    languages_without,
    search,
    structures_of,
    tests_of,
)
from crosscut.settings import FILE as STUDY_FILE
from crosscut.settings import Study, open_study
from crosscut.store.corpus import CorpusFiles, open_files
from crosscut.tokens import norm

Ints = npt.NDArray[np.int64]
#: Up to so many random lines of one word are drawn by rank; of more all hits are found (0.2 ms a video looked at).
DRAWN = 1_000


@dataclass(frozen=True, slots=True)
class Concordance:
    """Some lines of all hits, with what was asked."""

    query: str
    cql: str
    hits: int                  # how many there are; ``lines`` shows the first of them in the order asked for
    lines: concordance.Lines   # made when they are looked at
    videos: int                # videos with hits
    words: int                 # words searched, of the languages that have hits
    per_million: float
    seed: int
    notes: tuple[str, ...] = ()


class Corpus:
    """An open corpus: ``crosscut.open("my-study")``."""

    def __init__(self, study: Study, files: CorpusFiles) -> None:
        self.study, self.files = study, files

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

    def subcorpus(self, query: str, *, context: int = 10, where: str = "") -> Mask:
        """The tokens around the hits of a query, as a mask: what is searched and counted in is no more than these."""
        mask = self.mask(where)
        return around(self.files, mask, self.hits(query, mask=mask), context, context)

    def groups(
        self, query: str, by: str = "node", *, where: str = "", span: str = "", strategy: str = "", limit: int = 100,
    ) -> Ranking:
        """How many hits have each node, word beside it (``1L``, ``2R``) or field of the video, the most frequent first."""
        hits = self.hits(query, where=where, span=span, strategy=strategy)
        found = concordance.grouped(self.files, hits, by)
        counts = np.array([count for _, count in found], np.int64)
        rows = tuple(found[place] for place in largest(counts, counts > 0, limit).tolist())
        return Ranking((by, "hits"), rows, {"hits": len(hits), by: len(found)})

    def explain(self, query: str, *, where: str = "", span: str = "", strategy: str = "") -> Plan:
        """Where the search for a query begins, what frequencies let expect there, and what was found."""
        plan = Plan()
        search(self.files, self.parsed(query), self.mask(where, span), strategy=strategy, structures=self.structures,
               plan=plan)
        return plan

    def kwic(
        self, query: str, *, where: str = "", span: str = "", sort: str | Sequence[str] = ("random",), limit: int = 50,
        context: int = 10, seed: int | None = None, strategy: str = "",
    ) -> Concordance:
        """A concordance: ``limit`` lines of the hits, in random order unless ``sort`` says otherwise (0: all)."""
        asked, mask, sort = self.parsed(query), self.mask(where, span), _names(sort)
        used = self.study.seed if seed is None else seed
        per_video, shown = self._page(asked, mask, sort, limit, used, strategy)
        hits = int(per_video.sum())
        silent, can = self._silent(mask, per_video, [asked]), answering(self.files, asked, mask)
        if silent:
            codes, languages = self.files.catalog.codes("language")
            can = can & ~np.array([language in silent for language in languages], bool)[codes]
        words = int(mask.words.sum() if can is mask.videos else mask.words[can].sum())
        return Concordance(
            query, str(asked), hits, concordance.Lines(self.files, shown, context),
            int(np.count_nonzero(per_video)), words, 1e6 * hits / words if words else 0.0, used,
            (*self._notes(asked, mask), *self._silence(silent)),
        )

    def _page(
        self, asked: Query, mask: Mask, sort: Sequence[str], limit: int, seed: int, strategy: str,
    ) -> tuple[Ints, Hits]:
        """Hits of each video, and the first of them in an order.

        A few random hits of one token are drawn by their ranks: nobody need find the others.
        """
        known_strategy(asked.strategy or strategy or DEFAULT_STRATEGY)
        if tuple(sort) == ("random",) and 0 < limit <= DRAWN and is_one_token(asked) and mask.inside is None:
            drawn = Drawn(self.files, asked, mask)
            total = int(drawn.per_video.sum())
            return drawn.per_video, drawn.nth(permuted(np.arange(min(limit, total)), total, seed))
        hits = search(self.files, asked, mask, strategy=strategy, structures=self.structures)
        per_video = hits.per_video(len(mask.videos))
        many = min(limit or len(hits), len(hits))
        if tuple(sort) == ("random",):
            return per_video, hits.take(permuted(np.arange(many), len(hits), seed))
        return per_video, concordance.sorted_by(self.files, hits, sort, seed).take(np.arange(many))

    def freq(
        self, *queries: str, by: str | Sequence[str] = (), where: str = "", span: str = "", seed: int | None = None,
        replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL, strategy: str = "",
    ) -> Finding:
        """How often each query occurs, by groups of videos, with intervals over videos."""
        return self._freq(queries, by, self.mask(where, span), where, span, seed, replicates, level, strategy)

    def _freq(
        self, queries: Sequence[str], by: Sequence[str], mask: Mask, where: str, span: str, seed: int | None,
        replicates: int, level: float, strategy: str = "",
    ) -> Finding:
        began = time.perf_counter()
        used, by = self.study.seed if seed is None else seed, _names(by)
        patterns = {query: self.parsed(query) for query in queries}
        hits = {query: count(self.files, pattern, mask, strategy=strategy, structures=self.structures)
                for query, pattern in patterns.items()}
        groups = frequency.group_coded({name: fields.coded(self.files.catalog, name) for name in by}, mask.videos)
        rows = [row for query, pattern in patterns.items() for row in frequency.frequencies(
            {query: hits[query]}, mask.words, mask.speech_ms, groups.among(answering(self.files, pattern, mask)),
            seed=used, replicates=replicates, level=level)]
        silent = self._silent(mask, sum(hits.values(), np.zeros(len(mask.videos), np.int64)), patterns.values())
        notes = dict.fromkeys(note for pattern in patterns.values() for note in self._notes(pattern, mask))
        notes |= dict.fromkeys((*self._silence(silent), *(self.differences(mask) if "outlet" in by else ())))
        return Finding(
            measure="freq", question=_question(queries, by, mask.question), columns=("query", *by, *frequency.COLUMNS),
            rows=tuple(rows),
            parameters={
                "queries": list(queries), "cql": [str(pattern) for pattern in patterns.values()], "by": list(by),
                "where": where, "span": span, "layer": mask.layer, "seed": used, "replicates": replicates, "level": level,
                "unit of resampling": "video", "interval": "percentile", "strategy": strategy or DEFAULT_STRATEGY,
            },
            recipe=self.files.manifest.recipe, result=self.files.manifest.result, exclusions=self.exclusions(mask, where),
            notes=tuple(notes), seconds=time.perf_counter() - began,
            formats={"per_million": ",.1f", "low": ",.1f", "high": ",.1f", "hours": ",.2f", "per_hour": ",.2f"},
        )

    def wordlist(self, layer: str = "lemma", *, where: str = "", span: str = "", limit: int = 100) -> Ranking:
        """The most frequent values of a layer (0: all): how many tokens have them, and per million words."""
        from crosscut.query.counting import frequencies  # a concordance should not wait for what only lists need

        found = frequencies(self.files, self.mask(where, span), layer)
        places = largest(found.counts, found.counts > 0, limit)
        counts = found.counts[places].tolist()
        rows = [(value, count, frequency.PER_MILLION * count / found.words if found.words else None)
                for value, count in zip(found.values.take(places), counts, strict=True)]
        return Ranking((layer, "tokens", "per_million"), tuple(rows), {"tokens": found.tokens, "words": found.words})

    def collocates(
        self, query: str, *, window: int | tuple[int, int] = 5, seconds: float | None = None, layer: str = "lemma",
        where: str = "", span: str = "", limit: int = 50, at_least: int = 3,
    ) -> Ranking:
        """What stands within so many tokens (left, right), or seconds, of the hits at least so often, by logDice.

        A token near two hits counts once; tokens of hits do not count.
        """
        from crosscut.measure import association
        from crosscut.query.collocation import near

        mask = self.mask(where, span)
        sides = (window, window) if isinstance(window, int) else window
        found = near(self.files, self.hits(query, where=where, span=span), mask, sides, layer, seconds)
        together, hits = found.together.totals(), int(found.hits.sum())
        scores = association.log_dice(together, hits, found.alone)
        places = largest(scores, together >= max(at_least, 1), limit)
        columns = (column[places].tolist() for column in (together, found.alone, scores))
        return Ranking((layer, "together", "alone", "log_dice"), tuple(zip(found.texts(places), *columns, strict=True)),
                       {"hits": hits, "window": int(found.window.sum()), "tokens": int(found.tokens.sum())})

    def keyness(self, where: str, reference: str, *, span: str = "", layer: str = "lemma", limit: int = 50) -> Ranking:
        """What videos of ``where`` say more often than those of ``reference``, by log-likelihood; sizes are in tokens."""
        from crosscut.measure import association
        from crosscut.query.counting import frequencies

        one, other = (frequencies(self.files, self.mask(videos, span), layer) for videos in (where, reference))
        sizes = one.tokens, other.tokens
        over = np.flatnonzero(association.more_often(one.counts, other.counts, sizes))
        scores = association.log_likelihood(one.counts[over], other.counts[over], sizes)
        best = largest(scores, np.ones(len(over), bool), limit)
        places = over[best]
        counts = one.counts[places], other.counts[places]
        columns = (column.tolist() for column in (*counts, scores[best], association.log_ratio(*counts, sizes)))
        return Ranking((layer, "target", "reference", "log_likelihood", "log_ratio"),
                       tuple(zip(one.values.take(places), *columns, strict=True)),
                       {"target": sizes[0], "reference": sizes[1]})

    def counts(
        self, query: str, by: str | Sequence[str] = ("outlet", "month"), *, where: str = "", span: str = "",
    ) -> list[dict[str, Any]]:
        """Hits, words and videos of each group that has videos, in the order of the labels; ``freq`` adds intervals."""
        mask, by = self.mask(where, span), _names(by)
        hits = count(self.files, self.parsed(query), mask, structures=self.structures)
        groups = frequency.group_coded({name: fields.coded(self.files.catalog, name) for name in by}, mask.videos)
        columns = (*by, *frequency.TOTALS)
        return [dict(zip(columns, row, strict=True)) for row in frequency.totals(hits, mask.words, groups)]

    def differences(self, mask: Mask) -> list[str]:
        """What differs between the outlets of a mask beside what they say; see ``measure.comparability``."""
        from crosscut.measure import comparability

        catalog = self.files.catalog

        def column(field: str) -> Coded:
            codes, texts = fields.coded(catalog, field)
            return Coded(texts, codes.astype(np.uint32))

        videos = comparability.Videos(
            video=catalog.video, words=mask.words, kind=column("kind"), case=column("case"),
            punctuated=catalog.number("punctuated"), programme=column("programme"), published=column("day"),
            duration_ms=catalog.number("duration_ms"))
        codes, outlets = catalog.codes("outlet")
        return comparability.differences(
            {outlet: mask.videos & (codes == code) for code, outlet in enumerate(outlets)}, videos)

    def exclusions(self, mask: Mask, where: str = "") -> dict[str, int]:
        """How many videos are left out under a mask, by reason; ``where``: the condition that is part of it."""
        codes, statuses = self.files.catalog.codes("status")
        asked = self.mask(where).videos if mask.inside is not None else mask.videos
        counts = np.bincount(codes[~asked], minlength=len(statuses))
        reasons = {"without a word in the span (--span)": int(np.count_nonzero(asked & ~mask.videos))}
        reasons = {reason: videos for reason, videos in reasons.items() if videos}
        for status, videos in zip(statuses, counts.tolist(), strict=True):
            if videos:
                reasons["not asked for (--where)" if status == "usable" else status] = videos
        return dict(sorted(reasons.items()))

    def _notes(self, pattern: Query, mask: Mask) -> tuple[str, ...]:
        notes = []
        if lacking := languages_without(self.files, pattern, mask):
            notes.append(f"no answer for {', '.join(lacking)}: the query asks for a layer or a label that is not there; its "
                         f"words are left out")
        untimed = mask.videos & (self.files.catalog.number("speech_ms") == 0) if asks_for_times(pattern) else mask.videos[:0]
        if untimed := int(untimed.sum()):
            notes.append(f"{untimed:,} videos have no times, which the query asks for; their words are left out")
        if self._changed():
            notes.append("the study file or the corrections changed since the corpus was built: run crosscut build")
        stale = mask.stale + sum(self.structures.stale.get(name, 0) for name in structures_of(pattern))
        if stale:
            notes.append(f"{stale} spans of the layer left out: their videos have other words by now")
        return tuple(notes)

    def _silent(self, mask: Mask, counts: Ints, queries: Iterable[Query]) -> list[str]:
        """The languages that have words and could answer, but have no hit where another language has."""
        words = by_language(self.files, mask)
        if len(words) < 2:
            return []
        mute = {language for query in queries for language in languages_without(self.files, query, mask)}
        codes, languages = self.files.catalog.codes("language")
        hits = dict(zip(languages, np.bincount(codes[counts > 0], minlength=len(languages)).tolist(), strict=True))
        silent = [language for language in words if words[language] and not hits[language] and language not in mute]
        return silent if any(hits.values()) else []

    def _silence(self, silent: list[str]) -> tuple[str, ...]:
        """A word of one language is not missing from another."""
        return (f"no hit in {', '.join(silent)}: a word of one language is not missing from another",) if silent else ()

    def _changed(self) -> bool:
        """Whether the user's files are younger than the corpus; two looks at the disk, no more."""
        files = (self.study.folder / STUDY_FILE, self.study.corrections / CORRECTIONS_FILE)
        built = datetime.fromisoformat(self.files.manifest.built).timestamp() + 1
        return any(file.stat().st_mtime > built for file in files if file.exists())

    def text(self, video: str) -> str:
        """The words of a video as captioned, with marks."""
        ordinal = self.files.ordinal(video)
        shard, begin, end = self.files.span(ordinal)
        document = shard.documents[int(self.files.catalog.number("document")[ordinal])]
        return document.before + concordance.text_between(self.files, ordinal, 0, end - begin)

    def video(self, video: str) -> dict[str, Any]:
        """What is known of a video."""
        return self.files.catalog.row(self.files.ordinal(video))


#: The columns that a finding of both views has of each.
_SHOWN = ("hits", "words", "per_million", "low", "high")


def both_views(
    found: Corpus, levelled: Corpus, *queries: str, by: str | Sequence[str] = (), where: str = "", span: str = "",
    seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL, strategy: str = "",
) -> Finding:
    """``freq`` as found and levelled, side by side, and how far the rate moves (0.1: ten per cent up when levelled).

    The videos are those that ``where`` chooses as found.  A query that levelling would write otherwise is refused.
    """
    if found.files.manifest.rows != levelled.files.manifest.rows:
        raise QueryError("the two views are of different states of the study: run crosscut build")
    if "layer" in span.split():
        raise QueryError("--view both: the spans of a layer are of the words as found; --span 'first 60s' works in both")
    mask = found.mask(where, span)
    for query in queries:
        _check_levelled(found.parsed(query), query, languages_of(found.files, mask))
    again = make_mask(levelled.files, "", span, videos=mask.videos)
    one, other = (corpus._freq(queries, by, chosen, where, span, seed, replicates, level, strategy)
                  for corpus, chosen in ((found, mask), (levelled, again)))
    labels, place = 1 + len(by), [one.columns.index(name) for name in _SHOWN]
    rows = []
    for row, level_row in zip(one.rows, other.rows, strict=True):
        rate, levelled_rate = row[place[2]], level_row[place[2]]
        rows.append((*row[:labels], *(row[i] for i in place), *(level_row[i] for i in place),
                     levelled_rate / rate - 1 if rate and levelled_rate is not None else None))
    return replace(
        one, columns=(*one.columns[:labels], *_SHOWN, *(f"levelled_{name}" for name in _SHOWN), "moves"), rows=tuple(rows),
        parameters={**one.parameters, "views": list(VIEWS), "levelled_recipe": other.recipe,
                    "levelled_result": other.result},
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
        formats=dict.fromkeys(("per_million", "low", "high", *(f"levelled_{n}" for n in _SHOWN[2:])), ",.1f")
        | {"moves": "+.1%"},
    )


def _check_levelled(pattern: Query, query: str, languages: Iterable[str]) -> None:
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


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Names as a list, or as the command line has them: ``"1R,node"``."""
    return tuple(name.strip() for name in given.split(",") if name.strip()) if isinstance(given, str) else tuple(given)


def _question(queries: Sequence[str], by: Sequence[str], where: str) -> str:
    asked = ", ".join(f"‘{query}’" for query in queries)
    grouped = f", by {' and '.join(by)}" if by else ""
    limited = f", in videos with {where}" if where else ""
    return f"How often is {asked} said{grouped}{limited}?"


def open_corpus(folder: str | Path = ".", *, as_of: str = "", view: str = FOUND) -> Corpus:
    """Open the corpus of a study folder, or of the one that the folder lies in.

    ``as_of``: as it was known at a date; ``view``: "found", or "levelled" (see ``crosscut build --levelled``).
    """
    study = open_study(folder)
    if view not in VIEWS:
        raise QueryError(f"no view {view!r}: there is {' and '.join(VIEWS)}")
    if view != FOUND and not study.view(view).is_dir():
        raise CorpusMissing(f"the {view} view of {study.folder} is not built: run crosscut build --{view}")
    if as_of:
        from crosscut.building import files_as_of  # a concordance of today should not wait for it

        return Corpus(study, files_as_of(study, as_of, view))
    return Corpus(study, open_files(study.view(view)))
