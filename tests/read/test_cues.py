"""Is each kind of captions told by its form, whatever the format, and by nothing less than a habit?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from crosscut.read.cues import Cues, heard

Line = tuple[int, int, str]


def cues(lines: Sequence[Line], top: int = 0) -> Cues:
    """Cues of one line or several, with "|" between them."""
    starts, ends, texts = zip(*lines, strict=True)
    screens = [text.split("|") for text in texts]
    sizes = np.array([len(screen) for screen in screens], np.int64)
    return Cues(np.array(starts), np.array(ends), [line for screen in screens for line in screen], sizes, top)


def spaced(texts: Sequence[str], length: int = 900) -> list[Line]:
    return [(at * 1_000, at * 1_000 + length, text) for at, text in enumerate(texts)]


CAPITALS = ["THE FERRY", ">> WHO SAYS SO?", "THE MAYOR", "Buy Ellery oats."]
TEN = ["the", "ferry", "sails", "again", "and", "nobody", "paid", "for", "it", "yet"]


@pytest.mark.parametrize(("given", "top", "kind", "evidence"), [
    (spaced(CAPITALS), 0, "live", "capitals, and >> for a new speaker"),
    (spaced([text.replace(">>", "") for text in CAPITALS]), 0, "uploaded", "cues without"),
    (spaced([text.replace(">>", "") for text in CAPITALS]), 4, "live", "capitals at line:0%, 0 of 4 cues overlap"),
    (spaced([text.replace(">>", "") for text in CAPITALS], 1_500), 4, "live", "debris: capitals at line:0%, 3 of 4 cues overlap"),
    (spaced([text.capitalize() for text in CAPITALS]), 4, "uploaded", "cues without"),
    (spaced(["والسفينة"] * 3 + [">> أبحرت"]), 4, "uploaded", "cues without"),
    (spaced(TEN), 0, "asr", "10 words in 10 cues: speech recognition"),
    (spaced(TEN[:9]), 0, "uploaded", "cues without"),
    (spaced([*TEN, "of course"]), 0, "uploaded", "cues without"),
    (spaced(TEN * 2 + ["of course"]), 0, "asr", "22 words in 21 cues"),
    (spaced(["渡轮今天又晚点了"] * 6 + ["市长没有说明原因"] * 6), 0, "uploaded", "cues without"),
    (spaced([f"{word} it is" for word in TEN], 1_800), 0, "unknown", "9 of 10 cues stand while the next one comes"),
    (spaced([f"{word} it is" for word in TEN], 1_000), 0, "uploaded", "cues without"),
    ([(0, 900, "a b"), (900, 1_000, "a b|"), (1_000, 1_900, "a b|c d"), (1_900, 2_000, "c d|")], 0, "unknown", "roll-up without"),
    ([(0, 900, "A B"), (900, 1_000, "A B|"), (1_000, 1_900, "A B|>> C D"), (1_900, 2_000, ">> C D|")], 0, "live", "capitals, and >>"),
])
def test_kinds(given: list[Line], top: int, kind: str, evidence: str) -> None:
    _, found, why = heard(cues(given, top))
    assert found == kind
    assert why[0].startswith(evidence)


def test_one_word_a_cue_is_word_timed_only_if_each_has() -> None:
    single, _, _ = heard(cues(spaced(TEN)))
    assert single.word_timed
    assert single.starts.tolist() == [at * 1_000 for at in range(10)]
    assert not heard(cues(spaced(TEN * 2 + ["of course"])))[0].word_timed


def test_cues_that_stand_while_the_next_one_comes_end_with_it() -> None:
    joined, _, _ = heard(cues(spaced([f"{word} it is" for word in TEN], 1_800)))
    assert joined.ends.tolist() == [*range(1_000, 10_000, 1_000), 10_800]


def test_nothing_shown() -> None:
    assert heard(cues([(0, 900, "|&nbsp;|<i></i>")]))[0].text == ""
