"""What is measured on real captions, as results for the gate and tables for the page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from benchmarks import material
from benchmarks.quality import cleaning, kinds
from benchmarks.quality.measure import Figure, Result
from crosscut.clean.times import Int64

#: Losses at which a feed must be known for debris, and where none may be taken for it.
KNOWN_FROM = 0.08


@dataclass(frozen=True, slots=True)
class Measured:
    """A result, and the tables that show it: rows of cells, the head first, by their place on the page."""

    result: Result
    tables: dict[str, list[list[str]]]


def have() -> bool:
    """Whether the real captions are there."""
    needed = (*kinds.FOLDERS, cleaning.PEOPLE, cleaning.MACHINE, kinds.LIVE)
    return all((material.SHARED / folder).is_dir() for folder in needed)


def measure(split: str) -> list[Measured]:
    """Everything of a split; cleaning has nothing that is tuned, and no split."""
    return [measure_kinds(split), measure_cleaning()] if have() else []


def measure_kinds(split: str) -> Measured:
    """What kind of text each file is."""
    rows, root = kinds.table(), material.SHARED
    found = [(path, said) for path, said in kinds.answers(root)
             if kinds.is_test(path.partition("#")[0]) == (split == "test")]
    counts, lost = kinds.compare(rows, found), kinds.debris(root, split)
    figures = kinds.figures(counts)
    files = len({path.partition("#")[0] for path, _ in found})
    floored = {f"debris-at/{rate}": figure for rate, figure in lost.items() if rate == 0 or rate >= KNOWN_FROM}
    result = Result("kinds", "–", "real caption files", "–", kinds.digest(root), files, len(found), figures | floored)
    return Measured(result, {
        "kinds": [["trait", "tracks", "right", "wrong", "no answer", "nobody could say", "F1"],
                  *(_trait_row(trait, counts, figures) for trait in kinds.TRAITS)],
        **{f"matrix {trait}": _matrix(trait, counts) for trait in kinds.TRAITS},
        "debris": [["one character in so many begins a loss", *(f"{1 / rate:.0f}" if rate else "none" for rate in lost)],
                   ["taken for debris, %", *(f"{100 - figure.percent if not rate else figure.percent:.0f}"
                                             for rate, figure in lost.items())]],
    })


def _trait_row(trait: str, counts: kinds.Matrix, figures: dict[str, Figure]) -> list[str]:
    figure = figures[trait.replace(" ", "-")]
    unsure = sum(count for (name, true, _), count in counts.items() if name == trait and true == kinds.UNSURE)
    numbers = (figure.gold, figure.right, figure.ours - figure.right, figure.gold - figure.ours, unsure)
    return [trait, *(f"{number:,}" for number in numbers), f"{figure.percent:.1f}"]


def _matrix(trait: str, counts: kinds.Matrix) -> list[list[str]]:
    """Truths by row, answers by column, the frequent ones first."""
    here = Counter({(true, said): count for (name, true, said), count in counts.items() if name == trait})
    truths, answers = Counter[str](), Counter[str]()
    for (true, said), count in here.items():
        truths[true] += count
        answers[said] += count
    columns = [said for said, _ in sorted(answers.items(), key=lambda pair: (-pair[1], pair[0]))]
    ordered = sorted(truths, key=lambda true: (-truths[true], true))
    return [[f"{trait} ↓ said →", *columns], *([true, *(f"{here[true, said]:,}" for said in columns)] for true in ordered)]


def measure_cleaning() -> Measured:
    """Words and times."""
    root = material.SHARED
    compared, machine = cleaning.estimates(root), list(cleaning.automatic(root))
    figures = cleaning.figures(compared, machine)
    result = Result("cleaning", "–", "real captions", "–", cleaning.digest(root), len(compared) + len(machine),
                    figures["estimates/words"].gold + figures["automatic/words"].gold, figures)
    words, times = figures["automatic/words"], figures["automatic/times"]
    same = cleaning.same_cut(compared)
    off, cue_off = (np.concatenate(column) for column in zip(*((one.off, one.cue_off) for one in same), strict=True))
    return Measured(result, {
        "estimates": [["video", "words", "same, %", "median, ms", "90th percentile", "at the cue's start: median", "90th"],
                      *(_estimate_row(one) for one in compared),
                      [f"all of the same cut ({len(same)})", f"{cleaning.total(one.words for one in same).gold:,}",
                       f"{cleaning.total(one.words for one in same).percent:.1f}", *_times(off, cue_off)]],
        "near": [["times off by at most", *(f"{ms:,} ms" for ms in cleaning.NEAR_MS)],
                 ["spread over the cue, %", *(f"{cleaning.near(off, ms).percent:.1f}" for ms in cleaning.NEAR_MS)],
                 ["at the cue's start, %", *(f"{cleaning.near(cue_off, ms).percent:.1f}" for ms in cleaning.NEAR_MS)]],
        "automatic": [["roll-up tracks", "words", "words the same, %", "times the same, %"],
                      [str(len(machine)), f"{words.gold:,}", f"{words.percent:.3f}", f"{times.percent:.3f}"]],
    })


def _estimate_row(one: cleaning.Compared) -> list[str]:
    times = _times(one.off, one.cue_off) if cleaning.same_cut([one]) else ["–"] * 4
    return [one.name, f"{one.words.gold:,}", f"{one.words.percent:.1f}", *times]


def _times(off: Int64, cue_off: Int64) -> list[str]:
    return [f"{np.percentile(column, share):,.0f}" for column in (off, cue_off) for share in (50, 90)]
