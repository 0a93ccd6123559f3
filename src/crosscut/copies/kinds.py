"""What a copy is, by evidence: re-upload, excerpt, pool, boilerplate, ident, repeat.

Asked in this order; the first that holds is it.

ident        short, in several videos, mostly at their beginning or end: openings, sign-offs, adverts before a clip
boilerplate  not long, of one outlet, in several videos on several days: what is said of the background each day; or a phrase
             that an outlet says again some days later: who joins us now from where
repeat       the source lies in the same video: a teaser and its item, a bulletin said again
re-upload    most of the video and most of an earlier video of the same outlet are the same
pool         two or more outlets have the passage: a speech, a feed, wire copy
excerpt      what is left, all in one outlet: a clip cut from a show, the same report in two programmes

The first two are asked of a group, phrases and the others of each copy: of one group, a speech say, one copy may be a
re-upload and the next one pool.  Across outlets nothing is called re-upload, even where most of both is the same: the one
outlet has not put up its video again, both have the same feed, and dropping one of the two would be wrong where outlets are
compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from crosscut.copies.found import BOILERPLATE, EXCERPT, IDENT, KINDS, POOL, REPEAT, REUPLOAD, Bools, Floats, Groups, Ints

#: Words from the beginning or end of the video that still are its edge, some 8 seconds: idents of real broadcasts lie within
#: 19, paragraphs of background begin behind a greeting and a headline.
EDGE = 20
#: An ident has so many words at most (25 seconds), in so many videos, of which so large a share at the edge.
IDENT_WORDS, IDENT_VIDEOS, IDENT_EDGE = 60, 5, 0.5
#: Boilerplate has so many words at most (one minute), in so many videos, on so many days (not asked where days are unknown).
BOILER_WORDS, BOILER_VIDEOS, BOILER_DAYS = 150, 4, 3
#: A phrase has so many words at most, and comes again so many days later or more: of such pairs in one outlet, words of a
#: speech or report are rare, on the same day and the next they are common (read in broadcasts of January 2025).
PHRASE_WORDS, PHRASE_DAYS = 26, 2
#: Most of a video.
MOST = 0.8
#: Of a group with more copies only the first so many are asked who else they could be a re-upload of.
PARTNERS = 50
#: Other values, other kinds of the same copies.
DECIDES = repr((EDGE, IDENT_WORDS, IDENT_VIDEOS, IDENT_EDGE, BOILER_WORDS, BOILER_VIDEOS, BOILER_DAYS, PHRASE_WORDS,
                PHRASE_DAYS, MOST, PARTNERS))


@dataclass(frozen=True, slots=True)
class Table:
    """Copies as rows (see ``state.ROW``), their groups and source videos, and what is known of the videos."""

    rows: Ints
    group: Ints
    source: Ints
    starts: Ints
    outlets: Ints
    days: Ints
    video: Ints = field(init=False)
    words: Ints = field(init=False)
    alike: Floats = field(init=False)
    at_edge: Bools = field(init=False)

    def __post_init__(self) -> None:
        video, low, high, first, last, matching = self.rows.T
        values = {"video": video, "words": high - low, "alike": matching / np.maximum(high - low, last - first),
                  "at_edge": (low - self.starts[video] <= EDGE) | (self.starts[video + 1] - high <= EDGE)}
        for name, value in values.items():
            object.__setattr__(self, name, value)


def kinds(copies: Table, groups: Groups) -> Ints:
    """Of each copy: place in ``KINDS``."""
    group = copies.group
    ident = (groups.words <= IDENT_WORDS) & (groups.videos >= IDENT_VIDEOS) & (groups.edge >= IDENT_EDGE)
    daily = ((groups.words <= BOILER_WORDS) & (groups.videos >= BOILER_VIDEOS) & (groups.outlets == 1)
             & ((groups.days >= BOILER_DAYS) | (groups.days == 0)))
    then, now = copies.days[copies.source], copies.days[copies.video]
    phrase = (copies.words <= PHRASE_WORDS) & (groups.outlets == 1)[group] & (then >= 0) & (now - then >= PHRASE_DAYS)
    tests = {IDENT: ident[group], BOILERPLATE: daily[group] | phrase, REPEAT: copies.source == copies.video,
             REUPLOAD: _uploaded_again(copies)[copies.video], POOL: groups.outlets[group] > 1}
    return np.asarray(np.select(list(tests.values()), list(tests), EXCERPT), np.int64)


def group_kinds(copies: Table, groups: Groups, kind: Ints) -> Ints:
    """Of each group: what most of its copies are, by words."""
    words = np.bincount(copies.group * len(KINDS) + kind, copies.words, len(groups) * len(KINDS))
    return np.asarray(words.reshape(-1, len(KINDS)).argmax(1), np.int64)


def _uploaded_again(copies: Table) -> Bools:
    """Which videos have most of their words and most of another's of the outlet in common, the other being earlier.

    Both may have them from a third: words are shared where both copy the same places.
    """
    size = np.diff(copies.starts)
    other = copies.source != copies.video
    copied = np.bincount(copies.video[other], copies.words[other], len(size))
    again = copied >= MOST * np.maximum(size, 1)
    members = np.argsort(copies.group, kind="stable")
    bounds = np.searchsorted(copies.group[members], np.arange(copies.group.max(initial=-1) + 2))
    begins = np.searchsorted(copies.video, np.arange(len(size) + 1))
    for video in np.flatnonzero(again).tolist():
        shared: dict[int, float] = {}
        for row in range(begins[video], begins[video + 1]):
            group = copies.group[row]
            _share(copies, row, members[bounds[group] : bounds[group + 1]][:PARTNERS], shared)
        again[video] = any(words >= MOST * max(size[video], size[partner]) for partner, words in shared.items()
                           if copies.outlets[partner] == copies.outlets[video])
    return again


def _share(copies: Table, row: int, others: Ints, shared: dict[int, float]) -> None:
    """Add how many words each earlier video shares with the video of a row through it."""
    video, *_, first, last, _ = copies.rows[row].tolist()
    source = int(copies.source[row])
    if source != video:
        shared[source] = shared.get(source, 0) + float(copies.words[row])
    others = others[copies.video[others] < video]
    both = np.minimum(copies.rows[others, 4], last) - np.maximum(copies.rows[others, 3], first)
    for partner, words in zip(copies.video[others].tolist(), both.tolist(), strict=True):
        if words > 0 and partner != source:
            shared[partner] = shared.get(partner, 0) + words
