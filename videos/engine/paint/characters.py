"""Faces of two-legged puppets, and the characters whose body is one shape."""

from __future__ import annotations

import numpy as np

from videos.engine.paint.colour import RGB, mix, scaled
from videos.engine.paint.figures import Who
from videos.engine.paint.pen import Pen, Point

INK: RGB = (38, 32, 40)


def draw_face(pen: Pen, who: Who, at: Point, t: float) -> None:
    style, r, (x, y) = who.figure.style, who.figure.head, at
    match style:
        case "robot":
            _robot_head(pen, at, r, t, who.figure.coat or (172, 182, 194))
        case "astronaut":
            pen.disc(at, r, (240, 240, 244))
            pen.oval((x + r * 0.22, y), (r * 0.72, r * 0.62), (66, 52, 46))
            pen.oval((x + r * 0.24, y + r * 0.06), (r * 0.66, r * 0.52), (222, 156, 66))
            pen.oval((x + r * 0.4, y + r * 0.24), (r * 0.22, r * 0.12), (255, 240, 206), 0.5)
        case "knight":
            pen.oval(at, (r, r * 1.1), (150, 158, 172))
            pen.line([(x - r * 0.1, y + r * 0.1), (x + r * 0.95, y + r * 0.05)], r * 0.22, INK, smooth=False)
            pen.limb(
                [(x - r * 0.2, y + r * 1.0), (x - r * 0.9, y + r * 1.5), (x - r * 1.4, y + r * 0.8)],
                [r * 0.2, r * 0.3, r * 0.1],
                (206, 50, 50),
            )
        case "teddy" | "monkey":
            for dx in (-0.7, 0.65):
                pen.disc(
                    (x + r * dx, y + r * (0.72 if style == "teddy" else 0.1)),
                    r * 0.36,
                    scaled(who.figure.coat or INK, 0.9),
                )
            pen.disc(at, r, who.figure.coat or who.skin)
            pen.oval((x + r * 0.32, y - r * 0.24), (r * 0.58, r * 0.46), mix(who.skin, (255, 240, 214), 0.5))
            _eyes(pen, at, r, t, 0.11)
            pen.oval((x + r * 0.48, y - r * 0.1), (r * 0.15, r * 0.1), INK)
        case "alien":
            pen.blob(
                [
                    (x - r, y + r * 0.3),
                    (x, y + r * 1.05),
                    (x + r, y + r * 0.3),
                    (x + r * 0.3, y - r * 0.9),
                    (x - r * 0.2, y - r * 0.9),
                ],
                who.skin,
            )
            for dx in (-0.2, 0.55):
                pen.oval((x + r * dx, y + r * 0.1), (r * 0.26, r * 0.36), INK, -0.4 if dx < 0 else 0.4)
        case _:
            _person(pen, who, at, r, t)


def _eyes(pen: Pen, at: Point, r: float, t: float, size: float) -> None:
    x, y = at
    closed = (t % 4.1) < 0.12
    for dx in (0.14, 0.68):
        if closed:
            pen.line(
                [(x + r * (dx - 0.1), y + r * 0.05), (x + r * (dx + 0.1), y + r * 0.05)], r * 0.06, INK, smooth=False
            )
            continue
        pen.oval((x + r * dx, y + r * 0.06), (r * size, r * size * 1.35), INK)
        pen.disc((x + r * (dx + 0.04), y + r * 0.12), r * size * 0.34, (255, 255, 255))


def _person(pen: Pen, who: Who, at: Point, r: float, t: float) -> None:
    x, y = at
    style = who.figure.style
    pen.oval((x - r * 0.02, y - r * 0.92), (r * 0.34, r * 0.4), scaled(who.skin, 0.86))
    pen.oval(at, (r * 0.94, r), who.skin)
    pen.oval((x + r * 0.95, y - r * 0.1), (r * 0.12, r * 0.1), who.skin)
    pen.oval((x + r * 0.55, y - r * 0.32), (r * 0.2, r * 0.13), mix(who.skin, (236, 104, 96), 0.4))
    _eyes(pen, at, r, t, 0.095)
    smile = 0.1 if who.motion not in ("sing",) else 0.0
    if smile:
        pen.line(
            [(x + r * 0.3, y - r * 0.45), (x + r * 0.48, y - r * 0.54), (x + r * 0.66, y - r * 0.45)],
            r * 0.07,
            scaled(who.skin, 0.5),
        )
    else:
        pen.oval((x + r * 0.5, y - r * 0.5), (r * 0.14, r * (0.1 + 0.1 * abs(float(np.sin(t * 5))))), (140, 52, 56))
    cap: list[Point] = [
        (x - r * 1.02, y - r * 0.25),
        (x - r * 1.0, y + r * 0.6),
        (x - r * 0.2, y + r * 1.18),
        (x + r * 0.7, y + r * 0.9),
        (x + r * 0.86, y + r * 0.42),
        (x + r * 0.2, y + r * 0.5),
        (x - r * 0.25, y + r * 0.3),
        (x - r * 0.5, y - r * 0.2),
    ]
    pen.blob(cap, who.hair)
    if style == "woman" or style == "child":
        pen.blob(
            [
                (x - r * 1.05, y + r * 0.4),
                (x - r * 0.45, y + r * 0.2),
                (x - r * 0.5, y - r * (1.3 if style == "woman" else 0.5)),
                (x - r * 1.15, y - r * (1.5 if style == "woman" else 0.6)),
            ],
            who.hair,
        )
    if style == "chef":
        pen.blob(
            [
                (x - r * 0.9, y + r * 0.6),
                (x - r * 1.1, y + r * 1.7),
                (x, y + r * 2.1),
                (x + r * 1.0, y + r * 1.6),
                (x + r * 0.8, y + r * 0.6),
            ],
            (248, 246, 242),
        )
    if style == "wizard":
        pen.polygon(
            [(x - r * 1.3, y + r * 0.5), (x + r * 1.3, y + r * 0.55), (x - r * 0.3, y + r * 3.2)],
            who.figure.coat or INK,
        )
        pen.blob([(x + r * 0.1, y - r * 0.4), (x + r * 0.85, y - r * 0.4), (x + r * 0.5, y - r * 2.2)], (240, 238, 234))
    if "hat" in who.held:
        colour = who.held["hat"] or (84, 60, 48)
        pen.blob(
            [(x - r * 1.4, y + r * 0.5), (x, y + r * 0.72), (x + r * 1.45, y + r * 0.5), (x, y + r * 0.42)], colour
        )
        pen.blob(
            [
                (x - r * 0.8, y + r * 0.55),
                (x - r * 0.65, y + r * 1.35),
                (x + r * 0.65, y + r * 1.35),
                (x + r * 0.8, y + r * 0.55),
            ],
            colour,
        )
    if "sunglasses" in who.held:
        pen.line([(x - r * 0.6, y + r * 0.1), (x + r * 0.9, y + r * 0.1)], r * 0.08, INK, smooth=False)
        for dx in (0.14, 0.68):
            pen.oval((x + r * dx, y + r * 0.04), (r * 0.22, r * 0.18), INK)


def _robot_head(pen: Pen, at: Point, r: float, t: float, coat: RGB) -> None:
    x, y = at
    pen.line([(x, y + r * 0.7), (x, y + r * 1.45)], r * 0.1, (110, 118, 130), smooth=False)
    pen.disc((x, y + r * 1.5), r * 0.16, (250, 110, 90))
    pen.limb([(x - r * 0.2, y - r * 1.0), (x, y - r * 0.6)], [r * 0.3, r * 0.3], (110, 118, 130))
    pen.blob(
        [
            (x - r, y + r * 0.6),
            (x - r * 0.5, y + r * 0.88),
            (x + r * 0.6, y + r * 0.88),
            (x + r * 1.05, y + r * 0.6),
            (x + r * 1.05, y - r * 0.6),
            (x + r * 0.6, y - r * 0.85),
            (x - r * 0.5, y - r * 0.85),
            (x - r, y - r * 0.6),
        ],
        coat,
    )
    pen.blob(
        [
            (x - r * 0.35, y + r * 0.5),
            (x + r * 0.9, y + r * 0.5),
            (x + r * 0.95, y - r * 0.42),
            (x - r * 0.35, y - r * 0.42),
        ],
        (40, 48, 64),
    )
    tall = 0.24 if (t % 3.3) > 0.12 else 0.04
    for dx in (0.08, 0.6):
        pen.oval((x + r * dx, y + r * 0.06), (r * 0.17, r * tall), (104, 236, 246))
    pen.disc((x - r * 0.85, y), r * 0.2, (110, 118, 130))


def draw_character(pen: Pen, who: Who, t: float) -> None:
    match who.figure.style:
        case "penguin":
            _penguin(pen, t + who.phase * 6, who.motion in ("walk", "run", "dance"))
        case "snowman":
            _snowman(pen, t)
        case "ghost":
            _ghost(pen, t + who.phase * 6)


def _penguin(pen: Pen, t: float, moving: bool) -> None:
    tilt = 0.07 * float(np.sin(t * 6)) if moving else 0.015 * float(np.sin(t * 1.5))
    for dx in (-0.1, 0.1):
        pen.oval(
            (dx + 0.04, 0.025 + max(0.0, float(np.sin(t * 6)) * (1 if dx < 0 else -1)) * 0.04),
            (0.11, 0.03),
            (242, 150, 54),
        )
    pen.turn, pen.pivot = tilt, (0.0, 0.0)
    body: list[Point] = [(-0.2, 0.06), (-0.27, 0.4), (-0.16, 0.78), (0.0, 0.97), (0.16, 0.8), (0.25, 0.4), (0.2, 0.06)]
    pen.blob([(-0.1, 0.6), (-0.34, 0.36), (-0.32, 0.22), (-0.16, 0.4)], (32, 36, 50))
    pen.blob(body, (44, 48, 64))
    pen.blob([(0.0, 0.06), (-0.08, 0.36), (0.04, 0.66), (0.19, 0.6), (0.23, 0.34), (0.17, 0.07)], (248, 246, 240))
    pen.blob([(0.02, 0.72), (0.04, 0.88), (0.13, 0.86), (0.15, 0.7)], (248, 246, 240))
    pen.blob([(-0.08, 0.58), (-0.2, 0.3 + tilt), (-0.13, 0.2 + tilt), (0.02, 0.4)], (36, 40, 54))
    pen.polygon([(0.13, 0.8), (0.27, 0.76), (0.13, 0.73)], (244, 160, 60))
    pen.disc((0.08, 0.82), 0.024, INK)
    pen.disc((0.088, 0.828), 0.008, (255, 255, 255))
    pen.turn = 0.0


def _snowman(pen: Pen, t: float) -> None:
    snow: RGB = (246, 248, 252)
    pen.limb([(0.1, 0.52), (0.34, 0.66 + 0.03 * float(np.sin(t * 2)))], [0.014, 0.01], (110, 74, 50))
    for y, r in ((0.22, 0.24), (0.53, 0.18), (0.78, 0.13)):
        pen.disc((0, y), r, snow)
    pen.limb([(-0.1, 0.54), (-0.34, 0.64)], [0.014, 0.01], (110, 74, 50))
    pen.limb([(-0.1, 0.66), (0.02, 0.64), (0.12, 0.67)], [0.03, 0.03, 0.03], (206, 56, 54))
    pen.polygon([(0.04, 0.8), (0.24, 0.76), (0.04, 0.75)], (242, 140, 56))
    for x in (-0.02, 0.07):
        pen.disc((x, 0.84), 0.016, INK)
    for y in (0.44, 0.52, 0.6):
        pen.disc((0.06, y), 0.016, INK)
    pen.polygon([(-0.17, 0.88), (0.17, 0.88), (0.17, 0.91), (-0.17, 0.91)], INK)
    pen.polygon([(-0.1, 0.9), (0.1, 0.9), (0.1, 1.06), (-0.1, 1.06)], INK)


def _ghost(pen: Pen, t: float) -> None:
    hem: list[Point] = [
        (0.24 - n * 0.08, 0.1 + 0.05 * float(np.sin(t * 2.4 + n * 1.6)) + (0.05 if n % 2 else 0.0)) for n in range(7)
    ]
    pen.blob([(-0.22, 0.5), (-0.14, 0.85), (0.0, 0.95), (0.15, 0.85), (0.24, 0.5), *hem], (238, 242, 252))
    for x in (0.0, 0.12):
        pen.oval((x, 0.72), (0.03, 0.05), INK)
    pen.oval((0.07, 0.6), (0.03, 0.04), INK)
