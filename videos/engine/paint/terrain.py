"""Height fields seen in perspective and cut into depth slabs: mountains, dunes, the plains of Mars."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled, times
from videos.engine.paint.layer import Element, Frame, Layer, cropped
from videos.engine.paint.noise import Array, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import Aurora, sky, sun_glow

MARGIN = 0.24


def mountain(site: Site) -> Set:
    light, frame = site.light, site.frame(0.44 if site.portrait else 0.42, 0.84)
    white = site.ground == "snow" or site.weather == "snow"
    snowline = 0.05 if white else 0.95

    def shape(x: Array, z: Array, noise: Noise) -> Array:
        relief = np.interp(z, (1.0, 2.0, 3.4, 5.0, 8.0, 14.0, 26.0), (0.24, 0.5, 1.0, 1.7, 2.3, 3.2, 4.8))
        swell = 0.35 + 0.95 * noise.smooth(x, z, 5.5, 2)
        return relief * swell * noise.ridged(x, z, 4.0, 7)

    def paint(h: Array, slope: Array, fine: Array) -> Array:
        rock = _coloured((74, 70, 84), (128, 116, 118), fine)
        green = _coloured((50, 80, 54), (104, 122, 68), fine)
        ground = rock if white else _blend(green, rock, np.clip((h - 0.45) * 2.4 + (fine - 0.5), 0, 1))
        cover = np.clip((h - snowline) * 5 + (fine - 0.3) * 2 + (0.6 if white else 0), 0, 1) * np.clip(
            (2.5 if white else 2.0) - slope + (fine - 0.5) * 2.2, 0, 1
        )
        if white:
            cover = np.maximum(cover, np.clip(1.6 - slope * 1.2, 0, 1) * 0.9)
        return _blend(ground, np.full_like(rock, 252.0), cover)

    slabs = Ground(
        frame, light, site.seed, shape, paint, eye=0.7, haze=(0.055, 0.6), trees=(52, 74, 70) if white else (42, 82, 56)
    ).slabs(7)
    back: list[Element] = sky(frame, light, site.seed, clouds=0.42)
    if "aurora" in site.details:
        back.append(Aurora(frame, site.seed))
    return Set(
        frame,
        light,
        [*back, *slabs[:-3]],
        [*slabs[-3:]],
        glow=[sun_glow(frame, light, site.seed)],
        size=0.5,
        bloom=0.35,
        open_air=True,
    )


def desert(site: Site) -> Set:
    light, frame = site.light, site.frame(0.5, 0.82)
    return _dunes(site, frame, light, (240, 196, 128), (206, 138, 84))


def mars(site: Site) -> Set:
    light, frame = site.light, site.frame(0.5, 0.82)
    tint: RGB = (230, 150, 104)
    sky_stops = tuple((at, mix(colour, times(tint, (250, 240, 235)), 0.62)) for at, colour in light.sky)
    if light.stars < 0.8:
        light = Light(
            sky_stops,
            light.sun,
            mix(light.key, (255, 214, 176), 0.5),
            mix(light.ambient, (170, 120, 110), 0.6),
            (222, 150, 108),
            (240, 180, 140),
            (190, 120, 96),
            light.sun_height,
            light.side,
            0.25,
        )
    return _dunes(site, frame, light, (206, 108, 66), (150, 68, 46), rocky=True)


def _dunes(site: Site, frame: Frame, light: Light, crest: RGB, hollow: RGB, *, rocky: bool = False) -> Set:
    def shape(x: Array, z: Array, noise: Noise) -> Array:
        bend = noise.smooth(x, z, 4.0, 3)
        fold = np.abs(np.sin(z * 0.62 + x * 0.2 + bend * 7.0))
        rise = np.interp(z, (1.0, 2.2, 6.0, 20.0), (0.14, 0.3, 0.8, 1.8))
        height = rise * ((1 - fold) ** 1.2 * 0.75 + 0.3 * noise.smooth(x, z, 6.0, 2))
        if not rocky:
            return height
        mesa = np.clip((noise.smooth(x, z, 4.5, 5) - 0.55) * 14, 0, 1) * np.interp(z, (4.0, 7.0, 20.0), (0.0, 1.1, 3.0))
        stones = np.clip(noise.smooth(x, z, 0.35, 2) - 0.72, 0, 1) * 0.5
        return height * 0.55 + mesa * (0.9 + 0.1 * noise.smooth(x, z, 0.6, 3)) + stones * np.clip(2.6 / z, 0, 1)

    def paint(h: Array, slope: Array, fine: Array) -> Array:
        return _coloured(hollow, crest, np.clip(0.35 + h * 0.5 + (fine - 0.5) * (0.9 if rocky else 0.2), 0, 1))

    slabs = Ground(frame, light, site.seed, shape, paint, eye=0.5, haze=(0.045, 0.2)).slabs(6)
    back: list[Element] = [*sky(frame, light, site.seed, clouds=0.12 if rocky else 0.25), *slabs[:-2]]
    return Set(
        frame, light, back, [*slabs[-2:]], glow=[sun_glow(frame, light, site.seed)], size=0.5, bloom=0.35, open_air=True
    )


def _coloured(a: RGB, b: RGB, share: Array) -> Array:
    low, high = np.array(a[::-1], np.float32), np.array(b[::-1], np.float32)
    return np.asarray(low + (high - low) * share[..., None])


def _blend(a: Array, b: Array, share: Array) -> Array:
    return np.asarray(a + (b - a) * share[..., None])


class Noise:
    """Noise over the endless plain, octave by octave from one repeating tile."""

    SIZE, CELL = 256, 8

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "plain")
        grid = np.tile(rng.random((self.SIZE // self.CELL,) * 2, dtype=np.float32), (3, 3))
        big = cv2.resize(grid, (3 * self.SIZE, 3 * self.SIZE), interpolation=cv2.INTER_CUBIC)
        self.tile = np.clip(big[self.SIZE : 2 * self.SIZE, self.SIZE : 2 * self.SIZE] * 1.3 - 0.15, 0, 1).copy()
        self.shifts = rng.random((12, 2)) * self.SIZE

    def octave(self, x: Array, z: Array, length: float, number: int) -> Array:
        k = self.CELL / length
        u = x * np.float32(k) + np.float32(self.shifts[number, 0])
        v = z * np.float32(k) + np.float32(self.shifts[number, 1])
        return cv2.remap(self.tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)

    def smooth(self, x: Array, z: Array, length: float, octaves: int) -> Array:
        total = sum(0.5**n * self.octave(x, z, length / 2**n, n + 7 - octaves % 3) for n in range(octaves))
        return np.asarray(total / (2.0 - 0.5 ** (octaves - 1)))

    def ridged(self, x: Array, z: Array, length: float, octaves: int) -> Array:
        total, carry = np.zeros(x.shape, np.float32), np.ones(x.shape, np.float32)
        for n in range(octaves):
            crest = (1 - np.abs(2 * self.octave(x, z, length / 1.95**n, n) - 1)) ** 1.7 * carry
            total += 0.52**n * crest
            carry = np.clip(crest * 1.9, 0.12, 1)
        return total / 1.5


Shape = Callable[[Array, Array, Noise], Array]
Paint = Callable[[Array, Array, Array], Array]


class Ground:
    """A height field seen from a little above, ready to be cut into slabs."""

    def __init__(
        self,
        frame: Frame,
        light: Light,
        seed: int,
        shape: Shape,
        paint: Paint,
        *,
        eye: float,
        haze: tuple[float, float],
        trees: RGB | None = None,
    ) -> None:
        self.frame, self.light, self.shape, self.paint, self.eye, self.haze = frame, light, shape, paint, eye, haze
        self.noise, self.trees, self.seed = Noise(seed), trees, seed
        self.span = (1.15, 26.0)
        # The ground must reach below the lower edge, in a tall picture too.
        self.upright = max(1.0, (frame.height * 1.12 - frame.horizon) / frame.unit / 0.86)

    def slabs(self, count: int) -> list[Layer]:
        """Layers from far to near; together they are one continuous ground."""
        edges = np.geomspace(*self.span, count + 1)
        return [self._slab(float(edges[n]), float(edges[n + 1]), n) for n in reversed(range(count))]

    def _slab(self, z0: float, z1: float, number: int) -> Layer:
        frame = self.frame
        density = (0.8 if number < 3 else 0.5) * min(1.0, 800 / frame.unit)
        wide, high = round(frame.width * (1 + 2 * MARGIN) * density), round(frame.height * (1 + MARGIN) * density)
        steps = 150 if number < 3 else 110
        screen = (np.arange(wide, dtype=np.float32)[None, :] / density - frame.width * (0.5 + MARGIN)) / frame.unit
        z = np.repeat(
            np.geomspace(z0 * (0.74 if number else 0.5), z1 * 1.02, steps).astype(np.float32)[:, None], wide, 1
        )
        x = screen * z
        h = self.shape(x, z, self.noise).astype(np.float32)
        colour = self._hazed(self._shaded(x, z, h), h, z)
        y = (frame.horizon + (self.eye - h) / z * frame.unit * self.upright) * density
        image = column_fill(y.astype(np.float32), colour, high)
        if self.trees and number < 4:
            self._plant(image, x, y, z, h, number, density)
        depth = float(np.sqrt(z0 * z1)) / self.span[0]
        return cropped(Layer(image, depth, -frame.width * MARGIN, 0.0, density))

    def _plant(self, image: Array, x: Array, y: Array, z: Array, h: Array, number: int, density: float) -> None:
        """Firs in groups on the lower slopes, where nothing nearer hides their foot."""
        rng = stream(self.seed, "firs", number)
        assert self.trees is not None
        steps, wide = y.shape
        crest = np.minimum.accumulate(y, axis=0)
        grove = self.noise.smooth(x, z, 1.3, 2)
        spots = sorted(
            zip(rng.integers(2, steps, 900).tolist(), rng.integers(0, wide, 900).tolist(), strict=True), reverse=True
        )
        for step, column in spots:
            if y[step, column] > crest[step - 1, column] or h[step, column] > 0.95 or grove[step, column] < 0.56:
                continue
            tall = float(rng.uniform(0.06, 0.12)) / float(z[step, 0]) * self.frame.unit * self.upright * density
            share = float(1 - np.exp(-max(float(z[step, 0]) - 1, 0) * self.haze[0] * 1.6))
            colour = mix(self.light.lit(scaled(self.trees, float(rng.uniform(0.75, 1.1))), 0.4), self.light.fog, share)
            fir(image, column, float(y[step, column]), tall, colour)

    def _shaded(self, x: Array, z: Array, h: Array) -> Array:
        light = self.light
        dx = cv2.Sobel(h, cv2.CV_32F, 1, 0, ksize=3) / (8 * np.maximum(x[:, 1:2] - x[:, 0:1], 1e-6))
        dz = cv2.Sobel(h, cv2.CV_32F, 0, 1, ksize=3) / (8 * np.gradient(z[:, 0])[:, None])
        slope = np.sqrt(dx * dx + dz * dz)
        direct = np.clip((-1.25 * dx * light.side + dz * 0.12 + 0.5) / np.sqrt(1 + slope * slope), 0, 1)
        direct *= 1.0 - 0.7 * self._shadow(x, h)
        key = np.array(light.key[::-1], np.float32) * 1.08 * light.level
        ambient = np.array(light.ambient[::-1], np.float32) * 0.56 * light.level
        fine = self.noise.smooth(x, z, 0.5, 3)
        lit: Array = self.paint(h, slope, fine) * (ambient + key * direct[..., None]) / 255.0
        return np.clip(lit, 0, 255).astype(np.float32)

    def _shadow(self, x: Array, h: Array) -> Array:
        """Ground that another crest hides from a low sun."""
        lift = h - x * self.light.side * (0.3 + 0.8 * self.light.sun_height)
        lift = lift if self.light.side < 0 else lift[:, ::-1]
        hidden = np.maximum.accumulate(lift, axis=1) - lift
        hidden = hidden if self.light.side < 0 else hidden[:, ::-1]
        return cv2.GaussianBlur(np.ascontiguousarray(np.clip(hidden * 6, 0, 1)), (0, 0), 1.4)

    def _hazed(self, colour: Array, h: Array, z: Array) -> Array:
        thick, valley = self.haze
        far = 1.0 - np.exp(-np.maximum(z - self.span[0], 0) * thick)
        low = valley * np.exp(-np.maximum(h, 0) * 1.9) * np.clip((z - 1.6) / 5.0, 0, 1)
        share = np.clip(far + low * (1 - far), 0, 0.96)[..., None]
        return colour + (np.array(self.light.fog[::-1], np.float32) - colour) * share


def fir(image: Array, x: float, foot: float, tall: float, colour: RGB) -> None:
    for n in range(3):
        low, top, wide = foot - tall * 0.26 * n, foot - tall * (0.5 + 0.25 * n), tall * (0.3 - 0.07 * n)
        points = np.array([[x - wide, low], [x, top], [x + wide, low], [x, low - tall * 0.06]]) * 16
        cv2.fillPoly(image, [points.astype(np.int32)], (*bgr(scaled(colour, 0.85 + 0.12 * n)), 255), cv2.LINE_AA, 4)


def column_fill(y: Array, colour: Array, high: int) -> Array:
    """Turn rows of screen heights (near first) with colours into a premultiplied picture, opaque below its crest."""
    steps, wide = y.shape
    crest = np.minimum.accumulate(y, axis=0)
    rows = np.clip(np.ceil(crest), 0, high).astype(np.int32)
    marks = np.full((high + 1, wide), -1, np.int16)
    columns = np.arange(wide)
    for step in range(steps - 1, -1, -1):
        marks[rows[step], columns] = step
    at = np.where(marks >= 0, np.arange(high + 1, dtype=np.int32)[:, None], -1)
    at = np.maximum.accumulate(at, axis=0)[:high]
    index = np.where(at >= 0, marks[np.maximum(at, 0), columns[None, :]], 0).astype(np.int32)
    top = rows[index, columns[None, :]].astype(np.float32)
    below = np.maximum(index - 1, 0)
    span = np.maximum(rows[below, columns[None, :]] - top, 1.0)
    share = np.clip((np.arange(high, dtype=np.float32)[:, None] - top) / span, 0, 1)[..., None]
    share[index == 0] = 0
    image = np.zeros((high, wide, 4), np.float32)
    here = colour[index, columns[None, :]]
    image[..., :3] = here + (colour[below, columns[None, :]] - here) * share
    image[..., 3] = 255.0
    image[at < 0] = 0.0
    return cv2.GaussianBlur(np.clip(image, 0, 255).astype(np.uint8), (3, 3), 0.6)
