"""Can these groups be compared at all?  What differs between them beside what is asked about.

Captions of unlike kinds, marks and case count the same speech differently; unlike sizes, windows, streams beside clips,
and one programme or one video that stands for an outlet compare something else than outlets.  Every difference beyond
a threshold is said in one line.  Shares are of words, so that a hundred shorts do not outweigh a hearing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.model import Coded

Ints = npt.NDArray[np.int64]

#: Shares of words by kind, marks, case or length that differ by more than this between two groups are said.
SHARE = 0.2
#: One group is larger than another by more than this factor.
SIZE = 3.0
#: Of the days that any group covers, two groups share less than this.
OVERLAP = 0.5
#: A video holds more than this share of its group's words, and so many times its even share: the group's rates are that
#: video's rates.
HEAVY, UNEVEN = 0.1, 3
#: A group with more videos than this in no more than so many programmes is these programmes.
PROGRAMMES, FEWEST_VIDEOS = 2, 10
#: A clip ends before this; streams, hearings and whole shows do not.
LONG_MS, LONG_WORDS = 3_600_000, 9_000


Column = Sequence[str] | Coded


@dataclass(frozen=True, slots=True)
class Videos:
    """What is compared: one value a video; columns of text as texts or coded."""

    video: Sequence[str]
    words: Ints
    kind: Column
    case: Column
    punctuated: Ints
    programme: Column
    published: Column
    duration_ms: Ints


def differences(groups: Mapping[str, npt.NDArray[np.bool_]], videos: Videos) -> list[str]:
    """What differs between groups of videos, one line each; nothing for one group, or for groups without words."""
    words = {name: np.where(chosen, videos.words, 0) for name, chosen in groups.items()}
    words = {name: counts for name, counts in words.items() if counts.any()}
    long = (videos.duration_ms >= LONG_MS) | ((videos.duration_ms == 0) & (videos.words >= LONG_WORDS))
    programme = _coded(videos.programme)
    found = [_heavy(name, counts, videos) for name, counts in words.items()]
    found += [_programmes(name, counts, programme) for name, counts in words.items()]
    if len(words) > 1:
        marked = Coded(["unmarked", "marked"], (videos.punctuated > 0).astype(np.uint32))
        found = [
            _unlike("kinds of captions", words, videos.kind),
            _unlike("sentence marks", words, marked),
            _unlike("capitals", words, videos.case),
            _unlike("lengths", words, Coded(["shorter", "an hour and longer"], long.astype(np.uint32))),
            _sizes(words), _windows(words, videos.published), *found,
        ]
    return [line for line in found if line]


def shares(words: Ints, values: Column) -> dict[str, float]:
    """The share of words by value, largest first."""
    column = _coded(values)
    sums = np.bincount(column.codes, words, len(column.values)) / max(int(words.sum()), 1)
    return {column.values[i]: float(sums[i])
            for i in sorted(np.flatnonzero(sums > 0).tolist(), key=lambda i: (-sums[i], column.values[i]))}


def _coded(column: Column) -> Coded:
    return column if isinstance(column, Coded) else Coded.of(column)


def _unlike(what: str, words: Mapping[str, Ints], values: Column) -> str:
    """Whether the shares of two groups differ by more than ``SHARE`` (total variation)."""
    column = _coded(values)
    by_group = {name: shares(counts, column) for name, counts in words.items()}
    names = {value for found in by_group.values() for value in found}
    table = np.array([[found.get(name, 0.0) for name in sorted(names)] for found in by_group.values()])
    apart = np.abs(table[:, None, :] - table[None, :, :]).sum(axis=2).max() / 2
    return f"{what} differ, by words: " + "; ".join(f"{name} {_listed(found)}" for name, found in by_group.items()) if (
        apart > SHARE) else ""


def _listed(found: Mapping[str, float]) -> str:
    return ", ".join(f"{value or 'unknown'} {share:.0%}" for value, share in list(found.items())[:3])


def _sizes(words: Mapping[str, Ints]) -> str:
    sizes = {name: int(counts.sum()) for name, counts in words.items()}
    if max(sizes.values()) <= SIZE * min(sizes.values()):
        return ""
    return "sizes differ: " + "; ".join(f"{name} {size:,} words" for name, size in sizes.items())


def _windows(words: Mapping[str, Ints], published: Column) -> str:
    """Whether the days from the first to the last video of two groups overlap too little."""
    column = _coded(published)
    days = [text[:10] if len(text) >= 10 else "" for text in column.values]
    spans = {}
    for name, counts in words.items():
        present = np.bincount(column.codes[counts > 0], minlength=len(days))
        dated = sorted({day for day, count in zip(days, present.tolist(), strict=True) if day and count})
        if dated:
            spans[name] = np.array([dated[0], dated[-1]], "datetime64[D]").astype(np.int64), dated
    if len(spans) < 2:
        return ""
    apart = min(
        (min(a[1], b[1]) - max(a[0], b[0]) + 1) / (max(a[1], b[1]) - min(a[0], b[0]) + 1)
        for a, _ in spans.values() for b, _ in spans.values())
    return "windows differ: " + "; ".join(f"{name} {dated[0]} to {dated[-1]}" for name, (_, dated) in spans.items()) if (
        apart < OVERLAP) else ""


def _heavy(name: str, words: Ints, videos: Videos) -> str:
    count = int(np.count_nonzero(words))
    heavy = np.flatnonzero(words > max(HEAVY, UNEVEN / max(count, 1)) * words.sum())
    if not len(heavy):
        return ""
    listed = ", ".join(f"{videos.video[i]} {words[i] / words.sum():.0%}" for i in heavy[np.argsort(-words[heavy])][:3])
    return f"{len(heavy)} videos hold more than a tenth of the words of {name}: {listed}" if len(heavy) > 1 else (
        f"one video holds more than a tenth of the words of {name}: {listed}")


def _programmes(name: str, words: Ints, programme: Coded) -> str:
    chosen = np.flatnonzero(words)
    programmes = shares(words, programme)
    if len(chosen) < FEWEST_VIDEOS or "" in programmes or not 0 < len(programmes) <= PROGRAMMES:
        return ""
    return f"{name} is {' and '.join(programmes)}, not the whole outlet"
