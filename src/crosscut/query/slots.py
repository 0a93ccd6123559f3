"""In which slots does each word stand?  For finding words that can take one another's place.

A slot is what stands around a word, as lemmas: one on each side (``the _ be``), two before (``release of _``), two behind
(``_ be free``).  A token fills all three, as far as its stretch of the mask goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.errors import QueryError
from crosscut.query.lexicons import values_of, values_of_types
from crosscut.query.mask import Mask
from crosscut.query.spans import gathered
from crosscut.store.corpus import CorpusFiles
from crosscut.store.pack import Strings

Ints = npt.NDArray[np.int64]

#: What stands at which places around the word.
KINDS = ((-1, 1), (-2, -1), (1, 2))
_WRITTEN = ("{0} _ {1}", "{0} {1} _", "_ {0} {1}")


@dataclass(frozen=True, slots=True)
class Slots:
    """Words of one part of speech, and the slots that at least two tokens fill.

    ``counts``: words × slots, in how many tokens each word fills each slot; ``tokens``: of each word in all; ``seed``: the
    row of the word that was asked for.  ``word``, ``slot`` and ``video`` are the fillings one by one.
    """

    pos: str
    words: list[str]
    tokens: Ints
    seed: int
    counts: Counts
    keys: Ints
    values: Strings
    word: Ints
    slot: Ints
    video: Ints

    def written(self, slot: int) -> str:
        """A slot as a person reads it: ``the _ be``."""
        size = len(self.values)
        kind, pair = divmod(int(self.keys[slot]), size * size)
        return _WRITTEN[kind].format(*(self.values[value] for value in divmod(pair, size)))


def slots(corpus: CorpusFiles, mask: Mask, seed: str, layer: str = "lemma", at_least: int = 5) -> Slots:
    """The slots of a word and of all words of its most frequent part of speech that have ``at_least`` tokens.

    Raises ``QueryError`` where the word is not there so often.  Where a language has no parts of speech, all words are
    looked at.
    """
    values = values_of(corpus, layer).values
    read = _read(corpus, mask, layer)
    found = _code(values, read.value, seed, at_least, layer)
    pos = int(np.bincount(read.pos[read.value == found]).argmax())
    there = np.flatnonzero(read.pos == pos)
    often = np.bincount(read.value[there], minlength=len(values))
    often[: 1 if len(values) and not values.raw(0) else 0] = 0  # tokens without a value
    known = np.flatnonzero((often >= at_least) | (np.arange(len(values)) == found))
    there = there[np.isin(read.value[there], known)]
    word = np.searchsorted(known, read.value[there])
    fills = [read.filling(there, kind, len(values)) for kind in range(len(KINDS))]
    key, rows = (np.concatenate([fill[n] for fill in fills]) for n in (0, 1))
    keys, slot, times = np.unique(key, return_inverse=True, return_counts=True)
    again = times > 1
    place = np.cumsum(again) - 1
    kept = again[slot]
    slot, rows = place[slot[kept]], rows[kept]
    counts = Counts.of(word[rows], slot, np.ones(len(slot), np.int64), (len(known), int(again.sum())))
    return Slots(values_of(corpus, "pos").values[pos], values.take(known), often[known], int(np.searchsorted(known, found)),
                 counts, keys[again], values, word[rows], slot, read.video[there[rows]])


@dataclass(frozen=True, slots=True)
class _Tokens:
    """One value a token of the mask, stretch by stretch; ``before`` and ``behind``: how many more its stretch has there."""

    value: Ints
    pos: Ints
    video: Ints
    before: Ints
    behind: Ints

    def filling(self, there: Ints, kind: int, size: int) -> tuple[Ints, Ints]:
        """The key of the slot that each of some tokens fills, and which of them (by row) fill one."""
        one, other = KINDS[kind]
        rows = np.flatnonzero((self.before[there] >= -one) & (self.behind[there] >= other))
        at = there[rows]
        return (kind * size + self.value[at + one]) * size + self.value[at + other], rows


def _read(corpus: CorpusFiles, mask: Mask, layer: str) -> _Tokens:
    parts = list(_of_shards(corpus, mask, layer))
    columns = [np.concatenate([np.zeros(0, np.int64), *column]) for column in zip(*parts, strict=True)]
    return _Tokens(*columns)


def _of_shards(corpus: CorpusFiles, mask: Mask, layer: str) -> Iterator[tuple[Ints, ...]]:
    spans = mask.stretches(corpus)
    types_of = (values_of_types(corpus, name) for name in (layer, "pos"))
    for (shard, mine, begin, end), values, pos in zip(spans.in_shards(corpus), *types_of, strict=True):
        types, lengths = gathered(shard.column("type"), begin, end), end - begin
        place = np.arange(len(types)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        yield (values[types].astype(np.int64), pos[types].astype(np.int64), np.repeat(spans.video[mine], lengths),
               place, np.repeat(lengths, lengths) - 1 - place)


def _code(values: Strings, there: Ints, seed: str, at_least: int, layer: str) -> int:
    """Which value a word is: of several that differ by case the most frequent."""
    often = np.bincount(there, minlength=len(values))
    same = [code for code in range(len(values)) if often[code] and values[code].casefold() == seed.casefold()]
    code = max(same, key=lambda code: int(often[code]), default=-1)
    if code < 0 or often[code] < at_least:
        raise QueryError(f"{seed!r} is the {layer} of {int(often[code]) if code >= 0 else 0} words here: to find words that "
                         f"stand where it stands, {at_least} are needed")
    return code
