"""Open country: hills behind hills, grass and flowers; and the sea of clouds above it all."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled
from videos.engine.paint.forest import fill, tree
from videos.engine.paint.layer import Element, Frame, Layer, cropped, premultiply
from videos.engine.paint.noise import Array, stream, wave
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import Aurora, sky, sun_glow, tiled

GRASS: dict[str, tuple[RGB, RGB]] = {
    "summer": ((86, 142, 62), (170, 194, 86)), "wheat": ((196, 148, 62), (240, 206, 112)), "autumn": ((170, 120,
        54), (222, 170, 80)),
    "winter": ((176, 190, 216), (226, 234, 246)), "lavender": ((92, 122, 70), (134, 150, 90)),
}  # fmt: skip


def build(site: Site) -> Set:
    frame, light = site.frame(0.5 if not site.portrait else 0.54, 0.84), site.light
    winter = site.ground == "snow" or site.weather == "snow"
    season = (
        "winter"
        if winter
        else "wheat"
        if "wheat" in site.details
        else "autumn"
        if site.weather == "leaves"
        else "summer"
    )
    low, high = GRASS[season]
    back: list[Element] = sky(frame, light, site.seed, clouds=0.62)
    if "aurora" in site.details:
        back.append(Aurora(frame, site.seed))
    for n, (depth, rise) in enumerate(((9.0, 0.15), (5.5, 0.1), (3.4, 0.055), (2.1, 0.03))):
        back.append(hill(frame, light, site.seed, depth, rise, low, high, winter, n))
    mid: list[Element] = [meadow(frame, light, site.seed, low, high, season)]
    flowers = "flowers" in site.details
    front: list[Element] = [
        blades(
            frame,
            light,
            site.seed,
            low,
            high,
            winter=winter,
            flowers=flowers or season == "summer",
            tall="wheat" in site.details,
        )
    ]
    if flowers:
        mid.append(blossoms(frame, light, site))
    return Set(
        frame,
        light,
        back,
        mid,
        front,
        [sun_glow(frame, light, site.seed)],
        shadow=0.4,
        bloom=0.4,
        size=0.52,
        endless=True,
    )


def hill(
    frame: Frame, light: Light, seed: int, depth: float, rise: float, low: RGB, high: RGB, winter: bool, number: int
) -> Layer:
    """A rolling hill with light on its brow and trees along it, repeating sideways."""
    rng = stream(seed, "hill", number)
    density, period = 0.5, frame.width * 1.6
    ground = frame.horizon + (frame.ground - frame.horizon) / depth
    top = ground - frame.height * rise - frame.unit * (0.52 / depth + 0.03)
    shape = (round((frame.height * 0.99 - top) * density), round(period * density))
    line = wave(rng, shape[1], 1.6, 1, 12) * frame.height * rise * density
    crest = (ground - top) * density - line
    y = np.arange(shape[0], dtype=np.float32)[:, None]
    below = y - crest[None, :]
    slope = np.gradient(line)[None, :] * -light.side
    tone = np.clip(0.46 + slope * 1.1 - below / (frame.unit * 0.55), 0, 1) + 0.14 * (
        tiled(rng, shape, (120, 14), 4) - 0.5
    )
    base, lit = light.lit(low, 0.4), light.lit(high, 0.75)
    far = 1 - float(np.exp(-(depth - 1) * 0.14))
    colour = (
        np.array(base[::-1], np.float32)
        + (np.array(lit[::-1], np.float32) - np.array(base[::-1], np.float32)) * tone[..., None]
    )
    colour += (np.array(light.fog[::-1], np.float32) - colour) * far
    image = premultiply(colour, np.clip(below + 0.5, 0, 1))
    leaf: RGB = (176, 188, 204) if winter else mix(low, (40, 84, 50), 0.7)
    crown = mix(light.lit(leaf, 0.45), light.fog, far)
    _copse(image, rng, crest, frame, depth, density, crown, mix(light.lit((90, 70, 56), 0.3), light.fog, far), winter)
    return cropped(Layer(image, depth, 0.0, top, density, period=period))


def _copse(
    image: Array,
    rng: np.random.Generator,
    crest: Array,
    frame: Frame,
    depth: float,
    density: float,
    crown: RGB,
    trunk: RGB,
    winter: bool,
) -> None:
    unit = frame.unit / depth * density
    wide = image.shape[1]
    for _ in range(4):
        middle = float(rng.random()) * wide
        for _ in range(int(rng.integers(4, 12))):
            x = middle + float(rng.normal(0, 0.45)) * unit
            kind = "pine" if winter or rng.random() < 0.3 else "leaf"
            foot = float(crest[int(x) % wide]) + 2
            for shift in (-wide, 0, wide):
                tree(
                    image,
                    x + shift,
                    foot,
                    unit * 0.2,
                    kind,
                    trunk,
                    scaled(crown, float(rng.uniform(0.85, 1.1))),
                    np.random.Generator(np.random.PCG64(int(x) % 997)),
                )


def meadow(frame: Frame, light: Light, seed: int, low: RGB, high: RGB, season: str) -> Layer:
    """The near ground: bands of grass with the sun raking over it."""
    rng = stream(seed, "meadow")
    density, period = 0.7, frame.width * 1.6
    top = frame.horizon + (frame.ground - frame.horizon) / 1.9
    shape = (round((frame.height * 1.2 - top) * density), round(period * density))
    line = wave(rng, shape[1], 1.4, 1, 10) * frame.height * 0.03 * density
    patch = tiled(rng, shape, (frame.unit * 0.5, frame.unit * 0.07), 5)
    fine = tiled(rng, shape, (26, 8), 3)
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    tone = np.clip(0.25 + 0.9 * (patch - 0.3) + 0.3 * (fine - 0.5) + 0.35 * np.exp(-y * 4), 0, 1)
    base, lit = np.array(light.lit(low, 0.45)[::-1], np.float32), np.array(light.lit(high, 0.8)[::-1], np.float32)
    colour = (base + (lit - base) * tone[..., None]) * (1.06 - 0.42 * y)[..., None]
    alpha = np.clip(np.arange(shape[0], dtype=np.float32)[:, None] - line[None, :], 0, 1)
    image = premultiply(colour, alpha)
    if season != "winter":
        _tufts(image, rng, base, lit, frame.unit * density)
    return Layer(image, 1.1, 0.0, top, density, period=period)


def _tufts(image: Array, rng: np.random.Generator, base: Array, lit: Array, unit: float) -> None:
    high, wide = image.shape[:2]
    for n in range(900):
        depth = (n / 900) ** 0.8
        y, x = int(10 + depth * (high - 12)), float(rng.random()) * wide
        tall = unit * (0.008 + 0.03 * depth)
        share = float(rng.random())
        colour = (*(base * (0.92 + 0.1 * share) + (lit - base) * share * 0.9).tolist(), 255)
        for k in (-1, 0, 1):
            tip = (int(x + k * tall * 0.4), int(y - tall * (1 - 0.2 * abs(k))))
            cv2.line(image, (int(x), y), tip, colour, max(1, round(unit * 0.003)), cv2.LINE_AA)


def blossoms(frame: Frame, light: Light, site: Site) -> Layer:
    """Flowers in the grass, smaller towards the hill."""
    rng = stream(site.seed, "blossoms")
    density, period = 0.8, frame.width * 1.6
    top = frame.horizon + (frame.ground - frame.horizon) / 1.7
    shape = (round((frame.height * 1.06 - top) * density), round(period * density))
    image = np.zeros((*shape, 4), np.uint8)
    colours = list(site.colours) or [(240, 96, 110), (250, 206, 84), (246, 240, 244), (170, 120, 220)]
    for n in range(520):
        depth = (n / 520) ** 0.9
        r = frame.unit * density * (0.002 + 0.0085 * depth) * float(rng.uniform(0.7, 1.2))
        x, y = float(rng.random()) * shape[1], 4 + depth * (shape[0] - 8)
        colour = light.lit(colours[int(rng.integers(len(colours)))], 0.75)
        fill(
            image,
            [(x - r * 0.14, y), (x + r * 0.14, y), (x + r * 0.1, y + r * 3), (x - r * 0.1, y + r * 3)],
            light.lit((70, 120, 56), 0.5),
        )
        for k in range(5):
            a = k * 1.2566 + x
            cv2.circle(
                image,
                (int((x + r * 0.7 * np.cos(a)) * 16), int((y + r * 0.6 * np.sin(a)) * 16)),
                int(r * 0.62 * 16),
                (*bgr(colour), 255),
                -1,
                cv2.LINE_AA,
                4,
            )
        cv2.circle(
            image,
            (int(x * 16), int(y * 16)),
            int(r * 0.42 * 16),
            (*bgr(light.lit((250, 210, 90), 0.7)), 255),
            -1,
            cv2.LINE_AA,
            4,
        )
    return Layer(image, 1.08, 0.0, top, density, period=period)


def blades(
    frame: Frame, light: Light, seed: int, low: RGB, high: RGB, *, winter: bool, flowers: bool, tall: bool
) -> Layer:
    """Grass close to the lens, out of focus."""
    rng = stream(seed, "blades")
    density, period = 0.5, frame.width * 2.0
    shape = (round(frame.height * 0.2 * density), round(period * density))
    image = np.zeros((*shape, 4), np.uint8)
    unit = frame.unit * density
    dark, bright = light.lit(scaled(low, 0.55), 0.4), light.lit(scaled(high, 0.72), 0.6)
    if winter:
        body = shape[0] * 0.45 + wave(rng, shape[1], 1.2, 1, 9) * shape[0] * 0.35
        alpha = np.clip((np.arange(shape[0], dtype=np.float32)[:, None] - body[None, :]) / 6, 0, 1)
        colour = np.zeros((*shape, 3), np.float32) + np.array(light.lit((222, 230, 244), 0.5)[::-1], np.float32)
        return Layer(
            cv2.GaussianBlur(premultiply(colour, alpha), (0, 0), 3),
            0.68,
            0.0,
            frame.height * 0.86,
            density,
            period=period,
        )
    for _ in range(round(period / frame.unit * 70)):
        x, h = float(rng.random()) * shape[1], unit * float(rng.uniform(0.05, 0.15)) * (1.35 if tall else 1.0)
        lean, w = float(rng.normal(0, 0.3)) * h, unit * 0.0042
        blade = mix(dark, bright, float(rng.random()) ** 2)
        for shift in (-shape[1], 0, shape[1]):
            px = x + shift
            fill(
                image,
                [
                    (px - w, shape[0]),
                    (px + lean * 0.4 - w * 0.8, shape[0] - h * 0.6),
                    (px + lean, shape[0] - h),
                    (px + lean * 0.4 + w * 0.8, shape[0] - h * 0.6),
                    (px + w, shape[0]),
                ],
                blade,
            )
            if tall:
                cv2.ellipse(
                    image,
                    (int(px + lean), int(shape[0] - h)),
                    (max(1, int(unit * 0.006)), max(2, int(unit * 0.02))),
                    12,
                    0,
                    360,
                    (*bgr(light.lit((236, 196, 104), 0.7)), 255),
                    -1,
                    cv2.LINE_AA,
                )
    return Layer(cv2.GaussianBlur(image, (0, 0), 1.5), 0.68, 0.0, frame.height * 0.875, density, period=period)
