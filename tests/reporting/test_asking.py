"""What is asked, of whom, and which zeros are no answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscut.figures.colours import PALETTE, colours
from crosscut.reporting import queries
from crosscut.reporting.asking import ask
from crosscut.reporting.page import glued
from crosscut.reporting.queries import Group
from crosscut.workbench.corpus import Corpus
from tests.studies import PLAIN, built, record

LISTS = PLAIN + '[words]\nheld = ["captive", "peace talks", "talk*"]\nempty = []\n'


def small(folder: Path, settings: str = PLAIN) -> Corpus:
    text = "the captive spoke of peace talks"
    records = [record(f"aaaaaaaaa{n:02}", text, date=f"2023{9 + n % 3:02}04") for n in range(12)]
    records += [record("bbbbbbbbbb1", "le captif parle de paix", outlet="fr_BBB", date="20230905")]
    return built(folder, records, settings)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return small(tmp_path_factory.mktemp("asking"), LISTS)


def test_queries_default_to_the_word_lists(corpus: Corpus) -> None:
    assert queries.groups(corpus, ()) == (
        Group("held", ('[lemma="captive"]', "peace talks", "talk*"), "a word list of the study file"),)


def test_words_are_asked_as_written_where_no_language_has_lemmas(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "captive words", outlet="xx_AAA")], LISTS)
    assert queries.groups(corpus, ())[0].queries[0] == '[norm="captive"]'


def test_queries_that_are_named_are_asked_one_by_one_and_once(corpus: Corpus) -> None:
    assert [group.name for group in queries.groups(corpus, ["a", '[lemma="b"]', "a"])] == ["a", "b"]


def test_without_lists_the_most_frequent_nouns_are_asked(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("aaaaaaaaaa1", "The river rose. A river of words. The harbour is a harbour.")],
                   '[study]\nseed = 7\n[annotate]\njobs = 1\n')
    assert queries.frequent_nouns(corpus) == ["harbour", "river", "word"]
    assert queries.groups(corpus, ())[0].queries == ('[lemma="harbour"]', '[lemma="river"]', '[lemma="word"]')


def test_without_lists_and_tags_nothing_is_asked(tmp_path: Path) -> None:
    assert queries.groups(small(tmp_path), ()) == ()


def test_rates_are_those_of_freq(corpus: Corpus) -> None:
    asked = ask(corpus, queries.groups(corpus, ["captive"]))
    answer = asked.sections[0].answers[0]
    expected = corpus.freq("captive", by=["outlet"]).to_dicts()[0]
    rate = answer.by_outlet["en_AAA"]
    assert (rate.hits, rate.words, rate.low, rate.high) == (12, 72, expected["low"], expected["high"])
    assert rate.hollow
    assert (answer.hits, len(answer.lines), asked.seed) == (12, 12, 7)
    assert [period.key for period in asked.periods] == ["2023-09", "2023-10", "2023-11"]
    assert answer.over_time["en_AAA", "2023-10"].hits == 4


def test_a_language_without_any_hit_is_not_drawn_as_zero(corpus: Corpus) -> None:
    section = ask(corpus, queries.groups(corpus, ["captive"])).sections[0]
    assert (section.outlets, section.silent, section.silent_outlets) == (("en_AAA",), ("fr",), ("fr_BBB",))
    nothing = ask(corpus, queries.groups(corpus, ["zebra"])).sections[0]
    assert (nothing.outlets, nothing.silent) == (("en_AAA", "fr_BBB"), ())


def test_conditions_narrow_what_is_asked(corpus: Corpus) -> None:
    asked = ask(corpus, queries.groups(corpus, ["captive"]), "month=2023-09 outlet=en_AAA")
    assert (asked.videos, asked.sections[0].answers[0].hits, asked.periods) == (4, 4, ())
    assert asked.exclusions == {"not asked for (--where)": 9}


def test_colours_are_checked_and_lent() -> None:
    found = colours({"a": "#0072b2", "b": "red;}</style>", "c": "", "d": "#12345"})
    assert found == {"a": "#0072b2", "b": PALETTE[1], "c": PALETTE[2], "d": PALETTE[3]}
    assert len(colours({str(n): "" for n in range(20)})) == 20


@pytest.mark.parametrize(("right", "expected"), [
    (", prisoners", (",", "prisoners")), ("'s crew", ("'s", "crew")), ("? >> No", ("?", ">> No")),
    ("hadn't", ("", "hadn't")), ("[Applause]", ("", "[Applause]")), ("", ("", "")), ("…", ("…", "")),
])
def test_marks_stay_with_the_word_before_them(right: str, expected: tuple[str, str]) -> None:
    assert glued(right) == expected
