"""Is LRC read: lines, lines said more than once, words with times of their own?"""

from __future__ import annotations

import pytest

from crosscut.read import File, lrc

from .fixtures import LRC, WORD_LRC, only


def test_lines() -> None:
    record = only("Ab-3dEf_7Hi.en.lrc", LRC)
    assert record.facts == {
        "platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en", "title": "The ferry song", "duration_ms": 100_000}
    assert record.extra == (("ar", "Harbour TV"), ("offset", "+500"))
    (track,) = record.tracks
    assert (track.kind, track.transcript.word_timed) == ("uploaded", False)
    assert track.transcript.text == "The ferry sails Back to Ellery Back to Ellery"
    assert track.transcript.starts.tolist() == [11_500, 14_800, 70_000]
    assert track.transcript.ends.tolist() == [14_800, 19_500, 99_500]


def test_words() -> None:
    (track,) = only("x.lrc", WORD_LRC).tracks
    assert (track.kind, track.transcript.word_timed) == ("asr", True)
    assert track.transcript.text == "The ferry sails again"
    assert track.transcript.starts.tolist() == [12_000, 12_500, 13_100, 14_000]
    assert track.transcript.ends.tolist() == [12_500, 13_100, 13_900, 14_700]
    assert track.evidence == "each word has a time of its own: speech recognition"


def test_few_words_with_times_make_no_word_times() -> None:
    (track,) = only("x.lrc", "[00:01.00]The ferry <00:01.50>sails\n[00:03.00]Nobody paid for it").tracks
    assert (track.kind, track.transcript.word_timed) == ("uploaded", False)
    assert track.transcript.text == "The ferry sails Nobody paid for it"
    assert track.transcript.starts.tolist() == [1_000, 3_000]


@pytest.mark.parametrize(("stamp", "start"), [
    ("[00:01.50]", 1_500), ("[00:01:50]", 1_500), ("[00:01.500]", 1_500), ("[100:01.5]", 6_001_500), ("[1:02:03.04]", 3_723_040)])
def test_times(stamp: str, start: int) -> None:
    (track,) = only("x.lrc", f"[00:00.50]before\n{stamp} after").tracks
    assert track.transcript.starts.tolist() == [500, start]


def test_no_word_is_lost() -> None:
    text = "[ti:Ferry]\n[la:fr]\na note\n[00:05.00]b\nc\n[Music:loud]\n[00:01.00]a\n" + "[00:09.00]" * 30 + "d\n[by:me]\n"
    record = only("x.lrc", text.replace("[la:fr]\na note\n", "[la:fr]\n"))
    (track,) = record.tracks
    assert track.transcript.text == "a b c [Music:loud] d"
    assert (record.facts["language"], track.language, record.extra) == ("fr", "fr", (("by", "me"),))
    assert track.evidence.split("; ")[1:] == [
        "2 lines without a time: said with the one above", "1 lines with more than 20 times, or long ones, said once"]
    assert "1 lines above the first time left out" in next(lrc.read(File("x.lrc", text.encode()))).tracks[0].evidence


def test_what_is_no_language_code_stays_a_tag() -> None:
    record = only("x.de.lrc", "[la:the language of Ellery]\n[00:01.00]a\n")
    assert (record.facts["language"], record.extra) == ("de", (("la", "the language of Ellery"),))


def test_nothing_said() -> None:
    assert only("x.lrc", "[00:01.00]\n[00:02.00] \n").reason == "no text"


@pytest.mark.parametrize("text", [
    "", "[ti:Ferry]", "[00:12] a transcript of any form", "[ferry]\nport = 5", "[[1, 2]]", "text\n[00:01.00]x", "[00:61.00]x"])
def test_what_is_not_lrc(text: str) -> None:
    assert not lrc.recognise(File("x.lrc", text.encode()))
