"""Water: the sea, a lake under mountains, the beach, and the world below the surface."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled, times
from videos.engine.paint.forest import fill
from videos.engine.paint.layer import Canvas, Element, Frame, Layer, View, cropped, premultiply
from videos.engine.paint.meadow import hill
from videos.engine.paint.noise import Array, fbm, stream, wave
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import Aurora, sky, sun_glow, sun_place, tiled


def sea(site: Site) -> Set:
    frame, light = site.frame(0.5, 0.76), site.light
    back: list[Element] = [
        *_above(site, frame, light),
        Water(frame, light, site.seed, deep=_tint(light, (24, 84, 112)), rough=1.0),
    ]
    return Set(
        frame,
        light,
        back,
        [],
        [Swell(frame, light, site.seed)],
        [sun_glow(frame, light, site.seed)],
        mirror=0.3,
        shadow=0.25,
        bloom=0.5,
        size=0.5,
    )


def lake(site: Site) -> Set:
    frame, light = site.frame(0.5, 0.78), site.light
    winter = site.ground == "snow" or site.weather == "snow"
    low: RGB = (196, 206, 222) if winter else (60, 100, 66)
    hills = [
        hill(frame, light, site.seed, depth, rise, low, mix(low, (255, 250, 220), 0.4), winter, n)
        for n, (depth, rise) in enumerate(((16.0, 0.2), (11.0, 0.1)))
    ]
    back: list[Element] = [
        *_above(site, frame, light),
        *hills,
        Water(frame, light, site.seed, deep=_tint(light, (30, 76, 84)), rough=0.45),
    ]
    return Set(
        frame,
        light,
        back,
        [],
        [Swell(frame, light, site.seed, calm=True)],
        [sun_glow(frame, light, site.seed)],
        mirror=0.45,
        shadow=0.2,
        bloom=0.4,
        size=0.46,
    )


def beach(site: Site) -> Set:
    frame, light = site.frame(0.46, 0.84), site.light
    back: list[Element] = [
        *_above(site, frame, light),
        Water(frame, light, site.seed, deep=_tint(light, (30, 130, 150)), rough=0.7),
    ]
    mid: list[Element] = [sand(frame, light, site.seed), Surf(frame, light, site.seed)]
    front: list[Element] = [palm(frame, light, site.seed)]
    return Set(frame, light, back, mid, front, [sun_glow(frame, light, site.seed)], shadow=0.45, bloom=0.4, size=0.46)


def _above(site: Site, frame: Frame, light: Light) -> list[Element]:
    above = sky(frame, light, site.seed, clouds=0.6)
    return [*above, Aurora(frame, site.seed)] if "aurora" in site.details else above


def _tint(light: Light, colour: RGB) -> RGB:
    return times(colour, mix(light.ambient, light.key, 0.4))


class Water:
    """Waves in perspective: two drifting patterns light the sky's colour up, and the sun's path glitters."""

    def __init__(self, frame: Frame, light: Light, seed: int, *, deep: RGB, rough: float) -> None:
        self.frame, self.light, self.rough = frame, light, rough
        rng = stream(seed, "water")
        self.high, self.wide = round((frame.height * 1.05 - frame.horizon) * 0.5), round(frame.width * 0.5)
        y = np.linspace(0.004, 1, self.high, dtype=np.float32)[:, None]
        self.tiles = [np.clip(tiled(rng, (256, 1024), (cell * 640, 16), 4) * 1.1 - 0.05, 0, 1) for cell in (0.16, 0.07)]
        self.tiles = [0.5 * (tile + tile[::-1]) * 1.25 - 0.12 for tile in self.tiles]
        x = np.arange(self.wide, dtype=np.float32)[None, :]
        self.u = (
            (x - self.wide / 2)
            * np.clip(0.9 / (y + 0.12), 0.8, 5)
            * (640 / self.wide)
            * frame.width
            / frame.unit
            / 1.78
        ).astype(np.float32)
        self.v = np.repeat((60.0 / (y + 0.06) + y * 40).astype(np.float32), self.wide, 1)
        near, far = np.array(deep[::-1], np.float32), np.array(light.sky[-1][1][::-1], np.float32)
        mid = np.array(light.sky[-2][1][::-1], np.float32)
        share = y**0.55
        base = (
            far * 0.86
            + (mid * 0.55 + near * 0.45 - far * 0.86) * np.clip(share * 2, 0, 1)
            + (near * 0.85 - (mid * 0.55 + near * 0.45)) * np.clip(share * 2 - 1, 0, 1)
        )
        self.base = np.repeat(np.clip(base, 0, 255)[:, None, :].reshape(self.high, 1, 3), self.wide, 1).astype(
            np.float32
        )
        sun = (sun_place(frame, light, seed)[0] * 0.5 - np.arange(self.wide, dtype=np.float32)[None, :]) / (
            frame.unit * 0.5
        )
        self.near_dull = 1.0 - 0.55 * y
        self.path = np.exp(-((sun / (0.05 + 0.3 * y)) ** 2)) * (
            0.3 if light.sun_height > 0.4 and light.stars < 0.5 else 1.0
        )
        self.sky_colour = far

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        first, second = (self._drifting(tile, v, t) for tile, v in zip(self.tiles, (13.0, -21.0), strict=True))
        crest = cv2.add(first, second)
        lift = (crest - 1.0) * (0.55 * self.rough)
        colour = self.base * (1 + lift[..., None] * 0.9) + self.sky_colour * np.clip(lift - 0.06, 0, 1)[..., None] * 0.6
        spark = np.clip((crest - 0.86) * 3.4, 0, 1) * self.path * self.near_dull
        colour += spark[..., None] * np.array(self.light.sun[::-1], np.float32) * 0.95
        image = np.empty((self.high, self.wide, 4), np.uint8)
        image[..., :3] = np.clip(colour, 0, 255)
        image[..., 3] = 255
        scale, _, ty = view.place(9.0)
        top = self.frame.horizon * scale + ty
        canvas.warp(image, 2.0 * max(1.0, view.zoom), -self.frame.centre * (max(1.0, view.zoom) - 1), top, opaque=True)

    def _drifting(self, tile: Array, speed: float, t: float) -> Array:
        u, v = self.u + np.float32(speed * t), self.v - np.float32(abs(speed) * 0.35 * t)
        return cv2.remap(tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


class Swell:
    """Near waves that roll past before the subject."""

    def __init__(self, frame: Frame, light: Light, seed: int, *, calm: bool = False) -> None:
        rng = stream(seed, "swell")
        self.frame = frame
        self.layers: list[Layer] = []
        for n in range(3):
            period, density = frame.width * 1.4, 0.5
            shape = (round(frame.height * 0.4 * density), round(period * density))
            line = (
                (0.6 * wave(rng, shape[1], 1.9, 2, 9) + 0.06 * wave(rng, shape[1], 0.4, 20, 60))
                * frame.unit
                * (0.022 if calm else 0.06)
                * density
            )
            below = np.arange(shape[0], dtype=np.float32)[:, None] - line[None, :]
            deep = np.array(times((22, 78, 104), mix(light.ambient, light.key, 0.45))[::-1], np.float32) * (
                0.94 - 0.14 * n
            )
            top = np.array(mix(light.sky[-1][1], light.key, 0.3)[::-1], np.float32)
            gleam = np.exp(-np.clip(below, 0, None) / (7 + 5 * n))[..., None]
            streak = np.clip(tiled(rng, shape, (150, 6), 3) - 0.52, 0, 1)[..., None] * 1.4
            colour = deep + (top - deep) * np.clip(gleam * 0.62 + streak * 0.5, 0, 1)
            alpha = np.clip(below + 0.5, 0, 1) * np.clip(
                0.4 + below / (frame.unit * 0.05), 0, 0.96 if not calm else 0.6
            )
            y = frame.ground + frame.height * (-0.012 + 0.055 * n)
            speed = frame.unit * (0.03 + 0.025 * n)
            layer = Layer(premultiply(colour, alpha), 0.98 - 0.12 * n, 0.0, y, density, period=period, speed=speed)
            layer.heave = frame.unit * 0.008
            self.layers.append(layer)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        for layer in self.layers:
            layer.draw(canvas, view, t)


def sand(frame: Frame, light: Light, seed: int) -> Layer:
    rng = stream(seed, "sand")
    density = 0.6
    shape = (round(frame.height * 0.6 * density), round(frame.width * 1.5 * density))
    line = (wave(rng, shape[1], 2.0, 1, 5) * 0.05 + np.linspace(0.02, 0.1, shape[1])) * frame.height * density
    below = np.arange(shape[0], dtype=np.float32)[:, None] - line[None, :]
    wet = np.exp(-np.clip(below, 0, None) / (frame.unit * 0.055 * density))[..., None]
    base = np.array(light.lit((238, 212, 166), 0.62)[::-1], np.float32)
    colour = base * (0.86 + 0.24 * tiled(rng, shape, (90, 16), 5))[..., None]
    colour = colour * (1 - 0.42 * wet) + np.array(light.sky[-1][1][::-1], np.float32) * 0.25 * wet
    return cropped(
        Layer(
            premultiply(colour, np.clip(below / 3, 0, 1)),
            1.1,
            -frame.width * 0.25,
            frame.horizon + (frame.height - frame.horizon) * 0.3,
            density,
        )
    )


class Surf:
    """A lace of foam that runs up the sand and back."""

    def __init__(self, frame: Frame, light: Light, seed: int) -> None:
        rng = stream(seed, "surf")
        density = 0.5
        shape = (round(frame.height * 0.1 * density), round(frame.width * 1.5 * density))
        line = wave(rng, shape[1], 1.3, 2, 20) * shape[0] * 0.5 + shape[0] * 0.2
        gap = np.abs(np.arange(shape[0], dtype=np.float32)[:, None] - line[None, :])
        foam = np.exp(-gap / 2.6) + 0.7 * np.clip(fbm(rng, shape, 14, 3) - 0.45, 0, 1) * 3 * np.exp(-gap / 7)
        colour = np.zeros((*shape, 3), np.float32) + np.array(light.lit((250, 250, 250), 0.7)[::-1], np.float32)
        self.frame = frame
        self.image, self.density = premultiply(colour, np.clip(foam, 0, 0.92)), density

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame = self.frame
        for n in range(2):
            run = 0.5 + 0.5 * float(np.sin(t * 0.7 + n * 2.4))
            y = frame.horizon + (frame.height - frame.horizon) * (0.3 + 0.07 * run + 0.035 * n)
            Layer(self.image, 1.1, -frame.width * 0.25 + 40 * n, y, self.density).draw(canvas, view, t)


def palm(frame: Frame, light: Light, seed: int) -> Layer:
    """A palm that leans into the picture from the shaded side."""
    side = -light.side
    density = 0.7
    shape = (round(frame.height * density), round(frame.unit * 0.8 * density))
    image = np.zeros((*shape, 4), np.uint8)
    unit = frame.unit * density
    bark, leaf = light.lit((92, 66, 50), 0.4), light.lit((46, 98, 56), 0.45)
    foot, head = (unit * 0.1, float(shape[0])), (unit * 0.34, shape[0] * 0.3)
    for n in range(40):
        k = n / 39
        x, y = foot[0] + (head[0] - foot[0]) * k**1.7, foot[1] + (head[1] - foot[1]) * k
        cv2.circle(
            image,
            (int(x * 16), int(y * 16)),
            int(unit * (0.032 - 0.016 * k) * 16),
            (*bgr(scaled(bark, 0.85 + 0.25 * (n % 2))), 255),
            -1,
            cv2.LINE_AA,
            4,
        )
    for n in range(9):
        a = -0.5 + n * 0.52
        length = unit * 0.4
        spine = [
            (head[0] + np.cos(a) * length * k, head[1] - np.sin(a) * length * k * 0.7 + length * 0.55 * k * k)
            for k in np.linspace(0, 1, 9)
        ]
        upper = [
            (x, y - unit * 0.05 * np.sin(np.pi * k)) for (x, y), k in zip(spine, np.linspace(0, 1, 9), strict=True)
        ]
        fill(image, [*upper, *spine[::-1]], scaled(leaf, 0.8 + 0.05 * n))
        for x, y in spine[2:]:
            fill(
                image,
                [(x - unit * 0.01, y - unit * 0.012), (x + unit * 0.016, y), (x - unit * 0.012, y + unit * 0.06)],
                scaled(leaf, 0.72),
            )
    if side > 0:
        image = np.ascontiguousarray(image[:, ::-1])
    x0 = -frame.unit * 0.12 if side < 0 else frame.width - frame.unit * 0.68
    return Layer(cv2.GaussianBlur(image, (0, 0), 0.9), 0.85, x0, frame.height * 0.08, density, sway=frame.unit * 0.003)
