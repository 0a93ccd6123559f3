"""What does a file's name say about the video?"""

from __future__ import annotations

import datetime
import re

from crosscut.read.dates import published

_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_BRACKETED = re.compile(r"\[([A-Za-z0-9_-]{11})\]$")
_SUFFIX = re.compile(r"\.(?:info\.json|live_chat\.json|[A-Za-z][A-Za-z0-9]{1,5})$")
# A language code with subtags, as yt-dlp writes it: en, pt-BR, zh-Hans, ab-en-uYU-mmqFLq8, en-orig.  Of three letters
# only YouTube's own: "old" and "raw" are no languages here.
_LANGUAGE = re.compile(r"\.((?:[a-z]{2}|bho|ceb|ckb|fil|haw|hmn|kha|kri|lua|luo|mfe|new|nso|pam|pcm|war|yue)"
                       r"(?:-[A-Za-z0-9_]{1,16}){0,3})$")
# CHANNEL_DAY_TIME_Title, in UTC; captions have .cc5 behind it.
_ARCHIVED = re.compile(r"([A-Z][A-Z0-9-]{1,19})_([0-9]{8}_[0-9]{6})_([A-Za-z0-9][\w.-]{0,199}?)(?:\.cc[0-9])?")
_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})(?![0-9])[ ._-]*(.*)", re.DOTALL)


def base(name: str) -> str:
    """Give the last part of a path; either slash parts."""
    return name.replace("\\", "/").rpartition("/")[2]


def split(name: str) -> tuple[str, str]:
    """Part a file's name into its stem and the language code before the suffix ("" without one)."""
    stem = _SUFFIX.sub("", base(name))
    found = _LANGUAGE.search(stem)
    return (stem[:found.start()], found[1]) if found else (stem, "")


def is_youtube_id(text: str) -> bool:
    """Tell whether this has the form of a YouTube id."""
    return _ID.fullmatch(text) is not None


def _unlike_a_word(stem: str) -> bool:
    return any(c.isdigit() or c in "_-" for c in stem) or stem not in (stem.lower(), stem.upper(), stem.capitalize())


def video_id(name: str) -> str:
    """Give the id that a file's name ends with, ``Title [ID].en.vtt`` or ``ID.en.vtt``, or ""."""
    stem, _ = split(name)
    found = _BRACKETED.search(stem)
    if found:
        return found[1]
    return stem if is_youtube_id(stem) and _unlike_a_word(stem) else ""


def dated_title(name: str, language: str) -> tuple[str, str]:
    """Give date and title of ``2012-02-17.some-title.fr.TOKEN.vtt``; two empty texts where no date stands first."""
    found = _DATED.fullmatch(_SUFFIX.sub("", base(name)))
    day = published(found[1]).text if found else ""
    if found is None or not day:
        return "", ""
    title = found[2]
    code = f".{language}"
    if language and f"{code}." in title + ".":
        title = title[:(title + ".").rindex(f"{code}.")]
    return day, title.strip(" ._-")


def archive_name(name: str) -> dict[str, str | int]:
    """Say what ``CNNW_20150101_053000_CNN_Newsroom.srt``, a name of the Internet Archive, says; {} for other names."""
    found = _ARCHIVED.fullmatch(split(name)[0])
    try:
        moment = datetime.datetime.strptime(found[2], "%Y%m%d_%H%M%S") if found else None
    except ValueError:
        moment = None
    if found is None or moment is None:
        return {}
    identity = f"{found[1]}_{found[2]}_{found[3]}"
    return {
        "platform": "archive.org", "id": identity, "channel": found[1], "programme": found[3].replace("_", " "),
        "published": f"{moment.isoformat()}+00:00", "url": f"https://archive.org/details/{identity}",
    }


def name_facts(name: str, language: str) -> dict[str, str | int]:
    """Say what the name of a file says about its video: the id, else the day and the title."""
    if archived := archive_name(name):
        return archived
    identity = video_id(name)
    day, title = dated_title(name, language)
    said = {"platform": "youtube" if identity else "", "id": identity, "published": day, "title": title}
    return {fact: value for fact, value in said.items() if value}
