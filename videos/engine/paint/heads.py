"""Animal heads in three-quarter view: ears, eyes, muzzle, horns."""

from __future__ import annotations

import numpy as np

from videos.engine.paint.breeds import Build
from videos.engine.paint.colour import RGB, mix, scaled
from videos.engine.paint.pen import Pen, Point

DARK: RGB = (30, 26, 32)
PINK: RGB = (232, 150, 144)


def draw_head(
    pen: Pen, build: Build, pattern: str, at: Point, t: float, *, sings: bool = False, asleep: bool = False
) -> None:
    r = build.head
    coat = (44, 42, 46) if pattern == "tuxedo" else build.coat
    _horns(pen, build, at)
    _ear(pen, build, pattern, at, far=True)
    long_face = build.muzzle > r * 0.9
    if build.extra == "trunk":
        _trunk(pen, build, at, t)
    pen.oval(at, (r * 1.04, r * 0.94), coat)
    snout = (at[0] + r * 0.62 + build.muzzle * 0.45, at[1] - r * (0.34 if not long_face else 0.42))
    light = build.coat if build.hoof and build.belly == build.coat else mix(build.coat, build.belly, 0.85)
    if build.muzzle > 0.06:
        tip = (at[0] + r * 0.5 + build.muzzle, at[1] - r * 0.42)
        pen.limb([(at[0] + r * 0.25, at[1] - r * 0.12), snout, tip], [r * 0.72, r * 0.5, r * 0.3], coat)
        pen.limb([(at[0] + r * 0.3, at[1] - r * 0.5), (tip[0] - r * 0.1, tip[1] - r * 0.12)], [r * 0.4, r * 0.2], light)
        nose: Point = (tip[0] + r * 0.2, tip[1] + r * 0.14)
    else:
        pen.oval((at[0] + r * 0.52, at[1] - r * 0.38), (r * 0.56, r * 0.42), light)
        nose = (at[0] + r * 0.72, at[1] - r * 0.16)
    _face(pen, build, pattern, at, r)
    if build.extra != "trunk":
        pen.oval(nose, (r * 0.15, r * 0.11), PINK if pattern in ("calico", "tabby") and build.muzzle < 0.06 else DARK)
    mouth = (nose[0] - r * 0.1, nose[1] - r * 0.3)
    if sings:
        pen.oval(mouth, (r * 0.16, r * (0.1 + 0.12 * abs(float(np.sin(t * 5))))), (150, 54, 60))
    elif build.muzzle < 0.06:
        pen.line(
            [
                (nose[0] - r * 0.3, mouth[1] + r * 0.02),
                (nose[0] - r * 0.06, mouth[1] - r * 0.03),
                (nose[0] + r * 0.12, mouth[1] + r * 0.05),
            ],
            r * 0.055,
            scaled(light, 0.5),
        )
    _eyes(pen, build, pattern, at, r, 0.0 if asleep else t)
    if build.ear in ("point", "disc") and build.muzzle < 0.09 and not build.hoof:
        _whiskers(pen, nose, r)
    _ear(pen, build, pattern, at, far=False)


def _face(pen: Pen, build: Build, pattern: str, at: Point, r: float) -> None:
    mask = pen.mask()
    x, y = at
    match pattern:
        case "calico":
            pen.inside(
                [
                    (x - r * 1.2, y + r * 0.1),
                    (x - r * 0.7, y + r * 1.1),
                    (x + r * 0.1, y + r * 1.1),
                    (x - r * 0.1, y + r * 0.1),
                ],
                (226, 132, 58),
                mask,
            )
            pen.inside(
                [
                    (x + r * 0.3, y + r * 1.1),
                    (x + r * 1.1, y + r * 0.9),
                    (x + r * 1.0, y + r * 0.2),
                    (x + r * 0.42, y + r * 0.2),
                ],
                (52, 46, 48),
                mask,
            )
        case "tuxedo":
            pen.inside(
                [(x + r * 0.2, y - r * 0.1), (x + r * 0.9, y - r * 0.05), (x + r * 0.9, y - r), (x + r * 0.1, y - r)],
                (246, 242, 236),
                mask,
            )
        case "siamese":
            pen.inside(
                [
                    (x + r * 0.1, y + r * 0.3),
                    (x + r * 1.1, y + r * 0.3),
                    (x + r * 1.1, y - r),
                    (x + r * 0.1, y - r * 0.8),
                ],
                (92, 68, 58),
                mask,
            )
        case "panda":
            for dx in (0.08, 0.68):
                pen.oval((x + r * dx, y + r * 0.12), (r * 0.25, r * 0.31), (40, 38, 42), 0.4)
        case "tabby" | "stripes":
            ink = DARK if pattern == "stripes" else scaled(build.coat, 0.6)
            for n in (-1, 0, 1):
                pen.line(
                    [(x + r * (0.3 + 0.22 * n), y + r * 0.55), (x + r * (0.28 + 0.24 * n), y + r * 0.86)], r * 0.1, ink
                )
        case "mask":
            pen.inside(
                [(x + r * 0.1, y + r * 0.05), (x + r * 1.2, y + r * 0.1), (x + r * 1.2, y - r), (x - r * 0.2, y - r)],
                build.belly,
                mask,
            )


def _eyes(pen: Pen, build: Build, pattern: str, at: Point, r: float, t: float) -> None:
    closed = (t % 3.7) < 0.12
    iris = {"cat": (122, 176, 86)}.get("cat" if build.muzzle < 0.06 and not build.hoof else "", (88, 58, 36))
    if pattern == "siamese" or pattern == "mask":
        iris = (96, 160, 220)
    size = r * (0.2 if build.muzzle < 0.06 else 0.14 if not build.hoof else 0.12)
    for dx, k in ((0.08, 1.0), (0.68, 0.86)):
        if build.muzzle > 0.12 and dx > 0.5:
            continue
        eye = (at[0] + r * dx, at[1] + r * 0.12)
        if closed:
            pen.line(
                [(eye[0] - size, eye[1]), (eye[0], eye[1] - size * 0.3), (eye[0] + size, eye[1])], size * 0.35, DARK
            )
            continue
        pen.oval(eye, (size * k, size * 1.12), DARK)
        if build.muzzle < 0.06:
            pen.oval(eye, (size * 0.84 * k, size * 0.94), iris)
            pen.oval((eye[0] + size * 0.08, eye[1]), (size * 0.46 * k, size * 0.8), DARK)
        pen.disc((eye[0] + size * 0.3, eye[1] + size * 0.4), size * 0.3, (255, 255, 255))


def _whiskers(pen: Pen, nose: Point, r: float) -> None:
    for n in (-1, 0, 1):
        y = nose[1] - r * 0.14
        pen.line(
            [(nose[0] + r * 0.1, y), (nose[0] + r * 0.9, y + r * 0.16 * n)], r * 0.018, (250, 246, 240), smooth=False
        )
        pen.line(
            [(nose[0] - r * 0.5, y), (nose[0] - r * 1.25, y + r * 0.16 * n)], r * 0.018, (250, 246, 240), smooth=False
        )


def _ear(pen: Pen, build: Build, pattern: str, at: Point, *, far: bool) -> None:
    r, (x, y) = build.head, at
    colour = _ear_colour(build, pattern, far)
    dx = 0.62 if far else -0.42
    match build.ear:
        case "point" | "tall":
            k = 1.25 if build.ear == "tall" else 1.0
            small = 0.62 if build.hoof else 1.0
            ear = [
                (x + r * (dx - 0.36 * small), y + r * 0.55),
                (x + r * (dx - 0.06), y + r * 1.5 * k * (0.85 if build.hoof else 1)),
                (x + r * (dx + 0.34 * small), y + r * 0.66),
            ]
            pen.polygon(ear, colour)
            if not far:
                inner = [
                    (x + r * (dx - 0.18 * small), y + r * 0.66),
                    (x + r * (dx - 0.05), y + r * 1.28 * k),
                    (x + r * (dx + 0.18 * small), y + r * 0.72),
                ]
                pen.polygon(inner, mix(colour, PINK, 0.6))
        case "round" | "disc":
            size = r * (0.34 if build.ear == "round" else 0.62)
            pen.disc((x + r * dx, y + r * 0.82), size, (40, 38, 42) if pattern == "panda" else colour)
            pen.disc((x + r * dx, y + r * 0.82), size * 0.55, mix(colour, PINK, 0.45 if pattern != "panda" else 0.0))
        case "flop":
            pen.blob(
                [
                    (x + r * (dx - 0.1), y + r * 0.72),
                    (x + r * (dx - 0.5), y + r * 0.4),
                    (x + r * (dx - 0.46), y - r * 0.52),
                    (x + r * (dx - 0.1), y - r * 0.42),
                    (x + r * (dx + 0.1), y + r * 0.3),
                ],
                scaled(colour, 0.82),
            )
        case "long":
            pen.limb(
                [
                    (x + r * dx * 0.7, y + r * 0.6),
                    (x + r * (dx * 0.8 - 0.16), y + r * 1.5),
                    (x + r * (dx * 0.8 - 0.34), y + r * 2.1),
                ],
                [r * 0.2, r * 0.25, r * 0.1],
                colour,
            )
            if not far:
                pen.limb(
                    [(x + r * dx * 0.7, y + r * 0.9), (x + r * (dx * 0.8 - 0.28), y + r * 1.9)],
                    [r * 0.1, r * 0.08],
                    mix(colour, PINK, 0.6),
                )
        case "side":
            pen.oval((x + r * (dx * 1.6), y + r * 0.5), (r * 0.46, r * 0.2), colour, 0.3 if far else -0.5)
        case "fan" if not far:
            pen.blob(
                [
                    (x - r * 0.2, y + r * 0.75),
                    (x - r * 1.0, y + r * 0.7),
                    (x - r * 1.25, y - r * 0.2),
                    (x - r * 0.75, y - r * 0.95),
                    (x - r * 0.2, y - r * 0.4),
                ],
                scaled(colour, 0.86),
            )
        case "horn":
            pen.limb(
                [(x + r * dx, y + r * 0.6), (x + r * (dx - 0.5), y + r * 1.3)], [r * 0.18, r * 0.03], (226, 206, 160)
            )


def _ear_colour(build: Build, pattern: str, far: bool) -> RGB:
    if pattern == "calico":
        return (52, 46, 48) if far else (226, 132, 58)
    if pattern == "siamese":
        return (92, 68, 58)
    return scaled(build.coat, 0.76 if far else 0.95)


def _horns(pen: Pen, build: Build, at: Point) -> None:
    x, y = at
    r = build.head
    match build.extra:
        case "horn":
            pen.polygon(
                [(x + r * 0.1, y + r * 0.8), (x + r * 0.75, y + r * 2.5), (x + r * 0.5, y + r * 0.7)], (246, 214, 130)
            )
        case "horns":
            for dx in (-0.3, 0.5):
                pen.limb(
                    [(x + r * dx, y + r * 0.75), (x + r * (dx * 1.9), y + r * 1.1), (x + r * dx * 1.7, y + r * 1.5)],
                    [r * 0.14, r * 0.1, r * 0.03],
                    (222, 206, 172),
                )
        case "antlers":
            for dx in (-0.35, 0.45):
                bone = (170, 138, 100)
                top = (x + r * dx * 3.4, y + r * 3.1)
                pen.limb(
                    [(x + r * dx * 0.6, y + r * 0.7), (x + r * dx * 2.6, y + r * 1.7), top],
                    [r * 0.13, r * 0.12, r * 0.05],
                    bone,
                )
                for k in (0.45, 0.75):
                    px, py = x + r * dx * (0.6 + 2.4 * k), y + r * (0.7 + 1.9 * k)
                    pen.limb([(px, py), (px + r * 0.35, py + r * 0.8)], [r * 0.09, r * 0.04], bone)


def _trunk(pen: Pen, build: Build, at: Point, t: float) -> None:
    x, y = at
    r = build.head
    w = 0.1 * float(np.sin(t * 1.4))
    pen.limb(
        [
            (x + r * 0.5, y - r * 0.2),
            (x + r * 1.2, y - r * 0.9),
            (x + r * (1.1 + w), y - r * 2.0),
            (x + r * (1.5 + w * 2), y - r * 2.4),
        ],
        [r * 0.42, r * 0.32, r * 0.2, r * 0.14],
        scaled(build.coat, 0.93),
    )
    pen.limb([(x + r * 0.5, y - r * 0.6), (x + r * 1.2, y - r * 1.1)], [r * 0.12, r * 0.04], (248, 242, 226))
