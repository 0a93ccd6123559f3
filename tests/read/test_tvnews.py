"""Are pages and metadata of the television archive read, and other pages left alone?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import UnreadableFile
from crosscut.read import File, recognise, tvmeta, tvnews

from .fixtures import only

NAME = "HTVNEWS_20130616_070000_The_Quay_Tonight"
HEAD = f"""<!DOCTYPE html>
<html lang="en">
  <head>
    <title>The Quay Tonight : HTVNEWS : June 16, 2013 3:00am-3:05am EDT : Free Streaming : Internet Archive</title>
<meta property="og:title" content="The Quay Tonight : HTVNEWS : June 16, 2013 3:00am-3:05am EDT : Free Streaming : Internet Archive"/>
<meta property="og:description" content="News/Business. Ann Weir &amp; guests."/>
<meta property="video:duration" content="300"/>
<link rel="canonical" href="https://archive.org/details/{NAME}">
  </head>
  <body><a href="https://archive.org/details/tv">all</a>
"""
COLUMN = """<div class="tvcol"><div class="sniptitle"> 3:00 am </div>
  <a title="Share" href="/start/{0}/end/{1}"><img src="x.jpg"/></a> <a href="/start/{0}/end/{1}" onclick="return 1">
  <div class="snippet">
    <div class="snipin  nosel" unselectable="on">
      {2}          </div>
  </div><!--/.snippet--></div>
"""
META = f"""<?xml version="1.0" encoding="UTF-8"?>
<metadata>
  <identifier>{NAME}</identifier>
  <mediatype>movies</mediatype>
  <contributor>HTVNEWS</contributor>
  <title>The Quay Tonight : HTVNEWS : June 16, 2013 3:00am-3:05am EDT</title>
  <runtime>00:05:00</runtime>
  <date>2013-06-16</date>
  <start_time>2013-06-16 07:00:00</start_time>
  <collection>TV-HTVNEWS</collection>
  <collection>tvnews</collection>
  <description>Ann Weir &amp; guests.</description>
  <closed_captioning>yes</closed_captioning>
  <language>eng</language>
  <program>The Quay, Tonight</program>
  <times>1,2,3</times>
</metadata>
"""


def page(*snippets: tuple[int, int, str]) -> str:
    return HEAD + "".join(COLUMN.format(*one) for one in snippets) + "</body></html>"


PAGE = page((0, 60, "the ferry sails. &gt;&gt; why?"), (60, 120, ""), (120, 180, ">> nobody   asked. [ applause ]"), (240, 300, "good night."))
FACTS = {"platform": "archive.org", "id": NAME, "channel": "HTVNEWS", "programme": "The Quay Tonight",
         "published": "2013-06-16T07:00:00+00:00", "url": f"https://archive.org/details/{NAME}", "duration_ms": 300_000,
         "title": "The Quay Tonight : HTVNEWS : June 16, 2013 3:00am-3:05am EDT"}


def test_a_page() -> None:
    record = only("page.html", PAGE)
    assert record.facts == FACTS | {"description": "News/Business. Ann Weir & guests."}
    (one,) = record.tracks
    assert (one.kind, one.language) == ("live", "")
    assert one.evidence == "closed captions of a broadcast, by the minute; captions in 3 of 5 minutes"
    assert one.transcript.text == "the ferry sails. >> why? >> nobody asked. [ applause ] good night."
    assert one.transcript.starts.tolist() == [0, 120_000, 240_000]
    assert one.transcript.ends.tolist() == [60_000, 180_000, 300_000]
    assert not one.transcript.word_timed


def test_the_metadata_join_the_page() -> None:
    record = only("any_meta.xml", META)
    assert record.facts == FACTS | {"programme": "The Quay, Tonight", "description": "Ann Weir & guests.", "language": "en"}
    assert (record.tracks, record.reason) == ((), "")
    assert ("closed_captioning", "yes") in record.extra
    assert [text for name, text in record.extra if name == "collection"] == ["TV-HTVNEWS", "tvnews"]
    assert "times" not in dict(record.extra)


def test_a_page_whose_show_is_only_in_its_name_or_its_link() -> None:
    bare = PAGE.replace(f'<link rel="canonical" href="https://archive.org/details/{NAME}">', "")
    assert only(f"a/{NAME}.html", bare).facts["id"] == NAME
    odd = PAGE.replace(NAME, "harbour-talk")
    assert only("page.html", odd).facts["id"] == "harbour-talk"


def test_pages_without_captions() -> None:
    assert only("x.html", page((0, 60, ""), (60, 120, " "))).reason == "no text"
    with pytest.raises(UnreadableFile, match="no snippet says its time"):
        only("x.html", PAGE.replace('href="/start/', 'href="/start/x'))


@pytest.mark.parametrize("data", [
    "<!DOCTYPE html><html><body>Please sign in to archive.org/details/x</body></html>", HEAD + "</body></html>", PAGE.replace("snipin", "s"),
    PAGE.replace("archive.org", "ellery.example"), "words " + PAGE])
def test_other_pages_are_none(data: str) -> None:
    assert recognise(File("x.html", data.encode())) is not tvnews


@pytest.mark.parametrize("data", ["<metadata><title>x</title></metadata>", "<tt xmlns='x'><identifier>", "<metadata/>", "<html><metadata>"])
def test_other_xml_is_none(data: str) -> None:
    assert recognise(File("x.xml", data.encode())) is not tvmeta


def test_broken_metadata() -> None:
    with pytest.raises(UnreadableFile, match="broken XML"):
        only("x.xml", META.replace("</metadata>", ""))
    assert only("x.xml", "<metadata><identifier/><identifier></identifier></metadata>").reason == "no id"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_never_declared(encoding: str) -> None:
    bomb = "<metadata><identifier>x</identifier></metadata><!DOCTYPE m [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"
    with pytest.raises(UnreadableFile, match="declares entities"):
        only("x.xml", bomb.encode(encoding))


@given(st.lists(st.tuples(st.integers(1, 3), st.text("abc äé'.>", max_size=20)), max_size=12))
def test_words_and_minutes_come_back(said: list[tuple[int, str]]) -> None:
    at, snippets = 0, []
    for minutes, text in said:
        snippets.append((at, at + 60, text.replace(">", "&gt;")))
        at += 60 * minutes
    spoken = [(start, text) for (start, _, _), (_, text) in zip(snippets, said, strict=True) if text.strip()]
    if spoken:
        heard = next(tvnews.read(File("x.html", page(*snippets).encode()))).tracks[0].transcript
        assert heard.text == " ".join(" ".join(text for _, text in spoken).split())
        assert heard.starts.tolist() == [start * 1_000 for start, _ in spoken]
