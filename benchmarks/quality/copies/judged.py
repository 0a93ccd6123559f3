"""Pairs found in broadcasts of days set aside, each copy beside its first occurrence, read and judged by hand.

``copies.tsv`` has no words of them, only where they are: video and tokens from and to, of the copy and of its source; a
digest of the words, so that a changed reading is noticed; and two answers of a reader who saw both texts, with titles,
outlets and days.

``same``   yes: the same speech put up or recognised twice, or the same text read or quoted again; partly: less than four
           fifths of the longer side is; phrase: said anew, in set words (who joins us from where; a point made again; a
           report of the same fact); no: other words
``right``  the kind that the reader calls it; "" where it is none

Draw 1 was read first; two faults were seen in it and mended (loops of up to 20 words; phrases of an outlet are boilerplate,
by what was then read of January).  Draw 2 was drawn by kind after that, from pairs not read before; the figures are of it.
A pair counts where the present program still finds it: most of the same words beside most of the same source.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.quality.captions import Measured
from benchmarks.quality.copies import speech
from benchmarks.quality.measure import Figure, Result
from crosscut.copies.finder import find
from crosscut.copies.found import KINDS, Copies

TABLE = Path(__file__).parents[1] / "copies.tsv"
SEED, EACH, DRAW = 21, 30, 2
YES, PARTLY, PHRASE, NO = "yes", "partly", "phrase", "no"
#: Kinds that mean that something is said anew in set words.
PHRASES = ("boilerplate", "ident")
#: Of the normal distribution, 95 % both sides.
NORMAL = 1.96


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
    draw: int = DRAW

    @property
    def recurs(self) -> bool:
        """Whether it is what its kind says: a passage that recurs, or a phrase."""
        return self.same in {YES, PARTLY} or (self.same == PHRASE and self.kind in PHRASES)

    @property
    def many(self) -> int:
        """Tokens of the copy."""
        return self.end - self.start


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


def draw(before: list[Pair]) -> list[Pair]:
    """So many pairs of each kind that were not read before, drawn at random; of a kind with fewer, all there are."""
    dice, every = np.random.default_rng(SEED), pairs()
    seen = {(pair.video, pair.start, pair.of_video) for pair in before}
    found: list[Pair] = []
    for kind in KINDS:
        some = [pair for pair in every if pair.kind == kind]
        fresh = [pair for pair in some if (pair.video, pair.start, pair.of_video) not in seen]
        some = fresh if kind not in {"ident", "re-upload"} else some
        found += [some[place] for place in sorted(dice.choice(len(some), min(EACH, len(some)), replace=False).tolist())]
    return found


def read(path: Path = TABLE) -> list[Pair]:
    """The judged pairs."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Pair(row["video"], int(row["start"]), int(row["end"]),
                     row["of_video"], int(row["of_start"]), int(row["of_end"]), row["words"], row["kind"],
                     row["same"], row["right"], int(row["draw"]))
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
        if (_overlap(pair.start, pair.end, other.start, other.end)
                and _overlap(pair.of_start, pair.of_end, other.of_start, other.of_end)):
            return other
    return None


def _overlap(start: int, end: int, begin: int, stop: int) -> bool:
    """Whether more than half of the longer stretch is in both."""
    return 2 * (min(end, stop) - max(start, begin)) > max(end - start, stop - begin)


def stale(judged: list[Pair]) -> list[Pair]:
    """Pairs whose words are others by now: judged again, or left out."""
    videos = {video.key: video for video in speech.broadcasts()}
    return [pair for pair in judged if pair.words != _digest(
        videos[pair.video], pair.start, pair.end, videos[pair.of_video], pair.of_start, pair.of_end)]


def measure() -> Measured:
    """How many of the judged pairs are right, by kind, and all of them weighted."""
    every, judged = pairs(), read()
    if changed := stale(judged):
        raise ValueError(f"{len(changed)} judged pairs have other words by now, e.g. {changed[0].video}: judge them again")
    now: dict[tuple[str, str], list[Pair]] = {}
    for pair in every:
        now.setdefault((pair.video, pair.of_video), []).append(pair)
    drawn = [pair for pair in judged if pair.draw == DRAW]
    kept = [replace(pair, kind=other.kind) for pair in drawn if (other := still(pair, now))]
    real = [pair for pair in drawn if pair.same in {YES, PARTLY}]
    named = [pair for pair in kept if pair.right]
    figures = {"real-ones-found-again": _share(still(pair, now) is not None for pair in real),
               "recurs": _share(pair.recurs for pair in kept),
               "recurs-by-words": Figure(round(sum(pair.many for pair in kept) * _by_words(kept)),
                                         *[sum(pair.many for pair in kept)] * 2),
               "kind": _share(pair.right == pair.kind for pair in named)}
    digest = hashlib.sha256(TABLE.read_bytes()).hexdigest()
    result = Result("copies-judged", "en", "pairs found in broadcasts", "–", digest, len(drawn), len(every), figures)
    return Measured(result, {"copies judged": [
        ["kind", "pairs found", "judged", "as the kind says, %", "95 %", "of their words, %", "set phrases", "other words",
         "kind right, %"], *_rows(kept, every)]})


def _share(right: Iterable[bool]) -> Figure:
    told = list(right)
    return Figure(sum(told), len(told), len(told))


def _rows(kept: list[Pair], every: list[Pair]) -> Iterator[list[str]]:
    """A row a kind, and one of all, weighted by how many pairs, and words, of each kind there are."""
    many, words = Counter(pair.kind for pair in every), Counter[str]()
    for pair in every:
        words[pair.kind] += pair.many
    by_kind = {kind: some for kind in KINDS if (some := [pair for pair in kept if pair.kind == kind])}
    for kind, some in by_kind.items():
        right, named = sum(pair.recurs for pair in some), [pair for pair in some if pair.right]
        told = Counter(pair.same for pair in some)
        yield [kind, f"{many[kind]:,}", str(len(some)), f"{100 * right / len(some):.0f}", _exact(right, len(some)),
               f"{100 * _by_words(some):.0f}", str(told[PHRASE]), str(told[NO]),
               f"{100 * sum(pair.right == kind for pair in named) / len(named):.0f}"]
    shares = {kind: sum(pair.recurs for pair in some) / len(some) for kind, some in by_kind.items()}
    total, of = sum(many[kind] for kind in by_kind), sum(words[kind] for kind in by_kind)
    mean = sum(many[kind] * share for kind, share in shares.items()) / total
    error = sum((many[kind] / total) ** 2 * share * (1 - share) / len(by_kind[kind])
                for kind, share in shares.items()) ** 0.5
    low, high = (100 * min(1.0, mean + side * NORMAL * error) for side in (-1, 1))
    said = sum(words[kind] * _by_words(some) for kind, some in by_kind.items()) / of
    yield ["all, weighted", f"{total:,}", str(len(kept)), f"{100 * mean:.0f}",
           f"{low:.0f} to {high:.0f}", f"{100 * said:.1f}", "", "", ""]


def _by_words(some: list[Pair]) -> float:
    return sum(pair.many for pair in some if pair.recurs) / sum(pair.many for pair in some)


def _exact(right: int, of: int) -> str:
    """Exact limits of a share (Clopper & Pearson 1934)."""
    from scipy.stats import binomtest

    limits = binomtest(right, of).proportion_ci(method="exact")
    return f"{100 * limits.low:.0f} to {100 * limits.high:.0f}"
