"""The grand piano, its bench, the drums, a table; and music one can see."""

from __future__ import annotations

import numpy as np

from videos.engine.paint.colour import RGB, mix, scaled
from videos.engine.paint.pen import Pen, Point

INK: RGB = (30, 27, 33)


class Notes:
    """Music one can see: notes that rise, sway, grow and fade out by shrinking."""

    size, box = 1.0, (-0.6, 0.6, 1.15)

    def draw(self, pen: Pen, t: float) -> None:
        for n in range(6):
            age = (t * 0.27 + n / 6) % 1.0
            s = 0.05 * float(np.sin(np.pi * min(age * 1.1, 1.0))) ** 0.6 + 0.004
            x, y = -0.3 + 0.13 * ((n * 5) % 6) * 0.9 + 0.06 * float(np.sin(t * 1.2 + n * 2)), 0.05 + 0.95 * age
            colour: RGB = ((255, 226, 150), (255, 190, 170), (190, 226, 255))[n % 3]
            pen.oval((x, y), (s, s * 0.72), colour, 0.35)
            pen.line([(x + s * 0.85, y), (x + s * 0.85, y + s * 3.4)], s * 0.22, colour, smooth=False)
            if n % 2:
                pen.oval((x + s * 3.2, y + s * 0.4), (s, s * 0.72), colour, 0.35)
                pen.line([(x + s * 4.05, y + s * 0.4), (x + s * 4.05, y + s * 3.8)], s * 0.22, colour, smooth=False)
                pen.line([(x + s * 0.85, y + s * 3.4), (x + s * 4.05, y + s * 3.8)], s * 0.55, colour, smooth=False)
            else:
                pen.line(
                    [(x + s * 0.85, y + s * 3.4), (x + s * 1.7, y + s * 2.7), (x + s * 1.6, y + s * 2.0)],
                    s * 0.24,
                    colour,
                )


def piano(pen: Pen, colour: RGB, t: float) -> None:
    """A grand piano from the side; the keyboard's edge is at x = 0."""
    dark = colour if sum(colour) > 200 else (26, 24, 30)
    shine, gold = mix(dark, (255, 255, 255), 0.32), (214, 164, 84)
    for x in (0.3, 1.1, 1.82):
        pen.limb([(x, 0.66), (x + 0.01, 0.3), (x, 0.03)], [0.07, 0.035, 0.028], scaled(dark, 0.9))
        pen.disc((x, 0.03), 0.035, gold)
    pen.line([(0.62, 0.62), (0.62, 0.08)], 0.03, dark, smooth=False)
    pen.line([(0.55, 0.07), (0.7, 0.07)], 0.025, gold, smooth=False)
    lid: list[Point] = [
        (0.42, 0.96),
        (0.38, 1.52),
        (0.56, 1.86),
        (1.0, 1.9),
        (1.42, 1.62),
        (1.75, 1.3),
        (2.05, 1.02),
        (1.4, 0.96),
    ]
    pen.blob(lid, scaled(dark, 1.15))
    pen.blob(
        [(0.5, 1.0), (0.47, 1.48), (0.62, 1.74), (0.98, 1.77), (1.36, 1.5), (1.68, 1.2), (1.9, 1.02)], (120, 74, 40)
    )
    pen.blob([(0.6, 1.02), (0.57, 1.4), (0.68, 1.62), (0.9, 1.66), (1.1, 1.4), (1.3, 1.1)], (150, 96, 52))
    pen.line([(1.25, 0.95), (1.12, 1.5)], 0.02, gold, smooth=False)
    pen.polygon([(0.36, 0.9), (2.02, 0.9), (2.06, 0.98), (0.36, 0.98)], gold)
    for n in range(9):
        pen.line([(0.5 + n * 0.17, 0.9), (0.55 + n * 0.165, 0.975)], 0.008, (120, 84, 40), smooth=False)
    pen.blob(
        [
            (0.1, 0.74),
            (0.12, 0.93),
            (0.6, 0.94),
            (1.6, 0.94),
            (2.05, 0.95),
            (2.1, 0.78),
            (1.95, 0.62),
            (1.2, 0.6),
            (0.4, 0.61),
            (0.14, 0.66),
        ],
        dark,
    )
    pen.polygon([(-0.05, 0.68), (0.42, 0.68), (0.42, 0.745), (-0.05, 0.745)], scaled(dark, 0.85))
    pen.polygon([(-0.04, 0.745), (0.36, 0.745), (0.4, 0.8), (0.02, 0.8)], (250, 246, 236))
    for n in range(11):
        x = n * 0.035
        press = 0.012 if int(t * 4.4) % 11 == n else 0.0
        pen.line([(x - 0.035, 0.745), (x + 0.02, 0.8)], 0.006, (140, 132, 124), smooth=False)
        if n % 7 not in (2, 6):
            pen.polygon(
                [
                    (x + 0.0, 0.774 - press),
                    (x + 0.018, 0.774 - press),
                    (x + 0.045, 0.803 - press),
                    (x + 0.025, 0.803 - press),
                ],
                INK,
            )
    pen.polygon([(0.4, 0.8), (0.52, 0.97), (0.4, 0.97)], dark)
    pen.polygon([(0.44, 0.98), (0.36, 1.3), (0.42, 1.32), (0.5, 0.98)], scaled(dark, 1.4))
    pen.polygon([(0.4, 1.0), (0.33, 1.28), (0.39, 1.3), (0.46, 1.0)], (246, 240, 224))
    pen.line([(0.2, 0.9), (0.7, 0.905), (1.5, 0.9), (2.0, 0.9)], 0.018, shine)
    pen.line([(0.42, 1.5), (0.6, 1.83), (1.0, 1.86), (1.4, 1.6)], 0.014, shine)
    pen.line([(0.4, 0.66), (1.2, 0.65), (1.9, 0.68)], 0.01, mix(dark, (255, 255, 255), 0.16))


def table(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-1.5, -0.1), (1.5, -0.1), (1.05, 0.44), (-1.05, 0.44)], colour)
    for n in range(1, 4):
        k = n / 4
        pen.line(
            [(-1.5 + 0.45 * k, -0.1 + 0.54 * k), (1.5 - 0.45 * k, -0.1 + 0.54 * k)],
            0.006,
            scaled(colour, 0.86),
            smooth=False,
        )
    pen.line([(-1.05, 0.44), (1.05, 0.44)], 0.012, mix(colour, (255, 240, 214), 0.4), smooth=False)


def bench(pen: Pen, colour: RGB, t: float) -> None:
    for x in (-0.2, 0.2):
        pen.limb([(x, 0.36), (x * 1.1, 0.02)], [0.03, 0.022], scaled(colour, 0.7))
    pen.blob([(-0.27, 0.36), (-0.26, 0.43), (0.0, 0.45), (0.26, 0.43), (0.27, 0.36), (0.0, 0.35)], colour)


def drums(pen: Pen, colour: RGB, t: float) -> None:
    for x in (-0.36, 0.42):
        pen.line([(x, 0.0), (x, 0.86)], 0.015, (190, 190, 196), smooth=False)
        pen.oval((x, 0.88 + 0.01 * np.sin(t * 9)), (0.22, 0.03), (226, 190, 96), 0.12 if x < 0 else -0.12)
    pen.oval((0.0, 0.3), (0.3, 0.3), scaled(colour, 0.7))
    pen.oval((0.0, 0.3), (0.25, 0.25), (240, 234, 222))
    for x in (-0.2, 0.2):
        pen.polygon([(x - 0.15, 0.56), (x + 0.15, 0.56), (x + 0.14, 0.74), (x - 0.14, 0.74)], colour)
        pen.oval((x, 0.74), (0.145, 0.035), (244, 238, 226))
