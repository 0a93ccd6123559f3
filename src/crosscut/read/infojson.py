"""yt-dlp's info.json: what the platform says about a video.  A sidecar: it brings no words."""

from __future__ import annotations

from collections.abc import Iterator

from crosscut.clean.text import sound
from crosscut.errors import UnreadableFile
from crosscut.model import Record
from crosscut.read.dates import milliseconds, published, second_of
from crosscut.read.decode import head, json_of, mentions
from crosscut.read.file import File

NAME = "yt-dlp info.json"
ROLE = "sidecar"

_SIGNS = ('"extractor"', '"extractor_key"')
_LIVE = ("is_live", "was_live", "post_live")
#: Kept beside the facts: who published it, how it was filed, and why it may be missing elsewhere.
_KEPT = ("thumbnail", "live_status", "availability", "age_limit", "view_count", "uploader", "channel_id", "categories",
         "tags")


def recognise(file: File) -> bool:
    """Tell by the key that names yt-dlp's extractor, which stands behind half a megabyte of formats."""
    return head(file).lstrip("\ufeff \t\r\n").startswith("{") and any(mentions(file, sign) for sign in _SIGNS)


def read(file: File) -> Iterator[Record]:
    """Give the one record of the file."""
    info = json_of(file)
    if not isinstance(info, dict):
        raise UnreadableFile("broken JSON", "not an object")
    facts = _facts(info)
    extra = tuple((key, _written(info[key])) for key in _KEPT if info.get(key) not in (None, "", []))
    if info.get("_type", "video") != "video":
        yield Record(file.data, facts, extra=extra, reason="not a video")
        return
    yield Record(file.data, facts, extra=extra, reason="" if facts.get("id") else "no id")


def _written(value: object) -> str:
    return sound(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _facts(info: dict[str, object]) -> dict[str, str | int]:
    def said(*keys: str) -> str:
        texts = (value.strip() for key in keys if isinstance(value := info.get(key), str))
        return sound(next(filter(None, texts), ""))

    moment = second_of(info.get("timestamp")) or second_of(info.get("release_timestamp"))
    duration = milliseconds(info.get("duration"), "s")
    facts: dict[str, str | int] = {
        "platform": said("extractor_key", "extractor").lower(), "id": said("id"), "url": said("webpage_url"),
        "title": said("title"), "channel": said("channel", "uploader"), "description": said("description"),
        "published": moment or published(said("upload_date")).text, "language": said("language"),
        "programme": _programme(said("playlist_title")), "obtained": second_of(info.get("epoch")),
        "format": _format(info, said("media_type"), said("webpage_url")), "duration_ms": max(duration or 0, 0),
    }
    return {fact: value for fact, value in facts.items() if value}


def _programme(playlist: str) -> str:
    """A playlist's title names a programme, unless it is the channel's own list of uploads."""
    uploads = playlist.startswith("Uploads from ") or playlist.endswith((" - Videos", " - Shorts", " - Live"))
    return "" if uploads else playlist


def _format(info: dict[str, object], media: str, url: str) -> str:
    if info.get("live_status") in _LIVE or info.get("is_live") is True or info.get("was_live") is True:
        return "live"
    return "short" if media == "short" or "/shorts/" in url else ""
