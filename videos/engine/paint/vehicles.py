"""Vehicles with turning wheels, and boats."""

from __future__ import annotations

from typing import Any

import numpy as np

from videos.engine.paint.colour import RGB, mix, rgb, scaled
from videos.engine.paint.pen import Pen, Point
from videos.engine.paint.quadruped import SIZES

INK: RGB = (34, 32, 38)
GLASS: RGB = (150, 200, 222)
LOOKS: dict[str, tuple[RGB, float, tuple[float, float, float]]] = {
    "car": ((206, 52, 48), 1.5, (-0.75, 0.75, 0.62)), "bus": ((236, 184, 64), 1.9, (-0.8, 0.8, 0.72)),
    "truck": ((70, 120, 166), 1.8, (-0.8, 0.8, 0.75)), "train": ((54, 90, 84), 2.4, (-1.75, 1.0, 1.0)),
    "bicycle": ((206, 62, 58), 0.95, (-0.65, 0.65, 1.3)), "motorcycle": ((52, 110, 120), 1.05, (-0.7, 0.7, 1.3)),
    "skateboard": ((232, 150, 60), 0.7, (-0.6, 0.6, 1.3)), "sailboat": ((236, 230, 220), 1.6, (-0.75, 0.75, 1.45)),
    "boat": ((150, 84, 56), 1.2, (-0.75, 0.75, 0.6)), "ship": ((60, 74, 104), 2.2, (-0.9, 0.9, 0.95)),
}  # fmt: skip


class Vehicle:
    """Length is one unit; wheels stand on the origin's line."""

    hands, reach, airborne = 0.5, 0.3, False
    seat_height = 0.0
    seat: Point = (-0.08, 0.42)

    def __init__(self, subject: dict[str, Any]) -> None:
        self.species = str(subject["species"])
        colour, self.size, self.box = LOOKS.get(self.species, LOOKS["car"])
        self.taxi = subject["word"] in ("taxi", "cab")
        self.colour = rgb(subject["colours"][0]) if subject["colours"] else (244, 194, 52) if self.taxi else colour
        self.size *= SIZES[subject["size"]]
        self.moving = subject["motion"] not in ("sit", "stand", "sleep", "float")
        self.phase = (int(subject["seed"]) % 97) / 97 * 6.28
        self.seat = {"bicycle": (-0.1, 0.5), "motorcycle": (-0.1, 0.42), "skateboard": (0.0, 0.12)}.get(
            self.species, self.seat
        )

    def draw(self, pen: Pen, t: float) -> None:
        drawing = {
            "bus": self._bus,
            "truck": self._truck,
            "train": self._train,
            "bicycle": self._bicycle,
            "motorcycle": self._motorcycle,
            "skateboard": self._skateboard,
            "sailboat": self._sailboat,
            "boat": self._boat,
            "ship": self._ship,
        }.get(self.species, self._car)
        drawing(pen, t)

    def _wheel(self, pen: Pen, x: float, r: float, t: float, spokes: int = 5, y: float = 0.0) -> None:
        a = -t * (1.6 / r if self.moving else 0.0) * 0.4
        pen.disc((x, r + y), r, INK)
        pen.disc((x, r + y), r * 0.62, (178, 184, 192))
        for n in range(spokes):
            b = a + n * 2 * np.pi / spokes
            pen.line(
                [(x, r + y), (x + r * 0.56 * float(np.cos(b)), r + y + r * 0.56 * float(np.sin(b)))],
                r * 0.16,
                (90, 94, 104),
                smooth=False,
            )
        pen.disc((x, r + y), r * 0.16, (60, 62, 70))

    def _car(self, pen: Pen, t: float) -> None:
        c, hop = self.colour, 0.004 * float(np.sin(t * 9)) * self.moving
        pen.blob(
            [(-0.3, 0.24), (-0.24, 0.38 + hop), (-0.1, 0.44 + hop), (0.1, 0.44 + hop), (0.26, 0.3 + hop), (0.3, 0.24)],
            scaled(c, 0.94),
        )
        pen.blob([(-0.23, 0.27), (-0.18, 0.37 + hop), (-0.06, 0.41 + hop), (-0.05, 0.27)], GLASS)
        pen.blob([(-0.01, 0.27), (-0.01, 0.41 + hop), (0.09, 0.4 + hop), (0.22, 0.28)], GLASS)
        pen.blob(
            [
                (-0.56, 0.1),
                (-0.56, 0.22 + hop),
                (-0.4, 0.28 + hop),
                (0.3, 0.28 + hop),
                (0.5, 0.23 + hop),
                (0.57, 0.16),
                (0.56, 0.09),
                (0.0, 0.07),
            ],
            c,
        )
        pen.line([(-0.52, 0.2 + hop), (0.0, 0.22 + hop), (0.5, 0.2 + hop)], 0.008, mix(c, (255, 255, 255), 0.45))
        pen.oval((0.53, 0.18 + hop), (0.03, 0.028), (255, 246, 206))
        pen.oval((-0.555, 0.19 + hop), (0.02, 0.03), (255, 84, 70))
        if self.taxi:
            pen.polygon([(-0.07, 0.44), (0.06, 0.44), (0.05, 0.5), (-0.06, 0.5)], (255, 240, 180))
            for n in range(10):
                pen.polygon(
                    [
                        (-0.4 + n * 0.08, 0.155),
                        (-0.36 + n * 0.08, 0.155),
                        (-0.36 + n * 0.08, 0.18),
                        (-0.4 + n * 0.08, 0.18),
                    ],
                    INK,
                )
        for x in (-0.34, 0.34):
            pen.disc((x, 0.11), 0.118, scaled(c, 0.35))
            self._wheel(pen, x, 0.1, t)

    def _bus(self, pen: Pen, t: float) -> None:
        c = self.colour
        pen.blob([(-0.66, 0.1), (-0.67, 0.5), (-0.6, 0.58), (0.56, 0.58), (0.66, 0.46), (0.68, 0.1)], c)
        for n in range(6):
            pen.polygon(
                [(-0.58 + n * 0.18, 0.34), (-0.44 + n * 0.18, 0.34), (-0.44 + n * 0.18, 0.5), (-0.58 + n * 0.18, 0.5)],
                GLASS,
            )
        pen.line([(-0.66, 0.26), (0.67, 0.26)], 0.02, mix(c, (255, 255, 255), 0.6), smooth=False)
        pen.oval((0.655, 0.18), (0.022, 0.03), (255, 246, 206))
        for x in (-0.4, 0.42):
            self._wheel(pen, x, 0.095, t)

    def _truck(self, pen: Pen, t: float) -> None:
        c = self.colour
        pen.polygon([(-0.66, 0.14), (0.2, 0.14), (0.2, 0.62), (-0.66, 0.62)], mix(c, (255, 255, 255), 0.72))
        pen.blob([(0.22, 0.12), (0.22, 0.5), (0.44, 0.52), (0.56, 0.34), (0.68, 0.28), (0.69, 0.12)], c)
        pen.polygon([(0.3, 0.34), (0.3, 0.46), (0.42, 0.47), (0.52, 0.34)], GLASS)
        pen.oval((0.68, 0.2), (0.02, 0.03), (255, 246, 206))
        for x in (-0.46, -0.2, 0.46):
            self._wheel(pen, x, 0.1, t)

    def _train(self, pen: Pen, t: float) -> None:
        c = self.colour
        for n in range(2):
            x = -0.62 - n * 0.58
            pen.blob(
                [(x - 0.26, 0.14), (x - 0.26, 0.54), (x + 0.26, 0.54), (x + 0.26, 0.14)],
                (150, 62, 54) if n % 2 == 0 else (176, 120, 62),
            )
            for k in range(3):
                pen.polygon(
                    [
                        (x - 0.2 + k * 0.14, 0.32),
                        (x - 0.1 + k * 0.14, 0.32),
                        (x - 0.1 + k * 0.14, 0.45),
                        (x - 0.2 + k * 0.14, 0.45),
                    ],
                    (255, 226, 160),
                )
            for shift in (-0.16, 0.16):
                self._wheel(pen, x + shift, 0.08, t)
        pen.blob([(-0.3, 0.16), (-0.3, 0.66), (0.0, 0.68), (0.02, 0.2)], c)
        pen.polygon([(-0.23, 0.42), (-0.06, 0.42), (-0.06, 0.58), (-0.23, 0.58)], (255, 226, 160))
        pen.limb([(0.0, 0.36), (0.6, 0.36)], [0.165, 0.165], c)
        pen.polygon([(0.42, 0.5), (0.54, 0.5), (0.58, 0.74), (0.38, 0.74)], INK)
        pen.blob([(0.12, 0.5), (0.2, 0.58), (0.28, 0.5)], (206, 164, 80))
        pen.disc((0.76, 0.4), 0.045, (255, 240, 180))
        pen.polygon([(0.6, 0.2), (0.86, 0.02), (0.6, 0.02)], (150, 62, 54))
        for x in (-0.16, 0.14, 0.42):
            self._wheel(pen, x, 0.115, t, 8)
        a = -t * 2
        pen.line(
            [
                (-0.16 + 0.06 * float(np.cos(a)), 0.115 + 0.06 * float(np.sin(a))),
                (0.42 + 0.06 * float(np.cos(a)), 0.115 + 0.06 * float(np.sin(a))),
            ],
            0.025,
            (190, 190, 196),
            smooth=False,
        )
        for n in range(6):
            age = (t * 0.6 + n / 6) % 1.0
            pen.disc(
                (0.46 - age * 1.1, 0.78 + 0.16 * age + 0.03 * n % 0.05),
                0.04 + 0.11 * age * (1 - 0.3 * age),
                (226, 226, 230),
            )

    def _bicycle(self, pen: Pen, t: float) -> None:
        c = self.colour
        for x in (-0.33, 0.35):
            a = -t * 3.0 * self.moving
            for n in range(8):
                b = a + n * np.pi / 4
                pen.line(
                    [(x, 0.24), (x + 0.22 * float(np.cos(b)), 0.24 + 0.22 * float(np.sin(b)))],
                    0.006,
                    (190, 194, 200),
                    smooth=False,
                )
            ring = [
                (x + 0.23 * float(np.cos(k)), 0.24 + 0.23 * float(np.sin(k))) for k in np.linspace(0, 2 * np.pi, 30)
            ]
            pen.line(ring, 0.03, INK, smooth=False)
        for line in (
            [(-0.33, 0.24), (0.0, 0.22), (-0.1, 0.5), (-0.33, 0.24)],
            [(-0.1, 0.46), (0.26, 0.48), (0.0, 0.22)],
            [(0.35, 0.24), (0.24, 0.6)],
        ):
            pen.line(line, 0.028, c, smooth=False)
        pen.line([(0.24, 0.6), (0.32, 0.64), (0.2, 0.66)], 0.024, INK, smooth=False)
        pen.oval((-0.12, 0.53), (0.09, 0.03), INK)

    def _motorcycle(self, pen: Pen, t: float) -> None:
        c = self.colour
        pen.line([(0.38, 0.2), (0.24, 0.56)], 0.035, (170, 174, 182), smooth=False)
        pen.blob([(-0.46, 0.34), (-0.3, 0.44), (0.02, 0.4), (0.22, 0.46), (0.2, 0.28), (-0.1, 0.18), (-0.34, 0.22)], c)
        pen.oval((-0.16, 0.44), (0.2, 0.045), INK)
        pen.line([(0.24, 0.56), (0.16, 0.62)], 0.03, INK, smooth=False)
        pen.disc((0.3, 0.5), 0.05, (255, 244, 200))
        for x in (-0.38, 0.38):
            self._wheel(pen, x, 0.17, t, 6)

    def _skateboard(self, pen: Pen, t: float) -> None:
        pen.limb([(-0.46, 0.15), (-0.3, 0.1), (0.3, 0.1), (0.46, 0.15)], [0.025, 0.028, 0.028, 0.025], self.colour)
        for x in (-0.26, 0.26):
            pen.disc((x, 0.045), 0.045, (240, 236, 226))
            pen.disc((x, 0.045), 0.016, INK)

    def _rock(self, pen: Pen, t: float) -> None:
        pen.turn, pen.pivot = 0.045 * float(np.sin(t * 0.9 + self.phase)), (0.0, 0.0)

    def _sailboat(self, pen: Pen, t: float) -> None:
        self._rock(pen, t)
        sail = self.colour if self.colour != LOOKS["sailboat"][0] else (250, 244, 230)
        pen.line([(0.02, 0.1), (0.02, 1.36)], 0.02, (120, 84, 58), smooth=False)
        full = 0.05 + 0.015 * float(np.sin(t * 1.1))
        pen.blob([(0.0, 1.3), (-0.18 - full, 0.86), (-0.42, 0.3), (-0.2, 0.26), (0.0, 0.27)], sail)
        pen.blob([(0.05, 1.24), (0.24 + full, 0.76), (0.5, 0.26), (0.28, 0.24), (0.06, 0.3)], scaled(sail, 0.9))
        for y, x in ((0.55, -0.27), (0.8, -0.2)):
            pen.line([(0.0, y + 0.02), (x, y)], 0.006, scaled(sail, 0.75), smooth=False)
        pen.polygon([(0.02, 1.36), (-0.14, 1.33 + 0.02 * float(np.sin(t * 5))), (0.02, 1.28)], (206, 60, 56))
        pen.blob(
            [(-0.5, 0.2), (-0.4, -0.02), (-0.1, -0.1), (0.34, -0.06), (0.62, 0.22), (0.3, 0.17), (-0.2, 0.16)],
            (128, 72, 50),
        )
        pen.line([(-0.48, 0.17), (0.0, 0.13), (0.58, 0.19)], 0.02, (240, 226, 200))

    def _boat(self, pen: Pen, t: float) -> None:
        self._rock(pen, t)
        c = self.colour
        pen.blob([(-0.62, 0.26), (-0.44, 0.0), (0.0, -0.06), (0.42, 0.0), (0.64, 0.28), (0.3, 0.2), (-0.3, 0.19)], c)
        pen.line([(-0.6, 0.23), (0.0, 0.17), (0.62, 0.25)], 0.028, mix(c, (255, 240, 210), 0.5))
        pen.polygon([(-0.2, 0.17), (0.16, 0.17), (0.16, 0.22), (-0.2, 0.22)], scaled(c, 0.7))

    def _ship(self, pen: Pen, t: float) -> None:
        self._rock(pen, t * 0.5)
        c = self.colour
        for n in range(3):
            w = 0.46 - n * 0.1
            pen.polygon(
                [(-w, 0.2 + n * 0.13), (w * 0.8, 0.2 + n * 0.13), (w * 0.76, 0.33 + n * 0.13), (-w, 0.33 + n * 0.13)],
                (244, 242, 238),
            )
            for k in range(8 - 2 * n):
                pen.disc((-w + 0.07 + k * 0.1, 0.26 + n * 0.13), 0.018, (255, 220, 140))
        for x in (-0.2, 0.04):
            pen.polygon([(x - 0.06, 0.58), (x + 0.06, 0.58), (x + 0.04, 0.8), (x - 0.07, 0.8)], (206, 66, 56))
        pen.blob([(-0.78, 0.22), (-0.7, -0.06), (0.5, -0.06), (0.82, 0.28), (0.5, 0.2)], c)
        pen.line([(-0.72, 0.02), (0.66, 0.04)], 0.02, (206, 66, 56), smooth=False)
