"""Which stories were told, by whom, when, at what length?  What the layer ``stories`` says, as findings.

The layer is brought up to date by ``grouping.update_stories``; what stands here only reads it.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import NotFound, QueryError
from crosscut.identity import link
from crosscut.measure.finding import Evidence
from crosscut.measure.frequency import group_coded
from crosscut.query.fields import narrowed
from crosscut.query.marks import Marks
from crosscut.query.mask import Mask
from crosscut.query.pieces import Pieces
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first

Ints = npt.NDArray[np.int64]

#: The layer that says what tells which story.
LAYER = "stories"
COLUMNS = {
    "name": "What the story is called: the title nearest to its centre when it was found, or a person's word.",
    "first": "Day of its first piece, as far as is known.", "last": "Day of its last piece.",
    "outlets": "Outlets that have a piece of it.", "videos": "Videos that have one.",
    "pieces": "Pieces: whole videos, or passages of long ones.", "words": "Words of its pieces.",
}
BY = {
    "name": COLUMNS["name"],
    "words": "Words that the group gives the story.",
    "share": "These words of all words of the group: words / words of the group's videos, told as stories or not.",
    "videos": "Videos of the group that have a piece of it.", "pieces": "Pieces of the group.",
}
PIECES = {
    "published": "When the video was published, as far as is known.", "outlet": "Who published it.",
    "title": "The video's title.", "words": "Words of the piece.",
    "similarity": "How near the piece was to the rest of its story when it was put there, 0 to 1; 1 where it was alone.",
    "said": "A person's word on the piece (corrections/stories.tsv), where there is one.",
    "link": "Opens the video at the second where the piece begins.",
}
#: So many outlets, those with most words, have a column of their own.
MOST_OUTLETS = 8
_LESSER = ("last", "first", "videos", "pieces", "outlets")


@measured
def stories(
    corpus: Opened, *, min_outlets: int = 1, where: str = "", span: str = "", limit: int = 20,
) -> Answer:
    """The stories that were told, largest first: when, by how many outlets, in how many videos and words.

    ``min_outlets``: only stories that so many outlets have; ``limit``: so many (0: all).
    """
    marks, mask, pieces = _told(corpus, where, span)
    outlet = corpus.coded(("outlet",))["outlet"]
    keys = _largest(pieces, outlet[0], min_outlets, limit)
    shown = _outlets(pieces, *outlet)
    columns = ("story", *COLUMNS, *(f"words_{outlet[1][code]}" for code in shown))
    rows = [(pieces.labels[story], *_row(corpus, pieces, story, outlet[0], shown)) for story in keys]
    return Answer(
        question=f"Which stories were told{_by_several(min_outlets)}{limited(mask.question)}?",
        columns=columns, rows=rows, mask=mask, labels=1, effect="words", counted=("pieces", "videos"),
        lesser=lesser_first(columns, rows, (*columns[:len(COLUMNS):-1], *_LESSER), keep="words"),
        explained={**COLUMNS, **{column: f"Words of its pieces from {column.removeprefix('words_')}."
                                 for column in columns[1 + len(COLUMNS):]}},
        evidence=[_evidence(row[0], where, span) for row in rows],
        parameters={"layer": marks.name}, notes=_notes(corpus, marks, mask, pieces),
    )


@measured
def stories_by(
    corpus: Opened, *, by: str | Sequence[str] = ("outlet",), min_outlets: int = 1, where: str = "", span: str = "",
    limit: int = 20,
) -> Answer:
    """How much each group of videos gives each of the largest stories: words, share of its words, videos, pieces.

    ``by``: fields of videos; ``min_outlets``, ``limit``: of the stories, as in ``stories``.
    """
    by, (marks, mask, pieces) = names(by), _told(corpus, where, span)
    if not by:
        raise QueryError("stories_by: by which field, e.g. outlet?")
    keys = _largest(pieces, corpus.coded(("outlet",))["outlet"][0], min_outlets, limit)
    groups = group_coded(corpus.coded(by), mask.videos)
    totals = np.bincount(groups.codes[mask.videos], mask.words[mask.videos], len(groups.labels)).tolist()
    rows = []
    for story in keys:
        mine = np.flatnonzero(pieces.story == story)
        group = groups.codes[pieces.video[mine]]
        for code in np.unique(group).tolist():
            here = mine[group == code]
            words = int(pieces.words[here].sum())
            rows.append((pieces.labels[story], *groups.labels[code], pieces.names[story], words, words / totals[code],
                         len(np.unique(pieces.video[here])), len(here)))
    columns = ("story", *by, *BY)
    return Answer(
        question=f"How much was told of which stories{_by_several(min_outlets)}{grouped(by)}{limited(mask.question)}?",
        columns=columns, rows=rows, mask=mask, labels=1 + len(by), effect="words", counted=("pieces", "videos"),
        lesser=lesser_first(columns, rows, ("pieces", "videos", "name"), keep="words"), explained=BY,
        evidence=[_evidence(row[0], narrowed(where, by, row[1 : 1 + len(by)]), span) for row in rows],
        parameters={"layer": marks.name}, notes=_notes(corpus, marks, mask, pieces), formats={"share": ".2%"},
    )


@measured
def story_pieces(corpus: Opened, id: str, *, where: str = "", span: str = "", limit: int = 0) -> Answer:
    """The pieces of one story in order of time: who, when, which video at which second, how long, how near to the story.

    Raises NotFound for an id that no story has.
    """
    marks, mask, pieces = _told(corpus, where, span)
    found = _known(marks, id)
    mine = np.flatnonzero(np.array([label == found for label in pieces.labels], bool)[pieces.story])
    said = {(video, start): (span.confidence, dict(span.more).get("said", ""))
            for video, start, span in zip(marks.video.tolist(), marks.start.tolist(), marks.spans, strict=True)
            if span.label == found}
    codes, dates = corpus.coded(("date",))["date"]
    published = [dates[code] for code in codes[pieces.video[mine]].tolist()]
    in_order = sorted(range(len(mine)), key=lambda at: (not published[at], published[at], at))[: limit or None]
    rows = [_piece(corpus, pieces, int(mine[at]), said) for at in in_order]
    name = pieces.names[int(pieces.story[mine[0]])] if len(mine) else found
    return Answer(
        question=f"Who told the story ‘{name}’, and when{limited(mask.question)}?",
        columns=("piece", *PIECES), rows=rows, mask=mask, labels=1, effect="words",
        lesser=lesser_first(("piece", *PIECES), rows, ("said", "link", "similarity", "title")), explained=PIECES,
        evidence=[_evidence(found, narrowed(where, ("video",), (row[0].partition("@")[0],)), span) for row in rows],
        parameters={"layer": marks.name}, notes=_notes(corpus, marks, mask, pieces), formats={"similarity": ".2f"},
    )


def _told(corpus: Opened, where: str, span: str) -> tuple[Marks, Mask, Pieces]:
    """The layer of stories, a mask, and the pieces under it."""
    marks = the_stories(corpus)
    mask = corpus.mask(where, span)
    return marks, mask, Pieces.of(corpus.files, marks, mask)


def the_stories(corpus: Opened) -> Marks:
    """The layer of stories; ``NotFound`` says how to make one."""
    try:
        return corpus.marks(LAYER)
    except NotFound as error:
        raise NotFound("no stories are told apart here yet, or the layer is switched off: run crosscut stories") from error


def known_story(corpus: Opened, story: str) -> str:
    """The id of a story by id or by name; NotFound names what is near."""
    return _known(the_stories(corpus), story)


def _known(marks: Marks, story: str) -> str:
    """The id of a story, of which somebody has a piece."""
    ids = dict.fromkeys(span.label for span in marks.spans)
    if story in ids:
        return story
    named = dict.fromkeys(span.label for span in marks.spans if dict(span.more).get("name") == story)
    if len(named) == 1:
        return next(iter(named))
    near = difflib.get_close_matches(story, ids, 3, 0.5)
    hint = f"is it {' or '.join(near)}?" if near else "crosscut stories lists them"
    raise NotFound(f"there is no story {story!r}; {hint}")


def _largest(pieces: Pieces, outlet: Ints, min_outlets: int, limit: int) -> list[int]:
    """The stories that so many outlets have, those with most words first."""
    many = len(pieces.labels)
    words = np.bincount(pieces.story, pieces.words, many).astype(np.int64)
    pairs = np.unique(np.stack((pieces.story, outlet[pieces.video])), axis=1)[0] if len(pieces) else pieces.story
    outlets = np.bincount(pairs, minlength=many)
    chosen = np.flatnonzero((words > 0) & (outlets >= min_outlets))
    order: list[int] = chosen[np.argsort(-words[chosen], kind="stable")].tolist()
    return order[: limit or None]


def _outlets(pieces: Pieces, outlet: Ints, texts: Sequence[str]) -> list[int]:
    """The outlets that have a column: those with most words in stories, in order of their keys."""
    words = np.bincount(outlet[pieces.video], pieces.words, len(texts))
    largest = np.argsort(-words, kind="stable")[:MOST_OUTLETS].tolist()
    return sorted((code for code in largest if words[code]), key=lambda code: texts[code])


def _row(corpus: Opened, pieces: Pieces, story: int, outlet: Ints, shown: Sequence[int]) -> tuple[Any, ...]:
    """One row of ``COLUMNS``, and the words by outlet."""
    mine = np.flatnonzero(pieces.story == story)
    videos = pieces.video[mine]
    codes, texts = corpus.coded(("day",))["day"]
    days = sorted(day for code in codes[videos].tolist() if (day := texts[code]))
    words = np.bincount(outlet[videos], pieces.words[mine], int(outlet.max(initial=0)) + 1).astype(np.int64)
    return (pieces.names[story], days[0] if days else "", days[-1] if days else "", len(np.unique(outlet[videos])),
            len(np.unique(videos)), len(mine), int(words.sum()), *(int(words[code]) for code in shown))


def _piece(
    corpus: Opened, pieces: Pieces, place: int, said: dict[tuple[int, int], tuple[float, str]],
) -> tuple[Any, ...]:
    """One row of ``PIECES``."""
    video, start = int(pieces.video[place]), int(pieces.start[place])
    row, heard = corpus.files.catalog.row(video), corpus.files.start_ms(video, start)
    similarity, word = said.get((video, start), (None, ""))
    second = f"{heard / 1000:.3f}".rstrip("0").rstrip(".") if heard >= 0 else ""  # all of it: less names the piece before
    called = f"{row['video']}@{second}" if start else row["video"]
    return (called, row["published"], row["outlet"], row["title"], int(pieces.words[place]), similarity, word,
            link(row["platform"], row["id"], row["url"], heard if start else -1))


def _evidence(story: str, where: str, span: str) -> Evidence:
    """What opens the lines: one at the beginning of each piece; under a span, which may not have beginnings, all."""
    inside = f"layer {LAYER}={story}"
    return Evidence("[]", where, f"{span} and {inside}") if span else Evidence(f"<{LAYER}> []", where, inside)


def _by_several(outlets: int) -> str:
    return f" by {outlets} outlets or more" if outlets > 1 else ""


def _notes(corpus: Opened, marks: Marks, mask: Mask, pieces: Pieces) -> tuple[str, ...]:
    """How much is in no story, and what is not up to date."""
    outside = int(mask.words.sum()) - int(pieces.words.sum())
    notes = list(corpus.notes((), mask))
    if marks.behind(corpus.files):
        notes.append(f"{LAYER} were told apart in an earlier state of the corpus: crosscut {LAYER} brings them up to date")
    if marks.stale:
        notes.append(f"{marks.stale:,} pieces are left out: their videos have other words by now")
    if outside:
        notes.append(f"{outside:,} of {int(mask.words.sum()):,} words are in no story: adverts, teasers, what a person "
                     f"took out, or what came in since")
    return tuple(notes)
