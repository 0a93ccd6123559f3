"""Files in a user's own format that say something about videos and bring no words."""

from __future__ import annotations

from crosscut.read import mapped
from crosscut.read.file import File
from crosscut.read.mapped import read

__all__ = ["NAME", "ROLE", "read", "recognise"]

NAME = "mapped listing"
ROLE = "sidecar"


def recognise(file: File) -> bool:
    """Tell whether the first mapping that fits is a listing."""
    mapping = mapped.mapping_of(file)
    return mapping is not None and mapping.role == "listing"
