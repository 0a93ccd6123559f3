"""In which slots does each word stand?  For finding words that can take one another's place.

A slot is what stands around a word, as lemmas: one on each side (``the _ be``), two before (``release of _``), two behind
(``_ be free``).  A token fills all three, as far as its stretch of the mask goes.
"""

from __future__ import annotations

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
Codes = npt.NDArray[np.uint32]

#: What stands at which places around the word.
KINDS = ((-1, 1), (-2, -1), (1, 2))
_BUCKETS = 22
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
    tokens = _Tokens.of(corpus, mask, layer)
    found = _code(values, tokens.value, seed, at_least, layer)
    pos = int(np.bincount(tokens.pos[tokens.value == found]).argmax())
    there = np.flatnonzero(tokens.pos == pos)
    often = np.bincount(tokens.value[there], minlength=len(values))
    often[: 1 if len(values) and not values.raw(0) else 0] = 0  # tokens without a value
    known = (often >= at_least) | (np.arange(len(values)) == found)
    there = there[known[tokens.value[there]]]
    word = (np.cumsum(known) - 1)[tokens.value[there]]
    key, rows = tokens.fillings(there, len(values))
    keys, slot, times = np.unique(key, return_inverse=True, return_counts=True)
    again = times > 1
    kept = again[slot]
    slot, rows = (np.cumsum(again) - 1)[slot[kept]], rows[kept]
    counts = Counts.of(word[rows], slot, np.ones(len(slot), np.int64), (int(known.sum()), int(again.sum())))
    return Slots(values_of(corpus, "pos").values[pos], values.take(np.flatnonzero(known)), often[known],
                 int(known[:found].sum()), counts, keys[again], values, word[rows], slot, tokens.videos(there[rows]))


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Value and part of speech of each token of the mask, stretch by stretch; where stretches begin, and their videos."""

    value: Codes
    pos: Codes
    bounds: Ints
    video: Ints

    @classmethod
    def of(cls, corpus: CorpusFiles, mask: Mask, layer: str) -> _Tokens:
        spans = mask.stretches(corpus)
        value, pos, lengths, video = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)], [np.zeros(1, np.int64)], []
        types_of = (values_of_types(corpus, name) for name in (layer, "pos"))
        for (shard, mine, begin, end), values, parts in zip(spans.in_shards(corpus), *types_of, strict=True):
            types = gathered(shard.column("type"), begin, end)
            value.append(values[types])
            pos.append(parts[types])
            lengths.append(end - begin)
            video.append(spans.video[mine])
        return cls(np.concatenate(value), np.concatenate(pos), np.cumsum(np.concatenate(lengths)),
                   np.concatenate([np.zeros(0, np.int64), *video]))

    def videos(self, there: Ints) -> Ints:
        """The video of some tokens."""
        return self.video[np.searchsorted(self.bounds, there, side="right") - 1]

    def fillings(self, there: Ints, size: int) -> tuple[Ints, Ints]:
        """The key of each slot that some tokens fill, and which of the tokens (by row) fills it; most that are filled
        once only are left out."""
        stretch = np.searchsorted(self.bounds, there, side="right") - 1
        before, behind = there - self.bounds[stretch], self.bounds[stretch + 1] - 1 - there
        keys, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for kind, (one, other) in enumerate(KINDS):
            some = np.flatnonzero((before >= -one) & (behind >= other))
            left, right = (self.value[there[some] + step].astype(np.int64) for step in (one, other))
            key = (kind * size + left) * size + right
            bucket = _bucket(key)
            twice = np.bincount(bucket, minlength=1 << _BUCKETS)[bucket] > 1
            keys.append(key[twice])
            rows.append(some[twice])
        return np.concatenate(keys), np.concatenate(rows)


def _bucket(key: Ints) -> Ints:
    """One of 2^22 buckets, spread by Knuth's multiplicative hashing: a key that is alone in its bucket comes once."""
    return ((key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BUCKETS)).astype(np.int64)


def _code(values: Strings, there: Codes, seed: str, at_least: int, layer: str) -> int:
    """Which value a word is: of several that differ by case the most frequent."""
    often = np.bincount(there, minlength=len(values))
    written = {seed, seed.lower(), seed.casefold(), seed.capitalize(), seed.upper(), seed.title()}
    same = [code for code in map(values.find, sorted(written)) if code >= 0]
    code = max(same, key=lambda code: int(often[code]), default=-1)
    if code < 0 or often[code] < at_least:
        raise QueryError(f"{seed!r} is the {layer} of {int(often[code]) if code >= 0 else 0} words here: to find words that "
                         f"stand where it stands, {at_least} are needed")
    return code
