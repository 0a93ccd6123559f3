"""Why is a file of no known format?  A short reason that tells its owner what to do."""

from __future__ import annotations

import json
import re

_ARCHIVES = (b"7z\xbc\xaf", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd")  # others are opened: see crosscut.files
_TIMES = re.compile(rb"^\d{1,2}:\d\d:\d\d[.,]\d{2,3}(?: -->|,\d{1,2}:)", re.MULTILINE)
_VIDEO = (b"\x1aE\xdf\xa3", b"OggS", b"ID3", b"RIFF")
#: JSON beyond this size is not parsed only to say why it is not read.
_LARGEST_JSON = 32 << 20


def why_unknown(data: bytes) -> str:
    """The reason for excluding a file that no format and no mapping recognises."""
    head = data[:2048]
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")) or (b"<html" in text and text[:1] == b"<"):
        return "web page, not captions"
    if head.startswith(_ARCHIVES):
        return "archive: unpack it first"
    if head.startswith(_VIDEO) or head[4:8] == b"ftyp":
        return "video or audio file"
    if text[:1] in {b"{", b"["}:
        return "JSON of no known kind: write a mapping" if _is_json(data) else "broken JSON"
    if _TIMES.search(head):
        return "captions below other text: take that off first"
    if text.startswith(b"<?xml"):
        return "XML of no known kind"
    if text.startswith(b"webvtt"):
        return "WebVTT that cannot be read"
    return "binary file" if b"\0" in head else "text of no known kind: write a mapping"


def _is_json(data: bytes) -> bool:
    """Whether the file is JSON, or JSON Lines by its first line."""
    if len(data) > _LARGEST_JSON:
        return True
    for stretch in (data, data.split(b"\n", 1)[0]):
        try:
            json.loads(stretch)
        except (ValueError, RecursionError):
            continue
        return True
    return False
