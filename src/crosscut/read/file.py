"""One file as seen, and what a format must offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from crosscut.model import Record
from crosscut.read.mapping import Mapping


@dataclass(frozen=True, slots=True)
class File:
    """One file as seen: its name is untrusted and only ever read, its bytes are whole.

    ``mappings`` are the user's own (study file or ``--mapping``), tried in order on files that no format knows.
    """

    name: str
    data: bytes
    mappings: tuple[Mapping, ...] = ()


class Format(Protocol):
    """What each module of a format has."""

    NAME: str
    ROLE: str

    def recognise(self, file: File) -> bool:
        """Tell whether the file is of this format."""

    def read(self, file: File) -> Iterator[Record]:
        """Give the file's records."""
