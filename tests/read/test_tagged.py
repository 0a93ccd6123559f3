"""Is tagged text read although it is no XML, and written back byte for byte?"""

from __future__ import annotations

import pytest

from crosscut.read import File, recognise, tagged

from .fixtures import TAGGED, TAGGED_LONG, only, records


def test_facts_and_text() -> None:
    record = only("x.txt", TAGGED)
    assert record.facts == {
        "platform": "youtube", "id": "Ab-3dEf_7Hi", "title": 'Ferry & bridge: "who pays?" asks mayor',
        "outlet": "en_HBR", "language": "en", "published": "2024-02-29",
        "thumbnail": "Ferry & bridge who pays asks mayor.jpg",
    }
    (track,) = record.tracks
    assert (track.kind, track.language, track.transcript.text[:9]) == ("record", "en", "the ferry")
    assert len(track.transcript.offsets) == 0
    assert record.raw.decode() == TAGGED


def test_a_title_with_a_dot_and_values_over_several_lines() -> None:
    record = only("2.txt", TAGGED_LONG)
    assert record.facts["title"] == "2.5 million for the quay"
    assert record.facts["outlet"] == "de_HBR"
    assert "id" not in record.facts
    assert record.facts["description"] == "First line\nWatch: https://ellery.example <live>\n\nlast line"
    assert record.tracks[0].transcript.text == "one line another line >> with marks"
    assert [tag for tag, _ in record.extra] == ["video_id", "video_title", "thumbnail_path", "publish_date", "description"]


@pytest.mark.parametrize("written", [TAGGED, TAGGED_LONG])
def test_written_back_byte_for_byte(written: str) -> None:
    extra, text, _ = tagged.parts(written)
    assert tagged.write(extra, text) == written


@pytest.mark.parametrize("between", ["\n", "\n\n\n", "\r\n"])
def test_several_records_and_their_slices(between: str) -> None:
    whole = between.join([TAGGED, TAGGED_LONG, TAGGED]) + "\n"
    found = records("all.txt", whole)
    assert b"".join(record.raw for record in found).decode() == whole
    assert [record.locator for record in found] == ["record 1", "record 2", "record 3"]
    assert [record.facts.get("id") for record in found] == ["Ab-3dEf_7Hi", None, "Ab-3dEf_7Hi"]
    for record in found:
        again = only("one.txt", record.raw)
        assert (again.facts, again.extra) == (record.facts, record.extra)
        assert again.tracks[0].transcript.text == record.tracks[0].transcript.text


def test_a_record_that_never_closes() -> None:
    open_end = TAGGED.removesuffix("\n</doc>")
    last = only("x.txt", open_end)
    assert "no </doc>" in last.tracks[0].evidence
    assert last.tracks[0].transcript.text.endswith("nobody paid")
    first, second = records("x.txt", open_end + "\n\n" + TAGGED)
    assert first.tracks[0].transcript.text == second.tracks[0].transcript.text
    assert "no </doc>" not in second.tracks[0].evidence


def test_a_tag_that_never_closes_costs_only_its_line() -> None:
    record = only("x.txt", TAGGED.replace("</video_title>", ""))
    assert record.facts["title"] == 'Ferry & bridge: "who pays?" asks mayor'
    assert record.facts["published"] == "2024-02-29"


def test_lines_in_no_tag_are_told() -> None:
    record = only("x.txt", TAGGED.replace("<publish_date>", "stray\n<publish_date>"))
    assert "1 lines of the header are in no tag" in record.tracks[0].evidence


def test_nothing_said() -> None:
    assert only("x.txt", "<video_id>Ab-3dEf_7Hi</video_id>\n\n<doc>\n&nbsp;\n</doc>").reason == "no text"
    junk = records("x.txt", TAGGED + "\nafter the end")
    assert [record.reason for record in junk] == ["", "no text"]


def test_utf_16() -> None:
    first, second = records("x.txt", f"{TAGGED}\n{TAGGED_LONG}".encode("utf-16"))
    assert (first.facts["id"], second.facts["outlet"]) == ("Ab-3dEf_7Hi", "de_HBR")
    assert only("x.txt", first.raw).facts == first.facts


@pytest.mark.parametrize("data", [b"", b"<html>\n<doc>", b"<?xml version='1.0'?>\n<doc>", b"<p>no record</p>", b"words"])
def test_what_is_not_tagged_text(data: bytes) -> None:
    format = recognise(File("x.html", data))
    assert format is None or data.startswith(b"<html>")


def test_many_open_tags_take_no_time() -> None:
    header = "".join(f"<tag{n}>open\n" for n in range(20_000))
    assert only("x.txt", f"{header}\n<doc>\nwords\n</doc>").tracks[0].transcript.text == "words"
