"""Does each format read what it was written, and leave the others' files alone?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.read import FORMATS, YIELDING, File, recognise

from . import fixtures, writers
from .fixtures import only
from .test_vtt import AUTOMATIC, TRANSLATED
from .writers import CUES, TIMED, Shown

#: Every fixture of a built-in format, and the one format that may take it.
FIXTURES = {
    "tagged text": [fixtures.TAGGED, fixtures.TAGGED_LONG], "WebVTT": [fixtures.LIVE, fixtures.UPLOADED, AUTOMATIC, TRANSLATED],
    "SubRip": [fixtures.SRT, fixtures.BROADCAST, fixtures.ONE_WORD], "SBV": [fixtures.SBV], "LRC": [fixtures.LRC, fixtures.WORD_LRC],
    "TTML": [fixtures.TTML, fixtures.EBU], "YouTube SRV": [fixtures.SRV1, fixtures.SRV2, fixtures.SRV3],
    "YouTube JSON3": [fixtures.as_json(fixtures.JSON3)], "yt-dlp info.json": [fixtures.as_json(fixtures.INFO)],
    "picture": ["GIF89a"],
}


@pytest.mark.parametrize("name", ["any.txt", "captions.srt", "page.xml", "x"])
@pytest.mark.parametrize(("format", "text"), [(format, text) for format, texts in FIXTURES.items() for text in texts])
def test_no_other_format_takes_it(format: str, text: str, name: str) -> None:
    file = File(name, text.encode())
    assert [one.NAME for one in FORMATS if one not in YIELDING and one.recognise(file)] == [format]
    assert (first := recognise(file)) is not None
    assert format == first.NAME


@given(st.sampled_from(sorted(CUES)), writers.cues())
def test_cues_are_read_as_they_were_written(form: str, cues: Sequence[Shown]) -> None:
    (track,) = only("x", CUES[form](cues)).tracks
    assert track.transcript.text.split() == [word for cue in cues for word in cue.words]
    assert track.transcript.starts.tolist() == [cue.start for cue in cues]
    assert track.transcript.ends.tolist() == [cue.end for cue in cues]


@given(st.sampled_from(sorted(TIMED)), writers.cues())
def test_words_are_read_at_their_times(form: str, cues: Sequence[Shown]) -> None:
    (track,) = only("x", TIMED[form](cues)).tracks
    heard = track.transcript
    assert heard.text.split() == [word for cue in cues for word in cue.lines[0]]
    assert heard.starts.tolist() == [time for cue in cues for time in cue.times] or not heard.word_timed
    assert heard.word_timed or max(len(cue.lines[0]) for cue in cues) == 1
