"""The page: nothing in it runs, nothing is fetched, and everything that came from outside is text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from crosscut.errors import QueryError
from crosscut.reporting import report
from crosscut.workbench.corpus import Corpus, open_corpus
from tests.studies import built, record

BAD = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
STUDY = f"""
[study]
name = '''{BAD}name'''
description = '''{BAD}description'''
seed = 7
[frame]
claim = '''{BAD}claim'''
[annotate]
jobs = 1
models = {{ en = "none", ar = "none" }}
[outlets.en_AAA]
name = '''{BAD}outlet'''
colour = '''red"/><script>'''
[outlets.ar_BBB]
colour = "#0072B2"
[[events]]
date = 2023-09-10
label = '''{BAD}event'''
[words]
'held <b>' = ["captive", '''"zebra"|"{BAD[2:10]}"''']
"""
ARABIC = "قال الوزير إن captive كلمة"


class Outline(HTMLParser):
    """Tags, headings, ids, links and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name))]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    records = [record(f"aaaaaaaaa{n:02}", f"the captive's <b>words</b> & {BAD} more \u202e", title=f"{BAD}title & {n}",
                      date=f"2023{9 + n % 3:02}04") for n in range(12)]
    records.append(record("bbbbbbbbbb1", ARABIC, outlet="ar_BBB", date="20230905"))
    return built(tmp_path_factory.mktemp("page"), records, STUDY)


@pytest.fixture(scope="module")
def html(corpus: Corpus) -> str:
    return report(corpus).read_text(encoding="utf-8")


def test_the_page_lies_in_the_study(corpus: Corpus, html: str) -> None:
    assert report(corpus) == corpus.study.folder / "out" / "report.html"
    assert html.startswith("<!DOCTYPE html>")
    assert str(corpus.study.folder) not in html


def test_hostile_texts_are_texts(html: str) -> None:
    tags = {tag for tag, _ in Outline(html).tags}
    assert not tags & {"script", "img", "iframe", "object", "link", "form", "base"}
    assert not [name for _, attributes in Outline(html).tags for name in attributes if name.startswith("on")]
    for what in ("name", "description", "claim", "outlet", "event", "title &amp; 3"):
        assert f"&gt;{what}" in html, what
    assert "held &lt;b&gt;" in html
    assert "\u202e" not in html
    assert '--c:red' not in html


def test_nothing_is_fetched(html: str) -> None:
    outline = Outline(html)
    assert not outline.values("src")
    assert "url(" not in html
    assert "@import" not in html
    links = [(attributes["href"] or "", attributes.get("rel")) for tag, attributes in outline.tags if tag == "a"]
    outside = [(href, rel) for href, rel in links if not href.startswith("#")]
    assert outside
    assert all(re.fullmatch(r"https://youtu\.be/[\w-]{11}(\?t=\d+)?", href) for href, _ in outside)
    assert {rel for _, rel in outside} == {"noreferrer noopener"}
    assert html.count("http") == len(outside) + html.count("http-equiv")


def test_the_policy_allows_styles_only(html: str) -> None:
    policy = [attributes["content"] for tag, attributes in Outline(html).tags if "http-equiv" in attributes]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"]


def test_the_page_can_be_read_aloud(html: str) -> None:
    outline = Outline(html)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = outline.values("id")
    assert len(ids) == len(set(ids))
    named = [name for value in outline.values("aria-labelledby") for name in value.split()]
    assert set(named) <= set(ids)
    assert {href[1:] for href in outline.values("href") if href.startswith("#")} <= set(ids)
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("table") == tags.count("caption")
    assert all(attributes.get("scope") for tag, attributes in outline.tags if tag == "th")
    assert dict(outline.tags)["html"]["lang"] == "en"


def test_lines_take_their_direction_from_their_words(html: str) -> None:
    assert '<p class="line" dir="auto"><span class="left"><span>قال الوزير إن</span></span>' in html


def test_the_same_corpus_gives_the_same_bytes(corpus: Corpus, html: str, tmp_path: Path) -> None:
    again = report(open_corpus(corpus.study.folder), output=tmp_path / "new" / "again.html")
    assert again.read_text(encoding="utf-8") == html


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode()) < 100_000


def test_every_number_says_how_to_get_it_again(corpus: Corpus, html: str) -> None:
    assert "crosscut freq &#39;[lemma=&#34;captive&#34;]&#39;" in html
    assert "--by outlet,month --seed 7" in html
    assert "<code>crosscut report</code>" in html
    assert corpus.files.manifest.result in html
    assert corpus.files.manifest.recipe[:12] in html


def test_one_query_and_conditions(corpus: Corpus, tmp_path: Path) -> None:
    path = report(corpus, ["words"], where="month>=2023-10", output=tmp_path / "one.html")
    html = path.read_text(encoding="utf-8")
    assert "videos with <code>month&gt;=2023-10</code> (8)" in html
    assert "not asked for (--where): 5" in html
    assert "All 8 hits, in random order (seed 7)." in html
    assert "crosscut report words --where &#39;month&gt;=2023-10&#39;" in html


def test_choice_sets_are_drawn_with_their_counts(tmp_path: Path) -> None:
    records = [record(f"aaaaaaaaa{n:02}", "the captive waits" if n % 2 else "the hostage waits",
                      outlet="en_AAA" if n % 3 else "en_BBB", date=f"202309{n + 1:02}") for n in range(24)]
    names = STUDY.replace("[words]", f"""
        [naming.held]
        referent = '''{BAD}people'''
        [naming.held.en.alternatives]
        captive = "captive"
        '{BAD}' = "hostage"
        [words]""")
    html = report(built(tmp_path, records, names)).read_text(encoding="utf-8")
    assert '<section id="n1" aria-labelledby="n1h">' in html
    assert not {tag for tag, _ in Outline(html).tags} & {"script", "img"}
    drawn = re.findall(r'<svg [^>]*class="drawn".*?</svg>', html, re.DOTALL)
    assert len(drawn) == 1
    assert ">captive<" in drawn[0]
    assert "http" not in drawn[0]
    assert "var(--ink" in drawn[0]
    assert "crosscut naming held --seed 7" in html
    assert '<td class="num">50%</td>' in html
    assert "id=\"n1\"" not in report(open_corpus(tmp_path), ["captive"], output=tmp_path / "q.html").read_text(encoding="utf-8")


def test_choice_sets_with_nothing_to_show_are_left_out_and_broken_ones_are_named(tmp_path: Path) -> None:
    sets = STUDY.replace("[words]", """
        [naming.unsaid.en]
        alternatives = ["zebra", "gnu"]
        [naming.elsewhere.fr]
        alternatives = ["otage", "captif"]
        [words]""")
    html = report(built(tmp_path / "s", [record("aaaaaaaaa01", "the captive waits")], sets)).read_text(encoding="utf-8")
    assert 'id="n1"' not in html
    broken = built(tmp_path / "t", [record("aaaaaaaaa01", "the captive waits")], sets.replace('"gnu"', '"[lemma="'))
    with pytest.raises(QueryError, match=r"naming\.unsaid\.en"):
        report(broken)


@pytest.mark.parametrize("where", ["outlet~nobody", "month=2023-10"])
def test_little_or_nothing_is_said_plainly(corpus: Corpus, tmp_path: Path, where: str) -> None:
    html = report(corpus, ["zebra"], where=where, output=tmp_path / "none.html").read_text(encoding="utf-8")
    assert "0 hits in 0 of" in html
    assert "No hits." in html
    assert ("No video fulfils the conditions." in html) == (where == "outlet~nobody")
