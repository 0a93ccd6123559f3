"""What do the files around the captions say of a video, each in its own words, dates and file names?"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from crosscut.sample.load import Video
from crosscut.sample.speech import Word, chance

# yt-dlp puts full-width twins in the place of what Windows forbids in a file name.
_YTDLP = str.maketrans(dict(zip('"*:<>?|/\\', "＂＊：＜＞？｜⧸⧹", strict=True)))
# The notebooks that the tagged form comes from deleted the same signs.
_NOTEBOOK = str.maketrans("", "", '\\/*?:"<>|')

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")

ERROR_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Error 503</title></head>
<body>
<h1>Service unavailable</h1>
<p>The captions server is busy. Please try again in a few minutes.</p>
</body>
</html>
"""

NOTES = """Things to remember
- ask the archive about the missing September programmes
- the laptop saved one page of the live site instead of its captions
- Civic News renames its pictures, keep the text files
"""

#: The record of Civic News that has lost the path of its picture, and the picture with it.
PICTURELESS = 8

LISTING = ("path", "outlet", "playlist", "date", "video_id", "url", "title", "length", "views", "segments", "words")


def ytdlp_name(title: str) -> str:
    """A title as yt-dlp writes it into a file name."""
    return title.translate(_YTDLP)


def notebook_name(title: str) -> str:
    """A title as the notebooks wrote it into a file name."""
    return unicodedata.normalize("NFKC", title).translate(_NOTEBOOK).strip()[:255]


def moment(published: str) -> datetime | None:
    """The second of publication, if the script says one."""
    return datetime.fromisoformat(published).astimezone(UTC) if "T" in published else None


def long_date(published: str) -> str:
    """``September 04, 2023``; less than a day stays as it is (``2023-10``)."""
    if len(published) < 10:
        return published
    day = date.fromisoformat(published[:10])
    return f"{_MONTHS[day.month - 1]} {day.day:02d}, {day.year}"


def seconds(words: Sequence[Word]) -> int:
    """Length of a video in whole seconds: two more than the speech."""
    return words[-1].end // 1000 + 2 if words else 0


def views(video: Video) -> int:
    """How often it was watched: from some hundreds to about 400,000, few of them many times."""
    return int(300 * 1300 ** chance("views", video.id))


def info(video: Video, channel: str, language: str, end: int) -> dict[str, object]:
    """The keys of a yt-dlp info.json that a reader may look for."""
    kind = {"short": "short", "live": "livestream"}.get(video.format, "video")
    return {
        "id": video.id,
        "title": video.title,
        "thumbnail": f"https://i.ytimg.com/vi/{video.id}/hqdefault.jpg",
        "description": f"{video.title}\n\nFrom {video.programme} on {channel}. Tips & pictures: write to the newsroom.",
        "channel": channel,
        "channel_id": "UC" + format(int(chance("channel", channel) * 2**48), "022x"),
        "duration": end // 1000 + 2,
        "view_count": views(video),
        "age_limit": 0,
        "webpage_url": video.url,
        "categories": ["News & Politics"],
        "tags": [],
        "live_status": "was_live" if video.format == "live" else "not_live",
        "media_type": kind,
        "uploader": channel,
        **_dates(video.published),
        "playlist": video.programme,
        "playlist_title": video.programme,
        "extractor": "youtube",
        "extractor_key": "Youtube",
        "display_id": video.id,
        "fulltitle": video.title,
        "is_live": False,
        "was_live": video.format == "live",
        "language": language,
        "_type": "video",
    }


def _dates(published: str) -> dict[str, object]:
    """``upload_date`` is the day in UTC; ``timestamp`` is there only where the second is known; less is left out."""
    when = moment(published)
    if when is not None:
        return {"upload_date": f"{when:%Y%m%d}", "timestamp": int(when.timestamp())}
    return {"upload_date": published.replace("-", "")} if len(published) == 10 else {}


def tags(video: Video, at: int) -> list[tuple[str, str]]:
    """Header tags of a tagged record: every sixth has a description over two lines, one has lost its picture's path."""
    day = video.published[:10]
    found = [("video_id", video.id), ("video_title", video.title)]
    if at != PICTURELESS:
        found.append(("thumbnail_path", f"data/en_CIV\\{notebook_name(video.title)}.png"))
    found.append(("publish_date", day.replace("-", "") if len(day) == 10 else day))
    if at % 6 == 2:
        found.append(("description", f"{video.programme} on Civic News.\nWatch <live> & on demand."))
    return found


def front_matter(video: Video, outlet: str, words: Sequence[Word]) -> Mapping[str, str]:
    """The head of a Plainsong transcript; the description runs over several lines."""
    keywords = [outlet.lower(), video.programme.lower(), video.story]
    return {
        "Date Generated": "January 12, 2024",
        "Transcription Model": "whisper medium 20231117",
        "Length": f"{seconds(words)}s",
        "Video Keywords": repr(keywords),
        "Video Views": str(views(video)),
        "Video Rating": "None",
        "Video Description": f"{video.title}.\n\nMore from {video.programme}: every week, in full length.\n"
                             "Write to us: the address is below the video.",
    }


def listed(video: Video, outlet: str, path: str, words: Sequence[Word], segments: int) -> tuple[object, ...]:
    """One row of the listing."""
    day = video.published[:10]
    day = day.replace("-", "") if len(day) == 10 else day
    return (path, outlet, f"{outlet} - {video.programme}", day, video.id, video.url, video.title,
            f"{seconds(words)}s" if words else "", views(video), segments, len(words))


def rolling_head(video: Video, channel: str, words: Sequence[Word]) -> Mapping[str, object]:
    """What stands above the segments in the rolling JSON."""
    return {"videoId": video.id, "title": video.title, "publishedAt": video.published, "channel": channel,
            "programme": video.programme, "durationSeconds": seconds(words)}
