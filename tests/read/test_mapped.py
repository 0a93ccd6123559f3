"""Are files in users' own formats read, cut and recognised as the mapping says?"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from crosscut.errors import UnreadableFile
from crosscut.read import File, Mapping, listed, mapped, recognise

from .fixtures import INFO, JSON3, NOTES, TAGGED, UPLOADED, as_json, only, records

READY = {name: Mapping.parse(name, table) for name, table in
         tomllib.loads((Path(__file__).parent / "mappings.toml").read_text("utf-8"))["mappings"].items()}

VIDEO = {
    "videoId": "Ab-3dEf_7Hi", "title": "Ferry sails", "publishedAt": "2024-04-30", "channel": "Harbour TV",
    "durationSeconds": 63, "views": 7, "live": False, "by": ["Ann", "Bo"], "about": {"inner": 1}, "segments": [
        {"start": 0.5, "dur": 2.0, "text": "the ferry sails"},
        {"start": 2.5, "dur": 2.0, "text": "the ferry sails &gt;&gt; Who says so?"},
        {"start": 4.5, "dur": 2.0, "text": "&gt;&gt; Who says so? The mayor."}],
}


def test_rolling_json() -> None:
    record = only("x.json", as_json(VIDEO), READY["bbc"])
    assert record.facts == {
        "platform": "youtube", "outlet": "en_BBC", "language": "en", "id": "Ab-3dEf_7Hi", "title": "Ferry sails",
        "published": "2024-04-30", "channel": "Harbour TV", "duration_ms": 63_000}
    assert record.extra == (("views", "7"), ("live", "false"), ("by", "Ann Bo"))
    (track,) = record.tracks
    assert (track.kind, track.transcript.text) == ("automatic", "the ferry sails >> Who says so? The mayor.")
    assert track.transcript.starts.tolist() == [500, 2_500, 4_500]
    assert track.evidence == "said by mapping bbc; roll-up repeats taken out of 3 pieces"


def test_a_listing_is_a_sidecar_and_its_slices_stand_alone() -> None:
    videos = [{"videoId": "Ab-3dEf_7Hi", "title": "Ferry", "publishedAt": "2024-04-30", "segmentCount": 3},
              {"videoId": "Zb-3dEf_7Hi", "title": "Quäy", "publishedAt": "soon", "segmentCount": 0}]
    index = {"count": 2, "videos": videos}
    file = File("manifest.json", json.dumps(index, ensure_ascii=False).encode(), (READY["bbc_index"],))
    assert recognise(file) is listed
    first, second = listed.read(file)
    assert (first.facts["id"], first.facts["published"], first.tracks, first.reason) == ("Ab-3dEf_7Hi", "2024-04-30", (), "")
    assert second.facts == {"platform": "youtube", "outlet": "en_BBC", "id": "Zb-3dEf_7Hi", "title": "Quäy"}
    assert (second.locator, json.loads(second.raw)) == ("[1]", videos[1])
    assert only("x.json", second.raw, READY["bbc_index"]).facts == second.facts


@pytest.mark.parametrize("path", ["", "a", "a.b"])
def test_lists_deep_inside(path: str) -> None:
    mapping = Mapping.parse("x", {"form": "json", "records": path, "fields": {"text": "said.0.words"}})
    items = [{"said": [{"words": f"number {n}"}], "more": {"x": [1, "]"]}} for n in range(3)]
    whole: object = items
    for key in reversed(path.split(".") if path else []):
        whole = {"before": [{key: 1}], key: whole, "after": "}"}
    found = records("x.json", as_json(whole), mapping)
    assert [record.tracks[0].transcript.text for record in found] == ["number 0", "number 1", "number 2"]
    assert [only("x.json", record.raw, mapping).tracks[0].transcript.text for record in found] == [
        "number 0", "number 1", "number 2"]


def test_a_list_that_breaks_off() -> None:
    mapping = Mapping.parse("x", {"form": "json", "fields": {"text": "t"}})
    found = records("x.json", '[{"t": "one"}, 5, {"t": null}, {"t": "lost', mapping)
    assert [record.reason for record in found] == ["", "not an object", "no text", "broken JSON"]
    assert found[-1].raw == b'{"t": "lost'


def test_stars_take_all_of_a_list() -> None:
    mapping = Mapping.parse("x", {"form": "json", "fields": {"segments": "parts.*.lines"}, "segment": {"text": "words"}})
    parts = [{"lines": [{"words": ["a", "b"]}, {"words": "c"}]}, {"lines": []}, {}]
    record = only("x.json", as_json({"parts": parts}), mapping)
    assert record.tracks[0].transcript.text == "a b c"
    assert len(record.tracks[0].transcript.offsets) == 0


def test_pieces_without_lengths_last_until_the_next() -> None:
    mapping = Mapping.parse("x", {"form": "json", "unit": "ms", "fields": {"segments": "s"}})
    pieces = [{"start": 10, "text": "a"}, {"start": "0:05", "end": 5_500, "text": "b"}, {"text": "c"}, "d", None,
              {"start": 7_000}]
    heard = only("x.json", as_json({"s": pieces}), mapping).tracks[0].transcript
    assert (heard.text, heard.starts.tolist(), heard.ends.tolist()) == (
        "a b c d", [10, 5_000, 5_000, 5_000], [5_000, 5_500, 5_000, 5_000])


def test_json_lines() -> None:
    lines = ['{"title":"Quai","date":"2024-02-01T00:00:00.000Z","description":"Le quai &amp; le pont","url":"https://e.example/1"}',
             "", "{broken", '["list"]', '{"title":"Vide","date":"","description":null}']
    found = records("news\\TV-1\\2024-02-01.jsonl", "\n".join(lines), READY["fr_reports"])
    assert [(record.locator, record.reason) for record in found] == [
        ("line 1", ""), ("line 3", "broken JSON"), ("line 4", "not an object"), ("line 5", "no text")]
    assert found[0].facts == {"language": "fr", "outlet": "TV-1", "title": "Quai", "published": "2024-02-01",
                              "url": "https://e.example/1"}
    assert (found[0].tracks[0].kind, found[0].tracks[0].transcript.text) == ("summary", "Le quai & le pont")
    assert [record.raw.decode().strip() for record in found] == [line for line in lines if line]


TABLE = ('\ufefflink,words,when\r\nhttps://youtu.be/Ab-3dEf_7Hi,"two\r\nlines, ""quoted""",20240704\r\n'
         ',"",\r\n,,\r\nx,late,1,2\r\n')


def test_tables() -> None:
    mapping = Mapping.parse("t", {"form": "csv", "fields": {"url": "link", "text": "words", "published": "when"}})
    first, second = records("x.csv", TABLE, mapping)
    assert first.facts == {
        "url": "https://youtu.be/Ab-3dEf_7Hi", "platform": "youtube", "id": "Ab-3dEf_7Hi", "published": "2024-07-04"}
    assert first.tracks[0].transcript.text == 'two lines, "quoted"'
    assert (first.locator, second.locator, second.reason) == ("row 1", "row 4", "more cells than the header names")
    again = only("x.csv", first.raw, mapping)
    assert (again.facts, again.tracks[0].transcript.text) == (first.facts, 'two lines, "quoted"')


def test_quotation_marks_in_tab_tables_swallow_nothing() -> None:
    mapping = Mapping.parse("t", {"form": "tsv", "fields": {"text": "words"}})
    found = records("x.tsv", 'n\twords\n1\t"so he said\n2\t"all of ""it"" quoted"\n3\tthe "end"\n', mapping)
    assert [record.tracks[0].transcript.text for record in found] == ['"so he said', 'all of "it" quoted', 'the "end"']


def test_long_cells() -> None:
    mapping = Mapping.parse("t", {"form": "csv", "fields": {"text": "words"}})
    assert len(only("x.csv", "words\n" + "word " * 100_000 + "\n", mapping).tracks[0].transcript.text) == 499_999


def test_markdown() -> None:
    table = tomllib.loads((Path(__file__).parent / "mappings.toml").read_text("utf-8"))["mappings"]["tv_news"]
    table = table | {"header": ["Recorded on", "Keywords"], "fields": {"duration": "Length", "description": "About"}}
    mapping = Mapping.parse("notes", table)
    record = only("20240430_Ab-3dEf_7Hi.md", NOTES, mapping)
    assert record.facts == {
        "language": "en", "title": "Ferry sails again | Harbour TV", "outlet": "Harbour", "programme": "Morning",
        "published": "2024-04-30", "url": "https://www.youtube.com/watch?v=Ab-3dEf_7Hi", "platform": "youtube",
        "id": "Ab-3dEf_7Hi", "duration_ms": 63_000,
        "description": "The ferry sails again.\n\nWatch: https://ellery.example\nLength: not the key, it was there before"}
    assert record.extra == (("Recorded on", "May 01, 2024"), ("Keywords", "['ferry', 'quay']"))
    heard = record.tracks[0].transcript
    assert heard.text == "The ferry [which is red] sails again. At last, says the mayor. >> Thank you."
    assert heard.starts.tolist() == [0, 6_160, 12_800]
    assert heard.ends.tolist() == [6_160, 12_800, 63_000]
    assert only("x.md", NOTES.replace("\n", "\r\n"), mapping).tracks[0].transcript.text == heard.text


def test_markdown_by_its_header_alone() -> None:
    mapping = Mapping.parse("m", {"form": "markdown", "fields": {"title": "Name"}})
    record = only("x.md", "---\nOther: 1\nName: Ferry\nnot known\n---\nwords of\n\nspeech\n", mapping)
    assert (record.facts, record.extra) == ({"title": "Ferry"}, (("Other", "1"),))
    assert record.tracks[0].transcript.text == "words of speech"
    assert recognise(File("x.md", b"---\nOther: 1\n---\nwords", (mapping,))) is None


def test_markdown_by_its_patterns_alone() -> None:
    patterns = {"top": "^# (?P<title>.*)$", "day": "^On (?P<published>.*)$"}
    mapping = Mapping.parse("m", {"form": "markdown", "pattern": patterns})
    record = only("x.md", "# Ferry\nOn 4 July 2024\n\nwords\n", mapping)
    assert (record.facts, record.tracks[0].transcript.text) == ({"title": "Ferry", "published": "2024-07-04"}, "words")
    assert recognise(File("x.md", b"# Ferry\nwords", (mapping,))) is None


def test_markdown_with_clock_times_and_without_times() -> None:
    clock = Mapping.parse("m", {"form": "markdown", "pattern": {"segment": r"^\[(?P<start>[^\]]*)\] (?P<text>.*)$"}})
    heard = only("x.md", "[01:02] one\n[odd] two\n[1:00:00] three\n", clock).tracks[0].transcript
    assert heard.starts.tolist() == [62_000, 62_000, 3_600_000]
    bare = Mapping.parse("m", {"form": "markdown", "pattern": {"segment": "^- (?P<text>.*)$"}})
    heard = only("x.md", "- one\n- two\n", bare).tracks[0].transcript
    assert (heard.text, len(heard.offsets)) == ("one two", 0)


def test_known_formats_are_not_taken_and_mapped_files_are_not_mistaken() -> None:
    greedy = Mapping.parse("all", {"form": "json", "role": "listing", "fields": {"id": "id", "title": "title"}})
    for data in (as_json(INFO), as_json(JSON3), TAGGED, UPLOADED):
        assert recognise(File("x", data.encode(), (greedy,))) not in (mapped, listed, None)
    assert recognise(File("x.json", as_json(VIDEO).encode(), (*READY.values(),))) is mapped
    assert mapped.mapping_of(File("x.json", as_json(VIDEO).encode(), (*READY.values(),))) is READY["bbc"]


@pytest.mark.parametrize("data", [
    b"", b"<!DOCTYPE html><html><body>404</body></html>", b"{", b"[]", b"[" * 90_000, b"id,text\n", b'{"id": 1}',
    b"\xff\xfe\x00", b'\x80{"id": "a", "text": "b"}', b'"id text"'])
def test_unknown_files_stay_unknown(data: bytes) -> None:
    tables = [{"form": form, "fields": {"id": "id", "text": "text"}} for form in ("json", "jsonl", "csv", "tsv")]
    mappings = tuple(Mapping.parse(f"m{at}", dict(table)) for at, table in enumerate(tables))
    assert recognise(File("x.json", data, mappings)) is None


def test_reading_what_fits_no_mapping() -> None:
    with pytest.raises(UnreadableFile, match="no mapping fits"):
        list(mapped.read(File("x", b"words")))


def test_half_pairs_in_json_become_question_marks() -> None:
    mapping = Mapping.parse("x", {"form": "json", "fields": {"text": "t", "title": "n"}})
    record = only("x.json", '{"t": "a \\ud800 b\\u0000c", "n": "\\udfff", "k\\ud800": "v"}', mapping)
    assert (record.tracks[0].transcript.text, record.facts["title"], record.extra) == ("a ? b c", "?", (("k?", "v"),))


def test_an_address_that_only_mentions_youtube_is_none_of_its() -> None:
    mapping = Mapping.parse("x", {"form": "json", "fields": {"text": "t", "url": "u"}})
    for url in ("https://notyoutube.com/watch?v=Ab-3dEf_7Hi", "https://news.example/share?u=https://youtu.be/Ab-3dEf_7Hi"):
        assert only("x.json", as_json({"t": "words", "u": url}), mapping).facts == {"url": url}


def test_a_slice_is_read_by_the_one_mapping_it_is_given() -> None:
    mapping = Mapping.parse("x", {"form": "jsonl", "fields": {"id": "id", "text": "t"}})
    (record,) = mapped.read(File("x.jsonl", b'{"t": "words"}', (mapping,)))
    assert record.tracks[0].transcript.text == "words"


def test_what_a_recogniser_invented_is_named_also_behind_a_mapping() -> None:
    mapping = Mapping.parse("asr", {"form": "json", "kind": "asr", "fields": {"id": "v", "segments": "s"},
                                    "segment": {"start": "at", "text": "t"}})
    said = ["the ferry sails"] + ["and the harbour is closed today"] * 9
    table = {"v": "Ab-3dEf_7Hi", "s": [{"at": 3 * n, "t": text} for n, text in enumerate(said)]}
    (track,) = only("x.json", as_json(table), mapping).tracks
    assert track.evidence.endswith("loop: 9 segments repeat “and the harbour is closed today” 9 times at 0:00:03")
