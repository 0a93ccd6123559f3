from __future__ import annotations

from itertools import pairwise

from crosscut.sample import load
from crosscut.sample.speech import (
    Word,
    break_lines,
    chance,
    mishear,
    proper_words,
    say,
    sentences,
    without_marks,
)

from .standin import TEXT, lines, words


def test_words_follow_each_other() -> None:
    for one, other in pairwise(words()):
        assert one.start < one.end <= other.start


def test_nothing_is_lost_or_added() -> None:
    assert " ".join(word.text for word in words()).split() == TEXT.split()


def test_rate_is_that_of_speech() -> None:
    spoken = [say(video.text, video.id) for video in load().videos if video.text]
    rate = sum(map(len, spoken)) / sum(one[-1].end for one in spoken) * 1000
    assert 2.4 < rate < 2.8


def test_speakers_and_sounds() -> None:
    texts = [word.text for word in words()]
    assert ">> Is" in texts
    assert "[Music]" in texts
    assert "[ __ ]" in texts


def test_french_blanks_belong_to_the_word() -> None:
    texts = [word.text for word in say("« Otages » ou non ? Oui : c'est « cela ».", "x")]
    assert texts == ["« Otages »", "ou", "non ?", "Oui :", "c'est", "« cela »."]


def test_lines_are_short_and_complete() -> None:
    assert [word for line in lines() for word in line] == words()
    assert all(len(" ".join(word.text for word in line)) <= 40 for line in lines())
    assert all(not word.text.startswith(">>") for line in lines() for word in line[1:])
    assert ["[Music]"] in [[word.text for word in line] for line in lines()]


def test_a_long_word_has_a_line_of_its_own() -> None:
    long = Word("x" * 60, 0, 500)
    assert break_lines([long, Word("y", 500, 600)]) == [[long], [Word("y", 500, 600)]]


def test_sentences_do_not_end_at_abbreviations() -> None:
    texts = [" ".join(word.text for word in one) for one in sentences(words())]
    assert ">> Is it the tide, Dr. Noon?" in texts
    assert texts.count("Nothing.") == 2
    assert any("R.P.A. at 4:45 p.m., and" in text for text in texts)


def test_without_marks() -> None:
    text = " ".join(word.text for word in without_marks(words()))
    assert "good evening the ferry is late again and nobody knows why it's the third time" in text
    assert "is it the tide dr noon [Music] nothing nothing nothing I've asked the rpa at 4:45 p.m. and 10,000" in text
    assert "what a [ __ ] mess uh it'll be 3.5 hours" in text
    assert ">>" not in text


def test_names_keep_their_capitals() -> None:
    proper = proper_words([TEXT])
    assert {"Noon", "Low", "High", "Quay"} <= proper
    assert not {"Good", "It's", "Is"} & proper
    assert "RPA" in " ".join(word.text for word in without_marks(words(), proper))


def test_mishearing_is_the_same_for_the_same_sentence() -> None:
    names = {"Noon": ["new", "known"]}
    text = "Dr. Noon was there. And Noon's bag? Noon, Noon and Noontide."
    heard = mishear(text, names)
    assert heard == mishear(text, names)
    assert "Noontide" in heard
    assert mishear(">> Noon came.", names) == ">> " + mishear("Noon came.", names)
    assert mishear(text, {}) == text


def test_six_names_in_ten_are_misheard() -> None:
    scripts = load()
    names = {name: ["\N{BULLET}"] for name in scripts.misheard}
    texts = [video.text for video in scripts.videos]
    wrong = sum(mishear(text, names).count("\N{BULLET}") for text in texts)
    kept = sum(mishear(mishear(text, names), names, "again").count("\N{BULLET}") for text in texts) - wrong
    assert 0.5 < wrong / (wrong + kept / 0.6) < 0.7


def test_chance_depends_on_names_only() -> None:
    assert chance("a", 1) == chance("a", 1) != chance("a", 2)
    assert 0.45 < sum(chance("mean", at) for at in range(2000)) / 2000 < 0.55
