"""Another hour or another air for pictures that are there already: day for night, the grey of rain, fog."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from videos.engine.paint.grade import LUMA, X
from videos.engine.paint.layer import soft_disc
from videos.engine.paint.noise import Array

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """Saturation, then curves for blue, green and red; `shade` darkens from the top, `glow` comes from beside."""

    curves: tuple[Array, Array, Array]
    saturation: float = 1.0
    shade: float = 0.0
    glow: RGB | None = None
    veil: RGB | None = None


HOURS = {
    "night": Light((0.04 + 0.62 * X**1.1, 0.02 + 0.46 * X**1.2, 0.01 + 0.37 * X**1.25), 0.5, 0.55),
    "dusk": Light((0.05 + 0.78 * X**1.05, 0.02 + 0.58 * X**1.15, 0.04 + 0.66 * X**1.1), 0.75, 0.25, (120, 60, 70)),
    "sunset": Light((0.04 + 0.62 * X**1.05, 0.03 + 0.8 * X, 0.05 + X**0.95), 0.9, 0.1, (235, 112, 34)),
    "sunrise": Light((0.06 + 0.78 * X, 0.04 + 0.86 * X, 0.06 + 1.02 * X**0.92), 0.95, 0.0, (190, 120, 84)),
    "morning": Light((0.02 + 0.86 * X**0.95, 0.03 + 0.97 * X**0.92, 0.04 + 1.02 * X**0.9), 1.0, 0.0, (90, 74, 44)),
    "day": Light((X**0.8, X**0.78, X**0.78), 1.1),
}
AIRS = {
    "rain": Light((0.05 + 0.72 * X**1.08, 0.035 + 0.68 * X**1.1, 0.03 + 0.63 * X**1.12), 0.6, 0.12),
    "storm": Light((0.04 + 0.58 * X**1.15, 0.02 + 0.52 * X**1.2, 0.02 + 0.48 * X**1.2), 0.5, 0.4),
    "snow": Light((0.14 + 0.84 * X, 0.11 + 0.83 * X, 0.09 + 0.82 * X), 0.62),
    "mist": Light((0.24 + 0.56 * X, 0.24 + 0.55 * X, 0.24 + 0.54 * X), 0.45, 0.0, None, (34, 35, 37)),
    "dust": Light((0.08 + 0.55 * X, 0.14 + 0.68 * X, 0.22 + 0.76 * X), 0.6, 0.0, None, (70, 44, 18)),
    "leaves": Light((0.82 * X, 0.95 * X, 0.02 + 1.04 * X), 1.05),
    "embers": Light((0.6 * X, 0.74 * X, 0.04 + 0.98 * X), 1.0, 0.2, (110, 44, 10)),
    "fireworks": Light((0.03 + 0.62 * X**1.2, 0.01 + 0.5 * X**1.3, 0.42 * X**1.35), 0.6, 0.35),
    "fireflies": Light((0.02 + 0.6 * X**1.2, 0.02 + 0.56 * X**1.2, 0.4 * X**1.3), 0.6, 0.3),
}


class Retouch:
    """Curves and gradients, made once for a plan; nothing when it names neither hour nor weather."""

    def __init__(self, hour: str, weather: str, size: tuple[int, int], side: int) -> None:
        lights = [light for light in (HOURS.get(hour), AIRS.get(weather)) if light]
        # Fireworks bring the night with them; named beside it they must not make it a second time.
        lights = lights[:1] if hour in ("night", "dusk") and weather in ("fireworks", "fireflies") else lights
        self.matrix, self.table = _matrix(lights), _table(lights)
        self.shade = _shade(lights, size)
        self.glow = _glow(lights, size, side)

    def apply(self, image: Array) -> None:
        """Change a BGRA picture in place."""
        if self.matrix is not None:
            cv2.transform(image, self.matrix, image)
        if self.table is not None:
            cv2.LUT(image, self.table, image)
        if self.shade is not None:
            cv2.multiply(image, self.shade, image, scale=1 / 255)
        if self.glow is not None:
            cv2.add(image, self.glow, image)


def _matrix(lights: list[Light]) -> Array | None:
    saturation = float(np.prod([light.saturation for light in lights]))
    if saturation == 1.0:
        return None
    matrix = np.eye(4)
    matrix[:3, :3] = saturation * np.eye(3) + (1 - saturation) * np.tile(LUMA, (3, 1))
    return matrix.astype(np.float32)


def _table(lights: list[Light]) -> Array | None:
    if not lights:
        return None
    channels = [X, X, X]
    for light in lights:
        channels = [np.interp(np.clip(own, 0, 1), X, curve) for own, curve in zip(channels, light.curves, strict=True)]
    return np.clip(np.stack([*channels, X], axis=1)[:, None, :] * 255.0, 0, 255).astype(np.uint8)


def _shade(lights: list[Light], size: tuple[int, int]) -> Array | None:
    """Darker towards the top, where a film has its sky."""
    strength = min(sum(light.shade for light in lights), 0.7)
    if not strength:
        return None
    y = np.linspace(0, 1, size[1], dtype=np.float32)[:, None, None]
    fall = 1 - strength * np.clip(1 - y / 0.62, 0, 1) ** 0.8
    mask = np.repeat(np.repeat(fall * 255, size[0], axis=1), 4, axis=2).astype(np.uint8)
    mask[..., 3] = 255
    return np.ascontiguousarray(mask)


def _glow(lights: list[Light], size: tuple[int, int], side: int) -> Array | None:
    """Light added: a low sun beyond one edge, or the pale of the air where it is deepest."""
    total = np.zeros((size[1], size[0], 4), np.float32)
    for light in lights:
        if light.glow:
            disc = cv2.resize(soft_disc(64, 1.6), (round(size[0] * 1.5), round(size[1] * 1.7)))
            top, left = round(disc.shape[0] / 2 - size[1] * 0.4), round(size[0] * (0.6 if side < 0 else -0.1))
            part = disc[top : top + size[1], left : left + size[0]]
            total[: part.shape[0], : part.shape[1], :3] += part[..., None] * np.array(light.glow[::-1], np.float32)
        if light.veil:
            y = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None, None]
            total[..., :3] += np.exp(-((y + 0.12) ** 2) / 0.18) * np.array(light.veil[::-1], np.float32)
    return np.clip(total, 0, 255).astype(np.uint8) if total.any() else None
