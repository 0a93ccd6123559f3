"""Are real files of the shared material read, all of them?  (They are not ours to ship: see ``fixtures.shared``.)"""

from __future__ import annotations

import html
import json
import re
import time

import pytest

from benchmarks.quality.cleaning import bottom_lines
from crosscut.clean.loops import invented
from crosscut.clean.times import to_ms
from crosscut.errors import UnreadableFile
from crosscut.model import Record
from crosscut.read import File, mapped, recognise, tagged
from crosscut.read.unknown import why_unknown

from .fixtures import as_subrip, only, shared
from .test_mapped import READY

ALL = tuple(READY.values())


def test_the_seed_is_read_and_written_back() -> None:
    (path,) = shared("seed")
    data = path.read_bytes()
    record = only(path.name, data)
    extra, text, odd = tagged.parts(data.decode())
    assert tagged.write(extra, text).encode() == data
    assert odd == ["tagged text"]
    assert record.tracks[0].transcript.text == text
    assert (record.facts["outlet"], record.facts["language"], record.facts["published"]) == ("en_AJ", "en", "2024-07-04")
    assert len(text.split()) == 812


def test_automatic_captions_agree_with_a_slower_reading() -> None:
    kinds = []
    for path in shared("captions", "youtube-auto-vtt"):
        (track,) = only(path.name, path.read_bytes()).tracks
        kinds.append(track.kind)
        if track.kind == "automatic":
            words, times = bottom_lines(path.read_text("utf-8"))
            assert track.transcript.text.split() == words
            assert track.transcript.starts.tolist() == times
    assert (kinds.count("automatic"), kinds.count("uploaded")) == (27, 1)


def test_rolling_json_is_halved() -> None:
    for path in shared("captions", "youtube-auto-rolling-json"):
        record = only(path.name, path.read_bytes(), *ALL) if path.name != "manifest.json" else None
        if record:
            minutes = int(record.facts["duration_ms"]) / 60_000
            assert "roll-up repeats taken out" in record.tracks[0].evidence
            assert 60 < len(record.tracks[0].transcript.text.split()) / minutes < 230  # as fast as people speak


def test_television_news() -> None:
    kinds: dict[str, int] = {}
    reasons = 0
    for path in shared("tv-news"):
        file = File(str(path), path.read_bytes(), ALL)
        format = recognise(file)
        assert format is not None, path
        for record in format.read(file):
            reasons += bool(record.reason)
            for track in record.tracks:
                kinds[track.kind] = kinds.get(track.kind, 0) + 1
                assert {"outlet", "title", "published", "url"} <= record.facts.keys()
    assert kinds == {"asr": 1_239, "summary": 2_873}
    assert reasons == 24  # reports without a description


def test_published_captions_name_video_day_and_title() -> None:
    for path in shared("captions", "youtube-published-vtt"):
        record = only(path.name, path.read_bytes())
        assert {"id", "published", "title", "language"} <= record.facts.keys()
        assert str(record.facts["title"]).count(".") == 0
        assert record.tracks[0].kind == "uploaded"


def _by_pattern(text: str) -> tuple[list[str], list[int], list[int]]:
    """Words and times of orderly SubRip by a slower road; a cue without text has no times."""
    cues = [cue for cue in re.findall(r"(?m)^[0-9]+\n([0-9:,]{12}) --> ([0-9:,]{12})\n((?:.+\n)*)", text) if cue[2].strip()]
    return [word for cue in cues for word in cue[2].split()], *(to_ms([cue[at] for cue in cues]).tolist() for at in (0, 1))


@pytest.mark.parametrize(("folder", "files", "kind", "word_timed"), [
    ("tv-closed-captions-srt", 53, "live", False), ("asr-word-srt", 45, "asr", True), ("human-vs-word-timings", 18, "uploaded", False)])
def test_subrip_agrees_with_a_slower_reading(folder: str, files: int, kind: str, word_timed: bool) -> None:
    paths = shared("captions", folder, pattern="**/*.srt")
    assert len(paths) == files
    for path in paths:
        record = only(path.name, path.read_bytes())
        (track,) = record.tracks
        assert (track.kind, track.transcript.word_timed) == (kind, word_timed)
        words, starts, ends = _by_pattern(path.read_text("utf-8-sig") + "\n")
        assert track.transcript.text.split() == words
        assert track.transcript.starts.tolist() == starts
        assert track.transcript.ends.tolist() == [max(start, end) for start, end in zip(starts, ends, strict=True)]
        if folder != "human-vs-word-timings":
            assert {"id", "platform", "published"} <= record.facts.keys()


def test_names_of_television_shows() -> None:
    for path in shared("captions", "tv-closed-captions-srt"):
        facts = only(str(path), path.read_bytes()).facts
        assert facts["id"] == path.name.partition(".cc")[0]
        assert (facts["channel"], facts["platform"]) == (path.parent.name, "archive.org")
        assert re.sub("[^0-9]", "", str(facts["published"])) == "".join(path.name.split("_")[1:3]) + "0000"


def test_broadcasters_captions_agree_with_a_slower_reading() -> None:
    paths = shared("captions", "ebu-tt-ttml", "tagesschau-2020")
    assert len(paths) == 10
    for path in paths:
        text = path.read_text("utf-8")
        record = only(path.name, path.read_bytes())
        (track,) = record.tracks
        cues = [(start, words) for start, inside in re.findall(r'(?s)<tt:p [^>]*begin="([0-9:.]{12})"[^>]*[^/]>(.*?)</tt:p>', text)
                if (words := html.unescape(re.sub("(?s)<[^>]*>", " ", inside)).split())]
        assert track.transcript.text.split() == [word for _, words in cues for word in words]
        assert track.transcript.starts.tolist() == to_ms([start for start, _ in cues]).tolist()
        assert (track.kind, track.language, record.facts["title"]) == ("uploaded", "de", "tagesschau, 20:00 Uhr")
        assert str(record.facts["published"]) == "-".join(reversed(path.name[:10].split(".")))
    pages = shared("captions", "ebu-tt-ttml", "error-pages")
    assert [why_unknown(path.read_bytes()) for path in pages if not recognise(File(path.name, path.read_bytes()))] == [
        "web page, not captions"] * 3


@pytest.mark.parametrize("trimmed", [False, True])
def test_roll_up_says_the_same_when_it_was_converted(trimmed: bool) -> None:
    for path in shared("captions", "youtube-auto-vtt"):
        (track,) = only(path.name, path.read_bytes()).tracks
        (converted,) = only("x.srt", as_subrip(path.read_text("utf-8"), trimmed=trimmed)).tracks
        assert converted.transcript.text == track.transcript.text
        assert converted.kind == ("unknown" if track.kind == "automatic" else track.kind)


#: Files of two parsers' tests: format and words, and what was odd; or why there are none.
EDGES: dict[str, tuple[str, int, str] | str] = {
    "1. Contain Index Number like 1 2 3 .vtt": ("WebVTT", 912, ""),
    "2. No Index Number, download using youtube-dl.vtt": ("WebVTT", 145, ""),
    "3. Contain Comment.vtt": ("WebVTT", 105, ""),
    "4. No Hour.vtt": ("WebVTT", 45, ""),
    "5. Position.vtt": ("WebVTT", 16, ""),
    "6. Region.vtt": ("WebVTT", 37, ""),
    "7. Comment.vtt": ("WebVTT", 14, ""),
    "8. Chapters.vtt": ("WebVTT", 18, ""),
    "captions_with_bom.vtt": ("WebVTT", 12, ""),
    "comments.vtt": ("WebVTT", 25, ""),
    "cue_tags.vtt": ("WebVTT", 13, ""),
    "empty.vtt": "empty file",
    "invalid.vtt": ("SubRip", 21, "7 of 7 cues have no number"),  # WebVTT without its first line
    "invalid_format.sbv": "text of no known kind: write a mapping",
    "invalid_format1.srt": "text of no known kind: write a mapping",
    "invalid_format2.srt": "text of no known kind: write a mapping",
    "invalid_format3.srt": "text of no known kind: write a mapping",
    "invalid_format4.srt": "no text",
    "invalid_timeframe.sbv": ("SBV", 15, "1 cues have unreadable times"),
    "invalid_timeframe.srt": ("SubRip", 15, ""),  # a dot for a comma
    "invalid_timeframe.vtt": ("WebVTT", 21, "1 cues have unreadable times"),
    "invalid_timeframe_in_cue_text.vtt": ("WebVTT", 9, ""),
    "metadata_headers.vtt": ("WebVTT", 6, ""),
    "metadata_headers_multiline.vtt": ("WebVTT", 6, ""),
    "missing_caption_text.sbv": ("SBV", 12, ""),
    "missing_caption_text.srt": ("SubRip", 12, ""),
    "missing_caption_text.vtt": ("WebVTT", 12, ""),
    "missing_timeframe.sbv": ("SBV", 15, "1 stretches after an empty line: said with the cue above"),
    "missing_timeframe.srt": ("SubRip", 15, "1 cues have no times: said with the one before"),
    "missing_timeframe.vtt": ("WebVTT", 18, "1 lines outside any cue left out"),  # the standard has comments there
    "netflix_chicas_del_cable.vtt": ("WebVTT", 5_796, ""),
    "no_captions.vtt": "no text",
    "one_caption.srt": ("SubRip", 3, ""),
    "one_caption.vtt": ("WebVTT", 3, ""),
    "sample.sbv": ("SBV", 22, ""),
    "sample.srt": ("SubRip", 15, ""),
    "sample.vtt": ("WebVTT", 48, ""),
    "styles.vtt": ("WebVTT", 3, ""),
    "two_captions.sbv": ("SBV", 13, ""),
    "using_identifiers.vtt": ("WebVTT", 18, ""),
    "youtube_dl.vtt": ("WebVTT", 8, "2 of 4 screens repeat a line"),
}


def test_odd_and_broken_files() -> None:
    found: dict[str, tuple[str, int, str] | str] = {}
    for path in shared("captions", "edge-case-fixtures"):
        file = File(path.name, path.read_bytes())
        format = recognise(file)
        try:
            (record,) = format.read(file) if format else [Record(b"", reason=why_unknown(file.data) if file.data else "empty file")]
        except UnreadableFile as problem:
            record = Record(b"", reason=problem.reason)
        tracks = [(format.NAME, len(track.transcript.text.split()), track.evidence.partition("; ")[2]) for track in record.tracks if format]
        found[path.name] = tracks[0] if tracks else record.reason
    assert found == EDGES


def test_roll_up_is_read_fast_enough() -> None:
    files = [File(path.name, path.read_bytes()) for path in shared("captions", "youtube-auto-vtt")]
    best = 0.0
    for _ in range(3):
        began = time.perf_counter()
        spoken = sum(len(record.tracks[0].transcript.offsets) for file in files
                     if (format := recognise(file)) for record in format.read(file))
        best = max(best, spoken / (time.perf_counter() - began))
    assert best > 100_000  # 400,000 on an idle core; a third of the promise, so that a busy machine does not fail


def test_word_lists_and_their_transcripts() -> None:
    words, alike = {}, []
    for path in shared("captions", "human-vs-word-timings", pattern="**/*.json"):
        (track,) = only(str(path), path.read_bytes()).tracks
        assert (track.kind, track.transcript.word_timed) == ("asr", True)
        assert " ".join(json.loads(path.read_bytes())[0][0].split()) == track.transcript.text.split()[0]
        words[path.parent] = track.transcript.text
    for path in shared("captions", "human-vs-word-timings", pattern="**/*.txt"):
        record = only(str(path), path.read_bytes())
        assert record.facts["title"] == path.parent.name
        alike.append(len(record.tracks[0].transcript.text.split()) / len(words[path.parent].split()))
    assert len(words) == 18
    assert sum(0.9 < share < 1.1 for share in alike) >= 16  # one has no transcript yet, one repeats no refrain


def test_television_pages_and_their_metadata() -> None:
    pages, others = [], {}
    for path in shared("captions", "ia-tv-news-html"):
        record = only(path.name, path.read_bytes())
        if record.tracks:
            pages.append((record, path.read_text("utf-8")))
        else:
            others[record.facts["id"]] = record
    assert len(pages) == len(others) == 7
    for record, text in pages:
        about = others[record.facts["id"]]
        assert {fact: record.facts[fact] for fact in ("title", "published", "channel")} == {
            fact: about.facts[fact] for fact in ("title", "published", "channel")}
        spoken = re.findall(r'<div class="snipin[^>]*>([^<]*)</div>', text)
        assert record.tracks[0].transcript.text == " ".join(" ".join(map(html.unescape, spoken)).split())


def test_plain_transcripts_have_date_and_title_in_their_names() -> None:
    for path in shared("transcripts", "trump-campaign-2016"):
        record = only(str(path), path.read_bytes())
        assert record.facts["published"] == path.name[:10]
        assert str(record.facts["title"]).startswith("(")
        assert len(record.tracks[0].transcript.text.split()) == len(path.read_text("utf-8").split())


def test_loops_of_real_transcripts() -> None:
    found = []
    for path in shared("tv-news", "2025-01-15_2025-02-28"):
        file = File(str(path), path.read_bytes(), (READY["tv_news"],))
        for record in mapped.read(file):
            for track in record.tracks:
                heard = track.transcript
                ends = [*heard.offsets.tolist()[1:], len(heard.text)]
                pieces = [heard.text[begin:end] for begin, end in zip(heard.offsets.tolist(), ends, strict=True)]
                found += [one.kind for one in invented(pieces, heard.starts.tolist(), heard.ends.tolist())]
    assert 40 <= found.count("loop") <= 60  # 50, each read by a person
    assert 35 <= found.count("ending") <= 50
