"""What did a person decide about stories?  ``corrections/stories.tsv``, plain text for an editor and for git.

Columns ``what``, ``field``, ``value`` and whatever else the person wants to keep (author, date, note).  What can be said:

    STORY            name    a new name; empty: the one it had
    STORY            merge   ANOTHER: all of it belongs there; empty: not any more
    VIDEO[@SECONDS]  story   STORY, ``new`` (one of its own), ``new: NAME`` (one with all others that say so),
                             ``none`` (no story), empty: as the program finds it
    VIDEO[@SECONDS]  not     STORY: anything but that

``VIDEO@SECONDS`` is the passage that is heard at that second.  Lines are followed in order, and the last one counts.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crosscut.corrections import lines
from crosscut.errors import QueryError, StudyError
from crosscut.identity import split_key, video_key
from crosscut.store.pack import write_text

FILE = "stories.tsv"
COLUMNS = ("what", "field", "value")
_HEADER = (*COLUMNS, "author", "date", "note")
NAME, MERGE, STORY, NOT = "name", "merge", "story", "not"
FIELDS = (NAME, MERGE, STORY, NOT)
#: A story of its own, and no story.
NEW, NONE = "new", "none"

_AT = re.compile(r"(.+)@([0-9]{1,6}(?:\.[0-9]{1,3})?)")
_NEW = re.compile(r"new(?:\s*:\s*(.+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Move:
    """What is said of a video, or of the passage at a second of it; ``story`` as the file has it, ``NEW`` with one blank."""

    line: int
    video: str
    second: float | None
    field: str
    story: str


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word on stories: ``names`` and what is ``merged`` into what, each with its line; ``moves`` in order."""

    names: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    merged: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of all that is said."""
        said = (sorted((story, name) for story, (_, name) in self.names.items()),
                sorted((story, other) for story, (_, other) in self.merged.items()),
                [(move.video, move.second, move.field, move.story) for move in self.moves])
        return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()

    def at_last(self, story: str) -> str:
        """The story that one belongs to after all mergers."""
        while story in self.merged:
            story = self.merged[story][1]
        return story


def read_word(folder: Path) -> Word:
    """The person's word in a folder of corrections; none where the file is missing.

    Raises ``StudyError`` with the line that cannot be followed.
    """
    path = folder / FILE
    names: dict[str, tuple[int, str]] = {}
    merged: dict[str, tuple[int, str]] = {}
    moves: list[Move] = []
    for number, what, kind, value in lines(path, COLUMNS) if path.is_file() else ():
        where = f"{path}, line {number}"
        _check(kind, value, where)
        if kind in (STORY, NOT):
            moves.append(_move(number, what, kind, value, where))
            continue
        said = names if kind == NAME else merged
        said.pop(what, None)
        if value:
            said[what] = number, value
            if kind == MERGE and what in _on_the_way(merged, what):
                raise StudyError(f"{where}: {what} would be merged into itself; take one of the mergers back with a line "
                                 f"whose value is empty")
    return Word(names, merged, tuple(moves))


def _check(kind: str, value: str, where: str) -> None:
    if kind not in FIELDS:
        near = difflib.get_close_matches(kind, FIELDS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(FIELDS)}"
        raise StudyError(f"{where}: unknown field {kind!r}; {hint}")
    if kind == NOT and not value:
        raise StudyError(f"{where}: not which story?")


def _on_the_way(merged: Mapping[str, tuple[int, str]], story: str) -> Iterator[str]:
    """The stories that one is merged into, one after the other."""
    while story in merged:
        story = merged[story][1]
        yield story


def _move(number: int, what: str, kind: str, value: str, where: str) -> Move:
    found = _AT.fullmatch(what)
    video, second = (found[1], float(found[2])) if found else (what, None)
    if new := _NEW.fullmatch(value):
        value = f"{NEW}: {new[1].strip()}" if new[1] else NEW
        if kind == NOT:
            raise StudyError(f"{where}: not which story?  {value!r} is none")
    return Move(number, video_key(*split_key(video)), second, kind, value)


def video_of(what: str) -> str:
    """The video of ``VIDEO[@SECONDS]``."""
    found = _AT.fullmatch(what)
    return found[1] if found else what


def new_name(said: str) -> str:
    """The name that ``new: NAME`` gives; "" of ``new``."""
    return said.partition(":")[2].strip() if said.startswith(f"{NEW}:") else ""


def is_new(said: str) -> bool:
    """Whether a story that nobody has yet is asked for."""
    return said == NEW or said.startswith(f"{NEW}:")


def say(folder: Path, what: str, kind: str, value: str) -> Path:
    """Write one line at the end of the file; the file begins with its columns.  ``QueryError`` for what cannot be said."""
    if any(mark in text for text in (what, value) for mark in "\t\r\n"):
        raise QueryError("neither a name nor a story can hold a tab or a line end")
    if kind == MERGE and value and read_word(folder).at_last(value.strip()) == what.strip():
        raise QueryError(f"{what} is merged into itself that way: {value} belongs to it already")
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    there = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    first = next((line for line in there.split("\n") if line.strip() and not line.startswith("#")), "")
    columns = [cell.strip() for cell in first.split("\t")] if first else list(_HEADER)
    cells = {"what": what.strip(), "field": kind, "value": value.strip(), "date": date.today().isoformat()}
    head = "" if first else "\t".join(columns) + "\n"
    line = "\t".join(cells.get(name, "") for name in columns).rstrip("\t")
    between = "" if not there or there.endswith("\n") else "\n"
    write_text(path, f"{there}{between}{head}{line}\n")
    return path
