"""p-values and their corrections against SciPy, and against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.measure.significance import CORRECTIONS, corrected, p_of_log_likelihood

stats = pytest.importorskip("scipy.stats")


def test_p_is_that_of_chi_squared() -> None:
    scores = np.array([0.0, 0.5, 3.841458820694124, 15.13, 200.0])
    assert p_of_log_likelihood(scores) == pytest.approx(stats.chi2.sf(scores, 1), rel=1e-12)


def test_p_is_never_zero() -> None:
    assert 0 < p_of_log_likelihood(np.array([1e5]))[0] < 1e-300
    assert np.isnan(p_of_log_likelihood(np.array([np.nan]))[0])


def test_corrections_by_hand() -> None:
    p = np.array([0.03, 0.01, 0.04, np.nan])  # three tests; the fourth is none
    def of(method: str) -> list[float]:
        assert np.isnan(corrected(p, method)[3])
        return list(corrected(p, method)[:3])

    assert of("none") == [0.03, 0.01, 0.04]
    assert of("bonferroni") == pytest.approx([0.09, 0.03, 0.12])
    # In order 0.01, 0.03, 0.04: times 3, 2, 1 are 0.03, 0.06, 0.04; the last may not be smaller than the one before.
    assert of("holm") == pytest.approx([0.06, 0.03, 0.06])
    assert of("sidak") == pytest.approx([1 - 0.97**3, 1 - 0.99**3, 1 - 0.96**3])
    # Times 3/1, 3/2, 3/3: 0.03, 0.045, 0.04; the second may not be larger than the one after.
    assert of("benjamini-hochberg") == pytest.approx([0.04, 0.03, 0.04])


@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-300, 0.01, 1.0])), min_size=1, max_size=40))
@settings(deadline=None)
def test_corrections_keep_their_order(values: list[float]) -> None:
    p = np.array(values)
    found = {method: corrected(p, method) for method in CORRECTIONS}
    assert found["benjamini-hochberg"] == pytest.approx(stats.false_discovery_control(p), abs=1e-15)
    order = np.argsort(p, kind="stable")
    for method, column in found.items():
        assert ((column >= p - 1e-15) & (column <= 1)).all(), method
        assert (np.diff(column[order]) >= 0).all(), method
    assert (found["holm"] <= found["bonferroni"]).all()
    assert (found["benjamini-hochberg"] <= found["holm"] + 1e-15).all()
    assert (found["sidak"] <= found["bonferroni"] + 1e-15).all()
    for place, value in enumerate(values):  # Holm, step by step: p is the largest of its steps up to its rank
        smaller = sorted(values)[: sorted(values).index(value) + 1]
        steps = [(len(values) - rank) * one for rank, one in enumerate(smaller)]
        assert found["holm"][place] == pytest.approx(min(1, max(steps)), rel=1e-12)


def test_an_unknown_correction_is_said() -> None:
    with pytest.raises(QueryError, match="no correction 'fdr': there is holm, bonferroni"):
        corrected(np.array([0.5]), "fdr")
