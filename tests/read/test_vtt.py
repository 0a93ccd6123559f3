"""Is each kind of WebVTT told by its form, and is nothing lost in a broken file?"""

from __future__ import annotations

import pytest

from crosscut.errors import UnreadableFile
from crosscut.read import File, recognise

from .fixtures import LIVE, UPLOADED, only

AUTOMATIC = """WEBVTT
Kind: captions
Language: en

00:00:00.040 --> 00:00:01.790 align:start position:0%
\u0020
the<00:00:00.280><c> ferry</c><00:00:00.520><c> at</c><00:00:00.760><c> Port</c>

00:00:01.790 --> 00:00:01.800 align:start position:0%
the ferry at Port
\u0020

00:00:01.800 --> 00:00:04.269 align:start position:0%
the ferry at Port
Ellery

00:00:04.269 --> 00:00:04.279 align:start position:0%
\u0020
\u0020

00:00:09.000 --> 00:00:12.000 align:start position:0%
\u0020
[Music]
"""

TRANSLATED = """WEBVTT
Kind: captions
Language: es

00:00:01.000 --> 00:00:04.000 align:start position:0%
\u0020
El <00:00:01.500><c>barco </c><00:00:02.000><c>de </c><00:00:02.500><c>Ellery</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
El barco de Ellery
\u0020

00:00:04.010 --> 00:00:06.000 align:start position:0%
El barco de Ellery
sale  <00:00:05.000><c>hoy.</c>
"""


def test_automatic() -> None:
    record = only("Ferry [Ab-3dEf_7Hi].en.vtt", AUTOMATIC)
    assert record.facts == {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en"}
    (track,) = record.tracks
    heard = track.transcript
    assert (track.kind, track.language, heard.word_timed) == ("automatic", "en", True)
    assert heard.text == "the ferry at Port Ellery [Music]"
    assert heard.offsets.tolist() == [0, 4, 10, 13, 18, 25]
    assert heard.starts.tolist() == [40, 280, 520, 760, 1_800, 9_000]
    assert heard.ends.tolist() == [280, 520, 760, 1_790, 4_269, 12_000]
    assert track.evidence == "word times in a roll-up frame; 2 of 4 screens repeat a line"
    assert record.raw == AUTOMATIC.encode()


def test_translated() -> None:
    (track,) = only("x.es.vtt", TRANSLATED).tracks
    assert (track.kind, track.language) == ("translated", "es")
    assert track.transcript.text == "El barco de Ellery sale hoy."
    assert track.transcript.starts.tolist() == [1_000, 1_500, 2_000, 2_500, 4_010, 5_000]


def test_roll_up_without_word_times() -> None:
    bare = AUTOMATIC.replace("position:0%", "position:100%")
    for tag in ("<00:00:00.280>", "<00:00:00.520>", "<00:00:00.760>", "<c>", "</c>"):
        bare = bare.replace(tag, "")
    (track,) = only("x.ar.vtt", bare.replace("[Music]", "again\n\n00:00:12.000 --> 00:00:12.010\nagain\n ")).tracks
    assert (track.kind, track.transcript.word_timed) == ("unknown", False)
    assert track.transcript.text == "the ferry at Port Ellery again"


def test_live() -> None:
    (track,) = only("x.vtt", LIVE).tracks
    assert track.kind == "live"
    assert track.transcript.text == "E FERRY. >> NEW QUA OPE IC QUESTION, IS"
    assert "3 of 4 cues overlap" in track.evidence


def test_uploaded_keeps_what_is_said_again() -> None:
    (track,) = only("x.vtt", UPLOADED).tracks
    assert track.kind == "uploaded"
    assert track.transcript.text == (
        "the council of Port Ellery met today which was the first time this year the first time this year")
    assert track.transcript.starts.tolist() == [80, 6_120, 14_000]
    assert track.transcript.ends.tolist() == [6_120, 12_120, 15_000]


def test_escaped_markup_of_an_upload_goes_too() -> None:
    (track,) = only("x.vtt", UPLOADED.replace("council", "&lt;i&gt;council&lt;/i&gt;")).tracks
    assert track.transcript.text.startswith("the council of Port")


def test_names_comments_styles_and_regions_are_no_speech() -> None:
    text = ("\ufeffWEBVTT - made by hand\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n"
            "NOTE\r\na comment\r\nof two lines\r\n\r\n1\r\n00:01.000 --> 00:02.000 line:90%\r\n<v Ann Rook>Good <b>day</b>.\r\n\r\n"
            "NOTE the end -- nearly\r\n\r\n"
            "second cue\r\n00:03.000 --> 00:04.000\r\n\r\nthird cue\r\n00:00:05.000 --> 00:00:06.000\r\nBye.")
    (track,) = only("x.vtt", text).tracks
    assert track.transcript.text == "Good day. Bye."
    assert track.transcript.starts.tolist() == [1_000, 5_000]
    assert "left out" not in track.evidence


def test_broken_times_keep_their_words() -> None:
    text = ("WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:0x.000\ntwo\n\nlost\n\n"
            "00:01.500 --> 00:04.000\nthree\n")
    (track,) = only("x.vtt", text).tracks
    assert track.transcript.text == "one two three"
    assert track.transcript.starts.tolist() == [1_000, 2_000, 2_000]
    assert "1 cues have unreadable times" in track.evidence
    assert "1 lines outside any cue left out" in track.evidence
    assert "1 times went back and were held" in track.evidence


@pytest.mark.parametrize("text", ["WEBVTT", "WEBVTT\n\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n&nbsp;\n"])
def test_nothing_said(text: str) -> None:
    assert only("x.vtt", text).reason == "no text"


def test_what_the_name_and_the_header_say() -> None:
    assert only("Ab-3dEf_7Hi.en-orig.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n").facts == {
        "platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en-orig"}
    name = "2016-05-02.un-pont-a-ellery-2016.fr.tok3nOfThirtyTwoCharacters_-abcd.vtt"
    text = UPLOADED.replace("Language: en", "Language: fr\nVideo: Ab-3dEf_7Hi")
    assert only(name, text).facts == {
        "platform": "youtube", "id": "Ab-3dEf_7Hi", "published": "2016-05-02", "title": "un-pont-a-ellery-2016",
        "language": "fr"}


def test_not_utf_8() -> None:
    file = File("x.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\ncaf\xe9\n")
    format = recognise(file)
    assert format is not None
    with pytest.raises(UnreadableFile, match="unknown encoding: byte 35"):
        list(format.read(file))


def test_utf_16() -> None:
    assert only("x.vtt", UPLOADED.encode("utf-16")).tracks[0].transcript.text.startswith("the council of Port Ellery met")
