"""The page's chapter of stories: only where a layer has them, everything from outside is text, pictures stand in the page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from crosscut.building import build
from crosscut.importing import import_
from crosscut.reporting import report, stories
from crosscut.reporting.gather import gather
from crosscut.reporting.page import commands
from crosscut.workbench.corpus import Corpus, open_corpus
from tests.reporting.test_page import BAD, Outline
from tests.studies import PLAIN, built, make_study, record, write_records
from tests.workbench.stories import many_stories, write_stories

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAwS2OUAAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return many_stories(tmp_path_factory.mktemp("page") / "s")


@pytest.fixture(scope="module")
def html(corpus: Corpus) -> str:
    return report(corpus).read_text(encoding="utf-8")


def test_without_a_layer_there_is_no_chapter(tmp_path: Path) -> None:
    corpus = built(tmp_path, [record("N0000000001", "a truce"), record("N0000000002", "a truce", outlet="en_BBB")], PLAIN)
    assert stories.stories(corpus, gather(corpus), ["truce"]) is None
    assert 'id="stories"' not in report(corpus).read_text(encoding="utf-8")
    corpus = write_stories(corpus, {"N0000000001": [(0, 2, "x")]})
    assert stories.stories(corpus, gather(corpus), ["truce"], "outlet=en_BBB") is None


def test_what_the_chapter_says(corpus: Corpus, html: str) -> None:
    found = stories.stories(corpus, gather(corpus), ["truce"])
    assert found
    assert (found.many, found.matched, len(found.largest), len(found.told)) == (26, 14, 10, 5)
    assert [one.label for one in found.largest[:3]] == ["story-1", "story-2", "story-0"]      # three outlets tell these
    assert found.largest[0].words == {row["outlet"]: row["words"] for row in corpus.story("story-1").to_dicts()}
    assert found.compared
    assert found.compared.finding.measure == "compare_naming"
    assert found.told[0].about.label == "story-1"
    assert [row["title"] for row in found.told[0].titles] == [row[3] for row in corpus.story_titles("story-1").rows]
    for words in ("26 stories, of which 14 are told by two outlets or more", "Which words are used for ‘the crews’ where outlets",
                  "Who tells it, and at what length.", "Story 1 of en_A", "crosscut compare --naming held --seed 7",
                  "crosscut compare --story story-1"):
        assert words in html, words
    outline = Outline(html)
    assert len(set(outline.values("id"))) == len(outline.values("id"))
    assert "#stories" in outline.values("href")
    assert not {"script", "link", "iframe"} & {tag for tag, _ in outline.tags}


def test_a_term_is_drawn_with_the_names_of_outlets(corpus: Corpus) -> None:
    found = stories._drawn(corpus.compare("truce", replicates=200), "truce", {"en_A": "The A"})
    assert found.picture is not None
    assert not any("en_A" in note for note in found.notes)
    nothing = stories._drawn(corpus.compare("zebra", replicates=200), "zebra", {})
    assert nothing.picture is None


def test_hostile_titles_and_names_are_text_and_pictures_need_no_network(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN)
    records = [record(f"N000000000{n}", "the captive waits and the captive says that all is said " * 9, outlet=outlet,
                      title=f"{BAD}title {n}") for n, outlet in enumerate(("en_AAA", "en_BBB"))]
    picture = tmp_path / "in" / "x [N0000000000].png"
    paths = write_records(tmp_path / "in", records)
    picture.write_bytes(PNG)
    import_(study, [*paths, picture])
    build(study)
    corpus = open_corpus(study.folder)
    told = {f"N000000000{n}": [(0, 500, f"s {BAD}")] for n in (0, 1)}
    corpus = write_stories(corpus, told)
    html = report(corpus, ["captive"]).read_text(encoding="utf-8")
    outline = Outline(html)
    images = [attributes["src"] for tag, attributes in outline.tags if tag == "img"]
    assert images == [f"data:image/png;base64,{base64.b64encode(PNG).decode()}"]
    assert "script" not in {tag for tag, _ in outline.tags}
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on")]
    assert "where they tell the same story" in html
    facts = gather(corpus)
    found = stories.stories(corpus, facts, ["captive"])
    assert found
    assert found.compared
    assert found.compared.finding.measure == "compare"
    assert all("\n" not in command for _, command in commands(_asked(), facts, (), found))


def _asked() -> Any:
    from crosscut.reporting.asking import Asked

    return Asked((), "", 7, 1000, 0.95, "month", (), 0, 2, {})


def test_pictures_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "b.png").write_bytes(b"<svg onload=alert(1)>")
    titles = [{"video": name, "thumbnail": f"{name}.png"} for name in "abc"]
    assert set(stories._pictures(tmp_path, titles, [10_000])) == {"a"}
    assert stories._pictures(tmp_path, titles, [10]) == {}
