"""Outer space: nebula, stars at three depths, a planet with a lit limb."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, Light, hue, mix
from videos.engine.paint.layer import Element, Frame, Layer, premultiply
from videos.engine.paint.noise import fbm, ridged, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.relight import HOURS, flare

MARGIN = 0.16


def build(site: Site) -> Set:
    frame = site.frame(0.5, 0.66)
    light = Light(
        ((0.0, (8, 8, 24)), (1.0, (10, 10, 30))),
        (255, 250, 236),
        (255, 244, 226),
        (110, 120, 170),
        (20, 18, 44),
        (0, 0, 0),
        (0, 0, 0),
        0.5,
        site.side,
        1.0,
        0.98,
    )
    tone = HOURS.get(site.hour)
    light = tone.light(light) if tone else light
    rng = stream(site.seed, "space")
    tint = (float(rng.random()) * 0.35 + 0.55 + site.hue * 0.2) % 1.0
    layers = [_nebula(frame, site.seed, tint), *[_stars(frame, site.seed, n) for n in range(2)]]
    layers += _planets(frame, light, site, tint)
    back: list[Element] = [tone.layer(layer) if tone else layer for layer in layers]
    glows: list[Element] = [*flare(frame, site.hour, site.side)]
    return Set(frame, light, back, [], [], glows, shadow=0.0, bloom=0.5, size=0.46, floats=True)


def _nebula(frame: Frame, seed: int, tint: float) -> Layer:
    rng = stream(seed, "nebula")
    density = 0.36
    shape = (round(frame.height * (1 + 2 * MARGIN) * density), round(frame.width * (1 + 2 * MARGIN) * density))
    cell = frame.unit * density
    body, veins, other = (
        fbm(rng, shape, cell * 0.9, 6),
        ridged(rng, shape, cell * 0.8, 6),
        fbm(rng, shape, cell * 0.7, 5),
    )
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / min(shape)
    angle = float(rng.uniform(0.4, 1.0)) * (1 if rng.random() < 0.5 else -1)
    across = (x - x.mean()) * np.sin(angle) + (y - y.mean()) * np.cos(angle)
    band = np.exp(-((across / 0.42) ** 2))
    cloud = np.clip(body * 1.5 - 0.45, 0, 1) * (0.25 + 0.9 * band)
    colour = np.zeros((*shape, 3), np.float32) + np.array((26, 10, 8), np.float32)
    for share, h, s in (
        (cloud, tint, 0.72),
        (cloud * other, tint + 0.14, 0.7),
        (cloud * veins * 1.4, tint - 0.16, 0.5),
    ):
        colour += share[..., None] * np.array(hue(h, s, 0.72)[::-1], np.float32)
    colour *= (1 - 0.75 * np.clip(ridged(rng, shape, cell * 0.5, 5) * body * 2.2 - 0.55, 0, 1))[..., None]
    dots = np.zeros(shape, np.float32)
    for px, py, size in rng.random((900, 3)):
        cv2.circle(
            dots,
            (int(px * shape[1] * 8), int(py * shape[0] * 8)),
            int(3 + 4 * size**4),
            float(0.2 + 0.8 * size**3),
            -1,
            cv2.LINE_AA,
            3,
        )
    colour += dots[..., None] * 210
    return Layer(
        premultiply(np.clip(colour, 0, 255), np.ones(shape, np.float32)),
        40.0,
        -frame.width * MARGIN,
        -frame.height * MARGIN,
        density,
        opaque=True,
    )


def _stars(frame: Frame, seed: int, number: int) -> Layer:
    rng = stream(seed, "near stars", number)
    density = 0.5
    shape = (round(frame.height * 1.5 * density), round(frame.width * 1.5 * density))
    image = np.zeros((*shape, 4), np.uint8)
    for px, py, size in rng.random((110 - 60 * number, 3)):
        tone = 140 + 115 * size
        cv2.circle(
            image,
            (int(px * shape[1] * 16), int(py * shape[0] * 16)),
            int(16 * (0.6 + (0.6 + number) * size**3)),
            (tone, tone * 0.96, tone * 0.9, tone),
            -1,
            cv2.LINE_AA,
            4,
        )
    return Layer(image, 12.0 - 6.0 * number, -frame.width * 0.25, -frame.height * 0.25, density)


def _planets(frame: Frame, light: Light, site: Site, tint: float) -> list[Layer]:
    rng = stream(site.seed, "planets")
    side = -site.side
    big = frame.unit * float(rng.uniform(0.44, 0.56))
    x = frame.centre + side * frame.width * float(rng.uniform(0.26, 0.36))
    y = frame.height * float(rng.uniform(0.72, 0.86))
    earth = bool({"earth"} & set(site.details)) or rng.random() < 0.4
    planets: list[Layer] = [
        planet(
            frame,
            site,
            (x, y),
            big,
            tint + 0.45,
            light,
            ring=not earth and rng.random() < 0.6,
            earth=earth,
            depth=9.0,
            name="big",
        )
    ]
    small = frame.unit * float(rng.uniform(0.06, 0.1))
    planets.append(
        planet(
            frame,
            site,
            (frame.centre - side * frame.width * 0.3, frame.height * 0.2),
            small,
            tint + 0.1,
            light,
            ring=False,
            earth=False,
            depth=16.0,
            name="small",
        )
    )
    return planets


def planet(
    frame: Frame,
    site: Site,
    at: tuple[float, float],
    radius: float,
    h: float,
    light: Light,
    *,
    ring: bool,
    earth: bool,
    depth: float,
    name: str,
) -> Layer:
    rng = stream(site.seed, "planet", name)
    density = 0.6
    r = radius * density
    half = int(r * (2.1 if ring else 1.25))
    y, x = np.mgrid[-half:half, -half:half].astype(np.float32) / r
    d2 = x * x + y * y
    z = np.sqrt(np.clip(1 - d2, 0, 1))
    body = fbm(rng, (2 * half, 2 * half), r * 0.9, 6)
    bands = 0.5 + 0.5 * np.sin((y + 0.16 * (body - 0.5)) * 15 + 3 * body)
    if earth:
        land = np.clip((body - 0.52) * 12, 0, 1)[..., None]
        colour = np.array((150, 84, 26), np.float32) * (1 - land) + np.array((70, 130, 92), np.float32) * land
        cover = np.clip((fbm(rng, body.shape, r * 0.5, 6) - 0.54) * 6, 0, 1)[..., None]
        colour = colour * (1 - cover) + 245 * cover
        limb: RGB = (120, 190, 255)
    else:
        a, b = np.array(hue(h, 0.5, 0.82)[::-1], np.float32), np.array(hue(h + 0.06, 0.3, 1.0)[::-1], np.float32)
        colour = a + (b - a) * bands[..., None]
        limb = mix(hue(h, 0.4, 1.0), (255, 255, 255), 0.4)
    lit = np.clip((x * light.side * 0.72 - y * 0.45 + z * 0.5), 0, 1) ** 0.8
    colour = colour * (0.03 + 0.82 * lit)[..., None] + (
        np.array(limb[::-1], np.float32) * (np.clip(1 - z, 0, 1) ** 2.5 * lit)[..., None] * 0.8
    )
    alpha = np.clip((1 - np.sqrt(d2)) * r * 0.7 + 0.5, 0, 1)
    halo = (
        np.exp(-np.clip(np.sqrt(d2) - 1, 0, None) * 16)
        * (1 - alpha)
        * np.clip(x * light.side * 0.6 - y * 0.4 + 0.35, 0, 1)
        * 0.45
    )
    image = premultiply(np.clip(colour, 0, 255), alpha).astype(np.float32)
    image[..., :3] += halo[..., None] * np.array(limb[::-1], np.float32)
    if ring:
        rx, ry = x * 0.96 + y * 0.28, (y * 0.96 - x * 0.28) / 0.24
        rr = np.sqrt(rx * rx + ry * ry)
        strip = (
            np.clip((rr - 1.3) * 20, 0, 1)
            * np.clip((2.0 - rr) * 20, 0, 1)
            * (0.45 + 0.4 * np.sin(rr * 34) * np.sin(rr * 11))
        )
        front = ((ry > 0) | (d2 > 1)).astype(np.float32) * np.clip(strip, 0, 1) * 0.8
        tone = np.array(mix(hue(h + 0.04, 0.25, 0.95), (255, 255, 255), 0.2)[::-1], np.float32)
        image[..., :3] = image[..., :3] * (1 - front[..., None]) + tone * front[..., None]
        image[..., 3] = image[..., 3] * (1 - front) + 255 * front
    out = np.clip(image, 0, 255).astype(np.uint8)
    return Layer(out, depth, at[0] - half / density, at[1] - half / density, density)
