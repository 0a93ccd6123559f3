"""Shards on a shelf: what lies where, through dropping and merging, and what a killed build left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.store import shard as shards
from crosscut.store import shelf as module
from crosscut.store.batch import merge
from crosscut.store.shelf import Shelf
from tests.helpers.corpora import Doc, batch_of, quick, read_back, words


def doc(number: int, size: int = 1) -> Doc:
    return Doc(f"v:{number}", words(f"word{number} " * size))


def key(number: int) -> str:
    return batch_of(doc(number)).documents[0].key


def read_at(shelf: Shelf, number: int) -> list[object]:
    (name, place), = shelf.places([key(number)]).values()
    return list(read_back(shelf.shards[name].batch.take([place])))


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12), most=st.tuples(st.integers(1, 3), st.integers(1, 5)))
def test_documents_are_found_again_where_they_moved(
    tmp_path_factory: pytest.TempPathFactory, sizes: Sequence[int], most: tuple[int, int]
) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    with quick(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_AT_REST", most[0])
        patch.setattr(module, "MOST_AT_WORK", most[1])
        before: dict[str, tuple[str, int]] = {}
        for number, size in enumerate(sizes):
            added = shelf.add(merge([batch_of(doc(2 * number, size)), batch_of(doc(2 * number + 1, size))]))
            before |= {about.key: (added.name, place) for place, about in enumerate(added.documents)}
            assert len(shelf.shards) <= most[1]
        assert sorted(before) == sorted(map(key, range(2 * len(sizes))))
        shelf.compact()
    assert len(shelf.shards) <= min(most)
    assert {path.name for path in shelf.folder.iterdir()} == set(shelf.names)  # what nobody can have seen is gone at once
    after = shelf.places(before)
    for document, (name, place) in before.items():
        moved, offset = shelf.moved(name)
        assert after[document] == (moved, offset + place)
        assert shelf.document(after[document]).key == document
    assert Shelf(shelf.folder).places(before).keys() == before.keys()


def test_dead_documents_and_doubles_are_dropped(tmp_path: Path) -> None:
    for numbers in (range(3), (1,)):  # as a merge leaves them that was killed before it was published
        Shelf(tmp_path).add(merge(batch_of(doc(n)) for n in numbers))
    shelf = Shelf(tmp_path)
    shelf.drop(lambda document: document.key == key(2))
    assert [[d.key for d in shard.documents] for shard in shelf.shards.values()] == [[key(0), key(1)]]
    assert len(list(tmp_path.glob("*.pack"))) == 3  # readers of the manifest of before still have theirs
    shelf.remove_all_but(shelf.names)
    assert len(list(tmp_path.glob("*.pack"))) == 1


def test_copies_have_the_keys_asked_for_and_the_size(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for numbers in ((0, 1, 2, 3), (4, 5)):
        shelf.add(merge(batch_of(doc(n, 3)) for n in numbers))
    places = {f"copy {n}": shelf.places([key(n)])[key(n)] for n in range(6)}
    batches = list(shelf.copies(places, most=6))
    assert sorted(len(batch) for batch in batches) == [2, 2, 2]
    assert {about.key: read_back(batch.take([i]))[0][2] for batch in batches for i, about in enumerate(batch.documents)} == {
        f"copy {n}": doc(n, 3).tokens for n in range(6)}


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    Shelf(tmp_path).add(batch_of(doc(1)))
    (tmp_path / ".shard-x.pack.1234.tmp").write_bytes(b"half")
    (tmp_path / "shard-broken.pack").write_bytes(b"half")
    shelf = Shelf(tmp_path)
    shelf.clear_away()
    assert sorted(path.name for path in tmp_path.iterdir()) == list(shelf.names)


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12), piece=st.integers(1, 60), at_work=st.integers(1, 3),
       dead=st.sets(st.integers(0, 11)))
def test_a_shard_too_large_for_memory_is_rewritten_in_pieces(
    tmp_path_factory: pytest.TempPathFactory, sizes: Sequence[int], piece: int, at_work: int, dead: set[int]
) -> None:
    docs = [doc(number, size) for number, size in enumerate(sizes)]
    alive = [number for number in range(len(docs)) if number not in dead]
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    with quick(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", piece)
        patch.setattr(module, "MOST_AT_WORK", at_work)
        shelf.add(merge(map(batch_of, docs)))
        shelf.drop(lambda document: document.key in set(map(key, dead)))
        fresh = tmp_path_factory.mktemp("fresh")
        if alive:
            Shelf(fresh).add(merge(batch_of(docs[number]) for number in alive))
    left, defined = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in (shelf.folder, fresh))
    assert left == defined  # nothing is left of the words of the dead


def test_a_shard_without_its_dead_may_be_one_that_was_there(tmp_path: Path) -> None:
    for numbers in ((1, 2), (1,)):
        Shelf(tmp_path).add(merge(batch_of(doc(n)) for n in numbers))
    shelf = Shelf(tmp_path)
    shelf.drop(lambda document: document.key == key(2))
    assert [[d.key for d in shard.documents] for shard in shelf.shards.values()] == [[key(1)]]


def test_shards_of_before_types_were_sorted_are_merged_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their types came in the order of appearance, and the first of them were named otherwise."""
    docs = [Doc("v:1", words("the war the talks")), Doc("v:2", words("a war"))]
    with monkeypatch.context() as patch:
        patch.setattr(shards, "meta", lambda documents, tokens: {"documents": documents, "tokens": tokens})
        patch.setattr(np, "argsort", lambda values, **_: np.arange(len(values))[::-1])
        patch.setattr(shards, "_by_type", lambda types: np.array(sorted(range(len(types)), key=types.__getitem__), np.uint32))
        for one in docs:
            Shelf(tmp_path).add(batch_of(one))
    first = next(tmp_path.glob("shard-*.pack"))
    first.rename(tmp_path / "shard-otherwise.pack")
    monkeypatch.setattr(module, "MOST_AT_REST", 1)
    shelf = Shelf(tmp_path)
    before = shelf.places(f"{one.video}/found" for one in docs)
    assert not any(shard.is_current for shard in shelf.shards.values())
    shelf.compact()
    (merged,) = shelf.shards.values()
    assert len(merged) == 2
    assert {shelf.document((moved, offset)).key for moved, offset in map(shelf.moved, (name for name, _ in before.values()))} == set(before)
    assert {name: tokens for name, _, tokens in read_back(merged.batch)} == {f"{one.video}/found": one.tokens for one in docs}
    assert merged.places(np.flatnonzero(merged.type_codes("lemma") >= 0)).tolist() == list(range(6))


AT_REST, AT_WORK = (module.MOST_AT_REST, module.RATIO_AT_REST), (module.MOST_AT_WORK, module.RATIO_AT_WORK)


@pytest.mark.parametrize(("additions", "a_build_after_each", "one_build"), [
    (50, 1.8, 1.0), (200, 2.8, 1.0), (1_000, 4.4, 2.0), (5_000, 6.3, 2.0)])
def test_each_token_is_written_again_as_often_as_the_page_says(
    additions: int, a_build_after_each: float, one_build: float
) -> None:
    def written(*steps: tuple[int, int]) -> float:
        sizes: list[int] = []
        total = 0
        for addition, step in enumerate([steps[0]] * additions + [steps[-1]]):
            sizes = sorted([*sizes, 1]) if addition < additions else sizes
            while number := module.how_many_to_merge(sizes, *step):
                total += sum(sizes[:number])
                sizes = sorted([sum(sizes[:number]), *sizes[number:]])
            assert len(sizes) <= step[0]
        return round(total / additions, 1)

    assert written(AT_REST) == a_build_after_each
    assert written(AT_WORK, AT_REST) == one_build


def test_shards_as_large_as_positions_allow_stay() -> None:
    most = module.LARGEST_SHARD
    assert module.how_many_to_merge([most] * 20, *AT_REST) == 0
    assert module.how_many_to_merge([1] * 3 + [most] * 20, *AT_REST) == 3
