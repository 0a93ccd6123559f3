"""A finding draws itself, with what it knows of the study."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from crosscut.errors import QueryError
from crosscut.figures import KINDS
from crosscut.measure.finding import Finding, Source
from crosscut.workbench.asking import MEASURES
from tests.studies import built, record

FINDING = Finding(
    measure="freq", question="Any?", columns=("query", "hits"), rows=(), parameters={}, exclusions={},
    source=Source("recipe0123456789", "result0123456789", tool="crosscut 9", speaks_for="A census of two outlets."))
#: Measures of a single number, of a slope without an interval, of dates, of words to choose from, of lists.
WITHOUT = {"naming_test", "naming_drift", "firsts", "suggest_naming", "stories", "story_pieces", "story", "story_words",
           "story_only", "story_shared", "story_titles", "story_passages", "copies", "copied", "copies_of"}
STUDY = """
[study]
name = "Two outlets"
[annotate]
jobs = 1
models = { en = "none" }
[outlets.en_AAA]
name = "The First"
colour = "#AA3377"
[[events]]
date = 2023-09-10
label = "The deal"
"""


def test_every_measure_has_a_figure_or_is_known_to_have_none() -> None:
    assert set(MEASURES) == set(KINDS) | {"network"} | WITHOUT


def test_a_corpus_draws_what_it_finds(tmp_path: Path) -> None:
    records = [record(f"aaaaaaaaa{n:02}", "peace talks " * (n % 3) + "at the border", date=f"202309{n + 1:02}",
                      outlet="en_AAA" if n % 2 else "en_BBB") for n in range(24)]
    corpus = built(tmp_path, records, STUDY)
    finding = corpus.freq("talks", by=["outlet"])
    svg = finding.plot().svg()
    for words in ("How often is ‘talks’ said, by outlet?", "The First", "#AA3377", "Source: Two outlets.", "n = 24 videos, 24 hits.",
                  finding.source.result[:12], "seed 1"):
        assert words in svg, words
    weekly = corpus.freq("talks", by=["outlet", "week"]).plot()
    assert "1 The deal, 10 Sep 2023" in weekly.svg()
    assert "in 2023-W35" in weekly.description
    with pytest.raises(QueryError, match="nothing to draw"):
        corpus.freq("talks", where="outlet~nobody").plot()


def test_a_network_is_laid_out_and_drawn() -> None:
    columns = ("node", "collocate", "order", "together", "hits", "alone", "videos", "log_dice", "delta_p")
    network = replace(FINDING, measure="network", columns=columns, labels=2, rows=(
        ("talks", "peace", 1, 4, 9, 12, 3, 11.5, 0.2), ("peace", "deal", 2, 3, 12, 5, 3, 9.5, 0.1)))
    figure = network.plot()
    assert {"talks", "peace", "deal"} <= set(re.findall(r">([^<]+)</text>", figure.svg()))
    assert network.plot().svg() == figure.svg()


@pytest.mark.parametrize(("where", "reference", "sides"), [
    ("outlet=a", "outlet=b", ("The A", "b")), ("date>=2024 outlet=a", "", ("date>=2024 outlet=a", "the others")),
])
def test_two_sides_are_called_by_the_names_of_outlets(where: str, reference: str, sides: tuple[str, str]) -> None:
    about = replace(FINDING, parameters={"where": where, "reference": reference}, look={"names": {"a": "The A"}}).about()
    assert about.sides == sides


def test_method_and_source_say_what_is_needed_to_ask_again() -> None:
    about = replace(FINDING, parameters={"level": 0.9, "replicates": 500, "seed": 3, "where": "outlet=a", "span": "first 60s",
                                         "unit": "day"}, asked="2026-11-24T10:00:00+00:00", look={"study": "Two"}).about()
    assert about.method == ("crosscut 9 freq, 90% intervals, 500 resamples of days, seed 3, videos with outlet=a, only first 60s, "
                            "corpus recipe012345 (recipe), result012345 (result)")
    assert (about.source, about.date, about.intervals) == ("Two. A census of two outlets.", "2026-11-24", "90% intervals over days")
