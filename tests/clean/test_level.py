"""The levelled view: what captions of unlike kinds make of the same speech is the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.clean.level import as_heard, levelled
from crosscut.tokens import tokenise


def level(text: str, language: str = "en") -> str:
    tokens = tokenise(text, language)
    poor, start = levelled(tokens, np.arange(len(tokens), dtype=np.int32), language)
    assert len(poor) == len(start)
    assert poor.text().strip() == poor.text().rstrip()
    return poor.text().strip()


@pytest.mark.parametrize(("rich", "poor", "same"), [
    ("The ferry, uh, sails again.", "the ferry sails again", "the ferry sails again"),
    (">> THE FERRY SAILS [APPLAUSE] AGAIN", "the ferry sails again", "the ferry sails again"),
    ("a 72-hour cease-fire", "a 72 hour cease fire", "a 0 hour cease fire"),
    ("some 2.5 million crowns", "some two point five million crowns", ""),     # "point" stays: not everything can be levelled
    ("25 boats", "twenty five boats", "0 boats"),
    ("Twenty-five boats", "25 boats", "0 boats"),
    ("10,000 people at 4:45", "ten thousand people at four forty five", "0 people at 0"),
    ("the 1st of May", "the 1st of may", "the 0 of may"),
    ("twenty one boats", "21 boats", "0 boats"),
    ("the one who paid", "THE ONE WHO PAID", "the one who paid"),
    ("Bevarra's mayor doesn’t know", "bevarra's mayor doesn't know", "bevarra's mayor doesn't know"),
    ("U.S. ships", "US ships", "us ships"),
])
def test_rich_and_poor_captions_level_alike(rich: str, poor: str, same: str) -> None:
    if same:
        assert level(rich) == level(poor) == same
    else:
        assert level(rich) != level(poor)


def test_other_languages() -> None:
    assert level("Äh, fünfundzwanzig Schiffe und zwei Fähren", "de") == "fünfundzwanzig schiffe und 0 fähren"
    assert level("Euh, vingt et un bateaux", "fr") == "0 et un bateaux"
    assert level("L'accord du port", "fr") == "l'accord du port"
    assert level("one 2 three", "xx") == "one 0 three"


def test_a_token_keeps_its_time() -> None:
    tokens = tokenise("um the 72-hour truce", "en")
    poor, start = levelled(tokens, np.array([0, 100, 200, 300], np.int32), "en")
    assert list(zip(poor.forms, start.tolist(), strict=True)) == [("the", 100), ("0", 200), ("hour", 200), ("truce", 300)]


def test_nothing_but_fillers() -> None:
    poor, start = levelled(tokenise("Uh, um.", "en"), np.array([0, 1], np.int32), "en")
    assert (len(poor), len(start), poor.text()) == (0, 0, "")


WORDS = st.lists(st.sampled_from(["ferry", "mayor", "doesn't", "Ellery's", "talks", "U.S.", "quay", "uh"]), min_size=1, max_size=12)


@given(WORDS, st.data())
def test_case_and_marks_make_no_difference(words: list[str], data: st.DataObject) -> None:
    marks = st.sampled_from([" ", ", ", ". ", " >> ", " [Music] ", "? ", " — "])
    rich = "".join(data.draw(st.sampled_from([word, word.upper(), word.title()])) + data.draw(marks) for word in words)
    assert level(rich) == level(" ".join(words))


@given(st.text(st.characters(codec="latin-1", exclude_characters="¼½¾"), max_size=60))  # whose norm is three characters
def test_levelling_is_final(text: str) -> None:
    once = level(text)
    assert level(once) == once


@pytest.mark.parametrize(("form", "word"), [
    ("Ferry", "ferry"), ("U.S.", "us"), ("25", "0"), ("twenty-five", "0"), ("cease-fire", "fire"), ("uh", ""), ("'s", ""), ("n't", ""),
    ("’ll", ""), ("l'", ""), ("o'clock", "o'clock")])
def test_a_token_as_heard_is_one_word_or_none(form: str, word: str) -> None:
    assert as_heard(form, "en") == word
