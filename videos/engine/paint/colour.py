"""Colours and the light of each time of day. Colours are RGB triples until they touch a canvas, which is BGR."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from videos.engine.paint.noise import Array

RGB = tuple[float, float, float]


def mix(a: RGB, b: RGB, share: float) -> RGB:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def scaled(a: RGB, factor: float) -> RGB:
    return (min(a[0] * factor, 255.0), min(a[1] * factor, 255.0), min(a[2] * factor, 255.0))


def times(a: RGB, light: RGB) -> RGB:
    """A surface of colour a under a light."""
    return (a[0] * light[0] / 255, a[1] * light[1] / 255, a[2] * light[2] / 255)


def rgb(value: Sequence[float]) -> RGB:
    return (float(value[0]), float(value[1]), float(value[2]))


def hue(h: float, s: float, v: float) -> RGB:
    r, g, b = colorsys.hsv_to_rgb(h % 1.0, s, v)
    return (r * 255, g * 255, b * 255)


def bgr(a: RGB) -> tuple[int, int, int]:
    return (round(a[2]), round(a[1]), round(a[0]))


def gradient(stops: list[tuple[float, RGB]], length: int) -> Array:
    """(length, 3) BGR float32 through the stops, eased so that no stop shows as an edge."""
    at = np.linspace(0.0, 1.0, length)
    places = [s[0] for s in stops]
    fine = np.stack([np.interp(at, places, [s[1][c] for s in stops]) for c in (2, 1, 0)], axis=1)
    kernel = np.hanning(max(3, length // 9))
    padded = np.pad(fine, ((kernel.size // 2, kernel.size - 1 - kernel.size // 2), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(padded[:, c], kernel / kernel.sum(), mode="valid") for c in range(3)], axis=1)
    return smooth.astype(np.float32)


@dataclass(frozen=True)
class Light:
    """What the hour does to a picture; `sky` runs from the zenith down to the horizon."""

    sky: tuple[tuple[float, RGB], ...]
    sun: RGB
    key: RGB
    ambient: RGB
    fog: RGB
    cloud: RGB
    cloud_shade: RGB
    sun_height: float
    side: int = 1
    stars: float = 0.0
    level: float = 1.0

    def lit(self, colour: RGB, share: float = 0.55) -> RGB:
        """A colour seen in this light: part key, part ambient."""
        lamp = mix(self.ambient, self.key, share)
        return times(colour, scaled(lamp, 1.12 * self.level))

    def far(self, colour: RGB, depth: float, reach: float = 7.0) -> RGB:
        """A colour seen through the air between."""
        return mix(colour, self.fog, 1.0 - float(np.exp(-max(depth - 1.0, 0.0) / reach)))


LIGHTS = {
    "sunrise": Light(
        ((0.0, (54, 74, 138)), (0.4, (128, 120, 178)), (0.68, (236, 156, 150)), (0.88, (255, 196, 142)), (1.0,
            (255, 226, 176))),
        (255, 236, 190), (255, 206, 158), (136, 132, 178), (244, 190, 168), (255, 206, 180), (150, 120, 160), 0.07,
    ),
    "morning": Light(
        ((0.0, (78, 138, 200)), (0.5, (150, 194, 222)), (0.85, (226, 230, 214)), (1.0, (250, 238, 208))),
        (255, 246, 214), (255, 240, 206), (160, 178, 186), (222, 226, 210), (255, 250, 236), (186, 196, 206), 0.28,
    ),
    "day": Light(
        ((0.0, (42, 108, 190)), (0.5, (98, 164, 222)), (0.85, (176, 212, 234)), (1.0, (220, 234, 236))),
        (255, 252, 232), (255, 250, 236), (164, 186, 208), (196, 218, 230), (248, 250, 252), (190, 208, 226), 0.62,
    ),
    "sunset": Light(
        ((0.0, (48, 46, 104)), (0.35, (122, 74, 128)), (0.62, (224, 106, 92)), (0.84, (252, 164, 84)), (1.0, (255,
            214, 122))),
        (255, 232, 160), (255, 190, 118), (132, 106, 140), (240, 160, 112), (255, 176, 120), (128, 78, 112), 0.09,
    ),
    "dusk": Light(
        ((0.0, (22, 28, 72)), (0.42, (56, 58, 122)), (0.74, (140, 92, 142)), (0.92, (226, 138, 130)), (1.0, (246,
            178, 140))),
        (255, 200, 160), (214, 170, 180), (92, 96, 148), (150, 112, 146), (190, 130, 160), (66, 62, 112), 0.03,
        stars=0.35, level=0.86,
    ),
    "night": Light(
        ((0.0, (6, 10, 30)), (0.45, (14, 26, 62)), (0.8, (30, 52, 98)), (1.0, (54, 82, 128))),
        (226, 236, 255), (150, 178, 236), (58, 74, 122), (36, 54, 98), (70, 88, 132), (22, 34, 68), 0.66,
        stars=1.0, level=0.72,
    ),
}  # fmt: skip


def light_of(time: str, weather: str, mood: str, side: int) -> Light:
    """The light of the hour, dulled by bad weather."""
    light = replace(LIGHTS.get(time, LIGHTS["day"]), side=side)
    dull = {"rain": 0.62, "storm": 0.78, "snow": 0.45, "mist": 0.4, "dust": 0.25}.get(weather, 0.0)
    if mood in ("tense", "sad"):
        dull = max(dull, 0.22)
    return _overcast(light, dull) if dull else light


def _overcast(light: Light, share: float) -> Light:
    def dulled(colour: RGB, dark: float) -> RGB:
        luma = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
        return scaled(mix(colour, (luma * 0.93, luma * 0.99, luma * 1.08), share), dark)

    dark = 1.0 - 0.3 * share
    return replace(
        light,
        sky=tuple((at, dulled(colour, dark)) for at, colour in light.sky),
        sun=dulled(light.sun, 1.0 - 0.75 * share),
        key=dulled(light.key, 1.0 - 0.28 * share),
        ambient=dulled(light.ambient, 1.0),
        fog=dulled(light.fog, dark),
        cloud=dulled(light.cloud, dark * 0.95),
        cloud_shade=dulled(light.cloud_shade, dark),
        stars=light.stars * (1.0 - share),
    )
