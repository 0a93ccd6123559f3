"""A folder of shards, a catalog and a manifest.  What is not in the manifest does not exist for a reader.

``corpus/manifest.json`` names the catalog and the shards that belong together, and the two digests.  It is replaced in
one step, after everything it names is on the disk; so a reader sees the corpus before a build or after it, never
between, and a build that is killed leaves at most files that the next one uses or clears away.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import CorpusDamaged, CorpusMissing, NotFound
from crosscut.identity import split_key, video_key
from crosscut.store.catalog import Catalog
from crosscut.store.pack import write_text
from crosscut.store.shard import Shard

MANIFEST = "manifest.json"
#: Changes whenever older files cannot be read any more; such a corpus is rebuilt from raw/.
FORMAT = 4

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs together, and what it is worth."""

    built: str
    tool: str
    recipe: str                      # digest of everything that went in; the same on every machine
    result: str                      # digest of what came out, by video; independent of shards and order
    catalog: str
    shards: tuple[str, ...]
    layers: dict[str, list[str]]     # by language: what its annotator gives
    labels: dict[str, dict[str, list[str]]]  # by language and layer: the labels its model knows
    annotators: dict[str, str]       # by language: tool, model, digest, scheme of its labels
    as_of: str = ""
    mark: str = ""                   # the last change of the ledger that is in it
    rows: str = ""                   # digest of what is believed of all videos, the same in each view
    rules: str = ""                  # digest of what all rows hang on: while it stands, additions can be followed up


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make a build visible."""
    fields = {name: getattr(manifest, name) for name in Manifest.__slots__}
    write_text(folder / MANIFEST, json.dumps({"format": FORMAT, **fields}, indent=1, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a corpus folder, or None where nothing usable was built."""
    try:
        fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise CorpusDamaged(f"{folder / MANIFEST}: {error}; delete corpus/ and run crosscut build") from error
    if fields.pop("format", None) != FORMAT:
        return None
    return Manifest(**{**fields, "shards": tuple(fields["shards"])})


class CorpusFiles:
    """An open corpus: its manifest, its catalog, its shards in the order in which the catalog numbers them.

    Opening maps all files and reads their headers; a later build may then drop their names, not their contents.
    """

    def __init__(self, manifest: Manifest, catalog: Catalog, shards: list[Shard]) -> None:
        self.manifest, self.catalog, self.shards = manifest, catalog, shards
        #: What queries work out once and keep as long as the corpus is open, by what it is.
        self.kept: dict[Hashable, Any] = {}

    @cached_property
    def ordinals(self) -> list[npt.NDArray[np.int64]]:
        """For each shard, the ordinal of the video of each document; -1 where a document speaks for no video."""
        shard, document = self.catalog.number("shard"), self.catalog.number("document")
        found = [np.full(len(s), -1, np.int64) for s in self.shards]
        for number, places in enumerate(found):
            mine = np.flatnonzero(shard == number)
            places[document[mine]] = mine
        return found

    def ordinal(self, video: str) -> int:
        """The ordinal of a video by key or bare id."""
        for key in (video, video_key(*split_key(video))):
            if (found := self.catalog.video.find(key)) >= 0:
                return found
        raise NotFound(f"no video {video!r} in this corpus: crosscut status lists what is there")

    def span(self, ordinal: int) -> tuple[Shard, int, int]:
        """The shard of a video, and where its tokens begin and end in it."""
        number, document = int(self.catalog.number("shard")[ordinal]), int(self.catalog.number("document")[ordinal])
        if number < 0:
            raise NotFound(f"{self.catalog.video[ordinal]} has no words in this corpus: "
                           f"{self.catalog.values('status', np.array([ordinal]))[0]}")
        shard = self.shards[number]
        return shard, int(shard.bounds[document]), int(shard.bounds[document + 1])

    def start_ms(self, ordinal: int, token: int) -> int:
        """When a token of a video is heard, in ms; -1 where that is not known."""
        shard, begin, _ = self.span(ordinal)
        return int(shard.column("start")[begin + token])


#: A build replaces manifest and files while a reader opens them; so often a reader begins anew.
_TRIES = 5


def open_files(folder: Path) -> CorpusFiles:
    """Open the corpus that the manifest names; a build that replaces it meanwhile is no error."""
    for attempt in range(_TRIES):
        manifest = read_manifest(folder)
        if manifest is None:
            raise CorpusMissing(f"nothing is built in {folder}: run crosscut build")
        try:
            return files_of(manifest, folder, folder)
        except CorpusDamaged:
            if attempt + 1 == _TRIES or read_manifest(folder) == manifest:
                raise
    raise AssertionError("unreachable")


def files_of(manifest: Manifest, folder: Path, catalogs: Path) -> CorpusFiles:
    """Open the files of a manifest; its catalog may lie in another folder."""
    return CorpusFiles(manifest, Catalog(catalogs / manifest.catalog), [Shard(folder / name) for name in manifest.shards])
