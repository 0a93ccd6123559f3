"""One row a video, sorted by key: what is known of it, whether it counts, and in which shard its words lie.

Columns of text that few values fill (``CODED``) are kept as codes and a lexicon, so that a filter is decided once a
value.  A row's number is the video's *ordinal*: hits and counts speak of videos by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.store.pack import Pack, Strings, write_pack

Array = npt.NDArray[Any]

CODED = ("platform", "outlet", "language", "programme", "format", "kind", "status", "caption_format")
TEXT = ("video", "id", "title", "published", "url", "flags", "version", "content", "digest",
        "thumbnail")
NUMBERS = ("shard", "document", "tokens", "words", "speech_ms", "duration_ms", "punctuated", "word_timed")


def write_catalog(path: Path, rows: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]) -> None:
    """Write the rows, which must be sorted by the UTF-8 bytes of ``video``."""
    columns: dict[str, Array | Strings | Sequence[str]] = {}
    for name in TEXT:
        columns[name] = [str(row[name]) for row in rows]
    for name in NUMBERS:
        columns[name] = np.array([row[name] for row in rows], np.int64)
    for name in CODED:
        values = sorted({str(row[name]) for row in rows})
        places = {value: code for code, value in enumerate(values)}
        columns[name] = np.array([places[str(row[name])] for row in rows], np.uint32)
        columns[f"lexicon.{name}"] = values
    write_pack(path, columns, {"videos": len(rows), **meta})


class Catalog:
    """An open catalog; columns are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self.pack = Pack(path)
        self.meta = self.pack.meta
        self.video = self.pack.strings("video")

    def __len__(self) -> int:
        return int(self.meta["videos"])

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
