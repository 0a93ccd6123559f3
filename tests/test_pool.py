"""Processes that work: each thing comes back with its result, and one that ends says what to do."""

from __future__ import annotations

import os

import pytest

from crosscut.errors import CrosscutError
from crosscut.pool import Pool, each


def double(number: int) -> int:
    return 2 * number


def end(_: int) -> int:
    os._exit(3)


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def test_each_thing_comes_back_with_its_result() -> None:
    bundles = [[1, 2, 3], [4], [5, 6], [7], [8], [9]]
    assert sorted(each(double, bundles, 2)) == [(n, 2 * n) for n in range(1, 10)]


def test_a_bundle_keeps_its_order() -> None:
    with Pool(double, 1) as pool:
        assert pool.submit([3, 1, 2]).result() == [6, 2, 4]


def test_a_process_that_ends_is_a_clear_error() -> None:
    with pytest.raises(CrosscutError, match="a process that does a part of the work ended"):
        list(each(end, [[1]], 1))


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="no 1"):
        list(each(fail, [[1]], 1))
