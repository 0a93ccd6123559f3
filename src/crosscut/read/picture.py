"""Pictures: thumbnails that stand beside captions.  Told by their first bytes, never by their names."""

from __future__ import annotations

from collections.abc import Iterator

from crosscut.model import Record
from crosscut.read.file import File
from crosscut.read.names import base, video_id

NAME = "picture"
ROLE = "picture"

_FIRST_BYTES = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif"}


def recognise(file: File) -> bool:
    """Tell JPEG, PNG, GIF and WebP."""
    return bool(kind_of(file.data))


def kind_of(data: bytes) -> str:
    """jpeg, png, gif or webp; "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for first, kind in _FIRST_BYTES.items() if data.startswith(first)), "")


def read(file: File) -> Iterator[Record]:
    """Give the video's id if the name has it, and the name, by which a record may know its picture."""
    identity = video_id(file.name)
    facts: dict[str, str | int] = {"thumbnail": base(file.name)}
    if identity:
        facts |= {"platform": "youtube", "id": identity}
    yield Record(file.data, facts)
