"""Is TTML read in the forms that broadcasters, players and YouTube write, with times of every kind?"""

from __future__ import annotations

import pytest

from crosscut.errors import UnreadableFile
from crosscut.read import File, recognise, ttml
from crosscut.read.clock import Clock
from crosscut.read.unknown import why_unknown

from .fixtures import EBU, TTML, only


def test_captions_of_a_player() -> None:
    record = only("2024-05-01 Council [Ab-3dEf_7Hi].en.ttml", TTML)
    assert record.facts == {
        "platform": "youtube", "id": "Ab-3dEf_7Hi", "published": "2024-05-01", "title": "Council", "language": "en"}
    assert record.extra == (("title", "Council of Ellery"),)
    (track,) = record.tracks
    assert (track.kind, track.language, track.evidence) == ("uploaded", "en", "cues without word times or repeated lines")
    assert track.transcript.text == "Good evening from Port Ellery & bay. The ferry sails."
    assert track.transcript.starts.tolist() == [1_000, 4_000]
    assert track.transcript.ends.tolist() == [3_500, 5_500]


def test_captions_of_a_broadcaster() -> None:
    record = only("05.03.2020_Hafenschau, 20:00 Uhr.xml", EBU)
    assert record.facts == {"published": "2020-03-05", "title": "Hafenschau, 20:00 Uhr", "language": "de"}
    (track,) = record.tracks
    assert (track.kind, track.language, track.transcript.text) == ("uploaded", "de", "Die Fähre fährt nach Ellery.")
    assert (track.transcript.starts.tolist(), track.transcript.ends.tolist()) == ([3_000], [6_400])
    assert "times count from 10:00:00, as the EBU has it: taken off" in track.evidence


PROGRAMME = "<ebuttm:documentStartOfProgramme>{}</ebuttm:documentStartOfProgramme></ebuttm:documentMetadata>"


@pytest.mark.parametrize(("text", "start", "odd"), [
    (EBU.replace("10:00:", "20:00:"), 3_000, "times count from 20:00:00, as the EBU has it: taken off"),
    (EBU.replace("10:00:", "00:00:"), 3_000, ""),
    (EBU.replace("10:00:", "10:11:"), 36_663_000, "times begin at 10:11, and were left so"),
    (EBU.replace("urn:ebu:tt:metadata", "urn:x"), 36_003_000, "times begin at 10:00, and were left so"),
    (EBU.replace("</ebuttm:documentMetadata>", PROGRAMME.format("10:00:01:00")), 2_000,
     "times count from 10:00:01:00, where the file says that the programme starts"),
    (EBU.replace("10:00:", "00:00:").replace("</ebuttm:documentMetadata>", PROGRAMME.format("10:00:00:00")), 3_000, ""),
    # 29.97 frames a second, labelled as 30: ten hours of labels are 36 seconds longer than ten hours.
    (EBU.replace('"media"', '"smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"').replace("10:00:03.000", "10:00:03:00"),
     3_003, "times count from 10:00:00, as the EBU has it: taken off"),
])
def test_times_that_do_not_begin_at_zero(text: str, start: int, odd: str) -> None:
    (track,) = only("x.xml", text).tracks
    assert track.transcript.starts.tolist() == [start]
    assert track.evidence.partition("; ")[2] == odd


def body(text: str, root: str = "") -> tuple[str, list[int], list[int]]:
    (track,) = only("x.ttml", f'<tt xmlns="http://www.w3.org/ns/ttml" {root}><body>{text}</body></tt>').tracks
    return track.transcript.text, track.transcript.starts.tolist(), track.transcript.ends.tolist()


@pytest.mark.parametrize(("text", "said", "starts", "ends"), [
    # Times count from the beginning of what is around, and end with it.
    ('<div begin="10s"><p begin="1s" end="3s">a</p><p begin="4s" dur="2s">b</p></div>', "a b", [11_000, 14_000], [13_000, 16_000]),
    ('<div begin="10s" end="15s"><div begin="1s"><p begin="1s" end="9s">a</p><p begin="9s">b</p></div></div>', "a b", [12_000, 15_000], [15_000, 15_000]),
    ('<div><p begin="1s" end="5s" dur="2s">a</p><p begin="2s">b</p><p begin="4s">c</p></div>', "a b c", [1_000, 2_000, 4_000], [3_000, 4_000, 4_000]),
    ('<div timeContainer="seq"><p dur="2s">a</p><p begin="1s" dur="2s">b</p><p end="1s">c</p></div>', "a b c", [0, 3_000, 5_000], [2_000, 5_000, 6_000]),
    # Spans: text, stretches of their own, pieces of a paragraph that are no words.
    ('<div><p begin="1s" end="3s"><span>a</span> <span tts:color="red">b</span>c</p></div>', "a bc", [1_000], [3_000]),
    ('<div><p><span begin="1s" end="2s">a b</span><span begin="2s" dur="1s">c</span></p></div>', "a b c", [1_000, 2_000], [2_000, 3_000]),
    ('<div><p begin="1s" end="3s">a <span begin="1s" end="2s">b</span> c</p></div>', "a b c", [1_000, 2_000, 2_000], [3_000, 3_000, 3_000]),
    ('<div><p begin="1s" end="3s"><span begin="0s">TH</span><span begin="0.1s">E</span></p></div>', "THE", [1_000], [3_000]),
    # Divisions out of order, cues without text, line ends that are meant.
    ('<div><p begin="1s" end="2s">a</p><p begin="5s" end="6s">c</p></div><div><p begin="3s" end="4s">b</p></div>', "a b c", [1_000, 3_000, 5_000], [2_000, 4_000, 6_000]),
    ('<div><p begin="1s" end="2s"/><p begin="2s" end="3s"> <br/> </p><p begin="3s" end="4s">a</p></div>', "a", [3_000], [4_000]),
    ('<div xml:space="preserve"><p begin="1s" end="2s">a\n b</p></div>', "a b", [1_000], [2_000]),
    # Times that cannot be read: at the end of the cue before.
    ('<div begin="1s"><p begin="soon" end="4s">a</p></div>', "a", [1_000], [5_000]),
    ('<div><p begin="1s" end="2s">a</p><p begin="soon" end="4s">b</p><p begin="5s" end="later">c</p></div>', "a b c", [1_000, 2_000, 5_000], [2_000, 4_000, 5_000]),
])
def test_when_what_is_said(text: str, said: str, starts: list[int], ends: list[int]) -> None:
    assert body(text) == (said, starts, ends)


def test_spans_that_begin_one_after_the_other_are_words() -> None:
    text = '<tt><body><p begin="1s" end="3s"><span begin="0s">The</span> <span begin="500ms">ferry</span> <span begin="1s">sails</span></p></body></tt>'
    (track,) = only("x.ttml", text).tracks
    assert (track.kind, track.transcript.word_timed, track.transcript.text) == ("asr", True, "The ferry sails")
    assert track.transcript.starts.tolist() == [1_000, 1_500, 2_000]


def test_each_language_is_a_track() -> None:
    text = ('<tt xml:lang="und"><body><div xml:lang="de"><p begin="1s" end="2s">Die Fähre <span xml:lang="fr">à Ellery</span></p></div>'
            '<div xml:lang="en"><p begin="1s" end="2s">The ferry</p></div></body></tt>')
    record = only("x.ttml", text)
    assert [(track.language, track.transcript.text) for track in record.tracks] == [("de", "Die Fähre à Ellery"), ("en", "The ferry")]
    assert "language" not in record.facts


@pytest.mark.parametrize(("text", "ms"), [
    ("00:00:03.5", 3_500), ("00:00:03,500", 3_500), ("1:02:03", 3_723_000), ("00:00:03:15", 3_500), ("1.5s", 1_500), ("300ms", 300),
    ("10f", 333), ("2m", 120_000), ("1.5h", 5_400_000), ("100t", 100_000), ("7", 7_000), (" 1s ", 1_000), ("00:00:00.0005", 1), ("999999999999999h", 2**31 - 1),
    ("", None), ("1:02", None), ("-1s", None), ("1e3s", None), ("00:00:03:", None), ("9" * 5_000 + "s", None), ("wallclock(12:00)", None),
])
def test_times(text: str, ms: int | None) -> None:
    assert Clock().ms(text) == ms


@pytest.mark.parametrize(("parameters", "text", "ms"), [
    ({"ttp:frameRate": "25"}, "00:00:01:05", 1_200), ({"ttp:frameRate": "25"}, "10f", 400), ({"ttp:frameRate": "25"}, "50t", 2_000),
    ({"frameRate": "24", "x:frameRateMultiplier": "1000 1001"}, "24f", 1_001),
    ({"frameRate": "30", "frameRateMultiplier": "1000:1001"}, "00:00:10:00", 10_000),
    ({"frameRate": "30", "frameRateMultiplier": "1000 1001", "timeBase": "smpte"}, "00:00:10:00", 10_010),
    # Labels 00 and 01 are left out at each minute but the tenth: an hour of labels is an hour, to 3.6 ms.
    ({"frameRate": "30", "frameRateMultiplier": "1000 1001", "timeBase": "smpte", "dropMode": "dropNTSC"}, "01:00:00:00", 3_599_996),
    ({"frameRate": "30", "frameRateMultiplier": "1000 1001", "timeBase": "smpte", "dropMode": "dropPAL"}, "00:20:00:00", 1_199_999),
    ({"frameRate": "25", "subFrameRate": "2"}, "00:00:01:05.1", 1_220), ({"frameRate": "25", "subFrameRate": "2"}, "50t", 1_000),
    ({"tickRate": "10000000"}, "12345678t", 1_235),
    ({"frameRate": "0"}, "00:00:01:15", 1_500), ({"frameRate": "x", "frameRateMultiplier": "1 0", "tickRate": "0"}, "15f", 500),
])
def test_how_a_document_counts(parameters: dict[str, str], text: str, ms: int) -> None:
    assert Clock.of(parameters).ms(text) == ms


@pytest.mark.parametrize("text", ["<tt/>", "<tt><body/></tt>", TTML.partition("<body>")[0] + "</tt>"])
def test_nothing_said(text: str) -> None:
    assert only("x.ttml", text).reason == "no text"


@pytest.mark.parametrize(("text", "problem"), [
    (TTML.replace("</p>", "", 1), "broken XML: line 9: mismatched tag"),
    (TTML[:-9], "broken XML: line 9: "),
    (TTML.replace("&amp;", "&nbsp;"), "broken XML: line 7: undefined entity"),
    (TTML.replace("<tt ", '<!DOCTYPE tt [<!ENTITY a "aaaa">]><tt ').replace("&amp;", "&a;"), "XML with a document type"),
    (TTML.replace("<tt ", '<!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt '), "XML with a document type"),
    ("<tt><body>" + "<div>" * 200, "broken XML: line 1: nested too deeply"),
])
def test_broken_and_dangerous(text: str, problem: str) -> None:
    file = File("x.xml", text.encode())
    assert recognise(file) is ttml
    with pytest.raises(UnreadableFile, match=problem):
        list(ttml.read(file))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_unicode(encoding: str) -> None:
    assert only("x.xml", EBU.encode(encoding)).tracks[0].transcript.text == "Die Fähre fährt nach Ellery."


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252"])
def test_other_encodings_that_the_file_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + EBU
    assert only("x.xml", text.encode(encoding)).tracks[0].transcript.text == "Die Fähre fährt nach Ellery."


def test_encodings_that_no_file_declares() -> None:
    with pytest.raises(UnreadableFile, match="unknown encoding"):
        only("x.xml", EBU.encode("latin-1"))


@pytest.mark.parametrize("text", ["", "tt", "<html><tt/></html>", "<ttml/>", "<!DOCTYPE html>\n<tt/>", "<?xml version='1.0'?>", "<"])
def test_what_is_not_ttml(text: str) -> None:
    assert not ttml.recognise(File("x.ttml", text.encode()))


def test_an_error_page_is_a_web_page_whatever_its_name() -> None:
    page = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<hr><center>x</center>\r\n</body></html>"
    assert recognise(File("01.01.2020_Hafenschau.xml", page)) is None
    assert why_unknown(page) == "web page, not captions"
    assert why_unknown(b"<?xml version='1.0'?><playlist/>") == "XML of no known kind"
    assert why_unknown(b"a note\n" * 30 + b"00:00:01,000 --> 00:00:02,000\nwords") == "captions below other text: take that off first"
