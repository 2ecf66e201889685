"""The reference image as the plate of the first shot: frame 0 is the image, then it moves in 2.5 dimensions."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from videos.engine.paint.camera import eased
from videos.engine.paint.layer import Canvas, Frame, View, tint
from videos.engine.paint.noise import Array, drift, stream
from videos.engine.paint.parts import Set, site_of
from videos.engine.paint.weather import particles, solid

COARSE = 8
# How far each camera carries the picture over a shot: across, down (shares of the frame), and its growth.
CARRIES = {
    "pan_right": (0.035, 0.0, 0.1), "pan_left": (-0.035, 0.0, 0.1), "tilt_up": (0.0, -0.03, 0.1),
        "tilt_down": (0.0, 0.03, 0.1),
    "crane_up": (0.0, -0.025, 0.09), "crane_down": (0.0, 0.025, 0.09), "static": (0.0, 0.0, 0.02),
        "dolly_out": (0.0, 0.0, 0.04),
    "zoom_out": (0.0, 0.0, 0.04), "track": (0.025, 0.0, 0.08), "orbit": (0.02, 0.0, 0.08), "zoom_in": (0.0, 0.0,
        0.18),
}  # fmt: skip
TINTS = {
    "night": (0.52, 0.62, 0.92),
    "dusk": (0.8, 0.74, 0.95),
    "sunset": (1.06, 0.9, 0.74),
    "sunrise": (1.05, 0.94, 0.86),
}


class Plate:
    """The image, a guess at its depth, and the air before it."""

    def __init__(self, plan: dict[str, Any], image: Array) -> None:
        self.image = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2BGRA)
        high, wide = image.shape[:2]
        self.width, self.height = wide, high
        self.depth = guessed_depth(self.image)
        rows, columns = self.depth.shape
        self.columns = np.linspace(-0.5, 0.5, columns, dtype=np.float32)[None, :] * (wide - 1)
        self.rows = np.linspace(-0.5, 0.5, rows, dtype=np.float32)[:, None] * (high - 1)
        shot = plan["shots"][0]
        seconds = float(plan["seconds"])
        self.length = seconds if seconds < 8 else seconds * 0.6
        self.across, self.down, self.growth = CARRIES.get(str(shot["camera"]), (0.008, 0.0, 0.1))
        rng = stream(int(plan["seed"]), "plate")
        self.wander = [drift(rng) for _ in range(2)]
        self.side = 1 if rng.random() < 0.5 else -1
        self.tint = TINTS.get(str(plan["time"])) if plan.get("time_named") else None
        frame = Frame(wide, high, high * 0.5, high * 0.85)
        site = site_of(plan, shot)
        self.view = View(frame)
        self.air = particles(site, Set(frame, site.light, []))
        self.cast_colour = _cast_colour(image)

    def draw(self, canvas: Canvas, light: Canvas, t: float) -> None:
        cv2.remap(self.image, *self._maps(t), cv2.INTER_LINEAR, canvas.image, cv2.BORDER_REFLECT_101)
        ramp = min(1.0, t / 1.2)
        if self.tint and ramp > 0:
            r, g, b = (1 + (c - 1) * ramp for c in self.tint)
            tint(canvas.image, (b, g, r, 1.0), canvas.image)
        if not self.air or ramp <= 0:
            return
        light.image[...] = 0
        for element in self.air:
            element.draw(canvas if solid(element) else light, self.view, t)
        over = cv2.resize(light.image, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        cv2.scaleAdd(over, ramp, canvas.image, canvas.image) if ramp < 1 else cv2.add(canvas.image, over, canvas.image)

    def _maps(self, t: float) -> tuple[Array, Array]:
        """Where each pixel comes from; the identity at t = 0."""
        share = eased(min(t / self.length, 1.3))
        live = min(t, 1.0)
        zoom = 1.0 / (1.0 + self.growth * share)
        sway = live * 0.0035 * self.width
        push = self.depth * share * 0.045
        x = self.columns * (zoom - push) + self.across * share * self.width * (0.6 + 0.8 * self.depth)
        y = self.rows * (zoom - push) + self.down * share * self.height * (0.6 + 0.8 * self.depth)
        shift = (self.side * 0.012 * share * self.width + sway * self.wander[0](t)) * (self.depth - 0.35)
        x += shift + (self.width - 1) / 2
        y += sway * 0.6 * self.wander[1](t) * (self.depth - 0.35) + (self.height - 1) / 2
        size = (self.width, self.height)
        return stretched(x, size), stretched(y, size)

    def grade(self, image: Array) -> None:
        """Bring a painted frame towards the colours of the image."""
        tint(image, (*self.cast_colour, 1.0), image)


def stretched(coarse: Array, size: tuple[int, int]) -> Array:
    """Stretch a coarse map over the frame, corner to corner, so that the identity stays exact."""
    rows, columns = coarse.shape
    sx, sy = (size[0] - 1) / (columns - 1), (size[1] - 1) / (rows - 1)
    matrix = np.array([[sx, 0, 0], [0, sy, 0]], np.float64)
    return cv2.warpAffine(
        coarse.astype(np.float32), matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def guessed_depth(image: Array) -> Array:
    """Nearness in 0..1 without a model: lower is nearer, and so is what stands out from its surroundings."""
    high, wide = image.shape[:2]
    size = (max(wide // COARSE, 16), max(high // COARSE, 16))
    small = cv2.resize(image[..., :3], size, interpolation=cv2.INTER_AREA).astype(np.float32)
    apart = np.linalg.norm(cv2.GaussianBlur(small, (0, 0), 2.0) - cv2.GaussianBlur(small, (0, 0), size[0] / 5), axis=2)
    apart = cv2.GaussianBlur(apart, (0, 0), size[0] / 22)
    apart = apart / max(float(apart.max()), 1e-3)
    y = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, size[0], dtype=np.float32)[None, :]
    near: Array = 0.55 * y + 0.6 * apart * np.exp(-(x**2) / 0.9)
    return cv2.GaussianBlur(np.clip(near, 0, 1).astype(np.float32), (0, 0), size[0] / 26)


def _cast_colour(image: Array) -> tuple[float, float, float]:
    mean = image.reshape(-1, 3).mean(axis=0) + 24.0
    share = np.clip((mean / mean.mean()) ** 0.55, 0.78, 1.1)
    return float(share[0]), float(share[1]), float(share[2])
