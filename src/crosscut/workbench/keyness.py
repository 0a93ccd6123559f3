"""What do some videos say more often than others, and what do all of them say alike?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import QueryError
from crosscut.measure import bootstrap
from crosscut.measure.comparing import keyness as between
from crosscut.measure.comparing import one_against_rest, refuse_overlap
from crosscut.measure.finding import Evidence, cell
from crosscut.measure.keyness import COLUMNS, WHY_NOT, Choices, Keyness, of_words
from crosscut.measure.rates import VIDEO, Resampling
from crosscut.query.fields import narrowed
from crosscut.query.mask import Mask, by_language, narrow, together
from crosscut.query.pattern import DEFAULT_STRATEGY
from crosscut.workbench import things as counted
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import DEALT_APART, comparable, limited, shared
from crosscut.workbench.opened import Opened, names
from crosscut.workbench.room import lesser_first

Ints = npt.NDArray[np.int64]

#: Columns that a terminal without room for them does without, these first.
LESSER = (
    "target_tokens", "reference_tokens", "target_of_videos", "reference_of_videos", "p_log_likelihood", "log_odds_ratio",
    "simple_maths", "percent_difference", "log_likelihood", "dispersion", "superiority", "p_wilcoxon", "note", "reference",
    "target", "reference_videos", "target_videos",
)
FORMATS = {
    **dict.fromkeys(("target_per_million", "reference_per_million", "log_likelihood"), ",.1f"), "dispersion": "+,.1f",
    **dict.fromkeys(("lrc", "log_ratio", "low", "high", "log_odds_ratio"), "+.2f"), "percent_difference": "+,.0f",
    "superiority": ".2f", "p_wilcoxon": ".2g", "p_log_likelihood": ".2g",
}


@measured
def keyness(
    corpus: Opened, where: str = "", reference: str = "", *, by: str | Sequence[str] = (), span: str = "",
    layer: str = "lemma", ngram: int = 1, queries: Sequence[str] = (), sort: str = "lrc", side: str = "both",
    lock: bool = False, within: float = 0.5, min_videos: int = 3, at_least: int = 1, plus: float = 1.0, limit: int = 50,
    unit: str = VIDEO, seed: int | None = None, replicates: int = bootstrap.REPLICATES, level: float = bootstrap.LEVEL,
    correction: str = "holm", strategy: str = DEFAULT_STRATEGY, quick: bool = False,
) -> Answer:
    """What videos of ``where`` say more or less often than those of ``reference``; "": than all others of their languages.

    ``by``: each group of the videos of ``where``, as outlets, against the others.  Things are values of a layer, n-grams
    of them, or the hits of ``queries``; values in fewer than ``min_videos`` of both sides together are left out.
    ``sort``: one of ``measure.keyness.SORTS``; ``side``: "target" or "reference" has only what it says more often.
    ``lock``: lockwords instead, whose log ratio is shown to be ``within`` so much of 0.  ``limit``: rows a group, 0: all.
    ``quick``: only the scores of words, at once at any size: without videos, ranks and intervals.
    """
    groups = _by(corpus, names(by), where, span) if by else _two(corpus, where, reference, span)
    how = Resampling(corpus.seed(seed), replicates, level, unit, corpus.units(unit))
    shown = None if lock else lambda one: one.order(sort, side)[: limit or None]
    choices = Choices(how, correction, 0 if queries else max(min_videos, 1), 0 if queries else at_least, plus, shown)
    if quick and (lock or queries or ngram > 1):
        raise QueryError("--quick has no intervals, which lockwords need, and counts no n-grams or hits of queries")
    things, found = (_quickly(corpus, groups, layer, choices, (sort, side, limit)) if quick
                     else _compared(groups, _things(corpus, groups.mask, layer, ngram, queries, strategy, choices), choices))
    rows, evidence = [], []
    for label, one in zip(groups.labels, found, strict=False):
        places = (one.lockwords(within) if lock else one.order(sort, side))[: limit or None]
        rows += [(*label, *row) for row in _rows(one, places, things, how.units)]
        evidence += [Evidence(things.query(thing), narrowed(where, groups.by, label), span,
                              strategy if queries and strategy != DEFAULT_STRATEGY else "")
                     for thing in one.things[places].tolist()]
    columns, order = (*groups.by, things.kind, *COLUMNS, "note"), "log_ratio" if lock else sort
    return Answer(
        question=_question(groups, where, reference, lock), columns=columns, rows=rows, mask=groups.mask,
        labels=len(groups.by) + 1, effect="log_ratio", difference=True, counted=("target", "reference"),
        lesser=lesser_first(columns, rows, (*LESSER, *_lesser_by(groups, order), *("low", "high") * quick),
                            keep=order), evidence=evidence, formats=FORMATS,
        explained={**COLUMNS, "note": "Why there is no interval, or on which side it is not said at all."},
        parameters={"cql": [str(pattern) for pattern in things.patterns] if queries else [], "span layer": groups.mask.layer,
                    "unit of resampling": unit, "interval": bootstrap.METHOD, "compared": len(found[0].things)},
        notes=(*_notes(corpus, groups, things, found, min_videos, at_least), *corpus.alone(unit, groups.mask),
               *shared(corpus, unit, groups.codes, DEALT_APART.format("p_wilcoxon ranks"))),
    )


@dataclass(frozen=True, slots=True)
class _Groups:
    """``codes``: the group of each video of the mask; the first of two is the target.  ``by`` and ``labels`` name them."""

    mask: Mask
    codes: Ints
    by: tuple[str, ...]
    labels: Sequence[tuple[str, ...]]
    notes: tuple[str, ...] = ()


def _things(
    corpus: Opened, mask: Mask, layer: str, ngram: int, queries: Sequence[str], strategy: str, choices: Choices,
) -> counted.Things:
    """What is counted."""
    if queries:
        return counted.hits(corpus, mask, queries, strategy)
    if ngram > 1:
        return counted.ngrams(corpus, mask, layer, ngram, choices.at_least, choices.min_videos)
    return counted.values(corpus, mask, layer)


def _compared(groups: _Groups, things: counted.Things, choices: Choices) -> tuple[counted.Things, list[Keyness]]:
    """How each group differs from the others."""
    codes = np.where(things.can, groups.codes, -1)
    _refuse_wordless(groups, codes, things.sizes, things.kind)
    if groups.by:
        return things, one_against_rest(things.counts, things.sizes, codes, len(groups.labels), choices)
    return things, [between(things.counts, things.sizes, codes == 0, codes == 1, choices)]


def _quickly(
    corpus: Opened, groups: _Groups, layer: str, choices: Choices, order: tuple[str, str, int],
) -> tuple[counted.Things, list[Keyness]]:
    """The same from totals alone."""
    _refuse_wordless(groups, groups.codes, groups.mask.words, layer)
    masks = [narrow(groups.mask, groups.codes == code) for code in range(len(groups.labels) if groups.by else 2)]
    things, totals = counted.totals(corpus, masks, groups.mask, layer)
    return things, of_words(totals, totals.sum(axis=0), range(len(groups.labels)), choices, *order)


def _lesser_by(groups: _Groups, order: str) -> tuple[str, ...]:
    """What goes last: two groups have both rates, which say what the ratio is; where each has a label, one rate and it."""
    if groups.by:
        return ("reference_per_million",)
    return ("log_ratio", "lrc") if order in {"lrc", "log_ratio"} else ("log_ratio", "lrc", "reference_per_million")


def _refuse_wordless(groups: _Groups, codes: Ints, sizes: Ints, kind: str) -> None:
    """Raise QueryError where a group has nothing to count, which says which group and why.

    ``codes``: the group of each video that can answer, -1: in none; ``sizes``: what rates are out of; ``kind``: what is
    counted.
    """
    for code, label in enumerate(groups.labels if groups.by else (("target",), ("reference",))):
        mine = codes == code
        if sizes[mine].any():
            continue
        all_ = groups.codes == code
        if not mine.any():
            why = "none of them can answer, for want of a layer that the query asks for"
        elif groups.mask.words[all_].any():
            why = f"none of their tokens has a {kind}"
        else:
            why = "none has a part in the span" if groups.mask.inside is not None else "their captions are empty"
        raise QueryError(f"nothing to compare with {', '.join(label)}: its {int(all_.sum()):,} videos have no words; {why}")


def _two(corpus: Opened, where: str, reference: str, span: str) -> _Groups:
    """Two subcorpora, or one and all other videos of its languages."""
    if not where:
        raise QueryError("say what is compared: --where and --reference, or --where with all others, or --by outlet")
    target, notes = corpus.mask(where, span), tuple[str, ...]()
    if reference:
        other = corpus.mask(reference, span)
        refuse_overlap(target.videos, other.videos)
        notes = _unlike_languages(corpus, target, other)
    else:
        codes, languages = corpus.files.catalog.codes("language")
        known = np.array([language in by_language(corpus.files, target) for language in languages], bool)
        other = narrow(corpus.mask("", span), known[codes] & ~corpus.mask(where).videos)
    for mask, what in ((target, f"--where {where!r}"), (other, f"--reference {reference!r}" if reference else "the others")):
        if not mask.videos.any():
            raise QueryError(f"no video to compare: {what} has none")
    return _Groups(together(target, other), np.where(target.videos, 0, np.where(other.videos, 1, -1)), (), [()], notes)


def _by(corpus: Opened, by: Sequence[str], where: str, span: str) -> _Groups:
    """The groups of the videos of ``where``, which must be of one language."""
    mask = corpus.mask(where, span)
    groups = comparable(corpus, by, mask)
    if len(groups.labels) < 2:
        raise QueryError("each group is compared with the others: there is one group only")
    return _Groups(mask, groups.codes, tuple(by), groups.labels)


def _unlike_languages(corpus: Opened, target: Mask, other: Mask) -> tuple[str, ...]:
    one, two = (sorted(by_language(corpus.files, mask)) for mask in (target, other))
    return (f"languages differ ({', '.join(one)} and {', '.join(two)}): a word of one language is not missing from another",
            ) if one != two else ()


def _rows(one: Keyness, places: Ints, things: counted.Things, units: str) -> list[tuple[Any, ...]]:
    """Rows of a table; what is not finite is None."""
    columns = [[cell(value) for value in one.columns[name][places].tolist()] for name in COLUMNS]
    notes = [WHY_NOT[number].format(units=units) for number in one.why_not[places].tolist()]
    return list(zip(map(things.name, one.things[places].tolist()), *columns, notes, strict=True))


def _notes(
    corpus: Opened, groups: _Groups, things: counted.Things, found: Sequence[Keyness], min_videos: int, at_least: int,
) -> list[str]:
    """What was compared, what was left out, and how the groups differ beside what they say."""
    of = {"query": "words", "ngram": "n-grams"}.get(things.kind, "tokens")
    videos = [int(np.count_nonzero(groups.codes == code)) for code in (0, 1)]
    sizes = [f"target: {one.sizes[0]:,} {of} in {videos[0]:,} videos; reference: {one.sizes[1]:,} in {videos[1]:,}"
             for one in found] if not groups.by else []
    fewer = " or ".join([f"in fewer than {min_videos} videos"] * any(one.videos[0] for one in found)
                        + [f"there fewer than {at_least} times"] * (at_least > 1))
    left_out = [f"{found[0].left_out:,} values left out: {fewer}"] if found[0].left_out else []
    left_out += [f"n-grams left out: {fewer}"] * (things.kind == "ngram" and bool(fewer))
    names_ = [", ".join(label) for label in groups.labels] if groups.by else ["target", "reference"]
    unlike = corpus.differences_of({name: groups.mask.videos & (groups.codes == code) for code, name in enumerate(names_)},
                                   groups.mask)
    return [*sizes, *left_out, *groups.notes, *corpus.notes(things.patterns, groups.mask), *unlike]


def _question(groups: _Groups, where: str, reference: str, lock: bool) -> str:
    how = "as often as" if lock else "more or less often than"
    if groups.by:
        return f"What does each {' and '.join(groups.by)} say {how} the others{limited(groups.mask.question)}?"
    others = f"videos with {reference}" if reference else "all other videos"
    return f"What do videos with {where} say {how} {others}?"
