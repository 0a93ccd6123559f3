"""Tables of 80 columns: every measure fits, and keeps what it is read by."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from crosscut.cli.app import app
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.room import lesser_first
from tests.studies import PLAIN, built, record

SETTINGS = PLAIN + ('[[events]]\ndate = "2025-01-19"\nlabel = "The vote"\n[naming.held.en.alternatives]\n'
                    'captive = "captive*"\nprisoner = "prisoner*"\n')
WIDTH = 80


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Three outlets over two months; rates of four digits and more."""
    random, records = np.random.default_rng(1), []
    for number, outlet in enumerate(("en_AAA", "en_BBB", "en_CCCCC")):
        for n in range(40):
            text = " ".join(["they held the captives in the neighbourhood and called for the truce at once"] * int(random.poisson(1 + number))
                            + ["the prisoners are free now and people speak of many things"] * int(random.poisson(2))
                            + ["nothing else is said of the quay and the ships that lie there"] * 10)
            records.append(record(f"{outlet[-1]}{n:010}", text, outlet=outlet, date=f"2025{1 + n // 20:02}{1 + n % 20:02}"))
    return built(tmp_path_factory.mktemp("room") / "s", records, SETTINGS)


@pytest.mark.parametrize(("words", "kept"), [
    ("contrast truce", "first second hits other_hits log_ratio low high p_adjusted"),
    ("contrast truce captives", "query first second log_ratio low high p_adjusted"),
    ("contrast truce --within month", "first second log_ratio low high p_adjusted"),
    ("trend truce", "outlet month hits videos per_million low high"),
    ("trend truce captives", "query outlet month hits videos per_million low high"),
    ("trend truce --changes --period day", "outlet period p log_ratio low high"),
    ("trend truce captives --changes", "query outlet p log_ratio low high"),
    ("keyness --where outlet=en_CCCCC --reference outlet=en_AAA", "lemma target_per_million reference_per_million lrc low high"),
    ("keyness --where outlet=en_CCCCC --sort log_ratio", "lemma target_per_million reference_per_million log_ratio low high"),
    ("keyness --where outlet=en_CCCCC --sort superiority", "lemma superiority"),
    ("keyness --by outlet --ngram 3", "outlet ngram target_per_million lrc log_ratio low high"),
    ("keyness --by outlet --quick", "outlet lemma target_per_million lrc log_ratio"),
    ("collocates truce", "lemma together videos log_dice low high"),
    ("collocates truce --sort delta_p", "lemma together videos log_dice delta_p"),
    ("collocates truce --by outlet", "lemma outlet together videos log_dice difference low high"),
    ("naming held", "outlet alternative hits of share low high"),
    ("naming held --by outlet,month", "outlet month alternative hits of share low high"),
    ("naming held --show differences", "group other alternative difference low high"),
    ("naming held --show differences --by outlet,month", "group other alternative difference low high"),
    ("naming held --show test", "videos hits cramers_v p"),
    ("naming held --show drift", "outlet alternative videos_with_any change p"),
])
def test_a_table_fits(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, words: str, kept: str) -> None:
    monkeypatch.setattr("crosscut.cli.common.terminal_width", lambda: WIDTH)
    more = ["--replicates", "100"] if "test" not in words and "drift" not in words else []
    found = CliRunner().invoke(app, [*words.split(), *more, "--corpus", str(corpus.study.folder)])
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert len(lines) > 2
    assert [line for line in lines if len(line) > WIDTH] == []
    assert [name for name in kept.split() if name not in lines[0].split()] == []


def test_what_is_empty_goes_first_and_what_is_sorted_by_stays() -> None:
    rows = [("war", "en_A", 1, None, ""), ("war", "en_B", 2, None, "few")]
    columns = ("query", "outlet", "hits", "event", "note")
    assert lesser_first(columns, rows, ("note", "hits", "query", "event"), constant=("query",)) == ("event", "note", "hits", "query")
    several = [*rows, ("peace", "en_A", 1, None, "")]
    assert lesser_first(columns, several, ("note", "query", "hits"), constant=("query",), keep="hits") == ("note",)
