"""Skies: gradient, sun or moon with its glow, drifting clouds, stars and northern lights."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import Light, gradient, mix
from videos.engine.paint.layer import INFINITY, Canvas, Element, Frame, Layer, View, glow, premultiply
from videos.engine.paint.noise import Array, fbm, stream, stretched

DENSITY = 0.5
MARGIN = 0.2


def sky(
    frame: Frame, light: Light, seed: int, *, clouds: float = 0.5, sun: bool = True, depth: float = 0.0
) -> list[Element]:
    """The sky from above the picture down to a little below the horizon."""
    rng = stream(seed, "sky")
    wide, high = frame.width * (1 + 2 * MARGIN), frame.horizon + frame.height * (MARGIN + 0.1)
    shape = (round(high * DENSITY), round(wide * DENSITY))
    place = sun_place(frame, light, seed)
    picture = _gradient(light, shape, frame.horizon + frame.height * MARGIN, frame.height)
    if light.stars:
        _stars(picture, rng, light.stars, frame)
    if sun:
        _sun(picture, light, place, frame)
    picture += (fbm(rng, shape, 3, 1) - 0.5)[..., None] * 1.6
    image = premultiply(np.clip(picture, 0, 255), np.ones(shape, np.float32))
    elements: list[Element] = [
        Layer(image, INFINITY, -frame.width * MARGIN, -frame.height * MARGIN, DENSITY, opaque=True)
    ]
    if clouds > 0:
        elements += [_clouds(frame, light, stream(seed, "clouds", n), clouds, place[0], n) for n in range(2)]
    return elements


def sun_place(frame: Frame, light: Light, seed: int) -> tuple[float, float]:
    x = frame.width * (0.5 + light.side * float(stream(seed, "sun").uniform(0.14, 0.3)))
    return x, frame.horizon * (1.0 - light.sun_height * 1.15)


def _gradient(light: Light, shape: tuple[int, int], horizon: float, height: int) -> Array:
    rows = gradient(list(light.sky), max(round(min(horizon, height * 1.1) * DENSITY), 8))
    top = max(round(horizon * DENSITY) - rows.shape[0], 0)
    column = np.vstack([np.repeat(rows[:1], top, 0), rows, np.repeat(rows[-1:], shape[0], 0)])[: shape[0]]
    return np.repeat(column[:, None, :], shape[1], axis=1)


def _sun(picture: Array, light: Light, place: tuple[float, float], frame: Frame) -> None:
    high, wide = picture.shape[:2]
    cx, cy = (place[0] + frame.width * MARGIN) * DENSITY, (place[1] + frame.height * MARGIN) * DENSITY
    y, x = np.ogrid[0:high, 0:wide]
    distance = np.sqrt((x - cx) ** 2 + (y - cy) ** 2).astype(np.float32) / (frame.unit * DENSITY)
    colour = np.array(light.sun[::-1], np.float32)
    night = light.stars > 0.8
    radius = 0.052 if night else 0.048
    low = light.sun_height < 0.2
    halo = (0.62 if low else 0.45) * np.exp(-distance * (5.5 if low else 7.5)) + (0.34 if low else 0.16) * np.exp(
        -distance * 1.9
    )
    if night:
        halo *= 0.5
    picture += (colour - picture) * np.clip(halo, 0, 1)[..., None]
    disc = np.clip((radius - distance) * frame.unit * DENSITY * 0.6 + 0.5, 0, 1)[..., None]
    face = colour * (1.0 if not night else 0.94 + 0.06 * np.sin(x / 9.0 + np.sin(y / 7.0) * 2)[..., None])
    picture += (np.minimum(face * 1.04, 255) - picture) * disc * (1.0 if light.sun[0] > 200 else 0.2)


def _stars(picture: Array, rng: np.random.Generator, amount: float, frame: Frame) -> None:
    high, wide = picture.shape[:2]
    count = int(520 * amount)
    xs, ys = rng.integers(0, wide, count), (rng.random(count) ** 1.4 * high * 0.9).astype(int)
    sizes = rng.random(count) ** 4
    dots = np.zeros((high, wide), np.float32)
    for x, y, size in zip(xs, ys, sizes, strict=True):
        cv2.circle(dots, (int(x) * 8, int(y) * 8), int(4 + 9 * size), float(0.25 + 0.75 * size), -1, cv2.LINE_AA, 3)
    fall = np.linspace(1.0, 0.15, high, dtype=np.float32)[:, None]
    picture += (dots * fall)[..., None] * np.array((255, 240, 226), np.float32) * (0.55 + 0.45 * amount)


def _clouds(frame: Frame, light: Light, rng: np.random.Generator, amount: float, sun_x: float, number: int) -> Layer:
    """A bank of clouds that repeats sideways; the edge that faces the sun is lit."""
    period = frame.width * 1.6
    shape = (round(frame.horizon * (0.95 if number == 0 else 0.8) * DENSITY), round(period * DENSITY))
    cell = frame.unit * DENSITY * (0.62 if number == 0 else 1.0)
    body = tiled(rng, shape, (cell * 2.1, cell * 0.55), 6)
    band = np.sin(np.linspace(0.05, 3.1, shape[0], dtype=np.float32))[:, None] ** 0.6
    level = float(np.quantile(body * (0.8 + 0.2 * band), 1.0 - 0.6 * amount))
    alpha: Array = np.clip((body * (0.8 + 0.2 * band) - level * 0.94) * 5.5, 0, 1) * band
    lifted = cv2.GaussianBlur(body, (0, 0), 3)
    shift = max(3, round(frame.unit * 0.012))
    lit = np.clip((lifted - np.roll(lifted, (shift, light.side * -shift), (0, 1))) * 5.5 + 0.55, 0, 1)
    colour = (
        np.array(light.cloud_shade[::-1], np.float32)
        + (np.array(light.cloud[::-1], np.float32) - np.array(light.cloud_shade[::-1], np.float32)) * lit[..., None]
    )
    low = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None, None] ** 1.5
    colour = colour + (np.array(light.sky[-1][1][::-1], np.float32) - colour) * low * 0.55
    alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), 1.2) * (0.88 if number == 0 else 0.6))
    speed = frame.unit * (0.006 + 0.006 * number)
    return Layer(premultiply(colour, alpha), 60.0 + 30 * number, 0, 0, DENSITY, period=period, speed=speed)


def tiled(rng: np.random.Generator, shape: tuple[int, int], cell: tuple[float, float], octaves: int) -> Array:
    """Noise whose left and right edges meet."""
    high, wide = shape
    overlap = wide // 4
    noise = stretched(rng, (high, wide + overlap), cell, octaves)
    ramp = np.linspace(0, 1, overlap, dtype=np.float32)[None, :]
    noise[:, :overlap] = noise[:, :overlap] * ramp + noise[:, wide:] * (1 - ramp)
    return np.ascontiguousarray(noise[:, :wide])


class Aurora:
    """Curtains of northern lights, drawn as light."""

    def __init__(self, frame: Frame, seed: int) -> None:
        rng = stream(seed, "aurora")
        shape = (round(frame.horizon * 0.5), round(frame.width * 0.5))
        self.rays = stretched(rng, shape, (shape[1] / 40, shape[0] * 2.0), 3)
        self.phase = rng.random(3) * 6.28
        self.frame = frame
        fall = np.linspace(0, 1, shape[0], dtype=np.float32)
        hues = np.stack(
            [np.interp(fall, (0, 0.5, 1), c) for c in ((170, 120, 90), (60, 190, 220), (130, 70, 60))], axis=1
        )
        self.hues = hues.astype(np.float32)[:, None, :]

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        high, wide = self.rays.shape
        x = np.arange(wide, dtype=np.float32) / wide
        foot = 0.62 + 0.16 * np.sin(x * 5 + self.phase[0] + t * 0.25) + 0.08 * np.sin(x * 11 - t * 0.4 + self.phase[1])
        y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
        above = foot[None, :] - y
        body = np.where(above > 0, np.exp(-above * 4.2), np.exp(above * 40))
        shifted = np.roll(self.rays, int(t * 5), axis=1)
        light = (body * (0.25 + 0.95 * shifted) * (0.75 + 0.25 * np.sin(x * 3 + t * 0.3 + self.phase[2])))[
            ..., None
        ] * self.hues
        image = np.zeros((high, wide, 4), np.uint8)
        image[..., :3] = np.clip(light * 0.8, 0, 255)
        canvas.add(image, 2.0, 0.0, -view.pitch)


def sun_glow(frame: Frame, light: Light, seed: int) -> Layer:
    """The light the sun spills over whatever stands before it; added, so things glow at their edges."""
    x, y = sun_place(frame, light, seed)
    radius = round(frame.unit * 0.16)
    strength = 0.0 if light.stars > 0.8 else 0.36 if light.sun_height < 0.2 else 0.12
    image = glow(radius, mix((0, 0, 0), light.sun, strength), 2.4)
    return Layer(image, INFINITY, x - radius * 4, y - radius * 4, 0.25)
