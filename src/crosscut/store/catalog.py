"""One row a video, sorted by key: what is known of it, whether it counts, and in which shard its words lie.

Columns of text that few values fill (``CODED``) are kept as codes and a lexicon, so that a filter is decided once a
value.  A row's number is the video's *ordinal*: hits and counts speak of videos by it.  ``recipe`` and ``result`` are
digests of what went into a row and of what came out: the corpus's own digests are made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.store.pack import Pack, Strings, write_pack

Array = npt.NDArray[Any]

CODED = ("platform", "outlet", "language", "programme", "format", "kind", "status", "caption_format", "case", "identified")
TEXT = ("video", "id", "title", "published", "url", "flags", "version", "content", "digest", "thumbnail", "recipe",
        "result")
#: ``wanted``: whether the words of the video belong into the corpus, counted by default or not.  ``unknown``: words of
#: a thousand that no dictionary has; ``a_minute``: words; -1 where that is not known.
NUMBERS = ("shard", "document", "tokens", "words", "speech_ms", "duration_ms", "punctuated", "word_timed", "wanted",
           "unknown", "a_minute", "silence_ms")


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a catalog in memory, and the values of the coded ones."""

    text: dict[str, Strings]
    numbers: dict[str, Array]
    codes: dict[str, Array]
    values: dict[str, list[str]]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Table:
        """Rows, which must be sorted by the UTF-8 bytes of ``video``."""
        values = {name: sorted({str(row[name]) for row in rows}) for name in CODED}
        places = {name: {value: code for code, value in enumerate(values[name])} for name in CODED}
        return cls(
            {name: Strings.of(str(row[name]) for row in rows) for name in TEXT},
            {name: np.array([row[name] for row in rows], np.int64) for name in NUMBERS},
            {name: np.array([places[name][str(row[name])] for row in rows], np.uint32) for name in CODED}, values,
        )

    def __len__(self) -> int:
        return len(self.text["video"])

    def with_rows(self, rows: Sequence[Mapping[str, Any]]) -> Table:
        """The table with these rows (sorted like its own) in place of its rows of the same videos, or added."""
        new = Table.of(rows)
        runs, done = [], 0
        for number, video in enumerate(new.text["video"].tolist()):
            at = self.text["video"].place(video)
            runs += [(self, done, at), (new, number, number + 1)]
            done = at + (self.text["video"].find(video) >= 0)
        runs.append((self, done, len(self)))
        values = {name: sorted({*self.values[name], *new.values[name]}) for name in CODED}
        joined = Table(
            {name: Strings.join([(table.text[name], begin, end) for table, begin, end in runs]) for name in TEXT},
            {name: np.concatenate([table.numbers[name][begin:end] for table, begin, end in runs]) for name in NUMBERS},
            {name: np.concatenate([table._codes_in(name, values[name])[begin:end] for table, begin, end in runs])
             for name in CODED}, values,
        )
        return joined._without_unused_values()

    def _codes_in(self, name: str, values: Sequence[str]) -> Array:
        """A coded column by other values."""
        if self.values[name] == values:
            return self.codes[name]
        places = {value: code for code, value in enumerate(values)}
        return np.array([places[value] for value in self.values[name]], np.uint32)[self.codes[name]]

    def _without_unused_values(self) -> Table:
        codes, values = {}, {}
        for name in CODED:
            used, inverse = np.unique(self.codes[name], return_inverse=True)
            codes[name] = inverse.astype(np.uint32)
            values[name] = [self.values[name][code] for code in used.tolist()]
        return Table(self.text, self.numbers, codes, values)

    def write(self, path: Path) -> None:
        """Write the catalog's file whole or not at all."""
        lexicons: dict[str, Sequence[str]] = {f"lexicon.{name}": self.values[name] for name in CODED}
        write_pack(path, {**self.text, **self.numbers, **self.codes, **lexicons}, {"videos": len(self)})


class Catalog:
    """An open catalog; columns are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self.pack = Pack(path)
        self.meta = self.pack.meta
        self.video = self.pack.strings("video")
        #: What readers work out once and keep as long as the catalog is open, by what it is.
        self.kept: dict[Hashable, Any] = {}
        #: Fields that whoever opened the corpus adds: each gives a code a video and the text of each code when it is called.
        self.added: dict[str, Callable[[], tuple[Array, list[str]]]] = {}

    def __len__(self) -> int:
        return int(self.meta["videos"])

    def table(self) -> Table:
        """All columns."""
        coded = {name: self.codes(name) for name in CODED}
        return Table({name: self.text(name) for name in TEXT}, {name: self.number(name) for name in NUMBERS},
                     {name: codes for name, (codes, _) in coded.items()}, {name: list(v) for name, (_, v) in coded.items()})

    def number(self, name: str) -> npt.NDArray[np.int64]:
        """A column of numbers."""
        return self.pack[name]

    def codes(self, name: str) -> tuple[Array, list[str]]:
        """A coded column: code of each video, and the values."""
        return self.pack[name], self.pack.strings(f"lexicon.{name}").tolist()

    def text(self, name: str) -> Strings:
        """A column of text that is not coded."""
        return self.pack.strings(name)

    def values(self, name: str, ordinals: Array | None = None) -> list[str]:
        """A column as plain texts, of all videos or of some."""
        chosen = range(len(self)) if ordinals is None else ordinals.tolist()
        if name in CODED:
            codes, lexicon = self.codes(name)
            return [lexicon[codes[i]] for i in chosen]
        if name in NUMBERS:
            numbers = self.number(name)
            return [str(numbers[i]) for i in chosen]
        strings = self.text(name)
        return strings.tolist() if ordinals is None else strings.take(chosen)

    def row(self, ordinal: int) -> dict[str, Any]:
        """Everything known of one video."""
        row: dict[str, Any] = {name: self.text(name)[ordinal] for name in TEXT}
        for name in CODED:
            codes, lexicon = self.codes(name)
            row[name] = lexicon[codes[ordinal]]
        row |= {name: int(self.number(name)[ordinal]) for name in NUMBERS}
        return row
