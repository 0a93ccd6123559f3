"""Kinds by evidence: each on videos made to be one, with the numbers that a reader can check."""

from __future__ import annotations

import numpy as np

from crosscut.copies.finder import find
from crosscut.copies.found import KINDS, Copies, Ints
from tests.copies.planted import misheard, text

RNG = np.random.default_rng(11)


def own(words: int) -> Ints:
    """Words that are in no other video."""
    return text(RNG, words)


def video(*pieces: Ints) -> Ints:
    return np.concatenate(pieces)


def found(*videos: Ints, outlets: list[int], days: list[int] | None = None) -> Copies:
    """After a long video of another outlet, with which nothing is shared."""
    return find([text(np.random.default_rng(0), 4000), *videos], [9, *outlets], [0, *(days or range(1, len(videos) + 1))])


def kinds(copies: Copies) -> list[tuple[int, str]]:
    """Of each copy: its video (from 1 on), and what it is."""
    rows = copies.occurrences
    return [(int(rows.video[row]), KINDS[rows.kind[row]]) for row in range(len(rows)) if not rows.first[row]]


def test_most_of_both_videos_of_an_outlet_is_a_re_upload() -> None:
    report = own(300)
    copies = found(video(own(20), report), video(misheard(RNG, report, 0.02), own(30)), outlets=[0, 0])
    assert kinds(copies) == [(2, "re-upload")]
    assert KINDS[copies.groups.kind[0]] == "re-upload"
    assert copies.groups.share[0] > 0.85
    assert copies.groups.share_first[0] > 0.85


def test_a_clip_of_a_show_is_an_excerpt_and_so_is_the_show_after_its_clip() -> None:
    clip = own(200)
    assert kinds(found(video(own(900), clip, own(500)), clip, outlets=[0, 0])) == [(2, "excerpt")]
    assert kinds(found(clip, video(own(900), clip, own(500)), outlets=[0, 0])) == [(2, "excerpt")]


def test_a_show_uploaded_again_after_a_clip_of_it_is_a_re_upload_through_the_clip() -> None:
    clip = own(700)
    show = video(own(150), clip, own(150))
    assert kinds(found(clip, show, show, outlets=[0, 0, 0])) == [
        (2, "excerpt"), (3, "re-upload"), (3, "re-upload"), (3, "re-upload")]


def test_what_two_outlets_have_is_pool_even_where_it_is_all_they_have() -> None:
    speech = own(300)
    copies = found(video(own(200), speech), video(speech, own(300)), speech, outlets=[0, 1, 2])
    assert kinds(copies) == [(2, "pool"), (3, "pool")]
    assert (copies.groups.outlets[0], copies.groups.videos[0], copies.groups.days[0]) == (3, 3, 3)


def test_of_one_speech_a_copy_can_be_pool_and_the_next_a_re_upload() -> None:
    speech = own(300)
    copies = found(video(speech, own(300)), speech, video(own(10), speech), outlets=[0, 1, 1])
    assert kinds(copies) == [(2, "pool"), (3, "re-upload")]


def test_the_same_background_each_day_is_boilerplate() -> None:
    background = own(50)
    videos = [video(own(200), background, own(200)) for _ in range(5)]
    assert kinds(found(*videos, outlets=[0] * 5)) == [(number, "boilerplate") for number in (2, 3, 4, 5)]
    assert {kind for _, kind in kinds(found(*videos, outlets=[0] * 5, days=[1] * 5))} == {"excerpt"}  # all in one day
    assert {kind for _, kind in kinds(found(*videos, outlets=[0] * 5, days=[-1] * 5))} == {"boilerplate"}  # nobody knows
    assert {kind for _, kind in kinds(found(*videos, outlets=[0, 0, 0, 0, 1]))} == {"pool"}


def test_what_opens_or_ends_many_videos_is_an_ident() -> None:
    opening = own(25)
    videos = [video(opening, own(200)) if number % 2 else video(own(200), opening) for number in range(6)]
    copies = found(*videos, outlets=[0] * 6)
    assert {kind for _, kind in kinds(copies)} == {"ident"}
    assert copies.groups.edge[0] == 1


def test_what_is_said_twice_in_one_video_is_a_repeat() -> None:
    teaser = own(40)
    copies = found(video(own(50), teaser, own(500), teaser, own(300)), outlets=[0])
    assert kinds(copies) == [(1, "repeat")]
    assert copies.groups.times.tolist() == [2]
    assert copies.groups.videos.tolist() == [1]


def test_a_bulletin_said_again_and_again_is_linked_to_its_first_time() -> None:
    bulletin = own(120)
    rest = [own(60) for _ in range(12)]
    copies = found(video(*(piece for part in rest for piece in (bulletin, part))), outlets=[0])
    assert kinds(copies) == [(1, "repeat")] * 11
    assert set(copies.occurrences.of_start.tolist()) == {0}


def test_a_phrase_that_comes_again_days_later_in_one_outlet_is_boilerplate() -> None:
    phrase, longer = own(18), own(60)
    later = [video(own(200), phrase, own(200)), video(own(300), phrase, own(100))]
    assert kinds(found(*later, outlets=[0, 0], days=[1, 3])) == [(2, "boilerplate")]
    assert kinds(found(*later, outlets=[0, 0], days=[1, 2])) == [(2, "excerpt")]       # a quote of yesterday
    assert kinds(found(*later, outlets=[0, 0], days=[-1, -1])) == [(2, "excerpt")]
    assert kinds(found(*later, outlets=[0, 1], days=[1, 3])) == [(2, "pool")]
    again = [video(own(200), longer, own(200)), video(own(300), longer, own(100))]
    assert kinds(found(*again, outlets=[0, 0], days=[1, 3])) == [(2, "excerpt")]
