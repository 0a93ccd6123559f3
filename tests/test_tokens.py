"""What is a word: the same whether captions came punctuated or not, and the text is never changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crosscut import tokens as tokens_module
from crosscut.model import Transcript
from crosscut.tokens import COMMA, SOUND, SPEAKER, TERMINAL, Tokens, marks, norm, token_times, tokenise, word

LANGUAGES = st.sampled_from(["en", "fr", "it", "ar", "de", "", "und", "en-US"])
PARTS = ["'", "’", "ʼ", "-", "\u2011", ".", ",", ":", "&", "_", "[", "]", "[Music]", "[ __ ]", ">>", "♪", " ", "\n", "\u00a0",
         "\u00ad", "\u0301", "\u064b", "\u200c", "\ud800", "\0", "U.S.", "don't", "l'eau", "10,000", "a", "B", "9", "é", "ß", "س"]
ANY_TEXT = st.one_of(st.text(st.characters(exclude_categories=())), st.lists(st.sampled_from(PARTS)).map("".join))


@given(ANY_TEXT, LANGUAGES)
@settings(max_examples=400)
def test_forms_and_marks_give_the_text_back(text: str, language: str) -> None:
    tokens = tokenise(text, language)
    assert tokens.text() == text
    assert len(tokens.forms) == len(tokens.afters) == len(tokens.offsets) == len(tokens)
    for form, offset in zip(tokens.forms, tokens.offsets.tolist(), strict=True):
        assert form
        assert text[offset : offset + len(form)] == form
        assert not any(character.isspace() for character in form)
        assert any(character.isalnum() for character in form)
    assert not any(character.isalnum() for character in re.sub(r"\[[^\[\]\n]{0,200}\]", "", tokens.before))


# -- the same words, however they were typed ---------------------------------------------------------------------------

# Without ı, whose capital I is another letter's in every language but Turkish and its kin, and two old ligatures.
LETTERS = st.characters(categories=["Ll"], max_codepoint=0x17F, exclude_characters="ıŉſ")
PLAIN = st.text(LETTERS, min_size=1, max_size=8)
SPECIAL = st.sampled_from([
    "don't", "can't", "we're", "it's", "bevarra's", "couldn't've", "10,000", "10000", "3.5", "4:45", "72-hour", "covid-19",
    "news.example", "at&t", "q&a", "o'clock", "o’brien", "us", "us's", "us-backed", "non-us", "am", "pm", "aujourd'hui", "1990s"])
WORDS = st.lists(st.one_of(PLAIN, SPECIAL), min_size=1, max_size=12)
BEFORE = st.sampled_from(["", '"', "“", "(", ">> ", "[Music] ", "♪ ", "- ", "— ", "¿", "'"])
AFTER = st.sampled_from(["", ".", ",", "?", "!", ";", ":", "…", "...", '."', "”", ")", " —", " [Applause]", "—", "?!"])
DOTTED = {"us": "u.s.", "us's": "u.s.'s", "us-backed": "u.s.-backed", "non-us": "non-u.s.", "am": "a.m.", "pm": "p.m."}


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


CASES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str.lower, str.upper, capital])
# A full stop that touches two lower-case letters makes a name of a site; a capital one is a sentence run together.
CASED_BY_LETTER = {"news.example"}


def layers(text: str) -> list[str]:
    return [norm(form) for form in tokenise(text).forms]


@given(WORDS, st.data())
@settings(max_examples=300)
def test_punctuation_and_capitals_change_no_count(plain: list[str], data: st.DataObject) -> None:
    typed = []
    for bare in plain:
        case = data.draw(CASES)
        dotted = DOTTED.get(bare, bare) if data.draw(st.booleans()) else bare
        cased = dotted if bare in CASED_BY_LETTER else case(dotted)
        curly = cased.replace("'", "’") if data.draw(st.booleans()) else cased
        after = data.draw(AFTER)
        typed.append(data.draw(BEFORE) + curly + after + ("" if after == "—" else " "))
    assert layers("".join(typed)) == layers(" ".join(plain))
    words_typed = [word(form).casefold().replace("’", "'") for form in tokenise("".join(typed)).forms]
    assert words_typed == [word(form).casefold().replace("’", "'") for form in tokenise(" ".join(plain)).forms]
    assert glued("".join(typed)) == glued(" ".join(plain))


def glued(text: str) -> list[bool]:
    """Which tokens are written together with the next one: what denominators do not count."""
    return [after == "" for after in tokenise(text).afters[:-1]]


@given(ANY_TEXT)
@settings(max_examples=200)
def test_norm_of_a_norm_is_the_norm(text: str) -> None:
    for form in tokenise(text).forms:
        assume(not re.search("[㏂㏘]", form))  # squared a.m., p.m.: nobody types them
        assert norm(norm(form)) == norm(form)


def test_a_name_and_its_adjective_and_a_longer_word_are_never_mixed() -> None:
    counts = Counter(layers("Israelis in Israel: war, wars; toward the war. Israeli's Israel's"))
    assert (counts["israel"], counts["israelis"], counts["israeli"]) == (2, 1, 1)
    assert (counts["war"], counts["wars"], counts["toward"]) == (2, 1, 1)


@pytest.mark.parametrize(("text", "forms"), [
    ("Bevarra's plan", ["Bevarra", "'s", "plan"]),
    ("don't can't won’t", ["do", "n't", "ca", "n't", "wo", "n’t"]),
    ("couldn't've", ["could", "n't", "'ve"]),
    ("they're I'll he'd I'm", ["they", "'re", "I", "'ll", "he", "'d", "I", "'m"]),
    ("IT'S", ["IT", "'S"]),
    ("the hostages' families", ["the", "hostages", "families"]),
    ("'quoted' o'clock", ["quoted", "o'clock"]),
    ("10,000 3.5 4:45 72-hour 1,5", ["10,000", "3.5", "4:45", "72-hour", "1,5"]),
    ("in 2024. 10 more, 20: yes", ["in", "2024", "10", "more", "20", "yes"]),
    ("U.S. and US at 9 a.m. sharp", ["U.S.", "and", "US", "at", "9", "a.m.", "sharp"]),
    ("U.S.-backed non-U.S. U.S.'s", ["U.S.-backed", "non-U.S.", "U.S.", "'s"]),
    ("the U.S", ["the", "U.S"]),
    ("Go to news.example now", ["Go", "to", "news.example", "now"]),
    ("end.Next", ["end", "Next"]),
    ("AT&T at&t R & D", ["AT&T", "at&t", "R", "D"]),
    ("[ __ ] that [Music] >> He said", ["that", "He", "said"]),
    ("a\u00a0b\u2003c\u3000d\te", ["a", "b", "c", "d", "e"]),
    ("co\u00adoperate", ["co\u00adoperate"]),
    ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ("well—no… yes", ["well", "no", "yes"]),
    ("", []),
    (" ... >> [Music] ", []),
    ("one [unclosed two", ["one", "unclosed", "two"]),
    ("one] two", ["one", "two"]),
])
def test_english_tokens(text: str, forms: list[str]) -> None:
    assert tokenise(text).forms == forms


@pytest.mark.parametrize(("text", "language", "forms"), [
    ("l'accord d’Ostrava qu'il n'a", "fr", ["l'", "accord", "d’", "Ostrava", "qu'", "il", "n'", "a"]),
    ("aujourd'hui", "fr", ["aujourd'hui"]),
    ("L'U.R.S.S. jusqu'à", "fr-CA", ["L'", "U.R.S.S.", "jusqu'", "à"]),
    ("dell'accordo l'uomo", "it", ["dell'", "accordo", "l'", "uomo"]),
    ("l'accord", "de", ["l'accord"]),
    ("don't", "fr", ["don't"]),
    ("don't", "fil", ["don't"]),
    ("قَالَ الرَّئِيسُ", "ar", ["قَالَ", "الرَّئِيسُ"]),
])
def test_tokens_of_other_languages(text: str, language: str, forms: list[str]) -> None:
    assert tokenise(text, language).forms == forms


@pytest.mark.parametrize(("one", "other"), [
    ("قَالَ", "قال"), ("الســلام", "السلام"), ("10,000", "10000"), ("1,000,000", "1000000"), ("U.S.", "us"), ("p.m.", "PM"),
    ("Straße", "STRASSE"), ("don’t", "don't"), ("co\u00adop", "coop"), ("72\u2011hour", "72-hour"), ("ﬁre", "fire"),
    ("e\u0301te\u0301", "été"), ("U.S.-backed", "US-backed"), ("Ǆ", "ǆ"),
])
def test_same_norm(one: str, other: str) -> None:
    assert norm(one) == norm(other)


@pytest.mark.parametrize(("one", "other"), [
    ("3.5", "35"), ("4:45", "445"), ("1,5", "15"), ("10,00", "1000"), ("1,0000", "10000"), ("war", "wars"), ("été", "ete"),
    ("news.example", "newsexample"), ("don't", "dont"),
])
def test_other_norm(one: str, other: str) -> None:
    assert norm(one) != norm(other)


@pytest.mark.parametrize(("between", "found"), [
    (" ", 0), ("", 0), (". ", TERMINAL), ("؟ ", TERMINAL), ("… ", TERMINAL), (" >> ", SPEAKER), (". >> ", TERMINAL | SPEAKER),
    (" [Music] ", SOUND), (" ♪ ", SOUND), (", ", COMMA), ("، ", COMMA), (" — ", COMMA), (" [What?!] ", SOUND),
    (" [a, b] ", SOUND), ("> ", 0),
])
def test_marks(between: str, found: int) -> None:
    assert marks(between) == found


# -- times -------------------------------------------------------------------------------------------------------------


def transcript(text: str, anchors: list[tuple[int, int, int]], *, word_timed: bool) -> Transcript:
    offsets, starts, ends = (np.array([anchor[n] for anchor in anchors], np.int32) for n in range(3))
    return Transcript(text, offsets, starts, ends, word_timed)


def test_a_word_starts_with_its_anchor() -> None:
    text = "It's over now."
    given_ = transcript(text, [(0, 100, 400), (5, 400, 900), (10, 900, 1_000)], word_timed=True)
    start, estimated = token_times(tokenise(text), given_)
    assert (start.tolist(), estimated) == ([100, 100, 400, 900], False)  # It, 's, over, now


def test_words_of_a_cue_are_spread_over_it_by_characters() -> None:
    text = "abcd efgh. ijkl mnop"
    start, estimated = token_times(tokenise(text), transcript(text, [(0, 1_000, 2_100), (11, 5_000, 5_900)], word_timed=False))
    assert (start.tolist(), estimated) == ([1_000, 1_500, 5_000, 5_500], True)


def test_no_anchors_no_times() -> None:
    start, estimated = token_times(tokenise("a b"), transcript("a b", [], word_timed=False))
    assert (start.tolist(), estimated) == ([-1, -1], False)
    assert start.dtype == np.int32


@given(st.lists(st.tuples(st.sampled_from(["one", "two.", "three", "it's", "[Music]", ">> no"]), st.integers(0, 3_000),
                          st.integers(0, 3_000)), min_size=1, max_size=8))
def test_estimates_never_go_back_and_stay_in_their_cue(cues: list[tuple[str, int, int]]) -> None:
    text, anchors, time = "", [], 0
    for piece, gap, length in cues:
        time += gap
        anchors.append((len(text), time, time + length))
        time += length
        text += piece + " "
    tokens: Tokens = tokenise(text)
    start, _ = token_times(tokens, transcript(text, anchors, word_timed=False))
    for token, offset in zip(start.tolist(), tokens.offsets.tolist(), strict=True):
        _, begin, end = [anchor for anchor in anchors if anchor[0] <= offset][-1]
        assert begin <= token <= end
    assert (np.diff(start) >= 0).all()


PLAINLY = re.compile(tokens_module._TOKEN.pattern.replace(tokens_module._QUICK + "|", ""))


@given(ANY_TEXT)
def test_what_is_found_first_changes_nothing(text: str) -> None:
    """The quick alternative of the pattern against the pattern without it."""
    assert tokens_module._TOKEN.split(text) == PLAINLY.split(text)
    joined = text.join(["don't", "U.S.", "e\u0301a", "10,000", "a-b", "AT&T"])
    assert tokens_module._TOKEN.split(joined) == PLAINLY.split(joined)
