"""The skyline: towers in rows with lit windows, over water or roofs."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled
from videos.engine.paint.facade import NEON
from videos.engine.paint.layer import Element, Frame, Layer, cropped
from videos.engine.paint.noise import Array, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import Aurora, sky, sun_glow


def build(site: Site) -> Set:
    frame, light = site.frame(0.6 if not site.portrait else 0.62, 0.9), site.light
    back: list[Element] = sky(frame, light, site.seed, clouds=0.55)
    if "aurora" in site.details:
        back.append(Aurora(frame, site.seed))
    dark = site.time in ("night", "dusk")
    neon = "cyberpunk" in site.details
    for n, depth in enumerate((12.0, 7.0, 4.4, 2.9)):
        back.append(towers(frame, light, site.seed, depth, n, dark=dark, neon=neon))
    roof = Roof(frame, light, site, dark)
    return Set(
        frame,
        light,
        back,
        [roof.layer],
        [],
        [sun_glow(frame, light, site.seed)],
        mirror=0.3 if site.ground == "wet" else 0.0,
        shadow=0.45,
        bloom=0.8 if dark else 0.4,
        size=0.48,
        endless=True,
    )


def towers(frame: Frame, light: Light, seed: int, depth: float, number: int, *, dark: bool, neon: bool) -> Layer:
    rng = stream(seed, "towers", number)
    density = 0.5
    period = frame.width * 1.5
    base = frame.horizon + frame.height * 0.42 / depth
    tall = frame.height * (0.62 if frame.width > frame.height else 0.5) / depth**0.32
    top = max(base - tall, -frame.height * 0.1)
    shape = (round((frame.height * 1.0 - top) * density), round(period * density))
    image = np.zeros((*shape, 4), np.uint8)
    fog = 1 - float(np.exp(-(depth - 1) * 0.13))
    unit = frame.unit * density / depth**0.72
    x = 0.0
    while x < shape[1]:
        wide = unit * float(rng.uniform(0.16, 0.4))
        wide = min(wide, shape[1] - x + 1)
        height = (base - top) * density * float(rng.uniform(0.28, 0.94)) ** 1.25
        wall = mix(
            light.lit(
                scaled(
                    ((96, 104, 126), (118, 108, 112), (84, 92, 108), (132, 122, 116))[int(rng.integers(4))],
                    0.5 if dark else 0.95,
                ),
                0.45,
            ),
            light.fog,
            fog * (0.7 if dark else 1.0),
        )
        _tower(image, rng, x, wide, (base - top) * density - height, wall, light, fog, dark, neon, unit)
        x += wide + (unit * 0.04 if rng.random() < 0.3 else 0.0)
    return cropped(Layer(image, depth, 0.0, top, density, period=period))


def _tower(
    image: Array,
    rng: np.random.Generator,
    x: float,
    wide: float,
    top: float,
    wall: RGB,
    light: Light,
    fog: float,
    dark: bool,
    neon: bool,
    unit: float,
) -> None:
    x0, x1, y0 = int(x), int(x + wide), int(top)
    cv2.rectangle(image, (x0, y0), (x1, image.shape[0]), (*bgr(wall), 255), -1)
    lit_side = (x1 - max(2, int(wide * 0.2)), x1) if light.side > 0 else (x0, x0 + max(2, int(wide * 0.2)))
    cv2.rectangle(image, (lit_side[0], y0), (lit_side[1], image.shape[0]), (*bgr(mix(wall, light.key, 0.16)), 255), -1)
    kind = rng.random()
    if kind < 0.3:
        cv2.rectangle(
            image,
            (int(x + wide * 0.25), y0 - int(unit * 0.06)),
            (int(x + wide * 0.75), y0),
            (*bgr(scaled(wall, 0.92)), 255),
            -1,
        )
    elif kind < 0.5:
        cv2.line(
            image,
            (int(x + wide / 2), y0),
            (int(x + wide / 2), y0 - int(unit * 0.17)),
            (*bgr(scaled(wall, 0.8)), 255),
            max(1, int(unit * 0.008)),
            cv2.LINE_AA,
        )
        if dark:
            cv2.circle(
                image,
                (int(x + wide / 2), y0 - int(unit * 0.17)),
                max(1, int(unit * 0.009)),
                (70, 80, 255, 255),
                -1,
                cv2.LINE_AA,
            )
    step_x, step_y = max(3.0, unit * 0.034), max(4.0, unit * 0.045)
    columns, rows = int((wide - step_x) / step_x), min(int((image.shape[0] - y0) / step_y), 60)
    style = rng.random()
    lit = rng.random((max(rows, 1), max(columns, 1))) < ((0.24 + 0.3 * style) if dark else 0.05)
    warm = (255, 214, 140) if style < 0.7 else (190, 226, 255)
    for row in range(rows):
        for column in range(columns):
            px, py = x + step_x * (column + 0.6), y0 + step_y * (row + 0.6)
            pane = mix(warm, wall, 0.15 + fog * 0.5) if lit[row, column] else scaled(wall, 0.8 if dark else 0.86)
            cv2.rectangle(
                image, (int(px), int(py)), (int(px + step_x * 0.55), int(py + step_y * 0.5)), (*bgr(pane), 255), -1
            )
    if dark and (neon or rng.random() < 0.12):
        colour = NEON[int(rng.integers(len(NEON)))]
        px = int(x + wide * (0.12 if rng.random() < 0.5 else 0.8))
        cv2.rectangle(
            image,
            (px, y0 + int(unit * 0.08)),
            (px + max(2, int(unit * 0.03)), y0 + int(unit * float(rng.uniform(0.25, 0.5)))),
            (*bgr(mix(colour, wall, fog * 0.4)), 255),
            -1,
        )


class Roof:
    """The flat roof the cast stands on: tiles, a parapet, a water tank."""

    def __init__(self, frame: Frame, light: Light, site: Site, dark: bool) -> None:
        density, period = 0.6, frame.width * 1.5
        top = frame.horizon + (frame.height - frame.horizon) * 0.42
        shape = (round((frame.height * 1.16 - top) * density), round(period * density))
        rng = stream(site.seed, "roof")
        image = np.zeros((*shape, 4), np.uint8)
        tone = light.lit((104, 98, 104) if not dark else (66, 64, 80), 0.45)
        y0 = int(shape[0] * 0.3)
        cv2.rectangle(image, (0, y0), (shape[1], shape[0]), (*bgr(tone), 255), -1)
        fade = np.linspace(1.12, 0.6, shape[0] - y0, dtype=np.float32)[:, None, None]
        image[y0:, :, :3] = np.clip(image[y0:, :, :3] * fade, 0, 255).astype(np.uint8)
        for n in range(1, 9):
            y = y0 + int((shape[0] - y0) * (n / 8) ** 1.7)
            cv2.line(image, (0, y), (shape[1], y), (*bgr(scaled(tone, 0.72)), 255), 1, cv2.LINE_AA)
        wall = int(frame.unit * 0.052 * density)
        cv2.rectangle(image, (0, y0 - wall), (shape[1], y0), (*bgr(scaled(tone, 0.62)), 255), -1)
        cv2.rectangle(
            image, (0, y0 - wall - 4), (shape[1], y0 - wall), (*bgr(mix(scaled(tone, 1.2), light.key, 0.3)), 255), -1
        )
        for n in range(3):
            x, u = int((n + float(rng.uniform(0.2, 0.8))) * shape[1] / 3), frame.unit * density
            cv2.rectangle(
                image, (x, int(y0 - u * 0.16)), (x + int(u * 0.2), y0 + 3), (*bgr(scaled(tone, 0.8)), 255), -1
            )
            cv2.rectangle(
                image,
                (x + int(u * 0.16), int(y0 - u * 0.16)),
                (x + int(u * 0.2), y0 + 3),
                (*bgr(scaled(tone, 1.1)), 255),
                -1,
            )
        self.layer = cropped(Layer(image, 1.15, 0.0, top, density, period=period))
