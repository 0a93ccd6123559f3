"""The test corpus is the same for the same seed and opens as a study; our answers are what a scan of its arrays gives."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import crosscut
from benchmarks.engine import index, page
from benchmarks.engine.material import Made, Maker, Parameters
from benchmarks.engine.measuring import warm
from benchmarks.engine.plain import ANSWERS, TERMS_OF, Plain, agree, log_likelihood
from benchmarks.engine.queries import QUERIES
from benchmarks.engine.vocabulary import TAGS, invented, types_of
from tests.helpers.corpora import quick

SMALL = Parameters(20_000, batch=2_500)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = Made(tmp_path_factory.mktemp("engine"), SMALL, invented())
    with quick():
        assert index.measure(made)["bytes_of_words"] > 8
    return made


@pytest.fixture(scope="module")
def plain(made: Made) -> Plain:
    return Plain(made.plain)


def tokens(parameters: Parameters) -> dict[str, Any]:
    pieces = list(Maker(parameters, invented()).pieces())
    return {"types": np.concatenate([piece.types for piece in pieces]),
            "heads": np.concatenate([piece.columns["head"] for piece in pieces]),
            "sizes": [int(piece.bounds[-1]) for piece in pieces]}


def test_the_same_seed_makes_the_same_tokens_and_another_seed_others() -> None:
    one, again, other = (tokens(replace(SMALL, seed=seed)) for seed in (1, 1, 2))
    assert len(one["types"]) == sum(one["sizes"]) == 20_000
    assert max(one["sizes"][:-1]) <= 6_000
    assert np.array_equal(one["types"], again["types"])
    assert np.array_equal(one["heads"], again["heads"])
    assert not np.array_equal(one["types"][:1000], other["types"][:1000])


def test_what_a_video_is_made_of() -> None:
    maker = Maker(Parameters(400_000, batch=100_000), invented())
    assert 1_100 < np.median(maker.lengths) < 1_700
    assert maker.lengths[:-1].min() >= 200
    assert maker.lengths.max() <= 6_000
    for piece in maker.pieces():
        place = np.arange(int(piece.bounds[-1])) + piece.columns["head"]
        video = np.repeat(np.arange(len(piece.bounds) - 1), np.diff(piece.bounds))
        assert np.array_equal(video[place], video), "a head outside its video"
        assert (piece.columns["start"][piece.bounds[:-1]] == 0).all()
        assert (piece.columns["flags"][piece.bounds[:-1]] & 1).all()


def test_a_form_has_one_type_where_it_has_one_reading() -> None:
    vocabulary = invented()
    types = types_of(vocabulary)
    one = np.flatnonzero(vocabulary.first == vocabulary.second)
    drawn = np.unique(tokens(SMALL)["types"])
    assert not np.isin(2 * one + 1, drawn).any()
    assert len(types["form"]) == 2 * len(vocabulary)
    assert types["tag"][0] == TAGS[vocabulary.first[0]]


def test_it_opens_as_a_study_and_its_counts_are_right(made: Made, plain: Plain) -> None:
    corpus = crosscut.open(made.folder / "study")
    assert int(corpus.mask().words.sum()) == 20_000
    assert len(corpus.files.catalog) == len(plain.bounds) - 1
    term = plain.terms["frequent"][0]
    lemma = np.array(plain.about["lemma"], object)[plain.types]
    found = corpus.kwic(f'[lemma="{term["lemma"]}"]')
    assert found.hits == int(np.count_nonzero(lemma == term["lemma"])) > 0
    assert found.notes == ()


def test_the_index_is_made_again_and_the_tokens_are_not(made: Made) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.annotated.iterdir()}
    with quick():
        index.measure(made)
    assert {path: path.stat().st_mtime_ns for path in made.annotated.iterdir()} == before


def test_every_query_has_words_and_a_right_answer(plain: Plain) -> None:
    assert list(QUERIES) == list(ANSWERS) == list(TERMS_OF)
    assert all(plain.terms[name] for name in TERMS_OF.values())
    words = {name: len({str(term) for term in terms}) for name, terms in plain.terms.items()}
    assert min(words.values()) >= 6, "warm calls would ask for the same word twice"


@pytest.mark.parametrize("name", QUERIES)
def test_our_answers_are_those_of_a_scan(made: Made, plain: Plain, name: str) -> None:
    corpus, query = crosscut.open(made.folder / "study"), QUERIES[name]
    if not hasattr(corpus, query.method):
        pytest.skip(f"Corpus.{query.method} is not there")
    for term in plain.terms[TERMS_OF[name]][:4]:
        assert agree(ANSWERS[name](plain, term), query.answer(query.ask(corpus, term))), term


def test_log_likelihood_is_that_of_the_four_cell_table() -> None:
    one, other = np.array([30.0, 70.0]), np.array([10.0, 190.0])
    expected = 2 * (30 * np.log(30 / (40 / 3)) + 10 * np.log(10 / (80 / 3)))
    assert log_likelihood(one, other)[0] == pytest.approx(expected)
    assert log_likelihood(one, other)[1] == 0


def test_answers_agree_by_their_scores() -> None:
    assert agree([("a", 2.0), ("b", 2.0)], [["b", 2.0], ["a", 2.0]])
    assert not agree([("a", 2.0)], [["a", 2.1]])
    assert agree([3, 2], [3, 2])
    assert not agree(3, 4)


def test_each_warm_call_asks_for_another_word() -> None:
    asked: list[str] = []
    timed = warm(asked.append, list("abcdef"))
    assert timed["calls"] == 6
    assert asked == [*"abcdef", "f"], "and once more for the last, to see a cache of results"


def test_the_section_takes_the_place_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"cpu_ms": 2.0, "cold_wall_ms": 50.0, "cache_dropped": True}
    peer = {"queries": {"Q1": {"cpu_ms": 30.0, "what": "a word form"}}, "lacks": {"Q3": "no parts of speech"}, "build_cpu_s": 1.0,
            "bytes_a_token": 4.0, "start_ms": 20.0, "peak_mb": 10.0}
    size = {"limits": {"copy_gb_per_s": 1.0, "gather_m_per_s": 1.0, "bincount_m_per_s": 1.0}, "start": {},
            "index": {"not_measured": "why not"}, "ours": {"Q1": row, "Q2": {"not_measured": "not there"}},
            "peers": {"conc": peer, "nltk": {"not_measured": "up to a million"}}}
    results = {"1000": size, "10000": size}
    text = page.section(results)
    assert "| Q1: 50 lines of a frequent lemma | 2 | 5 | 50 | 15×* |" in text
    assert "Not measured: Q2 (not there)." in text
    assert "nltk: not measured, up to a million." in text
    assert "| Q1 | 2 | 2 | 0.00 |" in text
    monkeypatch.setattr(page, "RESULTS", tmp_path / "none.json")
    assert page.with_section(f"# P\n\n{text}") == f"# P\n\n{text}"
    page.RESULTS.write_text(json.dumps({"1000": size}))
    again = page.with_section(f"# P\n\n{text}")
    assert again.startswith("# P\n\n## The query engine")
    assert again.count(page.TITLE) == 1
