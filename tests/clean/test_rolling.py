"""Is every line of a roll-up kept once, and none that was really said again lost?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crosscut.clean import rolling
from crosscut.model import Track
from crosscut.read import File, recognise

from .rollup import STYLES, Line, json3, merged, segments, srv3, talks
from .rollup import vtt as written


def track(text: str) -> Track:
    file = File("talk", text.encode())
    format = recognise(file)
    assert format is not None
    (record,) = format.read(file)
    return record.tracks[0]


def repeats(starts: Sequence[int], ends: Sequence[int], screens: Sequence[list[str]]) -> list[int]:
    """Count the repeated lines of screens without word times."""
    sizes = np.array([len(screen) for screen in screens])
    shown = rolling.Screens(np.array(list(chain(*screens)), dtype=np.object_), sizes)
    return [int(count) for count in rolling.repeats(shown, np.array(starts), np.array(ends), sizes < 0)]


def talk_of(*texts: str) -> list[Line]:
    """Lines of speech on end; one with a "|" before it follows a silence."""
    lines: list[Line] = []
    now = 0
    for text in texts:
        words = tuple(text.removeprefix("|").split())
        now += 3_000 if text.startswith("|") else 0
        end = now + 100 * len(words) + 50
        lines.append(Line(words, tuple(now + 100 * at for at in range(len(words))), end, text.startswith("|") or not lines))
        now = end + 10
    return lines


@given(talks(), st.sampled_from(STYLES))
def test_any_talk_comes_back_with_its_words_and_times(talk: list[Line], style: str) -> None:
    assume(any(len(line.words) > 1 for line in talk))  # without any word time no machine can be told from people
    heard = track(written(talk, style)).transcript
    words = [word for line in talk for word in line.words]
    assert heard.text == " ".join(words)
    assert heard.starts.tolist() == [start for line in talk for start in line.starts]
    assert heard.word_timed
    assert all(heard.text[at:].startswith(word) for at, word in zip(heard.offsets.tolist(), words, strict=True))


@given(talks(), st.sampled_from(["json3", "srv3"]))
def test_any_talk_comes_back_from_other_forms_of_the_same_captions(talk: list[Line], form: str) -> None:
    assume(any(len(line.words) > 1 for line in talk))
    heard = track({"json3": json3, "srv3": srv3}[form](talk))
    words = [word for line in talk for word in line.words]
    assert heard.kind == "automatic"
    assert heard.transcript.text == " ".join(words)
    assert heard.transcript.starts.tolist() == [start for line in talk for start in line.starts]
    assert heard.transcript.word_timed
    begun = [start for line in talk for start in line.starts]
    over = [end for line in talk for end in (*line.starts[1:], line.end)]
    assert all(start < end <= later for start, end, later in zip(begun, heard.transcript.ends.tolist(), [*begun[1:], over[-1]], strict=True))


@given(talks())
def test_all_forms_of_a_talk_say_the_same(talk: list[Line]) -> None:
    assume(any(len(line.words) > 1 for line in talk))
    said = {(heard.text, tuple(heard.starts.tolist())) for heard in (track(form(talk)).transcript for form in (written, json3, srv3))}
    assert len(said) == 1


@given(talks())
def test_words_end_where_the_next_begins_or_with_their_line(talk: list[Line]) -> None:
    assume(any(len(line.words) > 1 for line in talk))
    heard = track(written(talk)).transcript
    assert heard.ends.tolist() == [end for line in talk for end in (*line.starts[1:], line.end)]


def test_a_line_said_twice_counts_twice() -> None:
    talk = talk_of("here we are in", "Harbour.", "Harbour.", "at last")
    assert track(written(talk)).transcript.text == "here we are in Harbour. Harbour. at last"


def test_a_line_said_again_after_a_silence_counts_twice() -> None:
    talk = talk_of("good morning", "good", "|good", "now then")
    assert track(written(talk)).transcript.text == "good morning good good now then"


def test_the_last_clearing_may_be_missing() -> None:
    text = written(talk_of("good morning", "good", "|good", "news today"))
    cleared = re.sub(r"[0-9:.]+ --> [0-9:.]+ align:start position:0%\n \n \n\n", "", text)
    assert cleared != text
    assert track(cleared).transcript.text == "good morning good good news today"


def test_empty_lines_may_be_truly_empty() -> None:
    talk = talk_of("so the ferry", "sails", "|on Monday")
    text = written(talk).replace("\n \n", "\n\n").replace("\n </c>", "\n")
    assert track(text).transcript.text == "so the ferry sails on Monday"


def test_roll_up_without_word_times_is_unrolled_too() -> None:
    shown = [(0, 900, ["", "the ferry"]), (900, 910, ["the ferry", ""]), (910, 1_900, ["the ferry", "the ferry"]),
             (1_900, 1_910, ["the ferry", ""]), (1_910, 3_000, ["the ferry", "sails"])]
    starts, ends, screens = zip(*shown, strict=True)
    assert repeats(starts, ends, screens) == [0, 1, 1, 1, 1]


def test_three_lines_roll() -> None:
    screens = [["a"], ["a", "b"], ["a", "b", "c"], ["b", "c", "d"], ["b", "c", "d"], ["c", "d", "d"]]
    starts = list(range(0, 6_000, 1_000))
    counted = repeats(starts, [start + 1_000 for start in starts], screens)
    added = ["".join(screen[repeat:]) for screen, repeat in zip(screens, counted, strict=True)]
    assert added == ["a", "b", "c", "d", "", "d"]


@pytest.mark.parametrize("gap", [0, 1])
def test_only_a_gap_in_time_makes_a_repeat_speech(gap: int) -> None:
    assert repeats([0, 1_000 + gap], [1_000, 2_000], [["so"], ["so"]]) == [0, 1 - gap]


def times(talk: list[Line]) -> list[int]:
    return [line.end - line.starts[0] for line in talk]


@given(talks(words=st.sampled_from(["so", "no", "Harbour.", "the", "ferry"])))
def test_json_pieces_come_back(talk: list[Line]) -> None:
    assume(sum(line.fresh for line in talk[1:]) * 2 <= len(talk) - 1)
    # A clear screen whose line begins with the one before looks like a roll: nothing in JSON tells them apart.
    assume(not any(line.fresh and f"{line.text} ".startswith(f"{before.text} ") and line.text != before.text
                   for before, line in pairwise(talk)))
    texts = [str(piece["text"]) for piece in segments(talk)]
    added = rolling.unroll(texts, times(talk)) if len(talk) > 1 else texts
    assert added == [line.text for line in talk]


def test_a_tidying_repeat_is_dropped_and_a_real_one_kept() -> None:
    texts = ["so", "so the ferry", "the ferry", "the ferry sails", "sails", "sails on"]
    assert rolling.unroll(texts, [900, 900, 10, 900, 900, 900]) == ["so", "the ferry", "", "sails", "sails", "on"]


@pytest.mark.parametrize("size", [2, 3, 5])
def test_merged_pieces_come_back(size: int) -> None:
    said = ["the council met today", "and voted on the new bridge", "Yes.", "Yes.", "we think that that is fine",
            "very very well", "said the mayor of Port Ellery", "and so did we", "no no", "it opens in spring", "they said"]
    texts = [str(piece["text"]) for piece in merged(talk_of(*said), size)]
    added = rolling.unroll(texts, [9_000] * len(texts))
    assert added is not None
    assert " ".join(added) == " ".join(said)


def test_ordinary_pieces_do_not_roll() -> None:
    texts = ["Good evening.", "The bridge at Port Ellery is closed.", "The bridge was built in 1911.", "It is very old."]
    assert rolling.unroll(texts, [2_000] * 4) is None
    assert rolling.unroll(texts[:1], [2_000]) is None
    assert rolling.unroll(["", "", ""], [0, 0, 0]) is None
