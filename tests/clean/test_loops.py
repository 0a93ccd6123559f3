"""Is what a recogniser invented found, and what people say several times left alone?"""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.clean import loops
from crosscut.clean.loops import Found, invented

SPEECH = ["The ferry sails again on Monday.", "Nobody in Port Ellery had asked for it.", "The council has the last word."]
SENTENCE = "We have a number of boats that are here to help."


def found(pieces: list[str], each_ms: int = 3_000, unheard: tuple[float, ...] = ()) -> list[Found]:
    starts = [each_ms * at for at in range(len(pieces))]
    return invented(pieces, starts, [start + each_ms for start in starts], unheard)


def test_a_sentence_again_and_again_is_a_loop() -> None:
    (loop,) = found([*SPEECH, *[SENTENCE] * 7, *SPEECH])
    assert loop == Found(3, 10, "loop", "7 segments repeat “we have a number of boats that are here to help” 7 times")


def test_a_loop_is_one_however_it_is_cut() -> None:
    cut = ["and you have great members of the", "council and you have", "great members of the council and", "you have great members",
           "of the council and you have great members of", "the council."]
    (loop,) = found([*SPEECH, *cut, *SPEECH])
    assert (loop.first, loop.stop, loop.kind) == (3, 9, "loop")
    (inside,) = found([*SPEECH, " ".join(["so that's what the law says"] * 27), *SPEECH])
    assert inside.why == "“so that's what the law says” 27 times in one segment"


@pytest.mark.parametrize("said", [
    ["Yes, yes, yes."], ["No! No! No! No! No! No! No! No!"], ["very very very very bad"], ["Tax the boats!"] * 8,
    ["We will win.", "We will win.", "We will win. We will win."] * 2, ["Get your hands off me."] * 3, ["I, Ann Weir, do swear."] * 2,
    ["If it was your daughter", "If it was your daughter", "If it was your daughter"], ["Mayor! Mayor! Mayor!"] * 3,
    ["Yes.", "Right.", "Yes.", "Right.", "Yes.", "Right.", "Yes."], [SENTENCE, SENTENCE], ["Thank you."] * 4,
])
def test_what_people_repeat_is_none(said: list[str]) -> None:
    assert found([*SPEECH, *said, *SPEECH], 2_000) == []


def test_short_phrases_are_loops_when_nobody_could_say_them() -> None:
    (often,) = found([*SPEECH, *["The Press."] * 42, *SPEECH], 1_000)
    assert (often.first, often.stop) == (3, 45)
    (fast,) = found([*SPEECH, "big, " * 10, *SPEECH], 1_000)
    assert (fast.first, fast.stop) == (3, 4)
    assert found([*SPEECH, "big, " * 10, *SPEECH], 4_000) == []


def test_silence_cut_into_the_same_piece_is_a_loop() -> None:
    assert [(one.first, one.stop) for one in found(["Thank you."] * 3 + SPEECH, 30_000)] == [(0, 3)]
    assert found([*SPEECH, *["Thank you."] * 3, *SPEECH], 15_000) == []


def test_scripts_without_blanks() -> None:
    (loop,) = found(["船は月曜日に出ます。", *["町の議会はまだ何も決めていません。"] * 6, "以上です。"])
    assert (loop.first, loop.stop) == (1, 7)


def test_without_times_the_words_alone_decide() -> None:
    assert [one.kind for one in invented([*SPEECH, *[SENTENCE] * 5], [], [])] == ["loop"]
    assert invented(["Thank you."] * 3, [], []) == []
    assert invented([], [], []) == []
    assert invented(["", "…"], [0, 1], [1, 2]) == []


def test_thanks_after_a_silence_are_an_invented_ending() -> None:
    starts, ends = [0, 3_000, 27_000], [3_000, 27_000, 29_000]  # the second piece "lasts" over the music
    assert invented([SPEECH[0], "All hands on deck.", "Thank you."], starts, ends) == [Found(2, 3, "ending", "“Thank you.”")]
    assert invented([SPEECH[0], "Thank you, Ann.", "Thank you."], [0, 3_000, 5_000], [3_000, 5_000, 9_000]) == []
    assert invented([SPEECH[0], "Thank you.", "Go on."], [0, 30_000, 31_000], [3_000, 31_000, 32_000]) == []  # no ending


def test_the_recognisers_own_doubt() -> None:
    said = [*SPEECH, "Thanks for watching!", "Please subscribe. Bye!"]
    assert found(said) == []
    assert found(said, unheard=(0.1, 0.1, 0.1, 0.9, 0.2)) == [Found(3, 5, "ending", "“Thanks for watching! Please subscribe. Bye!”")]
    assert found(SPEECH, unheard=(0.9, 0.9, 0.9)) == []


def test_a_lone_you() -> None:
    assert [one.why for one in found([*SPEECH, "you", "  "])] == ["“you”"]
    assert found([*SPEECH, "thank", "you"]) == []
    assert found(["you"]) == []


@pytest.mark.parametrize("credit", [
    "Subtitles by the Amara.org community", "Untertitel im Auftrag des ZDF, 2021", "Untertitel von Jutta Weir",
    "Sous-titres réalisés par la communauté", "Subtítulos realizados por la comunidad", "字幕由社区提供", "Transcribed by Ann Weir",
    "Transcription by CastingWords", "Редактор субтитров А.Семкин"])
def test_credits_are_never_said(credit: str) -> None:
    assert [one.first for one in found([*SPEECH, credit])] == [3]
    assert found([*SPEECH, credit, *SPEECH]) == []  # in the middle somebody may well speak of one


def test_an_ending_inside_a_loop_is_told_once() -> None:
    assert [one.kind for one in found([*SPEECH, *["Thank you."] * 7], 30_000)] == ["loop"]


def slowly(said: list[int], size: int) -> set[tuple[int, int]]:
    """The same stretches by looking at each place: no vectors, no cleverness."""
    stretches = set()
    for begin in range(len(said)):
        stop = begin + size
        while stop < len(said) and said[stop] == said[stop - size]:
            stop += 1
        phrase = said[begin:begin + size]
        shorter = any(size % part == 0 and phrase == phrase[:part] * (size // part) for part in range(1, size))
        longer = begin > 0 and begin + size - 1 < len(said) and said[begin - 1] == said[begin + size - 1]
        if stop - begin >= 3 * size and not longer and not shorter:
            stretches.add((begin, stop))
    return stretches


@given(st.lists(st.integers(0, 2), max_size=60), st.integers(1, 8))
def test_the_fast_search_agrees_with_a_slow_one(said: list[int], size: int) -> None:
    assert set(loops.repeated(np.array(said, np.int64), size)) == slowly(said, size)


@given(st.lists(st.text(max_size=30), max_size=20), st.data())
def test_any_text_is_taken(pieces: list[str], data: st.DataObject) -> None:
    times = sorted(data.draw(st.lists(st.integers(0, 10**6), min_size=len(pieces), max_size=len(pieces))))
    for one in invented(pieces, times, times):
        assert 0 <= one.first < one.stop <= len(pieces)


@pytest.mark.parametrize("pieces", [
    ["a"] * 300_000, ["a a a b b b "] * 100_000, [" " * 1_000_000], ["-" * 1_000_000, "—" * 1_000_000], ["a" * 1_000_000],
    ["subtitles " * 100_000], ["Untertitel " + "x " * 500_000], ["thank you. " * 100_000]], ids=range(8))
def test_a_million_characters_take_seconds(pieces: list[str]) -> None:
    began = time.perf_counter()
    found(pieces)
    assert time.perf_counter() - began < 10  # no measure of speed: a quadratic pass would take hours
