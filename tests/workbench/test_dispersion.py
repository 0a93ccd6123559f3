"""Dispersion through the whole of it: parts, groups, limits, and the rows of a strip."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from crosscut.cli.app import app
from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure.dispersion import COLUMNS, by_chance, dispersion
from crosscut.workbench.asking import ask_again
from crosscut.workbench.corpus import Corpus
from tests.studies import built, record

HITS = [0, 1, 2, 0, 3, 1, 0, 0, 1, 2, 0, 4, 1, 1, 0, 2]
EXTRA = [5, 9, 30, 2, 7, 7, 60, 1, 4, 8, 3, 20, 6, 2, 9, 11]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Outlet A: sixteen videos on eight days, the last without a day; outlet B: three videos."""
    records = [record(f"aaaaaaaa{n:03}", "truce " * hits + "word " * extra, date=f"202309{1 + n // 2:02}" if n < 15 else "")
               for n, (hits, extra) in enumerate(zip(HITS, EXTRA, strict=True))]
    records += [record(f"bbbbbbbb{n:03}", "truce is a word", outlet="en_BBB", date="20230901") for n in range(3)]
    return built(tmp_path_factory.mktemp("dispersion"), records)


def test_one_row_a_query_and_group(corpus: Corpus) -> None:
    finding = corpus.dispersion("truce", "armistice", by="outlet")
    assert finding.columns[:2] == ("query", "outlet")
    assert (finding.effect, finding.labels) == ("dp_norm", 2)
    assert set(COLUMNS) <= set(finding.explained)
    a, b, none, _ = finding.to_dicts()
    sizes = np.array(HITS, np.int64) + np.array(EXTRA, np.int64)
    plain = dispersion(Counts.dense([HITS]), sizes)
    assert (a["hits"], a["words"], a["parts"], a["range"], a["share"]) == (sum(HITS), sizes.sum(), 16, 10, 10 / 16)
    for name in ("dp", "dp_norm", "d", "kl", "kl_norm"):
        assert a[name] == pytest.approx(getattr(plain, name)[0])
    assert a["by_chance"] == pytest.approx(by_chance(np.array([sum(HITS)]), sizes)[0])
    assert 0 <= a["low"] < a["dp_norm"] < a["high"] <= 1
    assert a["d_low"] < a["d"] < a["d_high"] <= 1
    assert 0 <= a["kl_low"] < a["kl"] < a["kl_high"]
    assert a["note"] == ""
    assert (b["dp"], b["range"], b["low"], b["note"]) == (0, 3, None, "fewer than 10 videos")
    assert (none["hits"], none["dp"], none["low"], none["note"]) == (0, None, None, "no hits")
    again = ask_again(corpus, "dispersion", finding.parameters)
    assert again.rows == finding.rows
    assert finding.evidence[0] is not None
    assert corpus.lines(finding.evidence[0]).hits == sum(HITS)


def test_days_as_parts(corpus: Corpus) -> None:
    finding = corpus.dispersion("truce", where="outlet=en_AAA", parts="day")
    (row,) = finding.to_dicts()
    days = [sum(HITS[at : at + 2]) for at in range(0, 14, 2)] + HITS[14:]
    words = np.array([sum(HITS[at : at + 2]) + sum(EXTRA[at : at + 2]) for at in range(0, 14, 2)] +
                     [HITS[n] + EXTRA[n] for n in (14, 15)])
    assert row["parts"] == 9
    assert row["dp"] == pytest.approx(dispersion(Counts.dense([days]), words).dp[0])
    assert row["note"] == "fewer than 10 days"
    assert "1 videos have no day: each is a unit of its own" in finding.notes
    (both,) = corpus.dispersion("truce", parts=("outlet", "day")).to_dicts()
    assert (both["parts"], both["note"]) == (10, "in fewer than 10 outlet and days")
    with pytest.raises(QueryError, match="parts are videos, or"):
        corpus.dispersion("truce", parts=("video", "day"))
    with pytest.raises(QueryError, match="unknown unit 'dya'"):
        corpus.dispersion("truce", parts=("outlet", "dya"))


def test_strips_have_each_video_in_order_of_date(corpus: Corpus) -> None:
    finding = corpus.dispersion_strips("truce", by="outlet", where="outlet=en_AAA")
    rows = finding.to_dicts()
    assert finding.columns == ("query", "outlet", "video", "published", "hits", "words", "per_million")
    assert [row["published"] for row in rows] == sorted(row["published"] for row in rows)
    assert {row["video"]: (row["hits"], row["words"]) for row in rows} == {
        f"youtube:aaaaaaaa{n:03}": (hits, hits + extra) for n, (hits, extra) in enumerate(zip(HITS, EXTRA, strict=True))}
    for row, evidence in zip(rows, finding.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence).hits == row["hits"]


def test_the_command(corpus: Corpus) -> None:
    words = ["dispersion", "truce", "--corpus", str(corpus.study.folder), "--format", "json"]
    found = json.loads(CliRunner().invoke(app, words).output)
    assert [row["outlet"] for row in found["rows"]] == ["en_AAA", "en_BBB"]
    assert "resamples by video" in found["generalises"]
    strips = json.loads(CliRunner().invoke(app, [*words, "--strips", "--by", ""]).output)
    assert len(strips["rows"]) == 19
    explained = CliRunner().invoke(app, [*words[:-2], "--explain"])
    assert "Deviation of proportions" in explained.output
