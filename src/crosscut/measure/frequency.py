"""How often, by any grouping of videos: hits, videos, per million words, per hour of speech, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.measure.association import PER_MILLION
from crosscut.measure.rates import Asked, Resampling, interval, outliers, share

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COLUMNS = {
    "hits": "How many hits there are.",
    "words": "Words of the videos that were searched; only those that can answer.",
    "videos": "Videos that were searched.",
    "videos_with_hits": "Videos with at least one hit.",
    "share_of_videos": "videos_with_hits / videos.",
    "share_low": "Lower limit of the share (Wilson 1927, one trial a video; where units hold several, as many as their "
                 "variance says: Korn & Graubard 1998).",
    "share_high": "Upper limit of the share.",
    "per_million": "Hits per million words: 1,000,000 × hits / words. Long videos weigh more than short ones.",
    "low": "Lower limit of the rate: exp(log rate - t(df) × sd), with sd over resamples of the videos (or --unit), df = "
           "(Σ U²)² / Σ U⁴, at least 3, U = the unit's share of hits - its share of words. With hits in fewer than five "
           "units, exact limits of a Poisson count of clumps (Garwood 1936). docs/uncertainty.md says why.",
    "high": "Upper limit of the rate.",
    "without_outliers": "The rate without the videos that each move it out of the interval that the others give; empty "
                        "where there are none. The notes name them.",
    "hours": "Hours of speech, by the times of the captions.",
    "per_hour": "Hits per hour of speech; where at least nine tenths of the words have times.",
    "note": "Why there is no interval, or of what kind it is. Clumps: of a hit, how many there are in its video.",
}
_RATE = tuple(COLUMNS).index("per_million")
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


@dataclass(frozen=True, slots=True)
class Outlier:
    """A video that moves the rate of a query in a group out of the interval that the others give."""

    query: str
    label: tuple[str, ...]
    video: int                 # its ordinal
    per_million: float
    without: float             # per million words of the others


@dataclass(frozen=True, slots=True)
class Frequencies:
    """``rows``: query, labels, then ``COLUMNS``, one a query and group; and the outliers of all rows."""

    rows: list[tuple[Any, ...]]
    outliers: list[Outlier]


def frequencies(hits: Mapping[str, Ints], words: Ints, speech_ms: Ints, groups: Groups, how: Resampling) -> Frequencies:
    """How often each query is said in each group.  All arrays have one value a video of the corpus."""
    found, members = Frequencies([], []), _members(groups)
    for query, counts in hits.items():
        asked = Asked.of(counts, words, groups.codes >= 0, how)
        for label, videos in zip(groups.labels, members, strict=True):
            moved = outliers(counts[videos], words[videos], how.level)
            row = _row(counts[videos], words[videos], speech_ms[videos], list(moved), how.among(videos), asked)
            found.rows.append((query, *label, *row))
            found.outliers.extend(
                Outlier(query, label, int(videos[place]), row[_RATE], PER_MILLION * without)
                for place, without in moved.items())
    return found


def _members(groups: Groups) -> list[Ints]:
    """The videos of each group, ascending."""
    order = np.argsort(groups.codes, kind="stable")
    edges = np.searchsorted(groups.codes[order], np.arange(len(groups.labels) + 1))
    return [order[begin:end] for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]


def _row(
    counts: Ints, words: Ints, speech_ms: Ints, moved: Sequence[int], how: Resampling, asked: Asked,
) -> tuple[Any, ...]:
    if not len(counts):
        return (None, 0, 0, 0, *[None] * 7, 0.0, None, NO_ANSWER)
    total_hits, total_words = int(counts.sum()), int(words.sum())
    timed = speech_ms > 0
    hours = float(speech_ms.sum()) / MS_PER_HOUR
    enough = hours > 0 and int(words[timed].sum()) >= TIMED_SHARE * total_words
    limits = interval(counts, words, asked, how)
    rest = np.delete(words, moved).sum()
    return (
        total_hits, total_words, len(counts), int(np.count_nonzero(counts)), *share(counts, how),
        PER_MILLION * total_hits / total_words if total_words else None, _per_million(limits.low), _per_million(limits.high),
        PER_MILLION * float(np.delete(counts, moved).sum() / rest) if len(moved) and rest else None,
        hours, float(counts[timed].sum()) / hours if enough else None, limits.note,
    )


def _per_million(rate: float | None) -> float | None:
    return None if rate is None else PER_MILLION * rate
