"""Counts of values under any mask are what a plain loop counts, by whichever way they are counted."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.errors import QueryError
from crosscut.query import cells, spans
from crosscut.query.counting import Frequencies, counted_whole, frequencies
from crosscut.query.lexicons import values_of
from crosscut.query.mask import Mask, make_mask
from crosscut.query.spans import Spans
from crosscut.selection import SET_ASIDE_BY_KIND
from crosscut.store.corpus import CorpusFiles, open_files
from crosscut.store.shard import TYPE_LAYERS
from crosscut.store.shelf import Shelf
from crosscut.tokens import norm, word
from tests.helpers.corpora import Doc, Tok, corpus, quick, words, write_corpus

from .patterns import DOCS, groupings

STRAY = Doc("stray", (Tok("war", lemma="stray"), Tok("talk")))
ROWS = st.fixed_dictionaries({"outlet": st.sampled_from(["a", "b"]), "published": st.sampled_from(["2024-01", "2024-02-03", "2024-02", ""]),
                              "status": st.sampled_from(["usable", "usable", SET_ASIDE_BY_KIND["summary"]])})


def value(token: Tok, layer: str) -> str:
    """What a token has in a layer."""
    return {"word": word, "norm": norm}[layer](token.form) if layer in {"word", "norm"} else str(getattr(token, layer))


def slowly(docs: list[Doc], inside: dict[str, list[bool]], layer: str) -> dict[str, int]:
    """Counts of the tokens that ``inside`` lets in; what has no value is not counted."""
    found = Counter(value(token, layer) for doc in docs if doc.video in inside
                    for token, chosen in zip(doc.tokens, inside[doc.video], strict=True) if chosen)
    return {text: count for text, count in found.items() if text}


def plainly(found: Frequencies) -> dict[str, int]:
    texts = found.values.tolist()
    assert texts == sorted(texts, key=lambda text: text.encode("utf-8", "surrogatepass"))
    return {text: count for text, count in zip(texts, found.counts.tolist(), strict=True) if count}


def mask_of(files: CorpusFiles, inside: dict[str, list[bool]], parts: bool) -> Mask:
    videos = np.array([video in inside for video in files.catalog.video], bool)
    nothing = np.zeros(len(files.catalog), np.int64)
    tokens = {files.ordinal(video): np.array(chosen, bool) for video, chosen in inside.items()}
    return Mask("", videos, nothing, nothing, Spans.of_tokens(tokens) if parts else None)


@given(st.data(), DOCS, st.sampled_from(TYPE_LAYERS), st.booleans(), st.booleans())
@settings(max_examples=200)
def test_frequencies_are_what_a_loop_counts(data: st.DataObject, docs: list[Doc], layer: str, parts: bool, table: bool) -> None:
    docs = [replace(doc, row=data.draw(ROWS)) for doc in docs]
    inside = {doc.video: data.draw(st.lists(st.booleans(), min_size=len(doc.tokens), max_size=len(doc.tokens))) if parts
              else [True] * len(doc.tokens) for doc in docs if data.draw(st.booleans())}
    patches = patch.object(cells, "FEWEST_TOKENS", 0 if table else 1_000), patch.object(spans, "_AT_ONCE", 3)
    with corpus(docs, data.draw(groupings(len(docs))), strays=[STRAY]) as files, quick(), patches[0], patches[1]:
        mask = mask_of(files, inside, parts)
        assert plainly(frequencies(files, mask, layer)) == slowly(docs, inside, layer)
        assert plainly(frequencies(files, mask, layer)) == slowly(docs, inside, layer)  # nothing that is kept is changed
        again = open_files(files.catalog.pack.path.parent)  # what was written reads the same
        assert plainly(frequencies(again, mask, layer)) == slowly(docs, inside, layer)


@given(st.data(), DOCS, st.sampled_from(["", "outlet=a", "outlet!=a", "month=2024-02", "date>=2024-02", "video~1", "status~summary"]))
def test_cells_and_matrix_and_loop_agree(data: st.DataObject, docs: list[Doc], where: str) -> None:
    docs = [replace(doc, row=data.draw(ROWS)) for doc in docs]
    docs += [Doc("w:1", words("war", lemma=True), row={"outlet": "a"}), Doc("w:2", words("war"), row={"status": SET_ASIDE_BY_KIND["summary"]})]
    with corpus(docs, data.draw(groupings(len(docs)))) as files, quick(), patch.object(cells, "FEWEST_TOKENS", 0), \
            patch.object(cells, "_BLOCK", data.draw(st.integers(1, 20))):
        mask = make_mask(files, where)
        inside = {doc.video: [True] * len(doc.tokens) for doc in docs if mask.videos[files.ordinal(doc.video)]}
        for layer in ("lemma", "norm"):
            assert cells.table_of(files, layer) is not None
            found = frequencies(files, mask, layer)
            assert plainly(found) == slowly(docs, inside, layer)
            direct = counted_whole(files, mask.videos, layer)
            direct[[not text for text in found.values]] = 0
            assert found.counts.tolist() == direct.tolist()
            assert found.tokens == found.counts.sum()
            assert found.words == sum(doc.words for doc in docs if doc.video in inside)


def test_what_cannot_be_counted_is_said(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [Doc("v:1", words("a"))])
    with pytest.raises(QueryError, match="cannot count by 'dep': there is word, norm, lemma, pos, tag"):
        frequencies(files, make_mask(files), "dep")


def test_a_corpus_without_words_has_no_counts(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, [], without_words=[Doc("v:1", (), row={"status": "no captions"})])
    with patch.object(cells, "FEWEST_TOKENS", 0):
        assert frequencies(files, make_mask(files)).counts.tolist() == []


# -- the table beside the catalog --------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> CorpusFiles:
    docs = [Doc(f"v:{n}", words("war talk talk", lemma=True), row={"outlet": "ab"[n % 2]}) for n in range(4)]
    return write_corpus(tmp_path, docs, [[0, 1], [2, 3]])


def asked(folder: Path) -> dict[str, int]:
    files = open_files(folder)
    with patch.object(cells, "FEWEST_TOKENS", 0), quick():
        return plainly(frequencies(files, make_mask(files, "outlet=a")))


RIGHT = {"war": 2, "talk": 4}


def test_the_table_lies_beside_the_catalog_and_is_read_again(small: CorpusFiles, tmp_path: Path) -> None:
    assert asked(tmp_path) == RIGHT
    assert sorted(path.name for path in tmp_path.glob("catalog*")) == ["catalog.lemma.pack", "catalog.pack"]
    with patch.object(cells, "_made", side_effect=AssertionError("made again")):
        assert asked(tmp_path) == RIGHT
    assert values_of(small, "lemma").values.tolist() == ["talk", "war"]


def test_a_small_corpus_has_no_table(small: CorpusFiles, tmp_path: Path) -> None:
    assert plainly(frequencies(small, make_mask(small, "outlet=a"))) == RIGHT
    assert list(tmp_path.glob("*.lemma.pack")) == []


def test_nor_has_one_of_more_cells_than_are_worth_it(small: CorpusFiles, tmp_path: Path) -> None:
    with patch.object(cells, "MOST_CELLS", 1):
        assert asked(tmp_path) == RIGHT
    assert list(tmp_path.glob("*.lemma.pack")) == []


@pytest.mark.parametrize("damage", ["broken", "of another version"])
def test_a_table_that_cannot_be_read_is_made_again(small: CorpusFiles, tmp_path: Path, damage: str) -> None:
    assert asked(tmp_path) == RIGHT
    path = tmp_path / "catalog.lemma.pack"
    if damage == "broken":
        path.write_bytes(path.read_bytes()[:-1])
        assert asked(tmp_path) == RIGHT
    else:
        with patch.object(cells, "VERSION", cells.VERSION + 1):
            assert asked(tmp_path) == RIGHT
    assert asked(tmp_path) == RIGHT


def test_a_folder_that_cannot_be_written_is_no_error(small: CorpusFiles, tmp_path: Path) -> None:
    with patch.object(os, "access", return_value=False):
        assert asked(tmp_path) == RIGHT
    with patch.object(cells, "write_pack", side_effect=OSError("full")):
        assert asked(tmp_path) == RIGHT
    assert list(tmp_path.glob("*.lemma.pack")) == []


@pytest.mark.skipif(os.name != "posix", reason="Windows deletes no file that is open; a later build does")
def test_a_build_clears_the_table_away_under_its_readers(small: CorpusFiles, tmp_path: Path) -> None:
    with patch.object(cells, "FEWEST_TOKENS", 0), quick():
        frequencies(small, make_mask(small))
        reader = open_files(tmp_path)
        assert plainly(frequencies(reader, make_mask(reader))) == {"war": 4, "talk": 8}
        Shelf(tmp_path).remove_all_but((*reader.manifest.shards, reader.manifest.catalog))
        assert list(tmp_path.glob("*.lemma.pack")) == []
        assert plainly(frequencies(reader, make_mask(reader, "outlet=b"))) == RIGHT


def test_a_catalog_of_another_name_has_a_table_of_its_own(small: CorpusFiles, tmp_path: Path) -> None:
    asked(tmp_path)
    shutil.copy(tmp_path / "catalog.pack", tmp_path / "catalog-2.pack")
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text().replace("catalog.pack", "catalog-2.pack"))
    assert asked(tmp_path) == RIGHT
    assert (tmp_path / "catalog-2.lemma.pack").exists()
