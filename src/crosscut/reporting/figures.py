"""Which numbers are drawn, on which scale: answers in, charts out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from crosscut.measure.periods import Period
from crosscut.reporting import charts
from crosscut.reporting.asking import Answer, Asked, Rate, Section
from crosscut.reporting.gather import Facts, OutletFacts

#: More outlets than this (those with most words) are not drawn over time; the tables have them all.
MOST_PANELS = 12


@dataclass(frozen=True, slots=True)
class Panel:
    """A small time line and the outlet it is of."""

    outlet: OutletFacts
    chart: Markup


@dataclass(frozen=True, slots=True)
class Drawn:
    """The charts of one answer."""

    dots: Markup
    panels: tuple[Panel, ...]
    beyond: bool                          # whether a value lies off the scale of the panels


def draw(section: Section, asked: Asked, facts: Facts, ident: str) -> tuple[Drawn, ...]:
    """The charts of a section, all answers on the same scales."""
    outlets = [facts.outlet(key) for key in in_order(facts, section.outlets)]
    rates = [answer.by_outlet[outlet.key] for answer in section.answers for outlet in outlets]
    across = charts.ticks(max((rate.high or rate.per_million or 0.0 for rate in rates), default=0.0))
    axis = _axis(section, asked, facts)
    panelled = _most_words(outlets)
    return tuple(
        Drawn(_dots(answer, outlets, across, f"{ident}d{i}"), _panels(answer, panelled, asked, axis, f"{ident}p{i}"),
              _beyond(answer, panelled, axis))
        for i, answer in enumerate(section.answers))


def _beyond(answer: Answer, outlets: Sequence[OutletFacts], axis: charts.Axis) -> bool:
    keys = {outlet.key for outlet in outlets}
    return any((rate.per_million or 0.0) > axis.ticks[-1] for (key, _), rate in answer.over_time.items() if key in keys)


def in_order(facts: Facts, keys: Iterable[str]) -> list[str]:
    """Outlets in the order of the study file, the same on the whole page."""
    order = {outlet.key: place for place, outlet in enumerate(facts.outlets)}
    return sorted(keys, key=lambda key: (order.get(key, len(order)), key))


def _most_words(outlets: Sequence[OutletFacts]) -> list[OutletFacts]:
    """The outlets that get a panel, in their usual order."""
    chosen = sorted(outlets, key=lambda outlet: -outlet.words)[:MOST_PANELS]
    return [outlet for outlet in outlets if outlet in chosen]


def _dots(answer: Answer, outlets: Sequence[OutletFacts], ticks: Sequence[float], ident: str) -> Markup:
    rows = [_dot(outlet, answer.by_outlet[outlet.key]) for outlet in outlets]
    spoken = "; ".join(f"{row.label}: {row.text}" for row in rows)
    return charts.dots(
        rows, ticks, ident, f"{answer.name}: rate per million words, by outlet",
        f"{spoken}. Scale from 0 to {charts.tick_text(ticks[-1])}.")


def _dot(outlet: OutletFacts, rate: Rate) -> charts.Dot:
    value = rate.per_million if rate.hits else None  # a dot at zero would look like a measured one
    return charts.Dot(outlet.name, outlet.colour, value, rate.low, rate.high, rate_text(rate), rate.hollow)


def rate_text(rate: Rate) -> str:
    """A rate with its interval, or with the reason why it has none."""
    if rate.per_million is None:
        return "no words"
    if rate.low is None or rate.high is None:
        return f"{number(rate.per_million)} ({rate.note})" if rate.hits else "no hits"
    return f"{number(rate.per_million)} ({number(rate.low)}–{number(rate.high)})"


def number(rate: float) -> str:
    """A rate as it is printed: no more digits than it deserves."""
    return f"{rate:,.0f}" if rate >= 100 or rate == 0 else f"{rate:,.1f}"


def event_key(asked: Asked, facts: Facts) -> list[tuple[int, str, str]]:
    """The events within the time lines: number, day, label."""
    if not asked.periods:
        return []
    inside = [(day, label) for day, label in facts.study.events if day and _within(day, asked.periods)]
    return [(i, day, label) for i, (day, label) in enumerate(inside, 1)]


def _within(day: str, periods: Sequence[Period]) -> bool:
    return periods[0].start <= date.fromisoformat(day) < periods[-1].end


def _axis(section: Section, asked: Asked, facts: Facts) -> charts.Axis:
    if not asked.periods:
        return charts.Axis((0.0, 1.0))
    events = tuple((_place(date.fromisoformat(day), asked.periods), i) for i, day, _ in event_key(asked, facts))
    first, last = asked.periods[0], asked.periods[-1]
    return charts.Axis(charts.ticks(_top(section)), events, first.name, last.name)


def _top(section: Section) -> float:
    """The top of the scale: rates that rest on enough words, and the outlets' rates over all periods.

    One hit in a hundred words is ten thousand per million: such a point must not flatten all others.
    """
    rates = [rate for answer in section.answers for (outlet, _), rate in answer.over_time.items()
             if outlet in section.outlets and not rate.hollow]
    rates += [answer.by_outlet[outlet] for answer in section.answers for outlet in section.outlets]
    return max((rate.high or rate.per_million or 0.0 for rate in rates), default=0.0)


def _place(day: date, periods: Sequence[Period]) -> float:
    """Where a day lies, from 0 (first day of the first period) to 1."""
    return (day - periods[0].start).days / (periods[-1].end - periods[0].start).days


def _panels(
    answer: Answer, outlets: Sequence[OutletFacts], asked: Asked, axis: charts.Axis, ident: str
) -> tuple[Panel, ...]:
    if not asked.periods or not answer.hits:
        return ()
    return tuple(Panel(outlet, _panel(answer, outlet, asked, axis, f"{ident}o{i}")) for i, outlet in enumerate(outlets))


def _panel(answer: Answer, outlet: OutletFacts, asked: Asked, axis: charts.Axis, ident: str) -> Markup:
    rates = [answer.over_time.get((outlet.key, period.key)) for period in asked.periods]
    points = [_point(rate, period, asked.periods) for rate, period in zip(rates, asked.periods, strict=True)]
    spoken = ", ".join(number(point.value) if point else "no words" for point in points)
    return charts.timeline(
        points, axis, outlet.colour, ident, f"{answer.name}, {outlet.name}: rate per million words, by {asked.period}",
        f"{axis.first} to {axis.last}: {spoken}. Scale from 0 to {charts.tick_text(axis.ticks[-1])}.")


def _point(rate: Rate | None, period: Period, periods: Sequence[Period]) -> charts.Point | None:
    """A period's point stands in its middle."""
    if rate is None or rate.per_million is None:
        return None
    x = (_place(period.start, periods) + _place(period.end, periods)) / 2
    return charts.Point(x, rate.per_million, rate.low, rate.high, rate.hollow)


def strip_levels(facts: Facts) -> Mapping[tuple[str, str], int]:
    """How dark each cell of the heat strip is, 0 (nothing) to 5, by share of the fullest."""
    most = max((cell.usable for cell in facts.strip.values()), default=0)
    return {place: -(-5 * cell.usable // most) if most else 0 for place, cell in facts.strip.items()}
