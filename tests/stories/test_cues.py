"""Cues at their places: marks, formulas of four languages, pauses, capitals; and what a segment is told to be."""

from __future__ import annotations

import numpy as np
import pytest

from crosscut.stories import cues, formulas
from crosscut.stories.kinds import AD, OTHER, STORY, TEASER, in_capitals, kind_of
from crosscut.tokens import SPEAKER, norm, tokenise


def said(text: str, language: str = "en") -> list[tuple[str, str]]:
    forms = tokenise(text, language).forms
    return [(" ".join(forms[start:end]), kind) for start, end, kind in formulas.said(list(map(norm, forms)), language)]


@pytest.mark.parametrize("language", sorted(formulas.FORMULAS))
def test_every_formula_is_found_as_it_is_written(language: str) -> None:
    listed = formulas.FORMULAS[language]
    assert set(listed) == set(formulas.KINDS)
    for kind, texts in listed.items():
        for text in texts.split("|"):
            assert (" ".join(tokenise(text, language).forms), kind) in said(f"zzz {text} zzz", language)


def test_formulas_however_they_are_typed() -> None:
    assert ("LET ’S TURN TO", formulas.TURN) in said("LET’S TURN TO the harbour")
    assert ("Still to come", formulas.TEASE) in said("Still to come, the ferry.")
    assert said("Still to come, the ferry.", "xx") == []
    assert ("VENONS - EN À", formulas.TURN) not in said("VENONS au port", "fr")


def test_marks_before_tokens() -> None:
    tokens = tokenise("one >> two >>> three [Music] four >> > five six")
    before = cues.marked(tokens.afters, len(tokens))
    table = cues.table(tokens.forms, before, None, (), np.arange(len(tokens)), "en")
    shown = {word: [name for name, found in zip(cues.CUES, row, strict=True) if found]
             for word, row in zip(tokens.forms, table.tolist(), strict=True)}
    assert shown == {"one": [], "two": [cues.SPEAKERS], "three": [cues.STORY], "four": [cues.SOUNDS], "five": [cues.STORY], "six": []}


def test_formulas_and_chapters_near_a_beginning() -> None:
    text = "a b c thank you a b c d e f now to the harbour a b c d e f g"
    forms = tokenise(text).forms
    units = np.array([0, 5, 11, 16])
    table = cues.table(forms, np.zeros(len(forms), np.int64), None, (16, 99), units, "en")
    names = [{name for name, found in zip(cues.CUES, row, strict=True) if found} for row in table.tolist()]
    assert names == [set(), {cues.THANKED}, {cues.TURN, cues.THANKED}, {cues.CHAPTER, cues.THANKED}]


def test_silences() -> None:
    starts = np.array([0, 300, 2_400, 2_600, -1, 9_000])
    assert cues.silences(starts, 6).tolist() == [False, False, True, False, False, False]
    assert not cues.silences(None, 3).any()


def test_sentences_that_nobody_marked_begin_after_marks_and_every_so_often() -> None:
    before = np.zeros(50, np.int64)
    before[20] = SPEAKER
    assert np.flatnonzero(cues.begins(before, None)).tolist() == [0, 15, 20, 35]


def test_capitals_give_way_and_come_back() -> None:
    words = [*["NEWS"] * 12, *["Buy", "our", "tea"] * 5, *["BACK"] * 12]
    into, out = cues.capitals(words)
    assert 12 in np.flatnonzero(into)
    assert 27 in np.flatnonzero(out)
    assert not (into & out).any()
    small = cues.capitals(["all", "in", "small", "Letters"] * 20)
    assert not small[0].any()
    assert not small[1].any()


def test_what_a_segment_is() -> None:
    def kind(text: str, capitals: bool = False) -> str:
        return kind_of(tokenise(text).forms, "en", capitals)

    assert kind("The ferry ran aground on Monday near the old harbour") == STORY
    assert kind("Fresh tea from the hills, now in a bigger box", capitals=True) == AD
    assert kind("Fresh tea from the hills, now in a bigger box") == STORY
    assert kind("Ask your doctor about tea. Side effects are rare.") == AD
    assert kind("Still to come, the ferry and the bridge") == TEASER
    assert kind("That's all from us for now") == OTHER
    assert kind("Good evening, I'm here in the studio") == OTHER
    assert in_capitals(["THE", "FERRY", "ran", "AGROUND"])
    assert not in_capitals(["The", "ferry", "RAN", "aground"])
