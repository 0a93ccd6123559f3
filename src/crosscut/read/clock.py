"""When is ``00:00:03:12``, ``1.5s``, ``40f`` or ``1234567t``?  Times as TTML writes them, in whole milliseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from crosscut.clean.times import LATEST
from crosscut.read.xml import local

_CLOCK = re.compile(r"([0-9]{1,5}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9})|:([0-9]{2,4})(?:\.([0-9]{1,4}))?)?")
# No unit is not allowed since TTML's second edition; before, it meant seconds.
_OFFSET = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?(h|ms|m|s|f|t)?")
_LONGEST = 32
_UNITS = {"h": Fraction(3_600_000), "m": Fraction(60_000), "s": Fraction(1_000), "ms": Fraction(1), "": Fraction(1_000)}


@dataclass(frozen=True, slots=True)
class Clock:
    """How a document counts: the length of each unit in ms, and whether clock times are labels of frames (``smpte``)."""

    units: Mapping[str, Fraction] = field(default_factory=lambda: {**_UNITS, "f": Fraction(1_000, 30), "t": Fraction(1_000)})
    frames: Fraction = Fraction(30)       # labels in a second of clock time; a second of film may hold fewer
    parts: int = 1                        # of a frame
    labels: bool = False
    drops: str = "nonDrop"

    @classmethod
    def of(cls, attributes: Mapping[str, str]) -> Clock:
        """Read the parameters of the root element; what cannot be read is as if it were not there."""
        said = {local(name): value.strip() for name, value in attributes.items()}
        frames = _positive(said.get("frameRate", ""))
        parts = int(_positive(said.get("subFrameRate", "")) or 1)
        ticks = _positive(said.get("tickRate", "")) or (frames * parts if frames else Fraction(1))
        frames = frames or Fraction(30)
        rate = frames * _ratio(said.get("frameRateMultiplier", ""))
        units = {**_UNITS, "f": 1_000 / rate, "t": 1_000 / ticks}
        return cls(units, frames, parts, said.get("timeBase") == "smpte", said.get("dropMode", ""))

    def ms(self, text: str) -> int | None:
        """Read a time, or None."""
        if len(text) == 12 and text[2::3] == "::." + text[11] and not self.labels:  # three times as fast as what follows
            digits = text[:2] + text[3:5] + text[6:8] + text[9:]
            if digits.isdecimal():
                minutes, rest = divmod(int(digits), 100_000)
                return (minutes // 100 * 60 + minutes % 100) * 60_000 + rest
        text = text.strip() if len(text) <= _LONGEST else ""
        if found := _CLOCK.fullmatch(text):
            return min(self._clock(found), LATEST)
        if found := _OFFSET.fullmatch(text):
            decimals = found[2] or ""
            return min(_times(int(found[1] + decimals), self.units[found[3] or ""], 10 ** len(decimals)), LATEST)
        return None

    def _clock(self, found: re.Match[str]) -> int:
        hours, minutes, seconds, decimals, frames, parts = found.groups()
        whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
        if decimals:
            return whole * 1_000 + _times(int(decimals), Fraction(1_000), 10 ** len(decimals))
        count = int(frames or 0) * self.parts + int(parts or 0)
        if not self.labels:
            return whole * 1_000 + _times(count, self.units["f"], self.parts)
        labels = int(whole * self.frames) - self._dropped(whole // 60)
        return _times(labels * self.parts + count, self.units["f"], self.parts)

    def _dropped(self, minutes: int) -> int:
        """Count labels that were left out so far: of 29.97 frames a second 2 a minute, but not in each tenth."""
        if self.drops == "dropNTSC":
            return 2 * (minutes - minutes // 10)
        # PAL in the Americas: 4 in each second minute, but not in each twentieth.
        return 4 * (minutes // 2 - minutes // 20) if self.drops == "dropPAL" else 0


def _times(count: int, unit: Fraction, parts: int) -> int:
    """Give so many parts of a unit in whole ms, halves up: in whole numbers, which are five times as fast as fractions."""
    over, under = count * unit.numerator, parts * unit.denominator
    return (2 * over + under) // (2 * under)


def _positive(text: str) -> Fraction:
    """Read a positive number of sensible size, or 0."""
    return Fraction(text) if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", text) else Fraction(0)


def _ratio(text: str) -> Fraction:
    """Read ``1000 1001``, or ``1000:1001`` as the first edition had it."""
    found = re.fullmatch(r"([1-9][0-9]{0,8})[ :]([1-9][0-9]{0,8})", text)
    return Fraction(int(found[1]), int(found[2])) if found else Fraction(1)
