"""Is SubRip read as people and tools write it, and is no word lost where something is missing?"""

from __future__ import annotations

import pytest

from crosscut.read import File, srt
from tests.clean.rollup import Line, vtt

from .fixtures import BROADCAST, ONE_WORD, SRT, as_subrip, only


def test_captions_that_people_made() -> None:
    record = only("Ferry [Ab-3dEf_7Hi].en.srt", SRT)
    assert record.facts == {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en"}
    (track,) = record.tracks
    assert (track.kind, track.language) == ("uploaded", "en")
    assert track.transcript.text == "Good evening from Port Ellery. The ferry sails again & again."
    assert track.transcript.offsets.tolist() == [0, 31]
    assert track.transcript.starts.tolist() == [1_000, 4_000]
    assert track.transcript.ends.tolist() == [3_500, 6_000]
    assert track.evidence == "cues without word times or repeated lines"
    assert record.raw == SRT.encode()


def test_captions_of_a_broadcast() -> None:
    record = only("captions/HBRW_20150101_000000_Harbour_Newsroom.cc5.srt", BROADCAST)
    assert record.facts == {
        "platform": "archive.org", "id": "HBRW_20150101_000000_Harbour_Newsroom", "channel": "HBRW",
        "programme": "Harbour Newsroom", "published": "2015-01-01T00:00:00+00:00",
        "url": "https://archive.org/details/HBRW_20150101_000000_Harbour_Newsroom"}
    (track,) = record.tracks
    assert (track.kind, track.evidence) == ("live", "capitals, and >> for a new speaker")
    assert track.transcript.text.startswith("THE FERRY IS LATE. >> AND WHO SAYS SO?")


def test_one_word_a_cue() -> None:
    record = only("01.02.2021--bC3dEf_7Hi.webm.srt", ONE_WORD)
    assert record.facts == {"platform": "youtube", "id": "-bC3dEf_7Hi", "published": "2021-02-01"}
    (track,) = record.tracks
    assert (track.kind, track.transcript.word_timed) == ("asr", True)
    assert track.transcript.text == "hier ist der hafen von ellery und die fähre kommt heute"
    assert track.transcript.starts.tolist() == [at * 1_007 for at in range(11)]


@pytest.mark.parametrize("trimmed", [False, True])
def test_roll_up_that_was_converted(trimmed: bool) -> None:
    texts = ("the ferry at Port", "Ellery sails", "again today", "said the mayor")
    lines = [Line(words := tuple(text.split()), tuple(at * 2_000 + word * 100 for word in range(len(words))), at * 2_000 + 1_900, at == 2)
             for at, text in enumerate(texts)]
    (track,) = only("x.srt", as_subrip(vtt(lines), trimmed=trimmed)).tracks
    assert (track.kind, track.transcript.word_timed) == ("unknown", False)
    assert track.transcript.text == " ".join(texts)
    assert track.transcript.starts.tolist() == [0, 2_000, 4_000, 6_000]


def test_whole_lines_with_the_word_in_hand_marked() -> None:
    words = ["The", "ferry", "sails"]
    text = "".join(f"{at}\n00:00:0{at},000 --> 00:00:0{at + 1},000\n"
                   + " ".join(f"<u>{word}</u>" if here == at else word for here, word in enumerate(words)) + "\n\n" for at in range(3))
    assert only("x.srt", text).tracks[0].transcript.text == "The ferry sails"


@pytest.mark.parametrize("line", [
    "00:00:01,500 --> 00:00:02,250", "00:00:01.500 --> 00:00:02.250", "0:00:01,500 --> 0:00:02,250", "00:01,500 --> 00:02,250",
    "00:00:01,5-->00:00:02,25", "00:00:01:500  -->  00:00:02:250", "\t00:00:01,500 --> 00:00:02,250  X1:40 X2:600 Y1:20 Y2:50",
    "00:00:1,500 --> 00:00:2,250 ", "00:00:01,500000 --> 00:00:02,250999"])
def test_times(line: str) -> None:
    (track,) = only("x.srt", f"1\n{line}\nfirst\n").tracks
    assert (track.transcript.starts.tolist(), track.transcript.ends.tolist()) == ([1_500], [2_250])
    assert track.transcript.text == "first"


def text_of(cues: str) -> tuple[str, list[int], str]:
    (track,) = only("x.srt", cues).tracks
    return track.transcript.text, track.transcript.starts.tolist(), track.evidence.partition("; ")[2]


A, B, C = (f"00:00:0{at},000 --> 00:00:0{at},900" for at in (1, 2, 3))


@pytest.mark.parametrize(("cues", "text", "starts", "odd"), [
    # Numbers: missing, wrong, glued to the cue before, or said.
    (f"{A}\none\n\n{B}\ntwo\n", "one two", [1_000, 2_000], "2 of 2 cues have no number"),
    (f"1\n{A}\none\n\n{B}\ntwo\n", "one two", [1_000, 2_000], "1 of 2 cues have no number"),
    (f"0\n{A}\none\n\n0\n{B}\ntwo\n", "one two", [1_000, 2_000], ""),
    (f"7\n{A}\none\n8\n{B}\ntwo\n9\n{C}\nthree", "one two three", [1_000, 2_000, 3_000], ""),
    (f"7\n{A}\n7\n\n8\n{B}\n2017\n\n9\n{C}\n9", "7 2017 9", [1_000, 2_000, 3_000], ""),
    (f"{A}\n5\n{B}\ntwo\n", "5 two", [1_000, 2_000], "2 of 2 cues have no number"),
    (f"1 \n{A}\none\n \n 2\n{B}\ntwo\n", "one two", [1_000, 2_000], ""),
    # Empty lines: none, twice as many, inside a cue, on top of one.
    (f"1\n{A}\none\n2\n{B}\ntwo", "one two", [1_000, 2_000], ""),
    (f"1\n\n{A}\n\none\n\n2\n\n{B}\n\ntwo\n\n", "one two", [1_000, 2_000], ""),
    (f"1\n{A}\none\n\nmore\n\n2\n{B}\ntwo\n", "one more two", [1_000, 2_000], "1 stretches after an empty line: said with the cue above"),
    (f"1\n{A}\n\none\n\n2\n{B}\ntwo\n", "one two", [1_000, 2_000], ""),
    # Times: broken, missing, or an arrow that was said.
    (f"1\n{A}\none\n\n2\n00:00:0x,000 --> {B[:12]}\ntwo\n\n3\n{C}\nthree\n", "one two three", [1_000, 1_900, 3_000], "1 cues have unreadable times"),
    (f"1\n{A}\none\n\n2\ntwo\n\n3\n{C}\nthree\n", "one two three", [1_000, 3_000], "1 cues have no times: said with the one before"),
    (f"1\n{A}\nEllery --> Northwater\n\n2\n{B}\ntwo", "Ellery --> Northwater two", [1_000, 2_000], ""),
    # Cues without text, and text without a cue.
    (f"1\n{A}\n\n\n2\n{B}\ntwo", "two", [2_000], ""),
    (f"1\n{A}\n2\n{B}\ntwo", "two", [2_000], ""),
    (f"by the council\n1\n{A}\none", "one", [1_000], "1 lines above the first times left out"),
    # Line ends, and files set one behind the other.
    (f"1\r\n{A}\r\none\r\ntwo\r\n\r\n2\r\n{B}\r\nthree\r\n", "one two three", [1_000, 2_000], ""),
    (f"\ufeff1\n{A}\none\n\n\ufeff1\n{B}\ntwo\n", "one two", [1_000, 2_000], ""),
    (f"1\n{A}\n{{\\an8}}\\hone\\Ntwo\n", "one two", [1_000], ""),
])
def test_no_word_is_lost(cues: str, text: str, starts: list[int], odd: str) -> None:
    assert text_of(cues) == (text, starts, odd)


def test_nothing_said() -> None:
    assert only("x.srt", f"some text\n{A}").reason == "no text"
    assert only("x.srt", f"1\n{A}\n&nbsp;\n").reason == "no text"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
def test_other_encodings(encoding: str) -> None:
    assert only("x.srt", SRT.encode(encoding)).tracks[0].transcript.text.startswith("Good evening from Port Ellery.")


@pytest.mark.parametrize("text", [
    "", "1", "some text", "1\nsome text", "12:30 lunch --> 14:00 ferry", "WEBVTT\n\n" + A + "\none", "word\n" * 20 + A,
    "{\"a\": \"00:00:01,000 --> 00:00:02,000\"}"])
def test_what_is_not_subrip(text: str) -> None:
    assert not srt.recognise(File("x.srt", text.encode()))
