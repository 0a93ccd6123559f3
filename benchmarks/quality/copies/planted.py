"""Passages planted twice in real broadcasts, each time misheard anew at a known rate; and broadcasts with nothing to find.

Each passage goes into two broadcasts of the same split, at places drawn at random; what broadcasts copy from one another
stays.  Of a passage is *found* what of its second occurrence lies in copies whose source lies in its first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.quality.captions import Measured
from benchmarks.quality.copies import speech
from benchmarks.quality.copies.speech import Codes, Ints
from benchmarks.quality.measure import Figure, Result
from crosscut.copies.finder import find
from crosscut.copies.found import Copies

SEED = 6
#: Words of a passage, share of them misheard in each occurrence, and passages of each.
LENGTHS, RATES, MANY = (15, 30, 60, 150), (0.0, 0.05, 0.10, 0.15, 0.20, 0.30), 50
#: Words that stay together where broadcasts are taken apart: fewer than a passage has.
PIECE = 8
#: Cells of the table that have floors.
FLOORED = ((30, 0.05), (60, 0.0), (60, 0.10), (150, 0.10), (150, 0.20))


@dataclass(frozen=True, slots=True)
class Plant:
    """Where the occurrences of one passage lie: video, from, to, twice; the earlier one first."""

    length: int
    rate: float
    places: tuple[tuple[int, int, int], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Cell:
    """Plants of one length and rate: words planted in second occurrences, of them found, words found around them, plants of
    which half or more is found."""

    planted: int
    right: int
    around: int
    plants: int
    half: int

    @property
    def recall(self) -> Figure:
        """Words found of those planted."""
        return Figure(self.right, self.planted, self.planted)

    @property
    def extent(self) -> Figure:
        """F1 of words found against words planted."""
        return Figure(self.right, self.right + self.around, self.planted)


def together(figures: Sequence[Figure]) -> Figure:
    """Several shares of words as one."""
    return Figure(*(sum(getattr(figure, name) for figure in figures) for name in ("right", "ours", "gold")))


def plant(
    videos: Sequence[Codes], passages: Sequence[tuple[float, Codes]], dice: np.random.Generator,
) -> tuple[list[Codes], list[Plant]]:
    """The videos with each passage in two of them, misheard at its rate in both."""
    common = np.concatenate(videos)
    inserts: dict[int, list[tuple[int, int, Codes]]] = {}
    for number, (rate, words) in enumerate(passages):
        for video in dice.choice(len(videos), 2, replace=False).tolist():
            heard = speech.misheard(words, rate, common, dice)
            inserts.setdefault(video, []).append((int(dice.integers(len(videos[video]) + 1)), number, heard))
    made, places = list(videos), dict[int, list[tuple[int, int, int]]]()
    for video, chosen in sorted(inserts.items()):
        pieces, at, before = [], 0, 0
        for place, number, heard in sorted(chosen, key=lambda one: one[:2]):
            pieces += [videos[video][at:place], heard]
            places.setdefault(number, []).append((video, place + before, place + before + len(heard)))
            at, before = place, before + len(heard)
        made[video] = np.concatenate([*pieces, videos[video][at:]])
    return made, [Plant(len(words), rate, (places[number][0], places[number][1]))
                  for number, (rate, words) in enumerate(passages)]


def recall(copies: Copies, plants: Sequence[Plant]) -> Cell:
    """What was found of some plants."""
    rows = copies.occurrences
    planted = right = around = half = 0
    for one in plants:
        (source, low, high), (video, start, end) = one.places
        mine = ((rows.video == video) & ~rows.first & (rows.start < end) & (rows.end > start)
                & (rows.of_video == source) & (rows.of_start < high) & (rows.of_end > low))
        inside = int((np.minimum(rows.end[mine], end) - np.maximum(rows.start[mine], start)).sum())
        planted, right = planted + end - start, right + inside
        around += int((rows.end[mine] - rows.start[mine]).sum()) - inside
        half += 2 * inside >= end - start
    return Cell(planted, right, around, len(plants), half)


def nothing_to_find(videos: Sequence[Codes], dice: np.random.Generator) -> list[Codes]:
    """Videos of the same length out of pieces of a few words, dealt out at random: no passage in common."""
    words = np.concatenate(videos)
    pieces = words[: len(words) // PIECE * PIECE].reshape(-1, PIECE)
    mixed = pieces[dice.permutation(len(pieces))].ravel()
    ends = np.cumsum([len(video) for video in videos])[:-1]
    return [np.asarray(part, np.int32) for part in np.split(mixed, ends)]


def found_in(videos: Sequence[Codes]) -> Copies:
    """The copies in some videos, whose outlets and days play no part here."""
    nobody = np.zeros(len(videos), np.int64)
    return find(videos, nobody, nobody - 1)


def later_words(copies: Copies) -> int:
    """Words of later occurrences."""
    rows = copies.occurrences
    lengths: Ints = (rows.end - rows.start)[~rows.first]
    return int(lengths.sum())


def measure(split: str) -> Measured:
    """Recall by length and rate, and how much is found where nothing is."""
    dice = np.random.default_rng(SEED)
    videos = speech.background(split)
    fresh = speech.passages(split, LENGTHS, MANY * len(RATES), dice)
    passages = [(rate, words) for length in LENGTHS for rate, words in zip(np.repeat(RATES, MANY).tolist(), fresh[length],
                                                                           strict=True)]
    made, plants = plant(videos, passages, dice)
    copies = found_in(made)
    cells = {(length, rate): recall(copies, [one for one in plants if (one.length, one.rate) == (length, rate)])
             for length in LENGTHS for rate in RATES}
    mixed = nothing_to_find(videos, dice)
    total, wrong = sum(map(len, mixed)), later_words(found_in(mixed))
    figures = {f"planted/{length}-words-at-{rate:.2f}": cells[length, rate].recall for length, rate in FLOORED}
    figures["extent/all"] = together([cell.extent for cell in cells.values()])
    figures["nothing-found"] = Figure(total - wrong, total, total)
    state = hashlib.sha256(b"".join(video.tobytes() for video in made))
    result = Result("copies-planted", "en", "passages planted in broadcasts", "–", state.hexdigest(), len(plants), total,
                    figures)
    return Measured(result, {
        "copies planted": [["words of the passage", *(f"{rate:.0%} misheard" for rate in RATES)],
                           *([str(length), *(written(cells[length, rate]) for rate in RATES)] for length in LENGTHS)],
        "copies nothing": [["words dealt out", "words found, none of them copied", "a million"],
                           [f"{total:,}", f"{wrong:,}", f"{1e6 * wrong / total:,.0f}"]]})


def written(cell: Cell) -> str:
    """Recall by words, and F1 of the extents."""
    return f"{cell.recall.percent:.0f} ({cell.extent.percent:.0f})"
