"""Long videos cut where they go on to another subject: the layer ``segments``; and the pieces that stories are made of.

A cut stands as long as the video's words and the settings do: what comes in later does not move it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.errors import NotFound
from crosscut.model import LOST, SENTENCE
from crosscut.query.pattern import Test
from crosscut.query.spans import Spans
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import LayerSpan
from crosscut.stories import segments as room
from crosscut.workbench.described import Chapter
from crosscut.workbench.opened import Opened
from crosscut.workbench.wording import Terms

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

#: The layer's name.
SEGMENTS = "segments"
#: Segments that tell no story.
LEFT_OUT = frozenset({room.AD, room.TEASER, room.OTHER})
#: What repeated passages are that tell no story either, as the layer of copies has it.
REPEATED = Test("kind", "boilerplate|ident", regex=True)
#: So many words a minute are taken for the length of what has no times.
WORDS_A_MINUTE = 160


def told(files: CorpusFiles) -> Ints:
    """The videos that stories are made of: all that have words, but for debris, in order."""
    catalog = files.catalog
    codes, statuses = catalog.codes("status")
    lost = np.array([status == LOST for status in statuses], bool)[codes]
    return np.flatnonzero((catalog.number("shard") >= 0) & (catalog.number("tokens") > 0) & ~lost)


def are_long(files: CorpusFiles, videos: Ints, seconds: int) -> Bools:
    """Which videos last so many seconds: as the publisher says, or as they are heard; or by their words, without times."""
    catalog = files.catalog
    duration, words = catalog.number("duration_ms")[videos], catalog.number("words")[videos]
    heard = np.zeros(len(videos), np.int64)
    for place, video in enumerate(videos.tolist()):
        if not duration[place]:
            shard, begin, end = files.span(video)
            heard[place] = max(int(shard.column("start")[end - 1]), 0) if end > begin else 0
    length = np.maximum(duration, heard)
    length = np.where(length > 0, length, words * 60_000 // WORDS_A_MINUTE)
    return length >= seconds * 1000


def cut(
    corpus: Opened, terms: Terms, videos: Ints, before: Sequence[LayerSpan], listed: Mapping[str, Sequence[Chapter]],
    progress: Callable[[int, int, str], None] | None = None,
) -> Iterator[LayerSpan]:
    """The segments of long videos, in order; those that were cut ``before`` and have the same words stay as they are.

    ``listed``: the chapters that publishers list, by video.
    """
    files = corpus.files
    keys, contents = files.catalog.video, files.catalog.text("content")
    known: dict[tuple[str, str], list[LayerSpan]] = {}
    for span in before:
        known.setdefault((span.video, span.content), []).append(span)
    background: dict[str, Floats] = {}
    for done, video in enumerate(videos.tolist()):
        key = keys[video], contents[video]
        if key not in known:
            language = files.catalog.values("language", np.array([video]))[0]
            if language not in background:
                background[language] = terms.background(files, language)
            known[key] = _segments(files, terms, video, language, background[language], listed.get(key[0], ()))
        yield from known[key]
        if progress:
            progress(done + 1, len(videos), key[0])


def _segments(
    files: CorpusFiles, terms: Terms, video: int, language: str, background: Floats, listed: Sequence[Chapter],
) -> list[LayerSpan]:
    key, content = files.catalog.video[video], files.catalog.text("content")[video]
    found = room.segments(_speech(files, terms, video, language, background, listed))
    return [LayerSpan(key, content, one.start, one.end, one.label, round(one.score, 3),
                      (("evidence", ", ".join(one.evidence)),) if one.evidence else ()) for one in found]


def _speech(
    files: CorpusFiles, terms: Terms, video: int, language: str, background: Floats, listed: Sequence[Chapter],
) -> room.Speech:
    """What one video says, as the room of stories takes it."""
    shard, begin, end = files.span(video)
    types, start = shard.column("type")[begin:end], shard.column("start")[begin:end].astype(np.int64)
    number = int(files.catalog.number("shard")[video])
    return room.Speech(
        words=shard.lexicon("form").take(shard.type_codes("form")[types]), terms=terms.of_types[number][types],
        afters=shard.lexicon("after").take(shard.column("after")[begin:end]),
        begins=(shard.column("flags")[begin:end] & SENTENCE) != 0, starts=start, background=background,
        chapters=places_of(listed, start), language=language)


def places_of(listed: Sequence[Chapter], start: Ints) -> list[int]:
    """The tokens at which chapters begin; ``start``: ms of each token, -1 unknown."""
    if not len(start) or start[0] < 0:
        return []
    at = np.searchsorted(start, np.array([chapter.second * 1000 for chapter in listed], np.int64))
    return sorted(set(at[at < len(start)].tolist()))


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces in order of publication: tokens ``start`` to ``end`` of ``video``; ``alone``: it is the whole video.

    ``parts`` are their tokens without what is repeated everywhere; ``into``: the piece of each part.
    """

    video: Ints
    start: Ints
    end: Ints
    alone: Bools
    parts: Spans
    into: Ints

    def __len__(self) -> int:
        return len(self.video)


def pieces(corpus: Opened, videos: Ints, segments: Sequence[LayerSpan]) -> Cut:
    """The pieces of some videos, of which those with segments are cut; without segments that tell no story."""
    files = corpus.files
    by_video: dict[str, list[LayerSpan]] = {}
    for span in segments:
        by_video.setdefault(span.video, []).append(span)
    lengths = files.catalog.number("tokens")
    rows = []
    for video in videos.tolist():
        mine = by_video.get(files.catalog.video[video])
        if mine is None:
            rows.append((video, 0, int(lengths[video]), True))
        else:
            rows += [(video, span.start, span.end, len(mine) == 1) for span in mine if span.label not in LEFT_OUT]
    video, start, end, alone = np.array(rows, np.int64).reshape(-1, 4).T
    order = np.lexsort((start, video, _published(files)[video]))
    video, start, end, alone = (column[order] for column in (video, start, end, alone))
    parts, into = _parts(corpus, video, start, end)
    some = np.bincount(into, minlength=len(video)) > 0
    number = np.cumsum(some) - 1
    return Cut(video[some], start[some], end[some], alone[some].astype(bool), parts, number[into])


def _published(files: CorpusFiles) -> Ints:
    """The place of each video in order of publication; what has no date comes last."""
    dates = files.catalog.values("published")
    places = {date: place for place, date in enumerate(sorted(set(dates), key=lambda date: (not date, date)))}
    return np.array([places[date] for date in dates], np.int64)


def _parts(corpus: Opened, video: Ints, start: Ints, end: Ints) -> tuple[Spans, Ints]:
    """The tokens of pieces that tell something, and the piece of each stretch of them."""
    place = np.lexsort((start, video))
    whole = Spans(video[place], start[place], end[place])
    apart = _repeated(corpus)
    if apart is None:
        return whole, place
    lengths = corpus.files.catalog.number("tokens")
    here = np.unique(video)
    inside = np.zeros(len(lengths), bool)
    inside[here] = True
    rest = apart.take(inside[apart.video]).outside(here, lengths[here])
    mine, parts = whole.within(rest)
    return parts, place[mine]


def _repeated(corpus: Opened) -> Spans | None:
    """Passages that recur everywhere, as the layer of copies has them; None where there is no such layer."""
    try:
        marks = corpus.marks("copies")
    except NotFound:
        return None
    chosen = marks.where(REPEATED)
    return Spans.of(marks.video[chosen], marks.start[chosen], marks.end[chosen])
