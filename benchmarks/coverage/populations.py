"""What samples are drawn from: populations of videos whose rate is known.

Made ones are like ours: lengths are log-normal (median 900 words, as 1,239 real news videos have, and a standard deviation
of the logarithm of 0.76); a share of the videos speaks of a thing, and how often they do is negative binomial (a gamma of
shape ``clumps`` times Poisson).  Real ones are the counts of a word in the videos of an outlet, drawn with replacement.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks import material
from crosscut import read
from crosscut.tokens import norm, tokenise

Ints = npt.NDArray[np.int64]
Random = np.random.Generator
Draw = Callable[[Random, int, int], tuple[Ints, Ints]]

#: Median and spread of the lengths of real news videos.
MEDIAN_WORDS, SPREAD = 900, 0.76
#: A video of more words is a stream or a whole programme.
STREAM = 10_000

#: name: hits per million words, share of videos that speak of it, shape of the gamma (small: clumpy).
MADE = {
    "in all videos": (3_000, 1.0, 5.0),
    "in every second": (1_000, 0.5, 1.0),
    "in every third, clumpy": (500, 0.3, 0.5),
    "in every tenth": (500, 0.1, 1.0),
    "in every tenth, clumpy": (300, 0.1, 0.3),
    "rare": (30, 0.5, 1.0),
}
#: Folders of an outlet, and words; each also without the streams that it has.
REAL = (
    ("CBS-News", ("said", "trump", "war", "tariffs", "inflation")),
    ("BBC-World-News", ("war", "ceasefire")),
    ("Fox-News-Fox-and-Friends", ("trump", "border")),
)


@dataclass(frozen=True, slots=True)
class Population:
    """Videos of which samples are drawn: ``draw(random, samples, videos)`` gives hits and words, samples × videos."""

    name: str
    rate: float      # hits a word, which the intervals should hold
    draw: Draw
    real: bool = False


def made() -> Iterator[Population]:
    """The populations of ``MADE``."""
    for name, (per_million, share, clumps) in MADE.items():
        yield Population(name, per_million / 1e6, _clumpy(per_million / 1e6, share, clumps))


def _clumpy(rate: float, share: float, clumps: float) -> Draw:
    def draw(random: Random, samples: int, videos: int) -> tuple[Ints, Ints]:
        shape = (samples, videos)
        words = np.maximum(random.lognormal(np.log(MEDIAN_WORDS), SPREAD, shape).astype(np.int64), 20)
        means = random.gamma(clumps, 1 / clumps, shape) * words * rate / share
        return np.where(random.random(shape) < share, random.poisson(means), 0), words

    return draw


def real() -> Iterator[Population]:
    """The populations of ``REAL``, with all videos and without streams; none without the material."""
    for outlet, words in REAL if material.have_shared() else ():
        counted = _counted(outlet)
        lengths = np.array([sum(counts.values()) for counts in counted])
        for clips in (False, True) if lengths.max() >= STREAM else (False,):
            some = np.flatnonzero(lengths < STREAM) if clips else np.arange(len(lengths))
            for word in words:
                hits = np.array([counted[video][word] for video in some.tolist()])
                name = f"{outlet.replace('-', ' ')}{', no streams' if clips else ''}: {word}"
                yield Population(name, float(hits.sum() / lengths[some].sum()), _of(hits, lengths[some]), True)


def _of(hits: Ints, words: Ints) -> Draw:
    def draw(random: Random, samples: int, videos: int) -> tuple[Ints, Ints]:
        drawn = random.integers(0, len(hits), (samples, videos))
        return hits[drawn], words[drawn]

    return draw


def _counted(outlet: str) -> list[Counter[str]]:
    """How often each word is in each video of an outlet; kept, since reading takes seconds."""
    kept = material.CACHE / f"counts-{outlet}.json"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps([_words(path.name, path.read_bytes()) for path in material.transcripts()
                                    if path.parent.name == outlet]), encoding="utf-8")
    return [Counter(counts) for counts in json.loads(kept.read_text(encoding="utf-8"))]


def _words(name: str, data: bytes) -> Counter[str]:
    file = read.File(name, data, material.mappings())
    form = read.recognise(file)
    if form is None:
        return Counter()
    texts = [track.transcript.text for record in form.read(file) for track in record.tracks]
    return Counter(norm(word) for text in texts for word in tokenise(text, "en").forms)
