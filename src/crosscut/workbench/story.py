"""One story: who told it first, at what length, in which words that others do not use, under which headlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.identity import link
from crosscut.measure import leads
from crosscut.measure.association import PER_MILLION
from crosscut.measure.finding import Evidence, cell
from crosscut.measure.keyness import Choices, Keyness, of_words
from crosscut.measure.rates import Resampling
from crosscut.query.concordance import text_between
from crosscut.query.fields import narrowed
from crosscut.query.matrix import matrix
from crosscut.query.pattern import escape
from crosscut.store.pack import Strings
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.opened import Opened
from crosscut.workbench.things import check_layer, value_query
from crosscut.workbench.within import LAYER, Within, check_story, span_of, stories_of

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Words of a passage that are shown.
OPENING = 60
_VIDEO = {
    "video": "The video.", "outlet": "Who published it.", "published": "When, as precisely as it is known.",
    "title": "Its title.", "words": "Words of the story in it.",
    "link": "Its address, at the second where the story begins in it.",
}
_STORY = {
    "outlet": "Who tells it.",
    "first": "When its first video of the story was published: in UTC where all videos of the story have a time with its "
             "zone, else as it is known.",
    "hours_behind": "Hours after the first video of the story of any outlet; None where that cannot be told.",
    "videos": "Videos that tell it.", "pieces": "Pieces: a long video may come back to it.",
    "words": "Words that it gave it.",
    "seconds": "How long these are heard, where captions have times.",
    "share_of_story": "Its words of all words of the story.", "share_of_outlet": "These words of all its words.",
    "video": "Its first video of the story.", "title": "The title of that.",
}
_WORDS = {
    "hits": "How often the outlet says it in the story.", "other_hits": "How often all others together say it there.",
    "per_million": "Per million tokens of the outlet in the story.", "other_per_million": "The same of the others.",
    "lrc": "Conservative log ratio (Evert 2022), as if words were independent, corrected for all words: 0 where even that "
           "shows no difference; of one story there is no interval over stories.",
    "log_ratio": "log2 of the ratio of the two rates, half a hit taken for none (Hardie 2014).",
}
_SHARED = {
    "hits": "How often all outlets say it in the story.", "outlets": "How many outlets tell the story; all of them say it.",
    "least_per_million": "Per million tokens of the story, of the outlet that says it least.",
    "elsewhere_per_million": "Per million tokens of all other words of the same languages.",
    "lrc": "Conservative log ratio of story and elsewhere (Evert 2022), as if words were independent, corrected for all "
           "words.",
    "log_ratio": "log2 of the ratio of both rates, half a hit taken for none.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One story: which pieces are of it, and who tells it."""

    within: Within
    story: str
    name: str
    where: str
    mine: Bools          # of the pieces
    group: Ints          # of each piece, the outlet

    @classmethod
    def of(cls, corpus: Opened, story: str, where: str, span: str) -> Told:
        """``QueryError`` where there is no such story, or nothing of it under the mask."""
        check_story(stories_of(corpus), story)
        within = Within.of(corpus, ("outlet",), where, span)
        codes = [code for code, label in enumerate(within.pieces.labels) if label == story]
        mine = within.pieces.story == (codes[0] if codes else -1)
        if not mine.any():
            raise QueryError(f"no video of those asked for tells {story!r}")
        name = within.pieces.names[codes[0]]
        return cls(within, story, name, where, mine, np.where(mine, within.groups.codes[within.pieces.video], -1))

    @property
    def outlets(self) -> list[int]:
        """Groups that tell it."""
        return sorted(set(self.group[self.mine].tolist()))

    def pieces(self, outlet: int | None = None) -> list[int]:
        """Numbers of the pieces, of all outlets or of one."""
        return np.flatnonzero(self.mine if outlet is None else self.group == outlet).tolist()

    def opening(self, query: str = "", outlet: int | None = None, video: str = "") -> Evidence | None:
        """The lines of a query in the story, of one outlet or video; without a query the pieces themselves."""
        fields = [] if outlet is None else [("outlet", self.within.names[outlet])]
        fields += [("video", video)] if video else []
        where = narrowed(self.where, [field for field, _ in fields], [value for _, value in fields])
        inside = span_of([self.story], self.within.span)
        if inside is None:
            return None
        told = escape(self.story)
        return Evidence(query or f'<{LAYER} label="{told}"/>', where, inside if query else self.within.span)

    def answer(
        self, corpus: Opened, question: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], **more: Any,
    ) -> Answer:
        """What all tables of a story have."""
        called = self.name if self.name == self.story else f"{self.name} ({self.story})"
        notes = [*more.pop("notes", ()), *self.within.notes(corpus)[1:]]
        about = {name: value for name, value in self.within.about().items() if name in {"stories", "span layer"}}
        return Answer(question=question.format(f"‘{called}’"), columns=tuple(columns), rows=rows, mask=self.within.mask,
                      parameters={**more.pop("parameters", {}), **about}, notes=notes, **more)


@measured
def story(corpus: Opened, story: str, *, where: str = "", span: str = "") -> Answer:
    """Who tells a story, who was first, and how long each was at it."""
    told = Told.of(corpus, story, where, span)
    pieces, catalog = told.within.pieces, corpus.files.catalog
    moments, lacking = _moments(corpus, told)
    earliest = min(moments[pieces.video[at]] for at in told.pieces())
    all_words, rows = int(pieces.words[told.mine].sum()), []
    codes, published = told.within.groups.codes, catalog.text("published")
    own = np.bincount(np.maximum(codes, 0), np.where(codes >= 0, told.within.mask.words, 0))
    for outlet in told.outlets:
        mine = told.pieces(outlet)
        video = min(pieces.video[mine].tolist(), key=lambda v: (moments[v], published[v] or "~", v))
        words, heard = int(pieces.words[mine].sum()), int(pieces.speech_ms[mine].sum())
        first = published[video] if lacking else datetime.fromtimestamp(int(moments[video]), UTC).isoformat()
        rows.append((told.within.names[outlet], first, None if lacking else (int(moments[video]) - int(earliest)) / 3_600,
                     len(set(pieces.video[mine].tolist())), len(mine), words, heard / 1_000 if heard else None,
                     words / all_words, words / float(own[outlet]), catalog.video[video], catalog.text("title")[video]))
    order = sorted(range(len(rows)), key=lambda at: (rows[at][2] or 0, -rows[at][5]))
    return told.answer(
        corpus, "Who tells {}, who was first, and at what length?", tuple(_STORY), [rows[at] for at in order],
        effect="words", explained=_STORY,
        lesser=("video", "title", "share_of_outlet", "pieces", "share_of_story", "seconds"),
        evidence=[told.opening(outlet=told.outlets[at]) for at in order],
        notes=lacking or ["who publishes more is first sooner by chance, and what was not collected cannot be first"],
        formats={"hours_behind": ",.1f", "seconds": ",.0f", "share_of_story": ".0%", "share_of_outlet": ".1%"})


def _moments(corpus: Opened, told: Told) -> tuple[Ints, list[str]]:
    """When each video was published; and why nobody was first, where that is not known of all that tell the story."""
    videos = np.unique(told.within.pieces.video[told.mine])
    moments = np.full(len(told.within.mask.words), leads.UNKNOWN)
    moments[videos] = leads.moments(corpus.files.catalog.values("published", videos))
    codes = np.full(len(moments), -1)
    codes[videos] = told.within.groups.codes[videos]
    lacking = leads.unzoned(moments, codes, told.within.names)
    why = (f"who was first cannot be told: videos have no time of publication with its zone ({'; '.join(lacking)}); a day, "
           f"or a time without a zone, is not the same everywhere")
    return moments, [why] if lacking else []


@measured
def story_words(
    corpus: Opened, story: str, *, layer: str = "lemma", at_least: int = 2, limit: int = 10, where: str = "", span: str = "",
) -> Answer:
    """What each outlet says more often in a story than all others that tell it in its language, by words alone.

    What the story has fewer than ``at_least`` times is left out; ``limit``: rows an outlet, 0: all.
    """
    told = Told.of(corpus, story, where, span)
    rows: list[tuple[Any, ...]] = []
    evidence: list[Evidence | None] = []
    notes: list[str] = []
    for one in _each_language(corpus, told, layer, span, notes):
        found = of_words(one.totals, one.tokens, range(len(one.tokens)), _choices(at_least), "lrc", "target", limit)
        for outlet, scores in zip(one.told.outlets, found, strict=True):
            places = scores.order("lrc", "target")[: limit or None]
            texts = one.values.take(scores.things[places])
            rows += [(one.language, one.told.within.names[outlet], text, *cells)
                     for text, cells in zip(texts, _scores(scores, places), strict=True)]
            evidence += [one.told.opening(value_query(corpus, layer, text), outlet) for text in texts]
    return told.answer(
        corpus, "What does each outlet say more often in {} than the others?", ("language", "outlet", layer, *_WORDS), rows,
        labels=3, effect="lrc", difference=True, explained={"language": _LANGUAGE, "outlet": "Who says it.", **_WORDS},
        evidence=evidence, lesser=_lesser(rows, "other_per_million", "per_million"), parameters=_MODEST,
        formats={"per_million": ",.0f", "other_per_million": ",.0f", "lrc": "+.2f", "log_ratio": "+.2f"},
        notes=[*notes, "one story is no sample of stories: there are no intervals here, only words to look at"])


@measured
def story_shared(
    corpus: Opened, story: str, *, layer: str = "lemma", limit: int = 10, where: str = "", span: str = "",
) -> Answer:
    """What all outlets that tell a story in a language say in it, and say less in all else that they and others say."""
    told = Told.of(corpus, story, where, span)
    rows: list[tuple[Any, ...]] = []
    evidence: list[Evidence | None] = []
    notes: list[str] = []
    for one in _each_language(corpus, told, layer, span, notes):
        every = matrix(corpus.files, corpus.mask(narrowed("", ("language",), (one.language,))), layer).counts.totals()
        inside = one.totals.sum(axis=1)
        both = np.stack([inside, np.maximum(every - inside, 0)], axis=1)
        if not both[:, 1].any():
            notes.append(f"{one.language}: there are no words beside the story to compare with")
            continue
        scores, = of_words(both, both.sum(axis=0), [0], _choices(1), "lrc", "target", 0)
        shared = np.asarray((one.totals > 0).all(axis=1))
        order = scores.order("lrc", "target")
        places = order[shared[scores.things[order]]][: limit or None]
        texts, things = one.values.take(scores.things[places]), scores.things[places]
        least = (PER_MILLION * one.totals[things] / one.tokens).min(axis=1).tolist() if len(things) else []
        rows += [(one.language, text, hits, len(one.tokens), low, elsewhere, lrc, ratio) for text, low, (
            hits, _, _, elsewhere, lrc, ratio) in zip(texts, least, _scores(scores, places), strict=True)]
        evidence += [one.told.opening(value_query(corpus, layer, text)) for text in texts]
    return told.answer(
        corpus, "What do all outlets say in {}?", ("language", layer, *_SHARED), rows, labels=2, effect="lrc",
        difference=True, explained={"language": _LANGUAGE, **_SHARED}, evidence=evidence, notes=notes, lesser=_lesser(rows),
        parameters=_MODEST,
        formats={"least_per_million": ",.0f", "elsewhere_per_million": ",.0f", "lrc": "+.2f", "log_ratio": "+.2f"})


#: Scores of words have a level, and no interval over stories.
_MODEST = {"correction of lrc": "bonferroni"}
_LANGUAGE = "The language; nothing is compared across languages."


def _lesser(rows: Sequence[tuple[Any, ...]], *columns: str) -> tuple[str, ...]:
    """What a narrow terminal does without, the language first where it is the same in all rows."""
    return (*["language"] * (len({row[0] for row in rows}) < 2), *columns)


def _choices(at_least: int) -> Choices:
    return Choices(Resampling(0, 0), "none", 0, max(at_least, 1))


def _scores(one: Keyness, places: Ints) -> list[tuple[Any, ...]]:
    columns = ("target", "reference", "target_per_million", "reference_per_million", "lrc", "log_ratio")
    return list(zip(*([cell(value) for value in one.columns[name][places].tolist()] for name in columns), strict=True))


@dataclass(frozen=True, slots=True)
class _InLanguage:
    """A story in one language: how often each value of a layer is said (values × outlets), and the outlets' tokens."""

    language: str
    told: Told
    values: Strings
    totals: Ints
    tokens: Ints


def _each_language(corpus: Opened, told: Told, layer: str, span: str, notes: list[str]) -> Iterator[_InLanguage]:
    """The story in each language that two outlets tell it in; ``notes`` get what is left out."""
    spoken = corpus.files.catalog.values("language", told.within.pieces.video[told.mine])
    for language in sorted(set(spoken)):
        one = Told.of(corpus, told.story, narrowed(told.where, ("language",), (language,)), span)
        if len(one.outlets) < 2:
            notes.append(f"{language}: told by {one.within.names[one.outlets[0]]} only, there is nothing to compare")
            continue
        check_layer(corpus, one.within.mask, layer)
        whole, counts = one.within.tokens(corpus, layer)
        codes = np.full(counts.videos, -1)
        codes[: len(one.mine)] = np.where(one.mine, np.searchsorted(one.outlets, one.group), -1)
        totals = counts.by(codes, len(one.outlets)).to_dense()
        yield _InLanguage(language, one, whole.values, totals, totals.sum(axis=0))


@measured
def story_titles(corpus: Opened, story: str, *, where: str = "", span: str = "") -> Answer:
    """The headlines of a story in order of time, with their thumbnails."""
    told = Told.of(corpus, story, where, span)
    pieces, catalog = told.within.pieces, corpus.files.catalog
    columns = {**_VIDEO, "thumbnail": "Path of its picture, below the folder of raw files.",
               "flags": "What is to be known of it."}
    rows = []
    for video in in_order_of_time(corpus, sorted(set(pieces.video[told.mine].tolist()))):
        mine = [at for at in told.pieces() if pieces.video[at] == video]
        row = catalog.row(video)
        rows.append((row["video"], row["outlet"], row["published"], row["title"], int(pieces.words[mine].sum()),
                     _link(corpus, video, int(pieces.start[mine[0]])), row["thumbnail"], row["flags"]))
    return told.answer(
        corpus, "Under which headlines is {} told?", tuple(columns), rows, effect="words", explained=columns,
        evidence=[told.opening(video=row[0]) for row in rows], lesser=("flags", "thumbnail", "link", "video", "words"))


@measured
def story_passages(
    corpus: Opened, story: str, *, opening: int = OPENING, limit: int = 50, where: str = "", span: str = "",
) -> Answer:
    """The passages of a story in order of time: how each begins, and where to read on.

    ``opening``: so many tokens are shown.
    """
    told = Told.of(corpus, story, where, span)
    pieces, catalog = told.within.pieces, corpus.files.catalog
    columns = {
        "video": _VIDEO["video"], "start": "Its first token of the story.", "end": "The token after the last one.",
        "outlet": _VIDEO["outlet"], "published": _VIDEO["published"], "title": _VIDEO["title"],
        "time_ms": "When the passage begins, in ms; None without times.", "words": "Words of the passage that count.",
        "text": "How it begins.", "link": _VIDEO["link"]}
    rows = []
    for video in in_order_of_time(corpus, sorted(set(pieces.video[told.mine].tolist()))):
        for at in (at for at in told.pieces() if pieces.video[at] == video):
            start, end, row = int(pieces.start[at]), int(pieces.end[at]), catalog.row(video)
            text = text_between(corpus.files, video, start, min(end, start + max(opening, 1))).strip()
            rows.append((row["video"], start, end, row["outlet"], row["published"], row["title"],
                         _time(corpus, video, start), int(pieces.words[at]), f"{text} …" if end - start > opening else text,
                         _link(corpus, video, start)))
    left = len(rows) - len(rows[: limit or None])
    return told.answer(
        corpus, "Where is {} told?", tuple(columns), rows[: limit or None], labels=2, effect="words", explained=columns,
        evidence=[told.opening(video=row[0]) for row in rows[: limit or None]],
        lesser=("end", "start", "video", "title", "time_ms", "words", "link"),
        notes=[f"{left:,} later passages are not shown: --limit 0"] if left else [])


def in_order_of_time(corpus: Opened, videos: Sequence[int]) -> list[int]:
    """Videos by when they were published; without a date last."""
    published = corpus.files.catalog.values("published", np.array(videos, np.int64))
    moments = leads.moments(published).tolist()
    known = all(moment != leads.UNKNOWN for moment in moments)
    keys = moments if known else [text[:10] or "~" for text in published]
    return [video for _, video in sorted(zip(keys, videos, strict=True))]


def _time(corpus: Opened, video: int, token: int) -> int | None:
    """When a token is heard, in ms."""
    start = corpus.files.start_ms(video, token)
    return start if start >= 0 else None


def _link(corpus: Opened, video: int, token: int) -> str:
    row = corpus.files.catalog.row(video)
    return link(row["platform"], row["id"], row["url"], corpus.files.start_ms(video, token))
