"""How often, by any grouping of videos: hits, videos, per million words, per hour of speech, with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.measure.percentile import Interval, ratio_intervals

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COLUMNS = {
    "hits": "How many hits there are.",
    "words": "Words of the videos that were searched; only those that can answer.",
    "videos": "Videos that were searched.",
    "videos_with_hits": "Videos with at least one hit.",
    "per_million": "Hits per million words: 1,000,000 × hits / words. Long videos weigh more than short ones.",
    "low": "Lower limit of the rate per million.",
    "high": "Upper limit of the rate per million.",
    "hours": "Hours of speech, by the times of the captions.",
    "per_hour": "Hits per hour of speech; where at least nine tenths of the words have times.",
    "note": "Why there is no interval, or what is odd about it.",
}
#: What the resamples are for: each query has the same of a group.
RATES = "rates"
PER_MILLION = 1_000_000.0
TOTALS = ("hits", "words", "videos", "videos_with_hits", "per_million")
#: So many codes are counted rather than sorted.
_FEW = 4_000_000
MS_PER_HOUR = 3_600_000.0
#: A rate per hour is given where at least this share of the words has times.
TIMED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Groups:
    """How the videos are grouped: ``codes`` has the group of each video (-1: in none), ``labels`` what groups are called."""

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: Ints

    def among(self, videos: npt.NDArray[np.bool_]) -> Groups:
        """The same groups with some of their videos; groups may be left with none."""
        return Groups(self.names, self.labels, np.where(videos, self.codes, -1))


def group(values: Mapping[str, Sequence[str]], chosen: Bools) -> Groups:
    """Group the chosen videos by the values of one or more fields; groups in order of their labels."""
    columns = {}
    for name, texts in values.items():
        places: dict[str, int] = {}
        codes = np.array([places.setdefault(text, len(places)) for text in texts], np.int64)
        columns[name] = (codes, list(places))
    return group_coded(columns, chosen)


def group_coded(columns: Mapping[str, tuple[Ints, Sequence[str]]], chosen: Bools) -> Groups:
    """``group`` by fields that come as a code a video and a text a code (codes of the same text are the same group)."""
    among = np.flatnonzero(chosen)
    together, labels = np.zeros(len(among), np.int64), [()] * min(len(among), 1)
    for codes, texts in columns.values():
        names = sorted(set(texts))
        places = {name: place for place, name in enumerate(names)}
        rank = np.array([places[text] for text in texts], np.int64)
        known, together = _compact(together * max(len(names), 1) + rank[codes[among]], len(labels) * len(names))
        labels = [(*labels[pair // len(names)], names[pair % len(names)]) for pair in known.tolist()]
    groups = np.full(len(chosen), -1, np.int64)
    groups[among] = together
    return Groups(tuple(columns), tuple(labels), groups)


#: Said of a group none of whose videos can answer.
NO_ANSWER = "no answer here"


def _compact(codes: Ints, size: int) -> tuple[Ints, Ints]:
    """Which codes below ``size`` there are, ascending, and each code's place among them."""
    if size > _FEW:
        known, places = np.unique(codes, return_inverse=True)
        return known, places
    present = np.bincount(codes, minlength=size) > 0
    return np.flatnonzero(present), (np.cumsum(present) - 1)[codes]


def totals(counts: Ints, words: Ints, groups: Groups) -> list[tuple[Any, ...]]:
    """One row a group: labels, hits, words, videos, videos with hits, hits per million words (None without words)."""
    among = groups.codes >= 0
    codes, many = groups.codes[among], len(groups.labels)
    hits, sizes, with_hits = (np.bincount(codes, column[among], many).astype(np.int64).tolist()
                              for column in (counts, words, counts > 0))
    videos = np.bincount(codes, minlength=many).tolist()
    return [(*label, hit, size, video, found, PER_MILLION * hit / size if size else None) for label, hit, size, video, found
            in zip(groups.labels, hits, sizes, videos, with_hits, strict=True)]


def frequencies(
    hits: Mapping[str, Ints], words: Ints, speech_ms: Ints, groups: Groups, *, seed: int, replicates: int, level: float
) -> list[tuple[Any, ...]]:
    """One row a query and group: query, labels, then ``COLUMNS``.  All arrays have one value a video."""
    rows = np.array(list(hits.values()), np.float64).reshape(len(hits), len(words))
    members = _members(groups)
    intervals = ratio_intervals([(rows[:, videos], words[videos].astype(np.float64)) for videos in members],
                                per=PER_MILLION, seed=seed, label=RATES, replicates=replicates, level=level)
    return [
        (query, *label, *_row(counts[videos], words[videos], speech_ms[videos], group[place]))
        for place, (query, counts) in enumerate(hits.items())
        for label, videos, group in zip(groups.labels, members, intervals, strict=True)
    ]


def _members(groups: Groups) -> list[Ints]:
    """The videos of each group, ascending."""
    order = np.argsort(groups.codes, kind="stable")
    edges = np.searchsorted(groups.codes[order], np.arange(len(groups.labels) + 1))
    return [order[begin:end] for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]


def _row(counts: Ints, words: Ints, speech_ms: Ints, interval: Interval) -> tuple[Any, ...]:
    if not len(counts):
        return (None, 0, 0, 0, None, None, None, 0.0, None, NO_ANSWER)
    total_hits, total_words = int(counts.sum()), int(words.sum())
    timed = speech_ms > 0
    hours = float(speech_ms.sum()) / MS_PER_HOUR
    enough = hours > 0 and int(words[timed].sum()) >= TIMED_SHARE * total_words
    return (
        total_hits, total_words, len(counts), int(np.count_nonzero(counts)),
        PER_MILLION * total_hits / total_words if total_words else None, interval.low, interval.high,
        hours, float(counts[timed].sum()) / hours if enough else None, interval.why_not,
    )
