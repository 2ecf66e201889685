"""No nouns, no scene: slow folds of coloured light whose palette belongs to the prompt."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, hue, mix
from videos.engine.paint.layer import Canvas, Element, View
from videos.engine.paint.noise import Array, fbm, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.relight import HOURS, flare


def build(site: Site) -> Set:
    frame = site.frame(0.5, 0.8)
    light = Light(
        ((0.0, (30, 30, 50)), (1.0, (60, 50, 80))),
        (255, 250, 240),
        (255, 244, 232),
        (150, 150, 180),
        (60, 50, 80),
        (0, 0, 0),
        (0, 0, 0),
        0.5,
        site.side,
    )
    tone = HOURS.get(site.hour)
    light = tone.light(light) if tone else light
    glows: list[Element] = [*flare(frame, site.hour, site.side)]
    return Set(frame, light, [Silk(site)], [], [], glows, shadow=0.0, bloom=0.6, size=0.42, floats=True)


def palette(site: Site) -> Array:
    """256 BGR colours: the prompt's own colours if it names some, else hues that follow from its words."""
    stops: list[RGB] = list(site.colours)
    if len(stops) < 2:
        start = stops[0] if stops else hue(site.hue, 0.72, 0.9)
        first = site.hue
        stops = [
            mix((12, 10, 30), start, 0.3),
            start,
            hue(first + 0.07, 0.45, 1.0),
            hue(first - 0.1, 0.7, 0.72),
            hue(first - 0.2, 0.8, 0.34),
        ]
    else:
        stops = [mix((10, 8, 24), stops[0], 0.35), *stops, mix(stops[-1], (255, 250, 240), 0.6)]
    stops = [*stops, stops[0]]
    at = np.linspace(0, 1, 256)
    places = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(at, places, [s[c] for s in stops]) for c in (2, 1, 0)], axis=1).astype(np.float32)


class Silk:
    """A domain-warped field, moved by drifting its warp; lit from one side like cloth."""

    SCALE = 0.25

    def __init__(self, site: Site) -> None:
        rng = stream(site.seed, "silk")
        self.size = (round(site.height * self.SCALE), round(site.width * self.SCALE))
        big = (self.size[0] * 2, self.size[1] * 2)
        cell = min(self.size) * 0.85
        self.base = fbm(rng, big, cell, 4, 0.42)
        self.warp = [cv2.GaussianBlur(fbm(rng, big, cell * 1.1, 3), (0, 0), 3) - 0.5 for _ in range(2)]
        y, x = np.mgrid[0 : self.size[0], 0 : self.size[1]].astype(np.float32)
        self.x, self.y = x, y
        self.phase = rng.random(4) * 6.28
        tone = HOURS.get(site.hour)
        self.table = palette(site) if tone is None else tone.array(palette(site)).astype(np.float32)
        self.side = site.side

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        high, wide = self.size
        a = self.phase
        ox, oy = wide * (0.5 + 0.3 * np.sin(t * 0.11 + a[0])), high * (0.5 + 0.3 * np.sin(t * 0.09 + a[1]))
        zoom = 1.0 / (1.0 + view.z * 0.9) / view.zoom
        u = ((self.x - wide / 2) * zoom + wide / 2 + ox + view.x * 60).astype(np.float32)
        v = ((self.y - high / 2) * zoom + high / 2 + oy).astype(np.float32)
        first = cv2.remap(self.warp[0], u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        second = cv2.remap(
            self.warp[1],
            u + np.float32(14 * np.sin(t * 0.23 + a[2])),
            v,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        reach = min(high, wide) * 1.35
        field = cv2.remap(
            self.base, u + first * reach, v + second * reach, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        dx, dy = cv2.Sobel(field, cv2.CV_32F, 1, 0), cv2.Sobel(field, cv2.CV_32F, 0, 1)
        shade = np.clip(0.82 + (dx * self.side - dy) * 5.0, 0.28, 1.7)
        index = np.mod(field * 1.9 + first * 0.7 + t * 0.02, 1.0) * 255
        colour = self.table[index.astype(np.uint8)] * shade[..., None] + np.clip(shade - 1.25, 0, 1)[..., None] * 160
        small = np.empty((high, wide, 4), np.uint8)
        small[..., :3] = np.clip(colour, 0, 255)
        small[..., 3] = 255
        cv2.resize(small, (canvas.image.shape[1], canvas.image.shape[0]), canvas.image, interpolation=cv2.INTER_CUBIC)
