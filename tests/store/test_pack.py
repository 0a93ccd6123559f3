"""A pack gives back what was put in, appears whole or not at all, and says when it is damaged."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from crosscut.errors import CorpusDamaged
from crosscut.store.pack import Pack, Plan, Strings, write_pack, write_text, writing_pack
from tests.helpers.corpora import quick

TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates too
DTYPES = st.sampled_from([np.uint8, np.uint16, np.uint32, np.int16, np.int32, np.int64, np.float64, np.bool_])
ARRAYS = DTYPES.flatmap(lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5)))
NAMES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?", fullmatch=True)


@given(st.dictionaries(NAMES, st.one_of(ARRAYS, st.lists(TEXTS, max_size=6)), max_size=6),
       st.dictionaries(NAMES, st.one_of(st.integers(), TEXTS), max_size=3))
def test_what_is_written_is_read_again(columns: dict[str, list[str]], meta: dict[str, int | str]) -> None:
    with tempfile.TemporaryDirectory() as folder, quick():
        path = Path(folder, "p.pack")
        write_pack(path, columns, meta)
        pack = Pack(path)
        assert pack.meta == meta
        assert pack.size() == path.stat().st_size
        for name, column in columns.items():
            assert name in pack
            if isinstance(column, list):
                strings = pack.strings(name)
                assert strings.tolist() == column
                assert [strings[i] for i in range(len(strings))] == column
                assert strings[:] == column
                assert strings.take(range(len(column) - 1, -1, -1)) == column[::-1]
            else:
                array = pack[name]
                assert array.dtype == column.dtype
                assert array.shape == column.shape
                np.testing.assert_array_equal(array, column)
        assert list(Path(folder).iterdir()) == [path]


@given(st.sets(TEXTS, max_size=20), TEXTS)
def test_find_is_a_search_through_all(values: set[str], wanted: str) -> None:
    ordered = sorted(values, key=lambda text: text.encode("utf-8", "surrogatepass"))
    strings = Strings.of(ordered)
    assert strings.find(wanted) == (ordered.index(wanted) if wanted in values else -1)
    assert [strings.find(value) for value in ordered] == list(range(len(ordered)))


def test_strings_are_a_sequence_with_ends() -> None:
    strings = Strings.of(["a", "", "ö"])
    for index in (3, -1):
        with pytest.raises(IndexError):
            strings[index]
    assert list(strings) == ["a", "", "ö"]
    assert Strings.of([]).tolist() == []


def test_bytes_by_array_are_the_arrays_sizes(tmp_path: Path) -> None:
    write_pack(tmp_path / "p.pack", {"n": np.arange(3, dtype=np.int32), "t": ["ab", "ü"]}, {})
    assert Pack(tmp_path / "p.pack").bytes_by_array() == {"n": 12, "t#": 12, "t": 4}


def test_a_pack_comes_piece_by_piece_and_in_any_order(tmp_path: Path) -> None:
    plan: Plan = {"n": (np.int32, (5,)), "none": (np.uint8, (0,)), "m": (np.uint8, (2, 2))}
    with writing_pack(tmp_path / "p.pack", plan, {"a": 1}) as pack:
        pack.put("m", np.array([[1, 2]]))
        pack.put("n", np.arange(3))
        pack.put("m", np.array([[3, 4]]))
        pack.put("n", np.arange(3, 5))
    write_pack(tmp_path / "q.pack", {"n": np.arange(5, dtype=np.int32), "none": np.zeros(0, np.uint8),
                                     "m": np.array([[1, 2], [3, 4]], np.uint8)}, {"a": 1})
    assert (tmp_path / "p.pack").read_bytes() == (tmp_path / "q.pack").read_bytes()
    read = Pack(tmp_path / "p.pack")
    numbers = read["n"]
    read.release()
    assert numbers.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("count", "said"), [(1, "fewer values than planned: n"), (3, "more values of n")])
def test_a_pack_that_is_not_as_planned_does_not_appear(tmp_path: Path, count: int, said: str) -> None:
    with pytest.raises(ValueError, match=said), writing_pack(tmp_path / "p.pack", {"n": (np.int32, (2,))}, {}) as pack:
        pack.put("n", np.arange(count))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pack"
    write_pack(path, {"n": np.arange(100), "t": ["one", "two"]}, {"a": 1})
    return path


def test_a_truncated_pack_is_damaged_wherever_it_is_cut(good: Path) -> None:
    data = good.read_bytes()
    for length in [0, 1, 7, 8, 12, 16, 17, 40, 200, 500, len(data) // 2, len(data) - 1]:
        good.write_bytes(data[:length])
        with pytest.raises(CorpusDamaged, match=r"good\.pack"):
            Pack(good)


def test_a_pack_with_more_at_its_end_is_damaged(good: Path) -> None:
    good.write_bytes(good.read_bytes() + b"\0")
    with pytest.raises(CorpusDamaged):
        Pack(good)


@given(st.binary(max_size=300))
def test_garbage_is_damaged(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.pack")
        for content in (data, b"CROSSCUT" + data, b"CROSSCUT" + len(data).to_bytes(8, "little") + data):
            path.write_bytes(content)
            with pytest.raises(CorpusDamaged):
                Pack(path)


@pytest.mark.parametrize("header", [{}, [], {"size": 5}, {"size": None, "meta": {}}, "text", {"meta": {}, "arrays": {}}])
def test_a_header_of_another_shape_is_damaged(tmp_path: Path, header: object) -> None:
    text = json.dumps(header).encode()
    path = tmp_path / "p.pack"
    path.write_bytes(b"CROSSCUT" + len(text).to_bytes(8, "little") + text)
    with pytest.raises(CorpusDamaged):
        Pack(path)


def test_a_missing_pack_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(CorpusDamaged, match="run crosscut build"):
        Pack(tmp_path / "none.pack")


def test_a_crash_before_the_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="no space"):
        write_pack(tmp_path / "p.pack", {"n": np.arange(3)}, {})
    with pytest.raises(OSError, match="no space"):
        write_text(tmp_path / "t.json", "text")
    assert list(tmp_path.iterdir()) == []


def test_a_crash_leaves_the_older_file_as_it_was(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = good.read_bytes()

    def crash(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(KeyboardInterrupt):
        write_pack(good, {"n": np.arange(3)}, {})
    with pytest.raises(KeyboardInterrupt):
        write_text(good, "other")
    assert good.read_bytes() == before
    assert list(good.parent.iterdir()) == [good]


def test_the_content_is_flushed_before_the_name_appears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "p.pack", []
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append(path.exists()))
    write_pack(path, {"n": np.arange(3)}, {})
    assert seen == [False, True]  # the file under another name, then the folder


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    write_text(tmp_path / "t", "a\nü\r\n")
    assert (tmp_path / "t").read_bytes() == "a\nü\r\n".encode()
