"""Which story has a piece already?  What an earlier run found, and what a person said of it.

A piece is known again by its video, the digest of its words and its span.  One that was cut anew takes the story of the old
span that it overlaps most; a video that was one piece and is one keeps its story when its captions were replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, LayerSpan
from crosscut.workbench.passages import Cut
from crosscut.workbench.telling import NEW, NONE, NOT, Move, Word, is_new, new_name

Ints = npt.NDArray[np.int64]

#: What a span of the layer ``stories`` says beside its story: its name; the story that the program found, and a person's
#: word on the piece, where there is one; the name that the story had before a person gave it another; the story that a
#: person's ``new`` began with the piece, where a merger gives another.
NAME, FOUND, SAID, NAMED_BEFORE, BEGAN = "name", "found", "said", "named_before", "began"
#: Of the layer: ids that were given once, and belong to nobody now.
GONE = "gone"


@dataclass(frozen=True, slots=True)
class Before:
    """The layer of an earlier run, by video; the names that its stories have, and the ids that were ever given.

    ``asked_for``: the story that was made for each ``new: NAME``.
    """

    spans: dict[str, list[LayerSpan]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    asked_for: dict[str, str] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, layer: Layer | None) -> Before:
        """What a layer says; nothing where there is none."""
        if layer is None:
            return cls()
        spans: dict[str, list[LayerSpan]] = {}
        names: dict[str, str] = {}
        asked_for: dict[str, str] = {}
        ids = set(dict(layer.more).get(GONE, "").split())
        for span in layer.spans:
            more = dict(span.more)
            spans.setdefault(span.video, []).append(span)
            if name := more.get(NAMED_BEFORE, more.get(NAME, "")):
                names.setdefault(span.label, name)
            if new_name(more.get(SAID, "")):
                asked_for[more[SAID]] = began_of(span)
            ids |= {span.label, found_of(span), began_of(span)} - {""}
        return cls(spans, names, asked_for, frozenset(ids))

    def last(self, video: str, content: str, start: int, end: int, *, alone: bool) -> LayerSpan | None:
        """The span that a piece was; None where it is new."""
        mine = self.spans.get(video, [])
        here = [span for span in mine if span.content == content]
        best = max(here, key=lambda span: (min(end, span.end) - max(start, span.start), span.start == start), default=None)
        if best and min(end, best.end) > max(start, best.start):
            return best
        return mine[0] if alone and len(mine) == 1 and not here else None


def found_of(span: LayerSpan | None) -> str:
    """The story that the program found for a piece in an earlier run, whatever a person said since; "" where none."""
    return "" if span is None else dict(span.more).get(FOUND, span.label)


def began_of(span: LayerSpan) -> str:
    """The story of a piece before all mergers, where a person began it."""
    return dict(span.more).get(BEGAN, span.label)


@dataclass(slots=True)
class Asked:
    """What is to be done with each piece: its ``story`` ("": to be found), and what a person ``said`` of it.

    ``fresh``: a story that nobody has yet, by the word that asks for it; ``began``: one that such a word asked for in an
    earlier run, before all mergers.  ``apart``: pieces and stories that they are not.
    ``unknown``: what a person's word speaks of and nobody has.
    """

    story: list[str]
    said: list[str]
    fresh: dict[int, str] = field(default_factory=dict)
    began: dict[int, str] = field(default_factory=dict)
    apart: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def followed(
    word: Word, files: CorpusFiles, cut: Cut, was: Sequence[LayerSpan | None], before: Before, *, anew: bool = False,
) -> Asked:
    """A person's word on pieces that had these spans in an earlier run; ``anew``: what the program found does not count.

    What it says of stories that nobody has or had is not followed; ``checked`` has taken such mergers away.
    """
    base = [word.at_last(found_of(span)) if span and not anew else "" for span in was]
    asked = Asked(list(base), [""] * len(cut))
    for move in word.moves:
        places = list(places_of(files, cut, move))
        if not places:
            asked.unknown.append(f"line {move.line}: {_why_nothing(files, move)}")
        for place in places:
            if move.field == NOT:
                asked.apart.append((place, word.at_last(move.story)))
            else:
                asked.story[place] = _moved(asked, word, move, place, before, was[place], base[place])
    apart = {(place, story) for place, story in asked.apart if not asked.said[place] and story in before.ids}
    asked.apart = sorted(apart)
    for place, story in asked.apart:
        if asked.story[place] == story:
            asked.story[place] = ""
    return asked


def checked(word: Word, known: frozenset[str]) -> Word:
    """A person's word without mergers of stories, or into stories, that nobody has or had."""
    merged = {story: (line, other) for story, (line, other) in word.merged.items() if {story, other} <= known}
    return replace(word, merged=merged)


def nobodys(word: Word, known: frozenset[str]) -> list[str]:
    """The stories that a person's word speaks of and nobody has or had."""
    said = [(line, story) for one in (word.names, word.merged) for story, (line, _) in one.items()]
    said += list(word.merged.values())
    said += [(move.line, move.story) for move in word.moves if move.story not in ("", NONE) and not is_new(move.story)]
    return [f"line {line}: there is no story {story!r}" for line, story in sorted(set(said)) if story not in known]


def _moved(
    asked: Asked, word: Word, move: Move, place: int, before: Before, was: LayerSpan | None, base: str,
) -> str:
    """The story of a piece as a line says; "" where it has none, or one that nobody has yet."""
    asked.fresh.pop(place, None)
    asked.began.pop(place, None)
    asked.said[place] = move.story
    if move.story == NONE:
        return ""
    if is_new(move.story):
        alone = move.story == NEW
        mine = began_of(was) if was and dict(was.more).get(SAID) == NEW else ""
        had = mine if alone else before.asked_for.get(move.story, "")
        if had:
            asked.began[place] = had
            return word.at_last(had)
        asked.fresh[place] = f"{NEW} {move.line}" if alone else move.story
        return ""
    if move.story and move.story in before.ids:
        return word.at_last(move.story)
    asked.said[place] = ""  # taken back, or a story that nobody has
    return base


def places_of(files: CorpusFiles, cut: Cut, move: Move) -> Iterator[int]:
    """The pieces that a line speaks of: all of a video, or the one that is heard at a second."""
    video = files.catalog.video.find(move.video)
    for place in np.flatnonzero(cut.video == video).tolist() if video >= 0 else ():
        if move.second is None:
            yield place
            continue
        shard, begin, end = files.span(video)
        start = shard.column("start")[begin:end]
        at = int(np.searchsorted(start, move.second * 1000, side="right")) - 1 if len(start) and start[0] >= 0 else -2
        if at >= -1 and cut.start[place] <= max(at, 0) < cut.end[place]:
            yield place


def _why_nothing(files: CorpusFiles, move: Move) -> str:
    """Why a line speaks of no piece."""
    if files.catalog.video.find(move.video) < 0:
        return f"there is no video {move.video}"
    if move.second is None:
        return f"{move.video} has no words that tell a story"
    return f"nothing that tells a story is heard in {move.video} at second {move.second:g}, or it has no times"
