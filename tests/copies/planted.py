"""Made-up videos with passages copied into them, as a recogniser would hear them a second time."""

from __future__ import annotations

import numpy as np

from crosscut.copies.found import Copies, Ints

#: Words of the made-up language; the chance of each falls with its rank (Zipf).
VOCABULARY = 3000
_CHANCES = 1 / np.arange(3, VOCABULARY + 3)


def text(rng: np.random.Generator, words: int) -> Ints:
    """Words drawn one by one: nothing in it is a copy."""
    return rng.choice(VOCABULARY, words, p=_CHANCES / _CHANCES.sum())


def misheard(rng: np.random.Generator, words: Ints, rate: float) -> Ints:
    """So many words wrong: three of five changed, one left out, one put in."""
    heard: list[int] = []
    for word in words.tolist():
        chance = rng.random()
        other = int(text(rng, 1)[0])
        if chance < 0.6 * rate:
            heard.append(other)
        elif chance < 0.8 * rate:
            heard += [word, other]
        elif chance >= rate:
            heard.append(word)
    return np.array(heard, np.int64)


def copies_of(found: Copies, video: int) -> list[tuple[int, int, int, int, int]]:
    """Copies in a video: from, to, source video, from, to."""
    rows = found.occurrences
    return [(int(rows.start[row]), int(rows.end[row]), int(rows.of_video[row]), int(rows.of_start[row]), int(rows.of_end[row]))
            for row in range(len(rows)) if rows.video[row] == video and not rows.first[row]]


def columns(found: Copies) -> dict[str, list[float]]:
    """Everything found, to be compared."""
    return {f"{name}.{column}": getattr(part, column).tolist()
            for name, part in (("occurrences", found.occurrences), ("groups", found.groups))
            for column in part.__dataclass_fields__}
