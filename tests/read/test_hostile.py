"""Does any file, however broken, end in records or in one clear reason, and soon?"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import UnreadableFile
from crosscut.model import FACTS, KINDS, Record
from crosscut.read import File, recognise, xml

from .fixtures import (
    EBU,
    INFO,
    JSON3,
    LRC,
    NOTES,
    ONE_WORD,
    SBV,
    SRT,
    SRV1,
    SRV2,
    SRV3,
    TAGGED,
    TAGGED_LONG,
    TTML,
    UPLOADED,
    WORD_LRC,
    as_json,
)
from .test_mapped import READY, TABLE, VIDEO
from .test_plain import PROSE
from .test_tvnews import META, PAGE
from .test_whisper import FORMS
from .test_wordlist import LIST

FILES = [text.encode() for text in (
    TAGGED, TAGGED_LONG, UPLOADED, NOTES, TABLE, as_json(INFO), as_json(JSON3), as_json(VIDEO),
    as_json({"videos": [{"videoId": "Ab-3dEf_7Hi", "title": "Ferry", "segmentCount": 3}] * 3}),
    SRT, ONE_WORD, SBV, LRC, WORD_LRC, TTML, EBU, SRV1, SRV2, SRV3,
    *map(as_json, FORMS), as_json(LIST), PAGE, META, PROSE, "0:00\nwords\n0:01\nwords\n0:02\nwords\n")]
JUNK = [b"\0", b"\r", b"-->", b"<c>", b"<00:00:01.000>", b"&#0;", b'"', b"\n---\n", b"\xff", b"\\ud800", b"</doc>\n",
        b"00:00:01,000 --> 00:00:02,000", b"0:00:01.000,0:00:02.000\n", b"[00:01.00]", b"<00:01.00>", b"<p begin='1s'>", b"</p>",
        b"<s t='5'>", b" begin='1t'", b"&lt;", b"\n\n7\n"]
STARTS = [b"WEBVTT\n", b"<a>b</a>\n\n<doc>\n", b'{"events":[{"tStartMs":1,"segs":', b'{"extractor":', b"---\nLength: ", b"",
          b"1\n00:00:01,000 --> 00:00:02,000\n", b"0:00:01.000,0:00:02.000\n", b"[00:01.00]", b"<tt><body><p begin='", b"<timedtext>",
          b"<transcript><text start='", b'{"text":"","language":"en","segments":[{"start":0,"text":', b'[["a",0,1],',
          b"<metadata><identifier>"]
ALL = tuple(READY.values())


def read(data: bytes, suffix: str = "vtt") -> list[Record]:
    file = File(f"any [Ab-3dEf_7Hi].en.{suffix}", data, ALL)
    format = recognise(file)
    try:
        return list(format.read(file)) if format else []
    except UnreadableFile as problem:
        return [Record(data, reason=problem.reason)]


def check(record: Record) -> None:
    assert set(record.facts) <= set(FACTS)
    assert all(isinstance(value, int) or value.encode() for value in record.facts.values())
    for track in record.tracks:
        assert track.kind in KINDS
        assert track.evidence
        assert track.transcript.text.encode()
        assert "\0" not in track.transcript.text
        offsets, starts, ends = (column.tolist() for column in (
            track.transcript.offsets, track.transcript.starts, track.transcript.ends))
        assert offsets == sorted(set(offsets))
        assert starts == sorted(starts)
        assert all(0 <= start <= end for start, end in zip(starts, ends, strict=True))


@given(st.sampled_from(FILES), st.data())
def test_damaged_files(whole: bytes, data: st.DataObject) -> None:
    at, length = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 60))
    junk = data.draw(st.binary(max_size=20) | st.sampled_from(JUNK))
    for record in read(whole[:at] + junk + whole[at + length:], data.draw(st.sampled_from(("vtt", "txt")))):
        check(record)


@given(st.sampled_from(STARTS),
       st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_nonsense(start: bytes, rest: bytes) -> None:
    for record in read(start + rest):
        check(record)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("whole", FILES)
def test_other_encodings(whole: bytes, encoding: str) -> None:
    text = whole.decode("utf-8-sig")
    plain, other = read(whole), read(text.encode(encoding))
    assert [record.facts for record in other] == [record.facts for record in plain]
    for record in other:
        if record.locator:
            assert [again.facts for again in read(record.raw)] == [record.facts]


LARGE = 1_000_000
CUE = "00:00:01.000 --> 00:00:02.000\n"
SEGMENTS = '{"text": "", "language": "en", "segments": ['


@pytest.mark.parametrize("text", [
    "WEBVTT\n\n" + CUE + "<" * LARGE, "WEBVTT\n\n" + CUE + "<a" * (LARGE // 2), "WEBVTT\n\n" + CUE + "&a" * (LARGE // 2),
    "WEBVTT\n\n" + CUE + "a\n" * (LARGE // 2), "WEBVTT\n\n" + CUE + "a<00:00:01.000><c> </c>" * (LARGE // 20),
    "WEBVTT\n\n" + (CUE + "a\nb\n\n") * (LARGE // 35), "WEBVTT\n\n" + " " * LARGE + "-->", "WEBVTT\n" + "A: " * (LARGE // 3),
    "WEBVTT\n\n" + CUE + "\n".join("x" * 10 for _ in range(LARGE // 10)) + "\n\n" + "y\n\n" * (LARGE // 3),
    "<a>\n" * (LARGE // 4) + "\n<doc>\n", "<a>b</a>\n\n<doc>\n</doc>\n" * (LARGE // 24),
    "<a>b</a>\n" * (LARGE // 9) + "\n<doc>\nw\n</doc>",
    '{"events": [' + '{"tStartMs": 1, "segs": [{"utf8": " a"}]},' * (LARGE // 45) + "0]}",
    '{"videos": [' + '{"videoId": "a", "segmentCount": 1},' * (LARGE // 40), '{"videos": ' + "[" * LARGE,
    "---\nLength: 5s\n" + "Video Description: x\n" * (LARGE // 20) + "---\n"
    + "*  a [[0:0](?t=1s)]\n" + "more\n" * (LARGE // 10),
    "---\nLength: 5s\n---\n*  " + "[[0:0](?t=" * (LARGE // 10),
    "videoId\tvideo_id\tplaylist\tsegments\n" + '"\t' * (LARGE // 2),
    '{"videoId": "x", "segments": [' + '{"text": "a a a a a a a a a a a a a a a b", "start": 1},' * (LARGE // 60) + "0]}",
    SEGMENTS + '{"text": " a a a a a", "start": 1, "end": 2},' * (LARGE // 40) + "0]}",
    SEGMENTS + '{"start": 1, "text": "' + "b a " * (LARGE // 16) + '", "words": [' + '{"word": "a", "start": 1},' * (LARGE // 50) + "0]}]}",
    SEGMENTS + '{"start": 1, "text": "' + "a" * LARGE + '", "words": [' + '{"word": "z", "start": 1},' * 9_000 + "0]}]}",
    '{"transcription": [{"offsets": {}, "text": "a", "tokens": [' + '{"text": "a", "offsets": {}},' * (LARGE // 30) + "0]}]}",
    '[["a", 0, 1],' + '["a b c", 0, 1],' * (LARGE // 16) + "0]", '[["' + "\\a" * LARGE, '[["a", ' + "1" * LARGE,
    PAGE + '<div class="snipin' * (LARGE // 18), PAGE + "/start/" * (LARGE // 7) + '<div class="snipin', PAGE + "<" * LARGE,
    PAGE + '<meta property="a" content="' * (LARGE // 28), PAGE + "archive.org/details/" * (LARGE // 20), PAGE.replace("300", "3" * LARGE),
    "<metadata><identifier>" + "<a>" * (LARGE // 3), "<metadata><identifier>x</identifier>" + "<a/>" * (LARGE // 4) + "</metadata>",
    "1" * LARGE + " x", "0:00 " * (LARGE // 5), "0:00\n" * (LARGE // 5), "\t" * LARGE, "a\n" * (LARGE // 2), "[" * LARGE, " " * LARGE + "<",
], ids=range(41))
@pytest.mark.parametrize("suffix", ["vtt", "txt"])
def test_large_and_hostile_files_take_no_more_than_seconds(text: str, suffix: str) -> None:
    began = time.perf_counter()
    for record in read(text.encode(), suffix):
        check(record)
    assert time.perf_counter() - began < 10  # a quadratic pass over a million characters would take minutes


BLOCK = "1\n00:00:01,000 --> 00:00:02,000\n"
PAIR = "0:00:01.000,0:00:02.000\n"


def tt(inside: str) -> str:
    return f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>{inside}</div></body></tt>'


def srv(inside: str) -> str:
    return f'<timedtext format="3"><body>{inside}</body></timedtext>'


HOSTILE = {
    "srt lines": BLOCK + "a\n\n" * (LARGE // 3), "srt lost times": BLOCK + "".join(f"\n\n{at}\nx" for at in range(2, LARGE // 8)),
    "srt numbers": BLOCK + "\n2\n" * (LARGE // 4), "srt cues": BLOCK * (LARGE // 32), "srt repeats": (BLOCK + "a\nb\n\n") * (LARGE // 37),
    "srt broken times": BLOCK + "00:0x --> \n" * (LARGE // 11), "srt arrows": BLOCK + "-->" * (LARGE // 3),
    "srt blanks": BLOCK + "1:" + " " * LARGE + "-->", "srt blank lines": BLOCK + " \n" * (LARGE // 2) + "x",
    "srt marks": BLOCK + "{\\" * (LARGE // 2), "srt digits": BLOCK + "9" * LARGE + "\n" + BLOCK, "srt tags": BLOCK + "<a" * (LARGE // 2),
    "srt words": "".join(f"{at}\n{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02},000 --> 99:00:00,000\nw\n\n" for at in range(LARGE // 40)),
    "sbv lines": PAIR + "a\n\n" * (LARGE // 3), "sbv cues": (PAIR + "a\n\n") * (LARGE // 27), "sbv broken times": PAIR + "1:9,1:2\n" * (LARGE // 8),
    "sbv one line": PAIR + "1:" + "a" * LARGE, "sbv breaks": PAIR + "[br]" * (LARGE // 4),
    "lrc times": "[00:01.00]" * (LARGE // 10), "lrc lines": "[00:01.00]a\n" * (LARGE // 12), "lrc untimed": "[00:01.00]" + "\na" * (LARGE // 2),
    "lrc choruses": ("[00:01.00]" * 20 + "a" * 190 + "\n") * (LARGE // 400), "lrc words": "[00:01.00]" + "<00:01.00>a" * (LARGE // 11),
    "lrc tags": "[00:01.00]a\n" + "[a:" * (LARGE // 3), "lrc half a tag": "[ti:" + "a" * LARGE, "lrc blanks": "[00:01.00]" + " " * LARGE,
    "ttml deep": "<tt>" + "<div>" * (LARGE // 5), "ttml cues": tt("<p begin='1s' end='2s'>a</p>" * (LARGE // 28)),
    "ttml spans": tt("<p begin='1s'>" + "<span begin='1s'>a</span> " * (LARGE // 26) + "</p>"),
    "ttml spans with ends": tt("<p>" + "<span begin='1s' end='2s'>a</span> " * (LARGE // 36) + "</p>"),
    "ttml backwards": tt("".join(f"<p begin='{LARGE - at}s'>a</p>" for at in range(LARGE // 25))),
    "ttml languages": tt("".join(f"<div xml:lang='x{at}'><p>a</p></div>" for at in range(LARGE // 35))),
    "ttml line ends": tt("<p begin='1s' end='2s'>" + "<br/>" * (LARGE // 5) + "a</p>"), "ttml time": tt("<p begin='" + "9" * LARGE + "'>a</p>"),
    "ttml frames": tt("<p begin='00:00:01:12' end='77t'>a</p>" * (LARGE // 40)), "ttml text": tt("<p>" + "a&#10;" * (LARGE // 6) + "</p>"),
    "ttml attributes": "<tt " + " ".join(f"a{at}='b'" for at in range(LARGE // 10)) + "/>", "ttml half a tag": "<tt " + "a" * LARGE,
    "ttml comments": "<!--a-->" * (LARGE // 8) + "<tt/>", "ttml metadata": "<tt><head>" + "<a>b</a>" * (LARGE // 8) + "</head></tt>",
    "ttml entities": '<!DOCTYPE tt [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {new} "{("&" + old + ";") * 20}">' for old, new in zip("abcdefghij", "bcdefghijk", strict=True)) + "]>" + tt("<p>&k;</p>"),
    "srv words": srv("<p t='1'>" + "<s t='5'> a</s>" * (LARGE // 16) + "</p>"), "srv events": srv("<p t='1' d='2' w='1'><s t='5'> a</s></p>" * (LARGE // 42)),
    "srv added": "<timedtext>" + "<text t='1' w='1' append='1'> a</text>" * (LARGE // 38) + "</timedtext>", "srv empty": srv("<p/>" * (LARGE // 4)),
    "srv escaped": "<transcript><text start='1'>" + "&amp;amp;" * (LARGE // 9) + "</text></transcript>", "srv deep": "<timedtext>" + "<s>" * (LARGE // 3),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_of_each_format_take_no_more_than_seconds(name: str) -> None:
    test_large_and_hostile_files_take_no_more_than_seconds(HOSTILE[name], "vtt")


def test_more_elements_than_captions_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MOST", 10)
    assert read(srv("<p/>" * 9).encode())[0].reason == "broken XML"
    assert read(srv("<p/>" * 8).encode())[0].reason == "no text"
