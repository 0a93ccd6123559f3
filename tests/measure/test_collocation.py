"""Scores of collocates by hand, against scipy, and their intervals against a plain loop over resamples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, t

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure.bootstrap import Sample
from crosscut.measure.collocation import (
    BY_GROUP,
    COLUMNS,
    NAMES,
    SCORES,
    Cells,
    Neighbours,
    collocates,
    notation,
    score,
    side_by_side,
)
from crosscut.measure.rates import Resampling

HOW = Resampling(seed=3, replicates=200)


def neighbours(together: Any, alone: Any, hits: Any, window: Any) -> Neighbours:
    return Neighbours(Counts.dense(together), np.sum(alone, axis=1), lambda: Counts.dense(alone), np.zeros(len(together), np.int64), np.array([hits], np.int64),
                      np.array([window], np.int64), np.ones(len(hits), bool))


def rows(near: Neighbours, how: Resampling = HOW) -> list[dict[str, Any]]:
    cells = Cells(near.together.totals(), near.alone, int(near.hits.sum()), int(near.window.sum()), 10_000)
    scores = {name: score(name, cells) for name in SCORES}
    return [dict(zip(COLUMNS, row, strict=True)) for row in collocates(near, scores, how)]


def by_group(near: Neighbours, codes: list[int], many: int, how: Resampling = HOW) -> list[list[dict[str, Any]]]:
    return [[dict(zip(BY_GROUP, row, strict=True)) for row in group] for group in side_by_side(near, np.array(codes), many, how)]


def test_scores_by_hand() -> None:
    # 8 of 20 tokens of the collocate stand among 100 near 10 hits; 1,000 tokens in all: E = 20 × 100 / 1000 = 2.
    cells = Cells(np.array([8]), np.array([20]), 10, 100, 1_000)
    found = {name: float(score(name, cells)[0]) for name in SCORES}
    assert found["dice"] == pytest.approx(16 / 30)
    assert found["log_dice"] == pytest.approx(14 + math.log2(16 / 30))
    assert found["mi"] == pytest.approx(math.log2(8 / 2))
    assert found["mi3"] == pytest.approx(math.log2(8**3 / 2))
    assert found["t_score"] == pytest.approx((8 - 2) / math.sqrt(8))
    assert found["z_score"] == pytest.approx((8 - 2) / math.sqrt(2))
    assert found["log_ratio"] == pytest.approx(math.log2((8 / 100) / (12 / 900)))
    assert found["delta_p"] == pytest.approx(8 / 100 - 12 / 900)
    assert found["delta_p_back"] == pytest.approx(8 / 20 - 92 / 980)
    assert found["log_likelihood"] == pytest.approx(
        chi2_contingency([[8, 92], [12, 888]], correction=False, lambda_="log-likelihood").statistic)
    assert 0 < found["lrc"] < found["log_ratio"]


def test_a_word_that_shuns_the_node_has_a_negative_log_likelihood() -> None:
    cells = Cells(np.array([1, 5, 0]), np.array([50, 50, 50]), 10, 100, 1_000)
    likelihood = score("log_likelihood", cells)
    assert likelihood[0] < 0
    assert likelihood[1] == 0  # as often as elsewhere: not more
    assert likelihood[2] < likelihood[0]
    assert score("log_dice", cells)[2] == -np.inf


def test_what_is_no_score_is_said() -> None:
    with pytest.raises(QueryError, match="no score 'salience' of collocates: there is log_dice, "):
        score("salience", Cells(np.array([1]), np.array([1]), 1, 1, 1))
    assert NAMES.keys() == SCORES.keys()
    assert SCORES.keys() <= COLUMNS.keys()


def test_parameters_are_noted_as_brezina_does() -> None:
    assert notation("mi", 5, "L5–R5", (5, 1)) == "MI(5), L5–R5, C5–NC1; no filter"
    assert notation("log_dice", None, "L3s–R3s", (1, 3), "nouns") == "logDice(–), L3s–R3s, C1–NC3; nouns"


def test_a_row_by_hand_and_why_it_has_no_interval() -> None:
    few = rows(neighbours([[1, 2, 0]], [[3, 2, 5]], [1, 2, 3], [10, 20, 30]))[0]
    assert few["together"] == 3
    assert few["alone"] == 10
    assert few["videos"] == 2
    assert few["hits"] == 6
    assert few["per_thousand"] == 50
    assert few["log_dice"] == pytest.approx(14 + math.log2(6 / 16))
    assert (few["low"], few["high"], few["note"]) == (None, None, "fewer than 10 videos")
    twelve = neighbours([[1] * 9 + [0] * 3, [1] * 12], [[2] * 12] * 2, [1] * 12, [10] * 12)
    assert [row["note"] for row in rows(twelve)] == ["in fewer than 10 videos", ""]
    assert [row["note"] for row in rows(twelve, Resampling(3, 0))] == ["no resamples"] * 2
    days = Resampling(3, 200, unit="day", codes=np.arange(12) // 2)
    assert [row["note"] for row in rows(twelve, days)] == ["fewer than 10 days"] * 2


TABLES = st.integers(10, 20).flatmap(lambda videos: st.tuples(*(
    st.lists(st.lists(st.integers(low, high), min_size=videos, max_size=videos), min_size=3, max_size=3)
    for low, high in ((0, 3), (3, 9))), st.lists(st.integers(1, 4), min_size=videos, max_size=videos)))


@given(TABLES, st.booleans())
@settings(max_examples=60)
def test_limits_are_those_of_a_loop_over_resamples(tables: tuple[Any, Any, Any], days: bool) -> None:
    together, alone, hits = (np.array(table) for table in tables)
    codes = np.arange(len(hits)) // 2 if days else None
    how = Resampling(3, 100, unit="day" if days else "video", codes=codes)
    near = neighbours(together, alone, hits, 10 * hits)
    sample = Sample.of(near.videos, codes, seed=3, replicates=100)
    weights = np.concatenate(list(sample.blocks("0", 100)), axis=1)[sample.codes]  # videos × resamples
    for thing, row in enumerate(rows(near, how)):
        with np.errstate(divide="ignore"):
            dice = 14 + np.log2(2 * together[thing] @ weights / (hits @ weights + alone[thing] @ weights))
        found = len({sample.codes[video] for video in np.flatnonzero(together[thing])})
        if sample.units < 10 or found < 10:
            assert row["low"] is None
            continue
        units = [np.bincount(sample.codes, numbers, sample.units) for numbers in (together[thing], hits)]
        influence = units[0] / units[0].sum() - units[1] / units[1].sum()
        df = np.clip((influence**2).sum() ** 2 / max((influence**4).sum(), 1e-300), 3, max(sample.units - 1, 3))
        half = t.ppf(0.975, df) * np.std(dice[np.isfinite(dice)], ddof=1)
        assert row["low"] == pytest.approx(row["log_dice"] - half, abs=1e-9)
        assert row["high"] == pytest.approx(row["log_dice"] + half, abs=1e-9)


@given(TABLES, st.randoms())
def test_scores_do_not_hang_on_the_order_of_videos(tables: tuple[Any, Any, Any], random: Any) -> None:
    together, alone, hits = (np.array(table) for table in tables)
    order = np.array(random.sample(range(len(hits)), len(hits)))
    estimates = [name for name in COLUMNS if name not in {"low", "high"}]
    one, other = (rows(neighbours(together[:, by], alone[:, by], hits[by], 10 * hits[by])) for by in (np.arange(len(hits)), order))
    assert [[row[name] for name in estimates] for row in one] == [[row[name] for name in estimates] for row in other]


def test_groups_side_by_side_by_hand() -> None:
    near = neighbours([[4, 0, 2], [0, 0, 1]], [[10, 10, 10]] * 2, [10, 10, 20], [50, 50, 100])
    left, right = by_group(near, [0, 0, 1], 2)
    assert (left[0]["together"], left[0]["alone"], left[0]["videos"], left[0]["hits"]) == (4, 20, 1, 20)
    assert left[0]["per_thousand"] == 40
    assert left[0]["log_dice"] == pytest.approx(14 + math.log2(8 / 40))
    assert left[0]["difference"] == pytest.approx(math.log2(8 / 40) - math.log2(4 / 30))
    assert left[0]["log_ratio"] == pytest.approx(math.log2(0.04 / 0.02))
    assert right[0]["difference"] == pytest.approx(-left[0]["difference"])
    assert left[0]["note"] == "fewer than 10 videos"
    assert (left[1]["log_dice"], left[1]["difference"], left[1]["log_ratio"]) == (None, None, None)


@given(TABLES, st.data())
@settings(max_examples=60)
def test_two_groups_differ_by_the_same_the_other_way_round(tables: tuple[Any, Any, Any], data: st.DataObject) -> None:
    together, alone, hits = (np.concatenate([np.array(table)] * 3, axis=-1) for table in tables)
    codes = data.draw(st.lists(st.sampled_from([0, 0, 1, 1, -1]), min_size=len(hits), max_size=len(hits)))
    near = neighbours(together, alone, hits, 10 * hits)
    one, other = by_group(near, codes, 2), by_group(near, [{0: 1, 1: 0}.get(code, code) for code in codes], 2)
    for left, right in zip(one[0], one[1], strict=True):
        for name, ends in (("difference", ("low", "high")), ("log_ratio", ("log_ratio_low", "log_ratio_high"))):
            assert right[name] == (None if left[name] is None else pytest.approx(-left[name], abs=1e-9))
            assert [right[end] is None for end in ends] == [left[end] is None for end in ends]  # each draws for itself
    assert [[row["log_dice"] for row in group] for group in one] == [[row["log_dice"] for row in group] for group in other[::-1]]


@given(TABLES)
@settings(max_examples=30)
def test_limits_of_groups_are_those_of_a_loop(tables: tuple[Any, Any, Any]) -> None:
    together, alone, hits = (np.concatenate([np.array(table)] * 3, axis=-1) for table in tables)
    codes = np.arange(len(hits)) % 2
    near = neighbours(together, alone, hits, 10 * hits)
    weights = np.zeros((len(hits), 200))
    for number in (0, 1):
        sample = Sample.of(codes == number, seed=3, replicates=200)
        weights[codes == number] = np.concatenate(list(sample.blocks(str(number), 200)), axis=1)
    groups = by_group(near, codes.tolist(), 2)
    for thing in range(len(together)):
        dice, rate = [], []
        with np.errstate(divide="ignore", invalid="ignore"):
            for number in (0, 1):
                mine = codes == number
                a, f, h = (values[mine] @ weights[mine] for values in (together[thing], alone[thing], hits))
                dice.append(14 + np.log2(2 * a / (h + f)))
                rate.append(np.log2(a / h))
            differences = (dice[0], "log_dice"), (dice[0] - dice[1], "difference"), (rate[0] - rate[1], "log_ratio")
        row = groups[0][thing]
        for values, name in differences:
            before = "" if name == "difference" else f"{name}_"
            if row[f"{before}low"] is None:
                assert row["note"] or name == "log_dice"
                continue
            half = (row[f"{before}high"] - row[f"{before}low"]) / 2
            sd = np.std(values[np.isfinite(values)], ddof=1)
            assert t.ppf(0.975, len(hits)) * sd - 1e-9 <= half <= t.ppf(0.975, 3) * sd + 1e-9
            assert row[name] == pytest.approx((row[f"{before}high"] + row[f"{before}low"]) / 2)


def test_a_group_that_is_too_small_is_still_part_of_the_others() -> None:
    near = neighbours([[2] * 24], [[5] * 24], [3] * 24, [30] * 24)
    groups = by_group(near, [0] * 12 + [1] * 10 + [2] * 2, 3)
    assert [group[0]["note"] for group in groups] == ["", "", "fewer than 10 videos"]
    assert [group[0]["difference"] for group in groups] == [pytest.approx(0)] * 3
    assert groups[0][0]["low"] is not None
    alone = by_group(near, [0] * 24, 1)[0][0]  # nothing to compare with
    assert (alone["difference"], alone["low"], alone["note"]) == (None, None, "fewer than 10 videos")
    assert alone["log_dice_low"] is not None


def test_relations_have_sizes_of_their_own() -> None:
    together, alone = [[1] * 12, [2] * 12, [1] * 12], [[3] * 12] * 3
    hits = np.array([[2] * 12, [4] * 12])
    both = Neighbours(Counts.dense(together), np.sum(alone, axis=1), lambda: Counts.dense(alone), np.array([0, 1, 1]), hits, hits, np.ones(12, bool))
    dice = np.array([14 + math.log2(2 * a / (n + 3)) for a, n in ((1, 2), (2, 4), (1, 4))])
    found = collocates(both, dict.fromkeys(SCORES, dice), HOW)
    assert [row[list(COLUMNS).index("hits")] for row in found] == [24, 48, 48]
    assert [row[list(COLUMNS).index("per_thousand")] for row in found] == [500, 500, 250]
    for thing, row in enumerate(found):
        kind = both.kind[thing]
        one = collocates(neighbours([together[thing]], [alone[thing]], hits[kind], hits[kind]),
                         dict.fromkeys(SCORES, dice[thing:thing + 1]), HOW)[0]
        assert row == pytest.approx(one, nan_ok=True)
    sides = side_by_side(both, np.arange(12) % 2, 2, HOW)
    assert [row[list(BY_GROUP).index("log_dice")] for row in sides[0]] == pytest.approx(dice)
