"""The study file: what it says is taken, what it cannot say is an error that names the key."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import CorpusMissing, StudyError
from crosscut.model import KINDS, SPEECH_KINDS
from crosscut.settings import Choices, ChoiceSet, Frame, Outlet, Study, find_study, read_study
from crosscut.starting import TEMPLATE

FULL = """
[study]
name = "Two outlets"
description = "d"
seed = 42
[frame]
from = 2024-01-01
until = "2024-06-30"
outlets = ["en_AAA"]
languages = "en"
min_words = 20
claim = "a census"
[outlets.en_AAA]
name = "AAA News"
language = "en"
colour = "#112233"
names = ["AAA", "Triple A"]
[selection]
kinds = ["asr", "uploaded"]
speech = ["asr", "live"]
[annotate]
models = { en = "en_core_web_md" }
jobs = 0
[[events]]
date = 2024-03-01
label = "b"
[[events]]
date = "2024-02-01"
label = "a"
[words]
captives = ["hostage", "captive"]
single = "war"
[layers]
off = ["names"]
[naming.held]
referent = "the crews"
[naming.held.en]
within = "2.5s"
near = "israeli"
not_near = ['"word"', '"call"']
alternatives = { hostage = '[lemma="hostage"]', captive = "captive*" }
[naming.held.fr]
alternatives = ["otage*", "captif|captifs"]
[mappings.mine]
anything = 1
"""


def study(folder: Path, text: str) -> Study:
    (folder / "crosscut.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    return read_study(folder)


def test_everything_a_study_file_can_say(tmp_path: Path) -> None:
    found = study(tmp_path, FULL)
    assert (found.name, found.description, found.seed, found.jobs) == ("Two outlets", "d", 42, 1)
    assert found.frame == Frame("2024-01-01", "2024-06-30", ("en_AAA",), ("en",), min_words=20, claim="a census")
    assert found.outlets == {"en_AAA": Outlet("en_AAA", "AAA News", "en", "#112233", ("AAA", "Triple A"))}
    assert found.kinds[:2] == ("asr", "uploaded")
    assert sorted(found.kinds) == sorted(KINDS)
    assert found.speech == {"asr", "live"}
    assert found.models == {"en": "en_core_web_md"}
    assert found.events == (("2024-02-01", "a"), ("2024-03-01", "b"))
    assert found.words == {"captives": ("hostage", "captive"), "single": ("war",)}
    assert found.naming == {"held": ChoiceSet("held", "the crews", {
        "en": Choices({"hostage": '[lemma="hostage"]', "captive": "captive*"}, ("israeli",), ('"word"', '"call"'), 2500, True),
        "fr": Choices({"otage*": "otage*", "captif|captifs": "captif|captifs"})})}
    assert list(found.naming["held"].languages["en"].alternatives) == ["hostage", "captive"]
    assert found.layers_off == {"names"}
    assert found.mappings == {"mine": {"anything": 1}}


def test_an_empty_study_file_has_defaults(tmp_path: Path) -> None:
    found = study(tmp_path, "")
    assert (found.name, found.seed, found.kinds, found.speech) == (tmp_path.name, 1, KINDS, SPEECH_KINDS)
    assert found.frame == Frame()
    assert {path.parent for path in (found.ledger, found.raw, found.corpus, found.corrections, found.layers)} == {tmp_path}


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    assert study(tmp_path, '\ufeff[study]\nname = "x"\n').name == "x"


@pytest.mark.parametrize(("text", "said"), [
    ("[studdy]\n", "unknown table 'studdy'; did you mean 'study'"),
    ("[xyzzy]\n", "unknown table 'xyzzy'; known: study, frame"),
    ("[study]\nsed = 1\n", r"unknown key in \[study\]: 'sed'; did you mean 'seed'"),
    ("[study]\nseed = '1'\n", "seed must be a whole number, not '1'"),
    ("[study]\nseed = true\n", "seed must be a whole number, not True"),
    ("[study]\nseed = 1.5\n", "seed must be a whole number"),
    ("study = 1\n", r"'study' must be a table: \[study\]"),
    ("[frame]\nfrom = 'yesterday'\n", "frame.from: 'yesterday' is not a day; write it as 2024-07-04"),
    ("[frame]\nuntil = '2024-13-01'\n", "frame.until"),
    ("[frame]\noutlets = 5\n", "frame.outlets must be a list of texts"),
    ("[frame]\nlanguages = [1]\n", "frame.languages must be a list of texts"),
    ("[frame]\nmin_words = '3'\n", "min_words"),
    ("[frame]\noutlet = 'x'\n", "did you mean 'outlets'"),
    ("[outlets]\nen_AAA = 'AAA'\n", r"outlets.en_AAA must be a table: \[outlets.en_AAA\]"),
    ("[outlets.en_AAA]\ncolor = 'red'\n", r"unknown key in \[outlets.en_AAA\]: 'color'; did you mean 'colour'"),
    ("[outlets.en_AAA]\nnames = 3\n", "outlets.en_AAA.names must be a list of texts"),
    ("[selection]\nkinds = ['automatc']\n", r"kind of track in selection.kinds: 'automatc'; did you mean 'automatic'"),
    ("[selection]\nspeech = [1]\n", "selection.speech must be a list of texts"),
    ("[annotate]\nmodels = 'x'\n", "'models' must be a table"),
    ("[annotate]\njobs = 'many'\n", "jobs must be a whole number"),
    ("[events]\ndate = 2024-01-01\n", r"events must be written as \[\[events\]\]"),
    ("[[events]]\nday = 2024-01-01\n", r"unknown key in \[\[events\]\]: 'day'"),
    ("[[events]]\ndate = 'soon'\n", "events.date: 'soon' is not a day"),
    ("[words]\nx = 1\n", "words.x must be a list of texts"),
    ("[layers]\noff = 1\n", "layers.off must be a list of texts"),
    ("[naming]\nx = 1\n", r"naming.x must be a table with a table for each language: \[naming.x.en\]"),
    ("[naming.x]\n", r"naming.x has no alternatives: write them into a table for each language, \[naming.x.en\]"),
    ("[naming.x]\nwithin = 3\n", r"'within' in \[naming.x\] belongs into the table of a language: \[naming.x.en\]"),
    ("[naming.x]\nalternatives = {a = 'a', b = 'b'}\n", r"'alternatives' in \[naming.x\] belongs into the table of a language"),
    ("[naming.x]\nreferant = 'y'\n", r"unknown key in \[naming.x\]: 'referant'; did you mean 'referent'"),
    ("[naming.x.en]\nalternative = ['a', 'b']\n", r"unknown key in \[naming.x.en\]: 'alternative'; did you mean 'alternatives'"),
    ("[naming.x.en]\nalternatives = ['a']\n", "naming.x.en.alternatives: a choice has two alternatives at least"),
    ("[naming.x.en]\nalternatives = {a = 1, b = 'b'}\n", "naming.x.en.alternatives must be a table of queries by name"),
    ("[naming.x.en]\nalternatives = 'a'\n", "naming.x.en.alternatives must be a table of queries by name"),
    ("[naming.x.en]\nalternatives = ['a', 'b']\nnear = 1\n", "naming.x.en.near must be a list of texts"),
    *((f"[naming.x.en]\nalternatives = ['a', 'b']\nwithin = {within}\n", "naming.x.en.within is a number of tokens")
      for within in ("0", "1001", "'10'", "'5 metres'", "true", "1.5", "'0s'", "'61min'")),
    ("[study\n", "not valid TOML"),
    ("[study]\nname = '\ud800'\n", "not valid TOML"),
])
def test_an_error_names_the_file_the_key_and_the_nearest_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said) as error:
        study(tmp_path, text)
    assert "crosscut.toml" in str(error.value)


def test_the_choice_set_of_the_template_can_be_used_as_it_is(tmp_path: Path) -> None:
    lines = TEMPLATE[TEMPLATE.index("# [naming.captives]") : TEMPLATE.index("# How to read tables")].splitlines()
    found = study(tmp_path, "\n".join(line.removeprefix("# ") for line in lines)).naming["captives"]
    assert found.referent
    assert list(found.languages["en"].alternatives) == ["captive", "hostage", "detainee"]
    assert (found.languages["en"].within, len(found.languages["en"].near)) == (10, 1)


def test_a_folder_without_a_study_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing, match="crosscut init"):
        read_study(tmp_path)


def test_a_study_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "crosscut.toml").touch()
    below = tmp_path / "raw" / "youtube"
    below.mkdir(parents=True)
    assert find_study(below) == tmp_path
    assert find_study(tmp_path) == tmp_path


NAMED = Study(Path(), outlets={"en_AAA": Outlet("en_AAA", "AAA News", names=("Triple A",)), "fr_AAA": Outlet("fr_AAA", "")})


@pytest.mark.parametrize(("name", "key"), [
    ("en_AAA", "en_AAA"), ("EN_aaa", "en_AAA"), ("aaa news", "en_AAA"), ("TRIPLE A", "en_AAA"), ("fr_AAA", "fr_AAA"),
    ("Other", "Other"), ("", ""), ("AAA", "AAA")])
def test_an_outlet_by_whatever_a_source_calls_it(name: str, key: str) -> None:
    assert NAMED.outlet_key(name) == key


@given(st.text(max_size=40))
def test_any_text_is_a_study_or_an_error_of_it(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder, suppress(StudyError):
        assert study(Path(folder), text).folder == Path(folder)
