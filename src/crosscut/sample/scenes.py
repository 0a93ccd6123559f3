"""What is to be seen on the thumbnail of a video?  Each story has its scene, in the light of that day."""

from __future__ import annotations

from collections.abc import Callable

from crosscut.sample.pictures import HEIGHT, WIDTH, Canvas, Colour, mix
from crosscut.sample.speech import chance

WHITE, INK, STEEL = (250, 250, 247), (38, 50, 66), (120, 136, 150)
SAND, RED, GOLD, GREEN = (224, 203, 160), (204, 84, 66), (242, 190, 78), (112, 158, 98)

#: Light of the day: sky, sun, sea.
LIGHTS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((250, 221, 190), (245, 150, 100), (92, 140, 160)),   # morning
    ((190, 222, 238), (252, 226, 140), (66, 130, 168)),   # noon
    ((206, 190, 218), (240, 140, 130), (84, 96, 146)),    # dusk
    ((214, 222, 224), (244, 244, 236), (104, 132, 142)),  # haze
)


class Scene:
    """A canvas with the light of one video on it; ``luck`` shifts things so that no two videos look the same."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.sky, self.sun, self.sea = LIGHTS[int(4 * self.luck("light"))]
        self.canvas = Canvas(self.sky)

    def luck(self, what: str, low: float = 0, high: float = 1) -> float:
        """A number between two bounds that this video has for this thing."""
        return low + (high - low) * chance("scene", self.key, what)

    def sun_up(self, top: float = 28, bottom: float = 62) -> None:
        """The sun with a pale ring."""
        x, y = self.luck("sun x", 50, 270), self.luck("sun y", top, bottom)
        self.canvas.disc(x, y, 30, self.sun, 0.35)
        self.canvas.disc(x, y, 20, self.sun)

    def hills(self, level: float, colour: Colour) -> None:
        """Two round hills on the horizon."""
        for at, size in (("left", 150), ("right", 190)):
            self.canvas.disc(self.luck(f"hill {at}", 20, 300), level + size * 0.82, size, colour)

    def waves(self, level: float, rows: int = 3) -> None:
        """Water from a level down, in rows of scallops that get darker."""
        self.canvas.rect(0, level, WIDTH, HEIGHT, self.sea)
        for row in range(rows):
            y = level + 16 + row * 24
            colour = mix(self.sea, INK, 0.12 * (row + 1))
            self.canvas.rect(0, y + 8, WIDTH, HEIGHT, colour)
            shift = self.luck(f"wave {row}", -30, 0)
            for at in range(13):
                self.canvas.disc(shift + at * 30, y + 12, 15, colour)


def _ship(scene: Scene) -> None:
    """A freighter on the water."""
    paint, x = scene.canvas, scene.luck("ship", 60, 130)
    scene.sun_up()
    scene.hills(104, mix(scene.sky, INK, 0.25))
    for at, colour in enumerate((RED, GOLD, STEEL, GREEN)):
        paint.rect(x + 12 + at * 27, 84, x + 36 + at * 27, 102, colour)
        paint.rect(x + 12 + at * 27, 66 + 18 * (at % 2), x + 36 + at * 27, 83, mix(colour, WHITE, 0.3))
    paint.rect(x + 122, 58, x + 146, 102, WHITE)
    paint.rect(x + 126, 64, x + 142, 71, INK)
    paint.polygon([(x - 12, 100), (x + 160, 100), (x + 146, 132), (x + 6, 132)], INK)
    scene.waves(112)


def _crane(scene: Scene) -> None:
    """A crane over the quay."""
    paint, x = scene.canvas, scene.luck("crane", 90, 150)
    scene.sun_up(40, 74)
    scene.waves(116)
    paint.rect(0, 136, WIDTH, HEIGHT, mix(SAND, INK, 0.3))
    for leg in (0, 52):
        paint.stroke((x + leg, 46), (x + leg, 138), 7, RED)
    paint.stroke((x, 96), (x + 52, 138), 4, RED)
    paint.stroke((x - 60, 46), (x + 130, 46), 9, RED)
    paint.stroke((x + 26, 20), (x - 58, 44), 3, RED)
    paint.stroke((x + 26, 20), (x + 128, 44), 3, RED)
    paint.stroke((x + 100, 46), (x + 100, 88), 2, INK)
    paint.rect(x + 82, 88, x + 118, 108, GOLD)
    for at, colour in enumerate((STEEL, GREEN, GOLD, RED, STEEL)):
        paint.rect(14 + at * 62, 128, 66 + at * 62, 152, colour)


def _person(paint: Canvas, x: float, y: float, coat: Colour, skin: Colour, size: float = 1) -> None:
    """Head and shoulders."""
    paint.disc(x, y + 52 * size, 34 * size, coat)
    paint.rect(x - 34 * size, y + 52 * size, x + 34 * size, HEIGHT, coat)
    paint.disc(x, y, 19 * size, skin)


def _table(scene: Scene) -> None:
    """Two sides at a table with their flags."""
    paint = scene.canvas
    paint.rect(0, 0, WIDTH, HEIGHT, mix(scene.sky, WHITE, 0.3))
    for at in range(3):
        paint.rect(38 + at * 90, 14, 102 + at * 90, 76, mix(scene.sea, WHITE, 0.55))
    for x, colour in ((24, scene.sea), (296, RED)):
        paint.stroke((x, 30), (x, 130), 3, INK)
        paint.rect(x if x < 160 else x - 22, 32, x + 22 if x < 160 else x, 62, colour)
    skins = ((240, 204, 176), (190, 138, 104), (126, 88, 66), (228, 182, 148))
    for at in range(4):
        coat = (INK, scene.sea, STEEL, mix(RED, INK, 0.4))[(at + int(scene.luck("coats", 0, 4))) % 4]
        _person(paint, 68 + at * 61, 74, coat, skins[(at + int(scene.luck("skins", 0, 4))) % 4], 0.8)
    paint.rect(0, 130, WIDTH, 142, mix(SAND, INK, 0.2))
    paint.rect(0, 141, WIDTH, HEIGHT, mix(SAND, INK, 0.45))


def _lighthouse(scene: Scene) -> None:
    """The harbour light on its mole."""
    paint, x = scene.canvas, scene.luck("tower", 80, 240)
    scene.sun_up(24, 50)
    paint.polygon([(x, 34), (x + 330, -28), (x + 330, 86)], GOLD, 0.25)
    paint.polygon([(x - 13, 46), (x + 13, 46), (x + 21, 136), (x - 21, 136)], WHITE)
    paint.polygon([(x - 16, 72), (x + 16, 72), (x + 18, 92), (x - 18, 92)], RED)
    paint.polygon([(x - 19, 112), (x + 19, 112), (x + 21, 136), (x - 21, 136)], RED)
    paint.rect(x - 10, 26, x + 10, 46, INK)
    paint.rect(x - 6, 30, x + 6, 43, GOLD)
    paint.disc(x, 26, 10, RED)
    scene.waves(126, 2)
    paint.disc(x, 170, 52, mix(STEEL, INK, 0.4))


def _podium(scene: Scene) -> None:
    """Somebody speaks to the press."""
    paint, x = scene.canvas, scene.luck("podium", 120, 200)
    paint.rect(0, 0, WIDTH, HEIGHT, mix(scene.sea, INK, 0.35))
    for at in range(6):
        paint.stroke((at * 70 - 40, 190), (at * 70 + 30, -10), 16, mix(scene.sea, INK, 0.28))
    coat, skin = mix(scene.sun, INK, 0.55), ((240, 204, 176), (156, 108, 80))[int(scene.luck("skin", 0, 2))]
    _person(paint, x, 62, coat, skin, 1.1)
    paint.polygon([(x - 48, 128), (x + 48, 128), (x + 38, 180), (x - 38, 180)], SAND)
    paint.rect(x - 54, 120, x + 54, 130, mix(SAND, WHITE, 0.4))
    for lean in (-26, -9, 9, 26):
        paint.stroke((x + lean, 120), (x + lean * 0.6, 102), 2, INK)
        paint.disc(x + lean * 0.6, 100, 5, STEEL)


def _interview(scene: Scene) -> None:
    """Two people talk in a studio."""
    paint = scene.canvas
    paint.rect(0, 0, WIDTH, HEIGHT, mix(scene.sun, WHITE, 0.55))
    paint.rect(96, 18, 224, 92, mix(scene.sea, WHITE, 0.25))
    for at in range(4):
        paint.disc(106 + at * 36, 92, 17, mix(scene.sea, INK, 0.18))
    paint.rect(90, 92, 230, 112, mix(scene.sun, WHITE, 0.55))
    skins = ((240, 204, 176), (126, 88, 66), (190, 138, 104))
    for at, x in enumerate((70, 250)):
        _person(paint, x, 66, (INK, mix(GREEN, INK, 0.35))[at], skins[int(3 * scene.luck(f"guest {at}"))])
    paint.rect(0, 152, WIDTH, HEIGHT, mix(SAND, INK, 0.35))
    paint.rect(148, 136, 172, 154, WHITE)


def _storm(scene: Scene) -> None:
    """Rain, clouds, lightning."""
    paint = scene.canvas
    paint.rect(0, 0, WIDTH, HEIGHT, mix(INK, scene.sea, 0.45))
    x = scene.luck("bolt", 90, 220)
    scene.waves(128)
    for at in range(22):
        drop, fall = at * 16 + scene.luck("rain", -10, 10), 64 + 62 * chance(scene.key, at)
        paint.stroke((drop, fall), (drop - 6, fall + 16), 2, (170, 196, 214), 0.7)
    paint.polygon([(x, 46), (x + 20, 46), (x + 4, 84), (x - 12, 84)], GOLD)
    paint.polygon([(x - 8, 80), (x + 14, 80), (x - 16, 126)], GOLD)
    for at in range(7):
        paint.disc(at * 54 + scene.luck("cloud", -20, 10), 32 + 12 * (at % 2), 34, (146, 158, 174))
    paint.rect(0, 0, WIDTH, 30, (146, 158, 174))


def _rails(scene: Scene) -> None:
    """A train stands, the signal is red."""
    paint, x = scene.canvas, scene.luck("train", 100, 150)
    scene.sun_up(24, 44)
    scene.hills(98, mix(GREEN, WHITE, 0.25))
    paint.rect(0, 108, WIDTH, HEIGHT, SAND)
    paint.polygon([(x + 24, 92), (x + 34, 92), (x + 130, 184), (x - 70, 184)], mix(SAND, INK, 0.25))
    for at in range(6):
        y, half = 114 + at * at * 2.6, 12 + at * at * 3.2
        paint.stroke((x + 29 - half, y), (x + 29 + half, y), 3 + at, mix(SAND, INK, 0.6))
    for side in (-1, 1):
        paint.stroke((x + 29 + side * 8, 96), (x + 29 + side * 76, 184), 4, STEEL)
    paint.rect(x - 4, 46, x + 62, 118, mix(scene.sea, INK, 0.2))
    paint.rect(x + 4, 56, x + 54, 82, (206, 228, 236))
    for lamp in (8, 50):
        paint.disc(x + lamp, 102, 6, GOLD)
    paint.stroke((264, 60), (264, 150), 5, INK)
    paint.rect(252, 32, 276, 78, INK)
    paint.disc(264, 44, 8, (232, 70, 58))
    paint.disc(264, 66, 8, (76, 84, 92))


def _hospital(scene: Scene) -> None:
    """A new house with a green cross."""
    paint, x = scene.canvas, scene.luck("house", 60, 110)
    scene.sun_up(22, 36)
    paint.rect(0, 144, WIDTH, HEIGHT, GREEN)
    paint.rect(x, 60, x + 150, 146, WHITE)
    paint.rect(x + 44, 34, x + 106, 146, mix(WHITE, scene.sea, 0.12))
    for row in range(3):
        for column in range(6):
            if column not in (2, 3):
                paint.rect(x + 8 + column * 24, 70 + row * 24, x + 22 + column * 24, 84 + row * 24, scene.sea, 0.7)
    paint.rect(x + 68, 44, x + 82, 84, (46, 142, 112))
    paint.rect(x + 55, 57, x + 95, 71, (46, 142, 112))
    paint.rect(x + 60, 108, x + 90, 146, scene.sea)
    for tree in (20, 262, 294):
        paint.stroke((tree, 120), (tree, 150), 5, (120, 92, 70))
        paint.disc(tree, 112, 18, mix(GREEN, INK, 0.2))


def _cup(scene: Scene) -> None:
    """A ball on the grass, the goal behind."""
    paint, x = scene.canvas, scene.luck("ball", 90, 230)
    paint.rect(0, 0, WIDTH, 74, mix(scene.sky, WHITE, 0.2))
    for at in range(9):
        paint.rect(at * 40 - 20, 74, at * 40 + 20, HEIGHT, GREEN if at % 2 else mix(GREEN, INK, 0.12))
    for at in range(9):
        paint.stroke((70 + at * 22, 34), (70 + at * 22, 104), 1, WHITE, 0.6)
    for at in range(4):
        paint.stroke((70, 44 + at * 18), (246, 44 + at * 18), 1, WHITE, 0.6)
    for start, end in (((66, 32), (66, 106)), ((250, 32), (250, 106)), ((66, 32), (250, 32))):
        paint.stroke(start, end, 5, WHITE)
    paint.disc(x + 4, 158, 30, INK, 0.2)
    paint.disc(x, 134, 29, WHITE)
    paint.disc(x, 134, 9, INK)
    for dx, dy in ((0, -25), (24, -8), (15, 20), (-15, 20), (-24, -8)):
        paint.disc(x + dx, 134 + dy, 5, INK)


def _comet(scene: Scene) -> None:
    """A comet over dark hills."""
    paint, x = scene.canvas, scene.luck("comet", 60, 130)
    night = mix((24, 30, 62), scene.sea, 0.18)
    paint.rect(0, 0, WIDTH, HEIGHT, night)
    for at in range(38):
        paint.disc(320 * chance(scene.key, "x", at), 130 * chance(scene.key, "y", at), 0.8 + at % 3 * 0.5, WHITE, 0.8)
    for width, share in ((34, 0.14), (22, 0.2), (10, 0.4)):
        paint.polygon([(x - width / 3, 96 - width / 3), (x + 190, 12), (x + width / 3, 96 + width / 3)],
                      (188, 226, 240), share)
    paint.disc(x, 96, 17, (188, 226, 240), 0.4)
    paint.disc(x, 96, 10, WHITE)
    scene.hills(140, (16, 20, 40))
    paint.rect(0, 160, WIDTH, HEIGHT, (12, 15, 30))


def _town(scene: Scene) -> None:
    """The town hall with its flag."""
    paint, x = scene.canvas, scene.luck("hall", 70, 110)
    scene.sun_up(24, 40)
    paint.rect(0, 150, WIDTH, HEIGHT, mix(SAND, INK, 0.25))
    wall = mix(SAND, WHITE, 0.45)
    paint.rect(x, 88, x + 150, 152, wall)
    paint.polygon([(x - 8, 88), (x + 75, 48), (x + 158, 88)], mix(RED, INK, 0.15))
    paint.disc(x + 75, 74, 9, WHITE)
    paint.stroke((x + 75, 50), (x + 75, 14), 3, INK)
    paint.polygon([(x + 77, 14), (x + 108, 23), (x + 77, 33)], scene.sea)
    for column in range(5):
        paint.rect(x + 10 + column * 30, 94, x + 20 + column * 30, 146, WHITE)
        paint.rect(x + 23 + column * 30, 102, x + 37 + column * 30, 146, mix(wall, INK, 0.5), float(column < 4))
    for step in range(3):
        paint.rect(x - 6 - step * 6, 146 + step * 6, x + 156 + step * 6, 153 + step * 6, mix(wall, INK, 0.08 * step))


def _wheat(scene: Scene) -> None:
    """Ears of wheat before a field."""
    paint = scene.canvas
    scene.sun_up()
    scene.hills(110, mix(GREEN, WHITE, 0.2))
    paint.rect(0, 112, WIDTH, HEIGHT, (228, 186, 92))
    for row in range(3):
        paint.rect(0, 126 + row * 18, WIDTH, 130 + row * 18, (212, 166, 76))
    for stalk in range(6):
        x, top = 36 + stalk * 50 + scene.luck(f"stalk {stalk}", -12, 12), scene.luck(f"top {stalk}", 48, 84)
        paint.stroke((x, top), (x - 6, 182), 4, (172, 124, 48))
        for grain in range(5):
            for side in (-1, 1):
                paint.disc(x + side * 6, top + 4 + grain * 10, 5.5, (238, 200, 104))
        paint.disc(x, top - 4, 5.5, (238, 200, 104))


TALKS: tuple[Callable[[Scene], None], ...] = (_ship, _table, _crane, _lighthouse, _podium, _interview)
STORIES: dict[str, Callable[[Scene], None]] = {
    "storm": _storm, "rail": _rails, "hospital": _hospital, "cup": _cup, "comet": _comet, "mayor": _town,
    "wheat": _wheat,
}
