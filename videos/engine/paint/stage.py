"""The theatre stage: red curtain in folds, boards, spotlights, the heads of the audience."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, scaled
from videos.engine.paint.layer import Element, Frame, Layer, premultiply
from videos.engine.paint.noise import Array, fbm, stream, stretched
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.theatre import Beams, Rig, gobo, rig_of, settled, side_light
from videos.engine.paint.weather import aired

MARGIN = 0.16
RED: RGB = (178, 24, 34)


def build(site: Site) -> Set:
    frame = site.frame(0.56 if site.portrait else 0.52, 0.78 if site.portrait else 0.82)
    rig = rig_of(site)
    light = Light(
        site.light.sky,
        (255, 240, 210),
        rig.key,
        rig.ambient,
        (60, 22, 26),
        (0, 0, 0),
        (0, 0, 0),
        0.7,
        site.side,
        0.0,
        rig.level,
    )
    rng = stream(site.seed, "stage")
    edge = frame.horizon + frame.height * 0.075
    back: list[Element] = [*_lit(frame, site, rig, _backdrop(frame, rng, edge, rig), boards(frame, rng, edge, rig))]
    front: list[Element] = [
        *[rig.cloth.layer(_drape(frame, stream(site.seed, "drape", side), side)) for side in (-1, 1)],
        rig.cloth.layer(_valance(frame, stream(site.seed, "valance"))),
        rig.cloth.layer(_audience(frame, stream(site.seed, "audience"))),
    ]
    wet = site.weather in ("rain", "storm")
    beams = Beams(frame, site.seed, rig)
    return Set(frame, light, back, [], front, [beams], mirror=0.5 if wet else 0.34, shadow=0.62, bloom=0.55, size=0.46)


def _lit(frame: Frame, site: Site, rig: Rig, backdrop: Layer, floor: Layer) -> tuple[Layer, Layer]:
    """Curtain and boards under the rig's washes, with what the hour or the weather leaves on them."""
    if rig.cloth.share:
        backdrop, floor = rig.cloth.layer(backdrop), rig.boards.layer(floor)
    if rig.side:
        side_light(backdrop.image, rig.side, site.side)
    if rig.moon:
        gobo(frame, backdrop, site.seed, site.side)
    if aired(site) == "snow":
        settled(floor, site.seed)
    return backdrop, floor


def folds(rng: np.random.Generator, width: int, count: float) -> Array:
    """Light across hanging cloth, -1..1: uneven folds, sharp valleys."""
    x = np.arange(width, dtype=np.float32) / width
    bend = sum(np.sin(2 * np.pi * (x * k + rng.random())) * a for k, a in ((2, 0.22), (5, 0.12), (9, 0.05)))
    phase = 2 * np.pi * (x * count + bend)
    return (0.62 * np.sin(phase) + 0.3 * np.sin(2 * phase + 0.9) + 0.12 * np.sin(5 * phase)).astype(np.float32)


def _cloth(rng: np.random.Generator, shape: tuple[int, int], count: float, colour: RGB, flare: float = 0.0) -> Array:
    """BGR float cloth: folds that run down and widen a little."""
    high, wide = shape
    line = folds(rng, wide, count)
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    x = np.arange(wide, dtype=np.float32)[None, :] / wide
    shift = (0.012 * np.sin(y * 3 + x * 9) + flare * y * (x - 0.5)) * wide
    column = np.mod(np.arange(wide, dtype=np.float32)[None, :] + shift, wide - 1)
    shade: Array = cv2.GaussianBlur(np.interp(column, np.arange(wide), line).astype(np.float32), (0, 0), 1.5)
    tone = 0.5 + 0.42 * shade + 0.05 * (fbm(rng, shape, 40, 2) - 0.5)
    sheen = np.clip(shade - 0.55, 0, 1) * 0.55
    base = np.array(colour[::-1], np.float32)
    return base * np.clip(tone, 0.07, 1.2)[..., None] + sheen[..., None] * np.array((120, 130, 255), np.float32)


def _backdrop(frame: Frame, rng: np.random.Generator, edge: float, rig: Rig) -> Layer:
    wide, high = round(frame.width * (1 + 2 * MARGIN)), round(edge + frame.height * MARGIN)
    density = 0.6
    shape = (round(high * density), round(wide * density))
    cloth = _cloth(rng, shape, 17 * frame.width / max(frame.unit, 1) / 1.4, RED)
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    pool = np.exp(-((x / (0.55 * rig.reach)) ** 2) - ((y - 0.72) / 0.5) ** 2)
    cloth *= (0.3 + rig.house + 0.85 * pool * (1 - rig.house))[..., None]
    cloth *= np.clip(1.0 - np.clip((y - 0.93) * 9, 0, 1) * 0.7, 0, 1)[..., None]
    hem = (y > 0.945) & (y < 0.965)
    cloth = np.where(
        hem[..., None], cloth * 0.4 + np.array((70, 150, 205), np.float32) * (0.3 + 0.6 * pool)[..., None], cloth
    )
    return Layer(
        premultiply(cloth, np.ones(shape, np.float32)),
        1.35,
        -frame.width * MARGIN,
        -frame.height * MARGIN,
        density,
        opaque=True,
    )


def boards(frame: Frame, rng: np.random.Generator, edge: float, rig: Rig) -> Layer:
    """Boards that run to the vanishing point, polished, with a pool of light."""
    wide, high = round(frame.width * (1 + 2 * MARGIN)), round(frame.height * (1 + MARGIN) - edge)
    y = np.arange(high, dtype=np.float32)[:, None] + 1.0
    x = np.arange(wide, dtype=np.float32)[None, :] - wide / 2
    depth = (edge - frame.horizon + y) / frame.height
    across = x / (frame.unit * 0.3 * depth / 0.3)
    board = np.floor(across / 0.16)
    tone = stream(int(rng.integers(1 << 30)), "boards").random(400).astype(np.float32)[(board.astype(int) + 200) % 400]
    along = 1.0 / depth
    seam = np.abs(np.mod(across / 0.16, 1.0) - 0.5) > 0.5 - np.clip(0.02 / (depth + 0.05), 0.02, 0.1)
    ends = np.abs(np.mod(along * 0.5 + tone * 7.3, 1.0) - 0.5) > 0.494
    grain = stretched(rng, (high, wide), (wide / 2, 5), 3)
    light = 0.62 + 0.3 * tone + 0.16 * (grain - 0.5) - 0.34 * (seam | ends)
    colour = np.array((44, 82, 140), np.float32) * light[..., None]
    cx, cy = 0.0, (frame.ground - edge) * 0.92
    pool = np.exp(-(((x - cx) / (frame.unit * 0.62 * rig.reach)) ** 2) - ((y - cy) / (frame.height * 0.16)) ** 2)
    sheen = np.exp(-y / (frame.height * 0.1)) * np.exp(-((x / (frame.width * 0.5)) ** 2))
    colour = colour * (0.2 + rig.house * 0.5 + 0.95 * pool)[..., None] + sheen[..., None] * np.array(
        (18, 20, 86), np.float32
    )
    return Layer(premultiply(colour, np.ones((high, wide), np.float32)), 1.1, -frame.width * MARGIN, edge, 1.0)


def _drape(frame: Frame, rng: np.random.Generator, side: int) -> Layer:
    """A curtain drawn aside, gathered by a gold cord."""
    wide, high = round(frame.width * (0.27 if frame.width > frame.height else 0.3)), round(frame.height * 1.02)
    density = 0.6
    shape = (round(high * density), round(wide * density))
    cloth = _cloth(rng, shape, 5.5, scaled(RED, 0.92), flare=-0.1)
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(0, 1, shape[1], dtype=np.float32)[None, :]
    hang = 0.34 + 0.6 * np.exp(-(((y - 0.0) / 0.36) ** 2)) + 0.2 * np.clip(y - 0.62, 0, 1)
    wave = 0.02 * np.sin(y * 22) * (y > 0.6)
    alpha = np.clip((hang + wave - x) * 30, 0, 1)
    cloth *= (0.34 + 0.4 * x + 0.18 * np.exp(-(((y - 0.3) / 0.3) ** 2)))[..., None] * np.clip(
        (hang - x) * 5 + 0.35, 0.35, 1
    )[..., None]
    cord = np.exp(-(((y - 0.6 - 0.05 * x) / 0.008) ** 2)) * (x < hang)
    cloth = cloth * (1 - cord[..., None]) + cord[..., None] * np.array((80, 170, 226), np.float32)
    image = premultiply(cloth, alpha)
    if side > 0:
        image = np.ascontiguousarray(image[:, ::-1])
    image = cv2.GaussianBlur(image, (0, 0), 1.1)
    x0 = -frame.width * 0.07 if side < 0 else frame.width * 1.07 - wide
    return Layer(image, 0.86, x0, -frame.height * 0.02, density)


def _valance(frame: Frame, rng: np.random.Generator) -> Layer:
    """The scalloped cloth along the top, with a gold fringe."""
    wide, high = round(frame.width * 1.3), round(frame.height * (0.15 if frame.width > frame.height else 0.11))
    density = 0.6
    shape = (round(high * density), round(wide * density))
    cloth = _cloth(rng, shape, 26, scaled(RED, 0.7))
    x = np.linspace(0, 1, shape[1], dtype=np.float32)[None, :]
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    foot = 0.62 + 0.3 * np.abs(np.sin(x * np.pi * 6))
    alpha = np.clip((foot - y) * 40, 0, 1)
    fringe = (np.abs(y - foot + 0.06) < 0.05)[..., None]
    gold = np.array((72, 150, 204), np.float32) * (0.6 + 0.4 * np.sin(x * 900))[..., None]
    cloth = np.where(fringe, gold * 0.75, cloth * (0.35 + 0.55 * y)[..., None])
    return Layer(
        cv2.GaussianBlur(premultiply(cloth, alpha), (0, 0), 0.9),
        0.86,
        -frame.width * 0.15,
        -frame.height * 0.03,
        density,
    )


def _audience(frame: Frame, rng: np.random.Generator) -> Layer:
    """Two rows of heads, nearly black, with the stage's light on their hair."""
    density = 0.6
    wide, high = round(frame.width * 1.3 * density), round(frame.height * 0.24 * density)
    alpha = np.zeros((high, wide), np.uint8)
    rim = np.zeros((high, wide), np.uint8)
    unit = frame.unit * density
    for row, (lift, size) in enumerate(((0.66, 0.036), (0.9, 0.052))):
        x = -unit * 0.05 * row
        while x < wide + unit * 0.1:
            r = unit * size * rng.uniform(0.88, 1.12)
            y = high * lift + rng.uniform(-0.05, 0.05) * high
            for target, grow, dy in ((alpha, 1.0, 0), (rim, 1.0, 0), (rim, 0.93, unit * 0.006)):
                value = 255 if target is alpha or grow == 1.0 else 0
                cv2.ellipse(
                    target,
                    (round(x), round(y + dy)),
                    (round(r * 0.86 * grow), round(r * grow)),
                    0,
                    0,
                    360,
                    value,
                    -1,
                    cv2.LINE_AA,
                )
                cv2.ellipse(
                    target,
                    (round(x), round(y + r * 2.25 + dy)),
                    (round(r * 1.95 * grow), round(r * 1.3 * grow)),
                    0,
                    0,
                    360,
                    value,
                    -1,
                    cv2.LINE_AA,
                )
            x += r * rng.uniform(2.5, 4.2)
    cover = cv2.GaussianBlur(alpha, (0, 0), 1.6).astype(np.float32) / 255
    glow = cv2.GaussianBlur(rim, (0, 0), 1.6).astype(np.float32)[..., None] / 255
    colour = np.array((16, 10, 14), np.float32) + glow * np.array((46, 66, 150), np.float32) * 0.75
    return Layer(
        premultiply(np.repeat(colour, 1, 0) + np.zeros((high, wide, 3), np.float32), cover),
        0.62,
        -frame.width * 0.15,
        frame.height * 0.815,
        density,
    )
