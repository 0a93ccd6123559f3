"""What differs between outlets beside what they say: each threshold from both sides, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from crosscut.measure.comparability import Videos, differences, shares

N = 24


def videos(**changed: Any) -> Videos:
    """Twelve videos of A and twelve of B that differ in nothing, a day apart, but for what is said otherwise."""
    days = [f"2024-03-{1 + n % 12:02}" for n in range(N)]
    alike = Videos(
        video=[f"v:{n}" for n in range(N)], words=np.full(N, 500), kind=["automatic"] * N, case=["lower"] * N,
        punctuated=np.zeros(N, np.int64), programme=[f"p{n % 5}" for n in range(N)], published=days,
        duration_ms=np.full(N, 60_000))
    return replace(alike, **changed)


GROUPS = {"A": np.arange(N) < 12, "B": np.arange(N) >= 12}
BOTH = np.arange(N)


def test_alike() -> None:
    assert differences(GROUPS, videos()) == []
    assert differences({"A": GROUPS["A"]}, videos()) == []
    assert differences({"A": np.zeros(N, bool)}, videos()) == []


@pytest.mark.parametrize(("changed", "said"), [
    ({"kind": ["automatic"] * 12 + ["uploaded"] * 3 + ["automatic"] * 9},
     ["kinds of captions differ, by words: A automatic 100%; B automatic 75%, uploaded 25%"]),
    ({"kind": ["automatic"] * 12 + ["uploaded"] * 2 + ["automatic"] * 10}, []),
    ({"punctuated": (BOTH >= 12).astype(np.int64)}, ["sentence marks differ, by words: A unmarked 100%; B marked 100%"]),
    ({"case": ["lower"] * 12 + ["cased"] * 12}, ["capitals differ, by words: A lower 100%; B cased 100%"]),
    ({"words": np.where(BOTH < 12, 500, 1501)}, ["sizes differ: A 6,000 words; B 18,012 words"]),
    ({"words": np.where(BOTH < 12, 500, 1500)}, []),
    ({"published": ["2024-03-01"] * 11 + ["2024-03-10"] + ["2024-03-06"] * 11 + ["2024-03-15"]},
     ["windows differ: A 2024-03-01 to 2024-03-10; B 2024-03-06 to 2024-03-15"]),      # 5 of 15 days
    ({"published": ["2024-03-01"] * 11 + ["2024-03-10"] + ["2024-03-03"] * 11 + ["2024-03-12"]}, []),  # 8 of 12
    ({"published": ["2024-03"] * 12 + ["2024-03-06"] * 12}, []),                       # no day is known
    ({"duration_ms": np.where(BOTH % 4 == 0, 3_600_000, 60_000) * (BOTH >= 12) + 60_000 * (BOTH < 12)},
     ["lengths differ, by words: A shorter 100%; B shorter 75%, an hour and longer 25%"]),
    ({"programme": ["Harbour Live"] * 12 + [f"p{n % 5}" for n in range(12)]}, ["A is Harbour Live, not the whole outlet"]),
    ({"programme": ["Harbour Live"] * 11 + [""] + [f"p{n % 5}" for n in range(12)]}, []),   # nobody knows of one
    ({"words": np.where(BOTH == 3, 2_000, 500)}, ["one video holds more than a tenth of the words of A: v:3 27%"]),
    ({"words": np.where(BOTH == 3, 1_500, 500)}, []),       # less than three times an even share
])
def test_each_difference(changed: dict[str, Any], said: list[str]) -> None:
    assert differences(GROUPS, videos(**changed)) == said


def test_groups_without_words_are_not_compared() -> None:
    words = np.where(BOTH < 12, 500, 0)
    assert differences(GROUPS, videos(words=words, kind=["automatic"] * 12 + ["uploaded"] * 12)) == []


def test_shares_are_of_words() -> None:
    assert shares(np.array([1, 0, 3]), ["a", "b", "c"]) == {"c": 0.75, "a": 0.25}
