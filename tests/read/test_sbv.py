"""Is SBV read, and is no word lost where a line of times is broken or missing?"""

from __future__ import annotations

import pytest

from crosscut.read import File, sbv

from .fixtures import SBV, only


def test_captions_that_people_typed() -> None:
    record = only("Ab-3dEf_7Hi.en.sbv", SBV)
    assert record.facts == {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en"}
    (track,) = record.tracks
    assert (track.kind, track.language, track.evidence) == ("uploaded", "en", "cues without word times or repeated lines")
    assert track.transcript.text == ">> MAYOR: The council of Port Ellery met today. It was late."
    assert track.transcript.starts.tolist() == [599, 4_160]
    assert track.transcript.ends.tolist() == [4_160, 6_770]


@pytest.mark.parametrize(("text", "said", "starts", "odd"), [
    ("0:00:01.000,0:00:02.000\none\n\n0:00:0x.000,0:00:03.000\ntwo\n", "one two", [1_000, 2_000], "1 cues have unreadable times"),
    ("0:00:01.000,0:00:02.000\none\n\ntwo\n", "one two", [1_000], "1 stretches after an empty line: said with the cue above"),
    ("0:00:01.000,0:00:02.000\n\n0:00:03.000,0:00:04.000\ntwo\n", "two", [3_000], ""),
    ("0:00:01.000,0:00:02.000\n5\n0:00:03.000,0:00:02.000\n12:30, and\n", "5 12:30, and", [1_000, 3_000], ""),
    ("by the council\n\n10:00:01.5,10:00:02.0\none", "one", [36_001_500], "1 lines above the first times left out"),
])
def test_no_word_is_lost(text: str, said: str, starts: list[int], odd: str) -> None:
    (track,) = only("x.sbv", text).tracks
    assert (track.transcript.text, track.transcript.starts.tolist()) == (said, starts)
    assert track.evidence.partition("; ")[2] == odd


def test_nothing_said() -> None:
    assert only("x.sbv", "0:00:01.000,0:00:02.000\n&nbsp;[br]\n").reason == "no text"


@pytest.mark.parametrize("text", ["", "some text", "1:2,3", "0:00:01.000 0:00:02.000\none", "time,ferry\n0:01:00,0:02:00\n", "0:00:01.000,", "0:00:01.000,0:00:02.000,a table"])
def test_what_is_not_sbv(text: str) -> None:
    assert not sbv.recognise(File("x.sbv", text.encode()))
