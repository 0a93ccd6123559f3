"""Short answers written from a text: copied nearly, revised lightly or heavily, or written without it.

Clough & Stevenson (2011), Developing a corpus of plagiarised short answers.  Half of the answers are at hand, each with its
source and its level.  They stand behind real broadcasts, so that words are as rare as they are in a corpus.
"""

from __future__ import annotations

import csv
import hashlib
import io

import numpy as np
import numpy.typing as npt

from benchmarks import material
from benchmarks.quality.captions import Measured
from benchmarks.quality.copies import planted, speech
from benchmarks.quality.copies.speech import Codes
from benchmarks.quality.measure import Figure, Result

ANSWERS = material.SHARED / "annotated" / "text-reuse-clough-stevenson" / "plagiarism-clough&stevenson.csv"
LEVELS = ("not from it", "heavily revised", "lightly revised", "nearly copied")


def answers() -> list[tuple[Codes, Codes, int]]:
    """Answer, source and level (a place in ``LEVELS``) of each."""
    rows = csv.reader(io.StringIO(ANSWERS.read_bytes().decode("cp1252", errors="replace"), newline=""))
    return [(speech.words_of(answer), speech.words_of(source), int(level)) for answer, source, level in rows]


def shares(pairs: list[tuple[Codes, Codes, int]]) -> list[float]:
    """The share of each answer that is found as copied from its source."""
    sources = {source.tobytes(): source for _, source, _ in pairs}
    first = speech.background("dev")
    copies = planted.found_in([*first, *sources.values(), *(answer for answer, _, _ in pairs)]).occurrences
    found = []
    for number, (answer, source, _) in enumerate(pairs):
        mine = ((copies.video == len(first) + len(sources) + number) & ~copies.first
                & (copies.of_video == len(first) + list(sources).index(source.tobytes())))
        found.append(float((copies.end - copies.start)[mine].sum() / len(answer)))
    return found


def containment(answer: Codes, source: Codes, words: int = 3) -> float:
    """The share of an answer's words in a row that its source has too: the baseline of Clough & Stevenson."""
    mine, theirs = ({tuple(text[at : at + words].tolist()) for at in range(len(text) - words + 1)}
                    for text in (answer, source))
    return len(mine & theirs) / len(mine)


def measure() -> Measured:
    """Shares by level, and how well they order the levels, beside plain counts of three words in a row."""
    pairs = answers()
    found, levels = np.array(shares(pairs)), np.array([level for *_, level in pairs], np.float64)
    plain = np.array([containment(answer, source) for answer, source, _ in pairs])
    ranks = {"crosscut copies": _rank(found, levels), "three words in a row that the source has": _rank(plain, levels)}
    rows = [[name, str(int((levels == place).sum())), *(f"{100 * value:.0f}" for value in (
        found[levels == place].mean(), *np.percentile(found[levels == place], (0, 50, 100)), plain[levels == place].mean()))]
        for place, name in enumerate(LEVELS)]
    clean, near = found[levels == 0], found[levels == len(LEVELS) - 1]
    figures = {"rank": Figure(round(1000 * ranks["crosscut copies"][0]), 1000, 1000),
               "nothing-of-new-answers": _share(clean < 0.1), "most-of-near-copies": _share(near >= 0.5)}
    digest = hashlib.sha256(ANSWERS.read_bytes()).hexdigest()
    result = Result("copies-reuse", "en", "short answers", "–", digest, len(pairs), sum(len(answer) for answer, *_ in pairs),
                    figures)
    return Measured(result, {
        "copies reuse": [["answers", "how many", "found as copied, % of words: mean", "least", "median", "most",
                          "three in a row, %: mean"], *rows],
        "copies rank": [["rank correlation with the level (Spearman)", "", "95 %, resampled answers"],
                        *([name, f"{rho:.2f}", f"{low:.2f} to {high:.2f}"] for name, (rho, low, high) in ranks.items())]})


def _share(right: npt.NDArray[np.bool_]) -> Figure:
    return Figure(int(right.sum()), len(right), len(right))


def _rank(found: npt.NDArray[np.float64], levels: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Spearman's rank correlation, and its limits over resampled answers."""
    from scipy.stats import bootstrap, spearmanr

    again = bootstrap((found, levels), lambda one, other: float(spearmanr(one, other).statistic), paired=True,
                      vectorized=False, n_resamples=2_000, method="percentile", rng=planted.SEED).confidence_interval
    return float(spearmanr(found, levels).statistic), float(again.low), float(again.high)
