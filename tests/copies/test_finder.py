"""The fold over videos: what is found, what is not, and that neither batches nor an earlier run change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.copies import choose, finder, state
from crosscut.copies.finder import Finder, find
from crosscut.copies.found import Copies, Ints
from tests.copies.planted import columns, copies_of, misheard, text

RNG = np.random.default_rng(6)
#: Passages that videos below are made of, and text that is in one video only.
PASSAGES = [text(RNG, int(length)) for length in RNG.integers(8, 60, 8)]
BEFORE = text(RNG, 3000)


@contextmanager
def batches(words: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finder, "BATCH", words)
        yield


def found(videos: list[Ints]) -> Copies:
    return find(videos, np.arange(len(videos)) % 3, np.arange(len(videos)))


#: A video: stretches of passages (which, from, how many words) and of text of its own (-1, seed, how many words).
stretch = st.tuples(st.integers(-1, len(PASSAGES) - 1), st.integers(0, 30), st.integers(1, 60))
studies = st.lists(st.lists(stretch, max_size=6), min_size=1, max_size=7)


def made(study: list[list[tuple[int, int, int]]]) -> list[Ints]:
    videos = [BEFORE]
    for plan in study:
        pieces = [PASSAGES[which][start : start + many] if which >= 0 else text(np.random.default_rng(start), many)
                  for which, start, many in plan]
        videos.append(np.concatenate([np.zeros(0, np.int64), *pieces]))
    return videos


@pytest.mark.parametrize(("words", "rate", "least"), [
    (15, 0.0, 1.0), (30, 0.05, 1.0), (30, 0.1, 0.9), (60, 0.1, 1.0), (60, 0.15, 0.9), (60, 0.2, 0.8), (150, 0.2, 1.0)])
def test_what_is_planted_is_found_though_misheard_on_both_sides(words: int, rate: float, least: float) -> None:
    rng = np.random.default_rng(words)
    many, videos, planted = 30, [BEFORE], []
    for _ in range(many):
        said, before = text(rng, words), text(rng, 200)
        first, second = misheard(rng, said, rate), misheard(rng, said, rate)
        planted.append((len(videos) + 1, 100, 100 + len(second), 200, 200 + len(first)))
        videos += [np.concatenate([before, first, text(rng, 50)]), np.concatenate([text(rng, 100), second, text(rng, 100)])]
    copies = found(videos)
    hits = 0
    for video, start, end, of_start, of_end in planted:
        for here, there, source, low, high in copies_of(copies, video):
            shared = min(there, end) - max(here, start)
            assert here >= start - 6  # and hardly a word more
            assert there <= end + 6
            hits += int(source == video - 1 and low >= of_start - 6 and high <= of_end + 6 and shared >= 0.7 * (end - start))
    assert hits >= least * many
    assert len(copies.occurrences) <= 2 * many


def test_nothing_is_found_in_words_drawn_one_by_one() -> None:
    rng = np.random.default_rng(1)
    assert len(found([text(rng, 2000) for _ in range(100)]).groups) == 0


def test_a_stock_phrase_is_no_copy() -> None:
    rng = np.random.default_rng(2)
    phrase = text(rng, 7)
    assert len(found([np.concatenate([text(rng, 300), phrase, text(rng, 300)]) for _ in range(40)]).groups) == 0


def test_twelve_words_that_everybody_says_all_the_time_are_no_copy() -> None:
    rng = np.random.default_rng(3)
    common = np.arange(12) % 4  # the four most frequent words
    videos = [BEFORE, *(np.concatenate([text(rng, 300), common, text(rng, 300)]) for _ in range(10))]
    assert len(found(videos).groups) == 0


def test_a_passage_that_comes_often_is_linked_to_its_first_occurrence_only() -> None:
    rng = np.random.default_rng(4)
    ident = text(rng, 20)
    copies = found([BEFORE, *(np.concatenate([misheard(rng, ident, 0.03), text(rng, 200)]) for _ in range(300))])
    rows = copies.occurrences
    assert rows.of_video[~rows.first].max() <= 2  # not all words of it were heard rightly at first
    assert (~rows.first).sum() >= 295
    assert len(set(rows.group.tolist())) <= 2


def test_loops_of_a_recogniser_are_no_copies_and_no_seeds() -> None:
    rng = np.random.default_rng(5)
    phrase = text(rng, 9)
    videos = [np.concatenate([text(rng, 300), *[phrase] * 40, text(rng, 300)]) for _ in range(3)]
    assert len(found([BEFORE, *videos]).groups) == 0


def test_tokens_to_be_ignored_are_in_the_places_but_not_in_the_words() -> None:
    rng = np.random.default_rng(7)
    said = text(rng, 40)
    marked = np.insert(said, [5, 5, 20], -1)
    copies = found([BEFORE, np.concatenate([text(rng, 100), marked]), np.concatenate([[-1, -1], said, [-1], text(rng, 100)])])
    assert copies_of(copies, 2) == [(2, 42, 1, 100, 143)]
    assert copies.groups.words.tolist() == [40]
    assert copies.occurrences.alike.tolist() == [1, 1]


def test_an_opening_in_a_show_uploaded_again_is_part_of_the_show() -> None:
    rng = np.random.default_rng(8)
    opening = text(rng, 30)
    first, second = (np.concatenate([text(rng, 200), opening, text(rng, 200)]) for _ in range(2))
    copies = found([BEFORE, first, second, second])
    assert copies_of(copies, 2) == [(200, 230, 1, 200, 230)]
    assert copies_of(copies, 3) == [(0, 430, 2, 0, 430)]
    rows = copies.occurrences
    firsts = [(int(rows.video[row]), int(rows.start[row]), int(rows.end[row]), int(rows.group[row])) for row in np.flatnonzero(rows.first)]
    assert firsts == [(1, 200, 230, 0), (2, 0, 200, 1), (2, 230, 430, 1)]


def test_of_a_speech_in_parts_everyone_is_linked_to_who_said_it_first() -> None:
    rng = np.random.default_rng(9)
    speech = text(rng, 500)
    parts = [speech[:300], speech[200:], speech]
    copies = found([BEFORE, *(np.concatenate([text(rng, 50), part, text(rng, 50)]) for part in parts)])
    assert copies_of(copies, 2) == [(50, 150, 1, 250, 350)]
    assert copies_of(copies, 3) == [(50, 350, 1, 50, 350), (350, 550, 2, 150, 350)]
    assert copies.groups.times.tolist() == [3, 2]
    assert copies.groups.words.tolist() == [300, 200]


def test_the_opening_is_a_group_of_its_own_though_a_clip_has_it_with_the_first_item() -> None:
    rng = np.random.default_rng(10)
    opening = text(rng, 25)
    show = np.concatenate([opening, text(rng, 300)])
    copies = found([BEFORE, show, *(np.concatenate([opening, text(rng, 200)]) for _ in range(6)), show[:150]])
    assert copies.groups.times.tolist() == [7, 2]
    assert copies_of(copies, 8) == [(0, 150, 1, 0, 150)]
    rows = copies.occurrences
    assert [(int(rows.start[row]), int(rows.end[row])) for row in np.flatnonzero(rows.first)] == [(0, 25), (25, 150)]


@settings(max_examples=60, deadline=None)
@given(studies, st.sampled_from([1, 100, 250]))
def test_the_size_of_a_batch_changes_nothing(study: list[list[tuple[int, int, int]]], words: int) -> None:
    videos = made(study)
    whole = found(videos)
    with batches(words):
        assert columns(found(videos)) == columns(whole)


@settings(max_examples=60, deadline=None)
@given(studies)
def test_no_token_is_in_two_groups_and_every_copy_has_a_first(study: list[list[tuple[int, int, int]]]) -> None:
    videos = made(study)
    copies = found(videos)
    rows, groups = copies.occurrences, copies.groups
    seen: set[tuple[int, int]] = set()
    for row in range(len(rows)):
        tokens = {(int(rows.video[row]), token) for token in range(rows.start[row], rows.end[row])}
        assert tokens
        assert not tokens & seen
        seen |= tokens
        here = slice(rows.start[row], rows.end[row]), slice(rows.of_start[row], rows.of_end[row])
        assert (rows.of_video[row], rows.of_start[row]) <= (rows.video[row], rows.start[row])
        if not rows.first[row]:
            assert rows.end[row] - rows.start[row] >= choose.LEAST
            assert len(set(videos[rows.video[row]][here[0]]) & set(videos[rows.of_video[row]][here[1]])) > 1
            assert rows.of_video[row] == groups.video[rows.group[row]]
    for number in range(len(groups)):
        mine = rows.group == number
        assert rows.first[mine].any()
        assert (~rows.first[mine]).sum() == groups.times[number] - 1 >= 1
        assert set(rows.video[mine & rows.first].tolist()) == {int(groups.video[number])}


@settings(max_examples=50, deadline=None)
@given(studies, studies, st.data())
def test_going_on_from_an_earlier_run_gives_what_a_fresh_one_gives(
    tmp_path_factory: pytest.TempPathFactory, old: list[list[tuple[int, int, int]]], new: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    kept = data.draw(st.integers(0, len(old)))
    folder = tmp_path_factory.mktemp("finder")
    run(folder, old)
    copies = run(folder, old[:kept] + new)
    fresh = found(made(old[:kept] + new))
    assert columns(copies) == columns(fresh)
    same = [before == after for before, after in zip(old, old[:kept] + new, strict=False)]
    unchanged = 1 + (same.index(False) if False in same else len(same))
    assert copies.done_videos == len(new) + kept + 1 - unchanged
    assert columns(run(folder, old)) == columns(found(made(old)))  # and back again


def run(folder: Path, study: list[list[tuple[int, int, int]]]) -> Copies:
    videos, digests = made(study), ["before", *map(repr, study)]
    with batches(200), Finder(folder) as one:
        kept = one.keep(digests)
        one.add(videos[kept:])
        copies = one.result(np.arange(len(videos)) % 3, np.arange(len(videos)))
        one.save(digests)
    return copies


def test_a_run_that_was_broken_off_leaves_what_was_saved_before(tmp_path: Path) -> None:
    study = [[(0, 0, 60), (1, 0, 60)], [(1, 0, 60)], [(0, 0, 60)]]
    run(tmp_path, study[:2])
    with batches(1), Finder(tmp_path) as broken:
        broken.keep(["before", *map(repr, study[:2])])
        broken.add(made(study * 5)[3:])
    copies = run(tmp_path, study)
    assert columns(copies) == columns(found(made(study)))
    assert copies.done_videos == 1


def test_a_state_saved_under_other_rules_is_not_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = [[(0, 0, 60)], [(0, 0, 60)]]
    run(tmp_path, study)
    monkeypatch.setattr(state, "DECIDES", "other rules")
    copies = run(tmp_path, study)
    assert copies.done_videos == 3
    assert columns(copies) == columns(found(made(study)))


@pytest.mark.parametrize(("file", "size"), [("state.npz", 100), ("state.npz", 0), ("words.bin", None), ("own.bin", 8),
                                            ("run-1.bin", None), ("run-1.bin", 0)])
def test_where_files_are_damaged_all_is_found_anew(tmp_path: Path, file: str, size: int | None) -> None:
    study = [[(0, 0, 60)], [(0, 0, 60), (1, 0, 60)]]
    run(tmp_path, study)
    path = tmp_path / file
    path.write_bytes(path.read_bytes()[:size]) if size is not None else path.unlink()
    grown = [*study, [(1, 0, 60)]]
    assert columns(run(tmp_path, grown)) == columns(found(made(grown)))
    assert run(tmp_path, grown).done_videos == 0


def test_digests_are_of_all_videos(tmp_path: Path) -> None:
    with Finder(tmp_path) as one:
        one.add([[1, 2, 3]])
        with pytest.raises(ValueError, match="2 digests of 1 videos"):
            one.save(["a", "b"])


def test_no_videos_and_empty_videos() -> None:
    assert len(found([]).occurrences) == 0
    assert len(found([np.zeros(0, np.int64), np.array([-1, -1]), np.zeros(0, np.int64)]).groups) == 0
