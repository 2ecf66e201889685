"""Small buildings that stand in a landscape: house, lighthouse, castle, windmill."""

from __future__ import annotations

import numpy as np

from videos.engine.paint.colour import RGB, scaled
from videos.engine.paint.pen import Pen

INK: RGB = (30, 27, 33)


def house(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-0.6, 0), (0.6, 0), (0.6, 0.7), (-0.6, 0.7)], colour)
    pen.polygon([(0.3, 0.9), (0.44, 0.9), (0.44, 1.3), (0.3, 1.3)], (130, 78, 66))
    pen.polygon([(-0.72, 0.66), (0.72, 0.66), (0.5, 1.16), (-0.5, 1.16)], (158, 74, 60))
    pen.polygon([(-0.1, 0), (0.12, 0), (0.12, 0.42), (-0.1, 0.42)], (104, 66, 48))
    for x in (-0.42, 0.3):
        pen.polygon([(x, 0.26), (x + 0.2, 0.26), (x + 0.2, 0.5), (x, 0.5)], (255, 224, 150))
        pen.line([(x + 0.1, 0.26), (x + 0.1, 0.5)], 0.014, (240, 234, 222), smooth=False)
        pen.line([(x, 0.38), (x + 0.2, 0.38)], 0.014, (240, 234, 222), smooth=False)


def lighthouse(pen: Pen, colour: RGB, t: float) -> None:
    pen.blob([(-0.7, -0.06), (-0.45, 0.14), (0.0, 0.2), (0.5, 0.13), (0.75, -0.06)], (86, 78, 76))
    for n in range(5):
        w0, w1 = 0.22 - n * 0.018, 0.22 - (n + 1) * 0.018
        y0, y1 = 0.15 + n * 0.28, 0.15 + (n + 1) * 0.28
        pen.polygon([(-w0, y0), (w0, y0), (w1, y1), (-w1, y1)], (240, 234, 226) if n % 2 else colour)
    pen.polygon([(-0.18, 1.55), (0.18, 1.55), (0.18, 1.6), (-0.18, 1.6)], (50, 46, 54))
    pen.polygon([(-0.1, 1.6), (0.1, 1.6), (0.1, 1.8), (-0.1, 1.8)], (255, 240, 180))
    pen.blob([(-0.15, 1.8), (0, 1.98), (0.15, 1.8)], colour)


def castle(pen: Pen, colour: RGB, t: float) -> None:
    for x, w, h in ((-0.6, 0.2, 0.95), (0.6, 0.2, 0.95), (0.0, 0.3, 1.3), (-0.3, 0.34, 0.62), (0.3, 0.34, 0.62)):
        pen.polygon([(x - w, 0), (x + w, 0), (x + w, h), (x - w, h)], scaled(colour, 0.85 + 0.1 * (h > 0.9)))
        if h > 0.9:
            pen.polygon([(x - w * 1.2, h), (x + w * 1.2, h), (x, h + 0.55)], (96, 84, 140))
            pen.line([(x, h + 0.55), (x, h + 0.72)], 0.012, INK, smooth=False)
            pen.polygon(
                [(x, h + 0.72), (x + 0.14 + 0.02 * float(np.sin(t * 3)), h + 0.68), (x, h + 0.62)], (206, 64, 60)
            )
        pen.oval((x, h * 0.68), (0.05, 0.09), (255, 222, 150))
    pen.blob([(-0.13, 0), (-0.13, 0.22), (0, 0.34), (0.13, 0.22), (0.13, 0)], (60, 44, 44))


def windmill(pen: Pen, colour: RGB, t: float) -> None:
    pen.polygon([(-0.3, 0), (0.3, 0), (0.18, 1.1), (-0.18, 1.1)], colour)
    pen.blob([(-0.22, 1.08), (0, 1.34), (0.22, 1.08)], (140, 76, 60))
    pen.polygon([(-0.08, 0), (0.08, 0), (0.08, 0.26), (-0.08, 0.26)], (90, 60, 48))
    for n in range(4):
        a = t * 0.7 + n * np.pi / 2
        c, s = float(np.cos(a)), float(np.sin(a))
        pen.line([(0, 1.12), (0.8 * c, 1.12 + 0.8 * s)], 0.025, (90, 66, 54), smooth=False)
        pen.polygon(
            [
                (0.2 * c, 1.12 + 0.2 * s),
                (0.8 * c, 1.12 + 0.8 * s),
                (0.8 * c - 0.18 * s, 1.12 + 0.8 * s + 0.18 * c),
                (0.2 * c - 0.18 * s, 1.12 + 0.2 * s + 0.18 * c),
            ],
            (236, 228, 210),
        )
