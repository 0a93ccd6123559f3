"""Roll-up captions made to order: any words, with their times, in the forms that YouTube and its users write."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

from hypothesis import strategies as st

#: What the same words look like: plain tags of today, colour tags of 2018, the blank after the word of translations.
STYLES = ("plain", "colour", "translated")

_COLOURS = """Style:
::cue(c.colorCCCCCC) { color: rgb(204,204,204);
 }
::cue(c.colorE5E5E5) { color: rgb(229,229,229);
 }
##
"""


@dataclass(frozen=True)
class Line:
    """One line of speech: its words, when each starts, when the line ends, and whether the screen was clear before."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    end: int
    fresh: bool

    @property
    def text(self) -> str:
        return " ".join(self.words)


def stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1_000 % 60:02}.{ms % 1_000:03}"


def _tagged(line: Line, style: str) -> str:
    words = [escape(word, quote=False) for word in line.words]
    if style == "translated":
        blanks = [*(["&nbsp;", " "] * len(words))[:len(words) - 1], ""]
        first, *others = [word + (" " if blank else "") for word, blank in zip(words, blanks, strict=True)]
        pieces = [f"<{stamp(at)}><c>{word}</c>" for word, at in zip(others, line.starts[1:], strict=True)]
    else:
        first, *others = words
        pieces = [f"<{stamp(at)}><c> {word}</c>" for word, at in zip(others, line.starts[1:], strict=True)]
    if style == "colour" and pieces:
        half = len(pieces) // 2
        pieces[half] = f"</c><c.colorE5E5E5>{pieces[half]}"
        return f"<c.colorCCCCCC>{first}" + "".join(pieces) + "</c>"
    return first + "".join(pieces)


def _settled(line: Line, style: str) -> str:
    text = " ".join(escape(word, quote=False) for word in line.words)
    return f"<c.colorE5E5E5>{text}\n </c>" if style == "colour" else f"{text}\n "


def vtt(lines: list[Line], style: str = "plain") -> str:
    """Write the lines as YouTube does: a long screen, then one of 10 ms; after a silence the screen is cleared."""
    cues = []
    above = " "
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        above = " " if line.fresh else above
        cues.append((line.starts[0], line.end, f"{above}\n{_tagged(line, style)}"))
        cleared = following is not None and following.fresh
        cues.append((line.end, line.end + 10, " \n " if cleared else _settled(line, style)))
        above = " ".join(escape(word, quote=False) for word in line.words)
    head = f"WEBVTT\nKind: captions\nLanguage: en\n{_COLOURS if style == 'colour' else ''}\n"
    return head + "".join(f"{stamp(a)} --> {stamp(b)} align:start position:0%\n{text}\n\n" for a, b, text in cues)


def _standing(lines: list[Line]) -> list[int]:
    """How long each line stands, in ms: until the next one is over, unless the screen is cleared before."""
    ends = [line.end if following is None or following.fresh else following.end
            for line, following in zip_longest(lines, lines[1:])]
    return [end - line.starts[0] for line, end in zip(lines, ends, strict=True)]


def json3(lines: list[Line]) -> str:
    """Write the lines as YouTube's JSON3 does: an event a line, a piece a word, and an event that moves the screen up."""
    events: list[dict[str, object]] = [{"tStartMs": 0, "dDurationMs": lines[-1].end, "id": 1, "wpWinPosId": 1}]
    for line, lasts in zip(lines, _standing(lines), strict=True):
        pieces = [{"utf8": " " * (at != line.starts[0]) + escape(word, quote=False), "acAsrConf": 0}
                  | ({"tOffsetMs": at - line.starts[0]} if at != line.starts[0] else {})
                  for word, at in zip(line.words, line.starts, strict=True)]
        events.append({"tStartMs": line.starts[0], "dDurationMs": lasts, "wWinId": 1, "segs": pieces})
        moved = {"tStartMs": line.end, "dDurationMs": max(line.starts[0] + lasts - line.end, 10), "wWinId": 1, "aAppend": 1}
        events.append(moved | {"segs": [{"utf8": "\n"}]})
    return json.dumps({"wireMagic": "pb3", "pens": [{}], "wsWinStyles": [{}], "wpWinPositions": [{}], "events": events})


def srv3(lines: list[Line]) -> str:
    """Write the same as YouTube's XML of the third kind."""
    events = []
    for line, lasts in zip(lines, _standing(lines), strict=True):
        pieces = [f"<s{f' t={chr(34)}{at - line.starts[0]}{chr(34)}' * (at != line.starts[0])} ac=\"0\">"
                  f"{' ' * (at != line.starts[0])}{escape(escape(word, quote=False), quote=False)}</s>"
                  for word, at in zip(line.words, line.starts, strict=True)]
        moved = max(line.starts[0] + lasts - line.end, 10)
        events.append(f'<p t="{line.starts[0]}" d="{lasts}" w="1">{"".join(pieces)}</p>\n<p t="{line.end}" d="{moved}" w="1" a="1">\n</p>\n')
    head = '<head><ws id="0"/><ws id="1" mh="2" ju="0" sd="3"/><wp id="0"/><wp id="1" ap="6" ah="20" av="100" rc="2" cc="40"/></head>'
    return f'<?xml version="1.0" encoding="utf-8" ?><timedtext format="3">\n{head}\n<body>\n<w t="0" id="1" wp="1" ws="1"/>\n{"".join(events)}</body></timedtext>'


def segments(lines: list[Line]) -> list[dict[str, object]]:
    """Write the lines as JSON pieces of two lines run together."""
    pieces = []
    for before, line in zip([None, *lines], lines, strict=False):
        text = line.text if before is None or line.fresh else f"{before.text} {line.text}"
        length = (line.end - line.starts[0]) / 1_000
        pieces.append({"start": line.starts[0] / 1_000, "dur": length, "text": escape(text, quote=False)})
    return pieces


def merged(lines: list[Line], size: int) -> list[dict[str, object]]:
    """Write several screens to one piece: each line twice, the last one only once, since the next piece begins with it."""
    pieces = []
    for at in range(0, len(lines), size):
        texts = [line.text for line in lines[at:at + size]]
        before = [lines[at - 1].text] if at else []
        doubled = [text for text in texts[:-1] for _ in (0, 1)]
        pieces.append({"start": lines[at].starts[0] / 1_000, "dur": 9.0, "text": " ".join([*before, *doubled, texts[-1]])})
    return pieces


# Few words, so that lines and parts of lines recur; and any other, markup and all.
WORDS = st.sampled_from(["Harbour.", "so", "no", ">>", "[Music]", "it's", "<c>", "&nbsp;", "1,000"]) | st.text(
    st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9)


@st.composite
def talks(draw: st.DrawFn, most: int = 12, words: st.SearchStrategy[str] = WORDS) -> list[Line]:
    """Draw a talk: lines of one to eight words, silences now and then, and now and then the line before once more."""
    now = draw(st.integers(0, 5_000))
    lines: list[Line] = []
    for number in range(draw(st.integers(1, most))):
        fresh = number == 0 or draw(st.integers(0, 3)) == 0
        now += draw(st.integers(10, 9_000)) if fresh and number else 0
        again = number > 0 and draw(st.integers(0, 4)) == 0
        said = list(lines[-1].words) if again else draw(st.lists(words, min_size=1, max_size=8))
        steps = draw(st.lists(st.integers(1, 2_000), min_size=len(said), max_size=len(said)))
        starts = [now + sum(steps[:at]) for at in range(len(said))]
        end = starts[-1] + steps[-1] + 20
        lines.append(Line(tuple(said), tuple(starts), end, fresh))
        now = end + 10
    return lines
