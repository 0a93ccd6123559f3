"""How does each kind of caption file look?  Pure functions from timed words to the text of a file.

The captions that roll up are in ``rolling`` and named here too, so that one import gives every writer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from crosscut.sample.rolling import (
    clock,
    cue,
    escape,
    json3,
    rolling_json,
    rolling_vtt,
    translated_vtt,
    vtt,
)
from crosscut.sample.speech import Line, Word, break_lines, chances, sentences

__all__ = [
    "info_json", "json3", "live_vtt", "markdown", "plain_vtt", "rolling_json", "rolling_vtt", "tagged",
    "translated_vtt", "tsv",
]


def plain_vtt(words: Iterable[Word], language: str) -> str:
    """Captions made by people: each sentence in cues of at most two lines of 38 characters, no word times."""
    cues = []
    for sentence in sentences(words):
        lines = break_lines(sentence, width=38)
        for at in range(0, len(lines), 2):
            pair = lines[at : at + 2]
            text = "\n".join(escape(" ".join(word.text for word in line)) for line in pair)
            cues.append(cue(pair[0][0].start, pair[-1][-1].end, text))
    return vtt(language, cues)


def live_vtt(words: Sequence[Word], language: str, name: str = "") -> str:
    """What is left of a live feed: capitals, cues that overlap by seconds, lost and swallowed characters."""
    dice = chances("live", name)
    first = words[0].start if words else 0
    cues = [cue(first, first + 1000, " ", " line:0%")]
    at = 0
    while at < len(words):
        size = 3 + int(3 * next(dice))
        piece = words[at : at + size]
        text = _damaged(" ".join(word.text for word in piece).upper(), next(dice), next(dice))
        cues.append(cue(piece[0].start, piece[-1].end + 3000 + 100 * int(50 * next(dice)), escape(text), " line:0%"))
        at += size
    return vtt(language, cues)


def _damaged(text: str, luck: float, place: float) -> str:
    """Six pieces in ten lose a run of two to seven characters (the speaker mark stays, as it does in real feeds)."""
    if luck > 0.6 or len(text) < 9:
        return text
    start = 3 + int(place * (len(text) - 8))
    return text[:start] + text[start + 2 + int(luck * 9) :]


def markdown(head: Mapping[str, str], title: str, heading: str, url: str, pieces: Iterable[Line]) -> str:
    """A transcript by somebody else's speech recognition: a head that looks like YAML and is none, timed lines."""
    front = "".join(f"{key}: {value}\n" for key, value in head.items())
    body = "".join(_timed_line(piece, url) for piece in pieces)
    return f"---\n{front}---\n\n# {title}\n{heading}\n{body}"


def _timed_line(piece: Line, url: str) -> str:
    """``*  text [[00:00:04](url&t=4.6s)]``; such tools hear no speaker marks."""
    text = " ".join(word.text.removeprefix(">> ") for word in piece)
    seconds = piece[0].start / 1000
    return f"*  {text} [[{clock(piece[0].start)[:8]}]({url}&t={seconds:.1f}s)]\n"


def tagged(records: Iterable[tuple[Sequence[tuple[str, str]], str]]) -> str:
    """The form that the project started from: tag lines, an empty line, the text in ``<doc>``; nothing is escaped."""
    return "\n".join(_tagged_record(tags, text) for tags, text in records)


def _tagged_record(tags: Sequence[tuple[str, str]], text: str) -> str:
    head = "".join(f"<{tag}>{value}</{tag}>\n" for tag, value in tags)
    return f"{head}\n<doc>\n{text}\n</doc>"


def info_json(facts: Mapping[str, object]) -> str:
    """What yt-dlp writes beside a video: one line of JSON, nothing escaped but what JSON must."""
    return json.dumps(facts, ensure_ascii=False)


def tsv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with one header line; fields are never quoted, so tabs and line breaks become blanks."""
    lines = [columns, *rows]
    return "".join("\t".join(" ".join(str(field).split()) for field in line) + "\n" for line in lines)
