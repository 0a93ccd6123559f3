"""Weights of terms against values worked out by hand; products of split matrices against whole ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from crosscut.counts import Counts
from crosscut.stories import vectors as module
from crosscut.stories.vectors import Frequencies, Vectors, vectors


def table(*rows: list[int]) -> Counts:
    """Rows are pieces here; counts are kept by term."""
    return Counts.dense(np.array(rows).T)


def whole(made: Vectors) -> np.ndarray:
    """Pieces × terms in the order of the codes."""
    both = np.concatenate([made.frequent.toarray(), made.rare.toarray()], axis=1)
    back = np.empty_like(both)
    back[:, made.order] = both
    return back


def none(pieces: int, terms: int = 0) -> Counts:
    return Counts.dense(np.zeros((terms, pieces), np.int64))


def test_by_hand() -> None:
    words = table([2, 2, 0], [0, 4, 0], [0, 0, 8])
    found = Frequencies.of(words, none(3), table([0, 0, 0], [0, 0, 0], [0, 0, 0]), none(3, 3), title=6, description=0.5)
    made = whole(vectors(found, np.zeros(3, np.int64)))
    # lengths are 4, 4 and 8, the typical one 4; term 1 is in two of three pieces, the others in one
    first = np.array([math.log(3) * math.log(4 / 1.5), math.log(3) * math.log(4 / 2.5), 0])
    assert made[0] == pytest.approx(first / np.linalg.norm(first), abs=1e-6)
    assert made[1] == pytest.approx([0, 1, 0])
    assert made[2] == pytest.approx([0, 0, 1])


def test_size_of_stories_by_hand() -> None:
    words = table([1, 1], [1, 0], [0, 1], [0, 1])
    found = Frequencies.of(words, none(4), none(4, 2), none(4, 2), title=6, description=0.5)
    made = whole(vectors(found, np.zeros(4, np.int64), np.array([4, 4, 4, 1])))
    # lengths are 2, 1, 1, 1: typical is 1; three pieces count half, one counts 1: 2.5 in all, and 1 and 2 have the terms
    first = np.array([math.log(1.5) * math.log(3.5 / 1.5), math.log(1.5) * math.log(3.5 / 2.5)])
    assert made[0] == pytest.approx(first / np.linalg.norm(first), abs=1e-6)


def test_title_and_description_count_as_said() -> None:
    one = Frequencies.of(table([3, 0, 0]), none(1), table([0, 2, 0]), table([0, 2, 4]), title=6, description=0.5)
    assert one.words.toarray().tolist() == [[3, 13, 2]]
    bare = Frequencies.of(table([3, 0, 0]), none(1), table([0, 2, 0]), table([0, 2, 4]), title=0, description=0)
    assert bare.words.toarray().tolist() == [[3, 0, 0]]


def test_languages_do_not_know_each_other() -> None:
    random = np.random.default_rng(1)
    rows, language = random.integers(0, 4, (12, 9)), np.arange(12) % 2
    def made(kept: np.ndarray) -> np.ndarray:
        words = Counts.dense(rows[kept].T)
        found = Frequencies.of(words, none(len(kept)), none(len(kept), 9), none(len(kept), 9), title=6, description=0.5)
        return whole(vectors(found, language[kept]))
    both = made(np.arange(12))
    for code in (0, 1):
        assert both[language == code] == pytest.approx(made(np.flatnonzero(language == code)), abs=1e-6)


@pytest.mark.parametrize("full", [0.0, 0.3, 1.0])
def test_products_of_the_parts_are_those_of_the_whole(full: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FULL", full)
    monkeypatch.setattr(module, "_AT_ONCE", 5)
    random = np.random.default_rng(2)
    rows, names = random.poisson(0.4, (17, 30)), random.poisson(0.2, (17, 8))
    found = Frequencies.of(Counts.dense(rows.T), Counts.dense(names.T), none(17, 30), none(17, 30), title=6, description=0.5)
    made, group = vectors(found, np.zeros(17, np.int64)), random.integers(0, 4, 17)
    dense = whole(made)
    assert dense.shape == (17, 38)
    assert np.linalg.norm(dense, axis=1) == pytest.approx(np.where(rows.sum(1) + names.sum(1) > 0, 1, 0), abs=1e-6)
    sums = np.array([dense[group == number].sum(0) for number in range(4)])
    assert made.times(made.take(np.array([3, 1]))) == pytest.approx(dense @ dense[[3, 1]].T, abs=1e-6)
    assert whole(made.summed(group, 4)) == pytest.approx(sums, abs=1e-6)
    assert made.summed(group, 4).squares() == pytest.approx((sums**2).sum(1), abs=1e-5)
    assert made.terms().tolist() == (dense > 0).sum(1).tolist()
    assert made.with_sum() == pytest.approx(dense @ dense.sum(0), abs=1e-5)
    assert made.with_sums(made.summed(group, 4), group) == pytest.approx((dense * sums[group]).sum(1), abs=1e-5)
    assert whole(made.present(group, 4)).tolist() == [(dense[group == number] > 0).sum(0).tolist() for number in range(4)]
    for row, (codes, weights) in zip(dense, made.rows(), strict=True):
        assert row[codes] == pytest.approx(weights)
        assert (row > 0).sum() == len(codes)
