"""Things that stand, hang or are held: instruments, lamps, houses, kites. One unit is about a person's height."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from videos.engine.paint.buildings import castle, house, lighthouse, windmill
from videos.engine.paint.colour import RGB, mix, rgb, scaled
from videos.engine.paint.instruments import bench, drums, piano, table
from videos.engine.paint.pen import Pen

Drawing = Callable[[Pen, RGB, float], None]
INK: RGB = (30, 27, 33)


class Prop:
    """A standing thing; its own height is given by the drawing."""

    def __init__(self, prop: dict[str, Any]) -> None:
        kind = str(prop["kind"])
        self.drawing, default, self.size, self.box = DRAWINGS[kind]
        self.colour = rgb(prop["colour"][0]) if prop.get("colour") else default
        self.glows = kind in ("lamp", "lantern", "campfire", "lighthouse", "cake")
        self.phase = (int(prop["seed"]) % 89) / 89 * 6.28

    def draw(self, pen: Pen, t: float) -> None:
        self.drawing(pen, self.colour, t + self.phase)


def lamp(pen: Pen, colour: RGB, t: float) -> None:
    pen.limb([(0, 0), (0, 0.1), (0, 1.5)], [0.05, 0.022, 0.016], (44, 44, 52))
    pen.polygon([(-0.09, 1.5), (0.09, 1.5), (0.06, 1.72), (-0.06, 1.72)], (255, 226, 150))
    pen.polygon([(-0.1, 1.72), (0.1, 1.72), (0, 1.82)], (44, 44, 52))


def lantern(pen: Pen, colour: RGB, t: float) -> None:
    pen.line([(0, 0.16), (0, 0.3)], 0.01, INK, smooth=False)
    pen.oval((0, 0.08), (0.08, 0.1), (255, 206, 120))
    pen.polygon([(-0.05, 0.17), (0.05, 0.17), (0.03, 0.2), (-0.03, 0.2)], INK)


def ball(pen: Pen, colour: RGB, t: float) -> None:
    hop = 0.12 * abs(float(np.sin(t * 3.1)))
    pen.disc((0, 0.1 + hop), 0.1, colour)
    pen.line([(-0.08, 0.14 + hop), (0, 0.1 + hop), (0.09, 0.13 + hop)], 0.012, mix(colour, (255, 255, 255), 0.7))


def cup(pen: Pen, colour: RGB, t: float) -> None:
    pen.oval((0, 0.02), (0.34, 0.05), mix(colour, (255, 255, 255), 0.3))
    pen.line([(0.18, 0.3), (0.34, 0.28), (0.32, 0.15), (0.16, 0.12)], 0.04, scaled(colour, 0.9))
    pen.blob([(-0.22, 0.36), (-0.2, 0.14), (-0.1, 0.04), (0.1, 0.04), (0.2, 0.14), (0.22, 0.36), (0.0, 0.38)], colour)
    pen.oval((0, 0.36), (0.22, 0.05), scaled(colour, 0.85))
    pen.oval((0, 0.358), (0.19, 0.04), (92, 56, 34))
    for n in (-1, 1):
        w = [(n * 0.06 + 0.035 * float(np.sin(t * 1.6 + y * 9 + n)), 0.46 + y) for y in (0.0, 0.12, 0.24, 0.34)]
        pen.limb(w, [0.012, 0.02, 0.014, 0.004], (214, 208, 204))


def flower(pen: Pen, colour: RGB, t: float) -> None:
    lean = 0.03 * float(np.sin(t * 1.2))
    pen.limb([(0, 0), (0.02, 0.25), (lean, 0.5)], [0.014, 0.012, 0.01], (70, 120, 62))
    pen.blob([(0.01, 0.12), (0.12, 0.2), (0.2, 0.32), (0.06, 0.24)], (84, 140, 70))
    for n in range(8):
        a = n * np.pi / 4 + 0.1
        pen.oval((lean + 0.09 * float(np.cos(a)), 0.52 + 0.09 * float(np.sin(a))), (0.07, 0.04), colour, a)
    pen.disc((lean, 0.52), 0.055, (246, 200, 76))


def tree(pen: Pen, colour: RGB, t: float) -> None:
    lean = 0.015 * float(np.sin(t * 0.9))
    pen.limb([(0, 0), (0.02, 0.5), (0.0, 1.0)], [0.1, 0.06, 0.03], (92, 64, 48))
    for x, y, r, k in (
        (-0.32, 0.95, 0.3, 0.8),
        (0.34, 0.98, 0.28, 0.82),
        (0.0, 1.12, 0.38, 0.9),
        (-0.16, 1.35, 0.28, 1.0),
        (0.2, 1.36, 0.26, 1.05),
    ):
        pen.disc((x + lean * y, y), r, scaled(colour, k))
    for n in range(14):
        a = n * 2.4
        pen.disc(
            (0.36 * float(np.cos(a)) * (n / 14) ** 0.4 + lean, 1.16 + 0.28 * float(np.sin(a))),
            0.07,
            scaled(colour, 0.92 + 0.2 * (n % 3) / 2),
        )


def campfire(pen: Pen, colour: RGB, t: float) -> None:
    for a in (0.35, -0.35):
        pen.limb([(-0.3, 0.06 + a * 0.1), (0.3, 0.06 - a * 0.1)], [0.05, 0.05], (84, 56, 42))
    for n, (h, c) in enumerate(((0.62, (236, 92, 34)), (0.46, (252, 154, 46)), (0.28, (255, 224, 130)))):
        w = 0.03 * float(np.sin(t * 6.3 + n * 2))
        k = h / 0.62
        pen.blob(
            [
                (-0.2 * k, 0.1),
                (-0.16 * k + w, 0.1 + h * 0.45),
                (w * 1.5, 0.1 + h * (1 + 0.06 * float(np.sin(t * 7.7 + n)))),
                (0.17 * k + w, 0.1 + h * 0.4),
                (0.2 * k, 0.1),
                (0, 0.05),
            ],
            c,
        )


def tent(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-0.75, 0), (0.75, 0), (0.1, 0.85)], colour)
    pen.polygon([(-0.75, 0), (0.1, 0), (0.1, 0.85)], scaled(colour, 0.8))
    pen.polygon([(-0.2, 0), (0.26, 0), (0.1, 0.6)], (255, 214, 140))


def telescope(pen: Pen, colour: RGB, t: float) -> None:
    for x in (-0.22, 0.0, 0.22):
        pen.line([(0, 0.6), (x, 0)], 0.025, (90, 80, 76), smooth=False)
    pen.limb([(-0.25, 0.5), (0.4, 0.86)], [0.05, 0.09], colour)


def snow_pumpkin(pen: Pen, colour: RGB, t: float) -> None:
    for x in (-0.14, 0.14, 0.0):
        pen.oval((x, 0.17), (0.14, 0.17), scaled(colour, 1.0 if x == 0 else 0.86))
    pen.limb([(0, 0.32), (0.03, 0.4)], [0.025, 0.018], (88, 120, 60))


def cake(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-0.3, 0.02), (0.3, 0.02), (0.3, 0.26), (-0.3, 0.26)], (214, 160, 110))
    pen.blob(
        [
            (-0.31, 0.2),
            (-0.3, 0.3),
            (0.3, 0.3),
            (0.31, 0.2),
            (0.2, 0.16),
            (0.1, 0.2),
            (0.0, 0.15),
            (-0.1, 0.2),
            (-0.2, 0.15),
        ],
        colour,
    )
    for x in (-0.16, 0.0, 0.16):
        pen.line([(x, 0.3), (x, 0.42)], 0.02, (120, 190, 230), smooth=False)
        pen.oval((x, 0.455), (0.016, 0.03 + 0.004 * float(np.sin(t * 8 + x * 40))), (255, 214, 110))


def bottle(pen: Pen, colour: RGB, t: float) -> None:
    pen.blob([(-0.2, 0.02), (-0.22, 0.36), (-0.06, 0.5), (0.06, 0.5), (0.22, 0.36), (0.2, 0.02)], colour)
    pen.polygon([(-0.05, 0.48), (0.05, 0.48), (0.05, 0.58), (-0.05, 0.58)], (226, 206, 150))
    pen.polygon([(-0.08, 0.58), (0.08, 0.58), (0.08, 0.7), (-0.08, 0.7)], (206, 176, 110))
    pen.polygon([(-0.12, 0.12), (0.12, 0.12), (0.12, 0.32), (-0.12, 0.32)], mix(colour, (255, 255, 255), 0.75))
    pen.line([(-0.16, 0.08), (-0.17, 0.34)], 0.018, mix(colour, (255, 255, 255), 0.7), smooth=False)


def sneaker(pen: Pen, colour: RGB, t: float) -> None:
    pen.blob([(-0.4, 0.08), (-0.4, 0.36), (-0.2, 0.4), (-0.04, 0.3), (0.22, 0.2), (0.42, 0.14), (0.42, 0.07)], colour)
    pen.blob([(-0.42, 0.02), (-0.42, 0.1), (0.44, 0.1), (0.45, 0.03), (0.2, 0.01)], (246, 242, 236))
    for n in range(4):
        pen.line(
            [(-0.14 + n * 0.08, 0.34 - n * 0.035), (-0.06 + n * 0.08, 0.27 - n * 0.035)],
            0.018,
            (250, 248, 242),
            smooth=False,
        )
    pen.line([(-0.34, 0.16), (-0.12, 0.14), (0.06, 0.24)], 0.035, mix(colour, (255, 255, 255), 0.7))


def clock(pen: Pen, colour: RGB, t: float) -> None:
    pen.disc((0, 0.4), 0.38, colour)
    pen.disc((0, 0.4), 0.31, (248, 242, 228))
    for n in range(12):
        a = n * np.pi / 6
        pen.disc((0.26 * float(np.cos(a)), 0.4 + 0.26 * float(np.sin(a))), 0.016, INK)
    for length, speed, wide in ((0.16, 0.12, 0.03), (0.23, 1.2, 0.018)):
        a = np.pi / 2 - t * speed
        pen.line([(0, 0.4), (length * float(np.cos(a)), 0.4 + length * float(np.sin(a)))], wide, INK, smooth=False)


def gift(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-0.24, 0), (0.24, 0), (0.24, 0.36), (-0.24, 0.36)], colour)
    pen.polygon([(-0.27, 0.32), (0.27, 0.32), (0.27, 0.42), (-0.27, 0.42)], scaled(colour, 1.15))
    pen.polygon([(-0.04, 0), (0.04, 0), (0.04, 0.42), (-0.04, 0.42)], (246, 222, 140))
    for s in (-1, 1):
        pen.oval((s * 0.09, 0.48), (0.1, 0.05), (246, 222, 140), s * 0.5)


def book(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-0.3, 0.02), (0, 0.06), (0, 0.1), (-0.3, 0.07)], (248, 242, 228))
    pen.polygon([(0.3, 0.02), (0, 0.06), (0, 0.1), (0.3, 0.07)], (238, 230, 212))
    pen.line([(-0.31, 0.02), (0, 0.05), (0.31, 0.02)], 0.02, colour, smooth=False)


Box = tuple[float, float, float]
DRAWINGS: dict[str, tuple[Drawing, RGB, float, Box]] = {
    "piano": (piano, (26, 24, 30), 1.0, (-0.15, 2.2, 2.0)), "table": (table, (132, 84, 52), 1.0, (-1.6, 1.6, 0.5)),
        "bench": (bench, (120, 40, 44), 1.0, (-0.4, 0.4, 0.6)),
    "drums": (drums, (196, 48, 52), 0.8, (-0.7, 0.75, 1.1)), "lamp": (lamp, (44, 44, 52), 1.0, (-0.2, 0.2, 1.95)),
    "lantern": (lantern, (255, 206, 120), 1.0, (-0.2, 0.2, 0.4)), "ball": (ball, (226, 72, 60), 1.0, (-0.2, 0.2,
        0.4)),
    "cup": (cup, (232, 228, 222), 0.55, (-0.45, 0.5, 1.0)), "flower": (flower, (232, 96, 120), 0.8, (-0.3, 0.3,
        0.75)),
    "tree": (tree, (86, 142, 72), 1.5, (-0.8, 0.8, 1.8)), "house": (house, (232, 214, 184), 1.3, (-0.85, 0.85, 1.4)),
    "lighthouse": (lighthouse, (204, 56, 52), 1.3, (-0.85, 0.85, 2.1)), "castle": (castle, (190, 182, 186), 1.4,
        (-0.95, 0.95, 2.1)),
    "windmill": (windmill, (226, 214, 194), 1.2, (-0.95, 0.95, 2.05)), "campfire": (campfire, (236, 92, 34), 0.7,
        (-0.45, 0.45, 0.95)),
    "tent": (tent, (222, 120, 62), 1.0, (-0.85, 0.85, 0.95)), "telescope": (telescope, (190, 176, 150), 0.8, (-0.4,
        0.6, 1.05)),
    "pumpkin": (snow_pumpkin, (232, 122, 44), 0.6, (-0.35, 0.35, 0.5)), "cake": (cake, (248, 190, 200), 0.8, (-0.4,
        0.4, 0.6)),
    "bottle": (bottle, (120, 176, 190), 0.9, (-0.35, 0.35, 0.8)), "sneaker": (sneaker, (214, 60, 56), 0.9, (-0.55,
        0.55, 0.5)),
    "clock": (clock, (150, 100, 62), 0.8, (-0.5, 0.5, 0.9)), "gift": (gift, (202, 60, 72), 0.8, (-0.4, 0.4, 0.7)),
    "book": (book, (150, 60, 54), 0.8, (-0.4, 0.4, 0.2)),
}  # fmt: skip
