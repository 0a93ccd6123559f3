"""What is a member of an archive called in accounts, and is it taken at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from crosscut.errors import UnreadableFile

#: More members than this, or more bytes, are unpacked by their owner: their list alone takes 300 MB of memory.
MOST_MEMBERS = 300_000
MOST_BYTES = 32 << 30
#: Captions pack to a fifth, word-timed ones to a fifteenth; what swells two hundred times is made to do harm.
MOST_SWELLING, ALWAYS_ALLOWED = 200, 64 << 20

BREAKS_OFF = "archive that breaks off: only what stands before was read"
DAMAGED = "damaged in its archive"
CUT_SHORT = "cut short in its archive"
TOO_MANY = f"archive of more than {MOST_MEMBERS:,} files: unpack it first"
TOO_MUCH = f"archive that unpacks to more than {MOST_BYTES >> 30} GB or {MOST_SWELLING} times its size: unpack it first"

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as the archive has it, its size unpacked, and where it lies, as its archive knows it.

    ``seconds`` since 1970 when it was last changed, 0 where nothing says; ``refused`` is why it is not read.
    """

    name: str
    size: int = 0
    seconds: float = 0.0
    place: object = None
    refused: str = ""


class Archive(Protocol):
    """An open archive: its members in order, and why there might have been more."""

    members: list[Member]
    broken: str

    def read(self, member: Member) -> bytes:
        """The bytes of a member; raises ``UnreadableFile``."""


def most_bytes(packed: int) -> int:
    """How much an archive of so many bytes may hold."""
    return min(MOST_BYTES, MOST_SWELLING * packed + ALWAYS_ALLOWED)


def check_total(members: Sequence[Member], packed: int) -> None:
    """Refuse an archive that holds too much; raises ``UnreadableFile``."""
    if sum(member.size for member in members if not member.refused) > most_bytes(packed):
        raise UnreadableFile(TOO_MUCH)


def accounted(members: Sequence[Member]) -> Iterator[tuple[str, Member]]:
    """Name each member as accounts do, as a path below its archive that leads nowhere else; refuse what is not taken.

    A hidden folder is one account, as on the disk.  Of members with one name the last is what unpacking would leave.
    """
    parts = [_parts(member.name) for member in members]
    names = ["/".join(one) for one in parts]
    lasts = {name: at for at, name in enumerate(names)}
    hidden_before: set[str] = set()
    for at, (member, inside) in enumerate(zip(members, parts, strict=True)):
        if hidden := _hidden_folder(inside[:-1]):
            if hidden not in hidden_before:
                hidden_before.add(hidden)
                yield hidden, Member(member.name, refused="hidden folder")
        elif _is_unsafe(member.name):
            yield f"{names[at]}#{at}", replace(member, refused="unsafe path in archive")
        elif lasts[names[at]] != at:
            yield f"{names[at]}#{at}", replace(member, refused="replaced by a later member of its name")
        elif inside[-1].startswith("."):
            yield names[at], replace(member, refused="hidden file")
        else:
            yield names[at], member


def _parts(name: str) -> list[str]:
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\0", "\\0")
    parts = [part for part in shown.split("/") if part not in ("", ".")]
    return ["__" if part == ".." else part for part in parts] or ["_"]


def _is_unsafe(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not name.strip("./") or name[0] in "/\\" or ".." in parts or _DRIVE.match(name) is not None


def _hidden_folder(folders: Sequence[str]) -> str:
    for at, folder in enumerate(folders, 1):
        if folder.startswith(".") or folder == "__MACOSX":
            return "/".join(folders[:at])
    return ""
