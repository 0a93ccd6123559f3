"""Absence through the whole of it: what is planted in the sample, gaps by the ledger, evidence, verifying, what is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crosscut.building import build
from crosscut.errors import QueryError
from crosscut.importing import import_
from crosscut.ledger import Ledger
from crosscut.sample import load, write
from crosscut.settings import read_study
from crosscut.store.layer import Layer, LayerSpan, write_layer
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.verifying import verify
from tests.studies import PLAIN, built, record

LITTLE = "too little collected to tell"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The sample study with its true stories as a layer; the long one is cut by fortnight."""
    folder = tmp_path_factory.mktemp("sample") / "study"
    write(folder)
    settings = (folder / "crosscut.toml").read_text("utf-8")
    (folder / "crosscut.toml").write_text(settings + '\n[annotate]\njobs = 1\nmodels = { en = "none", fr = "none" }\n', "utf-8")
    study = read_study(folder)
    import_(study, [folder / "captions"])
    build(study)
    corpus, spans = open_corpus(folder), []
    for video in load().videos:
        known = corpus.video(video.id)
        day = video.published[8:10]
        story = video.story if video.story != "talks" else f"talks-{video.published[:7]}{'ab'[day > '15']}"
        if known["tokens"] and video.published:
            spans.append(LayerSpan(known["video"], known["content"], 0, known["tokens"], story, 1.0, (("name", story.title()),)))
    write_layer(study.layers, Layer("stories", 1, "us", "scripts", "2024-01-12", tuple(spans)))
    return open_corpus(folder)


def row_of(corpus: Corpus, story: str, outlet: str, **more: object) -> dict[str, object]:
    finding = corpus.absence(**more)  # type: ignore[arg-type]
    found = [row for row in finding.to_dicts() if (row["story"], row["outlet"]) == (story, outlet)]
    assert len(found) == 1
    return found[0]


def test_stories_that_an_outlet_lacks_are_those_that_its_scripts_lack(sample: Corpus) -> None:
    told = {(video.story, outlet) for video in load().videos for outlet in (video.outlet, video.shared_with)}
    lacking = {(story, outlet) for story in ("storm", "wheat", "mayor", "rail", "hospital", "cup", "comet")
               for outlet in ("en_CIV", "en_HTV", "en_NWB", "en_PLN", "fr_RTM") if (story, outlet) not in told}
    assert lacking == {("storm", "en_PLN"), ("cup", "en_PLN"), ("comet", "en_HTV")}
    finding = sample.absence(limit=0)
    rows = {(row["story"], row["outlet"]): row for row in finding.to_dicts() if not str(row["story"]).startswith("talks")}
    # what the scripts have and the captions have not: a live scrap of the storm, a visit to the mayor that was never had
    assert {pair for pair in rows if pair not in lacking} == {("storm", "en_HTV"), ("mayor", "en_PLN")}
    assert lacking <= set(rows)
    assert {row["verdict"] for row in rows.values()} == {LITTLE}
    for row, evidence in zip(finding.to_dicts(), finding.evidence, strict=True):
        assert evidence is not None
        assert sample.lines(evidence, limit=1).hits == row["pieces"]
    assert any("not found in what was collected is not left out" in note for note in finding.notes)
    assert any("gaps unknown" in note for note in finding.notes)
    assert "ignor" not in finding.explain() + finding.question


def test_each_absence_has_what_could_explain_it(sample: Corpus) -> None:
    """Harbour TV has a live scrap of the storm, and two videos without a day."""
    row = row_of(sample, "storm", "en_HTV")
    assert (row["first"], row["last"], row["missing"], row["undated"], row["empty_days"]) == ("2023-11-04", "2023-11-06", 1, 2, 5)
    assert row["found_in"] == "en_NWB 2, en_CIV 1, fr_RTM 1"
    assert row["gaps"] == ("live captions with lost words: 1; undated: 2; no video on 5 of 5 days (usual: 79%); others unknown")
    assert row_of(sample, "comet", "en_HTV")["gaps"].startswith("undated: 2; no video on 6 of 6 days")  # type: ignore[attr-defined]


def test_a_known_title_of_the_gap_is_named(sample: Corpus) -> None:
    """Plainsong's walk through the market was never had: only its listing has it, and the word in its title."""
    row = next(row for row in sample.unsaid("new").to_dicts() if row["outlet"] == "en_PLN")
    assert "listed only: " in row["gaps"]
    assert row["titles"] == "‘Under the roof: a walk through Garvane market with the new mayor’"


def test_every_pair_where_asked(sample: Corpus) -> None:
    finding = sample.absence(every=True, limit=0, least_videos=1, least_words=100)
    rows = finding.to_dicts()
    assert {row["verdict"] for row in rows} == {"found", LITTLE}
    assert all(row["chance"] is None for row in rows if row["verdict"] == LITTLE)
    assert all(0 < row["chance"] < 1 for row in rows if row["chance"] is not None)
    assert sum(row["chance"] is not None for row in rows) == int(re.findall(r"of (\d+) pairs", finding.notes[0])[0])
    assert finding.plot().svg().startswith("<svg")


def test_an_answer_is_verified(sample: Corpus, tmp_path: Path) -> None:
    for name, finding in (("a.csv", sample.absence()), ("b.csv", sample.unsaid("storm", "talks"))):
        (tmp_path / name).write_text(finding.to_csv(), "utf-8")
        found = verify(sample.study.folder, tmp_path / name)
        assert (found.holds, found.differs) == (True, ())


# -- a planted absence ---------------------------------------------------------------------------------------------------


#: Who tells the small stories, by their numbers.
SMALL = ("AB", "CD", "AC", "BCD", "AD", "ABC", "BD", "AB", "CD", "ACD")


def made(folder: Path) -> Corpus:
    """Forty stories on a day each: ten small ones of two or three outlets, and large ones of all four; DDD lacks one of these.

    Beside them what all outlets have in these days.  One of DDD's videos of that day is only listed, another says the terms.
    """
    records, told = [], []
    for n in range(40):
        day, own = f"2023{9 + n // 28:02}{n % 28 + 1:02}", chr(97 + n % 26) * (1 + n // 26)
        for outlet in "ABCD":
            key, large = f"en_{outlet * 3}", n % 4
            for m in range(3):
                says = m == 0 if not large else True
                text = f"the thing{own} of place{own} was seen by people{own} who said thing{own} is good and place{own} is not bad"
                if (n, outlet) == (21, "D"):
                    text = f"thing{own} came to place{own} and people{own} saw it " + "rain and sun " * 4 if not m else "snow and wind " * 8
                elif not large and outlet not in SMALL[n // 4]:
                    says = False
                if says:
                    id = f"{outlet}{n:02}story{m}__"
                    records.append(record(id, text * 3, outlet=key, date=day, title="A day"))
                    told += [(id, n)] if (n, outlet) != (21, "D") else []
            records += [record(f"{outlet}{n:02}other{m}__", "rain and sun and wind again " * 4, outlet=key, date=day,
                               title="Weather") for m in range(3)]
    corpus = built(folder, records, PLAIN + LISTING)
    listing = folder / "list.tsv"
    listing.write_text("video\toutlet\tdate\theadline\nDlisted____\ten_DDD\t2023-09-22\tPeoplev and more\n", "utf-8")
    import_(corpus.study, [listing])
    build(corpus.study)
    corpus, spans = open_corpus(folder), []
    for id, n in told:
        known = corpus.video(id)
        spans.append(LayerSpan(known["video"], known["content"], 0, known["tokens"], f"s{n:02}", 1.0, (("name", f"Story {n}"),)))
    write_layer(corpus.study.layers, Layer("stories", 1, "us", "by hand", "2024-01-12", tuple(spans), of="earlier"))
    return open_corpus(folder)


LISTING = """
[mappings.list]
form = "tsv"
role = "listing"
language = "en"
platform = "youtube"
[mappings.list.fields]
id = "video"
outlet = "outlet"
title = "headline"
published = "date"
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return made(tmp_path_factory.mktemp("planted"))


def test_a_planted_absence_is_found_with_its_caveats(planted: Corpus) -> None:
    finding = planted.absence(least_words=20)
    row, *others = finding.to_dicts()
    assert (row["story"], row["outlet"], row["name"]) == ("s21", "en_DDD", "Story 21")
    assert row["verdict"] == "seldom by chance"
    assert row["chance"] < 0.05 < row["p_adjusted"]   # one of some ninety that are as sure to be told as one another
    assert (row["found_in"], row["pieces"], row["first"]) == ("en_AAA 3, en_BBB 3, en_CCC 3", 9, "2023-09-22")
    assert (row["missing"], row["undated"], row["empty_days"]) == (1, 0, 0)
    assert row["gaps"] == "listed only: 1; others unknown"
    assert row["titles"] == "‘Peoplev and more’"
    assert row["mention"] == 1
    assert set(row["terms"].split()) >= {"thingv", "placev", "peoplev"}
    assert {other["verdict"] for other in others} == {"could be chance"}
    assert {(int(other["story"][1:]) // 4, other["outlet"][3]) for other in others} == {
        (n, outlet) for n, has in enumerate(SMALL) for outlet in "ABCD" if outlet not in has}
    assert {other["gaps"] for other in others} == {"gaps unknown", "listed only: 1; others unknown",
                                                   "no video on 1 of 3 days (usual: 5%); others unknown"}
    assert any("earlier state of the corpus" in note for note in finding.notes)
    assert finding.notes[0].endswith("and 1 are")
    assert {row[1] for row in planted.absence(least_words=20, outlet="en_AAA").rows} == {"en_AAA"}


def test_with_attempts_on_record_nothing_is_unknown(planted: Corpus, tmp_path: Path) -> None:
    corpus = made(tmp_path)
    with Ledger(corpus.study.ledger) as ledger, ledger.change():
        ledger.db.execute("INSERT INTO attempts (at, what, outcome, detail) VALUES ('2023-09-22', 'en_DDD', 'done', '')")
    finding = corpus.absence(least_words=20)
    assert "listed only: 1" in [row["gaps"] for row in finding.to_dicts()]
    assert not any("gaps unknown" in note for note in finding.notes)


def test_a_word_that_others_say(planted: Corpus) -> None:
    row = next(row for row in planted.unsaid("placev").to_dicts() if row["outlet"] == "en_DDD")
    assert (row["hits"], row["found_in"]) == (3, "en_AAA 18, en_BBB 18, en_CCC 18, en_DDD 3")
    assert row["other_hits"] == 54
    assert row["expected"] > 0
    assert row["verdict"] in {"found", "seldom by chance", "hardly by chance", "too few words to compare with to tell"}


def test_what_is_refused(planted: Corpus) -> None:
    with pytest.raises(QueryError, match="no words of it"):
        planted.absence(outlet="en_XXX")
    with pytest.raises(QueryError, match="no second outlet"):
        planted.absence(where="outlet=en_AAA")
    with pytest.raises(QueryError, match="names are not marked"):
        planted.unsaid(of="persons")
    with pytest.raises(QueryError, match="asked of queries, or of persons or places"):
        planted.unsaid()


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "crosscut", "absence", *words], capture_output=True, text=True, cwd=cwd, check=False)


def test_the_command(planted: Corpus, tmp_path: Path) -> None:
    folder = planted.study.folder
    done = run("--least-words", "20", "--format", "json", "--figure", str(tmp_path / "a.svg"), cwd=folder)
    found = json.loads(done.stdout)
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
    assert [key for key in (*found["rows"][0], *found["parameters"]) if f"`{key}`" not in page] == []
    assert found["rows"][0]["lines"] == "crosscut kwic '<stories> []' --where 'outlet!=en_DDD' --span 'layer stories=s21'"
    assert "Story 21" in (tmp_path / "a.svg").read_text("utf-8")
    asked = json.loads(run("--query", "placev", "--format", "json", cwd=folder).stdout)
    assert asked["measure"] == "unsaid"
    assert [key for key in (*asked["rows"][0], *asked["parameters"]) if f"`{key}`" not in page] == []
    for words, code, message in (
        (("--seed", "3"), 2, "absence of stories has no --seed"), (("--of", "places", "--layer", "x"), 2, "--of places has no --layer"),
        (("--view", "both"), 2, "no --view both"), (("--of", "persons", "--query", "x"), 2, "one of the two"),
        (("--layer", "nothing"), 1, "no span layer 'nothing'"),
    ):
        refused = run(*words, cwd=folder)
        assert (refused.returncode, message in refused.stderr) == (code, True), refused.stderr
