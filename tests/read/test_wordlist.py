"""Are bare lists of words and times read?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import UnreadableFile
from crosscut.read import File, recognise, wordlist

from .fixtures import as_json, only

LIST = [[" The", 0.0, 0.22], [" ferry", 0.22, 0.6], [" sails,", 0.6, 1.0], [" Mr", 1.2, 1.3], [".", 1.3, 1.3], [" Weir", 1.4, None]]


def test_a_word_list() -> None:
    record = only("2024-04-30 Ferry sails.en.json", json.dumps(LIST))
    assert record.facts == {"published": "2024-04-30", "title": "Ferry sails", "language": "en"}
    (one,) = record.tracks
    assert (one.kind, one.evidence) == ("asr", "a list of 6 words and their times")
    assert (one.transcript.text, one.transcript.word_timed) == ("The ferry sails, Mr. Weir", True)
    assert one.transcript.starts.tolist() == [0, 220, 600, 1_200, 1_300, 1_400]
    assert one.transcript.ends.tolist() == [220, 600, 1_000, 1_300, 1_300, 1_400]


def test_objects_and_what_is_no_word() -> None:
    items = [{"word": "The", "start": 0, "end": 1, "score": 1}, {"word": "ferry.", "start": 1, "end": 2}, {"end": 3}, 7, ["x"], ["y", None, 1]]
    (one,) = only("x.json", as_json(items)).tracks
    assert (one.transcript.text, one.evidence) == ("The ferry.", "a list of 2 words and their times; 4 items are no words")


def test_loops_are_named() -> None:
    said = ["we", "have", "a", "number", "of", "boats", "to", "help"] * 9
    (one,) = only("x.json", json.dumps([[f" {text}", at, at + 0.3] for at, text in enumerate(said)])).tracks
    assert one.evidence.endswith("loop: 72 segments repeat “we have a number of boats to help” 9 times at 0:00:00")


def test_no_words() -> None:
    assert only("x.json", '[["", 0, 1]]').reason == "no text"
    with pytest.raises(UnreadableFile, match="broken JSON"):
        only("x.json", '[["a", 0, 1], ["b')


@pytest.mark.parametrize("data", ["[]", '[["a", "b", 1]]', "[[1, 0, 1]]", '["a", 0, 1]', '[{"text": "a", "start": 0}]', '[["a", 0]]',
                                  '{"a": [["a", 0, 1]]}'])
def test_other_json_is_none(data: str) -> None:
    assert recognise(File("x.json", data.encode())) is None


@given(st.lists(st.tuples(st.text("abcdefghäé'-,.", min_size=1, max_size=8), st.integers(0, 2_000)), min_size=1, max_size=30))
def test_words_and_times_come_back(said: list[tuple[str, int]]) -> None:
    starts = [sum(lasting for _, lasting in said[:at]) for at in range(len(said))]
    listed = [[f" {text}", start / 1_000, (start + lasting) / 1_000] for (text, lasting), start in zip(said, starts, strict=True)]
    heard = next(wordlist.read(File("x.json", json.dumps(listed).encode()))).tracks[0].transcript
    assert heard.text == " ".join(text for text, _ in said)
    assert heard.starts.tolist() == starts
