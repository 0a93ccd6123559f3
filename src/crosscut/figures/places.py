"""Where labels stand so that none covers another: beside its dot, or else it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.figures.words import width

#: Between a dot and its label, and around a label, in pixels.
_GAP, _ROOM = 3.0, 1.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A place in pixels, the radius of what is drawn there, what it is called, and where a line from it ends."""

    x: float
    y: float
    radius: float
    label: str
    to: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A label: which dot it is of, where its middle is (``x``: its near end), and the side of the dot that it is on."""

    dot: int
    x: float
    y: float
    align: str


_Box = tuple[float, float, float, float]


def placed(dots: Sequence[Dot], size: float, frame: tuple[float, float], most: int) -> list[Placed]:
    """Labels for up to ``most`` dots, the first of them first; ``frame``: width and height that labels stay within."""
    found: list[Placed] = []
    own = [(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius) for dot in dots]
    lines = [(min(dot.x, dot.to), dot.y, max(dot.x, dot.to), dot.y) for dot in dots if dot.to is not None]
    taken: list[_Box] = [*own, *lines]
    for number, dot in enumerate(dots):
        if len(found) >= most:
            break
        for x, y, align in _beside(dot, size):
            box = _box(dot.label, x, y, align, size)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= frame[0] and box[3] <= frame[1]
            if inside and not any(_meet(box, other) for other in taken if other is not own[number]):
                found.append(Placed(number, x, y, align))
                taken.append(box)
                break
    return found


def _beside(dot: Dot, size: float) -> list[tuple[float, float, str]]:
    """Right, left, above, below, and the four corners between; a line is in nobody's way."""
    reach, rise, half = dot.radius + _GAP, dot.radius + _GAP + size / 2, size / 2 + _ROOM
    found = [(dot.x + reach, dot.y, "left"), (dot.x - reach, dot.y, "right"),
             (dot.x, dot.y - rise, "center"), (dot.x, dot.y + rise, "center")]
    return found + [(dot.x + sign * reach, dot.y + turn * half, align)
                    for turn in (-1, 1) for sign, align in ((1, "left"), (-1, "right"))]


def _box(text: str, x: float, y: float, align: str, size: float) -> _Box:
    length = width(text, size)
    begin = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * length
    return begin - _ROOM, y - size / 2 - _ROOM, begin + length + _ROOM, y + size / 2 + _ROOM


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
