"""The forest: trunks in mist, layer behind layer, light between them; endless, so that a camera may follow."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled
from videos.engine.paint.layer import Canvas, Element, Frame, Layer, View, cropped, premultiply
from videos.engine.paint.noise import Array, fbm, stream, wave
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import Aurora, sky, sun_place

SHIFT = 4
LEAVES: dict[str, tuple[RGB, RGB]] = {
    "summer": ((58, 104, 58), (120, 160, 74)), "autumn": ((176, 84, 34), (232, 160, 60)), "jungle": ((26, 92, 54),
        (84, 164, 70)),
    "winter": ((200, 208, 220), (240, 244, 250)), "pines": ((34, 78, 64), (66, 110, 80)), "bamboo": ((86, 140, 62),
        (160, 190, 90)),
}  # fmt: skip


def build(site: Site) -> Set:
    frame, light = site.frame(0.52, 0.85), site.light
    sky_elements: list[Element] = sky(frame, light, site.seed, clouds=0.0)
    season = (
        "winter"
        if site.ground == "snow" or site.weather == "snow"
        else next((d for d in site.details if d in LEAVES), "summer")
    )
    if site.weather == "leaves" and season == "summer":
        season = "autumn"
    if "aurora" in site.details:
        sky_elements.append(Aurora(frame, site.seed))
    misty = 1.5 if site.weather == "mist" else 1.0
    back: list[Element] = [*sky_elements]
    kinds = {"pines": "pine", "winter": "pine", "bamboo": "bamboo"}
    for n, depth in enumerate((6.0, 4.2, 3.0, 2.2)):
        back.append(woods(frame, light, site.seed, depth, kinds.get(season, "leaf"), season, misty, n))
    back.append(woods(frame, light, site.seed, 1.55, kinds.get(season, "leaf"), season, misty, 5))
    mid: list[Element] = [floor(frame, light, site.seed, season)]
    front: list[Element] = [undergrowth(frame, light, site.seed, season)]
    shafts = [Shafts(frame, light, site.seed)] if site.time not in ("night",) else []
    return Set(frame, light, back, mid, front, [*shafts], shadow=0.42, bloom=0.5, size=0.5, endless=True, wooded=True)


def haze(light: Light, depth: float, misty: float) -> float:
    return float(1 - np.exp(-(depth - 1) * 0.34 * misty))


def woods(
    frame: Frame, light: Light, seed: int, depth: float, kind: str, season: str, misty: float, number: int
) -> Layer:
    """One row of trees standing on the ground of its depth, repeating sideways."""
    rng = stream(seed, "woods", number)
    density = 0.5 if depth > 2 else 0.8
    period = frame.width * 1.5
    ground = frame.horizon + (frame.ground - frame.horizon) * 1.0 / depth + frame.height * 0.02
    top = -frame.height * 0.14
    shape = (round((ground - top + frame.height * 0.05) * density), round(period * density))
    image: Array = np.zeros((*shape, 4), np.uint8)
    fog = haze(light, depth, misty)
    bark: RGB = (108, 92, 84) if kind != "bamboo" else (120, 150, 80)
    trunk = mix(light.lit(scaled(bark, 0.62), 0.3), light.fog, fog)
    low, high = LEAVES[season]
    unit = frame.unit / depth * density
    count = max(4, round(period * density / (unit * (0.42 if kind == "leaf" else 0.36))))
    foot = (ground - top) * density
    earth = mix(light.lit(mix((86, 70, 52), low, 0.5), 0.45), light.fog, min(fog + 0.12, 0.96))
    swell = foot - unit * 0.02 - wave(rng, shape[1], 1.2, 1, 14) * unit * 0.05
    for n in range(count):
        x = (n + float(rng.uniform(-0.35, 0.35))) * shape[1] / count
        tone = float(rng.uniform(0.85, 1.12))
        crown = mix(light.lit(mix(low, high, float(rng.random())), 0.5), light.fog, fog * 0.95)
        for shift in (-shape[1], 0, shape[1]):
            at = stream(seed, "tree", number, n)
            tree(
                image,
                x + shift,
                foot + unit * 0.03 * float(at.uniform(-1, 1)),
                unit,
                kind,
                scaled(trunk, tone),
                scaled(crown, tone),
                at,
            )
    rows = np.arange(shape[0], dtype=np.float32)[:, None] - swell[None, :]
    ground_picture = premultiply(
        np.zeros((*shape, 3), np.float32) + np.array(earth[::-1], np.float32), np.clip(rows, 0, 1)
    )
    image = np.where(rows[..., None] > 0, ground_picture, image)
    veil = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None, None] ** 3 * 0.55 * min(1.0, 0.4 + fog)
    colour = image[..., :3].astype(np.float32)
    alpha = image[..., 3:4].astype(np.float32) / 255
    image[..., :3] = np.clip(colour * (1 - veil) + np.array(light.fog[::-1], np.float32) * veil * alpha, 0, 255).astype(
        np.uint8
    )
    if depth > 2.5:
        image = cv2.GaussianBlur(image, (0, 0), 0.8)
    return cropped(Layer(image, depth, 0.0, top, density, period=period))


def tree(
    image: Array, x: float, foot: float, unit: float, kind: str, trunk: RGB, crown: RGB, rng: np.random.Generator
) -> None:
    lean, tall = float(rng.uniform(-0.05, 0.05)) * unit, unit * float(rng.uniform(1.5, 2.2))
    w = unit * float(rng.uniform(0.028, 0.062)) * (0.45 if kind == "bamboo" else 1.0)
    if kind == "pine":
        w *= 0.6
    shape = [
        (x - w * 1.7, foot),
        (x - w, foot - unit * 0.12),
        (x - w * 0.66 + lean, foot - tall),
        (x + w * 0.66 + lean, foot - tall),
        (x + w, foot - unit * 0.12),
        (x + w * 1.7, foot),
    ]
    fill(image, shape, trunk)
    fill(
        image,
        [
            (x + w * 0.15, foot),
            (x + w * 0.1 + lean, foot - tall),
            (x + w * 0.66 + lean, foot - tall),
            (x + w, foot - unit * 0.12),
            (x + w * 1.5, foot),
        ],
        scaled(trunk, 1.16),
    )
    if kind == "bamboo":
        for n in range(7):
            y = foot - tall * (n + 0.5) / 7
            fill(
                image,
                [(x - w * 1.1, y), (x + w * 1.1, y), (x + w * 1.1, y + unit * 0.008), (x - w * 1.1, y + unit * 0.008)],
                scaled(trunk, 0.7),
            )
            for s in (-1, 1):
                a = float(rng.uniform(0.12, 0.25)) * unit
                fill(
                    image,
                    [(x, y), (x + s * a, y - a * 0.2), (x + s * a * 1.3, y + a * 0.35), (x + s * a * 0.6, y + a * 0.1)],
                    crown,
                )
        return
    if kind == "pine":
        for n in range(9):
            k = n / 8
            y, r = foot - tall * (0.18 + 0.8 * k), unit * 0.23 * (1.02 - k) + unit * 0.02
            tone = scaled(crown, 0.78 + 0.35 * k)
            fill(
                image,
                [
                    (x + lean * k - r, y + r * 0.36),
                    (x + lean * k - r * 0.5, y + r * 0.2),
                    (x + lean * k, y - unit * 0.24),
                    (x + lean * k + r * 0.5, y + r * 0.2),
                    (x + lean * k + r, y + r * 0.36),
                    (x + lean * k, y + r * 0.16),
                ],
                tone,
            )
        return
    for n in range(3):
        s = 1 if n % 2 else -1
        y = foot - tall * (0.42 + 0.14 * n)
        fill(
            image,
            [(x, y + w), (x + s * unit * 0.26, y - unit * 0.18), (x + s * unit * 0.24, y - unit * 0.19), (x, y - w)],
            trunk,
        )
    for n in range(64):
        k = n / 63
        r = unit * (0.13 - 0.085 * k) * float(rng.uniform(0.7, 1.2))
        dx, dy = float(rng.normal(0, 0.26)) * unit, float(rng.uniform(0.58, 1.12))
        tone = scaled(crown, (0.66 + 0.5 * k) * float(rng.uniform(0.9, 1.1)))
        cv2.circle(
            image,
            (int((x + dx) * 16), int((foot - tall * dy) * 16)),
            int(r * 16),
            (*bgr(tone), 255),
            -1,
            cv2.LINE_AA,
            SHIFT,
        )


def fill(image: Array, points: list[tuple[float, float]], colour: RGB) -> None:
    cv2.fillPoly(image, [(np.array(points) * 16).astype(np.int32)], (*bgr(colour), 255), cv2.LINE_AA, SHIFT)


def floor(frame: Frame, light: Light, seed: int, season: str) -> Layer:
    """The forest floor with a lighter path of moss."""
    rng = stream(seed, "floor")
    density, period = 0.6, frame.width * 1.5
    top = frame.horizon + (frame.ground - frame.horizon) / 1.9
    shape = (round((frame.height * 1.2 - top) * density), round(period * density))
    low, high = LEAVES[season]
    rough = fbm(rng, shape, 60, 5)
    from videos.engine.paint.sky import tiled

    patch = tiled(rng, shape, (frame.unit * 0.3, frame.unit * 0.07), 4)
    soil = np.array(light.lit(mix((86, 66, 46), low, 0.35), 0.5)[::-1], np.float32)
    moss = np.array(light.lit(mix(low, high, 0.45), 0.62)[::-1], np.float32)
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    colour = soil + (moss - soil) * np.clip((patch - 0.42) * 3, 0, 1)[..., None]
    colour *= (0.8 + 0.4 * rough)[..., None] * (1.08 - 0.5 * y[..., None])
    fog = np.array(light.fog[::-1], np.float32)
    colour += (fog - colour) * (np.exp(-y * 5.0) * 0.5)[..., None]
    bumps = wave(rng, shape[1], 0.6, 2, 60) * frame.unit * 0.03 * density
    alpha = np.clip((np.arange(shape[0], dtype=np.float32)[:, None] - bumps[None, :]) / 2, 0, 1)
    return Layer(premultiply(colour, alpha), 1.15, 0.0, top, density, period=period)


def undergrowth(frame: Frame, light: Light, seed: int, season: str) -> Layer:
    """Ferns and grass before the lens, dark and soft."""
    rng = stream(seed, "undergrowth")
    density, period = 0.5, frame.width * 1.9
    shape = (round(frame.height * 0.26 * density), round(period * density))
    image = np.zeros((*shape, 4), np.uint8)
    dark = light.lit(scaled(mix(LEAVES[season][0], (20, 30, 26), 0.6), 0.62), 0.25)
    unit = frame.unit * density
    for n in range(round(period / frame.unit * 4)):
        x, tall = float(rng.random()) * shape[1], unit * float(rng.uniform(0.07, 0.2)) * (1.2 if n % 3 else 0.7)
        for blade in range(7):
            lean = (blade - 3) * tall * 0.24 + float(rng.uniform(-0.1, 0.1)) * tall
            for shift in (-shape[1], 0, shape[1]):
                base = (x + shift + blade * 2.0, float(shape[0]))
                tip = (x + shift + lean, shape[0] - tall * float(1 - abs(blade - 3) * 0.13))
                side = unit * 0.011
                middle = ((base[0] + tip[0]) / 2 + lean * 0.06, (base[1] + tip[1]) / 2 - tall * 0.16)
                fill(
                    image,
                    [
                        (base[0] - side, base[1]),
                        (middle[0] - side, middle[1]),
                        tip,
                        (middle[0] + side, middle[1]),
                        (base[0] + side, base[1]),
                    ],
                    scaled(dark, 0.8 + 0.06 * blade),
                )
    return Layer(cv2.GaussianBlur(image, (0, 0), 2.2), 0.66, 0.0, frame.height * 0.83, density, period=period)


class Shafts:
    """Sunlight slanting between the trunks."""

    def __init__(self, frame: Frame, light: Light, seed: int) -> None:
        self.frame, self.light = frame, light
        self.rng = stream(seed, "shafts").random((6, 3))
        self.sun = sun_place(frame, light, seed)[0]

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        high, wide = canvas.image.shape[0] // 2, canvas.image.shape[1] // 2
        buffer = np.zeros((high, wide, 4), np.uint8)
        k, frame = canvas.scale / 2, self.frame
        for a, b, c in self.rng:
            top = self.sun + (a - 0.5) * frame.width * 0.7
            slide = -self.light.side * frame.unit * (0.35 + 0.3 * b)
            level = (0.5 + 0.5 * float(np.sin(t * 0.5 + c * 9))) * 0.13 + 0.05
            w = frame.unit * (0.025 + 0.05 * c)
            shape = np.array(
                [
                    [top - w, -20],
                    [top + w, -20],
                    [top + slide * 1.5 + w * 2.6, frame.height * 0.9],
                    [top + slide * 1.5 - w * 2.6, frame.height * 0.9],
                ]
            )
            one = np.zeros_like(buffer)
            cv2.fillPoly(
                one,
                [(shape * k * 16).astype(np.int32)],
                tuple(v * level for v in self.light.key[::-1]),
                cv2.LINE_AA,
                SHIFT,
            )
            cv2.add(buffer, one, buffer)
        cv2.blur(buffer, (15, 15), buffer)
        fade = (np.linspace(1.0, 0.15, high, dtype=np.float32) * 100).astype(np.uint8)[:, None, None]
        buffer = cv2.multiply(buffer, np.repeat(np.repeat(fade, wide, 1), 4, 2), scale=1 / 100)
        cv2.add(canvas.image, cv2.resize(buffer, (canvas.image.shape[1], canvas.image.shape[0])), canvas.image)
