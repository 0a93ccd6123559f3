"""Every writer, read again by something simple that knows nothing of it."""

from __future__ import annotations

import html
import json
import re
from itertools import pairwise

import pytest

from crosscut.sample import writers
from crosscut.sample.rolling import Style
from crosscut.sample.speech import Word, break_lines, without_marks

from .standin import lines, words

CUE = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})(.*)\n((?:.+\n)*)")


def cues(text: str) -> list[tuple[int, int, str, list[str]]]:
    found = []
    for match in CUE.finditer(text):
        numbers = [int(group) for group in match.groups()[:8]]
        start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (numbers[:4], numbers[4:]))
        found.append((start, end, match[9], match[10].splitlines()))
    return found


def bare(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\u00a0", " ")


def spoken(found: list[Word]) -> list[str]:
    return " ".join(word.text for word in found).split()


@pytest.mark.parametrize("style", ["lower", "cased", "colour"])
def test_rolling_vtt(style: Style) -> None:
    text = writers.rolling_vtt(lines(), "en", style)
    found = cues(text)
    assert text.startswith("WEBVTT\nKind: captions\nLanguage: en\n")
    assert text.endswith("\n\n")
    assert ("::cue(c.colorE5E5E5)" in text) == (style == "colour")
    assert len(found) == 2 * len(lines()) - 1
    assert all(start < end for start, end, _, _ in found)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert {end - start for start, end, _, _ in found[1::2]} == {10}
    assert all(settings == " align:start position:0%" and len(body) == 2 for _, _, settings, body in found)
    lower = [bare(body[1]) for _, _, _, body in found[::2]]
    assert " ".join(lower).split() == spoken(words())
    assert {bare(body[1]) for _, _, _, body in found[1::2]} == {" "}


def test_rolling_vtt_word_times() -> None:
    text = writers.rolling_vtt(lines(), "en", "cased")
    tags = re.findall(r"<(\d\d:\d\d:\d\d\.\d{3})><c> [^<]+</c>", text)
    assert len(tags) == len(words()) - len(lines())
    assert "&gt;&gt; Is<" in text
    assert "[&nbsp;__&nbsp;]" in text
    assert "Low &amp; High" in bare(text).replace("&", "&amp;")
    assert "\n[Music]\n\n" in text


def test_colours_are_balanced() -> None:
    for _, _, _, body in cues(writers.rolling_vtt(lines(), "es", "colour")):
        both = "\n".join(body)
        assert both.count("</c>") == both.count("<c>") + both.count("<c.color")


def test_a_silence_clears_the_screen() -> None:
    apart = [[Word("one", 0, 400)], [Word("two", 9000, 9400)]]
    found = cues(writers.rolling_vtt(apart, "en"))
    assert [body for _, _, _, body in found] == [[" ", "one"], [" ", " "], [" ", "two"]]


def test_translated_vtt() -> None:
    text = writers.translated_vtt(lines(), "en")
    assert re.search(r"<c>\w+ </c>", text)
    assert not re.search(r"<c> ", text)
    assert " ".join(bare(body[1]) for _, _, _, body in cues(text)[::2]).split() == spoken(words())
    for _, _, _, body in cues(text)[::2]:
        times = [int(s) * 1000 + int(ms) for s, ms in re.findall(r"<\d\d:\d\d:(\d\d)\.(\d{3})>", body[1])]
        assert len({other - one for one, other in pairwise(times)}) <= 1


def test_live_vtt() -> None:
    text = writers.live_vtt(words(), "en", "standin")
    found = cues(text)
    assert all(settings == " line:0%" for _, _, settings, _ in found)
    assert any(one[1] > other[0] for one, other in pairwise(found[1:]))
    said = bare(" ".join(body[0] for _, _, _, body in found))
    assert said == said.upper()
    assert len(said) < len(" ".join(spoken(words())))
    assert "&gt;&gt;" in text


def test_plain_vtt() -> None:
    found = cues(writers.plain_vtt(words(), "en"))
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert all(len(body) <= 2 and max(map(len, map(bare, body))) <= 38 for _, _, _, body in found)
    assert " ".join(bare(" ".join(body)) for _, _, _, body in found).split() == spoken(words())


def test_json3() -> None:
    events = json.loads(writers.json3(lines()))["events"]
    text = "".join(segment["utf8"] for event in events for segment in event.get("segs", []))
    assert text.replace("\u00a0", " ").split() == spoken(words())
    starts = [event["tStartMs"] + segment.get("tOffsetMs", 0)
              for event in events if not event.get("aAppend") for segment in event.get("segs", [])]
    assert starts == [word.start for word in words()]
    assert all(event["dDurationMs"] > 0 for event in events)
    assert sum(event.get("aAppend", 0) for event in events) == len(lines()) - 1
    assert {"utf8": "[Music]"} in [segment for event in events for segment in event.get("segs", [])]


def test_rolling_json() -> None:
    found = json.loads(writers.rolling_json(lines(), {"videoId": "standin-001"}))
    segments = found["segments"]
    assert list(found) == ["videoId", "segments"]
    assert len(segments) == len(lines())
    assert all(segment["dur"] > 0 for segment in segments)
    new, shown = [segments[0]["text"]], lines()[0]
    for segment, line in zip(segments[1:], lines()[1:], strict=True):
        above = html.escape(" ".join(word.text for word in shown), quote=False).replace("[ __ ]", "[&nbsp;__&nbsp;]")
        new.append(segment["text"].removeprefix(above))
        shown = line
    assert bare(" ".join(new)).split() == spoken(words())


def test_markdown() -> None:
    pieces = break_lines(words(), 60)
    head = {"Length": "20s", "About": "two\nlines"}
    text = writers.markdown(head, "A title", "**X:** [day](u)", "http://v?v=1", pieces)
    assert text.startswith("---\nLength: 20s\nAbout: two\nlines\n---\n\n# A title\n**X:** [day](u)\n*  Good")
    found = re.findall(r"^\*  (.+) \[\[\d\d:\d\d:\d\d\]\(http://v\?v=1&t=(\d+\.\d)s\)\]$", text, re.M)
    assert [float(start) for _, start in found] == sorted(float(start) for _, start in found)
    assert " ".join(said for said, _ in found).split() == [word for word in spoken(words()) if word != ">>"]


def test_tagged() -> None:
    one = ([("video_id", "a"), ("video_title", "B & <C>")], "plain text")
    head = "<video_id>a</video_id>\n<video_title>B & <C></video_title>\n"
    assert writers.tagged([one]) == f"{head}\n<doc>\nplain text\n</doc>"
    assert writers.tagged([one, one]) == f"{writers.tagged([one])}\n{writers.tagged([one])}"


def test_tsv_and_info() -> None:
    assert writers.tsv(("a", "b"), [("1\t2", 'say "x"')]) == 'a\tb\n1 2\tsay "x"\n'
    assert json.loads(writers.info_json({"id": "é"})) == {"id": "é"}


def test_nothing_said_is_written_too() -> None:
    assert cues(writers.rolling_vtt([], "en")) == []
    assert len(cues(writers.live_vtt([], "en"))) == 1
    assert json.loads(writers.json3([]))["events"][0]["dDurationMs"] == 0
    assert json.loads(writers.rolling_json([], {})) == {"segments": []}
    assert without_marks([]) == []
