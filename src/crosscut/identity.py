"""Which video is this?  Platform and id; the outlet is an attribute."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode, urlsplit

YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_HOSTS = {"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"}
_ARCHIVE_SUFFIX = re.compile(r"\.(?:zip|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz))$")
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|xtor|at_.*|ref")
#: ``en_AJ``: language and outlet.  The capital tells it from ``tv_news`` and ``my_data``.
OUTLET_FOLDER = re.compile(r"([a-z]{2})_[A-Z][A-Za-z0-9]*")


def video_key(platform: str, id: str) -> str:
    """The name of a video everywhere: ``youtube:h_r7JCpshl0``."""
    return f"{platform}:{id}"


def split_key(key: str) -> tuple[str, str]:
    """Platform and id of a video key; a bare id is taken for a YouTube id."""
    platform, colon, id = key.partition(":")
    return (platform, id) if colon else ("youtube", key)


def identify(facts: Mapping[str, str | int], content: bytes) -> tuple[str, str]:
    """Platform and id from what a record says, else from its canonical address, else from its content."""
    url = str(facts.get("url", ""))
    if id := str(facts.get("id", "")).strip():
        return str(facts.get("platform", "")).strip().casefold().replace(":", "-") or _platform(id, url), id
    if id := youtube_id(url):
        return "youtube", id
    if url:
        return "web", _digest(canonical_url(url).encode("utf-8", "surrogatepass"))
    return "content", _digest(content)


def _platform(id: str, url: str) -> str:
    """The platform of an id that nothing else is said of: eleven characters with a letter look like YouTube's."""
    looks = bool(YOUTUBE_ID.fullmatch(id)) and any(character.isalpha() for character in id)
    return "youtube" if youtube_id(url) == id or (looks and not url) else "local"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def youtube_id(url: str) -> str:
    """The id in a YouTube address, or ""."""
    parts = _split(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.strip("/").split("/")
    if host == "youtu.be":
        found = path[0]
    elif host in _YOUTUBE_HOSTS:
        in_path = path[1] if len(path) > 1 and path[0] in {"shorts", "live", "embed", "v"} else ""
        found = dict(parse_qsl(parts.query)).get("v", in_path)
    else:
        return ""
    return found if YOUTUBE_ID.fullmatch(found) else ""


def _split(url: str):  # type: ignore[no-untyped-def]  # SplitResult; a broken address is an empty one
    try:
        return urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
    except ValueError:
        return urlsplit("")


def canonical_url(url: str) -> str:
    """An address without what varies from visit to visit: scheme, ``www.``, tracking parameters, fragment, last slash."""
    parts = _split(url)
    asked = parse_qsl(parts.query, keep_blank_values=True)  # ``?123`` names a video too
    query = urlencode(sorted((k, v) for k, v in asked if not _TRACKING.fullmatch(k)))
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + query if query else ''}" or url.strip()


def link(platform: str, id: str, url: str, start_ms: int = -1) -> str:
    """An address that opens the video, at the second where one is known.  Only http(s) addresses are ever given."""
    second = max(start_ms, 0) // 1000
    if platform == "youtube":
        return f"https://youtu.be/{id}" + (f"?t={second}" if start_ms >= 0 else "")
    if not url.startswith(("http://", "https://")):
        return ""
    if platform == "archive.org" and start_ms >= 0:
        return f"{url}/start/{second}/end/{second + 60}"  # a page of the archive knows no other way
    return url + (f"#t={second}" if start_ms >= 0 else "")


def outlet_from_path(path: str, known: set[str]) -> str:
    """The outlet that the name of a folder or of an archive gives: one the study file knows, else the ``en_AJ`` form."""
    for part in reversed(PurePosixPath(path.replace("\\", "/")).parts[:-1]):
        name = _ARCHIVE_SUFFIX.sub("", part)
        if name in known or OUTLET_FOLDER.fullmatch(name):
            return name
    return ""
