"""How does an outlet frame its thumbnails?  Bands, frames and discs in its colour; no letters."""

from __future__ import annotations

from crosscut.sample.pictures import HEIGHT, WIDTH, Canvas, Colour, hexed
from crosscut.sample.scenes import STORIES, TALKS, Scene

WHITE = (250, 250, 247)


def _band_below(paint: Canvas, colour: Colour) -> None:
    """A band at the foot with a white square."""
    paint.rect(0, 156, WIDTH, HEIGHT, colour)
    paint.rect(10, 146, 34, 170, WHITE)
    paint.rect(15, 151, 29, 165, colour)


def _band_left(paint: Canvas, colour: Colour) -> None:
    """A slanting band at the left with two discs."""
    paint.polygon([(-2, -2), (38, -2), (22, 182), (-2, 182)], colour)
    paint.disc(16, 22, 9, WHITE)
    paint.disc(16, 22, 4, colour)


def _frame(paint: Canvas, colour: Colour) -> None:
    """A frame all round with a tab at the top."""
    for box in ((0, 0, WIDTH, 7), (0, 173, WIDTH, HEIGHT), (0, 0, 7, HEIGHT), (313, 0, WIDTH, HEIGHT)):
        paint.rect(*box, colour)
    paint.rect(246, 0, 304, 24, colour)
    for at in range(3):
        paint.disc(260 + at * 15, 12, 4, WHITE)


def _corner(paint: Canvas, colour: Colour) -> None:
    """A quarter disc in a corner, and a thin line."""
    paint.disc(320, 180, 58, WHITE)
    paint.disc(320, 180, 50, colour)
    paint.rect(0, 175, 262, HEIGHT, colour)


def _two_lines(paint: Canvas, colour: Colour) -> None:
    """A band at the top over a thin white line, a ring at the right."""
    paint.rect(0, 0, WIDTH, 18, colour)
    paint.rect(0, 18, WIDTH, 21, WHITE)
    paint.disc(290, 20, 16, WHITE)
    paint.disc(290, 20, 12, colour)


LAYOUTS = {"en_NWB": _band_below, "en_HTV": _band_left, "en_CIV": _frame, "en_PLN": _corner, "fr_RTM": _two_lines}


def thumbnail(key: str, story: str, outlet: str, colour: str) -> bytes:
    """The PNG of one video: the scene of its story in the layout and colour of its outlet."""
    scene = Scene(key)
    draw = STORIES.get(story) or TALKS[int(scene.luck("motif", 0, len(TALKS)))]
    draw(scene)
    LAYOUTS[outlet](scene.canvas, hexed(colour))
    return scene.canvas.png()
