"""What the room for copies should find, defined slowly and plainly, on small inputs.

``best``: the highest-scoring local alignment of two texts, by the dynamic programming of Smith & Waterman (1981): a word that
matches scores 1, a word changed, left out or put in costs ``MISS``.  ``loops``: which words only repeat a phrase.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.copies.align import MISS
from crosscut.copies.shingles import LOOP


def best(one: Sequence[int], other: Sequence[int]) -> tuple[float, tuple[int, int], tuple[int, int], int]:
    """Score, from and to in either text, words that match."""
    scores = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    begins = [[(i, j, 0) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    top = (0.0, (0, 0), (0, 0), 0)
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            a_match = a == b
            ways = [(scores[i - 1][j - 1] + (1 if a_match else -MISS), (i - 1, j - 1, a_match)),
                    (scores[i - 1][j] - MISS, (i - 1, j, 0)), (scores[i][j - 1] - MISS, (i, j - 1, 0))]
            score, (before_i, before_j, matching) = max(ways, key=lambda way: way[0])
            if score > 0:
                scores[i][j] = score
                x, y, n = begins[before_i][before_j]
                begins[i][j] = (x, y, n + int(matching))
                if score > top[0]:
                    top = (score, (begins[i][j][0], i), (begins[i][j][1], j), begins[i][j][2])
    return top


def loops(words: Sequence[int]) -> list[bool]:
    """Of each word: whether a phrase of up to ``LOOP`` words is said here again that was said directly before, and so often."""
    again = [False] * len(words)
    for period in range(1, LOOP + 1):
        for start in range(period, len(words)):
            end = start
            while end < len(words) and words[end] == words[end - period]:
                end += 1
            if end - start >= max(2 * period, 3):
                again[start:end] = [True] * (end - start)
    return again
