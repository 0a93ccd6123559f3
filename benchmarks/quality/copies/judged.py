"""Pairs found in broadcasts of days set aside, each copy beside its first occurrence, read and judged by hand.

``copies.tsv`` has no words of them, only where they are: video and tokens from and to, of the copy and of its source; a digest
of the words, so that a changed reading is noticed; and three answers.

``same``   yes: the same speech, recognised twice or put up twice; partly: a part of it (less than four fifths of the longer
           side); no: other words, or only a phrase that anybody says
``kind``   what the program called it
``right``  the kind that a reader calls it, from both texts, titles, outlets and days

The pairs were drawn by kind, at random (``draw``): the figures are of these, weighted by how many of each kind there are.
A pair counts for the present program where it still finds it: most of the same words beside most of the same source.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.quality.captions import Measured
from benchmarks.quality.copies import speech
from benchmarks.quality.measure import Figure, Result
from crosscut.copies.finder import find
from crosscut.copies.found import KINDS, Copies

TABLE = Path(__file__).parents[1] / "copies.tsv"
SEED, EACH = 20, 20
YES, PARTLY, NO = "yes", "partly", "no"


@dataclass(frozen=True, slots=True)
class Pair:
    """A copy and its source, and what a reader says of them."""

    video: str
    start: int
    end: int
    of_video: str
    of_start: int
    of_end: int
    words: str       # digest of the words of both
    kind: str
    same: str = ""
    right: str = ""


@cache
def found() -> Copies:
    """The copies in all broadcasts."""
    videos = speech.broadcasts()
    outlets = {outlet: code for code, outlet in enumerate(sorted({video.outlet for video in videos}))}
    days = np.array([video.published[:10] for video in videos], "datetime64[D]").astype(np.int64)
    return find((video.codes for video in videos), [outlets[video.outlet] for video in videos], days)


def pairs() -> list[Pair]:
    """All copies in broadcasts of the days set aside."""
    rows, videos = found().occurrences, speech.broadcasts()
    return [_pair(row) for row in range(len(rows)) if not rows.first[row]
            and videos[int(rows.video[row])].published >= speech.TEST_FROM]


def _pair(row: int) -> Pair:
    rows, videos = found().occurrences, speech.broadcasts()
    here, there = videos[int(rows.video[row])], videos[int(rows.of_video[row])]
    start, end, of_start, of_end = (int(column[row]) for column in (rows.start, rows.end, rows.of_start, rows.of_end))
    return Pair(here.key, start, end, there.key, of_start, of_end, _digest(here, start, end, there, of_start, of_end),
                KINDS[int(rows.kind[row])])


def _digest(here: speech.Video, start: int, end: int, there: speech.Video, of_start: int, of_end: int) -> str:
    text = "\0".join((*here.forms[start:end], "", *there.forms[of_start:of_end]))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def draw() -> list[Pair]:
    """So many pairs of each kind, or all there are, drawn at random."""
    dice, every = np.random.default_rng(SEED), pairs()
    by_kind = {kind: [pair for pair in every if pair.kind == kind] for kind in KINDS}
    return [some[place] for some in by_kind.values()
            for place in sorted(dice.choice(len(some), min(EACH, len(some)), replace=False).tolist())]


def read(path: Path = TABLE) -> list[Pair]:
    """The judged pairs."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Pair(*(int(row[field.name]) if field.type == "int" else row[field.name] for field in fields(Pair)))
                for row in csv.DictReader(lines, delimiter="\t")]


def write(judged: list[Pair], path: Path = TABLE) -> None:
    """Write them down."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, [field.name for field in fields(Pair)], delimiter="\t", lineterminator="\n")
        table.writeheader()
        table.writerows(map(asdict, judged))


def still(pair: Pair, now: Mapping[tuple[str, str], list[Pair]]) -> Pair | None:
    """The pair as it is found now: more than half of the same words beside more than half of the same source."""
    for other in now.get((pair.video, pair.of_video), []):
        sides = ((pair.start, pair.end, other.start, other.end), (pair.of_start, pair.of_end, other.of_start, other.of_end))
        if all(2 * (min(end, stop) - max(start, begin)) > max(end - start, stop - begin) for start, end, begin, stop in sides):
            return other
    return None


def stale(judged: list[Pair]) -> list[Pair]:
    """Pairs whose words are others by now: judged again, or left out."""
    videos = {video.key: video for video in speech.broadcasts()}
    return [pair for pair in judged if pair.words != _digest(
        videos[pair.video], pair.start, pair.end, videos[pair.of_video], pair.of_start, pair.of_end)]


def measure() -> Measured:
    """How many of the judged pairs are right, by kind, and all of them weighted."""
    judged, every = read(), pairs()
    if changed := stale(judged):
        raise ValueError(f"{len(changed)} judged pairs have other words by now, e.g. {changed[0].video}: judge them again")
    now: dict[tuple[str, str], list[Pair]] = {}
    for pair in every:
        now.setdefault((pair.video, pair.of_video), []).append(pair)
    kept = [(pair, other) for pair in judged if (other := still(pair, now))]
    many = Counter(pair.kind for pair in every)
    figures = {"found-again": Figure(len(kept), len(judged), len(judged)),
               "same": _figure(sum(pair.same == YES for pair, _ in kept), len(kept)),
               "same-or-partly": _figure(sum(pair.same != NO for pair, _ in kept), len(kept)),
               "kind": _figure(sum(pair.right == other.kind for pair, other in kept if pair.same != NO),
                               sum(pair.same != NO for pair, _ in kept))}
    digest = hashlib.sha256(TABLE.read_bytes()).hexdigest()
    result = Result("copies-judged", "en", "pairs found in broadcasts", "–", digest, len(judged), len(every), figures)
    return Measured(result, {"copies judged": [
        ["kind", "pairs found", "judged", "the same, %", "95 %", "partly", "other words", "kind right, %"],
        *_rows(kept, many)]})


def _figure(right: int, of: int) -> Figure:
    return Figure(right, of, of)


def _rows(kept: list[tuple[Pair, Pair]], many: Mapping[str, int]) -> Iterator[list[str]]:
    """A row a kind, and one of all, weighted by how many of each kind there are."""
    weighted, variance = Counter[str](), 0.0
    total = sum(many.values())
    for kind in KINDS:
        some = [(pair, other) for pair, other in kept if other.kind == kind]
        if not some:
            continue
        told = Counter(pair.same for pair, _ in some)
        of, weight = len(some), many[kind] / total
        right = sum(pair.right == kind for pair, _ in some)
        for name, value in (*told.items(), ("kind", right)):
            weighted[name] += weight * value / of
        variance += weight**2 * (told[YES] / of) * (1 - told[YES] / of) / of * (1 - of / max(many[kind], of))
        yield [kind, f"{many[kind]:,}", str(of), f"{100 * told[YES] / of:.0f}", _exact(told[YES], of), str(told[PARTLY]),
               str(told[NO]), f"{100 * right / of:.0f}"]
    half = 1.96 * variance**0.5
    low, high = (100 * min(1.0, max(0.0, weighted[YES] + side)) for side in (-half, half))
    yield ["all, weighted", f"{total:,}", str(len(kept)), f"{100 * weighted[YES]:.1f}", f"{low:.1f} to {high:.1f}",
           f"{100 * weighted[PARTLY]:.1f} %", f"{100 * weighted[NO]:.1f} %", f"{100 * weighted['kind']:.0f}"]


def _exact(right: int, of: int) -> str:
    """Exact limits of a share (Clopper & Pearson 1934)."""
    from scipy.stats import binomtest

    limits = binomtest(right, of).proportion_ci(method="exact")
    return f"{100 * limits.low:.0f} to {100 * limits.high:.0f}"
