"""Stretches as columns mean what one bool a token means."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crosscut.query import spans
from crosscut.query.spans import Spans, first_at_least, gathered, runs
from crosscut.store.pack import ranges

LENGTH = 9
STRETCHES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=12)


def spans_of(stretches: list[tuple[int, int, int]]) -> Spans:
    video, start, end = np.array(stretches, np.int64).reshape(-1, 3).T
    return Spans.of(video, start, end)


def tokens_of(stretches: list[tuple[int, int, int]]) -> dict[int, list[bool]]:
    inside = {video: [False] * LENGTH for video in range(4)}
    for video, start, end in stretches:
        for place in range(start, end):
            inside[video][place] = True
    return inside


def rows(found: Spans) -> list[tuple[int, int, int]]:
    return list(zip(found.video.tolist(), found.start.tolist(), found.end.tolist(), strict=True))


@given(STRETCHES)
def test_stretches_that_touch_become_one(stretches: list[tuple[int, int, int]]) -> None:
    found, inside = spans_of(stretches), tokens_of(stretches)
    assert tokens_of(rows(found)) == inside
    assert rows(found) == sorted(rows(found))
    assert all(start < end for _, start, end in rows(found))
    assert all(one[0] < two[0] or one[2] < two[1] for one, two in zip(rows(found), rows(found)[1:], strict=False))
    again = Spans.of_tokens({video: np.array(tokens, bool) for video, tokens in inside.items()})
    assert rows(again) == rows(found)
    assert found.tokens == sum(map(sum, inside.values()))
    others = found.outside(np.arange(4), np.full(4, LENGTH))
    assert tokens_of(rows(others)) == {video: [not token for token in tokens] for video, tokens in inside.items()}


@given(STRETCHES, st.lists(st.tuples(st.integers(0, 4), st.integers(0, LENGTH - 1), st.integers(1, 4)), max_size=9))
def test_what_lies_wholly_inside(stretches: list[tuple[int, int, int]], asked: list[tuple[int, int, int]]) -> None:
    found, inside = spans_of(stretches), tokens_of(stretches) | {4: [False] * LENGTH}
    video, start, length = np.array(asked, np.int64).reshape(-1, 3).T
    at = found.around(video, start, start + length)
    for place, (of, begin, size) in zip(at.tolist(), asked, strict=True):
        assert (place >= 0) == (begin + size <= LENGTH and all(inside[of][begin : begin + size]))
        if place >= 0:
            assert rows(found)[place][0] == of
            assert rows(found)[place][1] <= begin < begin + size <= rows(found)[place][2]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), max_size=12), st.integers(1, 9), st.sampled_from([0, 3, 100]))
def test_tokens_are_gathered_in_any_lots(stretches: list[tuple[int, int]], at_once: int, short: int) -> None:
    column = np.arange(100, 150)
    begin, length = np.array(stretches, np.int64).reshape(-1, 2).T
    want = [100 + place for start, size in stretches for place in range(start, start + size)]
    with patch.object(spans, "_SHORT", short), patch.object(spans, "_AT_ONCE", at_once):
        assert gathered(column, begin, begin + length).tolist() == want
        assert [v for run in runs(begin, begin + length) for v in gathered(column, begin[run], (begin + length)[run]).tolist()] == want
    assert ranges(begin, begin + length).tolist() == [value - 100 for value in want]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20).map(sorted), st.lists(st.tuples(
    st.integers(0, 20), st.integers(0, 20), st.integers(-1, 10)), max_size=8))
def test_the_first_that_is_large_enough(column: list[int], asked: list[tuple[int, int, int]]) -> None:
    bounded = [(min(a, b, len(column)), min(max(a, b), len(column)), value) for a, b, value in asked]
    begin, end, value = np.array(bounded, np.int64).reshape(-1, 3).T
    assert first_at_least(np.array(column), begin, end, value).tolist() == [
        next((place for place in range(a, b) if column[place] >= v), b) for a, b, v in bounded]
