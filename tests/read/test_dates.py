"""Are dates, lengths and names read for certain or not at all?"""

from __future__ import annotations

import pytest

from crosscut.read import names
from crosscut.read.dates import milliseconds, published, second_of


@pytest.mark.parametrize(("text", "read", "precision"), [
    ("20240704", "2024-07-04", "day"),
    ("2024-07-04", "2024-07-04", "day"),
    ("2024_7_4", "2024-07-04", "day"),
    ("2024-07", "2024-07", "month"),
    ("2024-07-04T18:30:00+02:00", "2024-07-04T18:30:00+02:00", "second"),
    ("2024-07-04 18:30:05.25Z", "2024-07-04T18:30:05+00:00", "second"),
    ("2024-07-04T18:30", "2024-07-04T18:30:00", "second"),
    ("2024-07-04T18:30:00+0200", "2024-07-04T18:30:00+02:00", "second"),
    ("2024-07-04T00:00:00.000Z", "2024-07-04", "day"),
    ("2024-07-04T00:00:00+02:00", "2024-07-04T00:00:00+02:00", "second"),
    ("February 04, 2025", "2025-02-04", "day"),
    ("Tuesday, Feb. 4, 2025", "2025-02-04", "day"),
    ("4 February 2025", "2025-02-04", "day"),
    ("4. März 2025", "2025-03-04", "day"),
    ("1er août 2022", "2022-08-01", "day"),
    ("01 de diciembre de 2018", "2018-12-01", "day"),
    *[(text, "", "unknown") for text in (
        "", "04/02/2025", "4.2.2025", "20241304", "2024-02-30", "2024-13", "2024-07-04T25:00:00Z", "Smarch 4, 2025",
        "2024", "yesterday", "9" * 500, "2024-07T18:30")],
])
def test_published(text: str, read: str, precision: str) -> None:
    found = published(text)
    assert (found.text, found.precision) == (read, precision)


@pytest.mark.parametrize(("value", "unit", "read"), [
    ("449s", "s", 449_000), ("449", "s", 449_000), ("449", "ms", 449), (449, "s", 449_000), (1.5, "s", 1_500),
    ("12:34", "s", 754_000), ("1:02:03", "s", 3_723_000), ("00:03.820", "s", 3_820), ("PT1H2M", "s", 3_720_000),
    ("P1DT1.5S", "s", 86_401_500), ("47.760000000000005", "s", 47_760), ("250 ms", "s", 250),
    ("", "s", None), ("PT", "s", None), ("soon", "s", None), (None, "s", None), (True, "s", None), ([1], "s", None),
    (float("nan"), "s", None), (float("inf"), "s", None), (10**4_000, "s", None), ("9" * 400, "s", None),
])
def test_milliseconds(value: object, unit: str, read: int | None) -> None:
    assert milliseconds(value, unit) == read


def test_seconds_since_1970() -> None:
    assert second_of(1_709_229_600) == "2024-02-29T18:00:00+00:00"
    assert [second_of(odd) for odd in (None, True, "5", 10**30, float("nan"), float("-inf"))] == [""] * 6


@pytest.mark.parametrize(("name", "identity"), [
    ("Title. With dots [Ab-3dEf_7Hi].en.vtt", "Ab-3dEf_7Hi"),
    ("C:\\videos\\Ab-3dEf_7Hi.zh-Hans.vtt", "Ab-3dEf_7Hi"),
    ("Ab-3dEf_7Hi.ab-en-uYU-mmqFLq8.vtt", "Ab-3dEf_7Hi"),
    ("Ab-3dEf_7Hi.info.json", "Ab-3dEf_7Hi"),
    ("Ab-3dEf_7Hi", "Ab-3dEf_7Hi"),
    ("information.en.vtt", ""), ("INFORMATION.vtt", ""), ("Information.vtt", ""), ("inforMation.vtt", "inforMation"),
    ("Title [short].en.vtt", ""), ("ferry.vtt", ""), ("", ""), ("one_caption.srt", ""), ("Port-Ellery.vtt", ""),
    # Behind a date: an id may begin with the mark that parts them; a title of eleven letters is none.
    ("01.02.2021-Ab-3dEf_7Hi.webm.srt", "Ab-3dEf_7Hi"), ("01.02.2021--b-3dEf_7Hi.webm.srt", "-b-3dEf_7Hi"),
    ("2021-02-01 - Ab-3dEf_7Hi.en.srt", "Ab-3dEf_7Hi"), ("20210201_Ab-3dEf_7Hi.mp4.srt", "Ab-3dEf_7Hi"),
    ("2021-02-01-port-ellery.srt", ""), ("2021-02-01-Port-Ellery.srt", ""), ("2021-02-01-Ellery_2021.srt", ""),
    ("2021-02-01-Ab-3dEf_7Hi-more.srt", ""), ("Ferry-Ab-3dEf_7Hi.srt", ""),
])
def test_ids_in_names(name: str, identity: str) -> None:
    assert names.video_id(name) == identity


@pytest.mark.parametrize(("name", "read"), [
    ("20240704 - Ferry sails.en.vtt", ("2024-07-04", "Ferry sails")),
    ("2024-07-04_ferry.vtt", ("2024-07-04", "ferry")),
    ("2024-07-04.vtt", ("2024-07-04", "")),
    ("05.03.2020_Hafenschau, 20:00 Uhr.xml", ("2020-03-05", "Hafenschau, 20:00 Uhr")),
    ("03/05.13.2020_Hafenschau.xml", ("", "")), ("5.3.2020 Hafenschau.xml", ("", "")),
    ("01.02.2021--b-3dEf_7Hi.webm.srt", ("2021-02-01", "")), ("2021-02-01-port-ellery.srt", ("2021-02-01", "port-ellery")),
    ("20240704 Ferry sails [Ab-3dEf_7Hi].en.vtt", ("2024-07-04", "Ferry sails")),
    ("2024-13-04 ferry.vtt", ("", "")), ("202407041 ferry.vtt", ("", "")), ("ferry 2024-07-04.vtt", ("", "")),
])
def test_dates_and_titles_in_names(name: str, read: tuple[str, str]) -> None:
    assert names.dated_title(name, "en") == read


@pytest.mark.parametrize("ending", [".cc5.srt", ".srt", ".html", "_meta.xml", ".en.vtt", ""])
def test_names_of_the_internet_archive(ending: str) -> None:
    identity = "HBRW_20150101_000000_Harbour_Newsroom"
    assert names.name_facts(f"captions/{identity}{ending}", "en") == {
        "platform": "archive.org", "id": identity, "url": f"https://archive.org/details/{identity}", "channel": "HBRW",
        "programme": "Harbour Newsroom", "published": "2015-01-01T00:00:00+00:00", "language": "en"}


@pytest.mark.parametrize("name", ["HBRW_20150101_250000_News.srt", "HBRW_20150101_000000.srt", "hbrw_20150101_000000_News.srt", "HBRW.srt"])
def test_other_names(name: str) -> None:
    assert names.archive_name(name) == {}
