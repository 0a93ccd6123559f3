"""Names as the annotator of a language marks them: runs of tokens that are one entity, and how many videos have each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crosscut.model import ENTITY, GLUED
from crosscut.query.mask import Mask
from crosscut.store.corpus import CorpusFiles
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]

#: What annotators call persons and places.
KINDS = {"persons": frozenset({"PERSON", "PER"}), "places": frozenset({"GPE", "LOC"})}


def entities(corpus: CorpusFiles, mask: Mask, kinds: Collection[str]) -> Counter[tuple[str, ...]]:
    """In how many videos under a mask each name is, as the norms of its tokens; possessive endings are left out."""
    found: Counter[tuple[str, ...]] = Counter()
    stretches = mask.stretches(corpus)
    for shard, mine, begin, end in stretches.in_shards(corpus):
        order = np.argsort(begin)
        runs = _runs(shard, begin[order], end[order], kinds)
        video, norms = stretches.video[mine][order], shard.lexicon("norm")
        seen = {(int(video[at]), name) for at, name in runs}
        for name, videos in Counter(name for _, name in seen).items():
            found[tuple(norms[code] for code in name)] += videos
    return found


def _runs(shard: Shard, begin: Ints, end: Ints, kinds: Collection[str]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each run of tokens that is one entity: the stretch that it lies in, and the codes of its norms."""
    wanted = [code for code, kind in enumerate(shard.lexicon("entity").tolist()) if kind in kinds]
    token = np.flatnonzero(np.isin(shard.column("entity"), wanted)) if len(begin) else np.zeros(0, np.int64)
    at = np.searchsorted(begin, token, side="right") - 1
    inside = (at >= 0) & (token < end[at]) if len(begin) else np.zeros(0, bool)
    token, at = token[inside], at[inside]
    flags = shard.column("flags")[token]
    new = (flags & ENTITY) > 0
    new |= (np.diff(token, prepend=-2) != 1) | (np.diff(at, prepend=-1) != 0)
    norm = shard.type_codes("norm")[shard.column("type")[token]].tolist()
    glued = ((flags & GLUED) > 0).tolist()
    for first, last in pairwise([*np.flatnonzero(new).tolist(), len(token)]):
        while last > first and glued[last - 1]:
            last -= 1
        if last > first:
            yield int(at[first]), tuple(norm[first:last])
