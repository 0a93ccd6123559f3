"""JSON3 captions, yt-dlp's info.json and pictures."""

from __future__ import annotations

import pytest

from crosscut.errors import UnreadableFile
from crosscut.read import File, infojson, json3, picture, recognise

from .fixtures import INFO, JSON3, as_json, only


def test_json3_automatic() -> None:
    record = only("Ab-3dEf_7Hi.en.json3", as_json(JSON3))
    assert record.facts == {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en"}
    (track,) = record.tracks
    assert (track.kind, track.transcript.word_timed) == ("automatic", True)
    assert track.transcript.text == "Ferries are late again. Why?"
    assert track.transcript.starts.tolist() == [160, 719, 880, 2_240, 2_960]
    assert track.transcript.ends.tolist() == [719, 880, 2_240, 2_960, 5_680]


def test_json3_uploaded() -> None:
    events = [{"tStartMs": 0, "dDurationMs": 900, "segs": [{"utf8": "Good\n"}, {"utf8": "evening."}]},
              {"tStartMs": 950, "dDurationMs": 50, "segs": [{"utf8": "\n"}, None, {"utf8": 5}]},
              {"tStartMs": 1_000, "dDurationMs": "500", "segs": [{"utf8": "&gt;&gt; Thank\u00a0you."}]}, None, {"segs": 7}]
    (track,) = only("x.json3", as_json({"events": events})).tracks
    assert (track.kind, track.transcript.word_timed) == ("uploaded", False)
    assert track.transcript.text == "Good evening. >> Thank you."
    assert track.transcript.offsets.tolist() == [0, 14]
    assert track.transcript.ends.tolist() == [900, 1_500]


def test_json3_translated() -> None:
    segs = [{"utf8": "El "}, {"utf8": "barco ", "tOffsetMs": 10}, {"utf8": "sale", "tOffsetMs": 20}]
    (track,) = only("x.json3", as_json({"events": [{"tStartMs": 0, "segs": segs}]})).tracks
    assert (track.kind, track.transcript.text) == ("translated", "El barco sale")


def test_json3_that_rolls_up_without_word_times() -> None:
    lines = [{"tStartMs": 40, "dDurationMs": 4_200, "wWinId": 1, "segs": [{"utf8": "El barco sale", "acAsrConf": 0}]},
             {"tStartMs": 2_230, "dDurationMs": 2_010, "wWinId": 1, "aAppend": 1, "segs": [{"utf8": "\n"}]},
             {"tStartMs": 2_240, "dDurationMs": 4_200, "wWinId": 1, "segs": [{"utf8": "de Ellery"}]}]
    (track,) = only("x.json3", as_json({"events": lines})).tracks
    assert (track.kind, track.transcript.word_timed) == ("unknown", False)
    assert track.evidence == "windows that roll up, without word times: a machine's, original or translated"
    assert track.transcript.offsets.tolist() == [0, 14]
    assert track.transcript.ends.tolist() == [2_240, 6_440]


def test_json3_of_a_broadcast_has_letters_for_pieces() -> None:
    segs = [{"utf8": ">> TH"}, {"utf8": "E", "tOffsetMs": 33}, {"utf8": " F", "tOffsetMs": 66}, {"utf8": "ER", "tOffsetMs": 99},
            {"utf8": "RY", "tOffsetMs": 132}]
    (track,) = only("x.json3", as_json({"events": [{"tStartMs": 0, "dDurationMs": 900, "wWinId": 2, "segs": segs}]})).tracks
    assert (track.kind, track.transcript.text, track.transcript.word_timed) == ("live", ">> THE FERRY", False)


def test_json3_without_words() -> None:
    assert only("x.json3", '{"wireMagic": "pb3", "events": []}').reason == "no text"
    with pytest.raises(UnreadableFile, match="no captions"):
        list(json3.read(File("x.json3", b'{"wireMagic": "pb3", "events": 3}')))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_info_json(encoding: str) -> None:
    record = only("x.info.json", as_json(INFO).encode(encoding))
    assert record.facts == {
        "platform": "youtube", "id": "Ab-3dEf_7Hi", "url": "https://www.youtube.com/watch?v=Ab-3dEf_7Hi", "title": ")",
        "channel": "Harbour TV", "description": "All about the ferry", "published": "2024-02-29T18:00:00+00:00",
        "language": "en", "format": "live", "duration_ms": 93_400,
    }
    assert dict(record.extra) == {
        "thumbnail": "https://pictures.example/Ab-3dEf_7Hi.jpg", "live_status": "was_live", "view_count": "12",
        "tags": "ferry, quay"}
    assert (record.tracks, record.reason) == ((), "")


def test_info_json_falls_back() -> None:
    info = INFO | {"timestamp": 10**30, "live_status": None, "duration": None, "media_type": "short", "id": None}
    record = only("x.info.json", as_json(info))
    assert (record.facts["published"], record.facts["format"], record.reason) == ("2024-03-01", "short", "no id")
    assert only("x.info.json", as_json(INFO | {"_type": "playlist"})).reason == "not a video"


@pytest.mark.parametrize("data", [
    '{"extractor": "youtube", "id": ', "{" * 5_000 + '"extractor"', '{"extractor": 1' + "0" * 5_000 + "}",
    '{"extractor": ' + "[" * 90_000])
def test_broken_info_json(data: str) -> None:
    file = File("x.info.json", data.encode())
    assert recognise(file) is infojson
    with pytest.raises(UnreadableFile, match="broken JSON"):
        list(infojson.read(file))


@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0jpeg", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "])
def test_pictures(data: bytes) -> None:
    record = only("data\\en_HBR\\Ferry [Ab-3dEf_7Hi].jpg", data)
    assert record.facts == {"thumbnail": "Ferry [Ab-3dEf_7Hi].jpg", "platform": "youtube", "id": "Ab-3dEf_7Hi"}
    assert only("Ferry sails.jpg", data).facts == {"thumbnail": "Ferry sails.jpg"}


@pytest.mark.parametrize("data", [
    b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!DOCTYPE html><html></html>", b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_picture(data: bytes) -> None:
    assert not picture.recognise(File("x.jpg", data))
    assert recognise(File("x.jpg", data)) is None
