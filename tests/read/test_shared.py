"""Are real files of the shared material read, all of them?  (They are not ours to ship: see ``fixtures.shared``.)"""

from __future__ import annotations

import html
import re
import time

from crosscut.clean.times import to_ms
from crosscut.read import File, recognise, tagged

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
