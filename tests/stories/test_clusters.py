"""Stories of pieces: by hand, against the plain definition, and what must never change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.counts import Counts
from crosscut.stories import onepass
from crosscut.stories.clusters import NAME, WORD, Pieces, Settings, Stories, cluster, defining
from crosscut.stories.onepass import NONE, centred

TERMS = 200


def pieces(rows: Sequence[Sequence[int]], day: Sequence[int], *, titles: Sequence[Sequence[int]] = (), story: Sequence[int] = (),
           language: Sequence[int] = (), **more: object) -> Pieces:
    many = len(rows)
    empty = Counts.dense(np.zeros((len(rows[0]), many), np.int64))
    return Pieces(
        np.array(day), np.array(language or [0] * many), Counts.dense(np.array(rows).T), Counts.dense(np.zeros((0, many), np.int64)),
        Counts.dense(np.array(titles).T) if len(titles) else empty, empty, np.array(story or [NONE] * many), **more)  # type: ignore[arg-type]


def news(seed: int, many: int = 40, days: int = 8, stories: int = 9) -> Pieces:
    """Each piece has words of one of some stories and of all."""
    random = np.random.default_rng(seed)
    own = random.gamma(0.15, 1, (stories, TERMS))
    about = random.integers(0, stories, many)
    rows = random.poisson(0.15 + 25 * own[about] / own[about].sum(1, keepdims=True))
    return pieces(rows.tolist(), np.sort(random.integers(0, days, many)).tolist())


def part(whole: Pieces, kept: np.ndarray, story: np.ndarray) -> Pieces:
    """Some pieces, in the order given, with the stories given."""
    def counts(table: Counts) -> Counts:
        return Counts.dense(table.to_dense()[:, kept])
    return replace(whole, day=whole.day[kept], language=whole.language[kept], words=counts(whole.words), names=counts(whole.names),
                   titles=counts(whole.titles), descriptions=counts(whole.descriptions), story=story,
                   vectors=None if whole.vectors is None else whole.vectors[kept])


def slow(given: Pieces, chosen: Settings) -> list[int]:
    """The definition, piece by piece, dense: one language, days known, no senses."""
    rows = (given.words.to_dense() + chosen.title * given.titles.to_dense()).T.astype(float)
    lengths, story = rows.sum(1), list(given.story)
    frequency = np.log1p(rows * np.median(lengths[lengths > 0]) / np.maximum(lengths, 1e-9)[:, None])
    share = np.ones(len(rows))
    for _ in range(2):
        has = (share[:, None] * (rows > 0)).sum(0)
        made = frequency * np.log((share.sum() + 1) / (has + 0.5))
        made /= np.maximum(np.linalg.norm(made, axis=1), 1e-9)[:, None]
        story, fresh = list(given.story), max([*given.story, NONE]) + 1
        for day in sorted(set(given.day.tolist())):
            today = np.flatnonzero(given.day == day)
            central = np.round(made[today] @ made[today].sum(0), 4)
            for piece in today[np.lexsort((today, -(rows[today] > 0).sum(1), -central))].tolist():
                if story[piece] != NONE:
                    continue
                near = [other for other in range(len(rows)) if story[other] != NONE and abs(given.day[other] - day) <= chosen.days]
                best, number = 0.0, NONE
                for one in {story[other] for other in near}:
                    total = sum(made[other] for other in near if story[other] == one)
                    gap = min(abs(given.day[other] - day) for other in near if story[other] == one)
                    cosine = float(made[piece] @ total / max(np.linalg.norm(total), 1e-9)) * (1 - chosen.fading * gap)
                    if cosine > best and (piece, one) not in given.apart:
                        best, number = cosine, one
                story[piece], fresh = (number, fresh) if best >= chosen.threshold else (fresh, fresh + 1)
        share = np.array([1 / np.sqrt(story.count(one)) for one in story])
    numbers: dict[int, int] = {}
    first = max([*given.story, NONE]) + 1
    return [one if one < first else numbers.setdefault(one, first + len(numbers)) for one in story]


@pytest.mark.parametrize("seed", range(25))
def test_fast_is_slow(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onepass, "_BLOCK", 3)
    given, chosen = news(seed), Settings(threshold=0.25, fading=0.2)
    found = cluster(given, chosen)
    assert found.story.tolist() == slow(given, chosen)
    assert 1 < len(np.unique(found.story)) < 40  # neither all in one nor each its own: it says something


@pytest.mark.parametrize("seed", range(10))
def test_fast_is_slow_with_stories_given(seed: int) -> None:
    given, random = news(seed), np.random.default_rng(seed)
    story = np.where(random.random(40) < 0.4, random.integers(0, 6, 40), NONE)
    apart = tuple((piece, number) for piece in np.flatnonzero(story == NONE).tolist() for number in (1, 3))
    given, chosen = replace(given, story=story, apart=apart), Settings(threshold=0.3, days=2, fading=0.2)
    assert cluster(given, chosen).story.tolist() == slow(given, chosen)


def test_similarity_by_hand() -> None:
    # all of one length, terms 0 and 1 in two pieces of three: equal weights, so pieces are (1, 1, 0), (1, 1, 0) and (0, 0, 1)
    found = cluster(pieces([[2, 2, 0], [2, 2, 0], [0, 0, 4]], [1, 1, 1]))
    assert found.story.tolist() == [0, 0, 1]
    assert found.similarity == pytest.approx([1, 1, 1])
    apart = cluster(pieces([[2, 0, 2], [2, 2, 0], [0, 0, 4]], [1, 1, 1], story=[5, 5, 7]))
    # two stories, of which the larger counts by the root of its size: N is 1 + √2; of the terms of the first piece, 0 counts
    # √2 and 2 counts 1 + √½; of the second, 0 counts √2 and 1 counts √½
    whole = 1 + 2**0.5
    weight = {term: np.log((whole + 1) / (have + 0.5)) for term, have in ((0, 2**0.5), (1, 0.5**0.5), (2, 1 + 0.5**0.5))}
    cosine = weight[0] ** 2 / np.hypot(weight[0], weight[2]) / np.hypot(weight[0], weight[1])
    assert apart.similarity == pytest.approx([cosine, cosine, 1], abs=1e-6)


def test_a_story_without_a_piece_for_days_is_over() -> None:
    same = [[5, 5, 0]] * 3
    assert cluster(pieces(same, [1, 4, 7])).story.tolist() == [0, 0, 0]
    assert cluster(pieces(same, [1, 5, 8])).story.tolist() == [0, 1, 1]
    assert cluster(pieces(same, [1, 5, 8]), Settings(days=4, fading=0)).story.tolist() == [0, 0, 0]


def test_an_older_story_has_to_be_more_alike() -> None:
    # of one language and three pieces; the cosine of the third with the first story is 1, and fades by a fifth each day
    for days, most in ((0, 1.0), (1, 0.8), (3, 0.4)):
        same = pieces([[5, 5, 0], [0, 0, 5], [5, 5, 0]], [1, 1, 1 + days])
        assert cluster(same, Settings(threshold=most - 0.01, fading=0.2)).story.tolist() == [0, 1, 0]
        assert cluster(same, Settings(threshold=most + 0.01, fading=0.2)).story.tolist() == [0, 1, 2]


def test_a_day_that_is_not_known() -> None:
    same = [[5, 5, 0]] * 4
    assert cluster(pieces(same, [NONE, 1, NONE, 9])).story.tolist() == [0, 0, 0, 1]
    assert cluster(pieces(same, [NONE] * 4)).story.tolist() == [0] * 4


def test_late_pieces_find_stories_that_began_after_them() -> None:
    assert cluster(pieces([[5, 5, 0], [5, 5, 0]], [1, 2], story=[NONE, 4])).story.tolist() == [4, 4]


def test_stories_given_are_never_joined() -> None:
    assert cluster(pieces([[5, 5, 0]] * 3, [1, 1, 1], story=[2, 8, NONE])).story.tolist() == [2, 8, 2]


def test_apart() -> None:
    asked = pieces([[5, 5, 0]] * 3, [1, 1, 1], story=[2, 8, NONE])
    assert cluster(replace(asked, apart=((2, 2),))).story.tolist() == [2, 8, 8]
    assert cluster(replace(asked, apart=((2, 2), (2, 8)))).story.tolist() == [2, 8, 9]


def test_no_pieces_and_no_words() -> None:
    assert cluster(pieces([[0, 0], [0, 0]], [1, 1])).story.tolist() == [0, 1]
    none = Counts.dense(np.zeros((3, 0), np.int64))
    nothing = np.zeros(0, np.int64)
    found = cluster(Pieces(nothing, nothing, none, none, none, none, nothing))
    assert (len(found.story), len(found.similarity), defining(Pieces(nothing, nothing, none, none, none, none, nothing), found)) == (0, 0, {})


def test_what_cannot_be_clustered() -> None:
    with pytest.raises(ValueError, match="a day goes back"):
        cluster(pieces([[1], [1]], [2, 1]))
    with pytest.raises(ValueError, match="not of as many"):
        cluster(replace(pieces([[1], [1]], [1, 2]), language=np.zeros(3, np.int64)))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 39))
def test_stories_stay_when_newer_pieces_come(seed: int, old: int) -> None:
    whole, chosen = news(seed), Settings(threshold=0.3)
    before = cluster(part(whole, np.arange(old), np.full(old, NONE)), chosen).story
    after = cluster(replace(whole, story=np.concatenate([before, np.full(40 - old, NONE)])), chosen)
    assert after.story[:old].tolist() == before.tolist()
    again = cluster(replace(whole, story=after.story), chosen)
    assert again.story.tolist() == after.story.tolist()
    assert again.similarity.tolist() == after.similarity.tolist()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_order_within_a_day_decides_nothing(seed: int) -> None:
    whole, random = news(seed), np.random.default_rng(seed)
    order = np.lexsort((random.random(40), whole.day))
    one, other = cluster(whole, Settings(threshold=0.3)), cluster(part(whole, order, whole.story), Settings(threshold=0.3))
    assert together(one.story[order]) == together(other.story)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_codes_are_only_names(seed: int) -> None:
    whole, random = news(seed), np.random.default_rng(seed)
    codes = random.permutation(TERMS)
    other = replace(whole, words=whole.words.take(codes), titles=whole.titles.take(codes), descriptions=whole.descriptions.take(codes),
                    language=whole.language + 3)
    assert cluster(other, Settings(threshold=0.3)).story.tolist() == cluster(whole, Settings(threshold=0.3)).story.tolist()


def together(story: np.ndarray) -> list[list[bool]]:
    found: list[list[bool]] = (story[:, None] == story).tolist()
    return found


def test_languages_stay_apart_without_senses() -> None:
    assert cluster(pieces([[5, 5, 0]] * 4, [1] * 4, language=[0, 1, 0, 1])).story.tolist() == [0, 1, 0, 1]


def senses(seed: int, language: np.ndarray, about: np.ndarray) -> np.ndarray:
    """A direction of each story, a larger one of each language, and noise."""
    random = np.random.default_rng(seed)
    made = random.normal(size=(about.max() + 1, 64))[about] + 0.7 * random.normal(size=(language.max() + 1, 64))[language]
    return np.asarray(made + 0.2 * random.normal(size=made.shape), np.float32)


def test_languages_come_together_by_senses() -> None:
    language, about = np.repeat([0, 1], 30), np.tile(np.arange(15), 4)
    rows = np.zeros((60, 30), int)
    rows[np.arange(60), about + 15 * language] = 5  # words of one story and language each
    asked = pieces(rows.tolist(), [1] * 60, language=language.tolist())
    found = cluster(replace(asked, vectors=senses(1, language, about)))
    assert together(found.story) == together(about)
    assert (found.similarity > 0.99).all()  # the words of the other piece of the same language
    alone = cluster(part(replace(asked, vectors=senses(1, language, about)), np.r_[0:15, 30:45], np.full(30, NONE)))
    assert together(alone.story) == together(np.tile(np.arange(15), 2))
    assert ((alone.similarity > 0.55) & (alone.similarity < 0.999)).all()  # the sense of the other one


def test_no_sense_no_story_in_another_language() -> None:
    language, about = np.repeat([0, 1], 15), np.tile(np.arange(15), 2)
    made = senses(1, language, about)
    made[0] = 0
    rows = np.zeros((30, 30), int)
    rows[np.arange(30), np.arange(30)] = 5
    found = cluster(replace(pieces(rows.tolist(), [1] * 30, language=language.tolist()), vectors=made))
    assert found.story[0] not in found.story[1:]
    assert together(found.story[1:15]) == together(found.story[16:])


def test_centred_by_hand() -> None:
    made = centred(np.array([[11, 0], [0, 22], [0, 0], [0, 5]], np.float32), np.array([0, 0, 0, 1]))
    # of the first language the sum is (11, 22), the number 2: (11, 22) / 12 is taken away; the third has no sense
    assert made[0] == pytest.approx(np.array([11 - 11 / 12, -22 / 12]) / np.hypot(11 - 11 / 12, 22 / 12), abs=1e-6)
    assert made[2].tolist() == [0, 0]
    assert made[3] == pytest.approx([0, 1])


def test_defining_terms() -> None:
    asked = pieces([[4, 4, 0, 0, 1], [4, 4, 0, 3, 1], [0, 0, 6, 0, 1]], [1, 1, 1])
    asked = replace(asked, names=Counts.dense(np.array([[3, 3, 0], [0, 0, 2]])))
    found = Stories(np.array([4, 4, 9]), np.ones(3))
    terms = defining(asked, found)
    assert list(terms) == [4, 9]
    assert {(term.kind, term.code) for term in terms[4]} == {(WORD, 0), (WORD, 1), (NAME, 0), (WORD, 4)}  # word 3: of one of two
    assert next((term.kind, term.code) for term in terms[9]) == (WORD, 2)
    assert {(term.kind, term.code) for term in terms[9]} == {(WORD, 2), (NAME, 1), (WORD, 4)}
    weights = [term.weight for term in terms[4]]
    assert weights == sorted(weights, reverse=True)
    assert sum(term.weight**2 for term in terms[9]) == pytest.approx(1)
    assert [len(few) for few in defining(asked, found, limit=1).values()] == [1, 1]
