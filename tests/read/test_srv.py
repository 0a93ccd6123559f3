"""Are YouTube's three XML forms read, automatic and uploaded, and do they say what JSON3 says?"""

from __future__ import annotations

import pytest

from crosscut.errors import UnreadableFile
from crosscut.read import File, recognise, srv

from .fixtures import JSON3, SRV1, SRV2, SRV3, as_json, only


@pytest.mark.parametrize("text", [SRV2, SRV3])
def test_automatic_as_in_json3(text: str) -> None:
    record, twin = only("Ab-3dEf_7Hi.en.srv", text), only("Ab-3dEf_7Hi.en.json3", as_json(JSON3))
    assert record.facts == twin.facts == {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en"}
    (track,), (other,) = record.tracks, twin.tracks
    assert (track.kind, track.language, track.transcript.word_timed) == ("automatic", "en", True)
    assert track.evidence.endswith("pieces have word times, the blank before the word")
    assert track.transcript.text == other.transcript.text == "Ferries are late again. Why?"
    for column in ("offsets", "starts", "ends"):
        assert getattr(track.transcript, column).tolist() == getattr(other.transcript, column).tolist()


def test_srv1() -> None:
    (track,) = only("x.en.srv1", SRV1).tracks
    assert (track.kind, track.transcript.word_timed) == ("uploaded", False)
    assert track.transcript.text == "it's late >> who says so the mayor"
    assert track.transcript.starts.tolist() == [160, 5_009]
    assert track.transcript.ends.tolist() == [4_460, 7_009]


def srv3(*paragraphs: str) -> str:
    return f'<timedtext format="3"><body>{"".join(paragraphs)}</body></timedtext>'


def test_automatic_without_word_times() -> None:
    lines = [f'<text start="{at * 2}.1" dur="3.9">line {at} of them</text>' for at in range(12)]
    (track,) = only("x.srv1", f"<transcript>{''.join(lines)}</transcript>").tracks
    assert (track.kind, track.evidence.partition(":")[0]) == ("unknown", "11 of 12 cues stand while the next one comes")
    assert track.transcript.ends.tolist()[:2] == [2_100, 4_100]
    (track,) = only("x.srv3", srv3('<p t="40" d="4200" w="1"><s>El barco sale</s></p><p t="2230" w="1" a="1">\n</p>',
                                   '<p t="2240" d="4200" w="1"><s>de Ellery</s></p>')).tracks
    assert (track.kind, track.transcript.word_timed, track.transcript.text) == ("unknown", False, "El barco sale de Ellery")
    assert track.transcript.ends.tolist() == [2_240, 6_440]


def test_translated() -> None:
    (track,) = only("x.srv3", srv3('<p t="0" d="900" w="1"><s>El </s><s t="300">barco </s><s t="600">sale</s></p>')).tracks
    assert (track.kind, track.transcript.text) == ("translated", "El barco sale")


def test_uploaded() -> None:
    text = srv3('<p t="80" d="6040" wp="1">the council of Port\nEllery <s p="1">met</s><br/>today &amp;gt;&amp;gt; why?</p><p t="6120"/>',
                '<p t="6120" d="bad">was late</p>')
    (track,) = only("x.srv3", text).tracks
    assert (track.kind, track.evidence) == ("uploaded", "cues without word times or repeated lines")
    assert track.transcript.text == "the council of Port Ellery met today >> why? was late"
    assert track.transcript.starts.tolist() == [80, 6_120]
    assert track.transcript.ends.tolist() == [6_120, 6_120]


def test_letters_that_were_sent_two_at_a_time_are_no_words() -> None:
    text = srv3('<p t="2501" d="3671" w="2"><s>&gt;&gt; TH</s><s t="33">E</s><s t="66"> M</s><s t="99">AY</s><s t="132">OR</s></p>')
    (track,) = only("x.srv3", text).tracks
    assert (track.kind, track.transcript.text, track.transcript.word_timed) == ("live", ">> THE MAYOR", False)
    assert track.transcript.starts.tolist() == [2_501]


@pytest.mark.parametrize("text", ["<timedtext/>", srv3(), srv3('<p t="1"> </p>'), '<transcript><text start="1"></text></transcript>'])
def test_nothing_said(text: str) -> None:
    assert only("x.srv3", text).reason == "no text"


def test_broken() -> None:
    file = File("x.srv3", SRV3.replace("</s>", "", 1).encode())
    assert recognise(file) is srv
    with pytest.raises(UnreadableFile, match="broken XML: line 3: mismatched tag"):
        list(srv.read(file))


@pytest.mark.parametrize("text", ["", "<transcript/>", "<transcript><text>words</text></transcript>", "<html><timedtext/></html>",
                                  "<text start='1'>a</text>", "timedtext", "<!DOCTYPE html><timedtext/>"])
def test_what_is_not_youtubes(text: str) -> None:
    assert not srv.recognise(File("x.srv3", text.encode()))
