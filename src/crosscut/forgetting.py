"""Take a video out at once, then erase it everywhere; what stays is a keyed hash of its id, and the reason.

The hash keeps it from being collected or imported again; without the ledger's key it cannot be turned back into an id.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crosscut.building import refresh
from crosscut.corrections import COLUMNS
from crosscut.corrections import FILE as CORRECTIONS_FILE
from crosscut.corrections import lines as lines_of_corrections
from crosscut.errors import CrosscutError, NotFound
from crosscut.identity import split_key, video_key
from crosscut.importing import now
from crosscut.ledger import Ledger
from crosscut.raw import RawStore
from crosscut.settings import Study
from crosscut.store.layer import read_layer
from crosscut.store.lock import only_one
from crosscut.store.pack import write_text
from crosscut.workbench.keeping import NAME, NAMED_BEFORE
from crosscut.workbench.telling import COLUMNS as STORY_COLUMNS
from crosscut.workbench.telling import FILE as STORIES_FILE
from crosscut.workbench.telling import video_of


def forget(study: Study, video: str, reason: str) -> str:
    """Erase a video; returns its key.  Started again after a crash, it finishes what is left."""
    key = video_key(*split_key(video))
    with Ledger(study.ledger) as ledger:
        if not ledger.has_video(key) and ledger.hash_of(key) not in ledger.tombstones():
            raise NotFound(f"no video {video!r} in this study: crosscut status lists what is there")
        with ledger.change():
            ledger.add_tombstone(key, reason, now())
    if study.corpus.exists():
        refresh(study)  # out of every answer from here on
    with Ledger(study.ledger) as ledger:
        titles = {str(json.loads(row["facts"]).get("title", "")) for row in ledger.statements(videos=[key])} - {""}
        _erase_raw(study, key)
        with _nobody_writing(study):
            _erase_decisions(study, key, titles)
            if study.heard.is_dir():
                shutil.rmtree(study.heard)  # holds the words of every video, as numbers
        with ledger.change():
            ledger.erase(key)
        ledger.vacuum()
    if study.corpus.exists():
        refresh(study)  # the words are dropped from the shards
    return key


@contextmanager
def _nobody_writing(study: Study) -> Iterator[None]:
    """No run of crosscut copies or stories is under way that could still write what it read before."""
    with ExitStack() as held:
        for folder, what in ((study.heard, "crosscut copies"), (study.layers, "crosscut stories")):
            if folder.is_dir():
                held.enter_context(only_one(folder, what))
        yield


def _erase_raw(study: Study, key: str) -> None:
    try:
        RawStore(study.raw).erase(*split_key(key))
    except OSError as error:
        raise CrosscutError(f"{error.filename or study.raw}: cannot be erased ({error.strerror}); it is in no answer any "
                            f"more: make the file free and run the same crosscut forget again") from error


def _erase_decisions(study: Study, key: str, titles: Collection[str]) -> None:
    """Remove a video's lines from the corrections and from every version of every layer, and names made of its titles."""
    for name, columns in ((CORRECTIONS_FILE, COLUMNS), (STORIES_FILE, STORY_COLUMNS)):
        path = study.corrections / name
        if path.is_file():
            drop = {number for number, what, _, _ in lines_of_corrections(path, columns)
                    if video_key(*split_key(video_of(what))) == key}
            _keep_lines(path, lambda number, _, drop=drop: number not in drop)  # type: ignore[misc]
    for layer in sorted(study.layers.glob("*.jsonl")) if study.layers.is_dir() else ():
        spans = read_layer(layer).spans
        if any(span.video == key or any(_names(key, value) for _, value in span.more) for span in spans):
            _rewrite(layer, (_without(key, line) for line in _lines(layer)))
        if layer.name.startswith("stories."):
            _forget_names(layer, titles)


def _names(key: str, value: str) -> bool:
    """Whether a value of a span is a video, or a second of it."""
    return value == key or value.startswith(f"{key}@")


def _without(key: str, line: str) -> str | None:
    """A line of a layer without what it says of a video; None where it is about the video."""
    about = json.loads(line) if line.strip() else {}  # not looked for in the line: JSON may write it as \u escapes
    if about.get("video") == key:
        return None
    if any(_names(key, str(value)) for value in about.get("more", {}).values()):
        about["more"] = {name: value for name, value in about["more"].items() if not _names(key, str(value))}
        return json.dumps(about, ensure_ascii=False)
    return line


def _forget_names(layer: Path, titles: Collection[str]) -> None:
    """Take away names of stories that are a title, or a part of one; crosscut stories gives others."""
    lines, changed = _lines(layer), False
    for number, line in enumerate(lines[1:], 1):
        span = json.loads(line) if line.strip() else {}
        more = span.get("more", {})
        left = {name: value for name, value in more.items()
                if name not in (NAME, NAMED_BEFORE) or not any(set(value.split()) <= set(title.split()) for title in titles)}
        if left != more:
            lines[number], changed = json.dumps({**span, "more": left}, ensure_ascii=False), True
    if changed:
        write_text(layer, "\n".join(lines))


def _keep_lines(path: Path, keep: Callable[[int, str], bool]) -> None:
    _rewrite(path, (line if keep(number, line) else None for number, line in enumerate(_lines(path), 1)))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def _rewrite(path: Path, lines: Iterable[str | None]) -> None:
    write_text(path, "\n".join([line for line in lines if line is not None]))
