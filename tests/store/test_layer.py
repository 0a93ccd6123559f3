"""Layers are kept as they are, by version, and never point at other words."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import NotFound, StudyError
from crosscut.query.mask import make_mask
from crosscut.store.layer import Layer, LayerSpan, find_layer, layer_files, read_layer, write_layer
from tests.helpers.corpora import Doc, quick, words, write_corpus

SPANS = st.builds(LayerSpan, video=st.text(min_size=1, max_size=8), content=st.text(max_size=8), start=st.integers(0, 99),
                  end=st.integers(0, 99), label=st.text(max_size=8), confidence=st.floats(0, 1))


def layer(name: str = "topic", version: int = 1, spans: tuple[LayerSpan, ...] = ()) -> Layer:
    return Layer(name, version, "A. Person", "by hand", "2024-07-04", spans)


@given(st.lists(SPANS, max_size=5).map(tuple), st.text(max_size=5), st.text(max_size=5))
def test_what_is_written_is_read_again(spans: tuple[LayerSpan, ...], author: str, method: str) -> None:
    with tempfile.TemporaryDirectory() as folder, quick():
        made = Layer("topic", 3, author, method, "2024-07-04", spans)
        again = read_layer(write_layer(Path(folder), made))
        assert again == made
        assert again.digest == made.digest


def test_the_digest_follows_content_and_not_order() -> None:
    a, b = LayerSpan("v:1", "d", 0, 2, "x"), LayerSpan("v:1", "d", 2, 3, "y")
    assert layer(spans=(a, b)).digest == layer(spans=(b, a)).digest
    different = {layer(spans=(a,)).digest, layer(spans=(a, b)).digest, layer(version=2, spans=(a, b)).digest,
                 layer("other", spans=(a, b)).digest, layer(spans=(a, LayerSpan("v:1", "d", 2, 3, "y", 0.5))).digest}
    assert len(different) == 5


def test_the_highest_version_is_used_by_number(tmp_path: Path) -> None:
    for version in (9, 10, 2):
        write_layer(tmp_path, layer(version=version))
    write_layer(tmp_path, layer("names", 1))
    assert {name: path.name for name, path in layer_files(tmp_path).items()} == {
        "names": "names.1.jsonl", "topic": "topic.10.jsonl"}
    assert find_layer(tmp_path, "topic").version == 10


def test_a_version_is_never_overwritten(tmp_path: Path) -> None:
    path = write_layer(tmp_path, layer(spans=(LayerSpan("v:1", "d", 0, 1, "x"),)))
    before = path.read_bytes()
    with pytest.raises(StudyError, match="give it version 2"):
        write_layer(tmp_path, layer())
    assert path.read_bytes() == before


def test_a_crash_leaves_no_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="no space"):
        write_layer(tmp_path, layer())
    assert layer_files(tmp_path) == {}


def test_a_layer_switched_off_is_not_there(tmp_path: Path) -> None:
    write_layer(tmp_path, layer())
    assert layer_files(tmp_path, frozenset({"topic"})) == {}
    with pytest.raises(NotFound, match="switched off"):
        find_layer(tmp_path, "topic", frozenset({"topic"}))
    with pytest.raises(NotFound, match="there is: topic"):
        find_layer(tmp_path, "topics")
    with pytest.raises(NotFound, match="none yet"):
        find_layer(tmp_path / "nowhere", "topic")


@pytest.mark.parametrize("name", ["word", "lemma", "sentence", "video", "", "Topic", "../x", "a/b", "a.b", "1a", "a b", "a\n",
                                  "ä", "x" * 42])
def test_names_that_queries_or_files_cannot_bear_are_refused(name: str) -> None:
    with pytest.raises(StudyError, match="cannot name a layer"):
        layer(name)


def test_other_files_in_the_folder_are_no_layers(tmp_path: Path) -> None:
    for name in ("topic.x.jsonl", "topic.1.2.jsonl", "topic.jsonl", "topic.²..jsonl", "topic.².jsonl", "topic.-1.jsonl",
                 ".topic.1.jsonl.tmp", "topic.1.json"):
        (tmp_path / name).write_text("{}")
    assert layer_files(tmp_path) == {}


@pytest.mark.parametrize(("content", "said"), [
    (b"", "empty"),
    (b"not json\n", "line 1: not JSON"),
    (b"\xff\xfe\n", "line 1: not JSON"),
    (b"[]\n", "line 1: not an object"),
    (b'{"layer": "topic"}\n', "lacks or misspells 'version'"),
    (b'{"layer": "topic", "version": "x", "author": "", "method": "", "created": ""}\n', "misspells"),
    (b'{"layer": "word", "version": 1, "author": "", "method": "", "created": ""}\n', "cannot name a layer"),
    (b'{"layer": "topic", "version": 1, "author": "", "method": "", "created": ""}\n{"video": "v"}\n', "'content'"),
    (b'{"layer": "topic", "version": 1, "author": "", "method": "", "created": ""}\n"\xff"\n', "line 2: not JSON"),
    (b'{"layer": "topic", "version": 1, "author": "", "method": "", "created": ""}\n'
     b'{"video": "v", "content": "d", "start": 1.5, "end": 2, "label": "x"}\n', "misspells"),
])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "topic.1.jsonl"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=said):
        read_layer(path)


def test_spans_of_other_words_are_left_out_and_reported(tmp_path: Path) -> None:
    docs = [Doc("v:1", words("a b c d")), Doc("v:2", words("a b c d e"))]
    files = write_corpus(tmp_path, docs)
    digest = files.catalog.text("content")[0]
    spans = (LayerSpan("v:1", digest, 1, 3, "x"), LayerSpan("v:2", digest, 0, 5, "x"), LayerSpan("v:9", digest, 0, 1, "x"))
    write_layer(tmp_path / "layers", layer(spans=spans))
    mask = make_mask(files, span="layer topic", layers=tmp_path / "layers")
    assert mask.stale == 2
    assert mask.words.tolist() == [2, 0]


@pytest.mark.parametrize("place", ["10000000000000000000000", "-3000000000"])
def test_a_place_that_no_video_has_is_said_with_its_file(tmp_path: Path, place: str) -> None:
    path = write_layer(tmp_path, layer(spans=(LayerSpan("v:1", "d", 0, 77, "x"),)))
    path.write_text(path.read_text().replace("77", place))
    with pytest.raises(StudyError, match=r"topic\.1\.jsonl.*no video has"):
        read_layer(path)
