"""Titles and descriptions without what outlets repeat, chapters, and the words and names of pieces."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from crosscut.ledger import Ledger
from crosscut.query.spans import Spans
from crosscut.workbench.called import distinct, new_id, new_name
from crosscut.workbench.described import Chapter, chapters, descriptions, own_descriptions, own_titles
from crosscut.workbench.wording import Terms, names, words
from tests.helpers.corpora import Doc, Tok, corpus


def test_parts_that_an_outlet_repeats_are_left_out() -> None:
    titles = [f"What happened in place {n} | The Evening | Channel A" for n in range(5)]
    found = own_titles([*titles, "What happened | Channel A"], [*["a"] * 5, "b"])
    assert found == [*(f"What happened in place {n}" for n in range(5)), "What happened | Channel A"]


def test_lines_and_sentences_that_an_outlet_repeats_are_left_out() -> None:
    texts = [f"A ferry sank near pier {n}. Our reporter has more.\n\nSubscribe: https://news.example/{n}\nFOLLOW us @news!"
             for n in range(4)]
    assert own_descriptions(texts, ["a"] * 4) == [f"A ferry sank near pier {n}." for n in range(4)]


def test_hostile_titles_and_descriptions_take_no_longer_than_others() -> None:
    blanks, letters = " " * 300_000, "a" * 300_000
    began = time.process_time()
    assert own_titles([f"One{blanks}two | | three"], ["a"]) == [f"One{blanks}two | | three"]  # nothing is left out
    assert own_descriptions([f"{letters} me@post.example\n(you@post.example) (#tag) end"], ["a"]) == [f"{letters}  \n  ( ) end"]
    assert time.process_time() - began < 5


def test_what_few_videos_share_stays() -> None:
    assert own_descriptions(["One thing. Said twice.", "Another. Said twice.", ""], ["a", "a", "a"]) == [
        "One thing.\nSaid twice.", "Another.\nSaid twice.", ""]


@pytest.mark.parametrize(("text", "found"), [
    ("0:00 Start\n1:30 - The ferry\n1:02:03 Weather", [(0, "Start"), (90, "The ferry"), (3723, "Weather")]),
    ("See:\n(00:00) Start\n[05:10] The ferry\n12:00: Weather\nThanks", [(0, "Start"), (310, "The ferry"), (720, "Weather")]),
    ("0:00 Start\n1:30 Two", []), ("0:10 Start\n1:30 Two\n2:00 Three", []), ("0:00 Start\n2:00 Two\n1:30 Three", []),
    ("At 10:30 the ferry sank", []), ("", []),
])
def test_chapters_are_read_as_the_platform_reads_them(text: str, found: list[tuple[int, str]]) -> None:
    assert chapters(text) == [Chapter(*one) for one in found]


def test_the_description_that_is_believed_counts(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger, ledger.change():
        for video in ("youtube:a", "youtube:b", "youtube:c"):
            ledger.add_video(video, "youtube", video[-1], "2024-01-01")
        ledger.add_statement("youtube:a", "info", "2024-01-01", "2024-01-01", {"description": "older"})
        ledger.add_statement("youtube:a", "info", "2024-01-02", "2024-01-02", {"description": "newer", "title": "T"})
        ledger.add_statement("youtube:a", "listing", "2024-01-03", "2024-01-03", {"description": "a list's"})
        ledger.add_statement("youtube:b", "info", "2024-01-01", "2024-01-01", {"title": "says \"description\""})
        ledger.add_statement("youtube:c", "info", "2024-01-01", "2024-01-01", {"description": ""})
        assert descriptions(ledger) == {"youtube:a": "newer"}
        assert descriptions(ledger, "2024-01-01") == {"youtube:a": "older"}


def tok(form: str, pos: str = "", lemma: str = "", entity: str = "", flags: int = 0) -> Tok:
    return Tok(form, lemma=lemma, pos=pos, entity=entity, flags=flags)


DOCS = [
    Doc("youtube:aaaaaaaaaaa", (tok("The", "DET", "the", "GPE", 4), tok("Ferries", "NOUN", "Ferry", "GPE"), tok("sank", "VERB", "sink"),
                                tok("Ferries", "NOUN", "Ferry"), tok("John", "PROPN", "John", "PERSON", 4),
                                tok("Roe", "PROPN", "Roe", "PERSON"), tok("Ann", "PROPN", "Ann", "PERSON", 4))),
    Doc("youtube:bbbbbbbbbbb", (tok("today", "NOUN", "today", "DATE", 4), tok("ANN", "PROPN", "ann", "PERSON", 4),
                                tok("'s", "PART", "'s", "PERSON"), tok("it", "PRON", "it"))),
    Doc("youtube:ccccccccccc", (tok("Bonjour"), tok("bonjour"), tok("a"), tok("Monde"))),
]


def test_terms_are_lemmas_of_content_words_and_norms_where_there_are_none() -> None:
    with corpus(DOCS, [[0, 2], [1]]) as files:
        terms = Terms.of(files)
        parts = Spans(np.array([0, 0, 1, 2]), np.array([0, 3, 0, 0]), np.array([2, 7, 4, 4]))
        found = words(files, terms, parts, np.array([0, 0, 1, 2]), 3).to_dense()
        said = {terms.values[row]: found[row].tolist() for row in np.flatnonzero(found.any(1))}
    assert said == {"ferry": [2, 0, 0], "john": [1, 0, 0], "roe": [1, 0, 0], "ann": [1, 1, 0], "today": [0, 1, 0],
                    "bonjour": [0, 0, 2], "monde": [0, 0, 1]}


def test_titles_say_the_terms_that_the_words_have() -> None:
    with corpus(DOCS) as files:
        terms = Terms.of(files)
        assert [terms.values[code] for code in terms.coded("The ferries SANK again", "en")] == ["ferry", "sink", "again"]


def test_names_are_whole_and_without_articles() -> None:
    with corpus(DOCS, [[1, 2], [0]]) as files:
        parts = Spans(np.array([0, 0, 1, 2]), np.array([0, 2, 0, 0]), np.array([2, 7, 4, 4]))
        found = names(files, parts, np.array([0, 1, 2, 3]), 4)
        dense = found.counts.to_dense()
        said = {found.values[row]: dense[row].tolist() for row in range(len(dense))}
    assert said == {"ferries": [1, 0, 0, 0], "john roe": [0, 1, 0, 0], "ann": [0, 1, 1, 0]}
    assert set(found.shown) == {"Ferries", "John Roe", "ANN"}


def test_without_names_marked_proper_nouns_that_stand_together_are_names() -> None:
    docs = [Doc("youtube:aaaaaaaaaaa", (tok("John", "PROPN"), tok("Roe", "PROPN"), tok("met", "VERB"), tok("Ann", "PROPN"))),
            Doc("youtube:bbbbbbbbbbb", (tok("Roe", "PROPN"),))]
    with corpus(docs) as files:
        parts = Spans(np.array([0, 1]), np.array([0, 0]), np.array([4, 1]))
        found = names(files, parts, np.array([0, 1]), 2)
    assert sorted(found.values) == ["ann", "john roe", "roe"]


def test_ids_are_made_of_day_and_terms_and_never_given_twice() -> None:
    assert new_id("2025-01-30", ["Plane", "Potomac River", "crash"], ()) == "2025-01-30-plane-potomac-river"
    assert new_id("2025-01-30", ["Reagan National Airport Authority", "Plane", "Étretat"], ()) == "2025-01-30-plane-etretat"
    assert new_id("", ["x"], {"undated-x"}) == "undated-x-2"
    assert new_id("2025-01-30", [], {"2025-01-30", "2025-01-30-2"}) == "2025-01-30-3"
    assert new_id("2025-01-30", ["الحرب", "战争"], ()) == "2025-01-30-الحرب-战争"


def test_names_and_terms() -> None:
    assert new_name("A  title\n", ["x"]) == "A title"
    assert new_name("", ["a", "b", "c", "d", "e"]) == "a, b, c, d"
    assert distinct(["Elon Musk", "musk", "Musket", "elon", "DOGE"]) == ["Elon Musk", "Musket", "DOGE"]
