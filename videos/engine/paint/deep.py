"""Below the surface: blue depth, rays from above, weed and coral, bubbles."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled
from videos.engine.paint.forest import fill
from videos.engine.paint.layer import Canvas, Element, Frame, Layer, View, cropped, premultiply
from videos.engine.paint.noise import Array, fbm, stream, wave
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.relight import Tone

# The water under each sky: its colour near the surface and in the deep.
WATERS: dict[str, tuple[RGB, RGB]] = {
    "": ((70, 190, 216), (10, 56, 104)),
    "sunrise": ((246, 170, 170), (44, 62, 118)),
    "morning": ((130, 214, 200), (20, 84, 120)),
    "day": ((116, 226, 240), (20, 96, 156)),
    "sunset": ((252, 158, 90), (52, 40, 92)),
    "dusk": ((128, 104, 182), (22, 24, 72)),
    "night": ((34, 84, 140), (4, 16, 48)),
}
# The rays from above: colour as shares, and power.
RAYS: dict[str, tuple[RGB, float]] = {
    "": ((0.7, 0.96, 1.0), 1.0),
    "sunrise": ((1.0, 0.7, 0.66), 1.2),
    "morning": ((1.0, 0.96, 0.74), 1.2),
    "day": ((0.92, 1.0, 1.0), 1.7),
    "sunset": ((1.0, 0.66, 0.36), 1.5),
    "dusk": ((0.8, 0.66, 1.0), 0.7),
    "night": ((0.6, 0.76, 1.0), 0.6),
}


def underwater(site: Site) -> Set:
    frame = site.frame(0.5, 0.88)
    night = site.time == "night"
    top, low = WATERS[site.hour if site.hour in WATERS else ""]
    if site.weather in ("storm", "rain", "mist"):
        murk = Tone(0.45, (200, 262, 240), 0.78 if site.weather == "storm" else 0.9)
        top, low = murk.on(top), murk.on(low)
    light = Light(
        ((0.0, top), (1.0, low)),
        mix((220, 250, 255), top, 0.15),
        mix((196, 236, 246), top, 0.25 if site.hour else 0.0),
        (72, 130, 170),
        mix(top, low, 0.6),
        top,
        low,
        0.6,
        site.side,
        0.0,
        0.9 if not night else 0.62,
    )
    rng = stream(site.seed, "deep")
    shape = (round(frame.height * 0.5), round(frame.width * 0.5))
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    glowing = np.exp(-((x - 0.2 * site.side) ** 2) / 0.6 - (y / 0.5) ** 2)
    colour = np.array(top[::-1], np.float32) * (1 - y[..., None]) + np.array(low[::-1], np.float32) * y[..., None]
    colour = (
        colour
        + glowing[..., None] * np.array((70, 64, 46), np.float32)
        + (fbm(rng, shape, 4, 1)[..., None] - 0.5) * 1.6
    )
    plate = Layer(
        premultiply(np.clip(colour, 0, 255), np.ones(shape, np.float32)),
        1e6,
        -frame.width * 0.2,
        -frame.height * 0.2,
        0.5 / 1.4,
        opaque=True,
    )
    back: list[Element] = [plate, *[_reef(frame, light, site, depth, n) for n, depth in enumerate((5.0, 3.0, 1.9))]]
    front: list[Element] = [_reef(frame, light, site, 0.8, 7)]
    return Set(
        frame,
        light,
        back,
        [],
        front,
        [Rays(frame, site.seed, *RAYS.get(site.hour, RAYS[""])), Bubbles(frame, site.seed)],
        shadow=0.0,
        bloom=0.3,
        size=0.5,
        floats=True,
        endless=True,
    )


def _reef(frame: Frame, light: Light, site: Site, depth: float, number: int) -> Layer:
    """The sea bed of one depth with weed and coral, repeating sideways."""
    rng = stream(site.seed, "reef", number)
    density, period = 0.5, frame.width * 1.6
    top = frame.height * (0.3 if depth > 1 else 0.5)
    shape = (round((frame.height * 1.08 - top) * density), round(period * density))
    image = np.zeros((*shape, 4), np.uint8)
    fog = 1 - float(np.exp(-(depth - 0.7) * 0.42))
    level = (
        (frame.horizon + (frame.ground * 1.02 - frame.horizon) / max(depth * 0.62, 1) + frame.height * 0.04 - top)
        * density
        if depth > 1
        else shape[0] * 0.9
    )
    line = level - wave(rng, shape[1], 1.3, 1, 16) * frame.unit * 0.12 * density / max(depth * 0.5, 1)
    unit = frame.unit * density / max(depth * 0.7, 0.9)
    coral = "coral" in site.details
    hues: tuple[RGB, ...] = (
        ((236, 96, 110), (246, 150, 84), (190, 100, 190), (250, 200, 100))
        if coral
        else ((60, 110, 110), (54, 96, 90), (74, 120, 100), (60, 90, 120))
    )
    for n in range(17):
        x = float(rng.random()) * shape[1]
        foot = float(line[int(x) % shape[1]]) + 5
        colour = mix(light.lit(hues[n % 4], 0.5), light.fog, fog)
        for shift in (-shape[1], 0, shape[1]):
            at = stream(site.seed, "weed", number, n)
            (_coral if coral and n % 3 else _weed)(
                image, x + shift, foot, unit, scaled(colour, 0.8 if depth > 1 else 0.4), at
            )
    below = np.arange(shape[0], dtype=np.float32)[:, None] - line[None, :]
    bed = mix(light.lit((196, 186, 150), 0.5), light.fog, fog)
    sand = (
        np.array(scaled(bed, 1.0 if depth > 1 else 0.35)[::-1], np.float32)
        * np.clip(1.02 - below / (frame.unit * 0.5), 0.35, 1)[..., None]
    )
    ground = premultiply(sand, np.clip(below, 0, 1))
    cover = 255 - ground[..., 3:4].astype(np.uint16)
    image = (ground + (image * cover // 255)).astype(np.uint8)
    return cropped(
        Layer(cv2.GaussianBlur(image, (0, 0), 0.8 if depth > 1 else 2.0), depth, 0.0, top, density, period=period)
    )


def _weed(image: Array, x: float, foot: float, unit: float, colour: RGB, rng: np.random.Generator) -> None:
    for n in range(4):
        tall, lean = unit * float(rng.uniform(0.1, 0.3)), float(rng.uniform(-0.06, 0.06)) * unit
        px = x + (n - 1.5) * unit * 0.03
        side = [(px + lean * k + unit * 0.02 * np.sin(k * 7 + n), foot - tall * k) for k in np.linspace(0, 1, 9)]
        w = unit * 0.012
        fill(
            image,
            [
                *[(a - w * (1.2 - i / 9), b) for i, (a, b) in enumerate(side)],
                *[(a + w * (1.2 - i / 9), b) for i, (a, b) in enumerate(side)][::-1],
            ],
            scaled(colour, 0.85 + 0.1 * n),
        )


def _coral(image: Array, x: float, foot: float, unit: float, colour: RGB, rng: np.random.Generator) -> None:
    for _ in range(12):
        a, r = float(rng.uniform(0.3, 2.84)), unit * float(rng.uniform(0.03, 0.13))
        tip = (x + np.cos(a) * r, foot - np.sin(a) * r * 1.3)
        fill(image, [(x - unit * 0.02, foot), tip, (x + unit * 0.02, foot)], scaled(colour, 0.85))
        cv2.circle(
            image,
            (int(tip[0] * 16), int(tip[1] * 16)),
            int(unit * 0.02 * 16),
            (*bgr(scaled(colour, float(rng.uniform(0.9, 1.2)))), 255),
            -1,
            cv2.LINE_AA,
            4,
        )


class Rays:
    """Light from the surface, slowly fanning."""

    def __init__(self, frame: Frame, seed: int, colour: RGB, power: float) -> None:
        self.frame, self.colour, self.power = frame, colour, power
        self.rays = stream(seed, "rays").random((9, 3))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        high, wide = canvas.image.shape[0] // 2, canvas.image.shape[1] // 2
        buffer = np.zeros((high, wide, 4), np.uint8)
        for a, b, c in self.rays:
            top = (0.1 + 0.8 * a + 0.02 * np.sin(t * 0.4 + b * 9)) * wide
            low = wide * 0.5 + (top - wide * 0.5) * (1.5 + 0.5 * b) + wide * 0.04 * np.sin(t * 0.3 + c * 9)
            w = wide * (0.012 + 0.03 * c)
            level = (16 + 22 * float(np.sin(t * 0.6 + a * 19) ** 2)) * self.power
            one = np.zeros_like(buffer)
            cv2.fillPoly(
                one,
                [
                    np.array(
                        [[top - w, -4], [top + w, -4], [low + w * 2.6, high * 0.95], [low - w * 2.6, high * 0.95]],
                        np.int32,
                    )
                ],
                (level * self.colour[2], level * self.colour[1], level * self.colour[0], 0),
            )
            cv2.add(buffer, one, buffer)
        cv2.blur(buffer, (13, 13), buffer)
        fade = (np.linspace(1.0, 0.0, high, dtype=np.float32) ** 1.2 * 100).astype(np.uint8)[:, None, None]
        buffer = cv2.multiply(buffer, np.repeat(np.repeat(fade, wide, 1), 4, 2), scale=1 / 100)
        cv2.add(canvas.image, cv2.resize(buffer, (canvas.image.shape[1], canvas.image.shape[0])), canvas.image)


class Bubbles:
    def __init__(self, frame: Frame, seed: int) -> None:
        self.frame = frame
        self.dots = stream(seed, "bubbles").random((46, 4))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for x0, y0, d, a in self.dots:
            y = (y0 - t * 0.07 * (0.5 + d)) % 1.05
            x = (x0 + 0.012 * np.sin(t * 2 * (0.5 + a) + a * 20) - view.x * 0.3 * d) % 1.0
            r = max(1.2, frame.unit * (0.003 + 0.009 * d * a) * k)
            centre = (int(x * frame.width * k * 16), int(y * frame.height * k * 16))
            cv2.circle(canvas.image, centre, int(r * 16), (110, 104, 80, 0), 1, cv2.LINE_AA, 4)
