"""What glows or hangs in the air: sheet lightning, fireflies, fireworks, banks of mist, meteors."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB
from videos.engine.paint.falling import FINE, SHIFT
from videos.engine.paint.layer import Canvas, Frame, View, glow
from videos.engine.paint.noise import stream
from videos.engine.paint.sky import tiled

# How far below the horizon each bank of mist hangs, and how fast it drifts (shares of the frame).
BANKS = ((-0.06, 0.014), (0.12, -0.022))


class Lightning:
    """A slow sheet of light behind the clouds: no flash, it swells and fades over a second."""

    def __init__(self, frame: Frame, seed: int) -> None:
        rng = stream(seed, "lightning")
        self.frame, self.phase, self.x = frame, float(rng.uniform(0, 5)), float(rng.uniform(0.2, 0.8))
        self.image = glow(round(frame.unit * 0.12), (150, 160, 210), 1.6)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        level = max(0.0, float(np.sin((t + self.phase) * 1.25))) ** 6
        r = self.image.shape[0] / 2 * 6
        canvas.add(self.image, 6.0, self.frame.width * self.x - r, self.frame.horizon * 0.3 - r, 0.8 * level)


class Fireflies:
    """Warm points that wander and breathe."""

    def __init__(self, frame: Frame, seed: int, count: int) -> None:
        self.frame = frame
        self.dots = stream(seed, "fireflies").random((count, 4))
        self.image = glow(24, (214, 230, 110), 2.6)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame = self.frame
        for x0, y0, d, a in self.dots:
            x = (x0 + 0.05 * np.sin(t * (0.3 + 0.4 * d) + a * 20) - view.x * 0.2) % 1.0
            y = 0.35 + 0.6 * y0 + 0.03 * np.sin(t * 0.7 + d * 20)
            level = 0.2 + 0.8 * max(0.0, float(np.sin(t * (0.9 + a) + a * 30)))
            scale = frame.unit / 720 * (0.5 + 1.1 * d)
            canvas.add(self.image, scale, x * frame.width - 24 * scale, y * frame.height - 24 * scale, level)


class Fireworks:
    """Bursts that open, hang and fall, one every second or so."""

    def __init__(self, frame: Frame, seed: int) -> None:
        self.frame, self.seed = frame, seed
        rng = stream(seed, "fireworks")
        a, r = rng.random(90) * 2 * np.pi, 0.45 + 0.55 * np.sqrt(rng.random(90))
        self.rays = np.stack([np.cos(a) * r, np.sin(a) * r], 1)
        self.places = rng.random((24, 3))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for n in range(24):
            age = ((t - n * 0.85 + 1.6) % 20.4) / 2.2
            if not 0 < age < 1:
                continue
            px, py, tint = self.places[n]
            cx, cy = (0.15 + 0.7 * px) * frame.width, (0.12 + 0.5 * py) * frame.horizon
            spread = frame.unit * (0.16 + 0.12 * tint) * (1 - (1 - age) ** 3)
            rgb = ((255, 120, 90), (120, 200, 255), (255, 214, 110), (200, 130, 255), (130, 255, 180))[n % 5]
            fade = (1 - age) ** 1.3
            tip = (
                np.stack([cx + self.rays[:, 0] * spread, cy + self.rays[:, 1] * spread + frame.unit * 0.1 * age**2], 1)
                * k
            )
            root = (
                np.stack(
                    [
                        cx + self.rays[:, 0] * spread * 0.8,
                        cy + self.rays[:, 1] * spread * 0.8 + frame.unit * 0.08 * age**2,
                    ],
                    1,
                )
                * k
            )
            lines = (np.stack([root, tip], 1) * FINE).astype(np.int32)
            cv2.polylines(
                canvas.image,
                list(lines),
                False,
                (rgb[2] * fade, rgb[1] * fade, rgb[0] * fade, 0),
                1,
                cv2.LINE_AA,
                SHIFT,
            )


class Mist:
    """Slow banks of fog along the ground."""

    def __init__(
        self, frame: Frame, seed: int, colour: RGB, banks: tuple[tuple[float, float], ...] = BANKS, rise: float = 0.1
    ) -> None:
        self.frame, self.banks = frame, banks
        shape = (round(frame.height * rise), round(frame.width * 0.4))
        body = tiled(stream(seed, "mist"), shape, (shape[1] / 3, shape[0] / 1.4), 4)
        band = np.sin(np.linspace(0, np.pi, shape[0], dtype=np.float32))[:, None]
        tone = np.clip(body - 0.3, 0, 1) * band
        self.image = np.zeros((*shape, 4), np.uint8)
        self.image[..., :3] = np.clip(tone[..., None] * np.array(colour[::-1], np.float32) * 0.85, 0, 255)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame = self.frame
        for n, (y, speed) in enumerate(self.banks):
            wide = self.image.shape[1] * 4.0
            left = -((t * speed * frame.width + view.x * frame.unit * (0.5 + 0.4 * n)) % wide)
            for copy in range(3):
                if left + copy * wide < frame.width:
                    canvas.add(
                        self.image,
                        4.0,
                        left + copy * wide,
                        frame.horizon + y * frame.height - self.image.shape[0] * 2 - view.pitch,
                    )


class Meteors:
    """Long bright strokes that cross the sky one after another and fade at their tails."""

    def __init__(self, frame: Frame, seed: int, colour: RGB, count: int) -> None:
        rng = stream(seed, "meteors")
        self.frame, self.colour = frame, colour
        self.side = 1 if rng.random() < 0.5 else -1
        self.paths = rng.random((count, 4))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for x0, y0, phase, near in self.paths:
            turn = t * (0.16 + 0.14 * near) + phase
            age, lane = turn % 1.0, (x0 + 0.37 * np.floor(turn)) % 1.0
            head = np.array((lane * 1.3 - 0.15, y0 * 0.9)) * (frame.width, frame.height)
            way = np.array((self.side, 0.5)) * frame.unit
            head = head + way * (age - 0.5) * 0.8
            fade = float(np.sin(np.pi * age)) * (0.4 + 0.6 * near)
            for part in range(4):
                a, b = (head - way * 0.05 * (0.6 + near) * (part + n) for n in (0, 1))
                tone = fade * (1 - part / 4)
                colour = (self.colour[2] * tone, self.colour[1] * tone, self.colour[0] * tone, 0)
                points = (np.stack([a, b]) * k * FINE).astype(np.int32)
                cv2.polylines(canvas.image, [points], False, colour, 2 if near > 0.6 else 1, cv2.LINE_AA, SHIFT)
