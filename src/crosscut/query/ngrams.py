"""Which n tokens stand together, how often, and in which videos?

An n-gram is n tokens in a row within a video, or within a stretch of the mask; marks are no tokens, so it crosses them.
One with a token that has no value in the layer (no lemma in this language) is no n-gram.

How it holds at 100 million tokens: the text goes by in lots of whole videos.  A first look counts keys of 64 bits, sorted
lot by lot and added up; what could not be frequent enough is dropped on the way (``query.tally``).  A second look takes
only what is wanted, video by video.  Keys are the values' codes side by side where that fits in 64 bits.  Where it does
not, they are mixed into 64 bits, each place of what is kept is compared with the first one, and if two n-grams ever share
a key all is done again with other numbers: counts are exact either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.query.counting import counted_tokens, counted_whole
from crosscut.query.lexicons import values_of, values_of_types
from crosscut.query.mask import Mask
from crosscut.query.spans import Spans, gathered
from crosscut.query.tally import Finder, Pairs, Sieve, Tally
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings, ranges

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

#: How many tokens an n-gram may have: longer ones are copies of a text rather than phrases.
FEWEST, MOST = 2, 8
#: Tokens that are looked at at once: a column of them fits a processor's second cache (to read 100 million took 0.6 s, in
#: lots of 2 million 1.3 s).
_AT_ONCE = 250_000
#: So many keys are counted in a round, 60 bytes each at the worst.
_ROUND = 16_000_000
#: Of the few most frequent n-grams each is likely to be there once in so many tokens: those are looked for first.
_RARE = 1_000_000
#: From so many tokens on it pays to look twice, or to count pairs of frequent words in a table.
_LARGE = 8_000_000
#: How many bits a key has.
_KEY = 64
#: Odd numbers, so that multiplying loses nothing; one set after the other until no two n-grams share a key.
_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F,
        0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3)


@dataclass(frozen=True, slots=True)
class NGrams:
    """Some n-grams, the most frequent first, those equally frequent by their values.

    ``codes[i]``: which ``values`` n-gram i is made of; ``counts``: n-grams × videos; ``places[v]``: how many n-grams there
    are in video v, of which each count is a part.
    """

    layer: str
    values: Strings
    codes: Ints
    counts: Counts
    places: Ints

    def __len__(self) -> int:
        return len(self.codes)

    def tokens(self, chosen: Ints | None = None) -> list[tuple[str, ...]]:
        """The values of each n-gram, or of some."""
        codes = self.codes if chosen is None else self.codes[chosen]
        columns = [self.values.take(column) for column in codes.T]
        return list(zip(*columns, strict=True))

    def take(self, chosen: Ints) -> NGrams:
        """Some of the n-grams, in the order given."""
        return replace(self, codes=self.codes[chosen], counts=self.counts.take(chosen))


def ngrams(
    corpus: CorpusFiles, mask: Mask, layer: str = "norm", n: int = 2, *, at_least: int = 1, min_videos: int = 1,
    most: int = 0,
) -> NGrams:
    """The n-grams under a mask that are there ``at_least`` so often and in ``min_videos`` videos.

    ``most``: only so many, the most frequent (0: all).  QueryError for a layer that types do not have, or another n.
    """
    if not FEWEST <= n <= MOST:
        raise QueryError(f"an n-gram has {FEWEST} to {MOST} tokens here, not {n}")
    at_least = max(at_least, min_videos, 1)
    least = max(at_least, mask.stretches(corpus).tokens // _RARE if most else 0)
    while True:
        found = _ngrams(_Text.of(corpus, mask, layer, n, least), least, min_videos, most)
        if least == at_least or len(found) >= most:
            return found
        least = max(least // 10, at_least)


def places(corpus: CorpusFiles, mask: Mask, layer: str, n: int) -> Ints:
    """How many n-grams each video has under a mask: what counts of n-grams are out of."""
    found = np.zeros(len(corpus.catalog), np.int64)
    text = _Text.of(corpus, mask, layer, n, 1)
    for lot in text.lots() if text.none >= 0 else ():
        np.add.at(found, lot.spans.video, lot.places())
    if text.none < 0:
        np.add.at(found, text.spans.video, text.spans.end - text.spans.start - n + 1)
    return found


def _ngrams(text: _Text, at_least: int, min_videos: int, most: int) -> NGrams:
    keys, totals = _frequent(text, at_least)
    wanted = most
    while True:
        few = 0 < wanted < len(keys)
        floor = np.partition(totals, len(totals) - wanted)[len(totals) - wanted] if few else 0
        try:
            found = _entries(text, keys[totals >= floor], min_videos)
        except _Shared:
            text = replace(text, odd=text.odd[1:] + text.odd[:1])
            keys, totals = _frequent(text, at_least)
            continue
        if not few or len(found) >= most:
            return found.take(np.arange(most)) if 0 < most < len(found) else found
        wanted *= 4  # too many of these are in too few videos


class _Shared(Exception):
    """Two n-grams have the same key."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The tokens under a mask as ranks of their values: 0 is the most frequent; from ``many`` on they are too rare."""

    corpus: CorpusFiles
    layer: str
    n: int
    spans: Spans
    ranks: tuple[Codes, ...]   # of each shard's types
    values: Ints               # which value has each rank
    many: int
    none: int                  # the rank of no value, or -1
    odd: tuple[int, ...] = _ODD

    @classmethod
    def of(cls, corpus: CorpusFiles, mask: Mask, layer: str, n: int, at_least: int) -> _Text:
        values, spans = values_of(corpus, layer).values, mask.stretches(corpus)
        counts = counted_whole(corpus, mask.videos, layer) if mask.inside is None else counted_tokens(corpus, spans, layer)
        nothing = len(values) > 0 and not values.raw(0)
        counts[:nothing] = 0
        order = np.argsort(-counts, kind="stable")
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        none = int(rank[0]) if nothing else -1
        return cls(corpus, layer, n, spans.take(spans.end - spans.start >= n),
                   tuple(rank[of_type] for of_type in values_of_types(corpus, layer)),
                   order, int(np.count_nonzero(counts >= at_least)), none)

    @property
    def bits(self) -> int:
        """How many bits a rank takes."""
        return max(self.many - 1, 1).bit_length()

    @property
    def exact(self) -> bool:
        """Whether no two n-grams can share a key."""
        return self.bits * self.n <= _KEY

    def lots(self) -> Iterator[_Lot]:
        """The text in lots of whole videos, video by video."""
        new = np.flatnonzero(np.diff(self.spans.video, prepend=-1))
        lengths = self.spans.end - self.spans.start
        part = np.cumsum(np.add.reduceat(lengths, new)) // _AT_ONCE if len(new) else new
        edges = [*new[np.flatnonzero(np.diff(part, prepend=-1))].tolist(), len(self.spans)]
        for begin, end in pairwise(edges):
            span = slice(begin, end)
            spans = Spans(self.spans.video[span], self.spans.start[span], self.spans.end[span])
            yield _Lot(self, spans, self._ranks(spans))

    def _ranks(self, spans: Spans) -> Codes:
        """The ranks of the tokens of some stretches, one stretch after the other."""
        lengths = spans.end - spans.start
        ends = np.cumsum(lengths)
        found = np.zeros(0, np.uint32)
        for (shard, mine, begin, end), ranks in zip(spans.in_shards(self.corpus), self.ranks, strict=True):
            if not len(mine):
                continue
            part = ranks[gathered(shard.column("type"), begin, end)]
            if len(mine) == len(spans):
                return part
            found = found if len(found) else np.empty(int(lengths.sum()), np.uint32)
            found[ranges(ends[mine] - lengths[mine], ends[mine])] = part
        return found


@dataclass(frozen=True, slots=True)
class _Lot:
    """Some stretches of the text, and the ranks of their tokens."""

    text: _Text
    spans: Spans
    ranks: Codes

    def whole(self) -> Bools:
        """For each place where n tokens begin: whether they lie in one stretch."""
        ends = np.cumsum(self.spans.end - self.spans.start)
        inside = np.ones(len(self.ranks), bool)
        inside[ranges(ends - self.text.n + 1, ends)] = False
        return inside[: len(inside) - self.text.n + 1]

    def all_of(self, tokens: Bools, places: Bools) -> Bools:
        """Those of some places whose n tokens are all among some tokens."""
        found = places.copy()
        for k in range(self.text.n):
            found &= tokens[k : k + len(found)]
        return found

    def places(self) -> Ints:
        """How many n-grams each stretch has."""
        if self.text.none < 0:
            return self.spans.end - self.spans.start - self.text.n + 1
        there = self.all_of(self.ranks != self.text.none, self.whole())
        ends = np.cumsum(self.spans.end - self.spans.start)
        until = np.concatenate([[0], np.cumsum(there), np.full(self.text.n - 1, np.count_nonzero(there))])
        numbers: Ints = until[ends] - until[ends - (self.spans.end - self.spans.start)]
        return numbers

    def common(self) -> Bools:
        """For each place: whether there is an n-gram none of whose tokens is too rare by itself."""
        return self.all_of(self.ranks < self.text.many, self.whole())

    def keys(self) -> Keys:
        """A key for each place; one says something where ``common`` does."""
        text, size = self.text, len(self.ranks) - self.text.n + 1
        odd = [np.uint64(number) for number in text.odd]
        key = self.ranks[:size].astype(np.uint64)
        for k in range(1, text.n):
            if text.exact:
                key <<= np.uint64(text.bits)
            else:
                key *= odd[k - 1]
                key ^= key >> np.uint64(29)
            key += self.ranks[k : k + size]
        key *= odd[-1]  # so that keys spread evenly over their upper bits
        return key


def _frequent(text: _Text, at_least: int) -> tuple[Keys, Ints]:
    """The keys of all n-grams that are there so often, ascending, and how often.

    In a large text, pairs of frequent words are counted in a table, and of what is left a sieve drops what is rare.  What
    passes is counted in several rounds, each of some of the keys, where it would take too much memory at once.
    """
    large = text.spans.tokens >= _LARGE
    pairs = Pairs() if large and text.n == 2 and text.exact else None
    sieve = Sieve(text.spans.tokens) if large and at_least > 1 else None
    if sieve is not None:
        for lot in text.lots():
            sieve.add(lot.keys()[lot.common() & ~pairs.small(lot.ranks) if pairs else lot.common()])
    bits = 0 if sieve is None else (sieve.passing(at_least) // _ROUND).bit_length()
    rounds = [_counted(text, at_least, pairs if part == 0 else None, pairs is not None, sieve, (bits, part))
              for part in range(1 << bits)]
    keys, totals = (np.concatenate(column) for column in zip(*rounds, strict=True))
    return (keys, totals) if pairs is None else _with_pairs(text, keys, totals, pairs, at_least)


def _counted(
    text: _Text, at_least: int, pairs: Pairs | None, paired: bool, sieve: Sieve | None, part: tuple[int, int],
) -> tuple[Keys, Ints]:
    """One round: the keys that begin with the bits of a ``part``; ``pairs`` are counted in the first one."""
    tally = Tally()
    for lot in text.lots():
        keys, common = lot.keys(), lot.common()
        if pairs is not None:
            pairs.add(lot.ranks, common)
        keys = keys[common & ~Pairs.small(lot.ranks) if paired else common]
        if part[0]:
            keys = keys[keys >> np.uint64(64 - part[0]) == part[1]]
        tally.add(keys if sieve is None else sieve.passed(keys, at_least))
    return tally.total(at_least)


def _with_pairs(text: _Text, keys: Keys, totals: Ints, pairs: Pairs, at_least: int) -> tuple[Keys, Ints]:
    """Counts of keys, and of the pairs that were counted apart."""
    first, second, counts = pairs.total(at_least)
    more = ((first << np.uint64(text.bits)) + second) * np.uint64(text.odd[-1])
    keys, totals = np.concatenate([keys, more]), np.concatenate([totals, counts])
    order = np.argsort(keys)
    return keys[order], totals[order]


def _entries(text: _Text, keys: Keys, min_videos: int) -> NGrams:
    """The n-grams of some keys, those in fewer videos left out; _Shared where a key has two."""
    finder, videos = Finder(keys), len(text.corpus.catalog)
    places, in_videos, totals = np.zeros(videos, np.int64), np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    tokens = np.full((len(keys), text.n), len(text.values), np.uint32)
    entries: list[tuple[Codes, Codes, Codes]] = []
    for lot in text.lots():
        np.add.at(places, lot.spans.video, lot.places())
        thing, at = finder.find(lot.keys(), lot.common())
        _remember(text, tokens, thing, at, lot.ranks)
        entries.append(_by_video(thing, at, lot.spans))
        np.add.at(in_videos, entries[-1][0], 1)
        np.add.at(totals, entries[-1][0], entries[-1][2])
    codes = text.values[tokens] if len(keys) else np.zeros((0, text.n), np.int64)
    order = np.lexsort((*codes.T[::-1], -totals))
    order = order[in_videos[order] >= min_videos]
    return NGrams(text.layer, values_of(text.corpus, text.layer).values, codes[order],
                  _laid_out(entries, order, in_videos, videos), places)


def _remember(text: _Text, tokens: Codes, thing: Ints, at: Ints, ranks: Codes) -> None:
    """The tokens of n-grams that were not met before; where keys can be shared, all others are compared with them."""
    new = np.flatnonzero(tokens[thing, 0] == len(text.values))
    for k in range(text.n):
        tokens[thing[new], k] = ranks[at[new] + k]
    if not text.exact and any(bool((tokens[thing, k] != ranks[at + k]).any()) for k in range(text.n)):
        raise _Shared


def _by_video(thing: Ints, at: Ints, spans: Spans) -> tuple[Codes, Codes, Codes]:
    """N-gram, video and number of places, by n-gram and video, of places in a lot."""
    new = np.diff(spans.video, prepend=-1) > 0
    videos, local = spans.video[new], np.repeat(np.cumsum(new) - 1, spans.end - spans.start)
    pairs = np.sort(thing * len(videos) + local[at])
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    numbers = np.diff(first, append=len(pairs))
    pairs = pairs[first]
    return ((pairs // max(len(videos), 1)).astype(np.uint32), videos[pairs % max(len(videos), 1)].astype(np.uint32),
            numbers.astype(np.uint32))


def _laid_out(entries: list[tuple[Codes, Codes, Codes]], order: Ints, in_videos: Ints, videos: int) -> Counts:
    """Entries of lots as counts of the things in an order: each lot has later videos, so that none is sorted again."""
    bounds = np.concatenate([[0], np.cumsum(in_videos[order])]).astype(np.int64)
    room = np.full(len(in_videos), -1, np.int64)
    room[order] = bounds[:-1]
    video, numbers = np.empty(int(bounds[-1]), np.int64), np.empty(int(bounds[-1]), np.int64)
    for things, of_video, n in entries:
        kept = np.flatnonzero(room[things] >= 0)
        mine = things[kept]
        first = np.flatnonzero(np.diff(mine.astype(np.int64), prepend=-1))
        lengths = np.diff(first, append=len(mine))
        places = np.repeat(room[mine[first]] - first, lengths) + np.arange(len(mine))
        video[places], numbers[places] = of_video[kept], n[kept]
        room[mine[first]] += lengths
    return Counts(bounds, video, numbers, videos)
