"""Things in a hand: the kite on its line, umbrella, guitar, balloon, lantern, book."""

from __future__ import annotations

import numpy as np

from videos.engine.paint.colour import RGB, mix, scaled
from videos.engine.paint.pen import Pen, Point

INK: RGB = (38, 32, 40)


def draw_held(pen: Pen, kind: str, colour: RGB | None, hand: Point, hip: Point, t: float) -> None:
    match kind:
        case "kite":
            _kite(pen, colour or (222, 64, 60), hand, t)
        case "umbrella":
            _umbrella(pen, colour or (206, 54, 58), hand)
        case "balloon":
            _balloon(pen, colour or (226, 70, 80), hand, t)
        case "guitar":
            _guitar(pen, colour or (196, 128, 66), hip)
        case "violin":
            _violin(pen, hand, t)
        case "lantern":
            pen.line([hand, (hand[0], hand[1] - 0.06)], 0.008, INK, smooth=False)
            pen.oval((hand[0], hand[1] - 0.12), (0.05, 0.065), colour or (255, 206, 120))
            pen.polygon(
                [
                    (hand[0] - 0.03, hand[1] - 0.05),
                    (hand[0] + 0.03, hand[1] - 0.05),
                    (hand[0] + 0.04, hand[1] - 0.07),
                    (hand[0] - 0.04, hand[1] - 0.07),
                ],
                INK,
            )
        case "flag":
            pen.line([(hand[0], hand[1] - 0.2), (hand[0] + 0.02, hand[1] + 0.45)], 0.016, (150, 110, 74), smooth=False)
            w = [0.03 * float(np.sin(t * 5 - n)) for n in range(4)]
            x, y = hand[0] + 0.02, hand[1] + 0.45
            pen.blob(
                [
                    (x, y),
                    (x - 0.16, y + w[0]),
                    (x - 0.34, y + w[1]),
                    (x - 0.34, y - 0.2 + w[1]),
                    (x - 0.16, y - 0.2 + w[0]),
                    (x, y - 0.2),
                ],
                colour or (206, 56, 60),
            )
        case "sword":
            pen.limb(
                [(hand[0], hand[1] - 0.03), (hand[0] + 0.2, hand[1] + 0.42)], [0.014, 0.006], colour or (214, 220, 230)
            )
            pen.line(
                [(hand[0] - 0.04, hand[1] + 0.05), (hand[0] + 0.07, hand[1] + 0.0)], 0.02, (190, 150, 70), smooth=False
            )
        case "cup":
            pen.polygon(
                [
                    (hand[0] - 0.01, hand[1] - 0.03),
                    (hand[0] + 0.07, hand[1] - 0.03),
                    (hand[0] + 0.08, hand[1] + 0.07),
                    (hand[0] - 0.02, hand[1] + 0.07),
                ],
                colour or (246, 242, 236),
            )
        case "flower":
            pen.line([(hand[0], hand[1] - 0.06), (hand[0] + 0.03, hand[1] + 0.12)], 0.01, (74, 128, 66), smooth=False)
            for n in range(6):
                a = n * np.pi / 3
                pen.disc(
                    (hand[0] + 0.03 + 0.028 * float(np.cos(a)), hand[1] + 0.14 + 0.028 * float(np.sin(a))),
                    0.022,
                    colour or (236, 96, 120),
                )
            pen.disc((hand[0] + 0.03, hand[1] + 0.14), 0.018, (248, 206, 84))
        case "book":
            pen.polygon(
                [
                    (hand[0] - 0.02, hand[1]),
                    (hand[0] + 0.12, hand[1] + 0.03),
                    (hand[0] + 0.1, hand[1] + 0.16),
                    (hand[0] - 0.03, hand[1] + 0.13),
                ],
                colour or (150, 60, 54),
            )


def _kite(pen: Pen, colour: RGB, hand: Point, t: float) -> None:
    x = hand[0] + 0.62 + 0.07 * float(np.sin(t * 0.9))
    y = hand[1] + 0.86 + 0.06 * float(np.sin(t * 1.3 + 1))
    pen.line([hand, (hand[0] + 0.25, hand[1] + 0.2), (x - 0.03, y - 0.1)], 0.006, (250, 246, 238))
    a = 0.35 + 0.12 * float(np.sin(t * 1.7))
    c, s = float(np.cos(a)), float(np.sin(a))

    def turned(px: float, py: float) -> Point:
        return (x + px * c + py * s, y - px * s + py * c)

    tail = [turned(0.0, -0.2)] + [
        (x - 0.06 * n - 0.05, y - 0.22 - 0.075 * n + 0.03 * float(np.sin(t * 4 - n * 1.1))) for n in range(1, 6)
    ]
    pen.line(tail, 0.008, mix(colour, (255, 255, 255), 0.4))
    for n in (1, 3, 5):
        pen.oval(tail[n], (0.035, 0.016), (250, 206, 84) if n % 2 else colour, float(n))
    pen.polygon([turned(0, 0.2), turned(0.15, 0.04), turned(0, -0.22), turned(-0.15, 0.04)], colour)
    pen.polygon([turned(0, 0.2), turned(0.15, 0.04), turned(0, 0.04)], mix(colour, (255, 240, 200), 0.4))
    pen.polygon([turned(0, -0.22), turned(-0.15, 0.04), turned(0, 0.04)], scaled(colour, 0.8))


def _umbrella(pen: Pen, colour: RGB, hand: Point) -> None:
    x, y = hand[0] - 0.04, hand[1] + 0.36
    pen.line([(hand[0], hand[1] - 0.1), (x, y + 0.16)], 0.014, (90, 66, 52), smooth=False)
    a = np.linspace(0, np.pi, 13)
    dome = [(x + 0.36 * float(np.cos(k)), y + 0.24 * float(np.sin(k))) for k in a]
    scallop = [(x - 0.36 + 0.72 * n / 8, y - (0.0 if n % 2 == 0 else -0.045)) for n in range(1, 8)]
    pen.polygon([*dome, *scallop], colour)
    for n in (-0.5, 0.0, 0.5):
        pen.line([(x, y + 0.24), (x + n * 0.36, y + 0.17), (x + n * 0.72 * 0.5, y + 0.02)], 0.006, scaled(colour, 0.72))
    pen.blob(
        [(x + 0.02, y + 0.22), (x + 0.2, y + 0.17), (x + 0.3, y + 0.06), (x + 0.14, y + 0.1)],
        mix(colour, (255, 255, 255), 0.2),
    )


def _balloon(pen: Pen, colour: RGB, hand: Point, t: float) -> None:
    x, y = hand[0] + 0.05 + 0.03 * float(np.sin(t)), hand[1] + 0.5
    pen.line([hand, (hand[0] + 0.05, hand[1] + 0.2), (x, y - 0.14)], 0.006, (240, 236, 230))
    pen.oval((x, y), (0.13, 0.16), colour)
    pen.polygon([(x - 0.02, y - 0.18), (x + 0.02, y - 0.18), (x, y - 0.15)], colour)
    pen.oval((x + 0.04, y + 0.06), (0.025, 0.05), mix(colour, (255, 255, 255), 0.7), -0.4)


def _guitar(pen: Pen, colour: RGB, hip: Point) -> None:
    x, y = hip[0] + 0.04, hip[1] + 0.07
    pen.limb([(x, y), (x + 0.4, y + 0.19)], [0.02, 0.016], (96, 62, 44))
    pen.blob([(x + 0.38, y + 0.16), (x + 0.46, y + 0.2), (x + 0.44, y + 0.25), (x + 0.36, y + 0.21)], (70, 46, 36))
    pen.disc((x - 0.06, y - 0.03), 0.115, colour)
    pen.disc((x + 0.08, y + 0.04), 0.085, colour)
    pen.disc((x + 0.04, y + 0.015), 0.036, INK)
    pen.line([(x - 0.1, y - 0.05), (x + 0.4, y + 0.195)], 0.006, (250, 240, 216), smooth=False)


def _violin(pen: Pen, hand: Point, t: float) -> None:
    x, y = hand[0] + 0.08, hand[1] + 0.16
    pen.limb([(x, y), (x + 0.22, y + 0.03)], [0.014, 0.01], (70, 46, 36))
    pen.oval((x - 0.05, y), (0.08, 0.04), (172, 92, 44), 0.1)
    pen.oval((x + 0.03, y + 0.01), (0.055, 0.032), (172, 92, 44), 0.1)
    s = 0.1 * float(np.sin(t * 3))
    pen.line([(x + s - 0.05, y - 0.16), (x + s + 0.06, y + 0.2)], 0.008, (240, 226, 196), smooth=False)
