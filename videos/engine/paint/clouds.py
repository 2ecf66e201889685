"""Above the clouds: billows in rows below the horizon."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import Light
from videos.engine.paint.layer import Element, Frame, Layer, premultiply
from videos.engine.paint.noise import fbm, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import Aurora, sky, sun_glow, tiled


def above_the_clouds(site: Site) -> Set:
    """A sea of clouds: billows in rows below the horizon."""
    frame, light = site.frame(0.6, 0.7), site.light
    back: list[Element] = sky(frame, light, site.seed, clouds=0.35)
    if "aurora" in site.details:
        back.append(Aurora(frame, site.seed))
    for n, depth in enumerate((14.0, 8.0, 5.0, 3.2)):
        back.append(billows(frame, light, site.seed, depth, n))
    front: list[Element] = [billows(frame, light, site.seed, 1.5, 9)]
    return Set(
        frame,
        light,
        back,
        [],
        front,
        [sun_glow(frame, light, site.seed)],
        shadow=0.0,
        bloom=0.35,
        size=0.5,
        floats=True,
        endless=True,
    )


def billows(frame: Frame, light: Light, seed: int, depth: float, number: int) -> Layer:
    rng = stream(seed, "billows", number)
    density, period = 0.5, frame.width * 1.7
    top = frame.horizon + frame.height * 0.3 / depth - frame.unit * (0.52 / depth + 0.03)
    shape = (round((frame.height * 1.05 - top) * density), round(period * density))
    unit = frame.unit * density * (0.5 + 0.9 / depth)
    line = np.full(shape[1], shape[0], np.float32)
    x = np.arange(shape[1], dtype=np.float32)
    for _ in range(46):
        cx, r = float(rng.random()) * shape[1], unit * float(rng.uniform(0.05, 0.17))
        base = frame.unit * density * 0.2
        d = np.minimum(np.abs(x - cx), shape[1] - np.abs(x - cx))
        dome = base - np.sqrt(np.clip(r * r - d * d, 0, None)) * 0.8
        line = np.where(d < r, np.minimum(line, dome), line)
    line = np.minimum(line, frame.unit * density * 0.2)
    line = cv2.GaussianBlur(line[None, :], (0, 0), 2.0)[0]
    below = np.arange(shape[0], dtype=np.float32)[:, None] - line[None, :]
    puff = tiled(rng, shape, (unit * 0.5, unit * 0.28), 5)
    tone = np.clip(0.95 - below / (unit * 0.42) + (puff - 0.5) * 0.9, 0, 1)
    shade, lit = np.array(light.cloud_shade[::-1], np.float32), np.array(light.cloud[::-1], np.float32)
    colour = shade + (lit - shade) * tone[..., None]
    far = 1 - float(np.exp(-(depth - 1) * 0.09))
    colour += (np.array(light.fog[::-1], np.float32) - colour) * far
    alpha = np.clip((below + 4) / (8 if depth > 2 else 22), 0, 1) * (
        1.0 if depth > 2 else np.clip(0.4 + 0.9 * puff, 0, 0.92)
    )
    colour *= (1.0 + 0.06 * (fbm(rng, shape, 30, 2) - 0.5))[..., None]
    y = top if depth > 2 else frame.height * 0.74
    return Layer(
        cv2.GaussianBlur(premultiply(colour, alpha), (0, 0), 1.2),
        depth if depth > 2 else 0.8,
        0.0,
        y,
        density,
        period=period,
        speed=frame.unit * 0.01,
    )
