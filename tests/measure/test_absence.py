"""Absence of stories: worked values, an independent fit, slow loops, what must not change a result, and false alarms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.absence import World, world
from crosscut.counts import Counts
from crosscut.measure import absence as measure
from crosscut.measure.absence import Cells, absences, corrected, fitted, interests

optimize = pytest.importorskip("scipy.optimize")
stats = pytest.importorskip("scipy.stats")


def cells(pieces: list[list[int]], words: int = 10_000, videos: int = 10) -> Cells:
    """Stories of outlets that have as many words as one another in all days."""
    table = np.array(pieces, np.int64)
    return Cells(table, np.full(table.shape, words), np.full(table.shape, videos), np.full(table.shape, words * (table.shape[1] - 1)))


def test_what_is_expected_by_hand() -> None:
    """Outlet 2 of the first story: the others tell it 3 + 1 times in 20,000 words; it has 10,000."""
    found = cells([[3, 1, 0], [0, 2, 2]])
    assert found.expected == pytest.approx(np.array([[0.5, 1.5, 2.0], [2.0, 1.0, 1.0]]))
    assert found.others.tolist() == [[1, 1, 2], [2, 1, 1]]


def test_who_is_asked_about_and_what_is_said() -> None:
    table = cells([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0]])
    table.words[0, 3], table.videos[2, 3] = 900, 2
    found = absences(table, Counts.dense(np.zeros((1, 12))), outlets=2)
    assert found.asked.tolist() == [[False, False, True, False], [False, False, False, False], [True, True, True, False]]
    assert found.verdict.tolist() == [["found", "found", measure.FEW, measure.LITTLE], ["found", "", "", ""],
                                      ["found", "found", "found", measure.LITTLE]]
    assert np.isnan(found.chance).all()
    assert found.tests == 0


def test_a_fit_is_what_an_optimiser_finds() -> None:
    random = np.random.default_rng(3)
    table = np.column_stack([np.ones(80), random.normal(size=(80, 2))])
    found = (random.random(80) < 1 / (1 + np.exp(-table @ [0.5, 1.0, -1.0]))).astype(float)
    prior = np.array([0.04, 0.25, 0.25])

    def loss(at: np.ndarray) -> float:
        x = table @ at
        return float((np.logaddexp(0, x) - found * x).sum() + (prior * at**2).sum() / 2)

    other = optimize.minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    at, spread = fitted(table, found, prior, np.zeros(3))
    assert at == pytest.approx(other.x, abs=1e-5)
    curve = [[(loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)) / 4e-6 for b in np.eye(3) * 1e-3]
             for a in np.eye(3) * 1e-3]
    assert spread @ np.array(curve) == pytest.approx(np.eye(3), abs=1e-3)


def test_interests_are_what_loops_over_stories_find() -> None:
    random = np.random.default_rng(5)
    stories, outlets = 6, 3
    said = random.poisson(0.4, (30, stories, outlets))
    surprise, asked = random.normal(size=(stories, outlets)), random.random((stories, outlets)) < 0.8
    surprise[~asked] = 0
    found = interests(Counts.dense(said.reshape(30, -1)), surprise, asked)
    for outlet in range(outlets):
        counts = np.delete(said, outlet, axis=2).sum(axis=2)
        counts = counts[(counts > 0).sum(axis=1) > 1]
        weight = np.log1p(counts) * np.log((1 + stories) / (1 + (counts > 0).sum(axis=1)))[:, None]
        for story in range(stories):
            alike = np.zeros(stories)
            for other in range(stories):
                lengths = np.linalg.norm(weight[:, story]) * np.linalg.norm(weight[:, other])
                if other != story and asked[other, outlet] and lengths:
                    alike[other] = (weight[:, story] @ weight[:, other] / lengths) ** 2
            alike /= max(alike.max(), 1e-12)
            expected = sum(alike * surprise[:, outlet]) / (alike.sum() + 1) if asked[story, outlet] else 0.0
            assert found[story, outlet] == pytest.approx(expected)


def test_adjusted_by_hand() -> None:
    """The two empty ones are the first and the third: 1/99 + nothing, and (1/99 + 1/49 + 1/24) / 2."""
    chance, found = np.array([0.01, 0.04, 0.02, 0.5]), np.array([False, False, True, True])
    adjusted = corrected(chance, found)
    assert adjusted[:2] == pytest.approx([1 / 99, (1 / 99 + 1 / 49 + 1 / 24) / 2])
    assert np.isnan(adjusted[2:]).all()
    assert np.isnan(corrected(chance, np.ones(4, bool))).all()


@given(st.lists(st.tuples(st.sampled_from([0.001, 0.01, 0.05, 0.3, 0.9]), st.booleans()), min_size=1, max_size=12))
def test_adjusted_is_what_its_definition_says_and_below_benjamini_and_hochbergs(pairs: list[tuple[float, bool]]) -> None:
    chance, found = (np.array(column) for column in zip(*pairs, strict=True))
    empty = sorted(c for c, here in pairs if not here)
    steps = [min(1.0, sum(c / (1 - c) for c, _ in pairs if c <= one) / (k + 1)) for k, one in enumerate(empty)]
    adjusted = corrected(chance, found)
    for c, here, q in zip(chance, found, adjusted, strict=True):
        assert np.isnan(q) if here else q == pytest.approx(min(step for one, step in zip(empty, steps, strict=True) if one >= c))
    usual = stats.false_discovery_control(np.where(found, 1.0, chance))
    assert (adjusted[~found] * (1 - chance.max()) <= usual[~found] + 1e-12).all()


def test_what_an_outlet_has_says_nothing_of_how_expected_it_was() -> None:
    """Without one outlet's pieces of a story the chance of that pair stays nearly what it was, and nobody else is a test more."""
    made = world(np.random.default_rng(4), World(60, 6, size=0.05, clump=0.2))
    before = absences(made.cells, made.terms)
    story, outlet = np.unravel_index(np.where(before.asked & (made.cells.pieces > 0), before.chance, 1).argmin(), before.chance.shape)
    pieces = made.cells.pieces.copy()
    pieces[story, outlet] = 0
    keep = np.arange(pieces.size) != story * pieces.shape[1] + outlet
    after = absences(replace(made.cells, pieces=pieces), made.terms.among(keep))
    assert after.verdict[story, outlet] in (measure.HARDLY, measure.SELDOM)
    assert after.chance[story, outlet] == pytest.approx(before.chance[story, outlet], abs=0.02)


@given(st.integers(0, 1_000), st.permutations(range(5)))
def test_outlets_may_be_called_otherwise(seed: int, order: list[int]) -> None:
    made = world(np.random.default_rng(seed), World(25, 5, size=0.05))
    found = absences(made.cells, made.terms)
    turned = Cells(*(getattr(made.cells, name)[:, order] for name in ("pieces", "words", "videos", "elsewhere")))
    cell = np.arange(25 * 5).reshape(25, 5)[:, order].ravel()
    other = absences(turned, Counts.dense(made.terms.to_dense()[:, cell]))
    assert other.chance == pytest.approx(found.chance[:, order], nan_ok=True, abs=1e-9)
    assert other.verdict.tolist() == found.verdict[:, order].tolist()


@given(st.integers(0, 1_000))
def test_an_outlet_with_nothing_changes_nothing(seed: int) -> None:
    made = world(np.random.default_rng(seed), World(25, 5, size=0.05))
    found = absences(made.cells, made.terms)
    none = np.zeros((25, 1), np.int64)
    more = Cells(*(np.hstack([getattr(made.cells, name), none]) for name in ("pieces", "words", "videos", "elsewhere")))
    terms = made.terms.to_dense().reshape(-1, 25, 5)
    other = absences(more, Counts.dense(np.concatenate([terms, np.zeros((len(terms), 25, 1), np.int64)], axis=2).reshape(len(terms), -1)))
    assert other.chance[:, :5] == pytest.approx(found.chance, nan_ok=True, abs=1e-9)
    assert np.isnan(other.chance[:, 5]).all()
    assert set(other.verdict[:, 5]) <= {measure.LITTLE, ""}


def test_false_alarms() -> None:
    """Stories dealt by volume and interests: of what is called at most 5 % chance no more than 5 % and three errors are empty."""
    tests, empty, expected, called = 0, 0, 0.0, 0
    for seed in range(15):
        made = world(np.random.default_rng(seed), World(60, 8, size=0.05, clump=0.3))
        found = absences(made.cells, made.terms)
        tests, empty, expected = tests + found.tests, empty + found.empty, expected + found.by_chance
        called += bool((found.verdict == measure.HARDLY).any())
    assert tests > 100
    assert empty <= expected + 3 * np.sqrt(expected)
    assert called <= 3
