"""A character from a clip: its cut-out is a card on a stick, which bobs, leans, hops, stretches and turns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from videos.engine.paint.noise import Array
from videos.engine.paint.pen import Pen
from videos.engine.paint.quadruped import SIZES

CARD_MAX = 1024
# A card looks somewhere when its head is so far (in widths) from the middle of its body.
LOOKS_ASIDE = 0.05


def read_card(path: Path) -> Array:
    """A card as premultiplied BGRA."""
    with Image.open(path, formats=["PNG"]) as image:
        image.thumbnail((CARD_MAX, CARD_MAX))
        pixels = np.asarray(image.convert("RGBA"), np.float32)
    card = pixels[..., [2, 1, 0, 3]]
    card[..., :3] *= card[..., 3:] / 255
    return np.ascontiguousarray(np.round(card).astype(np.uint8))


@dataclass(frozen=True)
class Pose:
    """How a card is held at one moment, in its own heights: lifted, leant (top to the front), stretched, turned."""

    lift: float = 0.0
    lean: float = 0.0
    stretch: float = 1.0
    turn: float = 0.0


class Card:
    """Its height is one unit, the middle of its lower edge the foot; it looks to the right."""

    hands, reach, seat_height = 0.5, 0.3, 0.1

    def __init__(self, subject: dict[str, Any], card: Array) -> None:
        self.motion = str(subject["motion"])
        self.size = 0.95 * SIZES[subject["size"]]
        self.phase = (int(subject["seed"]) % 97) / 97.0
        self.mirrored = facing_of(card) < 0
        if self.mirrored:
            card = np.ascontiguousarray(card[:, ::-1])
        self.levels = [card]
        while self.levels[-1].shape[0] > 96:
            self.levels.append(cv2.resize(self.levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        half = card.shape[1] / card.shape[0] / 2
        self.box = (-half - 0.22, half + 0.22, 1.28)

    @property
    def airborne(self) -> bool:
        return self.motion in ("float", "fly", "swim")

    def draw(self, pen: Pen, t: float) -> None:
        pose = self.pose(t)
        card = self._level(pen.scale)
        high, wide = card.shape[:2]
        tall = pen.scale * pose.stretch / high
        across = pen.scale / pose.stretch**0.6 / high
        angle = pose.turn + pen.turn
        c, s = float(np.cos(angle)), float(np.sin(angle))
        # Card pixels to units about the foot (y up), leant; then turned about the middle; then to the buffer.
        shape = np.array([[across, 0.0, -across * wide / 2], [0.0, -tall, tall * high], [0.0, 0.0, 1.0]])
        lean = np.array([[1.0, pose.lean, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        pivot = pen.scale * 0.5 if self.airborne else 0.0
        turn = np.array([[c, s, -pivot * s], [-s, c, pivot - pivot * c], [0.0, 0.0, 1.0]])
        place = np.array(
            [[pen.facing, 0.0, pen.x], [0.0, -1.0, pen.y - pose.lift * pen.scale], [0.0, 0.0, 1.0]], np.float64
        )
        matrix = (place @ turn @ lean @ shape)[:2]
        size = (pen.buffer.shape[1], pen.buffer.shape[0])
        pen.buffer[...] = cv2.warpAffine(card, matrix, size, flags=cv2.INTER_LINEAR)

    def _level(self, scale: float) -> Array:
        return next((level for level in reversed(self.levels) if level.shape[0] >= scale), self.levels[0])

    def pose(self, t: float) -> Pose:
        beat = 2 * np.pi * (t + self.phase)
        match self.motion:
            case "walk" | "ride":
                return _hop(beat * 0.85, 0.035, 0.05, 0.03)
            case "run":
                return _hop(beat * 1.35, 0.09, 0.09, 0.1)
            case "dance":
                return _dance(beat)
            case "float" | "fly" | "swim":
                return Pose(0.0, 0.03 * _sin(beat * 0.21), 1 + 0.012 * _sin(beat * 0.4), 0.14 * _sin(beat * 0.13))
            case "sing" | "wave" | "play":
                return Pose(0.0, 0.05 * _sin(beat * 0.5), 1 + 0.035 * _sin(beat))
            case "sleep":
                return Pose(0.0, 0.02 * _sin(beat * 0.12), 0.96 + 0.03 * _sin(beat * 0.24))
            case "drive":
                return Pose(0.006 * _sin(beat * 2), 0.015 * _sin(beat * 0.7))
        return Pose(0.0, 0.02 * _sin(beat * 0.19), 1 + 0.012 * _sin(beat * 0.42))


def _sin(angle: float) -> float:
    return float(np.sin(angle))


def _hop(beat: float, height: float, sway: float, lean: float) -> Pose:
    """A step of a card: it hops from side to side, is squashed where it lands and stretched in the air."""
    air = abs(_sin(beat))
    return Pose(height * air, lean + sway * _sin(beat), 1 + 1.1 * height * (2 * air - 1), -0.5 * sway * _sin(beat))


def _dance(beat: float) -> Pose:
    sway, air = _sin(beat * 0.5), abs(_sin(beat))
    return Pose(0.06 * air * air, 0.16 * sway, 1 + 0.07 * (2 * air - 1), -0.07 * sway)


def facing_of(card: Array) -> int:
    """Where a cut-out looks: its head, the upper part, is on that side of its body. 1 is right, and for a front."""
    cover = card[..., 3].astype(np.float32)
    high, wide = cover.shape
    x = np.linspace(-0.5, 0.5, wide)
    body, head = float(cover.sum()), float(cover[: max(high * 2 // 5, 1)].sum())
    if not body or not head:
        return 1
    aside = float((cover[: max(high * 2 // 5, 1)] @ x).sum()) / head - float((cover @ x).sum()) / body
    return -1 if aside < -LOOKS_ASIDE else 1
