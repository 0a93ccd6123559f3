"""Masks, their conditions and their denominators, against plain loops and by hand."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import NotFound, QueryError
from crosscut.model import GLUED
from crosscut.query import fields
from crosscut.query import inside as query_inside
from crosscut.query.mask import Mask, make_mask
from crosscut.selection import DEBRIS, SET_ASIDE_BY_KIND
from crosscut.store.batch import LAST_WORD_MS, LONGEST_WORD_MS
from crosscut.store.corpus import CorpusFiles, open_files
from crosscut.store.layer import Layer, LayerSpan, write_layer
from tests.helpers.corpora import Doc, Tok, corpus, words, write_corpus

from .patterns import DOCS, groupings

PUBLISHED = ["", "2023-12", "2024-01", "2024-01-05", "2024-01-31T23:30:00-05:00", "2024-02-01", "2025-12-30"]


@pytest.fixture
def files(tmp_path: Path) -> CorpusFiles:
    """Seven videos, of which each has its own date."""
    docs = [Doc(f"v:{n}", words("w " * (n + 1)), row={
        "published": published, "outlet": "en_AAA" if n < 4 else "fr_BBB", "title": f"Ceasefire {n}" if n % 2 else "War\ud800",
        "duration_ms": 60_000 * n, "punctuated": n % 2}) for n, published in enumerate(PUBLISHED)]
    return write_corpus(tmp_path, docs, [[3, 1], [0, 6, 5, 4, 2]])


@pytest.mark.parametrize(("conditions", "chosen"), [
    ("outlet=en_AAA", [0, 1, 2, 3]),
    ("outlet=EN_aaa", [0, 1, 2, 3]),
    ("outlet!=en_AAA", [4, 5, 6]),
    ("outlet=en_AAA|fr_BBB", [0, 1, 2, 3, 4, 5, 6]),
    ("outlet=fr_BBB outlet=en_AAA", []),
    ("outlet=en_AAA video!=v:0", [1, 2, 3]),
    ("title~ceasefire", [1, 3, 5]),
    ("title~'fire [13]$'", [1, 3]),
    ("title!~ceasefire", [0, 2, 4, 6]),
    ("title~war.$", [0, 2, 4, 6]),
    ("title='Ceasefire 3'", [3]),
    ("date=2024-01", [2, 3, 4]),
    ("date=2024-01-31", [4]),
    ("date=2024", [2, 3, 4, 5]),
    ("date=2024-01-05|2025", [3, 6]),
    ("date=", [0]),
    ("date>=2024-01-05", [2, 3, 4, 5, 6]),     # January 2024 may be it
    ("date>=2024-02", [5, 6]),
    ("date<2024-01-05", [1]),                  # and may not
    ("date<=2024-01-05", [1, 2, 3]),
    ("date>2024-01-05", [4, 5, 6]),
    ("date<=2024-01", [1, 2, 3, 4]),
    ("date>2024-01", [5, 6]),
    ("date<2024", [1]),
    ("day=2024-01-31", [4]),
    ("month=2024-01", [2, 3, 4]),
    ("month>=2024-01 month<=2024-02", [2, 3, 4, 5]),
    ("year=2024", [2, 3, 4, 5]),
    ("year!=2024", [0, 1, 6]),
    ("week=2024-W01", [3]),
    ("week=2026-W01", [6]),
    ("words>=5", [4, 5, 6]),
    ("words=3", [2]),
    ("words!=3", [0, 1, 3, 4, 5, 6]),
    ("words<2.5", [0, 1]),
    ("duration>180", [4, 5, 6]),
    ("duration<=60", [1]),
    ("punctuated=yes", [1, 3, 5]),
    ("punctuated=no", [0, 2, 4, 6]),
    ("flags=", [0, 1, 2, 3, 4, 5, 6]),
    ("", [0, 1, 2, 3, 4, 5, 6]),
])
def test_conditions(files: CorpusFiles, conditions: str, chosen: list[int]) -> None:
    mask = make_mask(files, conditions)
    assert np.flatnonzero(mask.videos).tolist() == chosen
    assert mask.words.tolist() == [n + 1 if n in chosen else 0 for n in range(7)]
    assert mask.question == conditions


@pytest.mark.parametrize(("conditions", "said"), [
    ("outlt=x", "did you mean outlet"),
    ("xyzzy=x", "known: outlet"),
    ("outlet", "is no condition"),
    ("=x", "is no condition"),
    ("Outlet=x", "is no condition"),
    ("title~'open", "No closing quotation"),
    ("title~(", "is not a regular expression"),
    ("title~\ud800(", "is not a regular expression"),
    ("outlet=zz", "no video has outlet 'zz'"),
    ("date>=yesterday", "is no date"),
    ("month=2024-1", "is no month"),
    ("words=many", "is a number"),
    ("words~3", "compares text"),
])
def test_what_cannot_be_read_is_a_query_error(files: CorpusFiles, conditions: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        make_mask(files, conditions)


@given(st.one_of(st.text(max_size=20), st.builds("{}{}{}".format, st.sampled_from(sorted(fields.COLUMNS)), st.sampled_from(
    ["=", "!=", "~", "!~", ">=", "<"]), st.text(max_size=8))))
@settings(max_examples=150)
def test_any_condition_is_answered_or_a_query_error(one_video: CorpusFiles, conditions: str) -> None:
    with suppress(QueryError):
        assert make_mask(one_video, conditions).words.tolist() in ([0], [2])


@pytest.fixture(scope="module")
def one_video(tmp_path_factory: pytest.TempPathFactory) -> CorpusFiles:
    return write_corpus(tmp_path_factory.mktemp("one"), [Doc("v:1", words("a b"), row={"published": "2024-01-05"})])


def test_a_hostile_regular_expression_is_linear(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a"), row={"title": "a" * 5_000 + "!"})])
    assert make_mask(files, "title~'(a*)*(a|aa)+(a+)+$'").words.tolist() == [0]


DATES = st.sampled_from([*PUBLISHED, "2024", "2024-01-05T10:00:00Z", "2024-01-05T09:00:00Z", "2024-02-01T00:00", "undated"])


def dated(text: str, operator: str, value: str) -> bool:
    """What a condition on ``date`` means, for one video."""
    if operator in {"=", "!="}:
        return (text == "" if not value else text[: len(value)].casefold() == value.casefold()) == (operator == "=")
    one, other = text[: len(value)], value[: len(text)]
    return bool(text) and {">=": one >= other, "<=": one <= other, ">": one > other, "<": one < other}[operator]


@given(st.lists(DATES, min_size=1, max_size=8), st.sampled_from(["=", "!=", ">=", "<=", ">", "<"]),
       st.sampled_from(["2024", "2024-01", "2024-01-05", "2024-01-05T09:30", "2023-12"]), st.booleans())
def test_dates_are_compared_as_far_as_they_are_written(published: list[str], operator: str, value: str, odd: bool) -> None:
    published = [*published, "2024-01-0\u0665"] if odd else published  # no date is like that, and none is taken for one
    with corpus([Doc(f"v:{n}", words("a"), row={"published": text}) for n, text in enumerate(published)]) as files:
        found = [int(number) for number in make_mask(files, f"date{operator}{value}").words]
        months = fields.values(files.catalog, "month")
    assert found == [int(dated(text, operator, value)) for text in published]
    assert months == [text[:7] if len(text) >= 7 else "" for text in published]


TITLES = st.lists(st.text(st.sampled_from("abA ß.\u0130é9"), max_size=6), min_size=1, max_size=6)
EXPRESSIONS = ["a", "A", "^a", "a$", "^$", "", "a*", "[^b]", "a[^b]b", r"\bA\b", r"\s", "(?i)b", "(?-m)^b", "(?-i)a", r"\Aa",
               r"b\z", "(a|b)+$", "^.{3}$", "ß", ".b", r"\Wa", "(?:a)b", "(?P<x>a)", r"\Qa.", r"\C", "a|^b", "(?s)a.b", r"a\nb", "$^"]


@given(TITLES, st.sampled_from(EXPRESSIONS), st.sampled_from(["~", "!~"]), st.sampled_from(["", "\n", "a\nb", "a\ud800b"]))
@settings(max_examples=300)
def test_titles_are_searched_one_by_one_or_as_lines_alike(titles: list[str], expression: str, operator: str, odd: str) -> None:
    titles = [*titles, odd]
    with corpus([Doc(f"v:{n}", words("a"), row={"title": title}) for n, title in enumerate(titles)]) as files:
        found = make_mask(files, f"title{operator}'{expression}'").videos.tolist()
        with patch.object(fields, "_lines", return_value=None):
            assert make_mask(files, f"title{operator}'{expression}'").videos.tolist() == found
        pattern = fields._pattern(expression)
    assert found == [(pattern.search(fields._printable(title)) is not None) == (operator == "~") for title in titles]


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_weeks_begin_on_monday_and_belong_to_the_year_of_their_thursday(day: date) -> None:
    thursday = day + timedelta(days=3 - day.weekday())
    number = (thursday - date(thursday.year, 1, 1)).days // 7 + 1
    assert fields._week(day.isoformat()) == f"{thursday.year}-W{number:02}"


def test_values_of_dates_are_given_as_far_as_they_are_known(files: CorpusFiles) -> None:
    catalog = files.catalog
    assert fields.values(catalog, "month") == ["", "2023-12", "2024-01", "2024-01", "2024-01", "2024-02", "2025-12"]
    assert fields.values(catalog, "day") == ["", "", "", "2024-01-05", "2024-01-31", "2024-02-01", "2025-12-30"]
    assert fields.values(catalog, "year") == ["", "2023", "2024", "2024", "2024", "2024", "2025"]
    assert fields.values(catalog, "week") == ["", "", "", "2024-W01", "2024-W05", "2024-W05", "2026-W01"]
    assert fields.values(catalog, "words") == ["1", "2", "3", "4", "5", "6", "7"]
    with pytest.raises(QueryError, match="did you mean month"):
        fields.values(catalog, "mont")


def test_what_is_set_aside_counts_only_when_it_is_asked_for(tmp_path: Path) -> None:
    translated, summary = SET_ASIDE_BY_KIND["translated"], SET_ASIDE_BY_KIND["summary"]
    docs = [Doc("v:1", words("a")), Doc("v:2", words("a b"), row={"kind": "translated", "status": translated}),
            Doc("v:3", words("a b c"), row={"kind": "summary", "status": summary})]
    files = write_corpus(tmp_path, docs, without_words=[
        Doc("v:4", (), row={"status": "outside the frame's dates"}), Doc("v:5", (), row={"status": "no captions"})])

    def asked(where: str) -> list[int]:
        return [int(number) for number in make_mask(files, where).words]

    assert asked("") == asked("video~v") == [1, 0, 0, 0, 0]
    assert asked("kind=translated") == [0, 2, 0, 0, 0]
    assert asked("kind=translated|automatic") == [1, 2, 0, 0, 0]
    assert asked("status~summary") == [0, 0, 3, 0, 0]
    assert asked("kind!=asr") == [1, 0, 0, 0, 0]  # what is not asked for stays set aside
    assert asked("status=usable") == [1, 0, 0, 0, 0]
    assert asked("status~frame") == asked("status='no captions'") == [0, 0, 0, 0, 0]  # their words are not in the corpus


def test_debris_is_in_no_count_unless_its_status_is_asked_for(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a"), row={"kind": "live"}),
                                    Doc("v:2", words("A B"), row={"kind": "live", "status": DEBRIS})])
    assert make_mask(files, "kind=live").words.tolist() == [1, 0]
    assert make_mask(files, "status~lost").words.tolist() == [0, 2]


# -- spans -------------------------------------------------------------------------------------------------------------


def durations(doc: Doc) -> list[int]:
    """How long each token is heard."""
    starts = [token.start for token in doc.tokens]
    if not starts or starts[0] < 0:
        return [0] * len(starts)
    return [min(after - start, LONGEST_WORD_MS) for start, after in zip(starts, [*starts[1:], starts[-1] + LAST_WORD_MS],
                                                                        strict=True)]


def tokens_of(mask: Mask, ordinal: int, length: int) -> list[bool]:
    """Which tokens of a video lie in the stretches of a mask."""
    assert mask.inside is not None
    chosen = np.zeros(length, bool)
    for video, start, end in zip(mask.inside.video.tolist(), mask.inside.start.tolist(), mask.inside.end.tolist(), strict=True):
        if video == ordinal:
            assert 0 <= start < end <= length
            chosen[start:end] = True
    return [bool(value) for value in chosen]


def edge(doc: Doc, span: str) -> list[bool]:
    """Which tokens of a video a span such as ``not last 2s`` means."""
    *inverted, side, length = span.split()
    limit = int(length.removesuffix("s")) * 1_000
    starts = [token.start for token in doc.tokens]
    if not starts or starts[0] < 0:
        inside = [False] * len(starts)
    elif side == "first":
        inside = [start < limit for start in starts]
    else:
        inside = [start >= starts[-1] - limit for start in starts]
    timed = bool(starts) and starts[0] >= 0  # where no time is known, nothing is known to lie elsewhere
    return [timed and not value for value in inside] if inverted else inside


@given(st.data(), DOCS, st.sampled_from(["first 0s", "first 2s", "last 1s", "not first 1s", "not last 2s", "last 999999999s"]))
def test_denominators_of_edges_are_what_a_loop_counts(data: st.DataObject, docs: list[Doc], span: str) -> None:
    docs = [replace(doc, row={"outlet": data.draw(st.sampled_from(["a", "b"]))}) for doc in docs]
    with corpus(docs, data.draw(groupings(len(docs)))) as files:
        mask = make_mask(files, "outlet~a", span)
        assert mask.inside is not None
        for ordinal, doc in enumerate(docs):
            inside = edge(doc, span) if doc.row["outlet"] == "a" else [False] * len(doc.tokens)
            assert tokens_of(mask, ordinal, len(doc.tokens)) == inside
            assert mask.words[ordinal] == sum(1 for token, chosen in zip(doc.tokens, inside, strict=True)
                                              if chosen and not token.flags & GLUED)
            assert mask.speech_ms[ordinal] == sum(length for length, chosen in zip(durations(doc), inside, strict=True) if chosen)


@given(st.data(), DOCS)
def test_denominators_without_spans_are_the_whole_videos(data: st.DataObject, docs: list[Doc]) -> None:
    with corpus(docs, data.draw(groupings(len(docs)))) as files:
        mask = make_mask(files)
        assert mask.inside is None
        assert mask.words.tolist() == [doc.words for doc in docs]
        assert mask.speech_ms.tolist() == [sum(durations(doc)) for doc in docs]
        both = [make_mask(files, "", span) for span in ("first 2s", "not first 2s")]
        timed = [bool(doc.tokens) and doc.tokens[0].start >= 0 for doc in docs]
        assert (both[0].words + both[1].words).tolist() == np.where(timed, mask.words, 0).tolist()
        assert (both[0].speech_ms + both[1].speech_ms).tolist() == mask.speech_ms.tolist()


@given(st.data(), DOCS, st.lists(st.tuples(st.sampled_from(["", "outlet~a", "outlet~b", "video~1"]), st.sampled_from(
    ["first 1s", "last 1s", "not first 1s", "first 2s", "not last 1s"])), min_size=2, max_size=5))
def test_what_was_asked_before_changes_no_mask(data: st.DataObject, docs: list[Doc], asked: list[tuple[str, str]]) -> None:
    docs = [replace(doc, row={"outlet": data.draw(st.sampled_from(["a", "b"]))}) for doc in docs]
    with corpus(docs, data.draw(groupings(len(docs)))) as files, patch.object(query_inside, "SPANS_KEPT", 2):
        for where, span in asked:
            found, fresh = make_mask(files, where, span), make_mask(open_files(files.catalog.pack.path.parent), where, span)
            assert found.inside is not None
            assert fresh.inside is not None
            for name in ("videos", "words", "speech_ms"):
                assert getattr(found, name).tolist() == getattr(fresh, name).tolist()
            for name in ("video", "start", "end"):
                assert getattr(found.inside, name).tolist() == getattr(fresh.inside, name).tolist()


def test_layers_and_labels(tmp_path: Path) -> None:
    docs = [Doc("v:1", (Tok("a"), Tok("b", ""), Tok("'s", flags=GLUED), Tok("c"), Tok("d"))), Doc("v:2", words("e f"))]
    files = write_corpus(tmp_path, docs)
    digests = files.catalog.text("content")
    spans = (LayerSpan("v:1", digests[0], 1, 4, "x"), LayerSpan("v:1", digests[0], 3, 99, "y z"),
             LayerSpan("v:1", digests[0], -3, 1, "y z"), LayerSpan("v:2", digests[1], 2, 2, "x"))
    write_layer(tmp_path / "layers", Layer("topic", 1, "", "", "", spans))

    def inside(span: str) -> list[list[int]]:
        mask = make_mask(files, span=span, layers=tmp_path / "layers")
        assert mask.inside is not None
        assert mask.stale == 0
        return [np.flatnonzero(tokens_of(mask, ordinal, length)).tolist() for ordinal, length in ((0, 5), (1, 2))] + [mask.words.tolist()]

    assert inside("layer topic") == [[0, 1, 2, 3, 4], [], [4, 0]]
    assert inside("layer topic=x") == [[1, 2, 3], [], [2, 0]]
    assert inside("layer topic=y z") == [[0, 3, 4], [], [3, 0]]
    assert inside("not layer topic=x") == [[0, 4], [0, 1], [2, 2]]
    assert inside("layer topic=absent") == [[], [], [0, 0]]
    with pytest.raises(NotFound, match="no span layer 'other'"):
        make_mask(files, span="layer other", layers=tmp_path / "layers")
    with pytest.raises(NotFound, match="switched off"):
        make_mask(files, span="layer topic", layers=tmp_path / "layers", off=frozenset({"topic"}))


def test_spans_by_name_by_attribute_and_together(tmp_path: Path) -> None:
    docs = [Doc("v:1", words("a b c d e f"), row={"outlet": "en_AAA"}), Doc("v:2", words("a b c d e"), row={"outlet": "en_BBB"}),
            Doc("v:3", words("g h i"), row={"outlet": "en_BBB"})]
    files = write_corpus(tmp_path, docs)
    digests = files.catalog.text("content")

    def span(video: int, start: int, end: int, label: str, **more: str) -> LayerSpan:
        return LayerSpan(f"v:{video + 1}", digests[video], start, end, label, 1.0, tuple(more.items()))

    copies = (span(0, 0, 3, "g1", kind="pool", first="yes"), span(1, 0, 3, "g1", kind="pool", first="no"),
              span(0, 4, 5, "g2", kind="ident", first="yes"), span(1, 4, 5, "g2", kind="ident", first="no"),
              span(2, 0, 2, "g3", kind="re-upload", first="no"))
    stories = (span(0, 0, 6, "flood"), span(1, 0, 3, "flood"), span(1, 3, 5, "strike"), span(2, 0, 3, "strike"))
    write_layer(tmp_path / "layers", Layer("copies", 1, "", "", "", copies, "another state"))
    write_layer(tmp_path / "layers", Layer("stories", 1, "", "", "", stories, files.manifest.result))

    def inside(span: str, where: str = "") -> list[list[int]]:
        mask = make_mask(files, where, span, layers=tmp_path / "layers")
        assert mask.inside is not None
        assert mask.behind == (("copies",) if "stories" not in span else ())
        found = [np.flatnonzero(tokens_of(mask, ordinal, length)).tolist() for ordinal, length in ((0, 6), (1, 5), (2, 3))]
        assert mask.words.tolist() == [len(tokens) for tokens in found]
        assert mask.videos.tolist() == [bool(tokens) for tokens in found]
        return found

    assert inside("first occurrences") == [[0, 1, 2, 3, 4, 5], [3], [2]]
    assert inside("without  boilerplate") == [[0, 1, 2, 3, 5], [0, 1, 2, 3], [0, 1, 2]]
    assert inside("without re-uploads") == [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4], [2]]
    assert inside("matched stories") == [[0, 1, 2, 3, 4, 5], [0, 1, 2], []]
    assert inside("matched stories", "outlet=en_BBB") == [[], [], []]
    assert inside("layer stories=strike") == [[], [3, 4], [0, 1, 2]]
    assert inside('<copies kind="pool|ident" first="yes"/>') == [[0, 1, 2, 4], [], []]
    assert inside('not <copies kind!="pool"/>') == [[0, 1, 2, 3, 5], [0, 1, 2, 3], [2]]
    assert inside("not <copies kind='pool'/> and without boilerplate") == [[3, 5], [3], [0, 1, 2]]
    assert make_mask(files, span="first occurrences and matched stories", layers=tmp_path / "layers").words.tolist() == [6, 0, 0]
    for wrong in ("<video outlet='x'/>", "<s/>", "matched", "first occurrences and", "without copies"):
        with pytest.raises(QueryError):
            make_mask(files, span=wrong, layers=tmp_path / "layers")


def test_a_newer_version_of_a_layer_is_used_though_the_corpus_was_open(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a b c"))])
    content = files.catalog.text("content")[0]
    for version in (1, 2):
        write_layer(tmp_path / "layers", Layer("topic", version, "", "", "", (LayerSpan("v:1", content, 0, version, "x"),)))
        assert make_mask(files, span="layer topic", layers=tmp_path / "layers").words.tolist() == [version]
        assert make_mask(files, span="layer topic=x", layers=tmp_path / "layers").layer.startswith(f"topic.{version} ")


@pytest.mark.parametrize("span", ["first", "first s", "middle 3s", "first -1s", "first 1.5s", "layer", "layer X", "not", "not not first 1s",
                                  "first " + "9" * 5_000 + "s", "layer x="])
def test_what_is_no_span_is_said(one_video: CorpusFiles, span: str) -> None:
    with pytest.raises(QueryError, match="is none of: first 60s"):
        make_mask(one_video, span=span)


def test_a_span_of_many_spaces_is_read_in_linear_time() -> None:
    began = time.process_time()
    assert query_inside.parts_of(f"first 60s{' ' * 200_000}x") == ["first 60s x"]
    assert query_inside.parts_of(f"first 60s{' ' * 200_000}and  last 5s") == ["first 60s", "last 5s"]
    assert time.process_time() - began < 5
