"""Of stories that others have: which outlets have none of it, and how seldom would that be chance?

*What is asked.*  A pair of story and outlet is asked about where enough *other* outlets have the story, and the outlet has
enough collected in the days in which they tell it.  Whether a pair is asked about, and all that is known of it beforehand,
comes from the others and from other stories, never from what the outlet itself has of this one.

*How expected a piece is.*  Outlets decide by story, not by piece, so what is predicted is whether an outlet has a story at
all: by a logistic regression of all pairs on
- the size: log of the pieces that the outlet would have if it told the story as often a word as the others do then;
- the breadth: log odds of how many of the other outlets have it, (k + ½) / (n - k + ½);
- the outlet: some carry more stories than others;
- its interests: Σ κ (found - expected) / (Σ κ + 1) over the other stories, κ being how alike the words of two stories are
  (squared cosine of log(1 + n) × inverse document frequency; κ = 1 for the nearest story), the outlet's own words left out.
Coefficients have normal priors (Gelman and others 2008), so that an outlet with few stories is taken to be like the others.
Each pair is predicted by a fit without its story (twenty folds of stories).  ``p`` is the predicted chance of no piece,
averaged over what the coefficients may be (MacKay 1992: the log odds divided by √(1 + π v / 8)).

*Many tests.*  A pair can have one p-value below 1, its chance; so Benjamini & Hochberg's correction is taken as it is for
such tests (Heyse 2011; Döhler, Durand & Roquain 2018, whose bound holds for independent ones): of all pairs whose chance is
as small as that of an absence, found or not, the sum of chance / (1 - chance), over how many of them are empty.  That is
about how many so unlikely absences chance alone makes, beside how many there are.

How often it is wrong, by simulation: docs/absence.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: What is said of a pair of story and outlet.
FOUND, HARDLY, SELDOM = "found", "hardly by chance", "seldom by chance"
CHANCE, LITTLE, FEW = "could be chance", "too little collected to tell", "too few stories to tell"
#: A story is asked about where so many other outlets have it; an outlet where it has so many videos and words then.
LEAST_OUTLETS, LEAST_VIDEOS, LEAST_WORDS = 2, 3, 1_000
ALPHA = 0.05
#: Fewer pairs than this are no ground for a regression of five numbers and the outlets.
FEWEST_PAIRS = 20
#: Stories are left out of a fit in so many lots.
FOLDS = 20
#: Standard deviations of the priors: of the intercept, of coefficients of what has standard deviation 1, of outlets.
PRIOR_LEVEL, PRIOR_SLOPE, PRIOR_OUTLET = 5.0, 2.0, 1.0
#: Rows of similarities that are in memory at once.
_ROWS = 512
_STEPS = 50

#: What each column is.
COLUMNS: Mapping[str, str] = {
    "outlet": "Who has nothing of it in what was collected.",
    "found_in": "Who has it, and in how many pieces.",
    "pieces": "Pieces of it that the other outlets have.",
    "first": "First day on which another outlet has it.",
    "last": "Last day.",
    "videos": "Videos of this outlet that count, in these days and one day before and after.",
    "words": "Their words.",
    "expected": "Pieces that this outlet would have if it told the story as often a word as the others do in these days.",
    "chance": "How likely it is that this outlet has no piece of such a story by chance: by the story's size and by how "
              "many others have it, by how often this outlet has stories, and stories with like words.",
    "p_adjusted": "The same for as many tests as there are (Benjamini & Hochberg 1995): of the absences up to this one, "
                  "the share that is expected to be chance.  None where even nothing could be chance.",
    "verdict": "What can be said: hardly by chance (p_adjusted at most 0.05); seldom by chance (chance at most 0.05, but "
               "there are many such tests); could be chance; too little collected, or too few stories, to tell.",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """Stories × outlets: ``pieces`` of the outlet; what it has in the days in which the others tell the story (``words``,
    ``videos``); what the others have in these days (``elsewhere``, in words)."""

    pieces: Ints
    words: Ints
    videos: Ints
    elsewhere: Ints

    @property
    def others(self) -> Ints:
        """How many other outlets have the story."""
        has = (self.pieces > 0).astype(np.int64)
        found: Ints = has.sum(axis=1, keepdims=True) - has
        return found

    @property
    def expected(self) -> Floats:
        """Pieces, if the outlet told the story as often a word as the others."""
        pieces = self.pieces.sum(axis=1, keepdims=True) - self.pieces
        found: Floats = self.words * (pieces / np.maximum(self.elsewhere, 1))
        return found

    def enough(self, videos: int, words: int) -> Bools:
        """Whether the outlet has enough collected in these days to be missed."""
        return (self.videos >= videos) & (self.words >= words)


@dataclass(frozen=True, slots=True)
class Absences:
    """Stories × outlets.  ``chance`` of no piece (nan where not asked, or where there are too few pairs), ``adjusted`` for
    many tests, ``verdict``; ``tests``: how many pairs have a chance of at most alpha, ``by_chance``: how many of them chance
    would leave empty, ``empty``: how many are."""

    chance: Floats
    adjusted: Floats
    verdict: npt.NDArray[np.str_]
    asked: Bools
    tests: int
    by_chance: float
    empty: int


def absences(
    cells: Cells, terms: Counts, *, outlets: int = LEAST_OUTLETS, videos: int = LEAST_VIDEOS, words: int = LEAST_WORDS,
    alpha: float = ALPHA,
) -> Absences:
    """All pairs of story and outlet.

    ``terms``: words × cells, a cell being story × number of outlets + outlet: what the pieces say.  ``outlets``: so many
    others must have a story; ``videos``, ``words``: so much an outlet must have in its days.
    """
    enough = cells.enough(videos, words)
    large = cells.others >= outlets
    asked, found = enough & large, cells.pieces > 0
    chance = np.full(found.shape, np.nan)
    if asked.sum() >= FEWEST_PAIRS:
        chance[asked] = _chance(cells, terms, enough, asked)
    tested = asked & (chance <= alpha)
    adjusted = np.full(found.shape, np.nan)
    some = asked & ~np.isnan(chance)
    adjusted[some] = corrected(chance[some], found[some])
    states = [found, large & ~enough, adjusted <= alpha, tested, asked & np.isnan(chance), asked]
    verdict = np.select(states, [FOUND, LITTLE, HARDLY, SELDOM, FEW, CHANCE], "")
    return Absences(chance, adjusted, verdict, asked, int(tested.sum()),
                    float(chance[tested].sum()), int((tested & ~found).sum()))


def corrected(chance: Floats, found: Bools) -> Floats:
    """Adjusted p of tests that are ``chance`` where nothing was found, and 1 (here nan) where something was.

    Step-up of Döhler, Durand & Roquain (2018) for p-values of two values: Σ c / (1 - c) over all tests with c at most that
    of the k-th smallest empty one, divided by k, none larger than the one after.
    """
    order = np.argsort(chance, kind="stable")
    reached = np.cumsum(chance[order] / np.maximum(1 - chance[order], 1e-12))
    empty = np.sort(chance[~found])
    expected = reached[np.searchsorted(chance[order], empty, side="right") - 1]
    stepped = np.minimum.accumulate((expected / np.arange(1, len(empty) + 1))[::-1])[::-1]
    adjusted = np.full(len(chance), np.nan)
    if len(empty):
        adjusted[~found] = np.minimum(stepped[np.searchsorted(empty, chance[~found], side="right") - 1], 1)
    return adjusted


def _chance(cells: Cells, terms: Counts, enough: Bools, asked: Bools) -> Floats:
    """The chance of no piece of each pair that is asked about."""
    story, outlet = np.nonzero(asked)
    found = (cells.pieces > 0)[asked].astype(np.float64)
    size = np.log(np.maximum(cells.expected[asked], 1e-3))
    able, has = enough.astype(np.int64), ((cells.pieces > 0) & enough).astype(np.int64)
    have, could = (one.sum(axis=1, keepdims=True) - one for one in (has, able))
    breadth = np.log((have + 0.5) / (could - have + 0.5))[asked]
    known = np.stack([_scaled(size), _scaled(breadth)], axis=1)
    fit = _Pairs(found, story, outlet)
    usual = fit.predicted(known)
    surprise = np.zeros(asked.shape)
    surprise[asked] = found - usual
    interest = interests(terms, surprise, asked)[asked]
    return 1 - fit.predicted(np.column_stack([known, _scaled(interest)]))


def interests(terms: Counts, surprise: Floats, asked: Bools) -> Floats:
    """How much more often than expected each outlet has stories like each story; stories × outlets, 0 where not asked."""
    many, outlets = surprise.shape
    cell = np.arange(many * outlets)
    found = np.zeros(surprise.shape)
    for outlet in range(outlets):
        story = np.where(cell % outlets == outlet, -1, cell // outlets)
        mine = np.flatnonzero(asked[:, outlet])
        profile = _profiles(terms.by(story, many))[mine]
        for begin in range(0, len(mine), _ROWS):
            rows = mine[begin : begin + _ROWS]
            alike = (profile[begin : begin + _ROWS] @ profile.T).toarray() ** 2
            np.put_along_axis(alike, np.arange(begin, begin + len(rows))[:, None], 0, axis=1)
            alike /= np.maximum(alike.max(axis=1, keepdims=True), 1e-12)
            found[rows, outlet] = alike @ surprise[mine, outlet] / (alike.sum(axis=1) + 1)
    return found


def _profiles(counts: Counts) -> csr_array:
    """Stories × words: log(1 + n) × log((1 + S) / (1 + stories with it)), each of length 1; without words of one story."""
    ranges = counts.ranges()
    counts = counts.take(np.flatnonzero(ranges > 1))
    ranges = counts.ranges()
    weight = np.repeat(np.log((1 + counts.videos) / (1 + ranges)), ranges) * np.log1p(counts.n)
    length = np.sqrt(np.bincount(counts.video, weight**2, counts.videos))
    from scipy.sparse import csr_array

    table = csr_array((weight / np.maximum(length, 1e-12)[counts.video], counts.video, counts.bounds),
                      shape=(len(counts), counts.videos))
    return table.T.tocsr()


def _scaled(values: Floats) -> Floats:
    """With mean 0 and standard deviation 1."""
    spread = float(values.std())
    found: Floats = (values - values.mean()) / (spread if spread > 1e-9 else 1.0)
    return found


@dataclass(frozen=True, slots=True)
class _Pairs:
    """What a regression is fitted on, and predicts, without the stories that are predicted."""

    found: Floats
    story: Ints
    outlet: Ints

    def predicted(self, known: Floats) -> Floats:
        """The chance of a piece of each pair; ``known``: pairs × what is known of them, each with standard deviation 1."""
        outlets = self.outlet[:, None] == np.unique(self.outlet)
        table = np.column_stack([np.ones(len(known)), known, outlets.astype(np.float64)])
        prior = 1 / np.concatenate([[PRIOR_LEVEL], np.full(known.shape[1], PRIOR_SLOPE),
                                    np.full(outlets.shape[1], PRIOR_OUTLET)]) ** 2
        fold = np.unique(self.story, return_inverse=True)[1] % FOLDS
        chance, start = np.empty(len(known)), np.zeros(table.shape[1])
        for lot in range(int(fold.max()) + 1):
            out = fold == lot
            start, spread = fitted(table[~out], self.found[~out], prior, start)
            vague = np.einsum("ij,jk,ik->i", table[out], spread, table[out])
            chance[out] = _logistic(table[out] @ start / np.sqrt(1 + np.pi * vague / 8))
        return chance


def fitted(table: Floats, found: Floats, prior: Floats, start: Floats) -> tuple[Floats, Floats]:
    """The coefficients of a logistic regression that are likeliest under normal priors of precision ``prior``, and their
    covariance there (Laplace), by Newton's steps from ``start``."""
    at = start
    for _ in range(_STEPS):
        chance = _logistic(table @ at)
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(prior)
        step = np.linalg.solve(curve, table.T @ (found - chance) - prior * at)
        at = at + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return at, np.linalg.inv(curve).astype(np.float64)


def _logistic(x: Floats) -> Floats:
    from scipy.special import expit

    found: Floats = expit(x)
    return found
