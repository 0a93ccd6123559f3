"""Rows worked out by hand, and groups against plain loops."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.measure import frequency
from crosscut.measure.frequency import COLUMNS, TOTALS, Groups, Outlier, frequencies, group, group_coded, totals
from crosscut.measure.rates import Resampling, resampled, share


def rows(hits: dict[str, list[int]], words: list[int], speech_ms: list[int], groups: Groups, seed: int = 1) -> list[dict[str, object]]:
    made = frequencies({query: np.array(counts) for query, counts in hits.items()}, np.array(words), np.array(speech_ms), groups,
                       Resampling(seed, 200))
    return [dict(zip(("query", *groups.names, *COLUMNS), row, strict=True)) for row in made.rows]


def few(outlet: str, query: str, hits: int, words: int, videos: int, some: int, hours: float, per_hour: float) -> dict[str, object]:
    return {"query": query, "outlet": outlet, "hits": hits, "words": words, "videos": videos, "videos_with_hits": some,
            "share_of_videos": some / videos, "share_low": None, "share_high": None, "per_million": 1e6 * hits / words, "low": None,
            "high": None, "without_outliers": None, "hours": hours, "per_hour": per_hour, "note": "fewer than 10 videos"}


def test_rows_by_hand() -> None:
    outlets = group({"outlet": ["b", "a", "a", "c", "a"]}, np.array([True, True, True, False, True]))
    made = rows({"war": [1, 2, 0, 9, 0], "peace": [0, 0, 0, 0, 0]}, [1_000, 2_000, 500, 800, 1_500],
                [1_800_000, 3_600_000, 1_800_000, 9, 1_800_000], outlets)
    assert made == [
        few("a", "war", 2, 4_000, 3, 1, 2.0, 1.0), few("b", "war", 1, 1_000, 1, 1, 0.5, 2.0),
        few("a", "peace", 0, 4_000, 3, 0, 2.0, 0.0), few("b", "peace", 0, 1_000, 1, 0, 0.5, 0.0),
    ]
    assert [row["per_million"] for row in made] == [500, 1_000, 0, 0]


def test_a_rate_per_hour_needs_times_for_nine_words_in_ten() -> None:
    everything = group({}, np.array([True, True]))
    (enough,) = rows({"war": [4, 6]}, [900, 100], [7_200_000, 0], everything)
    assert (enough["hours"], enough["per_hour"], enough["hits"]) == (2.0, 2.0, 10)  # hits of the untimed video are left out
    (short,) = rows({"war": [4, 6]}, [899, 101], [7_200_000, 0], everything)
    assert (short["hours"], short["per_hour"]) == (2.0, None)
    (untimed,) = rows({"war": [4, 6]}, [900, 100], [0, 0], everything)
    assert (untimed["hours"], untimed["per_hour"]) == (0.0, None)


def test_no_words_no_rate() -> None:
    (row,) = rows({"war": [0]}, [0], [0], group({}, np.array([True])))
    assert (row["per_million"], row["per_hour"], row["videos"]) == (None, None, 1)


def test_no_videos_no_rows() -> None:
    assert rows({"war": [1]}, [10], [0], group({"outlet": ["a"]}, np.array([False]))) == []
    assert rows({"war": []}, [], [], group({}, np.array([], bool))) == []


def test_an_interval_belongs_to_its_query_and_group_alone() -> None:
    counts, words = [n % 4 for n in range(24)], [100 + n for n in range(24)]
    chosen = np.ones(24, bool)
    values = ["a", "b"] * 12
    both = rows({"war": counts, "peace": counts[::-1]}, words, [0] * 24, group({"outlet": values}, chosen))
    (alone,) = rows({"war": counts}, words, [0] * 24, group({"outlet": values}, chosen & (np.arange(24) % 2 == 1)))
    assert alone == both[1]
    assert alone["outlet"] == "b"
    mine, how = np.array(counts[1::2]), Resampling(1, 200)
    direct = resampled(mine, np.array(words[1::2]), how)
    assert direct.low is not None
    assert direct.high is not None
    assert (alone["low"], alone["high"], alone["note"]) == (1e6 * direct.low, 1e6 * direct.high, "")
    assert (alone["share_of_videos"], alone["share_low"], alone["share_high"]) == share(mine, how)
    assert rows({"war": counts}, words, [0] * 24, group({"outlet": values}, chosen), seed=2)[0]["low"] != both[0]["low"]


def test_what_is_known_of_clumps_comes_from_all_groups() -> None:
    outlets = group({"outlet": ["a"] * 12 + ["b"] * 12}, np.ones(24, bool))
    made = rows({"war": [4] * 12 + [0] * 12}, [500] * 24, [0] * 24, outlets)
    assert (made[0]["low"], made[0]["high"]) == pytest.approx((8_000, 8_000))
    assert made[1]["note"] == f"exact, no videos with hits (in clumps of {4 * (1 + 2 / 12):.1f})"
    assert made[1]["low"] == 0


def test_days_are_resampled_where_asked() -> None:
    days, hits = np.repeat(np.arange(12), 4), np.array([8] * 8 + [0, 1] * 16 + [3] * 8)
    everything = group({}, np.ones(48, bool))
    made = frequencies({"war": hits}, np.full(48, 500), np.zeros(48, int), everything, Resampling(1, 200, unit="day", codes=days))
    assert made.rows[0][-1].endswith("times as wide as by video")


def test_outliers_are_named_and_left_out() -> None:
    hits, words = [3, 2, 4, 3] * 5 + [300, 9], [500] * 20 + [6_000, 1_000]
    values = ["a"] * 21 + ["b"]
    made = frequencies({"war": np.array(hits)}, np.array(words), np.zeros(22, int), group({"outlet": values}, np.ones(22, bool)),
                       Resampling(1, 200))
    assert made.outliers == [Outlier("war", ("a",), 20, 1e6 * 360 / 16_000, 6_000)]
    assert made.rows[0][2 + list(COLUMNS).index("without_outliers")] == 6_000
    assert made.rows[1][2 + list(COLUMNS).index("without_outliers")] is None


FIELDS = st.integers(0, 12).flatmap(lambda length: st.tuples(
    st.lists(st.sampled_from("ab"), min_size=length, max_size=length),
    st.lists(st.sampled_from(["x", "", "y"]), min_size=length, max_size=length),
    st.lists(st.booleans(), min_size=length, max_size=length),
    st.lists(st.integers(0, 9), min_size=length, max_size=length)))


@given(FIELDS)
def test_groups_and_their_sums_are_what_a_loop_finds(fields: tuple[list[str], list[str], list[bool], list[int]]) -> None:
    one, other, chosen, counts = fields
    groups = group({"outlet": one, "month": other}, np.array(chosen, bool))
    labels = sorted({(a, b) for a, b, keep in zip(one, other, chosen, strict=True) if keep})
    assert list(groups.labels) == labels
    assert groups.codes.tolist() == [labels.index((a, b)) if keep else -1 for a, b, keep in zip(one, other, chosen, strict=True)]
    made = rows({"q": counts}, [10] * len(counts), [0] * len(counts), groups)
    for row, label in zip(made, labels, strict=True):
        mine = [n for n, a, b, keep in zip(counts, one, other, chosen, strict=True) if keep and (a, b) == label]
        assert (row["outlet"], row["month"]) == label
        assert (row["hits"], row["words"], row["videos"]) == (sum(mine), 10 * len(mine), len(mine))
        assert row["videos_with_hits"] == sum(1 for n in mine if n)
        assert row["per_million"] == 1e6 * sum(mine) / (10 * len(mine))
    short = [dict(zip(("outlet", "month", *TOTALS), row, strict=True)) for row in
             totals(np.array(counts, np.int64), np.full(len(counts), 10), groups)]
    assert short == [{name: row[name] for name in ("outlet", "month", *TOTALS)} for row in made]


@given(FIELDS, st.permutations(range(3)))
def test_groups_by_codes_are_groups_by_texts(fields: tuple[list[str], list[str], list[bool], list[int]], order: list[int]) -> None:
    one, other, chosen, _ = fields
    texts = [["x", "", "y"][place] for place in order] + ["x"]  # two codes may mean the same
    codes = np.array([3 if text == "x" and n % 2 else texts.index(text) for n, text in enumerate(other)], np.int64)
    columns = {"outlet": (np.array(["ab".index(text) for text in one], np.int64), ["a", "b"]), "month": (codes, texts)}
    want = group({"outlet": one, "month": other}, np.array(chosen, bool))
    for few in (0, 100):
        with patch.object(frequency, "_FEW", few):
            found = group_coded(columns, np.array(chosen, bool))
        assert (found.names, found.labels, found.codes.tolist()) == (want.names, want.labels, want.codes.tolist())
