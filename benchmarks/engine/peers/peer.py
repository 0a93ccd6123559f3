"""What a peer is: how it builds its index, how it opens it, what it can be asked and what not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.engine.plain import Plain, Term

#: What an answer may be checked with: our answer to the query; the same of word forms, or of videos that have the word;
#: nothing, where the peer counts something else.
SAME, WORDS, VIDEOS, OTHER = "same", "words", "videos", "other"


@dataclass(frozen=True, slots=True)
class Ask:
    """How a peer answers one query; ``what`` says how its question differs from ours."""

    call: Callable[[Any, Term], Any]     # (open index, term) → answer
    kind: str = SAME
    what: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool; ``lacks`` says of each query that it cannot answer why not."""

    name: str
    build: Callable[[Plain, Path], None]
    open: Callable[[Path, Path], Any]    # (folder of the plain arrays, for what lives in memory only; folder of the index)
    asks: Mapping[str, Ask]
    lacks: Mapping[str, str]
    includes: str = ""                   # what is more in the figures of its index than the index


def texts(plain: Plain) -> Any:
    """The words of each video."""
    words, types = plain.about["word"], plain.types
    for begin, end in zip(plain.bounds[:-1].tolist(), plain.bounds[1:].tolist(), strict=True):
        yield list(map(words.__getitem__, types[begin:end].tolist()))
