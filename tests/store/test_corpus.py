"""Catalog and manifest: what is written is read again; what is not in the manifest does not exist."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.errors import CorpusDamaged, CorpusMissing, NotFound
from crosscut.store.catalog import CODED, NUMBERS, TEXT, Catalog, Table
from crosscut.store.corpus import FORMAT, open_files, read_manifest
from tests.helpers.corpora import Doc, quick, words, write_corpus

ROWS = st.lists(
    st.fixed_dictionaries({name: st.text(max_size=5) for name in (*TEXT, *CODED)}
                          | {name: st.integers(-1, 10**12) for name in NUMBERS}), max_size=5)


@given(ROWS)
def test_a_catalog_gives_its_rows_back(rows: list[dict[str, str | int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, quick():
        path = Path(folder, "c.pack")
        Table.of(rows).write(path)
        catalog = Catalog(path)
        assert len(catalog) == len(rows)
        assert [catalog.row(number) for number in range(len(rows))] == rows
        chosen = np.arange(len(rows))[::-1]
        for name in (*TEXT, *CODED, *NUMBERS):
            assert catalog.values(name) == [str(row[name]) for row in rows]
            assert catalog.values(name, chosen) == [str(row[name]) for row in rows[::-1]]


@given(ROWS, ROWS)
def test_rows_take_the_place_of_rows_or_come_in_between(old: list[dict[str, str | int]], new: list[dict[str, str | int]]) -> None:
    def by_video(*lists: list[dict[str, str | int]]) -> list[dict[str, str | int]]:
        rows = {str(row["video"]).encode("utf-8", "surrogatepass"): row for rows in lists for row in rows}
        return [rows[key] for key in sorted(rows)]

    with tempfile.TemporaryDirectory() as folder, quick():
        Table.of(by_video(old)).write(Path(folder, "old.pack"))
        Catalog(Path(folder, "old.pack")).table().with_rows(by_video(new)).write(Path(folder, "new.pack"))
        Table.of(by_video(old, new)).write(Path(folder, "fresh.pack"))
        assert Path(folder, "new.pack").read_bytes() == Path(folder, "fresh.pack").read_bytes()


DOCS = [Doc("v:a", words("one two")), Doc("v:b", words("three")), Doc("youtube:AAAAAAAAAAA", words("four five six"))]


def test_videos_are_found_by_key_and_by_bare_id(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, DOCS, [[2, 0], [1]], strays=[Doc("x:stray", words("not counted"))],
                         without_words=[Doc("v:empty", (), row={"status": "no captions"})])
    keys = ["v:a", "v:b", "v:empty", "youtube:AAAAAAAAAAA"]
    assert [files.ordinal(key) for key in keys] == [0, 1, 2, 3]
    assert files.ordinal("AAAAAAAAAAA") == 3
    for wrong in ("v:c", "a", "", "youtube:aaaaaaaaaaa"):
        with pytest.raises(NotFound, match="crosscut status"):
            files.ordinal(wrong)
    for doc in DOCS:
        shard, begin, end = files.span(files.ordinal(doc.video))
        forms = shard.lexicon("form").take(shard.type_codes("form")[shard.column("type")[begin:end]])
        assert forms == [token.form for token in doc.tokens]
    with pytest.raises(NotFound, match="no captions"):
        files.span(2)
    assert [places.tolist() for places in files.ordinals] == [[-1, 3, 0], [1]]


def test_nothing_built_is_said(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    with pytest.raises(CorpusMissing, match="run crosscut build"):
        open_files(tmp_path)


def test_a_manifest_of_another_format_is_not_used(tmp_path: Path) -> None:
    write_corpus(tmp_path, DOCS)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', '"format": 0'))
    assert read_manifest(tmp_path) is None


def test_a_broken_manifest_is_damaged(tmp_path: Path) -> None:
    write_corpus(tmp_path, DOCS)
    (tmp_path / "manifest.json").write_text('{"format": 1, ')
    with pytest.raises(CorpusDamaged, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_a_manifest_gives_its_fields_back(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, DOCS, [[0], [1, 2]])
    assert read_manifest(tmp_path) == files.manifest
    assert files.manifest.shards == ("shard-0.pack", "shard-1.pack")


def test_files_beside_the_manifest_do_not_exist(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, DOCS)
    (tmp_path / "shard-zzz.pack").write_bytes(b"left by a build that was killed")
    assert [shard.name for shard in files.shards] == ["shard-0.pack"]
