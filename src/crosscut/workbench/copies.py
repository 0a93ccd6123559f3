"""Which passages were heard before, where first, and how much of each outlet is copied?

Read from the span layer ``copies``, which is brought up to date first (``workbench.looking``).  What is counted are the
occurrences in the videos of ``where``; a group's kind, its first occurrence and its evidence are those of the whole corpus.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.copies.found import KINDS
from crosscut.errors import NotFound, QueryError
from crosscut.identity import link, split_key
from crosscut.measure import bootstrap
from crosscut.measure.finding import Evidence
from crosscut.measure.frequency import Groups, group_coded
from crosscut.measure.rates import VIDEO, Asked, Resampling, interval
from crosscut.query.concordance import text_between
from crosscut.query.fields import narrowed
from crosscut.query.inside import count_words
from crosscut.query.marks import Marks
from crosscut.query.mask import Mask
from crosscut.query.spans import Spans
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import grouped, limited
from crosscut.workbench.hearing import published_order
from crosscut.workbench.looking import LAYER, check_spans, look_for_copies, starts_ms
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: So many groups, those with most copied words, where nobody says how many; so many tokens of what is said.
LIMIT, SAID = 50, 12
#: All kinds together.
ANY = "all"
COLUMNS = {
    "kind": "What the passage is, by evidence: re-upload (most of the video and of an earlier one of the outlet), excerpt "
            "(part of an earlier video of the outlet), pool (two or more outlets have it), boilerplate (one outlet says it "
            "again on several days), ident (short, in several videos, at their edge), repeat (earlier in the same video).",
    "words": "Words of the passage, as heard.",
    "times": "How often it occurs in the videos that count, the first time included.",
    "videos": "In how many of them.", "outlets": "In how many outlets.", "days": "On how many known days.",
    "copied": "Words in its later occurrences.",
    "alike": "Words that match / words of the longer side, each later occurrence against the first; the mean.",
    "share": "Evidence for the kind: the largest share of a copying video that the passage is.",
    "whole": "Evidence: the share of the first video that the passage is.",
    "edge": "Evidence: the share of its occurrences at the beginning or the end of their video.",
    "published": "When the first video that has it was published, as far as is known.",
    "first": "Where it was heard first in what was collected: video and second.",
    "link": "Opens that second.", "said": "How it begins there.",
}
SHARES = {
    "kind": "What the copies are (crosscut copies --explain says how a kind is told); all: any of them.",
    "words": "Words in later occurrences: heard before in this corpus.",
    "of": "Words of the videos that count.",
    "share": "words / of.",
    "low": "Lower limit of the share, as of any rate: see crosscut freq --explain.", "high": "Upper limit.",
    "times": "Later occurrences.", "videos": "Videos that have one.",
    "first_words": "Words of these videos that are copied later, here or elsewhere: first occurrences.",
    "first_share": "first_words / of.",
    "note": "Why there is no interval, or of what kind it is.",
}
OCCURRENCES = {
    "published": "When the video was published, as far as is known.", "outlet": "Whose it is.", "video": "Which video.",
    "start": "First token of the occurrence in its video.",
    "first": "Whether it was heard here first, in what was collected.",
    "kind": "What this occurrence is; of the first one, what the group is.",
    "alike": "Words that match / words of the longer side, against the first occurrence.",
    "words": "How many words.", "title": "Of the video.", "link": "Opens the second.", "said": "How it begins.",
}
#: How far the order of publication can be believed.
TIES = ("which of two videos is the first is known as far as their times are: of videos of one day without times, their ids "
        "decide, and a share of an outlet hangs on that")
#: What finding copies leaves out; the numbers: docs/quality.md.
NOT_FOUND = ("not found: passages of fewer than 12 words, and noisy ones: where one word in ten is misheard on both sides, "
             "about two thirds of 15 words and nearly all of 30 are found; where one in five is, two thirds of 30 and nine "
             "tenths of 60 (docs/quality.md).  What is found and is no copy is mostly short: set phrases")


@dataclass(frozen=True, slots=True)
class Found:
    """The spans of the layer, as columns, and which of them count; ``group`` is a place in ``names``."""

    marks: Marks
    counted: Bools
    words: Ints
    group: Ints
    names: list[str]
    kind: Ints
    first: Bools
    alike: npt.NDArray[np.float64]

    @classmethod
    def of(cls, corpus: Opened, mask: Mask) -> Found:
        """The layer as it is, and what of it lies in the videos of a mask."""
        marks = corpus.marks(LAYER)
        order = np.lexsort((marks.start, marks.video))
        spans = tuple(marks.spans[at] for at in order.tolist())
        marks = Marks(marks.video[order], marks.start[order], marks.end[order], spans, marks.stale, marks.name, marks.of)
        check_spans(marks)
        labels = marks.attribute("label")
        known = sorted(set(labels))
        places = {label: place for place, label in enumerate(known)}
        words, _ = count_words(corpus.files, Spans(marks.video, marks.start, marks.end), np.arange(len(labels)), len(labels))
        return cls(
            marks, mask.videos[marks.video], words, np.array([places[label] for label in labels], np.int64), known,
            np.array([KINDS.index(kind) for kind in marks.attribute("kind")], np.int64),
            np.array([first == "yes" for first in marks.attribute("first")], bool),
            np.array(marks.attribute("alike"), np.float64))

    @property
    def later(self) -> Bools:
        """Which spans count and are no first occurrence."""
        return self.counted & ~self.first

    def firsts(self) -> Ints:
        """Of each group the span in which it begins; that of its first occurrence, where the layer still has that."""
        found = np.zeros(len(self.names), np.int64)
        rows = np.concatenate([np.flatnonzero(~self.first)[::-1], np.flatnonzero(self.first)[::-1]])
        found[self.group[rows]] = rows  # the last to be written is the first in its video
        return found

    def distinct(self, values: Ints) -> Ints:
        """How many different values, those below 0 left out, the spans that count have in each group."""
        some = self.counted & (values >= 0)
        pairs = np.unique(np.stack([self.group[some], values[some]]), axis=1)
        return np.bincount(pairs[0], minlength=len(self.names))


@measured
def copies(corpus: Opened, *, where: str = "", kind: str = "", limit: int = LIMIT) -> Answer:
    """Groups of passages that recur, those with most copied words first; ``kind``: only these, ``limit``: 0 for all."""
    if kind and kind not in KINDS:
        raise QueryError(f"there is no kind {kind!r} of copies: {', '.join(KINDS)}")
    mask, found = _looked(corpus, where)
    firsts, copied = found.firsts(), _summed(found, found.words)
    chosen = np.bincount(found.group[found.counted], minlength=len(found.names)) > 0
    if kind:
        chosen &= found.kind[firsts] == KINDS.index(kind)
    groups = np.flatnonzero(chosen)
    groups = groups[np.argsort(-copied[groups], kind="stable")]
    shown = groups[: limit or len(groups)]
    rows = list(_groups(corpus, found, firsts, copied, shown))
    more = [f"{len(groups) - len(shown):,} more groups: --limit 0 has all"] if len(shown) < len(groups) else []
    return Answer(
        question=f"Which passages were heard before{f', of kind {kind}' if kind else ''}{limited(where)}?",
        columns=("group", *COLUMNS), rows=rows, mask=mask, effect="copied", counted=("times", "words"),
        lesser=lesser_first(("group", *COLUMNS), rows, ("edge", "whole", "share", "first", "published", "days", "copied")),
        evidence=[Evidence(f'<{LAYER} label="{row[0]}"/>', where) for row in rows],
        explained={"group": "Name of the group, from where its first occurrence is; crosscut copies --group NAME has all "
                            "occurrences.", **COLUMNS},
        parameters={"layer": found.marks.name}, notes=(*more, NOT_FOUND, *corpus.notes((), mask)),
        formats=dict.fromkeys(("alike", "share", "whole", "edge"), ".0%"))


@measured
def copied(
    corpus: Opened, *, by: str | Sequence[str] = ("outlet",), where: str = "", unit: str = VIDEO, seed: int | None = None,
    replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
) -> Answer:
    """How much of what groups of videos say was heard before in this corpus, by kind, with intervals over videos."""
    by = names(by)
    mask, found = _looked(corpus, where)
    how = Resampling(corpus.seed(seed), replicates, level, unit, corpus.units(unit))
    groups = group_coded(corpus.coded(by), mask.videos)
    rows = list(_shares(found, mask, groups, how))
    tests = ['first="no"' + (f' kind="{row[len(by)]}"' if row[len(by)] != ANY else "") for row in rows]
    return Answer(
        question=f"How much of what is said was heard before{grouped(by)}{limited(where)}?",
        columns=(*by, *SHARES), rows=rows, mask=mask, labels=len(by) + 1, effect="share", counted=("words", "of"),
        lesser=("note", "first_words", "of", "times", "videos"),
        evidence=[Evidence(f"<{LAYER} {test}/>", narrowed(where, by, row[: len(by)])) if row[len(by) + 1] else None
                  for test, row in zip(tests, rows, strict=True)],
        explained=SHARES, parameters={"layer": found.marks.name, "interval": bootstrap.METHOD},
        notes=("heard before in this corpus: what was not collected copies nothing and is copied by nobody", TIES, NOT_FOUND,
               *corpus.notes((), mask), *corpus.alone(unit, mask)),
        formats=dict.fromkeys(("share", "low", "high", "first_share"), ".1%"))


@measured
def copies_of(corpus: Opened, group: str, *, where: str = "") -> Answer:
    """All occurrences of a group, in order of publication."""
    mask, found = _looked(corpus, where)
    if group not in found.names:
        raise NotFound(f"no group {group!r} of copies here: crosscut copies lists them")
    rows = np.flatnonzero(found.counted & (found.group == found.names.index(group)))
    videos = found.marks.video[rows]
    place = {video: place for place, video in enumerate(published_order(corpus.files, np.unique(videos)).tolist())}
    rows = rows[np.lexsort((found.marks.start[rows], np.array([place[video] for video in videos.tolist()], np.int64)))]
    table = list(_occurrences(corpus, found, rows))
    return Answer(
        question=f"Where does the passage {group} occur{limited(where)}?", columns=tuple(OCCURRENCES), rows=table, mask=mask,
        labels=4, effect="alike", counted=("words",), lesser=("start", "title", "kind"),
        evidence=[Evidence(f'<{LAYER} label="{group}"/>', narrowed(where, ("video",), (row[2],))) for row in table],
        explained=OCCURRENCES, parameters={"layer": found.marks.name}, notes=(TIES, NOT_FOUND, *corpus.notes((), mask)),
        formats={"alike": ".0%"})


def _looked(corpus: Opened, where: str) -> tuple[Mask, Found]:
    look_for_copies(corpus)
    mask = corpus.mask(where)
    return mask, Found.of(corpus, mask)


def _summed(found: Found, values: Ints) -> Ints:
    """By group, over the later occurrences."""
    return np.bincount(found.group[found.later], values[found.later], len(found.names)).astype(np.int64)


def _groups(corpus: Opened, found: Found, firsts: Ints, copied: Ints, shown: Ints) -> Iterator[tuple[Any, ...]]:
    """A row of ``COLUMNS`` behind its name for each group."""
    marks, catalog = found.marks, corpus.files.catalog
    later = np.bincount(found.group[found.later], minlength=len(found.names))
    has_first = np.bincount(found.group[found.counted & found.first], minlength=len(found.names)) > 0
    alike = np.bincount(found.group[found.later], found.alike[found.later], len(found.names))
    days, texts = corpus.coded(("day",))["day"]
    days = np.where(np.array([bool(text) for text in texts], bool)[days], days, -1)
    many = [found.distinct(values) for values in (marks.video, catalog.codes("outlet")[0].astype(np.int64)[marks.video],
                                                  days[marks.video])]
    about = zip(shown.tolist(), firsts[shown].tolist(), _about(corpus, found, firsts[shown]), strict=True)
    for group, first, (published, key, second, address, said) in about:
        more = dict(marks.spans[first].more)
        yield (found.names[group], KINDS[found.kind[first]], int(more["words"]), int(later[group] + has_first[group]),
               *(int(column[group]) for column in many), int(copied[group]),
               float(alike[group] / later[group]) if later[group] else None,
               *(float(more[name]) for name in ("share", "whole", "edge")), published,
               f"{key}@{second}" if second >= 0 else key, address, said)


def _about(corpus: Opened, found: Found, rows: Ints) -> Iterator[tuple[str, str, int, str, str]]:
    """Of some spans: when the video was published, its key, the second, the link, and how the span begins."""
    catalog, videos, starts = corpus.files.catalog, found.marks.video[rows], found.marks.start[rows]
    ms = starts_ms(corpus.files, videos, starts).tolist()
    texts = (catalog.text(name).take(videos) for name in ("published", "video", "url"))
    for row, when, published, key, url in zip(rows.tolist(), ms, *texts, strict=True):
        start, end = int(found.marks.start[row]), int(found.marks.end[row])
        said = text_between(corpus.files, int(found.marks.video[row]), start, min(end, start + SAID)).strip()
        yield (published, key, when // 1000, link(*split_key(key), url, when),
               " ".join(said.split()) + (" …" if end > start + SAID else ""))


def _shares(found: Found, mask: Mask, groups: Groups, how: Resampling) -> Iterator[tuple[Any, ...]]:
    """A row of ``SHARES`` behind its labels for each group and kind that the layer has."""
    kinds = [(ANY, np.ones(len(found.kind), bool)), *((name, found.kind == place) for place, name in enumerate(KINDS))]
    columns = [(name, *_by_video(found, of_kind, len(mask.videos))) for name, of_kind in kinds
               if (found.counted & of_kind).any()]
    for place, label in enumerate(groups.labels):
        videos = np.flatnonzero(groups.codes == place)
        words = mask.words[videos]
        for name, hits, firsts, times in columns:
            if name != ANY and not (hits[videos].any() or firsts[videos].any()):
                continue
            limits = interval(hits[videos], words, Asked.of(hits, mask.words, groups.codes >= 0, how), how.among(videos))
            total, of = int(hits[videos].sum()), int(words.sum())
            low, high = (None if limit is None else min(limit, 1.0) for limit in (limits.low, limits.high))
            yield (*label, name, total, of, total / of if of else None, low, high, int(times[videos].sum()),
                   int(np.count_nonzero(hits[videos])), int(firsts[videos].sum()),
                   int(firsts[videos].sum()) / of if of else None, limits.note)


def _by_video(found: Found, of_kind: Bools, every: int) -> tuple[Ints, Ints, Ints]:
    """Of each video words in later and in first occurrences of a kind, and how many later ones."""
    later, first = found.later & of_kind, found.counted & found.first & of_kind
    words, firsts, times = (np.bincount(found.marks.video[some], weights, every).astype(np.int64) for some, weights in
                            ((later, found.words[later]), (first, found.words[first]), (later, None)))
    return words, firsts, times


def _occurrences(corpus: Opened, found: Found, rows: Ints) -> Iterator[tuple[Any, ...]]:
    """A row of ``OCCURRENCES`` for each span."""
    marks, catalog = found.marks, corpus.files.catalog
    outlets, titles = catalog.values("outlet", marks.video[rows]), catalog.text("title").take(marks.video[rows])
    for row, outlet, title, (published, key, _, address, said) in zip(
            rows.tolist(), outlets, titles, _about(corpus, found, rows), strict=True):
        yield (published, outlet, key, int(marks.start[row]), "yes" if found.first[row] else "no", KINDS[found.kind[row]],
               float(found.alike[row]), int(found.words[row]), title, address, said)


def share_copied(corpus: Opened) -> Mapping[str, Any] | None:
    """How much of the corpus the layer says was heard before: words, share, groups, and whether it is out of date.

    None where there is no layer, or it is switched off.
    """
    try:
        mask = corpus.mask()
        found = Found.of(corpus, mask)
    except NotFound:
        return None
    words, total = int(found.words[found.later].sum()), int(mask.words.sum())
    return {"layer": found.marks.name.partition(" ")[0], "groups": len(found.names), "words": words,
            "share": words / total if total else 0.0, "behind": found.marks.of != corpus.files.manifest.result}
