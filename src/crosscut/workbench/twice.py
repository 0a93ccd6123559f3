"""A finding asked twice, side by side, and how far it moves: of all words and of a part of them, or as found and levelled.

What moves a measure is no finding about the outlets: passages that were copied, boilerplate, stories that only one of them
has, the form of the captions.  The second asking stands beside the first, row by row; a difference is called one only as far
as both show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crosscut.errors import LayerMissing, QueryError
from crosscut.measure.finding import Finding
from crosscut.query.inside import MATCHED, layers_of, parts_of
from crosscut.workbench.asking import ask_again
from crosscut.workbench.opened import Opened

Row = tuple[Any, ...]
Numbers = Sequence[float | None]

#: Effects that are ratios; of all others, differences and scores, the movement is a difference.
RATES = ("per_million",)
#: What columns of the second asking begin with; of other parts their own words, where these are short.
SHORT: Mapping[str, str] = {"first occurrences": "first", "without boilerplate": "no_boilerplate",
                            "without re-uploads": "no_reuploads", MATCHED: "matched"}
#: No column begins, and no verdict ends, with more characters of a part than this.
LONGEST, LONGEST_SAID = 16, 24
#: Parameters that choose which rows are shown, such that all are.
_ALL: Mapping[str, Any] = {"limit": 0, "side": "both", "lock": False, "cutoff": None}
#: Rows that have these are numbered, and are the same where these periods overlap.
_RANGE = ("earliest", "latest")
#: What else a narrow terminal does without: what both askings are read without.
_LESS = ("reference_per_million", "target_per_million", "words", "videos")


@dataclass(frozen=True, slots=True)
class Second:
    """What the second asking is: ``name`` begins its columns, ``what`` says it in words.

    ``explained``: what ``moves`` and ``verdict`` are.  ``judge`` gives the verdict on a difference, from the effect of each
    asking, with its limits where the measure has any.
    """

    name: str
    what: str
    explained: Mapping[str, str]
    judge: Callable[[Numbers, Numbers], str]


def everything(one: Finding) -> dict[str, Any]:
    """Parameters with which a finding has all its rows: the first rows of another asking need not be those of this."""
    return {name: value for name, value in _ALL.items() if name in one.parameters}


def twice(one: Finding, other: Finding, second: Second, parameters: Mapping[str, Any], notes: Sequence[str] = ()) -> Finding:
    """A finding with columns of another asking beside its own, ``moves``, and of a difference ``verdict``."""
    shown = [name for name in dict.fromkeys((*one.counted, one.effect, "low", "high")) if name in one.columns]
    places = [one.columns.index(name) for name in shown]
    added = {name: f"{second.name}_{name}" for name in shown}
    own = ["moves", "verdict"][: 2 if one.difference else 1]
    nothing = (None,) * len(one.columns)
    rows = []
    for row, again in zip(one.rows, _again(one, other), strict=True):
        values = [(again or nothing)[place] for place in places]
        compared = _compared(one, second, [row[place] for place in places], values, shown.index(one.effect))
        rows.append((*row, *values, *compared[: len(own)]))
    form = one.formats.get(one.effect, "")
    return replace(
        one, columns=(*one.columns, *added.values(), *own), rows=tuple(rows), parameters={**one.parameters, **parameters},
        notes=tuple(dict.fromkeys((*notes, *one.notes, *(
            f"{second.what}: {note}" for note in other.notes if note not in one.notes)))),
        lesser=_lesser(one, added), explained={
            **one.explained, **{column: f"{name}, {second.what}." for name, column in added.items()},
            **{name: second.explained[name] for name in own}},
        formats={**one.formats, **{column: one.formats.get(name, "") for name, column in added.items()},
                 "moves": "+.1%" if one.effect in RATES or form.endswith("%") else "+,.2f"})


def _again(one: Finding, other: Finding) -> list[Row | None]:
    """For each row of a finding the row of another that is of the same."""
    if not set(_RANGE) <= set(one.columns):
        known = {row[: other.labels]: row for row in other.rows}
        return [known.get(row[: one.labels]) for row in one.rows]
    begin, end = map(one.columns.index, _RANGE)
    left, found = list(other.rows), list[Row | None]()
    for row in one.rows:
        same = next((again for again in left if again[: one.labels - 1] == row[: one.labels - 1] and (
            again[begin] is row[begin] is None or (None not in (again[begin], row[begin])
                                                   and again[begin] <= row[end] and row[begin] <= again[end]))), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    return found


def _compared(one: Finding, second: Second, values: Numbers, again: Numbers, effect: int) -> tuple[float | None, str]:
    """How far an effect moves from one asking to the other, and what that leaves of a difference."""
    before, after = values[effect], again[effect]
    verdict = second.judge(values[effect:], again[effect:]) if one.difference else ""
    if before is None or after is None:
        return None, verdict
    if one.effect in RATES:
        return (after / before - 1 if before else None), verdict
    return after - before, verdict


def _lesser(one: Finding, added: Mapping[str, str]) -> tuple[str, ...]:
    """What a narrow terminal does without: counts and limits of the second asking, then what the finding does without.

    What was measured, how far it moves and the verdict are what one asked for: they go last.
    """
    last = [added[one.effect], *["moves"] * one.difference, one.effect]
    counts = [added[name] for name in ("low", "high", *one.counted) if name in added and name != one.effect]
    empty = [name for name in one.lesser if name in one.columns
             and all(row[one.columns.index(name)] in (None, "") for row in one.rows)]
    most = [name for name in (*one.lesser, *_LESS) if name not in last]
    lesser = dict.fromkeys((*empty, *counts, *most, *(last if one.effect in one.lesser else last[:-1])))
    return tuple(name for name in lesser if name not in one.columns[: one.labels] or name in one.lesser)


def side(limits: Numbers) -> int:
    """On which side of nothing an interval lies; 0: on both, or nobody knows where."""
    low, high = limits
    return 0 if low is None or high is None else 1 if low > 0 else -1 if high < 0 else 0


# -- all, and a part ----------------------------------------------------------------------------------------------------


def beside(corpus: Opened, measure: str, parameters: Mapping[str, Any], span: str) -> Finding:
    """A measure of all words, and beside it of a part: ``beside(corpus, "freq", {"queries": ["war"]}, "matched stories")``.

    ``parameters``: as the measure takes them; a ``span`` among them holds for both.  ``span``: the part, as ``--span`` has
    it.  ``QueryError`` where the measure cannot be asked of the part, ``NotFound`` where there is no such layer.
    """
    if not span.strip():
        raise QueryError("--beside: say which part of the words, e.g. --beside 'first occurrences'")
    layers = [corpus.marks(name).name for name in layers_of(span)]
    part = {**parameters, "span": _joined(str(parameters.get("span") or ""), span)}
    one, second = ask_again(corpus, measure, parameters), _part(span)
    if not one.effect:
        raise QueryError(f"--beside: {measure} has no number that could move; ask it of the part, with --span {span!r}")
    try:
        other = ask_again(corpus, measure, {**part, **everything(one)})
    except (QueryError, LayerMissing) as error:
        raise QueryError(f"--beside {span!r}: {measure} cannot be asked of it: {error}") from error
    return twice(one, other, second, {"beside": span, "beside_layers": layers}, [_held(corpus, parameters, part, second)])


def _joined(*spans: str) -> str:
    return " and ".join(filter(None, (span.strip() for span in spans)))


def _part(span: str) -> Second:
    """How a part of the words is shown."""
    said = " ".join(span.split())
    named = MATCHED if said.startswith(MATCHED) else said
    name = "_".join(SHORT.get(part) or re.sub(r"\W+", "_", part.lower().replace("layer ", "")).strip("_")
                    for part in parts_of(named))
    what = named if len(named) <= LONGEST_SAID else "the part"
    return Second(name if len(name) <= LONGEST and name.isidentifier() else "beside", what, {
        "moves": f"How far the measure moves when only {said} count: the part / all - 1 for a rate, the part - all for "
                 f"anything else (of shares in percentage points).",
        "verdict": "What both together say of the difference.  differs in both: both intervals lie on the same side of 0.  "
                   f"gone in {what}: all shows it, and there it is 0 or on the other side.  not shown in {what}: there its "
                   f"interval lies on both sides of 0.  turns round in {what}: each shows one, on opposite sides.  only in "
                   f"{what}: all does not show it.  none in {what}: there is no number there.  no larger than the move: "
                   f"of a measure without intervals, no larger than what it moves by."},
        lambda found, part: _verdict(found, part, what))


def _verdict(found: Numbers, part: Numbers, what: str) -> str:
    """What a part leaves of a difference: effect, and limits where the measure has any, of all and of the part."""
    if found[0] is None:
        return ""
    if part[0] is None:
        return f"none in {what}"
    if len(found) < 3:
        return "no larger than the move" if abs(found[0]) <= abs(part[0] - found[0]) else ""
    if None in (*found, *part):
        return ""
    one, other = side(found[1:]), side(part[1:])
    if not one:
        return f"only in {what}" if other else "no difference shown"
    if other:
        return "differs in both" if one == other else f"turns round in {what}"
    return f"{'gone' if found[0] * part[0] <= 0 else 'not shown'} in {what}"


def _held(corpus: Opened, parameters: Mapping[str, Any], part: Mapping[str, Any], second: Second) -> str:
    """How much of what was asked of the part holds."""
    (words, videos), (all_words, all_videos) = (_size(corpus, asked) for asked in (part, parameters))
    share = f" ({words / all_words:.1%})" if all_words else ""
    return f"{second.name}_…: {second.what}, {words:,} of {all_words:,} words{share} in {videos:,} of {all_videos:,} videos"


def _size(corpus: Opened, parameters: Mapping[str, Any]) -> tuple[int, int]:
    """Words and videos that a measure is asked of."""
    span = corpus.compared_span(parameters)
    words = np.maximum.reduce([corpus.mask(where, span).words for where in corpus.sides(parameters)])
    return int(words.sum()), int(np.count_nonzero(words))
