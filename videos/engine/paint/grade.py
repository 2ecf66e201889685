"""The finish of a frame: a named look, a colour cast, the tone of a mood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from videos.engine.paint.noise import Array, fbm, stream

X = np.linspace(0.0, 1.0, 256)
LUMA = np.array((0.114, 0.587, 0.299))
CONTRAST = 0.07 * np.sin(2 * np.pi * (X - 0.5))


@dataclass(frozen=True)
class Look:
    """Curves for blue, green and red over 0..1, and a saturation before them."""

    curves: tuple[Array, Array, Array] | None = None
    saturation: float = 1.0


LOOKS = {
    "noir": Look((X, X, X), 0.0),
    "vintage": Look((0.08 + 0.74 * X, 0.05 + 0.86 * X, 0.05 + 0.96 * X), 0.72),
    "pastel": Look((0.17 + 0.8 * X, 0.15 + 0.81 * X, 0.15 + 0.83 * X)),
    "watercolour": Look((0.14 + 0.84 * X**0.85, 0.15 + 0.85 * X**0.85, 0.16 + 0.84 * X**0.82), 0.9),
    "warm": Look((0.78 * X, 0.97 * X, np.minimum(X * 1.1 + 0.02, 1))),
    "cool": Look((np.minimum(X * 1.12 + 0.03, 1), X, 0.8 * X)),
    "vivid": Look((X + CONTRAST, X + CONTRAST, X + CONTRAST), 1.3),
    "tense": Look((np.minimum(0.02 + 0.97 * X, 1), 0.98 * X**1.05, 0.94 * X**1.1)),
    "neon": Look((0.06 + 0.94 * X**0.72, 0.02 + 0.9 * X**1.18 + 0.06 * X**4, 0.05 + 0.95 * X**0.84), 1.45),
    "bright": Look((X**0.74, X**0.74, X**0.74)),
    "dark": Look((0.66 * X**1.08, 0.62 * X**1.12, 0.6 * X**1.12)),
    "joyful": Look((0.02 + 0.94 * X**0.86, X**0.84, 0.02 + 0.98 * X**0.8), 1.25),
    "sad": Look((0.05 + 0.86 * X, 0.03 + 0.84 * X, 0.02 + 0.8 * X), 0.5),
    "dreamy": Look((0.14 + 0.84 * X**0.9, 0.09 + 0.84 * X, 0.13 + 0.86 * X**0.9), 0.9),
    "epic": Look((0.05 + 0.86 * X + CONTRAST, 0.96 * X + CONTRAST, 1.04 * X + CONTRAST), 1.12),
    "calm": Look((0.06 + 0.88 * X, 0.06 + 0.9 * X, 0.06 + 0.91 * X), 0.86),
    "energetic": Look((X + 1.5 * CONTRAST, X + 1.5 * CONTRAST, 1.04 * X + 1.5 * CONTRAST), 1.4),
}  # fmt: skip


class Grade:
    """What happens to a frame once it is painted; nothing when the plan asks for nothing."""

    def __init__(self, plan: dict[str, Any]) -> None:
        name, mood, tint = str(plan["grade"]), str(plan["mood"]), plan.get("tint")
        look = LOOKS.get(name) or (LOOKS["tense"] if mood == "tense" else Look())
        self.table = _table(look)
        self.matrix = _matrix(look.saturation, tuple(tint) if tint else None)
        size = (int(plan["height"]), int(plan["width"]))
        self.paper = _paper(size) if name == "watercolour" else None

    def apply(self, out: Array) -> Array:
        if self.paper is not None:
            out = _washes(out, self.paper)
        if self.matrix is not None:
            cv2.transform(out, self.matrix, out)
        if self.table is not None:
            cv2.LUT(out, self.table, out)
        return out


def _table(look: Look) -> Array | None:
    if look.curves is None:
        return None
    return np.clip(np.stack(look.curves, axis=1)[:, None, :] * 255.0, 0, 255).astype(np.uint8)


def _matrix(saturation: float, tint: tuple[float, ...] | None) -> Array | None:
    """Saturation, then the share of a frame's own colours that gives way to its brightness in the tint."""
    if saturation == 1.0 and not tint:
        return None
    own = saturation * np.eye(3) + (1 - saturation) * np.tile(LUMA, (3, 1))
    if tint:
        lamp = np.array(tint[::-1], np.float64) + 20.0
        lamp = lamp / max(float(lamp @ LUMA), 60.0)
        own = 0.38 * own + 0.62 * np.outer(np.minimum(lamp, 2.2), LUMA)
    return own.astype(np.float32)


def _paper(size: tuple[int, int]) -> Array:
    """The tooth of the paper as factors, one byte each."""
    tooth = fbm(stream(1, "paper"), size, 5, 3) - 0.5
    cloud = fbm(stream(2, "paper"), size, min(size) / 3, 3) - 0.5
    grain = np.clip(235 + 16 * tooth + 50 * cloud, 180, 255).astype(np.uint8)
    return cv2.merge((grain, grain, grain))


def _washes(out: Array, paper: Array) -> Array:
    """Flat washes with soft rims on paper."""
    high, wide = out.shape[:2]
    small = cv2.resize(out, (max(wide // 2, 8), max(high // 2, 8)), interpolation=cv2.INTER_AREA)
    small = cv2.medianBlur(small, 5 if min(small.shape[:2]) > 300 else 3)
    flat = cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(flat, paper, scale=1 / 235)
