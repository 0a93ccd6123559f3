"""Both views of a measure, asked for or because captions are of unlike kinds; and what they leave of a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

import crosscut
from crosscut.measure.finding import Finding, Source
from crosscut.workbench.twice import _compared
from crosscut.workbench.views import LEVEL, ask_both
from tests.studies import PLAIN, make_study, record, write_records

WRITTEN = ["The truce holds, officials said. Talks go on."] * 3
HEARD = ["the truce holds officials said talks go on"] * 3


def two_outlets(folder: Path, *, levelled: bool) -> crosscut.Corpus:
    study = make_study(folder / "s")
    records = [record(f"{letter}{n:010}", text, outlet=f"en_{letter}")
               for letter, texts in (("A", WRITTEN), ("B", HEARD)) for n, text in enumerate(texts)]
    crosscut.import_(study, write_records(folder / "in", records))
    crosscut.build(study, levelled=levelled)
    return crosscut.open(study.folder)


def test_unlike_captions_are_given_in_both_views_where_both_are_built(tmp_path: Path) -> None:
    corpus = two_outlets(tmp_path, levelled=True)
    asked = {"queries": ["truce"], "by": ["outlet"]}
    both = ask_both(corpus, "freq", asked, always=False)
    assert both.source.view == "both"
    assert [row["moves"] for row in both.to_dicts()] == [0, 0]
    one = ask_both(corpus, "freq", {**asked, "where": "outlet=en_A"}, always=False)
    assert one.source.view == "found"
    assert not any("--levelled" in note for note in one.notes)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> crosscut.Corpus:
    """Twelve videos of an outlet; levelled, a word with a hyphen is two, of which one is what is counted."""
    folder = tmp_path_factory.mktemp("split")
    study = make_study(folder / "s", 'naming.talk.en.alternatives = ["truce", "talks"]\n' + PLAIN)
    records = [record(f"A{n:010}", f"the truce holds, the {'truce-line' if n % 2 or n > 15 else 'truce'} holds. talks {'go on' * (n % 4)}",
                      outlet="en_A" if n % 2 else "en_B", date=f"202309{n + 1:02}") for n in range(24)]
    crosscut.import_(study, write_records(folder / "in", records))
    crosscut.build(study, levelled=True)
    return crosscut.open(study.folder)


@pytest.mark.parametrize(("measure", "asked"), [
    ("dispersion_strips", {"queries": ["truce"]}), ("network", {"query": "holds", "layer": "norm", "limit": 3}),
    ("naming_test", {"name": "talk", "permutations": 99}), ("naming_drift", {"name": "talk", "permutations": 99})])
def test_measures_without_limits_move_by_their_effect(split: crosscut.Corpus, measure: str, asked: dict[str, object]) -> None:
    both = ask_both(split, measure, asked, always=True)
    assert both.source.view == "both"
    moved = [row for row in both.to_dicts() if row["moves"]]
    assert moved
    for row in moved:
        found, levelled = row[both.effect], row[f"levelled_{both.effect}"]
        assert row["moves"] == pytest.approx(levelled / found - 1 if both.effect == "per_million" else levelled - found)


def test_where_they_cannot_be_had_a_note_says_what_would_show_it(tmp_path: Path) -> None:
    corpus = two_outlets(tmp_path, levelled=False)
    found = ask_both(corpus, "freq", {"queries": ["truce"], "by": ["outlet"]}, always=False)
    assert found.source.view == "found"
    assert any("crosscut build --levelled" in note for note in found.notes)


def test_a_question_that_the_levelled_view_cannot_answer_is_answered_as_found(tmp_path: Path) -> None:
    corpus = two_outlets(tmp_path, levelled=True)
    found = ask_both(corpus, "freq", {"queries": ["cease-fire"], "by": ["outlet"]}, always=False)
    assert found.source.view == "found"
    assert any("--view both says why" in note for note in found.notes)
    with pytest.raises(crosscut.CrosscutError, match="writes 'cease fire'"):
        ask_both(corpus, "freq", {"queries": ["cease-fire"], "by": ["outlet"]}, always=True)


RATIO = Finding("keyness", "", ("word", "log_ratio", "low", "high"), (), {}, Source("", ""), {}, effect="log_ratio", difference=True)
RATE = Finding("freq", "", ("query", "per_million", "low", "high"), (), {}, Source("", ""), {}, effect="per_million")


@pytest.mark.parametrize(("finding", "found", "levelled", "expected"), [
    (RATIO, [2.0, 1.0, 3.0], [1.9, 0.9, 2.9], (pytest.approx(-0.1), "differs")),
    (RATIO, [2.0, 1.0, 3.0], [0.5, 0.1, 0.9], (pytest.approx(-1.5), "differs")),
    (RATIO, [1.0, 0.5, 1.5], [-0.2, -0.9, 0.5], (pytest.approx(-1.2), "no larger than what the captions do")),
    (RATIO, [2.0, 1.0, 3.0], [1.5, -0.1, 2.9], (pytest.approx(-0.5), "no difference shown")),
    (RATIO, [2.0, None, None], [1.5, 0.1, 2.9], (pytest.approx(-0.5), "")),
    (RATIO, [None, None, None], [1.5, 0.1, 2.9], (None, "")),
    (RATE, [10.0, 8.0, 12.0], [11.0, 9.0, 13.0], (pytest.approx(0.1), "")),
    (RATE, [0.0, 0.0, 12.0], [11.0, 9.0, 13.0], (None, "")),
])
def test_what_two_views_leave_of_a_difference(
        finding: Finding, found: list[float | None], levelled: list[float | None], expected: tuple[float | None, str]) -> None:
    assert _compared(finding, LEVEL, found, levelled, 0) == expected
