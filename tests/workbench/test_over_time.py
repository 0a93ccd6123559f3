"""Series, changes, leads and contrasts through the whole of it: periods, events, gaps, evidence, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import crosscut
from crosscut.errors import QueryError
from crosscut.measure.contrast import PAIR, Contrast
from crosscut.measure.finding import Finding
from crosscut.workbench.contrast import _at_odds
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.verifying import verify
from crosscut.workbench.views import both_views
from tests.studies import PLAIN, built, make_study, record, write_records

EVENTS = '[[events]]\ndate = "2023-09-20"\nlabel = "The vote"\n[[events]]\ndate = "2023-09-21"\n[[events]]\ndate = "2024-01-01"\nlabel = "Later"\n'
CLIP = "one two three four five six seven eight nine ten " * 20


def said(times: int) -> str:
    return "truce " * times + CLIP


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A says it from the fourth of eight weeks on; B always does; C has two videos with a vague date. No zones."""
    random, records = np.random.default_rng(1), []
    for day in range(56):
        date = f"2023{9 + (day + 4) // 31:02}{(day + 3) % 30 + 1:02}"
        for n in range(3):
            records.append(record(f"a{day:03}{n}______", said(int(random.poisson(0.2 if day < 21 else 3))), date=date))
            records.append(record(f"b{day:03}{n}______", said(int(random.poisson(1))), outlet="en_BBB", date=date))
    records += [record(f"c{n}_________", said(1), outlet="en_CCC", date="2023-09" if n else "20231028") for n in range(3)]
    return built(tmp_path_factory.mktemp("time"), records, PLAIN + EVENTS)


def agrees(corpus: Corpus, finding: Finding, counted: str = "hits") -> None:
    """The lines of every row are as many as the row counts."""
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert evidence is not None
        assert corpus.lines(evidence, limit=1).hits == row[counted], row


def test_a_series_has_every_period_of_every_group(corpus: Corpus) -> None:
    finding = corpus.trend("truce", by="outlet", period="week", least_words=1_000)
    rows = finding.to_dicts()
    assert [row["week"] for row in rows[:9]] == [f"2023-W{36 + n}" for n in range(8)] + ["2023-W36"]
    videos = {outlet: sum(row["videos"] for row in rows if row["outlet"] == outlet) for outlet in ("en_AAA", "en_BBB", "en_CCC")}
    assert videos == {"en_AAA": 168, "en_BBB": 168, "en_CCC": 1}
    assert [row["event"] for row in rows[:4]] == ["", "", "The vote; 2023-09-21", ""]
    assert rows[16]["note"] == "no videos"
    assert rows[-1]["note"] == "fewer than 1,000 words"
    assert rows[-1]["per_million"] is None
    assert "2 videos have no week: their dates do not say so much" in finding.notes
    agrees(corpus, finding)


def test_a_series_of_months_is_what_freq_says(corpus: Corpus) -> None:
    trend = corpus.trend("truce", by="outlet", period="month", least_words=0, least_videos=0).to_dicts()
    freq = {(row["outlet"], row["month"]): row for row in corpus.freq("truce", by="outlet,month").to_dicts()}
    assert {(row["outlet"], row["month"]) for row in trend} >= set(freq)
    for row in trend:
        other = freq[row["outlet"], row["month"]]
        assert [row[name] for name in ("hits", "words", "videos", "per_million", "low")] == [
            other[name] for name in ("hits", "words", "videos", "per_million", "low")]


def test_all_periods_so_far(corpus: Corpus) -> None:
    finding = corpus.trend("truce", by="outlet", period="week", cumulative=True, where="outlet=en_BBB")
    rows = finding.to_dicts()
    assert [row["videos"] for row in rows] == [21 * n for n in range(1, 9)]
    widths = [math.log(row["high"] / row["low"]) for row in rows]
    assert widths[-1] < widths[0]
    agrees(corpus, finding)


def test_what_is_no_series(corpus: Corpus) -> None:
    with pytest.raises(QueryError, match="unknown period 'decade'"):
        corpus.trend("truce", period="decade")
    with pytest.raises(QueryError, match="the course of time is given by --period week"):
        corpus.trend("truce", by="outlet,month", period="week")
    assert corpus.trend("truce", period="week", where="date=2023-09 title~c1").rows == ()


def test_a_date_out_of_all_time_is_refused(tmp_path: Path) -> None:
    odd = built(tmp_path, [record("aaaaaaaaaa1", CLIP, date="19700101"), record("aaaaaaaaaa2", CLIP)])
    with pytest.raises(QueryError, match="more than 4,000 days: take a coarser"):
        odd.trend("one", period="day")
    with pytest.raises(QueryError, match="more than 400 weeks"):
        odd.changes("one", period="week")
    assert len(odd.trend("one", period="week").rows) > 2_000


def test_a_change_has_its_place_and_its_lines(corpus: Corpus) -> None:
    finding = corpus.changes("truce", by="outlet", period="week")
    rows = finding.to_dicts()
    assert [(row["outlet"], row["change"]) for row in rows] == [("en_AAA", 1), ("en_BBB", 0), ("en_CCC", 0)]
    assert rows[0]["period"] == "2023-W39"
    assert rows[0]["earliest"] <= "2023-W39" <= rows[0]["latest"]
    assert rows[0]["before"] < rows[0]["after"]
    assert rows[0]["low"] < rows[0]["log_ratio"] < rows[0]["high"]
    assert rows[0]["support"] > 0.9
    assert rows[1]["note"] == "no change found"
    assert rows[2]["note"] == "fewer than 4 periods with words"
    assert finding.evidence[0] is not None
    assert finding.evidence[0].where == "outlet=en_AAA week>=2023-W39"
    after = sum(row["hits"] for row in corpus.trend("truce", by="outlet", period="week").to_dicts()[3:8])
    assert corpus.lines(finding.evidence[0], limit=1).hits == after
    with_event = corpus.changes("truce", by="outlet", period="day", where="outlet=en_AAA").to_dicts()[0]
    assert (with_event["event"] == "") == (with_event["earliest"] > "2023-09-21" or with_event["latest"] < "2023-09-20")


def test_outlets_that_differ_and_a_mix_of_weeks(corpus: Corpus) -> None:
    finding = corpus.contrast("truce", where="outlet!=en_CCC", permutations=999)
    (row,) = finding.to_dicts()
    assert (row["first"], row["second"], row["compared"]) == ("en_AAA", "en_BBB", "pair")
    assert row["p"] == row["p_adjusted"] == 0.001
    assert row["low"] < row["log_ratio"] < row["high"]
    agrees(corpus, finding)
    within = corpus.contrast("truce", where="outlet!=en_CCC", within="week", permutations=999).to_dicts()[0]
    assert within["note"] == ""
    assert within["log_ratio"] == pytest.approx(row["log_ratio"], abs=0.1)
    three = corpus.contrast("truce", "one", permutations=999)
    assert [(row["query"], row["first"], row["second"]) for row in three.to_dicts()[:7]] == [
        ("truce", "all", "all"), ("truce", "en_AAA", "en_BBB"), ("truce", "en_AAA", "en_CCC"), ("truce", "en_BBB", "en_CCC"),
        *(("truce", outlet, "the others") for outlet in ("en_AAA", "en_BBB", "en_CCC"))]
    agrees(corpus, three)
    weeks = corpus.contrast("truce", within="week", permutations=999)
    assert "2 videos have no week: they are compared with one another" in weeks.notes


def test_no_hits_have_no_ratio_and_it_is_said(tmp_path: Path) -> None:
    records = [record(f"{outlet[-1]}{n:010}", ("truce " if outlet == "en_AAA" else "") + CLIP, outlet=outlet)
               for outlet in ("en_AAA", "en_BBB") for n in range(12)]
    corpus = built(tmp_path / "s", records)
    nothing = corpus.contrast("absent", permutations=99, replicates=100)
    assert [(row["log_ratio"], row["low"], row["note"]) for row in nothing.to_dicts()] == [(None, None, "no hits on either side")]
    assert nothing.notes[0] == "no hits of ‘absent’ in any group: nothing is compared"
    one = corpus.contrast("truce", permutations=99, replicates=100)
    assert [(row["log_ratio"], row["low"], row["note"]) for row in one.to_dicts()] == [(None, None, "no hits in en_BBB")]
    assert one.to_dicts()[0]["difference"] > 0
    assert one.notes[0].startswith("no hits of ‘truce’ in en_BBB: ")


def test_what_p_and_interval_ask_is_said_where_they_are_at_odds() -> None:
    row = Contrast(0, PAIR, 0, 1, 5, 100, 20, 1.0, log_ratio=1.0, low=-0.5, high=2.5, p_adjusted=0.01)
    (note,) = _at_odds([row, replace(row, low=0.1)], ["truce"], ["en_AAA", "en_BBB"], 0.05)
    assert note.startswith("p_adjusted and the interval say two things of ‘truce’, en_AAA and en_BBB (p_adjusted 0.01, log ratio "
                           "-0.50 to +2.50).")


def test_a_query_that_is_given_twice_is_contrasted_once(corpus: Corpus) -> None:
    twice, once = (corpus.contrast(*queries, permutations=99, replicates=100) for queries in (
        ("truce", "truce", "one"), ("truce", "one")))
    assert twice.rows == once.rows
    assert {row[0] for row in once.rows} == {"truce", "one"}


def test_what_cannot_be_contrasted(corpus: Corpus) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"by": ""}, "by one field"), ({"by": "outlet,week"}, "by one field"), ({"within": "outlet"}, "within one outlet"),
        ({"where": "outlet=en_AAA"}, "no second outlet")]
    for options, why in wrong:
        with pytest.raises(QueryError, match=why):
            corpus.contrast("truce", **options)


def test_too_many_pairs_are_refused(corpus: Corpus) -> None:
    with pytest.raises(QueryError, match="of no more than 50 groups"):
        corpus.contrast("truce", by="video")


def test_leads_are_refused_without_zones(corpus: Corpus) -> None:
    lacking = r"en_AAA: 168 of 168; en_BBB: 168 of 168; en_CCC: 3 of 3"
    for ask in (corpus.leads, corpus.firsts):
        with pytest.raises(QueryError, match=lacking):
            ask("truce")


@pytest.fixture(scope="module")
def zoned(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """B says tomorrow what A says today; one video of C has no zone."""
    random, records = np.random.default_rng(2), []
    interest = random.gamma(0.5, 4, 47)
    for day in range(45):
        for n in range(6):
            when = f"2023-{9 + day // 30:02}-{day % 30 + 1:02}T{n + 6:02}:00:00"
            records.append(record(f"a{day:03}{n:02}_____", said(int(random.poisson(interest[day + 1]))), date=f"{when}+02:00"))
            records.append(record(f"b{day:03}{n:02}_____", said(int(random.poisson(interest[day]))), outlet="en_BBB", date=f"{when}-05:00"))
    records.append(record("c__________", said(0), outlet="en_CCC", date="2023-09-01T05:00:00"))
    records.append(record("d__________", said(1), outlet="en_DDD", date="2023-09-01T00:30:00+02:00", title="Early"))
    return built(tmp_path_factory.mktemp("zoned"), records)


def test_who_follows(zoned: Corpus) -> None:
    with pytest.raises(QueryError, match=r"\(en_CCC: 1 of 1\)"):
        zoned.leads("truce")
    finding = zoned.leads("truce", where="outlet=en_AAA|en_BBB", lags=3, least_words=500)
    rows = finding.to_dicts()
    assert [row["lag"] for row in rows] == list(range(-3, 4))
    best = max(rows, key=lambda row: row["correlation"])
    assert (best["first"], best["second"], best["lag"]) == ("en_AAA", "en_BBB", 1)
    assert best["low"] > 0.2
    assert best["best"] > 0.9
    assert best["p"] < 0.01
    assert finding.evidence[0] is not None
    assert zoned.lines(finding.evidence[0], limit=1).hits == zoned.freq("truce", where="outlet=en_AAA|en_BBB").to_dicts()[0]["hits"]


def test_who_is_first(zoned: Corpus) -> None:
    finding = zoned.firsts("truce", where="outlet!=en_CCC")
    rows = finding.to_dicts()
    assert rows[0]["outlet"] == "en_DDD"
    assert (rows[0]["first"], rows[0]["hours_behind"], rows[0]["before"]) == ("2023-08-31T22:30:00+00:00", 0, 0)
    assert (rows[0]["video"], rows[0]["title"]) == ("youtube:d__________", "Early")
    assert [row["outlet"] for row in rows[1:]] == ["en_AAA", "en_BBB"]
    assert rows[1]["hours_behind"] == 5.5 + rows[1]["before"]  # an hour a video, from 04:00 UTC on
    assert finding.evidence[1] is not None
    assert zoned.lines(finding.evidence[1], limit=1).videos == 1
    nowhere = zoned.firsts("truce", "peace", where="outlet!=en_CCC").to_dicts()[3:]
    assert {row["note"] for row in nowhere} == {"no hits"}


def test_what_leads_cannot_do(zoned: Corpus) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"period": "month"}, "unknown period"), ({"correlate": "ranks"}, "cannot be correlated"), ({"lags": 0}, "1 at least"),
        ({"by": "outlet,kind"}, "by one field")]
    for options, why in wrong:
        with pytest.raises(QueryError, match=why):
            zoned.leads("truce", where="outlet!=en_CCC", **options)


@pytest.mark.parametrize("measure", ["trend", "changes", "contrast", "leads", "firsts"])
def test_findings_over_time_are_verified(zoned: Corpus, tmp_path: Path, measure: str) -> None:
    corpus, finding = zoned, getattr(zoned, measure)("truce", by="outlet", where="outlet=en_AAA|en_BBB")
    for name, text in (("x.json", finding.to_json()), ("x.csv", finding.to_csv())):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = verify(corpus.study.folder, tmp_path / name)
        assert (found.holds, found.differs) == (True, ())


def test_both_views_side_by_side(tmp_path: Path) -> None:
    records = [record(f"{'ab'[n % 2]}{n:010}", f"The truce, {'a truce ' * (n % 3)}holds.", outlet=f"en_{'AB'[n % 2]}",
                      date=f"202309{n // 4 + 1:02}") for n in range(80)]
    study = make_study(tmp_path / "s")
    crosscut.import_(study, write_records(tmp_path / "in", records))
    crosscut.build(study, levelled=True)
    found, levelled = (crosscut.open(study.folder, view=view) for view in ("found", "levelled"))
    for measure, columns in (("trend", {"moves"}), ("changes", {"moves", "verdict"}), ("contrast", {"moves", "verdict"})):
        both = both_views(found, levelled, measure, {"queries": ["truce"], "by": ["outlet"]})
        assert columns <= set(both.columns)
        assert both.rows
    assert both.to_dicts()[0]["levelled_hits"] == both.to_dicts()[0]["hits"]


@pytest.mark.parametrize("measure", ["trend", "changes", "contrast", "leads", "firsts"])
def test_every_column_is_explained(zoned: Corpus, measure: str) -> None:
    finding = getattr(zoned, measure)("truce", by="outlet", where="outlet!=en_CCC")
    assert set(finding.columns) - set(finding.explained) <= {"query", "outlet"}
    assert len({row[: finding.labels] for row in finding.rows}) == len(finding.rows)
