"""Are pieces of one event put together?  Stories against groups made by hand and by editors, with baselines beside ours.

``tv-news``, ``fr-2022``   three days of news video and of report descriptions, grouped by hand, within weeks of others
``… alone``                the same items without the rest of their corpus, as one's first days of collecting are
``basil``                  articles of three papers on one event each, in one stream
``neus``                   beginnings of the articles of a roundup, without dates
``allsides``               the same of other roundups, with the day

Everything was chosen on ``dev``: thresholds of the baselines like ours, one for all streams.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.quality import streams
from benchmarks.quality.captions import Measured
from benchmarks.quality.grouping import Match, bcubed, differing, kappa, pairwise
from benchmarks.quality.measure import Figure, Result
from benchmarks.quality.streams import CLIP, MARKED, Item, Mark, Stream
from crosscut.annotate import lemmas
from crosscut.counts import Counts
from crosscut.stories.clusters import Ints, Settings, cluster
from crosscut.stories.vectors import Floats, Frequencies, vectors

OURS = "ours"
#: Chosen on ``dev``, for the best mean of BCubed over the streams: 0.1 to 0.6 were tried in steps of 0.02, one to three
#: neighbours.
TITLES, ALIKE, NEIGHBOURS = 0.16, 0.24, 1
#: As ours: pieces further apart than so many days do not know each other.
DAYS = Settings().days


@dataclass(frozen=True, slots=True)
class Averaged(Figure):
    """A figure that is no share of counts: ``exact`` is its percent, ``gold`` still says how many items it is of."""

    exact: float

    @property
    def percent(self) -> float:
        """The figure in percent."""
        return self.exact


def measure(split: str) -> list[Measured]:
    """Streams and baselines, and how far the two passes of the marked ones agree."""
    if not streams.have():
        return []
    figures: dict[str, Figure] = {}
    rows, kinds, items, words = [_HEAD], [_HEAD], 0, 0
    for stream in streams.streams(split):
        items, words = items + len(stream.items), words + stream.words
        for name, system in SYSTEMS.items():
            found = system(stream)
            clips = scored(stream, found, lambda item: item.kind == CLIP)
            rows.append(_row(stream.name, name, clips))
            if stream.name in MARKED:
                kinds.append(_row(stream.name, name, scored(stream, found, lambda item: True)))
            if name == OURS:
                figures |= {f"{stream.name}/{what}": figure for what, figure in clips.figures().items()}
    result = Result("stories", "–", "news grouped by hand and by editors", lemmas.version(), streams.digest(), items, words,
                    figures)
    return [Measured(result, {"stories": rows, "stories of all kinds": kinds, "agreement": agreement()})]


_HEAD = ["stream", "how", "items", "stories", "BCubed P", "R", "F1", "pairs P", "R", "F1"]


@dataclass(frozen=True, slots=True)
class Scored:
    """What one way of grouping is worth on one stream."""

    items: int
    stories: int
    bcubed: Match
    pairs: Match

    def figures(self) -> dict[str, Figure]:
        """The two F1."""
        return {name: Averaged(round(self.items * match.f1), self.items, self.items, 100 * match.f1)
                for name, match in (("bcubed", self.bcubed), ("pairs", self.pairs))}


def scored(stream: Stream, found: Sequence[Hashable], chosen: Callable[[Item], bool]) -> Scored:
    """Of the items that have a gold story and are chosen: what is together, against what should be."""
    pairs = [(story, item.gold) for item, story in zip(stream.items, found, strict=True) if item.gold and chosen(item)]
    ours, gold = [story for story, _ in pairs], [story for _, story in pairs]
    return Scored(len(pairs), len(set(gold)), bcubed(ours, gold), pairwise(ours, gold))


def _row(stream: str, system: str, found: Scored) -> list[str]:
    shares = [value for match in (found.bcubed, found.pairs) for value in (match.precision, match.recall, match.f1)]
    return [stream, system, f"{found.items:,}", f"{found.stories:,}", *(f"{100 * share:.1f}" for share in shares)]


def ours(stream: Stream) -> list[int]:
    """As the program does it."""
    return list(cluster(stream.pieces).story.tolist())


def titles(stream: Stream, threshold: float = TITLES) -> list[int]:
    """The same with nothing but titles."""
    nothing = Counts.of([], [], [], (len(stream.pieces.words), len(stream.items)))
    only = replace(stream.pieces, words=stream.pieces.titles, titles=nothing, descriptions=nothing)
    return list(cluster(only, Settings(threshold=threshold)).story.tolist())


def dense(stream: Stream, alike: float = ALIKE, neighbours: int = NEIGHBOURS) -> list[int]:
    """DBSCAN (Ester et al. 1996) over the cosines of plain TF-IDF, of pieces at most ``DAYS`` apart."""
    pieces = stream.pieces
    found = Frequencies.of(pieces.words, pieces.names, pieces.titles, pieces.descriptions, title=1, description=1)
    made = vectors(found, pieces.language)
    cosines = made.times(made).astype(np.float64)
    cosines[np.abs(pieces.day[:, None] - pieces.day) > DAYS] = 0
    return list(dbscan(cosines, alike, neighbours).tolist())


def dbscan(cosines: Floats, alike: float, neighbours: int) -> Ints:
    """Groups of a symmetric table: a piece that so many others are alike to takes them into its group.

    A piece that has fewer, and none that has so many beside it, is a group of its own.
    """
    near = cosines >= alike
    np.fill_diagonal(near, False)
    core, group, next_group = near.sum(axis=1) >= neighbours, np.full(len(cosines), -1), 0
    for seed in range(len(cosines)):
        if group[seed] >= 0 or not core[seed]:
            continue
        group[seed], open_ = next_group, [seed]
        while open_:
            here = np.flatnonzero(near[open_.pop()] & (group < 0))
            group[here] = next_group
            open_ += here[core[here]].tolist()
        next_group += 1
    alone = group < 0
    group[alone] = next_group + np.arange(alone.sum())
    return group


#: Ways of grouping, ours first.
SYSTEMS: dict[str, Callable[[Stream], Sequence[Hashable]]] = {
    OURS: ours, "titles only": titles, "TF-IDF, DBSCAN": dense, "each its own": lambda stream: range(len(stream.items)),
    "one a day": lambda stream: [item.day for item in stream.items],
}


def agreement() -> list[list[str]]:
    """How far the two passes agree on all kinds, and how many items had to be decided."""
    rows = [["corpus", "part", "items", "stories", "BCubed F1", "pairs F1", "kappa of pairs", "kinds the same, %",
             "stood among others"]]
    return rows + [_agreement(corpus, part, [m for m in streams.marks() if (m.corpus, m.part) == (corpus, part)])
                   for corpus in MARKED for part in ("dev", "test")]


def _agreement(corpus: str, part: str, marks: Sequence[Mark]) -> list[str]:
    first, second = ([mark.passes[person][0] for mark in marks] for person in (0, 1))
    same = sum(mark.passes[0][1] == mark.passes[1][1] for mark in marks)
    return [corpus, part, f"{len(marks):,}", f"{len({mark.story for mark in marks}):,}",
            *(f"{100 * match.f1:.1f}" for match in (bcubed(first, second), pairwise(first, second))),
            f"{kappa(first, second):.3f}", f"{100 * same / len(marks):.1f}", f"{differing(first, second):,}"]
