"""What does the kind of captions do to a count?  Told from videos that have two kinds of track.

The same speech, captioned twice: whatever differs between the counts is the captions.  For each pair of kinds the counts
of all paired videos are added up; the ratio has an interval over videos (see ``measure.bootstrap``).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from crosscut.building import files_of_tracks
from crosscut.measure.bootstrap import FEWEST, LEVEL, METHOD, REPLICATES
from crosscut.measure.finding import Finding
from crosscut.measure.rates import Interval, Resampling, resampled
from crosscut.query.search import count
from crosscut.settings import Study
from crosscut.workbench.asking import source_of
from crosscut.workbench.corpus import Corpus

Ints = npt.NDArray[np.int64]

COLUMNS = ("counted", "kind", "other_kind", "videos", "count", "other_count", "ratio", "low", "high", "note")
#: What is counted where nothing is asked for.
WORDS = "all words"


def kinds_effect(study: Study, *queries: str, seed: int | None = None, replicates: int = REPLICATES) -> Finding:
    """For each pair of kinds: how many times as often the second kind has what the first has, in the same videos."""
    began = time.perf_counter()
    files, missing = files_of_tracks(study)
    corpus, used = Corpus(study, files), study.seed if seed is None else seed
    mask = corpus.mask()
    counts = {WORDS: mask.words} | {query: count(files, corpus.parsed(query), mask) for query in queries}
    rows = [row for pair in _pairs(files.catalog.values("video"), mask.videos) for row in
            _rows(*pair, counts, used, replicates)]
    notes = [f"{missing} tracks are not built: run crosscut build --all-versions"] if missing else []
    notes += [] if rows or missing else ["no video has two kinds of track"]
    return Finding(
        measure="kinds", question="How many times as often does the other kind of captions have it, of the same speech?",
        columns=COLUMNS, rows=tuple(rows),
        parameters={"queries": list(queries), "seed": used, "replicates": replicates, "level": LEVEL,
                    "unit of resampling": "video", "interval": METHOD},
        source=source_of(corpus), exclusions={}, notes=tuple(notes), labels=3, effect="ratio",
        seconds=time.perf_counter() - began, formats=dict.fromkeys(("ratio", "low", "high"), ".3f"),
    )


def _pairs(tracks: Sequence[str], there: npt.NDArray[np.bool_]) -> list[tuple[str, str, Ints, Ints]]:
    """Each pair of kinds with the ordinals of its tracks, video by video."""
    places: dict[str, dict[str, int]] = {}
    for ordinal in np.flatnonzero(there).tolist():
        video, _, kind = tracks[ordinal].rpartition(" ")
        places.setdefault(kind, {})[video] = ordinal
    pairs = []
    for kind, other in combinations(sorted(places), 2):
        both = sorted(places[kind].keys() & places[other].keys())
        if both:
            first, second = (np.array([places[name][video] for video in both], np.int64) for name in (kind, other))
            pairs.append((kind, other, first, second))
    return pairs


def _rows(
    kind: str, other: str, first: Ints, second: Ints, counts: dict[str, Ints], seed: int, replicates: int
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for what, found in counts.items():
        one, two = int(found[first].sum()), int(found[second].sum())
        interval = _interval(found[first], found[second], kind, other, Resampling(seed, replicates))
        rows.append((what, kind, other, len(first), one, two, two / one if one else None, interval.low, interval.high,
                     interval.note))
    return rows


def _interval(one: Ints, two: Ints, kind: str, other: str, how: Resampling) -> Interval:
    """Of Σ two / Σ one over pairs; where few have it the clumps decide: most resamples miss them, the rest say the same."""
    if len(one) < FEWEST:
        return Interval(note=f"fewer than {FEWEST} videos")
    for counts, where in ((one, kind), (two, other)):
        some = int(np.count_nonzero(counts))
        if some < FEWEST:
            return Interval(note=f"fewer than {FEWEST} videos have it in {where}" if some else f"no hits in {where}")
    return resampled(two, one, how)
