"""Rates through the whole of it: units, outliers, zeros, and what the intervals speak of."""

from __future__ import annotations

import numpy as np
import pytest

from crosscut.errors import QueryError
from crosscut.workbench.corpus import Corpus
from tests.studies import PLAIN, built, record

CLIP = "one two three four five six seven eight nine "
FEW = ("truce " + CLIP, "truce truce " + CLIP, CLIP, "truce " + CLIP)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Outlet A: 48 clips on twelve days and a stream that says it a hundred times; outlet B: 12 clips that never say it."""
    clips = [record(f"aaaaaaaa{n:03}", (FEW[n % 4] if n < 24 else CLIP), date=f"202309{1 + n // 4:02}") for n in range(48)]
    clips.append(record("stream_____", "truce " * 100 + CLIP * 3, date=""))
    clips += [record(f"bbbbbbbb{n:03}", CLIP, outlet="en_BBB", date="20230901") for n in range(12)]
    settings = PLAIN + '[frame]\nclaim = "clips of September"\n'
    return built(tmp_path_factory.mktemp("freq"), clips, settings)


def test_an_outlier_is_named_with_how_far_it_moves_the_rate(corpus: Corpus) -> None:
    finding = corpus.freq("truce", by="outlet")
    a, b = finding.to_dicts()
    assert (a["hits"], a["words"], a["videos"], a["videos_with_hits"]) == (124, 48 * 9 + 24 + 127, 49, 19)
    assert a["without_outliers"] == pytest.approx(1e6 * 24 / (48 * 9 + 24))
    assert a["low"] < a["per_million"] < a["high"]
    assert finding.notes[0] == ("youtube:stream_____ alone moves ‘truce’ in en_AAA from 52,631.6 to 212,693.0 per million, out of the "
                                "interval of the other videos")
    assert (b["hits"], b["low"], b["without_outliers"]) == (0, 0, None)
    assert b["high"] > 0
    assert b["note"].startswith("exact, no videos with hits")
    assert b["share_of_videos"] == 0
    assert b["share_high"] == pytest.approx(0.2425, abs=1e-4)  # Wilson: 1.96² / (12 + 1.96²)


def test_days_as_units(corpus: Corpus) -> None:
    where = "outlet=en_AAA video!=youtube:stream_____"
    by_video, by_day = (corpus.freq("truce", where=where, unit=unit) for unit in ("video", "day"))
    assert by_day.parameters["unit"] == by_day.parameters["unit of resampling"] == "day"
    one, other = by_video.to_dicts()[0], by_day.to_dicts()[0]
    assert one["per_million"] == other["per_million"]
    assert other["high"] - other["low"] > one["high"] - one["low"]
    assert other["note"].endswith("times as wide as by video")
    assert "resamples by day" in by_day.generalises


def test_videos_without_a_day_are_units_of_their_own_and_said_so(corpus: Corpus) -> None:
    assert "1 videos have no day: each is a unit of its own" in corpus.freq("truce", unit="day").notes
    codes = corpus.units("day")
    assert codes is not None
    assert (codes < 0).sum() == 1
    assert len(set(codes.tolist())) == 13
    assert corpus.units("video") is None


def test_a_programme_is_one_of_its_outlet(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "61 videos have no programme: each is a unit of its own" in corpus.freq("truce", unit="programme").notes
    outlets = corpus.coded(["outlet"])["outlet"]
    news = {"outlet": outlets, "programme": (np.where(np.arange(61) % 3 > 0, 1, 0), ["", "News"])}
    monkeypatch.setattr(Corpus, "coded", lambda self, names: {name: news[name] for name in names})
    codes = corpus.units("programme")
    assert codes is not None
    assert ((codes < 0) == (np.arange(61) % 3 == 0)).all()
    assert len(set(codes[codes >= 0].tolist())) == 2


def test_few_units_have_no_interval_and_the_reason_is_said(corpus: Corpus) -> None:
    (row,) = corpus.freq("truce", where="outlet=en_BBB", unit="day").to_dicts()
    assert (row["low"], row["high"], row["note"]) == (None, None, "fewer than 10 days")


def test_a_unit_that_is_no_field_is_refused(corpus: Corpus) -> None:
    with pytest.raises(QueryError, match="unknown unit 'dya'"):
        corpus.freq("truce", unit="dya")


def test_a_finding_says_what_its_intervals_speak_of(corpus: Corpus) -> None:
    finding = corpus.freq("truce")
    assert finding.generalises.startswith("Intervals: 95%, 1,000 resamples by video: what other videos")
    assert finding.header()["generalises"] == finding.generalises
    assert "clips of September" in finding.explain()
    assert finding.generalises in finding.explain()
