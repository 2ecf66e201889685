"""Fish, whales, dolphins, jellyfish: bodies that bend along a wave."""

from __future__ import annotations

from typing import Any

import numpy as np

from videos.engine.paint.colour import RGB, mix, rgb, scaled
from videos.engine.paint.noise import Array
from videos.engine.paint.pen import Pen, Point
from videos.engine.paint.quadruped import SIZES

INK: RGB = (26, 30, 42)
KINDS: dict[str, tuple[RGB, float]] = {
    "fish": ((242, 140, 58), 0.42), "whale": ((70, 102, 140), 2.3), "dolphin": ((110, 138, 168), 1.1),
        "shark": ((110, 124, 140), 1.5),
    "jellyfish": ((214, 150, 226), 0.7), "seaturtle": ((96, 140, 92), 0.8),
}  # fmt: skip
# Half-thickness from nose to tail.
PROFILES = {
    "fish": (0.02, 0.13, 0.19, 0.2, 0.16, 0.1, 0.045), "whale": (0.05, 0.15, 0.18, 0.175, 0.13, 0.075, 0.03),
    "dolphin": (0.015, 0.085, 0.125, 0.13, 0.1, 0.06, 0.022), "shark": (0.012, 0.08, 0.125, 0.13, 0.1, 0.055, 0.02),
}  # fmt: skip


class Swimmer:
    """Body length is one unit; the origin is half a unit below the middle."""

    hands, reach, airborne = 0.5, 0.3, True
    seat_height = 0.0

    def __init__(self, subject: dict[str, Any]) -> None:
        self.species = str(subject["species"])
        coat, self.size = KINDS.get(self.species, KINDS["fish"])
        self.coat = rgb(subject["colours"][0]) if subject["colours"] else coat
        self.size *= SIZES[subject["size"]]
        self.phase = (int(subject["seed"]) % 97) / 97 * 6.28
        self.box = (-0.8, 0.75, 1.1)

    def draw(self, pen: Pen, t: float) -> None:
        t += self.phase
        if self.species == "jellyfish":
            self._jelly(pen, t)
        elif self.species == "seaturtle":
            self._turtle(pen, t)
        else:
            self._body(pen, t)

    def _spine(self, t: float) -> Array:
        """Points from nose to tail root, bent by a wave that grows to the tail."""
        u = np.linspace(0, 1, 7)
        big = self.species in ("whale", "dolphin")
        speed, size = (1.3, 0.075) if self.species == "whale" else (2.6, 0.06) if big else (4.5, 0.035)
        y = 0.5 + size * u**1.6 * np.sin(speed * t - u * 2.4) + (0.05 * (u - 0.4) ** 2 if big else 0.0)
        return np.stack([0.5 - u * 0.92, y], axis=1)

    def _body(self, pen: Pen, t: float) -> None:
        spine, radii = self._spine(t), np.array(PROFILES.get(self.species, PROFILES["fish"]))
        tail = spine[-1]
        way = spine[-1] - spine[-2]
        angle = float(np.arctan2(way[1], -way[0]))
        self._tail(pen, (float(tail[0]), float(tail[1])), angle, t)
        upper = [(float(x), float(y + r)) for (x, y), r in zip(spine, radii, strict=True)]
        lower = [(float(x), float(y - r * 0.95)) for (x, y), r in zip(spine, radii, strict=True)]
        self._dorsal(pen, upper)
        pen.blob([*upper, *lower[::-1]], self.coat)
        mask = pen.mask()
        light = mix(self.coat, (250, 248, 240), 0.72)
        middle = [(x, y0 * 0.3 + y1 * 0.7) for (x, y0), (_, y1) in zip(upper, lower, strict=True)]
        pen.inside([(0.56, middle[0][1]), *middle[1:6], *[(x, y - 0.06) for x, y in lower[5::-1]]], light, mask)
        self._details(pen, upper, lower, mask, t)
        eye = (
            spine[1][0] + (0.02 if self.species != "whale" else 0.03),
            spine[1][1] + (0.035 if self.species != "whale" else -0.02),
        )
        size = {"fish": 0.034, "whale": 0.016}.get(self.species, 0.018)
        if self.species == "fish":
            pen.disc(eye, size * 1.5, (255, 252, 240))
        pen.disc(eye, size, INK)
        pen.disc((eye[0] + size * 0.3, eye[1] + size * 0.35), size * 0.35, (255, 255, 255))

    def _details(self, pen: Pen, upper: list[Point], lower: list[Point], mask: Array, t: float) -> None:
        swing = 0.05 * float(np.sin(t * 1.6))
        fin = scaled(self.coat, 0.78)
        x, y = lower[2][0], lower[2][1] + 0.07
        match self.species:
            case "whale":
                for n in range(5):
                    pen.line(
                        [
                            (0.4 - n * 0.02, lower[1][1] + 0.075 - n * 0.012),
                            (0.2, lower[2][1] + 0.07 - n * 0.013),
                            (0.02 + n * 0.02, lower[3][1] + 0.07 - n * 0.013),
                        ],
                        0.004,
                        scaled(self.coat, 1.1),
                    )
                pen.blob(
                    [(x + 0.06, y), (x - 0.04, y - 0.2 + swing), (x - 0.2, y - 0.28 + swing * 2), (x - 0.1, y - 0.02)],
                    fin,
                )
                pen.line([(0.47, 0.49), (0.38, 0.455), (0.28, 0.47)], 0.006, scaled(self.coat, 0.6))
            case "fish":
                for k in (0.2, -0.06):
                    pen.inside(
                        [(k, 0.8), (k + 0.07, 0.8), (k + 0.05, 0.2), (k - 0.02, 0.2)],
                        mix(self.coat, (255, 255, 255), 0.75),
                        mask,
                    )
                pen.blob([(x, y), (x - 0.12, y - 0.1 + swing), (x - 0.13, y + 0.03 + swing)], scaled(self.coat, 0.86))
            case _:
                pen.blob(
                    [
                        (x + 0.05, y - 0.02),
                        (x - 0.08, y - 0.2 + swing),
                        (x - 0.13, y - 0.2 + swing),
                        (x - 0.06, y - 0.03),
                    ],
                    fin,
                )
                if self.species == "shark":
                    for n in range(3):
                        pen.line([(0.24 - n * 0.03, 0.55), (0.225 - n * 0.03, 0.48)], 0.006, scaled(self.coat, 0.6))

    def _dorsal(self, pen: Pen, upper: list[Point]) -> None:
        x, y = upper[3]
        colour = scaled(self.coat, 0.8)
        match self.species:
            case "fish":
                pen.blob([(x + 0.22, y - 0.04), (x + 0.06, y + 0.13), (x - 0.16, y + 0.1), (x - 0.2, y - 0.06)], colour)
            case "whale":
                pen.blob(
                    [
                        (upper[4][0] + 0.02, upper[4][1] - 0.02),
                        (upper[4][0] - 0.1, upper[4][1] + 0.05),
                        (upper[4][0] - 0.11, upper[4][1] - 0.03),
                    ],
                    colour,
                )
            case _:
                pen.blob([(x + 0.1, y - 0.03), (x - 0.06, y + 0.16), (x - 0.1, y + 0.15), (x - 0.06, y - 0.03)], colour)

    def _tail(self, pen: Pen, at: Point, angle: float, t: float) -> None:
        x, y = at
        big = self.species in ("whale", "dolphin")
        c, s = float(np.cos(angle)), float(np.sin(angle))
        shape: list[Point] = (
            [(0.03, 0.02), (-0.1, 0.05), (-0.26, 0.12), (-0.2, 0.02), (-0.26, -0.09), (-0.1, -0.04)]
            if big
            else [(0.04, 0.03), (-0.12, 0.15), (-0.24, 0.24), (-0.17, 0.0), (-0.24, -0.22), (-0.12, -0.13)]
        )
        pen.blob([(x + px * c + py * s, y - px * s + py * c) for px, py in shape], scaled(self.coat, 0.82))

    def _jelly(self, pen: Pen, t: float) -> None:
        k = 0.08 * float(np.sin(t * 2.2))
        for n in range(6):
            x = -0.2 + n * 0.08
            pen.limb(
                [(x, 0.56)] + [(x + 0.05 * float(np.sin(t * 2 - m + n)), 0.5 - m * 0.12) for m in range(1, 5)],
                [0.025, 0.018, 0.012, 0.006],
                scaled(self.coat, 0.8 + 0.05 * n),
            )
        pen.blob(
            [
                (-0.3 - k, 0.52),
                (-0.25, 0.74),
                (0, 0.88 + k * 0.5),
                (0.25, 0.74),
                (0.3 + k, 0.52),
                (0.1, 0.57),
                (-0.1, 0.57),
            ],
            self.coat,
        )
        pen.blob([(-0.14, 0.68), (0, 0.8), (0.12, 0.7), (0, 0.64)], mix(self.coat, (255, 255, 255), 0.5))

    def _turtle(self, pen: Pen, t: float) -> None:
        s = 0.14 * float(np.sin(t * 1.8))
        pen.blob([(-0.2, 0.5), (-0.34, 0.4 - s * 0.5), (-0.44, 0.4 - s), (-0.3, 0.54)], scaled(self.coat, 0.7))
        pen.limb([(0.3, 0.55), (0.46, 0.6)], [0.06, 0.075], self.coat)
        pen.disc((0.48, 0.62), 0.014, INK)
        pen.blob([(-0.38, 0.52), (-0.2, 0.68), (0.08, 0.72), (0.3, 0.6), (0.34, 0.52), (0, 0.44)], (110, 92, 56))
        for px, py in ((-0.16, 0.6), (0.02, 0.63), (0.18, 0.59)):
            pen.oval((px, py), (0.075, 0.05), (148, 126, 78))
        pen.blob([(0.22, 0.54), (0.14, 0.34 + s), (-0.06, 0.2 + s * 1.7), (0.04, 0.42)], self.coat)
