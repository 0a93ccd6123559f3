from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from crosscut.sample import outlets
from crosscut.sample.layouts import LAYOUTS, thumbnail
from crosscut.sample.pictures import Canvas, hexed, mix
from crosscut.sample.scenes import STORIES


def decode(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A PNG as our writer makes it: checks every chunk, undoes the filter."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + data)
        chunks[kind] = data
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 2, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 3 * width)
    assert set(rows[:, 0].tolist()) == {2}
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, 3)


@pytest.mark.parametrize("story", ["talks", *STORIES])
@pytest.mark.parametrize("outlet", outlets(), ids=lambda outlet: outlet.code)
def test_every_story_in_every_layout(story: str, outlet: object) -> None:
    code, colour = outlet.code, outlet.colour  # type: ignore[attr-defined]
    png = thumbnail("standin-001", story, code, colour)
    pixels = decode(png)
    assert pixels.shape == (180, 320, 3)
    assert len(png) < 16_000
    assert (pixels == hexed(colour)).all(axis=2).mean() > 0.02
    assert png == thumbnail("standin-001", story, code, colour)
    assert png != thumbnail("standin-002", story, code, colour)


def test_layouts_are_those_of_the_study() -> None:
    assert list(LAYOUTS) == [outlet.code for outlet in outlets()]


def test_shapes_fill_their_place() -> None:
    canvas = Canvas((0, 0, 0), 40, 30)
    canvas.rect(10, 10, 20, 20, (200, 0, 0))
    canvas.disc(30, 15, 5, (0, 200, 0))
    canvas.polygon([(0, 0), (8, 0), (8, 8), (0, 8)], (0, 0, 200))
    canvas.stroke((5, 25), (35, 25), 4, (90, 90, 90))
    pixels = decode(canvas.png())
    assert (pixels[:, :, 0] == 200).sum() == 100
    assert abs(int(pixels[:, :, 1][0:22].sum()) / 200 - 78.5) < 2
    assert (pixels[:, :, 2] == 200).sum() == 64
    assert pixels[25, 20].tolist() == [90, 90, 90]


def test_shapes_outside_leave_no_trace() -> None:
    canvas = Canvas((1, 2, 3), 40, 30)
    canvas.disc(-50, -50, 5, (255, 255, 255))
    canvas.disc(90, 90, 5, (255, 255, 255))
    canvas.rect(50, -20, 60, -10, (255, 255, 255))
    assert (decode(canvas.png()) == (1, 2, 3)).all()


def test_colours() -> None:
    assert hexed("#E69F00") == (230, 159, 0)
    assert mix((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)
