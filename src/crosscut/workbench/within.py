"""A layer of stories, asked: what each group of videos says in each piece of a story, and in what is left of its videos."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import NotFound, QueryError
from crosscut.measure.bootstrap import METHOD
from crosscut.measure.frequency import Groups, group_coded
from crosscut.measure.matched import Parts, Sides
from crosscut.query.hits import Hits
from crosscut.query.inside import MATCHED
from crosscut.query.lexicons import values_of
from crosscut.query.marks import Marks
from crosscut.query.mask import Mask
from crosscut.query.matrix import Matrix, matrix
from crosscut.query.pattern import escape
from crosscut.query.pieces import Pieces
from crosscut.workbench.grouped import one_field, refuse_pairs
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: The layer whose labels are stories.
LAYER = "stories"
#: More groups than this are compared each with all others, not each two.
MOST_PAIRS = 4
#: What a second side is called that is all other groups.
OTHERS = "the others"
#: What ``--span`` cannot hold in ``<stories label="…"/>``.
_UNWRITABLE = re.compile(r"[<>\x00-\x1f]|\sand\s")
#: A query, and so a span, has 10,000 characters at most.
_LONGEST = 9_000


@dataclass(frozen=True, slots=True)
class Within:
    """Pieces of stories under a mask, and behind them, one a video of the corpus, what is left of each video.

    All of these together are *parts*: ``words`` and ``videos`` have one value a part, ``stories`` -1 for what is left.
    """

    mask: Mask
    span: str
    field: str
    groups: Groups
    pieces: Pieces
    marks: Marks
    words: Ints
    videos: Ints
    stories: Ints

    @classmethod
    def of(cls, corpus: Opened, by: Sequence[str], where: str, span: str) -> Within:
        """The stories of a study by one field of its videos; ``QueryError`` where no layer has them."""
        field, mask, marks = one_field(by, "compare"), corpus.mask(where, span), stories_of(corpus)
        pieces = Pieces.of(corpus.files, marks, mask)
        if not len(pieces):
            raise QueryError("no story of the layer lies in the videos asked for" + (
                f": {marks.stale:,} spans are of videos that have other words by now" if marks.stale else ""))
        left = mask.words - np.bincount(pieces.video, pieces.words, len(mask.words)).astype(np.int64)
        return cls(mask, span, field, group_coded(corpus.coded((field,)), mask.videos), pieces, marks,
                   np.concatenate([pieces.words, np.maximum(left, 0)]),
                   np.concatenate([pieces.video, np.arange(len(mask.words))]),
                   np.concatenate([pieces.story, np.full(len(mask.words), -1)]))

    @property
    def names(self) -> list[str]:
        """What groups are called."""
        return [label[0] for label in self.groups.labels]

    def hits(self, found: Sequence[Hits]) -> Counts:
        """Hits of some queries by part."""
        places = [np.where((at := self.pieces.at(hits)) >= 0, at, len(self.pieces) + hits.video) for hits in found]
        thing = np.repeat(np.arange(len(found)), [len(hits) for hits in found])
        part = np.concatenate([np.zeros(0, np.int64), *places])
        return Counts.of(thing, part, np.ones(len(part), np.int64), (len(found), len(self.words)))

    def tokens(self, corpus: Opened, layer: str) -> tuple[Matrix, Counts]:
        """How often each value of a layer is in each part; and the matrix of whole videos, for its values."""
        whole, inside = matrix(corpus.files, self.mask, layer), self.pieces.tokens(corpus.files, layer)
        values = values_of(corpus.files, layer).values
        if len(values) and len(values.raw(0)) == 0:  # tokens without a value are in no count
            inside = inside.among(np.ones(inside.videos, bool)).take(np.arange(1, len(inside)))
            inside = Counts(np.concatenate([[0], inside.bounds]), inside.video, inside.n, inside.videos)
        behind = len(self.pieces)
        rows = [(inside.thing, inside.video, inside.n), (whole.counts.thing, behind + whole.counts.video, whole.counts.n),
                (inside.thing, behind + self.pieces.video[inside.video], -inside.n)]
        thing, part, n = (np.concatenate(column) for column in zip(*rows, strict=True))
        return whole, Counts.of(thing, part, n, (len(whole.counts), len(self.words)))

    def parts(self, counts: Counts, sizes: Ints | None = None, groups: Groups | None = None) -> Parts:
        """What is compared; ``sizes``: what rates are out of, if not words; ``groups``: of the videos that can answer."""
        codes = (groups or self.groups).codes[self.videos]
        return Parts(counts, self.words if sizes is None else sizes, codes, self.stories, self.videos)

    def pairs(self, pair: str | Sequence[str], can: Ints | None = None) -> list[tuple[int, int]]:
        """The groups that are compared, -1 for all others: those named, or each two, or each with the others.

        ``can``: the group of each video that can answer.
        """
        codes = self.groups.codes if can is None else can
        there = sorted(set(codes[(codes >= 0) & (self.mask.words > 0)].tolist()))
        if pair:
            return [self._named(pair, there)]
        if len(there) < 2:
            raise QueryError(f"there is no second {self.field} to compare with"
                             + (f", in {self.mask.question}" if self.mask.question else ""))
        refuse_pairs(len(there), self.field)
        return list(combinations(there, 2)) if len(there) <= MOST_PAIRS else [(one, -1) for one in there]

    def _named(self, pair: str | Sequence[str], there: Sequence[int]) -> tuple[int, int]:
        names = [name.strip() for name in pair.split(",")] if isinstance(pair, str) else list(pair)
        if not 1 <= len(names) <= 2 or len(set(names)) < len(names):
            raise QueryError(f"--pair {','.join(names)}: name two, as A,B, or one that is compared with all others")
        codes = []
        for name in names:
            if name not in self.names or self.names.index(name) not in there:
                known = ", ".join(self.names[code] for code in there)
                raise QueryError(f"--pair: no {self.field} {name!r} has words to compare; there is {known or 'none'}")
            codes.append(self.names.index(name))
        return codes[0], codes[1] if len(codes) > 1 else -1

    def called(self, pair: tuple[int, int]) -> tuple[str, str]:
        """What both sides are called."""
        return self.names[pair[0]], self.names[pair[1]] if pair[1] >= 0 else OTHERS

    def inside(self, stories: Iterable[int]) -> str | None:
        """What ``--span`` is in some stories, by code; None where that cannot be written, or is too long."""
        return span_of([self.pieces.labels[story] for story in stories], self.span)

    def about(self) -> dict[str, str]:
        """What a finding says of the layer."""
        return {"stories": self.marks.name, "span layer": self.mask.layer, "unit": "story", "interval": METHOD}

    def notes(self, corpus: Opened, two: Sequence[Sides] = (), least: int = 0) -> list[str]:
        """How much lies in stories, what is left out, and whether the layer is up to date."""
        told, all_ = int(self.pieces.words.sum()), int(self.mask.words.sum())
        notes = [f"{told:,} of {all_:,} words lie in {len(self.pieces):,} pieces of "
                 f"{len(np.unique(self.pieces.story)):,} stories; the others count in whole only"]
        if two and least > 1:
            notes.append(f"a story is matched where both sides have {least:,} words of it at least")
        if self.marks.stale:
            notes.append(f"{self.marks.stale:,} spans of stories left out: their videos have other words by now")
        if self.marks.behind(corpus.files):
            notes.append("stories were looked for in an earlier state of the corpus: crosscut stories brings them up to "
                         "date")
        return notes


def stories_of(corpus: Opened) -> Marks:
    """The layer of stories; ``QueryError`` where there is none."""
    try:
        return corpus.marks(LAYER)
    except NotFound as error:
        raise QueryError(f"no stories to compare in: crosscut stories finds them ({error})") from None


def check_story(marks: Marks, story: str) -> None:
    """Raise ``QueryError`` for a story that the layer has not."""
    labels = list(dict.fromkeys(marks.attribute("label")))
    if story not in labels:
        near = difflib.get_close_matches(story, labels, 3) or labels[:3]
        raise QueryError(f"no story {story!r} in the layer; there is {', '.join(near)}"
                         f"{' and others' if len(labels) > len(near) else ''}: crosscut stories lists them")


def span_of(labels: Sequence[str], span: str = "") -> str | None:
    """``--span`` for stories by label, besides what was asked for; None where that cannot be written, or is too long."""
    if not labels or any(_UNWRITABLE.search(label) for label in labels):
        return None
    # which stories are matched hangs on the outlets asked for, and a row asks for one: the stories say it already
    before = [part for part in span.split(" and ") if part.strip() != MATCHED] if span else []
    if len(labels) == 1:
        return " and ".join((*before, f"layer {LAYER}={labels[0]}"))
    told = "|".join(escape(label) for label in labels)
    return " and ".join((*before, f'<{LAYER} label="{told}"/>')) if len(told) < _LONGEST else None
