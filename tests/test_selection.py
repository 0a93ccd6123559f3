"""Which track speaks for a video, and does it count?  The same whatever came first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.identity import split_key
from crosscut.ledger import Ledger, Version
from crosscut.model import KINDS, USABLE, Traits
from crosscut.selection import DEBRIS, SET_ASIDE_BY_KIND, Row, outside_frame, select
from crosscut.settings import Frame, Outlet, Study

Statement = tuple[str, str, str, dict[str, str]]   # video, source, said, facts
STUDY = Study(Path(), outlets={"en_AAA": Outlet("en_AAA", "AAA News", "en", names=("Triple A",)),
                               "fr_BBB": Outlet("fr_BBB", "BBB", "fr")})
BASE = Version("v1", "x:1", "automatic", "en", "", "vtt", "sha", "raw", 0, "", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z",
               "o", "", "t", 100, False, True, "")


@contextmanager
def ledger_of(statements: Sequence[Statement], versions: Sequence[Version], imported: str = "2024-01-01T00:00:00Z") -> Iterator[Ledger]:
    with Ledger(Path(":memory:")) as ledger:  # SQLite's own name for no file at all
        add(ledger, statements, versions, imported)
        yield ledger


def add(ledger: Ledger, statements: Sequence[Statement], versions: Sequence[Version], imported: str) -> None:
    with ledger.change():
        for video in {statement[0] for statement in statements} | {version.video for version in versions}:
            ledger.add_video(video, *split_key(video), imported)
        for video, source, said, facts in statements:
            ledger.add_statement(video, source, said, imported, facts)
        for version in versions:
            ledger.add_version(version)


def rows(statements: Sequence[Statement], versions: Sequence[Version], study: Study = STUDY, **corrected: dict[str, str]) -> list[Row]:
    with ledger_of(statements, versions) as ledger:
        return select(study, ledger, {key.replace("_", ":", 1): value for key, value in corrected.items()})


def chosen(versions: Sequence[Version], facts: dict[str, str] | None = None, study: Study = STUDY) -> str:
    (row,) = rows([("x:1", "captions", "2024", facts or {})], versions, study)
    assert row.version is not None
    assert len(row.versions) == len(versions)
    return row.version.version


# -- which track -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("better", "worse", "facts"), [
    ({"language": "en"}, {"language": "fr", "kind": "uploaded"}, {"language": "en"}),
    ({"language": "en-US"}, {"language": "fr", "kind": "uploaded"}, {"language": "en-GB"}),
    ({"language": "fr"}, {"language": "en", "kind": "uploaded"}, {"outlet": "fr_BBB"}),
    ({"language": ""}, {"language": "fr"}, {"language": "en"}),
    ({"kind": "uploaded", "word_timed": False}, {"kind": "automatic"}, {}),
    ({"kind": "automatic"}, {"kind": "asr"}, {}),
    ({"kind": "asr", "word_timed": False}, {"kind": "live"}, {}),
    ({"kind": "live"}, {"kind": "translated"}, {}),
    ({"word_timed": True, "obtained": "2020"}, {"word_timed": False}, {}),
    ({"obtained": "2024-01-02"}, {"obtained": "2024-01-01"}, {}),
    ({"obtained": "2024-01-01T10:00:00Z"}, {"obtained": "2024-01-01T09:59:59Z"}, {}),
    ({"obtained": "2024-01-01T10:00:00Z"}, {"obtained": "2024-01-01"}, {}),
    ({"obtained": "2024-01-01"}, {"obtained": ""}, {}),
    ({"version": "v0"}, {"version": "v1"}, {}),
])
def test_the_better_track_speaks(better: dict[str, str], worse: dict[str, str], facts: dict[str, str]) -> None:
    good = replace(BASE, **{"version": "v8", **better})  # type: ignore[arg-type]
    bad = replace(BASE, **{"version": "v7" if "version" not in better else "v9", **worse})  # type: ignore[arg-type]
    assert chosen([good, bad], facts) == chosen([bad, good], facts) == good.version


def test_the_order_of_kinds_is_the_studys() -> None:
    versions = [replace(BASE, version=kind, kind=kind) for kind in KINDS]
    assert chosen(versions) == "uploaded"
    assert chosen(versions, study=replace(STUDY, kinds=("live", *(kind for kind in KINDS if kind != "live")))) == "live"
    for number, kind in enumerate(KINDS):
        assert chosen(versions[number:]) == kind


VERSIONS = st.lists(st.builds(
    replace, st.just(BASE), version=st.text("abc", min_size=1, max_size=3), video=st.sampled_from(["x:1", "x:2"]),
    kind=st.sampled_from(KINDS), language=st.sampled_from(["", "en", "fr"]), obtained=st.sampled_from(["", "2024-01", "2024-01-02"]),
    word_timed=st.booleans(), words=st.integers(0, 9)), max_size=6, unique_by=lambda version: version.version)
STATEMENTS = st.lists(st.tuples(
    st.sampled_from(["x:1", "x:2"]), st.sampled_from(["path", "listing", "captions", "info", "option"]),
    st.sampled_from(["2024-01-01", "2024-01-02"]), st.dictionaries(
        st.sampled_from(["outlet", "channel", "title", "language", "published"]),
        st.sampled_from(["", "en_AAA", "BBB", "2024-01-01"]), max_size=3)), min_size=1, max_size=6)


@given(STATEMENTS, VERSIONS, st.data())
@settings(max_examples=40)
def test_the_order_of_import_never_decides(statements: list[Statement], versions: list[Version], data: st.DataObject) -> None:
    once = rows(statements, versions)
    again = rows(data.draw(st.permutations(statements)), data.draw(st.permutations(versions)))
    assert again == once
    assert [row.video for row in once] == sorted({statement[0] for statement in statements})


# -- what is believed --------------------------------------------------------------------------------------------------


def test_the_higher_source_is_believed_and_then_the_later() -> None:
    said: list[Statement] = [
        ("x:1", "info", "2024-01-01", {"title": "Info", "published": "2024-01-01"}),
        ("x:1", "info", "2024-02-01", {"title": "Later info", "published": ""}),
        ("x:1", "captions", "2024-03-01", {"title": "Captions", "programme": "News"}),
        ("x:1", "path", "2024-04-01", {"outlet": "en_AAA", "title": "Path"})]
    (row,) = rows(said, [BASE])
    assert {name: row.facts[name] for name in ("title", "published", "programme", "outlet")} == {
        "title": "Later info", "published": "2024-01-01", "programme": "News", "outlet": "en_AAA"}
    assert row.flags == ["title changed (4 titles)"]


@pytest.mark.parametrize(("facts", "outlet", "flags"), [
    ({"outlet": "triple a"}, "en_AAA", ["undated"]),
    ({"channel": "BBB"}, "fr_BBB", ["undated"]),
    ({"channel": "Somebody"}, "unknown", ["outlet unknown", "undated"]),
    ({"outlet": "Other", "channel": "BBB"}, "Other", ["undated"]),
    ({}, "unknown", ["outlet unknown", "undated"]),
])
def test_the_outlet_by_whatever_it_is_called(facts: dict[str, str], outlet: str, flags: list[str]) -> None:
    (row,) = rows([("x:1", "captions", "2024", facts)], [replace(BASE, language="")])
    assert (row.facts["outlet"], row.flags) == (outlet, flags)


def test_a_video_that_two_outlets_claim_is_flagged() -> None:
    (row,) = rows([("x:1", "path", "2024", {"outlet": "en_AAA"}), ("x:1", "info", "2024", {"outlet": "BBB", "published": "2024"})],
                  [replace(BASE, language="")])
    assert row.facts["outlet"] == "fr_BBB"
    assert row.flags == ["claimed by en_AAA, fr_BBB"]


def test_corrections_have_the_last_word() -> None:
    said: list[Statement] = [("x:1", "option", "2024", {"title": "Said"})]
    (row,) = rows(said, [BASE], x_1={"title": "Mine", "outlet": "Triple A", "published": "2024-07", "kind": "summary"})
    assert (row.facts["title"], row.facts["outlet"], row.facts["published"]) == ("Mine", "en_AAA", "2024-07")
    assert row.flags == []  # it has an outlet and a date now
    assert (row.kind, row.status) == ("summary", "summary, not speech")
    assert "kind" not in row.facts
    (row,) = rows(said, [BASE], x_1={"exclude": "a repeat"})
    assert (row.status, row.wanted) == ("excluded: a repeat", False)
    (row,) = rows(said, [BASE], x_2={"exclude": "another video"})
    assert row.status == USABLE


# -- whether it counts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status", "wanted"), [
    *((kind, USABLE, True) for kind in ("uploaded", "transcript", "automatic", "asr", "record", "live", "unknown")),
    *((kind, SET_ASIDE_BY_KIND[kind], True) for kind in ("translated", "summary")),
])
def test_speech_counts_and_the_rest_is_set_aside(kind: str, status: str, wanted: bool) -> None:
    (row,) = rows([("x:1", "captions", "2024", {})], [replace(BASE, kind=kind)])
    assert (row.status, row.kind, row.wanted) == (status, kind, wanted)


def test_kinds_that_the_study_calls_no_speech_do_not_count() -> None:
    (row,) = rows([("x:1", "captions", "2024", {})], [BASE], replace(STUDY, speech=frozenset({"uploaded", "live"})))
    assert (row.status, row.wanted) == ("kind automatic is not counted", True)
    (row,) = rows([("x:1", "captions", "2024", {})], [replace(BASE, kind="live")], replace(STUDY, speech=frozenset({"live"})))
    assert row.status == USABLE


def test_a_video_without_captions_stays_visible() -> None:
    (row,) = rows([("x:1", "listing", "2024", {"title": "T"})], [])
    assert (row.status, row.wanted, row.version) == ("no captions", False, None)


@pytest.mark.parametrize(("language", "facts", "found"), [
    ("en-US", {}, "en"), ("", {"language": "FR"}, "fr"), ("", {"outlet": "fr_BBB"}, "fr"), ("", {}, "und"), ("fil", {}, "fil")])
def test_the_language_of_a_video(language: str, facts: dict[str, str], found: str) -> None:
    (row,) = rows([("x:1", "captions", "2024", facts)], [replace(BASE, language=language)])
    assert row.language == found


def traits(language: str = "", certain: float = 1.0, **more: Any) -> Traits:
    return Traits(language=language, certain=certain, **more)


@pytest.mark.parametrize(("claimed", "read_as", "certain", "words", "found", "flags"), [
    ("en", "ab", 1.0, 100, "ab", ["says it is in en, reads as ab"]),
    ("en", "ab", 0.98, 100, "en", []),      # not sure enough
    ("en", "ab", 1.0, 49, "en", []),        # too few words
    ("nb", "no", 1.0, 100, "nb", []),       # written alike
    ("en-GB", "en", 1.0, 100, "en", []),
    ("", "fr", 1.0, 100, "fr", []),
])
def test_words_are_believed_before_claims(
    claimed: str, read_as: str, certain: float, words: int, found: str, flags: list[str]
) -> None:
    version = replace(BASE, language=claimed, words=words, traits=traits(read_as, certain))
    (row,) = rows([("x:1", "captions", "2024", {"published": "2024", "outlet": "Z"})], [version])
    assert (row.language, row.flags) == (found, flags)
    (row,) = rows([("x:1", "captions", "2024", {"published": "2024", "outlet": "Z"})], [version], x_1={"language": "de"})
    assert row.language == "de"


def test_a_translated_track_that_claims_nothing_does_not_speak_for_the_video() -> None:
    original = replace(BASE, version="o", kind="unknown", language="", traits=traits("en"))
    translated = replace(BASE, version="t", kind="uploaded", language="", traits=traits("ab"))
    assert chosen([translated, original], {"language": "en"}) == "o"


@pytest.mark.parametrize(("evidence", "traits_", "status"), [
    ("", traits("en", case="upper", unknown=0.3), DEBRIS),
    ("", traits("en", case="upper", unknown=0.05), USABLE),
    ("", traits("en", case="cased", unknown=0.3), USABLE),
    ("", traits("el", case="upper", unknown=0.7), USABLE),              # Greek capitals have no accents
    ("capitals; debris: 30 of 40 cues overlap", traits(), DEBRIS),
])
def test_debris_is_set_aside_unless_a_person_says_what_it_is(evidence: str, traits_: Traits, status: str) -> None:
    version = replace(BASE, kind="live", evidence=evidence, traits=traits_)
    (row,) = rows([("x:1", "captions", "2024", {})], [version])
    assert (row.status, row.wanted) == (status, True)
    (row,) = rows([("x:1", "captions", "2024", {})], [version], x_1={"kind": "live"})
    assert row.status == USABLE


def test_words_of_people_and_short_items_are_no_debris() -> None:
    shouted = replace(BASE, kind="uploaded", traits=traits("en", case="upper", unknown=0.3))
    short = replace(BASE, kind="live", words=99, traits=traits("en", case="upper", unknown=0.3))
    for version in (shouted, short):
        (row,) = rows([("x:1", "captions", "2024", {})], [version])
        assert row.status == USABLE


def test_a_recogniser_that_went_astray_is_flagged() -> None:
    version = replace(BASE, kind="asr", evidence="said by mapping x; loop: “a” 20 times; hallucinated ending: “you”")
    (row,) = rows([("x:1", "captions", "2024", {"published": "2024", "outlet": "Z"})], [version])
    assert (row.status, row.flags) == (
        USABLE, ["the recogniser repeats itself", "the recogniser's ending was not said"])


def test_words_speak_before_debris() -> None:
    debris = replace(BASE, version="d", kind="uploaded", evidence="debris: x")
    assert chosen([debris, replace(BASE, version="a")]) == "a"


@pytest.mark.parametrize(("frame", "facts", "reason"), [
    (Frame(), {}, ""),
    (Frame(since="2024-01-01"), {}, "undated"),
    (Frame(since="2024-01-01"), {"published": "2024-01-01"}, ""),
    (Frame(since="2024-01-01"), {"published": "2023-12-31T23:59:59Z"}, "outside the frame's dates"),
    (Frame(since="2024-01-15"), {"published": "2024-01"}, ""),          # it may lie inside
    (Frame(since="2024-01-15"), {"published": "2023-12"}, "outside the frame's dates"),
    (Frame(until="2024-01-15"), {"published": "2024-01-15T23:00:00Z"}, ""),
    (Frame(until="2024-01-15"), {"published": "2024-01-16"}, "outside the frame's dates"),
    (Frame(until="2024-01-15"), {"published": "2024-01"}, ""),
    (Frame(until="2024-01-15"), {"published": "2024-02"}, "outside the frame's dates"),
    (Frame(outlets=("en_AAA",)), {"outlet": "en_AAA"}, ""),
    (Frame(outlets=("en_AAA",)), {"outlet": "fr_BBB"}, "outside the frame's outlets"),
    (Frame(languages=("fr",)), {}, "outside the frame's languages"),
    (Frame(formats=("clip",)), {}, "outside the frame's formats"),
    (Frame(formats=("clip", "unknown")), {}, ""),
    (Frame(programmes=("News",)), {"programme": "News"}, ""),
    (Frame(programmes=("News",)), {}, "outside the frame's programmes"),
    (Frame(min_words=100), {}, ""),
    (Frame(min_words=101), {}, "fewer than 101 words"),
])
def test_the_frame(frame: Frame, facts: dict[str, str], reason: str) -> None:
    (row,) = rows([("x:1", "captions", "2024", facts)], [BASE], replace(STUDY, frame=frame))
    assert outside_frame(frame, row) == reason
    assert row.status == (reason or USABLE)


# -- time --------------------------------------------------------------------------------------------------------------


def test_as_of_shows_what_was_known_at_the_end_of_a_day() -> None:
    old = replace(BASE, version="old", imported="2024-01-01T08:00:00Z")
    new = replace(BASE, version="new", obtained="2024-02-01", imported="2024-02-01T08:00:00Z")
    with ledger_of([("x:1", "info", "2024-01-01", {"title": "Old"})], [old], "2024-01-01T08:00:00Z") as ledger:
        add(ledger, [("x:1", "info", "2024-02-01", {"title": "New"}), ("x:2", "info", "2024-02-01", {})], [new], "2024-02-01T08:00:00Z")

        def known(as_of: str) -> list[tuple[str, str, str]]:
            return [(row.video, row.facts.get("title", ""), row.version.version if row.version else "")
                    for row in select(STUDY, ledger, {}, as_of)]

        now = [("x:1", "New", "new"), ("x:2", "", "")]
        assert known("") == known("2024-02-01") == known("2024-02-01T08:00:00Z") == known("2024-02") == now
        assert known("2024-01-01") == known("2024-01-31") == known("2024-02-01T07:59:59Z") == [("x:1", "Old", "old")]
        assert known("2023-12-31") == []


def test_what_is_forgotten_is_gone_also_from_the_past() -> None:
    with ledger_of([("x:1", "info", "2024", {}), ("x:2", "info", "2024", {})], [BASE]) as ledger:
        with ledger.change():
            ledger.add_tombstone("x:1", "asked to", "2024-05-01")
        assert [row.video for row in select(STUDY, ledger, {})] == ["x:2"]
        assert [row.video for row in select(STUDY, ledger, {}, "2024-01-01")] == ["x:2"]


def test_rows_are_sorted_by_the_bytes_of_their_keys() -> None:
    videos = ["x:b", "x:B", "x:é", "x:-", "web:z", "x:\U0001f600", "x:\uffff"]
    found = [row.video for row in rows([(video, "info", "2024", {}) for video in videos], [])]
    assert found == sorted(videos, key=str.encode)

