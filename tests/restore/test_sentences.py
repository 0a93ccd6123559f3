"""No stretch without a mark is longer than the bound; marks and pauses bound what came without marks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.restore.sentences import LONGEST, PAUSE_MS, PUNCTUATED_EVERY, SHORTEST, is_punctuated, sentence_starts
from crosscut.tokens import SOUND, SPEAKER, TERMINAL, marks, tokenise

AFTERS = st.sampled_from([" ", " ", " ", " ", " ", ", ", ". ", "? ", " >> ", " [Music] ", ". >> ", "-- "])
TEXTS = st.one_of(
    st.lists(AFTERS, max_size=300).map(lambda afters: "".join(f"w{n}{after}" for n, after in enumerate(afters))),
    st.integers(0, 300).map(lambda length: " ".join(["word"] * length)))


def times(data: st.DataObject, length: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    if data.draw(st.booleans()):
        return np.full(length, -1, np.int32)
    gaps = data.draw(st.lists(st.sampled_from([0, 200, 300, 999, 1_000, 5_000]), min_size=length, max_size=length))
    return np.cumsum(gaps).astype(np.int32)


@given(TEXTS, st.data())
def test_no_stretch_is_longer_than_the_bound(text: str, data: st.DataObject) -> None:
    tokens = tokenise(text)
    start = times(data, len(tokens))
    found = sentence_starts(tokens, start, bool(len(start)) and start[0] >= 0)
    assert len(found.given) == len(found.cut) == len(tokens)
    assert not (found.given & found.cut).any()
    ends = [bool(marks(after) & TERMINAL) for after in tokens.afters]
    run = 0
    for place in range(len(tokens)):
        begins = found.given[place] or found.cut[place] or (place > 0 and ends[place - 1])
        run = 1 if begins else run + 1
        assert run <= LONGEST
    assert found.given[:1].all()
    assert found.punctuated == is_punctuated(tokens)


@given(TEXTS, st.data())
def test_given_starts_are_the_marks(text: str, data: st.DataObject) -> None:
    tokens = tokenise(text)
    start = times(data, len(tokens))
    found = sentence_starts(tokens, start, bool(len(start)) and start[0] >= 0)
    naive = [place == 0 or bool(marks(tokens.afters[place - 1]) & (SPEAKER | SOUND)) for place in range(len(tokens))]
    assert found.given.tolist() == naive


def test_no_tokens_no_starts() -> None:
    found = sentence_starts(tokenise(""), np.zeros(0, np.int32), False)
    assert (len(found.given), len(found.cut), found.punctuated) == (0, 0, False)


def test_a_speaker_mark_begins_a_sentence() -> None:
    found = sentence_starts(tokenise("so we go >> no we stay [Applause] thanks"), np.full(8, -1, np.int32), False)
    assert np.flatnonzero(found.given).tolist() == [0, 3, 6]
    assert not found.cut.any()


PAUSED = np.array([0, 300, 600, 600 + PAUSE_MS, 3_000, 3_000 + PAUSE_MS - 1], np.int32)


def test_pauses_cut_unpunctuated_text() -> None:
    found = sentence_starts(tokenise("a b c d e f"), PAUSED, True)
    assert np.flatnonzero(found.cut).tolist() == [3, 4]


def test_pauses_do_not_cut_punctuated_text() -> None:
    found = sentence_starts(tokenise("A b c d e f."), PAUSED, True)
    assert found.punctuated
    assert not found.cut.any()


def test_pauses_of_estimated_times_do_not_cut() -> None:
    assert not sentence_starts(tokenise("a b c d e f"), PAUSED, False).cut.any()


def test_a_pause_at_a_speaker_mark_is_given_and_not_cut() -> None:
    found = sentence_starts(tokenise("a b c >> d e f"), PAUSED, True)
    assert np.flatnonzero(found.given).tolist() == [0, 3]
    assert np.flatnonzero(found.cut).tolist() == [4]


def test_a_long_stretch_is_cut_at_its_longest_pause() -> None:
    gaps = np.full(60, 200)
    gaps[5], gaps[30], gaps[35] = 900, 800, 700  # the first lies before the second half
    found = sentence_starts(tokenise(" ".join(["w"] * 60)), np.cumsum(gaps).astype(np.int32), True)
    assert SHORTEST <= 30 <= LONGEST
    assert np.flatnonzero(found.cut).tolist() == [30]


def test_a_long_stretch_without_times_is_cut_by_length() -> None:
    found = sentence_starts(tokenise(" ".join(["w"] * 100)), np.full(100, -1, np.int32), False)
    assert np.flatnonzero(found.cut).tolist() == [40, 80]


def test_a_long_sentence_of_punctuated_text_is_cut_too() -> None:
    tokens = tokenise("One. Two. " + " ".join(["w"] * 50) + ". End.")
    found = sentence_starts(tokens, np.full(len(tokens), -1, np.int32), False)
    assert found.punctuated
    assert np.flatnonzero(found.cut).tolist() == [42]


@pytest.mark.parametrize(("length", "stops", "punctuated"), [
    (PUNCTUATED_EVERY, 1, True), (PUNCTUATED_EVERY + 1, 1, False), (PUNCTUATED_EVERY + 1, 2, True), (10, 0, False)])
def test_one_mark_in_sixty_words_makes_a_text_punctuated(length: int, stops: int, punctuated: bool) -> None:
    text = " ".join(["w."] * stops + ["w"] * (length - stops))
    assert is_punctuated(tokenise(text)) is punctuated
