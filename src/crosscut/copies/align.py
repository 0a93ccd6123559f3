"""From a seed to the exact passage: words compared to both sides until too many differ.

Runs of equal words are found at once.  Where they end, the next ``WINDOW`` words of both sides are aligned with the fewest
words changed, left out or put in (Levenshtein 1966; rapidfuzz).  A word that matches scores 1, one that does not costs
``MISS``, of a gap the longer side; the passage ends where the score was highest, and is looked for no further when it has
fallen ``DROP`` below (the X-drop of Altschul et al. 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from crosscut.copies.shingles import Codes

#: What a word that differs costs.  At 20 % errors on either side 64 % of words match: 0.64 - 0.36 × 0.8 is still a gain; of
#: unrelated English about 25 % do: a clear loss.
MISS = 0.8
#: So far below its highest the score may fall: 15 words that differ in a row.
DROP = 12.0
#: Words aligned at a time, and of them so many kept where more words follow: the end of a window knows too little.
WINDOW, SURE = 48, 32

#: Equal words: first place on either side, how many.
Block = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Equal words of a video and of the source, in order; never empty."""

    blocks: tuple[Block, ...]

    @property
    def here(self) -> tuple[int, int]:
        """Places in the video."""
        return self.blocks[0][0], self.blocks[-1][0] + self.blocks[-1][2]

    @property
    def there(self) -> tuple[int, int]:
        """Places in the source."""
        return self.blocks[0][1], self.blocks[-1][1] + self.blocks[-1][2]

    @property
    def matching(self) -> int:
        """Words that match."""
        return sum(length for *_, length in self.blocks)

    @property
    def longer(self) -> int:
        """Words of the longer side."""
        return max(self.here[1] - self.here[0], self.there[1] - self.there[0])

    def within(self, start: int, end: int) -> Passage | None:
        """What of it lies in these places of the video."""
        cut = [(max(here, start), there + max(start - here, 0), min(here + length, end) - max(here, start))
               for here, there, length in self.blocks if here < end and here + length > start]
        return Passage(tuple(cut)) if cut else None


def passage(words: Codes, seed: tuple[int, int], here: tuple[int, int], there: tuple[int, int]) -> Passage | None:
    """The passage around a seed, within places of the video and of the source; in the same video the two do not overlap."""
    (at, source), (low, high), (first, last) = seed, here, there
    right = _walk(words[at:high], words[source : min(last, at)])
    reach = source + right[-1][1] + right[-1][2] if right else source
    left = _walk(words[max(low, reach) : at][::-1], words[first:source][::-1])
    blocks = _joined([(at - i - n, source - j - n, n) for i, j, n in reversed(left)]
                     + [(at + i, source + j, n) for i, j, n in right])
    return Passage(tuple(blocks)) if blocks else None


def _joined(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for here, there, length in blocks:
        if joined and joined[-1][0] + joined[-1][2] == here and joined[-1][1] + joined[-1][2] == there:
            here, there, length = joined[-1][0], joined[-1][1], joined[-1][2] + length
            joined.pop()
        joined.append((here, there, length))
    return joined


def _walk(one: Codes, other: Codes) -> list[Block]:
    """Blocks of equal words from the beginning of both on, up to where the score is highest."""
    blocks: list[Block] = []
    i = j = kept = 0
    score = best = 0.0
    at = (0, 0)  # where the last block ended
    while i < len(one) and j < len(other):
        run = _same(one, other, i, j)
        steps = [(i, j, run)] if run else _window(one, other, i, j)
        for block in steps:
            score -= MISS * max(block[0] - at[0], block[1] - at[1])
            if score < best - DROP:
                return blocks[:kept]
            blocks.append(block)
            at = block[0] + block[2], block[1] + block[2]
            score += block[2]
            if score > best:
                best, kept = score, len(blocks)
        if not steps:
            break
        i, j = at
    return blocks[:kept]


def _same(one: Codes, other: Codes, i: int, j: int) -> int:
    """How many words are equal from here on."""
    run, step = 0, WINDOW
    while True:
        most = min(step, len(one) - i - run, len(other) - j - run)
        differ = one[i + run : i + run + most] != other[j + run : j + run + most]
        first = int(differ.argmax()) if most > 0 else 0
        if most > 0 and differ[first]:
            return run + first
        run += most
        if most < step:
            return run
        step *= 2


def _window(one: Codes, other: Codes, i: int, j: int) -> list[Block]:
    """Equal words of the next window, its unsure end left out unless the text ends there."""
    a, b = one[i : i + WINDOW].tolist(), other[j : j + WINDOW].tolist()
    ends = len(one) - i <= WINDOW or len(other) - j <= WINDOW
    return [(i + block.a, j + block.b, block.size) for block in Levenshtein.editops(a, b).as_matching_blocks()
            if block.size and (ends or block.a < SURE)]
