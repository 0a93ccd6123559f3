"""How likely is a score by chance alone, and what becomes of that when thousands are looked at?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError

Floats = npt.NDArray[np.float64]

#: How p-values of many tests are corrected; see ``corrected``.
CORRECTIONS = ("holm", "bonferroni", "sidak", "benjamini-hochberg", "none")


#: The least p: what is smaller than any number of 8 bytes is not 0.
_LEAST = float(np.finfo(np.float64).tiny)


def p_of_normal(z: Floats) -> Floats:
    """The chance of a standard normal number as far from 0, to either side; never 0."""
    from scipy.special import erfc  # a concordance should not wait for it

    found: Floats = np.maximum(erfc(np.abs(z) / np.sqrt(2)), _LEAST)
    return found


def p_of_log_likelihood(score: Floats) -> Floats:
    """The chance of a G² as large, χ² with one degree of freedom (Wilks 1938), which is the square of a normal number.

    It takes tokens for independent: words come in clumps, so it is far too small for most of them.
    """
    return p_of_normal(np.sqrt(score))


def uncorrected(tests: int) -> list[str]:
    """What to know of a table of p-values that are not corrected: nothing of one."""
    return [f"{tests:,} tests, whose p are not corrected for being many: by chance alone, one in twenty is below 0.05"
            ] if tests > 1 else []


def corrected(p: Floats, method: str) -> Floats:
    """p-values as they are when all of them are tested; nan is no test.  Any shape: all of it is one family of m tests.

    ``bonferroni``: m p.  ``holm`` (1979): (m - i + 1) p(i) for the i-th smallest, none smaller than the one before; never
    larger than Bonferroni's, and as safe.  ``sidak`` (1967): 1 - (1 - p)^m, exact where tests are independent.
    ``benjamini-hochberg`` (1995): m p(i) / i, none larger than the one after: the share of false ones among those that are
    called different, not the chance of a single false one.
    """
    if method not in CORRECTIONS:
        raise QueryError(f"no correction {method!r}: there is {', '.join(CORRECTIONS)}")
    found = np.array(p, np.float64)
    tested = ~np.isnan(found)
    found[tested] = np.clip(_corrected(found[tested], method), 0, 1)
    return found


def _corrected(p: Floats, method: str) -> Floats:
    many = len(p)
    if method == "bonferroni":
        return p * many
    if method == "sidak":
        with np.errstate(divide="ignore"):
            return np.asarray(-np.expm1(many * np.log1p(-p)))
    if method == "none" or not many:
        return p
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, many + 1)
    inside = p[order]
    stepped = (np.maximum.accumulate((many - rank + 1) * inside) if method == "holm"
               else np.minimum.accumulate((many / rank * inside)[::-1])[::-1])
    found = np.empty(many)
    found[order] = stepped
    return found
