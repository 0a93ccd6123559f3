"""The same cues, or the same timed words, in each format that can hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from hypothesis import strategies as st

from .fixtures import as_json


@dataclass(frozen=True)
class Shown:
    """One cue: its lines of words, shown from ``start`` to ``end`` ms; the words of the first line start at ``times``."""

    lines: tuple[tuple[str, ...], ...]
    start: int
    end: int
    times: tuple[int, ...]

    @property
    def texts(self) -> list[str]:
        return [" ".join(line) for line in self.lines]

    @property
    def words(self) -> list[str]:
        return [word for line in self.lines for word in line]


def clock(ms: int, point: str = ".", hours: int = 2) -> str:
    return f"{ms // 3_600_000:0{hours}}:{ms // 60_000 % 60:02}:{ms // 1_000 % 60:02}{point}{ms % 1_000:03}"


def minutes(ms: int) -> str:
    return f"{ms // 60_000:02}:{ms // 1_000 % 60:02}.{ms % 1_000:03}"


def vtt(cues: Sequence[Shown]) -> str:
    return "WEBVTT\n\n" + "".join(
        f"{clock(cue.start)} --> {clock(cue.end)}\n" + "".join(f"{escape(text)}\n" for text in cue.texts) + "\n" for cue in cues)


def srt(cues: Sequence[Shown]) -> str:
    return "".join(f"{number}\n{clock(cue.start, ',')} --> {clock(cue.end, ',')}\n" + "".join(f"{text}\n" for text in cue.texts) + "\n"
                   for number, cue in enumerate(cues, 1))


def sbv(cues: Sequence[Shown]) -> str:
    return "".join(f"{clock(cue.start, hours=1)},{clock(cue.end, hours=1)}\n" + "".join(f"{text}\n" for text in cue.texts) + "\n"
                   for cue in cues)


def lrc(cues: Sequence[Shown]) -> str:
    """A line lasts until the next: an empty one ends it."""
    return "".join(f"[{minutes(cue.start)}]{' '.join(cue.texts)}\n[{minutes(cue.end)}]\n" for cue in cues)


def ttml(cues: Sequence[Shown]) -> str:
    inside = "".join(f'<p begin="{clock(cue.start)}" dur="{cue.end - cue.start}ms">' + "<br/>".join(map(escape, cue.texts)) + "</p>\n"
                     for cue in cues)
    return f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>\n{inside}</div></body></tt>'


def srv1(cues: Sequence[Shown]) -> str:
    inside = "".join(f'<text start="{cue.start / 1_000}" dur="{(cue.end - cue.start) / 1_000}">{escape(escape(" ".join(cue.texts)))}</text>'
                     for cue in cues)
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{inside}</transcript>'


def srv2(cues: Sequence[Shown]) -> str:
    inside = "".join(f'<text t="{cue.start}" d="{cue.end - cue.start}">{escape(chr(10).join(cue.texts))}</text>' for cue in cues)
    return f"<timedtext>{inside}</timedtext>"


def srv3(cues: Sequence[Shown]) -> str:
    inside = "".join(f'<p t="{cue.start}" d="{cue.end - cue.start}">{escape(chr(10).join(cue.texts))}</p>' for cue in cues)
    return f'<timedtext format="3"><body>{inside}</body></timedtext>'


def json3(cues: Sequence[Shown]) -> str:
    return as_json({"events": [{"tStartMs": cue.start, "dDurationMs": cue.end - cue.start, "segs": [{"utf8": "\n".join(cue.texts)}]}
                               for cue in cues]})


def timed_srv3(cues: Sequence[Shown]) -> str:
    inside = "".join(
        f'<p t="{cue.start}" d="{cue.end - cue.start}" w="1">' + "".join(
            f'<s t="{time - cue.start}">{" " * (number > 0)}{escape(word)}</s>'
            for number, (word, time) in enumerate(zip(cue.lines[0], cue.times, strict=True))) + "</p>"
        f'<p t="{cue.end - 10}" d="10" w="1" a="1">\n</p>' for cue in cues)
    return f'<timedtext format="3"><body>{inside}</body></timedtext>'


def timed_srv2(cues: Sequence[Shown]) -> str:
    inside = "".join(
        f'<text t="{time}" d="{cue.end - time}" w="1"{" append=" + chr(34) + "1" + chr(34) if number else ""}>{" " * (number > 0)}{escape(word)}</text>'
        for cue in cues for number, (word, time) in enumerate(zip(cue.lines[0], cue.times, strict=True)))
    return f"<timedtext>{inside}</timedtext>"


def timed_lrc(cues: Sequence[Shown]) -> str:
    return "".join(f"[{minutes(cue.start)}]" + " ".join(
        f"<{minutes(time)}>{word}" for word, time in zip(cue.lines[0], cue.times, strict=True)) + f"\n[{minutes(cue.end)}]\n" for cue in cues)


def timed_ttml(cues: Sequence[Shown]) -> str:
    inside = "".join(f'<p begin="{cue.start}ms" end="{cue.end}ms">' + " ".join(
        f'<span begin="{time - cue.start}ms">{escape(word)}</span>' for word, time in zip(cue.lines[0], cue.times, strict=True)) + "</p>\n"
        for cue in cues)
    return f"<tt><body><div>{inside}</div></body></tt>"


Writer = Callable[[Sequence[Shown]], str]
CUES: dict[str, Writer] = {"vtt": vtt, "srt": srt, "sbv": sbv, "lrc": lrc, "ttml": ttml, "srv1": srv1, "srv2": srv2, "srv3": srv3, "json3": json3}
TIMED: dict[str, Writer] = {"srv3": timed_srv3, "srv2": timed_srv2, "lrc": timed_lrc, "ttml": timed_ttml}

# No markup of any of the formats: that it is taken out, or decoded, has its own tests.
WORDS = st.sampled_from(["ferry", "2017", "7", ">>", "it's", "1,000", "00:00:01,000", "--"]) | st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="<>&{}[]\\"), min_size=1, max_size=9)


@st.composite
def cues(draw: st.DrawFn) -> list[Shown]:
    """Draw cues of one to three lines, with silences between them; no line is said twice, that would be a roll-up."""
    found: list[Shown] = []
    now = draw(st.integers(0, 5_000))
    lines = st.lists(WORDS, min_size=1, max_size=6).map(tuple)
    for screen in draw(st.lists(st.lists(lines, min_size=1, max_size=3), min_size=1, max_size=14)):
        steps = draw(st.lists(st.integers(1, 4_000), min_size=len(screen[0]), max_size=len(screen[0])))
        times = [now + sum(steps[:at]) for at in range(len(steps))]
        end = times[-1] + steps[-1] + 20
        found.append(Shown(tuple(screen), now, end, tuple(times)))
        now = end + draw(st.integers(1, 3_000_000))
    said = [" ".join(line).casefold() for cue in found for line in cue.lines]
    return found if len(set(said)) == len(said) else found[:1]
