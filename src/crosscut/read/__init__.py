"""What is in this file?  One format, one module, one fixture.

A format is recognised by content, never by name alone.  Its module has four names:

``NAME``        what accounts call it
``ROLE``        "captions" (brings videos with words), "sidecar" (says something about videos), "picture"
``recognise``   ``(File) -> bool``: is it mine?  Cheap, and never raises
``read``        ``(File) -> Iterator[Record]``: raises ``UnreadableFile`` when the whole file is broken,
                yields a record with a ``reason`` when one stretch of it is

``Mapping.parse`` reads a user's own description of a format; see ``crosscut.read.mapping``.
"""

from __future__ import annotations

from collections.abc import Iterable

from crosscut.read import (
    infojson,
    json3,
    listed,
    lrc,
    mapped,
    picture,
    plain,
    sbv,
    srt,
    srv,
    tagged,
    ttml,
    tvmeta,
    tvnews,
    vtt,
    whisper,
    wordlist,
)
from crosscut.read.file import File, Format
from crosscut.read.mapping import Mapping

__all__ = ["FORMATS", "MAPPED", "VERSION", "YIELDING", "File", "Format", "Mapping", "recognise"]

#: Changes whenever reading or cleaning the same bytes could give another transcript: part of every document's key.
VERSION = "2"

#: Forms that others may use for something else: a user's mapping knows better.
YIELDING: tuple[Format, ...] = (whisper, wordlist, plain)
#: Forms that a user's mapping describes.
MAPPED: tuple[Format, ...] = (mapped, listed)
#: In the order in which they are tried.  No two of the built-in ones before the mappings claim the same file.
FORMATS: tuple[Format, ...] = (
    tagged, vtt, srt, sbv, lrc, ttml, srv, json3, infojson, picture, tvnews, tvmeta, *MAPPED, *YIELDING)


def recognise(file: File, formats: Iterable[Format] = FORMATS) -> Format | None:
    """Say which format the file is of, or None."""
    return next((one for one in formats if one.recognise(file)), None)
