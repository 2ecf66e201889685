"""Indoors: a wall with a window, light falling through it, a floor of boards, furniture by the kind of room."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, hue, mix, scaled
from videos.engine.paint.layer import Element, Frame, Layer, premultiply
from videos.engine.paint.noise import Array, fbm, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.pen import Pen
from videos.engine.paint.relight import Tone
from videos.engine.paint.stage import boards as planks
from videos.engine.paint.theatre import RIGS
from videos.engine.paint.window import DULL, INDOORS, Lamp, Window, hang_window, lamplight, views

MARGIN = 0.16


def build(site: Site) -> Set:
    frame = site.frame(0.5, 0.84)
    outside = site.light
    dark = site.time in ("night", "dusk")
    hour = INDOORS.get(site.hour, INDOORS[""])
    light = Light(
        outside.sky,
        outside.sun,
        mix(outside.key, (255, 226, 180), 0.6) if not dark else (255, 206, 140),
        hour.ambient if site.hour else (150, 138, 136) if not dark else (108, 92, 100),
        (90, 76, 70),
        outside.cloud,
        outside.cloud_shade,
        0.5,
        site.side,
        0.0,
        0.95 if not dark else 0.85,
    )
    rng = stream(site.seed, "room")
    edge = frame.horizon + frame.height * 0.13
    wall = Wall(frame, site, light, dark, edge)
    dull = DULL.get(site.weather, 0.0)
    floor = planks(frame, rng, edge, RIGS[""])
    lit = hour.tone if site.hour else Tone(0.0, (255, 255, 255), 0.72 if dark else 1.0)
    floor = Tone(lit.share, lit.tint, lit.level * 1.25).layer(floor)
    if site.hour:
        lit.layer(wall.layer)
    if dull:
        for layer in (wall.layer, floor):
            Tone(dull, (236, 254, 290), 1.0 - 0.3 * dull).layer(layer)
    hang_window(wall.layer.image, wall.pane, wall.u * 0.016, site)
    back: list[Element] = [wall.layer, floor, *views(site, frame, wall.window), Lamp(frame, site.side, dark)]
    glow: list[Element] = [Window(frame, site, light, dark, wall.window, hour.shaft * (1.0 - 0.75 * dull))]
    if dark:
        glow.append(lamplight(frame, site.side))
    return Set(frame, light, back, [], [], glow, mirror=0.16, shadow=0.5, bloom=0.5, size=0.46, indoors=True)


class Wall:
    """The back wall, painted once with everything that hangs on it."""

    def __init__(self, frame: Frame, site: Site, light: Light, dark: bool, edge: float) -> None:
        rng = stream(site.seed, "wall")
        self.density = 0.7
        wide, high = frame.width * (1 + 2 * MARGIN), edge + frame.height * MARGIN
        shape = (round(high * self.density), round(wide * self.density))
        base = mix(
            hue(float(rng.random()) * 0.12 + (0.02 if rng.random() < 0.5 else 0.45), 0.28, 0.78), (210, 190, 170), 0.35
        )
        tone = light.lit(scaled(base, 0.95 if not dark else 0.6), 0.5)
        x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
        y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
        fall = (
            0.72
            + 0.36 * np.exp(-((x - 0.4 * light.side) ** 2) / 0.5 - (y - 0.5) ** 2 / 0.4)
            + 0.05 * (fbm(rng, shape, 50, 4) - 0.5)
        )
        colour = np.array(tone[::-1], np.float32) * fall[..., None]
        image = premultiply(np.clip(colour, 0, 255), np.ones(shape, np.float32))
        self.frame, self.u = frame, frame.unit * self.density
        self.x0, self.y0 = frame.width * MARGIN * self.density, frame.height * MARGIN * self.density
        self.foot = float(shape[0])
        trim = scaled(tone, 0.72)
        self._box(image, 0, self.foot - self.u * 0.05, shape[1], self.u * 0.05, scaled(tone, 1.15))
        self._box(image, 0, self.foot - self.u * 0.054, shape[1], self.u * 0.006, trim)
        side = light.side
        wx = self.x0 + frame.width * self.density * (0.5 + side * 0.25)
        wide_open = self.u * 0.44 if frame.width > frame.height else self.u * 0.36
        wy = self.y0 + frame.height * self.density * 0.12
        tall = min(self.u * 0.46, self.foot - wy - self.u * 0.2)
        self.pane = (wx - wide_open / 2, wy, wide_open, tall)
        self.window = (
            (wx - wide_open / 2 - self.x0) / self.density,
            (wy - self.y0) / self.density,
            wide_open / self.density,
            tall / self.density,
        )
        self._furnish(image, site, light, rng, self.x0 + frame.width * self.density * (0.5 - side * 0.25), dark)
        self.layer = Layer(image, 1.5, -frame.width * MARGIN, -frame.height * MARGIN, self.density, opaque=True)

    def _box(self, image: Array, x: float, y: float, w: float, h: float, colour: RGB) -> None:
        cv2.rectangle(image, (round(x), round(y)), (round(x + w), round(y + h)), (*bgr(colour), 255), -1)

    def _furnish(self, image: Array, site: Site, light: Light, rng: np.random.Generator, x: float, dark: bool) -> None:
        u, foot = self.u, self.foot
        pen = Pen(image, x, foot + u * 0.02, u, 1)
        shade = 0.62 if dark else 0.92

        def tone(colour: RGB) -> RGB:
            return light.lit(scaled(colour, shade), 0.5)

        details = set(site.details)
        if details & {"library"} or (not details & {"kitchen", "fireplace"} and rng.random() < 0.5):
            pen.polygon([(-0.3, 0), (0.3, 0), (0.3, 0.62), (-0.3, 0.62)], tone((112, 74, 50)))
            for row in range(3):
                pen.polygon(
                    [
                        (-0.27, 0.04 + row * 0.19),
                        (0.27, 0.04 + row * 0.19),
                        (0.27, 0.2 + row * 0.19),
                        (-0.27, 0.2 + row * 0.19),
                    ],
                    tone((70, 46, 34)),
                )
                bx = -0.26
                while bx < 0.23:
                    w, h = float(rng.uniform(0.02, 0.042)), float(rng.uniform(0.1, 0.145))
                    pen.polygon(
                        [
                            (bx, 0.045 + row * 0.19),
                            (bx + w, 0.045 + row * 0.19),
                            (bx + w, 0.045 + row * 0.19 + h),
                            (bx, 0.045 + row * 0.19 + h),
                        ],
                        tone(hue(float(rng.random()), 0.5, 0.75)),
                    )
                    bx += w + 0.004
        elif "kitchen" in details:
            pen.polygon([(-0.5, 0), (0.5, 0), (0.5, 0.26), (-0.5, 0.26)], tone((226, 214, 196)))
            pen.polygon([(-0.53, 0.26), (0.53, 0.26), (0.53, 0.29), (-0.53, 0.29)], tone((140, 96, 62)))
            for n in range(4):
                pen.line([(-0.5 + n * 0.25, 0.02), (-0.5 + n * 0.25, 0.25)], 0.006, tone((170, 156, 138)), smooth=False)
            for n in range(5):
                px = -0.4 + n * 0.18
                pen.oval((px, 0.345), (0.035, 0.05), tone(hue(n * 0.17, 0.4, 0.85)))
            pen.polygon([(-0.46, 0.56), (0.46, 0.56), (0.46, 0.585), (-0.46, 0.585)], tone((140, 96, 62)))
            for n in range(8):
                pen.polygon(
                    [
                        (-0.42 + n * 0.11, 0.585),
                        (-0.36 + n * 0.11, 0.585),
                        (-0.36 + n * 0.11, 0.66),
                        (-0.42 + n * 0.11, 0.66),
                    ],
                    tone(hue(n * 0.13 + 0.05, 0.35, 0.9)),
                )
        elif "fireplace" in details:
            pen.polygon([(-0.34, 0), (0.34, 0), (0.34, 0.46), (-0.34, 0.46)], tone((150, 96, 78)))
            pen.polygon([(-0.4, 0.46), (0.4, 0.46), (0.4, 0.5), (-0.4, 0.5)], tone((110, 74, 50)))
            pen.blob([(-0.2, 0.0), (-0.2, 0.26), (0, 0.34), (0.2, 0.26), (0.2, 0.0)], (40, 26, 24))
            pen.blob([(-0.13, 0.02), (-0.08, 0.16), (0.0, 0.27), (0.07, 0.15), (0.13, 0.02)], (250, 140, 50))
            pen.blob([(-0.07, 0.02), (-0.03, 0.1), (0.01, 0.17), (0.05, 0.09), (0.07, 0.02)], (255, 224, 140))
        else:
            pen.blob(
                [(-0.4, 0.04), (-0.42, 0.3), (-0.3, 0.38), (0.3, 0.38), (0.42, 0.3), (0.4, 0.04)],
                tone(hue(float(rng.random()), 0.42, 0.72)),
            )
            pen.blob([(-0.34, 0.1), (-0.32, 0.2), (0.32, 0.2), (0.34, 0.1)], tone(hue(float(rng.random()), 0.3, 0.82)))
        self._pictures(pen, rng, tone)

    def _pictures(self, pen: Pen, rng: np.random.Generator, tone: object) -> None:
        assert callable(tone)
        for n, (px, py, s) in enumerate(((-0.16, 0.86, 0.1), (0.12, 0.9, 0.13))):
            pen.polygon(
                [(px - s, py - s * 0.8), (px + s, py - s * 0.8), (px + s, py + s * 0.8), (px - s, py + s * 0.8)],
                tone((120, 82, 52)),
            )
            k = s * 0.86
            pen.polygon(
                [(px - k, py - k * 0.78), (px + k, py - k * 0.78), (px + k, py + k * 0.78), (px - k, py + k * 0.78)],
                tone(hue(float(rng.random()), 0.25, 0.92)),
            )
            pen.blob(
                [
                    (px - k * 0.9, py - k * 0.7),
                    (px - k * 0.3, py + k * 0.1),
                    (px + k * 0.2, py - k * 0.2),
                    (px + k * 0.9, py - k * 0.7),
                ],
                tone(hue(0.3 + n * 0.3, 0.4, 0.6)),
            )
