"""Are real files of the shared material read, all of them?  (They are not ours to ship: see ``fixtures.shared``.)"""

from __future__ import annotations

import html
import json
import re
import time

from crosscut.clean.loops import invented
from crosscut.clean.times import to_ms
from crosscut.read import File, mapped, recognise, tagged

from .fixtures import only, shared
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


def _bottom_lines(text: str) -> tuple[list[str], list[str]]:
    """Words and times by a slower road: the second line of each cue that is not one of 10 ms."""
    words, times = [], []
    for start, end, bottom in re.findall(r"(?m)^([0-9:.]{12}) --> ([0-9:.]{12}).*\n.*\n(.*)$", text):
        if to_ms([end])[0] - to_ms([start])[0] > 10:
            for at, piece in re.findall(r"<([0-9:.]{12})>([^\0]*?)(?=<[0-9:.]{12}>|$)", f"<{start}>{bottom}"):
                spoken = html.unescape(re.sub(r"<[^>]*>", "", piece)).split()
                words += spoken
                times += [at] if spoken else []
    return words, times


def test_automatic_captions_agree_with_a_slower_reading() -> None:
    kinds = []
    for path in shared("captions", "youtube-auto-vtt"):
        (track,) = only(path.name, path.read_bytes()).tracks
        kinds.append(track.kind)
        if track.kind == "automatic":
            words, times = _bottom_lines(path.read_text("utf-8"))
            assert track.transcript.text.split() == words
            assert track.transcript.starts.tolist() == to_ms(times).tolist()
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
