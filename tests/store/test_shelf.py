"""Shards on a shelf: what lies where, through dropping and merging, and what a killed build left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12), fan_in=st.integers(2, 4))
def test_documents_are_found_again_where_they_moved(
    tmp_path_factory: pytest.TempPathFactory, sizes: Sequence[int], fan_in: int
) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    with quick(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FAN_IN", fan_in)
        for number, size in enumerate(sizes):
            shelf.add(merge([batch_of(doc(2 * number, size)), batch_of(doc(2 * number + 1, size))]))
        before = shelf.places(map(key, range(2 * len(sizes))))
        shelf.compact()
    after = shelf.places(before)
    for document, (name, place) in before.items():
        moved, offset = shelf.moved(name)
        assert after[document] == (moved, offset + place)
        assert shelf.document(after[document]).key == document
    assert Shelf(shelf.folder).places(before).keys() == before.keys()


def test_dead_documents_and_doubles_are_dropped(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.add(merge(batch_of(doc(n)) for n in range(3)))
    shelf.add(batch_of(doc(1)))  # as a merge leaves it that was killed before it was published
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
