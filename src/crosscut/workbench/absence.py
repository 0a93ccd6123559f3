"""Which stories that others tell were not found with an outlet, and what could explain it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure import absence as measure
from crosscut.measure.finding import Evidence, number
from crosscut.query.fields import day_numbers, narrowed
from crosscut.query.lexicons import values_of
from crosscut.query.marks import Marks
from crosscut.query.mask import Mask, by_language
from crosscut.query.matrix import matrix
from crosscut.query.pieces import Pieces
from crosscut.store.pack import Strings
from crosscut.workbench import gaps
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.gaps import AROUND, UNKNOWN, Gaps
from crosscut.workbench.grouped import limited
from crosscut.workbench.opened import Opened
from crosscut.workbench.room import lesser_first

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Words that tell a story apart from others; a video that says so many of them may have it.
TERMS, MOST_TERMS = 5, 3
#: Verdicts, the strongest first.
ORDER = (measure.HARDLY, measure.SELDOM, measure.CHANCE, measure.FEW, measure.LITTLE, measure.FOUND)
_MORE = {
    "story": "Its label in the layer.", "name": "What it is called.",
    "terms": "Words that most outlets which have the story say in it, and few other stories have.",
    "mention": f"Videos of this outlet in these days that say {MOST_TERMS} of the terms or more and have no piece of the "
               f"story: read them first, the story may be in them.",
}
COLUMNS = ("story", "outlet", "name", "verdict", "chance", "p_adjusted", "found_in", "pieces", "first", "last", "videos",
           "words", "expected", "mention", "missing", "undated", "empty_days", "gaps", "titles", "terms")
_LESSER = ("words", "empty_days", "undated", "missing", "last", "expected", "videos", "story", "terms", "found_in", "first",
           "p_adjusted", "titles", "mention")
WORDING = ("not found in what was collected is not left out by the outlet: a story told within a long show that was not "
           "cut, or in words that were not matched, is not found either (how often that happens: docs/quality.md); open "
           "the lines of the others, and read the videos that mention the terms")


@dataclass(frozen=True, slots=True)
class _Told:
    """The stories of a layer under a mask, by outlet."""

    pieces: Pieces
    outlets: list[int]      # codes of the outlets that have words here
    names: list[str]
    outlet: Ints            # of each piece, its place among the outlets; all have one
    first: Ints             # stories × outlets: first and last day on which the others tell it; UNKNOWN
    last: Ints
    cells: measure.Cells
    days: Ints              # of each video

    @classmethod
    def of(cls, corpus: Opened, mask: Mask, marks: Marks) -> _Told:
        """Count the pieces of each outlet, and what it has in the days in which the others tell each story."""
        pieces = Pieces.of(corpus.files, marks, mask)
        codes, names = corpus.files.catalog.codes("outlet")
        outlets = np.flatnonzero(np.bincount(codes, mask.words, len(names)) > 0)
        place = np.full(len(names), -1)
        place[outlets] = np.arange(len(outlets))
        outlet, days = place[codes[pieces.video]], day_numbers(corpus.files.catalog)
        many = len(pieces.labels), len(outlets)
        told = np.bincount(pieces.story * many[1] + outlet, minlength=many[0] * many[1]).reshape(many)
        first, last = _days(pieces.story, outlet, days[pieces.video], many)
        words, videos, elsewhere = _volume(mask, place[codes], days, first, last, many[1])
        return cls(pieces, outlets.tolist(), [names[code] for code in outlets], outlet, first, last,
                   measure.Cells(told, words, videos, elsewhere), days)

    def terms(self, corpus: Opened) -> Counts:
        """Norms × cells (story × number of outlets + outlet)."""
        by_piece = self.pieces.tokens(corpus.files, "norm")
        many = len(self.pieces.labels) * len(self.outlets)
        return by_piece.by(self.pieces.story * len(self.outlets) + self.outlet, many)


@measured
def absence(
    corpus: Opened, *, outlet: str = "", at_least: int = measure.LEAST_OUTLETS, least_videos: int = measure.LEAST_VIDEOS,
    least_words: int = measure.LEAST_WORDS, limit: int = 40, every: bool = False, layer: str = "stories", where: str = "",
    span: str = "",
) -> Answer:
    """Stories that ``at_least`` so many other outlets have, and an outlet has no piece of: a row for each, the least
    likely by chance first.

    ``least_videos``, ``least_words``: so much an outlet must have in these days to be missed; ``every``: outlets that have
    the story too; ``limit``: so many stories, 0 for all; ``layer``: whose labels are stories.
    """
    mask = corpus.mask(where, span)
    marks = corpus.marks(layer)
    told = _Told.of(corpus, mask, marks)
    if outlet and outlet not in told.names:
        raise QueryError(f"--outlet {outlet}: no words of it{limited(mask.question)}; there is {', '.join(told.names)}")
    if len(told.names) < 2:
        raise QueryError(f"there is no second outlet that could have what one has not{limited(mask.question)}")
    terms = told.terms(corpus)
    found = measure.absences(told.cells, terms, outlets=at_least, videos=least_videos, words=least_words)
    chosen = _chosen(told, found, outlet, every)
    shown = of_first(chosen, [story for story, _ in chosen], limit)
    rows = _Rows(corpus, mask, told, found, _telling(terms, values_of(corpus.files, "norm").values, len(told.outlets)))
    table = [rows.row(story, at) for story, at in shown]
    return Answer(
        question=f"Which stories that {at_least} other outlets or more have were not found with "
                 f"{outlet or 'an outlet'} in what was collected{limited(mask.question)}?",
        columns=COLUMNS, rows=table, mask=mask, labels=2, lesser=lesser_first(COLUMNS, table, _LESSER),
        evidence=[_evidence(told, story, at, layer, where, span) for story, at in shown],
        explained={**_MORE, **measure.COLUMNS, **gaps.COLUMNS},
        parameters={"stories": marks.name, "span layer": mask.layer, "alpha": measure.ALPHA},
        notes=(*_many(found, len(chosen), len(shown)), WORDING, *rows.gaps.notes(), *_state(corpus, mask, marks, told)),
        formats={"chance": ".3f", "p_adjusted": ".3f", "expected": ",.1f"},
    )


def _chosen(told: _Told, found: measure.Absences, outlet: str, every: bool) -> list[tuple[int, int]]:
    """The pairs of story and outlet that become rows, in order."""
    pieces = told.cells.pieces
    size = pieces.sum(axis=1)
    asked = found.verdict != ""
    if every:
        asked |= (pieces > 0) & (asked & (pieces == 0)).any(axis=1, keepdims=True) | found.asked
    else:
        asked &= pieces == 0
    if outlet:
        asked &= np.array([name == outlet for name in told.names], bool)
    pairs = zip(*(part.tolist() for part in np.nonzero(asked)), strict=True)
    chance = np.nan_to_num(found.chance, nan=1.0)

    def key(pair: tuple[int, int]) -> tuple[Any, ...]:
        story, at = pair
        if every:
            return (-size[story], story, told.names[at])
        return (ORDER.index(str(found.verdict[pair])), chance[pair], -size[story], story, told.names[at])

    return sorted(pairs, key=key)


def _days(story: Ints, outlet: Ints, day: Ints, many: tuple[int, int]) -> tuple[Ints, Ints]:
    """The first and last day on which outlets other than each one tell each story; UNKNOWN where no day is said."""
    never = np.iinfo(np.int64).max
    first, last = np.full(many, never), np.full(many, UNKNOWN)
    known = day != UNKNOWN
    np.minimum.at(first, (story[known], outlet[known]), day[known])
    np.maximum.at(last, (story[known], outlet[known]), day[known])
    others = [np.delete(np.arange(many[1]), at) for at in range(many[1])]
    firsts = np.stack([first[:, rest].min(axis=1, initial=never) for rest in others], axis=1)
    lasts = np.stack([last[:, rest].max(axis=1, initial=UNKNOWN) for rest in others], axis=1)
    return np.where(firsts == never, UNKNOWN, firsts), lasts


def _volume(mask: Mask, outlet: Ints, days: Ints, first: Ints, last: Ints, outlets: int) -> tuple[Ints, Ints, Ints]:
    """Words and videos of each outlet from a day before ``first`` to a day after ``last``, and the words of the others."""
    some = mask.videos & (days != UNKNOWN) & (outlet >= 0)
    begin = int(days[some].min(initial=0 if not some.any() else np.iinfo(np.int64).max))
    many = int(days[some].max(initial=begin)) - begin + 1
    place = outlet[some] * many + days[some] - begin
    a, b = (np.clip(edge - begin, 0, many) for edge in (first - AROUND, last + AROUND + 1))
    b = np.where(first == UNKNOWN, a, b)

    def between(weights: Ints) -> tuple[Ints, Ints]:
        daily = np.bincount(place, weights, outlets * many).reshape(outlets, many).astype(np.int64)
        reached = np.concatenate([np.zeros((outlets, 1), np.int64), daily.cumsum(axis=1)], axis=1)
        own = np.arange(outlets)
        mine = reached[own, b] - reached[own, a]
        return mine, reached.sum(axis=0)[b] - reached.sum(axis=0)[a] - mine

    words, elsewhere = between(mask.words[some])
    return words, between(np.ones(int(some.sum()), np.int64))[0], elsewhere


def _telling(terms: Counts, values: Strings, outlets: int) -> list[list[int]]:
    """The words that tell each story apart: in the pieces of many of its outlets, and in few stories."""
    stories = terms.videos // outlets
    ones = Counts(terms.bounds, terms.video, np.ones_like(terms.n), terms.videos)
    by_story = ones.by(np.arange(terms.videos) // outlets, stories)     # in how many outlets
    often = terms.by(np.arange(terms.videos) // outlets, stories)
    ranges = by_story.ranges()
    score = by_story.n * np.repeat(np.log((1 + stories) / ranges.clip(1)), ranges)
    order = np.lexsort((by_story.thing, -often.n, -score, by_story.video))
    found: list[list[int]] = [[] for _ in range(stories)]
    for story, value in zip(by_story.video[order].tolist(), by_story.thing[order].tolist(), strict=True):
        words = found[story]
        if len(words) < TERMS and len(text := values[value]) >= gaps.LETTERS and text.isalpha():
            words.append(value)
    return found


class _Rows:
    """The rows of a table, each with what is known to be missing."""

    def __init__(self, corpus: Opened, mask: Mask, told: _Told, found: measure.Absences, telling: list[list[int]]) -> None:
        self.told, self.found, self.telling = told, found, telling
        self.gaps, self.values = Gaps(corpus, mask), values_of(corpus.files, "norm").values
        self.counts = matrix(corpus.files, mask, "norm").counts
        self.videos = mask.videos

    def row(self, story: int, at: int) -> tuple[Any, ...]:
        """One story and outlet, in the order of ``COLUMNS``."""
        told, cells, pair = self.told, self.told.cells, (story, at)
        terms = [self.values[value] for value in self.telling[story]]
        first, last = int(told.first[pair]), int(told.last[pair])
        titled = self.gaps.shared_in_titles(told.pieces.video[told.pieces.story == story])
        gap = self.gaps.of(told.outlets[at], first, last, {*terms, *titled}) if first != UNKNOWN else None
        others = cells.pieces[story].sum() - cells.pieces[pair]
        have = sorted((-many, name) for many, name in zip(cells.pieces[story].tolist(), told.names, strict=True) if many)
        return (
            told.pieces.labels[story], told.names[at], told.pieces.names[story], str(self.found.verdict[pair]),
            number(float(self.found.chance[pair])), number(float(self.found.adjusted[pair])),
            ", ".join(f"{name} {-many:,}" for many, name in have), int(others),
            _day(first), _day(last), int(cells.videos[pair]), int(cells.words[pair]), float(cells.expected[pair]),
            self._mention(story, at), *(astuple(gap) if gap else gaps.NO_DAY), " ".join(terms))

    def _mention(self, story: int, at: int) -> int:
        """Videos of an outlet in these days that say most of the terms and have no piece of the story."""
        told = self.told
        counts = self.counts.take(np.array(self.telling[story], np.int64))
        many = np.bincount(counts.video, minlength=len(self.videos))
        some = (many >= MOST_TERMS) & self.videos & (self.gaps.outlet == told.outlets[at])
        some &= (told.days >= told.first[story, at] - AROUND) & (told.days <= told.last[story, at] + AROUND)
        some[told.pieces.video[told.pieces.story == story]] = False
        return int(some.sum())


def _day(ordinal: int) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal != UNKNOWN else None


def _evidence(told: _Told, story: int, at: int, layer: str, where: str, span: str) -> Evidence:
    """What opens the beginnings of the others' pieces."""
    here = f"layer {layer}={told.pieces.labels[story]}"
    return Evidence(f"<{layer}> []", without(where, told.names[at]), f"{span} and {here}" if span else here)


def without(where: str, outlet: str) -> str:
    """Conditions, and that the outlet is another one."""
    field, equals, value = narrowed("", ("outlet",), (outlet,)).partition("=" if "|" not in outlet else "~")
    return f"{where} {field}!{equals}{value}".strip()


_Row = TypeVar("_Row")


def of_first(rows: Sequence[_Row], things: Sequence[Any], limit: int) -> list[_Row]:
    """All rows of the first ``limit`` things, in their order; 0: all."""
    first = set(list(dict.fromkeys(things))[: limit or None])
    return [row for row, thing in zip(rows, things, strict=True) if thing in first]


def cut(rows: int, shown: int) -> list[str]:
    """A note on rows that are not shown."""
    return [f"{rows:,} rows, {shown:,} shown: --limit 0 shows all"] if shown < rows else []


def _many(found: measure.Absences, rows: int, shown: int) -> list[str]:
    """How many pairs were looked at, and how many of the tests chance would leave empty."""
    asked, few = int(found.asked.sum()), bool((found.asked & np.isnan(found.chance)).any())
    notes = cut(rows, shown)
    if few:
        return [*notes, f"{asked:,} pairs of story and outlet with enough to tell are too few to say how expected one is: "
                        f"{measure.FEWEST_PAIRS} are needed"]
    return [*notes, f"of {asked:,} pairs of story and outlet with enough to tell, {found.tests:,} would be empty by chance "
                    f"in at most {measure.ALPHA:.0%} of the cases; of these {found.by_chance:.1f} are expected to be empty "
                    f"by chance, and {found.empty:,} are"]


def _state(corpus: Opened, mask: Mask, marks: Marks, told: _Told) -> list[str]:
    """What is not as it should be: of the layer, of the days, of the languages."""
    notes = list(corpus.notes((), mask))
    if marks.stale:
        notes.append(f"{marks.stale:,} pieces left out: their videos have other words by now")
    if marks.behind(corpus.files):
        notes.append("stories were looked for in an earlier state of the corpus: what came later is in none of them")
    if undated := int((mask.videos & (told.days == UNKNOWN)).sum()):
        notes.append(f"{undated:,} videos have no day: they are in no story's days")
    if len(words := by_language(corpus.files, mask)) > 1:
        notes.append(f"words of {', '.join(sorted(words))}: what is not found in another language may not have been matched")
    return notes
