"""Segments of made-up shows: where they begin and why; the best way to cut against all ways; always the whole text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.stories import segments as module
from crosscut.stories.segments import CHAPTER, FORMULA, MARK, PAUSE, SHIFT, Segment, Speech, segments

COMMON, SUBJECTS, OWN = 50, 8, 150


def talk(subjects: Sequence[int], words: int, seed: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Term codes of so many words about each subject: half of them are words of all subjects."""
    random = np.random.default_rng(seed)
    parts = [np.where(random.random(words) < 0.5, random.integers(0, COMMON, words),
                      COMMON + OWN * subject + random.integers(0, OWN, words)) for subject in subjects]
    return np.concatenate(parts)


def background() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A corpus in which a subject's own words are rare."""
    return np.concatenate([np.full(COMMON, 20_000.0), np.full(OWN * SUBJECTS, 100.0)])


def speech(terms: np.ndarray[tuple[int, ...], np.dtype[np.int64]], **more: object) -> Speech:
    return Speech([f"w{code}" for code in terms.tolist()], terms, background=background(), **more)  # type: ignore[arg-type]


def starts(found: list[Segment]) -> list[int]:
    return [segment.start for segment in found]


def test_another_subject_is_another_segment() -> None:
    found = segments(speech(talk([0, 1, 2], 600)))
    assert starts(found) == [0, 600, 1_200]
    assert [segment.evidence for segment in found] == [(), (SHIFT,), (SHIFT,)]
    assert found[0].score == 1
    assert all(0.9 < segment.score < 1 for segment in found[1:])


def test_without_a_corpus_too() -> None:
    terms = talk([0, 1], 900)
    content = np.where(terms < COMMON, -1, terms)
    assert starts(segments(Speech(["w"] * len(terms), content))) == [0, 900]


def test_a_show_about_one_subject_is_one_segment() -> None:
    assert starts(segments(speech(talk([0], 3_000)))) == [0]


def test_a_subject_that_lasts_longer_than_any_segment_looked_at_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REACH", 700)
    text = speech(talk([0, 0, 1], 1_000))
    assert len(module._best(module._Text.of(text))) > 2
    assert starts(segments(text)) == [0, 2_000 - 2_000 % 15 + 15 * (2_000 % 15 > 7)]


def test_short_and_empty_videos() -> None:
    terms = talk([0, 1], module.WHOLE // 2)[: module.WHOLE - 1]
    assert segments(speech(terms)) == [Segment(0, len(terms))]
    assert segments(Speech([], np.zeros(0, np.int64))) == []


def small_talk() -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """1,200 words of all subjects: only cues can cut them."""
    return np.random.default_rng(1).integers(0, COMMON, 1_200)


def marked(terms: np.ndarray[tuple[int, ...], np.dtype[np.int64]], after: str) -> Speech:
    """1,200 words with a mark after the 600th."""
    return speech(terms, afters=[" "] * 599 + [after] + [" "] * 600)


def test_a_story_mark_begins_a_segment_and_a_speaker_mark_does_not() -> None:
    found = segments(marked(small_talk(), " >>> "))
    assert starts(found) == [0, 600]
    assert found[1].evidence == (MARK,)
    assert starts(segments(marked(small_talk(), " >> "))) == [0]


def test_a_story_mark_inside_one_subject_does_not_cut_it() -> None:
    assert starts(segments(marked(talk([0], 1_200), " >>> "))) == [0]


def test_chapters_and_formulas_with_a_pause_are_evidence() -> None:
    terms = small_talk()
    found = segments(speech(terms, chapters=[601]))
    assert (starts(found), found[1].evidence) == ([0, 601], (CHAPTER,))
    words = [f"w{code}" for code in terms.tolist()]
    words[600:605] = ["and", "welcome", "back", "now", "to"]
    times = np.arange(1_200) * 300 + np.where(np.arange(1_200) >= 600, 3_000, 0)
    found = segments(Speech(words, terms, starts=times, background=background()))
    assert starts(found) == [0, 600]
    assert found[1].evidence == (FORMULA, PAUSE)


def test_a_segment_begins_where_a_sentence_begins() -> None:
    begins = np.zeros(1_200, bool)
    begins[[0, 560, 603, 900]] = True
    assert starts(segments(speech(talk([0, 1], 600), begins=begins))) == [0, 603]
    assert begins.sum() == 4  # the caller's own array is left as it was


def test_an_advert_in_small_letters_among_capitals() -> None:
    terms = small_talk()
    words = [f"w{code}".upper() if not 400 <= place < 800 else f"tea{code}" for place, code in enumerate(terms.tolist())]
    begins = np.arange(1_200) % 10 == 0
    found = segments(Speech(words, terms, begins=begins, background=background()))
    assert [(segment.start, segment.label) for segment in found] == [(0, "story"), (400, "ad"), (800, "story")]


def test_the_best_way_is_the_best_of_all_ways() -> None:
    random = np.random.default_rng(3)
    for seed in range(5):
        terms = talk([0, 1, 0, 2], 60, seed)
        text = module._Text.of(speech(terms, begins=np.arange(240) % 30 == 0))
        text.cue[:] = random.normal(0, 4, 8)

        def worth(cut: tuple[int, ...], text: module._Text = text) -> float:
            edges = [0, *cut, 8]
            held = sum(module.SCALE * text.cohesion(a, b) for a, b in pairwise(edges))
            return float(held + sum(text.cue[first] for first in cut))

        ways = [cut for many in range(8) for cut in combinations(range(1, 8), many)]
        assert tuple(module._best(text)) == (0, *max(ways, key=worth))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_segments_are_the_whole_text_in_order(data: st.DataObject) -> None:
    many = data.draw(st.integers(1, 300))
    random = np.random.default_rng(data.draw(st.integers(0, 9)))
    terms = random.integers(-1, 12, many)
    afters = random.choice([" ", ". ", " >> ", " >>> ", " [Music] "], many, p=[0.8, 0.1, 0.04, 0.03, 0.03]).tolist()
    begins = random.random(many) < 0.2 if data.draw(st.booleans()) else None
    times = np.cumsum(random.integers(0, 3_000, many)) if data.draw(st.booleans()) else np.full(many, -1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WHOLE", 0)
        patch.setattr(module, "REACH", data.draw(st.sampled_from([30, 4_000])))
        words = random.choice(["one", "coming", "up", "TEA", "Now", "to"], many).tolist()
        found = segments(Speech(words, terms, afters, begins, times, chapters=[5, many]))
    assert found[0].start == 0
    assert found[-1].end == many
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(segment.start < segment.end and 0 < segment.score <= 1 for segment in found)
