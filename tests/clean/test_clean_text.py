"""Is markup gone and the rest left alone?"""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.clean import text as clean
from crosscut.clean.times import LATEST, LOOSE_STAMP, ranges, to_ms
from crosscut.clean.words import translated


@pytest.mark.parametrize(("written", "read"), [
    ("the&nbsp;&nbsp; ferry\u00a0sails&nbsp;", "the ferry sails"),
    ("&gt;&gt; Good evening.", ">> Good evening."),
    ("[Music] then [&nbsp;__&nbsp;]", "[Music] then [ __ ]"),
    ("<v Ann Rook>It&#39;s <i>late</i></v>", "It's late"),
    ("so<00:00:01.000><c> far</c>", "so far"),
    ("R&D costs &amp; &amp;lt;", "R&D costs & &lt;"),
    ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
    ("I <3 you & me", "I <3 you & me"),
    ("&#0;&#xD800;&#99999999;", "\ufffd\ufffd&#99999999;"),
    ("nul\0byte", "nul byte"),
    ("&unknown; &;", "&unknown; &;"),
])
def test_plain(written: str, read: str) -> None:
    assert clean.plain(written) == read


def test_cues_are_joined_by_one_space_and_blank_ones_lose_their_time() -> None:
    heard, note = clean.transcript([" two \n lines", "&nbsp;", "<i></i>", " more "], [0, 5, 7, 10], [5, 7, 10, 20])
    assert heard.text == "two lines more"
    assert heard.offsets.tolist() == [0, 10]
    assert (heard.starts.tolist(), heard.ends.tolist()) == ([0, 10], [5, 20])
    assert (heard.word_timed, note) == (False, "")


def test_words_bring_their_own_blanks() -> None:
    heard, _ = clean.transcript(["day", "break", " ", "is", " near\n", "  now"], [0, 1, 2, 3, 4, 5], [9] * 6, glue="")
    assert heard.text == "daybreak is near now"
    assert [heard.text[at:at + 4] for at in heard.offsets] == ["dayb", "brea", "is n", "near", "now"]


def test_pieces_without_text_leave_one_blank_and_no_time() -> None:
    heard, _ = clean.transcript(["", " ", "a", " ", "", " ", "b", "", "c", " ", ""], range(11), range(11), glue="")
    assert (heard.text, heard.offsets.tolist(), heard.starts.tolist()) == ("a bc", [0, 2, 3], [2, 6, 8])


def test_times_that_go_back_are_held_and_counted() -> None:
    heard, note = clean.transcript(["a", "b", "c", "d"], [-5, 100, 50, 2**40], [10, 20, 60, 2**41])
    assert heard.starts.tolist() == [0, 100, 100, LATEST]
    assert heard.ends.tolist() == [10, 100, 100, LATEST]
    assert note == "3 times went back and were held"


@given(st.lists(st.tuples(st.text(max_size=12), st.integers(-10, 10**7), st.integers(-10, 10**7)), max_size=9),
       st.sampled_from(["", " "]))
def test_any_pieces_make_a_sound_transcript(pieces: list[tuple[str, int, int]], glue: str) -> None:
    texts, starts, ends = ([piece[at] for piece in pieces] for at in range(3))
    heard, _ = clean.transcript(texts, starts, ends, glue=glue)  # type: ignore[arg-type]
    assert heard.text == clean.squeeze(heard.text)
    assert (np.diff(heard.offsets) > 0).all()
    assert (np.diff(heard.starts) >= 0).all()
    assert (heard.ends >= heard.starts).all()
    assert not any(heard.text[at].isspace() for at in heard.offsets)
    assert len(heard.offsets) == len(heard.starts) == len(heard.ends)
    assert bool(heard.text) == bool(len(heard.offsets))


def test_sound_replaces_half_pairs() -> None:
    assert clean.sound("a\ud800b") == "a?b"
    assert clean.sound("fine 😀") == "fine 😀"


def test_times_in_all_their_forms() -> None:
    assert to_ms(["00:00:01.001", "01:02:03.004"]).tolist() == [1_001, 3_723_004]
    assert to_ms(["00:01.5".ljust(9, "0"), "100:00:00.000", "00:00:02,250"]).tolist() == [1_500, 360_000_000, 2_250]
    assert to_ms(["00:01.500", "100:00:00.000", "1000:00:00.000"]).tolist() == [1_500, 360_000_000, 3_600_000_000]
    assert to_ms([]).tolist() == []


def slow_ms(stamp: str) -> int:
    """The slow twin: split, and add up."""
    *clock, last = stamp.replace(",", ".").split(":")
    seconds, _, decimals = last.partition(".")
    hours, minutes = (["0", *clock])[-2:]
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1_000 + int((decimals + "000")[:3])


STAMPS = st.from_regex(r"([0-9]{1,4}:)?[0-9]{1,3}:[0-5]?[0-9]([.,][0-9]{1,9})?", fullmatch=True)
USUAL = st.from_regex(r"[0-9]{2}:[0-5][0-9]:[0-5][0-9][.,][0-9]{3}", fullmatch=True)


@given(st.lists(STAMPS | USUAL, max_size=6) | st.lists(USUAL, max_size=6) | st.lists(st.from_regex(r"[0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}", fullmatch=True)))
def test_times_at_one_go_are_the_times_one_by_one(stamps: list[str]) -> None:
    assert to_ms(stamps).tolist() == [slow_ms(stamp) for stamp in stamps]


RANGE = re.compile(rf"[ \t]*({LOOSE_STAMP})[ \t]*-->[ \t]*({LOOSE_STAMP})(?:[ \t]|$)")
LINES = st.tuples(USUAL | STAMPS, st.sampled_from([" --> ", "-->", " -> "]), USUAL | STAMPS, st.sampled_from(["", " ", " line:0%", "\tx", "x", "9"]))


@given(st.lists(LINES.map("".join) | st.text(st.characters(exclude_characters="\n"), max_size=40) | USUAL.map(lambda at: f"{at} --> {at}")))
def test_lines_of_times_at_one_go(lines: list[str]) -> None:
    starts, ends, read = ranges(lines, RANGE)
    found = [RANGE.match(line) for line in lines]
    assert read.tolist() == [one is not None for one in found]
    assert starts.tolist() == [slow_ms(one[1]) if one else 0 for one in found]
    assert ends.tolist() == [slow_ms(one[2]) if one else 0 for one in found]


def test_translations_hold_the_blank_after_the_word() -> None:
    assert translated("Good <00:00:01.000><c>day </c><00:00:02.000><c>to</c>")
    assert not translated("Good<00:00:01.000><c> day</c><00:00:02.000><c> to</c>")
    assert not translated("<c.colorE5E5E5>good day\n </c>")
