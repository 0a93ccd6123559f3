"""How is a small flat picture drawn with nothing but numpy and zlib?

Edges are smoothed by their distance in pixels, only additions, products and square roots are used (sines differ in the
last bit from machine to machine), and each shape touches no more than its own rectangle of the picture.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 320, 180

Colour = tuple[int, int, int]
Point = tuple[float, float]
Coverage = npt.NDArray[np.float32]


def hexed(text: str) -> Colour:
    """``#E69F00`` as three numbers."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """One colour with a share of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Canvas:
    """A picture of 320 by 180; shapes are painted over each other."""

    def __init__(self, colour: Colour, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width, self.height = width, height
        self.pixels = np.empty((height, width, 3), np.float32)
        self.pixels[:] = colour

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice]:
        """The rectangle of pixels that a shape may touch, one pixel wider for its smooth edge."""
        rows = slice(max(0, int(y0) - 1), min(self.height, max(0, int(y1) + 2)))
        return rows, slice(max(0, int(x0) - 1), min(self.width, max(0, int(x1) + 2)))

    @staticmethod
    def _grid(box: tuple[slice, slice]) -> tuple[Coverage, Coverage]:
        """Centres of the pixels of a box: a column of y and a row of x."""
        rows, columns = box
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] + np.float32(0.5)
        x = np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] + np.float32(0.5)
        return y, x

    def _paint(self, box: tuple[slice, slice], distance: Coverage, colour: Colour, share: float) -> None:
        """Blend a colour in where the signed distance to the edge is negative; half at the edge itself."""
        cover = np.clip(np.float32(0.5) - distance, 0, 1)[:, :, None] * np.float32(share)
        part = self.pixels[box]
        part += (np.array(colour, np.float32) - part) * cover

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, share: float = 1) -> None:
        """An upright rectangle."""
        box = self._box(x0, y0, x1, y1)
        y, x = self._grid(box)
        distance = np.maximum(np.maximum(x0 - x, x - x1), np.maximum(y0 - y, y - y1))
        self._paint(box, distance.astype(np.float32), colour, share)

    def disc(self, x: float, y: float, radius: float, colour: Colour, share: float = 1) -> None:
        """A full circle."""
        box = self._box(x - radius, y - radius, x + radius, y + radius)
        down, across = self._grid(box)
        far = np.sqrt((across - x) ** 2 + (down - y) ** 2)
        self._paint(box, (far - radius).astype(np.float32), colour, share)

    def stroke(self, start: Point, end: Point, width: float, colour: Colour, share: float = 1) -> None:
        """A straight line with round ends."""
        (x0, y0), (x1, y1), half = start, end, width / 2
        box = self._box(min(x0, x1) - half, min(y0, y1) - half, max(x0, x1) + half, max(y0, y1) + half)
        y, x = self._grid(box)
        length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-6)
        along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
        far = np.sqrt((x - x0 - along * (x1 - x0)) ** 2 + (y - y0 - along * (y1 - y0)) ** 2)
        self._paint(box, (far - half).astype(np.float32), colour, share)

    def polygon(self, corners: Sequence[Point], colour: Colour, share: float = 1) -> None:
        """A convex polygon, corners clockwise as seen on the screen."""
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        box = self._box(min(xs), min(ys), max(xs), max(ys))
        y, x = self._grid(box)
        inside = np.full((y.shape[0], x.shape[1]), -1e6, np.float32)
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            size = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
            np.maximum(inside, ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / size, out=inside)
        self._paint(box, inside, colour, share)

    def png(self) -> bytes:
        """The picture as a PNG file, true colour; each row is written as the change from the row above it."""
        pixels = np.round(self.pixels).astype(np.uint8).reshape(self.height, -1)
        rows = np.empty((self.height, 1 + pixels.shape[1]), np.uint8)
        rows[:, 0] = 2  # PNG filter "up": flat pictures compress to a half of what they do unfiltered
        rows[0, 1:] = pixels[0]
        rows[1:, 1:] = pixels[1:] - pixels[:-1]
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        data = zlib.compress(rows.tobytes(), 6)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
