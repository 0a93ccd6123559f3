"""How often, by any grouping of videos: hits, videos, per million words, per hour of speech, with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.measure.bootstrap import ratio_interval

Ints = npt.NDArray[np.int64]

COLUMNS = ("hits", "words", "videos", "videos_with_hits", "per_million", "low", "high", "hours", "per_hour",
           "note")
PER_MILLION = 1_000_000.0
MS_PER_HOUR = 3_600_000.0
#: A rate per hour is given where at least this share of the words has times.
TIMED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Groups:
    """How the videos are grouped: ``codes`` has the group of each video (-1: in none), ``labels`` what groups are called."""

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: Ints


def group(values: Mapping[str, Sequence[str]], chosen: npt.NDArray[np.bool_]) -> Groups:
    """Group the chosen videos by the values of one or more fields; groups in order of their labels."""
    names = tuple(values)
    keys = list(zip(*values.values(), strict=True)) if names else [()] * len(chosen)
    labels = sorted({keys[i] for i in np.flatnonzero(chosen).tolist()})
    places = {label: code for code, label in enumerate(labels)}
    codes = np.array([places[key] if keep else -1 for key, keep in zip(keys, chosen.tolist(), strict=True)], np.int64)
    return Groups(names, tuple(labels), codes.reshape(-1))


def frequencies(
    hits: Mapping[str, Ints], words: Ints, speech_ms: Ints, groups: Groups, *, seed: int, replicates: int, level: float
) -> list[tuple[Any, ...]]:
    """One row a query and group: query, labels, then ``COLUMNS``.  All arrays have one value a video."""
    return [
        (query, *label, *_row(counts[groups.codes == code], words[groups.codes == code],
                              speech_ms[groups.codes == code], seed=seed, label=f"{query}\0{label}",
                              replicates=replicates, level=level))
        for query, counts in hits.items()
        for code, label in enumerate(groups.labels)
    ]


def _row(
    counts: Ints, words: Ints, speech_ms: Ints, *, seed: int, label: str, replicates: int, level: float
) -> tuple[Any, ...]:
    total_hits, total_words = int(counts.sum()), int(words.sum())
    interval = ratio_interval(counts, words, per=PER_MILLION, seed=seed, label=label, replicates=replicates, level=level)
    timed = speech_ms > 0
    hours = float(speech_ms.sum()) / MS_PER_HOUR
    enough = hours > 0 and int(words[timed].sum()) >= TIMED_SHARE * total_words
    return (
        total_hits, total_words, len(counts), int(np.count_nonzero(counts)),
        PER_MILLION * total_hits / total_words if total_words else None, interval.low, interval.high,
        hours, float(counts[timed].sum()) / hours if enough else None, interval.why_not,
    )
