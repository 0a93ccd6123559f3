"""``python -m benchmarks.absence``: how often is called absent what is only not there by chance?  ``--write``: the page.

Worlds are made in which outlets have stories by their volume, their interests and chance alone: nobody leaves anything out.
What is called absent in them is a false alarm.  Then one piece of news is taken away from an outlet, and looked for.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import material
from benchmarks.quality.page import table
from crosscut.counts import Counts
from crosscut.measure import absence
from crosscut.measure.absence import Absences, Cells
from crosscut.measure.unsaid import Likeness, References, unsaid

Ints = npt.NDArray[np.int64]
Random = np.random.Generator

PAGE = material.ROOT / "docs" / "absence.md"
ABOUT = material.ROOT / "benchmarks" / "absence.md"
WORLDS, WORDS_A_VIDEO, VALUES, DAYS = 40, 900, 300, 40


@dataclass(frozen=True, slots=True)
class World:
    """``size``: median share of an outlet's videos that tell a story while it lasts (log-normal, sd of the log 1.2);
    ``clump``: variance of what outlets make of a story beside their interests; ``spread``: sd of the log of interests."""

    stories: int
    outlets: int
    size: float = 0.01
    clump: float = 1.0
    spread: float = 0.7
    topics: int = 6


@dataclass(frozen=True, slots=True)
class Made:
    """What a measure sees of a world."""

    cells: Cells
    terms: Counts


#: Names of the worlds that are simulated.
CELLS = {
    "few outlets, few stories": World(40, 5, size=0.03),
    "outlets make much or little of a story": World(120, 6, size=0.03, clump=2.0),
    "small stories": World(120, 8),
    "large stories": World(120, 8, size=0.05, clump=0.5),
    "large stories, outlets alike": World(120, 8, size=0.05, clump=0.2, spread=0.3),
    "large stories, strong interests": World(120, 8, size=0.05, clump=0.5, spread=1.5),
}


def world(random: Random, how: World) -> Made:
    """Deal stories to outlets: pieces are Poisson, times a gamma of mean 1 and variance ``clump`` for each pair."""
    stories, outlets = how.stories, how.outlets
    volume, interest = random.lognormal(np.log(12), 0.7, outlets), random.lognormal(0, how.spread, (outlets, how.topics))
    topic, size = random.integers(how.topics, size=stories), random.lognormal(np.log(how.size), 1.2, stories)
    first, length = random.integers(1, DAYS, stories), 1 + random.poisson(2, stories)
    daily = random.poisson(volume[:, None], (outlets, DAYS + 20))
    reached = np.concatenate([np.zeros((outlets, 1), np.int64), daily.cumsum(axis=1)], axis=1)
    there, around = (reached[:, last].T - reached[:, begin].T for begin, last in
                     ((first, first + length), (first - 1, first + length + 1)))
    made_of_it = random.gamma(1 / how.clump, how.clump, (stories, outlets))
    pieces = random.poisson(there * size[:, None] * interest[:, topic].T * made_of_it)
    words = around * WORDS_A_VIDEO
    cells = Cells(pieces, words, around, words.sum(axis=1, keepdims=True) - words)
    return Made(cells, _terms(random, pieces, topic))


def _terms(random: Random, pieces: Ints, topic: Ints) -> Counts:
    """Words of the pieces: half of them of all stories, a quarter of the topic, a quarter of the story."""
    stories, outlets = pieces.shape
    common, by_topic = random.dirichlet(np.full(VALUES, 0.3)), random.dirichlet(np.full(VALUES, 0.05), int(topic.max()) + 1)
    own = random.dirichlet(np.full(VALUES, 0.05), stories)
    said = np.zeros((VALUES, stories, outlets), np.int64)
    for story, outlet in zip(*np.nonzero(pieces), strict=True):
        shares = common / 2 + by_topic[topic[story]] / 4 + own[story] / 4
        said[:, story, outlet] = random.multinomial(300 * pieces[story, outlet], shares)
    return Counts.dense(said.reshape(VALUES, -1))


def planted(made: Made, found: Absences) -> tuple[float, str] | None:
    """The least likely absence that is none is made one: its chance then, and what is said of it."""
    chance = np.where(found.asked & (made.cells.pieces > 0), found.chance, 1)
    story, outlet = np.unravel_index(np.nan_to_num(chance, nan=1).argmin(), chance.shape)
    pieces = made.cells.pieces.copy()
    if not pieces[story, outlet]:
        return None
    pieces[story, outlet] = 0
    keep = np.arange(pieces.size) != story * pieces.shape[1] + outlet
    cells = Cells(pieces, made.cells.words, made.cells.videos, made.cells.elsewhere)
    again = absence.absences(cells, made.terms.among(keep))
    return float(again.chance[story, outlet]), str(again.verdict[story, outlet])


def simulate(worlds: int) -> Iterator[dict[str, Any]]:
    """A row for each kind of world: all pairs asked about, and those whose absence would be as rare as 5 %, 2 % and 1 %."""
    for name, how in CELLS.items():
        asked = empty = alarms = seen = 0
        below = {level: np.zeros(3) for level in (0.05, 0.02, 0.01)}
        lost: list[tuple[float, str]] = []
        for seed in range(worlds):
            made = world(np.random.default_rng(seed), how)
            found = absence.absences(made.cells, made.terms)
            none = found.asked & (made.cells.pieces == 0)
            asked, empty = asked + int(found.asked.sum()), empty + int(none.sum())
            for level, counts in below.items():
                some = found.asked & (found.chance <= level)
                counts += some.sum(), found.chance[some].sum(), (some & none).sum()
            alarms += bool((found.verdict == absence.HARDLY).any())
            seen += int((none & (found.chance <= absence.ALPHA)).sum())
            if one := planted(made, found):
                lost.append(one)
        yield {"world": name, "asked": asked / worlds, "empty": empty / worlds, "below": below, "alarms": alarms,
               "worlds": worlds, "false": seen / empty, "lost": lost}


def words(worlds: int) -> list[dict[str, Any]]:
    """Queries that are words like others, of outlets that differ: how often p is as small as it should be."""
    found = dict.fromkeys((0.05, 0.02, 0.01), 0)
    many = 0
    for seed in range(worlds):
        random = np.random.default_rng(seed)
        groups, length = np.repeat(np.arange(5), (60, 60, 120, 120, 240)), np.exp(random.normal(np.log(900), 0.7, 600))
        rates = random.lognormal(np.log(1e-4), 1.5, 400)
        unlike = random.gamma(2.0, 0.5, (400, 5))[:, groups] * random.gamma(0.3, 1 / 0.3, (400, 600))
        said = random.poisson(rates[:, None] * unlike * length)
        counts, size = Counts.dense(said), length.astype(np.int64)
        likeness, references = Likeness(counts), References.of(counts, size, groups, 5)
        for query in range(0, 400, 10):
            alike = likeness.to(said[query] > 0, np.array([query]))
            for row in unsaid(query, said[query], size, groups, 5, alike, references):
                if row.p is not None:
                    many += 1
                    for level in found:
                        found[level] += row.p <= level
    return [{"level": level, "below": below, "of": many} for level, below in found.items()]


def tables(rows: list[dict[str, Any]], queries: list[dict[str, Any]]) -> dict[str, str]:
    """The tables of the page by name."""
    def share(counts: npt.NDArray[np.float64]) -> str:
        return f"{counts[2]:.0f} of {counts[0]:,.0f} ({counts[1]:.1f})" if counts[0] else "no tests"

    def kept(lost: list[tuple[float, str]], least: str) -> str:
        said = {"hardly": (absence.HARDLY,), "seldom": (absence.HARDLY, absence.SELDOM)}[least]
        return f"{sum(verdict in said for _, verdict in lost)} of {len(lost)}"

    return {
        "stories": table(("world", "pairs", "empty", "≤ 5 %", "≤ 2 %", "≤ 1 %", "false alarms", "hardly by chance in"), [
            [row["world"], f"{row['asked']:.0f}", f"{row['empty']:.0f}",
             *(share(counts) for counts in row["below"].values()), f"{row['false']:.1%}",
             f"{row['alarms']} of {row['worlds']}"] for row in rows]),
        "planted": table(("world", "median chance", "seldom by chance", "hardly by chance"), [
            [row["world"], f"{np.median([chance for chance, _ in row['lost']]):.3f}", kept(row["lost"], "seldom"),
             kept(row["lost"], "hardly")] for row in rows]),
        "queries": table(("p at most", "how often"), [
            [f"{row['level']:.0%}", f"{row['below'] / row['of']:.1%} of {row['of']:,}"] for row in queries])}


def main(arguments: list[str]) -> int:
    """Simulate and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.absence", description="how often is absence a false alarm?")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="of each kind, with seeds from 0")
    parser.add_argument("--write", action="store_true", help="write docs/absence.md")
    options = parser.parse_args(arguments)
    began = time.process_time()
    found = tables(list(simulate(options.worlds)), words(max(options.worlds // 6, 1)))
    print("\n\n".join(found.values()))
    if options.write:
        text = ABOUT.read_text(encoding="utf-8").replace("<worlds>", str(options.worlds))
        for name, cells in found.items():
            text = text.replace(f"<{name}>", cells)
        PAGE.write_text(text, encoding="utf-8")
    print(f"{time.process_time() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
