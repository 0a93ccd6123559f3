"""How do the captions look that roll up: two lines on the screen, the lower one growing word by word?

YouTube's frame, seen in its own files of 2018 to 2025: for each line a long cue (the line before on top, the new line
with the times of its words below), then a cue of 10 ms that repeats the finished line above a blank one.  A blank line
is one space.  After a silence the 10 ms cue has two blanks, and the next line stands under a blank.  A line of one
word carries no time tag at all.

All writers here are pure functions of lines of timed words.  Two lines in a row must begin at least 20 ms apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any, Literal

from crosscut.sample.speech import Line, Word, chance, is_sound

#: ``lower`` (2019 to 2023) and ``cased`` (2025) differ in their words only; ``colour`` (2018) marks doubtful words.
Style = Literal["lower", "cased", "colour"]

#: A silence longer than this clears the screen (ms).
SILENCE = 2500

_COLOUR_HEADER = (
    "Style:\n::cue(c.colorCCCCCC) { color: rgb(204,204,204);\n }\n"
    "::cue(c.colorE5E5E5) { color: rgb(229,229,229);\n }\n##\n"
)


def clock(ms: int) -> str:
    """``01:02:03.456``."""
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def escape(text: str) -> str:
    """Escape for WebVTT; the blanks of the bleep ``[ __ ]`` do not break."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("[ __ ]", "[&nbsp;__&nbsp;]")


def cue(start: int, end: int, body: str, settings: str = "") -> str:
    """One cue without the empty line after it."""
    return f"{clock(start)} --> {clock(end)}{settings}\n{body}"


def vtt(language: str, cues: Sequence[str], header: str = "") -> str:
    """A whole file; YouTube ends it with an empty line."""
    return f"WEBVTT\nKind: captions\nLanguage: {language}\n{header}\n" + "".join(f"{one}\n\n" for one in cues)


def rolling_vtt(lines: Sequence[Line], language: str, style: Style = "lower") -> str:
    """Automatic captions in WebVTT; ``lines`` are written as they come, so their words make the style."""
    if style == "colour":
        return vtt(language, _frame(lines, _coloured_body), _COLOUR_HEADER)
    return vtt(language, _frame(lines, lambda top, line: f"{_plain(top)}\n{_timed(line)}"))


def translated_vtt(lines: Sequence[Line], language: str) -> str:
    """A machine's translation: the blank stands after the word inside the tag, and the times are evenly spread."""
    return vtt(language, _frame(lines, lambda top, line: f"{_plain(top)}\n{_evenly(line)}"))


def _frame(lines: Sequence[Line], body: Callable[[Line, Line], str]) -> list[str]:
    """The cues of the roll-up frame; ``body`` writes what is on screen: the line on top and the one that grows."""
    cues = []
    top: Line = ()
    settings = " align:start position:0%"
    for line, after in zip_longest(lines, lines[1:]):
        end = line[-1].end if after is None else after[0].start - 10
        cues.append(cue(line[0].start, end, body(top, line), settings))
        if after is not None:
            top = () if cleared(line, after) else line
            cues.append(cue(end, end + 10, body(top, ()), settings))
    return cues


def cleared(line: Line, after: Line) -> bool:
    """Was the screen cleared between the two lines?"""
    return after[0].start - line[-1].end > SILENCE


def _plain(line: Line) -> str:
    return " ".join(escape(word.text) for word in line) or " "


def _timed(line: Line) -> str:
    """Words with their times, the blank inside the tag before the word."""
    if not line:
        return " "
    rest = (f"<{clock(word.start)}><c> {escape(word.text)}</c>" for word in line[1:])
    return escape(line[0].text) + "".join(rest)


def _evenly(line: Line) -> str:
    """Words of a translated line; only the last one has no blank after it."""
    if len(line) < 2:
        return _plain(line)
    step = (line[-1].end - line[0].start) // len(line)
    texts = [escape(word.text) + " " for word in line]
    texts[-1] = texts[-1][:-1]
    rest = (f"<{clock(line[0].start + step * at)}><c>{text}</c>" for at, text in enumerate(texts) if at)
    return texts[0] + "".join(rest)


def _colour(word: Word) -> str:
    """Some words of 2018 are grey by the machine's doubt: two in ten paler, five in ten pale, three not at all."""
    luck = chance("colour", word.start // 1500)
    return "CCCCCC" if luck < 0.2 else "E5E5E5" if luck < 0.7 else ""


def _coloured_body(top: Line, line: Line) -> str:
    """Both lines with their colours: a colour runs on over the line break where the words on either side share it."""
    above = [(_colour(word), escape(word.text)) for word in top]
    below = [(_colour(word), f"<{clock(word.start)}><c> {escape(word.text)}</c>") for word in line]
    above = [(colour, " " * (at > 0) + text) for at, (colour, text) in enumerate(above)] or [("", " ")]
    below[:1] = [(_colour(line[0]), escape(line[0].text))] if line else [(above[-1][0], " ")]
    between = above[-1][0] if above[-1][0] == below[0][0] else ""
    pieces = [*above, (between, "\n"), *below]
    runs = [(colour, "".join(text for _, text in run)) for colour, run in groupby(pieces, lambda piece: piece[0])]
    return "".join(f"<c.color{colour}>{text}</c>" if colour else text for colour, text in runs)


def json3(lines: Sequence[Line]) -> str:
    """YouTube's JSON3: one event per line, one that appends the line break, word times as offsets."""
    end = lines[-1][-1].end if lines else 0
    events: list[dict[str, Any]] = [
        {"tStartMs": 0, "dDurationMs": end, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1},
    ]
    starts = [*(line[0].start for line in lines), end, end]
    for at, line in enumerate(lines):
        gone = max(starts[at + 2], line[-1].end)
        if at:
            turn = line[0].start - 10
            events.append({"tStartMs": turn, "dDurationMs": max(starts[at + 1], line[-1].end) - turn, "wWinId": 1,
                           "aAppend": 1, "segs": [{"utf8": "\n"}]})
        events.append({"tStartMs": line[0].start, "dDurationMs": gone - line[0].start, "wWinId": 1,
                       "segs": _segments(line)})
    window = {"apPoint": 6, "ahHorPos": 20, "avVerPos": 100, "rcRows": 2, "ccCols": 40}
    style = {"mhModeHint": 2, "juJustifCode": 0, "sdScrollDir": 3}
    whole = {"wireMagic": "pb3", "pens": [{}], "wsWinStyles": [{}, style], "wpWinPositions": [{}, window],
             "events": events}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _segments(line: Line) -> list[dict[str, Any]]:
    """The words of one event; sounds have no confidence, and the first word has no offset."""
    found = []
    for at, word in enumerate(line):
        segment: dict[str, Any] = {"utf8": " " * (at > 0) + word.text.replace("[ __ ]", "[\u00a0__\u00a0]")}
        if at:
            segment["tOffsetMs"] = word.start - line[0].start
        if not is_sound(word.text):
            segment["acAsrConf"] = 0
        found.append(segment)
    return found


def rolling_json(lines: Sequence[Line], head: Mapping[str, object]) -> str:
    """Rolling captions that somebody turned into JSON, the repeated line still in: ``head``, then segments in s."""
    segments = []
    top: Line = ()
    for line, after in zip_longest(lines, lines[1:]):
        start, end = line[0].start, line[-1].end if after is None else after[0].start - 10
        text = " ".join(filter(None, (_plain(top).strip(), _plain(line))))
        segments.append({"start": start / 1000, "dur": (end - start) / 1000, "text": text})
        top = () if after is None or cleared(line, after) else line
    return json.dumps({**head, "segments": segments}, ensure_ascii=False, indent=2) + "\n"
