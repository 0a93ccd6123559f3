"""Pieces of news that nobody said: how long stories take as a corpus grows.

400 words each, 600 a day (some twenty outlets).  A third as many stories begin each day as there are pieces; half of those
that run go on the next day, and some are much larger than others.  Seven words in ten are of a Zipfian vocabulary of
200,000, three of the forty of the piece's story.
"""

from __future__ import annotations

import pickle
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from crosscut.counts import Counts
from crosscut.stories.clusters import Ints, Pieces, cluster, defining

WORDS, A_DAY, VOCABULARY, OWN, TITLE = 400, 600, 200_000, 40, 8
SHARE, BEGIN, GO_ON = 0.3, 1 / 3, 0.5
_AT_ONCE = 5_000


def stories(pieces: int) -> dict[str, Any]:
    """A row of the benchmark; the pieces are made in another process, so that the peak of memory is that of the work."""
    import multiprocessing
    import resource

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pieces"
        making = multiprocessing.get_context("spawn").Process(target=_write, args=(pieces, path))
        making.start()
        making.join()
        given: Pieces = pickle.loads(path.read_bytes())
    began = time.process_time()
    found = cluster(given)
    named = time.process_time()
    many = len(defining(given, found))
    return {"pieces": pieces, "words": pieces * WORDS, "cpu_s": named - began, "defining_cpu_s": time.process_time() - named,
            "stories": many, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def made(pieces: int, seed: int = 1) -> tuple[Ints, Pieces]:
    """So many pieces, and the story of each."""
    random = np.random.default_rng(seed)
    day = np.arange(pieces, dtype=np.int64) // A_DAY
    about = _about(random, day)
    own = np.minimum((random.pareto(0.6, (int(about.max()) + 1, OWN)) * 50 + 200).astype(np.int64), VOCABULARY - 1)
    shares = 1 / np.arange(1, VOCABULARY + 1) ** 1.05
    heights = np.cumsum(shares / shares.sum())
    lots = []
    for begin in range(0, pieces, _AT_ONCE):
        here = about[begin : begin + _AT_ONCE]
        common = np.minimum(np.searchsorted(heights, random.random((len(here), WORDS))), VOCABULARY - 1)
        particular = own[here[:, None], random.integers(0, OWN, common.shape)]
        lots.append(np.where(random.random(common.shape) < SHARE, particular, common))
    words = _counts(np.concatenate(lots))
    titles = _counts(own[about[:, None], random.integers(0, OWN, (pieces, TITLE))])
    nothing, nobody = (Counts.of([], [], [], (terms, pieces)) for terms in (VOCABULARY, 0))
    return about, Pieces(day, np.zeros(pieces, np.int64), words, nobody, titles, nothing, np.full(pieces, -1))


def _about(random: np.random.Generator, day: Ints) -> Ints:
    about, running, begun = np.zeros(len(day), np.int64), np.zeros(0, np.int64), 0
    for today in range(int(day[-1]) + 1):
        mine = np.flatnonzero(day == today)
        new = begun + np.arange(max(1, int(len(mine) * BEGIN)))
        begun += len(new)
        running = np.concatenate([running[random.random(len(running)) < GO_ON], new])
        weights = 1 / np.arange(1, len(running) + 1) ** 0.7
        about[mine] = random.choice(running, len(mine), p=weights / weights.sum())
    return about


def _counts(words: Ints) -> Counts:
    """Of a table of pieces × words."""
    pieces, each = words.shape
    return Counts.of(words.ravel(), np.repeat(np.arange(pieces), each), np.ones(words.size, np.int64), (VOCABULARY, pieces))


def _write(pieces: int, path: Path) -> None:
    path.write_bytes(pickle.dumps(made(pieces)[1], protocol=5))
