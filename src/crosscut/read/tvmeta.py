"""The Internet Archive's metadata of a television show: ``…_meta.xml``.  A sidecar: it brings no words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from crosscut.clean.text import squeeze
from crosscut.errors import UnreadableFile
from crosscut.model import Record
from crosscut.read.dates import milliseconds, published
from crosscut.read.decode import head, text_of
from crosscut.read.file import File
from crosscut.read.languages import language_code
from crosscut.read.names import archive_name

NAME = "Internet Archive metadata"
ROLE = "sidecar"

_FIRST = re.compile(r"(?:<\?xml[^<>]{0,200}\?>\s*)?<metadata>")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
#: Used as facts, or thousands of seconds at which something is shown.
_LEFT = frozenset(("identifier", "title", "description", "language", "program", "times", "thumbs"))


def recognise(file: File) -> bool:
    """Tell by the first element, and that it has an identifier."""
    first = head(file).lstrip("\ufeff \t\r\n")
    return _FIRST.match(first) is not None and "<identifier>" in first


def read(file: File) -> Iterator[Record]:
    """Give the one record of the file; a document type, where entities are declared, is never followed."""
    text = text_of(file).lstrip("\ufeff \t\n")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableFile("XML that declares entities", "a document type is not read")
    try:
        listed = [(one.tag, squeeze(one.text or "")) for one in ElementTree.fromstring(text)]
    except ElementTree.ParseError as problem:
        raise UnreadableFile("broken XML", str(problem)) from None
    said = dict(reversed(listed))
    extra = tuple((name, value) for name, value in listed if value and name not in _LEFT)
    if not said.get("identifier"):
        yield Record(file.data, {}, (), "", extra, reason="no id")
        return
    yield Record(file.data, _facts(said), (), "", extra)


def _facts(said: dict[str, str]) -> dict[str, str | int]:
    identity = said["identifier"]
    started = said.get("start_time", "")
    moment = f"{started}+00:00" if _MOMENT.fullmatch(started) else said.get("date", "")
    length = milliseconds(said.get("runtime") or None, "s") or 0
    facts: dict[str, str | int] = {
        "title": said.get("title", ""), "description": said.get("description", ""), "channel": said.get("contributor", ""),
        "programme": said.get("program", ""), "language": language_code(said.get("language", "")),
        "published": published(moment).text, "duration_ms": max(length, 0),
        "platform": "archive.org", "id": identity, "url": f"https://archive.org/details/{identity}",
    }
    return archive_name(f"{identity}.xml") | {fact: value for fact, value in facts.items() if value}
