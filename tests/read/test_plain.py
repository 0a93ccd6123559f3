"""Is prose taken for a transcript, and everything else that is called .txt not?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import UnreadableFile
from crosscut.read import File, Mapping, mapped, plain, recognise

from .fixtures import TAGGED, UPLOADED, only

PROSE = "MAYOR WEIR: The ferry sails again on Monday.\n\n(APPLAUSE)\n\nNobody paid &amp; nobody asked.\n"


def test_prose() -> None:
    record = only("talks/Ferry sails again.txt", PROSE)
    assert record.facts == {"title": "Ferry sails again"}
    (one,) = record.tracks
    assert (one.kind, one.evidence) == ("unknown", "plain text: nothing says whose words these are")
    assert one.transcript.text == "MAYOR WEIR: The ferry sails again on Monday. (APPLAUSE) Nobody paid & nobody asked."
    assert len(one.transcript.offsets) == 0


@pytest.mark.parametrize(("name", "facts"), [
    ("a/2015-06-16 11.00.00 (Complete) Speech, Quay.txt", {"published": "2015-06-16", "title": "(Complete) Speech, Quay"}),
    ("a/2015-06-16 11.05 apples.txt", {"published": "2015-06-16", "title": "11.05 apples"}),
    ("20240430.txt", {"published": "2024-04-30"}),
    ("Ferry [Ab-3dEf_7Hi].en.txt", {"platform": "youtube", "id": "Ab-3dEf_7Hi", "language": "en"}),
    ("ferry-talk\\transcript.txt", {"title": "ferry-talk"}), ("captions2.TXT", {"title": "captions2"}),
    ("HTV_20150101_053000_Harbour_News.cc5.txt", {
        "platform": "archive.org", "id": "HTV_20150101_053000_Harbour_News", "channel": "HTV", "programme": "Harbour News",
        "published": "2015-01-01T05:30:00+00:00", "url": "https://archive.org/details/HTV_20150101_053000_Harbour_News"}),
])
def test_facts_are_in_the_name(name: str, facts: dict[str, str]) -> None:
    assert only(name, PROSE).facts == facts


@pytest.mark.parametrize("name", ["x.md", "x", "x.log", "txt", "x.txt.bak", "x.html", "x.csv"])
def test_only_what_is_called_text(name: str) -> None:
    assert recognise(File(name, PROSE.encode())) is None


@pytest.mark.parametrize("data", [
    b"", b"<!DOCTYPE html><p>sign in", b"<?xml version='1.0'?><a/>", b'{"a": 1}', b'[{"a": 1}]', b'["a"]', b"WEBVTT?",
    bytes(range(256)), b"words\0words"])
def test_other_forms_keep_their_own_reasons(data: bytes) -> None:
    assert recognise(File("x.txt", data)) is None


def test_known_formats_come_first_and_mappings_too() -> None:
    assert recognise(File("x.txt", TAGGED.encode())) is not plain
    assert recognise(File("x.txt", UPLOADED.encode())) is not plain
    notes = Mapping.parse("notes", {"form": "markdown", "pattern": {"title": "^MAYOR (?P<title>[A-Z]+):"}})
    assert recognise(File("x.txt", PROSE.encode(), (notes,))) is mapped


@pytest.mark.parametrize("name", ["README.txt", "a/readme_en.txt", "LICENSE.txt", "Licence-MIT.txt", "COPYING.txt", "ChangeLog.txt",
                                  "requirements.txt", "robots.txt", "code_of_conduct.txt", "corpus-readme.txt", "READ ME.txt", "notes.txt", "my_notes.txt", "Release Notes.txt"])
def test_what_speaks_of_the_files_is_no_transcript(name: str) -> None:
    with pytest.raises(UnreadableFile, match=re.escape("readme, licence or notes, not a transcript")):
        only(name, PROSE)


@pytest.mark.parametrize("name", ["News of the day.txt", "License to sail.txt", "Security council meets.txt", "History of the quay.txt",
                                  "The mayor changes course.txt", "Credits for ferries.txt", "todo list of a mayor.txt", "Notes from the quay.txt", "Climate changes.txt"])
def test_titles_that_begin_alike_are_none_of_these(name: str) -> None:
    assert only(name, PROSE).tracks


@pytest.mark.parametrize("lines", [
    "youtube Ab-3dEf_7Hi\nyoutube Zb-3dEf_7Hi\n", "https://ellery.example/1\nhttps://ellery.example/2 x\nhttps://ellery.example/3\n",
    "en_HBR/ferry one.vtt\nen_HBR/ferry two.vtt\n", "Ab-3dEf_7Hi\nZb-3dEf_7Hi\n", "numpy==2.0\nclick>=8\n"])
def test_lists_are_no_transcripts(lines: str) -> None:
    with pytest.raises(UnreadableFile, match="list of files, links or ids"):
        only("index.txt", lines)


def test_tables_need_a_mapping() -> None:
    with pytest.raises(UnreadableFile, match="table: write a mapping"):
        only("x.txt", "name\tsaid\nAnn\tThe ferry sails\nBo\tNo\n")


@pytest.mark.parametrize("text", [
    "0:00\nthe ferry sails\n0:04\nagain\n1:00:05\nsaid Ann\n", "[0:00] the ferry sails\n[0:04] again\n[1:00:05] said\nAnn\n",
    "0:00 - the ferry sails\n\n0:04: again\n1:00:05 said Ann\n", "(00:00) the ferry\nsails\n(00:04) again\n(1:00:05) said Ann\n",
    "[0:00 - 0:03] the ferry sails\n0:04–0:05 again\n1:00:05 - 1:00:07: said Ann"])
def test_clock_readings_are_times(text: str) -> None:
    (one,) = only("x.txt", text).tracks
    assert one.transcript.text == "the ferry sails again said Ann"
    assert one.transcript.starts.tolist() == [0, 4_000, 3_605_000]
    assert one.evidence.endswith("; 3 lines begin with a time")


@pytest.mark.parametrize("text", ["7:30 was late.\nThe ferry sails.\nAgain.\n", "1:00 x\n0:30 y\n0:10 z\n"])
def test_other_clocks_are_words(text: str) -> None:
    (one,) = only("x.txt", text).tracks
    assert one.transcript.text == " ".join(text.split())


def test_text_without_words() -> None:
    assert only("x.txt", " \n \n.").tracks[0].transcript.text == "."  # the importer finds no words in it
    with pytest.raises(UnreadableFile, match="unknown encoding"):
        only("x.txt", "Fähre".encode("cp1252"))


@given(st.lists(st.text("abc äé!", min_size=1, max_size=12).filter(str.strip), min_size=3, max_size=20))
def test_times_before_lines_come_back(lines: list[str]) -> None:
    text = "\n".join(f"{at // 60}:{at % 60:02} {line}" for at, line in enumerate(lines))
    heard = next(plain.read(File("x.txt", text.encode()))).tracks[0].transcript
    assert heard.text == " ".join(" ".join(lines).split())
    assert heard.starts.tolist() == [at * 1_000 for at in range(len(lines))]
