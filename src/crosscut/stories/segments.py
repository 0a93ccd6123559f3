"""Where does a long show go on to another subject?  Topic segments of one video's words.

The best way to cut is the one whose segments hold together best (``cohesion``: words that come back) and begin where
something else says so (``cues``: marks, formulas, pauses, capitals, chapters): the sum of both over all segments, less a
price for each, is as high as it can be (by dynamic programming, as Utiyama & Isahara 2001).  A segment begins where a
sentence or cue begins.  The work is linear in the words: no segment is looked at that is longer than ``REACH``; where a
subject goes on for longer, its parts are joined again afterwards.

All numbers were chosen on the dev part of ``benchmarks/quality/segments.tsv`` (six broadcasts of US news television, three
podcasts) and on rows of clips of the dev days, for the least mean of Pk and WindowDiff over all four kinds of text there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.stories import cohesion, cues
from crosscut.stories.kinds import AD, OTHER, STORY, TEASER, in_capitals, kind_of

__all__ = ["AD", "OTHER", "STORY", "TEASER", "Segment", "Speech", "segments"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Why a segment begins where it does.
SHIFT, MARK, FORMULA, PAUSE, CASE, CHAPTER = EVIDENCE = (
    "vocabulary shift", "story mark", "hand-over formula", "pause", "change of case", "chapter")
_EVIDENCE_OF: Mapping[str, str] = {
    cues.STORY: MARK, cues.SPEAKERS: MARK, cues.SOUNDS: PAUSE, cues.TURN: FORMULA, cues.TEASE: FORMULA, cues.RETURN: FORMULA,
    cues.GREET: FORMULA, cues.END: FORMULA, cues.THANKED: FORMULA, cues.SOLD: FORMULA, cues.INTO: CASE,
    cues.OUT: CASE, cues.PAUSE: PAUSE, cues.CHAPTER: CHAPTER}

#: A video of fewer words is one segment.  (Of clips of 400 to 800 words on the dev days one in twenty would be cut.)
WHOLE = 700
#: Words with a larger share of the background are no subject's own: they say who speaks, not about what.
COMMON = 0.001
#: Share of the video itself in the prior, once it has so many terms, and the weight of the prior in terms.
OWN, FULL, KAPPA = 0.15, 2_000, 1_000.0
#: The weight of the prior where there is no background, and it is the video itself.
KAPPA_ALONE = 3_000.0
#: What cohesion counts beside the cues, and the price of a segment.
SCALE, PRICE = 0.55, 4.0
#: No segment is shorter, none is looked at that is longer, in words.
SHORTEST, REACH = 25, 4_000
#: Log odds that a beginning is right (within 40 words): the first, and the second times what it gains, of which no more
#: counts than the third.  Fitted to 542 beginnings.
SURE = (0.35, 0.30, 8.0)
#: What each cue adds where a segment begins.
WEIGHTS: Mapping[str, float] = {
    cues.STORY: 6.5, cues.SPEAKERS: -1.0, cues.SOUNDS: 1.5, cues.TURN: 3.0, cues.TEASE: 3.0, cues.RETURN: 5.0,
    cues.GREET: 2.0, cues.END: 4.0, cues.THANKED: 2.0, cues.SOLD: 1.0, cues.INTO: 7.0, cues.OUT: 5.0, cues.PAUSE: 3.0,
    cues.CHAPTER: 7.0}  # no dev text has chapters: believed as much as the strongest cue


@dataclass(frozen=True, slots=True)
class Speech:
    """What one video says, one value a token.  All but ``words`` and ``terms`` may be missing.

    ``words``: as captioned; formulas and capitals are looked up in them.
    ``terms``: code of the lemma (or norm) of a content word, -1 of any other; where nobody knows which those are, of all.
    ``afters``: what stands between a token and the next (``Tokens.afters``): speaker, story and sound marks.
    ``begins``: where a sentence or a cue begins; a segment begins at one of these.  None: after marks and pauses, and every
    15 tokens where there is neither.
    ``starts``: ms from the start of the video, -1 unknown.
    ``background``: how often each term code is said in the corpus; None: then common words are not told from subjects'.
    ``chapters``: tokens at which chapters begin, as the publisher says.
    """

    words: Sequence[str]
    terms: Ints
    afters: Sequence[str] | None = None
    begins: Bools | None = None
    starts: Ints | None = None
    background: Floats | None = None
    chapters: Sequence[int] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens ``start`` to ``end`` (exclusive) of one subject or one function.

    ``score``: how sure its beginning is, 0 to 1: of so many beginnings with this score as many were right on dev (1 for the
    first, which begins with the video).  ``evidence``: why it begins there, what counted most first; empty for the first.
    """

    start: int
    end: int
    label: str = STORY
    score: float = 1.0
    evidence: tuple[str, ...] = ()


def segments(speech: Speech) -> list[Segment]:
    """The segments of a video in order: they follow on each other, begin at token 0 and end with the last token.

    A video of fewer than ``WHOLE`` tokens is one segment; one without tokens has none.
    """
    if not speech.words:
        return []
    text = _Text.of(speech)
    chosen = [0] if len(speech.words) < WHOLE else _joined(text, _best(text))
    edges = [*text.units[chosen].tolist(), len(speech.words)]
    capitals = in_capitals(speech.words)
    labels = [kind_of(speech.words[start:end], speech.language, capitals) for start, end in pairwise(edges)]
    found = [Segment(0, edges[1], labels[0])]
    for number, (first, middle, end) in enumerate(zip(chosen, chosen[1:], [*chosen[2:], len(text.units)], strict=False), 1):
        parted = SCALE * text.parted(first, middle, end)
        sure, evidence = _score(parted + text.cue[middle]), _evidence(parted, text.cues[middle])
        found.append(Segment(edges[number], edges[number + 1], labels[number], sure, evidence))
    return found


@dataclass(frozen=True, slots=True)
class _Text:
    """A video as units (sentences or cues): where each begins, its cues, what these add to a segment that begins there."""

    terms: Ints
    shares: Floats
    units: Ints
    unit_of: Ints
    cues: Bools
    cue: Floats
    kappa: float

    @classmethod
    def of(cls, speech: Speech) -> _Text:
        """Everything that the search looks at."""
        many = len(speech.words)
        before = cues.marked(speech.afters, many)
        begins = cues.begins(before, speech.starts) if speech.begins is None else speech.begins.copy()
        begins[0] = True
        begins[[place for place in speech.chapters if 0 <= place < many]] = True
        units = np.flatnonzero(begins)
        table = cues.table(speech.words, before, speech.starts, speech.chapters, units, speech.language)
        cue = table @ np.array([WEIGHTS[name] for name in cues.CUES]) - PRICE
        terms = _subjects(speech.terms, speech.background)
        shares = cohesion.shares(terms, speech.background, OWN, FULL)
        kappa = KAPPA_ALONE if speech.background is None else KAPPA
        return cls(terms, shares, units, np.cumsum(begins) - 1, table, cue, kappa)

    def cohesion(self, first: int, end: int) -> float:
        """Cohesion of units ``first`` to ``end`` (exclusive) as one segment."""
        edges = np.append(self.units, len(self.terms))
        return cohesion.cohesion(self.terms[edges[first] : edges[end]], self.shares, self.kappa)

    def parted(self, first: int, middle: int, end: int) -> float:
        """By how much two neighbours hold together better than as one."""
        return self.cohesion(first, middle) + self.cohesion(middle, end) - self.cohesion(first, end)


def _subjects(terms: Ints, background: Floats | None) -> Ints:
    """Term codes without those that are common in the background."""
    if background is None or not background.sum():
        return terms
    common = np.zeros(max(len(background), int(terms.max(initial=-1)) + 1) + 1, bool)
    common[: len(background)] = background > COMMON * background.sum()
    return np.where(common[terms], -1, terms)


def _best(text: _Text) -> list[int]:
    """The units at which segments begin in the best way to cut."""
    many = len(text.units)
    edges = np.append(text.units, len(text.terms))
    reach = int((np.searchsorted(text.units, text.units + REACH) - np.arange(many)).max())
    best, back = np.concatenate([[0.0], np.full(many, -np.inf)]), np.zeros(many + 1, np.int64)
    price = np.append(0.0, text.cue[1:])
    for unit, row in enumerate(cohesion.rows(text.terms, text.unit_of, many, text.shares, text.kappa, reach)):
        firsts = np.arange(unit, max(unit - reach, -1), -1)
        worth = best[firsts] + SCALE * row[: len(firsts)] + price[firsts]
        if edges[unit + 1] - edges[firsts[-1]] >= SHORTEST:
            worth[edges[unit + 1] - edges[firsts] < SHORTEST] = -np.inf
        else:
            worth[:-1] = -np.inf
        place = int(worth.argmax())
        best[unit + 1], back[unit + 1] = worth[place], firsts[place]
    found = [many]
    while found[-1] > 0:
        found.append(int(back[found[-1]]))
    return found[:0:-1]


def _joined(text: _Text, chosen: list[int]) -> list[int]:
    """Segments joined whose parting gains nothing: cut only because none may be longer than ``REACH``."""
    ends, kept = [*chosen[1:], len(text.units)], [0]
    for first, end in zip(chosen[1:], ends[1:], strict=True):
        if SCALE * text.parted(kept[-1], first, end) + text.cue[first] > 0:
            kept.append(first)
    return kept


def _score(gained: float) -> float:
    """How sure a beginning is that gains so much."""
    first, each, most = SURE
    return 1 / (1 + math.exp(-(first + each * min(gained, most))))


def _evidence(parted: float, said: Bools) -> tuple[str, ...]:
    """What speaks for a beginning, what counts most first."""
    counted: dict[str, float] = {SHIFT: parted}
    for name in np.array(cues.CUES)[said].tolist():
        counted[_EVIDENCE_OF[name]] = counted.get(_EVIDENCE_OF[name], 0.0) + WEIGHTS[name]
    return tuple(sorted((name for name, much in counted.items() if much > 0), key=lambda name: -counted[name]))
