"""What a segmentation must beat: no boundary, as many at equal distances, as many by chance, and TextTiling.

All but the first and the last are told the number of segments of the gold, which ours is not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crosscut.stories.segments import COMMON, Speech

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Hearst's (1997): words in a pseudo-sentence, pseudo-sentences in a block, rounds of smoothing.
SENTENCE, BLOCK, ROUNDS = 20, 10, 1


def equal(words: int, many: int) -> list[int]:
    """Segments of one length."""
    return [round(words * number / many) for number in range(many)]


def chance(places: Ints, many: int, seed: int) -> list[int]:
    """Segments that begin at sentences drawn by chance."""
    drawn = np.random.default_rng(seed).choice(places[places > 0], min(many - 1, int((places > 0).sum())), replace=False)
    return [0, *sorted(drawn.tolist())]


def tiling(speech: Speech, places: Ints) -> list[int]:
    """TextTiling: valleys of the cosine of neighbouring blocks that are deeper than the mean less half a deviation.

    Common words are left out, as in ours.
    """
    common = speech.background is not None and speech.background > COMMON * speech.background.sum()
    curve = similarities(np.where(np.isin(speech.terms, np.flatnonzero(common)), -1, speech.terms))
    if not len(curve):
        return [0]
    for _ in range(ROUNDS):
        curve = np.convolve(np.pad(curve, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    deep = depths(curve)
    valleys = [place for place in range(len(curve)) if deep[place] > 0]
    if not valleys:
        return [0]
    least = float(deep[valleys].mean() - deep[valleys].std() / 2)
    found = [(place + 1) * SENTENCE for place in valleys if deep[place] >= least]
    return sorted({0, *(int(places[np.abs(places - place).argmin()]) for place in found)})


def similarities(terms: Ints) -> Floats:
    """Cosine of the terms of the block before and the block after each pseudo-sentence but the last."""
    many = max(-(-len(terms) // SENTENCE), 1)
    counts = np.zeros((many, int(terms.max(initial=-1)) + 1))
    said = np.flatnonzero(terms >= 0)
    np.add.at(counts, (said // SENTENCE, terms[said]), 1)
    sums = np.concatenate([np.zeros((1, counts.shape[1])), counts.cumsum(axis=0)])
    cosines = []
    for gap in range(1, many):
        one, other = sums[gap] - sums[max(gap - BLOCK, 0)], sums[min(gap + BLOCK, many)] - sums[gap]
        length = float(np.linalg.norm(one) * np.linalg.norm(other))
        cosines.append(float(one @ other) / length if length else 0.0)
    return np.array(cosines)


def depths(curve: Floats) -> Floats:
    """How far the curve rises on both sides of each local minimum; 0 elsewhere."""
    found = np.zeros(len(curve))
    for place in range(len(curve)):
        left = right = place
        while left > 0 and curve[left - 1] >= curve[left]:
            left -= 1
        while right < len(curve) - 1 and curve[right + 1] >= curve[right]:
            right += 1
        if left < place < right:
            found[place] = curve[left] + curve[right] - 2 * curve[place]
    return found
