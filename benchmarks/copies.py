"""What finding copies costs: synthetic words with planted copies, from 1 to 100 million, through the door of the room.

Words are drawn by Zipf's law from 200,000; an eighth of them lie in passages that were said before, in which one word in
twenty is misheard. Which passage is said again follows a power law: the oldest is said again most often, tens of
thousands of times. Beside it the limit: the words read once, four in a row made one number, and the numbers sorted, a
million at a time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]

SEED, WORDS, VIDEO, COPIED, MISHEARD = 6, 200_000, 1_300, 1 / 8, 0.05
#: Words of a passage: the shortest, and the mean of what it is longer.
SHORTEST, LONGER = 15, 60
#: So many passages are remembered to be said again.
KEPT = 200_000
#: A video has so many copies at most.
MOST = 8


@dataclass
class Maker:
    """Videos one after the other, always the same; ``copied``: words that were said before, so far."""

    words: int
    copied: int = 0
    owed: float = 0.0
    passages: list[Codes] = field(default_factory=list)

    def __iter__(self) -> Iterator[Codes]:
        dice, said = np.random.default_rng(SEED), 0
        share = np.cumsum(1 / np.arange(1, WORDS + 1))
        while said < self.words:
            fresh = np.searchsorted(share, dice.random(VIDEO) * share[-1]).astype(np.int32)
            video = np.concatenate(list(self._with_copies(fresh, dice)))
            said += len(video)
            yield video

    def _with_copies(self, fresh: Codes, dice: np.random.Generator) -> Iterator[Codes]:
        """A video: what is new in it, and between that passages that were said before."""
        cuts = np.sort(dice.integers(0, len(fresh), MOST))
        self.owed += COPIED / (1 - COPIED) * len(fresh)
        at = 0
        for cut in cuts.tolist():
            yield fresh[at:cut]
            at = cut
            if self.passages and self.owed > 0:
                rank = min(int(math.exp(dice.random() * math.log(len(self.passages) + 1))) - 1, len(self.passages) - 1)
                again = self.passages[rank].copy()
                wrong = dice.random(len(again)) < MISHEARD
                again[wrong] = dice.integers(0, WORDS, int(wrong.sum()))
                self.copied, self.owed = self.copied + len(again), self.owed - len(again)
                yield again
        yield fresh[at:]
        length = SHORTEST + int(dice.exponential(LONGER))
        if len(self.passages) < KEPT:
            self.passages.append(fresh[:length].copy())


def anonymous_mb() -> float:
    """Memory of this process that is no file's, in MB; files that are mapped the system can take back."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of one call in this process, all threads, and what it gives."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def limit(words: int) -> float:
    """CPU seconds of reading the words, making numbers of four in a row and sorting them; without making the words."""
    spent, batch = 0.0, list[Codes]()
    for video in Maker(words):
        batch.append(video)
        if sum(map(len, batch)) >= 1 << 20:
            spent, batch = spent + _sorting(batch), []
    return spent + (_sorting(batch) if batch else 0.0)


def _sorting(videos: list[Codes]) -> float:
    from crosscut.copies.shingles import shingles

    words = np.concatenate(videos)
    return cpu(lambda: np.sort(shingles(words, np.array([0, len(words)]))[1]))[0]


def room(millions: int) -> dict[str, Any]:
    """The room's door on so many million words: CPU, memory, what was planted and found; then one more video."""
    from benchmarks.run import PEAK, peak_mb
    from crosscut.copies.finder import Finder

    made, most, making = Maker(1_000_000 * millions), [0.0], [0.0]

    def videos() -> Iterator[Codes]:
        source = iter(made)
        while True:
            seconds, video = cpu(lambda: next(source, None))
            making[0] += seconds
            if video is None:
                return
            many[0] += 1
            if many[0] % 200 == 0:
                most[0] = max(most[0], anonymous_mb())
            yield video

    many = [0]
    with Finder() as finder:
        spent, _ = cpu(lambda: finder.add(videos()))
        grouping, found = cpu(lambda: finder.result(np.zeros(many[0], np.int64), np.arange(many[0]) // 100))
        most[0] = max(most[0], anonymous_mb())
        rows = found.occurrences
        later = int((rows.end - rows.start)[~rows.first].sum())
        saving, _ = cpu(lambda: finder.save([str(number) for number in range(many[0])]))
        one_more = next(iter(Maker(VIDEO)))
        adding, _ = cpu(lambda: finder.add([one_more]))
        again, _ = cpu(lambda: finder.result(np.zeros(many[0] + 1, np.int64), np.arange(many[0] + 1) // 100))
        disk = sum(path.stat().st_size for path in finder.folder.iterdir())
    floor = limit(1_000_000 * millions)
    spent -= making[0]
    return {"words": 1_000_000 * millions, "videos": many[0], "cpu_s": spent + grouping + saving,
            "cpu_s_a_million": (spent + grouping + saving) / millions, "sorting_s_a_million": floor / millions,
            "ratio": (spent + grouping + saving) / floor if floor else 0.0, "found_of_planted": later / made.copied,
            "one_more_video_cpu_s": adding, "grouping_cpu_s": again,
            "disk_bytes_a_word": disk / (1_000_000 * millions), "own_memory_mb": most[0],
            PEAK: peak_mb()}


def command() -> dict[str, Any]:
    """``crosscut copies`` on the transcripts: looking, and the table when nothing changed."""
    from benchmarks import material
    from benchmarks.run import PEAK, peak_mb
    from crosscut.workbench.corpus import open_corpus
    from crosscut.workbench.looking import look_for_copies

    study = material.grown(material.CACHE / "copies")
    corpus = open_corpus(study.folder)
    first, looked = cpu(lambda: look_for_copies(corpus))
    assert looked is not None
    table, _ = cpu(lambda: open_corpus(study.folder).copies())
    words = material.words(study)
    return {"words": words, "looking_cpu_s": first, "cpu_s_a_million": 1e6 * first / words, "spans": len(looked.layer.spans),
            "table_cpu_s": table, PEAK: peak_mb()}
