"""What does each outlet call it?  The alternatives of a choice set, each language by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.measure import bootstrap, frequency
from crosscut.measure import naming as measure
from crosscut.measure.dealing import PERMUTATIONS
from crosscut.measure.finding import Evidence, number
from crosscut.measure.rates import VIDEO
from crosscut.measure.significance import uncorrected
from crosscut.query.fields import narrowed
from crosscut.query.mask import Mask, by_language
from crosscut.query.naming import Named, choices_of, counted, queries_of
from crosscut.query.search import check_layers, count
from crosscut.workbench.asking import Answer, measured
from crosscut.workbench.grouped import grouped, limited, shared
from crosscut.workbench.opened import Opened, names

Ints = npt.NDArray[np.int64]

#: Fields that say when: groups of the same time are compared, and videos are dealt out within it.
TIMES = ("date", "day", "week", "month", "year")
#: How to read a difference of shares, which is printed with a percent sign.
POINTS = "{} in percentage points{}: from 20 % to 25 % is +5.0%"
#: Above this p no difference is shown.
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class AskedNames:
    """What one language calls it: alternatives × videos, and the videos in groups."""

    language: str
    where: str
    mask: Mask
    named: list[Named]
    counts: Counts
    groups: frequency.Groups
    unit: str
    units: Ints | None

    def evidence(self, by: Sequence[str], label: Sequence[str], alternative: int, span: str) -> Evidence:
        """What opens the hits of an alternative in a group."""
        return Evidence(str(self.named[alternative].query), narrowed(self.where, by, label), span)


@measured
def naming(
    corpus: Opened, name: str, *, by: str | Sequence[str] = ("outlet",), language: str = "", where: str = "",
    span: str = "", unit: str = VIDEO, seed: int | None = None, replicates: int = bootstrap.REPLICATES,
    level: float = bootstrap.LEVEL, permutations: int = PERMUTATIONS,
) -> Answer:
    """Each group's share of each alternative of a choice set, with intervals over videos; whether groups differ is noted."""
    by, used = names(by), corpus.seed(seed)
    asked = asked_names(corpus, name, by, language, where, span, unit)
    rows: list[tuple[Any, ...]] = []
    evidence: list[Evidence | None] = []
    tests: list[str] = []
    for one in asked:
        found = measure.shares(one.counts, one.groups.codes, len(one.groups.labels), units=one.units, seed=used,
                               replicates=replicates, level=level)
        for group, label in enumerate(one.groups.labels):
            rows += [(one.language, *label, named.name, *_share(found, group, place))
                     for place, named in enumerate(one.named)]
            evidence += [one.evidence(by, label, place, span) for place in range(len(one.named))]
        tests += _told(one, _tested(corpus, one, by, used, permutations), by)
    return replace(
        _answer(corpus, name, asked, by, language, where, span, rows, evidence, tests),
        columns=("language", *by, "alternative", "hits", "of", "share", "low", "high", "videos", "videos_with_any", "note"),
        labels=2 + len(by), effect="share", counted=("hits", "of"),
        lesser=_lesser(asked, "videos_with_any", "note", "videos"),
        formats=dict.fromkeys(("share", "low", "high"), ".1%"))


@measured
def naming_differences(
    corpus: Opened, name: str, *, by: str | Sequence[str] = ("outlet",), language: str = "", where: str = "",
    span: str = "", unit: str = VIDEO, seed: int | None = None, replicates: int = bootstrap.REPLICATES,
    level: float = bootstrap.LEVEL,
) -> Answer:
    """How far the shares of two groups are apart, each pair of groups of the same time, with intervals."""
    by, used = names(by), corpus.seed(seed)
    asked = asked_names(corpus, name, by, language, where, span, unit)
    rows: list[tuple[Any, ...]] = []
    evidence: list[Evidence | None] = []
    for one in asked:
        found = measure.shares(one.counts, one.groups.codes, len(one.groups.labels), units=one.units, seed=used,
                               replicates=replicates, level=level)
        apart = measure.differences(found)
        labels = one.groups.labels
        for pair, (group, other) in enumerate(zip(apart.one.tolist(), apart.other.tolist(), strict=True)):
            if not _same_time(by, labels[group], labels[other]):
                continue
            why = found.why_not(group) or found.why_not(other)
            for place, named in enumerate(one.named):
                numbers = (found.share[group, place], found.share[other, place], apart.difference[pair, place],
                           apart.low[pair, place], apart.high[pair, place])
                rows.append((one.language, _joined(labels[group]), _joined(labels[other]), named.name,
                             *map(number, numbers), why))
                evidence.append(one.evidence(by, labels[group], place, span))
    return replace(
        _answer(corpus, name, asked, by, language, where, span, rows, evidence,
                [POINTS.format("difference, low and high are", "")]),
        columns=("language", "group", "other", "alternative", "share", "other_share", "difference", "low", "high", "note"),
        labels=4, effect="difference", difference=True, counted=("share", "other_share"),
        lesser=_lesser(asked, "other_share", "share", "note"),
        formats={"share": ".1%", "other_share": ".1%", **dict.fromkeys(("difference", "low", "high"), "+.1%")})


@measured
def naming_test(
    corpus: Opened, name: str, *, by: str | Sequence[str] = ("outlet",), language: str = "", where: str = "",
    span: str = "", unit: str = VIDEO, seed: int | None = None, permutations: int = PERMUTATIONS,
) -> Answer:
    """Whether groups differ in what they call it at all, by dealing out their videos; with months, within each month."""
    by, used = names(by), corpus.seed(seed)
    asked = asked_names(corpus, name, by, language, where, span, unit)
    rows = []
    for one in asked:
        found = _tested(corpus, one, by, used, permutations)
        rows.append((one.language, found.videos, int(one.counts.totals().sum()), *map(number, (
            found.v, found.v_by_chance, found.p)), "" if found.permutations else "nothing to compare"))
    return replace(
        _answer(corpus, name, asked, by, language, where, span, rows, []),
        columns=("language", "videos", "hits", "cramers_v", "by_chance", "p", "note"), effect="cramers_v",
        counted=("hits",), lesser=_lesser(asked, "note", "by_chance"),
        formats={"cramers_v": ".2f", "by_chance": ".2f", "p": ".4f"})


@measured
def naming_drift(
    corpus: Opened, name: str, *, by: str | Sequence[str] = ("outlet",), language: str = "", where: str = "",
    span: str = "", seed: int | None = None, permutations: int = PERMUTATIONS,
) -> Answer:
    """Whether each group changes its words over time: the change of each share in 30 days, tested over its videos."""
    by, used = tuple(name for name in names(by) if name not in TIMES), corpus.seed(seed)
    asked = asked_names(corpus, name, by, language, where, span, VIDEO)
    rows: list[tuple[Any, ...]] = []
    evidence: list[Evidence | None] = []
    for one in asked:
        found = measure.drift(one.counts, one.groups.codes, len(one.groups.labels), _days(corpus), seed=used,
                              permutations=permutations)
        for group, label in enumerate(one.groups.labels):
            few = f"fewer than {bootstrap.FEWEST} dated videos with a hit" if found.videos[group] < bootstrap.FEWEST else ""
            rows += [(one.language, *label, named.name, int(found.videos[group]), int(found.days[group]),
                      number(found.change[group, place]), number(found.p[group, place]), few)
                     for place, named in enumerate(one.named)]
            evidence += [one.evidence(by, label, place, span) for place in range(len(one.named))]
    tests = sum(row[-2] is not None for row in rows)
    return replace(
        _answer(corpus, name, asked, by, language, where, span, rows, evidence,
                [POINTS.format("change is", " per 30 days"), *uncorrected(tests)]),
        columns=("language", *by, "alternative", "videos_with_any", "days", "change", "p", "note"), labels=2 + len(by),
        effect="change", difference=True, lesser=_lesser(asked, "days", "note"),
        formats={"change": "+.1%", "p": ".4f"})


def asked_names(
    corpus: Opened, name: str, by: Sequence[str], language: str, where: str, span: str, unit: str,
) -> list[AskedNames]:
    """The set in each language that it has alternatives for and that has videos, or in one."""
    sets = corpus.study.naming
    if name not in sets or (language and language not in sets[name].languages):
        choices_of(sets, name, language)  # says what there is
    here = by_language(corpus.files, corpus.mask(where))
    languages = [language] if language else [known for known in sets[name].languages if known in here]
    if not languages:
        raise QueryError(f"naming.{name} has alternatives in {', '.join(sets[name].languages)}; the videos asked for are in "
                         f"{', '.join(here) or 'no language'}")
    return [_of_language(corpus, name, by, known, where, span, unit) for known in languages]


def _of_language(
    corpus: Opened, name: str, by: Sequence[str], language: str, where: str, span: str, unit: str,
) -> AskedNames:
    where = narrowed(where, ("language",), (language,))
    mask = corpus.mask(where, span)
    queries = queries_of(choices_of(corpus.study.naming, name, language), f"naming.{name}.{language}", corpus.parsed)
    for query in queries.values():
        check_layers(corpus.files, query, mask)
    named = counted(corpus.files, queries, mask, corpus.structures)
    thing = np.repeat(np.arange(len(named)), [len(one.hits) for one in named])
    video = np.concatenate([one.hits.video for one in named])
    counts = Counts.of(thing, video, np.ones(len(video), np.int64), (len(named), len(mask.videos)))
    groups = frequency.group_coded(corpus.coded(by), mask.videos) if by else frequency.Groups(
        (), ((),), np.where(mask.videos, 0, -1))
    return AskedNames(language, where, mask, named, counts, groups, unit, corpus.units(unit))


def _answer(
    corpus: Opened, name: str, asked: Sequence[AskedNames], by: Sequence[str], language: str, where: str, span: str,
    rows: Sequence[tuple[Any, ...]], evidence: Sequence[Evidence | None], told: Sequence[str] = (),
) -> Answer:
    """What all answers about a choice set have."""
    whole = corpus.mask(where, span) if not language else asked[0].mask
    referent = corpus.study.naming[name].referent or f"naming.{name}"
    return Answer(
        question=f"Which words are used for ‘{referent}’{grouped(by)}{limited(whole.question)}?", columns=(), rows=rows,
        mask=whole, evidence=evidence, explained=COLUMNS, notes=(*told, *notes_of(corpus, asked, by, name)),
        parameters={"cql": {one.language: {named.name: str(named.query) for named in one.named} for one in asked},
                    "layer": whole.layer, "unit of resampling": asked[0].unit, "interval": bootstrap.METHOD})


def notes_of(corpus: Opened, asked: Sequence[AskedNames], by: Sequence[str], name: str) -> tuple[str, ...]:
    """What to know when reading what was counted: queries that find nothing, mentions counted once, unlike outlets."""
    notes = [f"{one.language}: no hit of {named.name!r} in the whole study: is its query right?"
             for one in asked for named in one.named if not named.twice and not _is_there(corpus, one, named)]
    for one in asked:
        notes += [f"{one.language}: {named.twice:,} hits of {named.name} lie in one of an earlier alternative, or hold one, "
                  f"and count there only" for named in one.named if named.twice]
        notes += [*corpus.notes([named.query for named in one.named], one.mask), *corpus.alone(one.unit, one.mask)]
        notes += shared(corpus, one.unit, one.groups.codes, "limits of differences, and p, take their parts as independent, "
                        "which makes limits too wide rather than too narrow, and p too large")
        notes += corpus.differences(one.mask) if "outlet" in by else []
    if len(asked) > 1:
        notes.append("each language has alternatives of its own: nothing is compared across languages")
    known = corpus.study.naming[name].languages
    if lacking := [language for language in corpus.languages if language not in known]:
        notes.append(f"naming.{name} has no alternatives in {', '.join(lacking)}: not asked")
    return tuple(notes)


def _is_there(corpus: Opened, one: AskedNames, named: Named) -> bool:
    """Whether an alternative has a hit in any video of its language, whatever was asked for."""
    return bool(len(named.hits)) or bool(count(
        corpus.files, named.query, corpus.mask(narrowed("", ("language",), (one.language,))),
        structures=corpus.structures).any())


def _lesser(asked: Sequence[AskedNames], *columns: str) -> tuple[str, ...]:
    """What a narrow terminal does without; where there is one language, its column at last."""
    return (*columns, *["language"] * (len(asked) == 1))


def _tested(corpus: Opened, one: AskedNames, by: Sequence[str], seed: int, permutations: int) -> measure.Tested:
    """The test of an answer: groups without their time are dealt out within it; groups of times alone against each other."""
    times = [name for name in by if name in TIMES]
    rest = [name for name in by if name not in TIMES]
    of = {key: frequency.group_coded(corpus.coded(names), one.mask.videos)
          for key, names in (("groups", rest or times), ("strata", times if rest else [])) if names}
    if "groups" not in of:
        return measure.Tested(np.nan, np.nan, np.nan, 0, 0)
    return measure.permutation_test(one.counts, of["groups"].codes, len(of["groups"].labels), units=one.units, seed=seed,
                                    strata=of["strata"].codes if "strata" in of else None, permutations=permutations)


def _told(one: AskedNames, found: measure.Tested, by: Sequence[str]) -> Iterator[str]:
    """The test in words."""
    if found.permutations:
        rest, times = ([name for name in by if (name in TIMES) == timed] for timed in (False, True))
        within = f" within each {' and '.join(times)}" if rest and times else ""
        what = "differ" if found.p <= ALPHA else "are not shown to differ"
        yield (f"{one.language}: by {' and '.join(rest or times)}, names {what}: Cramér's V {found.v:.2f} "
               f"({found.v_by_chance:.2f} by chance), p = {found.p:.2g}, {found.videos:,} videos with hits dealt out "
               f"{found.permutations:,} times{within}")


def _share(found: measure.Shares, group: int, place: int) -> tuple[Any, ...]:
    """One cell: hits, of how many, share, limits, videos, and a note."""
    note = found.why_not(group) or ("exact limits" if found.exact[group, place] else "")
    return (int(found.hits[group, place]), int(found.hits[group].sum()), *map(number, (
        found.share[group, place], found.low[group, place], found.high[group, place])),
        int(found.units[group, place]), int(found.with_any[group]), note)


def _same_time(by: Sequence[str], one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two groups are of the same time, where groups are of anything else as well."""
    times = [place for place, name in enumerate(by) if name in TIMES]
    return len(times) == len(by) or all(one[place] == other[place] for place in times)


def _joined(label: Sequence[str]) -> str:
    return ", ".join(label)


def _days(corpus: Opened) -> npt.NDArray[np.float64]:
    """When each video was published, in days; nan where the day is not known."""
    codes, texts = corpus.coded(("day",))["day"]
    days = np.array([np.datetime64(text, "D").astype(np.int64) if text else np.nan for text in texts], np.float64)
    return days[codes]


#: What the columns are.
COLUMNS = {
    "language": "The language; each has alternatives of its own, and nothing is compared across languages.",
    "alternative": "What it is called: an alternative of the choice set, a query whose hits are the lines.",
    "hits": "Hits of the alternative: near and not near what the choice set says. A hit that lies in a hit of an earlier "
            "alternative, or holds one, counts there only.",
    "of": "Hits of all alternatives in the group.",
    "share": "hits / of.",
    "other_share": "The same of the other group.",
    "difference": "share - other_share, as a fraction of 1: 0.05, printed +5.0%, is five percentage points; "
                  "limits from those of both shares (Newcombe 1998, method 10; Zou & Donner 2008).",
    "low": "Lower limit at the level, over videos: of a share on the logit scale, estimate - t(df) · sd over resamples of "
           "the videos; where fewer than five videos have the alternative, or fewer than five have another, Clopper & "
           "Pearson's (1934) of as many choices as there are clumps of hits (Korn & Graubard 1998). None with fewer than "
           "ten videos that have any.",
    "high": "Upper limit, as low.",
    "videos": "Videos (or units) with the alternative; in a test, those with any.",
    "videos_with_any": "Videos (or units) with any alternative: what is resampled tells by these.",
    "days": "From the first to the last of these videos.",
    "change": "Change of the share per 30 days, as a fraction of 1: 0.05, printed +5.0%, is five percentage points; "
              "the slope of a regression of the share on the day of publication, weighted "
              "by hits.",
    "p": "(1 + b) / (1 + B): in b of B deals the statistic was as large; or exactly where all ways are looked at. "
         "Groups: videos with hits are dealt out to the groups (within the same time, where groups are of times too), the "
         "statistic is a χ² with variances over videos. Change: the days are dealt out among the videos of the group.",
    "cramers_v": "Cramér's V of the table of hits: 0 no difference, 1 each group has names of its own.",
    "by_chance": "Its mean over the deals: how large it is where groups do not matter.",
    "note": "Why there is no interval, or how else it was made.",
}
