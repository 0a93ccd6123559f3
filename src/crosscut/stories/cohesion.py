"""How well do stretches of a text hold together?  Words that come back, against a text where nothing is more than chance.

Each segment speaks in words of its own, as if drawn from a Pólya urn: it holds ``kappa`` balls in the shares p that words
have in a prior; each word drawn goes back with one more of its kind, so that a word once said is likelier to be said again.
Of the next word, where c were drawn before and n of its kind, the urn says (n + kappa p) / (c + kappa), and the prior alone
says p.  A segment's cohesion is the sum over its words of the logarithm of their ratio, log((n + kappa p) / (kappa p)) -
log((c + kappa) / kappa): above 0 where words come back more than its length alone would have it.  Frequent words add little.

This is the likelihood of Bayesian topic segmentation (Eisenstein & Barzilay 2008: a Dirichlet compound multinomial) over
that of the prior, which has the shares of words in a corpus in place of equal ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: From its ``MOST``-th repetition on a word counts alike, so that the work is linear: on dev, no limit is no better.
MOST = 32
#: Rows worked out at once: 2,048 × 400 floats are 6 MB.
CHUNK = 2_048


def shares(terms: Ints, background: Floats | None = None, own: float = 1.0, full: int = 1) -> Floats:
    """Share of each term code in the prior: of the text itself, ``own`` of it where there are ``background`` counts.

    The mixture makes the prior alike whether the background is of a hundred thousand words or a hundred million.  A text of
    fewer than ``full`` terms is taken for the beginning of one of so many: else a short text's subject were in its prior,
    and no segment of it held together.  The shares that are then missing are those of words that it does not have.
    """
    many = max(int(terms.max(initial=-1)) + 1, 0 if background is None else len(background))
    counts = np.bincount(terms[terms >= 0], minlength=many).astype(np.float64)
    mine: Floats = counts / max(counts.sum(), full)
    if background is None or not background.sum():
        return mine
    others = np.pad(background, (0, many - len(background))) / background.sum()
    mixed: Floats = own * mine + (1 - own) * others
    return mixed


def cohesion(terms: Ints, shares: Floats, kappa: float) -> float:
    """Cohesion of one segment, from its term codes (-1: none): the definition."""
    codes, counts = np.unique(terms[terms >= 0], return_counts=True)
    prior = kappa * shares[codes]
    drawn = np.log((np.arange(MOST + 1)[:, None] + prior) / prior)
    upto = np.concatenate([np.zeros((1, len(codes))), drawn.cumsum(axis=0)])
    capped = np.minimum(counts, MOST + 1)
    gained = upto[capped, np.arange(len(codes))] + (counts - capped) * drawn[-1]
    many = int(counts.sum())
    return float(gained.sum()) - (math.lgamma(many + kappa) - math.lgamma(kappa) - many * math.log(kappa))


def rows(terms: Ints, units: Ints, many: int, shares: Floats, kappa: float, reach: int) -> Iterator[Floats]:
    """For each unit the cohesion of the segments that end with it: of one unit, two … ``reach`` (nan: before the text).

    ``units``: which unit each token is in, ascending.  The same as ``cohesion``, of all segments at once: what a token adds
    to a segment changes only with how many of its kind the segment has already, that is, at the places of these.
    """
    kept = np.flatnonzero(terms >= 0)
    codes, inside = terms[kept], units[kept]
    before = _before(codes)
    prior = kappa * shares[codes]
    edges = np.searchsorted(inside, np.arange(many + 1))
    cost = np.concatenate([[0.0], np.cumsum(np.log1p(np.arange(len(kept)) / kappa))])
    drawn = np.full(reach, np.nan)
    for first in range(0, many, CHUNK):
        last = min(first + CHUNK, many)
        added = _added(inside, before, prior, (int(edges[first]), int(edges[last])), (first, last), reach)
        for unit in range(first, last):
            drawn[1:] = drawn[:-1]
            drawn[0] = 0.0
            drawn += added[unit - first]
            begins = edges[max(unit - reach + 1, 0) : unit + 1][::-1]
            row = np.full(reach, np.nan)
            row[: len(begins)] = drawn[: len(begins)] - cost[edges[unit + 1] - begins]
            yield row


def _before(codes: Ints) -> Ints:
    """Place of the last token of the same code before each, -1: none."""
    order = np.argsort(codes, kind="stable")
    same = codes[order][1:] == codes[order][:-1]
    found = np.full(len(codes), -1)
    found[order[1:][same]] = order[:-1][same]
    return found


def _added(inside: Ints, before: Ints, prior: Floats, tokens: tuple[int, int], units: tuple[int, int], reach: int) -> Floats:
    """What each unit adds to a segment that began so many units before it (column)."""
    here = np.arange(*tokens)
    unit, ball = inside[here], prior[here]
    near, place = np.zeros(len(here), np.int64), here
    at, gains, row = [], [], (unit - units[0]) * (reach + 1)
    for drawn in range(MOST + 1):
        place = np.where(place >= 0, before[np.maximum(place, 0)], -1)
        far = np.where(place >= 0, unit - inside[np.maximum(place, 0)], reach)
        far = np.minimum(far, reach) if drawn < MOST else np.full(len(here), reach)
        gain = np.log((drawn + ball) / ball)
        at += [row + near, row + far]
        gains += [gain, -gain]
        near = far
    # One table for all: a large one made and thrown away for each would cost more in pages than in sums.
    steps = np.bincount(np.concatenate(at), np.concatenate(gains), (units[1] - units[0]) * (reach + 1))
    table: Floats = np.cumsum(steps.reshape(-1, reach + 1), axis=1, dtype=np.float64)[:, :reach]
    return table
