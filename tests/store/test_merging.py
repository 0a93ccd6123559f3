"""Merged shards are, byte for byte, the shard that is written of all documents at once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.store import merging
from crosscut.store.batch import merge
from crosscut.store.merging import merge_shards
from crosscut.store.shard import Shard, write_shard
from tests.helpers.corpora import Doc, batch_of, quick, read_back, words
from tests.store.test_batch import DOCS, expected


@given(DOCS, st.data(), st.integers(1, 12))
def test_merged_shards_are_the_shard_of_everything(docs: list[Doc], data: st.DataObject, at_once: int) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(docs)), max_size=3)) | {len(docs)})
    groups = [docs[a:b] for a, b in zip([0, *cuts], cuts, strict=False)]
    with tempfile.TemporaryDirectory() as name, quick(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "AT_ONCE", at_once)
        folder = Path(name)
        for number, group in enumerate(groups):
            write_shard(folder / f"{number}.pack", merge(map(batch_of, group)))
        merge_shards(folder / "merged.pack", [Shard(folder / f"{number}.pack") for number in range(len(groups))])
        write_shard(folder / "defined.pack", merge(map(batch_of, docs)))
        assert read_back(Shard(folder / "merged.pack").batch) == expected(docs)
        assert (folder / "merged.pack").read_bytes() == (folder / "defined.pack").read_bytes()


def test_merging_again_in_other_groups_gives_the_same(tmp_path: Path) -> None:
    """With enough distinct words, documents and repetitions that codes of one, two and four bytes all occur."""
    docs = [Doc(f"v:{n}", words(f"a b{n} " + " ".join(f"w{(n * 37 + i * i) % 70_000}" for i in range(300)) + " c" * n))
            for n in range(280)]
    with quick():
        for number in range(7):
            write_shard(tmp_path / f"{number}.pack", merge(map(batch_of, docs[number * 40 : number * 40 + 40])))
        parts = [Shard(tmp_path / f"{number}.pack") for number in range(7)]
        merge_shards(tmp_path / "left.pack", parts[:3])
        merge_shards(tmp_path / "right.pack", parts[3:])
        merge_shards(tmp_path / "two.pack", [Shard(tmp_path / "left.pack"), Shard(tmp_path / "right.pack")])
        merge_shards(tmp_path / "one.pack", parts)
        write_shard(tmp_path / "defined.pack", merge(map(batch_of, docs)))
    defined = (tmp_path / "defined.pack").read_bytes()
    assert (tmp_path / "one.pack").read_bytes() == defined
    assert (tmp_path / "two.pack").read_bytes() == defined
    whole = Shard(tmp_path / "one.pack")
    assert {whole.pack[name].dtype.itemsize for name in ("counts.document", "counts.n", "type", "after")} == {1, 2}


def test_a_crash_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        write_shard(tmp_path / f"{number}.pack", batch_of(Doc(f"v:{number}", words("a b c"))))
    parts = [Shard(tmp_path / f"{number}.pack") for number in range(2)]

    def crash(*_: object) -> None:
        raise OSError("no space left on device")

    for place, name in ((merging, "_put_by_type"), (os, "fsync")):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, crash)
            with pytest.raises(OSError, match="no space"):
                merge_shards(tmp_path / "merged.pack", parts)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.pack", "1.pack"]
