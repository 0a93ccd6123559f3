"""Pictures: thumbnails that stand beside captions.  Told by their first bytes, never by their names."""

from __future__ import annotations

from collections.abc import Iterator

from crosscut.model import Record
from crosscut.read.file import File
from crosscut.read.names import base, video_id

NAME = "picture"
ROLE = "picture"

_FIRST_BYTES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


def recognise(file: File) -> bool:
    """Tell JPEG, PNG, GIF and WebP."""
    return file.data.startswith(_FIRST_BYTES) or (file.data[:4] == b"RIFF" and file.data[8:12] == b"WEBP")


def read(file: File) -> Iterator[Record]:
    """Give the video's id if the name has it, and the name, by which a record may know its picture."""
    identity = video_id(file.name)
    facts: dict[str, str | int] = {"thumbnail": base(file.name)}
    if identity:
        facts |= {"platform": "youtube", "id": identity}
    yield Record(file.data, facts)
