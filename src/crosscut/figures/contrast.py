"""Do the rates of two groups differ?  A dot with its interval for each pair, and a line where there is no difference."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.errors import QueryError
from crosscut.figures import forest, rates
from crosscut.figures.about import About, Row
from crosscut.figures.style import PLAIN, Sketch
from crosscut.figures.words import isolated, label, listed

#: A word that stands for all other groups together.
OTHERS = "the others"
#: A longer name would leave the scale no room where it stands beside it once more.
SHORT = 16


def draw(_columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """log2 of the ratio of two rates, with intervals."""
    known = [row for row in rows if row.get("log_ratio") is not None or _silent(row)]
    if not known:
        raise QueryError("there is nothing to draw: no two groups could be compared")
    kept = known[: rates.MOST]
    queries = list(dict.fromkeys(str(row.get("query", "")) for row in kept))
    along = scale([row.get(name) for row in kept if not _silent(row) for name in ("log_ratio", "low", "high")])
    found = [forest.Panel(label(query) if len(queries) > 1 else "",
                          [_pair(row, about) for row in kept if str(row.get("query", "")) == query], along)
             for query in queries]
    shown = (f"The rate of the first over that of the second. Bars: {about.intervals}; "
             "line: no difference.")
    if any(line.hollow for panel in found for line in panel.lines):
        shown += " Hollow: no interval."
    if any(line.beyond for panel in found for line in panel.lines):
        shown += " Arrow heads: one side has no hits, so that there is no ratio."
    remarks = [f"Drawn: the first {rates.MOST} of {len(known):,} rows."] if len(known) > rates.MOST else []
    return Sketch(forest.panels(found, ("times as often", "hits, first · second")), shown, _spoken(found, about), "",
                  [*_overall(rows), *remarks])


def _silent(row: Row) -> bool:
    """Whether a side that is compared has no hits: what stands for its ratio is no estimate, if it stands there at all."""
    return row.get("other_hits") is not None and 0 in (row["hits"], row["other_hits"])


def _pair(row: Row, about: About) -> forest.Line:
    """A row of the table; where a side has no hits it says so, and has no dot."""
    counts = f"{row['hits']:,} · {row['other_hits']:,}"
    if not _silent(row):
        return line(" over ".join(names(row, about)), row, counts)
    beyond = bool(row["hits"]) - bool(row["other_hits"])
    which = beyond > 0
    name = names(row, about)[which]
    if len(name) > SHORT:
        name = ("the first", "the second")[which]
    return forest.Line(" over ".join(names(row, about)), None, text=f"no hits in {name if beyond else 'either'}",
                       counts=counts, colour=PLAIN, beyond=beyond)


def names(row: Row, about: About) -> list[str]:
    """The two that are compared; without a second, all others."""
    first, second = (str(row.get(name) or "") for name in ("first", "second"))
    return [isolated(label(about.names.get(name, "") or name or OTHERS, 32)) for name in (first, second)]


def line(name: str, row: Row, counts: str, colour: str = PLAIN) -> forest.Line:
    """A log ratio with its interval, as a ratio."""
    value, low, high = (None if row.get(part) is None else 2.0 ** row[part] for part in ("log_ratio", "low", "high"))
    bounds = "" if low is None or high is None else f" ({times(low)}–{times(high)})"
    return forest.Line(name, value, low, high, f"{times(value or 0.0)}{bounds}", counts, colour,
                       hollow=low is None or high is None)


def times(ratio: float) -> str:
    """A ratio of rates, with two digits that count; less than a tenth as a fraction of 1."""
    if ratio < 0.1:
        return f"1/{1 / ratio:,.0f}" if ratio else "0"
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def scale(ratios: Sequence[float | None], title: str = "times as often (equal steps multiply)") -> forest.Scale:
    """From the lowest to the highest log ratio or limit, and at least from half to twice as often."""
    known = [ratio for ratio in ratios if ratio is not None]
    low, high = min([-1.0, *known]), max([1.0, *known])
    room = 0.04 * (high - low)
    return forest.Scale(title, 2 ** (low - room), 2 ** (high + room), zero=1.0, doubling=True)


def _overall(rows: Sequence[Row]) -> list[str]:
    """What the test of all groups at once says."""
    tests = [row for row in rows if row.get("other_hits") is None and row.get("p") is not None]
    return [f"{label(row.get('query') or 'This query')}, all groups at once: p = {row['p']:.3g} by permutation of videos."
            for row in tests[:6]]


def _spoken(found: Sequence[forest.Panel], about: About) -> str:
    parts = [(f"{panel.title}: " if panel.title else "")
             + listed([f"{line.label} {line.text}{'' if line.value is None else ' times as often'}"
                       for line in panel.lines], 20, "pairs") for panel in found]
    return f"Ratios of rates with {about.level:.0%} intervals. " + ". ".join(parts) + "."
